"""Formats of dates, times, durations, numbers and titles: Indonesian, in the office's time zone."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sop.clock import WIB

MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
ROMANS = dict(enumerate(("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"), 1))
NOW_DUE = "jatuh tempo sekarang"
TYPED = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d))?(?::\d\d)?", re.ASCII)  # as date and time inputs send it
SWAP = str.maketrans(",.", ".,")


def in_wib(moment: datetime) -> datetime:
    """The moment in the office's time zone. ValueError for a naive one."""
    if moment.tzinfo is None:
        raise ValueError("A moment without its time zone cannot be shown.")
    zone = WIB.zone
    return moment if moment.tzinfo is zone else moment.astimezone(zone)


def day_of(day: date) -> date:
    """The date of a moment in the office's zone; a plain date is returned as it is."""
    return in_wib(day).date() if isinstance(day, datetime) else day


def format_date(day: date | None) -> str:
    """24 November 2026; "" for None."""
    if day is None:
        return ""
    day = day_of(day)
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def format_short_date(day: date | None) -> str:
    """24 Nov 2026; "" for None."""
    if day is None:
        return ""
    day = day_of(day)
    return f"{day.day} {SHORT_MONTHS[day.month - 1]} {day.year}"


def format_span(first: date, last: date | None) -> str:
    """3–7 November 2026, 30 November–2 Desember 2026; without an end: sejak 3 November 2026."""
    if last is None:
        return f"sejak {format_date(first)}"
    if first == last:
        return format_date(first)
    parts = format_date(first).split()
    same = 2 if (first.year, first.month) == (last.year, last.month) else 1 if first.year == last.year else 0
    return f"{' '.join(parts[: 3 - same])}–{format_date(last)}"


def format_time(moment: datetime | None) -> str:
    """09.14"""
    return "" if moment is None else f"{in_wib(moment):%H.%M}"


def format_clock(moment: datetime | None) -> str:
    """09.14 WIB, with the abbreviation of the office's zone."""
    return "" if moment is None else f"{format_time(moment)} {WIB.word}"


def format_typed_date(typed: str) -> str:
    """24 November 2026 pukul 09.14, or only the date, from the value of a date or time input; "" for any other text."""
    match = TYPED.fullmatch(typed)
    if match is None or not 1 <= int(match[2]) <= len(MONTHS):
        return ""
    year, month, day, hour, minute = match.groups()
    return f"{int(day)} {MONTHS[int(month) - 1]} {year}" + (f" pukul {hour}.{minute}" if hour else "")


def format_moment(moment: datetime | None) -> str:
    """24 Nov 2026 pukul 09.14 WIB; "" for None."""
    if moment is None:
        return ""
    day = day_of(moment)
    return f"{day.day} {SHORT_MONTHS[day.month - 1]} {day.year} pukul {format_clock(moment)}"


def format_long_moment(moment: datetime | None) -> str:
    """24 November 2026 pukul 09.14 WIB; "" for None."""
    return "" if moment is None else f"{format_date(moment)} pukul {format_clock(moment)}"


def format_duration(minutes: float, *, day: int | None = None) -> str:
    """1 jam 20 menit; with `day`, the minutes of a working day, also days: 7 hari 3 jam."""
    days, rest = divmod(math.floor(minutes), day) if day else (0, math.floor(minutes))
    hours, rest = divmod(rest, 60)
    parts = [f"{format_number(n)} {unit}" for n, unit in ((days, "hari"), (hours, "jam"), (rest, "menit")) if n]
    return " ".join(parts[:2] if days else parts) or "0 menit"


def format_hours(minutes: int) -> str:
    """4.50, hours and minutes of a duration, for columns in which the full stops stand below one another; there is none
    within the hours: 1234.05."""
    return f"{minutes // 60}.{minutes % 60:02}"


def humanize_due(minutes: float, *, day: int | None = None) -> str:
    """Minutes until a due time, in words: sisa 40 menit, terlambat 2 jam 5 menit."""
    left = math.floor(minutes)
    if not left:
        return NOW_DUE
    return f"{'sisa' if left > 0 else 'terlambat'} {format_duration(abs(left), day=day)}"


