"""How much is in sight: rows of a list on the first screen, the height of a phone's list and of the page of a case."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from models.complaint.complaint import Complaint, Person
from models.office.people import User
from models.workflow import workflow
from sop.vocabulary import vocabulary
from tests.browser.served import Served
from tests.browser.waiting import bring
from tests.browser.window import NARROW, Desk

Sit = Callable[[str], Desk]
BeforeNow = tuple[int, int]
READY = ("raise", "handle", "submit", "deliver")
LAPTOP = {"width": 1280, "height": 800}
READERS = ("petugas", "kadis", "bidang.rehsos", "staf.rehsos", "pengawas")
IN_SIGHT = {"/pengaduan/": 9, "/dokumen/": 12, "/riwayat/": 10}
TALLEST = 1600  # pixels of the page of a usual case on a laptop
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


@pytest.fixture(scope="module")
def waiting(panel: Served) -> dict[str, int]:
    """A usual case in each state of the main line."""
    with panel.its_database():
        return {state: bring(state, 1)[0] for state in READY}


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


# Whole pages of the demo

HEIGHTS = (
    # who, page, pixels on a laptop: before rows were low and what is seldom read was folded, at most now; on a phone
    ("petugas", "/pengaduan/", (3016, 1700), (6521, 3200)),
    ("kadis", "/pengaduan/", (2996, 1700), (6617, 3200)),
    ("petugas", "/dokumen/", (2011, 1300), (5528, 2750)),
    ("pengawas", "/riwayat/", (4583, 1500), (9663, 3100)),
    ("petugas", "/pengaduan/details/?id={submit}", (2438, TALLEST), (5093, 3000)),
    ("kadis", "/pengaduan/details/?id={submit}", (2438, TALLEST), (5140, 3000)),
    ("petugas", "/pengaduan/new/", (3582, 1150), (5337, 2350)),
)


@pytest.mark.parametrize(("who", "page", "wide", "narrow"), HEIGHTS, ids=[f"{who}{page}" for who, page, *_ in HEIGHTS])
def test_a_page_is_as_high_as_it_was_made(
    sit: Sit,
    panel: Served,
    waiting: dict[str, int],
    who: str,
    page: str,
    wide: tuple[int, int],
    narrow: tuple[int, int],
) -> None:
    seen = sit(who).page
    for size, (before, most) in ((LAPTOP, wide), (NARROW, narrow)):
        seen.set_viewport_size(size)  # type: ignore[arg-type]
        seen.goto(panel.address + page.format(**waiting))
        assert seen.evaluate("document.documentElement.scrollHeight") <= most < before


# The form of an entry, section by section

FORMS = ("/pengaduan/new/", "/pengaduan/langkah/correct/?id={raise}", "/pengaduan/langkah/correct/?id={many_people}")
OTHERS = {
    "yang_bersangkutan": {"name": "Sutinah", "age": "71 tahun", "sex": "P", "phone": "081234567891"},
    "kuasa": {"name": "Bambang", "phone": "081234567892", "relation": "Keponakan"},
}


@pytest.fixture(scope="module")
def many_people(panel: Served) -> int:
    """A case with everybody in it whom the form asks for."""
    with panel.its_database():
        [case] = bring("raise", 1)
        entry = {f"{kind}.{name}": words for kind, columns in OTHERS.items() for name, words in columns.items()}
        petugas = User.get(username="petugas")
        assert workflow.advance(
            [case], "correct", by=petugas, blanks={"new_value": entry, "reason": "Salah ketik"}
        ).done
        return case


@pytest.mark.parametrize("address", FORMS)
def test_whichever_section_is_open_the_form_is_at_most_1600_pixels_high(
    sit: Sit, panel: Served, waiting: dict[str, int], many_people: int, address: str
) -> None:
    page = sit("petugas").page
    page.set_viewport_size(LAPTOP)  # type: ignore[arg-type]
    page.goto(panel.address + address.format(**waiting, many_people=many_people))
    heads = page.locator(".form-sections > .card h2 button").all()
    assert len(heads) >= 6
    for head in heads:
        head.click()
        assert page.evaluate("document.documentElement.scrollHeight") <= TALLEST, head.inner_text()


# The page of a case

PARTS = ("waktu", "catatan", "riwayat", "orang-pengadu", "register")
SEEN_BY = {"petugas": READY, "kadis": READY, "bidang.rehsos": READY[1:]}


@pytest.mark.parametrize("who", SEEN_BY)
def test_the_page_of_a_usual_case_is_at_most_1600_pixels_high(
    sit: Sit, panel: Served, waiting: dict[str, int], who: str
) -> None:
    page = sit(who).page
    page.set_viewport_size(LAPTOP)  # type: ignore[arg-type]
    for state in SEEN_BY[who]:
        page.goto(f"{panel.address}/pengaduan/details/?id={waiting[state]}")
        assert page.evaluate("document.documentElement.scrollHeight") <= TALLEST, state
        first = page.locator("#kalimat, .fold:has(#waktu) > summary").all()
        assert first
        assert all(one.bounding_box()["y"] < LAPTOP["height"] for one in first)  # type: ignore[index]


@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_what_is_folded_opens_when_its_address_calls_it(
    panel: Served, chromium: Browser, waiting: dict[str, int], script: bool
) -> None:
    with chromium.new_context(locale="id-ID", java_script_enabled=script) as context:
        desk = Desk.opened(panel, context).sign_in("petugas")
        steps = {key: vocabulary().transitions[key] for key in waiting}
        case = next(waiting[key] for key, step in steps.items() if not step.needs and not step.contact)
        desk.open(f"/pengaduan/details/?id={case}")
        for part in PARTS:
            assert not desk.page.locator(f"#{part}").is_visible()
        for part in PARTS:
            desk.open(f"/pengaduan/details/?id={case}&bagian={part}#{part}")
            expect(desk.page.locator(f"#{part}")).to_be_visible()


def test_what_is_folded_stands_on_the_printed_page(sit: Sit, waiting: dict[str, int]) -> None:
    desk = sit("petugas")
    desk.open(f"/pengaduan/details/?id={waiting['submit']}")
    desk.page.emulate_media(media="print")
    for part in PARTS:
        assert desk.page.locator(f"#{part}").bounding_box()["height"] > 0, part  # type: ignore[index]
    for record in desk.page.locator(".record .facts").all():
        assert record.bounding_box()["height"] > 0  # type: ignore[index]


@pytest.mark.parametrize("size", [LAPTOP, NARROW], ids=["wide", "narrow"])
def test_neither_the_menus_ground_nor_a_question_stands_on_the_printed_page(
    sit: Sit, panel: Served, size: dict[str, int]
) -> None:
    desk, question = sit("petugas"), "Alasan menampilkan nomor"
    with panel.its_database():
        called = Person.select(Person.complaint).where(Person.kind == "pengadu", Person.phone.is_null(False))
        case = Complaint.select().where(Complaint.id.in_(called), Complaint.secrecy == "biasa").first()
    desk.page.set_viewport_size(size)  # type: ignore[arg-type]
    desk.open(f"/pengaduan/details/?id={case.id}&bagian=orang-pengadu#orang-pengadu")
    expect(desk.page.get_by_text(question).first).to_be_visible()
    desk.page.emulate_media(media="print")
    expect(desk.page.get_by_text(question).first).to_be_hidden()
    assert desk.page.evaluate("getComputedStyle(document.body).backgroundImage") == "none"


# The menu on a laptop

BETWEEN = """() => document.querySelector('.side nav').getBoundingClientRect().top
  - document.querySelector('.brand span').getBoundingClientRect().bottom"""


@pytest.mark.parametrize("page", ["/", "/jam-kerja/", "/jabatan/"])
def test_the_menu_keeps_off_the_name_of_the_panel_wherever_it_is_scrolled(sit: Sit, page: str) -> None:
    desk = sit("admin")
    desk.page.set_viewport_size(LAPTOP)  # type: ignore[arg-type]
    desk.open(page)
    assert desk.page.evaluate(BETWEEN) >= 10
