"""The report for support: it says what is wrong, and nothing that was typed, configured or is secret."""

import hashlib
import json
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from subprocess import run
from typing import Any

import peewee as pw
import pytest
from flask import Flask

from admin.server import diagnosis, diagnosis_server, logs
from admin.server.diagnosis import report
from admin.terminal import diagnose
from models.complaint.complaint import Complaint
from models.office.settings import OPTIONS, Option, Setting
from models.operations import checks, signing_settings
from models.operations.checks import CheckContext
from models.schema import FOLDER, migration_files
from models.store.base import Json, all_models, database, engine, now
from tests.admin.running.process import environment_of
from tests.admin.running.test_disk_fills import disk, fill  # noqa: F401 - a fixture
from tests.browser.served import ROOT
from tests.models.behind import unguarded
from tests.office import Office, url_of
from tests.patience import LONGEST

CANARY = "kenanga"
REFERENCE = "4711-0815"
Diagnose = Callable[..., str]


@pytest.fixture
def diagnosed(office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Diagnose]:
    """The report on the office as it stands, made as the command makes it: without opening the panel."""
    monkeypatch.setattr(checks, "_latest", [])
    app = Flask("diagnosed")
    app.config.update(REQUEST_LOG="log/permintaan.jsonl")
    previous = database.obj

    def made(url: str = "", var: Path | None = None) -> str:
        database.close_all()
        try:
            with app.app_context():
                return report(CheckContext(var or office.path.parent, url or url_of(office.path), now()))
        finally:
            database.close()
            database.initialize(previous)

    yield made
    database.connect(reuse_if_open=True)


def part(text: str, title: str) -> dict[str, str]:
    """The lines of a part, by their names."""
    block = next(block for block in text.split("\n\n") if block.startswith(f"{title}\n"))
    return dict(
        re.split(r"\s{2,}", line.strip(), maxsplit=1) for line in block.splitlines()[1:] if "  " in line.strip()
    )


def test_it_lists_versions_counts_checks_and_times(office: Office, diagnosed: Diagnose) -> None:
    office.receive(3, at=now())
    text = diagnosed()
    assert part(text, "Versi")["python"] == sys.version.split()[0]
    assert part(text, "Paket")["Flask"] == "3.1.3"
    assert part(text, "Basis data")["jenis"] == engine(url_of(office.path)).NAME
    assert part(text, "Baris tiap tabel")["complaint"] == "3"
    known = len(migration_files(engine(url_of(office.path)), FOLDER))
    assert part(text, "Migrasi")["dijalankan"] == f"{known} dari {known}"
    assert part(text, "Pemeriksaan").keys() == {check.name for check in checks.CHECKS} - set(diagnosis.MOVES)
    assert part(text, "Pengaturan")["session.idle"] == "30"
    times = [line for line in text.split("Lama pengerjaan")[1].splitlines()[1:] if line]
    assert len(times) == 6
    assert [line for line in times if not re.search(r" \d+\.\d$", line)] == []


@pytest.mark.only("sqlite")
def test_reading_it_changes_nothing(office: Office, diagnosed: Diagnose) -> None:
    office.receive(at=now())
    before = office.digest()
    database.close_all()
    files = contents(office.path.parent)
    diagnosed()
    assert contents(office.path.parent) == files
    database.connect()
    assert office.digest() == before


