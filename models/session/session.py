"""A session as a row: what its cookie holds is kept as a hash alone, and the row decides whether it may go on."""

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import Enum

import peewee as pw

from models.office.people import Division, User, today
from models.office.settings import IDLE, OPTIONS, Setting
from models.store.base import Model, Moment, database, unwaiting
from models.store.outage import DATABASE_ERRORS, Outage, outage_of

LONGEST = timedelta(hours=8)  # from sign-in, however busy one is
NOTED_EVERY = timedelta(minutes=1)  # a use is written no more often than this, so a row may lag by as much
KEPT, CLEARED = timedelta(days=30), 100  # how long an old row can still be looked at; how many go at one time
SIGNED_OUT, SIGNED_IN_ANEW, REOPENED = "keluar", "masuk lagi", "dibuka lagi dengan kata sandi"
BY_ONESELF, BY_ADMIN, CHANGED = "diakhiri sendiri", "diakhiri pengelola", "kata sandi, peran, atau keaktifan berubah"


class Standing(Enum):
    """What a session may do at a moment."""

    OPEN = "open"
    LOCKED = "locked"  # nobody has used it for a while: its password opens it again
    SPENT = "spent"  # used without a pause, and still too old: its password begins the next one
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

    idle_minutes: str | int | None = None  # the setting, read along with the row

    class Meta:
        indexes = ((("user", "begun"), False),)

    @property
    def idle(self) -> timedelta:
        """How long it may lie unused."""
        return timedelta(minutes=int(self.idle_minutes or OPTIONS[IDLE].default))

    @property
    def last_use(self) -> datetime:
        """As written, or as remembered while it could not be written."""
        written: datetime = self.used
        return max(written, _unwritten.get(self.digest, written))

    def standing(self, at: datetime) -> Standing:
        """A clock that was set back makes no session older: what lies ahead of it counts as just now."""
        unused = at - self.last_use
        if self.ended or not self.user.active or self.stamp != self.user.stamp() or unused >= LONGEST:
            return Standing.OVER
        if abs(at - self.begun) >= LONGEST:
            return Standing.SPENT
        return Standing.LOCKED if unused >= self.idle + NOTED_EVERY else Standing.OPEN

    def left(self, at: datetime) -> timedelta:
        """How long until it locks if nobody uses it."""
        return min(self.idle - (at - self.last_use), LONGEST - (at - self.begun))


_unwritten: dict[str, datetime] = {}  # by digest: last uses that a busy or full database has not taken yet


def begin(user: User, *, device: str, address: str, at: datetime) -> tuple[str, Session]:
    """A new session of somebody: what its cookie is to hold, and its row. Whose it is stands before 256 random bits."""
    held = f"{user.id}.{secrets.token_urlsafe(32)}"
    with database.atomic():
        _clear_away(at)
        row = Session.create(
            digest=_digest_of(held),
            user=user,
            stamp=user.stamp(),
            begun=at,
            used=at,
            device=device[:80],
            address=address[:45],
        )
    return held, row


def find(held: str) -> Session | None:
    """The session that a cookie holds, with its user, his unit and the setting that locks it: in one statement."""
    row: Session | None = _sessions().where(Session.digest == _digest_of(held)).get_or_none()
    return row


def _sessions() -> pw.ModelSelect:
    setting = Setting.select(Setting.value).where((Setting.key == IDLE) & (Setting.valid_from <= today()))
    idle = setting.order_by(Setting.valid_from.desc()).limit(1).alias("idle_minutes")
    people = Session.select(Session, User, Division, idle).join(User, on=Session.user)
    return people.join(Division, pw.JOIN.LEFT_OUTER)


def note_use(row: Session, at: datetime) -> None:
    """Write that it was used just now, at most once a minute. A database that is busy or full is not waited for: the
    process remembers until it can be written."""
    if abs(at - row.last_use) < NOTED_EVERY:
        return
    try:
        with unwaiting():
            Session.update(used=at).where((Session.id == row.id) & Session.ended.is_null()).execute()
        _unwritten.pop(row.digest, None)
        row.used = at  # type: ignore[assignment]  # a field takes what it holds
    except DATABASE_ERRORS as fault:
        if outage_of(fault) not in (Outage.BUSY, Outage.FULL):
            raise
        _unwritten[row.digest] = at


def open_sessions(user: User, at: datetime) -> list[Session]:
    """Those of somebody that are not over, the last used first."""
    recent = (Session.user == user) & (Session.begun > at - 2 * LONGEST) & Session.ended.is_null()
    rows = [row for row in _sessions().where(recent) if row.standing(at) is not Standing.OVER]
    return sorted(rows, key=lambda row: row.last_use, reverse=True)


def end(rows: list[Session], *, by: User | None, why: str, at: datetime) -> None:
    """From now on nobody comes in by these."""
    for row in rows:
        _unwritten.pop(row.digest, None)
    which = Session.id.in_([row.id for row in rows]) & Session.ended.is_null()
    Session.update(ended=at, ended_by=by, why=why).where(which).execute()


def end_outdated(user: User, *, by: User | None, at: datetime) -> None:
    """End those that began with another password, role or right to come in: also if all that is changed back."""
    others = (Session.user == user) & (Session.begun > at - 2 * LONGEST) & (Session.stamp != user.stamp())
    end(list(Session.select().where(others & Session.ended.is_null())), by=by, why=CHANGED, at=at)


def _digest_of(held: str) -> str:
    return hashlib.sha256(held.encode(errors="replace")).hexdigest()


def _clear_away(at: datetime) -> None:
    """A few of those that nobody asks about any more."""
    old = Session.select(Session.id).where(Session.begun < at - KEPT).order_by(Session.begun).limit(CLEARED)
    Session.delete().where(Session.id.in_(old)).execute()
