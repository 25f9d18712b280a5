"""A procedure is a value: two stand side by side, each by its own table, and nothing else is made of one at import."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from sop import rules
from sop.clock import Norm
from sop.flow import Procedure, current_procedure
from sop.procedure import BIDANG, DETOURS, FINALS, ROWS, Row, Transition
from sop.vocabulary import Vocabulary

HOUSE = Path(__file__).parents[2]
LOOK = Transition(key="look_of_a_test", actor=BIDANG, label="Telaah", did="menelaah", waiting="Menunggu telaah")
ADDED = Row(kegiatan="Telaah", title="Telaah", kelengkapan=(), waktu="20 menit", output=(), transitions=(LOOK,))
SLOW = replace(ROWS[-1], waktu="3 hari")
PRESENT = current_procedure()
OTHER = Procedure((ROWS[0], ADDED, *ROWS[1:-1], SLOW), DETOURS, FINALS)  # a row between the first and the second
TOGETHER = Vocabulary((OTHER, PRESENT))


def facts(procedure: Procedure, state: str) -> rules.CaseFacts:
    lanes = frozenset({BIDANG})
    return rules.CaseFacts("460/1", procedure, state, relations=frozenset({"unit"}), lanes=lanes)


def test_each_goes_its_own_way() -> None:
    received = PRESENT.receive
    assert OTHER.target(received, state=received.key) == OTHER.first == LOOK.key
    assert OTHER.target(LOOK, state=LOOK.key) == PRESENT.target(received, state=received.key) == PRESENT.first
    assert [OTHER.row_no(key) for key in PRESENT.awaited] == [PRESENT.row_no(key) + 1 for key in PRESENT.awaited]  # type: ignore[operator]
    assert LOOK.key in OTHER.open_states
    assert LOOK.key not in PRESENT.open_states


def test_each_has_its_own_norm_of_the_same_row() -> None:
    key = ROWS[-1].key
    assert OTHER.row_named(key).norm == Norm.read("3 hari")
    assert PRESENT.row_named(key).norm == ROWS[-1].norm


def test_the_rules_ask_the_procedure_of_the_case() -> None:
    assert rules.refusal(LOOK, facts(OTHER, LOOK.key)) == ""
    assert "tidak dapat dilakukan sekarang" in rules.refusal(LOOK, facts(PRESENT, PRESENT.first))


def test_the_vocabulary_has_the_keys_of_both_and_the_words_of_the_present_one() -> None:
    assert set(TOGETHER.acts) == {*PRESENT.known, LOOK.key}
    assert TOGETHER.open_states == PRESENT.open_states | {LOOK.key}
    assert TOGETHER.states[LOOK.key] == LOOK.waiting
    relabelled = replace(LOOK, label="Telaah ulang")
    later = Procedure((ROWS[0], replace(ADDED, transitions=(relabelled,)), *ROWS[1:]), DETOURS, FINALS)
    assert Vocabulary((later, OTHER)).acts[LOOK.key].label == "Telaah ulang"


IMPORTED = """
import importlib, pkgutil, sys
import sop.flow, sop.vocabulary

def noting(real):
    def asked():
        frame = sys._getframe(1)
        print(frame.f_code.co_filename, frame.f_lineno)
        return real()
    return asked

sop.flow.current_procedure = noting(sop.flow.current_procedure)
sop.vocabulary.vocabulary = noting(sop.vocabulary.vocabulary)
for name in sys.argv[1:]:
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, name + "."):
        importlib.import_module(module.name)
importlib.import_module("app")
print("imported", len(sys.modules) > 300)
"""


def test_nothing_is_made_of_the_procedure_when_a_module_is_imported() -> None:
    """In a process of its own, which names the lines that ask for it before all are imported."""
    floors = ("sop", "models", "papers", "admin")
    done = subprocess.run([sys.executable, "-c", IMPORTED, *floors], cwd=HOUSE, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-1500:]
    assert done.stdout.splitlines() == ["imported True"]
