"""Which filters of a list are in sight, and which are behind "Saringan lain"."""

from collections.abc import Callable
from typing import Any

import lxml.html
import pytest

from admin.door.flaskadmin import views_of
from admin.lists.base import PanelView
from admin.lists.filters import IN_SIGHT
from tests.admin.doors import Visitor

At = Callable[[str], Visitor]
FORM = "//form[contains(@class, 'find')]//div[@class='filters']"
FOLDED = f"{FORM}/details[@class='further']"
LABELS = "//div[@class='field']/label/text()"
FIRST = ["Status", "Unit kerja", "Kategori", "Keterlambatan", "Diterima sejak", "Diterima sampai"]


def views(panel: Any) -> list[PanelView]:
    return [view for view in views_of(panel) if isinstance(view, PanelView)]


def test_no_list_has_more_than_five_subjects_of_filters_in_sight(panel: Any, at: At) -> None:
    folded = 0
    for view in views(panel):
        names = {item.label: item.name for item in view.offered_filters}
        page = at("petugas").get(f"{view.url}/")
        if page.status_code != 200 or not names:
            continue
        tree = lxml.html.fromstring(page.text)
        drawn = [str(words).strip() for words in tree.xpath(FORM + LABELS)]
        behind = [str(words).strip() for words in tree.xpath(FOLDED + LABELS)]
        subjects = {names[label] for label in drawn[: len(drawn) - len(behind)]}
        assert len(subjects) <= IN_SIGHT, view.url
        assert not behind or len(subjects) >= IN_SIGHT - 1, view.url
        folded += bool(behind)
    assert folded > 3


def test_a_list_names_only_filters_that_it_has_as_first(panel: Any) -> None:
    for view in views(panel):
        assert set(view.filtering.first) <= {item.key for item in view.offered_filters}, view.url


def test_the_list_of_complaints_begins_with_what_the_office_uses_most(at: At) -> None:
    tree = lxml.html.fromstring(at("petugas").get("/pengaduan/").text)
    assert [str(words).strip() for words in tree.xpath(f"{FORM}/div[@class='field']/label/text()")] == FIRST


@pytest.mark.parametrize(("address", "is_open"), [("flt11_11=dino", True), ("flt0_0=raise", False), ("", False)])
def test_further_filters_are_open_where_one_of_them_is_chosen(at: At, address: str, is_open: bool) -> None:
    tree = lxml.html.fromstring(at("petugas").get(f"/pengaduan/?{address}").text)
    [folded] = tree.xpath(FOLDED)
    assert ("open" in folded.attrib) is is_open
