"""What must add up on a Rekapitulasi: parts to their total, and per cents to their base, on the demo's and others."""

from typing import Any

import pytest

from models.office.people import User
from models.reading.period import Period
from models.reading.recap_paper import AMONG, content_of_recap, issue
from sop.words import format_percent
from tests.models.demo.made import TUESDAY, demo_database
from tests.papers.contents import recap

pytestmark = pytest.mark.only("sqlite")

PERIODS = {
    "the year": Period.months_from(2026, 1, 12),
    "a quarter": Period.months_from(2026, 7, 3),
    "a month": Period.months_from(2026, 11),
    "the year before": Period.months_from(2025, 1, 12),
}
OF_TOTALS = {  # heads of the breakdowns, and the lines of which each is the sum
    "Masuk": "Masuk",
    "Berakhir": "Berakhir",
    "Masih terbuka": "Masih terbuka pada",
    "Pernah lewat SOP": f"{AMONG}pernah lewat standar waktu SOP",
    "Lewat batas": f"{AMONG}lewat batas peraturan",
    "Instansi lain": "Urusan instansi lain, diterima",
}


@pytest.fixture(scope="module")
def contents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    with demo_database(tmp_path_factory.mktemp("sums"), at=TUESDAY):
        by = User.get(username="kadis")
        made = {name: content_of_recap(issue(by, period, TUESDAY, demo=True)) for name, period in PERIODS.items()}
    return {"of the tests": recap(), **made}


def number(text: str) -> int:
    return int(text.replace(".", ""))


def numbers(row: list[str]) -> list[int]:
    """Of a breakdown's row, without its name and its per cent."""
    return [number(cell) for place, cell in enumerate(row) if place not in (0, 2)]


NAMES = ["of the tests", *PERIODS]


@pytest.mark.parametrize("name", NAMES)
def test_lines_of_a_breakdown_come_to_its_total_and_per_cents_are_of_what_came(
    contents: dict[str, Any], name: str
) -> None:
    for part in contents[name]["parts_of"]:
        sums = [sum(column) for column in zip(*map(numbers, part["rows"]), strict=True)]
        assert sums == numbers(part["total"]), part["title"]
        for row in (*part["rows"], part["total"]):
            assert row[2] == format_percent(number(row[1]), number(part["total"][1])), row


@pytest.mark.parametrize("name", NAMES)
def test_totals_of_breakdowns_are_the_figures_of_the_whole(contents: dict[str, Any], name: str) -> None:
    made = contents[name]
    lines = [*made["figures_of"], *made["apart_of"]]
    compared = 0
    for part in made["parts_of"]:
        for head, count in zip(part["heads"], part["total"][1:], strict=True):
            if head in OF_TOTALS:
                assert [line[1] for line in lines if line[0].startswith(OF_TOTALS[head])] == [count], (part, head)
                compared += 1
    assert compared


@pytest.mark.parametrize("name", NAMES)
def test_the_main_figures_are_those_of_the_lampiran_with_their_per_cents(contents: dict[str, Any], name: str) -> None:
    made = contents[name]
    came, ended, still, handled, late, beyond = made["main"]
    counts = {row[0]: row[1:] for row in made["figures_of"]}
    for row, label in ((came, "Masuk"), (ended, "Berakhir"), (still, still[1])):
        assert [row[2], *row[4:]] == counts[label]
    for column in (2, *range(4, len(came))):
        assert number(ended[column]) + number(still[column]) == number(handled[column])
    by_sop = counts.get(f"{AMONG}ditangani menurut SOP", counts["Masuk"])[0]
    for row, whole in ((ended, handled[2]), (still, handled[2]), (late, by_sop), (beyond, by_sop)):
        assert row[3] == format_percent(number(row[2]), number(whole)), row


@pytest.mark.parametrize("name", NAMES)
def test_no_part_is_more_than_the_line_above_it_and_no_row_is_late_more_often_than_run(
    contents: dict[str, Any], name: str
) -> None:
    made = contents[name]
    for table in (made["figures_of"], made["apart_of"]):
        whole = table[0]
        for row in table:
            whole = whole if row[0].startswith(AMONG) else row
            assert all(number(some) <= number(every) for some, every in zip(row[1:], whole[1:], strict=True)), row
    for row in made["rows"]:
        assert number(row[4]) <= number(row[3])
        assert row[5] == format_percent(number(row[4]), number(row[3]))
