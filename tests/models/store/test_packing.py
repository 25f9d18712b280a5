"""What a sealed text is under its seal: small, of a length that reveals little, and readable for ever."""

import tracemalloc
import zlib
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import create_app
from models.complaint import event
from models.complaint.event import Event
from models.complaint.paper import Paper, content_of
from models.store import seal
from models.store.base import canonical
from models.store.seal import LARGEST, RAW, BrokenSeal, dictionary, packed, rounded, unpacked
from sop.vocabulary import CLOSED, vocabulary
from tests.office import KEY
from tests.papers.contents import content

KEPT = {
    1: "595b97274fac763f3b017aa8f43059422faffce3ee7ac8be0173d57272c6c121",
    2: "3d6bb116032666429968b745d40cce3ae01216ac5aebd2e34a54de5fd3f7d976",
}
"""What every dictionary is for ever. A line is added with a new one; none is ever changed or taken out."""

BEFORE = ("NIK 9973", "–", "Ünlü", "日本", "🏠 rumah", "\n", "\0", '{"a":1}')  # texts of before, by how they begin
SECRETS = ("0812", "0812-3456-7890", "9973041203800001", "suparmi@example.org", "Jalan Contoh Gg. 5 No. 12 RT 03 RW 04")


@pytest.fixture
def own() -> seal.Seal:
    return seal.Keyring(KEY).panel


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of dictionaries of its own, with all that there are in it."""
    for number in KEPT:
        (tmp_path / f"dictionary-{number}.bin").write_bytes(dictionary(number))
    monkeypatch.setattr(seal, "DATA", tmp_path)
    _forget()
    yield tmp_path
    _forget()


def _forget() -> None:
    dictionary.cache_clear()
    seal._primed.cache_clear()


def packed_with(plain: bytes, *, number: int = 1, after: bytes = b"") -> bytes:
    """Packed as by somebody who knows how, whatever it is that he packs."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, RAW, zdict=dictionary(number if number in KEPT else 1))
    return bytes((seal.FORMAT, number)) + deflate.compress(plain) + deflate.flush() + after


def test_every_dictionary_is_what_it_was() -> None:
    assert seal.DICTIONARIES == KEPT
    there = {int(path.stem.rpartition("-")[2]): path for path in seal.DATA.glob("dictionary-*.bin")}
    assert {number: sha256(path.read_bytes()).hexdigest() for number, path in there.items()} == KEPT
    assert seal.WRITTEN in KEPT


@pytest.mark.parametrize("place", [0, 1, 16_000, 31_998, 31_999])
def test_a_dictionary_with_one_byte_changed_opens_nothing(elsewhere: Path, place: int) -> None:
    written = seal.WRITTEN
    changed = bytearray(dictionary(written))
    changed[place] ^= 1
    (elsewhere / f"dictionary-{written}.bin").write_bytes(changed)
    sealed = packed_with(b"Bantuan tidak diterima", number=written)
    _forget()
    for ask in (lambda: packed("x"), lambda: unpacked(sealed)):
        with pytest.raises(ValueError, match=rf"dictionary-{written}\.bin berubah"):
            ask()


@pytest.mark.parametrize("number", KEPT)
def test_a_changed_or_lost_dictionary_stops_the_start(elsewhere: Path, number: int) -> None:
    (elsewhere / f"dictionary-{number}.bin").unlink()
    _forget()
    with pytest.raises(ValueError, match=rf"dictionary-{number}\.bin berubah atau hilang; pulihkan dari rilis"):
        create_app({"SECRET_KEY": "for tests only", "VAR_DIR": str(elsewhere / "var")})


