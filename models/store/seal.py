"""Encryption by case: a data key for each, wrapped by the panel's key; texts are compressed and padded first."""

import hmac
import os
import secrets
import zlib
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b, sha256
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

FORMAT = 0x80  # no UTF-8 text begins with 0x80 to 0xBF, so texts sealed before there were formats can be recognised
FORMATS = range(0x80, 0xC0)
WRITTEN = 2  # the dictionary for compressing new texts
DICTIONARIES = {  # SHA-256 by number: texts compressed with a dictionary need exactly these bytes to decompress
    1: "595b97274fac763f3b017aa8f43059422faffce3ee7ac8be0173d57272c6c121",
    2: "3d6bb116032666429968b745d40cce3ae01216ac5aebd2e34a54de5fd3f7d976",
}
LARGEST = 4 * 1024 * 1024  # bytes of a text at most; a larger one is stored uncompressed
LEVEL, RAW, MEMORY = 3, -15, 8  # of zlib: raw deflate (RFC 1951), as the cipher authenticates
SMALLEST_STEP = 64
DATA = Path(__file__).resolve().parent.parent / "data"
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U, which are easily misread
MISREAD = str.maketrans("ILO", "110")


class BrokenPacking(ValueError):
    """Not made by `packed`: another format, an unknown dictionary, truncated, or too large."""


def packed(text: str) -> bytes:
    """The bytes to seal: format, number of the dictionary, the compressed text, and zeros up to the next step."""
    plain = text.encode()
    if len(plain) > LARGEST:
        return plain
    deflate = _primed(WRITTEN).copy()
    packed_text = bytes((FORMAT, WRITTEN)) + deflate.compress(plain) + deflate.flush()
    return packed_text.ljust(rounded(len(packed_text)), b"\0")


def unpacked(stored: bytes) -> str:
    """The text; BrokenPacking if the bytes are invalid."""
    try:
        return (_inflated(stored) if stored[:1] and stored[0] in FORMATS else stored).decode()
    except (zlib.error, UnicodeDecodeError) as broken:
        raise BrokenPacking from broken


def rounded(length: int) -> int:
    """The length to pad to: multiples of 64 bytes up to 512, then four steps to each doubling."""
    step = max(SMALLEST_STEP, 1 << (length - 1).bit_length() >> 3)
    return -(-length // step) * step


def _inflated(stored: bytes) -> bytes:
    """Decompress, at most LARGEST bytes, so that a tampered row is no decompression bomb."""
    if stored[0] != FORMAT or len(stored) < 3 or stored[1] not in DICTIONARIES:
        raise BrokenPacking
    inflate = zlib.decompressobj(RAW, dictionary(stored[1]))
    plain = inflate.decompress(stored[2:], LARGEST + 1)
    if len(plain) > LARGEST or not inflate.eof or inflate.unused_data.strip(b"\0"):
        raise BrokenPacking
    return plain


@lru_cache
def dictionary(number: int) -> bytes:
    """The bytes of a dictionary. ValueError with a sentence if its hash differs: raw deflate would accept other bytes
    and return a wrong text."""
    path = DATA / f"dictionary-{number}.bin"
    data = path.read_bytes() if path.exists() else b""
    if sha256(data).hexdigest() != DICTIONARIES[number]:
        raise ValueError(f"Berkas models/data/{path.name} berubah atau hilang; pulihkan dari rilis panel.")
    return data


def refuse_changed_dictionaries() -> None:
    """Check all dictionaries at start; ValueError with a sentence if one is missing or changed."""
    for number in DICTIONARIES:
        dictionary(number)


@lru_cache
def _primed(number: int) -> "zlib._Compress":
    """A compressor with the dictionary loaded, to be copied: loading it for every text is slow."""
    return zlib.compressobj(LEVEL, zlib.DEFLATED, RAW, MEMORY, zlib.Z_DEFAULT_STRATEGY, dictionary(number))


LENGTH = 32  # bytes of a key
_NONCE = 12
ERASED = "(sudah dihapus)"  # in place of a sealed text whose key was destroyed
GONE = "Kunci pengaduan ini sudah dihapus: yang tersegel tidak dapat dibuka lagi, dan tidak ada yang dapat ditambahkan."


class BrokenSeal(ValueError):
    """Decryption failed: wrong case, wrong key, or changed data."""

    def __init__(self) -> None:
        super().__init__("Data tersegel tidak dapat dibuka: kunci tidak cocok atau isinya berubah.")


class KeyGone(BrokenSeal):
    """The key of the case was destroyed: its data cannot be decrypted, and nothing more can be sealed."""

    def __init__(self) -> None:
        ValueError.__init__(self, GONE)


class Seal:
    """Encrypts (`close`) and decrypts (`open`) under one key; `context` and label are authenticated with the data."""

    is_gone = False

    def __init__(self, key: bytes, context: str) -> None:
        self._cipher, self._context = AESGCM(key), context

    def close(self, label: str, plain: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, f"{self._context}/{label}".encode())

    def open(self, label: str, sealed: bytes) -> bytes:
        """The plain bytes; BrokenSeal if they were sealed under another key, context or label, or changed."""
        try:
            sealed = bytes(sealed)
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], f"{self._context}/{label}".encode())
        except Exception as broken:
            raise BrokenSeal from broken

    def close_text(self, label: str, text: str | None) -> bytes | None:
        """A text compressed, padded and sealed; None for an empty one."""
        return self.close(label, packed(text)) if text else None

    def open_text(self, label: str, sealed: bytes | None) -> str:
        """The text, in any format of earlier versions; BrokenSeal as `open`."""
        try:
            return unpacked(self.open(label, sealed)) if sealed else ""
        except BrokenPacking as broken:
            raise BrokenSeal from broken


