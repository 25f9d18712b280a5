"""A number on the case's page: closed until somebody says what for; then the safe way, the number, and its links."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from flask import Response, abort, flash, make_response, redirect, request, url_for

from admin.door.aside import Aside
from admin.door.cost import READS
from admin.door.flaskadmin import FlaskAdminPage
from admin.door.ids import valid_id
from admin.door.joins import signed_in
from admin.door.routes import expose
from admin.step.contact import CallLink, call_links
from models.case.access_notes import REASONS, may_call, note_opening
from models.case.case import load
from models.complaint.complaint import Person
from models.store.base import now
from sop.words import format_clock

NO_REASON = "Pilih alasan menampilkan nomornya."


@dataclass(frozen=True)
class NumberCard:
    """What stands where a number is: the way to open it, or what to heed and the number itself."""

    url: str
    warned: bool  # not to be called
    reasons: Mapping[str, str]
    safe_way: str = ""
    phone: str = ""
    links: tuple[CallLink, ...] = ()
    until: str = ""  # "" while it is closed


def number_card(person: Person, seal: Any, until: datetime | None, message: str = "") -> NumberCard | None:
    """None for somebody without a number and without a way that was agreed on. `message` is ready for a chat."""
    if not (person.phone or person.safe_contact):
        return None
    url = url_for("kontak.open_number", number=person.complaint_id, kind=person.kind)
    if until is None:
        return NumberCard(url, person.do_not_call, REASONS)
    safe_way, phone = (seal.open_text(f"{person.kind}.{n}", getattr(person, n)) for n in ("safe_contact", "phone"))
    links = tuple(call_links(phone, message))
    return NumberCard(url, person.do_not_call, REASONS, safe_way, phone, links, format_clock(until))


class KontakView(Aside):
    """/pengaduan/kontak/<number>/<kind>/ – somebody's number is opened on the case's page, for a while and a reason."""

    cost = READS

    @expose("/<row:number>/<key:kind>/", methods=("POST",))
    def open_number(self, number: str, kind: str) -> Any:
        case = load([valid_id(number)], signed_in(), now()).get(valid_id(number))
        here = (Person.complaint == valid_id(number)) & (Person.kind == kind)
        if case is None or not Person.select().where(here).exists():
            abort(404)
        if not may_call(case):
            abort(403)
        reason = request.form.get("reason", "")
        if reason in REASONS:
            note_opening(case, kind, reason)  # first the entry, then the number
        else:
            flash(NO_REASON, "warning")
        return redirect(url_for("pengaduan.details_view", id=case.complaint.id, _anchor=f"orang-{kind}"))


def closing_by_itself(page: str, opened: Mapping[str, datetime]) -> Response:
    """The page, which browsers ask for anew when the first number on it is to be closed, with or without script."""
    answer = make_response(page)
    if opened:
        left = (min(opened.values()) - now()).total_seconds()
        answer.headers["Refresh"] = str(max(1, ceil(left)))
    return answer


def views() -> list[FlaskAdminPage]:
    return [KontakView(name="Kontak", endpoint="kontak", url="/pengaduan/kontak")]
