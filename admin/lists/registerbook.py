"""Buku Register: asks for a range of days and hands the book out as PDF; what it told of is noted first."""

from datetime import date
from typing import Any

from flask import Response, make_response, request

from admin.door.aside import Aside
from admin.door.cost import PRINTS_MUCH, READS
from admin.door.flaskadmin import FlaskAdminPage
from admin.door.joins import signed_in
from admin.door.routes import expose
from admin.kit.pdf import pdf_response
from models.complaint.accesslog import note_file
from models.demo.demo import is_demo
from models.office.people import today
from models.reading import registerbook
from models.store.base import now
from papers.printing import press
from papers.printing.failure import PrintError


class BukuRegisterView(Aside):
    """/buku-register/: reached from the list of complaints."""

    noun, cost = "buku-register", READS

    @expose("/")
    def index(self) -> Any:
        day = today()
        return self._page(day.replace(month=1, day=1).isoformat(), day.isoformat())

    @expose("/", methods=("POST",), cost=PRINTS_MUCH)
    def taken(self) -> Any:
        typed = [request.form.get(name, "")[:20] for name in ("dari", "sampai")]
        first, last = (_day(one) for one in typed)
        why = registerbook.register_objection(first, last)
        if why or first is None or last is None:
            return make_response(self._page(typed[0], typed[1], why), 422)
        numbers = registerbook.registered_numbers(signed_in(), first, last)
        if len(numbers) > registerbook.MOST_ROWS:
            most = registerbook.MOST_ROWS
            why = registerbook.MANY.format(count=f"lebih dari {most}", most=most)
            return make_response(self._page(typed[0], typed[1], why), 422)
        return self._book(numbers, first, last)

    def _book(self, numbers: list[Any], first: date, last: date) -> Response:
        content = registerbook.book(numbers, first, last, by=signed_in(), at=now(), demo=is_demo())
        note_file(
            signed_in(),
            "buku register",
            [number.complaint_id for number in numbers],
            rows=len(numbers),
            asked=content["span"],
        )
        name = f"buku-register-{first.isoformat()}-{last.isoformat()}.pdf"
        try:
            return pdf_response(press.loose_pdf(content), name, download=True)
        except PrintError as failed:
            return make_response(self._page(first.isoformat(), last.isoformat(), str(failed)), 409)

    def _page(self, first: str, last: str, why: str = "") -> str:
        return str(self.render("admin/lists/register_book.html", first=first, last=last, why=why))


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def views() -> list[FlaskAdminPage]:
    return [BukuRegisterView(name="Buku Register", endpoint="buku-register", url="/buku-register")]
