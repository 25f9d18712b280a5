"""A stream sealed in frames: written and read without ever holding more than one, and refused if anything changed."""

import os
from hashlib import sha256
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from models.backup import key as keys

MAGIC = b"PANEL-CADANGAN-1"
SALT = 32
MARK = 8
HEAD = len(MAGIC) + MARK + SALT
FRAME = 1 << 20  # bytes of plain text in all frames but the last
TAG = 16
CHANGED = "Cadangan ini rusak atau berubah; isinya tidak dapat dipercaya."
FOREIGN = "Berkas ini bukan cadangan panel."
OTHER_KEY = "Kunci cadangan ini bukan kunci berkas tersebut: tandanya {}, tanda pada berkas {}."


class BrokenArchive(ValueError):
    """The archive does not hold, whole and unchanged, what a backup put into it; the message is a sentence."""


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=salt, info=b"panel-pengaduan/backup").derive(key))


def mark_in(head: bytes) -> str:
    """The mark of the key that the archive which begins so is sealed under."""
    return head[len(MAGIC) : len(MAGIC) + MARK].decode(errors="replace")


def _nonce(number: int, *, last: bool) -> bytes:
    """Every archive has a key of its own, so a frame's place is nonce enough; the last says that it is."""
    return number.to_bytes(11) + bytes([last])


class FrameWriter:
    """Seals what is written to it; `close` ends the stream (not the file). Knows the SHA-256 of what it has written."""

    def __init__(self, out: IO[bytes], key: bytes) -> None:
        salt = os.urandom(SALT)
        self._out, self._cipher = out, _cipher(key, salt)
        self._head = MAGIC + keys.mark_of(key).encode() + salt
        self._waiting, self._number = bytearray(), 0
        self.hashed, self.size = sha256(), 0
        self._put(self._head)

    def write(self, data: bytes) -> int:
        self._waiting += data
        while len(self._waiting) > FRAME:  # one byte more: the frame is not the last
            self._seal(last=False)
        return len(data)

    def close(self) -> None:
        self._seal(last=True)

    def _seal(self, *, last: bool) -> None:
        plain = bytes(self._waiting[:FRAME])
        del self._waiting[:FRAME]
        self._put(self._cipher.encrypt(_nonce(self._number, last=last), plain, self._head))
        self._number += 1

    def _put(self, data: bytes) -> None:
        self._out.write(data)
        self.hashed.update(data)
        self.size += len(data)


class FrameReader:
    """Opens a sealed stream frame by frame. BrokenArchive once something is not as it was sealed."""

    def __init__(self, source: IO[bytes], key: bytes) -> None:
        self._source, self._number = source, 0
        self._head = _exactly(source, HEAD)
        self.mark = mark_in(self._head)
        if not self._head.startswith(MAGIC):
            raise BrokenArchive(FOREIGN)
        if self.mark != keys.mark_of(key):
            raise BrokenArchive(OTHER_KEY.format(keys.mark_of(key), self.mark))
        self._cipher = _cipher(key, self._head[-SALT:])
        self._plain, self._next = b"", _exactly(source, FRAME + TAG)
        self._ended = False

    def read(self, size: int) -> bytes:
        while not self._plain and not self._ended:
            self._open()
        piece, self._plain = self._plain[:size], self._plain[size:]
        return piece

    def drain(self) -> None:
        """Read on to the end, so that a stream that was cut short does not pass."""
        while self.read(FRAME):
            pass

    def _open(self) -> None:
        sealed, self._next = self._next, _exactly(self._source, FRAME + TAG)
        last = not self._next
        try:
            self._plain = self._cipher.decrypt(_nonce(self._number, last=last), sealed, self._head)
        except (InvalidTag, ValueError) as broken:
            raise BrokenArchive(CHANGED) from broken
        self._number += 1
        self._ended = last


def _exactly(source: IO[bytes], size: int) -> bytes:
    """So many bytes, fewer only at the end: what lies far away may hand over less at a time."""
    read = bytearray()
    while len(read) < size:
        piece = source.read(size - len(read))
        if not piece:
            break
        read += piece
    return bytes(read)
