"""A version that is tried on a copy reaches nothing outside it, is judged by what it says, and leaves nothing."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from admin.server import rehearsal
from admin.server.rehearsal import FOLDER, LOG, Terms, rehearse
from models.operations.backup_making import BUSY, Source, Spans, make_backup
from models.store import files
from models.store.base import database
from tests.office import Office, owner_url_of, url_of
from tests.patience import wait_until

pytestmark = pytest.mark.only("sqlite")
SERVES = """
import http.server, json, os, sys

class Panel(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        faults = {said!r}
        self.send_response(503 if faults else 200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps({{"gangguan": faults}}).encode())

print(json.dumps([sys.argv, dict(os.environ), sorted(os.listdir(os.environ["VAR_DIR"]))]), flush=True)
server = http.server.HTTPServer(("127.0.0.1", 0), Panel)
print("Panel di http://127.0.0.1:%d" % server.server_port, flush=True)
server.serve_forever()
"""


@pytest.fixture
def source(office: Office) -> Iterator[Source]:
    previous = database.obj
    yield Source(url_of(office.path), owner_url_of(office.path), office.path.parent)
    database.initialize(previous)


@pytest.fixture
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A version without the walk, which serves; what it says is put into its app.py."""
    folder = tmp_path_factory.mktemp("rilis")
    (folder / ".venv/bin").mkdir(parents=True)
    (folder / ".venv/bin/python").symlink_to(sys.executable)
    say(folder, {})
    return folder


def say(release: Path, faults: dict[str, str]) -> None:
    (release / "app.py").write_text(SERVES.format(said=faults))


def test_it_knows_no_mail_no_figures_no_log_and_none_of_the_places_of_the_one_that_serves(
    source: Source, release: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    for name in ("MAIL_URL", "METRICS_PORT", "DATABASE_OWNER_URL", "PORT", "HOST", "REQUEST_LOG"):
        monkeypatch.setenv(name, "dari-panel")
    (source.var / "backup.key").write_text("00")
    rehearse(source, release, Terms(60))
    argv, env, there = json.loads(capfd.readouterr().out.splitlines()[0])
    place = str(source.var / FOLDER)
    assert argv == ["app.py", "start"]
    assert [name for name, value in env.items() if value == "dari-panel"] == []
    assert (env["VAR_DIR"], env["HOME"], env["DATABASE_URL"]) == (place, place, f"sqlite:///{place}/panel.sqlite")
    assert (env["MAIL_URL"], env["METRICS_PORT"], env["REQUEST_LOG"], env["HOST"]) == ("", "", "off", "127.0.0.1")
    assert "panel.key" in there
    assert "backup.key" not in there
    assert not (source.var / FOLDER).exists()


def test_one_that_is_not_ready_is_refused_with_what_it_says_but_for_what_is_excused(
    source: Source, release: Path
) -> None:
    say(release, {"disk": "Hampir penuh.", "chain": "Rusak."})
    with pytest.raises(ValueError, match=r"tidak siap: Rusak\.$"):
        rehearse(source, release, Terms(3, frozenset({"disk"})))
    rehearse(source, release, Terms(60, frozenset({"disk", "chain"})))


def test_one_that_ends_is_refused_and_what_a_killed_one_has_left_is_gone(source: Source, release: Path) -> None:
    left = source.var / FOLDER / "sisa"
    left.parent.mkdir()
    left.touch()
    (release / "app.py").write_text("import sys; sys.exit(not sys.stdin.read())")
    with pytest.raises(ValueError, match=r"berhenti sebelum siap"):
        rehearse(source, release, Terms(60))
    assert not left.parent.exists()


def test_no_backup_is_made_where_it_works(office: Office, tmp_path: Path) -> None:
    place = tmp_path / "cadangan"
    place.mkdir()
    with rehearsal.no_backups(tmp_path), pytest.raises(ValueError, match=BUSY):
        make_backup(Source(url_of(office.path), None, tmp_path), str(place), Spans())
    assert list(place.iterdir()) == []


def test_what_it_adds_to_the_files_or_removes_is_its_own_affair(tmp_path: Path) -> None:
    source, place = (Source("", None, tmp_path / name) for name in ("panel", FOLDER))
    (source.files / "ab").mkdir(parents=True)
    place.var.mkdir()
    (source.files / "ab/kept").write_bytes(b"kept")
    rehearsal._copy_keys_and_link_files(source, place)
    assert (place.files / "ab/kept").read_bytes() == b"kept"
    files._write(b"new", f"{place.files}/ab/kept")
    (place.files / "ab/more").touch()
    assert [(path.name, path.read_bytes()) for path in (source.files / "ab").iterdir()] == [("kept", b"kept")]


def test_it_ends_with_its_parent_process_however_that_ends(release: Path, tmp_path: Path) -> None:
    (release / "app.py").write_text("import os, time; print(os.getpid(), flush=True); time.sleep(900)")
    killed = f"""
import os, signal, time
from pathlib import Path
from admin.server.rehearsal import _serve
from models.operations.backup_making import Source
with _serve(Path({str(release)!r}), Source("", None, Path({str(tmp_path)!r}))):
    while not Path({str(tmp_path / LOG)!r}).read_text():
        time.sleep(0.01)
    os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run([sys.executable, "-c", killed], check=False)
    assert done.returncode == -signal.SIGKILL
    begun = int((tmp_path / LOG).read_text())
    wait_until(lambda: not _runs(begun))


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
