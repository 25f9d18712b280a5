"""Meja Persetujuan: the start page of the Kepala Dinas shows what he decides on, in few bytes and few statements."""

import io
from datetime import date
from typing import Any

import lxml.html
import peewee as pw
import pytest
from pypdf import PdfReader

from admin.desk import daysheet
from models.complaint.accesslog import ReadCase, Reading
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper
from models.office.people import User
from models.office.settings import Setting
from models.reading.desk import steps_of_desk
from models.records.registry import RECORDS
from models.store.base import now
from sop.flow import current_procedure
from sop.procedure import KEPALA_DINAS, ROWS
from sop.vocabulary import vocabulary
from tests.admin.desk.desktop import laid, lying, on_desk, reason, send
from tests.admin.doors import words
from tests.office import EMERGENCY, SECRET, Office

KEYS = [step.key for step in steps_of_desk()]
LONG = "Keterangan panjang yang menguraikan persoalan, tindakan, dan jawabannya secara lengkap. " * 12


def test_the_piles_are_the_bulk_steps_of_the_kepala_dinas_on_the_main_line() -> None:
    assert [t for t in current_procedure().main_line if t.bulk and t.actor == KEPALA_DINAS] == list(steps_of_desk())
    assert steps_of_desk()


def test_it_is_his_start_page_with_the_first_pile_open_and_each_pile_counted(at: Any, office: Office) -> None:
    for key, n in zip(KEYS, (2, 3), strict=True):
        on_desk(office, key, n)
    kadis = at("kadis")
    text = kadis.text("/")
    assert "Meja Persetujuan" in text
    assert "Disposisi 2 Nota Dinas 3" in text
    assert list(lying(kadis.get("/").text)) == list(lying(kadis.get(f"/meja/{KEYS[0]}/").text))
    Complaint.update(state="closed").where(Complaint.state == KEYS[0]).execute()
    assert len(lying(kadis.get("/").text)) == 3


def test_a_card_shows_the_gist_the_conclusion_the_answer_the_clock_and_what_is_missing(at: Any, office: Office) -> None:
    [case] = on_desk(office, "approve", 1)
    kadis = at("kadis")
    page = kadis.get("/meja/approve/").text
    text = words(page)
    for said in (
        "Bantuan tidak diterima sejak Juli.",
        "Bantuan sosial",
        "Kesimpulan",
        "Usul jawaban",
        "(jam kerja), batas",
        "perlu dilengkapi: NIK",
    ):
        assert said in text, said
    opened = kadis.get(f"/meja/approve/{case}/").text
    assert f'href="/dokumen/konsep/{case}/nota_dinas.pdf"' in opened


def test_a_disposition_shows_what_was_proposed_and_why_it_came_back(at: Any, office: Office) -> None:
    [case] = on_desk(office, "handle", 1)
    office.do([case], "refuse", reason="Bukan tugas dan fungsi unit kerja")
    text = at("kadis").text("/meja/dispose/")
    assert "Usulan Bidang Rehabilitasi, Perlindungan dan Jaminan Sosial · Biasa" in text
    assert "Dikembalikan Bidang Bukan tugas dan fungsi unit kerja" in text


@pytest.mark.parametrize("key", KEYS)
def test_emergencies_lie_on_top(at: Any, office: Office, key: str) -> None:
    on_desk(office, key, 2)
    [urgent] = on_desk(office, key, 1, category=EMERGENCY, emergency=True)
    assert next(iter(lying(at("kadis").get(f"/meja/{key}/").text))) == urgent


def test_twenty_lie_on_a_page_and_the_rest_on_the_next(at: Any, office: Office) -> None:
    ids = on_desk(office, "approve", 23)
    kadis = at("kadis")
    first, second = (list(lying(kadis.get(f"/meja/approve/?hal={page}").text)) for page in (1, 2))
    assert len(first) == 20
    assert sorted(first + second) == ids


def test_what_the_desk_shows_is_logged_and_ends_no_right_to_recall(at: Any, office: Office) -> None:
    [case] = on_desk(office, "approve", 1)
    at("kadis").get("/")
    assert [row.complaint_id for row in ReadCase.select()] == [case]
    office.do([case], "recall", reason=reason("recall"))


def test_the_day_s_decisions_stand_on_a_list_to_print(at: Any, office: Office) -> None:
    plain, secret = on_desk(office, "approve", 1), on_desk(office, "approve", 1, category=SECRET, title="Nama orang")
    kadis = at("kadis")
    page = kadis.get("/meja/approve/").text
    note = laid("approve", plain[0], lying(page)[plain[0]], note="Teliti lagi.")
    send(kadis, "approve", page, *plain, *secret, **note)
    listed = kadis.text("/meja/approve/daftar/")
    assert "Daftar Nota Dinas yang disetujui" in listed
    assert "2 dokumen" in listed
    assert "Disetujui dengan catatan: Teliti lagi." in listed
    assert "Nama orang" not in listed
    assert "3 Februari 2020 · 0 dokumen" in kadis.text("/meja/approve/daftar/?tanggal=2020-02-03")
    assert "2 dokumen" in kadis.text("/meja/approve/daftar/?tanggal=2020-02-30")


