"""What others did with powers that nobody would notice, on the start pages of those who watch over that and of the
person concerned; it stands there until he says that he has seen it."""

from dataclasses import dataclass
from functools import cached_property

from flask import Flask, request, url_for
from werkzeug.local import LocalProxy

from admin.door.ids import ROW_ID
from admin.door.joins import signed_in
from admin.door.once import once_a_request
from models.case import access_notes
from models.case.access_notes import Unseen, note_seen, unseen_uses, whom_to_tell
from models.complaint.accesslog import LINK_MADE, LINK_USED, OPENED_UP, PowerUse
from models.complaint.complaint import Complaint
from models.complaint.scope import viewer
from models.office.people import place_of
from sop.words import format_long_moment

MOST = 5  # that the card shows at a time
USES = "kejadian"  # the field of those that were shown
MADE = "Tautan kata sandi untuk {whose} dibuat {by} pada {at}."
USED = "Kata sandi {whose} dibuat lewat tautan pada {at} dari alamat {address}; tautannya dibuat {by} pada {made}."
OPENED = "Kerahasiaan {case} diturunkan dari rahasia oleh {by} pada {at}."
SOME_CASE = "satu pengaduan"
OWN, OTHERS = "akun Anda", "{name} ({place})"
ADVICE = "Bila Anda tidak memintanya, segera beri tahu {}."


@dataclass(frozen=True)
class PowerLine:
    """One such use in words, and the case that it is about where the person may read it."""

    id: int
    words: str
    case: Complaint | None
    url: str
    advice: str


class PowerCard:
    """What the person has not seen yet: asked for once a request, by the start page that shows it."""

    @cached_property
    def _unseen(self) -> Unseen:
        unseen = unseen_uses(viewer(signed_in()), MOST)
        access_notes.note_list(signed_in(), "kewenangan", unseen.cases.values())
        return unseen

    @property
    def count(self) -> int:
        return self._unseen.count

    @cached_property
    def lines(self) -> list[PowerLine]:
        return [_line_of(use, self._unseen.cases.get(use.complaint_id)) for use in self._unseen.uses]


def _line_of(use: PowerUse, case: Complaint | None) -> PowerLine:
    own = use.person_id == signed_in().id
    words = {LINK_MADE: MADE, LINK_USED: USED, OPENED_UP: OPENED}[use.kind].format(
        whose=OWN if own else use.person and OTHERS.format(name=use.person.name, place=place_of(use.person)),
        by=use.by.name,
        at=format_long_moment(use.at),
        made=format_long_moment(use.made_at) if use.made_at else "",
        address=use.address or "yang tidak diketahui",
        case=f"pengaduan {case.number}" if case else SOME_CASE,
    )
    url = url_for("pengaduan.details_view", id=case.id) if case else ""
    return PowerLine(use.id, words, case, url, ADVICE.format(whom_to_tell(signed_in())) if own else "")


def note_sent() -> None:
    """Those that the card showed have been seen."""
    sent = request.form.get(USES, "").split(",")
    note_seen(viewer(signed_in()), [int(number) for number in sent if ROW_ID.fullmatch(number)][:MOST])


def install(app: Flask) -> None:
    """Lazy, as the rest of the frame: a page that does not ask must not touch the database."""
    app.context_processor(lambda: {"powers": LocalProxy(_card)})


@once_a_request
def _card() -> PowerCard:
    return PowerCard()
