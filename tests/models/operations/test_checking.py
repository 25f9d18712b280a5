"""Rows and files agree: what is missing, changed or without a row is named, with its case."""

from pathlib import Path

import pytest

from models.complaint.complaint import Complaint
from models.complaint.paper import Attachment, Paper, Print
from models.operations import restore
from models.operations.backup_making import Source
from models.operations.stored_files import CHANGED, GONE, ORPHAN, file_faults
from models.store.backups import Backup
from papers.printing import press
from tests.models.operations.made import good

pytestmark = pytest.mark.only("sqlite")


def test_an_office_at_work_has_no_fault(source: Source) -> None:
    assert file_faults(source.files) == []


def test_missing_changed_and_stray_files_are_each_listed_once(source: Source) -> None:
    piece, printed = Attachment.get(), Print.select().join(Paper).order_by(Print.paper).first()
    (source.files / piece.path).unlink()
    changed = source.files / printed.path
    changed.write_bytes(changed.read_bytes()[:-1])
    (source.files / "ab").mkdir(exist_ok=True)
    (source.files / "ab" / "left.tmp").write_bytes(b"half")
    number = Complaint.get_by_id(piece.complaint_id).number
    faults = {fault.path: (fault.fault, fault.case) for fault in file_faults(source.files)}
    assert faults == {
        piece.path: (GONE, number),
        printed.path: (CHANGED, number),
        "ab/left.tmp": (ORPHAN, ""),
    }
    assert f"bukti “foto.jpg” pada pengaduan {number}" in str(file_faults(source.files)[0])


def test_what_is_gone_comes_back_from_the_backup_that_holds_it(source: Source, elsewhere: Path) -> None:
    gone = Attachment.get().path
    (source.files / gone).unlink()
    archive = good(source, elsewhere)
    assert [made.lacking for made in Backup.select()] == [[gone]]  # named, and the rest is in the backup
    printed = Print.select().first()
    before = press.pdf_of(printed.paper_id)
    (source.files / printed.path).write_bytes(b"something else")
    assert restore.restore_stored_file(source, printed.path, str(elsewhere)) == archive.name
    assert press.pdf_of(printed.paper_id) == before
    assert [fault.path for fault in file_faults(source.files)] == [gone]
    with pytest.raises(ValueError, match="masih utuh"):
        restore.restore_stored_file(source, printed.path, str(elsewhere))
    with pytest.raises(ValueError, match="tidak ada di dalam cadangan mana pun"):
        restore.restore_stored_file(source, gone, str(elsewhere))


def test_a_name_that_is_no_stored_file_is_refused(source: Source, elsewhere: Path) -> None:
    with pytest.raises(ValueError, match="bukan nama berkas"):
        restore.restore_stored_file(source, "../panel.key", str(elsewhere))
