"""Sealed by case: what is planted in sealed places is nowhere to be found in the files, and opens only where it belongs."""

import logging
import secrets
from pathlib import Path

import pytest

from models import event, files, seal
from models.base import database
from models.complaint import CaseKey, Complaint, Person
from models.paper import Paper, content_of
from models.records import RECORDS
from sop import flow

PLANTED = {
    # sealed column: a value that occurs nowhere else
    "nik": "3573019988776655", "phone": "081299887766", "email": "rahasia.sekali@contoh.id",
    "address": "Jalan Tersembunyi Nomor 77", "domicile": "Gang Sunyi Nomor 88",
}  # fmt: skip
WORDS = {"planted in a correction": "KATA-RALAT-TERTUTUP", "planted in a file": "KATA-BERKAS-TERTUTUP"}


@pytest.fixture
def planted(office, caplog):
    """A complaint with planted values in every sealed place, worked to its end; its id."""
    caplog.set_level(logging.DEBUG)
    persons = {kind: {"name": "Siti", **PLANTED} for kind in ("pengadu", "yang_bersangkutan", "kuasa")}
    [case] = office.receive(persons=persons)
    office.do([case], "correct", field="pengadu.address", new_value=WORDS["planted in a correction"])
    office.do([case], "correct", field="pengadu.address", new_value=PLANTED["address"])
    office.bring([case], flow.CLOSED)
    files.keep(WORDS["planted in a file"].encode(), event.open_seals([case])[case], "bukti")
    return case


def everything_on_disk(folder: Path) -> bytes:
    """The bytes of the database, its WAL and every kept file, as they lie there while the office is at work."""
    names = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.suffix == ".sqlite-wal" for path in names)
    assert any(path.parent.parent.name == "files" for path in names)
    return b"\n".join(path.read_bytes() for path in names)


def test_planted_values_are_not_in_database_wal_files_or_log(planted, office, caplog):
    lying_there = everything_on_disk(office.path.parent) + caplog.text.encode()
    database.execute_sql("SELECT 1")
    for value in (*PLANTED.values(), *WORDS.values()):
        for form in (value.encode(), value.encode("utf-16-le"), value.encode().hex().encode()):
            assert form not in lying_there, value


def test_what_is_not_sealed_is_there_so_the_search_above_means_something(planted, office):
    assert b"Bantuan tidak diterima sejak Juli." in everything_on_disk(office.path.parent)


def test_event_bodies_and_paper_contents_are_not_in_the_files_either(planted, office):
    lying_there, opened = everything_on_disk(office.path.parent), event.open_seals([planted])
    said = [paper.get("sha256") for body in event.bodies(event.Event.select(), opened).values()
            for paper in body["papers"]]  # fmt: skip
    assert said
    assert b'"papers":' not in lying_there
    assert b'"kepala_dinas":' not in lying_there
    assert b'"blanks":' not in lying_there


def test_the_case_opens_what_was_planted(planted):
    opened = event.open_seals([planted])[planted]
    for person in Complaint.get_by_id(planted).persons:
        for name, value in PLANTED.items():
            assert opened.open_text(f"{person.kind}.{name}", getattr(person, name)) == value
    form = Paper.select().where(Paper.kind == "form_pengaduan").order_by(Paper.id).first()
    assert content_of(form, opened)["persons"]["pengadu"]["nik"] == PLANTED["nik"]


@pytest.mark.parametrize("written", ["081299887766", "0812-9988-7766", "0812 9988 7766"])
def test_a_phone_number_is_found_by_its_blind_index_however_it_is_written(planted, written):
    found = Person.select().where(Person.phone_index == seal.ring().index("phone", written))
    assert {person.complaint_id for person in found} == {planted}


def test_a_nik_is_found_by_its_blind_index_and_others_are_not(planted):
    index = seal.ring().index
    assert Person.select().where(Person.nik_index == index("nik", PLANTED["nik"])).count() == 3
    assert not Person.select().where(Person.nik_index == index("nik", "3573019988776654")).exists()
    assert index("nik", PLANTED["nik"]) != index("phone", PLANTED["nik"])
    assert index("nik", " -. ") is None


