"""An exempt archive stays in the place of the backups until its day has passed, whatever else is removed there."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from models.operations import backup_making
from models.operations.backup_location import RESULT, ArchiveFolder, archive_name
from models.operations.backup_making import EXEMPT, EXEMPT_FOR, Spans, apply_retention, exempt_from_retention
from models.store.base import now

KEY = bytes(32)


@pytest.fixture
def place(tmp_path: Path) -> ArchiveFolder:
    return ArchiveFolder(str(tmp_path))


def lay(place: ArchiveFolder, *ago: timedelta) -> list[str]:
    """An archive of each of these moments, with its result file."""
    names = [archive_name(now() - back) for back in ago]
    for name in names:
        for suffix in ("", RESULT):
            (Path(place.folder) / f"{name}{suffix}").touch()
    return names


def thinned(place: ArchiveFolder) -> list[str]:
    """What is left once a backup has been made after all others."""
    [latest] = lay(place, timedelta(0))
    apply_retention(place, Spans(1, 0, 0), KEY, latest, set(place.archives()))
    return [name for name in place.archives() if name != latest]


def test_the_archive_of_before_outlives_later_ones_of_the_same_day(place: ArchiveFolder) -> None:
    before, _, _ = lay(place, timedelta(seconds=9), timedelta(seconds=6), timedelta(seconds=3))
    exempt_from_retention(place, before, "sebelum pembaruan ke 0.2.0", now().date() + EXEMPT_FOR)
    assert [thinned(place), thinned(place)] == [[before], [before]]
    exemption = json.loads((Path(place.folder) / f"{before}{EXEMPT}").read_text())
    assert exemption["why"] == "sebelum pembaruan ke 0.2.0"


def test_on_its_last_day_it_stays_and_on_the_next_it_is_removed_with_its_other_files(
    place: ArchiveFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    [before] = lay(place, timedelta(days=2))
    last = now().date() + EXEMPT_FOR
    exempt_from_retention(place, before, "", last)
    for days, left in ((30, [before]), (31, [])):
        monkeypatch.setattr(backup_making, "now", lambda ahead=days: now() + timedelta(days=ahead))
        assert thinned(place) == left
    assert [name for name in place.names() if name.startswith(before)] == []


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"{}", b'{"until": null}', b'{"until": "besok"}'])
def test_one_whose_day_cannot_be_read_stays(place: ArchiveFolder, content: bytes) -> None:
    [before] = lay(place, timedelta(days=2))
    (Path(place.folder) / f"{before}{EXEMPT}").write_bytes(content)
    assert thinned(place) == [before]
