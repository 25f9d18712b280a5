"""`make upgrade`: from the first version that was kept, with its data, to the present one; or back, with all of it."""

import json
import os
import shutil
import signal
import time

import pytest

from tests.deploy import guide
from tests.deploy.machine import Machine
from tests.deploy.releases import (
    CUT_OFF,
    DIES,
    FIRST,
    NEVER_ANSWERS,
    NEVER_READY,
    NEXT,
    NO_START_PAGE,
    VERSION,
    downgraded,
    in_use,
    lay_release,
    left_over,
    lives,
    place_of_backups,
    process,
    put_to_work,
    upgraded,
    watched,
)
from tests.deploy.systemctl import is_running
from tests.office import dropped
from tests.patience import wait_until

pytestmark = [pytest.mark.soak]
LAST = "Versi lama tetap berjalan.\n"
FAILING = {
    # what the new version does: (what it is made of, how long it is waited for, what is said of it)
    "its migration dies": (DIES, 900, "Versi yang dicoba berhenti sebelum siap."),
    "it is never ready": (NEVER_READY, 60, "Versi yang dicoba tidak siap: Tidak pernah siap."),
    "its start page is broken": (NO_START_PAGE, 900, "menjawab 500."),
}


def test_the_first_version_s_office_goes_on_under_the_present_one(first: Machine) -> None:
    first.pack(NEXT)
    with watched(first) as silence:
        done = upgraded(first)
    print(f"an upgrade with all migrations: {silence.seconds:.1f} s without an answer")
    assert done.code == 0, f"{done.printed}\n{done.complained}"
    assert f"Versi {NEXT} berjalan." in done.printed
    assert (in_use(first), lives(first), left_over(first)) == (NEXT, True, [])
    assert "Riwayat utuh" in first.panel("verify")
    assert first.release(FIRST).is_dir()
    record = json.loads((first.place / "pembaruan.json").read_text())
    assert (record["lama"], record["baru"], record["bermigrasi"]) == (FIRST, NEXT, "ya")
    assert "Pengembalian tidak dimulai: versi itu belum mengenal cadangan" in downgraded(first).complained


@pytest.mark.parametrize("failure", FAILING)
def test_a_version_that_fails_on_the_copy_costs_no_second_of_service(first: Machine, failure: str) -> None:
    changed, wait, words = FAILING[failure]
    before = first.panel("digest"), process(first)
    first.pack(NEXT, changed)
    with watched(first) as silence:
        done = upgraded(first, WAIT=str(wait))
    assert done.code != 0
    assert words in done.complained
    assert "Pembaruan tidak dimulai: versi baru tidak lulus percobaan" in done.complained
    assert LAST in done.complained
    assert (in_use(first), left_over(first)) == (FIRST, [])
    assert (first.panel("digest"), process(first)) == before
    assert silence.seconds == 0


def test_a_version_that_does_not_answer_in_its_place_is_replaced_by_the_old_one(first: Machine) -> None:
    before = first.panel("digest")
    first.pack(NEXT, NEVER_ANSWERS)
    with watched(first) as silence:
        done = upgraded(first)
    print(f"a version that dies in its place: {silence.seconds:.1f} s without an answer")
    assert f"Pembaruan dibatalkan: versi {NEXT} tidak menjawab" in done.complained
    assert "Versi lama berjalan lagi dengan datanya.\n" in done.complained
    assert (in_use(first), lives(first), left_over(first)) == (FIRST, True, [])
    assert first.panel("digest") == before
    assert "Riwayat utuh" in first.panel("verify")