def format_number(number: Any) -> str:
    """12.345 or 2,5: Indonesian thousands separator and decimal comma."""
    return "" if number is None else f"{number:,}".translate(SWAP)


def format_percent(part: int, whole: int) -> str:
    """23,7: a share with one decimal place, so that a column of them is aligned; a dash of nothing."""
    return f"{100 * part / whole:.1f}".replace(".", ",") if whole else "–"


def format_size(size: int) -> str:
    """1,2 GB, 1,2 MB or 340 kB, from bytes."""
    if (thousands := max(1, round(size / 1000))) < 1000:
        return f"{thousands} kB"
    return (f"{size / 1e9:.1f} GB" if thousands >= 10**6 else f"{size / 1e6:.1f} MB").replace(".", ",")


_ABBREVIATIONS = frozenset({"UPT", "KB", "PPKB", "P3AP2KB", "PPA"})
_SMALL_WORDS = frozenset({"DAN", "DI", "KE", "UNTUK"})


def spoken_title(title: str) -> str:
    """A title in sentence case: "Plt. KEPALA BIDANG X DAN Y" becomes "Plt. Kepala Bidang X dan Y"."""
    return " ".join(_spoken(word) for word in title.split())


def _spoken(word: str) -> str:
    bare = word.strip(",.()")
    if not word.isupper() or bare in _ABBREVIATIONS:
        return word
    return word.lower() if bare in _SMALL_WORDS else word.capitalize()


def in_a_sentence(words: str) -> str:
    """A label within a sentence, with a lower-case initial: "menunggu Nota Dinas dinaikkan"."""
    return words[:1].lower() + words[1:]


_LABEL = re.compile(r"\b(Alamat|Email|E-mail|Faks|Faksimile|Laman|Pos-el|Situs|Surel|Telepon|Website)\b")


def contact_in_a_sentence(words: str) -> str:
    """The office's contact line within a sentence, with lower-case labels: laman … – surel …"""
    return _LABEL.sub(lambda label: label[0].lower(), words)


_BETWEEN_CONTACTS = re.compile(r"\s+[–—|·•/-]\s+|\s*[;,]\s+")


def contacts_in_a_sentence(phone: str, web: str) -> str:
    """How to reach the office, behind whom it names ("melalui telepon …, laman …, atau surel …"); "" if unknown."""
    listed = [phone and f"telepon {phone}", *_BETWEEN_CONTACTS.split(contact_in_a_sentence(web))]
    *others, last = [one for one in listed if one] or [""]
    before = ", ".join(others) + "," * (len(others) > 1)
    return " melalui " + " atau ".join(filter(None, (before, last))) if last else ""


def in_a_list(words: Iterable[str]) -> str:
    """satu, dua dan tiga"""
    words = list(words)
    return " dan ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else ""


def in_words(number: int) -> str:
    """Dua Ribu Dua Puluh Enam, as in the date of a Berita Acara."""
    from num2words import num2words  # imported here because it loads the words of sixty languages

    return str(num2words(number, lang="id")).title()


def counted_in_words(number: int) -> str:
    """4 (empat), as a paper counts."""
    return f"{format_number(number)} ({in_words(number).lower()})"


def weekday(day: date) -> str:
    """Selasa"""
    return WEEKDAYS[day_of(day).weekday()]


def roman(month: int) -> str:
    """XI, as in the number of a paper."""
    return ROMANS[month]


# Jinja filters of screens and papers.
FILTERS: Mapping[str, Callable[..., str]] = {
    "clock": format_clock,
    "typed_date": format_typed_date,
    "date": format_date,
    "short_date": format_short_date,
    "time": format_time,
    "moment": format_moment,
    "duration": format_duration,
    "due": humanize_due,
    "number": format_number,
    "in_words": in_words,
    "weekday": weekday,
    "roman": roman,
}
