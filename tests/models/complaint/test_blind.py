"""Every number of every person in a case is found in any notation, and the index follows each correction."""

from typing import Any

import pytest

from models.complaint.complaint import PERSONS, BlindIndex, CaseKey, Complaint, Person
from models.complaint.event import open_seals
from models.complaint.lookup import KINDS, asked_number, find, marks_of
from models.complaint.scope import viewer
from models.store import seal
from tests.office import Office
from tests.patience import cpu_within

PHONE, NIK = "6281234567890", "9973011203850001"
PHONE_FORMS = (
    "081234567890",
    "0812-3456-7890",
    "0812.3456.7890",
    " 0812 3456 7890 ",
    "(0812) 3456 7890",
    "812 3456 7890",
    "6281234567890",
    "+62 812-3456-7890",
    "+62 (0)812 3456 7890",
    "0062 812 3456 7890",
)
NIK_FORMS = (
    "9973011203850001",
    "9973 0112 0385 0001",
    "9973.0112.0385.0001",
    "997301-120385-0001",
    " 9973011203850001 ",
)
OTHERS = (
    "6281234567891",
    "081234567",
    "9973011203850002",
    "997301120385000",
    "Budi",
    "",
    "0812-3456-7890 anak",
    "+",
    "%",
)


def found(office: Office, typed: str, by: str = "petugas") -> set[int]:
    cases = find(typed, viewer(office[by]))
    return cases.among([c.id for c in Complaint.select()]) if cases else set()


def person(**columns: str) -> dict[str, dict[str, Any]]:
    return {"pengadu": {"name": "Siti Maslikah", **columns}}


@pytest.mark.parametrize("typed", PHONE_FORMS)
def test_a_phone_has_one_form_however_it_is_written(typed: str) -> None:
    asked = asked_number(typed)
    assert asked
    assert (asked.kind, asked.digits) == ("phone", PHONE)


@pytest.mark.parametrize("typed", NIK_FORMS)
def test_a_nik_has_one_form_however_it_is_written(typed: str) -> None:
    asked = asked_number(typed)
    assert asked
    assert (asked.kind, asked.digits) == ("nik", NIK)


@pytest.mark.parametrize(
    "typed", ["Budi", "", "112", "400.9/12/35.73/2026", f"NIK {NIK}", f"{NIK} {NIK}1", "+", "٣" * 16]
)
def test_a_text_that_is_not_exactly_one_number_is_no_look_up(typed: str) -> None:
    assert asked_number(typed) is None


@pytest.mark.parametrize("stored", PHONE_FORMS)
def test_a_phone_stored_in_one_notation_is_found_in_every_other(office: Office, stored: str) -> None:
    [case] = office.receive(persons=person(phone=stored))
    office.receive(persons=person(phone="0857-7777-8888", nik=NIK))
    assert [typed for typed in PHONE_FORMS if found(office, typed) != {case}] == []
    assert [typed for typed in OTHERS if found(office, typed)] == []


@pytest.mark.parametrize("stored", NIK_FORMS)
def test_a_nik_stored_in_one_notation_is_found_in_every_other(office: Office, stored: str) -> None:
    [case] = office.receive(persons=person(nik=stored))
    office.receive(persons=person(nik="9973011203850009", phone="081234567890"))
    assert [typed for typed in NIK_FORMS if found(office, typed) != {case}] == []


@pytest.mark.parametrize("kind", PERSONS)
def test_every_person_in_a_case_is_found_by_each_of_several_numbers(office: Office, kind: str) -> None:
    several = {
        "name": "Tini",
        "phone": "0812-3456-7890 (anak), 0857 7777 8888 / rumah (0341) 491141",
        "nik": "9973011203850001; 9973 0112 0385 0002",
        "safe_contact": "Lewat warung Bu Sri 0899 1111 2222, sore",
    }
    [case] = office.receive(persons={"pengadu": {"name": "Siti"}, kind: several})
    typed = ("081234567890", "+6285777778888", "0341491141", "9973011203850001", "9973011203850002", "0899-1111-2222")
    assert [one for one in typed if found(office, one) != {case}] == []


