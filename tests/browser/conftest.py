"""A panel served for each module of tests, one Chromium for all, and a window for each user."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser.served import PASSWORD, Served, copy_of, furnished, served
from tests.browser.waiting import Sit
from tests.browser.window import NARROW, PATIENCE, WIDE, Desk
from tests.clock import real_time

CHROMIUM = Path("/usr/bin/chromium-headless-shell")  # the engine without the window: two thirds of the CPU
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="package", autouse=True)
def _as_the_served_panel() -> Iterator[None]:
    """What is written into a panel's database bears the time of the process that serves it."""
    with real_time():
        yield


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's browser, without a window."""
    if not CHROMIUM.exists():
        pytest.fail(
            f"{CHROMIUM} is missing; `make test` installs it from Debian.",
            pytrace=False,
        )
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo as the panel makes it, once for all workers of a run; copy it, never serve it."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    return furnished(tmp_path_factory.getbasetemp().parent / f"demo-{run}")


@pytest.fixture(scope="module")
def panel(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(copy_of(demo, tmp_path_factory.mktemp("panel"))) as running:
        running.open_quickly()
        yield running


@pytest.fixture
def desk(panel: Served, chromium: Browser) -> Iterator[Desk]:
    """One window; no page in it may raise a console error or answer 500."""
    context = chromium.new_context(viewport=WIDE, locale="id-ID", timezone_id="Asia/Jakarta")
    one = Desk.opened(panel, context)
    yield one
    context.close()
    assert not one.faults, one.faults


@pytest.fixture
def sit(panel: Served, chromium: Browser) -> Iterator[Callable[[str], Desk]]:
    """More windows, each of a person signed in."""
    opened: list[Desk] = []

    def down(username: str) -> Desk:
        context = chromium.new_context(viewport=WIDE, locale="id-ID", timezone_id="Asia/Jakarta")
        opened.append(Desk.opened(panel, context).sign_in(username))
        return opened[-1]

    yield down
    for one in opened:
        one.page.context.close()
    assert not [fault for one in opened for fault in one.faults]


@pytest.fixture
def sit_at(panel: Served, chromium: Browser) -> Iterator[Sit]:
    """The Kepala Dinas at a screen of this size, with or without script."""
    opened: list[Desk] = []

    def down(size: dict[str, int], *, script: bool = True) -> Desk:
        context = chromium.new_context(
            viewport=size,
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            java_script_enabled=script,
            has_touch=size is NARROW,
        )
        opened.append(Desk.opened(panel, context))
        one = opened[-1]
        one.open("/masuk")
        form = one.page.locator("form.sheet")
        form.get_by_label("Nama pengguna").fill("kadis")
        form.get_by_label("Kata sandi").fill(PASSWORD)
        form.get_by_role("button", name="Masuk").click()
        one.page.wait_for_selector("form.desk")
        one.page.wait_for_load_state()  # its scripts have begun before a key is struck
        return one

    yield down
    for one in opened:
        one.page.context.close()
    assert not [fault for one in opened for fault in one.faults]
