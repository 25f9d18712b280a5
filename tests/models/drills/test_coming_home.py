"""A kill or a failure at any step while a paper comes home: no half of it is left, and done again it is done once."""

from pathlib import Path
from typing import Any

import pytest

from models.complaint.returned import PaperCopy, ReturnedFile, ReturnedPage
from models.operations.stored_files import ORPHAN, file_faults
from tests.models.drills.coming_home import IN_PARTS, USE_CASES, confirming_scan
from tests.models.drills.stops import Chosen, every, few, standing, stopped
from tests.models.drills.test_stops import sound
from tests.office import Office

ACTS = {**USE_CASES, **IN_PARTS}


def came_home() -> tuple[Any, ...]:
    """All that is stored, and what became of each file as its sender reads it."""
    listed = (ReturnedFile.state, ReturnedFile.sentence, ReturnedFile.paper, ReturnedFile.path != "")
    copies = (PaperCopy.paper, PaperCopy.kind, PaperCopy.sha256, PaperCopy.signatures)
    pages = (ReturnedPage.file, ReturnedPage.place, ReturnedPage.paper, ReturnedPage.path != "")
    return standing(), *(sorted(map(repr, rows[0].model.select(*rows).tuples())) for rows in (listed, copies, pages))


def drill(office: Office, name: str, chosen: Chosen, *, killed: bool) -> int:
    return stopped(
        office.path,
        ACTS[name](office),
        chosen,
        says=came_home,
        check=sound(office),
        in_parts=name in IN_PARTS,
        killed=killed,
    )


@pytest.mark.nightly(engine=["postgresql"])
@pytest.mark.parametrize("name", ACTS)
def test_a_kill_halfway_leaves_no_half_of_it_and_it_goes_on_after_a_restart(still: Office, name: str) -> None:
    assert drill(still, name, few, killed=True) == 2


@pytest.mark.soak
@pytest.mark.parametrize("killed", [False, True], ids=["fails", "killed"])
@pytest.mark.parametrize("name", ACTS)
def test_what_ends_at_any_step_is_not_half_done(still: Office, name: str, killed: bool) -> None:
    count = drill(still, name, every, killed=killed)
    print(f"{name}: {count} stops")
    assert count >= 4


@pytest.mark.nightly(engine=["postgresql"])
def test_undisturbed_nothing_is_left_beside_what_rows_name(still: Office) -> None:
    for name in ACTS:
        ACTS[name](still)()
        assert file_faults(still.path.parent / "files") == [], name


@pytest.mark.nightly(engine=["postgresql"])
def test_what_cannot_be_deleted_is_left_and_named_and_the_scan_is_stored(
    still: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    confirm, folder = confirming_scan(still), still.path.parent / "files"
    lying = {page.path for page in ReturnedPage.select()}

    def refuse(path: Path, **_: bool) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    with monkeypatch.context() as patched:
        patched.setattr(Path, "unlink", refuse)
        confirm()
    assert PaperCopy.select().count() == 1
    [left] = file_faults(folder)
    assert (left.fault, left.path in lying) == (ORPHAN, True)
