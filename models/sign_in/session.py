"""Sessions as rows, found by the hash of their cookie; device names, and results stored for the next page."""

import hashlib
import json
import secrets
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

import peewee as pw

from models.office.people import Division, User, today
from models.office.settings import IDLE, OPTIONS, Setting
from models.store import master_cache, prepared, seal
from models.store.base import Columns, Model, Moment, canonical, database, without_waiting
from models.store.outage import DATABASE_ERRORS, Outage, outage_of, refuse_unless_full

UNKNOWN = "Peramban tidak dikenal"
# The first match decides: a User-Agent also names the browsers that it is derived from.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device_words(agent: str) -> str:
    """Browser and system of a User-Agent: "Chrome di Windows"."""
    browser, system = _named_in(agent, BROWSERS) or UNKNOWN, _named_in(agent, SYSTEMS)
    return f"{browser} di {system}" if system else browser


def _named_in(agent: str, names: tuple[tuple[str, str], ...]) -> str:
    return next((name for word, name in names if word in agent), "")


RESULT_RETENTION, RESULTS_CLEARED = timedelta(days=1), 200  # lifetime; how many expired ones are deleted at once
NOTHING = ("", None)


class SessionResult(Model):
    """The result of an act, readable by its session only: it names cases and contains typed text."""

    in_digest = False
    survives_restore = False

    public_id = pw.CharField(max_length=32, unique=True)
    session = pw.CharField(max_length=64, index=True)  # digest of its session, which has no row while the disk is full
    made_at = Moment(index=True)
    content = pw.BlobField()


def store_result(session: str, what: str, content: object, at: datetime) -> str:
    """Store the result of an act in its transaction; returns the public id for its page. `what` is the kind of page
    that may show it."""
    clear_results(at)
    public_id = secrets.token_urlsafe(12)
    sealed = seal.ring().panel.close_text(f"result/{public_id}", canonical([what, content]))
    SessionResult.insert(public_id=public_id, session=session, made_at=at, content=sealed).execute()
    return public_id


def result_of(session: str, what: str, public_id: str, at: datetime) -> Any:
    """The stored result; None if it has expired or is not of this session and kind of page."""
    mine = (SessionResult.public_id == public_id) & (SessionResult.session == session)
    row = SessionResult.get_or_none(mine & (SessionResult.made_at > at - RESULT_RETENTION))
    with suppress(seal.BrokenSeal):
        page, content = json.loads(seal.ring().panel.open_text(f"result/{public_id}", row.content)) if row else NOTHING
        return content if page == what else None
    return None


def move_results(before: str, after: str) -> None:
    """Move the results to the session that continues this one."""
    SessionResult.update(session=after).where(SessionResult.session == before).execute()


def delete_results(sessions: Iterable[str]) -> None:
    """Delete the results of ended sessions."""
    SessionResult.delete().where(SessionResult.session.in_(list(sessions))).execute()


def clear_results(at: datetime) -> None:
    """Delete some of the expired results."""
    old = SessionResult.select(SessionResult.id).where(SessionResult.made_at <= at - RESULT_RETENTION)
    oldest = old.order_by(SessionResult.made_at).limit(RESULTS_CLEARED)
    SessionResult.delete().where(SessionResult.id.in_(oldest)).execute()


LONGEST = timedelta(hours=8)  # from sign-in, even in constant use
WRITTEN_EVERY = timedelta(minutes=1)  # minimum interval between two writes of the last use
MOST_UNWRITTEN = 500  # sessions in memory while the disk is full
RETENTION, CLEARED = timedelta(days=30), 100  # how long an old row is retained; how many are deleted at once
SIGNED_OUT, SIGNED_IN_ANEW, REOPENED = "keluar", "masuk lagi", "dibuka lagi dengan kata sandi"
BY_ONESELF, BY_ADMIN, CHANGED = "diakhiri sendiri", "diakhiri pengelola", "kata sandi, peran, atau keaktifan berubah"
FACTOR_CHANGED, CODE_TYPED = "faktor kedua berubah", "kode diketik"
HALF_OPEN = timedelta(minutes=5)  # from the password to the second factor
LACKS_FACTOR, SHORT_PASSWORD = "factor", "password"  # what is missing, so that the session is confined to its setup


class SessionStatus(Enum):
    """The status of a session at a moment."""

    OPEN = "open"
    LOCKED = "locked"  # idle for too long: the password unlocks it
    SPENT = "spent"  # over the maximum age: the password starts the next one
    HALF = "half"  # the password was correct, the second factor is pending
    OVER = "over"


