"""Numbers: gapless per series and WIB year, never deleted; void, typed and skipped ones stay with their reason."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee as pw

from models.complaint.complaint import Complaint
from models.office.people import User
from models.office.settings import Settings
from models.store.base import CurrentChoices, Model, Moment, insert_rows
from sop.clock import WIB
from sop.table import initials
from sop.vocabulary import REGISTER, vocabulary
from sop.words import roman

LONGEST = 60  # letters of a number: Complaint.number holds no more
TAKEN = "Nomor {} sudah dipakai. Periksa kembali buku kantor."
TYPED = "Nomor ini lebih dahulu diketik dari buku kantor."
LETTERS = re.compile(r"[0-9A-Za-z ./,()&_-]*", re.ASCII)  # what a number is made of; every font prints these
ODD = "Nomor hanya boleh berisi huruf a–z, angka, spasi, dan . / , - _ & ( )."
SEPARATORS = re.compile(r"[./_-]{2}|^[./_-]|[./_-]$")  # out of place: two in a row, or nothing before or behind
OUT_OF_PLACE = (
    "Nomornya menjadi “{}”. Titik, garis miring, dan tanda hubung tidak boleh berurutan atau berada di awal atau "
    "akhir; yang benar misalnya 400.9/12/99.01.403/2026."
)
PATTERN_BLANKS = {  # what a pattern may hold, and what becomes of it
    "klas": "kode klasifikasi arsip",
    "urut": "nomor urut",
    "wilayah": "kode wilayah",
    "unit": "titik dan kode unit dinas",
    "bidang": "kode unit kerja yang menangani",
    "bulan_romawi": "bulan dalam angka Romawi",
    "tahun": "tahun",
    "seri": "singkatan jenis dokumen",
}
STAND_IN = "Impor "  # how what stands in for a number begins
OF_NO_CASE = "rekapitulasi"  # the series that no act of the table takes
OF_A_UNIT = "bidang"  # known once a disposition has named who handles it: not yet for the register


def stand_in(batch: int, line: int) -> str:
    """What an imported case is called until it is raised: by its file and row, which tell of no other case."""
    return f"{STAND_IN}{batch}/{line}"


def plain(text: str) -> str:
    """A number without what makes no other number of it: small letters, blanks, zeros in front."""
    return re.sub(r"(?<![0-9])0+(?=[0-9])", "", "".join(text.split()).upper())


def series_title(name: str) -> str:
    """A series as people call it: after the paper that carries its numbers."""
    paper = next((p.title for p in vocabulary().papers.values() if p.series == name), name.replace("_", " "))
    return "Nomor register" if name == REGISTER else f"Nomor {paper}"


def series_titles() -> list[tuple[str, str]]:
    """Every series of which an act takes numbers, as people call it."""
    return [(act.series, series_title(act.series)) for act in vocabulary().transitions.values() if act.series]


class Series(Model):
    """The last number used of a series in a year."""

    proof = ""  # the numbers themselves tell how far it has come

    name = pw.CharField(max_length=40)
    year = pw.IntegerField()
    last = pw.IntegerField(default=0)

    class Meta:
        indexes = ((("name", "year"), True),)


class Number(Model):
    """A number that was given to a complaint's round."""

    append_only = True
    proof = "Nomor"
    series = pw.CharField(max_length=40)
    year = pw.IntegerField()
    place = pw.IntegerField()  # its place in the count, from 1; below 0: typed by hand, outside the count
    text = pw.CharField(verbose_name="Nomor", max_length=80)
    complaint = pw.ForeignKeyField(Complaint, null=True, on_delete="RESTRICT", backref="numbers")
    round = pw.IntegerField()
    given_at = Moment(verbose_name="Tanggal nomor")

    class Meta:
        indexes = (
            (("series", "year", "place"), True),
            (("complaint", "series", "round"), False),
            (("series", "given_at"), False),
        )


