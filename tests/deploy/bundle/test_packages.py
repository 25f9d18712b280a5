"""deploy/packages: which packages a folder takes, with a stand-in for pip; and what the scripts of a release are."""

import subprocess
from email.message import Message
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bench.release import archive, licences, signing, trusted
from bench.release.archive import Head
from tests.deploy.guide import DEPLOY
from tests.deploy.test_units import parses
from tests.trust.page import Runs

KIND = "cpython-313 x86_64"
PYTHON = f"""#!/bin/sh
case "$*" in
-c*) echo {KIND};;
*) echo "$*" >> "$0.calls"; case "$*" in *"$BROKEN"*) exit 1;; esac;;
esac
"""
FROM_PYPI = "-m pip --disable-pip-version-check install --quiet -r requirements.txt"


@pytest.mark.parametrize(
    ("shell", "name"), [("bash", "install"), ("bash", "packages"), ("sh", "debian/postinst"), ("sh", "debian/postrm")]
)
def test_the_scripts_parse_and_may_be_run(shell: str, name: str) -> None:
    parses(shell, (DEPLOY / name).read_text(encoding="utf-8"))
    assert (DEPLOY / name).stat().st_mode & 0o111 == 0o111


@pytest.fixture
def release(tmp_path: Path) -> Path:
    """A folder with wheels, and a Python that records the calls of pip."""
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy/packages").write_text((DEPLOY / "packages").read_text(encoding="utf-8"))
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels/UNTUK").write_text(f"{KIND}\n")
    (tmp_path / "requirements.lock").touch()
    (tmp_path / "python").write_text(PYTHON)
    (tmp_path / "python").chmod(0o755)
    return tmp_path


def installed(folder: Path, broken: str = "nothing of that kind") -> tuple[int, str, list[str]]:
    """Its exit code, its output, and the calls of pip."""
    script = ["bash", folder / "deploy/packages", folder / "python"]
    env = {"PATH": "/usr/bin:/bin", "BROKEN": broken}
    done = subprocess.run(script, env=env, capture_output=True, text=True, check=False)
    log = folder / "python.calls"
    return done.returncode, done.stdout + done.stderr, log.read_text().splitlines() if log.exists() else []


def test_wheels_that_fit_are_all_that_is_taken_and_each_by_its_hash(release: Path) -> None:
    code, said, [call] = installed(release)
    assert code == 0
    assert "tanpa internet" in said
    assert "--no-index --find-links wheels --require-hashes -r requirements.lock" in call


def test_wheels_that_do_not_match_their_hashes_stop_it(release: Path) -> None:
    code, said, calls = installed(release, broken="--require-hashes")
    assert (code, len(calls)) == (1, 1)
    assert "periksa tanda tangannya" in said


