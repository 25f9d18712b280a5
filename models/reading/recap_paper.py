"""The recap as a paper for signature, which reveals no single rahasia case."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain
from typing import Any

import peewee as pw

from models.case.content_parts import PaperSigner, frame, signer_parts
from models.complaint.codes import keep_code, new_code
from models.complaint.complaint import Complaint
from models.complaint.event import append_written, head_of_history
from models.complaint.number import RECAP, Number, draw_for_no_case
from models.complaint.paper import Content
from models.complaint.scope import Viewer, viewer
from models.office.identity import require_identity
from models.office.lists import Category, Medium
from models.office.people import User, posts_by_unit, signatory, title_of
from models.office.settings import limits_in_words, values
from models.reading.figures import (
    DEFINITION,
    LONG,
    NO_VALUE,
    OF_PARTS,
    PART_BY_KEY,
    Part,
    kecamatan_by_kelurahan,
)
from models.reading.period import Period
from models.reading.recap import (
    CountedCases,
    FigureLine,
    counted_cases,
    counts_by_value,
    figure_lines,
    listed_figures,
    listed_lines,
    period_in_a_sentence,
    periods_with_data,
    words_of_lacking,
)
from models.reading.times import RowStatistics, TimeSpread, row_statistics
from models.store.base import Model, Moment, canonical_words, database, insert_rows, snapshot
from models.store.seal import BrokenSeal, ring
from sop.access import LOGGED
from sop.clock import WIB
from sop.procedure import KEPALA_DINAS
from sop.words import day_of, format_date, format_hours, format_number, format_percent


class RecapPaper(Model):
    """An issued recap; never changed, always printed from its frozen content."""

    append_only = True
    not_digested = ("code",)
    proof = "Rekapitulasi"

    number = pw.ForeignKeyField(Number, unique=True, on_delete="RESTRICT")
    first = pw.DateField()
    last = pw.DateField()
    counted = pw.CharField(max_length=64, index=True)  # hash of the content without number, moment and history
    content = pw.TextField()
    code = pw.BlobField(null=True)  # its verification code, sealed under the panel's key: the content lies in clear
    sha256 = pw.CharField(max_length=64)
    issued_by = pw.ForeignKeyField(User, on_delete="RESTRICT")
    issued_at = Moment(index=True)

    class Meta:
        indexes = ((("first", "last"), False),)


def content_of_recap(paper: RecapPaper) -> Content:
    """The frozen content with its code; BrokenSeal if it does not match its hash."""
    if hashlib.sha256(paper.content.encode()).hexdigest() != paper.sha256:
        raise BrokenSeal
    content: Content = json.loads(paper.content)
    if paper.code is None:  # issued before there were verification codes
        return content
    return {**content, "code": json.loads(ring().panel.open_text(_label(paper.number_id), paper.code))}


def _label(number: int) -> str:
    return f"recap/{number}"


FEWEST = 3  # received cases of a line, own and others'; lines below it are merged into the rest, which has as many, too
PRINTED_PARTS = ("unit", "kategori", "klasifikasi", "media", "kecamatan", "kelurahan", "instansi")
REST = "Lainnya dan rahasia"
COLUMNS = (*dict.fromkeys(PART_BY_KEY[key].column for key in PRINTED_PARTS), Complaint.secrecy)
Counts = tuple[int, ...]  # in the order of OF_PARTS
AMONG = "di antaranya "  # so begins a line whose cases are counted in a line above it as well
AMONG_OF = {  # by the key of a figure: those that count some of its cases
    "masuk": ("masuk-sop", "luar", "luar-tanpa-tanggal", "lewat-sop", "lewat-peraturan", "impor"),
    "selesai": ("selesai-sop", "selesai-luar"),
    "terbuka": ("lama",),
    "lain": ("lain-belum", "lain-diteruskan", "lain-tanpa-tanggal"),
}
_OF_WHAT = re.compile(r"Dari yang \w+: |Urusan instansi lain, |Terbuka ")  # as the label of such a figure begins


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
    that a count in it does not imply a rahasia case; where it holds fewer than FEWEST plain cases, the smallest line is
    merged into it as well, so that it is neither the rahasia ones alone nor these beside one or two."""
    in_rest, in_lines, plain_in_rest = always_in_rest(part), list[tuple[str, Counts]](), 0
    for value, counts in counts_by_value(part, plain, areas).items():
        received = counts["masuk"] + counts["lain"]
        if value != in_rest and received >= FEWEST:
            in_lines.append((part.name_of(value) or value, tuple(counts[key] for key in OF_PARTS)))
        else:
            plain_in_rest += received
    in_lines.sort(key=lambda line: ([-count for count in line[1]], line[0]))
    lines = tuple(in_lines if plain_in_rest >= FEWEST else in_lines[:-1])
    listed = [sum(counts) for counts in zip(*(counts for _, counts in lines), strict=True)] or [0] * len(sums)
    return DiscreetTable(part, lines, tuple(total - part_sum for total, part_sum in zip(sums, listed, strict=True)))


