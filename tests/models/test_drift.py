"""A table that is not its model's stops the start with the sentence which migration is missing."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from models import drift
from models.office.lists import Reason
from models.schema import FOLDER
from models.store.base import all_models, engine
from tests import sixth_row
from tests.office import copied, dropped, outside, owner_url_of, url_of
from tests.patience import LONGEST

NEXT = max(int(file.name[:4]) for file in FOLDER.glob("[0-9]*")) + 1
WAY = drift.MISSING.format(number=NEXT)
TABLE, COLUMN = Reason._meta.table_name, Reason.text.column_name
DROPPED = f"ALTER TABLE {TABLE} DROP COLUMN {COLUMN}"
OF = f"kolom {COLUMN} pada tabel {TABLE} "
MISSING = {  # what was done behind the panel's back, as if its migration were missing: statements, and what is said
    "in the model alone": ([DROPPED], OF + "belum ada."),
    "in the database alone": (
        [f"ALTER TABLE {TABLE} ADD COLUMN note TEXT"],
        f"kolom note pada tabel {TABLE} tidak dikenal panel.",
    ),
    "of another type": (
        [DROPPED, f"ALTER TABLE {TABLE} ADD COLUMN {COLUMN} INTEGER NOT NULL DEFAULT 0"],
        OF + "berjenis ",
    ),
    "that may be empty": (
        [DROPPED, f"ALTER TABLE {TABLE} ADD COLUMN {COLUMN} VARCHAR({Reason.text.max_length})"],
        OF + "boleh kosong, seharusnya wajib diisi.",
    ),
}
NO_DRIFT = {
    "sqlite": [
        "CREATE TABLE spare (x TEXT)",
        "CREATE VIRTUAL TABLE sought USING fts5(words)",
        f"CREATE INDEX by_small ON {TABLE} (lower({COLUMN}))",
        f"ALTER TABLE {TABLE} ADD COLUMN small TEXT GENERATED ALWAYS AS (lower({COLUMN})) VIRTUAL",
    ],
    "postgresql": [
        "CREATE TABLE spare (x TEXT)",
        "CREATE TABLE parted (x INTEGER) PARTITION BY RANGE (x)",
        "CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM (1) TO (9)",
        f"CREATE INDEX by_small ON {TABLE} (lower({COLUMN}))",
        f"ALTER TABLE {TABLE} ADD COLUMN small TEXT GENERATED ALWAYS AS (lower({COLUMN})) STORED",
    ],
}


@pytest.fixture
def path(template: Path, tmp_path: Path):
    path = copied(template, tmp_path)
    yield path
    dropped(path)


def changed(path: Path, statements: list[str]) -> None:
    with outside(path) as raw:
        for statement in statements:
            raw.execute(statement)


def start(path: Path, *words: str, owner: bool = True) -> tuple[int, str]:
    """A real start in a process of its own: how it ended, and what it said on stderr."""
    said = {"VAR_DIR": str(path.parent), "DATABASE_URL": url_of(path)}
    if owner and owner_url_of(path):
        said["DATABASE_OWNER_URL"] = owner_url_of(path)
    done = subprocess.run(
        [sys.executable, *words],
        cwd=sixth_row.HOUSE,
        env={**os.environ, **said, "PORT": "0"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    return done.returncode, done.stderr


def test_tables_made_from_the_models_are_no_drift(path):
    drift.refuse_drift(url_of(path))


@pytest.mark.slow("starts the panel in a process of its own")
@pytest.mark.parametrize("how", MISSING)
def test_a_column_whose_migration_is_missing_stops_the_start_with_a_sentence(path, how):
    statements, clause = MISSING[how]
    changed(path, statements)
    ended, said = start(path, "app.py", "start")
    assert (ended, said.count("\n")) == (1, 1)
    assert clause in said
    assert WAY in said


def test_another_type_is_named_with_the_expected_one(path, engine):
    changed(path, MISSING["of another type"][0])
    wanted = {"sqlite": "INTEGER, seharusnya VARCHAR", "postgresql": "integer, seharusnya character varying(160)"}
    with pytest.raises(ValueError, match=f"kolom {COLUMN} pada tabel {TABLE} berjenis") as said:
        drift.refuse_drift(url_of(path))
    assert wanted[engine] in str(said.value)


@pytest.mark.only("postgresql")
def test_another_length_is_another_type_where_the_database_holds_to_it(path):
    changed(path, [f"ALTER TABLE {TABLE} ALTER COLUMN {COLUMN} TYPE VARCHAR(999)"])
    with pytest.raises(ValueError, match=r"character varying\(999\), seharusnya"):
        drift.refuse_drift(url_of(path))


@pytest.mark.only("postgresql")
def test_a_role_that_owns_nothing_is_stopped_as_well(path):
    changed(path, MISSING["in the database alone"][0])
    ended, said = start(path, "app.py", "start", owner=False)
    assert (ended, said.count("\n")) == (1, 1)
    assert WAY in said


@pytest.mark.only("sqlite")
def test_a_command_says_the_sentence_and_ends_with_1(path):
    changed(path, MISSING["in the database alone"][0])
    ended, said = start(path, "-m", "flask", "--app", "app", "verify")
    assert ended == 1
    assert said.startswith("Error: Basis data tidak cocok dengan panel: ")
    assert said.endswith(f"{WAY}\n")
    assert said.count("\n") == 1


def test_all_that_differs_is_said_at_once(path):
    changed(path, [f"ALTER TABLE {TABLE} ADD COLUMN note TEXT", "ALTER TABLE holiday ADD COLUMN note TEXT"])
    with pytest.raises(ValueError, match="kolom note pada tabel") as said:
        drift.refuse_drift(url_of(path))
    for table in (TABLE, "holiday"):
        assert drift.UNKNOWN.format(column="note", table=table) in str(said.value)


def test_a_column_that_must_be_filled_and_need_not_be_is_a_drift():
    wanted, found = ({"t": {"c": drift.Column("TEXT", required)}} for required in (False, True))
    assert list(drift.drifts_of(wanted, found)) == [drift.STRICT.format(column="c", table="t")]


def test_a_database_changed_by_a_later_version_has_its_own_sentence(path):
    changed(path, [f"ALTER TABLE {TABLE} ADD COLUMN note TEXT", "INSERT INTO migration VALUES ('9999_notes')"])
    with pytest.raises(ValueError, match=r"versi yang lebih baru \(9999_notes\)"):
        drift.refuse_drift(url_of(path))


def test_other_tables_indexes_and_what_a_table_works_out_by_itself_are_no_drift(path, engine):
    changed(path, NO_DRIFT[engine])
    drift.refuse_drift(url_of(path))


def test_one_question_to_the_catalogue_is_all_that_is_asked(path, caplog):
    with caplog.at_level(logging.DEBUG, logger="peewee"):
        drift.refuse_drift(url_of(path))
    asked = [record.args[0] if record.args else record.msg[0] for record in caplog.records if record.name == "peewee"]
    assert asked == [engine(url_of(path)).COLUMNS]


def test_every_table_of_a_model_is_compared(path):
    kind = engine(url_of(path))
    looked = kind.owner_database(url_of(path))
    with looked.connection_context():
        found = drift.found_columns(looked, kind)
    assert {model._meta.table_name for model in all_models()} <= found.keys()
