"""Berkas: a whole case as one PDF, for users who may read it; each download is logged."""

from flask import Response, abort

from admin.door.flaskadmin import ListInstead, PageView
from admin.door.gate import PRINTS_MUCH, READS, expose
from admin.door.rows import signed_in, valid_id
from admin.lists.export import pdf_response
from models.case import access_notes
from models.case.case import load
from models.reading.casefile import CaseFile
from models.store.base import now


class BerkasView(PageView):
    """/berkas/<number>.pdf, linked from the complaint's page."""

    noun, home, cost = "pengaduan", "pengaduan", READS
    bare = ListInstead()

    @expose("/<row:number>.pdf", cost=PRINTS_MUCH)
    def whole(self, number: str) -> Response:
        from admin.papers.bundles import duplex_chosen
        from papers.printing import bundle, casefile  # imported here because they bring reportlab and pypdf

        case = load([valid_id(number)], signed_in(), now()).get(valid_id(number))
        if case is None:
            abort(404)
        file = CaseFile.of(case)
        access_notes.note(case, "berkas lengkap")  # log before sending
        access_notes.log_papers_opened(file.open_papers, signed_in())
        name = f"berkas_{bundle.number_in_names(case.complaint.number)}.pdf"
        return pdf_response(casefile.case_file_pdf(file, duplex=duplex_chosen()), name)


def views() -> list[PageView]:
    return [BerkasView(name="Berkas", endpoint="berkas", url="/berkas")]