@pytest.mark.parametrize("lacking", ["wheels", "wheels/UNTUK", "requirements.lock", "another Python"])
def test_without_wheels_that_fit_it_says_why_and_asks_pypi(release: Path, lacking: str) -> None:
    if lacking == "another Python":
        (release / "wheels/UNTUK").write_text("cpython-311 x86_64\n")
    elif lacking == "wheels":
        (release / "wheels").rename(release / "gone")
    else:
        (release / lacking).unlink()
    code, said, calls = installed(release)
    assert (code, calls) == (0, [FROM_PYPI])
    assert "diambil dari PyPI" in said
    assert lacking != "another Python" or f"dibuat untuk cpython-311 x86_64, sedangkan di sini {KIND}" in said


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ({}, "No release without a signature"),
        ({"MINISIGN_KEY": "a"}, "minisign is not"),
        ({"GPG_KEY": "a"}, "gpg is not"),
    ],
)
def test_a_release_is_signed_or_said_to_be_unsigned(
    named: dict[str, str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("MINISIGN_KEY", "GPG_KEY", "UNSIGNED"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(signing.shutil, "which", lambda tool: None)
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValueError, match=sentence):
        signing.signer_named()
    monkeypatch.setenv("UNSIGNED", "1")
    if not named:
        assert signing.signer_named().office_text.startswith("TIDAK ADA")


def test_an_archive_is_the_same_bytes_in_whatever_order_its_files_come(tmp_path: Path) -> None:
    head = Head("c" * 40, 1_700_000_000, "0.1.0")
    files = {"b.txt": (b"two", False), "a.sh": (b"one", True)}
    first = archive.write_archive(tmp_path / "first", archive.with_manifest(files), head).read_bytes()
    turned = archive.with_manifest(dict(reversed(files.items())))
    assert archive.write_archive(tmp_path / "second", turned, head).read_bytes() == first


class Package:
    """A distribution with these words about itself and these files."""

    def __init__(self, folder: Path, said: dict[str, str], files: dict[str, str]) -> None:
        self.name, self.version, self._folder, self.metadata = "contoh", "1.0", folder, Message()
        for name, value in said.items():
            self.metadata[name] = value
        self.files = list(files)
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)

    def locate_file(self, path: str) -> Path:
        return self._folder / path


BUNDLED = """License for binary wheels: GPLv2.

Name: libsatu
License: LGPLv3
Files: libsatu.[dylib|so|dll]
  For details, see https://a.example/COPYING
  Source code: https://a.example/1.0

Name: MinGW (Windows wheels only)
License: GPL-3.0-with-GCC-exception
Files: libgcc_s_seh-1.dll
"""


@pytest.mark.parametrize(
    ("said", "files", "licence"),
    [
        ({"License-Expression": "LGPL-3.0-only", "License": "MIT"}, {}, "LGPL-3.0-only"),
        ({"Classifier": "License :: OSI Approved :: MIT License", "License": "Copyright 2010 X"}, {}, "MIT License"),
        ({}, {"contoh.dist-info/LICENSE": "Permission is hereby granted, free\nof charge, to"}, "MIT"),
        ({}, {"contoh/LICENSE": "Permission is hereby granted, free of charge"}, licences.UNNAMED),
    ],
)
def test_a_licence_is_what_the_package_says_of_itself(
    tmp_path: Path, said: dict[str, str], files: dict[str, str], licence: str
) -> None:
    package: Any = Package(tmp_path, said, files)
    assert licences.licence_of(package) == licence
    assert bool(list(licences.copyleft_parts(package))) == licence.startswith("LGPL")


def test_what_a_wheel_brings_along_under_the_lgpl_is_named_with_its_source(tmp_path: Path) -> None:
    package: Any = Package(tmp_path, {"License-Expression": "MIT"}, {"contoh.dist-info/licenses/LICENSES": BUNDLED})
    [part] = licences.copyleft_parts(package)
    assert (part.where, part.licence) == ("libsatu, pustaka di dalam contoh 1.0", "LGPLv3")
    assert part.source == "https://a.example/1.0"


def test_a_promise_without_a_recorded_run_is_named_before_all_else(monkeypatch: pytest.MonkeyPatch) -> None:
    runs = {"T1": Runs(day="7 passed, 0.2 minutes, 1111111"), "T3": Runs(night="3 passed, 82.7 minutes, 2222222")}
    monkeypatch.setattr(trusted, "recorded", lambda text: runs)
    monkeypatch.setattr(trusted, "git", lambda *words: "")
    monkeypatch.setattr(trusted, "_age", lambda tested, commit: trusted.THIS if tested == "1111111" else trusted.BEFORE)
    promises = [SimpleNamespace(key=key, says=f"{key}.", turn=trusted.Turn.DUE) for key in ("T1", "T2", "T3")]
    monkeypatch.setattr(trusted, "PROMISES", promises)
    head, _, rest = trusted.text(Head("c" * 40, 0, "0.1.0")).partition("T1: ")
    assert "1 dari 3 janji" in head
    assert "1 tidak mempunyai catatan sama sekali: T2." in head
    assert "siang: 7 ujian lulus, 0.2 menit, pada kode ini (1111111)" in rest
    assert "malam: 3 ujian lulus, 82.7 menit, pada kode lama (2222222)" in rest
    assert "T2: T2.\n  siang: tidak ada catatan\n  malam: tidak ada catatan" in rest
