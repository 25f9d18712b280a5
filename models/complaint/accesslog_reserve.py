"""Access-log entries while the disk is full: written to a preallocated file, moved to the database later."""

import json
import logging
import os
import secrets
import struct
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path

import peewee as pw

from models.complaint.accesslog import Seen, write_reading
from models.store import seal
from models.store.base import Columns, Model, canonical, database, insert_rows
from models.store.files import PreallocatedFile
from models.store.outage import DATABASE_ERRORS, Outage, outage_of

SIZE = 512 * 1024  # bytes: about 3000 records
TOKEN = 16  # bytes at the start of the file, random: renewed each time the file is emptied
_LENGTH = struct.Struct(">I")


class ReserveFull(Exception):
    """The file has no space for the record."""


class Reserve:
    """The file of records, with locking among threads and processes."""

    def __init__(self, path: Path, size: int = SIZE) -> None:
        self._file = PreallocatedFile(path, size, secrets.token_bytes(TOKEN))

    @property
    def path(self) -> Path:
        return self._file.path

    @property
    def size(self) -> int:
        return self._file.size

    @property
    def token(self) -> bytes:
        """Identifies the records since the file was last emptied."""
        with self._opened() as file:
            return os.pread(file, TOKEN, 0)

    def records(self) -> list[bytes]:
        """The records since the file was last emptied, in order."""
        if not self.path.exists():
            return []
        with self._opened() as file:
            return [record for _, record in self._walk(file)]

    def put(self, record: bytes) -> None:
        """Append a record and fdatasync. ReserveFull if it does not fit."""
        with self._opened() as file:
            end = max((place for place, _ in self._walk(file)), default=TOKEN)
            framed = _LENGTH.pack(len(record)) + record
            if end + len(framed) + _LENGTH.size > self.size:
                raise ReserveFull
            if end == TOKEN:  # `empty` may have been interrupted before the new token
                self._begin(file)
            os.pwrite(file, framed + bytes(_LENGTH.size), end)  # and a length of zero: the end
            os.fdatasync(file)

    def empty(self) -> None:
        """Remove all records, then renew the token: if interrupted, the file is empty or unchanged."""
        with self._opened() as file:
            os.pwrite(file, bytes(self.size - TOKEN), TOKEN)
            os.fdatasync(file)
            self._begin(file)

    def _begin(self, file: int) -> None:
        """Write a new token."""
        os.pwrite(file, secrets.token_bytes(TOKEN), 0)
        os.fdatasync(file)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Lock the file among processes."""
        with self._opened():
            yield

    @contextmanager
    def _opened(self) -> Iterator[int]:
        try:
            with self._file.opened() as file:
                yield file
        except FileNotFoundError as missing:
            raise ReserveFull from missing

    def _walk(self, file: int) -> Iterator[tuple[int, bytes]]:
        """Each record with the offset after it."""
        data, place = os.pread(file, self.size, 0), TOKEN
        while place + _LENGTH.size <= len(data):
            (length,) = _LENGTH.unpack_from(data, place)
            place += _LENGTH.size + length
            if not length or place > len(data):
                return
            yield place, data[place - length : place]


log = logging.getLogger(__name__)
NAME = "akses.cadangan"  # the file under VAR_DIR
LABEL = "reserve"  # seal label of a record
AGAIN = 5.0  # seconds between two attempts to move the records


class Moved(Model):
    """The token of the records that were moved last, and their number, so that none is moved twice."""

    in_digest = False
    token = pw.BlobField()
    count = pw.IntegerField()


@dataclass(frozen=True)
class Note:
    """An entry of the access log: rows of Seen, or the row of a Reading and its cases."""

    opened: list[Columns] = field(default_factory=list)
    listed: Columns = field(default_factory=dict)
    cases: list[int] = field(default_factory=list)

    def write(self) -> None:
        """Insert it into the access log, atomically."""
        if self.listed:
            write_reading(self.listed, self.cases)
        elif len(self.opened) == 1:
            Seen.create(**self.opened[0])
        else:
            with database.atomic():
                insert_rows(Seen, self.opened)

    def as_text(self) -> str:
        return canonical(asdict(self))

    @classmethod
    def of_text(cls, text: str) -> "Note":
        note = cls(**json.loads(text))
        for row in (*note.opened, note.listed):
            row |= {name: datetime.fromisoformat(value) for name, value in row.items() if name == "at"}
        return note


class ReserveState:
    """The reserve under a VAR_DIR with its state in this process."""

    def __init__(self, reserve: Reserve) -> None:
        self.reserve, self.again = reserve, 0.0
        self.openings: set[str] = set()  # Seen entries in the file without their time, each written once
        self.waits = bool(reserve.records())

    def put(self, note: Note) -> None:
        """Write an entry. ReserveFull if there is no space."""
        opening = replace(note, opened=[{**row, "at": ""} for row in note.opened]).as_text()
        if note.listed or opening not in self.openings:
            self.reserve.put(seal.ring().panel.close_text(LABEL, note.as_text()) or b"")
            self.openings.add(opening)
            self.waits = True

    def move(self) -> int:
        """Move all entries to the access log in one transaction; returns their number. Repeatable after a crash."""
        with self.reserve.locked():
            token, records = self.reserve.token, self.reserve.records()
            with database.atomic():
                last = Moved.get_or_none(Moved.token == token)
                waiting = records[last.count if last else 0 :]
                for note in _notes_of(waiting):
                    note.write()
                Moved.delete().execute()
                Moved.create(token=token, count=len(records))
            self.reserve.empty()
            self.openings.clear()
            self.waits = False
        return len(waiting)


_installed: list[ReserveState] = []


def install(var: Path) -> None:
    """Use the reserve under `var`; entries of an earlier process are still to be moved."""
    _installed[:] = [ReserveState(Reserve(var / NAME))]


def enter(note: Note, *, secret: bool) -> None:
    """Write an entry to the access log, or to the reserve if the disk is full. Not for a secret case: then the fault is
    raised and the case is not shown."""
    try:
        note.write()
    except DATABASE_ERRORS as fault:
        if secret or not _installed or database.in_transaction() or outage_of(fault) is not Outage.FULL:
            raise
        if not _is_stored(note):
            raise


def _is_stored(note: Note) -> bool:
    """Whether the reserve has stored it. A function of its own, so that the caller re-raises the fault with its
    context, which `outage_of` may need to recognise a full disk."""
    try:
        _installed[0].put(note)
    except ReserveFull:
        return False
    return True


def waiting_entries() -> int:
    """The number of entries in the reserve."""
    return len(_installed[0].reserve.records()) if _installed and _installed[0].waits else 0


def move_reserve_to_log(*, at_once: bool = False) -> None:
    """Move the entries of the reserve to the log, at the start of a request: at most every AGAIN seconds before a read,
    and always before a write (`at_once`)."""
    state = _installed[0] if _installed else None
    if state is None or not state.waits or (time.monotonic() < state.again and not at_once):
        return
    state.again = time.monotonic() + AGAIN
    try:
        log.warning("%d entries of the access log moved out of the reserve", state.move())
    except DATABASE_ERRORS as fault:
        if outage_of(fault) is None:
            raise


def _notes_of(records: list[bytes]) -> Iterator[Note]:
    """The decrypted entries; one that was cut off by a power failure is skipped: its page was never shown."""
    for record in records:
        try:
            text = seal.ring().panel.open_text(LABEL, record)
        except seal.BrokenSeal:
            log.warning("an entry in the reserve cannot be decrypted")
        else:
            yield Note.of_text(text)
