"""What each detour does: the state that it leads to, what ends, what stays, and the time that it gives back."""

from datetime import date, timedelta

import pytest

from models.complaint import event
from models.complaint.accesslog import Seen
from models.complaint.complaint import Addressee, Complaint, Run
from models.complaint.number import Number, NumberVoid, numbers_by_series
from models.complaint.paper import Paper, PaperVoid, content_of
from models.office.people import Division, User
from models.office.settings import Setting
from models.reading import registerbook
from models.records.registry import RECORDS
from models.workflow import workflow
from sop.flow import current_procedure, papers_issued
from sop.procedure import DETOURS, FINALS
from sop.vocabulary import CLOSED, PAUSED, vocabulary
from tests.office import EMERGENCY, final_rows

RUNNING = list(current_procedure().awaited)
RECALLABLE = [
    (a, b) for a, b in zip(current_procedure().awaited, current_procedure().awaited[1:], strict=False)
]  # the act done, the state after it


def the(case):
    return Complaint.get_by_id(case)


def record(case, key):
    model = RECORDS[key]
    return model.select().where((model.complaint == case) & ~model.draft).order_by(model.id.desc()).get()


def papers(case, kind):
    return list(Paper.select().where((Paper.complaint == case) & (Paper.kind == kind)).order_by(Paper.id))


def voided(case):
    return set(PaperVoid.select(Paper.kind).join(Paper).where(Paper.complaint == case).tuples())


def refused(office, case, key, by, **blanks):
    """The sentence with which a transition is refused; the database has not changed."""
    before = office.digest()
    outcome = workflow.advance([case], key, by=office[by], at=office.tick(), blanks=blanks)
    assert outcome.done == []
    assert office.digest() == before
    return outcome.refused[case]


@pytest.mark.parametrize("state", RUNNING)
def test_hold_and_resume_return_to_the_former_state_and_give_the_time_back(office, state):
    [case] = office.receive()
    office.bring([case], state)
    due = the(case).row_due_at
    office.do([case], "hold", at=office.at)
    assert (the(case).state, the(case).back, the(case).row_due_at) == (PAUSED, state, None)
    office.do([case], "resume", at=office.at + timedelta(minutes=90))
    assert the(case).state == state
    assert (the(case).row_due_at is None) == (due is None)
    assert due is None or due < the(case).row_due_at <= due + timedelta(days=1)


@pytest.mark.parametrize("reason", ["", "Bukan dari daftar"])
def test_where_the_office_has_a_list_of_reasons_one_is_asked_for(office, reason):
    [case] = office.receive()
    if reason:
        office.do([case], "hold", reason=reason)  # the list proposes, free words are allowed
        assert record(case, "suspension").reason == reason
    else:
        assert "pilih dahulu alasan" in refused(office, case, "hold", "petugas", reason=reason)


@pytest.mark.parametrize(("act", "state"), RECALLABLE)
def test_recall_goes_back_one_step_and_what_was_written_is_the_draft_again(office, act, state):
    [case] = office.receive()
    office.bring([case], act)
    office.do([case], act)
    before = the(case)
    step, key = vocabulary().transitions[act], vocabulary().transitions[act].record
    written = record(case, key) if key else None
    assert before.state == state
    office.do([case], "recall")
    assert the(case).state == act
    assert not key or record(case, key).recalled
    assert voided(case) == {(paper.key,) for paper in papers_issued(step, secret=False)}
    office.do([case], act)
    assert the(case).state == state
    again = record(case, key) if key else None
    blanks = [f.name for f in RECORDS[key].blanks()] if key else []
    assert {name: getattr(again, name) for name in blanks} == {name: getattr(written, name) for name in blanks}


@pytest.mark.parametrize(("act", "state"), RECALLABLE)
def test_recall_ends_when_the_next_actor_has_opened_it(office, act, state):
    [case] = office.receive()
    office.bring([case], act)
    actor = office.actor(vocabulary().transitions[act], case)
    office.do([case], act)
    follower = office.actor(vocabulary().transitions[state], case)
    for reader in {"pengawas", actor.username}:
        Seen.create(complaint=case, user=office[reader], version=the(case).version, at=office.at)
    reason = {"reason": "Isian belum lengkap"}
    if follower != actor:
        Seen.create(complaint=case, user=follower, version=the(case).version, at=office.at)
        assert "sudah dibuka pelaksana berikutnya" in refused(office, case, "recall", actor.username, **reason)
    else:
        office.do([case], "recall", by=actor.username)


