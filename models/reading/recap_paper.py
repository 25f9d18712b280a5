"""The recap for signature and the cases behind a recap; nothing in it tells of a single rahasia case."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import peewee as pw

from models.case.content_parts import frame
from models.complaint.complaint import ENDED_ON_A_DAY, Complaint
from models.complaint.event import append_written, head_of_history
from models.complaint.number import OF_NO_CASE, Number, draw
from models.complaint.paper import Content
from models.complaint.scope import Viewer, viewer, visible
from models.office.identity import demand_identity
from models.office.lists import Category, Kelurahan, Medium
from models.office.people import User, posts_by_unit, signatory, title_of
from models.office.settings import values
from models.reading.figures import BY_KEY, DEFINITION, NOBODY, OF_PARTS, PART_BY_KEY, Part, kecamatan_by_kelurahan
from models.reading.period import Period
from models.reading.recap import (
    CountedCases,
    FigureLine,
    counted_cases,
    counts_by_value,
    figure_lines,
    told_figures,
    told_lines,
)
from models.reading.times import RowStatistics, TimeSpread, row_statistics
from models.store.base import Model, Moment, among, canonical_words, database, insert_rows, labels_of, snapshot
from models.store.seal import BrokenSeal
from sop.access import LOGGED, SECRECY
from sop.clock import WIB
from sop.procedure import KEPALA_DINAS
from sop.vocabulary import vocabulary
from sop.words import format_duration, format_number

PORTION = 1_000
WHOLE = (
    "masuk",
    "selesai",
    "terbuka",
    "lain",
    "lain-dijawab",
    "duplikat",
    "batal",
)  # all others are part of them
NAMED = ("media", "kategori", "klasifikasi", "unit")  # parts that have a column
PLAIN = ("number", "medium_ref", "received_at", "closed_at")
LABELS = labels_of(Complaint)
COUNTED = tuple(BY_KEY[key].short or BY_KEY[key].label for key in OF_PARTS)
HEADS = (
    *(LABELS[name] for name in PLAIN[:3]),
    "Berakhir pada",
    "Status",
    "Kerahasiaan",
    *(PART_BY_KEY[key].title for key in NAMED),
    "Kelurahan",
    "Kecamatan",
    *COUNTED,
)
CaseLine = Sequence[Any]  # cells of a table: words, numbers, moments


def case_ids(who: Viewer, period: Period, at: datetime) -> list[int]:
    """All that some figure of the range counts, as far as the person may open it, in the order in which it came."""
    numbers: set[int] = set()
    for key in WHOLE:
        mine = visible(who.user, Complaint, who).where(BY_KEY[key].condition(period, at))
        numbers.update(number for (number,) in mine.select(Complaint.id).tuples())
    return sorted(numbers)


def case_lines(ids: Sequence[int], period: Period, at: datetime) -> Iterator[list[CaseLine]]:
    """A portion of lines at a time."""
    names = [{str(value): name for value, name in PART_BY_KEY[key].names().items()} for key in NAMED]
    places = {row.id: (row.name, row.kecamatan) for row in Kelurahan.select()}
    counts = [pw.Case(None, [(BY_KEY[key].condition(period, at), 1)], 0) for key in OF_PARTS]
    ended = pw.Case(None, [(ENDED_ON_A_DAY, Complaint.closed_at)], None)
    values = [*(getattr(Complaint, name) for name in PLAIN[:-1]), ended, Complaint.state, Complaint.secrecy]
    values += [*(PART_BY_KEY[key].column for key in NAMED), Complaint.kelurahan]
    for start in range(0, len(ids), PORTION):
        portion = Complaint.select(*values, *counts).where(among(Complaint.id, ids[start : start + PORTION]))
        yield [_line(row, names, places) for row in portion.order_by(Complaint.id).tuples()]


def _line(row: Sequence[Any], names: Sequence[dict[str, str]], places: dict[int, tuple[str, str]]) -> CaseLine:
    plain, (state, secrecy), rest = row[: len(PLAIN)], row[len(PLAIN) : len(PLAIN) + 2], row[len(PLAIN) + 2 :]
    named, place, counts = rest[: len(NAMED)], rest[len(NAMED)], rest[len(NAMED) + 1 :]
    return [
        *plain[:-1],
        "" if plain[-1] is None else Complaint.closed_at.python_value(plain[-1]),
        vocabulary().states[str(state)],
        SECRECY[str(secrecy)],
        *(known.get(str(value), "") for known, value in zip(names, named, strict=True)),
        *(places.get(place, ("", ""))),
        *counts,
    ]


class RecapPaper(Model):
    """One that was issued: never changed, printed from its frozen content ever after."""

    append_only = True
    proof = "Rekapitulasi"

    number = pw.ForeignKeyField(Number, unique=True, on_delete="RESTRICT")
    first = pw.DateField()
    last = pw.DateField()
    counted = pw.CharField(max_length=64, index=True)  # of what it says but for number, moment and history
    content = pw.TextField()
    sha256 = pw.CharField(max_length=64)
    issued_by = pw.ForeignKeyField(User, on_delete="RESTRICT")
    issued_at = Moment(index=True)


def content_of_recap(paper: RecapPaper) -> Content:
    """As it was frozen; BrokenSeal if these are not the words that were hashed."""
    if hashlib.sha256(paper.content.encode()).hexdigest() != paper.sha256:
        raise BrokenSeal
    content: Content = json.loads(paper.content)
    return content


FEWEST = 3  # that came, our own and others'; below it the line joins the last
TOLD_BY = ("unit", "kategori", "klasifikasi", "media", "kecamatan", "kelurahan", "instansi")
REST = "Lainnya, belum diketahui, dan rahasia"
COLUMNS = (*dict.fromkeys(PART_BY_KEY[key].column for key in TOLD_BY), Complaint.secrecy)
Counts = tuple[int, ...]  # in the order of OF_PARTS


@dataclass(frozen=True)
class DiscreetTable:
    """One part: the lines that are listed, and the rest of it, in which every rahasia case is."""

    part: Part
    lines: tuple[tuple[str, Counts], ...]
    rest: Counts


@dataclass(frozen=True)
class DiscreetRecap:
    """What the paper for signature says."""

    lines: tuple[FigureLine, ...]
    rows: tuple[RowStatistics, ...]
    parts: tuple[DiscreetTable, ...]


def discreet_recap(who: Viewer, period: Period, at: datetime) -> DiscreetRecap:
    """Of all cases; `who` reads every one."""
    with snapshot():
        lines, cases = figure_lines(who, period, at), counted_cases(who, period, at, COLUMNS)
        secret = secret_categories()
        plain = [_without_secret(of_base, secret) for of_base in cases]
        rows = row_statistics(who, period, is_plain(secret))
        whole, areas = {line.figure.key: line.now for line in lines}, kecamatan_by_kelurahan()
        sums = tuple(whole[key] for key in OF_PARTS)
        told = [PART_BY_KEY[key] for key in TOLD_BY if not PART_BY_KEY[key].is_optional or PART_BY_KEY[key].names()]
        parts = tuple(_table(part, plain, sums, areas) for part in told)
    return DiscreetRecap(lines, rows, parts)


def secret_categories() -> frozenset[int]:
    """Whose cases are rahasia as a rule: the category alone would tell."""
    rows = Category.select(Category.id).where(Category.secrecy.in_(sorted(LOGGED)))
    return frozenset(number for (number,) in rows.tuples())


def is_plain(secret: Iterable[int]) -> Any:
    """Condition: the case is not rahasia, nor of such a category."""
    return Complaint.secrecy.not_in(sorted(LOGGED)) & Complaint.category.not_in(sorted(secret))


def _without_secret(cases: CountedCases, secret: frozenset[int]) -> CountedCases:
    secrecy, category = (cases.columns.index(name) for name in ("secrecy", "category"))
    rows = [row for row in cases.rows if row[secrecy] not in LOGGED and row[category] not in secret]
    return replace(cases, rows=rows)


def _table(part: Part, plain: Iterable[CountedCases], sums: Counts, areas: Mapping[int, str]) -> DiscreetTable:
    """What is left of the sums is the rest: it holds an ordinary value of each part as well, always the same, so that
    whatever a rahasia case adds to it an ordinary one could have added."""
    kept = always_in_rest(part)
    lines: list[tuple[str, Counts]] = []
    for value, counts in counts_by_value(part, plain, areas).items():
        if value != kept and counts["masuk"] + counts["lain"] >= FEWEST:
            lines.append((part.name_of(value) or value, tuple(counts[key] for key in OF_PARTS)))
    lines.sort(key=lambda line: ([-count for count in line[1]], line[0]))
    told = [sum(counts) for counts in zip(*(counts for _, counts in lines), strict=True)] or [0] * len(sums)
    return DiscreetTable(part, tuple(lines), tuple(all_ - one for all_, one in zip(sums, told, strict=True)))


def always_in_rest(part: Part) -> str:
    """The ordinary value of a part that never has a line of its own: none at all where a case can have none."""
    if part.column.null:
        return NOBODY
    masters = {"kategori": Category.select().where(Category.secrecy.not_in(sorted(LOGGED))), "media": Medium.select()}
    if part.key in masters:
        return str(max(row.id for row in masters[part.key]))
    return str(list(part.names())[-1])


SERIES = KEY = OF_NO_CASE
TITLE = "Rekapitulasi Penanganan Pengaduan"
NOT_ALL = "Rekapitulasi untuk ditandatangani menghitung semua pengaduan; hanya Kepala Dinas yang menerbitkannya."
TOO_EARLY = "Rentang ini belum dimulai."
APART = "Dihitung tersendiri, tidak termasuk di atas:"
OF_SHEET = OF_PARTS[:-1]  # as many columns as there is room for in letters that can be read
ANCHOR = 32  # letters of the history's head that are printed: enough to tell it from any other history


def issue(user: User, period: Period, at: datetime, *, demo: bool) -> RecapPaper:
    """The paper of a range; the one that there is, if nothing has changed since. ValueError in a sentence if none."""
    who = viewer(user)
    if KEPALA_DINAS not in who.lanes:
        raise ValueError(NOT_ALL)
    if period.begins > at:
        raise ValueError(TOO_EARLY)
    demand_identity(values())
    says = _says(discreet_recap(who, period, at), period)
    counted = hashlib.sha256(canonical_words(says).encode()).hexdigest()
    with database.atomic():
        head = head_of_history()
        same = (RecapPaper.counted == counted) & (RecapPaper.issued_by == user)
        known: RecapPaper | None = RecapPaper.select().where(same).order_by(RecapPaper.id.desc()).first()
        if known:
            return known
        number = _numbered(at)
        anchor = {"count": head.last, "head": bytes(head.mac).hex()[:ANCHOR]}
        signer = signatory(user, title_of(user, posts_by_unit(at.astimezone(WIB).date()))).printed
        content = {**frame(KEY, TITLE, at=at, demo=demo), **says, "signer": signer, "history": anchor}
        content["paper"] = {**content["paper"], "number": number.text}
        return _kept(content, number, period, counted, user, at)


def _numbered(at: datetime) -> Number:
    [drawn] = draw(SERIES, 1, at, values())
    row = {"series": SERIES, "year": drawn.year, "place": drawn.place, "text": drawn.text, "complaint": None}
    insert_rows(Number, [{**row, "round": 0, "given_at": at}])
    here = (Number.series == SERIES) & (Number.year == drawn.year) & (Number.place == drawn.place)
    number: Number = Number.get(here)
    return number


def _kept(content: Content, number: Number, period: Period, counted: str, user: User, at: datetime) -> RecapPaper:
    text = canonical_words(content)
    row = {"number": number.id, "first": period.first, "last": period.last, "counted": counted, "content": text}
    row |= {"sha256": hashlib.sha256(text.encode()).hexdigest(), "issued_by": user.id, "issued_at": at}
    insert_rows(RecapPaper, [row])
    append_written()
    paper: RecapPaper = RecapPaper.get(RecapPaper.number == number.id)
    return paper


def _says(made: DiscreetRecap, period: Period) -> Content:
    """All in words, as the paper prints it."""
    heads = [period.words, period.before.words, period.year_ago.words]
    lines = told_lines(made.lines)
    figures = [_in_numbers(one) for one in lines if not one.figure.apart]
    figures += [[APART, "", "", ""], *(_in_numbers(one) for one in lines if one.figure.apart)]
    places = [(OF_PARTS.index(one.key), one.short or one.label) for one in told_figures(made.lines, OF_SHEET)]
    rows = [
        [str(row.mark), row.row.title, row.standard, *map(format_number, (row.cases, row.late)), *_spreads(row)]
        for row in made.rows
    ]
    parts = [
        {
            "title": table.part.title,
            "heads": [head for _, head in places],
            "rows": [
                [name, *(format_number(counts[place]) for place, _ in places)]
                for name, counts in (*table.lines, (REST, table.rest))
            ],
        }
        for table in made.parts
    ]
    return {
        "span": period.words,
        "definition": DEFINITION,
        "heads": heads,
        "figures_of": figures,
        "rows": rows,
        "parts_of": parts,
    }


def _in_numbers(line: FigureLine) -> list[str]:
    return [line.figure.label, *map(format_number, (line.now, line.before, line.year_ago))]


def _spreads(row: RowStatistics) -> list[str]:
    """Median and 90th percentile, in working and in calendar time."""
    return [_in_words(row.working), _in_words(row.calendar)]


def _in_words(spread: TimeSpread | None) -> str:
    return f"{format_duration(spread.median)} / {format_duration(spread.ninth)}" if spread else "–"
