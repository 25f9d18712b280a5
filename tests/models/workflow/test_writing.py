"""The one writer: drafts, proposals, stale pages, independence of the decision, many at once, papers and history."""

import hashlib
from datetime import date

import pytest

from models.case import blanks
from models.complaint import event
from models.complaint.accesslog import Seen
from models.complaint.complaint import Addressee, Complaint
from models.complaint.number import Number
from models.complaint.paper import Paper, content_of
from models.office.people import Acting, Division, Post, User
from models.office.settings import Setting
from models.records.main_line import NotaDinas
from models.records.registry import RECORDS
from models.records.story_summary import MOST
from models.store import base
from models.store.base import database
from models.workflow import workflow, write
from sop.flow import current_procedure, papers_issued
from sop.vocabulary import CLOSED, vocabulary

DRAFTED = [step.key for step in current_procedure().main_line if step.draft]


def the(case):
    return Complaint.get_by_id(case)


def written(case, key):
    model = RECORDS[key]
    return model.select().where((model.complaint == case) & ~model.draft).order_by(model.id.desc()).get()


@pytest.mark.parametrize("key", DRAFTED)
def test_a_draft_is_stored_even_if_few_blanks_are_filled(office, key):
    [case] = office.receive()
    office.bring([case], key)
    step, version = vocabulary().transitions[key], the(case).version
    model, actor = RECORDS[step.record], office.actor(vocabulary().transitions[key], case)
    text = next(f.name for f in model.blanks() if type(f).__name__ == "TextField")
    outcome = workflow.save_draft(
        case, key, by=actor, version=version, at=office.tick(), blanks={text: "Baru sebagian."}
    )
    assert outcome.done == [case]
    [draft] = model.select().where((model.complaint == case) & model.draft)
    assert getattr(draft, text) == "Baru sebagian."
    assert (the(case).version, the(case).state) == (version + 1, key)
    loaded = workflow.load([case], actor, office.at)[case]
    assert blanks.filled_blanks(loaded, step, {})[text] == "Baru sebagian."


@pytest.mark.parametrize("key", DRAFTED)
def test_a_draft_is_replaced_by_the_record(office, key):
    [case] = office.receive()
    office.bring([case], key)
    model, actor = RECORDS[vocabulary().transitions[key].record], office.actor(vocabulary().transitions[key], case)
    text = next(f.name for f in model.blanks() if type(f).__name__ == "TextField")
    for words in ("Pertama.", "Kedua."):
        workflow.save_draft(case, key, by=actor, at=office.tick(), blanks={text: words})
    office.do([case], key)
    assert getattr(written(case, model.key), text) == "Kedua."
    assert not model.select().where((model.complaint == case) & model.draft).exists()


def test_every_draft_edit_leaves_an_entry_with_the_names_of_the_blanks(office):
    [case] = office.receive()
    office.bring([case], "handle")
    workflow.save_draft(
        case, "handle", by=office["staf.rehsos"], at=office.tick(), blanks={"facts": "Fakta.", "method": "Kunjungan"}
    )
    entry = event.Event.select().order_by(event.Event.id.desc()).get()
    body = event.bodies([entry], event.open_seals([case]))[entry.id]
    assert (entry.act, entry.version) == ("draft", the(case).version)
    assert (entry.state_from, entry.state_to) == ("handle", "handle")
    assert {"Cara asesmen", "Fakta yang memengaruhi"} <= set(body["touched"])
    assert "Fakta." not in str(body)


def test_an_old_page_never_saves_over_a_newer_draft(office):
    [case] = office.receive()
    office.bring([case], "handle")
    shown = the(case).version
    workflow.save_draft(
        case, "handle", by=office["bidang.rehsos"], version=shown, at=office.tick(), blanks={"facts": "Baru."}
    )
    outcome = workflow.save_draft(
        case, "handle", by=office["staf.rehsos"], version=shown, at=office.tick(), blanks={"facts": "x"}
    )
    assert "telah diubah oleh Bambang Hartono" in outcome.refused[case]
    outcome = workflow.advance([case], "handle", by=office["staf.rehsos"], versions={case: shown}, at=office.tick())
    assert "telah diubah oleh Bambang Hartono" in outcome.refused[case]


def test_the_handler_drafts_what_the_head_submits(office):
    [case] = office.receive()
    office.bring([case], "submit")
    outcome = workflow.save_draft(
        case, "submit", by=office["staf.rehsos"], at=office.tick(), blanks={"subject": "Hal staf"}
    )
    assert outcome.done == [case]
    assert "kepala unit kerja" in workflow.advance([case], "submit", by=office["staf.rehsos"]).refused[case]
    office.do([case], "submit")
    assert written(case, "nota_dinas").subject == "Hal staf"


