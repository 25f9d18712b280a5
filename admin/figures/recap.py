"""/rekapitulasi/: figures of a date range, each linked to its list; also as XLSX, CSV and official paper."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

from flask import Response, abort, flash, make_response, redirect, request, url_for

from admin.desk.queues import LATE_BY_ROW, LIST, queue_url
from admin.door.flaskadmin import PageView, view_at
from admin.door.gate import CHECKS_PASSWORD, PRINTS, READS, READS_MUCH, admits_to, belongs_to, expose
from admin.door.rows import signed_in, valid_id
from admin.lists.case_filters import ByFigure, ByPart, figure_value, part_value
from admin.lists.export import CUT, EXPORTED, KINDS, csv_response, pdf_response, xlsx_response
from admin.lists.export_files import Cell, ExportTable
from admin.lists.masters import REPORTS
from admin.sign_in.second_factor import require_proof_to_sign
from models.complaint.accesslog import record_export
from models.complaint.complaint import Complaint
from models.complaint.number import Number
from models.complaint.scope import Viewer, viewer
from models.demo.demo import is_demo
from models.office.people import User, today
from models.reading.figures import BY_KEY, DEFINITION, OF_PARTS, PART_BY_KEY, PARTS, Part
from models.reading.period import Period, usual_periods
from models.reading.recap import HEADS, PartTable, Recap, case_ids, case_lines, part_tables, recap
from models.reading.recap_paper import RecapPaper, content_of_recap, issue, issues_of
from models.reading.times import DAYS_KEY, MEANING, TABLE_KEYS, AnswerTable, RowStatistics, TimeSpread, answer_tables
from models.reading.times import HEADS as HEADS_OF_ANSWERS
from models.store.base import now
from papers.printing import press
from sop.words import format_moment


@dataclass(frozen=True)
class AskedPeriod:
    """The range in the address: as typed, parsed, or why it is invalid."""

    first: str
    last: str
    period: Period | None
    why: str = ""

    @classmethod
    def of_address(cls) -> "AskedPeriod":
        """Parse the address; the present month without a range."""
        month = usual_periods(today())[0]
        defaults = {"dari": month.first.isoformat(), "sampai": month.last.isoformat()}
        first, last = (request.args.get(name, usual)[:20] for name, usual in defaults.items())
        try:
            period = Period.read(first, last)
            return cls(period.first.isoformat(), period.last.isoformat(), period)
        except ValueError as fault:
            return cls(first, last, None, str(fault))


Link = Callable[..., str]
UNIT, LATE = Complaint.unit.name, Complaint.row_due_at.name


def figure_links(unit: str = "") -> Link:
    """link(key, period, part, value): the address of the list behind a figure, fast enough for hundreds on a page;
    `unit` is a value of the list's filter by unit."""
    filters = view_at(LIST).offered_filters
    of_figure, of_part = (
        next(f"flt{place}_{place}" for place, each in enumerate(filters) if isinstance(each, kind))
        for kind in (ByFigure, ByPart)
    )
    place = next(place for place, each in enumerate(filters) if getattr(each.column, "name", "") == UNIT)
    start = f"{url_for(f'{LIST}.index_view')}?" + (f"flt{place}_{place}={quote_plus(unit)}&" if unit else "")

    def link(key: str, period: Period, part: Part | None = None, value: str = "") -> str:
        of_value = f"&{of_part}={quote_plus(part_value(part, value))}" if part else ""
        return f"{start}{of_figure}={figure_value(key, period)}{of_value}"

    return link


def waiting_url(state: str, *, unit: object = "", late: bool = False) -> str:
    """The list of cases that are in a state now; of one unit, or only late ones by the SOP."""
    return queue_url(state, **({UNIT: str(unit)} if unit else {}), **({LATE: LATE_BY_ROW} if late else {}))


OFFICIAL = "rekapitulasi-resmi"
LATEST = 12  # issued recaps on the page


@dataclass(frozen=True)
class IssuedRecap:
    """An issued recap, as listed on the page."""

    number: str
    span: str
    issued: str
    place: int  # which of the issues of its range it is, of so many
    count: int
    url: str
    is_coded: bool  # whether it bears a verification code


def may_issue() -> bool:
    return admits_to((OFFICIAL,))


def reads_issued(who: Viewer) -> bool:
    """Whether the user may read cases at all: a pengawas needs a Surat Tugas."""
    return bool(who.lanes) or who.mandated


def latest_issued(who: Viewer) -> list[IssuedRecap]:
    """The last LATEST issued recaps, newest first."""
    if not reads_issued(who):
        return []
    rows = RecapPaper.select(RecapPaper, Number).join(Number).order_by(RecapPaper.id.desc()).limit(LATEST)
    periods = {row: Period(row.first, row.last) for row in rows}
    issues = issues_of(*dict.fromkeys(periods.values()))
    return [
        IssuedRecap(
            number=row.number.text,
            span=period.words,
            issued=format_moment(row.issued_at),
            place=issues[period].index(row.id) + 1,
            count=len(issues[period]),
            url=url_for("rekapitulasi.issued", number=row.id),
            is_coded=row.code is not None,
        )
        for row, period in periods.items()
    ]


