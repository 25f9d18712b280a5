"""Powers that could be used unnoticed: each use is written down with the act, and stands until it has been seen."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee as pw

from models.mail.outbox import installed_outbox
from models.office.people import User
from models.password.link import PasswordLink
from models.post.queue import NewLetter, queue
from models.store.base import Columns, database, insert_rows, now
from models.tables.accesslog import LINK_MADE, LINK_USED, OPENED_UP, PowerUse, PowerUseSeen
from models.tables.complaint import Complaint
from models.tables.scope import Viewer, viewer, visible
from sop.access import LOGGED, WATCHERS
from sop.procedure import KEPALA_DINAS

LETTER = "staff_link"  # the kind of the letter that tells somebody of a link to his account


@dataclass(frozen=True)
class Unseen:
    """What a person has not seen yet: the newest uses, how many there are, and which of the cases he may read."""

    uses: list[PowerUse]
    count: int
    cases: Mapping[int, Complaint]


def note_link_made(person: User) -> None:
    """The link that sets somebody's password is out. Call in the transaction that makes it."""
    link = PasswordLink.get(PasswordLink.user == person)
    _note_link(PowerUse.create(kind=LINK_MADE, by=link.made_by, person=person, at=link.made_at))


def note_link_used(link: PasswordLink, *, address: str) -> None:
    """Somebody has set the password by it. Call in the transaction that keeps that."""
    columns = {"by": link.made_by, "person": link.user, "made_at": link.made_at, "address": address[:45]}
    _note_link(PowerUse.create(kind=LINK_USED, at=now(), **columns))


def _note_link(use: PowerUse) -> None:
    if use.person.email and installed_outbox():
        queue([NewLetter(f"{LETTER}/{use.id}", LETTER, str(use.id), user=use.person_id)], use.at)


def note_opened_up(changes: Iterable[tuple[Complaint, Columns]], *, by: User, at: datetime) -> None:
    """Of these cases, about to get these columns, those that are kept from most people and will not be any more."""
    opened = [c.id for c, columns in changes if c.secrecy in LOGGED and columns.get("secrecy", c.secrecy) not in LOGGED]
    plain = {"kind": OPENED_UP, "by": by.id, "at": at, "address": ""}
    insert_rows(PowerUse, [{**plain, "complaint": case} for case in opened])


def whom_to_tell(person: User) -> str:
    """Who is told if what was done with his account was not wanted by the person: nobody is sent to himself."""
    return "pengawas" if KEPALA_DINAS in viewer(person).lanes else "Kepala Dinas"


def watches(who: Viewer) -> bool:
    """Whether the person watches over what others do with such powers."""
    return bool(WATCHERS & (who.lanes | {who.user.role}))


def unseen_uses(who: Viewer, most: int) -> Unseen:
    """What concerns the person and was not done by him; of a link that was made and used the use alone."""
    rows = sorted(_unseen(who), key=lambda row: row.id, reverse=True)
    used = {(row.person_id, row.made_at) for row in rows if row.kind == LINK_USED}
    news = [row for row in rows if row.kind != LINK_MADE or (row.person_id, row.at) not in used]
    ids = [row.complaint_id for row in news[:most] if row.complaint_id]
    cases = visible(who.user, Complaint, who).where(Complaint.id.in_(ids)) if ids else []
    return Unseen(news[:most], len(news), {case.id: case for case in cases})


def _unseen(who: Viewer) -> Any:
    seen = PowerUseSeen.select(pw.SQL("1")).where((PowerUseSeen.use == PowerUse.id) & (PowerUseSeen.user == who.user))
    concerns = PowerUse.person == who.user
    if watches(who):
        concerns |= (PowerUse.by != who.user) & (PowerUse.at >= who.user.created_at)
    people = PowerUse.select(PowerUse, User).join(User, on=PowerUse.by)
    return people.where(concerns & ~pw.fn.EXISTS(seen))


def note_seen(who: Viewer, shown: Iterable[int]) -> None:
    """The person has seen these of his; with a link that was used, that it had been made."""
    numbers = set(shown)
    with database.atomic():
        rows = list(_unseen(who))
        used = {(row.person_id, row.made_at) for row in rows if row.id in numbers}
        seen = [row.id for row in rows if row.id in numbers or (row.person_id, row.at) in used]
        rows_seen = [{"use": number, "user": who.user.id, "at": now()} for number in seen]
        if rows_seen:
            PowerUseSeen.insert_many(rows_seen).on_conflict_ignore().execute()
