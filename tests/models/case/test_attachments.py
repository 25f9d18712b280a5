"""Evidence joins a case with an act: bounded, sealed, in the history, on the Form Pengaduan; whole or not at all."""

import hashlib
import json
import logging

import peewee as pw
import pytest
from peewee import sqlite3

from models import schema
from models.case import attachments
from models.complaint import event
from models.complaint.complaint import Complaint
from models.complaint.paper import Attachment, Paper, content_of
from models.store import files
from models.store.base import database
from models.store.seal import BrokenSeal
from models.store.uploads import Piece, outside
from models.workflow import workflow
from sop.flow import current_procedure
from sop.vocabulary import vocabulary
from tests.models.case.evidence import ELSEWHERE, photo, received
from tests.models.store.test_seals import disguises, places_of
from tests.office import Office

CANARY = "kenari-di-berkas-bukti-9915"
TAKES = [t for t in vocabulary().transitions.values() if t.evidence and not current_procedure().is_receive(t)]
REFUSES = [t for t in vocabulary().transitions.values() if not t.evidence]


def latest_body(case: int) -> dict:
    """The body of a case's latest entry in the history."""
    last = event.Event.select().where(event.Event.complaint == case).order_by(event.Event.id.desc()).first()
    return event.bodies([last], event.open_seals([case]))[last.id]


def add(office: Office, case: int, *pieces: Piece) -> workflow.Outcome:
    return workflow.advance(
        [case], "supplement", by=office["petugas"], at=office.tick(), pieces=pieces, blanks={"statement": "Susulan."}
    )


def ready(office: Office, step) -> int:
    """A case that the step may be done on."""
    [case] = office.receive(category="odgj", emergency=True)
    while office.state(case) not in vocabulary().starts(step):
        office.do([case], office.state(case))
    return case


def test_evidence_given_at_intake_is_stored_recorded_and_listed_on_the_form(office):
    case = received(office, photo(), ELSEWHERE)
    file, elsewhere = Attachment.select().where(Attachment.complaint == case).order_by(Attachment.id)
    assert (file.name, file.kind, file.size, file.act) == ("foto.jpg", "image/jpeg", 4, current_procedure().receive.key)
    assert (elsewhere.name, elsewhere.place, elsewhere.path) == (ELSEWHERE.name, ELSEWHERE.place, "")
    assert latest_body(case)["evidence"] == [
        {"name": "foto.jpg", "size": 4, "sha256": hashlib.sha256(b"foto").hexdigest()},
        {"name": ELSEWHERE.name, "place": ELSEWHERE.place},
    ]
    form = Paper.get(Paper.complaint == case, Paper.kind == "form_pengaduan")
    listed = content_of(form, event.open_seals([case])[case])["complaint"]["attachments"]
    assert [one["name"] for one in listed] == ["foto.jpg", ELSEWHERE.name]


@pytest.mark.parametrize("step", TAKES, ids=lambda t: t.key)
def test_an_act_that_takes_evidence_stores_it_and_raises_the_version(office, step):
    case = ready(office, step)
    before, person = Complaint.get_by_id(case), office.actor(step, case)
    blanks = office.blanks(case, step.key, person)
    outcome = workflow.advance([case], step.key, by=person, at=office.tick(), pieces=[photo()], blanks=blanks)
    assert not outcome.refused, outcome.refused
    [one] = Attachment.select().where(Attachment.complaint == case)
    assert (one.act, one.added_by_id, one.added_at) == (step.key, person.id, office.at)
    assert Complaint.get_by_id(case).version == before.version + 1
    assert latest_body(case)["evidence"][0]["sha256"] == one.sha256


@pytest.mark.parametrize("step", [t for t in REFUSES if t in current_procedure().main_line], ids=lambda t: t.key)
def test_an_act_that_takes_none_refuses_it_and_changes_nothing(office, step):
    [case] = office.receive()
    office.bring([case], step.key)
    person = office.actor(step, case)
    blanks, before = office.blanks(case, step.key, person), office.digest()
    outcome = workflow.advance([case], step.key, by=person, at=office.tick(), pieces=[photo()], blanks=blanks)
    assert outcome.refused == {case: attachments.FIT.format(step.label)}
    assert office.digest() == before


