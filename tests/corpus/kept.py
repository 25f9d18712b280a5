"""What is kept of a version: its office in one archive, its papers' contents, and a record of what they must be."""

import hashlib
import json
import subprocess
import tarfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from peewee import sqlite3

from models import digest
from models.store.base import all_models, canonical
from tests import postgres
from tests.models.behind import unguarded
from tests.office import empty, owner_url_of

HERE = Path(__file__).resolve().parent
OFFICE, RECORD, CONTENTS = "office.tar.xz", "record.json", "contents"
TABLES = "postgresql.sql"  # the tables of the version as PostgreSQL had them; their rows are those of the SQLite file
SERVERS_OWN = ("--", "\\", "SET ", "SELECT pg_catalog")  # what pg_dump says to a server of its own age
VERSIONS = sorted(folder.name for folder in HERE.glob("[0-9]*") if folder.is_dir())
BEFORE_MARKS = [version for version in VERSIONS if version <= "2026-11-26-2"]  # without marks and texts to find by


@dataclass(frozen=True)
class Printed:
    """A paper that the version printed: its public id, of one that is about no case its number; SHA-256 of the PDF."""

    paper: str
    sha256: str


@dataclass(frozen=True)
class VersionRecord:
    """What the version's office said on the day that it was kept."""

    digest: str
    entries: int  # of the history
    columns: dict[str, dict[str, str]]  # SHA-256 of what each column said, by table and column
    printed: dict[str, Printed]  # by kind of paper
    of_no_case: dict[str, Printed] = field(default_factory=dict)  # the same of what is numbered and about no case

    @classmethod
    def of(cls, version: str) -> "VersionRecord":
        told = json.loads((HERE / version / RECORD).read_text(encoding="utf-8"))
        papers = {key: told.get(key, {}) for key in ("printed", "of_no_case")}
        read = {key: {kind: Printed(**one) for kind, one in kinds.items()} for key, kinds in papers.items()}
        return cls(**{**told, **read})

    def write(self, folder: Path) -> None:
        (folder / RECORD).write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")


def columns_said() -> dict[str, dict[str, str]]:
    """SHA-256 (its first sixteen letters) of every column that the digest covers: what has changed has a name."""
    seals, found = digest.case_seals(), {}
    for model in all_models():
        if model.in_digest:
            rows = list(digest.opened_rows(model, seals))
            names = rows[0] if rows else ()
            found[model._meta.table_name] = {name: _hashed([row[name] for row in rows]) for name in names}
    return found


def _hashed(values: list[Any]) -> str:
    return hashlib.sha256(canonical(values).encode()).hexdigest()[:16]


def content_of_kind(version: str, kind: str) -> dict[str, Any]:
    """A paper's content as that version froze it."""
    return json.loads((HERE / version / CONTENTS / f"{kind}.json").read_text(encoding="utf-8"))


def handed(version: str, engine: str, folder: Path) -> Path:
    """A copy of the version's office in a folder of its own, which becomes the VAR_DIR; nothing is migrated yet."""
    with tarfile.open(HERE / version / OFFICE) as packed:
        packed.extractall(folder, filter="data")
    kept = folder / "panel.sqlite"
    if engine == "sqlite":
        return kept
    path = empty(folder, engine)
    with postgres.server().boss(_name(path), postgres.OWNER) as owner:
        owner.execute((folder / TABLES).read_text(encoding="utf-8"))
    pour(kept, path)
    return path


def _name(path: Path) -> str:
    return path.read_text().splitlines()[2]


def pour(source: Path, target: Path) -> None:
    """The rows of a SQLite file into the same tables on PostgreSQL, as they lie there."""
    with sqlite3.connect(source) as raw, unguarded(target) as into:
        for table, booleans in _tables(into).items():
            rows = raw.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in rows.description]
            marks = ", ".join("?::int::boolean" if name in booleans else "?" for name in names)
            listed = ", ".join(f'"{name}"' for name in names)
            for row in rows:
                into.execute(f'INSERT INTO "{table}" ({listed}) VALUES ({marks})', row)
            if "id" in names:
                last = f'(SELECT max(id) FROM "{table}")'
                into.execute(f"SELECT setval(pg_get_serial_sequence('\"{table}\"', 'id'), {last})")


def _tables(into: Any) -> dict[str, set[str]]:
    """The tables by name, each with the columns that hold yes or no."""
    asked = "SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'public'"
    found: dict[str, set[str]] = {}
    for table, column, kind in into.execute(asked).fetchall():
        found.setdefault(table, set()).update({column} if kind == "boolean" else ())
    return found


def tables_of(path: Path) -> str:
    """The tables of a database on PostgreSQL as SQL that any later server takes: no rows, roles or rights."""
    program = (postgres.programs() / "initdb").resolve().parent / "pg_dump"
    asked = [program, "--schema-only", "--no-owner", "--no-privileges", str(owner_url_of(path))]
    dumped = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    return "\n".join(line for line in dumped.splitlines() if line and not line.startswith(SERVERS_OWN)) + "\n"
