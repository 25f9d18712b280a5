"""A colleague is curious, and it is seen: on the case by who may know, by a pengawas, and by everybody of himself."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from admin.figures.access_log import masked_query
from models.complaint.accesslog import Reading, Seen, asked_for, cases_of, record_reading
from models.complaint.complaint import Complaint
from models.complaint.lookup import LOOKED_UP
from models.office.people import Mandate, User, today
from models.reading import accesses
from models.store.base import insert_rows, now
from tests.admin.doors import Visitor, words
from tests.office import SECRET, Office

At = Callable[[str], Visitor]
PHONE = "0812-3456-7890"
OWN, ALL, STANDING_OUT = "/akses/saya/", "/akses/", "/akses/menonjol/"


def of_case(case: int) -> str:
    return f"/akses/pengaduan/{case}/"


def opened(visitor: Visitor, case: int) -> None:
    assert visitor.get(f"/pengaduan/details/?id={case}").status_code == 200


def number_of(case: int) -> str:
    return str(Complaint.get_by_id(case).number)


def part(page: str, title: str) -> str:
    """What stands under a heading."""
    return words(re.split(r"<h2[ >]", page.partition(title)[2])[0])


def test_who_opened_a_case_and_a_number_in_it_and_why_is_shown_on_the_case(office: Office, at: At) -> None:
    [case] = office.receive(persons={"pengadu": {"name": "Siti Maslikah", "phone": PHONE}})
    curious, kadis = at("petugas2"), at("kadis")
    opened(curious, case)
    assert curious.post(f"/pengaduan/kontak/{case}/pengadu/", reason="progress").status_code == 303
    curious.get("/pengaduan/export/csv/")
    page = kadis.text(of_case(case))
    for sentence in (
        "Agus Santoso",
        "membuka halaman pengaduan",
        "menampilkan nomor pengadu; alasan: Memberi tahu perkembangan Kontak",
        "mengekspor pengaduan Ekspor",
        "melihat siapa yang membuka pengaduan ini",  # the reader is logged before he sees the page
    ):
        assert sentence in page
    assert PHONE not in page


@pytest.mark.parametrize(
    ("username", "status"),
    [
        ("kadis", 200),
        ("bidang.rehsos", 200),  # heads the unit that leads
        ("pengawas", 200),
        ("petugas", 404),  # is in charge of the case, and one of those in the log
        ("staf.rehsos", 404),
        ("bidang.ppa", 404),
        ("admin", 403),
    ],
)
def test_who_may_know_it_is_the_chief_the_unit_s_head_and_a_pengawas(
    office: Office, at: At, username: str, status: int
) -> None:
    [case] = office.receive()
    office.bring([case], "handle")
    visitor = at(username)
    assert visitor.get(of_case(case)).status_code == status
    assert (of_case(case) in visitor.get(f"/pengaduan/details/?id={case}").text) is (status == 200)


def test_a_pengawas_without_a_surat_tugas_is_shown_nothing(office: Office, at: At) -> None:
    [case] = office.receive(category=SECRET)
    opened(at("petugas"), case)
    Mandate.update(valid_to=today() - timedelta(days=1)).execute()
    pengawas = at("pengawas")
    assert pengawas.get(of_case(case)).status_code == 404
    for path in (ALL, STANDING_OUT):
        page = pengawas.text(path)
        assert "selama Surat Tugas atas nama Anda berlaku" in page
        assert number_of(case) not in page


def test_a_pengawas_asks_for_a_person_a_unit_and_a_day_and_is_logged_himself(office: Office, at: At) -> None:
    [case] = office.receive()
    office.bring([case], "handle")
    for username in ("staf.rehsos", "kadis"):
        opened(at(username), case)
    pengawas, staff, chief = at("pengawas"), office["staf.rehsos"], office["kadis"]
    day = Seen.get(Seen.user == chief).at.date()
    for asked, listed, hidden in (
        (f"orang={staff.id}", "Dewi Lestari", "Wicaksono Pradipta Kepala"),
        (f"unit={staff.division_id}", "Dewi Lestari", "Wicaksono Pradipta Kepala"),
        (f"orang={chief.id}&hari={day}", "Wicaksono Pradipta Kepala", "Dewi Lestari Bidang"),
        (f"hari={day - timedelta(days=9)}", "Tidak ada akses yang tercatat", number_of(case)),
    ):
        page = pengawas.text(f"{ALL}?{asked}")
        assert listed in page.partition("Terapkan")[2], asked
        assert hidden not in page.partition("Terapkan")[2], asked
    readings = [r for r in Reading.select().where(Reading.user == office["pengawas"]) if r.what == "akses"]
    assert asked_for(readings[0]) == "Dewi Lestari"
    assert cases_of(readings[0]) == {case}
    assert len(readings) == 4


def test_everybody_sees_his_own_and_no_number_of_a_case_that_he_may_not_open_any_more(office: Office, at: At) -> None:
    [mine], [lost] = office.receive(), office.receive(category=SECRET)
    petugas = at("petugas")
    opened(petugas, mine)
    opened(petugas, lost)
    Complaint.update(registrar=office["petugas2"]).where(Complaint.id == lost).execute()
    page = petugas.text(OWN)
    assert number_of(mine) in page
    assert number_of(lost) not in page
    assert "pengaduan yang tidak dapat Anda buka" in page
    assert "Belum ada yang tercatat" in at("petugas2").text(OWN)
    assert OWN in petugas.get("/akun/").text


@pytest.mark.parametrize("username", ["petugas", "kadis", "bidang.rehsos", "admin"])
def test_the_accesses_of_others_are_a_pengawas_s_business_alone(office: Office, at: At, username: str) -> None:
    visitor = at(username)
    assert [visitor.get(path).status_code for path in (ALL, STANDING_OUT, OWN)] == [403, 403, 200]
    assert f'href="{ALL}"' not in visitor.get("/").text


def test_a_number_that_was_searched_for_is_masked_and_a_day_is_not(office: Office, at: At) -> None:
    record_reading(office["kadis"], "pencarian", [], rows=1, asked=f"budi {PHONE}")
    page = at("pengawas").text(ALL)
    assert "mencari 1 baris · budi 08********90" in page
    assert masked_query("Diterima sejak: 2026-10-05; cari: 9973012345670001") == (
        "Diterima sejak: 2026-10-05; cari: 99********01"
    )


def test_what_stands_out_is_listed_and_what_is_usual_is_not(office: Office, at: At, monkeypatch: Any) -> None:
    monkeypatch.setattr(accesses, "MANY", 3)
    [secret], plain = office.receive(category=SECRET), office.receive(3)
    User.update(secret_registrar=True).where(User.username == "petugas2").execute()
    usual, curious = at("petugas"), at("petugas2")
    opened(usual, secret)
    opened(curious, secret)
    usual.get("/cari/?q=081298765432")
    usual.get("/pengaduan/export/csv/")
    opened(curious, plain[0])
    page = at("pengawas").get(STANDING_OUT).text
    assert "Agus Santoso" in part(page, "Pengaduan rahasia di luar unit")
    assert "Rina Wulandari" not in part(page, "Pengaduan rahasia di luar unit")
    assert "Rina Wulandari" in part(page, "Ekspor dan buku register")
    assert "Rina Wulandari" in part(page, "tanpa hasil")
    assert part(page, "Membuka 30 pengaduan").endswith("Tidak ada.")
    common = {"user": office["petugas2"].id, "at": now(), "version": 1, "what": "rincian", "mandate": None}
    insert_rows(Seen, [{**common, "complaint": case} for case in (*plain, secret, secret)])
    many = part(at("pengawas").get(STANDING_OUT).text, "Membuka 30 pengaduan")
    assert "Agus Santoso 4" in many
    assert "Rina" not in many
    insert_rows(Seen, [{**common, "user": office["kadis"].id, "complaint": case, "what": "langkah"} for case in plain])
    assert "Wicaksono" not in part(at("pengawas").get(STANDING_OUT).text, "Membuka 30 pengaduan")
    gone = at("pengawas").get(f"{STANDING_OUT}?hari={today() - timedelta(days=8)}").text
    assert "Agus Santoso" not in gone


def busy_log(office: Office) -> int:
    """A case that was opened many times, many of them at one moment; it stands on lists and in files as well."""
    [case] = office.receive(category=SECRET)
    at, common = now(), {"complaint": case, "version": 1, "what": "rincian", "mandate": None}
    for minutes, rows in ((3, 40), (2, 70), (1, 1)):
        moment = at - timedelta(minutes=minutes)
        insert_rows(Seen, [{**common, "user": office["petugas"].id, "at": moment} for _ in range(rows)])
        Reading.create(user=office["petugas"], at=moment, what="ekspor pengaduan", rows=1, told=[case])
        Reading.create(user=office["petugas"], at=moment, what="ekspor pengaduan", rows=1, told=[case + 1])
    return case


def pages_on(visitor: Visitor, path: str) -> Iterator[str]:
    """A page and all older ones that it leads to."""
    while path:
        page = visitor.get(path).text
        yield page
        further = re.findall(r'href="([^"]+sebelum=[^"]+)"', page)
        path = further[0].replace("&amp;", "&") if further else ""


@pytest.mark.parametrize("path", [OWN, f"{ALL}?orang={{person}}", f"{ALL}?unit={{unit}}", "/akses/pengaduan/{case}/"])
def test_every_entry_stands_on_one_page_however_many_are_of_one_moment(
    office: Office, at: At, monkeypatch: Any, path: str
) -> None:
    monkeypatch.setattr("models.reading.accesses.FILES", 2)
    case = busy_log(office)
    User.update(division=office["staf.rehsos"].division).where(User.username == "petugas").execute()
    visitor = at("petugas" if path == OWN else "pengawas")
    where = path.format(case=case, person=office["petugas"].id, unit=office["staf.rehsos"].division_id)
    pages = [words(page) for page in pages_on(visitor, where)]
    assert sum(page.count("membuka halaman pengaduan") for page in pages) == 111
    assert sum(page.count("mengekspor pengaduan") for page in pages) == (3 if "pengaduan" in path else 6)
    assert len(pages) >= 3


@pytest.mark.parametrize("place", ["", "x", "1-2-3", "9" * 17 + "-1-1", "1-1-" + "9" * 10, "0-0-0", "٣-1-1", "1-1-1\n"])
def test_a_place_that_is_none_is_the_beginning_or_an_empty_page(office: Office, at: At, place: str) -> None:
    assert at("pengawas").get(ALL, query_string={"sebelum": place}).status_code == 200


def test_a_look_up_without_a_hit_is_shown_as_such(office: Office, at: At) -> None:
    petugas = at("petugas")
    petugas.get("/cari/?q=081298765432")
    assert set(LOOKED_UP.values()) >= {r.what for r in Reading.select().where(Reading.rows == 0)}
    assert "mencari nomor telepon Tidak ditemukan" in petugas.text(OWN)
