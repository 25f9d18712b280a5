"""The access log: who opened a complaint, which lists and exports showed many, who used a privilege.

All its tables are append-only.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import peewee as pw

from models.complaint.complaint import Complaint
from models.complaint.scope import viewer
from models.office.people import Mandate, User
from models.store import seal
from models.store.base import Columns, Model, Moment, database, insert_rows, now

ASKED = "reading/asked"  # seal label of search and filters


class IdSpans(pw.TextField):
    """Row ids as text with ranges for consecutive ones: "3 7-12 40"."""

    def db_value(self, value: Iterable[int] | None) -> str | None:
        if value is None:
            return None
        ids = sorted(set(value))
        breaks = [place for place in range(1, len(ids)) if ids[place] != ids[place - 1] + 1]
        spans = [(ids[begin], ids[end - 1]) for begin, end in pairwise([0, *breaks, len(ids)]) if begin < end]
        return " ".join(f"{first}-{last}" if first < last else str(first) for first, last in spans)

    def python_value(self, value: Any) -> list[range] | None:
        if value is None:
            return None
        ends = (word.partition("-") for word in value.split())
        return [range(int(first), int(last or first) + 1) for first, _, last in ends]


class Seen(Model):
    """Who opened a complaint, when and at which version; an act can be recalled until another user has seen it."""

    append_only = True
    in_digest = False
    complaint = pw.ForeignKeyField(Complaint, on_delete="RESTRICT")
    user = pw.ForeignKeyField(User, on_delete="RESTRICT")
    version = pw.IntegerField()
    at = Moment()
    what = pw.CharField(max_length=60, default="rincian")
    mandate = pw.ForeignKeyField(Mandate, null=True, on_delete="RESTRICT")  # the Surat Tugas of a pengawas

    class Meta:
        indexes = ((("complaint", "version"), False), (("user", "at"), False), (("at",), False))


class Reading(Model):
    """A list or an exported file that showed many complaints: who, where, how many rows, with which search.

    The complaints of a file, which may be all, are in its own row (`told`); those of a list, which shows one page, in
    rows of `ReadCase`, as files had before the column was added.
    """

    append_only = True
    in_digest = False
    user = pw.ForeignKeyField(User, on_delete="RESTRICT", index=False)
    at = Moment()
    what = pw.CharField(max_length=60)
    rows = pw.IntegerField()
    asked = pw.BlobField(null=True)  # search and filters, sealed: people search for names
    mandate = pw.ForeignKeyField(Mandate, null=True, on_delete="RESTRICT")
    told = IdSpans(null=True)

    class Meta:
        indexes = ((("user", "at"), False), (("at",), False))


Reading.add_index(Reading.id, where=Reading.told.is_null(False), name="reading_of_file")
Reading.add_index(Reading.at, Reading.id, where=Reading.told.is_null(False), name="reading_of_file_by_day")


class ReadCase(Model):
    """A complaint shown by a list, or by a file of before the column `told`."""

    append_only = True
    in_digest = False
    reading = pw.ForeignKeyField(Reading, on_delete="RESTRICT", backref="cases")
    complaint = pw.ForeignKeyField(Complaint, on_delete="RESTRICT")


LINK_MADE, LINK_USED, OPENED_UP = "link_made", "link_used", "opened_up"


class PowerUse(Model):
    """The use of a privilege: a one-time password link for another account, made or used, or a rahasia case opened to
    more users. It is shown on the start pages of the users who supervise it, until each of them has seen it."""

    append_only = True
    in_digest = False
    kind = pw.CharField(max_length=20, choices=((LINK_MADE, LINK_MADE), (LINK_USED, LINK_USED), (OPENED_UP, OPENED_UP)))
    by = pw.ForeignKeyField(User, on_delete="RESTRICT", index=False, backref="+")
    person = pw.ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")  # the account of the link
    complaint = pw.ForeignKeyField(Complaint, null=True, on_delete="RESTRICT", backref="+")
    at = Moment(default=now, index=True)
    made_at = Moment(null=True)  # when a used link was made
    address = pw.CharField(max_length=45, default="")  # IP address


class PowerUseSeen(Model):
    """Which supervisor has seen a PowerUse, and when."""

    append_only = True
    in_digest = False
    use = pw.ForeignKeyField(PowerUse, on_delete="RESTRICT", index=False, backref="+")
    user = pw.ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    at = Moment(default=now)

    class Meta:
        indexes = ((("use", "user"), True),)


def record_reading(user: User, what: str, cases: Sequence[int], *, rows: int, asked: str = "") -> None:
    """Record a list: user, kind, number of rows, search, and the complaints that it showed."""
    write_reading(row_of_reading(user, what, rows=rows, asked=asked), cases)


def row_of_reading(user: User, what: str, *, rows: int, asked: str) -> Columns:
    """The columns of a Reading as of now; `asked` is not sealed yet."""
    return {"user": user.id, "at": now(), "what": what[:60], "rows": rows, "asked": asked} | {
        "mandate": viewer(user).mandate
    }


def write_reading(row: Columns, cases: Sequence[int]) -> None:
    """Insert the row of a list, and a row for each complaint that it showed."""
    with database.atomic():
        reading = Reading.create(**_sealed(row))
        insert_rows(ReadCase, [{"reading": reading.id, "complaint": number} for number in cases])


def record_export(user: User, what: str, cases: Sequence[int], *, rows: int, asked: str = "") -> None:
    """Record an exported file in a single row."""
    Reading.create(**_sealed(row_of_reading(user, what, rows=rows, asked=asked)), told=cases)


def _sealed(row: Columns) -> Columns:
    return {**row, "asked": seal.ring().panel.close_text(ASKED, row["asked"])}


def asked_for(reading: Reading) -> str:
    """The search and filters of a reading, decrypted."""
    return seal.ring().panel.open_text(ASKED, reading.asked)


def cases_of(reading: Reading) -> set[int]:
    """The ids of the complaints that a list or file showed."""
    listed = [row.complaint_id for row in reading.cases]
    return {*listed, *(number for span in reading.told or () for number in span)}


def readings_of(complaint: int) -> list[Reading]:
    """The lists and files that showed a complaint, oldest first."""
    listed = ReadCase.select(ReadCase.reading).where(ReadCase.complaint == complaint)
    files = Reading.select(Reading.id, Reading.told).where(Reading.told.is_null(False)).iterator()
    in_files = [reading.id for reading in files if any(complaint in span for span in reading.told)]
    return list(Reading.select().where(Reading.id.in_(listed) | Reading.id.in_(in_files)).order_by(Reading.id))
