"""The menu: nine entries in sight at most for every role, every page of it in reach, and the fold open where one is."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import pytest

from admin.menu import MOST
from models.office.people import User
from models.release import version
from sop.access import ROLES
from sop.vocabulary import vocabulary
from tests.admin.doors import Visitor
from tests.office import PASSWORD_HASH


class MenuReader(HTMLParser):
    """What the menu shows before anybody opens a fold: its words in sight, all its addresses, the folds laid open."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = self.shut = False
        self.in_sight, self.addresses, self.opened = list[str](), list[str](), list[str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "nav":
            self.inside = given.get("aria-label") == "Menu utama"
        elif self.inside and tag == "details":
            self.shut = "open" not in given
            self.opened += [] if self.shut else ["fold"]
        elif self.inside and tag == "a":
            self.addresses.append(given["href"] or "")
            self.in_sight += [] if self.shut else [self.addresses[-1]]
        elif self.inside and tag == "summary":
            self.in_sight.append("fold")

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "nav"
        self.shut = self.shut and tag != "details"


def menu_on(page: str) -> MenuReader:
    reader = MenuReader()
    reader.feed(page)
    return reader


def of_role(at: object, role: str) -> Visitor:
    """Somebody of this role; of one that was added since, somebody new."""
    known = User.select().where((User.role == role) & User.active).order_by(User.id).first()
    person = known or User.create(username="baru", name="Orang Baru", role=role, password_hash=PASSWORD_HASH)
    visitor: Visitor = at(person.username)  # type: ignore[operator]
    return visitor


@pytest.mark.parametrize("role", ROLES)
def test_nine_entries_at_most_are_in_sight_and_none_is_lost(at, role):
    visitor = of_role(at, role)
    menu = menu_on(visitor.get("/sop/").text)
    assert 3 <= len(menu.in_sight) <= MOST
    assert len(set(menu.addresses)) == len(menu.addresses)
    assert [visitor.get(url).status_code for url in menu.addresses] == [200] * len(menu.addresses)


@pytest.mark.parametrize("role", ROLES)
def test_a_fold_is_open_where_one_is_and_nowhere_else(at, role):
    visitor = of_role(at, role)
    menu = menu_on(visitor.get("/").text)
    assert menu.addresses
    assert not menu.opened
    for url in menu.addresses:
        other_menu = menu_on(visitor.get(url).text)
        assert url in other_menu.in_sight
        assert other_menu.addresses == menu.addresses
        assert len(other_menu.opened) == (url not in menu.in_sight)


def test_what_the_start_page_counts_is_not_counted_again_on_a_fold(at, office):
    office.bring(office.receive(3), "handle")
    page = at("bidang.rehsos").get("/").text
    assert re.findall(r'<summary>(?:<svg.*?</svg>)?Laporan(?: <span class="count">(\d+)<)?', page) == [""]


def test_a_count_says_what_it_counts(at, office):
    [case] = office.receive()
    page = at("petugas").get("/").text
    assert re.search(r'Dokumen <span class="count">\d+<span class="unseen"> belum ditandatangani<', page)
    whose = office.actor(vocabulary().transitions[office.state(case)], case).username
    page = at(whose).get("/").text
    assert re.search(r'Pengaduan <span class="count">1<span class="unseen"> menunggu Anda<', page)


def test_the_version_is_at_the_foot_of_the_menu_and_not_shown_before_sign_in(
    at: Callable[[str], Visitor], stranger: Visitor
) -> None:
    named = f"Panel Pengaduan {version()}"
    assert named in at("petugas").text("/")
    assert version() not in stranger.text("/masuk")
