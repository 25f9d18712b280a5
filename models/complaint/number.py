"""Numbers: gapless by series and year, never deleted; void, manually entered and skipped ones have their reason."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee as pw

from models.complaint.complaint import Complaint
from models.office.people import User
from models.office.settings import Settings, values
from models.store import prepared
from models.store.base import CurrentChoices, Model, Moment, insert_rows
from sop.clock import WIB
from sop.table import initials
from sop.vocabulary import REGISTER, vocabulary
from sop.words import roman

LONGEST = 60  # characters, as Complaint.number
TAKEN = "Nomor {} sudah dipakai. Periksa kembali buku kantor."
TYPED = "Nomor ini lebih dahulu diketik dari buku kantor."
LETTERS = re.compile(r"[0-9A-Za-z ./,()&_-]*", re.ASCII)  # allowed characters, which every font has
ODD = "Nomor hanya boleh berisi huruf a–z, angka, spasi, dan . / , - _ & ( )."
SEPARATORS = re.compile(r"[./_-]{2}|^[./_-]|[./_-]$")  # misplaced separators: two in a row, or at the start or end
OUT_OF_PLACE = (
    "Nomornya menjadi “{}”. Titik, garis miring, dan tanda hubung tidak boleh berurutan atau berada di awal atau "
    "akhir; yang benar misalnya 400.9/12/99.01.403/2026."
)
PATTERN_BLANKS = {  # placeholders of a pattern and their meaning
    "klas": "kode klasifikasi arsip",
    "urut": "nomor urut",
    "wilayah": "kode wilayah",
    "unit": "titik dan kode unit dinas",
    "bidang": "kode unit kerja yang menangani",
    "bulan_romawi": "bulan dalam angka Romawi",
    "tahun": "tahun",
    "seri": "singkatan jenis dokumen",
}
STAND_IN = "Impor "  # prefix of the placeholder for a number
RECAP, COVERING, APPROVALS = "rekapitulasi", "daftar_pengantar", "daftar_disetujui"
OF_NO_CASE = (RECAP, COVERING, APPROVALS)  # the series that no act uses
OF_A_UNIT = "bidang"  # placeholder known only after a disposition: not for the register


def stand_in(batch: int, line: int) -> str:
    """The placeholder for the number of an imported case until it is raised: its import and row."""
    return f"{STAND_IN}{batch}/{line}"


def plain(text: str) -> str:
    """A number normalised for comparison: upper case, no spaces, no leading zeros."""
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", "".join(text.split()).upper())


def series_title(name: str) -> str:
    """The title of a series: that of the paper with its numbers."""
    paper = next((p.title for p in vocabulary().papers.values() if p.series == name), name.replace("_", " "))
    return "Nomor register" if name == REGISTER else f"Nomor {paper}"


def series_titles() -> list[tuple[str, str]]:
    """Every series that an act uses, with its title."""
    return [(act.series, series_title(act.series)) for act in vocabulary().transitions.values() if act.series]


class Series(Model):
    """The last number used of a series in a year."""

    proof = ""  # can be derived from the numbers

    name = pw.CharField(max_length=40)
    year = pw.IntegerField()
    last = pw.IntegerField(default=0)

    class Meta:
        indexes = ((("name", "year"), True),)


class Number(Model):
    """A number assigned to a round of a complaint."""

    append_only = True
    proof = "Nomor"
    series = pw.CharField(max_length=40)
    year = pw.IntegerField()
    place = pw.IntegerField()  # sequence number from 1; negative: entered manually, outside the sequence
    text = pw.CharField(verbose_name="Nomor", max_length=80)
    complaint = pw.ForeignKeyField(Complaint, null=True, on_delete="RESTRICT", backref="numbers", index=False)
    round = pw.IntegerField()
    given_at = Moment(verbose_name="Tanggal nomor")

    class Meta:
        indexes = (
            (("series", "year", "place"), True),
            (("complaint", "series", "round"), False),
            (("series", "given_at"), False),
        )


class NumberVoid(Model):
    """A void number, with the reason."""

    append_only = True
    proof = "Nomor batal"
    number = pw.ForeignKeyField(Number, primary_key=True, on_delete="RESTRICT")
    reason = pw.CharField(verbose_name="Alasan batal", max_length=200)
    by = pw.ForeignKeyField(User, on_delete="RESTRICT")
    at = Moment()


class NumberSkip(Model):
    """A range of numbers that the panel does not assign, as used in the office's paper book; with the reason."""

    append_only = True
    proof = "Nomor dilewati"
    series = pw.CharField(verbose_name="Seri nomor", max_length=40, choices=CurrentChoices(series_titles))
    year = pw.IntegerField(verbose_name="Tahun")
    first = pw.IntegerField(verbose_name="Dari urutan")
    last = pw.IntegerField(verbose_name="Sampai urutan")
    reason = pw.CharField(verbose_name="Alasan", max_length=200)
    by = pw.ForeignKeyField(
        User, verbose_name="Dicatat oleh", null=True, on_delete="RESTRICT"
    )  # NULL: the panel itself
    at = Moment(verbose_name="Dicatat pada")

    class Meta:
        indexes = ((("series", "year"), False),)

    def __str__(self) -> str:
        span = str(self.first) if self.first == self.last else f"{self.first}–{self.last}"
        return f"{series_title(self.series)} urutan {span} tahun {self.year}"


