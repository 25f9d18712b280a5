"""How much is in sight: rows of the lists on the first screen, the height of a phone's list, the size of their type."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.desk import NARROW, Desk
from tests.browser.served import Served

LAPTOP = {"width": 1280, "height": 800}
READERS = ("petugas", "kadis", "bidang.rehsos", "staf.rehsos", "pengawas")
IN_SIGHT = {"/pengaduan/": 9, "/dokumen/": 12, "/riwayat/": 10}
A_ROW = 120  # pixels of a phone's list, so that twenty take 2,400
SMALLEST = 13
ROWS_IN_SIGHT = """() => [...document.querySelectorAll('.list tbody tr')].filter(
  (row) => row.getBoundingClientRect().bottom <= innerHeight).length"""
LIST = """() => { const list = document.querySelector('.list'), type = (e) => parseFloat(getComputedStyle(e).fontSize);
  return [list.getBoundingClientRect().height, list.querySelectorAll('tbody tr').length,
    Math.min(...[...list.querySelectorAll('*')].filter((e) => e.checkVisibility() && e.innerText).map(type))]; }"""
SMALL = """() => [...document.querySelectorAll('.brief tbody :is(th a, td a, .tick label, summary)')].filter((e) => {
  const own = e.getBoundingClientRect(), row = e.closest('tr').getBoundingClientRect();
  return e.checkVisibility() && (e.matches('th a') ? row : own).height < 44;
}).map((e) => e.outerHTML.slice(0, 90)).slice(0, 3)"""


@pytest.fixture(scope="module", params=READERS)
def reader(panel: Served, chromium: Browser, request: pytest.FixtureRequest) -> Page:
    with chromium.new_context(locale="id-ID", timezone_id="Asia/Jakarta") as context:
        yield Desk.opened(panel, context).sign_in(request.param).page  # type: ignore[misc]


@pytest.mark.parametrize(("address", "least"), IN_SIGHT.items())
def test_so_many_rows_of_a_list_are_in_sight_on_a_laptop(panel: Served, reader: Page, address: str, least: int) -> None:
    reader.set_viewport_size(LAPTOP)  # type: ignore[arg-type]
    reader.goto(panel.address + address)
    assert reader.evaluate(ROWS_IN_SIGHT) >= least
    assert reader.evaluate(LIST)[2] >= SMALLEST


@pytest.mark.parametrize("address", IN_SIGHT)
def test_twenty_rows_take_no_more_than_2400_pixels_of_a_phone(panel: Served, reader: Page, address: str) -> None:
    reader.set_viewport_size(NARROW)  # type: ignore[arg-type]
    reader.goto(panel.address + address)
    height, rows, type_size = reader.evaluate(LIST)
    assert rows == 20
    assert height <= rows * A_ROW
    assert type_size >= SMALLEST
    assert not reader.evaluate(SMALL)
