"""Who read what stands in the access log: no entry, no data."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import peewee as pw
import pytest

from models.office.people import Mandate, today
from models.tables.accesslog import Reading, Seen, asked_for
from models.tables.complaint import Complaint
from tests.admin.doors import Visitor
from tests.office import SECRET, Office

At = Callable[[str], Visitor]


def readings(office: Office, username: str) -> list[tuple[str, int, str, set[int]]]:
    """(what, rows, asked, complaints) of a person's readings of lists and files."""
    mine = Reading.select().where(Reading.user == office[username]).order_by(Reading.id)
    return [(r.what, r.rows, asked_for(r), {c.complaint_id for c in r.cases}) for r in mine]


def test_an_export_is_noted_with_search_filters_and_rows(office: Office, at: At) -> None:
    cases = office.receive(3, title="Bantuan Terlambat")
    office.receive(title="Lain")
    kadis = at("kadis")
    assert kadis.get("/pengaduan/export/csv/?search=terlambat&flt0_0=raise").status_code == 200
    [(what, rows, asked, told)] = readings(office, "kadis")
    assert (what, rows, told) == ("ekspor pengaduan", 3, set(cases))
    assert asked == "cari: terlambat; Status: raise"


def test_a_list_that_shows_a_secret_case_is_noted_and_one_that_does_not_is_not(office: Office, at: At) -> None:
    office.receive()
    [secret] = office.receive(category=SECRET, title="Kekerasan")
    kadis, other = at("kadis"), at("petugas2")
    kadis.get("/pengaduan/?search=Kekerasan")
    other.get("/pengaduan/")
    assert secret in readings(office, "kadis")[-1][3]
    assert readings(office, "petugas2") == []


def test_reading_the_history_by_search_is_noted_for_every_case(office: Office, at: At) -> None:
    [case] = office.receive()
    at("petugas").get("/riwayat/?search=Rina")
    assert ("daftar riwayat", 1, "cari: Rina", {case}) in readings(office, "petugas")


def test_a_list_ends_nobodys_right_to_recall(office: Office, at: At) -> None:
    [case] = office.receive(category=SECRET)
    office.do([case], "raise")
    kadis = at("kadis")
    kadis.get("/pengaduan/")
    kadis.get("/")
    assert readings(office, "kadis")
    assert not Seen.select().exists()
    office.do([case], "recall")


def test_what_a_pengawas_reads_is_noted_under_his_surat_tugas(office: Office, at: At) -> None:
    [case] = office.receive()
    mandate = Mandate.get()
    pengawas = at("pengawas")
    pengawas.get("/pengaduan/")
    assert pengawas.get(f"/pengaduan/details/?id={case}").status_code == 200
    assert {(s.user_id, s.mandate_id) for s in Seen.select()} == {(office["pengawas"].id, mandate.id)}
    assert {r.mandate_id for r in Reading.select()} == {mandate.id}


@pytest.mark.parametrize(("first", "last"), [(-9, -1), (1, 9)], ids=["over", "to come"])
def test_a_surat_tugas_begins_and_ends_by_itself(office: Office, at: At, first: int, last: int) -> None:
    [case] = office.receive(title="Tertutup lagi")
    day = today()
    Mandate.update(valid_from=day + timedelta(days=first), valid_to=day + timedelta(days=last)).execute()
    pengawas = at("pengawas")
    assert pengawas.get(f"/pengaduan/details/?id={case}").status_code == 404
    assert "Tertutup lagi" not in pengawas.get("/pengaduan/").text
    Mandate.update(valid_from=day, valid_to=day).execute()
    assert pengawas.get(f"/pengaduan/details/?id={case}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        "/pengaduan/details/?id={}",
        "/pengaduan/langkah/correct/?id={}",
        "/pengaduan/",
        "/pengaduan/export/csv/",
        "/riwayat/",
        "/",
    ],
)
def test_what_cannot_be_noted_is_not_shown(office: Office, at: At, monkeypatch: Any, path: str) -> None:
    [case] = office.receive(category=SECRET, title="Hanya yang tercatat")
    petugas = at("petugas")

    def full(*args: Any, **fields: Any) -> None:
        raise pw.OperationalError("database or disk is full")

    monkeypatch.setattr(Seen, "create", full)
    monkeypatch.setattr(Reading, "create", full)
    answer = petugas.get(path.format(case))
    assert answer.status_code == 503
    assert "Hanya yang tercatat" not in answer.text


def test_what_people_searched_for_lies_sealed(office: Office, at: At) -> None:
    office.receive(category=SECRET, title="Kekerasan")
    at("kadis").get("/pengaduan/?search=Kekerasan")
    [reading] = Reading.select()
    assert b"Kekerasan" not in bytes(reading.asked)
    assert Complaint.select().count() == 1