def test_the_list_of_a_full_day_is_read_page_by_page(at: Any, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(daysheet, "ON_A_PAGE", 2)
    ids, kadis = on_desk(office, "approve", 3), at("kadis")
    office.do(ids, "approve", at=now())
    numbers = [row.number for row in Paper.select().where(Paper.kind == "nota_dinas").order_by(Paper.id)]
    first, last = (kadis.get(f"/meja/approve/daftar/?hal={page}") for page in (1, 9))
    for page, shown, places in ((first, numbers[:2], "1–2"), (last, numbers[2:], "3–3")):
        assert [number for number in numbers if number in words(page.text)] == shown
        assert "3 dokumen" in words(page.text)
        assert f"{places} dari 3. Terbitkan PDF memuat semuanya." in words(page.text)
        assert "data-print" not in page.text
    assert "hal=2" in first.text
    assert [reading.rows for reading in Reading.select().order_by(Reading.id)][-2:] == [2, 1]


def test_the_printed_list_shows_of_a_secret_case_its_register_number_and_the_decision_only(
    at: Any, office: Office
) -> None:
    Setting.create(key="number.nota_dinas", value="{klas}/{urut}/{bidang}/{tahun}", valid_from=date(2026, 1, 1))
    [case] = on_desk(office, "approve", 1, category=SECRET, title="Nama orang")
    office.do([case], "approve", at=now(), outcome="catatan", note="Lindungi Ibu Sari di rumah aman")
    page = lxml.html.fromstring(at("kadis").get("/meja/approve/daftar/").text)
    [line] = [[" ".join(cell.text_content().split()) for cell in row] for row in page.xpath("//tbody/tr")]
    assert line[:5] == ["1", "Rahasia", Complaint.get_by_id(case).number, "Rahasia", "Rahasia"]
    assert line[5].startswith("Disetujui dengan catatan")
    assert "Ibu Sari" not in line[5]


@pytest.mark.only("sqlite")
def test_the_day_s_list_is_a_pdf_that_the_user_who_decided_signs(at: Any, office: Office) -> None:
    plain, secret = on_desk(office, "approve", 1), on_desk(office, "approve", 1, category=SECRET, title="Nama orang")
    kadis = office["kadis"]
    User.update(nip="19680101 199001 1 001", pangkat="Pembina Utama Muda").where(User.id == kadis.id).execute()
    office.do([*plain, *secret], "approve", at=now(), outcome="catatan", note="Teliti lagi.")
    visitor = at("kadis")
    answer = visitor.get(visitor.post("/meja/approve/daftar/").location)
    assert answer.mimetype == "application/pdf"
    text = " ".join(PdfReader(io.BytesIO(answer.data)).pages[0].extract_text().split())
    for said in ("DAFTAR NOTA DINAS YANG DISETUJUI", "2 (dua) Nota Dinas", "Disetujui dengan catatan: Teliti lagi."):
        assert said in text
    signature = text.split("Daftar ini memuat")[1]
    for said in ("KEPALA DINAS,", kadis.name, "Pembina Utama Muda", "NIP. 19680101 199001 1 001"):
        assert said in signature
    assert "Nama orang" not in text
    assert {row.complaint_id for row in ReadCase.select()} >= {*plain, *secret}
    assert visitor.post("/meja/dispose/daftar/").status_code == 404


@pytest.mark.parametrize("key", KEYS)
def test_twenty_cards_are_light(at: Any, office: Office, monkeypatch: pytest.MonkeyPatch, key: str) -> None:
    """40 kB of HTML and 12 statements of its own, with texts as long as people write them."""
    ids = office.receive(20, story=LONG, title="Bantuan sosial tidak lagi diterima sejak pemutakhiran data bulan Juli")
    steps = ROWS[current_procedure().row_no(key) - 1].transitions
    before = steps[steps.index(vocabulary().transitions[key]) - 1]
    office.bring(ids, before.key)
    office.do(ids, before.key, **dict.fromkeys(RECORDS[before.record].gist, LONG))
    seen: list[str] = []
    real = pw.Database.execute_sql
    kadis = at("kadis")
    kadis.get("/sop/")
    monkeypatch.setattr(pw.Database, "execute_sql", lambda *given: (seen.append(given[1]), real(*given))[1])
    kadis.get("/sop/")
    frame = len(seen)
    page = kadis.get(f"/meja/{key}/").data
    print(len(page), "bytes,", len(seen) - 2 * frame, "statements")
    assert len(lying(page.decode())) == 20
    assert len(page) <= 40_000
    assert len(seen) - 2 * frame <= 14  # one of them for the uses of quiet powers, one for the units without a head
