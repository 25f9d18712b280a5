"""Who read what stands in the access log: no entry, no data."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import peewee as pw
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.complaint.accesslog import ReadCase, Reading, Seen, asked_for, cases_of, readings_of
from models.complaint.complaint import Complaint
from models.office.people import Mandate, today
from models.store.base import now
from sop.flow import current_procedure
from tests.admin.doors import Visitor
from tests.office import SECRET, Office

At = Callable[[str], Visitor]


def readings(office: Office, username: str) -> list[tuple[str, int, str, set[int]]]:
    """(what, rows, asked, complaints) of a person's readings of lists and files."""
    mine = Reading.select().where(Reading.user == office[username]).order_by(Reading.id)
    return [(r.what, r.rows, asked_for(r), cases_of(r)) for r in mine]


def test_an_export_is_logged_with_search_filters_and_rows(office: Office, at: At) -> None:
    cases = office.receive(3, title="Bantuan Terlambat", until="raise")
    office.receive(title="Lain")
    kadis = at("kadis")
    assert kadis.get("/pengaduan/export/csv/?search=terlambat&flt0_0=raise").status_code == 200
    [(what, rows, asked, case_ids)] = readings(office, "kadis")
    assert (what, rows, case_ids) == ("ekspor pengaduan", 3, set(cases))
    assert asked == f"cari: terlambat; Status: {current_procedure().state_label('raise')}"


def test_an_export_is_one_row_however_many_cases_it_has(office: Office, at: At) -> None:
    cases = office.receive(5, title="Bantuan Terlambat")
    [other] = office.receive(title="Lain")
    at("kadis").get("/pengaduan/export/csv/?search=terlambat")
    [export] = Reading.select().where(Reading.told.is_null(False))
    assert not ReadCase.select().exists()
    assert (export.told, cases_of(export)) == ([range(cases[0], cases[-1] + 1)], set(cases))
    assert [readings_of(case) for case in (*cases, other)] == [[export]] * 5 + [[]]


def test_readings_of_a_case_come_from_lists_exports_and_older_exports(office: Office, at: At) -> None:
    [secret] = office.receive(category=SECRET)
    kadis = at("kadis")
    kadis.get("/pengaduan/")
    kadis.get("/pengaduan/export/csv/")
    before = Reading.create(user=office["kadis"], at=now(), what="ekspor pengaduan", rows=1)
    ReadCase.create(reading=before, complaint=secret)
    listed = [(reading.what, reading.user.username) for reading in readings_of(secret)]
    assert listed == [(what, "kadis") for what in ("daftar pengaduan", "ekspor pengaduan", "ekspor pengaduan")]


@given(st.sets(st.integers(1, 400)))
def test_ids_are_stored_as_spans_and_come_back(ids: set[int]) -> None:
    stored = Reading.told.db_value(ids)
    assert {number for span in Reading.told.python_value(stored) for number in span} == ids


def test_a_hundred_thousand_ids_in_a_row_take_a_dozen_characters() -> None:
    assert Reading.told.db_value(range(1, 100_001)) == "1-100000"
    assert Reading.told.db_value([9, 3, 4, 3]) == "3-4 9"
    assert Reading.told.python_value(None) is None


def test_a_list_that_shows_a_secret_case_is_logged_and_one_that_does_not_is_not(office: Office, at: At) -> None:
    office.receive()
    [secret] = office.receive(category=SECRET, title="Kekerasan")
    kadis, other = at("kadis"), at("petugas2")
    kadis.get("/pengaduan/?search=Kekerasan")
    other.get("/pengaduan/")
    assert secret in readings(office, "kadis")[-1][3]
    assert readings(office, "petugas2") == []


def test_reading_the_history_by_search_is_logged_for_every_case(office: Office, at: At) -> None:
    [case] = office.receive()
    at("petugas").get("/riwayat/?search=Rina")
    assert ("daftar riwayat", 1, "cari: Rina", {case}) in readings(office, "petugas")


def test_a_list_ends_no_right_to_recall(office: Office, at: At) -> None:
    [case] = office.receive(category=SECRET)
    office.do([case], "raise")
    kadis = at("kadis")
    kadis.get("/pengaduan/")
    kadis.get("/")
    assert readings(office, "kadis")
    assert not Seen.select().exists()
    office.do([case], "recall")


def test_what_a_pengawas_reads_is_logged_under_his_surat_tugas(office: Office, at: At) -> None:
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
    ("path", "code"),
    [
        ("/pengaduan/details/?id={}", 503),
        ("/pengaduan/langkah/correct/?id={}", 503),
        ("/pengaduan/", 200),  # without it
        ("/pengaduan/export/csv/", 503),
        ("/riwayat/", 200),
        ("/", 200),
    ],
)
def test_what_cannot_be_logged_is_not_shown(office: Office, at: At, monkeypatch: Any, path: str, code: int) -> None:
    [case] = office.receive(category=SECRET, title="Hanya yang tercatat")
    petugas = at("petugas")

    def full(*args: Any, **fields: Any) -> None:
        raise pw.OperationalError("database or disk is full")

    monkeypatch.setattr(Seen, "create", full)
    monkeypatch.setattr(Reading, "create", full)
    answer = petugas.get(path.format(case))
    assert answer.status_code == code
    assert "Hanya yang tercatat" not in answer.text


def test_what_people_searched_for_lies_sealed(office: Office, at: At) -> None:
    office.receive(category=SECRET, title="Kekerasan")
    at("kadis").get("/pengaduan/?search=Kekerasan")
    [reading] = Reading.select()
    assert b"Kekerasan" not in bytes(reading.asked)
    assert Complaint.select().count() == 1
