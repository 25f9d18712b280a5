"""A correction: any number of fields in one act, old and new values sealed; times, access and papers follow at once."""

import json
from datetime import timedelta

import pytest

from models.complaint import event
from models.complaint.complaint import Complaint, Person, Run
from models.complaint.event import Event
from models.complaint.paper import Paper, content_of
from models.office.lists import Category, Kelurahan, Medium
from models.office.people import User
from models.office.settings import values
from models.reading.accesses import sight_change
from models.records.amending import FIELDS, UNCHANGED
from models.records.detours import Correction
from models.records.registry import RECORDS
from models.store.base import insert_rows
from models.workflow import workflow
from sop.flow import current_procedure
from sop.vocabulary import CLOSED, vocabulary
from tests.office import COMMON, EMERGENCY, MONDAY, SECRET

SITI = {"pengadu": {"name": "Siti", "phone": "081234567890", "nik": "9973-01"}}
CORRECTED = {
    "title": "Judul baru",
    "story": "Cerita baru",
    "secrecy": "terbatas",
    "urgency": "segera",
    "law_class": "informasi",
    "emergency": True,
    "received_at": MONDAY - timedelta(days=3),
    "backlog": True,
    "pengadu.name": "Siti Aminah",
    "pengadu.sex": "P",
    "pengadu.phone": "0341-111",
    "pengadu.do_not_call": True,
    "yang_bersangkutan.name": "Rudi",
    "yang_bersangkutan.nik": "9973010101010001",
    "kuasa.name": "Tono",
}


def the(case):
    return Complaint.get_by_id(case)


def opened(case):
    return event.open_seals([case])[case]


def stands(case, field):
    """The present value of a field, unsealed."""
    kind, _, name = field.rpartition(".")
    if not kind:
        return getattr(the(case), name)
    person = Person.get((Person.complaint == case) & (Person.kind == kind))
    value = getattr(person, name)
    return opened(case).open_text(field, value) if name in Person.SEALED else value


def corrected_values(case):
    """The record of the last correction: old and new value by field."""
    record = Correction.select().where(Correction.complaint == case).order_by(Correction.id.desc()).get()
    texts = (opened(case).open_text(f"record/correction/{n}", getattr(record, n)) for n in ("old_value", "new_value"))
    old, new = map(json.loads, texts)
    return {field: (old[field], new[field]) for field in new}


def history_of_correction(case):
    """The corrected fields in the last entry of the history."""
    last = Event.select().where(Event.complaint == case).order_by(Event.id.desc()).get()
    return event.bodies([last], {case: opened(case)})[last.id]["corrected"]


def forms(case):
    kind = current_procedure().receive.papers[0].key
    return list(Paper.select().where((Paper.complaint == case) & (Paper.kind == kind)).order_by(Paper.id))


def refused(office, case, **corrected):
    before = office.digest()
    outcome = workflow.advance(
        [case],
        "correct",
        by=office["petugas"],
        at=office.tick(),
        blanks={"new_value": corrected, "reason": "Salah ketik"},
    )
    assert outcome.done == []
    assert office.digest() == before
    return outcome.refused[case]


def test_every_field_of_an_intake_is_corrected_in_one_act(office):
    [case] = office.receive(persons=SITI)
    before = Event.select().count()
    rows = {
        "category": Category.get(code=SECRET).id,
        "kelurahan": Kelurahan.get(name="Arjosari").id,
        "medium": Medium.get(code="whatsapp").id if Medium.get_or_none(code="whatsapp") else Medium.select()[-1].id,
    }
    office.do([case], "correct", new_value={**CORRECTED, **rows}, reason="Salah ketik")
    assert {field: stands(case, field) for field in CORRECTED} == CORRECTED
    assert {name: the(case).__data__[name] for name in rows} == rows
    assert Event.select().count() == before + 1
    assert set(corrected_values(case)) == {*CORRECTED, *rows}
    assert (the(case).state, the(case).version) == (current_procedure().first, 2)


def test_old_and_new_values_are_stored_and_contact_data_is_masked_in_the_history(office):
    [case] = office.receive(persons=SITI)
    office.do([case], "correct", new_value={"secrecy": "rahasia", "pengadu.phone": "089999999999"}, reason="x")
    assert corrected_values(case) == {
        "secrecy": ("Biasa", "Rahasia"),
        "pengadu.phone": ("081234567890", "089999999999"),
    }
    assert history_of_correction(case) == [
        ["Kerahasiaan", "Biasa", "Rahasia"],
        ["Telepon/WhatsApp pengadu", "08********90", "08********99"],
    ]