def test_a_recalled_disposition_is_proposed_again_as_it_was_written(office):
    [case] = office.receive()
    office.bring([case], "dispose")
    office.do([case], "dispose", unit=Division.get(code="PPA").id, note="Segera ditemui.")
    office.do([case], "recall")
    office.do([case], "dispose")
    again = record(case, "disposition")
    assert (again.unit.code, again.note, the(case).unit.code) == ("PPA", "Segera ditemui.", "PPA")


def test_a_recalled_disposition_ends_with_its_addressees(office):
    [case] = office.receive()
    office.bring([case], "dispose")
    office.do([case], "dispose", others=[Division.get(code="PPA").id])
    office.do([case], "recall")
    assert the(case).unit is None
    ids = [case]
    assert workflow.load(ids, office["bidang.rehsos"], office.at) == {}
    assert workflow.load(ids, office["bidang.ppa"], office.at) == {}


def test_return_file_goes_back_to_the_petugas_within_the_same_row(office):
    [case] = office.receive()
    office.bring([case], "dispose")
    runs = Run.select().where(Run.complaint == case).count()
    office.do([case], "return_file")
    assert the(case).state == "raise"
    assert Run.select().where(Run.complaint == case).count() == runs


def test_refuse_ends_the_disposition_and_a_new_one_starts_from_scratch(office):
    [case] = office.receive()
    office.bring([case], "handle")
    office.do([case], "assign", staff=[office["staf.rehsos"].id])
    leg = the(case).leg
    assert refused(office, case, "refuse", "staf.rehsos", reason="x").endswith("kepala unit kerja.")
    office.do([case], "refuse")
    assert (the(case).state, the(case).unit, the(case).leg) == ("dispose", None, leg + 1)
    assert workflow.load([case], office["bidang.rehsos"], office.at) == {}
    assert workflow.load([case], office["staf.rehsos"], office.at) == {}
    office.do([case], "dispose", unit=Division.get(code="PPA").id)
    assert the(case).leg == leg + 2
    assert office.actor(vocabulary().transitions["handle"], case) == office["bidang.ppa"]
    assert len(papers(case, "lembar_disposisi")) == 2


def test_send_back_opens_revision_n_as_n_plus_1_and_both_stay_with_one_number(office):
    [case] = office.receive()
    office.bring([case], "handle")
    office.do([case], "handle", facts="Fakta pertama.")
    office.bring([case], "approve")
    [number] = Number.select().where((Number.complaint == case) & (Number.series == "nota_dinas"))
    office.do([case], "send_back")
    assert (the(case).state, the(case).revision) == ("handle", 2)
    assert "assessment" not in workflow.load([case], office["kadis"], office.at)[case].records
    office.do([case], "handle")
    assert record(case, "assessment").facts == "Fakta pertama."
    office.bring([case], "deliver")
    assert final_rows(case)["nota_dinas"] == final_rows(case)["assessment"] == 2
    numbers = Number.select().where((Number.complaint == case) & (Number.series == "nota_dinas"))
    assert [(n.text, n.given_at) for n in numbers] == [(number.text, number.given_at)]
    [paper] = papers(case, "nota_dinas")
    content = content_of(paper, event.open_seals([case])[case])["paper"]
    assert (content["number"], content["revision"]) == (number.text, 2)


def test_a_next_revision_follows_the_changed_assessment_with_the_former_subject_and_copies(office):
    [case] = office.receive()
    office.bring([case], "submit")
    office.do([case], "submit", subject="Hal sendiri", copies="Sekretaris", answer="Jawaban lama")
    office.do([case], "send_back")
    office.do([case], "handle", answer="Jawaban baru")
    office.do([case], "submit")
    nota = record(case, "nota_dinas")
    assert (nota.subject, nota.copies, nota.answer) == ("Hal sendiri", "Sekretaris", "Jawaban baru")


def test_forward_names_the_institution_and_ends_there(office):
    [case] = office.receive()
    office.bring([case], "dispose")
    assert "isi dahulu instansi tujuan" in refused(office, case, "forward", "kadis", reason="Bukan kewenangan").lower()
    office.do([case], "forward", institution="Dinas Kesehatan")
    assert (the(case).state, record(case, "forwarding").institution) == ("forwarded", "Dinas Kesehatan")
    assert the(case).closed_at == office.at


