"""The form of a step in a real browser: whom to call, blanks that a choice asks for, where typing begins."""

import pytest
from playwright.sync_api import Browser, expect

from models.complaint.complaint import Person
from models.records.registry import RECORDS
from sop.flow import current_procedure
from sop.procedure import PETUGAS
from tests.browser.served import Served
from tests.browser.waiting import bring
from tests.browser.window import NARROW, WIDE, Desk

LAST = current_procedure().main_line[-1]
CALLING = [
    step
    for step in current_procedure().transitions.values()
    if step.contact and step.actor == PETUGAS and (step is LAST or LAST.key in current_procedure().starts(step))
]
ASKING = [step for step in CALLING if RECORDS[step.record].asked_for]


@pytest.fixture(scope="module")
def case(panel: Served) -> int:
    """A case that waits for the last step, whose pengadu must not be called."""
    with panel.its_database():
        [number] = bring(LAST.key, 1)
        Person.update(do_not_call=True).where(Person.complaint == number).execute()
    return number


@pytest.mark.parametrize("step", CALLING, ids=lambda step: step.key)
def test_whom_to_call_stands_before_the_form_on_a_phone_and_beside_it_on_a_wide_screen(
    desk: Desk, case: int, step: object
) -> None:
    desk.sign_in("petugas").page.set_viewport_size(NARROW)
    desk.open(f"/pengaduan/langkah/{step.key}/?id={case}")  # type: ignore[attr-defined]
    contact, form = desk.page.locator("#kontak-awal"), desk.page.locator("form.sheet")
    assert contact.bounding_box()["y"] < form.bounding_box()["y"]  # type: ignore[index]
    assert desk.page.locator("#kontak").is_hidden()
    assert desk.page.evaluate("document.activeElement === document.body")  # no keys open over the page
    for end in ("0", "document.body.scrollHeight"):
        desk.page.evaluate(f"scrollTo(0, {end})")
        expect(desk.page.locator(".bar").get_by_text("Jangan ditelepon.")).to_be_in_viewport()
    button = desk.page.locator(".bar .btn.primary, .bar .btn.danger, .bar .btn:not(.quiet)").first.bounding_box()
    assert button["y"] + button["height"] <= NARROW["height"]  # type: ignore[index]
    assert desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    desk.page.set_viewport_size(WIDE)
    desk.page.reload()
    beside = desk.page.locator("#kontak").bounding_box()
    assert contact.is_hidden()
    assert beside["x"] > form.bounding_box()["x"] + form.bounding_box()["width"] / 2  # type: ignore[index]
    first = desk.page.locator("form.sheet :is(input:not([type=hidden]), select, textarea)").first
    expect(first).to_be_focused()


def test_a_blank_is_asked_for_by_the_choice_that_needs_it_and_what_is_typed_stays_in_sight(
    desk: Desk, case: int
) -> None:
    desk.sign_in("petugas")
    assert ASKING
    for step in ASKING:
        desk.open(f"/pengaduan/langkah/{step.key}/?id={case}")
        for name, asked in RECORDS[step.record].asked_for.items():
            choice, field = desk.blank(asked.blank), desk.page.locator(f".field:has(> [name={name}])")
            others = {o for o in choice.evaluate("e => [...e.options].map(o => o.value)") if o not in asked.labels}
            for value in sorted(others):
                choice.select_option(value)
                expect(field).to_be_hidden()
            for value, label in asked.labels.items():
                choice.select_option(value)
                expect(field).to_contain_text(f"{label} *")
            desk.blank(name).fill("Tertulis")
            choice.select_option(others.pop())
            expect(field).to_be_visible()


def test_without_script_every_blank_stands_there(panel: Served, chromium: Browser, case: int) -> None:
    with chromium.new_context(viewport=WIDE, java_script_enabled=False, locale="id-ID") as context:
        plain = Desk.opened(panel, context).sign_in("petugas")
        for step in ASKING:
            plain.open(f"/pengaduan/langkah/{step.key}/?id={case}")
            for name in RECORDS[step.record].asked_for:
                expect(plain.blank(name)).to_be_visible()