def test_with_another_dictionary_what_the_ones_before_it_packed_still_opens(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, another, number = [], b"tidak sama sekali diterima sejak lama" * 100, max(KEPT) + 1
    for written in KEPT:
        monkeypatch.setattr(seal, "WRITTEN", written)
        before.append(packed("Bantuan tidak diterima"))
    (elsewhere / f"dictionary-{number}.bin").write_bytes(another)
    monkeypatch.setattr(seal, "DICTIONARIES", {**KEPT, number: sha256(another).hexdigest()})
    monkeypatch.setattr(seal, "WRITTEN", number)
    later = packed("Bantuan tidak diterima")
    assert [*(packed_text[1] for packed_text in before), later[1]] == [*KEPT, number]
    assert {unpacked(packed_text) for packed_text in (*before, later)} == {"Bantuan tidak diterima"}


@given(st.text())
def test_a_text_opens_as_it_was(text: str) -> None:
    assert unpacked(packed(text)) == text


def test_no_text_begins_as_a_format_does() -> None:
    begins = {chr(code).encode()[0] for code in range(0x110000) if not 0xD800 <= code <= 0xDFFF}
    assert begins & set(seal.FORMATS) == set()


@pytest.mark.parametrize("text", BEFORE, ids=ascii)
def test_a_text_that_was_sealed_before_there_were_formats_opens(own: seal.Seal, text: str) -> None:
    assert own.open_text("x", own.close("x", text.encode())) == text
    assert own.open_text("x", own.close_text("x", text)) == text


def test_lengths_come_in_steps_that_add_a_quarter_at_most() -> None:
    assert [rounded(n) for n in (3, 64, 65, 512, 513, 1025, 5000)] == [64, 64, 128, 512, 640, 1280, 5120]
    assert all(length <= rounded(length) <= max(64, length * 1.25) or length <= 256 for length in range(1, 20_000))
    assert len({rounded(length) for length in range(1, 8_193)}) == 24


def test_what_is_secret_of_a_person_has_one_length(own: seal.Seal) -> None:
    assert len({len(own.close_text("x", one) or b"") for one in SECRETS}) == 1


def test_a_text_is_packed_without_any_other() -> None:
    alone = packed("Rahasia seorang ibu di Kelurahan Contoh")
    packed("Rahasia seorang ibu di Kelurahan Contoh, kata orang lain")
    assert packed("Rahasia seorang ibu di Kelurahan Contoh") == alone


@pytest.mark.parametrize("kind", vocabulary().papers)
def test_every_paper_is_stored_in_a_fifth_of_its_size(kind: str) -> None:
    text = canonical(content(kind))
    assert len(packed(text)) <= len(text.encode()) / 5


def test_what_would_grow_without_end_is_refused_within_bounds(own: seal.Seal) -> None:
    bomb = own.close("x", packed_with(bytes(64 * LARGEST)))
    assert len(bomb) < LARGEST / 8
    tracemalloc.start()
    try:
        with pytest.raises(BrokenSeal):
            own.open_text("x", bomb)
        assert tracemalloc.get_traced_memory()[1] < 4 * LARGEST
    finally:
        tracemalloc.stop()


def test_the_largest_text_opens_and_a_larger_one_is_stored_uncompressed(own: seal.Seal) -> None:
    for length in (LARGEST, LARGEST + 1):
        text = "a" * length
        assert own.open_text("x", own.close_text("x", text)) == text
    assert packed(text) == text.encode()
    with pytest.raises(BrokenSeal):
        own.open_text("x", own.close("x", packed_with(text.encode())))


@pytest.mark.parametrize(
    "stored",
    [
        b"\x80",
        b"\x80\x01",
        b"\x81\x01" + bytes(62),
        packed_with(b"teks", number=9),
        packed_with(b"teks")[:-1],
        packed_with(b"teks", after=b"\0\1"),
        packed_with(b"\xff\xfe"),
        b"\x80\x01\xff\xff\xff",
        b"\xff",
    ],
    ids=["format alone", "no text", "format", "dictionary", "cut", "more", "no UTF-8", "no deflate", "no text at all"],
)
def test_bytes_of_another_format_are_refused(own: seal.Seal, stored: bytes) -> None:
    with pytest.raises(BrokenSeal):
        own.open_text("x", own.close("x", stored))


def test_a_tampered_row_that_would_grow_is_refused_where_it_is_read(office) -> None:
    [case] = office.receive()
    own, bomb = event.open_seals([case])[case], packed_with(bytes(LARGEST + 1))
    entry = Event.get(Event.complaint == case)
    entry.body = own.close(f"event/{entry.id}", bomb)
    paper = Paper.select().where(Paper.complaint == case).first()
    paper.content = own.close(f"paper/{paper.public_id}", bomb)
    paper.sha256 = sha256(paper.content).hexdigest()
    with pytest.raises(BrokenSeal):
        event.bodies([entry], {case: own})
    with pytest.raises(BrokenSeal):
        content_of(paper, own)


def test_history_and_papers_sealed_before_are_valid_together_with_new_ones(
    office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(seal, "packed", str.encode)
        [case] = office.receive()
        office.bring([case], "handle")
    old = {paper.id for paper in Paper.select()}
    office.bring([case], CLOSED)
    own = event.open_seals([case])
    papers = {paper.id: (len(bytes(paper.content)), content_of(paper, own[case])) for paper in Paper.select()}
    assert {len(canonical(paper).encode()) + 28 == size for id, (size, paper) in papers.items() if id in old} == {True}
    assert all(size < len(canonical(paper)) / 5 for id, (size, paper) in papers.items() if id not in old)
    assert all(body for body in event.bodies(Event.select().where(Event.complaint == case), own).values())
    assert event.verify() == (Event.select().count(), "")
