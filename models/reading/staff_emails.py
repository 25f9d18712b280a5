"""E-mails to staff: daily figures and news of returned or late cases; queued every few minutes, never naming a case.

E-mails about a password link are sent regardless of the user's choice, as another person may have requested the link.
"""

import logging
import re
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

import peewee as pw

from models.case.access_notes import LINK_EMAIL as LINK
from models.case.access_notes import whom_to_tell
from models.complaint.accesslog import LINK_USED, PowerUse
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.complaint.scope import Viewer, viewer, visible
from models.email.message import Words
from models.email.queue import WAITING, Kinds, NewEmail, QueuedEmail, ReadyEmail, WithheldEmail, queue
from models.email.smtp import installed_outbox
from models.office.calendar import clock
from models.office.people import User
from models.office.preferences import (
    EmailChoice,
    NotifiedUpTo,
    advance_mark,
    begin_notifications,
    choice_of,
    is_away,
    marks_of,
    reachable_choices,
)
from models.office.settings import values
from models.reading.news import changed_cases, news_on
from models.reading.promises import due_promises
from models.reading.queue import MOST_LISTED, OwnTurn, has_next, own_papers_to_sign, own_turn, totals
from models.store.base import among, database, now
from models.store.outage import DATABASE_ERRORS
from sop.clock import WIB
from sop.flow import current_procedure
from sop.vocabulary import vocabulary
from sop.words import format_long_moment


@dataclass(frozen=True)
class MorningFigures:
    """The counts of the user's start page with their texts, none of which names a case."""

    turn: OwnTurn
    promises: int
    overdue_promises: int
    changed: int
    papers: int
    late_in_office: int  # of all cases, for users who read them under a Surat Tugas

    @property
    def lines(self) -> list[str]:
        """A line for each count that is not zero."""
        pressing = ((self.turn.late, "lewat batas"), (self.turn.soon, "jatuh tempo hari ini"))
        counted = (
            (self.turn.count, _with_parts("{} pengaduan menunggu Anda", pressing)),
            (self.promises, _with_parts("{} janji jatuh tempo", ((self.overdue_promises, "lewat tanggalnya"),))),
            (self.changed, "{} pengaduan dengan kabar baru bagi Anda"),
            (self.papers, "{} dokumen menunggu tanda tangan Anda"),
            (self.late_in_office, "{} pengaduan masih terbuka dan lewat waktu"),
        )
        return [words.format(count_in_words(count)) for count, words in counted if count]


def _with_parts(words: str, parts: tuple[tuple[int, str], ...]) -> str:
    return ", ".join([words, *(f"{count_in_words(count)} {what}" for count, what in parts if count)])


def count_in_words(count: int) -> str:
    """A count as written on the start page."""
    return "lebih dari 1.000" if count > MOST_LISTED else f"{count:,}".replace(",", ".")


def morning_figures(who: Viewer, at: datetime) -> MorningFigures:
    """The user's present figures; all zero for users without lanes, such as a pengawas without a Surat Tugas."""
    midnight = datetime.combine(at.astimezone(WIB).date() + timedelta(days=1), time(), WIB)
    promised = due_promises(who, at.astimezone(WIB).date(), 1)
    return MorningFigures(
        turn=own_turn(who, at, midnight),
        promises=promised.count,
        overdue_promises=promised.late,
        changed=len(changed_cases(who, at, clock)),
        papers=own_papers_to_sign(who),
        late_in_office=totals(who, at)["late"] if who.mandated else 0,
    )


FORGOTTEN = timedelta(days=3)  # older acts are not reported if no e-mail could be sent for that long


def _returning() -> dict[str, str]:
    """The news text of each act that returns a case to the main line, by its present and former keys."""
    acts, line = vocabulary().acts, current_procedure().awaited
    return {key: act.news for key, act in acts.items() if act.news and not act.news_after and act.to in line}


@dataclass(frozen=True)
class RecentReturns:
    """All cases returned or late since a mark, for any user."""

    returned: list[tuple[int, int, int]]  # (event, case, user who did it)
    passed: list[tuple[int, datetime | None, datetime | None]]  # (case, due by the SOP, due by law)

    def __bool__(self) -> bool:
        return bool(self.returned or self.passed)


@dataclass(frozen=True)
class NewsCounts:
    """The number of complaints returned to a user, and of those waiting for him that became late."""

    back: int
    late: int


def returns_since(place: NotifiedUpTo, at: datetime, last: int) -> RecentReturns:
    """Cases returned or late since `place`, up to the moment `at` and the event `last`."""
    # A range of event ids is the most selective key.
    entries = (Event.id > place.event) & (Event.id <= last) & Event.act.in_(list(_returning()))
    rows = Event.select(Event.id, Event.complaint, Event.user, Event.at).where(entries).tuples()
    returned = [(entry, case, by) for entry, case, by, when in rows if when > at - FORGOTTEN]
    since = max(place.until, at - FORGOTTEN)
    limits = (Complaint.row_due_at, Complaint.legal_due_at)
    late = _within(limits[0], since, at) | _within(limits[1], since, at)
    passed = Complaint.select(Complaint.id, *limits).where(Complaint.state.in_(sorted(vocabulary().open_states)) & late)
    return RecentReturns(returned, list(passed.tuples()))


