"""The unit's page in a real browser: the papers drawn beside the typing, at both widths and without script."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from models.tables.complaint import Complaint
from sop import flow
from tests.browser.desk import NARROW, WIDE, Desk

STEP = next(t for t in flow.TRANSITIONS.values() if t.draft)


def opened(desk: Desk, username: str) -> Desk:
    """The page of the first complaint that waits there for this unit."""
    desk.sign_in(username)
    with desk.panel.its_database():
        waiting = Complaint.select().where((Complaint.state == STEP.key) & (Complaint.secrecy != "rahasia"))
        number = next(c.id for c in waiting.order_by(Complaint.id) if c.unit.code == "REHSOS")
    assert desk.open(f"/pengaduan/langkah/{STEP.key}/?id={number}").status == 200
    return desk


@pytest.fixture
def plain(panel, chromium: Browser) -> Iterator[Desk]:  # type: ignore[no-untyped-def]
    """A window in which no script runs."""
    context = chromium.new_context(viewport=WIDE, java_script_enabled=False, locale="id-ID")
    yield Desk.opened(panel, context)
    context.close()


@pytest.mark.parametrize("width", [WIDE, NARROW], ids=["1280", "390"])
def test_the_papers_follow_the_typing_beside_the_form(desk: Desk, width: dict[str, int]) -> None:
    opened(desk, "bidang.rehsos").page.set_viewport_size(width)
    for tab in range(1, desk.page.locator("[data-drawn]").count() + 1):
        desk.page.locator(f"label[for=tampil-{tab}]").click()
        desk.fill(facts=f"Rumah kosong <i>{tab}</i>.")
        expect(desk.page.locator(".naskah:visible")).to_contain_text(f"Rumah kosong <i>{tab}</i>.")
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_without_script_the_papers_follow_the_saved_draft(plain: Desk) -> None:
    opened(plain, "bidang.rehsos").fill(facts="Kunjungan menemukan rumah kosong.")
    plain.press("Simpan konsep")
    plain.page.locator("label[for=tampil-1]").click()
    assert "Kunjungan menemukan rumah kosong." in plain.page.locator(".naskah:visible").inner_text()
