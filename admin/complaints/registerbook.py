"""Buku Register as PDF for a range of days, and the export of complaints with identities."""

from datetime import date
from functools import partial
from typing import Any

import peewee as pw
from flask import abort, make_response, request

from admin.door.flaskadmin import PageView
from admin.door.gate import PRINTS_MUCH, READS, READS_MUCH, expose
from admin.door.rows import signed_in
from admin.lists.export import KINDS, Export, pdf_response
from admin.lists.export_files import ExportColumn, ExtraCells
from models.complaint.accesslog import record_export
from models.complaint.codes import with_code
from models.complaint.complaint import ENDED_ON_A_DAY, Complaint
from models.complaint.scope import viewer
from models.demo.demo import is_demo
from models.office.contacts import masked_words
from models.office.lists import ACCOUNT
from models.office.people import today
from models.reading import registerbook
from models.reading.casefile import REASONS, identities, identity_heads, may_take
from models.store.base import now
from papers.printing import press
from papers.printing.failure import PrintError


class BukuRegisterView(PageView):
    """/buku-register/, linked from the list of complaints."""

    noun, home, cost = "buku-register", "pengaduan", READS

    @expose("/")
    def index(self) -> Any:
        day = today()
        return self._page(day.replace(month=1, day=1).isoformat(), day.isoformat())

    @expose("/", methods=("POST",), cost=PRINTS_MUCH)
    def taken(self) -> Any:
        typed = [request.form.get(name, "")[:20] for name in ("dari", "sampai")]
        first, last = (_day(text) for text in typed)
        why = registerbook.register_objection(first, last)
        if why or first is None or last is None:
            return make_response(self._page(typed[0], typed[1], why), 422)
        numbers = registerbook.registered_numbers(signed_in(), first, last)
        if len(numbers) > registerbook.MOST_ROWS:
            most = registerbook.MOST_ROWS
            why = registerbook.MANY.format(count=f"lebih dari {most}", most=most)
            return make_response(self._page(typed[0], typed[1], why), 422)
        at = now()
        content = registerbook.book(numbers, first, last, by=signed_in(), at=at, demo=is_demo())
        content = with_code(content, about=content["span"], by=signed_in(), at=at)
        record_export(
            signed_in(),
            "buku register",
            [number.complaint_id for number in numbers],
            rows=len(numbers),
            asked=content["span"],
        )
        name = f"buku-register-{first.isoformat()}-{last.isoformat()}.pdf"
        try:
            return pdf_response(press.unissued_pdf(content), name, download=True)
        except PrintError as failed:
            return make_response(self._page(first.isoformat(), last.isoformat(), str(failed)), 409)

    def _page(self, first: str, last: str, why: str = "") -> str:
        return str(self.render("admin/complaints/register_book.html", first=first, last=last, why=why))


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def views() -> list[PageView]:
    return [BukuRegisterView(name="Buku Register", endpoint="buku-register", url="/buku-register")]


LINK = "Dengan identitas …"
NO_REASON = "Pilih untuk apa identitasnya diperlukan."


class CaseExport(Export):
    """The export of complaints, optionally with identities if a reason is given."""

    def columns(self) -> list[ExportColumn]:
        """The medium's reference, except account names, which would identify the pengadu; the end, where its day is
        known."""
        columns, moment = super().columns(), Complaint.closed_at
        cells = {column.column: column.cell for column in columns}
        reference = self.view.column("medium.reference_label")
        replaced: dict[Any, tuple[Any, Any]] = {
            Complaint.medium_ref: (
                pw.Case(None, [(reference.contains(ACCOUNT), "")], Complaint.medium_ref),
                masked_words,
            ),
            moment: (
                pw.Case(None, [(ENDED_ON_A_DAY, moment)], None),
                lambda value: cells[moment](moment.python_value(value)),
            ),
        }
        return [
            ExportColumn(column.head, *replaced.get(column.column, (column.column, column.cell))) for column in columns
        ]

    def links(self, **asked: Any) -> list[tuple[str, str]]:
        links = super().links(**asked)
        return [*links, (LINK, self.view.get_url(".identity", **asked))] if may_take(viewer(signed_in())) else links

    @expose("/identitas/", methods=("GET", "POST"), cost=READS_MUCH)
    def identity(self) -> Any:
        """Ask for the reason; with a valid one, the file."""
        who = viewer(signed_in())
        if not (self.view.opens("export") and may_take(who)):
            abort(404)
        picked, kind = request.form.get("reason", ""), request.form.get("format", "")
        if picked in REASONS and kind in KINDS:
            details = request.form.get("told", "").replace("\0", "").strip()[:200]
            extra = ExtraCells(tuple(identity_heads()), partial(identities, who=who))
            return self.file(kind, extra, ", ".join(filter(None, (REASONS[picked], details))))
        view, args = self.view, self.view.list_args()
        why = NO_REASON if request.method == "POST" else ""
        asked, back = "; ".join(view.filtering.in_words(args)), view.list_address(args)
        page = view.render(
            "admin/complaints/identity.html", reasons=REASONS, kinds=KINDS, asked=asked, back=back, why=why
        )
        return make_response(str(page), 422 if why else 200)