def test_a_corrected_phone_number_is_found_under_the_new_one_only(planted, office):
    [case] = office.receive(persons={"pengadu": {"name": "Ani", "phone": "0341-1"}})
    office.do([case], "correct", field="pengadu.phone", new_value="0341-2")
    found = {phone: Person.select().where(Person.phone_index == seal.ring().index("phone", phone)).count()
             for phone in ("0341-1", "0341-2")}  # fmt: skip
    assert found == {"0341-1": 0, "0341-2": 1}


def test_what_was_sealed_for_one_case_does_not_open_in_another(planted, office):
    [other] = office.receive(persons={"pengadu": {"name": "Ani", "nik": "3573010101010001"}})
    moved = Person.get(complaint=planted, kind="pengadu")
    seals = event.open_seals([planted, other])
    with pytest.raises(seal.BrokenSeal):
        seals[other].open_text("pengadu.nik", moved.nik)
    told = event.Event.get(complaint=planted)
    with pytest.raises(seal.BrokenSeal):
        seals[other].open(f"event/{told.id}", told.body)


def test_a_wrapped_key_moved_to_another_case_does_not_open(planted, office):
    [other] = office.receive()
    CaseKey.update(wrapped=CaseKey.get_by_id(planted).wrapped).where(CaseKey.complaint == other).execute()
    with pytest.raises(seal.BrokenSeal):
        event.open_seals([other])


def test_what_was_sealed_for_one_place_does_not_open_in_another_of_the_same_case(planted):
    opened, person = event.open_seals([planted])[planted], Person.get(complaint=planted, kind="pengadu")
    with pytest.raises(seal.BrokenSeal):
        opened.open_text("pengadu.phone", person.nik)
    with pytest.raises(seal.BrokenSeal):
        opened.open_text("kuasa.nik", person.nik)


@pytest.mark.parametrize("place", [0, 11, 12, -1])
def test_one_flipped_bit_breaks_the_seal(planted, place):
    opened, person = event.open_seals([planted])[planted], Person.get(complaint=planted, kind="pengadu")
    changed = bytearray(person.nik)
    changed[place] ^= 1
    with pytest.raises(seal.BrokenSeal):
        opened.open_text("pengadu.nik", bytes(changed))


def test_a_changed_paper_is_broken(planted):
    opened, paper = event.open_seals([planted])[planted], Paper.get(complaint=planted)
    paper.content = bytes(paper.content[:-1]) + bytes([paper.content[-1] ^ 1])
    with pytest.raises(seal.BrokenSeal):
        content_of(paper, opened)


def test_under_another_key_nothing_opens(planted):
    seal.install(secrets.token_bytes(32))
    with pytest.raises(seal.BrokenSeal):
        event.open_seals([planted])


def test_equal_values_are_sealed_unequally(office):
    cases = office.receive(2, persons={"pengadu": {"name": "Siti", **PLANTED}})
    first, second = (Person.get(complaint=case) for case in cases)
    assert all(getattr(first, name) != getattr(second, name) for name in PLANTED)
    assert first.nik_index == second.nik_index


def test_old_and_new_values_of_a_correction_are_sealed(planted):
    correction = RECORDS["correction"]
    for row in correction.select():
        assert WORDS["planted in a correction"].encode() not in bytes(row.new_value) + bytes(row.old_value or b"")


def test_a_kept_file_is_the_same_when_fetched_and_lies_under_its_hash(planted, office):
    opened = event.open_seals([planted])[planted]
    path = files.keep(b"isi", opened, "bukti")
    lying_there = (office.path.parent / "files" / path).read_bytes()
    assert files.fetch(path, opened, "bukti") == b"isi"
    assert b"isi" not in lying_there
    with pytest.raises(seal.BrokenSeal):
        files.fetch(path, opened, "lain")


def test_the_panels_key_is_made_once_and_readable_by_its_owner_alone(tmp_path):
    key = seal.key_from(tmp_path / "var")
    assert seal.key_from(tmp_path / "var") == key
    assert len(key) == 32
    assert (tmp_path / "var" / "panel.key").stat().st_mode & 0o777 == 0o600


def test_without_a_key_nothing_is_sealed(monkeypatch):
    monkeypatch.setattr(seal, "_ring", [])
    with pytest.raises(RuntimeError, match="Kunci panel belum dipasang"):
        seal.ring()
