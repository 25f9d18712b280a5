"""A slip in the table stops the start with one sentence: where it stands, the wrong word, and the words that exist."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from models.workflow import former as records_check
from papers.layout import check as templates_check
from sop import check
from sop.procedure import ROWS
from sop.table import Table
from tests import sixth_row
from tests.patience import LONGEST
from tests.typos import TYPOS, Typo

WAYS = {"python": ("app.py",), "flask": ("-m", "flask", "--app", "app", "digest")}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = tmp_path_factory.mktemp("house")
    sixth_row.copy(copy)
    return copy


@pytest.fixture(params=TYPOS)
def typo(request: pytest.FixtureRequest, tree: Path) -> Iterator[Typo]:
    """One word typed wrong in the copy, and right again afterwards."""
    slip = TYPOS[request.param]
    file = tree / slip.file
    sound = file.read_text(encoding="utf-8")
    assert slip.right in sound
    file.write_text(sound.replace(slip.right, slip.typed, 1), encoding="utf-8")
    yield slip
    file.write_text(sound, encoding="utf-8")


def start(tree: Path, var: Path, *words: str) -> subprocess.CompletedProcess[str]:
    outside = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "COV", "PYTHONPATH", "DATABASE"))}
    environment = outside | {"VAR_DIR": str(var), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, *words], cwd=tree, env=environment, capture_output=True, text=True, timeout=LONGEST
    )


def test_a_typo_stops_the_start_with_its_sentence(typo: Typo, tree: Path, tmp_path: Path) -> None:
    done = start(tree, tmp_path / "var", *WAYS["python"])
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert done.stderr.startswith(typo.sentence)
    assert done.stderr.endswith(".\n")
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("slip", ["waktu", "effect"])  # one is found while modules are imported, one by create_app
def test_flask_says_the_same_sentence(slip: str, tree: Path, tmp_path: Path) -> None:
    file, typo = tree / TYPOS[slip].file, TYPOS[slip]
    sound = file.read_text(encoding="utf-8")
    file.write_text(sound.replace(typo.right, typo.typed, 1), encoding="utf-8")
    done = start(tree, tmp_path, *WAYS["flask"])
    file.write_text(sound, encoding="utf-8")
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert done.stderr.startswith(typo.sentence)
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("series", "initials", "other"),
    [
        ("rujukan", "R", "rekapitulasi"),
        ("data_pribadi", "DP", "daftar_pengantar"),
        ("daftar_dinas", "DD", "daftar_disetujui"),
    ],
)
def test_a_series_has_other_initials_than_the_papers_of_no_case(series: str, initials: str, other: str) -> None:
    last = ROWS[-1].transitions[-1]
    row = replace(ROWS[-1], transitions=(*ROWS[-1].transitions[:-1], replace(last, series=series)))
    [said] = records_check.faults(Table(rows=(*ROWS[:-1], row)))
    assert said.endswith(f"kolom series: “{series}” bersingkatan {initials} seperti “{other}”; nomornya akan kembar.")


def test_the_table_as_it_stands_is_fit() -> None:
    assert [*check.faults(), *records_check.faults(), *templates_check.faults()] == []
