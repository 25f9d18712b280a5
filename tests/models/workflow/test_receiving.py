"""Receiving: few fields are required, defaults fill the others, and the first papers are issued at once."""

from datetime import timedelta

import peewee as pw
import pytest

from models import schema
from models.complaint import event
from models.complaint.complaint import Complaint, Person, Run
from models.complaint.number import Number
from models.complaint.paper import Paper, content_of
from models.office.lists import Category, Kelurahan, Medium
from models.office.people import User
from models.records.entry import NO_CATEGORY
from models.store.base import database
from models.workflow import intake
from sop.flow import current_procedure
from tests.office import UNSORTED, Office, copied, dropped, opened, outside, owner_url_of, url_of

SITI = {"pengadu": {"name": "Siti Maslikah"}}


def data(**more):
    ids = {"medium": Medium.get(code="loket").id, "category": Category.get(code=UNSORTED).id}
    return {**ids, "story": "Bantuan tidak diterima.", **more}


def the(case):
    return Complaint.get_by_id(case)


@pytest.mark.parametrize(
    ("given", "persons", "field", "sentence"),
    [
        ({"medium": None}, SITI, "medium", "Pilih media pengaduan."),
        ({"medium": 999}, SITI, "medium", "Pilih media pengaduan."),
        ({"story": " \n"}, SITI, "story", "Tuliskan apa yang terjadi."),
        ({}, {}, "pengadu.name", "Isi nama pengadu, atau tandai anonim."),
        ({}, {"pengadu": {"name": " "}}, "pengadu.name", "Isi nama pengadu, atau tandai anonim."),
        ({"title": "x" * 201}, SITI, "title", "Judul paling panjang 200 huruf."),
        ({"category": None}, SITI, "category", NO_CATEGORY),
        ({"category": 999}, SITI, "category", "Pilihan tidak dikenal."),
        ({"kelurahan": 999}, SITI, "kelurahan", "Pilihan tidak dikenal."),
        ({"secrecy": "umum"}, SITI, "secrecy", "Pilihan tidak dikenal."),
        ({"urgency": "kilat"}, SITI, "urgency", "Pilihan tidak dikenal."),
        ({"law_class": "umum"}, SITI, "law_class", "Pilihan tidak dikenal."),
        ({}, {"pengadu": {"name": "x" * 121}}, "pengadu.name", "Nama paling panjang 120 huruf."),
        ({}, {**SITI, "kuasa": {"job": "x" * 81}}, "kuasa.job", "Pekerjaan paling panjang 80 huruf."),
    ],
)
def test_each_field_that_prevents_registration_gets_a_sentence(office, given, persons, field, sentence):
    before = office.digest()
    assert intake.objections(data(**given), persons, office.at) == {field: sentence}
    outcome = intake.receive(by=office["petugas"], data=data(**given), persons=persons, at=office.at)
    assert (outcome.done, outcome.refused) == ([], {0: sentence})
    assert office.digest() == before


def test_a_message_from_the_future_is_refused(office):
    assert intake.objections(data(received_at=office.at), SITI, office.at) == {}
    given = data(received_at=office.at + timedelta(minutes=1))
    assert intake.objections(given, SITI, office.at) == {"received_at": "Waktu diterima tidak boleh di masa depan."}


def test_medium_story_a_name_and_a_category_to_be_sorted_later_are_enough(office):
    outcome = intake.receive(by=office["petugas"], data=data(), persons=SITI, at=office.at)
    row = the(outcome.done[0])
    assert (row.state, row.version, row.round, row.number) == (current_procedure().first, 1, 1, "PGD/1/X/2026")
    assert (row.title, row.secrecy, row.urgency, row.category.name) == (
        "Bantuan tidak diterima",
        "terbatas",
        "biasa",
        "Belum dipilah",
    )


def test_anonymous_needs_no_name(office):
    outcome = intake.receive(by=office["petugas"], data=data(anonymous=True), persons={}, at=office.at)
    assert the(outcome.done[0]).anonymous


@pytest.mark.parametrize("code", ["bansos_tidak_terima", "odgj", "kdrt", "perilaku_petugas"])
def test_title_class_secrecy_and_urgency_default_from_the_category(office, code):
    category, place = Category.get(code=code), Kelurahan.get(name="Arjosari")
    [case] = office.receive(category=code, kelurahan=place.id, story="Tolong.")
    row = the(case)
    assert row.title == category.title.replace("{kelurahan}", "Arjosari")
    assert (row.law_class, row.secrecy, row.urgency) == (category.law_class, category.secrecy, category.urgency)


def test_typed_values_take_precedence_over_the_category(office):
    [case] = office.receive(
        category="kdrt", title="Judul sendiri", secrecy="terbatas", urgency="biasa", law_class="informasi"
    )
    row = the(case)
    assert (row.title, row.secrecy, row.urgency, row.law_class) == ("Judul sendiri", "terbatas", "biasa", "informasi")


