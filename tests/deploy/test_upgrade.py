"""`make upgrade`: from the first version that was kept, with its data, to the present one; or back, with all of it."""

import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from models.demo.demo import FLAG
from tests import postgres
from tests.corpus.kept import HERE, RECORD, VERSIONS, handed
from tests.deploy import guide
from tests.deploy.conftest import VERSION, NewMachine
from tests.deploy.guide import DEPLOY, HOUSE
from tests.deploy.machine import Machine, Played
from tests.deploy.systemctl import is_running
from tests.office import dropped, outside, owner_url_of, url_of
from tests.patience import wait_until

pytestmark = [pytest.mark.soak]
FIRST, NEXT = VERSIONS[0], "0.2.0"  # the second is the guide's
CHECKS, APP = ((HOUSE / name).read_text(encoding="utf-8") for name in ("models/health/checks.py", "app.py"))
READY = "    return {name: sentence for name, sentence in faults.items() if sentence}\n"
BEGIN = 'if __name__ == "__main__":\n'
DUMB = f'{BEGIN}    if sys.argv[1] == "start" and os.environ.get("REQUEST_LOG") != "off":\n        sys.exit(3)\n'
NEVER_READY = {"models/health/checks.py": CHECKS.replace(READY, '    return {"uji": "Tidak pernah siap."}\n')}
UNREADY = "versi baru tidak siap"
FAILING = {
    # what the new version does: (what it is made of, how long it is waited for, what the last sentence says)
    "its migration dies": ({"migrations/9999_dies.sql": "SELECT nothing FROM nowhere;\n"}, 900, UNREADY),
    "it is never ready": (NEVER_READY, 60, UNREADY),
    "it answers nobody once it is in its place": (
        {"app.py": APP.replace(BEGIN, DUMB)},
        900,
        "versi baru tidak menjawab",
    ),
}


