"""Related cases of a person, of any age, for users who may open them and may read what they have in common."""

from datetime import timedelta
from typing import Any

from bench.pages import counted
from models.complaint import scope
from models.complaint.complaint import Complaint
from models.complaint.related import related_cases
from models.complaint.repeats import CaseMarks
from models.complaint.scope import viewer, visible
from models.office.people import User
from tests.models.complaint.test_blind import NIK
from tests.office import SECRET, Office


def people(**pengadu: Any) -> dict[str, dict[str, Any]]:
    return {"pengadu": {"name": "Siti Maslikah", **pengadu}}


def related(office: Office, case: int, username: str = "petugas") -> dict[int, str]:
    who = viewer(office[username])
    [mine] = scope.relations(who, [Complaint.get_by_id(case)]).values()
    return {one.complaint.id: one.words for one in related_cases(case, CaseMarks.of_case(case), mine, who)}


def test_any_common_property_finds_a_related_case_of_any_age(office: Office) -> None:
    [case] = office.receive(
        persons={
            **people(phone="081234567890", nik=NIK, address="Jalan Melati No. 7 RT 02/05"),
            "yang_bersangkutan": {"name": "Budi Utomo", "birth": "Malang, 1 Mei 2015"},
        },
        accused="Ketua RT 05 Mergosono",
    )
    office.at += timedelta(days=900)
    common = {
        "nomor telepon sama": people(phone="+62 812-3456-7890"),
        "NIK sama": people(nik="9973.0112.0385.0001"),
        "alamat sama": people(domicile="jl melati 7 rt 2 / 5"),
        "nama sama": {**people(), "pengadu": {"name": "BUDI UTOMO", "birth": "malang 1 mei 2015"}},
    }
    expected = {office.receive(persons=persons)[0]: why for why, persons in common.items()}
    expected[office.receive(persons=people(), accused="ketua rt 05, Mergosono")[0]] = "pihak yang diadukan sama"
    office.receive(persons=people(phone="089900001111"), accused="tetangga")
    assert related(office, case) == expected
    assert all(related(office, other)[case] == why for other, why in expected.items())


def test_each_user_finds_the_related_cases_that_he_may_open_by_data_that_he_may_read_in_both(office: Office) -> None:
    named = {"name": "Siti Maslikah", "birth": "Malang, 1 Mei 1985"}
    persons: Any = {"pengadu": {**named, "phone": "081234567890", "nik": NIK, "address": "Jl. Melati 7"}}
    [case] = office.receive(persons=persons)
    office.receive(persons=persons)
    office.receive(by="petugas2", category=SECRET, persons=persons)
    for user in User.select():
        readable = {c.id for c in visible(user, Complaint)}
        if case not in readable:
            continue
        assert set(related(office, case, user.username)) == readable - {case}, user.username
    every = {"nama sama", "nomor telepon sama", "NIK sama", "alamat sama"}
    assert set(related(office, case, "petugas")[case + 1].split(", ")) == every
    assert set(related(office, case, "kadis")[case + 1].split(", ")) == {"nama sama", "nomor telepon sama"}
    assert set(related(office, case, "pengawas")[case + 1].split(", ")) == {"nama sama"}


def test_an_unreadable_case_changes_neither_the_statements_nor_the_answer(office: Office) -> None:
    persons = people(phone="081234567890", nik=NIK, birth="Malang, 1 Mei 1985")
    [case] = office.receive(persons=persons)
    said = []
    assert related(office, case) == {}
    for _ in range(2):
        with counted() as sent:
            assert related(office, case) == {}
        said.append(list(sent))
        office.receive(by="petugas2", category=SECRET, persons=persons)
    assert said[0] == said[1]
