"""A case that was settled outside of the panel: it is listed, found and opened, and no clock is shown for it."""

from collections.abc import Callable

import pytest

from models.case.clocks import deadlines_of
from models.complaint.complaint import Complaint
from models.complaint.scope import viewer
from models.reading import queue
from models.store.base import now
from sop.flow import current_procedure
from sop.vocabulary import CLOSED, OUTSIDE
from tests.admin.doors import Visitor
from tests.office import Office

At = Callable[[str], Visitor]
READERS = ("petugas", "kadis", "pengawas")

every_end = pytest.mark.parametrize("state", sorted({OUTSIDE}))


@pytest.fixture
def settled(office: Office, at: At, state: str) -> int:  # after the panel, whose key seals
    other, case = office.receive(2, title="Bantuan yang lama")
    office.bring([other], CLOSED)
    office.bring([case], state)
    return case


@every_end
@pytest.mark.parametrize("who", READERS)
def test_it_opens_with_its_end_and_without_a_clock_or_an_act(settled: int, state: str, at: At, who: str) -> None:
    answer = at(who).get(f"/pengaduan/details/?id={settled}")
    assert answer.status_code == 200
    assert current_procedure().state_label(state) in answer.text
    assert "Jawaban pertama paling lambat" not in answer.text
    assert "Waktu penanganan" not in answer.text
    assert "/pengaduan/langkah/" not in answer.text


@every_end
def test_the_list_filters_it_and_never_calls_it_late(settled: int, state: str, at: At) -> None:
    kadis, number = at("kadis"), Complaint.get_by_id(settled).number
    assert number in kadis.get(f"/pengaduan/?flt0_0={state}").text
    assert number not in kadis.get(f"/pengaduan/?flt0_0={CLOSED}").text
    line = next(line for line in kadis.get("/pengaduan/export/csv/").text.splitlines() if number in line)
    assert current_procedure().state_label(state) in line
    assert "None" not in line
    Complaint.update(received_at=Complaint.get_by_id(settled).received_at.replace(year=2020)).execute()
    rows = kadis.get(f"/pengaduan/?flt0_0={state}").text.partition("<tbody>")[2].partition("</tbody>")[0]
    assert number in rows
    assert "Lewat" not in rows


@every_end
def test_it_is_counted_apart(settled: int, state: str, office: Office) -> None:
    totals = queue.totals(viewer(office["kadis"]), now())
    assert (totals[CLOSED], totals[state]) == (1, 1)
    assert deadlines_of(Complaint.get_by_id(settled)) == []


@every_end
def test_every_reader_s_pages_hold_with_it(settled: int, at: At) -> None:
    pages = ("/", "/pengaduan/", "/disposisi/", "/dokumen/", "/riwayat/", "/serah-terima/")
    answers = {(who, page): at(who).get(page).status_code for who in READERS for page in pages}
    assert {key: status for key, status in answers.items() if status not in (200, 403, 404)} == {}