def test_a_duplicate_points_to_the_head_of_what_it_repeats(office):
    first, second, third = office.receive(3)
    office.do([second], "duplicate", original=the(first).number)
    office.do([third], "duplicate", original=the(second).number)
    assert the(second).duplicate_of_id == the(third).duplicate_of_id == first


@pytest.mark.parametrize(("original", "sentence"), [("PGD/99/X/2026", "tidak ditemukan"), (None, "dirinya sendiri")])
def test_a_duplicate_of_nothing_or_of_itself_is_refused(office, original, sentence):
    [case] = office.receive(until="raise")
    original = original or the(case).number
    assert sentence in refused(office, case, "duplicate", "petugas", original=original, reason="x")


def test_a_duplicate_of_what_one_may_not_read_is_not_found(office):
    [secret] = office.receive(category="kdrt", by="petugas2")
    [case] = office.receive(until="raise")
    assert "tidak ditemukan" in refused(office, case, "duplicate", "petugas", original=the(secret).number, reason="x")


@pytest.mark.parametrize("state", ["raise", "dispose"])
def test_the_number_of_a_voided_case_stays_with_the_reason_and_its_papers_are_void(office, state):
    [case] = office.receive()
    office.bring([case], state)
    office.do([case], "void", reason="Salah catat")
    assert the(case).state == "voided"
    [void] = NumberVoid.select().join(Number).where(Number.complaint == case)
    assert (void.number.text, void.reason) == (the(case).number, "Batalkan register: Salah catat")
    assert voided(case) == {("form_pengaduan",), ("tanda_terima",)}
    [following] = office.receive()
    assert the(following).number != the(case).number


def test_a_void_second_round_leaves_the_numbers_of_the_first(office):
    [case] = office.receive()
    office.bring([case], CLOSED)
    office.do([case], "reopen")
    office.do([case], "void")
    assert [v.number.series for v in NumberVoid.select().join(Number).where(Number.complaint == case)] == ["register"]


def handed_on(office, case):
    """A case whose unit submits, gets it back and refuses the disposition."""
    office.bring([case], "approve")
    office.do([case], "send_back")
    office.do([case], "refuse", note="Bukan tugas kami")


def test_another_disposition_takes_a_number_of_its_own_and_the_former_is_void_with_the_reason(office):
    Setting.create(key="number.nota_dinas", value="{urut}/{bidang}/{tahun}", valid_from=date(2026, 1, 1))
    codes = {d.code: d.paper_code for d in Division.select()}
    [case] = office.receive()
    handed_on(office, case)
    [void] = NumberVoid.select()
    assert (void.number.text, void.reason.split(":")[0]) == (f"1/{codes['REHSOS']}/2026", "Kembalikan disposisi")
    assert list(numbers_by_series([case])[case]) == [current_procedure().receive.series]
    office.do([case], "dispose", unit=Division.get(code="PPA").id)
    office.bring([case], "deliver")
    assert numbers_by_series([case])[case]["nota_dinas"].text == f"2/{codes['PPA']}/2026"
    assert [p.number for p in Paper.select().where(Paper.kind == "nota_dinas")] == [f"2/{codes['PPA']}/2026"]
    assert registerbook.verify() == ""


def test_a_number_stays_the_same_through_the_revisions_under_one_disposition(office):
    [case] = office.receive()
    office.bring([case], "approve")
    office.do([case], "send_back")
    office.bring([case], "deliver")
    assert Number.select().where(Number.series == "nota_dinas").count() == 1
    assert not NumberVoid.select().exists()


def test_a_case_that_a_unit_had_refused_is_voided_with_all_its_numbers_and_papers(office):
    [case] = office.receive()
    handed_on(office, case)
    office.do([case], "void", reason="Salah catat")
    reasons = {void.number.series: void.reason.split(":")[0] for void in NumberVoid.select()}
    assert reasons == {"register": "Batalkan register", "nota_dinas": "Kembalikan disposisi"}


@pytest.mark.parametrize("state", [*RUNNING, PAUSED])
def test_withdrawn_from_any_open_state_it_ends_and_its_run_with_it(office, state):
    [case] = office.receive()
    office.bring([case], state)
    office.do([case], "withdraw")
    assert (the(case).state, the(case).closed_at, the(case).row_due_at) == ("withdrawn", office.at, None)
    assert not Run.select().where((Run.complaint == case) & Run.ended_at.is_null()).exists()


