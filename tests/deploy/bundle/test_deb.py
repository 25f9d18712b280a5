"""The package for apt: the first lays a version, a later one takes its place by deploy/upgrade or leaves it serving."""

import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.release.archive import MANIFEST, Head, with_manifest, write_archive
from bench.release.deb import NAME as PACKAGE
from bench.release.deb import build_deb
from models.release import version
from tests.deploy.bundle.released import Bundle, lay, write_manifest
from tests.deploy.caller import Caller, link_in
from tests.deploy.conftest import bare_machine
from tests.deploy.guide import DEPLOY
from tests.deploy.machine import NAME, Machine, Played
from tests.deploy.test_installer import STUBS, TYPED
from tests.deploy.test_upgrade import NEVER_READY

pytestmark = [pytest.mark.soak]
FIRST, NEXT, BROKEN = version(), "99.1.0", "99.2.0"  # later than any


@dataclass
class Office:
    """A machine with a database of packages of its own, and the archives that its packages are made of."""

    machine: Machine
    folder: Path

    def deb(self, number: str, changed: dict[str, str] | None = None) -> Path:
        """The package of a version, which is the house but for what is changed in it."""
        tree = self.machine.root / "made" / f"panel-{number}"
        shutil.rmtree(tree, ignore_errors=True)
        shutil.copytree(self.folder, tree, copy_function=_linked)
        news = self.folder / "CHANGELOG.md"
        for name, text in {"CHANGELOG.md": f"## {number}\n\n{news.read_text()}", **(changed or {})}.items():
            (tree / name).unlink()
            (tree / name).write_text(text)
        write_manifest(tree)
        archive = tree.parent / f"{tree.name}.tar.gz"
        with tarfile.open(archive, "w:gz", compresslevel=1) as packed:
            packed.add(tree, tree.name)
        return build_deb(archive, number, 0, DEPLOY / "debian")

    def dpkg(self, *words: str) -> Played:
        """On this machine's own database of packages; its scripts get the machine's root instead of /."""
        place = self.machine.root / "mnt/cadangan/panel"
        call = f"dpkg --root={self.machine.root} --force-script-chrootless --force-depends {' '.join(words)}"
        return self.machine.play(call, BACKUP_TO=str(place), WAIT="60")

    def in_use(self) -> str:
        return (self.machine.place / "current").resolve().name

    def releases(self) -> list[str]:
        return sorted(path.name for path in (self.machine.place / "releases").iterdir())


def _linked(source: str, target: str) -> None:
    """The wheels are large and never changed; the rest is copied."""
    if "/wheels/" in source:
        Path(target).hardlink_to(source)
    else:
        shutil.copy2(source, target)


@pytest.fixture(scope="module")
def office(bundle: Bundle) -> Iterator[Office]:
    with bare_machine() as machine:
        for name, line in STUBS.items():
            machine._stub(name, line.format(root=machine.root))
        (machine.root / "calls").touch()
        for name in ("updates", "info", "triggers"):
            (machine.root / "var/lib/dpkg" / name).mkdir(parents=True)
        (machine.root / "var/lib/dpkg/status").touch()
        place = machine.root / "mnt/cadangan/panel"
        place.mkdir(parents=True)
        shutil.chown(place, "nobody", "nogroup")
        yield Office(machine, lay(machine, bundle.archive, machine.root / "root"))


def lives(machine: Machine) -> bool:
    address = f"http://127.0.0.1:{machine.inside}/health/live"
    return subprocess.run(["curl", "--silent", "--fail", address], capture_output=True, check=False).returncode == 0


def test_the_first_says_what_is_next_and_the_later_ones_go_through_the_upgrade(office: Office, tmp_path: Path) -> None:
    machine = office.machine
    laid = office.dpkg("-i", str(office.deb(FIRST)))
    assert laid.code == 0, f"{laid.printed}\n{laid.complained}"
    code = machine.release(FIRST)
    assert f"{code}/deploy/install NAMA" in laid.printed
    assert (code / MANIFEST).exists()
    assert not (machine.place / "current").exists()
    done = machine.play(f"{code}/deploy/install {NAME}")
    assert done.code == 0, f"{done.printed}\n{done.complained}\n{machine.journal()}"
    caller = Caller(machine, tmp_path / "jar")
    caller.ask(link_in(done.printed, "/pengelola-pertama"))
    assert caller.send("/pengelola-pertama", "username", **TYPED).code == 303

    upgraded = office.dpkg("-i", str(office.deb(NEXT)))
    assert upgraded.code == 0, f"{upgraded.printed}\n{upgraded.complained}\n{machine.journal()}"
    assert f"Versi {NEXT} berjalan" in upgraded.printed
    assert (office.in_use(), office.releases(), lives(machine)) == (NEXT, [FIRST, NEXT], True)
    assert (machine.release(FIRST) / ".venv/bin/python").exists()  # the way back
    assert [path.name for path in (machine.root / "usr/share" / PACKAGE).iterdir()] == [f"panel-{NEXT}.tar.gz"]

    before = machine.panel("digest")
    failed = office.dpkg("-i", str(office.deb(BROKEN, NEVER_READY)))
    assert failed.code != 0
    assert f"Panel Pengaduan tidak diperbarui ke {BROKEN}" in failed.complained
    assert f"error processing package {PACKAGE}" in failed.complained
    assert (office.in_use(), lives(machine), machine.panel("digest")) == (NEXT, True, before)

    removed = office.dpkg("--remove", PACKAGE)
    assert removed.code == 0, removed.complained
    assert "dibiarkan" in removed.printed
    assert office.dpkg("--purge", PACKAGE).code == 0
    assert (office.in_use(), lives(machine), machine.panel("digest")) == (NEXT, True, before)
    assert {FIRST, NEXT} <= set(office.releases())
    assert caller.ask("/").code == 200


def test_the_same_archive_makes_the_same_package_and_lintian_finds_no_error(tmp_path: Path) -> None:
    subprocess.run([DEPLOY.parent / ".ci/apt", "lintian:lintian"], check=True)
    head = Head("c" * 40, 1_700_000_000, FIRST)
    archive = write_archive(tmp_path / f"panel-{FIRST}.tar.gz", with_manifest({"app.py": (b"", False)}), head)
    made = build_deb(archive, FIRST, head.at, DEPLOY / "debian")
    before = made.read_bytes()
    assert build_deb(archive, FIRST, head.at, DEPLOY / "debian").read_bytes() == before
    done = subprocess.run(["lintian", "--fail-on", "error", made], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
