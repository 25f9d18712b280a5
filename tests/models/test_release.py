"""Which version this is: said by the list of changes and by pyproject.toml alike, in the form that a server reads."""

import re
import tomllib
from datetime import date
from pathlib import Path

from models.operations.environment_checks import DATED
from models.release import HOUSE, UNKNOWN, version

CHANGES = (HOUSE / "CHANGELOG.md").read_text(encoding="utf-8")
SECTIONS = {"Ditambahkan", "Diubah", "Usang", "Dihapus", "Diperbaiki", "Keamanan"}  # Keep a Changelog's, in Indonesian


def numbered(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))


def test_the_list_of_changes_and_the_project_s_own_file_name_one_version() -> None:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == version()


def test_each_version_is_dated_and_the_latest_stands_first() -> None:
    headings = re.findall(r"^## (.+)$", CHANGES, re.MULTILINE)
    named = [re.fullmatch(r"(\d+\.\d+\.\d+) – (\d{4}-\d{2}-\d{2})", heading) for heading in headings]
    assert all(named)
    versions = [(numbered(one[1]), date.fromisoformat(one[2])) for one in named if one]
    assert versions == sorted(versions, reverse=True)
    assert len({number for number, _ in versions}) == len(versions)
    assert DATED.search(CHANGES)


def test_a_version_lists_its_changes_in_the_usual_sections() -> None:
    assert set(re.findall(r"^### (.+)$", CHANGES, re.MULTILINE)) <= SECTIONS
    for part in re.split(r"^## ", CHANGES, flags=re.MULTILINE)[1:]:
        assert part.partition("\n- ")[0].rstrip().rpartition("\n")[2].startswith("### ")


def test_a_folder_without_a_list_of_changes_is_of_no_version(tmp_path: Path) -> None:
    assert version(tmp_path) == UNKNOWN
