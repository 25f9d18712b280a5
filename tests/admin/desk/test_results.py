"""The result of a decision is asked for by GET: nothing is sent again, no other user sees it, what was typed stays."""

from typing import Any

import pytest
import time_machine

from admin.door.sessions import GONE
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.sign_in.session import RESULT_RETENTION, SessionResult
from models.store.base import now
from sop.vocabulary import vocabulary
from tests.admin.desk.desktop import laid, lying, on_desk, reason, ticked
from tests.admin.doors import Visitor, words
from tests.models.workflow.acting import at_once
from tests.office import Office


def sent(visitor: Visitor, key: str, **typed: Any) -> Any:
    return visitor.post(f"/meja/{key}/", **typed)


def shown(page: str) -> list[str]:
    return [f"{case}:{version}" for case, version in lying(page).items()]


def test_what_came_of_the_ticked_is_loaded_anew_and_gone_back_to_without_a_second_act(at: Any, office: Office) -> None:
    on_desk(office, "approve", 2)
    kadis = at("kadis")
    answer = sent(kadis, "approve", do="perform", case=shown(kadis.get("/meja/approve/").text))
    assert (answer.status_code, answer.headers["Cache-Control"]) == (303, "no-store")
    entries = Event.select().count()
    for _ in range(2):
        page = kadis.get(answer.location)
        assert (page.status_code, page.headers["Cache-Control"]) == (200, "no-store")
        assert "2 pengaduan selesai diproses" in words(page.text)
    assert Event.select().count() == entries


def test_what_was_taken_back_since_is_shown_as_taken_back(at: Any, office: Office) -> None:
    ids, kadis = on_desk(office, "approve", 3), at("kadis")
    version = lying(kadis.get("/meja/approve/").text)
    one, *others = ids
    alone = sent(kadis, "approve", do=f"only:{one}:{version[one]}").location
    together = sent(kadis, "approve", do="perform", case=[f"{case}:{version[case]}" for case in others]).location
    assert "Cetak Nota Dinas" in words(kadis.get(alone).text)
    office.do([one, others[0]], "recall", by="kadis")
    text = words(kadis.get(alone).text)
    assert "Nota Dinas telah disetujui, lalu ditarik kembali." in text
    assert "Cetak Nota Dinas" not in text
    text = words(kadis.get(together).text)
    assert "1 pengaduan selesai diproses Sudah ditarik kembali 1 Sudah disetujui 1 Berhasil." in text
    assert "1 dokumen baru terbit" in text
    office.do([one], "supplement", by="petugas", statement="Warga datang lagi.")
    assert "lalu ditarik kembali" in words(kadis.get(alone).text)  # whatever was done besides


def test_what_another_took_back_of_his_own_leaves_the_decision_standing(at: Any, office: Office) -> None:
    [case], kadis = on_desk(office, "dispose", 1), at("kadis")
    version = lying(kadis.get("/meja/dispose/").text)
    alone = sent(kadis, "dispose", do=f"only:{case}:{version[case]}").location
    office.do([case], "handle")
    office.do([case], "recall", by=office.actor(vocabulary().transitions["handle"], case).username)
    text = words(kadis.get(alone).text)
    assert "Pengaduan telah didisposisikan. Pengaduan" in text
    assert "ditarik kembali" not in text


def test_part_of_a_sheet_redirects_too_and_what_was_typed_of_the_rest_comes_along(at: Any, office: Office) -> None:
    going, staying, _ = on_desk(office, "approve")
    kadis = at("kadis")
    version = lying(kadis.get("/meja/approve/").text)
    lacking = laid("send_back", going, version[going], reason="", note="Belum jelas siapa.")
    answer = sent(kadis, "approve", do="perform", case=f"{staying}:{version[staying]}", **lacking)
    page = kadis.get(answer.location).text
    assert (office.state(staying), office.state(going)) == ("deliver", "approve")
    assert "Belum jelas siapa.</textarea>" in page
    assert "1 pengaduan selesai diproses" in words(page)
    assert "Alasan: " in words(page)


