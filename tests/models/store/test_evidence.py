"""Uploads: a stored file was made anew and does nothing; one that cannot be made harmless is refused with a reason."""

import io
import re

import pytest
from PIL import Image
from pypdf import PdfReader

from models.store import uploads
from models.store.upload_kinds import EXTENSIONS, JPEG, PDF, PNG, Refused
from models.store.uploads import LONGEST, MEGABYTE, Offer, Piece, clean_name, examine, piece_of
from tests import patience
from tests.models.store import hostile_files
from tests.models.store.hostile_files import (
    HARMLESS,
    MARK,
    PLACE,
    REFUSED,
    letter,
    metadata,
    picture,
)
from tests.patience import cpu_within

MOST = 10 * MEGABYTE
STREAMS = re.compile(rb"\bstream\r?\n.*?\bendstream", re.DOTALL)
ACTIVE = (
    b"/JS",
    b"/JavaScript",
    b"/OpenAction",
    b"/AA",
    b"/Launch",
    b"/EmbeddedFile",
    b"/EF",
    b"/RichMedia",
    b"/XFA",
    b"/AcroForm",
    b"/SubmitForm",
    b"/GoToR",
    b"/Encrypt",
    b"/Annots",
    b"/Metadata",
    b"/URI",
)
SECONDS = 8.0  # of work for any one file


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is refused is refused for what it is, never since the machine had other things to do."""
    monkeypatch.setattr(uploads, "WALL_SECONDS", float(patience.LONGEST))


def stored(name: str, data: bytes) -> Piece:
    return piece_of(Offer(name, data), most=MOST)


def drawn(piece: Piece) -> Image.Image:
    return Image.open(io.BytesIO(piece.data))


def test_the_corpus_is_as_large_as_promised() -> None:
    assert len(REFUSED) + len(HARMLESS) >= 30


@pytest.mark.parametrize("which", REFUSED)
def test_what_cannot_be_made_harmless_is_refused_in_a_sentence(which: str) -> None:
    name, make = REFUSED[which]
    data = make()
    with cpu_within(SECONDS):
        pieces, [sentence] = examine([Offer(name, data)], most=MOST)
    assert pieces == []
    assert sentence.startswith("“")
    assert sentence.endswith(uploads.OTHERWISE)


@pytest.mark.parametrize("which", HARMLESS)
def test_a_stored_file_was_made_anew_and_does_nothing(which: str) -> None:
    name, make = HARMLESS[which]
    data = make()
    with cpu_within(SECONDS):
        pieces, sentences = examine([Offer(name, data)], most=MOST)
    for piece in pieces:
        assert piece.data != data
        assert MARK not in piece.data
        assert PLACE.encode() not in piece.data
        assert b"PK\x03\x04" not in piece.data
        assert EXTENSIONS[piece.kind] == piece.name[-4:]
        (still if piece.kind == PDF else plain)(piece)
    assert pieces or sentences[0].endswith(uploads.OTHERWISE)


def still(piece: Piece) -> None:
    """A PDF of pages and nothing else: no name outside its streams asks for an act, none inside its objects either."""
    assert piece.data.startswith(b"%PDF-")
    assert [name for name in ACTIVE if re.search(re.escape(name) + rb"\b", STREAMS.sub(b"", piece.data))] == []
    reader = PdfReader(io.BytesIO(piece.data), strict=True)
    assert set(reader.root_object) <= {"/Type", "/Pages", "/PageMode"}
    assert len(reader.pages) == 1
    assert len(reader.pages[0].get_contents().get_data()) < MEGABYTE


def plain(piece: Piece) -> None:
    seen = drawn(piece)
    seen.load()
    assert not seen.getexif()
    assert set(seen.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize(
    ("kind", "name", "becomes"),
    [
        ("JPEG", "Foto.JPG", JPEG),
        ("JPEG", "foto.jpeg", JPEG),
        ("PNG", "layar.png", PNG),
        ("WEBP", "foto.webp", JPEG),
        ("HEIF", "IMG_0012.HEIC", JPEG),
    ],
)
def test_an_honest_picture_is_stored_and_looks_the_same(kind: str, name: str, becomes: str) -> None:
    piece = stored(name, picture(kind))
    assert piece.kind == becomes
    assert drawn(piece).size == (320, 200)
    assert [drawn(piece).convert("L").getpixel(place) > 128 for place in ((20, 100), (300, 100))] == [False, True]


def test_a_picture_taken_sideways_is_turned_upright() -> None:
    assert drawn(stored("foto.jpg", picture(exif=metadata(6)))).size == (200, 320)


@pytest.mark.slow("is about large pictures")
def test_a_large_picture_is_made_smaller_and_readable_still() -> None:
    assert drawn(stored("foto.jpg", picture(size=(6000, 4000)))).size == (2560, 1707)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_pictures_of_every_mode_are_stored(mode: str) -> None:
    made, out = Image.new(mode, (60, 40)), io.BytesIO()
    made.save(out, "PNG")
    assert drawn(stored("gambar.png", out.getvalue())).size == (60, 40)


def test_what_is_clear_becomes_white_where_the_new_kind_knows_no_clear() -> None:
    made, out = Image.new("RGBA", (60, 40), (0, 0, 0, 0)), io.BytesIO()
    made.save(out, "WEBP", lossless=True)
    assert drawn(stored("stiker.webp", out.getvalue())).getpixel((5, 5)) == (255, 255, 255)


def test_an_honest_letter_keeps_its_words_and_pages() -> None:
    pages = PdfReader(io.BytesIO(stored("surat.pdf", letter(3)).data)).pages
    assert [page.extract_text().strip() for page in pages] == [f"Surat keterangan halaman {n}" for n in (1, 2, 3)]


def test_a_letter_with_a_script_is_drawn_as_pictures_of_its_pages() -> None:
    name, make = HARMLESS["pdf with a script at its opening"]
    [page] = PdfReader(io.BytesIO(stored(name, make()).data)).pages
    assert page.extract_text() == ""
    [image] = page.images
    assert image.image.convert("L").getextrema() == (0, 255)


def test_the_same_file_gives_the_same_bytes() -> None:
    for name, data in (("a.jpg", picture()), ("a.pdf", letter()), ("b.pdf", HARMLESS["pdf with a form"][1]())):
        assert stored(name, data) == stored(name, data)


def test_a_file_may_have_as_many_bytes_as_the_office_says() -> None:
    padded = picture() + bytes(MEGABYTE)
    with pytest.raises(Refused, match="lebih dari 1 MB"):
        piece_of(Offer("foto.jpg", padded), most=MEGABYTE)
    assert piece_of(Offer("foto.jpg", padded[:MEGABYTE]), most=MEGABYTE).size < 10_000


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\Users\\siti\\foto.jpg", "foto.jpg"),
        (".jpg", "berkas.jpg"),
        ("foto\u202egpj.exe.jpg", "fotogpj-exe.jpg"),
        ("a\x00b\r\nc\t.jpg", "ab c.jpg"),
        ("", "berkas.jpg"),
        ("bukti.pdf.jpg", "bukti-pdf.jpg"),
        ("Surat No. 3.2.2026.jpg", "Surat No. 3.2.2026.jpg"),
        ("KTP 9973010101010001.jpg", "KTP …0001.jpg"),
        ("IMG-20261124-WA0012.jpg", "IMG-20261124-WA0012.jpg"),
        ('<img src="x">;.jpg', "_img src=_x_.jpg"),
        ("CON:.jpg", "CON_.jpg"),
        ("\ud800x.jpg", "x.jpg"),
        ("bukti/", "berkas.jpg"),
        ("…".join("ab"), "a…b.jpg"),
    ],
)
def test_a_name_is_cleaned_before_it_is_stored(name: str, shown: str) -> None:
    assert clean_name(name, ".jpg") == shown


def test_an_endless_name_is_cut() -> None:
    assert len(clean_name("n" * 5000 + ".jpg", ".jpg")) == LONGEST + 4


def test_the_process_that_reads_uploads_knows_no_secret_and_writes_no_file(monkeypatch, tmp_path) -> None:
    from models.store import resource_limits

    monkeypatch.setenv("SECRET_KEY", "kunci")
    assert "SECRET_KEY" not in resource_limits.environment()
    monkeypatch.setattr(uploads, "WALL_SECONDS", 0.01)
    with pytest.raises(Refused, match="terlalu rumit"):
        stored("foto.jpg", hostile_files.picture())
