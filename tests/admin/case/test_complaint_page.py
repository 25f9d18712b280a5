"""The complaint's page: the next act, where it stands, masked contact data, clocks, papers, records, history."""

import re

import pytest

from admin.case.dossier import AGREED
from models.complaint.accesslog import Seen
from models.complaint.complaint import Complaint, Person
from models.office import contacts
from models.records.registry import RECORDS
from sop.flow import current_procedure
from sop.procedure import ROWS
from sop.vocabulary import CLOSED, vocabulary
from sop.words import format_long_moment
from tests.admin.doors import words
from tests.office import COMMON, EMERGENCY, moment

PERSON = {
    "name": "Siti Maslikah",
    "nik": "9912345678901234",
    "phone": "081234567890",
    "email": "siti@contoh.id",
    "address": "Jalan Mawar Nomor 12",
    "safe_contact": "Kirim pesan ke adik, 0857-7777-8888, setelah pukul 16",
    "do_not_call": True,
}


@pytest.fixture
def case(panel, office):
    [one] = office.receive(persons={"pengadu": PERSON})
    return one


def page(visitor, complaint):
    answer = visitor.get(f"/pengaduan/details/?id={complaint}")
    assert answer.status_code == 200
    return answer.text


def test_the_awaited_act_is_the_one_primary_button_of_the_user_who_must_act(at, office, case):
    for state in current_procedure().awaited:
        office.bring([case], state)
        actor = office.actor(vocabulary().transitions[state], case).username
        for who in ("petugas", "kadis", "bidang.rehsos"):
            address = f'class="btn primary" href="/pengaduan/langkah/{state}/?id={case}"'
            shown = at(who).get(f"/pengaduan/details/?id={case}").text  # to a unit only once it is the case's
            assert (address in shown) is (who == actor), (state, who)


def test_the_limit_of_the_sop_is_named_beside_the_date_of_the_law(at, office, case):
    for state in current_procedure().awaited:
        office.bring([case], state)
        complaint, text = Complaint.get_by_id(case), page(at("kadis"), case)
        if complaint.row_due_at is None:
            assert "<strong>Batas SOP:</strong>" not in text, state
            continue
        limit = format_long_moment(complaint.row_due_at)
        assert re.search(rf"<strong>Batas SOP:</strong> {limit}, (sisa|terlambat) [^<]+\(jam\skerja\)", text), state
        assert limit in at("kadis").get(f"/pengaduan/ringkas/{case}/").text, state  # the card beside the list


def test_what_the_awaited_step_needs_stands_open_and_of_a_print_only_what_is_missing(at, office, case):
    visitor = at("petugas")
    for state in current_procedure().awaited:
        office.bring([case], state)
        step, shown = vocabulary().transitions[state], page(visitor, case)
        for part, is_open in (("catatan", bool(step.needs)), ("orang-pengadu", step.contact)):
            [mark] = re.findall(
                rf'<details class="card fold"( open)?><summary>.*?</summary>\s*<div id="{part}">', shown
            )
            assert bool(mark) is is_open, (state, part)
        assert "PDF siap" not in shown
        titles = {RECORDS[need.record].title for need in step.needs}
        opened = re.findall(r'<details class="record" open>\s*<summary><span><strong>([^<]+)<', shown)
        assert titles <= {*opened}, state


def test_a_user_who_only_reads_is_offered_no_act(at, case):
    assert "/pengaduan/langkah/" not in page(at("pengawas"), case)


def test_contact_data_is_masked_and_names_are_not(at, case):
    for who in ("petugas", "kadis", "pengawas"):
        text = page(at(who), case)
        assert "Siti Maslikah" in text
        assert not [PERSON[name] for name in Person.SEALED if PERSON.get(name, "-none-") in text]
        assert "99********1234" in text


def test_that_somebody_is_to_be_reached_with_care_stands_before_everything_else(at, case):
    text = words(page(at("petugas"), case))
    assert text.index(f"Jangan ditelepon. {AGREED}") < text.index("Pokok pengaduan")


