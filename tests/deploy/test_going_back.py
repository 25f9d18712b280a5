"""deploy/upgrade and deploy/downgrade, with stand-ins for what they call: what is laid back, and what is asked."""

import hashlib
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from models.operations import backup_making
from tests.deploy.guide import DEPLOY
from tests.deploy.machine import PLACES
from tests.patience import LONGEST

OLD, NEW = "0.1.0", "0.2.0"
SCRIPTS = ("bersama", "intact", "upgrade", "downgrade")
STUBS = {
    "setpriv": 'while [ "${1#--}" != "$1" ]; do shift; done; exec "$@"',
    "systemctl": 'echo "systemctl $*" >> "$CALLS"; [ "$1" != show ] || echo 0',
    "curl": "exit 0",
    "flock": "exit 0",
    "sleep": "exit 0",
    "id": 'echo "${WHO:-0}"',
}
PYTHON = """#!/bin/sh
echo "$(basename "$PWD") $*" >> "$CALLS"
[ ! -e ../../current ] || echo "link to $(basename "$(readlink ../../current)")" >> "$CALLS"
case "$*" in
  -I*) exec /usr/bin/python3 "$@";;
  *renew*) [ -z "$FAILS" ] || exit 1; rm -rf "$3"; mkdir "$3";;
  *take-out*) mkdir "$4";;
  *rehearse*) echo "baris rahasia";;
  *hold-latest*) printf '/mnt/cadangan/a.cadangan\\n01-11-2026 pukul 01.00 WIB\\n';;
esac
"""


class Server:
    """Two releases next to one another, the older one in use, and an upgrade to the newer."""

    def __init__(self, root: Path) -> None:
        self.root, self.calls = root, root / "calls"
        for name in (f"opt/panel/releases/{OLD}", f"opt/panel/releases/{NEW}/deploy", "etc", "var/lib/panel", "stubs"):
            (root / name).mkdir(parents=True)
        for version in (OLD, NEW):
            self._lay(f"opt/panel/releases/{version}/.venv/bin/python", PYTHON)
        self._lay(f"opt/panel/releases/{OLD}/{Path(backup_making.__file__).relative_to(DEPLOY.parent)}", "")
        for name, words in STUBS.items():
            self._lay(f"stubs/{name}", f"#!/bin/sh\n{words}\n")
        self.point(OLD)
        (root / "etc/panel.env").write_text(f"VAR_DIR={root}/var/lib/panel\n")
        for name in SCRIPTS:
            said = (DEPLOY / name).read_text(encoding="utf-8")
            self._lay(f"opt/panel/releases/{NEW}/deploy/{name}", PLACES.sub(lambda place: f"{root}{place[0]}", said))

    def _lay(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def point(self, version: str) -> None:
        """This version is in use."""
        current = self.root / "opt/panel/current"
        current.unlink(missing_ok=True)
        current.symlink_to(f"releases/{version}")

    @property
    def copy_of_data(self) -> Path:
        return self.root / f"var/lib/panel/sisihan-{OLD}"

    def play(self, name: str, typed: str = "", **more: str) -> subprocess.CompletedProcess[str]:
        surroundings: Mapping[str, str] = {
            "PATH": f"{self.root}/stubs:/usr/bin:/bin",
            "CALLS": str(self.calls),
            "FAILS": "",
            "LANG": "C.UTF-8",
            **more,
        }
        script = self.root / f"opt/panel/releases/{NEW}/deploy/{name}"
        return subprocess.run(
            ["/bin/bash", script],
            env=surroundings,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST,
        )


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path)


def test_the_new_version_takes_its_place_and_no_other_user_reads_the_log_of_its_trial(server: Server) -> None:
    """A failing migration may quote rows."""
    done = server.play("upgrade")
    assert done.returncode == 0, done.stderr
    assert (server.root / "opt/panel/current").resolve().name == NEW
    log = server.root / "opt/panel/pembaruan.log"
    assert (log.read_text(), log.stat().st_mode & 0o077) == ("baris rahasia\n", 0)
    assert not server.copy_of_data.exists()


@pytest.mark.parametrize("place", ["operations/backup_making", "operations/making", "backup/making"])  # of versions
def test_a_version_that_can_makes_a_backup_before_it_gives_way(server: Server, place: str) -> None:
    models = server.root / f"opt/panel/releases/{OLD}/models"
    module = models / f"{place}.py"
    module.parent.mkdir(exist_ok=True)
    (models / Path(backup_making.__file__).relative_to(DEPLOY.parent / "models")).rename(module)
    assert "Membuat cadangan dengan versi lama" in server.play("upgrade").stdout


def test_the_copy_of_an_earlier_upgrade_is_never_restored(server: Server) -> None:
    """The old version serves, so it has been written to since: it would lose all that."""
    server.copy_of_data.mkdir()
    (server.copy_of_data / "panel.sqlite.gz").touch()
    done = server.play("upgrade", FAILS="1")
    assert done.returncode == 1
    assert "Pembaruan dibatalkan: datanya tidak dapat disiapkan" in done.stderr
    assert "lay-back" not in server.calls.read_text()
    assert (server.root / "opt/panel/current").resolve().name == OLD


@pytest.fixture
def renewed(server: Server) -> Server:
    """The newer one has taken the place after it had migrated."""
    assert server.play("upgrade").returncode == 0
    record = server.root / "opt/panel/pembaruan.json"
    record.write_text(record.read_text().replace('"tidak"', '"ya"'))
    server.calls.unlink()
    return server