def reserve(series: str, count: int, at: datetime) -> tuple[int, int]:
    """Reserve `count` numbers of a series in the year of `at`; returns (year, first). Call inside the transaction."""
    year = at.astimezone(WIB).year
    of_year = (Series.name == series) & (Series.year == year)
    taken = list(Series.update(last=Series.last + count).where(of_year).returning(Series.last).execute())
    if not taken:
        taken = [Series.create(name=series, year=year, last=count)]
    return year, taken[0].last - count + 1


@dataclass(frozen=True)
class GivenNumber:
    """A number of a case as printed on papers; `date` is the moment in ISO format."""

    text: str
    date: str


@dataclass(frozen=True)
class Drawn:
    """A number drawn from a series and not yet assigned to a complaint."""

    year: int
    place: int
    text: str


def draw(series: str, count: int, at: datetime, settings: Settings, unit_codes: Sequence[str] = ()) -> list[Drawn]:
    """Draw the next `count` numbers of a series in the office's pattern, leaving out skipped ones.

    `unit_codes` are those of the units that handle each case, if known.
    """
    codes, drawn = unit_codes or [""] * count, list[Drawn]()
    while len(drawn) < count:
        missing = count - len(drawn)
        year, first = reserve(series, missing, at)
        texts = {
            place: {formatted_number(series, place, at, settings, code) for code in set(codes)}
            for place in range(first, first + missing)
        }
        skipped = _places_to_skip(series, year, texts, at)
        free = zip((place for place in texts if place not in skipped), codes[len(drawn) :], strict=False)
        drawn += [Drawn(year, place, formatted_number(series, place, at, settings, code)) for place, code in free]
    return drawn


def _places_to_skip(series: str, year: int, texts: dict[int, set[str]], at: datetime) -> set[int]:
    """Which of these numbers must not be assigned. The sequence continues after the skipped ranges; a number that was
    entered manually before its turn is stored as skipped."""
    places = list(texts)
    of_year = (NumberSkip.series == series) & (NumberSkip.year == year)
    skips = list(NumberSkip.select().where(of_year & (NumberSkip.first <= places[-1]) & (NumberSkip.last >= places[0])))
    if skips and (end := max(skip.last for skip in skips)) > places[-1]:
        Series.update(last=end).where((Series.name == series) & (Series.year == year)).execute()
    skipped = {place for skip in skips for place in range(skip.first, skip.last + 1)}
    manual = _manual_numbers(series, (Number.year == year) | (Number.year == year - 1))
    early = [place for place, forms in texts.items() if manual & set(map(plain, forms)) and place not in skipped]
    row = {"series": series, "year": year, "reason": TYPED, "by": None, "at": at}
    insert_rows(NumberSkip, [{**row, "first": place, "last": place} for place in early])
    return skipped | set(early)


def draw_for_no_case(series: str, at: datetime) -> Number:
    """Assign the next number of a series of `OF_NO_CASE`. Call inside the transaction."""
    [drawn] = draw(series, 1, at, values())
    row = {"series": series, "year": drawn.year, "place": drawn.place, "text": drawn.text, "complaint": None}
    insert_rows(Number, [{**row, "round": 0, "given_at": at}])
    own = (Number.series == series) & (Number.year == drawn.year) & (Number.place == drawn.place)
    number: Number = Number.get(own)
    return number


