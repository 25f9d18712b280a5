"""Buku Register Pengaduan: the register of a range of days in the office's columns, as far as its reader may see it."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from models.case.discretion import UNTOLD, is_secret
from models.content.unkept import frame
from models.office.lists import Category, Medium
from models.office.people import Division, User, posts_by_unit, signatory, title_of
from models.tables.complaint import Complaint, names_by_case
from models.tables.late import ended_at
from models.tables.number import Number, NumberSkip, NumberVoid, number_text
from models.tables.paper import Content
from models.tables.scope import viewer, visible
from sop import flow
from sop.clock import WIB
from sop.words import format_short_date, format_span

KEY, TITLE = "buku_register", "Buku Register Pengaduan"
MOST_ROWS, MOST_DAYS = 2_000, 1_100
ENDLESS = "Isi tanggal awal dan tanggal akhir."
BACKWARDS = "Tanggal akhir tidak boleh sebelum tanggal awal."
FIRST_YEAR, LAST_YEAR = 2000, 2200
FAR = f"Isi tanggal antara tahun {FIRST_YEAR} dan {LAST_YEAR}."
WIDE = "Rentang paling panjang tiga tahun. Pilih rentang yang lebih pendek."
MANY = "Rentang ini memuat {count} pengaduan; paling banyak {most} dalam satu buku. Pilih rentang yang lebih pendek."
COLUMNS = (  # heading, share of the width: the points that an A4 page has for it, so that the longest word stands whole
    ("No", 26),
    ("Nomor register", 86),
    ("Tanggal", 41),
    ("Pengadu", 67),
    ("Media", 51),
    ("Pokok pengaduan", 66.5),
    ("Kategori", 60),
    ("Unit kerja", 66.5),
    ("Status", 60),
    ("Selesai", 41),
    ("Nota Dinas / Berita Acara", 126),
    ("Ket.", 51),
)
BESIDE = ("nota_dinas", "berita_acara")  # the series of the column that names them; no other number stands in it


def objection(first: date | None, last: date | None) -> str:
    """The sentence why there is no book for such a range, "" if there is."""
    if first is None or last is None:
        return ENDLESS
    if last < first:
        return BACKWARDS
    if first.year < FIRST_YEAR or last.year > LAST_YEAR:
        return FAR
    return WIDE if (last - first).days > MOST_DAYS else ""


def registered_numbers(user: User, first: date, last: date) -> list[Number]:
    """The register numbers given on these days to complaints that the person may read, in order; at most one too many.

    Of a case that he may not open there is neither number nor count.
    """
    since, until = (datetime.combine(day, time(), WIB) for day in (first, last + timedelta(days=1)))
    mine = visible(user, Complaint).select(Complaint.id)
    here = (Number.series == flow.RECEIVE.series) & (Number.given_at >= since) & (Number.given_at < until)
    query = Number.select(Number, Complaint).join(Complaint).where(here & Number.complaint.in_(mine))
    return list(query.order_by(Number.given_at, Number.id).limit(MOST_ROWS + 1))


def book(numbers: list[Number], first: date, last: date, *, by: User, at: datetime, demo: bool) -> Content:
    """The content of the book: these numbers, printed for a person."""
    posts = posts_by_unit(at.astimezone(WIB).date())
    heads = posts.get(None, ())  # whoever fills that post signs for himself: neither takes note of the other's book
    head = next(iter(heads), None) if by.id not in {one.user for one in heads} else None
    return {
        **frame(KEY, TITLE, at=at, demo=demo),
        "span": format_span(first, last),
        "reader": signatory(by, title_of(by, posts)).printed,
        "ruled": {"columns": COLUMNS, "rows": [[str(no), *row] for no, row in enumerate(_rows(numbers), 1)]},
        "skipped": _skipped_numbers(first, last),
        "head": head.printed if head else {},
        "all": viewer(by).reads_all,
    }


def _skipped_numbers(first: date, last: date) -> list[str]:
    """The register numbers of these years that the panel never gave, with the reason."""
    here = (NumberSkip.series == flow.RECEIVE.series) & NumberSkip.year.between(first.year, last.year)
    ordered = NumberSkip.select().where(here).order_by(NumberSkip.year, NumberSkip.first)
    return [f"{skip}: {skip.reason.rstrip(' .;,')}" for skip in ordered]


def _rows(numbers: list[Number]) -> list[list[str]]:
    ids = [number.complaint_id for number in numbers]
    names = {model: {row.id: str(row) for row in model.select()} for model in (Medium, Category, Division)}
    void = {v.number_id: v.reason for v in NumberVoid.select().where(NumberVoid.number.in_([n.id for n in numbers]))}
    people, others = {case: name for case, [name] in names_by_case(ids, "pengadu").items()}, _others(ids)
    return [_row(n, n.complaint, people, names, others.get(n.complaint_id, []), void.get(n.id, "")) for n in numbers]


def _others(ids: Iterable[int]) -> dict[int, list[str]]:
    """The numbers of Nota Dinas and Berita Acara that the cases took."""
    numbers: dict[int, list[str]] = {}
    taken = Number.select(Number.complaint, number_text()).where(
        Number.complaint.in_(list(ids)) & Number.series.in_(BESIDE)
    )
    for case, text in taken.order_by(Number.id).tuples():
        numbers.setdefault(case, []).append(text)
    return numbers


def _row(
    number: Number, c: Complaint, people: dict[int, str], names: dict[Any, dict[int, str]], others: list[str], void: str
) -> list[str]:
    """A line of the book, which lies open on a desk (see `openly`)."""
    received, closed = format_short_date(number.given_at), format_short_date(ended_at(c))
    if is_secret(c):
        return [
            number.text,
            received,
            "Dirahasiakan",
            *[UNTOLD] * 4,
            c.state_label,
            closed,
            UNTOLD,
            "BATAL" * bool(void),
        ]
    who = "Anonim" if c.anonymous else people.get(c.id) or "–"
    remarks = [f"BATAL: {void}"] * bool(void) + ["Susulan"] * c.backlog + [f"Putaran {c.round}"] * (c.round > 1)
    return [
        number.text,
        received,
        who,
        names[Medium].get(c.medium_id, ""),
        c.title,
        names[Category].get(c.category_id, ""),
        names[Division].get(c.unit_id, ""),
        c.state_label,
        closed,
        "\n".join(others),
        "; ".join(remarks),
    ]