def test_by_a_setting_staff_submits_as_well(office):
    Setting.create(key="submit.head_only", value=False, valid_from=date(2026, 1, 1))
    [case] = office.receive()
    office.bring([case], "submit")
    office.do([case], "submit", by="staf.rehsos")
    assert office.state(case) == "approve"


@pytest.mark.parametrize(("key", "username"), [("raise", "petugas"), ("approve", "kadis"), ("handle", "bidang.ppa")])
def test_a_draft_is_refused_for_steps_without_one_and_for_users_who_may_not_write_it(office, key, username):
    [case] = office.receive()
    office.bring([case], key)
    before = office.digest()
    outcome = workflow.save_draft(case, key, by=office[username], at=office.tick())
    assert outcome.refused[case].endswith((" tidak memakai konsep.", "Pengaduan tidak ditemukan."))
    assert office.digest() == before


def test_proposals_take_over_earlier_texts_with_all_their_lines(office):
    [case] = office.receive(story="Kronologi:\nJanuari bantuan cair.\nFebruari berhenti.")
    office.bring([case], "handle")
    office.do(
        [case],
        "handle",
        facts="Fakta:\n- satu\n- dua",
        analysis="Analisis.",
        action="Tindakan.",
        conclusion="sebagian",
        conclusion_text="Sebagian benar.",
        advice="Saran.",
        answer="Jawaban.\nBaris kedua.",
    )
    office.bring([case], "deliver")
    nota = written(case, "nota_dinas")
    assert nota.matter == "Kronologi:\nJanuari bantuan cair.\nFebruari berhenti."
    assert nota.findings == "Fakta:\n- satu\n- dua\nAnalisis."
    assert (nota.conclusion, nota.action) == ("Terbukti sebagian. Sebagian benar.", "Tindakan.\nSaran.")
    office.do([case], "deliver", medium="telepon", outcome="diterima")
    record = written(case, "berita_acara")
    assert (record.told, record.receiver) == ("Jawaban.\nBaris kedua.", "Siti Maslikah")


def test_the_summary_edited_by_the_unit_stays_in_the_next_revision(office):
    [case] = office.receive(story="Bantuan saya berhenti. Mohon dicek. " * 40)
    office.bring([case], "submit")
    assert workflow.save_draft(case, "submit", by=office["staf.rehsos"], at=office.tick()).done == [case]
    assert len(NotaDinas.get(NotaDinas.complaint == case).matter) <= MOST
    office.do([case], "submit", matter="Bantuan pengadu berhenti.")
    office.do([case], "send_back")
    office.bring([case], "approve")
    assert written(case, "nota_dinas").matter == "Bantuan pengadu berhenti."


def test_a_missing_blank_takes_each_cases_own_proposal_and_a_given_one_applies(office):
    cases = [*office.receive(category="bansos_tidak_terima"), *office.receive(category="layanan_kb")]
    office.bring(cases, "dispose")
    office.do(cases, "dispose", note="Segera.", instructions=[])
    assert [written(case, "disposition").unit.code for case in cases] == ["REHSOS", "PPKB"]
    assert {written(case, "disposition").note for case in cases} == {"Segera."}
    assert all(written(case, "disposition").instructions == [] for case in cases)


def test_a_page_shown_before_another_user_acted_signs_nothing(office):
    [case] = office.receive()
    office.bring([case], "approve")
    shown = the(case).version
    office.do([case], "send_back")
    office.bring([case], "approve")
    before = office.digest()
    outcome = workflow.advance([case], "approve", by=office["kadis"], versions={case: shown}, at=office.tick())
    assert "telah diubah oleh Bambang Hartono (" in outcome.refused[case]
    assert office.digest() == before


def acting_head(office, username, day=date(2026, 10, 1)):
    Acting.create(
        kind="Plh.",
        user=office[username],
        decree="800/1/2026",
        decree_date=day,
        valid_from=day,
        valid_to=date(2026, 10, 31),
    )


def test_an_acting_head_decides_but_never_on_his_own_unit_or_text(office):
    acting_head(office, "bidang.rehsos")
    own, foreign = office.receive(2)
    office.bring([own, foreign], "dispose")
    office.do([own], "dispose")
    office.do([foreign], "dispose", unit=Division.get(code="PPA").id)
    for case in (own, foreign):
        office.bring([case], "approve")
    outcome = workflow.advance([own, foreign], "approve", by=office["bidang.rehsos"], at=office.tick())
    assert outcome.done == [foreign]
    assert outcome.refused[own].endswith("keputusannya pada pejabat lain.")
    entry = event.Event.select().where(event.Event.complaint == foreign).order_by(event.Event.id.desc()).get()
    assert entry.who.lower() == "bambang hartono (plh. kepala dinas)"


