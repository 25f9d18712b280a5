"""The access log: who opened a complaint, which lists and files told of many, who used a power that nobody notices.

Nothing of it is ever rewritten.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import peewee as pw

from models.complaint.complaint import Complaint
from models.complaint.scope import viewer
from models.office.people import Mandate, User
from models.store import seal
from models.store.base import Columns, Model, Moment, database, insert_rows, now

ASKED = "reading/asked"  # the label that search and filters are sealed under


class IdSpans(pw.TextField):
    """Ids of rows as the spans that they make, "3 7-12 40": what follows one another takes no room."""

    def db_value(self, value: Iterable[int] | None) -> str | None:
        return None if value is None else " ".join(_spans(sorted(set(value))))

    def python_value(self, value: Any) -> list[range] | None:
        return None if value is None else [_span(word) for word in value.split()]


def _spans(ids: list[int]) -> Iterator[str]:
    """Each stretch of ids that follow one another; they come in order."""
    breaks = [place for place in range(1, len(ids)) if ids[place] != ids[place - 1] + 1]
    for begin, end in zip([0, *breaks], [*breaks, len(ids)], strict=True):
        if begin < end:
            yield f"{ids[begin]}-{ids[end - 1]}" if end - begin > 1 else str(ids[begin])


def _span(word: str) -> range:
    first, _, last = word.partition("-")
    return range(int(first), int(last or first) + 1)


class Seen(Model):
    """Who opened a complaint, when and at which version: the access log, and what ends the right to recall."""

    append_only = True
    kept_by_digest = False
    complaint = pw.ForeignKeyField(Complaint, on_delete="RESTRICT")
    user = pw.ForeignKeyField(User, on_delete="RESTRICT")
    version = pw.IntegerField()
    at = Moment()
    what = pw.CharField(max_length=60, default="rincian")
    mandate = pw.ForeignKeyField(Mandate, null=True, on_delete="RESTRICT")  # the Surat Tugas that it was read under

    class Meta:
        indexes = ((("complaint", "version"), False), (("user", "at"), False), (("at",), False))


class Reading(Model):
    """A list or a file that told of many complaints at once: who, where, how many rows, under which search.

    A file says in its own row which complaints they were (`told`), since it may tell of all; a list, which tells of a
    page, in rows of `ReadCase`, as files did before they had the column.
    """

    append_only = True
    kept_by_digest = False
    user = pw.ForeignKeyField(User, on_delete="RESTRICT", index=False)
    at = Moment()
    what = pw.CharField(max_length=60)
    rows = pw.IntegerField()
    asked = pw.BlobField(null=True)  # what was typed, sealed: people search for names
    mandate = pw.ForeignKeyField(Mandate, null=True, on_delete="RESTRICT")
    told = IdSpans(null=True)

    class Meta:
        indexes = ((("user", "at"), False), (("at",), False))


Reading.add_index(Reading.id, where=Reading.told.is_null(False), name="reading_of_file")
Reading.add_index(Reading.at, Reading.id, where=Reading.told.is_null(False), name="reading_of_file_by_day")


class ReadCase(Model):
    """A complaint that such a list or file told of."""

    append_only = True
    kept_by_digest = False
    reading = pw.ForeignKeyField(Reading, on_delete="RESTRICT", backref="cases")
    complaint = pw.ForeignKeyField(Complaint, on_delete="RESTRICT")


LINK_MADE, LINK_USED, OPENED_UP = "link_made", "link_used", "opened_up"


class PowerUse(Model):
    """A quiet power that somebody used: a one-time link to another's account, made or used, or a rahasia case opened to
    more people. It stands on the start pages of those who watch over that, until each of them has seen it."""

    append_only = True
    kept_by_digest = False
    kind = pw.CharField(max_length=20, choices=((LINK_MADE, LINK_MADE), (LINK_USED, LINK_USED), (OPENED_UP, OPENED_UP)))
    by = pw.ForeignKeyField(User, on_delete="RESTRICT", index=False, backref="+")
    person = pw.ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="+")  # whose link it was
    complaint = pw.ForeignKeyField(Complaint, null=True, on_delete="RESTRICT", backref="+")
    at = Moment(default=now, index=True)
    made_at = Moment(null=True)  # of a link that was used
    address = pw.CharField(max_length=45, default="")  # from where


class PowerUseSeen(Model):
    """Who has seen such a use, and when."""

    append_only = True
    kept_by_digest = False
    use = pw.ForeignKeyField(PowerUse, on_delete="RESTRICT", index=False, backref="+")
    user = pw.ForeignKeyField(User, on_delete="RESTRICT", backref="+")
    at = Moment(default=now)

    class Meta:
        indexes = ((("use", "user"), True),)


def note_reading(user: User, what: str, cases: Sequence[int], *, rows: int, asked: str = "") -> None:
    """Note a list: whose, what it was, how many rows, what was searched for, which complaints it told of."""
    write_reading(row_of_reading(user, what, rows=rows, asked=asked), cases)


def row_of_reading(user: User, what: str, *, rows: int, asked: str) -> Columns:
    """What the log says of a list or a file that is read now; what was asked is still as it was typed."""
    return {"user": user.id, "at": now(), "what": what[:60], "rows": rows, "asked": asked} | {
        "mandate": viewer(user).mandate
    }


def write_reading(row: Columns, cases: Sequence[int]) -> None:
    """The row of a list, with a row for each complaint that it told of."""
    with database.atomic():
        reading = Reading.create(**_sealed(row))
        insert_rows(ReadCase, [{"reading": reading.id, "complaint": number} for number in cases])


def note_file(user: User, what: str, cases: Sequence[int], *, rows: int, asked: str = "") -> None:
    """Note a file that was taken, in one row whatever it tells of."""
    Reading.create(**_sealed(row_of_reading(user, what, rows=rows, asked=asked)), told=cases)


def _sealed(row: Columns) -> Columns:
    return {**row, "asked": seal.ring().panel.close_text(ASKED, row["asked"])}


def asked_for(reading: Reading) -> str:
    """The search and the filters of a reading, in words."""
    return seal.ring().panel.open_text(ASKED, reading.asked)


def cases_of(reading: Reading) -> set[int]:
    """The complaints that a list or a file told of."""
    listed = [row.complaint_id for row in reading.cases]
    return {*listed, *(number for span in reading.told or () for number in span)}


def readings_of(complaint: int) -> list[Reading]:
    """The lists and files that told of a complaint, the oldest first: who saw it besides those who opened it."""
    listed = ReadCase.select(ReadCase.reading).where(ReadCase.complaint == complaint)
    files = Reading.select(Reading.id, Reading.told).where(Reading.told.is_null(False)).iterator()
    taken = [reading.id for reading in files if any(complaint in span for span in reading.told)]
    return list(Reading.select().where(Reading.id.in_(listed) | Reading.id.in_(taken)).order_by(Reading.id))