def contents(folder: Path) -> dict[str, str]:
    """What lies there: a hash of each file."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def of_kind(field: pw.Field) -> Any:
    """A canary as a column of this kind may hold it."""
    if isinstance(field, pw.IntegerField | pw.ForeignKeyField | pw.BooleanField | pw.BigIntegerField):
        return 1
    if isinstance(field, pw.DateTimeField):
        return "2026-01-01 00:00:00.000000"
    if isinstance(field, pw.DateField | pw.TimeField):
        return "2026-01-01" if isinstance(field, pw.DateField) else "08:00:00"
    if isinstance(field, pw.BlobField):
        return CANARY.encode()
    return json.dumps(CANARY) if isinstance(field, Json) else CANARY


def plant_everywhere(path: Path) -> int:
    """A canary in every column of every table that can hold one; into how many columns."""
    planted = 0
    with unguarded(path) as raw:
        for model in all_models():
            table, fields = model._meta.table_name, model._meta.sorted_fields
            if not raw.execute(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone():
                names = ", ".join(f'"{field.column_name}"' for field in fields)
                values = [of_kind(field) for field in fields]
                raw.execute(f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(fields))})', values)
            for field in fields:
                if CANARY in str(of_kind(field)) and (model, field.name) != (Setting, "key"):
                    change = f'UPDATE OR IGNORE "{table}" SET "{field.column_name}" = ?'  # of what is unique one row
                    raw.execute(change, (of_kind(field),))
                    planted += 1
        for key in (*OPTIONS, CANARY):
            line = "INSERT INTO setting (key, value, valid_from, version) VALUES (?, ?, '2026-01-02', 1)"
            raw.execute(line, (key, json.dumps(CANARY)))
        raw.execute("INSERT INTO migration (name) VALUES (?)", (CANARY,))
    return planted


@pytest.mark.only("sqlite")
def test_a_canary_in_every_column_setting_variable_and_log_is_in_no_line_of_it(
    office: Office, diagnosed: Diagnose, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.bring(office.receive(2, at=now()), "approve")
    database.close_all()
    var = office.path.parent / CANARY
    var.mkdir()
    path = Path(shutil.copy(office.path, var / f"{CANARY}.sqlite"))
    assert plant_everywhere(path) > 150
    for name in (*diagnosis_server.ENVIRONMENT, "AWS_SECRET_ACCESS_KEY", CANARY.upper()):
        monkeypatch.setenv(name, CANARY)
    plant_in_logs(var / "log")
    text = diagnosed(url_of(path), var)
    assert CANARY not in text.lower()
    assert int(part(text, "Baris tiap tabel")["complaint"]) == 2
    assert part(text, "Lingkungan")["SECRET_KEY"] == "diisi"
    assert part(text, "Pengaturan")["session.idle"] == "bukan angka"
    assert part(text, "Migrasi")["tidak dikenal"] == "1"


def plant_in_logs(folder: Path) -> None:
    folder.mkdir()
    names = ("at", "id", "who", "verb", "route", "code", "ms", "sql", "kinds", "places", CANARY)
    lines = [CANARY, json.dumps(CANARY), json.dumps(dict.fromkeys(names, CANARY)), json.dumps([CANARY])]
    lists = {"kinds": [CANARY, f"{CANARY}.Error"], "places": [CANARY, f"{CANARY}.py:1", f"../{CANARY}.py:3"]}
    lines.append(json.dumps({**dict.fromkeys(names, CANARY), **lists, "code": 81234567890, "ms": 9973011234567890.0}))
    for name in ("permintaan.jsonl", logs.NAME):
        (folder / name).write_text("\n".join(lines) + "\n")


@pytest.mark.only("sqlite")
def test_the_last_failures_are_listed_by_number_kind_and_place(office: Office, diagnosed: Diagnose) -> None:
    folder = office.path.parent / "log"
    folder.mkdir()
    failure = {
        "at": "2026-11-27T09:14:05.312+07:00",
        "id": REFERENCE,
        "kinds": ["builtins.KeyError", "peewee.OperationalError"],
        "places": ["flask/app.py:12", "admin/sign_in/signin.py:31"],
    }
    (folder / logs.NAME).write_text(json.dumps(failure) + "\n")
    answered = [{"code": code, "ms": float(ms)} for code, ms in ((200, 10), (200, 20), (500, 30))]
    (folder / "permintaan.jsonl").write_text("".join(json.dumps(line) + "\n" for line in answered))
    text = diagnosed()
    [line] = [line.strip() for line in text.splitlines() if REFERENCE in line]
    assert line.startswith(f"2026-11-27T09:14:05 {REFERENCE}")
    assert line.endswith("builtins.KeyError < peewee.OperationalError; admin/sign_in/signin.py:31")
    requests = part(text, "Permintaan terakhir")
    assert (requests["200"], requests["500"]) == ("2", "1")
    assert requests["milidetik"] == "separuhnya sampai 20, 95 % sampai 30, terlama 30"


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        (Option("Kata sandi surel", ""), CANARY, "diisi"),
        (Option("Kata sandi surel", ""), "", "kosong"),
        (Option("Kata sandi surel", CANARY), CANARY, "seperti bawaan"),
        (Option("Menit", 30), 45, "45"),
        (Option("Menit", 30), CANARY, "bukan angka"),
        (Option("Menit", 30), True, "bukan angka"),
        (Option("Ya", False), True, "ya"),
        (Option("Ya", False), CANARY, "bukan ya atau tidak"),
        (Option("Kertas", "A4", choices=(("A4", "A4"), ("F4", "F4"))), "F4", "F4"),
        (Option("Kertas", "A4", choices=(("A4", "A4"), ("F4", "F4"))), CANARY, "bukan salah satu pilihan"),
    ],
)
def test_a_setting_is_shown_as_its_type_allows(option: Option, value: Any, says: str) -> None:
    assert diagnosis_server.value_in_words(option, value) == says


def test_every_variable_that_the_panel_reads_is_shown_as_its_kind_allows() -> None:
    read = re.findall(r'environ(?:\.get\(|\[)"([A-Z_]+)"', (ROOT / "app.py").read_text())
    assert {*read, *signing_settings.NAMES} == {*diagnosis_server.ENVIRONMENT}


@pytest.mark.only("sqlite")
def test_a_database_that_is_away_is_reported_with_everything_else(diagnosed: Diagnose) -> None:
    text = diagnosed("postgresql://panel:kenanga@127.0.0.1:1/panel")
    assert part(text, "Basis data") == {"basis data": "tidak dapat dihubungi", "sebab": "peewee.OperationalError"}
    assert part(text, "Paket")["Flask"] == "3.1.3"
    assert CANARY not in text


@pytest.mark.only("sqlite")
def test_a_broken_table_is_reported_and_the_others_are_counted(office: Office, diagnosed: Diagnose) -> None:
    with unguarded(office.path) as raw:
        raw.execute("ALTER TABLE setting RENAME TO other")
    text = diagnosed()
    assert part(text, "Baris tiap tabel")["setting"] == "tidak dapat dibaca: peewee.OperationalError"
    assert part(text, "Pengaturan") == {"tidak dapat dibaca": "peewee.OperationalError"}
    assert part(text, "Baris tiap tabel")["user"] == "8"


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(("journal", "way"), [(False, diagnosis.AS_EVER), (True, diagnosis.FROZEN)])
def test_on_a_full_disk_the_database_is_read_and_its_unread_journal_is_reported(
    office: Office,
    diagnosed: Diagnose,
    journal: bool,
    way: str,
    disk: Path,  # noqa: F811
) -> None:
    office.receive(2, at=now())
    database.close_all()
    path = Path(shutil.copy(office.path, disk))
    if journal:
        path.with_name(f"{path.name}-wal").write_bytes(b"cut short")
    fill(disk)
    before = contents(disk)
    text = diagnosed(url_of(path), disk)
    path.with_name(f"{path.name}-shm").unlink(missing_ok=True)  # SQLite's own, without which no journal is read
    assert part(text, "Cara membaca")["basis data"] == way
    assert part(text, "Baris tiap tabel")["complaint"] == "2"
    assert contents(disk) == before


@pytest.mark.only("sqlite")
@pytest.mark.slow("a process of its own")
def test_the_command_works_where_the_panel_does_not_start_and_makes_nothing(office: Office, tmp_path: Path) -> None:
    database.close_all()
    with unguarded(office.path) as raw:
        raw.execute("ALTER TABLE complaint RENAME TO other")
    env = environment_of(office.path, SECRET_KEY="dev")
    before = contents(office.path.parent)
    words = [sys.executable, "-m", "flask", "--app", "app", diagnose.diagnose.name or ""]
    finished = run(words, cwd=ROOT, env=env, capture_output=True, text=True, timeout=LONGEST, check=False)
    assert (finished.returncode, finished.stderr) == (0, "")
    assert "complaint" in part(finished.stdout, "Baris tiap tabel")
    assert contents(office.path.parent) == before
    full = run([*words, "--output", "/dev/full"], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert full.returncode == 1
    assert "Tanpa --output laporan tampil di terminal." in full.stderr
    assert not Complaint.table_exists()
