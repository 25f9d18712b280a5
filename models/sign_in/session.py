"""Sessions as rows, found by a hash; the device as named, and results kept until the next page."""

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
from models.store import seal
from models.store.base import Columns, Model, Moment, canonical, database, unwaiting
from models.store.outage import DATABASE_ERRORS, Outage, outage_of, refuse_unless_full

UNKNOWN = "Peramban tidak dikenal"
# The first word that stands there decides: browsers name those that they descend from as well.
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


RESULT_KEPT, RESULTS_CLEARED = timedelta(days=1), 200  # how long one can be asked for; how many old ones go at one time
NOTHING = ("", None)


class SessionResult(Model):
    """One result. It tells of cases, and holds what was typed besides: neither is anybody else's."""

    kept_by_digest = False
    survives_restore = False

    public_id = pw.CharField(max_length=32, unique=True)
    session = pw.CharField(max_length=64, index=True)  # the digest of its session, which a full disk may have no row of
    made_at = Moment(index=True)
    content = pw.BlobField()


def keep_result(session: str, what: str, content: object, at: datetime) -> str:
    """Keep what an act has brought, in its transaction; the public id by which its page asks. `what` says of which page
    it is the result, so that no other shows it."""
    clear_results(at)
    public_id = secrets.token_urlsafe(12)
    sealed = seal.ring().panel.close_text(f"result/{public_id}", canonical([what, content]))
    SessionResult.insert(public_id=public_id, session=session, made_at=at, content=sealed).execute()
    return public_id


def result_of(session: str, what: str, public_id: str, at: datetime) -> Any:
    """What was kept; None where there is no such result of this session and page, or none any longer."""
    mine = (SessionResult.public_id == public_id) & (SessionResult.session == session)
    row = SessionResult.get_or_none(mine & (SessionResult.made_at > at - RESULT_KEPT))
    with suppress(seal.BrokenSeal):
        said, content = json.loads(seal.ring().panel.open_text(f"result/{public_id}", row.content)) if row else NOTHING
        return content if said == what else None
    return None


def hand_on_results(before: str, after: str) -> None:
    """The same person at the same pages goes on under another session."""
    SessionResult.update(session=after).where(SessionResult.session == before).execute()


def forget_results(sessions: Iterable[str]) -> None:
    """These sessions are over."""
    SessionResult.delete().where(SessionResult.session.in_(list(sessions))).execute()


def clear_results(at: datetime) -> None:
    """A few of those that nobody can ask for any more."""
    old = SessionResult.select(SessionResult.id).where(SessionResult.made_at <= at - RESULT_KEPT)
    oldest = old.order_by(SessionResult.made_at).limit(RESULTS_CLEARED)
    SessionResult.delete().where(SessionResult.id.in_(oldest)).execute()


LONGEST = timedelta(hours=8)  # from sign-in, however busy one is
NOTED_EVERY = timedelta(minutes=1)  # a use is written no more often than this, so a row may lag by as much
MOST_UNWRITTEN = 500  # sessions that are remembered while the disk is full
KEPT, CLEARED = timedelta(days=30), 100  # how long an old row can still be looked at; how many go at one time
SIGNED_OUT, SIGNED_IN_ANEW, REOPENED = "keluar", "masuk lagi", "dibuka lagi dengan kata sandi"
BY_ONESELF, BY_ADMIN, CHANGED = "diakhiri sendiri", "diakhiri pengelola", "kata sandi, peran, atau keaktifan berubah"
FACTOR_CHANGED, CODE_TYPED = "faktor kedua berubah", "kode diketik"
HALF_OPEN = timedelta(minutes=5)  # from the password to the code
LACKS_FACTOR, SHORT_PASSWORD = "factor", "password"  # to what a session is confined until it is there


class Standing(Enum):
    """What a session may do at a moment."""

    OPEN = "open"
    LOCKED = "locked"  # nobody has used it for a while: its password opens it again
    SPENT = "spent"  # used without a pause, and still too old: its password begins the next one
    HALF = "half"  # the password was right, and the second factor is still asked for
    OVER = "over"


