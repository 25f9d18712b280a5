"""No lost update: what a user decides on or overwrites is what his page showed, even if another was faster."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from peewee import sqlite3

from models import schema
from models.complaint import event
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.office.people import Division, Master
from models.records.registry import RECORDS
from models.store.base import all_models, database
from models.workflow import workflow
from sop.flow import current_procedure
from sop.vocabulary import vocabulary
from tests.office import copied, opened, url_of

DRAFTED = [step for step in current_procedure().main_line if step.draft]


def version(case: int) -> int:
    return Complaint.get_by_id(case).version


def texts(case: int, record: str, *, draft: bool) -> list[Any]:
    model = RECORDS[record]
    return list(model.select().where((model.complaint == case) & (model.draft == draft)).order_by(model.id))


def together(*acts: Callable[[], workflow.Outcome]) -> list[workflow.Outcome]:
    """The outcomes of acts that start at the same moment, each on a connection of its own."""
    gate, outcomes = threading.Barrier(len(acts)), {}

    def run(number: int, act: Callable[[], workflow.Outcome]) -> None:
        with database.connection_context():
            gate.wait()
            outcomes[number] = act()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [outcomes[number] for number in range(len(acts))]


def edit_versus_submit(office, rounds: int) -> tuple[int, int]:
    """Staff saves a draft while the head submits, from pages of one version; how often each was faster."""
    cases = office.receive(rounds)
    office.bring(cases, "submit")
    before, saved = event.verify()[0], 0
    for case in cases:
        shown, mine = version(case), f"Hal dari staf, pengaduan {case}"
        draft, submit = together(
            lambda case=case, shown=shown, mine=mine: workflow.save_draft(
                case, "submit", by=office["staf.rehsos"], version=shown, blanks={"subject": mine}
            ),
            lambda case=case, shown=shown: workflow.advance(
                [case], "submit", by=office["bidang.rehsos"], versions={case: shown}
            ),
        )
        assert len(draft.done) + len(submit.done) == 1, (draft, submit)
        saved += len(draft.done)
        winner, loser = (draft, submit) if draft.done else (submit, draft)
        assert "telah diubah oleh" in loser.refused[case]
        assert not winner.refused
        assert version(case) == shown + 1
        assert [row.subject for row in texts(case, "nota_dinas", draft=True)] == ([mine] if draft.done else [])
        final = texts(case, "nota_dinas", draft=False)
        assert len(final) == len(submit.done)
        assert mine not in [row.subject for row in final]
        assert office.state(case) == ("submit" if draft.done else "approve")
    assert event.verify() == (before + rounds, "")
    return saved, rounds - saved


@pytest.mark.slow("races fifty times")
def test_a_draft_saved_while_the_head_submits_is_stored_or_refused_never_lost(office):
    edit_versus_submit(office, 50)


@pytest.mark.soak
def test_a_thousand_drafts_saved_while_the_head_submits_are_stored_or_refused(office):
    assert sum(edit_versus_submit(office, 1000)) == 1000


@pytest.mark.parametrize("step", DRAFTED, ids=[step.key for step in DRAFTED])
def test_two_who_save_a_draft_at_once_do_not_write_over_each_other(office, step):
    blank = next(f.name for f in RECORDS[step.record].blanks() if type(f).__name__ == "TextField")
    cases = office.receive(12)
    office.bring(cases, step.key)
    for case in cases:
        shown = version(case)
        outcomes = together(
            *(
                lambda who=who, case=case, shown=shown: workflow.save_draft(
                    case, step.key, by=office[who], version=shown, blanks={blank: f"Dari {who}"}
                )
                for who in ("staf.rehsos", "bidang.rehsos")
            )
        )
        [winner] = [who for who, o in zip(("staf.rehsos", "bidang.rehsos"), outcomes, strict=True) if o.done]
        [row] = texts(case, step.record, draft=True)
        assert getattr(row, blank) == f"Dari {winner}"


def test_a_page_from_before_submit_and_approve_changes_nothing_any_more(office):
    [case] = office.receive()
    office.bring([case], "submit")
    shown = version(case)
    office.bring([case], "deliver")
    before = office.digest()
    for key, who in (("submit", "bidang.rehsos"), ("approve", "kadis"), ("send_back", "kadis"), ("hold", "petugas")):
        outcome = workflow.advance([case], key, by=office[who], versions={case: shown}, at=office.tick())
        assert "telah diubah oleh Wicaksono Pradipta (Kepala Dinas)" in outcome.refused[case], key
    draft = workflow.save_draft(
        case, "submit", by=office["staf.rehsos"], version=shown, at=office.tick(), blanks={"subject": "x"}
    )
    assert "telah diubah oleh" in draft.refused[case]
    assert office.digest() == before


def test_the_refusal_of_a_stale_page_names_the_acts_and_actors_since(office):
    [case] = office.receive()
    office.bring([case], "approve")
    shown = version(case)
    office.do([case], "send_back")
    office.bring([case], "approve")
    sentence = workflow.advance([case], "approve", by=office["kadis"], versions={case: shown}).refused[case]
    for deed in (
        "menaikkan Nota Dinas (5 Okt 2026 pukul",
        "menindaklanjuti disposisi (5 Okt 2026",
        f"{vocabulary().transitions['send_back'].did} (5 Okt 2026",
    ):
        assert deed in sentence
    assert "Wicaksono Pradipta (Kepala Dinas))" in sentence


def test_the_same_state_with_a_new_revision_is_not_what_the_old_page_showed(office):
    """ABA: sent back and submitted again, the case awaits approval as before; the old page approves nothing."""
    cases = office.receive(5)
    office.bring(cases, "approve")
    shown = {case: version(case) for case in cases}
    office.do(cases[:3], "send_back")
    office.bring(cases[:3], "approve")
    outcome = workflow.advance(cases, "approve", by=office["kadis"], versions=shown, at=office.tick())
    assert outcome.done == cases[3:]
    assert sorted(outcome.refused) == cases[:3]
    assert all(office.state(case) == "approve" for case in cases[:3])
    assert not any(texts(case, "approval", draft=False) for case in cases[:3])
    assert Event.select().where(Event.act == "approve").count() == 2


@pytest.mark.parametrize("step", DRAFTED, ids=[step.key for step in DRAFTED])
def test_a_saved_draft_leaves_an_entry_with_its_fields_and_digest_in_the_same_transaction(office, step, monkeypatch):
    [case] = office.receive()
    office.bring([case], step.key)
    workflow.save_draft(case, step.key, by=office["staf.rehsos"], at=office.tick())
    entry = Event.select().order_by(Event.id.desc()).get()
    body = event.bodies([entry], event.open_seals([case]))[entry.id]
    assert (entry.act, len(body["digest"])) == ("draft", 64)
    before = office.digest()

    def fail(*_: object) -> None:
        raise RuntimeError("no entry")

    monkeypatch.setattr(event, "append", fail)
    with pytest.raises(RuntimeError, match="no entry"):
        workflow.save_draft(case, step.key, by=office["staf.rehsos"], at=office.tick(), blanks={_text(step): "Lain."})
    assert office.digest() == before


def _text(step: Any) -> str:
    return next(f.name for f in RECORDS[step.record].blanks() if type(f).__name__ == "TextField")


LATER = ("User", "Kelurahan", "ShelfPlace", "Retention")  # became masters after that migration


@pytest.mark.only("sqlite")
def test_the_masters_of_a_database_from_before_have_a_version_too(template, tmp_path):
    path = copied(template, tmp_path)
    raw, names = sqlite3.connect(path), [m._meta.table_name for m in versioned() if m.__name__ not in LATER]
    for name in names:
        raw.execute(f'ALTER TABLE "{name}" DROP COLUMN "version"')
    raw.execute("DELETE FROM migration WHERE name = '0003_versions_of_masters'")
    raw.commit()
    raw.close()
    assert schema.prepare(url_of(path)) == ["0003_versions_of_masters"]
    with opened(path):
        assert all({row.version for row in model.select()} <= {1} for model in versioned())
        assert Division.select().exists()


def versioned() -> list[Any]:
    return [model for model in all_models() if issubclass(model, Master)]