def test_read_on_the_next_file_is_a_page_of_its_own_and_the_rest_of_the_sheet_comes_along(
    at: Any, office: Office
) -> None:
    read, following, going = on_desk(office, "approve")
    kadis = at("kadis")
    page = kadis.get(f"/meja/approve/{read}/").text
    version = lying(page)
    back = laid("send_back", going, version[going], reason=reason("send_back"), note="Lengkapi.")
    ticks = f"{following}:{version[following]}"
    decided = {"do": f"decide:approve:{read}:{version[read]}", "baca": read, "shown": ",".join(map(str, version))}
    answer = sent(kadis, "approve", case=ticks, **decided, **back)
    assert answer.status_code == 303
    assert answer.location.startswith(f"/meja/approve/{following}/?hasil=")
    for _ in range(2):
        page = kadis.get(answer.location.partition("#")[0]).text
        assert f'name="baca" value="{following}"' in page
        assert "telah disetujui" in words(page)
        assert "Lengkapi.</textarea>" in page
        assert ticked(page) == {following}
    office.do([following], "approve")
    gone = kadis.get(answer.location.partition("#")[0]).text  # gone back to once it was decided on
    assert 'name="baca"' not in gone
    assert "tidak dapat dilakukan sekarang" in words(gone)
    assert "Lengkapi.</textarea>" in gone


def test_the_reason_why_he_decides_despite_his_plh_is_picked_once_for_the_pile(at: Any, office: Office) -> None:
    at_once(office, valid_to=None)
    read, _ = on_desk(office, "approve", 2)
    kadis = at("kadis")
    version = lying(kadis.get(f"/meja/approve/{read}/").text)
    answer = sent(kadis, "approve", do=f"decide:approve:{read}:{version[read]}", deputy_reason="back")
    assert (answer.status_code, office.state(read)) == (303, "deliver")
    assert '<option selected value="back">' in kadis.get(answer.location.partition("#")[0]).text


def test_without_that_reason_nothing_is_decided_and_all_stays_ticked(at: Any, office: Office) -> None:
    at_once(office, valid_to=None)
    cases = on_desk(office, "approve", 2)
    kadis = at("kadis")
    lying_there = shown(kadis.get("/meja/approve/").text)
    answer = sent(kadis, "approve", do="perform", case=lying_there)
    assert answer.status_code == 409
    assert "Pilih alasan Anda memutus sendiri" in words(answer.text)
    assert ticked(answer.text) == {*cases}
    assert {office.state(case) for case in cases} == {"approve"}


def test_it_is_shown_to_no_other_user_and_not_for_longer_than_a_day(at: Any, office: Office) -> None:
    on_desk(office, "approve", 2)
    kadis, elsewhere = at("kadis"), at("kadis")
    step = sent(kadis, "approve", do="perform", case=shown(kadis.get("/meja/approve/").text)).location
    other = step.replace("/approve/", "/dispose/")
    for visitor, path in ((elsewhere, step), (kadis, other), (kadis, "/meja/approve/hasil/lain/")):
        answer = visitor.get(path)
        assert (answer.status_code, GONE in words(answer.text)) == (404, True)
    assert at("petugas").get(step).status_code == 403
    assert GONE in words(
        kadis.get(f"/meja/approve/?hasil={step.rsplit('/', 2)[1]}").text
    )  # of several, on a page of its own
    bare = elsewhere.get(f"/meja/approve/?hasil={step.rsplit('/', 2)[1]}")
    assert (bare.status_code, GONE in words(bare.text)) == (200, True)
    with time_machine.travel(now() + RESULT_RETENTION, tick=True):
        later = at("kadis")
        assert GONE in words(later.get(step).text)
    kadis.post("/keluar")
    assert SessionResult.select().count() == 0


@pytest.mark.parametrize("key", ["raise"])
def test_of_many_on_the_step_page_it_is_the_same(at: Any, office: Office, key: str) -> None:
    ids = office.receive(2, until=key)
    petugas = at("petugas")
    cases = ",".join(f"{case}:{Complaint.get_by_id(case).version}" for case in ids)
    answer = petugas.post(f"/pengaduan/langkah/{key}/", cases=cases, banyak="1", do="perform")
    assert answer.status_code == 303
    for _ in range(2):
        page = petugas.get(answer.location)
        assert (page.status_code, "2 pengaduan selesai diproses" in words(page.text)) == (200, True)
    assert GONE in words(at("petugas").get(answer.location).text)
    assert petugas.get(f"/pengaduan/langkah/{key}/hasil/lain/").status_code == 404
