"""Every figure of the start pages and of Ringkasan is a link, and the list behind it has as many rows."""

import re
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from models.complaint.complaint import (
    Complaint,
    case_is_late_by_law,
    case_is_late_by_row,
    is_late_by_law,
    is_late_by_row,
    is_late_now,
)
from models.complaint.scope import viewer
from models.office.people import Division
from models.reading import queue
from models.store.base import now
from tests.admin.doors import Visitor
from tests.models.reading.made import scatter
from tests.models.workflow.acting import at_once
from tests.office import EMERGENCY, Office, worked

At = Callable[[str], Visitor]
LISTS = re.compile(r"/(pengaduan|dokumen|janji|pengguna)/(\?|$)")
FIGURE = re.compile(r"(?<![\w/.])\d[\d.]*(?![\w/])")
TOLD = re.compile(r'<p class="lead small">([\d.]+) ')
# What marks a figure: it is nothing, a span of time, or stands in a link.
FIGURES = (
    "//main//*[contains(@class, 'figure')]",
    "//main//td[@class='num']",
    "//main//section[contains(@class, 'queue')]//*[starts-with(@class, 'badge ')]",
    "//main//p[@class='month']/strong",
    "//main//th[@scope='row']/*",
    "//main//ul[@class='rows']/li[strong]",
    "//main//table[@class='weeks']//td",
    "//main//table[@class='shades']//td",
)


@pytest.fixture(scope="module")
def begun(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cases by chance, of every state and age, and some that the writer brought where chance does not lead."""

    def work(office: Office) -> None:
        scatter(office, 150, 5)
        urgent, paused, given = (
            office.receive(8, category=EMERGENCY, emergency=True),
            office.receive(),
            office.receive(2),
        )
        office.bring(urgent[6:], "handle")
        office.bring([*paused, *given], "handle")
        office.do(paused, "hold")
        office.do(given, "assign", staff=[office["staf.rehsos"].id])

    return worked(template, tmp_path_factory.mktemp("figures"), work)


@pytest.mark.parametrize(
    ("username", "paths"),
    [
        ("petugas", ["/"]),
        ("bidang.rehsos", ["/"]),
        ("staf.rehsos", ["/"]),
        ("kadis", ["/meja/dispose/", "/meja/approve/", "/pimpinan/"]),
        ("bidang.ppa", ["/meja/approve/"]),
        ("pengawas", ["/"]),
        ("admin", ["/"]),
    ],
)
def test_each_figure_is_a_link_to_a_list_of_so_many(office: Office, at: At, username: str, paths: list[str]) -> None:
    if username == "bidang.ppa":  # acts as Kepala Dinas, and heads a unit that wrote some of what lies there
        at_once(office, username, valid_to=None)
    visitor = at(username)
    pages = [lxml.html.fromstring(visitor.get(path).text) for path in paths]
    assert [bare for page in pages for bare in figures_without_a_link(page)] == []
    figures = {href: figure for page in pages for href, figure in led_to_lists(page)}
    assert len(figures) > 2
    assert {href: rows_of(visitor, href) for href in figures} == figures


def figures_without_a_link(page: Any) -> Iterator[str]:
    for one in (found for path in FIGURES for found in page.xpath(path)):
        text = " ".join(one.text_content().split())
        linked = one.xpath("boolean(ancestor-or-self::a or .//a)")
        if FIGURE.search(text) and not (linked or re.search(r"^0+\b|\bhari$", text)):
            yield text


def led_to_lists(page: Any) -> Iterator[tuple[str, int]]:
    """Addresses of lists with the figure that their link shows: of months and hours two lines of months and of hours;
    those along a part ask the recap."""
    long = "ancestor::table[starts-with(caption, 'Masuk dan selesai') or @class='shades']"
    older = f"ancestor::tr[position() > 2] and {long}"
    for link in page.xpath(f"//main//a[not({older} or ancestor::section[starts-with(.//h2, 'Masuk menurut')])]"):
        figures = FIGURE.findall("".join(link.xpath(".//text()[not(ancestor::svg)]")).partition(" dari ")[0])
        if LISTS.match(link.get("href", "")) and figures:
            [figure] = figures
            yield link.get("href"), int(figure.replace(".", ""))


def rows_of(visitor: Visitor, href: str) -> int:
    found = TOLD.search(visitor.get(href).text)
    return int(found[1].replace(".", "")) if found else 0


def test_what_is_late_is_said_alike_of_one_case_and_in_sql(office: Office) -> None:
    at = now()
    asked = ((is_late_by_row, case_is_late_by_row), (is_late_by_law, case_is_late_by_law))
    for of_rows, of_case in asked:
        found = {case.id for case in Complaint.select().where(of_rows(at))}
        assert found == {case.id for case in Complaint.select() if of_case(case, at)}
        assert found
    late = {case.id for case in Complaint.select().where(is_late_now(at))}
    either = {case.id for (_, of_case), case in product(asked, Complaint.select()) if of_case(case, at)}
    assert late == {case.id for case in Complaint.select().where(Complaint.id.in_(either)) if case.closed_at is None}


def test_what_an_earlier_row_took_too_long_is_not_late_now(office: Office, at: At) -> None:
    [case] = office.receive()
    office.bring([case], "deliver")
    Complaint.update(row_late=True, unit=Division.get(code="PPA")).where(Complaint.id == case).execute()
    before = queue.own_queues(viewer(office["petugas"]), now()).waiting
    late = {one.step.key: one.row_late for one in before}["deliver"]
    assert late == rows_of(at("petugas"), "/pengaduan/?flt0_0=deliver&flt1_1=sop")
    assert case not in {c.id for c in Complaint.select().where(is_late_by_row(now()))}
