"""Next to the backups lies the program that reads them, without any data of the panel."""

import tarfile
from dataclasses import replace
from pathlib import Path

import pytest

from models import release
from models.operations.backup_location import UNPROVEN, ArchiveFolder
from models.operations.backup_making import Source, archive_program, program_archive_name
from tests.models.operations.made import good, names_in

pytestmark = pytest.mark.only("sqlite")


def test_the_first_backup_of_a_version_brings_the_program_along_and_no_later_one(
    source: Source, elsewhere: Path, tmp_path: Path
) -> None:
    house = tmp_path / "panel"
    for name in (
        "app.py",
        "wheels/a.whl",
        ".venv/bin/python",
        "var/panel.sqlite",
        ".git/HEAD",
        "models/.env",
        "data/x",
    ):
        (house / name).parent.mkdir(parents=True, exist_ok=True)
        (house / name).write_text("said")
    run_from_here = replace(source, program=house)
    first = good(run_from_here, elsewhere)
    assert program_archive_name() == f"panel-program-{release.version()}.tar.gz"
    packed = elsewhere / program_archive_name()
    with tarfile.open(packed) as tar:
        folder = program_archive_name().removesuffix(".tar.gz")
        files = {member.name for member in tar.getmembers() if member.isfile()}
        assert files == {f"{folder}/{name}" for name in ("app.py", "wheels/a.whl", "data/x")}
        assert {(member.uid, member.uname) for member in tar.getmembers()} == {(0, "")}
    made = packed.stat().st_mtime_ns
    second = good(run_from_here, elsewhere)
    assert packed.stat().st_mtime_ns == made
    assert names_in(elsewhere) == sorted([packed.name, second.name, f"{second.name}.json"])
    assert not first.exists()


def test_the_data_that_lie_in_the_program_s_folder_stay_where_they_are(tmp_path: Path, elsewhere: Path) -> None:
    (tmp_path / "rumah" / "data").mkdir(parents=True)
    (tmp_path / "rumah" / "data" / "panel.key").write_text("secret")
    (tmp_path / "rumah" / "app.py").touch()
    (elsewhere / f"{program_archive_name()}{UNPROVEN}").write_text("cut off")
    archive_program(ArchiveFolder(str(elsewhere)), tmp_path / "rumah", tmp_path / "rumah" / "data")
    with tarfile.open(elsewhere / program_archive_name()) as tar:
        assert [Path(name).name for name in tar.getnames() if not name.endswith("gz")][1:] == ["app.py"]
    assert names_in(elsewhere) == [program_archive_name()]


def test_a_release_lies_there_as_its_manifest_names_it_and_is_whole(tmp_path: Path, elsewhere: Path) -> None:
    """`deploy/install` takes nothing else: neither less than the manifest nor more."""
    house, named = tmp_path / "0.1.0", ("app.py", "tests/test_a.py", ".ci/apt", "bench/a.py")
    for name in (*named, ".venv/bin/python", "models/__pycache__/a.pyc", "var/panel.key"):
        (house / name).parent.mkdir(parents=True, exist_ok=True)
        (house / name).write_text("said")
    (house / "MANIFEST.sha256").write_text("".join(f"{'0' * 64}  {name}\n" for name in named))
    archive_program(ArchiveFolder(str(elsewhere)), house, tmp_path / "data")
    with tarfile.open(elsewhere / program_archive_name()) as tar:
        files = {Path(*Path(member.name).parts[1:]) for member in tar.getmembers() if member.isfile()}
    assert files == {Path(name) for name in (*named, "MANIFEST.sha256")}