class Session(Model):
    """One signed-in browser."""

    in_digest = False
    survives_restore = False

    digest = pw.CharField(max_length=64, unique=True)
    user = pw.ForeignKeyField(User, on_delete="RESTRICT", index=False)
    stamp = pw.CharField(max_length=24)  # see User.stamp
    begun = Moment(index=True)
    used = Moment()
    device = pw.CharField(max_length=80)
    address = pw.CharField(max_length=45)
    ended = Moment(null=True)
    ended_by = pw.ForeignKeyField(User, null=True, on_delete="RESTRICT", index=False, backref="+")
    why = pw.CharField(max_length=60, default="")
    proven = Moment(null=True)  # last complete authentication; NULL while the second factor is pending
    confined = pw.CharField(max_length=10, default="")  # LACKS_FACTOR, SHORT_PASSWORD, or "" for no limit

    idle_minutes: str | int | None = None  # the setting, selected with the row
    master_token: str | None = None  # as of the same moment

    class Meta:
        indexes = ((("user", "begun"), False),)

    @property
    def idle(self) -> timedelta:
        """The idle timeout."""
        return timedelta(minutes=int(self.idle_minutes or OPTIONS[IDLE].default))

    @property
    def is_whole(self) -> bool:
        """Whether the user is completely authenticated."""
        proven: datetime | None = self.proven
        return proven is not None

    @property
    def last_use(self) -> datetime:
        """The later of the stored and the unwritten last use."""
        written: datetime = self.used
        return max(written, _unwritten.get(self.digest, written))

    def status(self, at: datetime) -> SessionStatus:
        """The status at a moment. After a clock was set back, a time in the future counts as now."""
        unused = at - self.last_use
        if (
            self.ended
            or self.digest in _unwritten_ends
            or not self.user.active
            or self.stamp != self.user.stamp()
            or unused >= LONGEST
        ):
            return SessionStatus.OVER
        if not self.is_whole:
            return SessionStatus.HALF if abs(at - self.begun) < HALF_OPEN else SessionStatus.OVER
        if abs(at - self.begun) >= LONGEST:
            return SessionStatus.SPENT
        return SessionStatus.LOCKED if unused >= self.idle + WRITTEN_EVERY else SessionStatus.OPEN

    def left(self, at: datetime) -> timedelta:
        """Time until it locks if it is not used."""
        return min(self.idle - (at - self.last_use), LONGEST - (at - self.begun))


# Writes that a busy or full database has refused, by digest; lost when the process exits, sessions included.
_unwritten: dict[str, datetime] = {}  # last uses
_unwritten_sessions: dict[str, Session] = {}
_unwritten_ends: dict[str, Columns] = {}


def forget_unwritten() -> None:
    """Clear the unwritten changes, as for another database."""
    for changes in (_unwritten, _unwritten_sessions, _unwritten_ends):
        changes.clear()


def begin(
    user: User,
    *,
    device: str,
    address: str,
    at: datetime,
    half: bool = False,
    confined: str = "",
    since: datetime | None = None,
) -> tuple[str, Session]:
    """Begin a session; returns the value of its cookie (user id and 256 random bits) and its row. A `half` one waits
    for the second factor and gives no access; one that continues another begins at that one's start, `since`. While the
    disk is full it exists in memory only."""
    cookie = f"{user.id}.{secrets.token_urlsafe(32)}"
    columns = {"device": device[:80], "address": address[:45], "begun": since or at, "used": at}
    access = {"proven": None if half else at, "confined": confined}
    row = Session(digest=_digest_of(cookie), user=user, stamp=user.stamp(), **columns, **access)
    try:
        with database.atomic():
            _delete_old(at)
            row.save(force_insert=True)
    except DATABASE_ERRORS as fault:
        refuse_unless_full(fault)
        for oldest in list(_unwritten_sessions)[: len(_unwritten_sessions) + 1 - MOST_UNWRITTEN]:
            del _unwritten_sessions[oldest]
        row.id = None
        _unwritten_sessions[row.digest] = row
    return cookie, row


def find(cookie: str) -> Session | None:
    """The session of a cookie, with its user, unit, idle setting and the state of master data in one statement."""
    digest = _digest_of(cookie)

    def build() -> pw.ModelSelect:
        return _sessions(prepared.slot("day")).where(Session.digest == prepared.slot("digest")).limit(1)

    [row] = prepared.run_fixed("session", build, digest=digest, day=today()) or [None]
    if row:
        master_cache.observe(row.master_token)
    return row or _find_unwritten(digest)


def _find_unwritten(digest: str) -> Session | None:
    """The same for a session in memory only, with its user as stored now."""
    unwritten = _unwritten_sessions.get(digest)
    if unwritten is None:
        return None
    people = User.select(User, Division, _idle_setting(today())).join(Division, pw.JOIN.LEFT_OUTER)
    user = people.where(User.id == unwritten.user_id).get()
    row = Session(**unwritten.__data__)
    row.user, row.idle_minutes = user, user.idle_minutes
    return row