def always_in_rest(part: Part) -> str:
    """The ordinary value of a part that is always counted in the rest: NO_VALUE if the column may be empty."""
    if part.column.null:
        return NO_VALUE
    masters = {"kategori": Category.select().where(Category.secrecy.not_in(sorted(LOGGED))), "media": Medium.select()}
    if part.key in masters:
        return str(max(row.id for row in masters[part.key]))
    return str(list(part.names())[-1])


SERIES = KEY = RECAP
TITLE = "Rekapitulasi Penanganan Pengaduan"
NOT_ALL = "Rekapitulasi untuk ditandatangani menghitung semua pengaduan; hanya Kepala Dinas yang menerbitkannya."
TOO_EARLY = "Rentang ini belum dimulai."
# As many columns as fit in a readable font size: handled by the SOP is what came, less what lies outside the panel.
OF_SHEET = tuple(key for key in OF_PARTS[:-1] if key != "masuk-sop")
ANCHOR = 32  # hex digits of the history's head that are printed: enough to identify it


def issue(user: User, period: Period, at: datetime, *, demo: bool) -> RecapPaper:
    """Issue the recap of a range, or return the existing one if nothing has changed: of a running range that is one of
    the same day. What says otherwise is another issue with a number of its own, which names the one before it.
    ValueError with a sentence if it is refused."""
    who = viewer(user)
    if KEPALA_DINAS not in who.lanes:
        raise ValueError(NOT_ALL)
    if period.begins > at:
        raise ValueError(TOO_EARLY)
    require_identity(values())
    figures = RecapWords(discreet_recap(who, period, at), period, at).whole()
    counted = hashlib.sha256(canonical_words(figures).encode()).hexdigest()
    with database.atomic():
        head = head_of_history()
        same = (RecapPaper.counted == counted) & (RecapPaper.issued_by == user)
        known: RecapPaper | None = RecapPaper.select().where(same).order_by(RecapPaper.id.desc()).first()
        if known:
            return known
        number = draw_for_no_case(SERIES, at)
        anchor = {"count": head.last, "head": bytes(head.mac).hex()[:ANCHOR]}
        signer = signatory(user, title_of(user, posts_by_unit(at.astimezone(WIB).date()))).printed
        content = {**frame(KEY, TITLE, at=at, demo=demo), **figures, "history": anchor, "follows": _followed(period)}
        content |= {"signer": signer, "signers": signer_parts([PaperSigner(KEPALA_DINAS, signer)])}
        content["paper"] = {**content["paper"], "number": number.text}
        return _stored(content, number, period, counted, user, at)


def issues_of(*periods: Period) -> dict[Period, list[int]]:
    """The ids of the recaps issued of each of these ranges, in order."""
    of_any = RecapPaper.first.in_([each.first for each in periods]) & RecapPaper.last.in_([e.last for e in periods])
    rows = RecapPaper.select(RecapPaper.id, RecapPaper.first, RecapPaper.last).where(of_any).order_by(RecapPaper.id)
    issues: dict[Period, list[int]] = {period: [] for period in periods}
    for number, first, last in rows.tuples():
        issues.get(Period(first, last), []).append(number)
    return issues


def _followed(period: Period) -> Content:
    """Which issue of its range comes now, and number and moment of the one before; {} for the first."""
    issues = issues_of(period)[period]
    if not issues:
        return {}
    before = RecapPaper.get_by_id(issues[-1])
    return {"place": len(issues) + 1, "number": before.number.text, "date": before.issued_at.isoformat()}


