"""What stands out in the access log within a few days: nobody is accused by it, somebody should be asked."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import peewee as pw

from models.office.people import User
from models.reading.accesses import Access, accesses_among, moments_of
from models.search.find import LOOKED_UP
from models.tables.accesslog import Reading, Seen
from models.tables.complaint import Complaint, keeper_of
from sop.clock import WIB
from sop.procedure import BIDANG, PETUGAS

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
    """By the hour of the clock: offices stand whole hours apart from UTC, by which moments are kept."""
    hour = pw.fn.SUBSTR(Seen.at.cast("text"), pw.SQL("1"), pw.SQL("13")).coerce(False)
    cases = pw.fn.COUNT(Seen.complaint.distinct())
    within = (Seen.at >= since) & (Seen.at < until) & (Seen.what != IN_A_STEP)
    counted = Seen.select(Seen.user, hour.alias("hour"), cases.alias("cases")).where(within)
    grouped = counted.group_by(Seen.user, pw.SQL("hour")).having(cases >= MANY).order_by(pw.SQL("hour").desc())
    return [BusyHour(user, _moment(at), count) for user, at, count in grouped.limit(MOST).tuples()]


def _moment(hour: str) -> datetime:
    return datetime.fromisoformat(f"{hour}:00:00+00:00").astimezone(WIB)
