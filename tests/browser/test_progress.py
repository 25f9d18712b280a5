"""What takes long says so: the button while a file is made, a line while a page comes."""

from playwright.sync_api import Route, expect

from tests.browser.window import Desk
from tests.patience import wait_until

PRINTING = 60_000  # milliseconds
NOTING = """new MutationObserver(() => {
  if (document.documentElement && document.documentElement.classList.contains('busy')) { recordBusy('line'); }
  document.querySelectorAll('[aria-busy]').forEach((e) => recordBusy(e.textContent));
}).observe(document, {subtree: true, attributes: true, childList: true});"""


def test_after_a_file_has_come_the_bar_can_be_used_again(desk: Desk) -> None:
    desk.sign_in("petugas").follow("Dokumen", within="nav")
    desk.page.locator("input[name=rowid]").first.check()
    merge = desk.page.get_by_role("button", name="Gabungkan jadi satu PDF")
    for _ in range(2):
        with desk.page.expect_download(timeout=PRINTING) as file:
            merge.click()
        assert file.value.path().read_bytes().startswith(b"%PDF")
        expect(merge).to_be_visible()
        expect(desk.page.locator("html.busy")).to_have_count(0)
    assert not [one for one in desk.page.context.cookies() if one["name"] == "unduhan"]


def noting(desk: Desk) -> list[str]:
    """What the page said of being busy, whatever page it was."""
    said: list[str] = []
    desk.page.expose_function("recordBusy", lambda words: said.append(words))
    desk.page.add_init_script(NOTING)
    return said


def intercepted(desk: Desk, address: str) -> list[Route]:
    """Answers of this address, which do not come before they are let go."""
    waiting: list[Route] = []
    desk.page.route(address, lambda route: waiting.append(route))
    return waiting


def wait_for_line(desk: Desk, said: list[str], waiting: list[Route]) -> None:
    """Until the answer is asked for and the page says that it takes long."""
    wait_until(lambda: waiting and "line" in said, pause=lambda seconds: desk.page.wait_for_timeout(1000 * seconds))


def test_while_a_file_is_made_the_button_says_so_and_is_not_pressed_twice(desk: Desk) -> None:
    said, sent = noting(desk), list[str]()
    desk.page.on("request", lambda asked: sent.append(asked.url) if asked.method == "POST" else None)
    desk.sign_in("petugas").follow("Dokumen", within="nav")
    waiting = intercepted(desk, "**/dokumen/action/")
    desk.page.locator("input[name=rowid]").first.check()
    sent.clear()
    said.clear()
    with desk.page.expect_download(timeout=PRINTING):
        desk.page.evaluate("() => { const b = document.querySelector('[value=merge]'); b.click(); b.click(); }")
        wait_for_line(desk, said, waiting)
        assert "Sedang diproses…" in said
        assert (len(sent), len(waiting)) == (1, 1)
        waiting.pop().continue_()


def test_a_page_that_takes_long_to_come_is_announced_at_the_top(desk: Desk) -> None:
    said = noting(desk)
    desk.sign_in("petugas")
    said.clear()
    waiting = intercepted(desk, "**/sop/")
    desk.page.evaluate("() => document.querySelector('nav a[href$=\"/sop/\"]').click()")
    wait_for_line(desk, said, waiting)
    with desk.page.expect_navigation():
        waiting.pop().continue_()
    assert desk.page.locator("html.busy").count() == 0
