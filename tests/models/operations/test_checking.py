"""Rows and files agree: what is gone, changed or nobody's is named, with the case that it is of."""

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


def test_gone_changed_and_stray_files_are_each_told_once(source: Source) -> None:
    piece, kept = Attachment.get(), Print.select().join(Paper).order_by(Print.paper).first()
    (source.files / piece.path).unlink()
    changed = source.files / kept.path
    changed.write_bytes(changed.read_bytes()[:-1])
    (source.files / "ab").mkdir(exist_ok=True)
    (source.files / "ab" / "left.tmp").write_bytes(b"half")
    number = Complaint.get_by_id(piece.complaint_id).number
    found = {fault.path: (fault.fault, fault.case) for fault in file_faults(source.files)}
    assert found == {
        piece.path: (GONE, number),
        kept.path: (CHANGED, number),
        "ab/left.tmp": (ORPHAN, ""),
    }
    assert f"bukti “foto.jpg” pada pengaduan {number}" in str(file_faults(source.files)[0])


def test_what_is_gone_comes_back_from_the_backup_that_holds_it(source: Source, elsewhere: Path) -> None:
    gone = Attachment.get().path
    (source.files / gone).unlink()
    archive = good(source, elsewhere)
    assert [made.lacking for made in Backup.select()] == [[gone]]  # named, and the rest is kept
    kept = Print.select().first()
    before = press.pdf_of(kept.paper_id)
    (source.files / kept.path).write_bytes(b"something else")
    assert restore.restore_stored_file(source, kept.path, str(elsewhere)) == archive.name
    assert press.pdf_of(kept.paper_id) == before
    assert [fault.path for fault in file_faults(source.files)] == [gone]
    with pytest.raises(ValueError, match="masih utuh"):
        restore.restore_stored_file(source, kept.path, str(elsewhere))
    with pytest.raises(ValueError, match="tidak ada di dalam cadangan mana pun"):
        restore.restore_stored_file(source, gone, str(elsewhere))


def test_a_name_that_is_no_kept_file_is_refused(source: Source, elsewhere: Path) -> None:
    with pytest.raises(ValueError, match="bukan nama berkas"):
        restore.restore_stored_file(source, "../panel.key", str(elsewhere))
