"""`make downgrade`: back to the version of before, with the data of before only where those were changed."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.deploy.conftest import NewMachine
from tests.deploy.machine import Machine
from tests.deploy.releases import (
    MIGRATES,
    NEVER_ANSWERS,
    NEXT,
    VERSION,
    downgraded,
    in_use,
    lay_release,
    left_over,
    lives,
    place_of_backups,
    put_to_work,
    upgraded,
    watched,
)
from tests.office import PASSWORD, dropped, outside

pytestmark = [pytest.mark.soak]
LATER = "sesudah"  # who is entered after the upgrade


def enter(machine: Machine) -> None:
    machine.panel("create-user", LATER, "--name", "Sesudah", "--role", "petugas", "--password", PASSWORD)


def knows(path: Path) -> bool:
    with outside(path) as raw:
        return bool(raw.execute(f"SELECT 1 FROM \"user\" WHERE username = '{LATER}'").fetchone())


def is_ready(machine: Machine) -> bool:
    address = f"http://127.0.0.1:{machine.inside}/health/ready"
    return subprocess.run(["curl", "--silent", "--fail", address], capture_output=True, check=False).returncode == 0


def test_after_a_migration_the_data_of_before_come_back_whole_and_those_since_are_in_a_backup(
    new_machine: NewMachine, engine: str
) -> None:
    machine = new_machine()
    lay_release(machine, VERSION)
    path = put_to_work(machine, VERSION, engine)
    place, before = place_of_backups(machine), machine.panel("digest")
    machine.pack(NEXT, MIGRATES)
    done = upgraded(machine, BACKUP_TO=str(place))
    assert done.code == 0, f"{done.printed}\n{done.complained}"
    [archive] = place.glob("panel-*.cadangan")
    enter(machine)
    for _ in range(2):  # by age alone each of them would let go the one before
        machine.panel("backup", "--to", str(place))
    assert archive.exists()
    assert "Pengembalian tidak dimulai: belum disetujui." in downgraded(machine).complained
    assert (in_use(machine), knows(path)) == (NEXT, True)
    with watched(machine) as silence:
        back = downgraded(machine, BACKUP_TO=str(place), PASTI="1")
    print(f"back with the data of before: {silence.seconds:.1f} s without an answer")
    assert back.code == 0, f"{back.printed}\n{back.complained}"
    assert (in_use(machine), lives(machine), left_over(machine)) == (VERSION, True, [])
    assert (machine.panel("digest"), knows(path)) == (before, False)
    assert "Riwayat utuh" in machine.panel("verify")
    assert is_ready(machine)
    reasons = {json.loads(mark.read_text())["why"] for mark in place.glob("*.tahan")}
    assert reasons == {f"sebelum pembaruan ke {NEXT}", f"sebelum kembali ke {VERSION}"}
    assert not (machine.place / "pembaruan.json").exists()
    again = upgraded(machine, BACKUP_TO=str(place))
    assert again.code == 0, f"{again.printed}\n{again.complained}"
    assert (in_use(machine), machine.panel("digest")) == (NEXT, before)
    machine.systemctl("stop", "panel")
    dropped(path)


def test_where_nothing_was_migrated_what_was_written_since_stays(present: Machine) -> None:
    path, place = present.var / "panel.sqlite", place_of_backups(present)
    present.pack(NEXT)
    assert upgraded(present, BACKUP_TO=str(place)).code == 0
    enter(present)
    written = present.panel("digest")
    with watched(present) as silence:
        back = downgraded(present)
    print(f"back with the data of now: {silence.seconds:.1f} s without an answer")
    assert back.code == 0, f"{back.printed}\n{back.complained}"
    assert "Data tetap seperti sekarang." in back.printed
    assert (in_use(present), knows(path), left_over(present)) == (VERSION, True, [])
    assert present.panel("digest") == written
    nothing = downgraded(present)
    assert "Pengembalian tidak dimulai: tidak ada pembaruan yang dapat dibatalkan." in nothing.complained


def test_where_the_old_one_does_not_answer_any_more_the_present_one_comes_back_with_all_its_data(
    present: Machine,
) -> None:
    path, place = present.var / "panel.sqlite", place_of_backups(present)
    present.pack(NEXT, MIGRATES)
    assert upgraded(present, BACKUP_TO=str(place)).code == 0
    enter(present)
    written = present.panel("digest")
    lay_release(present, VERSION, NEVER_ANSWERS)
    back = downgraded(present, BACKUP_TO=str(place), PASTI="1")
    assert f"Pengembalian dibatalkan: versi {VERSION} tidak menjawab" in back.complained
    assert "Versi sekarang berjalan lagi dengan datanya.\n" in back.complained
    assert (in_use(present), lives(present), knows(path), left_over(present)) == (NEXT, True, True, [])
    assert present.panel("digest") == written
