"""Evidence handed out: as a download, for who may read the case, logged each time."""

import io
import re
from collections.abc import Callable

import pytest
from PIL import Image

from models.complaint import event
from models.complaint.accesslog import Seen
from models.complaint.paper import Attachment
from models.store.pictures import THUMB
from models.store.uploads import Piece, outside
from tests.admin.doors import Visitor, words
from tests.models.case import evidence as evidence_files
from tests.models.store.hostile_files import letter, picture
from tests.office import COMMON, SECRET, Office

At = Callable[[str], Visitor]
NAMED = re.compile(r"""attachment; filename=[\x20-\x7e]+; filename\*=UTF-8''[\w%.-]+""")


def with_file(office: Office, category: str = COMMON) -> tuple[int, int]:
    """A case with a file and evidence stored elsewhere: (the case, the file)."""
    case = evidence_files.received(
        office, evidence_files.photo(name="foto “É”.jpg"), outside("Kaset", "Rak 2"), category=category
    )
    return case, Attachment.get(Attachment.complaint == case, Attachment.path != "").id


def test_a_file_is_handed_out_as_a_download_that_nothing_opens_by_itself(office: Office, at: At) -> None:
    case, number = with_file(office)
    petugas = at("petugas")
    answer = petugas.get(f"/lampiran/{number}")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"foto", "image/jpeg")
    said = answer.headers
    assert NAMED.fullmatch(said["Content-Disposition"])
    assert said["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert (said["X-Content-Type-Options"], said["Cache-Control"]) == ("nosniff", "no-store")
    accesses = Seen.select().where((Seen.complaint == case) & (Seen.user == office["petugas"]))
    assert f"lampiran {number}" in [one.what for one in accesses]


def test_opening_a_file_changes_nothing_that_is_stored(office: Office, at: At) -> None:
    _, number = with_file(office)
    petugas, before = at("petugas"), office.digest()
    assert petugas.get(f"/lampiran/{number}").status_code == 200
    assert office.digest() == before


@pytest.mark.parametrize(
    ("category", "username", "code"),
    [
        (COMMON, "petugas2", 200),
        (COMMON, "kadis", 200),
        (COMMON, "pengawas", 200),
        (COMMON, "bidang.rehsos", 404),
        (COMMON, "bidang.ppa", 404),
        (COMMON, "admin", 403),
        (SECRET, "petugas2", 404),
        (SECRET, "kadis", 200),
        (SECRET, "pengawas", 200),
        (SECRET, "bidang.ppa", 404),
        (SECRET, "admin", 403),
    ],
)
def test_only_who_may_read_the_case_opens_its_files(office, at: At, category, username, code) -> None:
    case, number = with_file(office, category)
    visitor = at(username)
    assert visitor.get(f"/lampiran/{number}").status_code == code
    assert (visitor.get(f"/pengaduan/details/?id={case}").status_code == 200) == (code == 200)
    accesses = Seen.select().where((Seen.user == office[username]) & Seen.what.startswith("lampiran"))
    assert accesses.exists() == (code == 200)


def test_the_unit_opens_it_once_the_case_is_its_own(office: Office, at: At) -> None:
    case, number = with_file(office)
    office.bring([case], "handle")
    assert at("bidang.rehsos").get(f"/lampiran/{number}").status_code == 200
    assert at("bidang.ppa").get(f"/lampiran/{number}").status_code == 404


@pytest.mark.parametrize("odd", ["0", "-1", "9999999", "99999999999999999999", "abc", "1'", "%00", "../1"])
def test_what_is_no_file_is_not_found(office: Office, at: At, odd: str) -> None:
    with_file(office)
    assert at("petugas").get(f"/lampiran/{odd}").status_code == 404


def test_evidence_stored_elsewhere_cannot_be_opened_here(office: Office, at: At) -> None:
    with_file(office)
    assert at("petugas").get(f"/lampiran/{Attachment.get(place='Rak 2').id}").status_code == 404


def test_a_stranger_is_asked_to_sign_in(office: Office, stranger: Visitor) -> None:
    _, number = with_file(office)
    assert stranger.get(f"/lampiran/{number}").status_code == 302


def test_a_picture_has_a_thumbnail_for_who_may_read_the_case(office: Office, at: At) -> None:
    case = evidence_files.received(
        office, Piece("rumah.jpg", "image/jpeg", picture()), Piece("s.pdf", "application/pdf", letter())
    )
    shown, paper = Attachment.select().where(Attachment.complaint == case).order_by(Attachment.id)
    address = f"/lampiran/{shown.id}/kecil"
    page = at("petugas").get(f"/pengaduan/details/?id={case}").text
    assert f'src="{address}"' in page
    assert f"/lampiran/{paper.id}/kecil" not in page
    answer = at("petugas").get(address)
    assert answer.mimetype == "image/jpeg"
    assert max(Image.open(io.BytesIO(answer.data)).size) == THUMB
    assert answer.headers["Cache-Control"] == "no-store"
    accesses = Seen.select().where((Seen.user == office["petugas"]) & (Seen.what == f"lampiran kecil {shown.id}"))
    assert accesses.count() == 1
    assert at("bidang.ppa").get(address).status_code == 404


def test_what_cannot_be_drawn_in_small_is_not_there(office: Office, at: At) -> None:
    case = evidence_files.received(office, evidence_files.photo(), Piece("s.pdf", "application/pdf", letter()))
    pieces = list(Attachment.select().where(Attachment.complaint == case))
    assert len(pieces) == 2
    for piece in pieces:
        assert at("petugas").get(f"/lampiran/{piece.id}/kecil").status_code == 404
        assert at("petugas").get(f"/lampiran/{piece.id}").status_code == 200


def test_a_file_that_is_gone_is_explained_in_a_sentence(office: Office, at: At) -> None:
    _, number = with_file(office)
    (office.path.parent / "files" / Attachment.get_by_id(number).path).unlink()
    answer = at("petugas").get(f"/lampiran/{number}")
    assert answer.status_code == 409
    assert "hilang atau rusak" in words(answer.text)


def test_the_history_names_what_was_added(office: Office, at: At) -> None:
    case, _ = with_file(office)
    page = at("petugas").text(f"/pengaduan/details/?id={case}")
    assert "foto “É”.jpg (1 kB, SHA-256" in page
    listed = at("petugas").text("/riwayat/")
    assert "foto “É”.jpg (1 kB)" in listed
    assert "SHA-256" not in listed
    assert "Kaset (di luar panel, disimpan di Rak 2)" in page
    assert event.verify()[1] == ""
