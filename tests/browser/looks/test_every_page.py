"""Every page that a person can reach answers, fits, speaks Indonesian, suits everyone; reading changes nothing."""

import pytest

from tests.browser.crawl import PEOPLE, is_file, walk
from tests.browser.looks import english
from tests.browser.looks.looked import JUDGE, Looker
from tests.browser.looks.rare import bring_about
from tests.browser.served import Served
from tests.browser.window import Desk

MADE: dict[str, set[str]] = {}  # what axe has judged, for any user
FORBIDDEN = """<main><img src="/static/favicon.svg"><p style="color:#999;background:#fff">pucat</p></main>"""


@pytest.fixture(scope="module", autouse=True)
def _with_what_is_rare(panel: Served) -> None:
    with panel.its_database():
        bring_about()


# By day the counter and the Kepala Dinas. Units are shown the same pages of fewer cases; their own steps are clicked
# through by day (tests/browser/case) and looked at by night, as are the administrator's masters, which are lists and
# forms of one kind.
@pytest.mark.nightly(username=["petugas2", "kadis", "bidang.rehsos", "bidang.ppa", "staf.rehsos", "pengawas", "admin"])
@pytest.mark.parametrize("username", PEOPLE)
@pytest.mark.parametrize("alike", [1, pytest.param(2, marks=pytest.mark.soak)])  # so many pages of each shape
def test_every_page_is_as_it_should_be_and_reading_it_changes_nothing(desk: Desk, username: str, alike: int) -> None:
    desk.sign_in(username)
    before, looker, faults = desk.panel.digest(), Looker(desk, MADE), dict[str, list[str]]()

    def visit(address: str) -> list[str]:
        faults[address], links = looker.at(address)
        return links

    pages = list(walk(f"{desk.panel.address}/", visit, alike=alike))
    for address in filter(is_file, pages):
        faults[address] = [] if desk.fetch(address).status == 200 else ["cannot be fetched"]
    print(f"{username}: {len(pages)} pages, {looker.looks} looks, {looker.judged} judged by axe")
    assert len(pages) > 10
    assert not {address: wrong for address, wrong in faults.items() if wrong}
    assert desk.panel.digest() == before


@pytest.mark.parametrize("said", ["Save changes", "Pilih row_due_at", "With selected", "Approve", "Invalid value."])
def test_a_foreign_word_is_noticed(said: str) -> None:
    assert english.foreign(f"Daftar pengaduan. {said} Simpan.")


def test_what_axe_would_find_is_found(desk: Desk) -> None:
    desk.page.goto("about:blank")
    desk.page.set_content(FORBIDDEN)
    looker = Looker(desk)
    wrong = looker._axe("wide", looker._made_of())
    assert {"image-alt", "color-contrast"} <= {one.split(": ")[1] for one in wrong}, (wrong, JUDGE)


def test_low_contrast_next_to_elements_judged_before_is_found(desk: Desk) -> None:
    desk.page.goto("about:blank")
    looker, pale = Looker(desk), '<p class="new" style="color:#999;background:#fff">pucat</p>'
    for body, is_pale in (("<main><p>hitam</p></main>", False), (f"<main><p>hitam</p>{pale}</main>", True)):
        desk.page.set_content(body)
        wrong = looker._axe("wide", looker._made_of(), ["color-contrast"])
        assert [one.split(": ")[1] for one in wrong] == ["color-contrast"] * is_pale


def test_the_terminal_prints_the_same_digest(desk: Desk) -> None:
    assert desk.panel.flask("digest") == desk.panel.digest()