def test_evidence_belongs_to_one_case(office):
    cases = office.receive(2)
    office.bring(cases, "handle")
    person = office.actor(vocabulary().transitions["handle"], cases[0])
    blanks = office.blanks(cases[0], "handle", person)
    outcome = workflow.advance(cases, "handle", by=person, at=office.tick(), pieces=[photo()], blanks=blanks)
    assert set(outcome.refused.values()) == {attachments.ONE_CASE_ONLY}
    assert not Attachment.select().exists()


def test_evidence_of_a_draft_is_stored_with_it(office):
    [case] = office.receive()
    office.bring([case], "handle")
    outcome = workflow.save_draft(
        case,
        "handle",
        by=office["bidang.rehsos"],
        at=office.tick(),
        pieces=[photo()],
        blanks={"facts": "Rumah kosong.", "conclusion": "terbukti"},
    )
    assert outcome.done == [case], outcome.refused
    assert latest_body(case)["evidence"][0]["name"] == "foto.jpg"
    assert Attachment.get().act == "handle"


def test_the_twenty_first_file_is_refused_and_evidence_stored_elsewhere_is_not(office):
    case = received(office, *(photo(f"foto {n}") for n in range(19)))
    assert not add(office, case, photo("yang ke-20"), ELSEWHERE).refused
    before = office.digest()
    refused = add(office, case, photo("yang ke-21")).refused
    assert refused == {case: attachments.MANY.format(most=20, there=20)}
    assert office.digest() == before
    assert not add(office, case, ELSEWHERE).refused


@pytest.mark.parametrize(
    "piece",
    [
        outside("", "rak 2"),
        outside("Barang", ""),
        outside("x" * 161, "rak"),
        outside("Barang", "x" * 201),
        outside("\u202e\x00", "rak"),
    ],
)
def test_evidence_stored_elsewhere_needs_a_name_and_a_place_that_fit(office, piece):
    case = received(office)
    assert add(office, case, piece).refused[case] in (attachments.NAMELESS, attachments.LONG)
    assert not Attachment.select().exists()


def test_the_longest_name_and_the_longest_place_fit_side_by_side(office):
    case = received(office)
    assert add(office, case, outside("x" * 160, "y" * 200)).done == [case]
    assert [(len(one.name), len(one.place)) for one in Attachment.select()] == [(160, 200)]


def test_a_file_opens_under_its_own_case_and_nowhere_else(office):
    case, other = received(office, photo()), received(office, photo("lain"))
    seals, one = event.open_seals([case, other]), Attachment.get(Attachment.complaint == case)
    assert attachments.data_of(one, seals[case]) == b"foto"
    with pytest.raises(BrokenSeal):
        attachments.data_of(one, seals[other])


def test_the_bytes_of_a_file_are_nowhere_unencrypted(office, caplog):
    caplog.set_level(logging.DEBUG)
    case = received(office, photo(CANARY))
    add(office, case, photo(CANARY, "lagi.jpg"))
    said = "\n".join(record.getMessage() for record in caplog.records)
    assert list(disguises(CANARY))
    assert places_of([CANARY], office, said) == {CANARY: []}
    assert Attachment.select().where(Attachment.complaint == case).count() == 2


def test_on_a_disk_fault_nothing_of_the_act_is_stored(office, monkeypatch):
    case = received(office)
    before = office.digest()

    def full(*_: object) -> str:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_write", full)
    with pytest.raises(OSError, match="No space"):
        add(office, case, photo())
    assert office.digest() == before
    assert event.verify()[1] == ""


def test_the_digest_covers_the_content_of_a_file_and_not_its_path(office):
    case = received(office, photo())
    row = Attachment.get(Attachment.complaint == case)
    assert json.dumps(row.not_digested) == '["path"]'
    assert row.path != hashlib.sha256(b"foto").hexdigest()


@pytest.mark.only("sqlite")
def test_evidence_of_an_earlier_version_stays_and_says_nothing_of_place_and_act(office):
    case = received(office, photo())
    database.close_all()
    raw = sqlite3.connect(office.path)
    raw.executescript(
        "ALTER TABLE attachment DROP COLUMN place; ALTER TABLE attachment DROP COLUMN act;"
        "DELETE FROM migration WHERE name = '0002_evidence';"
    )
    raw.close()
    assert schema.prepare(f"sqlite:///{office.path}") == ["0002_evidence"]
    database.connect()
    [one] = Attachment.select().where(Attachment.complaint == case)
    assert (one.name, one.place, one.act) == ("foto.jpg", "", "")
    with pytest.raises(pw.DatabaseError):
        database.execute_sql("DELETE FROM attachment")