FLAT = ("Bagian", "Rincian", "Ukuran", "Dari", "Sampai", "Nilai")
TIMES = ("Median waktu kerja", "Persentil 90 waktu kerja", "Median waktu kalender", "Persentil 90 waktu kalender")
IN_MINUTES = tuple(f"{words} (menit)" for words in TIMES)
SHORT = tuple(BY_KEY[key].short or BY_KEY[key].label for key in OF_PARTS)
DAYS = "Hari sampai dijawab"
Line = Sequence[Cell]


def recap_file(user: User, period: Period, kind: str) -> Response:
    """The export, recorded in the access log first: the workbook lists each case, the CSV none."""
    at = now()
    figures = recap(viewer(user), period, at)
    ids = [] if kind == "csv" else case_ids(viewer(user), period, at)
    record_export(user, "rekapitulasi", ids[:EXPORTED], rows=len(ids), asked=period.words)
    name = f"rekapitulasi-{period.first.isoformat()}-{period.last.isoformat()}.{kind}"
    if kind == "csv":
        return csv_response(_table("Rekapitulasi", FLAT, list(flat_lines(figures))), name)
    cut = CUT if len(ids) > EXPORTED else ""
    cases = ExportTable("Pengaduan", HEADS, case_lines(ids[:EXPORTED], period, at), len(ids), cut)
    return xlsx_response([*sheets(figures), cases], name)


def sheets(made: Recap) -> list[ExportTable]:
    """The sheets: figures with those of earlier ranges, times by SOP row, figures by part, days until an answer."""
    heads = ["Hal", *(period.words for period in made.compared.values())]
    figures: list[Line] = [
        [line.figure.label, *(count for _, count in line.counts(made.compared))] for line in made.listed_lines
    ]
    figures += [[words, *[""] * len(made.compared)] for words in (f"Keadaan pada {format_moment(made.at)}", DEFINITION)]
    rows: list[Line] = [
        [row.mark, row.row.title, row.standard, row.cases, row.late, *_minutes(row)] for row in made.rows
    ]
    parts: list[Line] = [
        [table.part.title, line.name, *_in_columns(table, line.counts)] for table in made.parts for line in table.lines
    ]
    answers: list[Line] = [
        [table.title, line.name, *("" if count is None else count for count, _ in line.counts)]
        for table in made.answers
        for line in table.lines
    ]
    return [
        _table("Rekapitulasi", heads, figures),
        _table("Waktu SOP", ("No.", "Kegiatan", "Waktu", "Pengaduan", "Lewat waktu", *IN_MINUTES), rows),
        _table("Rincian", ("Bagian", "Rincian", *SHORT), parts),
        _table(DAYS, ("Bagian", "Rincian", *HEADS_OF_ANSWERS), answers),
    ]


def flat_lines(made: Recap) -> Iterator[Line]:
    """Each figure on a line of its own, for further calculation."""
    for line in made.listed_lines:
        for period, count in line.counts(made.compared):
            yield _flat("Seluruhnya", "", line.figure.label, period, count)
    for row in made.rows:
        words = ("Pengaduan", "Lewat waktu", *IN_MINUTES)
        for measure, cell in zip(words, (row.cases, row.late, *_minutes(row)), strict=True):
            yield _flat("Baris SOP", row.heading, measure, made.period, cell)
    for table in made.parts:
        for part in table.lines:
            for figure, count in zip(table.figures, part.counts, strict=True):
                yield _flat(table.part.title, part.name, figure.label, made.period, count)
    for answers in made.answers:
        for answer in answers.lines:
            for head, (days, _) in zip(HEADS_OF_ANSWERS, answer.counts, strict=True):
                cell = "" if days is None else days
                yield _flat(f"{DAYS}, {answers.title}", answer.name, head, answer.period, cell)


def _flat(part: str, name: str, measure: str, period: Period, cell: Cell) -> Line:
    return [part, name, measure, period.first, period.last, cell]


def _minutes(row: RowStatistics) -> list[Cell]:
    return [*_spread(row.working), *_spread(row.calendar)]


def _spread(spread: TimeSpread | None) -> tuple[Cell, Cell]:
    return (spread.median, spread.ninth) if spread else ("", "")


def _in_columns(table: PartTable, counts: Sequence[int]) -> list[Cell]:
    """The counts under the heads of all figures; "" for figures that the part does not have."""
    by_key = dict(zip(table.part.figures, counts, strict=True))
    return [by_key.get(key, "") for key in OF_PARTS]


def _table(name: str, heads: Sequence[str], lines: list[Line]) -> ExportTable:
    return ExportTable(name, heads, iter([lines]), len(lines))


NOUN = "rekapitulasi"
MOST, BRIEF = 100, 30  # lines of a table alone on a page, and of one of several


