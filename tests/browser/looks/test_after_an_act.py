"""The pages that only an act leads to hold together as well: what came of many, papers to be marked."""

from collections.abc import Callable

import pytest

from tests.browser.looks.looked import Looker
from tests.browser.looks.rare import near_its_limit
from tests.browser.served import Served
from tests.browser.waiting import bring
from tests.browser.window import Desk

Act = Callable[[Desk], None]


def decide(step: str) -> Act:
    """All on a queue of the desk are ticked and decided."""

    def act(desk: Desk) -> None:
        desk.open(f"/meja/{step}/")
        desk.press("Pilih semua", within="form.desk")
        desk.page.locator("[data-go]").click()
        desk.page.wait_for_selector(".page-head .badges")

    return act


def take(label: str, at: str = "/pengaduan/?search=Bantuan") -> Act:
    """All of a list are ticked, and the button of this label pressed."""

    def act(desk: Desk) -> None:
        desk.open(at)
        desk.page.locator("[data-all]").check()
        desk.press(label, within="form.bulk")

    return act


def finished(opened: Act) -> Act:
    """The act, and the last button of the page that it opens."""

    def act(desk: Desk) -> None:
        opened(desk)
        desk.page.locator("form.sheet .primary").click()
        desk.page.wait_for_load_state()

    return act


ACTS: dict[str, tuple[str, str, Act]] = {
    # what: (who, where the cases stand before, what is done)
    "disposed": ("kadis", "dispose", decide("dispose")),
    "approved": ("kadis", "approve", decide("approve")),
    "to raise": ("petugas", "raise", take("Naikkan ke Kepala Dinas")),
    "raised": ("petugas", "raise", finished(take("Naikkan ke Kepala Dinas"))),
    "to mark": ("petugas", "dispose", take("Tandai sudah ditandatangani", "/dokumen/")),
    "to store": ("petugas", "dispose", take("Simpan di …", "/dokumen/")),
}


@pytest.mark.parametrize("what", ACTS)
def test_the_page_after_an_act_is_as_it_should_be(desk: Desk, panel: Served, what: str) -> None:
    who, state, act = ACTS[what]
    with panel.its_database():
        near_its_limit(bring(state, 2))
    desk.sign_in(who)
    act(desk)
    wrong, _ = Looker(desk).here()
    assert not wrong, "\n".join(wrong)
