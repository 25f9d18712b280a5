"""What a sealed text is under its seal: compressed with a dictionary that is kept for ever, its length rounded up."""

import zlib
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

FORMAT = 0x80  # no text in UTF-8 begins with 0x80 to 0xBF: a text sealed before there were formats is told by itself
FORMATS = range(0x80, 0xC0)
WRITTEN = 1  # the dictionary that texts are compressed with from now on
DICTIONARIES = {  # SHA-256 by number: without these very bytes nothing opens that was compressed with them
    1: "595b97274fac763f3b017aa8f43059422faffce3ee7ac8be0173d57272c6c121",
}
LARGEST = 4 * 1024 * 1024  # bytes that a compressed text may grow to; a larger one is kept as it is
LEVEL, RAW, MEMORY = 3, -15, 8  # zlib's: raw deflate (RFC 1951), since the seal has a checksum of its own
SMALLEST_STEP = 64
DATA = Path(__file__).resolve().parent.parent / "data"


class BrokenPacking(ValueError):
    """Not what `packed` makes: another format, an unknown dictionary, cut, or larger than any text may be."""


def packed(text: str) -> bytes:
    """The bytes to seal: format, number of the dictionary, the compressed text, and zeros up to the next step."""
    plain = text.encode()
    if len(plain) > LARGEST:
        return plain
    deflate = _primed(WRITTEN).copy()
    told = bytes((FORMAT, WRITTEN)) + deflate.compress(plain) + deflate.flush()
    return told.ljust(rounded(len(told)), b"\0")


def unpacked(stored: bytes) -> str:
    """The text; BrokenPacking if these bytes are none."""
    try:
        return (_inflated(stored) if stored[:1] and stored[0] in FORMATS else stored).decode()
    except (zlib.error, UnicodeDecodeError) as broken:
        raise BrokenPacking from broken


def rounded(length: int) -> int:
    """The next step: multiples of 64 bytes up to 512, then four steps to each doubling."""
    step = max(SMALLEST_STEP, 1 << (length - 1).bit_length() >> 3)
    return -(-length // step) * step


def _inflated(stored: bytes) -> bytes:
    """Never more than LARGEST bytes, however far a tampered row would grow."""
    if stored[0] != FORMAT or len(stored) < 3 or stored[1] not in DICTIONARIES:
        raise BrokenPacking
    inflate = zlib.decompressobj(RAW, dictionary(stored[1]))
    plain = inflate.decompress(stored[2:], LARGEST + 1)
    if len(plain) > LARGEST or not inflate.eof or inflate.unused_data.strip(b"\0"):
        raise BrokenPacking
    return plain


@lru_cache
def dictionary(number: int) -> bytes:
    """The bytes of a dictionary. ValueError in a sentence if they are not those that texts were compressed with: raw
    deflate would take others without a word, and say something else."""
    path = DATA / f"dictionary-{number}.bin"
    told = path.read_bytes() if path.exists() else b""
    if sha256(told).hexdigest() != DICTIONARIES[number]:
        raise ValueError(f"Berkas models/data/{path.name} berubah atau hilang; pulihkan dari rilis panel.")
    return told


def refuse_changed_dictionaries() -> None:
    """ValueError in a sentence, before anybody works, if one of them is not what it was."""
    for number in DICTIONARIES:
        dictionary(number)


@lru_cache
def _primed(number: int) -> "zlib._Compress":
    """A compressor that has read the dictionary; a copy of it saves reading it for every text."""
    return zlib.compressobj(LEVEL, zlib.DEFLATED, RAW, MEMORY, zlib.Z_DEFAULT_STRATEGY, dictionary(number))
