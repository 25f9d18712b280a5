"""Each proven row is recorded by the act that wrote it, whichever act it was; a row changed without an act is found."""

from datetime import timedelta

import pytest

from models.case.attachments import record_edit
from models.complaint.complaint import Complaint, Run
from models.complaint.event import Event, stored_heads
from models.complaint.paper import Paper
from models.complaint.scope import viewer
from models.office.people import User, today
from models.office.settings import Setting, store_setting
from models.store.base import all_models, database
from models.store.rowhash import record_hashes_before_change
from models.workflow import marks, workflow
from models.workflow.proof import broken_rows, verified
from papers.printing import press
from sop.vocabulary import CLOSED, vocabulary
from tests.corpus.table import worked as every_act
from tests.models.behind import unguarded
from tests.office import opened

REST = "complaint_id, kind, hashes, mac"
COLUMNS = f"id, {REST}"


def test_every_table_that_the_digest_covers_says_whether_its_rows_are_proof():
    asked = [m for m in all_models() if m.in_digest]
    assert [m.__name__ for m in asked if m.proof is None and not m.proves()] == []


@pytest.mark.only("sqlite")
def test_every_act_of_the_table_leaves_its_rows_proven(engine, tmp_path):
    with opened(every_act(tmp_path)):
        assert verified() == (Event.select().count(), [])


def test_a_case_of_many_turns_is_proven_on_either_database(office):
    one, other = office.receive(2, persons={"pengadu": {"name": "Suparmi"}, "kuasa": {"name": "Tini"}})
    office.do([one], "hold")
    office.do([one], "resume")
    office.do([one], "correct", new_value={"loss": "Rp5.000", "kuasa.name": ""})
    office.bring([one, other], "dispose")
    office.do([one], "dispose", others=[office["bidang.ppa"].division_id])
    for staff in (["staf.rehsos"], []):
        office.do([one], "assign", staff=[office[name].id for name in staff])
    office.bring([one], "submit")
    step, head = vocabulary().transitions["submit"], office["bidang.rehsos"]
    assert workflow.save_draft(one, "submit", by=head, at=office.tick(), blanks={"subject": "Konsep"}).done
    office.do([one], step.key)
    office.do([one], "recall")
    office.bring([one], CLOSED)
    papers = list(Paper.select().where(Paper.complaint == one).order_by(Paper.id))
    marks.sign(papers[:1], by=office["petugas"], on=office.at.date(), at=office.tick())
    marks.file(papers[:1], by=office["petugas"], place="Rak 2", at=office.tick())
    press.print_paper(papers[0].id)
    assert list(broken_rows()) == []


def test_rows_that_an_act_did_not_write_are_not_in_its_entry(office):
    """A row changed behind the panel is not proven by the panel's next act."""
    [case] = office.receive()
    with unguarded(office.path) as raw:
        raw.execute("UPDATE complaint SET story = 'Tidak ada apa-apa.'")
        raw.execute("UPDATE run SET started_at = '2026-10-05 00:00:00' WHERE ended_at IS NULL")
    run = Run.get(Run.ended_at.is_null()).id
    office.bring([case], "handle")
    assert list(broken_rows()) == [
        f"Baris nomor {case} pada tabel Pengaduan (pengaduan nomor {case}) telah berubah.",
        f"Baris nomor {run} pada tabel Waktu SOP (pengaduan nomor {case}) telah berubah.",
    ]


def test_rows_of_a_rolled_back_transaction_are_in_no_entry(office):
    with database.atomic() as transaction:
        office.receive()
        transaction.rollback()
    office.receive()
    assert list(broken_rows()) == []


def test_rights_changed_behind_the_panel_are_named_also_after_the_next_edit(office):
    with unguarded(office.path) as raw:
        raw.execute("UPDATE \"user\" SET role = 'kepala_dinas' WHERE id = 1")
    sentences = ["Baris nomor 1 pada tabel Pengguna telah berubah."]
    assert list(broken_rows()) == sentences
    with database.atomic():
        record_hashes_before_change(User, [1])
        User.update(name="Lain").where(User.id == 1).execute()
        record_edit(User.get_by_id(1), ["name"], by=viewer(office["admin"]))
    assert list(broken_rows()) == sentences


def test_a_setting_changed_behind_the_panel_is_named_also_after_the_next_value_of_the_day(office):
    def set_city(value):
        with database.atomic():
            record_edit(store_setting("office.city", value, today()), ["value"], by=viewer(office["admin"]))
            return Setting.get(key="office.city").id

    number = set_city("Malang")
    with unguarded(office.path) as raw:
        raw.execute(f"UPDATE setting SET value = '\"Lain\"' WHERE id = {number}")
    set_city("Kota Malang")
    assert list(broken_rows()) == [f"Baris nomor {number} pada tabel Pengaturan telah berubah."]


def test_a_user_inserted_behind_the_panel_is_reported(office):
    rest = ", ".join(f'"{f.column_name}"' for f in User._meta.sorted_fields if f.name not in ("id", "username"))
    with unguarded(office.path) as raw:
        raw.execute(f'INSERT INTO "user" (id, username, {rest}) SELECT 99, \'x\', {rest} FROM "user" WHERE id = 8')
    assert list(broken_rows()) == ["Baris nomor 99 pada tabel Pengguna bukan buatan panel."]


def test_due_times_that_follow_the_calendar_are_no_error(office):
    office.receive()
    Complaint.update(row_due_at=office.at + timedelta(days=9)).execute()
    assert list(broken_rows()) == []


@pytest.mark.parametrize(
    ("sql", "sentence"),
    [
        ("UPDATE proof SET hashes = '{}' WHERE id = 2", "Segel baris nomor 2 telah berubah."),
        ("DELETE FROM proof WHERE id = 2", "Segel baris nomor 2 hilang."),
        ("DELETE FROM proof WHERE id = 3", "Segel baris nomor 3 hilang."),
        (f"INSERT INTO proof ({COLUMNS}) SELECT id + 1, {REST} FROM proof WHERE id = 3", "nomor 4 bukan buatan panel."),
        (f"INSERT INTO proof ({COLUMNS}) SELECT -id, {REST} FROM proof WHERE id = 3", "Segel baris nomor 1 hilang."),
    ],
)
def test_a_changed_removed_or_inserted_entry_of_the_proof_is_reported(office, sql, sentence):
    office.receive(2)
    with unguarded(office.path) as raw:
        raw.execute(sql)
    assert sentence in " ".join(verified()[1])


def test_a_changed_head_of_the_proofs_is_reported(office):
    office.receive()
    [before] = stored_heads()
    office.receive()
    with unguarded(office.path) as raw:
        raw.execute("DELETE FROM proof WHERE id > ?", (before[3],))
        raw.execute("UPDATE chain SET proofs = ?, proof_mac = ?", (before[3], before[4]))
    assert verified()[1] == ["Penutup riwayat telah berubah."]
