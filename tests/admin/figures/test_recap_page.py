"""Every figure of the page leads to a list of exactly so many rows; its files say the same, and are logged."""

import csv
import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import lxml.html
import pytest
from python_calamine import CalamineWorkbook

from admin.figures import recap as recap_page
from models.complaint.accesslog import Reading, asked_for, cases_of
from models.complaint.complaint import Complaint
from models.complaint.scope import viewer
from models.office.people import today
from models.reading.figures import OF_PARTS
from models.reading.period import Period
from models.reading.recap import recap
from models.store.base import now
from tests.admin.doors import Visitor
from tests.models.reading.made import scatter
from tests.office import Office, worked

At = Callable[[str], Visitor]
COUNT = re.compile(r'<p class="lead small">([\d.]+) pengaduan ditemukan')


@pytest.fixture(scope="module")
def begun(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return worked(template, tmp_path_factory.mktemp("recap"), lambda office: [*scatter(office, 40, 9)] and None)


def address(page: str = "/rekapitulasi/", days: int = 700) -> str:
    return f"{page}?dari={today() - timedelta(days=days)}&sampai={today()}"


def figures(page: str) -> dict[str, str]:
    """The figure that each link to a list shows."""
    return {one.get("href"): one.text for one in lxml.html.fromstring(page).xpath("//main//table//a")}


def sections(visitor: Visitor, of: str) -> list[str]:
    """The addresses of all that the page shows one at a time."""
    page = lxml.html.fromstring(visitor.get(of).text)
    links = page.xpath("//nav[@aria-label='Bagian rekapitulasi']/a/@href")
    return [str(link).removesuffix("#bagian") for link in links]


def all_figures(visitor: Visitor) -> dict[str, str]:
    return {
        link: count for one in sections(visitor, address()) for link, count in figures(visitor.get(one).text).items()
    }


def rows_behind(visitor: Visitor, link: str) -> str:
    found = COUNT.search(visitor.get(link).text)
    return found[1] if found else "0"


@pytest.mark.parametrize("each", [5, pytest.param(1, marks=pytest.mark.soak)])  # by day one of five
def test_every_figure_of_the_page_leads_to_a_list_of_exactly_so_many_rows(office: Office, at: At, each: int) -> None:
    for username, least in (("kadis", 30), ("bidang.rehsos", 3)):
        visitor = at(username)
        figures = dict(list(all_figures(visitor).items())[::each])
        assert len(figures) > least
        assert {link: rows_behind(visitor, link) for link in figures} == figures


def test_a_figure_s_list_says_what_it_counts_and_its_chip_takes_that_away(office: Office, at: At) -> None:
    visitor = at("kadis")
    links = [link for link in all_figures(visitor) if "masuk" in link and "kategori" in link]
    page = lxml.html.fromstring(visitor.get(links[0]).text)
    links = page.xpath("//ul[@class='chips']/li/a[@class='chip']")
    chips = [link.text_content().removeprefix("Hapus saringan ") for link in links]
    assert [chip.partition(":")[0] for chip in chips] == ["Rekapitulasi", "Rincian"]
    assert "Masuk, " in chips[0]
    plain = visitor.get("/pengaduan/").text
    assert "Rincian" not in plain
    assert ">Rekapitulasi</label>" not in plain


@pytest.mark.parametrize("typed", ["masuk", "masuk.2026-01-01", "masuk.2026-02-01.2026-01-01", "lain.1.2"])
def test_what_is_no_figure_is_left_out_with_a_word(at: At, typed: str) -> None:
    visitor = at("kadis")
    link = next(iter(figures(visitor.get(address()).text)))
    name = link.partition("?")[2].partition("=")[0]
    answer = visitor.get(f"/pengaduan/?{name}={typed}")
    assert answer.status_code == 200
    assert "tidak dapat dibaca dan dilewati" in answer.text


def test_no_two_columns_are_of_one_range(at: At) -> None:
    """What lies before a year is the year ago; on the page, in the workbook and in the CSV."""
    visitor = at("kadis")
    for first, last, heads in (
        ("2025-01-01", "2025-12-31", ["Tahun 2025", "Tahun 2024"]),
        ("2025-03-01", "2025-03-31", ["Maret 2025", "Februari 2025"]),  # of March 2024 there is nothing to compare
    ):
        asked = f"?dari={first}&sampai={last}"
        page = lxml.html.fromstring(visitor.get(f"/rekapitulasi/{asked}").text)
        assert page.xpath("//table[@class='recap']/thead//th/text()") == heads
        assert {len(row) for row in page.xpath("//table[@class='recap']/tbody[1]/tr")} == {len(heads) + 1}
        assert page.xpath("//tbody[@class='apart']//th/@colspan") == [str(len(heads) + 1)]
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(visitor.get(f"/rekapitulasi/export/xlsx/{asked}").data))
        assert workbook.get_sheet_by_name("Rekapitulasi").to_python()[0] == ["Hal", *heads]
        flat = csv.DictReader(io.StringIO(visitor.get(f"/rekapitulasi/export/csv/{asked}").data.decode("utf-8-sig")))
        assert sum(row["Ukuran"] == "Masuk" and row["Bagian"] == "Seluruhnya" for row in flat) == len(heads)