def typed_number(series: str, text: str, at: datetime) -> Drawn:
    """A manually entered number in the year of `at`, outside the sequence. Call inside the transaction."""
    year = at.astimezone(WIB).year
    lowest = Number.select(pw.fn.MIN(Number.place)).where((Number.series == series) & (Number.year == year)).scalar()
    return Drawn(year, min(lowest or 0, 0) - 1, text.strip())


def _manual_numbers(series: str, condition: Any = True) -> set[str]:
    """The manually entered numbers of a series, normalised, so that none is assigned twice."""
    manual = (Number.series == series) & (Number.place < 0) & condition
    return {plain(text) for (text,) in Number.select(Number.text).where(manual).tuples()}


def typed_objection(series: str, text: str) -> str:
    """The sentence why this cannot be entered as a number of the series, "" if it can.

    Other series are not checked: that would reveal numbers of cases that the user may not open.
    """
    text = text.strip()
    if not LETTERS.fullmatch(text):
        return ODD
    if len(text) > LONGEST:
        return f"Nomor paling panjang {LONGEST} huruf."
    whole = pw.fn.UPPER(pw.fn.REPLACE(Number.text, " ", ""))
    same = (Number.series == series) & whole.in_(["".join(text.split()).upper(), plain(text)])
    taken = text and (Number.select().where(same).exists() or plain(text) in _manual_numbers(series))
    return TAKEN.format(text) if taken else ""


def bind(series: str, drawn: Sequence[Drawn], cases: Sequence[tuple[int, int]], at: datetime) -> None:
    """Assign drawn numbers to (complaint id, round), in order."""
    rows = [
        {
            "series": series,
            "year": d.year,
            "place": d.place,
            "text": d.text,
            "complaint": case,
            "round": round_,
            "given_at": at,
        }
        for d, (case, round_) in zip(drawn, cases, strict=True)
    ]
    insert_rows(Number, rows)


def formatted_number(series: str, place: int, at: datetime, settings: Settings, unit_code: str = "") -> str:
    """A number in the office's pattern for the series. Source: settings number.*"""
    pattern = settings.get(f"number.{series}") or settings["number.other"]
    unit, day = settings["office.unit_code"], at.astimezone(WIB)
    blanks = {
        "klas": settings["number.class"],
        "urut": place,
        "wilayah": settings["office.area_code"],
        "unit": f".{unit}" if unit else "",
        "bidang": unit_code,
        "bulan_romawi": roman(day.month),
        "tahun": day.year,
        "seri": initials(series),
    }
    return re.sub(r"\{([a-z_]+)\}", lambda match: str(blanks.get(match[1], match[0])), pattern)


def valid() -> Any:
    """Condition: the number is not void."""
    return ~pw.fn.EXISTS(NumberVoid.select(pw.SQL("1")).where(NumberVoid.number == Number.id))


def number_text() -> Any:
    """SQL of a number as in lists, with a mark if it is void."""
    return Number.text.concat(pw.Case(None, [(valid(), "")], " (batal)"))


def valid_numbers_of(complaint: Complaint) -> dict[int, str]:
    """Id and series of the valid numbers of a complaint: the register's and those of its current round."""
    of_round = (Number.round == complaint.round) | (Number.series == REGISTER)
    current = (Number.complaint == complaint) & of_round & valid()
    return dict(Number.select(Number.id, Number.series).where(current).tuples())


def numbers_by_series(ids: Sequence[int]) -> dict[int, dict[str, GivenNumber]]:
    """The valid number of the current round by complaint and series (the register's is for all rounds)."""
    numbers: dict[int, dict[str, GivenNumber]] = {case: {} for case in ids}
    for case, series, text, at in prepared.run_fixed("numbers", _numbers_in_force, ids):
        numbers[case][series] = GivenNumber(text, at.isoformat())
    return numbers


def _numbers_in_force() -> Any:
    of_round = ((Number.round == Complaint.round) & valid()) | (Number.series == REGISTER)
    query = Number.select(Number.complaint, Number.series, Number.text, Number.given_at).join(Complaint)
    return query.where(prepared.is_given(Number.complaint) & of_round).tuples()