def code_of_first(target: Path) -> None:
    """The code that left the first office of the corpus, out of the project's history; a failure where that is cut."""
    asked = ["git", "log", "--format=%H", "--diff-filter=A", "--", str(HERE / FIRST / RECORD)]
    commits = subprocess.run(asked, cwd=HOUSE, check=True, capture_output=True, text=True).stdout.split()
    assert commits, "the history of the project is not here: a whole clone is needed"
    packed = subprocess.run(["git", "archive", commits[-1]], cwd=HOUSE, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", str(target)], input=packed, check=True)


def put_to_work(machine: Machine, version: str, engine: str = "sqlite") -> Path:
    """The corpus' first office on a machine, served by this version; its database."""
    path = handed(FIRST, engine, machine.var)
    _no_more_a_demo(path)
    (machine.place / "current").symlink_to(f"releases/{version}")
    for name, place in (("panel.env", "etc/panel.env"), ("panel.service", "etc/systemd/system/panel.service")):
        (machine.root / place).write_text(machine.moved((DEPLOY / name).read_text(encoding="utf-8")))
    if engine != "sqlite":
        (machine.var / "panel.sqlite").unlink()
        _name_database(machine, path)
    subprocess.run(["chown", "-R", "nobody:nogroup", machine.var], check=True)
    subprocess.run(["chmod", "-R", "go=", machine.var], check=True)
    machine.systemctl("start", "panel")
    wait_until(lambda: lives(machine))
    return path


def _name_database(machine: Machine, path: Path) -> None:
    """As the guide's variant does; the tests' server lets the panel's account reach its socket."""
    postgres.server().folder.chmod(0o711)
    with (machine.root / "etc/panel.env").open("a") as told:
        told.write(f"DATABASE_URL='{url_of(path)}'\nDATABASE_OWNER_URL='{owner_url_of(path)}'\n")


def _no_more_a_demo(path: Path) -> None:
    """The corpus marks its office as invented, and on that no office starts."""
    with outside(path) as raw:
        raw.execute(f"DELETE FROM setting WHERE key = '{FLAG}'")


def lives(machine: Machine) -> bool:
    address = f"http://127.0.0.1:{machine.inside}/health/live"
    return subprocess.run(["curl", "--silent", "--fail", address], capture_output=True, check=False).returncode == 0


def in_use(machine: Machine) -> str:
    return (machine.place / "current").resolve().name


def laid_aside(machine: Machine) -> list[str]:
    return [path.name for path in machine.var.iterdir() if path.name.startswith("sisihan")]


def upgraded(machine: Machine, packages: Path, **more: str) -> Played:
    """The guide's commands for the next version, whose archive is there."""
    if not machine.release(NEXT).exists():
        machine.furnish(NEXT, packages)
    return machine.play(guide.commands()[guide.UPGRADE], **more)


@pytest.fixture
def unused(new_machine: NewMachine) -> Machine:
    """The first version's code on a machine, and no office yet."""
    machine = new_machine()
    machine.release(VERSION).rename(machine.release(FIRST))
    code_of_first(machine.release(FIRST))
    return machine


@pytest.fixture
def first(unused: Machine) -> Machine:
    """The first version at work."""
    put_to_work(unused, FIRST)
    return unused


@pytest.fixture
def present(new_machine: NewMachine) -> Machine:
    """The present version at work."""
    machine = new_machine()
    machine.pack(VERSION)
    archive = machine.root / f"panel-{VERSION}.tar.gz"
    subprocess.run(["tar", "-xzf", archive, "--strip-components=1", "-C", machine.release(VERSION)], check=True)
    put_to_work(machine, VERSION)
    return machine


def packages(machine: Machine) -> Path:
    return machine.place / "current/.venv"


def test_the_first_version_s_office_goes_on_under_the_present_one(first: Machine) -> None:
    first.pack(NEXT)
    done = upgraded(first, packages(first))
    assert done.code == 0, f"{done.printed}\n{done.complained}"
    assert f"Versi {NEXT} berjalan." in done.printed
    assert (in_use(first), lives(first), laid_aside(first)) == (NEXT, True, [])
    assert "Riwayat utuh" in first.panel("verify")
    assert first.release(FIRST).is_dir()


@pytest.mark.parametrize("failure", FAILING)
def test_where_the_new_version_fails_the_old_one_serves_on_with_its_data(first: Machine, failure: str) -> None:
    changed, wait, words = FAILING[failure]
    before = first.panel("digest")
    first.pack(NEXT, changed)
    done = upgraded(first, packages(first), WAIT=str(wait))
    assert done.code != 0
    assert f"Pembaruan dibatalkan: {words}" in done.complained
    assert "Versi lama berjalan lagi dengan datanya.\n" in done.complained
    assert (in_use(first), lives(first), laid_aside(first)) == (FIRST, True, [])
    assert first.panel("digest") == before
    assert "Riwayat utuh" in first.panel("verify")


def test_on_postgresql_it_is_taken_back_alike_and_goes_on_at_the_next_try(unused: Machine) -> None:
    path = put_to_work(unused, FIRST, "postgresql")
    before = unused.panel("digest")
    unused.pack(NEXT, FAILING["its migration dies"][0])
    failed = upgraded(unused, packages(unused))
    assert f"Pembaruan dibatalkan: {UNREADY}" in failed.complained, failed.complained
    assert (in_use(unused), lives(unused), unused.panel("digest")) == (FIRST, True, before)
    shutil.rmtree(unused.release(NEXT))
    unused.pack(NEXT)
    done = upgraded(unused, packages(unused))
    assert done.code == 0, f"{done.printed}\n{done.complained}"
    assert (in_use(unused), laid_aside(unused)) == (NEXT, [])
    assert "Riwayat utuh" in unused.panel("verify")
    unused.systemctl("stop", "panel")
    dropped(path)


def test_one_that_cannot_even_be_read_is_refused_while_the_old_one_serves(first: Machine) -> None:
    before = (first.root / "panel.pid").read_text()
    first.pack(NEXT, {"app.py": "import nothing_of_that_name\n"})
    done = upgraded(first, packages(first))
    assert "Pembaruan tidak dimulai: versi baru tidak dapat dijalankan" in done.complained
    assert ((first.root / "panel.pid").read_text(), lives(first)) == (before, True)


def test_one_that_was_cut_off_in_the_middle_is_taken_back_at_the_next_try(first: Machine) -> None:
    before = first.panel("digest")
    first.pack(NEXT, NEVER_READY)
    first.furnish(NEXT, packages(first))
    _cut_off_during_trial(first)
    assert (in_use(first), is_running(first.root)) == (FIRST, False)
    again = first.play(guide.commands()[guide.UPGRADE])
    assert "pembaruan sebelumnya terputus" in again.complained
    assert (in_use(first), lives(first), laid_aside(first)) == (FIRST, True, [])
    assert first.panel("digest") == before


def _cut_off_during_trial(machine: Machine) -> None:
    """As when the power goes: once the trial has migrated, all processes of the upgrade end at once."""
    log = machine.place / "pembaruan.log"
    with machine.begin(guide.commands()[guide.UPGRADE]) as script:
        wait_until(lambda: log.exists() and "uji" in log.read_text())
        os.killpg(script.pid, signal.SIGKILL)


def test_without_a_proven_backup_none_is_begun_and_with_one_it_is(present: Machine) -> None:
    present.pack(NEXT)
    refused = upgraded(present, packages(present))
    assert "Pembaruan tidak dimulai: belum ada cadangan yang teruji" in refused.complained
    assert (in_use(present), lives(present)) == (VERSION, True)
    place = present.root / "mnt/cadangan/panel"
    place.mkdir(parents=True)
    shutil.chown(place, "nobody", "nogroup")
    done = upgraded(present, packages(present), BACKUP_TO=str(place))
    assert done.code == 0, f"{done.printed}\n{done.complained}"
    assert (in_use(present), lives(present)) == (NEXT, True)
    assert len(list(place.glob("panel-*.cadangan"))) == 1