def test_an_unchanged_value_is_no_change(office):
    [case] = office.receive(persons=SITI)
    office.do([case], "correct", new_value={"pengadu.name": " Siti ", "story": the(case).story, "asks": "Penjelasan."})
    assert list(corrected_values(case)) == ["asks"]
    assert refused(office, case, **{"pengadu.name": "Siti", "asks": "Penjelasan."}) == UNCHANGED


@pytest.mark.parametrize(
    ("corrected", "sentence"),
    [
        ({"secrecy": "umum"}, "Pilihan tidak dikenal."),
        ({"category": 999}, "Pilihan tidak dikenal."),
        ({"title": "x" * 201}, "Judul paling panjang 200 huruf."),
        ({"pengadu.name": "x" * 121}, "Nama paling panjang 120 huruf."),
        ({"pengadu.name": " "}, "Isi nama pengadu, atau tandai anonim."),
        ({"story": " "}, "Tuliskan apa yang terjadi."),
        ({"state": "closed"}, "Isian ini tidak dikenal."),
        ({"pengadu.nik_index": "x"}, "Isian ini tidak dikenal."),
        ({"received_at": MONDAY + timedelta(days=9)}, "Waktu diterima tidak boleh sesudah pengaduan dicatat"),
    ],
)
def test_a_correction_that_does_not_fit_is_refused(office, corrected, sentence):
    [case] = office.receive()
    assert sentence in refused(office, case, **corrected)


def test_untouched_fields_are_not_validated(office):
    [case] = office.receive()
    Person.update(name="").where(Person.complaint == case).execute()  # as an old register may have it
    office.do([case], "correct", new_value={"asks": "Penjelasan."})
    assert the(case).asks == "Penjelasan."


def test_the_legal_deadline_follows_receipt_and_class_as_at_intake(office):
    [case] = office.receive()
    [like] = office.receive(received_at=MONDAY - timedelta(days=3), law_class="informasi")
    office.do([case], "correct", new_value={"received_at": MONDAY - timedelta(days=3), "law_class": "informasi"})
    told_by_law = [(c.legal_due_at, c.answer_due_at, c.row_due_at - c.recorded_at) for c in (the(case), the(like))]
    assert told_by_law[0] == told_by_law[1]


def test_in_a_later_round_the_legal_deadline_counts_from_the_reopening(office):
    [case] = office.receive()
    office.bring([case], "withdrawn")
    office.do([case], "reopen")
    begun = Run.get((Run.complaint == case) & (Run.round == 2)).started_at
    office.do([case], "correct", new_value={"law_class": "informasi", "received_at": MONDAY - timedelta(days=3)})
    days = values(begun.date())["legal.informasi"]
    assert the(case).legal_due_at == workflow.clock().legal_due(begun, days)


def test_the_first_rows_run_is_removed_for_susulan_and_restored_without(office):
    [case] = office.receive(opened_at=MONDAY - timedelta(minutes=30))
    of_case = Run.select().where(Run.complaint == case).order_by(Run.started_at)
    runs = [(r.row_key, r.started_at, r.due_at, r.ended_at) for r in of_case]
    assert the(case).row_late
    office.do([case], "correct", new_value={"backlog": True})
    assert [r.row_key for r in Run.select().where(Run.complaint == case)] == [
        current_procedure().row_named(current_procedure().first).key
    ]
    assert not the(case).row_late
    office.do([case], "correct", new_value={"backlog": False})
    assert [(r.row_key, r.started_at, r.due_at, r.ended_at) for r in of_case.clone()] == runs
    assert the(case).row_late


@pytest.mark.only("sqlite")
def test_lateness_of_the_first_round_does_not_count_for_the_second(office):
    [case] = office.receive(at=MONDAY + timedelta(hours=2), opened_at=MONDAY)
    assert the(case).row_late
    office.bring([case], CLOSED)
    office.do([case], "reopen")
    for backlog in (True, False):
        office.do([case], "correct", new_value={"backlog": backlog})
        assert not the(case).row_late


def test_the_values_that_follow_the_category_change_with_it(office):
    secret = Category.get(code=SECRET)
    [case] = office.receive(category=COMMON)
    office.do([case], "correct", new_value={"category": secret.id, "secrecy": "", "law_class": "", "title": ""})
    row = the(case)
    assert (row.secrecy, row.law_class) == (secret.secrecy, secret.law_class)
    assert row.title == secret.title.replace(" ({kelurahan})", "")