def test_each_part_stands_by_itself_with_the_range_that_was_asked_for(office: Office, at: At) -> None:
    visitor, period = at("kadis"), Period(today() - timedelta(days=700), today())
    made, addresses = recap(viewer(office["kadis"]), period, now()), sections(visitor, address())
    assert len(addresses) == len(made.parts) + 2
    assert all(f"dari={period.first}&sampai={period.last}" in one for one in addresses)
    for table, way in zip(made.parts, addresses[1:], strict=False):
        page = lxml.html.fromstring(visitor.get(way).text)
        assert [row.text for row in page.xpath("//main//tbody//th")] == [line.name for line in table.lines]
        assert page.xpath("//nav//a[@aria-current='page']/@href")[-1] == f"{way}#bagian"
        assert table.part.title in page.xpath("string(//h1)")
        heads = page.xpath("//main//thead//th[@class='num']")
        assert len(heads) == len(table.listed_figures) if table.lines else page.xpath("//main//a[.='Ke angka pokok']")
        assert page.xpath("//form//input[@name='rinci']/@value") == [table.part.key]
    days = lxml.html.fromstring(visitor.get(addresses[-1]).text)
    assert len(days.xpath("//main//caption")) == len(made.answers)


def test_a_long_part_is_shown_a_hundred_lines_at_a_time(
    office: Office, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recap_page, "MOST", 2)
    visitor, whole = at("kadis"), recap(viewer(office["kadis"]), Period(today() - timedelta(days=700), today()), now())
    names = [line.name for table in whole.parts if table.part.key == "kelurahan" for line in table.lines]
    came, way = list[str](), f"{address()}&rinci=kelurahan"
    while way:
        shown = lxml.html.fromstring(visitor.get(way).text)
        came += [row.text for row in shown.xpath("//main//tbody//th")]
        way = next(iter(shown.xpath("//a[.='Berikutnya ›']/@href")), "")
    assert came == names
    last = lxml.html.fromstring(visitor.get(f"{address()}&rinci=kelurahan&mulai=9999").text)
    assert [row.text for row in last.xpath("//main//tbody//th")] == names[(len(names) - 1) // 2 * 2 :]
    assert visitor.get(f"{address()}&rinci=kelurahan&mulai=x").status_code == 200
    for odd in ("tidak-ada", "unit-foo", "unit-", "-x", "topik-%00", "hari-x"):
        assert "Angka pokok" in visitor.get(f"{address()}&rinci={odd}").text
    alone = lxml.html.fromstring(visitor.get(f"{address()}&rinci=hari-topik").text)
    assert alone.xpath("//nav//a[@aria-current='page']")[-1].text == "Hari sampai dijawab"


def test_what_each_part_shows_adds_up_to_the_main_figures(office: Office) -> None:
    made = recap(viewer(office["kadis"]), Period(today() - timedelta(days=700), today()), now())
    main = {line.figure.key: line.now for line in made.lines}
    for table in made.parts:
        assert table.listed_figures or not table.lines
        for place, key in enumerate(table.part.figures):
            if not table.part.is_optional:
                assert sum(line.counts[place] for line in table.lines) == main[key], (table.title, key)
    assert {table.part.key: table.part.figures for table in made.parts}["akhir"] == ("selesai",)


def test_the_page_says_whose_cases_it_counts_and_helps_where_there_are_none(at: At) -> None:
    assert "Menghitung semua pengaduan." in at("kadis").get(address()).text
    assert "Hanya menghitung pengaduan yang boleh Anda buka." in at("petugas").get(address()).text
    empty = at("kadis").get("/rekapitulasi/?dari=2011-01-01&sampai=2011-01-31").text
    assert "Tidak ada pengaduan yang masuk" in empty
    assert "Januari 2011" in empty


@pytest.mark.parametrize("asked", ["dari=x&sampai=2026-01-01", "dari=2026-02-01&sampai=2026-01-01", "dari=&sampai="])
def test_a_range_that_is_none_is_refused_with_its_reason(at: At, asked: str) -> None:
    for page in ("/rekapitulasi/", "/rekapitulasi/export/xlsx/", "/rekapitulasi/export/csv/"):
        answer = at("kadis").get(f"{page}?{asked}")
        assert answer.status_code == 422
        assert "Belum dapat dihitung." in answer.text


def test_the_admin_has_no_recap(at: At) -> None:
    assert at("admin").get("/rekapitulasi/").status_code == 403
    assert at("admin").get("/rekapitulasi/export/csv/").status_code == 403


def test_the_workbook_holds_true_dates_and_its_cases_add_up_to_the_recap(office: Office, at: At) -> None:
    made = recap(viewer(office["kadis"]), Period(today() - timedelta(days=700), today()), now())
    answer = at("kadis").get(address("/rekapitulasi/export/xlsx/"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    assert book.sheet_names == ["Rekapitulasi", "Waktu SOP", "Rincian", "Hari sampai dijawab", "Pengaduan"]
    figures_of = {row[0]: row[1] for row in book.get_sheet_by_name("Rekapitulasi").to_python()[1:]}
    assert all(figures_of[line.figure.label] == line.now for line in made.listed_lines)
    heads, *lines = book.get_sheet_by_name("Pengaduan").to_python()
    numbers = {line[0] for line in lines}
    assert numbers <= {case.number for case in Complaint.select()}
    assert all(isinstance(line[2], datetime) for line in lines)
    sums = [sum(line[heads.index(head)] for line in lines) for head in heads[-len(OF_PARTS) :]]
    assert sums == [line.now for key in OF_PARTS for line in made.lines if line.figure.key == key]
    reading = Reading.select().order_by(Reading.id.desc()).get()
    assert (reading.what, len(cases_of(reading)), reading.rows) == ("rekapitulasi", len(lines), len(lines))
    assert asked_for(reading) == made.period.words


def test_the_csv_has_every_figure_in_a_line_and_names_no_case(office: Office, at: At) -> None:
    text = at("kadis").get(address("/rekapitulasi/export/csv/")).data.decode("utf-8-sig")
    heads, *lines = csv.reader(io.StringIO(text))
    made = recap(viewer(office["kadis"]), Period(today() - timedelta(days=700), today()), now())
    whole = [line for line in lines if line[0] == "Seluruhnya"]
    assert [int(line[-1]) for line in whole[::3]] == [line.now for line in made.listed_lines]
    assert len(heads) == len(lines[0])
    assert not [case.number for case in Complaint.select() if case.number in text]
    assert cases_of(Reading.select().order_by(Reading.id.desc()).get()) == set()


def test_without_a_range_it_is_of_the_present_month(at: At) -> None:
    day = today()
    assert Period.months_from(day.year, day.month).words in at("kadis").get("/rekapitulasi/").text
