"""Kabar kepada pengadu: the e-mails of a case with their delivery state, and sending one again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, url_for
from markupsafe import Markup

from admin.door.flaskadmin import ListInstead, PageView
from admin.door.gate import READS, expose
from admin.door.rows import signed_in, valid_id
from admin.lists.cells import badge
from models.case.access_notes import may_call
from models.case.case import Case, load
from models.complaint.complaint import Person
from models.email.queue import ADDRESS, AGAIN, GIVEN_UP, STATES, TAKEN, UNKNOWN, QueuedEmail, send_again
from models.email.to_pengadu import KIND, TELLS, mails_citizens, no_email_sentence, obstacle, people_of
from models.office.contacts import masked_text
from models.store.base import now
from models.store.seal import Seal
from sop.words import format_moment

TONES = {TAKEN: "good", UNKNOWN: "warn", GIVEN_UP: "bad"}
NOTHING_YET = "Belum ada kabar yang dikirim untuk pengaduan ini."
QUEUED, TOO_LATE = "Surel akan dikirim lagi.", "Surel itu sudah dikirim lagi atau tidak menunggu keputusan."


@dataclass(frozen=True)
class EmailLine:
    """One e-mail: event, time, masked address, state; `again` is the address that sends it again."""

    what: str
    when: str
    address: str
    badge: Markup
    sentence: str
    again: str


@dataclass(frozen=True)
class EmailsCard:
    """The card on the case's page; `why_none` says why no e-mail is sent automatically."""

    lines: list[EmailLine]
    why_none: str


def emails_card(case: Case, rows: list[QueuedEmail], people: Mapping[str, Person], seal: Seal) -> EmailsCard | None:
    """The card of these e-mails; None for users who may not see contact data, for an erased case, and if the office
    never sent e-mails."""
    if not may_call(case) or seal.is_gone:
        return None
    if not rows and not mails_citizens(case.settings):
        return None
    why_none = no_email_sentence(people.values())
    lines = [
        _line(row, seal, may_go=row.state in AGAIN and not obstacle(row, people.values(), case.settings))
        for row in reversed(rows)
    ]
    return EmailsCard(lines, why_none or ("" if rows else NOTHING_YET))


def _line(row: QueuedEmail, seal: Seal, *, may_go: bool) -> EmailLine:
    again = url_for("kabar.again", number=row.complaint_id, line=row.id) if may_go else ""
    return EmailLine(
        TELLS.get(row.event, row.event),
        format_moment(row.over_at or row.queued_at),
        masked_text("email", seal.open_text(ADDRESS, row.address)),
        badge(TONES.get(row.state, "neutral"), STATES[row.state]),
        "" if row.state == TAKEN else row.sentence,
        again,
    )


class KabarView(PageView):
    """/pengaduan/kabar/<number>/<email>/ – sends an e-mail again that was given up or whose delivery is unknown."""

    noun, home, cost = "pengaduan", "pengaduan", READS
    bare = ListInstead()

    @expose("/<row:number>/<row:line>/", methods=("POST",))
    def again(self, number: str, line: str) -> Any:
        case = load([valid_id(number)], signed_in(), now()).get(valid_id(number))
        own = (QueuedEmail.id == valid_id(line)) & (QueuedEmail.case == valid_id(number)) & (QueuedEmail.kind == KIND)
        email = QueuedEmail.get_or_none(own)
        if case is None or email is None:
            abort(404)
        if not may_call(case):
            abort(403)
        if why := obstacle(email, people_of([case.complaint.id])[case.complaint.id], case.settings):
            flash(why, "warning")
        elif send_again(email.id, case.user.id, now()):
            flash(QUEUED, "success")
        else:
            flash(TOO_LATE, "warning")
        return redirect(url_for("pengaduan.details_view", id=case.complaint.id, _anchor="kabar"))


def views() -> list[PageView]:
    return [KabarView(name="Kabar", endpoint="kabar", url="/pengaduan/kabar")]
