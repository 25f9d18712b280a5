"""`make release`: the archive is signed, says what is in it, and is installed without a network."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from bench.release.wheels import PINNED
from tests import sixth_row
from tests.deploy.bundle.released import FOLDER, WHO, Bundle, unpack, write_manifest
from tests.deploy.guide import HOUSE
from tests.deploy.machine import PYTHON

pytestmark = [pytest.mark.soak]
ADDED = (
    "JANJI-TERUJI.txt",
    "LISENSI-PIHAK-KETIGA.txt",
    "MANIFEST.sha256",
    "RILIS.txt",
    "requirements.lock",
    "sbom.json",
)
LESSER = ("psycopg ", "psycopg-binary ", "num2words ", "svglib ", "libheif, pustaka", "libde265, pustaka")


@pytest.fixture(scope="module")
def unpacked(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack(bundle.archive, tmp_path_factory.mktemp("server"))


def checked(folder: Path, bundle: Bundle) -> list[bool]:
    """The two commands of the guide: the signature, then the sums."""
    verify = ["gpg", "--batch", "--verify", "SHA256SUMS.asc", "SHA256SUMS"]
    sums = ["sha256sum", "--check", "--ignore-missing", "SHA256SUMS"]
    env = bundle.environment()
    return [
        subprocess.run(asked, cwd=folder, env=env, capture_output=True, check=False).returncode == 0
        for asked in (verify, sums)
    ]


def offline(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """In a network of its own, in which there is nothing."""
    env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": str(folder.parent)}
    apart = ["unshare", "--net", *words]
    return subprocess.run(apart, cwd=folder, env=env, capture_output=True, text=True, check=False)


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_its_signature_and_sums_are_right_and_one_changed_byte_is_found(bundle: Bundle, tmp_path: Path) -> None:
    for path in bundle.folder.iterdir():
        shutil.copy(path, tmp_path)
    assert checked(tmp_path, bundle) == [True, True]
    archive = tmp_path / bundle.archive.name
    data = bytearray(archive.read_bytes())
    data[len(data) // 2] ^= 1
    archive.write_bytes(data)
    assert checked(tmp_path, bundle) == [True, False]
    (tmp_path / "SHA256SUMS").write_text(f"{'0' * 64}  {archive.name}\n")
    assert checked(tmp_path, bundle) == [False, False]


def test_it_is_made_of_a_commit_alone_and_never_unsigned_by_mistake(bundle: Bundle) -> None:
    before = bundle.archive.stat()
    assert "No release without a signature" in bundle.make().stderr
    assert "no secret key of nobody@nowhere.example" in bundle.make(GPG_KEY="nobody@nowhere.example").stderr
    (bundle.tree / "app.py").write_text("changed")
    assert "in no commit" in bundle.make(UNSIGNED="1").stderr
    shutil.copy(HOUSE / "app.py", bundle.tree / "app.py")
    assert bundle.archive.stat() == before


def test_the_same_commit_makes_the_same_bytes(bundle: Bundle) -> None:
    before = bundle.archive.read_bytes()
    assert bundle.make(GPG_KEY=WHO).returncode == 0
    assert bundle.archive.read_bytes() == before


def test_it_holds_the_code_in_one_folder_and_all_of_it_is_in_the_manifest(bundle: Bundle, unpacked: Path) -> None:
    assert [str(name) for name in sixth_row.files() if not (unpacked / name).is_file()] == []
    assert [name for name in ADDED if not (unpacked / name).is_file()] == []
    done = subprocess.run(["sha256sum", "--check", "--quiet", "MANIFEST.sha256"], cwd=unpacked, check=False)
    assert done.returncode == 0
    listed = subprocess.run(["tar", "-tzf", bundle.archive], capture_output=True, text=True, check=True).stdout.split()
    assert {name.split("/")[0] for name in listed} == {FOLDER}
    assert len(listed) == len((unpacked / "MANIFEST.sha256").read_text().splitlines()) + 1


def test_it_says_what_comes_with_it_under_which_licence_and_what_was_tested(unpacked: Path) -> None:
    pinned = PINNED.findall((HOUSE / "requirements.txt").read_text())
    assert len(json.loads((unpacked / "sbom.json").read_text())["components"]) == len(pinned)
    licences = (unpacked / "LISENSI-PIHAK-KETIGA.txt").read_text()
    lesser, _, full = licences.partition("== BAGIAN BERLISENSI GPL ==")
    assert [name for name in LESSER if f"\n- {name}" not in lesser] == []
    assert "\n- x265, pustaka di dalam" in full
    listed = re.findall(r"^([\w.-]+) (\S+): \S", licences.partition("== SEMUA PAKET ==")[2], re.MULTILINE)
    named = {(plain(name), version) for name, version in listed}
    assert {(plain(name), version) for name, version in pinned} == named
    assert "tidak disebut namanya" not in licences
    promises = (unpacked / "JANJI-TERUJI.txt").read_text()
    assert "Tidak satu pun dari" in promises  # its commit is of this test alone
    assert "tidak mempunyai catatan sama sekali: T" in promises


def test_it_is_installed_without_a_network_and_runs(unpacked: Path) -> None:
    done = offline(unpacked, "bash", "-c", f"umask 077 && make ready PYTHON={PYTHON}")
    assert done.returncode == 0, done.stderr
    shut = [path for path in (unpacked / ".venv").rglob("*") if not path.stat().st_mode & 0o004]
    assert [*shut, *(path for path in unpacked.rglob("__pycache__") if not path.stat().st_mode & 0o004)] == []
    assert "Memasang paket dari wheels/, tanpa internet" in done.stdout
    assert offline(unpacked, ".venv/bin/python", "-c", "import app").returncode == 0
    listed = json.loads(offline(unpacked, ".venv/bin/python", "-m", "pip", "list", "--format=json").stdout)
    there = {(plain(package["name"]), package["version"]) for package in listed}
    pinned = PINNED.findall((unpacked / "requirements.txt").read_text())
    assert {(plain(name), version) for name, version in pinned} - there == set()


def test_a_wheel_that_was_changed_is_not_installed_nor_made_good_from_elsewhere(unpacked: Path) -> None:
    wheel = next((unpacked / "wheels").glob("six-*.whl"))
    original = wheel.read_bytes()
    wheel.write_bytes(original + b"\n")
    shutil.rmtree(unpacked / ".venv", ignore_errors=True)
    done = offline(unpacked, "make", "ready", f"PYTHON={PYTHON}")
    assert done.returncode != 0
    assert f"wheels/{wheel.name} (berubah)" in done.stderr
    write_manifest(unpacked)  # as an attacker who changes one would
    done = offline(unpacked, "make", "ready", f"PYTHON={PYTHON}")
    wheel.write_bytes(original)
    write_manifest(unpacked)
    assert done.returncode != 0
    assert "periksa tanda tangannya" in done.stderr
    assert not (unpacked / ".venv/.requirements").exists()
