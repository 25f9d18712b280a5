"""The first row of every list and the first card of the desk stand high, on a laptop and on a phone, for everyone."""

import pytest
from playwright.sync_api import Browser

from tests.browser.served import Served
from tests.browser.window import NARROW, Desk

LOWEST = 260  # pixels from the top of the page, the banner of the demo included
LAPTOP = {"width": 1280, "height": 800}
PEOPLE = ("petugas", "kadis", "bidang.rehsos", "staf.rehsos", "pengawas", "admin")
MORE = (
    "/",
    "/dokumen/daftar/",
    "/arsip/tersimpan/",
    "/arsip/belum-kembali/",
    "/arsip/belum-diarsipkan/",
    "/plt/",
)
NO_LIST = {
    "/pengaturan/": "pages of settings, whose list of former values comes last",
    "/rekapitulasi/": "figures",
    "/nomor/": "the figures of the series come first",
    "/cadangan/": "the sheet with the key comes first",
}
FIRST = """() => {
  const row = [...document.querySelectorAll('.list tbody tr, .desk-cards > li')].find((e) => e.checkVisibility());
  return row ? row.getBoundingClientRect().top + scrollY : 0;
}"""
OVER_TITLE = """() => {
  const words = document.createRange();
  words.selectNodeContents(document.querySelector('.page-head h1'));
  const title = words.getBoundingClientRect();
  return [...document.querySelectorAll('.page-actions > *')].filter((e) => {
    const box = e.getBoundingClientRect();
    return e.checkVisibility() && box.top < title.bottom && box.bottom > title.top && box.left < title.right;
  }).map((e) => e.innerText);
}"""


@pytest.mark.nightly(who=("bidang.rehsos", "staf.rehsos", "pengawas", "admin"))
@pytest.mark.parametrize("who", PEOPLE)
def test_the_first_row_of_every_list_is_in_sight_at_once(panel: Served, chromium: Browser, who: str) -> None:
    with chromium.new_context(locale="id-ID", timezone_id="Asia/Jakarta") as context:
        desk = Desk.opened(panel, context).sign_in(who)
        assert desk.page.locator("aside.demo").is_visible()
        menu = desk.page.evaluate("[...document.querySelectorAll('.side nav a')].map((a) => a.getAttribute('href'))")
        low, lists = {}, 0
        for address in dict.fromkeys((*MORE, *menu)):
            answer = desk.open(address) if address not in NO_LIST else None
            for size in (LAPTOP, NARROW) if answer and answer.status == 200 else ():
                desk.page.set_viewport_size(size)  # type: ignore[arg-type]
                first, over = desk.page.evaluate(FIRST), desk.page.evaluate(OVER_TITLE)
                lists += first > 0
                if first > LOWEST or over:
                    low[address, size["width"]] = (first, over)
        assert lists > 4
        assert not low
