"""Daftar terbit: the lists that were issued as papers – covering lists, and the approvals of a day."""

from typing import Any

from flask import Response, abort, url_for
from markupsafe import Markup

from admin.door.gate import PRINTS, expose
from admin.door.rows import signed_in, valid_id
from admin.lists.base import PanelView
from admin.lists.cells import number_in_column, short_moment, sub_line
from admin.lists.export import pdf_response
from models.case.issued_lists import IssuedList, may_list, opened_list
from models.complaint.number import COVERING
from models.complaint.scope import viewer
from papers.printing import press
from papers.printing.bundle import number_in_names

NOUN = "daftar-terbit"
NO_LONGER = "Daftar ini menyebut pengaduan yang tidak terbuka bagi Anda."


def list_url(paper: IssuedList) -> str:
    return url_for(f"{NOUN}.pdf", number=paper.id)


def _progress_link(paper: IssuedList) -> Markup:
    """A link to what became of the papers that a Daftar Pengantar brings to a signer."""
    if paper.kind != COVERING:
        return Markup("")
    link = Markup('<a href="{}">Yang sudah dan belum kembali</a>')
    return sub_line(link.format(url_for("perjalanan.index", daftar=paper.id)))


class DaftarView(PanelView):
    """/dokumen/daftar/, linked from Dokumen: one's own lists, and all of them for those who read all cases."""

    noun, home = NOUN, "dokumen"
    joins = ("number", "issued_by")
    column_list = ("kind", "number.text", "about", "issued_at", "issued_by.name")
    column_labels = {"number.text": "Nomor", "issued_by.name": "Diterbitkan oleh"}
    column_sortable_list = ("kind", "issued_at")
    column_default_sort = ("issued_at", True)
    column_searchable_list = ("number.text", "about")
    column_filters = ("kind", "issued_at")
    column_formatters = {
        "kind": lambda view, context, row, name: Markup('<a href="{}">{}</a>').format(
            list_url(row), dict(IssuedList.kind.choices)[row.kind]
        ),
        "about": lambda view, context, row, name: row.about + _progress_link(row),
        "number.text": lambda view, context, row, name: number_in_column(row.number.text),
        "issued_at": lambda view, context, row, name: short_moment(row.issued_at),
    }
    counted = "daftar"
    empty_text = "Belum ada daftar yang terbit."
    empty_hint = "Daftar Pengantar terbit dari halaman Dokumen, daftar persetujuan dari Meja Persetujuan."

    def own_rows(self) -> Any:
        return IssuedList.select().where(may_list(viewer(signed_in())))

    @property
    def sibling_url(self) -> str:
        return url_for(f"{self.home}.index_view")

    @expose("/<row:number>.pdf", cost=PRINTS)
    def pdf(self, number: str) -> Response:
        """An issued list, the same whenever it is opened."""
        who = viewer(signed_in())
        paper = self.own_rows().where(IssuedList.id == valid_id(number)).get_or_none() or abort(404)
        content = opened_list(paper, who) or abort(403, NO_LONGER)
        name = f"{paper.kind.replace('_', '-')}_{number_in_names(paper.number.text)}.pdf"
        return pdf_response(press.unissued_pdf(content), name)