def test_on_the_way_back_the_link_is_changed_before_the_data_and_both_after_a_backup(renewed: Server) -> None:
    """Cut off in between, the newer one must not find the data of before: it would migrate them and serve."""
    done = renewed.play("downgrade", PASTI="1")
    assert done.returncode == 0, done.stderr
    calls = renewed.calls.read_text()
    acts = (
        "take-out",
        "rehearse",
        "flask --app app backup",
        "hold-latest",
        "systemctl stop",
        "lay-aside",
        "bring-back",
    )
    places = [calls.index(act) for act in acts]
    assert places == sorted(places)
    assert f"bring-back {renewed.root}/var/lib/panel/kembali-{OLD}\nlink to {OLD}" in calls
    assert (renewed.root / "opt/panel/current").resolve().name == OLD


def test_without_a_yes_all_stays_as_it_is(renewed: Server) -> None:
    done = renewed.play("downgrade", typed="ya\n")
    assert done.returncode == 1
    assert "Data kembali seperti pada 01-11-2026 pukul 01.00 WIB." in done.stdout
    assert "Pengembalian tidak dimulai: belum disetujui. Versi sekarang tetap berjalan." in done.stderr
    assert "systemctl stop" not in renewed.calls.read_text()
    assert (renewed.root / "opt/panel/current").resolve().name == NEW


def test_an_upgrade_cut_off_once_the_link_is_set_can_be_taken_back_all_the_same(renewed: Server) -> None:
    """As when the power goes while the new version starts."""
    record = renewed.root / "opt/panel/pembaruan.json"
    record.rename(f"{record}.baru")
    again = renewed.play("upgrade")
    assert "versi ini sudah dipakai. Versi ini tetap berjalan." in again.stderr
    assert renewed.play("downgrade", PASTI="1").returncode == 0
    assert (renewed.root / "opt/panel/current").resolve().name == OLD


def test_the_record_of_an_unfinished_upgrade_counts_for_nothing(server: Server) -> None:
    record = server.root / "opt/panel/pembaruan.json.baru"
    record.write_text(f'{{"lama": "{OLD}", "baru": "{NEW}"}}')
    assert "tidak ada pembaruan yang dapat dibatalkan" in server.play("downgrade").stderr
    assert not record.exists()


def test_a_way_back_cut_off_before_its_data_came_begins_anew_and_lays_nothing_back(renewed: Server) -> None:
    """The version of before has been started since, by the server itself: somebody may have written."""
    renewed.point(OLD)
    taken = renewed.root / f"var/lib/panel/kembali-{OLD}"
    taken.mkdir()
    cut = renewed.play("downgrade", PASTI="1")
    assert "terputus sebelum datanya kembali; jalankan sekali lagi. Versi sekarang tetap berjalan." in cut.stderr
    assert (renewed.root / "opt/panel/current").resolve().name == NEW
    assert not taken.exists()
    assert "lay-back" not in renewed.calls.read_text()
    assert renewed.play("downgrade", PASTI="1").returncode == 0


def test_a_downgrade_cut_off_after_its_data_is_reported_as_done(renewed: Server) -> None:
    renewed.point(OLD)
    brought = renewed.root / f"var/lib/panel/kembali-{OLD}.sudah"
    brought.mkdir()
    done = renewed.play("downgrade", PASTI="1")
    assert f"Versi {OLD} sudah berjalan" in done.stdout
    assert not brought.exists()
    assert (renewed.root / "opt/panel/current").resolve().name == OLD


def test_an_older_version_is_no_upgrade(server: Server) -> None:
    for name, version in ((OLD, "0.10.0"), (NEW, "0.9.1")):
        (server.root / f"opt/panel/releases/{name}/CHANGELOG.md").write_text(
            f"# Perubahan\n\n## {version} – 2027-05-03\n"
        )
    refused = server.play("upgrade")
    assert "versi 0.9.1 lebih lama daripada versi 0.10.0 yang dipakai" in refused.stderr
    assert not server.calls.exists()


def test_what_lies_there_of_an_older_version_is_named_and_nothing_is_tried(server: Server) -> None:
    """Its migration would be run."""
    release = server.root / f"opt/panel/releases/{NEW}"
    files = [path for path in release.rglob("*") if path.is_file() and ".venv" not in path.parts]
    hashes = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(release)}\n" for path in files]
    (release / "MANIFEST.sha256").write_text("".join(hashes))
    assert server.play("upgrade").returncode == 0
    server.point(OLD)
    server.calls.unlink()
    (release / "migrations").mkdir()
    (release / "migrations/9998_sisa.sql").touch()
    (release / "deploy/downgrade").write_text("# changed")
    refused = server.play("upgrade").stderr
    assert "ada berkas yang bukan dari versi ini" in refused
    assert "migrations/9998_sisa.sql" in refused
    assert "deploy/downgrade (berubah)" in refused
    assert not server.calls.exists()


@pytest.mark.parametrize(("script", "what"), [("upgrade", "Pembaruan"), ("downgrade", "Pengembalian")])
def test_without_root_it_refuses_before_anything_is_read(server: Server, script: str, what: str) -> None:
    (server.root / "etc/panel.env").unlink()
    refused = server.play(script, WHO="1000")
    assert (refused.returncode, refused.stderr) == (1, f"{what} tidak dimulai: jalankan sebagai root.\n")


def test_without_an_upgrade_of_before_there_is_no_way_back(server: Server) -> None:
    assert "tidak ada pembaruan yang dapat dibatalkan" in server.play("downgrade").stderr