class Session(Model):
    """One browser that somebody has signed in with."""

    kept_by_digest = False
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
    proven = Moment(null=True)  # when the person last showed who he is, wholly; nothing while a code is asked for
    confined = pw.CharField(max_length=10, default="")  # LACKS_FACTOR, SHORT_PASSWORD, or "" for all that he may

    idle_minutes: str | int | None = None  # the setting, read along with the row

    class Meta:
        indexes = ((("user", "begun"), False),)

    @property
    def idle(self) -> timedelta:
        """How long it may lie unused."""
        return timedelta(minutes=int(self.idle_minutes or OPTIONS[IDLE].default))

    @property
    def is_whole(self) -> bool:
        """Whether all that is asked of its person has been shown."""
        proven: datetime | None = self.proven
        return proven is not None

    @property
    def last_use(self) -> datetime:
        """As written, or as remembered while it could not be written."""
        written: datetime = self.used
        return max(written, _unwritten.get(self.digest, written))

    def standing(self, at: datetime) -> Standing:
        """A clock that was set back makes no session older: what lies ahead of it counts as just now."""
        unused = at - self.last_use
        if (
            self.ended
            or self.digest in _unwritten_ends
            or not self.user.active
            or self.stamp != self.user.stamp()
            or unused >= LONGEST
        ):
            return Standing.OVER
        if not self.is_whole:
            return Standing.HALF if abs(at - self.begun) < HALF_OPEN else Standing.OVER
        if abs(at - self.begun) >= LONGEST:
            return Standing.SPENT
        return Standing.LOCKED if unused >= self.idle + NOTED_EVERY else Standing.OPEN

    def left(self, at: datetime) -> timedelta:
        """How long until it locks if nobody uses it."""
        return min(self.idle - (at - self.last_use), LONGEST - (at - self.begun))


# What a busy or full database has not taken yet, by digest; it ends with the process, and so do these sessions.
_unwritten: dict[str, datetime] = {}  # last uses
_unwritten_sessions: dict[str, Session] = {}
_unwritten_ends: dict[str, Columns] = {}


def forget_unwritten() -> None:
    """Another database is worked on from now on."""
    for remembered in (_unwritten, _unwritten_sessions, _unwritten_ends):
        remembered.clear()


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
    """A new session of somebody: what its cookie is to hold, and its row. Whose it is stands before 256 random bits.
    A `half` one waits for the second factor and opens nothing; one that goes on from another is as old as that, by
    `since`. On a full disk it is remembered until there is room."""
    held = f"{user.id}.{secrets.token_urlsafe(32)}"
    columns = {"device": device[:80], "address": address[:45], "begun": since or at, "used": at}
    standing = {"proven": None if half else at, "confined": confined}
    row = Session(digest=_digest_of(held), user=user, stamp=user.stamp(), **columns, **standing)
    try:
        with database.atomic():
            _clear_away(at)
            row.save(force_insert=True)
    except DATABASE_ERRORS as fault:
        refuse_unless_full(fault)
        for oldest in list(_unwritten_sessions)[: len(_unwritten_sessions) + 1 - MOST_UNWRITTEN]:
            del _unwritten_sessions[oldest]
        row.id = None
        _unwritten_sessions[row.digest] = row
    return held, row


def find(held: str) -> Session | None:
    """The session that a cookie holds, with its user, his unit and the setting that locks it: in one statement."""
    digest = _digest_of(held)
    row: Session | None = _sessions().where(Session.digest == digest).get_or_none()
    return row or _find_unwritten(digest)


def _find_unwritten(digest: str) -> Session | None:
    """The same of one that has no row yet: what it may do depends on its user as he is now."""
    remembered = _unwritten_sessions.get(digest)
    if remembered is None:
        return None
    people = User.select(User, Division, _idle_setting()).join(Division, pw.JOIN.LEFT_OUTER)
    user = people.where(User.id == remembered.user_id).get()
    row = Session(**remembered.__data__)
    row.user, row.idle_minutes = user, user.idle_minutes
    return row


def _idle_setting() -> pw.ModelSelect:
    setting = Setting.select(Setting.value).where((Setting.key == IDLE) & (Setting.valid_from <= today()))
    return setting.order_by(Setting.valid_from.desc()).limit(1).alias("idle_minutes")


