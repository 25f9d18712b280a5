"""Every version that has landed is opened, migrated, checked, read and printed by this one, on both databases."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import digest, schema
from models.case import attachments
from models.case.issued_lists import IssuedList, content_of_list
from models.complaint import event
from models.complaint.complaint import Complaint, Run
from models.complaint.number import RECAP, Number
from models.complaint.paper import Attachment, Paper, Print, content_of
from models.office import decree, wording
from models.office.lists import Kelurahan
from models.office.people import DecreeScan
from models.office.wording import Emblem
from models.reading import registerbook
from models.reading.recap_paper import RecapPaper, content_of_recap
from models.store import seal
from models.store.base import database
from models.workflow import moves
from models.workflow.proof import verified
from papers.printing import press
from sop.flow import current_procedure
from sop.vocabulary import CLOSED
from tests.admin.doors import panel_on, signed_in
from tests.corpus.kept import VERSIONS, VersionRecord, columns_said, content_of_kind, handed
from tests.office import KEY, Office, dropped, opened, owner_url_of, url_of

CHANGED_ON_PURPOSE: dict[str, str] = {
    "run.row": "a run keeps its row by key, since the number becomes another row's as soon as one is added before it",
    **dict.fromkeys(
        (f"setting.{name}" for name in ("id", "key", "value", "valid_from", "version")),
        "what the defaults said of the office has rows of its own behind the others: no other city begins with it",
    ),
}
"""Columns that a migration rewrites, as "table.column": why. What they said before is compared no more."""

of_every_version = pytest.mark.parametrize("version", VERSIONS, scope="module")


@pytest.fixture(scope="module")
def migrated(version: str, engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The version's office on the present version; nothing is open."""
    path = handed(version, engine, tmp_path_factory.mktemp(version))
    seal.install(KEY)
    schema.prepare(url_of(path), owner_url=owner_url_of(path))
    yield path
    dropped(path)


@pytest.fixture
def old_office(migrated: Path) -> Iterator[Office]:
    with opened(migrated):
        yield Office.at_work(migrated)


def compared(record: VersionRecord) -> tuple[set[str], bool]:
    """The recorded columns that say something else by now, and whether there are no more columns than then."""
    now = columns_said()
    changed = {
        f"{table}.{name}"
        for table, columns in record.columns.items()
        for name, said in columns.items()
        if now.get(table, {}).get(name) != said
    }
    return changed, {t: set(c) for t, c in now.items()} == {t: set(c) for t, c in record.columns.items()}


def test_a_version_is_kept() -> None:
    assert VERSIONS


@of_every_version
def test_a_kept_version_is_migrated_once(migrated: Path) -> None:
    assert schema.prepare(url_of(migrated), owner_url=owner_url_of(migrated)) == []


@of_every_version
def test_its_history_and_its_numbers_are_whole(version: str, old_office: Office) -> None:
    assert event.verify() == (VersionRecord.of(version).entries, "")
    assert registerbook.verify() == ""


@of_every_version
def test_its_columns_say_what_they_said(version: str, old_office: Office) -> None:
    record = VersionRecord.of(version)
    changed, same_columns = compared(record)
    assert changed - CHANGED_ON_PURPOSE.keys() == set()
    assert changed or not same_columns or digest.digest() == record.digest


@of_every_version
def test_a_column_that_says_something_else_is_named(version: str, old_office: Office) -> None:
    with database.atomic() as transaction:
        Kelurahan.update(name="Lain").where(Kelurahan.id == Kelurahan.select().first().id).execute()
        changed, _ = compared(VersionRecord.of(version))
        transaction.rollback()
    assert "kelurahan.name" in changed


@of_every_version
def test_what_its_finished_runs_took_is_counted_once(version: str, old_office: Office) -> None:
    ended = Run.select().where(Run.ended_at.is_null(False)).count()
    assert moves.count_minutes() in (0, ended)
    assert moves.count_minutes() == 0
    assert {run.minutes is None for run in Run.select().where(Run.ended_at.is_null(False))} == {False}


@of_every_version
def test_its_files_can_be_read(version: str, old_office: Office) -> None:
    pieces = list(Attachment.select().where(Attachment.path != ""))
    seals = event.open_seals({piece.complaint_id for piece in pieces})
    read = [(piece.sha256, attachments.data_of(piece, seals[piece.complaint_id])) for piece in pieces]
    read += [(scan.sha256, decree.scan_bytes(scan)) for scan in DecreeScan.select()]
    read += [(row.sha256, wording.data_of(row.sha256)) for row in Emblem.select()]
    assert len(read) >= 4
    assert [name for name, data in read if hashlib.sha256(data or b"").hexdigest() != name] == []


@of_every_version
def test_its_papers_open_to_what_was_frozen(version: str, old_office: Office) -> None:
    papers = list(Paper.select())
    seals = event.open_seals({paper.complaint_id for paper in papers})
    contents = {paper.public_id: content_of(paper, seals[paper.complaint_id]) for paper in papers}
    printed = VersionRecord.of(version).printed
    assert {kind: contents[one.paper] for kind, one in printed.items()} == {
        kind: content_of_kind(version, kind) for kind in printed
    }


@of_every_version
def test_what_is_about_no_case_opens_to_what_was_frozen_and_comes_in_the_same_bytes(
    version: str, old_office: Office
) -> None:
    for kind, printed in VersionRecord.of(version).of_no_case.items():
        model, content_of_it = (RecapPaper, content_of_recap) if kind == RECAP else (IssuedList, content_of_list)
        [paper] = model.select().join(Number).where((Number.series == kind) & (Number.text == printed.paper))
        content = content_of_it(paper)
        assert content == content_of_kind(version, kind)
        assert hashlib.sha256(press.unissued_pdf(content)).hexdigest() == printed.sha256


@of_every_version
def test_what_was_printed_comes_in_the_same_bytes_kept_or_printed_anew(version: str, old_office: Office) -> None:
    printed = VersionRecord.of(version).printed
    for kind, one in printed.items():
        handed_out = press.pdf_of(Paper.get(public_id=one.paper).id)
        assert hashlib.sha256(handed_out).hexdigest() == one.sha256, kind
        assert press.unissued_pdf(content_of_kind(version, kind)) == handed_out, kind
    assert {row.sha256 for row in Print.select()} == {one.sha256 for one in printed.values()}


@of_every_version
def test_the_present_panel_shows_and_moves_its_cases(version: str, engine: str, tmp_path: Path) -> None:
    path = handed(version, engine, tmp_path)
    visitor = signed_in(panel_on(path), "kadis")
    pages = ["/", "/pengaduan/", *(f"/pengaduan/details/?id={case.id}" for case in Complaint.select())]
    assert [page for page in pages if visitor.get(page).status_code != 200] == []
    database.close_all()
    with opened(path):
        office = Office.at_work(path)
        waiting = Complaint.get(Complaint.state == current_procedure().first)
        office.bring([waiting.id], CLOSED)
        assert press.print_queued(2) == 2
        assert verified()[1] == []
    dropped(path)
