"""A file that is gone, evidence or print, says so on its case's page, with its hash and the backup that holds it."""

from datetime import timedelta

from models.complaint.paper import Attachment, Paper, Print
from models.store.backups import Backup
from models.store.base import now
from tests.models.case.evidence import photo, received


def lost(office) -> Attachment:
    """A piece of evidence whose file somebody has removed."""
    received(office, photo())
    piece = Attachment.get(Attachment.path != "")
    (office.path.parent / "files" / piece.path).unlink()
    return piece


def page(at, piece: Attachment) -> str:
    return at("petugas").text(f"/pengaduan/details/?id={piece.complaint_id}")


def test_what_lies_where_it_was_stored_is_a_link(at, office):
    case = received(office, photo())
    answer = at("petugas").get(f"/pengaduan/details/?id={case}").text
    assert "/lampiran/" in answer
    assert "Hilang dari penyimpanan" not in answer


def test_a_file_that_is_gone_says_so_and_is_no_link(at, office):
    piece = lost(office)
    assert "Hilang dari penyimpanan" in page(at, piece)
    assert f"SHA-256 {piece.path[-64:]}" in page(at, piece)
    assert "Tidak ada dalam cadangan mana pun" in page(at, piece)
    answer = at("petugas").get(f"/pengaduan/details/?id={piece.complaint_id}").text
    assert f'href="/lampiran/{piece.id}"' not in answer


def test_it_names_the_latest_good_backup_that_contains_it(at, office):
    piece = lost(office)
    location = {"place": "/mnt/lain"}
    Backup.create(at=piece.added_at - timedelta(days=1), name="panel-sebelumnya.cadangan", **location)
    Backup.create(at=piece.added_at + timedelta(hours=1), name="panel-memuat.cadangan", **location)
    Backup.create(at=now(), name="panel-kurang.cadangan", lacking=[piece.path], **location)
    Backup.create(at=now(), name="panel-gagal.cadangan", fault="Gagal.", **location)
    assert "Ada dalam cadangan panel-memuat.cadangan" in page(at, piece)


def test_a_print_that_is_gone_says_so_and_is_no_link(at, office):
    [case] = office.receive()
    paper = Paper.get(Paper.complaint == case)
    row = Print.create(paper=paper, sha256="", path=f"ab/{'ab' * 32}", size=1, pages=1, printed_at=now())
    answer = at("petugas").get(f"/pengaduan/details/?id={case}").text
    assert "Hilang dari penyimpanan" in answer
    assert f"SHA-256 {row.path[-64:]}" in answer
    assert f'href="/dokumen/{paper.public_id}.pdf"' not in answer
