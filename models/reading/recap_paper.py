"""The recap as a paper for signature, and the export of its cases; the paper reveals no single rahasia case."""

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
from models.office.identity import require_identity
from models.office.lists import Category, Kelurahan, Medium
from models.office.people import User, posts_by_unit, signatory, title_of
from models.office.settings import values
from models.reading.figures import BY_KEY, DEFINITION, NO_VALUE, OF_PARTS, PART_BY_KEY, Part, kecamatan_by_kelurahan
from models.reading.period import Period
from models.reading.recap import (
    CountedCases,
    FigureLine,
    counted_cases,
    counts_by_value,
    figure_lines,
    listed_figures,
    listed_lines,
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
)  # figures that together include the cases of all others
NAMED = ("media", "kategori", "klasifikasi", "unit")  # parts exported as a column
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
CaseLine = Sequence[Any]  # cells: texts, numbers, moments


def case_ids(who: Viewer, period: Period, at: datetime) -> list[int]:
    """Ids of all cases visible to the user that some figure of the range counts, ascending."""
    numbers: set[int] = set()
    for key in WHOLE:
        mine = visible(who.user, Complaint, who).where(BY_KEY[key].condition(period, at))
        numbers.update(number for (number,) in mine.select(Complaint.id).tuples())
    return sorted(numbers)


def case_lines(ids: Sequence[int], period: Period, at: datetime) -> Iterator[list[CaseLine]]:
    """The export rows of these cases, in portions."""
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
    """An issued recap; never changed, always printed from its frozen content."""

    append_only = True
    proof = "Rekapitulasi"

    number = pw.ForeignKeyField(Number, unique=True, on_delete="RESTRICT")
    first = pw.DateField()
    last = pw.DateField()
    counted = pw.CharField(max_length=64, index=True)  # hash of the content without number, moment and history
    content = pw.TextField()
    sha256 = pw.CharField(max_length=64)
    issued_by = pw.ForeignKeyField(User, on_delete="RESTRICT")
    issued_at = Moment(index=True)


def content_of_recap(paper: RecapPaper) -> Content:
    """The frozen content; BrokenSeal if it does not match its hash."""
    if hashlib.sha256(paper.content.encode()).hexdigest() != paper.sha256:
        raise BrokenSeal
    content: Content = json.loads(paper.content)
    return content


FEWEST = 3  # received cases of a line, own and others'; lines below it are merged into the rest
PRINTED_PARTS = ("unit", "kategori", "klasifikasi", "media", "kecamatan", "kelurahan", "instansi")
REST = "Lainnya, belum diketahui, dan rahasia"
COLUMNS = (*dict.fromkeys(PART_BY_KEY[key].column for key in PRINTED_PARTS), Complaint.secrecy)
Counts = tuple[int, ...]  # in the order of OF_PARTS


@dataclass(frozen=True)
class DiscreetTable:
    """One breakdown: the listed lines, and the rest, which includes every rahasia case."""

    part: Part
    lines: tuple[tuple[str, Counts], ...]
    rest: Counts


@dataclass(frozen=True)
class DiscreetRecap:
    """The figures of the paper for signature."""

    lines: tuple[FigureLine, ...]
    rows: tuple[RowStatistics, ...]
    parts: tuple[DiscreetTable, ...]


def discreet_recap(who: Viewer, period: Period, at: datetime) -> DiscreetRecap:
    """The figures over all cases; `who` must be allowed to read all of them."""
    with snapshot():
        lines, cases = figure_lines(who, period, at), counted_cases(who, period, at, COLUMNS)
        secret = secret_categories()
        plain = [_without_secret(of_base, secret) for of_base in cases]
        rows = row_statistics(who, period, is_plain(secret))
        whole, areas = {line.figure.key: line.now for line in lines}, kecamatan_by_kelurahan()
        sums = tuple(whole[key] for key in OF_PARTS)
        shown_parts = [
            PART_BY_KEY[key] for key in PRINTED_PARTS if not PART_BY_KEY[key].is_optional or PART_BY_KEY[key].names()
        ]
        parts = tuple(_table(part, plain, sums, areas) for part in shown_parts)
    return DiscreetRecap(lines, rows, parts)


def secret_categories() -> frozenset[int]:
    """Categories whose cases are rahasia by default, so that the category itself reveals the secrecy."""
    rows = Category.select(Category.id).where(Category.secrecy.in_(sorted(LOGGED)))
    return frozenset(number for (number,) in rows.tuples())


def is_plain(secret: Iterable[int]) -> Any:
    """Condition: neither the case nor its category is rahasia."""
    return Complaint.secrecy.not_in(sorted(LOGGED)) & Complaint.category.not_in(sorted(secret))


def _without_secret(cases: CountedCases, secret: frozenset[int]) -> CountedCases:
    secrecy, category = (cases.columns.index(name) for name in ("secrecy", "category"))
    rows = [row for row in cases.rows if row[secrecy] not in LOGGED and row[category] not in secret]
    return replace(cases, rows=rows)