def test_the_same_number_twice_is_one_mark(office: Office) -> None:
    office.receive(persons=person(phone="081234567890 / +62 812 3456 7890", safe_contact="telepon 0812-3456-7890"))
    assert BlindIndex.select().count() == 1


@pytest.mark.parametrize(
    "typed", ["0 " * 400_000, "081234567890 " * 60_000, "0812" * 200_000, "(" * 500_000, "1 " * 400_000]
)
def test_a_blank_as_long_as_a_form_is_stored_within_seconds(office: Office, typed: str) -> None:
    with cpu_within(5):
        office.receive(persons=person(phone=typed, nik=typed, safe_contact=typed))
    assert BlindIndex.select().count() < 200


def test_a_correction_finds_the_new_number_and_no_longer_the_old_one(office: Office) -> None:
    [case] = office.receive(
        persons={**person(phone="081234567890", nik=NIK), "kuasa": {"name": "Tini", "phone": "08990001111"}}
    )
    office.do([case], "correct", new_value={"pengadu.phone": "0857 7777 8888"})
    assert [found(office, typed) for typed in (PHONE, "085777778888", NIK, "08990001111")] == [
        set(),
        {case},
        {case},
        {case},
    ]
    office.do(
        [case], "correct", new_value={"kuasa.name": "", "kuasa.phone": "", "yang_bersangkutan.nik": "9973011203850005"}
    )
    assert [found(office, typed) for typed in ("08990001111", "9973011203850005")] == [set(), {case}]


def test_a_refused_correction_changes_nothing_that_is_found(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    [case] = office.receive(persons=person(phone="081234567890"))

    def broken(*args: Any, **more: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr("models.workflow.write._write_events", broken)
        with pytest.raises(RuntimeError):
            office.do([case], "correct", new_value={"pengadu.phone": "0857 7777 8888"})
    assert (found(office, PHONE), found(office, "085777778888")) == ({case}, set())


def test_marks_are_those_of_what_is_sealed_after_every_act(office: Office) -> None:
    persons = {
        kind: {"name": kind, "phone": f"0812345678{n:02}", "nik": f"99730112038500{n:02}"}
        for n, kind in enumerate(PERSONS)
    }
    ids = office.receive(2, persons=persons)
    office.do(ids[:1], "correct", new_value={"pengadu.phone": "", "kuasa.nik": "9973011203850077"})
    office.bring(ids, "closed")
    expected = set()
    for one in Person.select():
        own = open_seals([one.complaint_id])[one.complaint_id]
        names = {name for kind in KINDS.values() for name in kind.columns}
        texts = {name: own.open_text(f"{one.kind}.{name}", getattr(one, name)) for name in names}
        expected |= {(one.complaint_id, one.kind, *mark) for mark in marks_of(texts)}
    stored = {(row.complaint_id, row.person, row.kind, bytes(row.mark)) for row in BlindIndex.select()}
    assert stored == expected
    assert len(stored) == 11


def test_with_the_cases_key_its_marks_are_dropped(office: Office) -> None:
    case, other = office.receive(2, persons=person(phone="081234567890", nik=NIK))
    CaseKey.delete().where(CaseKey.complaint == case).execute()
    assert {row.complaint_id for row in BlindIndex.select()} == {other}
    assert found(office, PHONE) == {other}


def test_another_panels_key_finds_no_one(office: Office) -> None:
    office.receive(persons=person(phone="081234567890", nik=NIK))
    ring = seal.Keyring(bytes(32))
    marks = [ring.mark(*one) for one in (("phone", PHONE), ("nik", NIK))]
    own = [seal.ring().mark(*one) for one in (("phone", PHONE), ("nik", NIK))]
    assert BlindIndex.select().where(BlindIndex.mark.in_(own)).count() == 2
    assert not BlindIndex.select().where(BlindIndex.mark.in_(marks)).exists()


def test_a_phone_is_not_found_as_a_nik(office: Office) -> None:
    office.receive(persons=person(nik=NIK))
    assert seal.ring().mark("phone", NIK) != seal.ring().mark("nik", NIK)
