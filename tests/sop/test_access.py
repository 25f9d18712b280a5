"""Who may do and read what, compared with the promise: the access table of the office, row by row."""

from dataclasses import replace

import pytest

from sop import access, check
from sop.access import (
    ADDRESSED,
    ADMIN,
    EMERGENCY,
    HANDLER,
    HEAD,
    MADE_LAST,
    NAMED,
    PENGAWAS,
    REGISTRAR,
    RELATIONS,
    SUBMITTER,
    TEAM,
    UNIT,
)
from sop.flow import current_procedure
from sop.procedure import BIDANG, KEPALA_DINAS, LANES, PETUGAS, ROWS, TURN
from sop.table import Table
from sop.vocabulary import PAUSED, vocabulary

PROMISED = {
    # standing: what it may perform
    PETUGAS: {
        "receive",
        "raise",
        "deliver",
        "attempt",
        "duplicate",
        "void",
        "withdraw",
        "reopen",
        "correct",
        "supplement",
        "tie",
        "alert",
    },
    KEPALA_DINAS: {"dispose", "return_file", "forward", "approve", "send_back"},
    HEAD: {"refuse", "assign"},
    HANDLER: {"handle"},
    SUBMITTER: {"submit"},
    UNIT: {"supplement", "tie"},
    ADDRESSED: {"supplement", "tie"},
    EMERGENCY: {"assist"},
    MADE_LAST: {"recall"},
    REGISTRAR: set(),
    NAMED: set(),
    TEAM: set(),
    PENGAWAS: set(),
}
KNOWN = sorted(set().union(*PROMISED.values()))
READS = {
    # standing: which secrecy it may read
    PETUGAS: {"biasa", "terbatas"},
    REGISTRAR: {"biasa", "terbatas", "rahasia"},
    KEPALA_DINAS: {"biasa", "terbatas", "rahasia"},
    UNIT: {"biasa", "terbatas"},
    ADDRESSED: {"biasa", "terbatas"},
    HEAD: {"biasa", "terbatas", "rahasia"},
    NAMED: {"biasa", "terbatas", "rahasia"},
    TEAM: {"rahasia"},
    EMERGENCY: {"biasa", "terbatas", "rahasia"},
    PENGAWAS: {"biasa", "terbatas", "rahasia"},
    HANDLER: set(),
    SUBMITTER: set(),
    MADE_LAST: set(),
}
TURNS = [t.key for t in vocabulary().transitions.values() if t.actor == TURN]


@pytest.mark.parametrize("key", KNOWN)
def test_a_transition_is_performed_by_the_promised_standings(key):
    promised = {standing for standing, keys in PROMISED.items() if key in keys}
    assert access.performers(vocabulary().transitions[key]) == promised


@pytest.mark.parametrize("awaited", current_procedure().awaited)
@pytest.mark.parametrize("key", TURNS)
def test_whose_turn_it_is_holds_and_resumes(key, awaited):
    turn = vocabulary().transitions[awaited]
    assert access.performers(vocabulary().transitions[key], vocabulary().transitions[awaited]) == access.performers(
        turn
    )
    assert access.lanes(vocabulary().transitions[key], vocabulary().transitions[awaited]) == access.lanes(turn)


@pytest.mark.parametrize("state", ["", PAUSED, "closed"])
@pytest.mark.parametrize("key", TURNS)
def test_where_nothing_is_awaited_it_is_nobodys_turn(key, state):
    assert access.performers(vocabulary().transitions[key], vocabulary().transitions.get(state)) == frozenset()
    assert access.lanes(vocabulary().transitions[key], vocabulary().transitions.get(state)) == frozenset(LANES)


@pytest.mark.parametrize("key", vocabulary().transitions)
def test_every_transition_has_performers_and_their_lanes(key):
    step = vocabulary().transitions[key]
    assert access.performers(step, vocabulary().transitions[current_procedure().first]) <= set(RELATIONS)
    assert access.performers(step, vocabulary().transitions[current_procedure().first])
    assert access.lanes(step, vocabulary().transitions[current_procedure().first]) <= set(LANES)


@pytest.mark.parametrize("secrecy", access.SECRECY)
@pytest.mark.parametrize("standing", RELATIONS)
def test_a_standing_reads_what_is_promised(standing, secrecy):
    assert access.may_read(secrecy, frozenset({standing})) == (secrecy in READS[standing])