def _within(limit: pw.Field, since: datetime, at: datetime) -> Any:
    return (limit > since) & (limit <= at)


def news_counts_of(who: Viewer, recent: RecentReturns, place: NotifiedUpTo, at: datetime) -> NewsCounts:
    """The counts for this user; without cases that he has handled meanwhile or may not open."""
    returned = {case for entry, case, by in recent.returned if entry > place.event and by != who.user.id}
    passed = {case for case, *limits in recent.passed if any(limit and place.until < limit <= at for limit in limits)}
    news, words = news_on(_own(who, returned), who, at, clock), set(_returning().values())
    back = sum(any(item.words in words for item in items) for items in news.values())
    return NewsCounts(back, len(_own(who, passed)))


def _own(who: Viewer, cases: Collection[int]) -> list[int]:
    """The cases among these that wait for the user."""
    if not cases or not who.lanes:
        return []
    mine = visible(who.user, Complaint, who).where(among(Complaint.id, sorted(cases)) & has_next(who))
    return [number for (number,) in mine.select(Complaint.id).tuples()]


PANEL = "Panel Pengaduan"  # sender's name until the office has set its own
DAILY, AT_ONCE = "staff_daily", "staff_at_once"
OLD = timedelta(days=1)  # news older than this are not sent
LINK_SUBJECT = "Tautan kata sandi akun Anda pada Panel Pengaduan"
SUBJECTS = {DAILY: "Ringkasan Panel Pengaduan", AT_ONCE: "Kabar dari Panel Pengaduan", LINK: LINK_SUBJECT}
TEXT = """\
Yth. Bapak/Ibu,

{opening}

{lines}

Surel ini hanya menyebut jumlah; selebihnya ada pada panel setelah Anda masuk.

Anda menerimanya karena memilihnya pada Akun saya, dan dapat menghentikannya
di sana. Surel ini dikirim oleh panel; balasannya tidak dibaca.

{office}
"""
LINK_TEXT = """\
Yth. Bapak/Ibu,

{what}

Bila Anda tidak memintanya, segera beri tahu {whom}: siapa pun yang
memegang tautan itu dapat membuat kata sandi akun Anda.

Surel ini dikirim oleh panel; balasannya tidak dibaca.

{office}
"""
MADE = "Tautan untuk membuat kata sandi akun Anda dibuat {by}\npada {at}."
USED = "Kata sandi akun Anda dibuat lewat tautan pada {at}\ndari alamat {address}. Tautannya dibuat {by}."
MORNING, SINCE_THEN = "Hari ini pada Panel Pengaduan:", "Baru saja pada Panel Pengaduan ({}):"
BACK = "{} pengaduan dikembalikan kepada Anda atau dibuka kembali"
LATE = "{} pengaduan yang menunggu Anda lewat batas"
AS_EVENT = "kembali {back}, lewat batas {late}"  # stored in the queue and shown in its list
GONE = "Akun penerimanya tidak aktif, atau tidak lagi memuat alamat surel."
UNWANTED = "Penerimanya tidak lagi memilih surel ini."
PAST = "Waktunya sudah lewat."
NOTHING = "Tidak ada lagi yang menunggu penerimanya."


def morning_email(email: QueuedEmail, at: datetime) -> ReadyEmail | WithheldEmail:
    """The daily e-mail: the figures at the moment of sending; withheld after the day for which it was queued."""
    day = at.astimezone(WIB).date()
    if sentence := _obstacle(email.user, DAILY):
        return WithheldEmail(sentence)
    if day != email.queued_at.astimezone(WIB).date():
        return WithheldEmail(PAST)
    lines = morning_figures(viewer(email.user, day), at).lines
    return _ready(email, MORNING, lines) if lines else WithheldEmail(NOTHING)


def news_email(email: QueuedEmail, at: datetime) -> ReadyEmail | WithheldEmail:
    """The news e-mail: the counts from when it was queued."""
    if sentence := _obstacle(email.user, AT_ONCE):
        return WithheldEmail(sentence)
    if at - email.queued_at > OLD:
        return WithheldEmail(PAST)
    counts = zip((BACK, LATE), map(int, re.findall(r"\d+", email.event)), strict=True)
    lines = [words.format(count_in_words(count)) for words, count in counts if count]
    return _ready(email, SINCE_THEN.format(format_long_moment(email.queued_at)), lines)


def link_email(email: QueuedEmail, at: datetime) -> ReadyEmail | WithheldEmail:
    """The e-mail about a password link to the user's account: created or used."""
    use, user = PowerUse.get_by_id(int(email.event)), email.user
    if not (user.active and user.email):
        return WithheldEmail(GONE)
    what = (USED if use.kind == LINK_USED else MADE).format(
        by=use.by.name, at=format_long_moment(use.at), address=use.address or "yang tidak diketahui"
    )
    text = LINK_TEXT.format(what=what, whom=whom_to_tell(user), office=values()["panel.office"] or PANEL)
    return ReadyEmail(user.email, Words(LINK_SUBJECT, text))