def test_an_acting_heads_rights_begin_and_end_by_themselves(office):
    acting_head(office, "bidang.rehsos", date(2026, 10, 6))
    [case] = office.receive()
    office.bring([case], "dispose")
    head = office["bidang.rehsos"]
    monday = workflow.advance([case], "dispose", by=head, at=office.at)
    assert monday.done == []
    later = office.at.replace(month=11)
    assert workflow.advance([case], "dispose", by=head, at=later).done == []
    assert workflow.advance([case], "dispose", by=head, at=office.at.replace(day=6)).done == [case]


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"outcome": "catatan"}, "Tulis catatannya, atau setujui tanpa catatan."),
        (
            {"note": "Catatan."},
            "Ada catatan: setujui dengan catatan agar tercetak, atau kosongkan catatannya.",
        ),
        ({"outcome": "mungkin"}, "Keputusan: pilihan tidak dikenal."),
    ],
)
def test_an_approval_that_contradicts_itself_is_refused(office, given, sentence):
    [case] = office.receive()
    office.bring([case], "approve")
    assert workflow.advance([case], "approve", by=office["kadis"], at=office.tick(), blanks=given).refused == {
        case: sentence
    }


def test_a_choice_of_only_line_ends_counts_as_empty_and_takes_the_default(office):
    [case] = office.receive()
    office.bring([case], "approve")
    [public_id] = office.do([case], "approve", outcome="\r\n" * 3_000)
    content = content_of(Paper.get(public_id=public_id), event.open_seals([case])[case])
    assert content["records"]["approval"]["blanks"]["outcome"] == "Disetujui"


@pytest.mark.parametrize(
    ("blank", "value"),
    [("unit", 999), ("others", [999]), ("named", [999]), ("urgency", "kilat"), ("instructions", ["Ciptakan damai"])],
)
def test_a_choice_that_the_office_does_not_know_is_refused(office, blank, value):
    [case] = office.receive()
    office.bring([case], "dispose")
    outcome = workflow.advance([case], "dispose", by=office["kadis"], at=office.tick(), blanks={blank: value})
    assert outcome.refused[case].endswith("pilihan tidak dikenal.")


def test_a_text_longer_than_its_column_is_refused(office):
    [case] = office.receive()
    office.bring([case], "submit")
    outcome = workflow.advance(
        [case], "submit", by=office["bidang.rehsos"], at=office.tick(), blanks={"subject": "x" * 201}
    )
    assert outcome.refused == {case: "Hal paling panjang 200 huruf."}


def test_an_approval_with_a_note_prints_it(office):
    [case] = office.receive()
    office.bring([case], "approve")
    [public_id] = office.do([case], "approve", outcome="catatan", note="Percepat penyaluran.")
    content = content_of(Paper.get(public_id=public_id), event.open_seals([case])[case])
    assert content["records"]["approval"]["blanks"] == {
        "outcome": "Disetujui dengan catatan",
        "note": "Percepat penyaluran.",
    }
    assert content["signer"]["name"] == "Bambang Hartono"
    assert content["kepala_dinas"]["name"] == "Wicaksono Pradipta"


def test_each_entry_counts_the_other_cases_and_numbers_follow_the_ids(office):
    cases = office.receive(5)
    office.bring(cases, "approve")
    entries = event.Event.select().where((event.Event.act == "submit") & event.Event.complaint.in_(cases))
    assert {entry.together for entry in entries} == {4}
    places = [n.place for n in Number.select().where(Number.series == "nota_dinas").order_by(Number.complaint)]
    assert places == [1, 2, 3, 4, 5]


def test_every_paper_is_hashed_as_stored_and_listed_in_the_history(office):
    [case] = office.receive()
    office.bring([case], CLOSED)
    in_history = [
        paper
        for body in event.bodies(event.Event.select(), event.open_seals([case])).values()
        for paper in body.get("papers", [])
    ]
    issued = list(Paper.select().order_by(Paper.id))
    assert [paper["sha256"] for paper in in_history] == [paper.sha256 for paper in issued]
    assert all(hashlib.sha256(paper.content).hexdigest() == paper.sha256 for paper in issued)


