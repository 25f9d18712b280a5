"""Many papers in one file: as one PDF with bookmarks, as a zip, as a covering list."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask import Response, flash, stream_with_context

from admin.door.joins import signed_in
from admin.door.routes import action
from admin.kit.pdf import kept_private, pdf_response
from models.case import seen
from models.content.covering import NONE, TITLE, covering, to_sign
from models.demo.demo import is_demo
from models.store.base import now
from models.tables.paper import Paper, PaperVoid
from models.tables.scope import openable, visible
from papers.printing import press
from papers.printing.failure import PrintError
from sop.clock import WIB

MOST_PAPERS = 500
IDENTITY = "Dokumen ini memuat identitas dan kontak lengkap; hanya dibuka petugas dan pelaksana pengaduan ini."


class PaperActions:
    """Mixin of list views whose rows stand for papers: chosen ones as one PDF or as a zip."""

    def paper_rows(self, row_ids: list[int]) -> Any:
        """The papers behind rows, as a query; override where a row is not a paper itself."""
        return visible(signed_in(), Paper).where(Paper.id.in_(row_ids))

    @action("merge", "Gabungkan jadi satu PDF")
    def merge(self, ids: list[int]) -> Any:
        papers = _chosen_papers(self.paper_rows(ids))
        if not papers:
            return None
        try:
            return pdf_response(press.merged_pdf(papers), bundle_name("pdf"), download=True)
        except PrintError as failed:
            flash(f"Dokumen tidak dapat digabungkan. {failed}", "danger")
            return None

    @action("zip", "Unduh zip")
    def zip(self, ids: list[int]) -> Any:
        papers = _chosen_papers(self.paper_rows(ids))
        if not papers:
            return None
        return Response(
            stream_with_context(press.zip_of(papers)),
            mimetype="application/zip",
            headers=kept_private(bundle_name("zip")),
        )

    @action("cover", TITLE)
    def cover(self, ids: list[int], role: str | None = None) -> Any:
        papers = _chosen_papers(self.paper_rows(ids))
        if not papers:
            return None
        if not (brought := to_sign(papers, role)):
            flash(NONE, "warning")
            return None
        content = covering(brought, by=signed_in(), at=now(), demo=is_demo())
        return pdf_response(press.loose_pdf(content), "daftar-pengantar.pdf", download=True)


def valid_papers_of(complaints: Iterable[int]) -> Any:
    """The valid papers of these complaints as far as the person may see them."""
    void = PaperVoid.select(PaperVoid.paper)
    return visible(signed_in(), Paper).where(Paper.complaint.in_(list(complaints)) & Paper.id.not_in(void))


def _chosen_papers(query: Any) -> list[Paper]:
    """The papers in the order of their issue; none, with a sentence, if there are none or too many."""
    chosen = list(query.order_by(Paper.complaint, Paper.id).limit(MOST_PAPERS + 1))
    papers = openable(signed_in(), chosen)
    if not chosen:
        flash("Belum ada dokumen yang terbit untuk baris yang dipilih.", "warning")
    elif not papers:
        flash(IDENTITY, "warning")
    if len(papers) > MOST_PAPERS:
        flash(f"Paling banyak {MOST_PAPERS} dokumen sekaligus. Pilih lebih sedikit baris.", "warning")
        return []
    seen.note_papers(papers, signed_in())
    return papers


def bundle_name(ending: str) -> str:
    return f"dokumen-pengaduan-{datetime.now(WIB):%Y%m%d-%H%M}.{ending}"