def _idle_setting(day: Any) -> pw.ModelSelect:
    setting = Setting.select(Setting.value).where((Setting.key == IDLE) & (Setting.valid_from <= day))
    return setting.order_by(Setting.valid_from.desc()).limit(1).alias("idle_minutes")


def _sessions(day: Any) -> pw.ModelSelect:
    people = Session.select(Session, User, Division, _idle_setting(day), master_cache.TOKEN.alias("master_token"))
    people = people.join(User, on=Session.user)
    return people.join(Division, pw.JOIN.LEFT_OUTER)


def record_use(row: Session, at: datetime) -> None:
    """Store the last use, at most once a minute. If the database is busy or full, do not wait: the process remembers it
    until it can be written."""
    if abs(at - row.last_use) < WRITTEN_EVERY:
        return
    try:
        with without_waiting():
            _write_unwritten()
            Session.update(used=at).where((Session.digest == row.digest) & Session.ended.is_null()).execute()
        _unwritten.pop(row.digest, None)
        row.used = at  # type: ignore[assignment]  # a field takes what it holds
    except DATABASE_ERRORS as fault:
        if outage_of(fault) not in (Outage.BUSY, Outage.FULL):
            raise
        _unwritten[row.digest] = at


def _write_unwritten() -> None:
    """Write the sessions that began or ended while the disk was full."""
    for digest, row in list(_unwritten_sessions.items()):
        columns = {name: value for name, value in row.__data__.items() if name != "id"}
        Session.insert(**columns).on_conflict_ignore().execute()
        _unwritten_sessions.pop(digest, None)
    for digest, ending in list(_unwritten_ends.items()):
        Session.update(**ending).where((Session.digest == digest) & Session.ended.is_null()).execute()
        _unwritten_ends.pop(digest, None)


def open_sessions(user: User, at: datetime) -> list[Session]:
    """The user's sessions that are not over, last used first; without those that cannot be written yet."""
    if _unwritten_sessions or _unwritten_ends:
        with suppress(*DATABASE_ERRORS):
            _write_unwritten()
    recent = (Session.user == user) & (Session.begun > at - 2 * LONGEST) & Session.ended.is_null()
    rows = [
        row
        for row in _sessions(today()).where(recent)
        if row.status(at) not in (SessionStatus.OVER, SessionStatus.HALF)
    ]
    return sorted(rows, key=lambda row: row.last_use, reverse=True)


def record_proof(row: Session, at: datetime) -> None:
    """Store that the user has just authenticated again."""
    Session.update(proven=at).where((Session.digest == row.digest) & Session.ended.is_null()).execute()
    row.proven = at  # type: ignore[assignment]  # a field takes what it holds


def is_fresh(row: Session, at: datetime, lasts: timedelta) -> bool:
    """Whether the last authentication is recent enough; a clock that was set back does not make it older."""
    return row.is_whole and at - row.proven < lasts


def end(rows: list[Session], *, by: User | None, why: str, at: datetime) -> None:
    """End these sessions. If the disk is full, they end for as long as the process runs or until it can be written; the
    fault is raised all the same."""
    columns, these = {"ended": at, "ended_by": by, "why": why}, Session.digest.in_([row.digest for row in rows])
    for row in rows:
        _unwritten.pop(row.digest, None)
    try:
        Session.update(**columns).where(these & Session.ended.is_null()).execute()
        if why != REOPENED:  # the user continues in the next session, with the results
            delete_results(row.digest for row in rows)
    except DATABASE_ERRORS as fault:
        if outage_of(fault) is Outage.FULL:
            _unwritten_ends.update({row.digest: columns for row in rows})
        raise
    for row in rows:
        _unwritten_sessions.pop(row.digest, None)


def end_outdated(user: User, *, by: User | None, at: datetime) -> None:
    """End the sessions with another stamp (password, role, active): they stay ended if that is changed back."""
    others = (Session.user == user) & (Session.begun > at - 2 * LONGEST) & (Session.stamp != user.stamp())
    end(list(Session.select().where(others & Session.ended.is_null())), by=by, why=CHANGED, at=at)
    for digest, row in list(_unwritten_sessions.items()):
        if row.user_id == user.id and row.stamp != user.stamp():
            _unwritten_sessions.pop(digest, None)


def _digest_of(cookie: str) -> str:
    return hashlib.sha256(cookie.encode(errors="replace")).hexdigest()


def _delete_old(at: datetime) -> None:
    """Delete some of the old sessions and results."""
    clear_results(at)
    old = Session.select(Session.id).where(Session.begun < at - RETENTION).order_by(Session.begun).limit(CLEARED)
    Session.delete().where(Session.id.in_(old)).execute()
