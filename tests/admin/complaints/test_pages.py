"""The pages of a list: every row stands on one, forwards and backwards, and a day or a number is reached at once."""

import re
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any

import peewee as pw
import pytest

from admin.complaints.complaints import PengaduanView
from admin.lists import listing, paging
from admin.lists.paging import decoded_place, list_order
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.complaint.paper import Paper
from models.office.calendar import Holiday
from models.office.people import Post
from sop.flow import current_procedure
from sop.vocabulary import OUTSIDE, vocabulary
from tests.admin.doors import Visitor
from tests.office import Office, worked

SIZE = "page_size=20"
LISTS = {  # the address, what is listed, how a row is known by
    "by due time": ("/pengaduan/?", Complaint),
    "by number": ("/pengaduan/?sort=0", Complaint),
    "by title": ("/pengaduan/?sort=1", Complaint),
    "by state": ("/pengaduan/?sort=2&desc=1", Complaint),
    "by date": ("/pengaduan/?sort=4&desc=1", Complaint),
    "filtered": (f"/pengaduan/?flt0_0={current_procedure().first}&sort=4", Complaint),
    "papers": ("/dokumen/?", Paper),
    "papers by number": ("/dokumen/?sort=1", Paper),
    "history": ("/riwayat/?", Event),
}

ALSO_COUNTED = pytest.mark.nightly(engine=["postgresql"], filled=[1_000])  # pages that are not counted ask more of it