def _stored(content: Content, number: Number, period: Period, counted: str, user: User, at: datetime) -> RecapPaper:
    text = canonical_words(content)
    row = {"number": number.id, "first": period.first, "last": period.last, "counted": counted, "content": text}
    row |= {"sha256": hashlib.sha256(text.encode()).hexdigest(), "issued_by": user.id, "issued_at": at}
    code = new_code()
    insert_rows(RecapPaper, [{**row, "code": ring().panel.close_text(_label(number.id), canonical_words(code))}])
    keep_code({**content, "code": code}, about=f"nomor {number.text}", sha256=row["sha256"], by=user, at=at)
    append_written()
    paper: RecapPaper = RecapPaper.get(RecapPaper.number == number.id)
    return paper


class RecapWords:
    """The figures as printed texts. The sentences say nothing that the tables do not show, so they reveal no more."""

    def __init__(self, recap: DiscreetRecap, period: Period, at: datetime) -> None:
        self.recap, self.period, self.at, self.runs = recap, period, at, period.ends > at
        self.day: date = min(period.last, day_of(at))  # on which cases are counted as open
        self.lines = {line.figure.key: line for line in recap.lines}
        self.columns = periods_with_data(period, recap.lines)

    def whole(self) -> Content:
        lines, [_, *others] = listed_lines(self.recap.lines), self.columns.values()
        return {
            "span": self.period.words,
            "provisional": f"sementara, sampai {format_date(self.day)}" if self.runs else "",
            "definition": DEFINITION,
            "heads": [f"{self.period.words}{' (sementara)' * self.runs}", *(each.words for each in others)],
            "limits": limits_in_words(values(day_of(self.at))),
            "lacking": words_of_lacking(self.period, self.recap.lines),
            "main": self._main_figures(),
            "notable": [self._on_received(), self._on_open(), self._on_late_rows()],
            "figures_of": self._in_numbers([line for line in lines if not line.figure.apart]),
            "apart_of": self._in_numbers([line for line in lines if line.figure.apart]),
            "rows": [self._row(row) for row in self.recap.rows],
            # Without their number: beside all that ended it would tell how many of these are rahasia.
            "hardly_judged": [str(row.mark) for row in self.recap.rows if row.unjudged > row.cases],
            "parts_of": [self._part(table) for table in self.recap.parts],
        }

    def _counts(self, *keys: str) -> list[int]:
        """The sums of these figures, a column for each period."""
        return [sum(getattr(self.lines[key], name) for key in keys) for name in self.columns]

    def _main_figures(self) -> list[list[str]]:
        """Number, words, count, per cent, and the counts of the other periods. What ended and what is open are together
        what was handled; lateness is of those that came and are handled by the SOP."""
        [handled, *_], [by_sop, *_] = self._counts("selesai", "terbuka"), self._counts("masuk-sop")
        rows = (
            ("1.", "Masuk", ("masuk",), 0),
            ("2.", "Berakhir", ("selesai",), handled),
            ("3.", self._label(self.lines["terbuka"]), ("terbuka",), handled),
            ("", "Jumlah yang ditangani (2 dan 3)", ("selesai", "terbuka"), handled),
            ("4.", self.lines["lewat-sop"].figure.label, ("lewat-sop",), by_sop),
            ("5.", self.lines["lewat-peraturan"].figure.label, ("lewat-peraturan",), by_sop),
        )
        made = []
        for number, words, keys, whole in rows:
            now, *others = self._counts(*keys)
            share = format_percent(now, whole)
            made.append([number, words, format_number(now), share, *map(format_number, others)])
        return made

    def _label(self, line: FigureLine) -> str:
        """What is open is counted on a day, which the figure's own label calls the end of the range."""
        label = line.figure.label
        return f"Masih terbuka pada {format_date(self.day)}" if line.figure.key == "terbuka" else label

    def _on_received(self) -> str:
        [came, *_], words = self._counts("masuk"), period_in_a_sentence(self.period)
        if not came:
            return f"Tidak ada pengaduan yang masuk dalam {words}{f' sampai {format_date(self.day)}' * self.runs}."
        sentence = f"Dalam {words} masuk {format_number(came)} pengaduan{self._compared(came)}"
        by_category = next(table for table in self.recap.parts if table.part.key == "kategori")
        name, counts = max(by_category.lines, key=lambda line: line[1][0], default=("", (0,)))
        most = f"; kategori terbanyak pada rincian ialah {name} ({format_number(counts[0])})" if counts[0] else ""
        return f"{sentence}{most}."

    def _compared(self, came: int) -> str:
        """Beside the period before, if there is any data of it; an unfinished one cannot be compared yet."""
        if self.runs:
            return f", terhitung sampai {format_date(self.day)}"
        if self.period.before not in self.columns.values():
            return ""
        before, words = self.lines["masuk"].before, period_in_a_sentence(self.period.before)
        if came == before:
            return f", sama banyaknya dengan {words}"
        change = f", {'naik' if came > before else 'turun'} {format_number(abs(came - before))} dari {words}"
        return f"{change} ({format_percent(abs(came - before), before)}\u00a0persen)" if before else change

    def _on_open(self) -> str:
        [still], [long] = self._counts("terbuka")[:1], self._counts("lama")[:1]
        day = format_date(self.day)
        if not still:
            return f"Pada {day} tidak ada pengaduan yang masih terbuka."
        age = f"{format_number(long)} di antaranya" if long else "tidak satu pun"
        return f"Pada {day} masih terbuka {format_number(still)} pengaduan, {age} lebih dari {LONG} hari kalender."

    def _on_late_rows(self) -> str:
        rows = [row for row in self.recap.rows if row.cases]
        if not rows:
            return (
                "Belum ada kegiatan SOP yang selesai dalam rentang ini dan dapat dinilai, tanpa menghitung pengaduan "
                "rahasia."
            )
        row = max(rows, key=lambda row: (row.late, row.late / row.cases))
        if not row.late:
            return (
                "Tidak ada kegiatan SOP yang selesai dalam rentang ini dan lewat standar waktunya, tanpa menghitung "
                "pengaduan rahasia."
            )
        name = f"baris {row.no} ({row.row.title})" if row.no else f"“{row.row.title}”"
        share = f"{format_number(row.late)} dari {format_number(row.cases)} pengaduan"
        return (
            "Dari kegiatan SOP yang selesai dalam rentang ini dan dapat dinilai, yang paling sering lewat standar "
            f"waktunya ialah {name}: {share} yang melaluinya ({format_percent(row.late, row.cases)}\u00a0persen), "
            "tanpa yang rahasia."
        )

    def _in_numbers(self, lines: list[FigureLine]) -> list[list[str]]:
        """A row for each line, beneath it those whose cases are some of its own."""
        by_key, parts = {line.figure.key: line for line in lines}, {*chain.from_iterable(AMONG_OF.values())}
        labels: dict[str, str] = {}
        for key in (key for key in by_key if key not in parts):
            labels[key] = self._label(by_key[key])
            among = [part for part in AMONG_OF.get(key, ()) if part in by_key]
            labels |= {part: _OF_WHAT.sub(AMONG, by_key[part].figure.label, count=1) for part in among}
        return [[label, *self._numbers(by_key[key])] for key, label in labels.items()]

    def _numbers(self, line: FigureLine) -> list[str]:
        return [format_number(getattr(line, name)) for name in self.columns]

    def _row(self, row: RowStatistics) -> list[str]:
        counts = [format_number(row.cases), format_number(row.late), format_percent(row.late, row.cases)]
        number = f"{row.no}." if row.no else str(row.mark)
        return [number, row.row.title, row.standard, *counts, *_hours(row.working), *_hours(row.calendar)]

    def _part(self, table: DiscreetTable) -> Content:
        """The lines with the share of those received, and what they come to."""
        listed = listed_figures(self.recap.lines, OF_SHEET)
        places = [OF_PARTS.index(figure.key) for figure in listed]
        lines = (*table.lines, (REST, table.rest))
        totals = tuple(map(sum, zip(*(counts for _, counts in lines), strict=True)))

        def cells(counts: Counts) -> list[str]:
            first, *others = (format_number(counts[place]) for place in places)
            return [first, format_percent(counts[0], totals[0]), *others]

        first, *others = (figure.short or figure.label for figure in listed)
        return {
            "title": table.part.title,
            "heads": [first, "Persen", *others],
            "rows": [[name, *cells(counts)] for name, counts in lines],
            "total": ["Jumlah", *cells(totals)],
        }


def _hours(spread: TimeSpread | None) -> list[str]:
    """Median and 90th percentile; of less than a minute what they are."""
    return [format_hours(each) if each else "<0.01" for each in (spread.median, spread.ninth)] if spread else ["–", "–"]