def test_a_correction_to_anonymous_removes_the_name_and_can_delete_a_person(office):
    [case] = office.receive(persons={**SITI, "kuasa": {"name": "Tono"}})
    office.do([case], "correct", new_value={"anonymous": True, "kuasa.name": ""})
    assert {p.kind: p.name for p in the(case).persons} == {"pengadu": ""}
    assert corrected_values(case)["pengadu.name"] == ("Siti", "")


@pytest.mark.parametrize(("nik", "note"), [("9973010101010001", ""), ("123", "NIK bukan 16 angka")])
def test_a_corrected_nik_gets_a_new_note(office, nik, note):
    [case] = office.receive(persons=SITI)
    assert Person.get(complaint=case).nik_note == "NIK bukan 16 angka"
    office.do([case], "correct", new_value={"pengadu.nik": nik})
    assert Person.get(complaint=case).nik_note == note


def test_the_form_gets_a_new_revision_only_while_the_first_step_is_awaited(office):
    [case] = office.receive()
    first = forms(case)[0].content
    secret = Category.get(code=SECRET)
    office.do([case], "correct", new_value={"title": "Judul baru", "pengadu.name": "Sri", "category": secret.id})
    assert [len(forms(case)), forms(case)[0].content] == [2, first]
    content = content_of(forms(case)[1], opened(case))
    assert (content["complaint"]["title"], content["complaint"]["category"]) == ("Judul baru", secret.name)
    assert content["persons"]["pengadu"]["name"] == "Sri"
    office.do([case], "raise")
    office.do([case], "correct", new_value={"title": "Judul lain"})
    assert len(forms(case)) == 2


def test_the_users_who_gain_or_lose_access_are_those_who_can_or_cannot_load_it_afterwards(office):
    [case] = office.receive(by="petugas")
    office.bring([case], "handle")
    loaded = lambda: {u for u, user in office.people.items() if workflow.load([case], user, office.at)}  # noqa: E731
    seen_before = loaded()
    corrected = {"secrecy": "rahasia", "category": Category.get(code=EMERGENCY).id}
    before = workflow.load([case], office["petugas"], office.at)[case]
    move = workflow.previewed_move(before, vocabulary().transitions["correct"], {"new_value": corrected})
    change = sight_change(before.complaint, workflow.case_after(move).complaint)
    office.do([case], "correct", new_value=corrected)
    assert {user.username for user in change.lost} == seen_before - loaded() != set()
    assert {user.username for user in change.gained} == loaded() - seen_before
    assert (move.columns["secrecy"], the(case).secrecy) == ("rahasia", "rahasia")


def test_an_inactive_user_neither_gains_nor_loses_access(office):
    [case] = office.receive()
    secret = Complaint(**{**the(case).__data__, "secrecy": "rahasia"})
    assert "petugas2" in {user.username for user in sight_change(the(case), secret).lost}
    User.update(active=False).where(User.username == "petugas2").execute()
    change = sight_change(the(case), secret)
    assert "petugas2" not in {user.username for user in (*change.lost, *change.gained)}


def test_a_correction_in_the_old_format_stays_as_it_is(office):
    """One field a record, its name in a column: such rows are in the office's database."""
    [case] = office.receive(persons=SITI)
    key, model = opened(case), RECORDS["correction"]
    row = {"complaint": case, "act": "correct", "round": 1, "leg": 0, "revision": 1, "draft": False, "recalled": False}
    values_of = {"old_value": "0811", "new_value": "0812"}
    sealed = {name: key.close_text(f"record/correction/{name}", text) for name, text in values_of.items()}
    insert_rows(
        model,
        [
            {
                **row,
                "made_by": office["petugas"].id,
                "made_at": office.at,
                "field": "pengadu.nik",
                "reason": "x",
                "note": "",
                **sealed,
            }
        ],
    )
    stored = model.get(model.complaint == case)
    texts = {name: key.open_text(f"record/correction/{name}", getattr(stored, name)) for name in values_of}
    shown = {"Isian yang diralat": "NIK pengadu", "Isi lama": "********", "Isi baru": "********"}
    assert model.opened({"field": stored.field}, texts) == shown
    office.do([case], "correct", new_value={"asks": "Penjelasan."})
    assert [c.field for c in model.select().order_by(model.id)] == ["pengadu.nik", "isian"]


def test_every_field_of_an_entry_can_be_named(office):
    assert {"category", "received_at", "pengadu.sex", "yang_bersangkutan.kelurahan", "kuasa.phone"} <= set(FIELDS)
