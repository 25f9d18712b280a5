"""Long works: their numbers, how they end, their files, and that nobody else learns of them."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from admin.lists import export
from admin.lists.works import COOKIE
from admin.papers import bundles
from models.complaint.accesslog import Reading
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper
from models.office import long_work
from models.office.long_work import (
    FAILED,
    INTERRUPTED,
    LASTS,
    LongWork,
    Progress,
    begin_file,
    delete_expired_works,
    finish_works,
    register,
    running,
)
from models.store import files
from models.store.base import now
from tests.admin.doors import Visitor
from tests.office import Office

At = Callable[[str], Visitor]


@pytest.fixture(autouse=True)
def all_end(monkeypatch: Any) -> Iterator[None]:
    monkeypatch.setattr(long_work, "BEATS_EVERY", 0.005)
    yield
    finish_works()


def begun(office: Office, title: str = "Ekspor", by: str = "petugas", **more: Any) -> Progress:
    return register(title, by=office[by], unit="baris", **more)


def page_of(work: LongWork) -> str:
    return f"/pekerjaan/{work.public_id}/"


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_large_export_asks_with_its_number_and_becomes_a_file_for_its_user_alone(
    at: At, office: Office, monkeypatch: Any, kind: str
) -> None:
    monkeypatch.setattr(export, "AT_ONCE", 2)
    office.receive(3)
    petugas = at("petugas")
    asked = petugas.get(f"/pengaduan/export/{kind}/")
    assert "Ekspor 3 pengaduan?" in asked.text
    assert not LongWork.select().exists()
    answer = petugas.post(f"/pengaduan/export/{kind}/")
    finish_works()
    work = LongWork.get()
    assert (answer.status_code, answer.location) == (303, page_of(work))
    assert (work.done, work.total, work.sentence, work.is_failed) == (3, 3, "3 baris diekspor.", False)
    page = petugas.get(page_of(work)).text
    assert "Selesai – Ekspor Pengaduan" in page
    assert "3 baris diekspor." in page
    file = petugas.get(f"{page_of(work)}berkas")
    assert file.headers["Content-Disposition"].endswith(f'.{kind}"')
    if kind == "csv":
        assert Complaint.get().number in file.text
    for address in (page_of(work), f"{page_of(work)}berkas"):
        assert at("kadis").get(address).status_code == 404
    assert at("kadis").post(f"{page_of(work)}tutup/").status_code == 404
    assert work.title not in at("kadis").get("/pekerjaan/").text
    assert Reading.select().where(Reading.user == office["petugas"]).exists()


def test_a_small_export_comes_at_once(at: At, office: Office) -> None:
    office.receive()
    assert at("petugas").get("/pengaduan/export/csv/").mimetype == "text/csv"
    assert not LongWork.select().exists()


@pytest.mark.parametrize(
    ("act", "question", "done"),
    [
        ("merge", "Gabungkan {} dokumen?", "{} dokumen digabungkan."),
        ("zip", "Unduh zip {} dokumen?", "{} dokumen dimasukkan ke zip."),
    ],
)
def test_many_papers_are_asked_for_with_their_number_and_put_together_in_a_thread(
    at: At, office: Office, monkeypatch: Any, act: str, question: str, done: str
) -> None:
    monkeypatch.setattr(bundles, "AT_ONCE", 1)
    office.receive(2)
    ids = [str(paper.id) for paper in Paper.select()]
    petugas, chosen = at("petugas"), {"action": act, "rowid": ids}
    assert question.format(len(ids)) in petugas.post("/dokumen/action/", **chosen).text
    assert not LongWork.select().exists()
    answer = petugas.post("/dokumen/action/", ya="1", **chosen)
    finish_works()
    work = LongWork.get()
    assert answer.location == page_of(work)
    assert (work.done, work.total, work.sentence) == (len(ids), len(ids), done.format(len(ids)))
    assert petugas.get(f"{page_of(work)}berkas").data[:2] in (b"%P", b"PK")


def test_a_running_work_shows_the_same_on_every_page_and_after_a_reload(at: At, office: Office) -> None:
    petugas, go_on = at("petugas"), threading.Event()
    progress = begun(office, total=12_530)
    begin_file(progress, lambda progress: "Selesai." if go_on.wait(30) else "")
    progress.advance(3_000)
    progress.beat()
    petugas.client.set_cookie(COOKIE, "1")
    for _ in range(2):
        assert "3.000 dari 12.530 baris" in petugas.get(page_of(progress.row)).text
        assert 'value="3000" max="12530"' in petugas.get("/pengaduan/").text
    [state] = petugas.get("/pekerjaan/keadaan/").json["works"]
    assert (state["done"], state["total"], state["over"]) == (3_000, 12_530, False)
    assert at("kadis").get("/pekerjaan/keadaan/").json == {"works": []}
    go_on.set()


def test_the_time_that_is_left_is_said_in_words(office: Office) -> None:
    row = begun(office, total=100).row
    row.done = 50
    row.begun = now() - timedelta(seconds=60)
    assert row.words == "50 dari 100 baris · sekitar 1 menit lagi"
    row.done = 90
    assert row.words.endswith("kurang dari 1 menit lagi")


def test_after_a_kill_the_line_says_that_it_stopped_and_how_to_begin_again(at: At, office: Office) -> None:
    progress = begun(office, total=10, again="/pengaduan/export/csv/")
    progress.advance(4)
    progress.beat()
    LongWork.update(beat=now() - long_work.SILENT * 2).execute()
    petugas = at("petugas")
    petugas.client.set_cookie(COOKIE, "1")
    assert INTERRUPTED in petugas.get("/pengaduan/").text
    page = petugas.get(page_of(progress.row)).text
    assert f"{INTERRUPTED}, pada 4 dari 10 baris." in page
    assert 'href="/pengaduan/export/csv/"' in page


def test_what_fails_says_so_and_makes_no_file(at: At, office: Office, caplog: Any) -> None:
    def fails(progress: Progress) -> str:
        raise RuntimeError

    progress = begun(office)
    begin_file(progress, fails)
    finish_works()
    assert LongWork.get().sentence == FAILED
    assert FAILED in at("petugas").get(page_of(progress.row)).text


def test_what_was_quick_and_made_no_file_is_not_announced(office: Office) -> None:
    with running(begun(office, url="/pengaduan/impor/1/"), "Selesai."):
        pass
    assert not LongWork.select().exists()


def test_a_line_goes_once_its_end_was_seen_and_with_the_last_one_the_mark(at: At, office: Office) -> None:
    progress = begun(office)
    begin_file(progress, lambda progress: "Sudah jadi.")
    begun_at = progress.row.public_id
    finish_works()
    LongWork.update(path="x").execute()
    petugas = at("petugas")
    petugas.client.set_cookie(COOKIE, "1")
    if LongWork.select().exists():
        assert "Sudah jadi." in petugas.get("/pengaduan/").text
        assert petugas.post(f"/pekerjaan/{begun_at}/tutup/", url="/pengaduan/").location == "/pengaduan/"
    page = petugas.get("/pengaduan/")
    assert "Sudah jadi." not in page.text
    assert petugas.client.get_cookie(COOKIE) is None


def test_files_of_works_are_deleted_when_their_time_is_over(at: At, office: Office) -> None:
    progress = begun(office)

    def make(progress: Progress) -> str:
        progress.store_file("a.csv", "text/csv", b"isi")
        return "Jadi."

    begin_file(progress, make)
    finish_works()
    path = LongWork.get().path
    assert files.is_there(path)
    assert at("petugas").get(f"{page_of(progress.row)}berkas").data == b"isi"
    assert delete_expired_works(now() + LASTS * 2) == 1
    assert not files.is_there(path)