def _sessions() -> pw.ModelSelect:
    people = Session.select(Session, User, Division, _idle_setting()).join(User, on=Session.user)
    return people.join(Division, pw.JOIN.LEFT_OUTER)


def note_use(row: Session, at: datetime) -> None:
    """Write that it was used just now, at most once a minute. A database that is busy or full is not waited for: the
    process remembers until it can be written."""
    if abs(at - row.last_use) < NOTED_EVERY:
        return
    try:
        with unwaiting():
            _write_remembered()
            Session.update(used=at).where((Session.digest == row.digest) & Session.ended.is_null()).execute()
        _unwritten.pop(row.digest, None)
        row.used = at  # type: ignore[assignment]  # a field takes what it holds
    except DATABASE_ERRORS as fault:
        if outage_of(fault) not in (Outage.BUSY, Outage.FULL):
            raise
        _unwritten[row.digest] = at


def _write_remembered() -> None:
    """What began or ended on a full disk gets its rows."""
    for digest, row in list(_unwritten_sessions.items()):
        columns = {name: value for name, value in row.__data__.items() if name != "id"}
        Session.insert(**columns).on_conflict_ignore().execute()
        _unwritten_sessions.pop(digest, None)
    for digest, ending in list(_unwritten_ends.items()):
        Session.update(**ending).where((Session.digest == digest) & Session.ended.is_null()).execute()
        _unwritten_ends.pop(digest, None)


def open_sessions(user: User, at: datetime) -> list[Session]:
    """Those of somebody that are not over, the last used first; without those that a full disk has not taken yet."""
    if _unwritten_sessions or _unwritten_ends:
        with suppress(*DATABASE_ERRORS):
            _write_remembered()
    recent = (Session.user == user) & (Session.begun > at - 2 * LONGEST) & Session.ended.is_null()
    rows = [row for row in _sessions().where(recent) if row.standing(at) not in (Standing.OVER, Standing.HALF)]
    return sorted(rows, key=lambda row: row.last_use, reverse=True)


def note_proof(row: Session, at: datetime) -> None:
    """The person has just shown once more who he is."""
    Session.update(proven=at).where((Session.digest == row.digest) & Session.ended.is_null()).execute()
    row.proven = at  # type: ignore[assignment]  # a field takes what it holds


def is_fresh(row: Session, at: datetime, lasts: timedelta) -> bool:
    """Whether the person has shown so lately who he is; a clock that was set back makes it no staler."""
    return row.is_whole and at - row.proven < lasts


def end(rows: list[Session], *, by: User | None, why: str, at: datetime) -> None:
    """From now on nobody comes in by these. Where a full disk does not take it this holds as long as the process runs,
    or until there is room: the fault is told all the same."""
    columns, these = {"ended": at, "ended_by": by, "why": why}, Session.digest.in_([row.digest for row in rows])
    for row in rows:
        _unwritten.pop(row.digest, None)
    try:
        Session.update(**columns).where(these & Session.ended.is_null()).execute()
        if why != REOPENED:  # its person goes on, and so do they
            forget_results(row.digest for row in rows)
    except DATABASE_ERRORS as fault:
        if outage_of(fault) is Outage.FULL:
            _unwritten_ends.update({row.digest: columns for row in rows})
        raise
    for row in rows:
        _unwritten_sessions.pop(row.digest, None)


def end_outdated(user: User, *, by: User | None, at: datetime) -> None:
    """End those that began with another password, role or right to come in: also if all that is changed back."""
    others = (Session.user == user) & (Session.begun > at - 2 * LONGEST) & (Session.stamp != user.stamp())
    end(list(Session.select().where(others & Session.ended.is_null())), by=by, why=CHANGED, at=at)
    for digest, row in list(_unwritten_sessions.items()):
        if row.user_id == user.id and row.stamp != user.stamp():
            _unwritten_sessions.pop(digest, None)


def _digest_of(held: str) -> str:
    return hashlib.sha256(held.encode(errors="replace")).hexdigest()


def _clear_away(at: datetime) -> None:
    """A few of those that nobody asks about any more."""
    clear_results(at)
    old = Session.select(Session.id).where(Session.begun < at - KEPT).order_by(Session.begun).limit(CLEARED)
    Session.delete().where(Session.id.in_(old)).execute()
