"""A typed or pasted list of holidays: its lines read, and what each would do to the office's table."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from models.office.calendar import Holiday
from models.store.base import insert_rows, is_mistyped, year_wanted
from models.store.uploads import visible_text
from sop.words import MONTHS, WEEKDAYS, format_date

MOST_LINES, MOST_LETTERS, LONGEST = 200, 20_000, 120
PUBLIC, JOINT = "libur", "cuti"  # kinds of Holiday
KIND_NAMES = {
    "cuti bersama": JOINT,
    "cuti": JOINT,
    "libur nasional": PUBLIC,
    "hari libur nasional": PUBLIC,
    "hari libur": PUBLIC,
    "libur": PUBLIC,
}
OTHER_SPELLINGS = {"pebruari": 2, "agt": 8, "ags": 8, "agst": 8, "nop": 11, "nopember": 11}
MONTH_NUMBERS = {**{name.casefold(): number for number, name in enumerate(MONTHS, 1)}, **OTHER_SPELLINGS}
DAY_NAMES = {name.casefold() for name in (*WEEKDAYS, "Jum'at", "Jum’at", "Ahad")}
NUMBERED = re.compile(r"\d{1,3}[.)]?\s+(?=\d{1,2}\s+[A-Za-z]|\d{1,4}[-/.])", re.ASCII)  # as "3. 19 Maret 2027"
ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?!\d)", re.ASCII)
FIGURES = re.compile(r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{2,4})(?!\d)", re.ASCII)
WORDS = re.compile(r"(?P<day>\d{1,2})[ -](?P<month>[A-Za-z]{3,9})\.?[ -](?P<year>\d{2,4})(?!\d)", re.ASCII)
SEVERAL = re.compile(r"\d{1,2}\s*(?:-|–|,|&|dan|s\.?d\.?|sampai)\s*\d{1,2}\s+[A-Za-z]{3,}", re.ASCII | re.IGNORECASE)
ESTIMATED, NO_LETTERS = "(perkiraan)", " .,;:–-|()\"'"

NO_DATE = "Tanggalnya tidak terbaca. Tulis misalnya 1 Januari 2027 atau 2027-01-01, lalu namanya."
NO_SUCH_DAY = "Tanggal itu tidak ada pada kalender."
SEVERAL_DAYS = "Tulis satu tanggal tiap baris."
NO_NAME = "Nama hari liburnya belum ada."
TOO_LONG = f"Namanya paling panjang {LONGEST} huruf."
TWICE = "Tanggal ini sudah disebut pada baris {}."
STANDS = "Sudah tercatat."
STANDS_OTHERWISE = "Sudah tercatat sebagai “{}”; yang tercatat tidak diubah."
STANDS_OFF = "Tercatat “{}” yang tidak berlaku; ubah pada daftar bila perlu."
NAMED_TWICE = "“{}” sudah tercatat pada {}. Centang bila memang dua kali setahun."
GUESSED = "Perkiraan; cocokkan tanggalnya dengan SKB."
OF_DECREE = "Cocokkan dengan SKB."


@dataclass(frozen=True)
class HolidayLine:
    """A line of the list: its number, its text and what was read from it, or why nothing was."""

    number: int
    text: str
    day: date | None = None
    name: str = ""
    kind: str = PUBLIC
    is_estimate: bool = False
    fault: str = ""


NEW, DOUBTED, KNOWN, REFUSED = "new", "doubted", "known", "refused"
VERDICTS = {NEW: "Baru", DOUBTED: "Baru, periksa", KNOWN: "Sudah ada", REFUSED: "Dilewati"}


@dataclass(frozen=True)
class JudgedHoliday:
    """A line with its effect on the table."""

    line: HolidayLine
    verdict: str
    why: str = ""

    @property
    def label(self) -> str:
        return VERDICTS[self.verdict]

    @property
    def is_proposed(self) -> bool:
        return self.verdict == NEW

    @property
    def can_be_entered(self) -> bool:
        return self.verdict in (NEW, DOUBTED)


def list_objection(text: str) -> str:
    """Why the list is not read at all, "" if it is."""
    if not text.strip():
        return "Tempel atau ketik daftarnya dahulu, satu hari libur tiap baris."
    if len(text) > MOST_LETTERS or len(text.splitlines()) > MOST_LINES:
        return f"Daftarnya paling panjang {MOST_LINES} baris. Masukkan dalam beberapa bagian."
    return ""


def read_lines(text: str) -> list[HolidayLine]:
    """The lines that are not blank, each with its day, name and kind, or with the reason why it cannot be read."""
    lines = ((number, visible_text(line)) for number, line in enumerate(_columns_marked(text), 1))
    return [_read_line(number, line) for number, line in lines if line.strip(" ;")]


def _columns_marked(text: str) -> list[str]:
    """The lines with ";" between their columns, which a spreadsheet separates by tabs."""
    return text.replace("\r\n", "\n").replace("\t", " ; ").split("\n")


def _read_line(number: int, text: str) -> HolidayLine:
    line = HolidayLine(number, text.replace(" ; ", "  ").strip())
    cells = [cell.strip(' "|,') for cell in text.split(";")]
    cells = [cell for cell in cells if cell and cell.casefold() not in DAY_NAMES]
    if len(cells) > 1:
        cells = [cell for cell in cells if not re.fullmatch(r"\d{1,3}\.?", cell, re.ASCII)]  # their numbers
    kind, words = "", []
    for cell in cells:
        if len(cells) > 2 and cell.casefold() in KIND_NAMES:
            kind = KIND_NAMES[cell.casefold()]
        else:
            words.append(cell)
    return _read_words(line, " ".join(words), kind)


def _read_words(line: HolidayLine, words: str, kind: str) -> HolidayLine:
    """The line with the date and the name in these words; the date may also stand behind the name."""
    words = NUMBERED.sub("", words, count=1) if NUMBERED.match(words) else words
    if SEVERAL.match(words):
        return replace(line, fault=SEVERAL_DAYS)
    written = next(filter(None, (pattern.search(words) for pattern in (ISO, WORDS, FIGURES))), None)
    if written is None:
        return replace(line, fault=NO_DATE)
    day, fault = _day_of(written)
    if fault:
        return replace(line, fault=fault)
    name = _name_around(words[: written.start()].split(), words[written.end() :].replace(",", " ", 1).split())
    is_estimate = ESTIMATED in name.casefold()
    name = " ".join(re.sub(re.escape(ESTIMATED), "", name, flags=re.IGNORECASE).split())
    kind = kind or (JOINT if name.casefold().startswith("cuti") else PUBLIC)
    fault = NO_NAME if not name else TOO_LONG if len(name) > LONGEST else ""
    return replace(line, day=day, name=name, kind=kind, is_estimate=is_estimate, fault=fault)


def _name_around(before: list[str], after: list[str]) -> str:
    """The name made of the words before and after a date, without the weekday next to the date."""
    if before and _is_weekday(before[-1]):
        before.pop()
    if after and _is_weekday(after[0]):
        after.pop(0)
    return " ".join((*before, *after)).strip(" .,;:–-|\"'")


def _is_weekday(word: str) -> bool:
    return word.strip(NO_LETTERS).casefold() in DAY_NAMES


def _day_of(written: re.Match[str]) -> tuple[date | None, str]:
    month = written["month"]
    number = int(month) if month.isdigit() else _month_number(month)
    if not number:
        return None, NO_DATE
    try:
        day = date(int(written["year"]), number, int(written["day"]))
    except ValueError:
        return None, NO_SUCH_DAY
    return day, year_wanted() if len(written["year"]) < 4 or is_mistyped(day) else ""


def _month_number(word: str) -> int:
    """The month that this word names or abbreviates, 0 if there is none."""
    word = word.casefold()
    if word in MONTH_NUMBERS:
        return MONTH_NUMBERS[word]
    return next((number for name, number in MONTH_NUMBERS.items() if name.startswith(word)), 0)


def judged_lines(lines: Sequence[HolidayLine], *, proposed: bool = False) -> list[JudgedHoliday]:
    """The effect of each line on the table now, in the order of the days, those that cannot be read first.

    `proposed`: the list is not the office's own, so that a joint leave is to be compared with the decree.
    """
    stored = {row.day: row for row in Holiday.select()}
    days_by_name = {(row.name.casefold(), row.day.year): row.day for row in stored.values() if row.kind == PUBLIC}
    first: dict[date, int] = {}
    judged = []
    for line in lines:
        if line.fault or line.day is None:
            judged.append(JudgedHoliday(line, REFUSED, line.fault))
        elif line.day in first:
            judged.append(JudgedHoliday(line, REFUSED, TWICE.format(first[line.day])))
        else:
            first[line.day] = line.number
            other = days_by_name.get((line.name.casefold(), line.day.year))
            judged.append(_judged(line, stored.get(line.day), other, proposed=proposed))
    return sorted(judged, key=lambda one: (one.verdict != REFUSED, one.line.day or date.min, one.line.number))


def _judged(line: HolidayLine, stored: Holiday | None, other: date | None, *, proposed: bool) -> JudgedHoliday:
    if stored is not None:
        is_same = line.name.casefold() in stored.name.casefold()
        why = STANDS if is_same else STANDS_OTHERWISE.format(stored.name)
        return JudgedHoliday(line, KNOWN, why if stored.active else STANDS_OFF.format(stored.name))
    if other and line.kind == PUBLIC:
        return JudgedHoliday(line, DOUBTED, NAMED_TWICE.format(line.name, format_date(other)))
    if line.is_estimate:
        return JudgedHoliday(line, NEW, GUESSED)
    return JudgedHoliday(line, NEW, OF_DECREE if proposed and line.kind == JOINT else "")


def insert_holidays(lines: Sequence[HolidayLine]) -> list[Holiday]:
    """The rows made of these lines. Call inside the transaction that writes the history."""
    new = {"active": True, "version": 1}
    insert_rows(Holiday, [{**new, "day": line.day, "name": line.name, "kind": line.kind} for line in lines])
    days = [line.day for line in lines]
    return list(Holiday.select().where(Holiday.day.in_(days)).order_by(Holiday.day))
