"""A sealed stream: whatever was changed, cut or moved in it is refused, and it is never in memory as a whole."""

import io

import pytest

from models.operations.archive import FRAME, MAGIC, MARK, SALT, TAG, BrokenArchive, FrameReader, FrameWriter

KEY, OTHER = bytes(range(32)), bytes(32)
HEAD = len(MAGIC) + MARK + SALT


def sealed(plain: bytes) -> bytes:
    out = io.BytesIO()
    writer = FrameWriter(out, KEY)
    for start in range(0, len(plain), 100_000):
        writer.write(plain[start : start + 100_000])
    writer.close()
    assert writer.size == len(out.getvalue())
    return out.getvalue()


def opened(data: bytes, key: bytes = KEY) -> bytes:
    reader, plain = FrameReader(io.BytesIO(data), key), bytearray()
    while piece := reader.read(70_000):
        plain += piece
    return bytes(plain)


@pytest.mark.parametrize("size", [0, 1, FRAME - 1, FRAME, FRAME + 1, 2 * FRAME + 5])
def test_what_was_sealed_is_what_opens(size: int) -> None:
    plain = bytes(range(256)) * (size // 256 + 1)
    assert opened(sealed(plain[:size])) == plain[:size]


@pytest.mark.parametrize("place", [0, 20, HEAD - 1, HEAD, HEAD + FRAME, HEAD + FRAME + TAG, -1])
def test_one_flipped_bit_is_refused(place: int) -> None:
    data = bytearray(sealed(b"a" * (FRAME + 500)))
    data[place] ^= 1
    with pytest.raises(BrokenArchive):
        opened(bytes(data))


@pytest.mark.parametrize("left", [0, 10, HEAD, HEAD + 5, HEAD + FRAME + TAG, HEAD + FRAME + TAG + 5])
def test_what_was_cut_short_is_refused(left: int) -> None:
    with pytest.raises(BrokenArchive):
        opened(sealed(b"a" * (FRAME + 500))[:left])


def test_what_was_added_or_moved_is_refused() -> None:
    data = sealed(b"a" * FRAME + b"b" * FRAME + b"c")
    first, second = HEAD + FRAME + TAG, HEAD + 2 * (FRAME + TAG)
    with pytest.raises(BrokenArchive):
        opened(data + b"x")
    with pytest.raises(BrokenArchive):
        opened(data[:HEAD] + data[first:second] + data[HEAD:first] + data[second:])


def test_another_key_is_refused_with_its_fingerprint() -> None:
    with pytest.raises(BrokenArchive, match="bukan kunci berkas tersebut"):
        opened(sealed(b"a"), OTHER)


def test_a_file_of_something_else_is_no_backup() -> None:
    with pytest.raises(BrokenArchive, match="bukan cadangan panel"):
        opened(b"%PDF-1.7" * 100)
