"""Who looked: the access log page by page, what stands out, and who gains sight by a correction."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import reduce
from typing import Any

import peewee as pw

from models.complaint.accesslog import ReadCase, Reading, Seen, asked_for
from models.complaint.complaint import Complaint, keeper_of
from models.complaint.lookup import LOOKED_UP
from models.complaint.scope import Viewer, standings, viewer
from models.office.people import BY_NAME, User
from models.store.base import among, database
from sop.access import CONTENT, may_read
from sop.clock import WIB
from sop.procedure import BIDANG, PETUGAS

SEEN_BY = ("secrecy", "category", "emergency")  # columns that decide who reads a case, before anybody disposes


@dataclass(frozen=True)
class SightChange:
    """The people who would read the case from now on, and those who would no longer."""

    gained: list[User]
    lost: list[User]


def sight_change(before: Complaint, after: Complaint) -> SightChange:
    """What becomes of everybody's sight if the one turns into the other; nobody's, where it does not depend on it."""
    if all(before.__data__[name] == after.__data__[name] for name in SEEN_BY):
        return SightChange([], [])
    people = User.select().where(User.active & User.role.in_(sorted(CONTENT))).order_by(BY_NAME)
    seen = [(who.user, _reads(who, before), _reads(who, after)) for who in map(viewer, people)]
    return SightChange([u for u, old, new in seen if new > old], [u for u, old, new in seen if old > new])


def _reads(who: Viewer, complaint: Complaint) -> bool:
    return may_read(complaint.secrecy, standings(who, [complaint])[complaint.id])


PAGE = 50
FILES = 40  # files that one page of a case looks into: each says in its own row which cases it told of, maybe of all
ALL = pw.SQL("1 = 1")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)
LISTS, OPENINGS = 0, 1  # the log's two tables; of one moment the openings stand first
TABLES: tuple[type[Any], ...] = (Reading, Seen)
WRITTEN = re.compile("[0-9]{1,17}-[01]-[0-9]{1,10}", re.ASCII)  # microseconds until the year 5138


@dataclass(frozen=True, order=True)
class LogPlace:
    """Where in the log a row stands: its moment, its table, its number there."""

    at: datetime
    table: int
    row: int

    @classmethod
    def read(cls, written: str) -> "LogPlace | None":
        """The place that an address names, None for what is none."""
        if not WRITTEN.fullmatch(written):
            return None
        ticks, table, row = map(int, written.split("-"))
        return cls(EPOCH + ticks * TICK, table, row)

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // TICK}-{self.table}-{self.row}"


@dataclass(frozen=True)
class Access:
    """Somebody looked: at one case, or at a list or a file that told of several."""

    at: datetime
    user: int
    what: str
    case: int | None  # the one that was opened
    rows: int | None  # how many a list or a file told of
    asked: str = ""  # what was searched for, and the reason where one was given
    is_file: bool = False
    mandated: bool = False


@dataclass(frozen=True)
class Accesses:
    """One page of the log, and from where on the next one goes."""

    rows: list[Access]
    behind: LogPlace | None = None


def accesses_of(people: Sequence[int] | None, day: date | None = None, *, after: LogPlace | None = None) -> Accesses:
    """What these people looked at (None: anybody), on a day or ever. Each is asked for by an index of his own."""
    persons = [None] if people is None else people
    places = [
        place
        for table, model in enumerate(TABLES)
        for place in _newest(table, [_by(model, person) & _on(model, day) for person in persons], after)
    ]
    return _page(places)


def accesses_to(case: Complaint, *, after: LogPlace | None = None) -> Accesses:
    """Who looked at a case, by opening it, on a list or in a file."""
    files, end = _files_with(case, after)
    listed = Reading.select().join(ReadCase).where(ReadCase.complaint == case.id)
    lists = _newest(LISTS, [ALL], after, listed)
    return _page([*_newest(OPENINGS, [Seen.complaint == case.id], after), *lists, *files], end)


def accesses_among(query: Any, most: int = PAGE) -> list[Access]:
    """The newest of some rows of one of the two tables."""
    model = query.model
    found = query.select(model.at, model.id).order_by(model.at.desc(), model.id.desc()).limit(most).tuples()
    return _loaded([LogPlace(at, TABLES.index(model), row) for at, row in found])


def moments_of(first: date, last: date) -> tuple[datetime, datetime]:
    """From the midnight at which the one day begins to that at which the other ends."""
    return datetime.combine(first, time(), WIB), datetime.combine(last + timedelta(days=1), time(), WIB)


def _by(model: type[Any], person: int | None) -> Any:
    return ALL if person is None else model.user == person


def _on(model: type[Any], day: date | None) -> Any:
    if day is None:
        return ALL
    since, until = moments_of(day, day)
    return (model.at >= since) & (model.at < until)


def _behind(table: int, after: LogPlace | None) -> Any:
    """Condition: the row of this table comes behind the place."""
    if after is None:
        return ALL
    model = TABLES[table]
    if table > after.table:
        return model.at < after.at
    here = model.at <= after.at
    return here & ((model.at < after.at) | (model.id < after.row)) if table == after.table else here


def _newest(table: int, ways: Iterable[Any], after: LogPlace | None, rows: Any = None) -> list[LogPlace]:
    """The newest rows that fulfil one of the conditions; the limit within each lets the database stop there."""
    model = TABLES[table]
    behind, rows = _behind(table, after), model.select() if rows is None else rows
    order, limit = (model.at.desc(), model.id.desc()), PAGE + 1
    parts = [
        rows.select(model.at.alias("at"), model.id.alias("id")).where(way & behind).order_by(*order).limit(limit)
        for way in ways
    ]
    selects = [pw.Select([part], [part.c.at, part.c.id]) for part in (part.alias("part") for part in parts)]
    if not selects:
        return []
    union = reduce(lambda one, other: one.union_all(other), selects).bind(database).tuples()
    return sorted((LogPlace(model.at.python_value(at), table, row) for at, row in union), reverse=True)[:limit]


def _files_with(case: Complaint, after: LogPlace | None) -> tuple[list[LogPlace], LogPlace | None]:
    """The files that told of the case, and how far back they were looked into if there may be more."""
    since = (Reading.at >= case.recorded_at) & Reading.told.is_null(False) & _behind(LISTS, after)
    rows = Reading.select(Reading.at, Reading.id, Reading.told).where(since)
    newest = list(rows.order_by(Reading.at.desc(), Reading.id.desc()).limit(FILES))
    places = [LogPlace(row.at, LISTS, row.id) for row in newest]
    with_it = [place for place, row in zip(places, newest, strict=True) if any(case.id in span for span in row.told)]
    return with_it, places[-1] if len(places) == FILES else None


def _page(places: list[LogPlace], end: LogPlace | None = None) -> Accesses:
    """The first of these places, none behind the `end` up to which all are known."""
    known = sorted((place for place in places if end is None or place >= end), reverse=True)
    return Accesses(_loaded(known[:PAGE]), known[PAGE - 1] if len(known) > PAGE else end)


def _loaded(places: Sequence[LogPlace]) -> list[Access]:
    """The rows at these places, in their order."""
    opened = Seen.select().where(among(Seen.id, [place.row for place in places if place.table == OPENINGS]))
    listed = Reading.select().where(among(Reading.id, [place.row for place in places if place.table == LISTS]))
    rows = {(OPENINGS, row.id): _of_opening(row) for row in opened} | {(LISTS, r.id): _of_list(r) for r in listed}
    return [rows[place.table, place.row] for place in places]


def _of_opening(row: Seen) -> Access:
    return Access(row.at, row.user_id, row.what, row.complaint_id, None, mandated=row.mandate_id is not None)


def _of_list(row: Reading) -> Access:
    return Access(
        row.at,
        row.user_id,
        row.what,
        None,
        row.rows,
        asked_for(row),
        is_file=row.told is not None,
        mandated=row.mandate_id is not None,
    )


DAYS = 7
MANY = 30  # cases that one person opens within an hour; whoever takes a step for many at once opens none of them
MOST = 50
IN_A_STEP = "langkah"  # what is noted of a case on the page of a step


@dataclass(frozen=True)
class BusyHour:
    """Somebody who opened a great many cases within one hour."""

    user: int
    at: datetime
    cases: int


@dataclass(frozen=True)
class Standouts:
    """The four kinds of what stands out, the newest first."""

    first: date
    last: date
    secrets: list[Access]
    hours: list[BusyHour]
    files: list[Access]
    blind: list[Access]


def standouts(last: date) -> Standouts:
    """What stands out in the week that ends with this day; each kind is looked for within those days alone."""
    first = last - timedelta(days=DAYS - 1)
    since, until = moments_of(first, last)
    read = Reading.select().where((Reading.at >= since) & (Reading.at < until))
    return Standouts(
        first,
        last,
        _secrets(since, until),
        _hours(since, until),
        accesses_among(read.where(Reading.told.is_null(False)), MOST),
        accesses_among(read.where(Reading.what.in_(list(LOOKED_UP.values())) & (Reading.rows == 0)), MOST),
    )


def _secrets(since: datetime, until: datetime) -> list[Access]:
    """Secret cases opened by a Petugas who does not keep them, or from a unit that does not lead them. The Kepala Dinas
    decides on all of them, and a pengawas reads under his Surat Tugas, which every entry of his names."""
    kept = pw.fn.COALESCE(keeper_of(), pw.SQL("0")) == Seen.user
    led = Complaint.unit.is_null(False) & User.division.is_null(False) & (Complaint.unit == User.division)
    elsewhere = ((User.role == PETUGAS) & ~kept) | ((User.role == BIDANG) & ~led)
    opened = Seen.select().join(User, on=(User.id == Seen.user)).join_from(Seen, Complaint)
    within = (Seen.at >= since) & (Seen.at < until) & (Complaint.secrecy == "rahasia")
    return accesses_among(opened.where(within & elsewhere), MOST)


def _hours(since: datetime, until: datetime) -> list[BusyHour]:
    """By the hour of the clock: WIB, WITA and WIT are whole hours from UTC, in which moments are stored."""
    hour = pw.fn.SUBSTR(Seen.at.cast("text"), pw.SQL("1"), pw.SQL("13")).coerce(False)
    cases = pw.fn.COUNT(Seen.complaint.distinct())
    within = (Seen.at >= since) & (Seen.at < until) & (Seen.what != IN_A_STEP)
    counted = Seen.select(Seen.user, hour.alias("hour"), cases.alias("cases")).where(within)
    grouped = counted.group_by(Seen.user, pw.SQL("hour")).having(cases >= MANY).order_by(pw.SQL("hour").desc())
    return [
        BusyHour(user, datetime.fromisoformat(f"{at}:00:00+00:00").astimezone(WIB), count)
        for user, at, count in grouped.limit(MOST).tuples()
    ]