@pytest.mark.parametrize("step", [t for t in vocabulary().transitions.values() if t.contact], ids=lambda t: t.key)
def test_how_somebody_is_reached_safely_stands_before_every_number(panel, at, office, step):
    urgent = bool(step.called_by)
    [case] = office.receive(category=EMERGENCY if urgent else COMMON, emergency=urgent, persons={"pengadu": PERSON})
    office.bring(
        [case],
        step.key
        if current_procedure().is_main(step)
        else next(s for s in current_procedure().awaited if s in vocabulary().starts(step)),
    )
    text = words(at(office.actor(step, case).username).get(f"/pengaduan/langkah/{step.key}/?id={case}").text)
    assert text.index("Jangan ditelepon") < text.index(PERSON["safe_contact"]) < text.index(PERSON["phone"])


@pytest.mark.parametrize(
    ("column", "value", "shown"),
    [
        ("nik", "9912345678901234", "99********1234"),
        ("nik", "1234", "********"),
        ("phone", "081234567890", "08********90"),
        ("phone", "112", "********"),
        ("email", "siti@contoh.id", "s********@contoh.id"),
        ("email", "x", "********"),
        ("address", "Jl. Mawar 12", "Jl. ********"),
        ("domicile", "Mawar12", "********"),
        ("address", "", ""),
        ("safe_contact", "Lewat Bu Tin, 0857 777, sore", "********"),
    ],
)
def test_masks_show_enough_to_recognise(column, value, shown):
    assert contacts.masked_text(column, value) == shown


def test_the_clocks_tell_each_row_its_runs_and_what_was_late(at, office, panel):
    [one] = office.receive(at=moment("09.14"), opened_at=moment("09.10"), until="raise")
    office.do([one], "raise", at=moment("09.40"))
    office.do([one], "dispose", at=moment("10.40"))
    text = words(page(at("petugas"), one))
    assert all(row.title in text for row in ROWS)
    assert "standar 5 menit terpakai 4 menit Sesuai standar 5 Okt 2026 09.10–09.14 (4 menit)" in text
    late = "Lewat SOP 5 Okt 2026 09.14–10.40 (1 jam 26 menit)"
    assert f"standar 1 jam terpakai 1 jam 26 menit {late}" in text


def test_a_reopened_case_keeps_the_clocks_and_records_of_its_first_round(at, office, case):
    office.bring([case], CLOSED)
    office.do([case], "reopen")
    text = words(page(at("petugas"), case))
    assert "Putaran 2" in text
    assert "Putaran 1" in text
    assert RECORDS["berita_acara"].title in text


def test_every_act_is_shown_as_a_sentence_with_its_blanks(at, office, case):
    others = office.receive(3)
    office.do([case, *others], "raise")
    office.do([case], "return_file", by="kadis", reason="Uraian kejadian belum jelas", note="Lengkapi lokasi")
    text = words(page(at("petugas"), case))
    raised = "menaikkan berkas kepada Kepala Dinas, bersama 3 pengaduan lain"
    assert f"WIB — Rina Wulandari (Petugas Penanganan Pengaduan) {raised}" in text
    assert "mengembalikan berkas kepada petugas" in text
    assert "Lengkapi lokasi" in text


def test_what_is_lacking_is_listed_and_blocks_nothing(at, office, panel):
    [one] = office.receive()
    text = words(page(at("petugas"), one))
    assert "Perlu dilengkapi" in text
    assert "NIK" in text


def test_opening_the_page_is_logged_once_a_version_and_person(at, office, case):
    kadis = at("kadis")
    for _ in range(3):
        page(kadis, case)
    here = (Seen.complaint == case) & (Seen.user == office["kadis"])
    assert Seen.select().where(here).count() == 1
    office.do([case], "raise")
    page(kadis, case)
    assert Seen.select().where(here).count() == 2


def test_reading_changes_nothing_that_counts(at, office, case):
    office.bring([case], "approve")
    before = office.digest()
    page(at("kadis"), case)
    assert office.digest() == before


def test_a_corrected_phone_number_stays_masked_in_record_and_history(at, office, case):
    office.do([case], "correct", new_value={"pengadu.phone": "089999999999"})
    text = page(at("petugas"), case)
    assert "089999999999" not in text
    assert "081234567890" not in text
    assert "08********99" in text


def test_a_citizens_words_are_never_markup(at, office, panel):
    [one] = office.receive(story="<script>alert(1)</script>", persons={"pengadu": {"name": "<b>Siti</b>"}})
    petugas = at("petugas")
    for path in (f"/pengaduan/details/?id={one}", "/pengaduan/", "/riwayat/"):
        text = petugas.page(path)
        assert "<script>alert" not in text
        assert "<b>Siti" not in text
