"""Contact on the case's page: showing a number for a stated reason, and the answer text for online media."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any

from flask import Response, abort, flash, make_response, redirect, request, url_for

from admin.case.notices import CallLink, call_links
from admin.door.flaskadmin import ListInstead, PageView
from admin.door.gate import READS, expose
from admin.door.rows import signed_in, valid_id
from models.case.access_notes import REASONS, log_number_opened, may_call
from models.case.case import Case, load
from models.complaint.complaint import Complaint, Person
from models.email.to_pengadu import discreet_text, is_discreet
from models.office.contacts import masked_words
from models.store.base import now
from sop.words import format_clock, format_date

ONLINE = "online"  # the group of media where the answer is posted in the medium itself
COUNT = " ({}/{})"
ENDS = ("\n\n", "\n", ". ", " ")
LENGTH = "answer.length"  # key of the setting
RECEIVED = "Pengaduan Saudara kami terima pada {day} dan tercatat dengan nomor {number}. Terima kasih."
ANSWERED = "Pengaduan Saudara nomor {number} telah kami tangani.\n\n{answer}\n\nTerima kasih."


def is_online(complaint: Complaint) -> bool:
    """Whether the answer is posted in the medium itself (SP4N-LAPOR!, SAMBAT)."""
    return bool(complaint.medium.group == ONLINE)


def where_to_answer(complaint: Complaint) -> str:
    """The medium, with the reference of the complaint there."""
    return " ".join(filter(None, (complaint.medium.name, complaint.medium_ref)))


def received_words(case: Case) -> str:
    """The text to post after registration: without names and content."""
    complaint = case.complaint
    if is_discreet(complaint):
        return discreet_text(case.settings)
    return RECEIVED.format(day=format_date(complaint.received_at), number=complaint.number)


def answer_parts(case: Case) -> list[str]:
    """The approved or delivered answer to a complaint of an online medium, in parts of the medium's length; []
    without an answer. For a rahasia case a discreet text, since the readers there are unknown."""
    approved = case.blanks_in_force("nota_dinas").get("answer", "") if "approval" in case.records else ""
    answer = masked_words(str(case.blanks_in_force("berita_acara").get("told") or approved))  # the medium may be public
    if not answer or not is_online(case.complaint):
        return []
    if is_discreet(case.complaint):
        return [discreet_text(case.settings)]
    text = ANSWERED.format(number=case.complaint.number, answer=answer.strip())
    return in_parts(text, int(case.settings[LENGTH]))


def in_parts(text: str, most: int) -> list[str]:
    """Split a text into parts of at most `most` characters, each with its number and the total; split at the end of a
    paragraph, a sentence or a word."""
    if len(text) <= most:
        return [text]
    parts, rest, room = [], text, most - len(COUNT.format(99, 99))
    while len(rest) > room:
        half = rest[room // 2 : room]
        ends = [rest.rfind(mark, 0, room) + len(mark.rstrip(" ")) for mark in ENDS if mark in half]
        cut = ends[0] if ends else room
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    parts.append(rest)
    return [f"{part}{COUNT.format(no, len(parts))}" for no, part in enumerate(parts, 1)]


NO_REASON = "Pilih alasan menampilkan nomornya."


@dataclass(frozen=True)
class NumberCard:
    """The card of a number: closed, with the address that opens it, or open, with cautions and the number."""

    url: str
    warned: bool  # whether the person must not be called
    reasons: Mapping[str, str]
    safe_way: str = ""
    phone: str = ""
    links: tuple[CallLink, ...] = ()
    until: str = ""  # when it closes again; "" while it is closed


def number_card(person: Person, seal: Any, until: datetime | None, message: str = "") -> NumberCard | None:
    """None for a person without number and safe contact. `message` is the prepared chat text."""
    if not (person.phone or person.safe_contact):
        return None
    url = url_for("kontak.open_number", number=person.complaint_id, kind=person.kind)
    if until is None:
        return NumberCard(url, person.do_not_call, REASONS)
    safe_way, phone = (seal.open_text(f"{person.kind}.{n}", getattr(person, n)) for n in ("safe_contact", "phone"))
    links = tuple(call_links(phone, message))
    return NumberCard(url, person.do_not_call, REASONS, safe_way, phone, links, format_clock(until))


class KontakView(PageView):
    """/pengaduan/kontak/<number>/<kind>/ – shows a number on the case's page, for a reason and a limited time."""

    noun, home, cost = "pengaduan", "pengaduan", READS
    bare = ListInstead()

    @expose("/<row:number>/<key:kind>/", methods=("POST",))
    def open_number(self, number: str, kind: str) -> Any:
        case = load([valid_id(number)], signed_in(), now()).get(valid_id(number))
        this_person = (Person.complaint == valid_id(number)) & (Person.kind == kind)
        if case is None or not Person.select().where(this_person).exists():
            abort(404)
        if not may_call(case):
            abort(403)
        reason = request.form.get("reason", "")
        if reason in REASONS:
            log_number_opened(case, kind, reason)  # recorded in the access log before the number is shown
        else:
            flash(NO_REASON, "warning")
        return redirect(url_for("pengaduan.details_view", id=case.complaint.id, _anchor=f"orang-{kind}"))


def with_refresh(page: str, opened: Mapping[str, datetime]) -> Response:
    """The page with a Refresh header, so that browsers reload it when the first opened number must close."""
    answer = make_response(page)
    if opened:
        left = (min(opened.values()) - now()).total_seconds()
        answer.headers["Refresh"] = str(max(1, ceil(left)))
    return answer


def views() -> list[PageView]:
    return [KontakView(name="Kontak", endpoint="kontak", url="/pengaduan/kontak")]
