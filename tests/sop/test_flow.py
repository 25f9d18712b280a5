"""The procedure as it runs: what follows what, what may begin where, and where each detour leads."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from sop import check
from sop.flow import current_procedure
from sop.procedure import (
    BACK,
    BIDANG,
    DETOURS,
    FINALS,
    KEPALA_DINAS,
    LAST,
    PETUGAS,
    ROWS,
    SAME,
    TURN,
    Need,
    PaperKind,
    Transition,
)
from sop.table import Table
from sop.vocabulary import CLOSED, OUTSIDE, PAUSED, vocabulary

OPEN = set(vocabulary().open_states)
RUNNING = set(current_procedure().awaited)
UNDECIDED = {
    *current_procedure().awaited[: current_procedure().awaited.index("approve") + 1],
    "resume",
}  # every open state up to approve
HOUSE = {
    # key: actor, states in which it may begin, state it leads to
    "hold": (TURN, RUNNING, "resume"),
    "resume": (TURN, {"resume"}, BACK),
    "recall": (LAST, RUNNING, BACK),
    "assign": (BIDANG, {"handle", "submit", "resume"}, SAME),
    "entrust": (PETUGAS, OPEN, SAME),
    "return_file": (KEPALA_DINAS, {"dispose"}, "raise"),
    "refuse": (BIDANG, {"handle"}, "dispose"),
    "send_back": (KEPALA_DINAS, {"approve"}, "handle"),
    "forward": (KEPALA_DINAS, {"dispose"}, "forwarded"),
    "duplicate": (PETUGAS, {"raise"}, "duplicated"),
    "void": (PETUGAS, {"raise", "dispose"}, "voided"),
    "withdraw": (PETUGAS, OPEN, "withdrawn"),
    "reopen": (PETUGAS, set(FINALS) - {"voided"} - {OUTSIDE}, "raise"),
    "correct": (PETUGAS, OPEN, SAME),
    "supplement": (PETUGAS, OPEN, SAME),
    "tie": (PETUGAS, OPEN, SAME),
    "alert": (PETUGAS, UNDECIDED, SAME),
    "assist": (BIDANG, UNDECIDED, SAME),
    "attempt": (PETUGAS, {"deliver"}, SAME),
    **dict.fromkeys(("promise", "settle", "postpone"), (PETUGAS, OPEN | {"closed", "forwarded"}, SAME)),
}
ACTORS = {
    "receive": PETUGAS,
    "raise": PETUGAS,
    "dispose": KEPALA_DINAS,
    "handle": BIDANG,
    "submit": BIDANG,
    "approve": KEPALA_DINAS,
    "deliver": PETUGAS,
}
PAPERS = {
    "receive": {"form_pengaduan", "tanda_terima"},
    "dispose": {"lembar_disposisi"},
    "handle": {"berkas_asesmen"},
    "approve": {"nota_dinas"},
    "deliver": {"berita_acara", "kutipan_berita_acara"},
    "correct": {"form_pengaduan"},
}
BULK = {
    "raise",
    "dispose",
    "handle",
    "submit",
    "approve",
    "deliver",
    "duplicate",
    "hold",
    "resume",
    "assign",
    "entrust",
    "return_file",
    "send_back",
}


def transitions(keys):
    return pytest.mark.parametrize("key", sorted(keys))


@transitions(vocabulary().transitions)
def test_every_transition_begins_and_ends_in_states_that_exist(key):
    step, states = vocabulary().transitions[key], dict(vocabulary().states.items())
    for state in vocabulary().starts(step) - {current_procedure().receive.key}:
        assert state in states
        assert current_procedure().target(step, state=state, back=current_procedure().first) in states


@transitions(vocabulary().transitions)
def test_every_transition_is_named_for_button_history_and_step_page(key):
    step = vocabulary().transitions[key]
    assert step.key == key
    assert step.label
    assert step.did
    assert step.help


def test_keys_are_unique():
    assert len(vocabulary().transitions) == sum(len(row.transitions) for row in ROWS) + len(DETOURS)


@pytest.mark.parametrize("place", range(len(current_procedure().main_line)))
def test_on_the_main_line_each_act_leads_to_the_next_one_and_the_last_closes(place):
    step = current_procedure().main_line[place]
    following = [t.key for t in current_procedure().main_line[place + 1 : place + 2]] or [CLOSED]
    assert current_procedure().target(step, state=step.key) == following[0]
    assert vocabulary().starts(step) == {step.key}
    assert current_procedure().from_state(step.key)[0] is step


def test_every_state_has_a_name_of_its_own():
    labels = [label for _, label in vocabulary().states.items()]
    assert all(labels)
    assert len(set(labels)) == len(labels)


@transitions(HOUSE)
def test_a_detour_is_as_the_house_has_it(key):
    step, (actor, starts, to) = vocabulary().transitions[key], HOUSE[key]
    assert step.actor == actor
    assert vocabulary().starts(step) == starts
    assert {current_procedure().target(step, state=s, back="before") for s in starts} == {
        BACK: {"before"},
        SAME: starts,
    }.get(to, {to})


@transitions(t.key for t in current_procedure().called)
def test_what_a_mark_calls_for_ends_by_itself_or_by_what_the_table_names(key):
    house = {"alert": ["alert", "assist", "handle"], "assist": ["assist", "handle"]}
    assert [act.key for act in current_procedure().settling_acts(vocabulary().transitions[key])] == house.get(
        key, [key]
    )


def test_no_detour_is_unknown_to_the_house():
    assert {t.key for t in DETOURS} == set(HOUSE)


@transitions(ACTORS)
def test_a_main_line_act_is_done_by_its_lane(key):
    assert vocabulary().transitions[key].actor == ACTORS[key]


@transitions(set(ACTORS) | set(HOUSE))
def test_a_transition_issues_the_papers_of_its_row(key):
    assert {paper.key for paper in vocabulary().transitions[key].papers} == PAPERS.get(key, set())


@transitions(set(ACTORS) | set(HOUSE))
def test_only_what_the_house_lists_may_be_done_to_many_at_once(key):
    assert vocabulary().transitions[key].bulk == (key in BULK)


@transitions({t.key for t in current_procedure().main_line})
def test_the_awaited_act_determines_the_row(key):
    row = current_procedure().row(key)
    assert vocabulary().transitions[key] in row.transitions
    assert ROWS[current_procedure().row_no(key) - 1] is row


@pytest.mark.parametrize("state", [PAUSED, *FINALS])
def test_a_paused_or_final_state_is_of_no_row(state):
    assert current_procedure().row_no(state) is None
    assert current_procedure().row(state) is None


@pytest.mark.parametrize("state", sorted(OPEN))
def test_from_every_open_state_some_way_leads_to_an_end(state):
    seen, ahead = set(), {state}
    while ahead:
        seen |= ahead
        ahead = {
            current_procedure().target(t, state=s, back=current_procedure().first)
            for s in ahead
            for t in current_procedure().from_state(s)
        } - seen
    assert set(FINALS) - {OUTSIDE} <= seen
    assert not {OUTSIDE} & seen


@pytest.mark.parametrize("state", FINALS)
def test_from_a_final_state_only_reopening_leads_away_and_never_from_voided(state):
    leading = [
        t.key for t in current_procedure().from_state(state) if current_procedure().target(t, state=state) != state
    ]
    assert leading == ([] if state == "voided" or state == OUTSIDE else ["reopen"])


def test_no_act_begins_where_cases_were_settled_outside_of_the_panel_and_none_leads_there():
    assert {OUTSIDE}
    assert [
        t.key for t in vocabulary().transitions.values() if t.to == OUTSIDE or vocabulary().starts(t) & {OUTSIDE}
    ] == []
    assert CLOSED != OUTSIDE


@transitions(vocabulary().papers)
def test_a_paper_is_issued_by_the_act_of_its_row_first(key):
    assert any(paper.key == key for paper in current_procedure().issuers[key].papers)
    assert current_procedure().is_main(current_procedure().issuers[key])


def test_the_states_are_named_in_the_offices_words():
    named = {
        "raise": "Menunggu dinaikkan",
        "dispose": "Menunggu disposisi",
        "handle": "Menunggu tindak lanjut",
        "submit": "Menunggu Nota Dinas dinaikkan",
        "approve": "Menunggu persetujuan",
        "deliver": "Menunggu penyampaian",
        "resume": "Menunggu kelengkapan",
        "closed": "Selesai",
        "forwarded": "Diteruskan",
        "duplicated": "Duplikat",
        "withdrawn": "Dicabut",
        "voided": "Dibatalkan",
    }
    assert {state: current_procedure().state_label(state) for state in named} == named


def with_step(key: str, **columns: Any) -> Table:
    """The table with an act changed."""
    rows = [replace(row, transitions=tuple(changed(t, key, columns) for t in row.transitions)) for row in ROWS]
    return Table(rows=rows, detours=[changed(t, key, columns) for t in DETOURS])


def changed(step: Transition, key: str, columns: Mapping[str, Any]) -> Transition:
    return replace(step, **columns) if step.key == key else step


@pytest.mark.parametrize("key", ["raise", "handle", "return_file"])  # before it, by itself, by a detour before it
def test_what_a_later_act_makes_can_be_needed_by_none_before_it(key: str) -> None:
    [said] = check.faults(with_step(key, needs=(Need(record="assessment", name="Asesmen"),)))
    assert said.endswith(f"langkah “{key}”, kolom needs: “assessment” baru dibuat pada langkah “handle”.")


@pytest.mark.parametrize("key", ["submit", "send_back", "withdraw", "settle"])
def test_a_record_that_exists_by_then_may_be_needed(key: str) -> None:
    needs = (Need(record="assessment", name="Asesmen"), Need(record="remark", name="Catatan"))
    assert list(check.faults(with_step(key, needs=needs))) == []


def test_two_series_with_the_same_initials_stop_the_start() -> None:
    paper = PaperKind(key="surat_lain", title="Surat Lain", series="nota_dua")
    [said] = check.faults(with_step("deliver", series="nota_dua", papers=(paper,)))
    assert said.endswith("kolom series: “nota_dua” bersingkatan ND seperti “nota_dinas”; nomornya akan kembar.")
