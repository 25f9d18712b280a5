"""Holidays of a whole list: those that the library knows of a year, and entering many in one transaction."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from models.case.attachments import record_edit
from models.complaint.scope import Viewer
from models.office.calendar import Holiday
from models.office.holiday_list import JOINT, PUBLIC, HolidayLine, insert_holidays
from models.store.base import Columns, database
from models.workflow import moves
from sop.words import format_date

MOST_LISTED = 20  # of them in one entry of the history
CATEGORIES = ((PUBLIC, "public"), (JOINT, "government"))  # by kind of Holiday, as the library names them


def library_holidays(years: Iterable[int]) -> list[Columns]:
    """The public holidays and the cuti bersama of these years that the package `holidays` knows, as rows of the table,
    at most one a day. Days by the moon are estimates until the government has announced them; then "(perkiraan)" ends
    the name."""
    import holidays  # imported here because it loads the calendars of many peoples

    rows: dict[object, Columns] = {}
    for kind, category in CATEGORIES:
        known = holidays.country_holidays("ID", years=years, categories=(category,), language="id")
        for day, name in sorted(known.items()):
            rows.setdefault(day, {"day": day, "name": name[:120], "kind": kind})
    return list(rows.values())


def add_holidays(years: range) -> None:
    """Add what the library knows of these years to the table of a new office; days already there stay."""
    for row in library_holidays(years):
        Holiday.insert(**row).on_conflict_ignore().execute()


@dataclass(frozen=True)
class EnteredHolidays:
    """How many holidays were entered, and of how many open complaints the due times changed with them."""

    count: int
    moved: int


def enter_holidays(
    lines: Sequence[HolidayLine], *, compared: bool, by: Viewer, columns: Sequence[str], at: datetime
) -> EnteredHolidays:
    """Enter these holidays and recompute due times, all or nothing; `compared`: the user has compared them with the
    decree. HoursUnknown if no working day would be left."""
    if not lines:
        return EnteredHolidays(0, 0)
    with database.atomic():
        first, *_ = insert_holidays(lines)
        record_edit(first, columns, by=by, what=_history_text(lines, compared=compared), at=at)
        return EnteredHolidays(len(lines), moves.recompute(at))


def _history_text(lines: Sequence[HolidayLine], *, compared: bool) -> str:
    named = "; ".join(f"{format_date(line.day)} {line.name}" for line in lines[:MOST_LISTED])
    more = f"; dan {len(lines) - MOST_LISTED} lagi" if len(lines) > MOST_LISTED else ""
    decree = " setelah dicocokkan dengan SKB" if compared else ""
    return f"memasukkan {len(lines)} hari libur{decree}: {named}{more}"