@pytest.mark.parametrize(
    "state", [state for state in FINALS if state in vocabulary().starts(vocabulary().transitions["reopen"])]
)
def test_reopening_starts_a_round_with_its_own_records_papers_and_numbers(office, state):
    office.receive()
    [case] = office.receive()
    office.bring([case], state)
    before = {p.id for p in Paper.select().where(Paper.complaint == case)}
    office.do([case], "reopen")
    row = the(case)
    assert (row.state, row.round, row.unit, row.closed_at, row.duplicate_of) == ("raise", 2, None, None, None)
    assert workflow.load([case], office["kadis"], office.at)[case].records == {}
    office.bring([case], CLOSED)
    rounds = [n.round for n in Number.select().where((Number.complaint == case) & (Number.series == "nota_dinas"))]
    assert rounds == ([1, 2] if state == CLOSED else [2])
    assert before <= {p.id for p in Paper.select().where(Paper.complaint == case)}
    assert {p.round for p in Paper.select().where((Paper.complaint == case) & Paper.id.not_in(before))} == {2}


@pytest.mark.parametrize("state", ["handle", CLOSED])
def test_petugas_unit_and_addressed_units_supplement_while_it_is_open(office, state):
    [case] = office.receive()
    office.bring([case], "dispose")
    office.do([case], "dispose", others=[Division.get(code="PPA").id])
    office.bring([case], state)
    for username in ("petugas", "petugas2", "bidang.rehsos", "staf.rehsos", "bidang.ppa"):
        if state == CLOSED:
            assert "berstatus Selesai" in refused(office, case, "supplement", username, statement="Keterangan.")
        else:
            office.do([case], "supplement", by=username, statement="Keterangan.")
    assert final_rows(case).get("supplement", 0) == (0 if state == CLOSED else 5)
    assert the(case).state == state


def test_in_an_emergency_the_unit_on_call_reads_and_acts_before_the_disposition(office):
    [case] = office.receive(category=EMERGENCY, emergency=True)
    office.do([case], "assist", by="staf.rehsos")
    office.bring([case], "dispose")
    office.do([case], "assist", by="bidang.rehsos")
    assert final_rows(case)["assistance"] == 2
    assert refused(office, case, "assist", "bidang.ppa") == "Pengaduan tidak ditemukan."
    office.do([case], "dispose", unit=Division.get(code="PPA").id)
    assert refused(office, case, "assist", "bidang.rehsos", action="x") == "Pengaduan tidak ditemukan."


def test_without_an_emergency_the_unit_on_call_has_no_say_before_the_disposition(office):
    [case] = office.receive(category=EMERGENCY)
    assert refused(office, case, "assist", "bidang.rehsos", action="x") == "Pengaduan tidak ditemukan."


def test_an_attempt_that_reached_the_pengadu_starts_the_rows_clock_and_others_do_not(office):
    [case] = office.receive()
    office.bring([case], "deliver")
    row = current_procedure().row_named("deliver").key
    office.do([case], "attempt", outcome="missed")
    assert not Run.select().where((Run.complaint == case) & (Run.row_key == row)).exists()
    office.do([case], "attempt", outcome="reached")
    office.do([case], "attempt", outcome="reached")
    [run] = Run.select().where((Run.complaint == case) & (Run.row_key == row))
    assert (run.started_at, run.ended_at) == (office.at - timedelta(minutes=1), None)
    assert the(case).row_due_at == run.due_at


def test_unreachable_takes_three_failed_attempts(office):
    [case] = office.receive()
    office.bring([case], "deliver")
    blanks = {"medium": "telepon", "outcome": "tidak_dihubungi"}
    for _ in range(2):
        office.do([case], "attempt", outcome="missed")
    assert refused(office, case, "deliver", "petugas", **blanks).startswith("Baru 2 upaya tercatat; perlu 3")
    office.do([case], "attempt", outcome="missed")
    office.do([case], "deliver", **blanks)


