"""Parsing of a file's rows as complaints, with dates in a dozen notations."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from models.complaint.complaint import Complaint, Person
from models.imports.columns import FileForm
from models.imports.tables import FileTable, mended
from models.store.base import YEARS

_MONTHS = (
    ("jan",),
    ("feb", "peb"),
    ("mar",),
    ("apr",),
    ("mei", "may"),
    ("jun",),
    ("jul",),
    ("agu", "aug", "agt", "ags"),
    ("sep",),
    ("okt", "oct"),
    ("nov", "nop"),
    ("des", "dec"),
)
_BY_NAME = {name: number for number, names in enumerate(_MONTHS, 1) for name in names}
CENTURY = 2_000  # added to two-digit years
_TIME = r"(?:[T ,]+(?:pukul |jam |pk[. ]+)?(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,]\d{1,9})?)?\s*(am|pm)?)?"
_ZONE = r"\s*(Z|UTC|WIB|WITA|WIT|[+-]\d{2}:?\d{2})?"
_YEAR = r"(\d{4}|\d{2})"
_ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}{_ZONE}", re.IGNORECASE)
_DAY_FIRST = re.compile(rf"(\d{{1,2}})[-/. ](\d{{1,2}})[-/. ]{_YEAR}{_TIME}{_ZONE}", re.IGNORECASE)
_MONTH_NAMED = re.compile(
    rf"(?:[a-z’']+, *)?(\d{{1,2}})[- ]([a-z]{{3,9}})\.?[- ,]+(\d{{4}}|\d{{2}}){_TIME}{_ZONE}", re.IGNORECASE
)
_SERIAL = re.compile(r"(?:3[7-9]|[4-6]\d)\d{3}(?:\.\d+)?")  # serial dates of spreadsheets: 2001 to 2091
_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)  # of serial dates
_ZONES = {"z": 0, "utc": 0, "wib": 7, "wita": 8, "wit": 9}


@dataclass(frozen=True)
class ReadMoment:
    """A moment from a file; `day_only` if the file has no time of day."""

    at: datetime
    day_only: bool


def read_moment(text: str, zone: tzinfo) -> ReadMoment | None:
    """Parse a moment to UTC, in the file's zone unless the text names another; None if it cannot be parsed.

    A date without a time is the start of that day in the zone.
    """
    text = " ".join(text.split())
    if _SERIAL.fullmatch(text):
        day = _EPOCH + timedelta(seconds=round(float(text) * 86_400))
        return _moment(day.replace(tzinfo=zone), day_only="." not in text)
    for form, year, date in ((_ISO, 0, 2), (_DAY_FIRST, 2, 0), (_MONTH_NAMED, 2, 0)):
        if match := form.fullmatch(text):
            groups = match.groups()
            day_parts = (groups[year], groups[1], groups[date])
            try:
                named = _named_zone(groups[7])
            except ValueError:  # no zone is a whole day from UTC
                return None
            return _of_parts(day_parts, groups[3:7], named or zone)
    return None


def _of_parts(day: tuple[str, str, str], clock: tuple[str | None, ...], zone: tzinfo) -> ReadMoment | None:
    year, month, date = day
    hour, minute, second, half = clock
    full_year = int(year) + (CENTURY if len(year) == 2 else 0)
    number = int(month) if month.isdigit() else _BY_NAME.get(month[:3].casefold(), 0)
    hours = int(hour or 0)
    if half:  # of a 12-hour clock
        hours = hours % 12 + 12 * (half.casefold() == "pm")
    try:
        at = datetime(full_year, number, int(date), hours, int(minute or 0), int(second or 0), tzinfo=zone)
    except ValueError:
        return None
    return _moment(at, day_only=hour is None)


def _named_zone(named: str | None) -> tzinfo | None:
    if not named:
        return None
    hours = _ZONES.get(named.casefold())
    if hours is not None:
        return timezone(timedelta(hours=hours))
    sign = -1 if named[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(named[1:3]), minutes=int(named[-2:])))


def _moment(at: datetime, *, day_only: bool) -> ReadMoment | None:
    return ReadMoment(at.astimezone(UTC), day_only) if at.year in YEARS else None


_NOTHING = frozenset(("", "-", "--", "–", "null", "none", "nan", "n/a", "tidak ada", "#n/a"))
_NUMBER_OF_FLOAT = re.compile(r"(\d+)\.0+")
_PLACE = "Alamat menurut berkas: {}"
_CALLED = "Judul menurut berkas: {}"
_NAMED = "Nama pengadu menurut berkas: {}"


@dataclass(frozen=True)
class IncomingCase:
    """A complaint parsed from a row; `line` is the row's number in the file, from 1.

    `received` is None if its date, in `day_told` as written, cannot be parsed. `answered` is the moment of the answer;
    None if there is none or if `answer_told`, as written, cannot be parsed or is before the receipt.
    """

    line: int
    reference: str
    received: ReadMoment | None
    day_told: str
    name: str
    anonymous: bool
    secret: bool
    title: str
    story: str
    place: str
    kelurahan: str
    kecamatan: str
    city: str
    topic: str
    office: str
    status: str
    closed: bool
    answered: ReadMoment | None = None
    answer_told: str = ""
    mended: bool = False  # the encoding of some cells was repaired


def incoming_cases(table: FileTable, form: FileForm, zone: tzinfo) -> Iterator[IncomingCase]:
    """The complaints of a file in its order, without empty rows. Times without a zone are in `zone`."""
    for place, row in enumerate(table.rows):
        if any(cell.strip() for cell in row):
            fields, was_mended = _by_field(table, form, row)
            yield _incoming(table.first + place, fields, was_mended, form, zone)


def _by_field(table: FileTable, form: FileForm, row: list[str]) -> tuple[dict[str, str], bool]:
    """Texts by field, of several columns the first that is not empty; and whether the encoding of any was repaired."""
    fields, was_mended = {}, False
    for field, heads in form.columns.items():
        cells = ((cell, mended(cell)) for cell in (table.cell(row, head) for head in heads))
        cell, fields[field] = next((pair for pair in cells if pair[1].casefold() not in _NOTHING), ("", ""))
        was_mended |= cell != fields[field] and cell.split() != fields[field].split()
    return fields, was_mended


def _incoming(line: int, fields: dict[str, str], was_mended: bool, form: FileForm, zone: tzinfo) -> IncomingCase:
    kind, status = fields.get("kind", "").casefold(), fields.get("status", "")
    day = f"{fields.get('day', '')} {fields.get('time', '')}".strip()
    title, name, place, more = _fitted(fields)
    reference = fields.get("reference", "")
    whole = _NUMBER_OF_FLOAT.fullmatch(reference)  # a ticket number to which a spreadsheet added decimals
    received = read_moment(day, zone) or read_moment(fields.get("day", ""), zone)
    answered = read_moment(fields.get("answered", ""), zone)
    return IncomingCase(
        line=line,
        reference=whole[1] if whole else " ".join(reference.split()),
        received=received,
        day_told=day,
        name=name,
        anonymous="anonim" in kind or not name,
        secret="rahasia" in kind,
        title=title,
        story="\n\n".join(text for text in (fields.get("story", ""), *more) if text),
        place=place,
        kelurahan=fields.get("kelurahan", ""),
        kecamatan=fields.get("kecamatan", ""),
        city=fields.get("city", ""),
        topic=fields.get("topic", ""),
        office=fields.get("office", ""),
        status=status,
        closed=answered is not None or (bool(form.closed) and status.casefold().startswith(form.closed)),
        answered=_answer_after(received, answered, zone),
        answer_told=fields.get("answered", ""),
        mended=was_mended,
    )


def _answer_after(received: ReadMoment | None, answered: ReadMoment | None, zone: tzinfo) -> ReadMoment | None:
    """The moment of an answer; None if before the receipt, but on the same day the receipt itself."""
    if received is None or answered is None or answered.at >= received.at:
        return answered
    same_day = answered.at.astimezone(zone).date() == received.at.astimezone(zone).date()
    return ReadMoment(received.at, True) if same_day else None


def _fitted(fields: dict[str, str]) -> tuple[str, str, str, list[str]]:
    """Title, name and place if they fit their columns, and the texts to append to the story for those that do not."""
    limits = (
        (fields.get("title", ""), Complaint.title.max_length, _CALLED),
        (fields.get("name", ""), Person.name.max_length, _NAMED),
        (fields.get("place", ""), Complaint.event_place.max_length, _PLACE),
    )
    title, name, place = (" ".join(text.split()) if len(text) <= limit else "" for text, limit, _ in limits)
    return title, name, place, [words.format(text) for text, limit, words in limits if len(text) > limit]