class NumberVoid(Model):
    """A number that must not be used any more, with the reason."""

    append_only = True
    proof = "Nomor batal"
    number = pw.ForeignKeyField(Number, primary_key=True, on_delete="RESTRICT")
    reason = pw.CharField(verbose_name="Alasan batal", max_length=200)
    by = pw.ForeignKeyField(User, on_delete="RESTRICT")
    at = Moment()


class NumberSkip(Model):
    """Numbers of a series that the panel does not give: used or spoiled in the office's paper book, with the reason."""

    append_only = True
    proof = "Nomor dilewati"
    series = pw.CharField(verbose_name="Seri nomor", max_length=40, choices=CurrentChoices(series_titles))
    year = pw.IntegerField(verbose_name="Tahun")
    first = pw.IntegerField(verbose_name="Dari urutan")
    last = pw.IntegerField(verbose_name="Sampai urutan")
    reason = pw.CharField(verbose_name="Alasan", max_length=200)
    by = pw.ForeignKeyField(
        User, verbose_name="Dicatat oleh", null=True, on_delete="RESTRICT"
    )  # none: the panel itself
    at = Moment(verbose_name="Dicatat pada")

    class Meta:
        indexes = ((("series", "year"), False),)

    def __str__(self) -> str:
        span = str(self.first) if self.first == self.last else f"{self.first}–{self.last}"
        return f"{series_title(self.series)} urutan {span} tahun {self.year}"


def reserve(series: str, count: int, at: datetime) -> tuple[int, int]:
    """Take `count` places of a series in the WIB year of `at`: (year, first place). Call inside the transaction."""
    year = at.astimezone(WIB).year
    of_year = (Series.name == series) & (Series.year == year)
    taken = list(Series.update(last=Series.last + count).where(of_year).returning(Series.last).execute())
    if not taken:
        taken = [Series.create(name=series, year=year, last=count)]
    return year, taken[0].last - count + 1


@dataclass(frozen=True)
class GivenNumber:
    """A number that a case holds, as its papers print it; `date` is the moment in ISO's form."""

    text: str
    date: str


@dataclass(frozen=True)
class Drawn:
    """A number taken from a series and not yet bound to a complaint."""

    year: int
    place: int
    text: str


def draw(series: str, count: int, at: datetime, settings: Settings, units: Sequence[str] = ()) -> list[Drawn]:
    """Take the next `count` numbers of a series, written as the office writes them; what is skipped is passed over.

    `units` are the codes of who handles each case, if known.
    """
    codes, drawn = units or [""] * count, list[Drawn]()
    while len(drawn) < count:
        lacking = count - len(drawn)
        year, first = reserve(series, lacking, at)
        texts = {
            place: {written(series, place, at, settings, code) for code in set(codes)}
            for place in range(first, first + lacking)
        }
        gone = _places_to_skip(series, year, texts, at)
        ahead = zip((place for place in texts if place not in gone), codes[len(drawn) :], strict=False)
        drawn += [Drawn(year, place, written(series, place, at, settings, code)) for place, code in ahead]
    return drawn


def _places_to_skip(series: str, year: int, texts: dict[int, set[str]], at: datetime) -> set[int]:
    """Which of these places are not to be given. The count goes on behind the ranges that it has come to; a number that
    somebody has typed before it was its turn becomes a skipped one."""
    places = list(texts)
    here = (NumberSkip.series == series) & (NumberSkip.year == year)
    skips = list(NumberSkip.select().where(here & (NumberSkip.first <= places[-1]) & (NumberSkip.last >= places[0])))
    if skips and (end := max(skip.last for skip in skips)) > places[-1]:
        Series.update(last=end).where((Series.name == series) & (Series.year == year)).execute()
    skipped = {place for skip in skips for place in range(skip.first, skip.last + 1)}
    taken = _by_hand(series, (Number.year == year) | (Number.year == year - 1))
    early = [place for place, ways in texts.items() if taken & set(map(plain, ways)) and place not in skipped]
    row = {"series": series, "year": year, "reason": TYPED, "by": None, "at": at}
    insert_rows(NumberSkip, [{**row, "first": place, "last": place} for place in early])
    return skipped | set(early)


