"""A new record with a blank of every kind goes from form to page, history, paper and CSV in the order of the form."""

import re
import shutil
from pathlib import Path

import pytest

from tests import sixth_row
from tests.copied_tree import run

PIECES, RECORD = Path(__file__).resolve().parent, Path("models/records/monitoring.py")
JOURNEY = "tests/admin/many_kinds/journey.py"


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house with the sixth row, whose record is the one with a blank of every kind."""
    copy = tmp_path_factory.mktemp("house")
    sixth_row.copy(copy)
    sixth_row.add_row(copy)
    shutil.copyfile(PIECES / "monitoring.py", copy / RECORD)
    return copy


@pytest.mark.nightly(engine=["postgresql"])
def test_it_goes_from_the_form_to_page_history_paper_and_csv(tree: Path, engine: str) -> None:
    done = run(tree, "-m", "pytest", "-p", "no:cacheprovider", "--tb=short", "-k", f"not {other(engine)}", JOURNEY)
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert int(re.search(r"(\d+) passed", done.stdout)[1]) >= 18


def other(engine: str) -> str:
    return {"sqlite": "postgresql", "postgresql": "sqlite"}[engine]


@pytest.mark.only("sqlite")
def test_a_field_of_no_kind_stops_the_start_with_a_sentence(tree: Path, engine: str) -> None:
    record = (tree / RECORD).read_text(encoding="utf-8")
    (tree / RECORD).write_text(f'{record}    token = pw.UUIDField(verbose_name="Tanda")\n', encoding="utf-8")
    done = run(tree, "-c", "import app")
    (tree / RECORD).write_text(record, encoding="utf-8")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Monitoring.token: UUIDField belum dikenal sebagai jenis isian. Yang dikenal: " in done.stderr