class GoneSeal(Seal):
    """The seal of a case whose key was destroyed: texts read as ERASED, everything else raises KeyGone."""

    is_gone = True

    def __init__(self) -> None:
        """Has no key."""

    def close(self, label: str, plain: bytes) -> bytes:
        raise KeyGone

    def open(self, label: str, sealed: bytes) -> bytes:
        raise KeyGone

    def open_text(self, label: str, sealed: bytes | None) -> str:
        return ERASED if sealed else ""


class Keyring:
    """The panel's key and those derived from it: key wrapping, blind index, codes, the history's chain, row hashes."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._wrap = self.derived("wrap case keys")
        self._index = self.derived("blind index")
        self._likeness = self.derived("likeness")
        self._codes = self.derived("verification codes")
        self.chain = self.derived("history chain")
        self.rows = self.derived("rows that count as proof")
        self.panel = Seal(self.derived("panel"), "panel")

    def derived(self, purpose: str) -> bytes:
        """The derived key for one purpose. Migrations use only this; what they do with it is frozen in them."""
        return HKDF(SHA256(), 32, salt=None, info=f"panel-pengaduan/{purpose}".encode()).derive(self._key)

    def new_case_key(self, public_id: str) -> tuple[bytes, Seal]:
        """A new key for a case: its wrapped form for the row, and its seal."""
        key = secrets.token_bytes(LENGTH)
        return Seal(self._wrap, public_id).close("key", key), Seal(key, public_id)

    def open_case(self, public_id: str, wrapped: bytes) -> Seal:
        return Seal(Seal(self._wrap, public_id).open("key", wrapped), public_id)

    def mark(self, kind: str, digits: str) -> bytes:
        """The blind index of a normalised NIK or telephone number, which is not stored itself."""
        return hmac.digest(self._index, f"{kind}:{digits}".encode(), sha256)[:16]

    def code_mark(self, code: str) -> bytes:
        """What a paper is found by when its verification code is typed; the code itself is sealed in its content."""
        return hmac.digest(self._codes, code.encode(), sha256)[:16]

    def short_mark(self, kind: str, text: str) -> int:
        """A keyed hash as a signed 64-bit integer: a case has many of them, each of which reveals next to nothing."""
        hashed = blake2b(f"{kind}:{text}".encode(errors="replace"), digest_size=8, key=self._likeness).digest()
        return int.from_bytes(hashed, signed=True)


_ring: list[Keyring] = []


def install(key: bytes) -> None:
    """Use `key` as the panel's key in this process; ValueError unless it has 32 bytes."""
    if len(key) != LENGTH:
        raise ValueError("Kunci panel harus 32 bita.")
    _ring[:] = [Keyring(key)]


def ring() -> Keyring:
    if not _ring:
        raise RuntimeError("Kunci panel belum dipasang.")
    return _ring[0]


def seals(cases: Iterable[tuple[int, str, bytes]]) -> dict[int, Seal]:
    """The seals of many cases by complaint id; rows are (complaint id, public id, wrapped key)."""
    keyring = ring()
    return {case: keyring.open_case(public_id, wrapped) for case, public_id, wrapped in cases}