class RekapitulasiView(PageView):
    """Counts the cases that the user may open, which the page states."""

    noun, cost = NOUN, READS

    @expose("/")
    def index(self) -> Any:
        asked = AskedPeriod.of_address()
        return make_response(self._page(asked), 200 if asked.period else 422)

    def _page(self, asked: AskedPeriod, why: str = "") -> str:
        who, at, sections = viewer(signed_in()), now(), _sections()
        key = _asked_section(sections)
        page = self.render(
            "admin/figures/recap.html",
            asked=asked,
            at=at,
            section=key,
            sections=[
                (words, _page_of(asked.period, name, "bagian"), name == key.partition("-")[0])
                for name, words in sections
                if asked.period
            ],
            section_words=dict(sections)[key.partition("-")[0]] if key else "",
            **(_counted(who, asked.period, at, key) if asked.period else {}),
            definition=DEFINITION,
            meaning=MEANING,
            answer_heads=HEADS_OF_ANSWERS,
            why=why or asked.why,
            link=figure_links(),
            usual=[(period.words, _page_of(period, key)) for period in usual_periods(today())],
            files=[(words, _file_of(kind, asked.period)) for kind, words in KINDS.items()] if asked.period else [],
            reads_all=who.reads_all,
            may_issue=may_issue() and asked.period is not None and asked.period.begins <= at,
            issued=latest_issued(who),
        )
        return str(page)

    @expose("/export/<any(xlsx,csv):export_type>/", cost=READS_MUCH)
    def export(self, export_type: str) -> Response:
        asked = AskedPeriod.of_address()
        if asked.period is None:
            return make_response(self.index(), 422)
        return recap_file(signed_in(), asked.period, export_type)

    @expose("/terbit/", methods=("POST",), cost=CHECKS_PASSWORD)
    @belongs_to(OFFICIAL)
    def issue(self) -> Any:
        """Issue the recap with a number and frozen content; an identical one is not issued twice."""
        require_proof_to_sign()
        try:
            period = Period.read(*(request.form.get(name, "")[:20] for name in ("dari", "sampai")))
            paper = issue(signed_in(), period, now(), demo=is_demo())
        except ValueError as fault:
            return make_response(self._page(AskedPeriod.of_address(), str(fault)), 422)
        flash(f"Rekapitulasi {period.words} telah terbit dengan nomor {paper.number.text}.", "success")
        return redirect(_page_of(period))

    @expose("/terbit/<row:number>.pdf", cost=PRINTS)
    def issued(self, number: str) -> Response:
        if not reads_issued(viewer(signed_in())):
            abort(404)
        paper = RecapPaper.get_or_none(RecapPaper.id == valid_id(number)) or abort(404)
        name = f"rekapitulasi-{paper.first.isoformat()}-{paper.last.isoformat()}.pdf"
        return pdf_response(press.unissued_pdf(content_of_recap(paper)), name)


def _sections() -> list[tuple[str, str]]:
    """The sections of the page by the key in its address: main figures, each part, days until an answer."""
    parts = [part for part in PARTS if not part.is_optional or part.column.rel_model.select().exists()]
    return [("", "Angka pokok"), *((part.key, part.title) for part in parts), (DAYS_KEY, "Hari sampai dijawab")]


def _asked_section(sections: Collection[tuple[str, str]]) -> str:
    key = request.args.get("rinci", "")
    return key if key in {*dict(sections), *(f"{DAYS_KEY}-{key}" for key in TABLE_KEYS.values())} else ""


def _counted(who: Viewer, period: Period, at: datetime, key: str) -> dict[str, object]:
    """The section's figures; of a long table the page of MOST lines that the address asks for."""
    if not key:
        return {"recap": recap(who, period, at, parts=(), answers=False)}
    tables: tuple[PartTable | AnswerTable, ...]
    if key.startswith(DAYS_KEY):
        every, wanted = answer_tables(who, period), key.removeprefix(DAYS_KEY).lstrip("-")
        tables = tuple(table for table in every if table.key == wanted) if wanted else every
    else:
        tables = part_tables(who, period, at, [PART_BY_KEY[key]])
    alone = len(tables) == 1 and key != DAYS_KEY
    last = max(len(tables[0].lines) - 1, 0) if alone else 0
    start = min(max(request.args.get("mulai", 0, type=int), 0), last) // MOST * MOST
    return {"tables": tables, "shown": slice(start, start + (MOST if alone else BRIEF)), "alone": alone, "most": MOST}


def _page_of(period: Period, section: str = "", anchor: str | None = None) -> str:
    first, last = period.first, period.last
    return url_for(f"{NOUN}.index", _anchor=anchor, dari=first, sampai=last, rinci=section or None)


def _file_of(kind: str, period: Period) -> str:
    return url_for(f"{NOUN}.export", export_type=kind, dari=period.first, sampai=period.last)


def views() -> list[PageView]:
    return [RekapitulasiView(name="Rekapitulasi", endpoint=NOUN, url="/rekapitulasi", category=REPORTS)]