@pytest.mark.parametrize(
    ("blanks", "sentence"),
    [
        ({"outcome": "anonim"}, "pilih tanggapan yang lain."),
        ({"outcome": "keberatan"}, "Tulis catatan atau keberatan pengadu."),
        ({"outcome": "diterima_catatan", "response": " "}, "Tulis catatan atau keberatan pengadu."),
        ({"outcome": "lain"}, "Tanggapan pengadu: pilihan tidak dikenal."),
        ({"outcome": "diterima", "told": ""}, "isi dahulu yang disampaikan"),
    ],
)
def test_an_end_that_does_not_fit_the_case_is_refused(office, blanks, sentence):
    [case] = office.receive()
    office.bring([case], "deliver")
    assert sentence in refused(office, case, "deliver", "petugas", **{"medium": "telepon", **blanks})


@pytest.mark.parametrize(("phone", "done"), [("", True), ("0812", False)])
def test_only_an_anonymous_case_without_contact_data_ends_as_anonymous(office, phone, done):
    [case] = office.receive(anonymous=True, persons={"pengadu": {"phone": phone}})
    office.bring([case], "deliver")
    blanks = {"medium": "kanal", "outcome": "anonim"}
    assert bool(workflow.advance([case], "deliver", by=office["petugas"], at=office.tick(), blanks=blanks).done) == done


def test_the_pengadu_is_informed_between_approval_and_now(office):
    [case] = office.receive()
    office.bring([case], "deliver")
    blanks = {"medium": "telepon", "outcome": "diterima"}
    early, late = office.at - timedelta(hours=1), office.at + timedelta(hours=1)
    assert "mendahului persetujuan" in refused(office, case, "deliver", "petugas", told_at=early, **blanks)
    assert "masa depan" in refused(office, case, "deliver", "petugas", told_at=late, **blanks)
    tried = {"medium": "telepon", "outcome": "missed"}
    assert "mendahului persetujuan" in refused(office, case, "attempt", "petugas", tried_at=early, **tried)
    assert "masa depan" in refused(office, case, "attempt", "petugas", tried_at=late, **tried)


def test_the_pengadu_may_be_informed_in_the_minute_of_the_approval(office):
    [case] = office.receive()
    office.bring([case], "approve")
    office.do([case], "approve", at=office.at + timedelta(seconds=90))
    shown = office.at.replace(second=0)  # pages show and take moments to the minute
    office.do([case], "attempt", tried_at=shown, outcome="reached")
    office.do([case], "deliver", told_at=shown)
    assert the(case).state == current_procedure().target(vocabulary().transitions["deliver"], state="deliver")


def test_only_the_assigned_staff_and_the_head_of_the_unit_handle_the_case(office):
    rehsos = Division.get(code="REHSOS")
    User.create(username="staf2", name="Staf Kedua", role="bidang", division=rehsos)
    office.people = {u.username: u for u in User.select()}
    [case] = office.receive()
    office.bring([case], "handle")
    office.do([case], "assign", staff=[office["staf2"].id])
    assert "pelaksana yang ditugaskan" in refused(office, case, "handle", "staf.rehsos")
    office.do([case], "assign", staff=[office["staf.rehsos"].id])
    assert [a.user for a in Addressee.select().where(Addressee.handles)] == [office["staf.rehsos"]]
    office.do([case], "handle", by="staf.rehsos")
    office.do([case], "assign", staff=[])
    office.do([case], "submit")
    assert the(case).state == "approve"


def test_only_staff_of_the_own_unit_is_assigned(office):
    [case] = office.receive()
    office.bring([case], "handle")
    for outsider in ("bidang.ppa", "petugas"):
        sentence = refused(office, case, "assign", "bidang.rehsos", staff=[office[outsider].id])
        assert sentence == "Yang ditugaskan hanya staf unit kerja sendiri."


@pytest.mark.parametrize("key", [step.key for step in DETOURS])
def test_every_detour_leaves_one_history_entry_with_its_states(office, key):
    office.receive()
    step = vocabulary().transitions[key]
    [case] = office.receive(category=EMERGENCY, emergency=True)
    start = [state for state, _ in vocabulary().states.items() if state in vocabulary().starts(step)][:2][-1]
    office.bring([case], start)
    office.ready([case], key)
    before = the(case)
    office.do([case], key)
    entry = event.Event.select().where(event.Event.complaint == case).order_by(event.Event.id.desc()).get()
    assert (entry.act, entry.state_from, entry.state_to) == (key, start, the(case).state)
    assert the(case).state == current_procedure().target(step, state=start, back=before.back)
    assert entry.version == the(case).version == before.version + 1