def typed_number(series: str, text: str, at: datetime) -> Drawn:
    """A number from the office's own book, in the WIB year of `at`: outside the count. Call inside the transaction."""
    year = at.astimezone(WIB).year
    lowest = Number.select(pw.fn.MIN(Number.place)).where((Number.series == series) & (Number.year == year)).scalar()
    return Drawn(year, min(lowest or 0, 0) - 1, text.strip())


def _by_hand(series: str, when: Any = True) -> set[str]:
    """The numbers of a series that were typed: none is given twice, however it is written."""
    here = (Number.series == series) & (Number.place < 0) & when
    return {plain(text) for (text,) in Number.select(Number.text).where(here).tuples()}


def typed_objection(series: str, text: str) -> str:
    """The sentence why this cannot be a number of the series, "" if it can.

    What another series holds is nobody's matter here: a number with the unit's code tells of cases that whoever types
    may not open.
    """
    text = text.strip()
    if not LETTERS.fullmatch(text):
        return ODD
    if len(text) > LONGEST:
        return f"Nomor paling panjang {LONGEST} huruf."
    whole = pw.fn.UPPER(pw.fn.REPLACE(Number.text, " ", ""))
    same = (Number.series == series) & whole.in_(["".join(text.split()).upper(), plain(text)])
    taken = text and (Number.select().where(same).exists() or plain(text) in _by_hand(series))
    return TAKEN.format(text) if taken else ""


def bind(series: str, drawn: Sequence[Drawn], cases: Sequence[tuple[int, int]], at: datetime) -> None:
    """Bind drawn numbers to (complaint id, round), in order."""
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


def written(series: str, place: int, at: datetime, settings: Settings, division: str = "") -> str:
    """A number in the office's pattern for the series. Source: settings number.*"""
    pattern = settings.get(f"number.{series}") or settings["number.other"]
    unit, day = settings["office.unit_code"], at.astimezone(WIB)
    blanks = {
        "klas": settings["number.class"],
        "urut": place,
        "wilayah": settings["office.area_code"],
        "unit": f".{unit}" if unit else "",
        "bidang": division,
        "bulan_romawi": roman(day.month),
        "tahun": day.year,
        "seri": initials(series),
    }
    return re.sub(r"\{([a-z_]+)\}", lambda found: str(blanks.get(found[1], found[0])), pattern)


def valid() -> Any:
    """Condition: the number is not void."""
    return Number.id.not_in(NumberVoid.select(NumberVoid.number))


def number_text() -> Any:
    """A number as lists tell it, as SQL: of a void one also that it is void."""
    return Number.text.concat(pw.Case(None, [(valid(), "")], " (batal)"))


def valid_numbers_of(complaint: Complaint) -> dict[int, str]:
    """Id and series of the valid numbers of a complaint: the register's and those taken in its current round."""
    of_round = (Number.round == complaint.round) | (Number.series == REGISTER)
    here = (Number.complaint == complaint) & of_round & valid()
    return dict(Number.select(Number.id, Number.series).where(here).tuples())


def numbers_by_series(ids: Sequence[int]) -> dict[int, dict[str, GivenNumber]]:
    """Per complaint and series the valid number of its current round (the register's is of the whole case)."""
    numbers: dict[int, dict[str, GivenNumber]] = {case: {} for case in ids}
    of_round = ((Number.round == Complaint.round) & valid()) | (Number.series == REGISTER)
    query = (
        Number.select(Number.complaint, Number.series, Number.text, Number.given_at)
        .join(Complaint)
        .where(Number.complaint.in_(list(ids)) & of_round)
    )
    for case, series, text, at in query.tuples():
        numbers[case][series] = GivenNumber(text, at.isoformat())
    return numbers