@pytest.mark.parametrize(
    ("nik", "note"),
    [
        ("", ""),
        ("9973010101010001", ""),
        ("99.7301 0101010001", ""),
        ("123", "NIK bukan 16 angka"),
        ("997301010101000X", "NIK bukan 16 angka"),
    ],
)
def test_an_invalid_nik_is_stored_with_a_note(office, nik, note):
    [case] = office.receive(persons={"pengadu": {"name": "Siti", "nik": nik}})
    person = Person.get(complaint=case)
    assert person.nik_note == note
    assert event.open_seals([case])[case].open_text("pengadu.nik", person.nik) == nik


def test_three_persons_are_stored_separately_and_empty_ones_not_at_all(office):
    persons = {"pengadu": {"name": "Siti"}, "yang_bersangkutan": {"name": "Ani", "age": "7"}, "kuasa": {"name": ""}}
    [case] = office.receive(persons=persons)
    assert {p.kind: p.name for p in the(case).persons} == {"pengadu": "Siti", "yang_bersangkutan": "Ani"}


def test_row_1_counts_from_opening_the_form_and_row_2_from_recording(office):
    [case] = office.receive(opened_at=office.at - timedelta(minutes=9))
    first, second = Run.select().where(Run.complaint == case).order_by(Run.id)
    assert (first.row_key, first.started_at, first.ended_at) == (
        current_procedure().receive.key,
        office.at - timedelta(minutes=10),
        office.at,
    )
    assert (second.row_key, second.started_at, second.ended_at) == (
        current_procedure().row_named(current_procedure().first).key,
        office.at,
        None,
    )
    assert the(case).row_late
    assert the(case).row_due_at == second.due_at


def test_what_is_written_up_later_has_no_row_1_clock_and_its_own_legal_date(office):
    earlier = office.at - timedelta(days=30)
    [case] = office.receive(backlog=True, received_at=earlier)
    assert [run.row_key for run in the(case).runs] == [current_procedure().row_named(current_procedure().first).key]
    assert the(case).received_at == earlier
    assert the(case).legal_due_at < office.at
    assert not the(case).row_late


def test_form_and_receipt_are_issued_with_the_register_number(office):
    [case] = office.receive(persons={"pengadu": {"name": "Siti", "phone": "0812"}})
    seal = event.open_seals([case])[case]
    issued = {p.kind: content_of(p, seal) for p in Paper.select().where(Paper.complaint == case)}
    assert set(issued) == {paper.key for paper in current_procedure().receive.papers}
    assert {content["paper"]["number"] for content in issued.values()} == {the(case).number}
    assert issued["form_pengaduan"]["persons"]["pengadu"]["phone"] == "0812"
    assert "phone" not in issued["tanda_terima"]["persons"]["pengadu"]
    assert "NIK" in issued["form_pengaduan"]["complaint"]["missing"]


def test_receiving_leaves_one_number_and_one_entry_in_the_history(office):
    [case] = office.receive()
    [number] = Number.select().where(Number.complaint == case)
    [entry] = event.Event.select().where(event.Event.complaint == case)
    assert number.text == the(case).number
    assert (entry.act, entry.state_from, entry.state_to) == (
        current_procedure().receive.key,
        "",
        current_procedure().first,
    )
    assert event.bodies([entry], event.open_seals([case]))[entry.id]["number"] == number.text
    assert entry.who == "Rina Wulandari (Petugas Penanganan Pengaduan)"


def test_an_inactive_user_registers_nothing(office):
    User.update(active=False).where(User.username == "petugas").execute()
    outcome = intake.receive(by=office["petugas"], data=data(), persons=SITI, at=office.at)
    assert outcome.refused == {0: "“Catat pengaduan” dilakukan oleh petugas."}


def test_a_form_becomes_one_complaint(office):
    given = data(form_digest="ab" * 32)
    [case] = intake.receive(by=office["petugas"], data=given, persons=SITI, at=office.at).done
    again = intake.receive(by=office["petugas"], data=given, persons=SITI, at=office.tick())
    assert (again.done, again.refused) == ([], {0: "Formulir ini sudah tersimpan."})
    assert intake.complaint_of_form(given) == case
    assert [intake.complaint_of_form(other) for other in (data(), data(form_digest="cd" * 32))] == [None, None]


def test_the_database_accepts_a_form_digest_once_and_any_number_of_rows_without(office):
    first, second, _ = office.receive(3)
    Complaint.update(form_digest="ab" * 32).where(Complaint.id == first).execute()
    with pytest.raises(pw.IntegrityError), database.atomic():
        Complaint.update(form_digest="ab" * 32).where(Complaint.id == second).execute()


def test_the_complaints_of_an_earlier_database_have_no_form_digest(template, tmp_path):
    path = copied(template, tmp_path)
    with opened(path):
        Office.at_work(path).receive(2)
    with outside(path) as raw:
        raw.execute("DROP INDEX complaint_form_digest")
        raw.execute("ALTER TABLE complaint DROP COLUMN form_digest")
        raw.execute("DELETE FROM migration WHERE name = '0006_forms'")
    assert schema.prepare(url_of(path), owner_url=owner_url_of(path)) == ["0006_forms"]
    with opened(path):
        assert [c.form_digest for c in Complaint.select()] == [None, None]
        with pytest.raises(pw.IntegrityError), database.atomic():
            Complaint.update(form_digest="ab" * 32).execute()
    dropped(path)