@pytest.fixture(scope="module")
def begun(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """More than two pages of everything."""

    def work(office: Office) -> None:
        ids = office.receive(43)
        office.bring(ids[:3], "handle")
        office.bring(ids[3:5], "closed")

    return worked(template, tmp_path_factory.mktemp("begun"), work)


@pytest.fixture(params=[1_000, 5], ids=["counted", "uncounted"])
def filled(office: Office, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Office:
    """The office, its lists counted to the last or not."""
    monkeypatch.setattr(listing, "COUNTED", request.param)
    return office


def links(page: str) -> dict[str, str]:
    """Where the pager leads, by its words."""
    pager = re.search(r'<nav class="pager".*?</nav>', page, re.S)
    found = re.findall(r'href="([^"]+)"[^>]*>([^<]+)<', pager[0]) if pager else []
    return {words.strip("«»‹› "): unescape(address) for address, words in found}


def row_keys(page: str) -> list[str]:
    """What stands on the page, row by row."""
    return re.findall(r"<tr>(.*?)</tr>", page.partition("<tbody>")[2], re.S)


def row_ids(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'name="rowid" value="(\d+)"', page)]


def walked(visitor: Visitor, address: str, onwards: str) -> list[str]:
    rows: list[str] = []
    for _ in range(20):
        page = visitor.get(address).text
        here = [re.sub(r"<[^>]*>|\s+", "", row) for row in row_keys(page)]
        rows = [*rows, *here] if onwards == "Berikutnya" else [*here, *rows]
        if onwards not in (way := links(page)):
            return rows
        address = way[onwards]
    raise AssertionError("the pages do not end")


@ALSO_COUNTED
@pytest.mark.parametrize("name", LISTS)
def test_every_row_stands_on_one_page_forwards_and_backwards(at, filled, name: str) -> None:
    address, model = LISTS[name]
    kadis = at("kadis")
    forwards = walked(kadis, address, "Berikutnya")
    if "flt" not in address:
        assert len(forwards) == model.select().count()
    assert len(forwards) == len(set(forwards)) or model is Event  # acts of one moment may read alike
    last = next(
        to for words, to in links(kadis.get(address).text).items() if words in ("Terakhir", "Terlama", "Terbaru")
    )
    assert walked(kadis, last, "Sebelumnya") == forwards


@ALSO_COUNTED
def test_of_each_state_all_cases_stand_in_the_list_of_that_state(at, filled) -> None:
    kadis, some = at("kadis"), filled.receive(2)
    filled.bring(some[:1], OUTSIDE)
    for state, _ in vocabulary().states.items():
        rows = walked(kadis, f"/pengaduan/?flt0_0={state}", "Berikutnya")
        assert len(rows) == Complaint.select().where(Complaint.state == state).count(), state


@pytest.mark.nightly(engine=["postgresql"])
@pytest.mark.parametrize("portions", [(1,), (3, 4), (60, 90, 250)])
@pytest.mark.parametrize(
    "asked", ["search=durian perkara&sort=1", "search=durian perkara&flt0_0=receive", "flt0_0=receive&sort=2&desc=1"]
)
def test_pages_of_what_many_cases_are_hold_the_same_met_or_gathered(
    at, office: Office, monkeypatch: pytest.MonkeyPatch, asked: str, portions: tuple[int, ...]
) -> None:
    for part in range(6):
        ids = office.receive(4, title=f"Perkara {'nanas' if part % 3 == 0 else 'durian'} {part}")
        office.do(ids[:1], "raise")
    petugas, address = at("petugas"), f"/pengaduan/?{asked}"
    monkeypatch.setattr(PengaduanView, "page_size", 5)
    gathered = walked(petugas, address, "Berikutnya")
    for name in ("models.complaint.search_words", "models.complaint.search", "admin.lists.listing"):
        monkeypatch.setattr(f"{name}.COUNTED", 2)
    monkeypatch.setattr(paging, "PORTIONS", portions)
    assert walked(petugas, address, "Berikutnya") == gathered
    assert len(gathered) == len({*gathered}) >= 12
    assert any("nanas" in row for row in gathered) == ("search" not in asked)
    assert walked(petugas, f"{address}&sebelum=akhir", "Sebelumnya") == gathered
    fourth = row_keys(petugas.get(f"{address}&page=3").text)
    assert [re.sub(r"<[^>]*>|\s+", "", row) for row in fourth] == gathered[15:20]


@ALSO_COUNTED
def test_the_next_page_goes_on_where_one_was_although_the_last_case_has_moved_meanwhile(at, filled) -> None:
    petugas = at("petugas")
    page = petugas.get("/pengaduan/?sort=2").text
    onwards = links(page)["Berikutnya"]
    before, *_, last = row_ids(petugas.get(onwards).text)[0], *row_ids(page)
    filled.do([last], "raise")
    assert row_ids(petugas.get(onwards).text)[0] == before


@ALSO_COUNTED
def test_pages_by_their_number_are_still_answered_and_lead_on(at, filled) -> None:
    kadis = at("kadis")
    second = kadis.get("/pengaduan/?sort=0&page=1").text
    assert "21–40 dari" in second
    assert row_keys(second)
    assert {"Pertama", "Sebelumnya", "Berikutnya", "Terakhir"} == set(links(second))
    assert "41–43 dari" in kadis.get("/pengaduan/?sort=0&page=2").text


@ALSO_COUNTED
def test_a_day_is_reached_at_once_in_the_order_of_days(at, filled) -> None:
    kadis, old = at("kadis"), Complaint.get_by_id(7)
    Complaint.update(received_at=old.received_at - timedelta(days=40)).where(Complaint.id <= 7).execute()
    day = (old.received_at - timedelta(days=30)).date().isoformat()
    page = kadis.get(f"/pengaduan/?tanggal={day}", follow_redirects=True).text
    assert len(row_keys(page)) == 7
    assert old.number in row_keys(page)[0]
    upwards = kadis.get(f"/pengaduan/?sort=4&tanggal={day}", follow_redirects=True).text
    assert Complaint.get_by_id(8).number in row_keys(upwards)[0]
    assert "tidak dapat dibaca" in kadis.get("/pengaduan/?tanggal=kemarin", follow_redirects=True).text


@ALSO_COUNTED
@pytest.mark.parametrize("written", ["whole", "small", "place"])
@pytest.mark.parametrize("path", ["/pengaduan/", "/dokumen/", "/riwayat/"])
def test_a_number_is_reached_at_once_whole_or_by_its_place(at, filled, path: str, written: str) -> None:
    number = Complaint.get_by_id(9).number
    typed = {"whole": number, "small": number.lower(), "place": number.split("/")[1]}[written]
    page = at("kadis").get(path, query_string={"nomor": typed}, follow_redirects=True).text
    assert number in row_keys(page)[0]


def test_a_number_that_one_may_not_open_is_as_unknown_as_one_that_is_not(at, office) -> None:
    [secret] = office.receive(category="kdrt", secrecy="rahasia")
    number, staff = Complaint.get_by_id(secret).number, at("staf.rehsos")
    hidden = staff.get("/pengaduan/", query_string={"nomor": number}, follow_redirects=True).text
    missing = staff.get("/pengaduan/", query_string={"nomor": "PGD/99/X/2026"}, follow_redirects=True).text
    assert "tidak ditemukan" in hidden
    assert "tidak ditemukan" in missing
    assert number not in "".join(row_keys(hidden))


NO_PLACES = (
    "x",
    "[]",
    "[1,2,3,4]",
    "{}",
    "[null]",
    '["x",1]',
    "[[[",
    "[1e400]",
    "9" * 30,
    '["\\u0000",1]',
    '["\\ud800",1]',
    "[true,1]",
)


@pytest.mark.parametrize("address", ["/pengaduan/?", "/pengaduan/?sort=1", "/pengaduan/?sort=4", "/riwayat/?"])
def test_a_place_that_cannot_be_shows_a_page_all_the_same(at, office, address: str) -> None:
    office.receive(2)
    kadis, path = at("kadis"), address.partition("?")[0]
    asked = [{**_arguments(address), name: place} for place in NO_PLACES for name in ("setelah", "sebelum")]
    assert [one for one in asked if kadis.get(path, query_string=one).status_code != 200] == []


def _arguments(address: str) -> dict[str, str]:
    return dict(part.split("=") for part in address.partition("?")[2].split("&") if part)


@pytest.mark.parametrize("place", ["[5,1]", "[true,1]", "[1.5,1]", '["\\ud800",1]', '["x",1]'])
@pytest.mark.parametrize("column", [Holiday.day, pw.fn.COALESCE(Post.division, 0), Complaint.title])
def test_a_place_never_holds_what_its_column_cannot_be_compared_with(column: Any, place: str) -> None:
    keys = list_order(column.model if isinstance(column, pw.Field) else Post, [(column, False)])
    read = decoded_place(keys, place)
    kind = str if column is Complaint.title else int
    assert read is None or type(read[0]) is kind
    assert read is None or str(read[0]).isascii()
