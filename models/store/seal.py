"""Sealing by case: every case has a data key of its own, wrapped by the panel's key."""

import hmac
import os
import secrets
from collections.abc import Iterable
from hashlib import blake2b, sha256
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from models.store import packing

KEY = "panel.key"  # the file under VAR_DIR
_NONCE = 12
ERASED = "(sudah dihapus)"  # in place of a sealed text whose key is gone
GONE = "Kunci pengaduan ini sudah dihapus: yang tersegel tidak dapat dibuka lagi, dan tidak ada yang dapat ditambahkan."


class BrokenSeal(ValueError):
    """What was sealed does not open: another case's, another key's, or changed."""

    def __init__(self) -> None:
        super().__init__("Data tersegel tidak dapat dibuka: kunci tidak cocok atau isinya berubah.")


class KeyGone(BrokenSeal):
    """The key of the case was destroyed: what was sealed under it never opens again, and nothing more is sealed."""

    def __init__(self) -> None:
        ValueError.__init__(self, GONE)


class Seal:
    """Seals and opens bytes under one key; `context` binds them to where they belong."""

    is_gone = False

    def __init__(self, key: bytes, context: str) -> None:
        self._cipher, self._context = AESGCM(key), context

    def close(self, label: str, plain: bytes) -> bytes:
        nonce = os.urandom(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, f"{self._context}/{label}".encode())

    def open(self, label: str, sealed: bytes) -> bytes:
        """The plain bytes; BrokenSeal if they were sealed elsewhere or changed."""
        try:
            sealed = bytes(sealed)
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], f"{self._context}/{label}".encode())
        except Exception as broken:
            raise BrokenSeal from broken

    def close_text(self, label: str, text: str | None) -> bytes | None:
        """A text sealed small, its length rounded up; nothing for one that says nothing."""
        return self.close(label, packing.packed(text)) if text else None

    def open_text(self, label: str, sealed: bytes | None) -> str:
        """The text, however it was sealed since the first day; BrokenSeal as `open`."""
        try:
            return packing.unpacked(self.open(label, sealed)) if sealed else ""
        except packing.BrokenPacking as broken:
            raise BrokenSeal from broken


class GoneSeal(Seal):
    """In place of the seal of a case whose key was destroyed: a sealed text says so, and nothing else opens."""

    is_gone = True

    def __init__(self) -> None:
        """Without any key."""

    def close(self, label: str, plain: bytes) -> bytes:
        raise KeyGone

    def open(self, label: str, sealed: bytes) -> bytes:
        raise KeyGone

    def open_text(self, label: str, sealed: bytes | None) -> str:
        return ERASED if sealed else ""


class Keyring:
    """The panel's key and what is derived from it: wrapping, blind index, the history's chain, hashes of rows."""

    def __init__(self, key: bytes) -> None:
        self._wrap = self._derive(key, "wrap case keys")
        self._index = self._derive(key, "blind index")
        self._likeness = self._derive(key, "likeness")
        self.chain = self._derive(key, "history chain")
        self.rows = self._derive(key, "rows that count as proof")
        self.panel = Seal(self._derive(key, "panel"), "panel")

    @staticmethod
    def _derive(key: bytes, purpose: str) -> bytes:
        return HKDF(SHA256(), 32, salt=None, info=f"panel-pengaduan/{purpose}".encode()).derive(key)

    def new_case_key(self, public_id: str) -> tuple[bytes, Seal]:
        """A fresh key for a case: its wrapped form to store, and the open seal."""
        key = secrets.token_bytes(32)
        return Seal(self._wrap, public_id).close("key", key), Seal(key, public_id)

    def open_case(self, public_id: str, wrapped: bytes) -> Seal:
        return Seal(Seal(self._wrap, public_id).open("key", wrapped), public_id)

    def mark(self, kind: str, digits: str) -> bytes:
        """What a NIK or telephone number in its one form is found by, without being stored."""
        return hmac.digest(self._index, f"{kind}:{digits}".encode(), sha256)[:16]

    def short_mark(self, kind: str, text: str) -> int:
        """A keyed hash that a column of whole numbers holds: many stand for one case, each tells next to nothing."""
        hashed = blake2b(f"{kind}:{text}".encode(errors="replace"), digest_size=8, key=self._likeness).digest()
        return int.from_bytes(hashed, signed=True)


_ring: list[Keyring] = []


def install(key: bytes) -> None:
    """Use `key` (32 bytes) as the panel's key in this process."""
    _ring[:] = [Keyring(key)]


def ring() -> Keyring:
    if not _ring:
        raise RuntimeError("Kunci panel belum dipasang.")
    return _ring[0]


def key_from(var_dir: Path) -> bytes:
    """The panel's key kept under VAR_DIR, made on the first start (owner-readable only)."""
    path = var_dir / KEY
    var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(path.read_text().strip())
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_bytes(32).hex())
        file.flush()
        os.fsync(file.fileno())
    return key_from(var_dir)


def seals(cases: Iterable[tuple[int, str, bytes]]) -> dict[int, Seal]:
    """Open seals of many cases by complaint id; rows are (complaint id, public id, wrapped key)."""
    keyring = ring()
    return {case: keyring.open_case(public_id, wrapped) for case, public_id, wrapped in cases}