def _obstacle(user: User, kind: str) -> str:
    """The sentence why the user no longer gets this e-mail, "" if he does."""
    choice = choice_of(user)
    if not (user.active and user.email):
        return GONE
    return "" if (choice.daily if kind == DAILY else choice.at_once) else UNWANTED


def _ready(email: QueuedEmail, opening: str, lines: list[str]) -> ReadyEmail:
    items = "\n".join(f"- {line}" for line in lines)
    text = TEXT.format(opening=opening, lines=items, office=values()["panel.office"] or PANEL)
    return ReadyEmail(email.user.email, Words(SUBJECTS[email.kind], text))


KINDS: Kinds = {DAILY: morning_email, AT_ONCE: news_email, LINK: link_email}


PAUSE = 300.0  # seconds between two rounds
COLLECTED = timedelta(minutes=30)  # minimum time between two news e-mails to a user
log = logging.getLogger("panel.mail")


def run_staff_emails(stop: threading.Event, *, pause: float = PAUSE) -> None:
    """Queue e-mails periodically until stopped. Runs in a separate thread of every server process."""
    while not stop.wait(pause):
        try:
            with database.connection_context():
                queue_due_emails(now())
        except (OSError, ValueError, *DATABASE_ERRORS) as trouble:
            log.error("staff are notified later: %s", type(trouble).__name__)


def queue_due_emails(at: datetime) -> None:
    """Queue the e-mails that are due; nothing if e-mail is not configured. All reads come before the transaction, which
    only writes."""
    choices = reachable_choices() if installed_outbox() else []
    if not choices:
        return
    marks = marks_of(choice.user for choice in choices)
    now_at = NotifiedUpTo(at.astimezone(WIB).date(), at, Event.select(pw.fn.MAX(Event.id)).scalar() or 0)
    recent = returns_since(_oldest(marks, now_at), at, now_at.event)
    moves = [
        (choice.user, before, *_due_emails(choice, before, now_at, recent))
        for choice in choices
        if (before := marks.get(choice.user_id))
    ]
    with database.atomic():
        for choice in choices:
            if choice.user_id not in marks:
                begin_notifications(
                    choice.user, replace(now_at, day=now_at.day - timedelta(days=not _has_begun(now_at)))
                )
        for user, before, after, emails in moves:
            if advance_mark(user, before, after):
                queue(emails, at)


def _has_begun(place: NotifiedUpTo) -> bool:
    """Whether working hours have begun, so that a user who has just opted in gets no daily e-mail today."""
    span = clock().span(place.day)
    return span is None or place.until >= span[0]


def _oldest(marks: Mapping[int, NotifiedUpTo], now_at: NotifiedUpTo) -> NotifiedUpTo:
    """The earliest of all marks: up to it all e-mails are queued."""
    places = [now_at, *marks.values()]
    return NotifiedUpTo(now_at.day, min(place.until for place in places), min(place.event for place in places))


def _due_emails(
    choice: EmailChoice, before: NotifiedUpTo, now_at: NotifiedUpTo, recent: RecentReturns
) -> tuple[NotifiedUpTo, list[NewEmail]]:
    """The user's new mark and the e-mails to queue. Absent users get none, also not later about that time."""
    user, at = choice.user, now_at.until
    is_morning = before.day != now_at.day and clock().is_open(at)  # not >, in case the clock had been fast
    after = NotifiedUpTo(now_at.day if is_morning else before.day, at, now_at.event)
    if not (is_morning or recent) or is_away(user, now_at.day):
        return after, []
    who, emails = viewer(user, now_at.day), []
    if is_morning and choice.daily and morning_figures(who, at).lines:
        emails.append(NewEmail(f"{DAILY}/{user.id}/{now_at.day}", DAILY, user=user.id))
    if choice.at_once and _has_news_lately(user, at):
        return NotifiedUpTo(after.day, before.until, before.event), emails
    return after, [*emails, *(_news(who, before, at, recent) if choice.at_once else ())]


def _has_news_lately(user: User, at: datetime) -> bool:
    """Whether a news e-mail to the user is waiting or was queued recently; the news then go into the next one."""
    lately = (QueuedEmail.state == WAITING) | QueuedEmail.queued_at.between(at - COLLECTED, at)
    same = (QueuedEmail.user == user) & (QueuedEmail.kind == AT_ONCE)
    return bool(QueuedEmail.select().where(same & lately).exists())


def _news(who: Viewer, before: NotifiedUpTo, at: datetime, recent: RecentReturns) -> list[NewEmail]:
    counts = news_counts_of(who, recent, before, at)
    if not (counts.back or counts.late):
        return []
    key = f"{AT_ONCE}/{who.user.id}/{before.event}/{before.until.isoformat()}"
    return [NewEmail(key, AT_ONCE, AS_EVENT.format(back=counts.back, late=counts.late), user=who.user.id)]
