"""Numbers: gapless per series and WIB year, kept for ever; a void one stays with its reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee as pw

from models.base import Model, Moment, insert_rows
from models.complaint import Complaint
from models.people import User
from sop.clock import WIB
from sop.words import roman

PATTERN_BLANKS = ("klas", "urut", "unit", "bidang", "bulan_romawi", "tahun", "seri")
OF_A_UNIT = "bidang"  # known once a disposition has named who handles it: not yet for the register


class Series(Model):
    """The last number used of a series in a year."""

    name = pw.CharField(max_length=40)
    year = pw.IntegerField()
    last = pw.IntegerField(default=0)

    class Meta:
        indexes = ((("name", "year"), True),)


class Number(Model):
    """A number that was given to a complaint's round."""

    append_only = True
    series = pw.CharField(max_length=40)
    year = pw.IntegerField()
    place = pw.IntegerField()  # its place in the count, from 1
    text = pw.CharField(verbose_name="Nomor", max_length=80)
    complaint = pw.ForeignKeyField(Complaint, null=True, on_delete="RESTRICT", backref="numbers")
    round = pw.IntegerField()
    given_at = Moment(verbose_name="Tanggal nomor")

    class Meta:
        indexes = ((("series", "year", "place"), True), (("complaint", "series", "round"), False))


class NumberVoid(Model):
    """A number that must not be used any more, with the reason."""

    append_only = True
    number = pw.ForeignKeyField(Number, primary_key=True, on_delete="RESTRICT")
    reason = pw.CharField(verbose_name="Alasan batal", max_length=200)
    by = pw.ForeignKeyField(User, on_delete="RESTRICT")
    at = Moment()


def reserve(series: str, count: int, at: datetime) -> tuple[int, int]:
    """Take `count` places of a series in the WIB year of `at`: (year, first place). Call inside the transaction."""
    year = at.astimezone(WIB).year
    of_year = (Series.name == series) & (Series.year == year)
    taken = list(Series.update(last=Series.last + count).where(of_year).returning(Series.last).execute())
    if not taken:
        taken = [Series.create(name=series, year=year, last=count)]
    return year, taken[0].last - count + 1


@dataclass(frozen=True)
class Drawn:
    """A number taken from a series and not yet bound to a complaint."""

    year: int
    place: int
    text: str


def draw(series: str, count: int, at: datetime, settings: dict[str, Any], units: Sequence[str] = ()) -> list[Drawn]:
    """Take the next `count` numbers of a series, written as the office writes them; `units` are the codes, if known."""
    year, first = reserve(series, count, at) if count else (0, 0)
    codes = units or [""] * count
    return [Drawn(year, first + n, written(series, first + n, at, settings, codes[n])) for n in range(count)]


def bind(series: str, drawn: Sequence[Drawn], cases: Sequence[tuple[int, int]], at: datetime) -> None:
    """Bind drawn numbers to (complaint id, round), in order."""
    rows = [
        {"series": series, "year": d.year, "place": d.place, "text": d.text, "complaint": case, "round": round_,
         "given_at": at}
        for d, (case, round_) in zip(drawn, cases, strict=True)
    ]  # fmt: skip
    insert_rows(Number, rows)


def written(series: str, place: int, at: datetime, settings: dict[str, Any], division: str = "") -> str:
    """A number in the office's pattern for the series. Source: settings number.*"""
    pattern = settings.get(f"number.{series}") or settings["number.other"]
    unit, day = settings["office.unit_code"], at.astimezone(WIB)
    blanks = {"klas": settings["number.class"], "urut": place, "unit": f".{unit}" if unit else "", "bidang": division,
              "bulan_romawi": roman(day.month), "tahun": day.year,
              "seri": "".join(word[0] for word in series.split("_")).upper()}  # fmt: skip
    for name, value in blanks.items():
        pattern = pattern.replace("{" + name + "}", str(value))
    return pattern


def held(complaint: Complaint) -> list[int]:
    """Ids of the numbers that a complaint holds in its current round: the register's and those taken since."""
    of_round = (Number.round == complaint.round) | (Number.series == "register")
    return [n for (n,) in Number.select(Number.id).where((Number.complaint == complaint) & of_round).tuples()]


def given(ids: Sequence[int]) -> dict[int, dict[str, dict[str, str]]]:
    """Per complaint and series the number of its current round (the register's is of the whole case)."""
    found: dict[int, dict[str, dict[str, str]]] = {case: {} for case in ids}
    query = (
        Number.select(Number.complaint, Number.series, Number.text, Number.given_at)
        .join(Complaint)
        .where(Number.complaint.in_(list(ids)) & ((Number.round == Complaint.round) | (Number.series == "register")))
    )
    for case, series, text, at in query.tuples():
        found[case][series] = {"text": text, "date": at.isoformat()}
    return found