def _table(part: Part, plain: Iterable[CountedCases], sums: Counts, areas: Mapping[int, str]) -> DiscreetTable:
    """The lines, and the sums minus the lines as the rest. The rest always includes one ordinary value of the part, so
    that a count in it does not imply a rahasia case."""
    in_rest = always_in_rest(part)
    lines: list[tuple[str, Counts]] = []
    for value, counts in counts_by_value(part, plain, areas).items():
        if value != in_rest and counts["masuk"] + counts["lain"] >= FEWEST:
            lines.append((part.name_of(value) or value, tuple(counts[key] for key in OF_PARTS)))
    lines.sort(key=lambda line: ([-count for count in line[1]], line[0]))
    listed = [sum(counts) for counts in zip(*(counts for _, counts in lines), strict=True)] or [0] * len(sums)
    return DiscreetTable(
        part, tuple(lines), tuple(total - part_sum for total, part_sum in zip(sums, listed, strict=True))
    )


def always_in_rest(part: Part) -> str:
    """The ordinary value of a part that is always counted in the rest: NO_VALUE if the column may be empty."""
    if part.column.null:
        return NO_VALUE
    masters = {"kategori": Category.select().where(Category.secrecy.not_in(sorted(LOGGED))), "media": Medium.select()}
    if part.key in masters:
        return str(max(row.id for row in masters[part.key]))
    return str(list(part.names())[-1])


SERIES = KEY = OF_NO_CASE
TITLE = "Rekapitulasi Penanganan Pengaduan"
NOT_ALL = "Rekapitulasi untuk ditandatangani menghitung semua pengaduan; hanya Kepala Dinas yang menerbitkannya."
TOO_EARLY = "Rentang ini belum dimulai."
APART = "Dihitung tersendiri, tidak termasuk di atas:"
OF_SHEET = OF_PARTS[:-1]  # as many columns as fit in a readable font size
ANCHOR = 32  # hex digits of the history's head that are printed: enough to identify it


def issue(user: User, period: Period, at: datetime, *, demo: bool) -> RecapPaper:
    """Issue the recap of a range, or return the existing one if nothing has changed. ValueError with a sentence if it
    is refused."""
    who = viewer(user)
    if KEPALA_DINAS not in who.lanes:
        raise ValueError(NOT_ALL)
    if period.begins > at:
        raise ValueError(TOO_EARLY)
    require_identity(values())
    figures = _content_of(discreet_recap(who, period, at), period)
    counted = hashlib.sha256(canonical_words(figures).encode()).hexdigest()
    with database.atomic():
        head = head_of_history()
        same = (RecapPaper.counted == counted) & (RecapPaper.issued_by == user)
        known: RecapPaper | None = RecapPaper.select().where(same).order_by(RecapPaper.id.desc()).first()
        if known:
            return known
        number = _draw_number(at)
        anchor = {"count": head.last, "head": bytes(head.mac).hex()[:ANCHOR]}
        signer = signatory(user, title_of(user, posts_by_unit(at.astimezone(WIB).date()))).printed
        content = {**frame(KEY, TITLE, at=at, demo=demo), **figures, "signer": signer, "history": anchor}
        content["paper"] = {**content["paper"], "number": number.text}
        return _stored(content, number, period, counted, user, at)


def _draw_number(at: datetime) -> Number:
    [drawn] = draw(SERIES, 1, at, values())
    row = {"series": SERIES, "year": drawn.year, "place": drawn.place, "text": drawn.text, "complaint": None}
    insert_rows(Number, [{**row, "round": 0, "given_at": at}])
    own = (Number.series == SERIES) & (Number.year == drawn.year) & (Number.place == drawn.place)
    number: Number = Number.get(own)
    return number


def _stored(content: Content, number: Number, period: Period, counted: str, user: User, at: datetime) -> RecapPaper:
    text = canonical_words(content)
    row = {"number": number.id, "first": period.first, "last": period.last, "counted": counted, "content": text}
    row |= {"sha256": hashlib.sha256(text.encode()).hexdigest(), "issued_by": user.id, "issued_at": at}
    insert_rows(RecapPaper, [row])
    append_written()
    paper: RecapPaper = RecapPaper.get(RecapPaper.number == number.id)
    return paper


def _content_of(recap: DiscreetRecap, period: Period) -> Content:
    """The figures as printed texts."""
    heads = [period.words, period.before.words, period.year_ago.words]
    lines = listed_lines(recap.lines)
    figures = [_in_numbers(line) for line in lines if not line.figure.apart]
    figures += [[APART, "", "", ""], *(_in_numbers(line) for line in lines if line.figure.apart)]
    places = [
        (OF_PARTS.index(figure.key), figure.short or figure.label) for figure in listed_figures(recap.lines, OF_SHEET)
    ]
    rows = [
        [
            *(str(row.mark), row.row.title, row.standard),
            *map(format_number, (row.cases, row.late)),
            *map(_in_words, (row.working, row.calendar)),
        ]
        for row in recap.rows
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
        for table in recap.parts
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


def _in_words(spread: TimeSpread | None) -> str:
    """Median and 90th percentile."""
    return f"{format_duration(spread.median)} / {format_duration(spread.ninth)}" if spread else "–"