@pytest.mark.parametrize(
    "key", [step.key for step in current_procedure().main_line if not current_procedure().is_receive(step)]
)
def test_each_main_line_act_leaves_the_record_that_it_names_and_the_papers_of_its_row(office, key):
    [case] = office.receive()
    office.bring([case], key)
    step = vocabulary().transitions[key]
    kinds = list(Paper.select(Paper.kind).where(Paper.complaint == case).tuples())
    public_ids = office.do([case], key)
    model = RECORDS.get(step.record)
    made = model.select().where((model.complaint == case) & ~model.draft).count() if model else 0
    assert made == bool(step.record)
    issued = list(Paper.select().where((Paper.complaint == case) & Paper.public_id.in_(public_ids)))
    assert {paper.kind for paper in issued} == {paper.key for paper in papers_issued(step, secret=False)}
    assert Paper.select().where(Paper.complaint == case).count() == len(kinds) + len(issued)


def test_a_page_shown_to_another_user_than_the_next_actor_gives_the_refusal(office):
    cases = office.receive(3, until="raise")
    office.bring(cases[:2], "dispose")
    found, refused = workflow.check_cases(cases, "dispose", by=office["kadis"], at=office.at)
    assert list(found) == cases
    assert list(refused) == cases[2:]
    assert "berstatus Menunggu dinaikkan" in refused[cases[2]]


def test_a_bulk_act_asks_the_database_no_more_often_for_many_than_for_few(office, monkeypatch):
    few, many = office.receive(2), office.receive(12)
    office.bring(few + many, "approve")
    for case in few + many:
        Seen.create(complaint=case, user=office["kadis"], version=the(case).version, at=office.at)
    asked = []
    execute = type(database.obj).execute_sql
    monkeypatch.setattr(
        type(database.obj), "execute_sql", lambda self, *a, **k: asked.append(a) or execute(self, *a, **k)
    )
    counts = []
    for cases in (few, many):
        asked.clear()
        assert workflow.advance(cases, "approve", by=office["kadis"], at=office.tick()).done == cases
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_bulk_disposition_asks_no_more_often_either(office, monkeypatch):
    few, many = office.receive(2), office.receive(12)
    office.bring(few + many, "dispose")
    asked = []
    execute = type(database.obj).execute_sql
    monkeypatch.setattr(
        type(database.obj), "execute_sql", lambda self, *a, **k: asked.append(a) or execute(self, *a, **k)
    )
    counts = []
    for cases in (few, many):
        asked.clear()
        assert workflow.advance(cases, "dispose", by=office["kadis"], at=office.tick()).done == cases
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_post_without_a_holder_today_signs_nothing(office):
    Post.update(valid_to=date(2026, 10, 4)).where(Post.holder == office["kadis"]).execute()
    [case] = office.receive()
    office.bring([case], "dispose")
    [public_id] = office.do([case], "dispose")
    content = content_of(Paper.get(public_id=public_id), event.open_seals([case])[case])
    assert content["kepala_dinas"] == {}


def test_everyone_in_the_office_is_of_one_role(office):
    assert User.select().count() == len(office.people)


def test_the_history_names_staff_by_their_unit(office):
    [case] = office.receive()
    office.bring([case], "handle")
    workflow.save_draft(case, "handle", by=office["staf.rehsos"], at=office.tick(), blanks={"facts": "Fakta."})
    last = event.Event.select().order_by(event.Event.id.desc()).get()
    assert last.who.endswith("(Staf Bidang Rehabilitasi, Perlindungan dan Jaminan Sosial)")


def test_an_act_writes_only_the_columns_that_it_changes(office, monkeypatch):
    cases, sent = office.receive(2, until="raise"), []
    real = base.run_many
    monkeypatch.setattr(write, "run_many", lambda sql, rows: sent.append(sql) or real(sql, rows))
    office.do(cases, "raise")
    [statement] = [sql for sql in sent if sql.startswith('UPDATE "complaint"')]
    assert all(f'"{name}"' in statement for name in ("state", "version", "last_act"))
    assert not any(
        f'"{name}"' in statement for name in ("unit_id", "secrecy", "legal_due_at", "closed_at", "duplicate_of_id")
    )


@pytest.mark.only("sqlite")
def test_the_leading_unit_is_not_an_addressee_as_well(office):
    [case] = office.receive()
    office.bring([case], "dispose")
    lead, other = (Division.get(code=code).id for code in ("REHSOS", "PPA"))
    office.do([case], "dispose", unit=lead, others=[lead, other])
    assert [row.division_id for row in Addressee.select().where(Addressee.complaint == case)] == [other]
