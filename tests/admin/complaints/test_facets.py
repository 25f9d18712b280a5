"""Facets of the search page: hits counted by status, unit, year and medium, within what the user may open."""

from collections import Counter
from collections.abc import Callable

import lxml.html
import pytest

from models.complaint.complaint import Complaint
from models.complaint.scope import visible
from models.complaint.search import _says, _standing, marker
from models.complaint.search_words import terms_of
from models.office.lists import Medium
from sop.vocabulary import CLOSED, OUTSIDE, vocabulary
from tests.admin.doors import Visitor
from tests.office import COMMON, SECRET, Office

At = Callable[[str], Visitor]
WORD = "layangan"


@pytest.fixture
def cases(office: Office) -> list[int]:
    """Seven cases of one word: some further, one secret, one by another medium."""
    found = office.receive(5, category=COMMON, story=f"Ada {WORD} putus")
    office.bring(found[:2], "dispose")
    found += office.receive(1, category=SECRET, story=f"Ada {WORD} putus")
    other = Medium.select().where(Medium.id != Complaint.get_by_id(found[0]).medium_id).first()
    return found + office.receive(1, category=COMMON, story=f"Ada {WORD} putus", medium=other)


def facets(page: str) -> dict[str, dict[str, tuple[int, str]]]:
    """By title and value: the count and the address."""
    tree = lxml.html.fromstring(page)
    return {
        one.xpath("string(h2)"): {
            link.xpath("string(span[1])"): (int(link.xpath("string(span[2])")), link.get("href"))
            for link in one.xpath(".//a")
        }
        for one in tree.xpath("//aside[@id='saring']/section")
    }


def shown(page: str) -> int:
    return len(lxml.html.fromstring(page).xpath("//ol[contains(@class, 'hits')]/li"))


@pytest.mark.parametrize("username", ["petugas", "petugas2", "kadis"])
def test_each_count_is_that_of_the_page_behind_it_within_what_one_may_open(
    office: Office, at: At, cases: list[int], username: str
) -> None:
    visitor = at(username)
    mine = [c.id for c in visible(office[username], Complaint).where(Complaint.id.in_(cases))]
    offered = facets(visitor.get(f"/cari/?q={WORD}").text)
    assert {"Status", "Media"} <= offered.keys()
    states = Counter(vocabulary().states[c.state] for c in Complaint.select().where(Complaint.id.in_(mine)))
    assert {value: count for value, (count, _) in offered["Status"].items()} == states
    for values in offered.values():
        assert sum(count for count, _ in values.values()) == len(mine)
        for count, address in values.values():
            assert shown(visitor.get(address).text) == count


def test_two_facets_narrow_together_and_each_is_taken_back_alone(office: Office, at: At, cases: list[int]) -> None:
    visitor = at("petugas")
    first = facets(visitor.get(f"/cari/?q={WORD}").text)["Status"]["Menunggu disposisi"]
    page = visitor.get(first[1]).text
    [(_, both)] = facets(visitor.get(f"/cari/?q={WORD}&status=dispose").text).get("Media", {"": (0, first[1])}).values()
    assert shown(visitor.get(both).text) == first[0] == 2
    chips = lxml.html.fromstring(page).xpath("//a[@class='chip']")
    assert [chip.text_content() for chip in chips] == ["Hapus saringan Status: Menunggu disposisi×"]
    assert shown(visitor.get(chips[0].get("href")).text) > 2


@pytest.mark.parametrize("typed", ["status=xyz", "unit=999999", "tahun=%00", "media=<script>", "status=" + "a" * 900])
def test_a_value_that_no_hit_has_finds_nothing_and_says_how_to_go_back(
    office: Office, at: At, cases: list[int], typed: str
) -> None:
    answer = at("petugas").get(f"/cari/?q={WORD}&{typed}")
    assert answer.status_code == 200
    assert shown(answer.text) == 0
    assert "Tidak ada hasil dengan saringan itu." in answer.text
    assert "<script>" not in answer.text


def test_hits_that_tie_stand_unfinished_first_then_finished_then_those_from_a_file() -> None:
    states = ["handle", CLOSED, OUTSIDE]
    assert sorted(states, key=_standing, reverse=True) == states


def test_an_excerpt_is_no_bare_number_unless_it_was_searched_for() -> None:
    assert not _says("9950034", marker(terms_of("bansos")))
    assert _says("9950034", marker(terms_of("9950034")))