def test_on_postgresql_it_is_tried_on_a_copy_and_goes_on_at_the_next_try(unused: Machine) -> None:
    path = put_to_work(unused, FIRST, "postgresql")
    before = unused.panel("digest")
    unused.pack(NEXT, DIES)
    with watched(unused) as silence:
        failed = upgraded(unused)
    assert "versi baru tidak lulus percobaan" in failed.complained, failed.complained
    assert (in_use(unused), silence.seconds, unused.panel("digest")) == (FIRST, 0, before)
    shutil.rmtree(unused.release(NEXT))
    unused.pack(NEXT)
    done = upgraded(unused)
    assert done.code == 0, f"{done.printed}\n{done.complained}"
    assert (in_use(unused), left_over(unused)) == (NEXT, [])
    assert "Riwayat utuh" in unused.panel("verify")
    unused.systemctl("stop", "panel")
    dropped(path)


def test_one_that_cannot_even_be_read_is_refused_while_the_old_one_serves(first: Machine) -> None:
    before = process(first)
    first.pack(NEXT, {"app.py": "import nothing_of_that_name\n"})
    done = upgraded(first)
    assert "Pembaruan tidak dimulai: versi baru tidak dapat dijalankan" in done.complained
    assert LAST in done.complained
    assert (process(first), lives(first)) == (before, True)


def test_an_old_one_that_is_itself_unready_is_not_stopped_and_goes_only_where_that_is_meant(
    present: Machine,
) -> None:
    present.systemctl("stop", "panel")
    lay_release(present, VERSION, NEVER_READY)
    present.systemctl("start", "panel")
    wait_until(lambda: lives(present))
    place, before = place_of_backups(present), process(present)
    present.pack(NEXT, NEVER_READY)
    began = time.monotonic()
    refused = upgraded(present, WAIT="40", BACKUP_TO=str(place))
    print(f"an unready old version is refused after {time.monotonic() - began:.1f} s")
    assert "Pembaruan tidak dimulai: versi lama sendiri belum siap: Tidak pernah siap." in refused.complained
    assert LAST in refused.complained
    assert (process(present), list(place.iterdir())) == (before, [])
    done = upgraded(present, BACKUP_TO=str(place), MESKI_BELUM_SIAP="1")
    assert done.code == 0, f"{done.printed}\n{done.complained}"
    assert "Itu tidak dihitung bagi versi baru." in done.printed
    assert (in_use(present), lives(present)) == (NEXT, True)


def test_where_nothing_answers_it_does_not_say_that_the_old_one_serves(present: Machine) -> None:
    present.systemctl("stop", "panel")
    app = present.release(VERSION) / "app.py"
    app.write_text("import nothing_of_that_name\n")
    present.pack(NEXT)
    done = upgraded(present)
    assert "Pembaruan tidak dimulai: yang dipakai sekarang tidak berjalan. Versi lama tidak menjawab" in done.complained
    assert LAST not in done.complained


def test_one_that_was_cut_off_in_the_middle_is_taken_back_at_the_next_try(first: Machine) -> None:
    """As when the power goes: once the new version has migrated, all processes of the upgrade end at once."""
    before = first.panel("digest")
    first.pack(NEXT, CUT_OFF)
    first.furnish(NEXT, first.place / "current/.venv")
    with first.begin(guide.commands()[guide.UPGRADE]) as script:
        wait_until((first.var / "uji").exists)
        os.killpg(script.pid, signal.SIGKILL)
    assert (in_use(first), is_running(first.root)) == (FIRST, False)
    again = first.play(guide.commands()[guide.UPGRADE])
    assert "pembaruan sebelumnya terputus" in again.complained
    assert (in_use(first), lives(first), left_over(first)) == (FIRST, True, [])
    assert first.panel("digest") == before


def test_without_a_proven_backup_none_is_begun_and_with_one_it_is(present: Machine) -> None:
    present.pack(NEXT)
    refused = upgraded(present)
    assert "Pembaruan tidak dimulai: belum ada cadangan yang teruji" in refused.complained
    assert (in_use(present), lives(present)) == (VERSION, True)
    place = place_of_backups(present)
    done = upgraded(present, BACKUP_TO=str(place))
    assert done.code == 0, f"{done.printed}\n{done.complained}"
    assert (in_use(present), lives(present)) == (NEXT, True)
    assert len(list(place.glob("panel-*.cadangan"))) == 1
