"""Access log entries: opened cases, numbers and lists, and uses of sensitive rights; redaction of secret cases."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import peewee as pw

from models.case.case import Case
from models.complaint.accesslog import LINK_MADE, LINK_USED, OPENED_UP, PowerUse, PowerUseSeen, Seen, row_of_reading
from models.complaint.accesslog_reserve import Note, enter
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.complaint.paper import Paper
from models.complaint.scope import Viewer, viewer, visible
from models.email.queue import NewEmail, queue
from models.email.smtp import installed_outbox
from models.office.people import User
from models.records.base import Blanks, CaseNumber
from models.records.registry import RECORDS
from models.sign_in.password_links import PasswordLink
from models.store.base import Columns, database, insert_rows, now
from models.store.outage import DATABASE_ERRORS, Outage, outage_of
from sop.access import CALLERS, LOGGED, WATCHERS
from sop.procedure import KEPALA_DINAS

NUMBERS = [blank for model in RECORDS.values() for blank in model.blanks() if isinstance(blank, CaseNumber)]
LABELS = frozenset(str(blank.verbose_name) for blank in NUMBERS)
OF_BOTH = frozenset(str(blank.verbose_name) for blank in NUMBERS if blank.is_asked_for)  # others describe it, too
HIDDEN = "tidak terbuka bagi Anda"
WITHHELD = "Rahasia"


def is_secret(case: Complaint) -> bool:
    return bool(case.secrecy == "rahasia")


def unless_secret(case: Complaint, words: str) -> str:
    """The text for a printed list that others may see, or a placeholder for a rahasia case.

    Of a rahasia case only register number, dates, status and kind of paper are listed: unit, signer, note, or a number
    with the unit's code would reveal its subject.
    """
    return WITHHELD if is_secret(case) else words


def together(event: Event, user: User) -> int:
    """How many other cases the act moved; 0 unless the user did it himself or may read every case.

    For other users the number would reveal cases that they may not open.
    """
    return event.together if event.user_id == user.id or viewer(user).reads_all else 0


def without_hidden_cases(blanks: Iterable[Mapping[str, Any]], user: User) -> list[Blanks]:
    """Filled blanks by label, without numbers of complaints that the user may not open and the texts about them."""
    records = [dict(record) for record in blanks]
    named = {str(record[label]).strip() for record in records for label in LABELS & record.keys()}
    cases = visible(user, Complaint).where(Complaint.number.in_(sorted(named))) if named else ()
    open_numbers = {complaint.number for complaint in cases}
    readable = []
    for record in records:
        closed = {label: HIDDEN for label in LABELS & record.keys() if str(record[label]).strip() not in open_numbers}
        readable.append(closed if closed.keys() & OF_BOTH else record | closed)
    return readable


class SecretNotLogged(Exception):
    """A list includes a secret case, and on a full disk the access cannot be logged: list it without that case."""


def note(case: Case, what: str = "rincian") -> None:
    """Log that the user opened this version of the complaint, once for each `what`."""
    log_cases_opened([case], what)


def was_shown(user: User, complaint: int, version: int, what: str) -> bool:
    """Whether this version is already logged as shown to the user."""
    same = (Seen.complaint == complaint) & (Seen.user == user) & (Seen.version == version) & (Seen.what == what)
    return bool(Seen.select(Seen.id).where(same).exists())


def log_cases_opened(cases: Iterable[Case], what: str) -> None:
    """`note` for many cases at once."""
    fresh = [case for case in cases if not _is_logged(case, what)]
    rows = [_opening(case.complaint.id, case.complaint.version, case.user, what) for case in fresh]
    _enter(rows, [case.complaint.secrecy for case in fresh])


def _is_logged(case: Case, what: str) -> bool:
    version = case.complaint.version
    return any(access.version == version and access.what == what for access in case.own_accesses)


def log_papers_opened(papers: Iterable[Paper], user: User) -> None:
    """Log that the user downloaded these papers, one entry for each case and kind of paper."""
    kinds = dict.fromkeys((p.complaint_id, p.kind) for p in papers)
    asked = Complaint.select(Complaint.id, Complaint.version, Complaint.secrecy)
    cases = {c.id: c for c in asked.where(Complaint.id.in_([case for case, _ in kinds]))}
    rows = [_opening(case, cases[case].version, user, f"dokumen {kind}"[:60]) for case, kind in kinds]
    _enter(rows, [c.secrecy for c in cases.values()])


def log_list(user: User, what: str, listed: Iterable[Complaint], *, asked: str = "", every: bool = False) -> None:
    """Log the secret complaints shown in a list; all of them for a pengawas, or with `every`.

    A list does not count as opening a case, so the right to recall stays.
    """
    complaints = {c.id: c for c in listed}
    every = bool(complaints) and (every or viewer(user).mandated)
    cases = [number for number, c in complaints.items() if every or c.secrecy in LOGGED]
    if cases:
        row = row_of_reading(user, what, rows=len(complaints), asked=asked)
        secret = _is_secret(c.secrecy for c in complaints.values())
        try:
            enter(Note(listed=row, cases=cases), secret=secret)
        except DATABASE_ERRORS as fault:
            if not secret or outage_of(fault) is not Outage.FULL:
                raise
            raise SecretNotLogged from fault


def _opening(complaint: int, version: int, user: User, what: str) -> Columns:
    mandate = viewer(user).mandate
    return {"complaint": complaint, "user": user.id, "version": version, "at": now(), "what": what, "mandate": mandate}


def _enter(rows: list[Columns], secrecy: Iterable[str]) -> None:
    if rows:
        enter(Note(opened=rows), secret=_is_secret(secrecy))


def _is_secret(secrecy: Iterable[str]) -> bool:
    """Whether one of these classes must be logged wherever a case is mentioned; without a log entry it is not shown."""
    return not LOGGED.isdisjoint(secrecy)


OPEN_FOR = timedelta(minutes=2)
REASONS = {
    "complete": "Melengkapi pengaduan",
    "progress": "Memberi tahu perkembangan",
    "visit": "Mengatur kunjungan",
    "result": "Menyampaikan hasil",
    "emergency": "Keadaan darurat",
}
_WHAT = "nomor"


def may_call(case: Case) -> bool:
    """Whether the user may open a phone number of this case outside the steps that need a call."""
    return bool(case.relations & CALLERS)


def log_number_opened(case: Case, kind: str, reason: str) -> None:
    """Log that the user opened a phone number of the case, and the reason; one entry each time."""
    c, mandate = case.complaint, viewer(case.user).mandate
    what = f"{_WHAT} {kind}: {REASONS[reason]}"
    Seen.create(complaint=c.id, user=case.user, version=c.version, at=now(), what=what, mandate=mandate)


def open_until(case: Case) -> dict[str, datetime]:
    """Until when the user may see a phone number, by kind of person; derived from the access log alone."""
    since = now() - OPEN_FOR
    opened = [access for access in case.own_accesses if access.at > since and access.what.startswith(f"{_WHAT} ")]
    return {access.what.split()[1].rstrip(":"): access.at + OPEN_FOR for access in opened} if may_call(case) else {}


LINK_EMAIL = "staff_link"  # kind of the e-mail about a password link to the user's account


@dataclass(frozen=True)
class Unseen:
    """Uses of sensitive rights that the user has not seen: the newest, their number, and the cases that he may read."""

    uses: list[PowerUse]
    count: int
    cases: Mapping[int, Complaint]


def log_link_created(person: User) -> None:
    """Log a new password link for this user. Call in the transaction that creates it."""
    link = PasswordLink.get(PasswordLink.user == person)
    _queue_link_email(PowerUse.create(kind=LINK_MADE, by=link.made_by, person=person, at=link.made_at))


def log_link_used(link: PasswordLink, *, address: str) -> None:
    """Log that a password was set by this link. Call in the transaction that stores the password."""
    columns = {"by": link.made_by, "person": link.user, "made_at": link.made_at, "address": address[:45]}
    _queue_link_email(PowerUse.create(kind=LINK_USED, at=now(), **columns))


def _queue_link_email(use: PowerUse) -> None:
    if use.person.email and installed_outbox():
        queue([NewEmail(f"{LINK_EMAIL}/{use.id}", LINK_EMAIL, str(use.id), user=use.person_id)], use.at)


def log_secrecy_lowered(changes: Iterable[tuple[Complaint, Columns]], *, by: User, at: datetime) -> None:
    """Log the cases whose secrecy these changes lower so that most users may read them. Call before the change."""
    opened = [c.id for c, columns in changes if c.secrecy in LOGGED and columns.get("secrecy", c.secrecy) not in LOGGED]
    plain = {"kind": OPENED_UP, "by": by.id, "at": at, "address": ""}
    insert_rows(PowerUse, [{**plain, "complaint": case} for case in opened])


def whom_to_tell(person: User) -> str:
    """To whom the user reports an unwanted change of his account: never to himself."""
    return "pengawas" if KEPALA_DINAS in viewer(person).lanes else "Kepala Dinas"


def watches(who: Viewer) -> bool:
    """Whether the user supervises the uses of such rights."""
    return bool(WATCHERS & (who.lanes | {who.user.role}))


def unseen_uses(who: Viewer, most: int) -> Unseen:
    """Unseen uses that concern the user; for a link that was created and used, only the use."""
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


def mark_uses_seen(who: Viewer, shown: Iterable[int]) -> None:
    """Mark these uses as seen by the user; with the use of a link also its creation."""
    numbers = set(shown)
    with database.atomic():
        rows = list(_unseen(who))
        used = {(row.person_id, row.made_at) for row in rows if row.id in numbers}
        seen = [row.id for row in rows if row.id in numbers or (row.person_id, row.at) in used]
        rows_seen = [{"use": number, "user": who.user.id, "at": now()} for number in seen]
        if rows_seen:
            PowerUseSeen.insert_many(rows_seen).on_conflict_ignore().execute()
