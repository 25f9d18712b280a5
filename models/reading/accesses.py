"""Queries of the access log: pages, conspicuous accesses, and whose read access a correction changes."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain, islice
from typing import Any

import peewee as pw

from models.complaint.accesslog import ReadCase, Reading, Seen, asked_for
from models.complaint.complaint import Complaint, petugas_of
from models.complaint.lookup import LOOKED_UP
from models.complaint.scope import Involved, Viewer, relations, viewer
from models.office.people import BY_NAME, User
from models.store.base import among, database, union_all
from sop.access import CONTENT, may_read
from sop.clock import WIB
from sop.procedure import BIDANG, PETUGAS

SEEN_BY = ("secrecy", "category", "emergency")  # columns that decide who may read a case before its disposition


@dataclass(frozen=True)
class SightChange:
    """The users who gain read access to the case, and those who lose it."""

    gained: list[User]
    lost: list[User]


def sight_change(before: Complaint, after: Complaint) -> SightChange:
    """The users whose read access changes from `before` to `after`; empty if no column of SEEN_BY differs."""
    if all(before.__data__[name] == after.__data__[name] for name in SEEN_BY):
        return SightChange([], [])
    people = User.select().where(User.active & User.role.in_(sorted(CONTENT))).order_by(BY_NAME)
    involved = Involved.of([before, after])
    seen = [(who.user, _reads(who, before, involved), _reads(who, after, involved)) for who in map(viewer, people)]
    return SightChange([u for u, old, new in seen if new > old], [u for u, old, new in seen if old > new])


def _reads(who: Viewer, complaint: Complaint, involved: Involved) -> bool:
    return may_read(complaint.secrecy, relations(who, [complaint], involved)[complaint.id])


PAGE = 50
FILES = 40  # exports checked per page of a case: their rows store the ids of all included cases
ALL = pw.SQL("1 = 1")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)
LISTS, OPENINGS = 0, 1  # indexes of TABLES; at the same moment openings come first
TABLES: tuple[type[Any], ...] = (Reading, Seen)
WRITTEN = re.compile("[0-9]{1,17}-[01]-[0-9]{1,10}", re.ASCII)  # microseconds until the year 5138


@dataclass(frozen=True, order=True)
class LogPlace:
    """Sort key of a log row and cursor for paging: moment, index of its table, row id."""

    at: datetime
    table: int
    row: int

    @classmethod
    def read(cls, written: str) -> "LogPlace | None":
        """Parse the cursor of a URL; None if it is malformed."""
        if not WRITTEN.fullmatch(written):
            return None
        ticks, table, row = map(int, written.split("-"))
        return cls(EPOCH + ticks * TICK, table, row)

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // TICK}-{self.table}-{self.row}"


@dataclass(frozen=True)
class Access:
    """One access by a user: to one case, or to a list or file with several."""

    at: datetime
    user: int
    what: str
    case: int | None  # the opened case; None for a list or file
    rows: int | None  # number of cases in the list or file
    asked: str = ""  # search terms, and the reason if one was given
    is_file: bool = False
    mandated: bool = False


@dataclass(frozen=True)
class Accesses:
    """One page of the log, and the cursor of the next page."""

    rows: list[Access]
    behind: LogPlace | None = None


def accesses_of(people: Sequence[int] | None, day: date | None = None, *, after: LogPlace | None = None) -> Accesses:
    """Accesses by these users (None: all), on a day or ever. One index scan for each user."""
    places: list[LogPlace] = []
    for table, model in enumerate(TABLES):
        of_users = [ALL] if people is None else [model.user == person for person in people]
        on_day = ALL
        if day is not None:
            since, until = moments_of(day, day)
            on_day = (model.at >= since) & (model.at < until)
        places += _newest(table, [of_user & on_day for of_user in of_users], after)
    return _page(places)


def accesses_to(case: Complaint, *, after: LogPlace | None = None) -> Accesses:
    """Accesses to a case: openings, lists and files."""
    files, end = _files_with(case, after)
    listed = Reading.select().join(ReadCase).where(ReadCase.complaint == case.id)
    lists = _newest(LISTS, [ALL], after, listed)
    return _page([*_newest(OPENINGS, [Seen.complaint == case.id], after), *lists, *files], end)


def moments_of(first: date, last: date) -> tuple[datetime, datetime]:
    """Half-open range of moments from the start of the first day to the end of the last (WIB)."""
    return datetime.combine(first, time(), WIB), datetime.combine(last + timedelta(days=1), time(), WIB)


def _behind(table: int, after: LogPlace | None) -> Any:
    """Condition: the row of this table comes after the cursor."""
    if after is None:
        return ALL
    model = TABLES[table]
    if table > after.table:
        return model.at < after.at
    until = model.at <= after.at
    return until & ((model.at < after.at) | (model.id < after.row)) if table == after.table else until


def _newest(table: int, ways: Iterable[Any], after: LogPlace | None, rows: Any = None) -> list[LogPlace]:
    """The newest rows that meet one of the conditions; a limit in each sub-select keeps the scans short."""
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
    union = union_all(selects).bind(database).tuples()
    return sorted((LogPlace(model.at.python_value(at), table, row) for at, row in union), reverse=True)[:limit]


def _files_with(case: Complaint, after: LogPlace | None) -> tuple[list[LogPlace], LogPlace | None]:
    """The files that include the case, and the last file checked if there may be more."""
    since = (Reading.at >= case.recorded_at) & Reading.told.is_null(False) & _behind(LISTS, after)
    rows = Reading.select(Reading.at, Reading.id, Reading.told).where(since)
    newest = list(rows.order_by(Reading.at.desc(), Reading.id.desc()).limit(FILES))
    places = [LogPlace(row.at, LISTS, row.id) for row in newest]
    with_it = [place for place, row in zip(places, newest, strict=True) if any(case.id in span for span in row.told)]
    return with_it, places[-1] if len(places) == FILES else None


def _page(places: list[LogPlace], end: LogPlace | None = None) -> Accesses:
    """A page of these rows; none older than `end`, up to which the list is complete."""
    known = sorted((place for place in places if end is None or place >= end), reverse=True)
    return Accesses(_loaded(known[:PAGE]), known[PAGE - 1] if len(known) > PAGE else end)


def _loaded(places: Sequence[LogPlace]) -> list[Access]:
    """The rows of these cursors, in the same order."""
    opened = Seen.select().where(among(Seen.id, [place.row for place in places if place.table == OPENINGS]))
    listed = Reading.select().where(among(Reading.id, [place.row for place in places if place.table == LISTS]))
    rows: dict[tuple[int, int], Access] = {}
    for row in opened:
        mandated = row.mandate_id is not None
        rows[OPENINGS, row.id] = Access(row.at, row.user_id, row.what, row.complaint_id, None, mandated=mandated)
    for row in listed:
        rows[LISTS, row.id] = Access(
            row.at,
            row.user_id,
            row.what,
            None,
            row.rows,
            asked_for(row),
            is_file=row.told is not None,
            mandated=row.mandate_id is not None,
        )
    return [rows[place.table, place.row] for place in places]


DAYS = 7
MANY = 30  # cases opened by one user within an hour; bulk steps do not count
MOST = 50
IN_A_STEP = "langkah"  # `what` of entries logged by the page of a step


@dataclass(frozen=True)
class BusyHour:
    """A user who opened at least MANY cases within one hour."""

    user: int
    at: datetime
    cases: int


@dataclass(frozen=True)
class ConspicuousAccesses:
    """The four kinds of conspicuous accesses, newest first."""

    first: date
    last: date
    secrets: list[Access]
    hours: list[BusyHour]
    files: list[Access]
    blind: list[Access]


def conspicuous_accesses(last: date) -> ConspicuousAccesses:
    """Conspicuous accesses in the week that ends with this day."""
    first = last - timedelta(days=DAYS - 1)
    since, until = moments_of(first, last)
    read = Reading.select().where((Reading.at >= since) & (Reading.at < until))
    blind = Reading.what.in_(list(LOOKED_UP.values())) & (Reading.rows == 0)
    queries = _secrets(since, until), read.where(Reading.told.is_null(False)), read.where(blind)
    places = [_newest_of(query) for query in queries]
    rows = iter(_loaded([*chain(*places)]))
    secrets, files, blind_ones = ([*islice(rows, len(of_query))] for of_query in places)
    return ConspicuousAccesses(first, last, secrets, _hours(since, until), files, blind_ones)


def _newest_of(query: Any) -> list[LogPlace]:
    """The newest rows of a query on one of the two tables."""
    model = query.model
    newest = query.select(model.at, model.id).order_by(model.at.desc(), model.id.desc()).limit(MOST).tuples()
    return [LogPlace(at, TABLES.index(model), row) for at, row in newest]


def _secrets(since: datetime, until: datetime) -> Any:
    """Secret cases opened by a Petugas who is not their keeper, or from a unit that does not lead them. Not by the
    Kepala Dinas, who decides on all of them, nor by a pengawas, whose entries name his Surat Tugas."""
    is_keeper = pw.fn.COALESCE(petugas_of(), pw.SQL("0")) == Seen.user
    led = Complaint.unit.is_null(False) & User.division.is_null(False) & (Complaint.unit == User.division)
    elsewhere = ((User.role == PETUGAS) & ~is_keeper) | ((User.role == BIDANG) & ~led)
    opened = Seen.select().join(User, on=(User.id == Seen.user)).join_from(Seen, Complaint)
    within = (Seen.at >= since) & (Seen.at < until) & (Complaint.secrecy == "rahasia")
    return opened.where(within & elsewhere)


def _hours(since: datetime, until: datetime) -> list[BusyHour]:
    """Grouped by hour in UTC, as stored: WIB, WITA and WIT differ from it by whole hours."""
    hour = pw.fn.SUBSTR(Seen.at.cast("text"), pw.SQL("1"), pw.SQL("13")).coerce(False)
    cases = pw.fn.COUNT(Seen.complaint.distinct())
    within = (Seen.at >= since) & (Seen.at < until) & (Seen.what != IN_A_STEP)
    counted = Seen.select(Seen.user, hour.alias("hour"), cases.alias("cases")).where(within)
    grouped = counted.group_by(Seen.user, pw.SQL("hour")).having(cases >= MANY).order_by(pw.SQL("hour").desc())
    return [
        BusyHour(user, datetime.fromisoformat(f"{at}:00:00+00:00").astimezone(WIB), count)
        for user, at, count in grouped.limit(MOST).tuples()
    ]
