"""The policy of the panel in a real browser: ours runs, nothing else does, and no page has the console complain."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route

from models.complaint.complaint import Complaint
from models.store.base import now
from sop.access import lanes
from sop.flow import current_procedure
from sop.procedure import Transition
from tests.browser.case.test_refusals import WHO
from tests.browser.served import PASSWORD
from tests.browser.window import Desk
from tests.office import Office
from tests.patience import wait_until

FAILURES = {
    "/tidak-ada": 404,
    "/pengguna/": 403,
    "/keluar": 405,
    "/dokumen/tidak-ada.pdf": 404,
    "/pengaduan/?search=" + "x" * 9_000: 414,
}
PLANTED = """
<script>window.planted = "inline"</script>
<script nonce="">window.planted = "empty nonce"</script>
<script src="/static/js/copy.js"></script>
<script src="data:text/javascript,window.planted='data'"></script>
<img src="/none.png" onerror="window.planted = 'handler'">
<svg onload="window.planted = 'svg'"></svg>
<a id="bait" href="javascript:window.planted='link'">x</a>
<h2 id="styled" style="position: fixed">x</h2><style>h1 { position: fixed }</style>
<base href="https://evil.example/">
<iframe srcdoc="<script>parent.planted = 'frame'</script>"></iframe>
<object data="data:text/html,x"></object>
</body>"""
SINKS = """() => [
  () => { document.body.innerHTML = "<p>"; },
  () => { document.createElement("script").src = "/static/js/copy.js"; },
  () => { document.write("<p>"); },
].map((tried) => { try { tried(); return "done"; } catch (error) { return error.name; } })"""


def heard(page: Page) -> list[str]:
    """What the console says of this window from now on."""
    said: list[str] = []
    page.on("console", lambda one: said.append(one.text))
    return said


def _wait_for(page: Page, seen: Callable[[], bool]) -> None:
    wait_until(seen, pause=lambda seconds: page.wait_for_timeout(1000 * seconds))


def test_nothing_that_is_planted_in_a_page_runs(desk: Desk) -> None:
    desk.sign_in("petugas")
    said = heard(desk.page)

    def plant(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</body>", PLANTED))

    desk.page.route("**/sop/", plant)
    desk.open("/sop/")
    desk.page.locator("#bait").evaluate("e => e.click()")
    _wait_for(desk.page, lambda: len([one for one in said if "Content Security Policy" in one]) >= 9)
    assert desk.page.evaluate("() => window.planted") is None
    for place in ("h1", "#styled"):
        assert desk.page.locator(place).first.evaluate("e => getComputedStyle(e).position") == "static"
    assert desk.page.evaluate("() => document.baseURI").startswith(desk.panel.address)
    desk.faults.clear()


def test_no_script_of_ours_could_make_text_into_markup_or_script(desk: Desk) -> None:
    desk.sign_in("petugas")
    assert desk.page.evaluate(SINKS) == ["TypeError"] * 3
    desk.faults.clear()


def test_no_other_page_can_put_the_panel_in_a_frame(desk: Desk) -> None:
    desk.sign_in("petugas")
    framed = f"<iframe src='{desk.panel.address}/pengaduan/'></iframe>"
    desk.page.goto("about:blank")
    desk.page.set_content(framed)
    _wait_for(desk.page, lambda: [frame.url for frame in desk.page.frames[1:]] == ["chrome-error://chromewebdata/"])
    desk.faults.clear()


@pytest.mark.parametrize("username", [*WHO.values(), "pengawas", "admin", None])
def test_pages_that_say_no_are_as_clean_as_the_others(desk: Desk, username: str | None) -> None:
    if username:
        desk.sign_in(username)
    said = heard(desk.page)
    for address, code in FAILURES.items():
        answer = desk.open(address)
        assert answer.status in ({code, 200} if code == 403 else {code, 403, 200}), address
        assert desk.page.evaluate("() => document.documentElement.classList.contains('js')"), address
    assert [one for one in said if "Failed to load resource" not in one] == []


def awaiting(desk: Desk, step: Transition) -> list[int]:
    """Some cases that wait for a step; where the demo leaves none, brought there from the step before."""
    found = Complaint.select().where((Complaint.state == step.key) & (Complaint.secrecy != "rahasia"))
    ids = [c.id for c in found.order_by(Complaint.id) if not c.unit_id or c.unit.code == "REHSOS"][:3]
    if not ids:
        ids = awaiting(desk, current_procedure().main_line[current_procedure().main_line.index(step) - 1])
        Office.at_work(desk.panel.var).bring(ids, step.key, at=now())
    return ids


@pytest.mark.parametrize(
    "step", [t for t in current_procedure().main_line if not current_procedure().is_receive(t)], ids=lambda t: t.key
)
def test_step_pages_are_clean_for_one_and_for_many(desk: Desk, step) -> None:  # type: ignore[no-untyped-def]
    with desk.panel.its_database():
        ids = awaiting(desk, step)
    desk.sign_in(next(WHO[lane] for lane in lanes(step)))
    said = heard(desk.page)
    for chosen in (ids[:1], ids):
        answer = desk.open(f"/pengaduan/langkah/{step.key}/?" + "&".join(f"id={one}" for one in chosen))
        assert answer.status == 200
    assert said == []


def test_a_paper_opens_in_the_browser(desk: Desk) -> None:
    desk.sign_in("petugas").follow("Dokumen", within="nav")
    link = desk.page.locator('main a[href$=".pdf"]').first.get_attribute("href")
    answer = desk.fetch(link)
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("inline")


def test_after_too_large_a_text_the_back_button_offers_it_again(desk: Desk) -> None:
    desk.sign_in("petugas").press("Catat pengaduan")
    desk.fill(asks="Bantuan disalurkan.")
    desk.blank("story").evaluate("e => { e.removeAttribute('maxlength'); e.value = 'x'.repeat(3_000_000); }")
    desk.press("Simpan")
    assert "Kiriman terlalu besar" in desk.text()
    desk.page.go_back()
    desk.page.get_by_role("button", name="Lanjutkan konsep").click()
    assert desk.value("asks") == "Bantuan disalurkan."


def test_a_browser_of_2018_asks_before_it_acts_and_then_acts_once(desk: Desk) -> None:
    """Without what came later: which button sent a form, sending it by script, dialogs."""
    desk.page.add_init_script(
        "delete HTMLFormElement.prototype.requestSubmit; delete window.HTMLDialogElement;"
        "Object.defineProperty(SubmitEvent.prototype, 'submitter', {get: () => undefined});"
    )
    desk.open("/masuk")
    desk.page.evaluate(
        "() => { document.querySelector('form.sheet button:not([type=button])').dataset.confirm = 'Lanjutkan?'; }"
    )
    form = desk.page.locator("form.sheet")
    form.get_by_label("Nama pengguna").fill("petugas")
    form.get_by_label("Kata sandi").fill(PASSWORD)
    asked: list[str] = []
    desk.page.once("dialog", lambda box: (asked.append(box.message), box.accept()))
    form.get_by_role("button", name="Masuk").click()
    desk.page.wait_for_selector(".who")
    assert asked == ["Lanjutkan?"]
    assert "Selamat bekerja" in desk.text()
