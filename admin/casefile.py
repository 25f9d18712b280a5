"""Berkas: a whole case as one PDF, for whoever may read the case; each taking of it is noted."""

from flask import Response, abort
from flask_admin import BaseView, expose

from admin.aside import Aside
from admin.ids import valid_id
from admin.joins import signed_in
from admin.pdf import pdf_response
from models import seen
from models.base import now
from models.case import load
from models.casefile import CaseFile
from papers import casefile
from papers.failure import PrintError


class BerkasView(Aside):
    """/berkas/<number>.pdf: from the complaint's page."""

    @expose("/<row:number>.pdf")
    def whole(self, number: str) -> Response:
        case = load([valid_id(number)], signed_in(), now()).get(valid_id(number))
        if case is None:
            abort(404)
        file = CaseFile.of(case)
        seen.note(case, "berkas lengkap")  # first the entry, then the bytes
        seen.note_papers(file.open_papers, signed_in())
        try:
            return pdf_response(casefile.bound(file), f"berkas-{number}.pdf")
        except PrintError as refused:
            abort(409, str(refused))


def views() -> list[BaseView]:
    return [BerkasView(name="Berkas", endpoint="berkas", url="/berkas")]