def test_without_any_standing_nothing_is_read():
    assert not any(access.may_read(secrecy, frozenset()) for secrecy in access.SECRECY)


def test_the_administrator_opens_no_page_with_content_and_writes_only_masters():
    content = {noun for noun, (readers, _) in access.PAGES.items() if readers == access.CONTENT}
    assert {"pengaduan", "disposisi", "asesmen", "nota-dinas", "berita-acara", "dokumen", "riwayat"} <= content
    assert not any(access.opens(ADMIN, noun) for noun in content)
    assert all(access.opens(role, noun) for role in (PETUGAS, KEPALA_DINAS, BIDANG, PENGAWAS) for noun in content)


@pytest.mark.parametrize("noun", access.PAGES)
def test_only_the_administrator_writes_through_forms(noun):
    others = {role for role in access.ROLES if role != ADMIN and access.writes(role, noun)}
    # who keeps the paper register knows what it used up; who files opens new maps
    assert others == ({PETUGAS} if noun in ("nomor", "tempat-arsip") else set())


@pytest.mark.parametrize("role", access.ROLES)
def test_an_undeclared_page_is_closed(role):
    assert not access.opens(role, "tidak-ada")
    assert not access.writes(role, "tidak-ada")


def test_contact_data_are_for_those_who_call():
    assert {PETUGAS, HANDLER, EMERGENCY} == access.CONTACT
    assert {PETUGAS, HANDLER} == access.IDENTITY_READERS
    agreed = {"hold", "resume", "recall"}.union(*PROMISED.values())
    calls = {t.key for t in vocabulary().transitions.values() if t.contact}
    assert calls & agreed == {"deliver", "handle", "attempt", "assist"}


LACKS = {
    # what is taken from a lane, and the sentence that stops the start
    "RELATIONS": ("RELATIONS", "wakil", "kolom RELATIONS: kedudukan “wakil” belum ada pada sop/access.py."),
    "WITHIN": (
        "WITHIN",
        ("wakil", "any"),
        "kolom WITHIN: (“wakil”, “any”) dengan “wakil” belum ada pada sop/access.py.",
    ),
    "READERS": ("READERS", "biasa", "kolom READERS: “wakil” belum membaca pengaduan rahasia."),
    "PAGES": ("PAGES", "pengaduan", "kolom PAGES: halaman “pengaduan” belum terbuka baginya pada sop/access.py."),
    "LANES": ("LANES", "wakil", "kolom LANES: namanya belum diisi."),
}


@pytest.fixture
def fourth(monkeypatch):
    """A lane in addition to those of the table, with all that it needs."""
    monkeypatch.setitem(LANES, "wakil", "Wakil")
    monkeypatch.setitem(access.RELATIONS, "wakil", "Wakil")
    monkeypatch.setitem(access.WITHIN, ("wakil", "any"), {"wakil"})
    monkeypatch.setitem(access.READERS, "biasa", access.READERS["biasa"] | {"wakil"})
    for noun in check.WORKED_ON:
        readers, writers = access.PAGES[noun]
        monkeypatch.setitem(access.PAGES, noun, (readers | {"wakil"}, writers))


def test_a_lane_with_all_that_it_needs_lets_the_panel_start(fourth):
    assert list(check.faults()) == []


@pytest.mark.parametrize("lacking", LACKS)
def test_a_lane_that_lacks_something_stops_the_start_with_one_sentence(fourth, monkeypatch, lacking):
    table, key, sentence = LACKS[lacking]
    empty = {"LANES": " ", "READERS": frozenset(access.PENGAWAS), "PAGES": (frozenset(), frozenset())}
    named = {"LANES": LANES}.get(table) or getattr(access, table)
    if table in empty:
        monkeypatch.setitem(named, key, empty[table])
    else:
        monkeypatch.delitem(named, key)
    said = next(fault for fault in check.faults() if "“wakil”" in fault)
    assert said.startswith("Tabel SOP, jalur “wakil”, ")
    assert sentence in said


def test_a_lane_whose_act_is_on_the_line_reads_every_case(fourth):
    acting = replace(ROWS[1].transitions[0], actor="wakil")
    table = Table(rows=(ROWS[0], replace(ROWS[1], transitions=(acting, *ROWS[1].transitions[1:])), *ROWS[2:]))
    said = [fault for fault in check.faults(table) if "“wakil”" in fault]
    assert said == ["Tabel SOP, jalur “wakil”, kolom READERS: “wakil” belum membaca pengaduan rahasia."]
