"""Access-log notes on a full disk: written into a file laid out beforehand, moved over once there is room."""

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
from models.store.files import LaidOut
from models.store.outage import DATABASE_ERRORS, Outage, outage_of

SIZE = 512 * 1024  # bytes: some three thousand records
TOKEN = 16  # bytes at the beginning that name this filling: drawn anew each time the file is emptied
_LENGTH = struct.Struct(">I")


class ReserveFull(Exception):
    """The file has no room for one more record."""


class Reserve:
    """The file, and how full it is. One record at a time, in one process or in several."""

    def __init__(self, path: Path, size: int = SIZE) -> None:
        self._laid = LaidOut(path, size, secrets.token_bytes(TOKEN))

    @property
    def path(self) -> Path:
        return self._laid.path

    @property
    def size(self) -> int:
        return self._laid.size

    @property
    def token(self) -> bytes:
        """Of which filling the records are."""
        with self._opened() as file:
            return os.pread(file, TOKEN, 0)

    def records(self) -> list[bytes]:
        """What has been put in since the file was last emptied, in order."""
        if not self.path.exists():
            return []
        with self._opened() as file:
            return [record for _, record in self._walk(file)]

    def put(self, record: bytes) -> None:
        """Write one more record; it lies on the disk when this returns. ReserveFull if it does not fit."""
        with self._opened() as file:
            end = max((place for place, _ in self._walk(file)), default=TOKEN)
            framed = _LENGTH.pack(len(record)) + record
            if end + len(framed) + _LENGTH.size > self.size:
                raise ReserveFull
            if end == TOKEN:  # an emptying that was cut short has left the token of records that are gone
                self._begin(file)
            os.pwrite(file, framed + bytes(_LENGTH.size), end)  # and a length of none: nothing follows
            os.fdatasync(file)

    def empty(self) -> None:
        """Nothing is in it any more. Cut short, it is empty or as it was: records go first, then the token."""
        with self._opened() as file:
            os.pwrite(file, bytes(self.size - TOKEN), TOKEN)
            os.fdatasync(file)
            self._begin(file)

    def _begin(self, file: int) -> None:
        """A filling of its own: whatever is known of another one is not known of this."""
        os.pwrite(file, secrets.token_bytes(TOKEN), 0)
        os.fdatasync(file)

    @contextmanager
    def held(self) -> Iterator[None]:
        """No other process puts in or takes out meanwhile."""
        with self._opened():
            yield

    @contextmanager
    def _opened(self) -> Iterator[int]:
        try:
            with self._laid.opened() as file:
                yield file
        except FileNotFoundError as gone:
            raise ReserveFull from gone

    def _walk(self, file: int) -> Iterator[tuple[int, bytes]]:
        """Each record and the place behind it."""
        data, place = os.pread(file, self.size, 0), TOKEN
        while place + _LENGTH.size <= len(data):
            (length,) = _LENGTH.unpack_from(data, place)
            place += _LENGTH.size + length
            if not length or place > len(data):
                return
            yield place, data[place - length : place]


log = logging.getLogger(__name__)
NAME = "akses.cadangan"  # the file under VAR_DIR
LABEL = "reserve"  # what a note in it is sealed under
AGAIN = 5.0  # seconds until the log is asked once more whether it has room


class Moved(Model):
    """Which filling of the reserve was moved over last, and how many notes of it: none is moved twice."""

    kept_by_digest = False
    token = pw.BlobField()
    count = pw.IntegerField()


@dataclass(frozen=True)
class Note:
    """What would stand in the log: rows of openings, or the row of a list and the cases that it told of."""

    opened: list[Columns] = field(default_factory=list)
    listed: Columns = field(default_factory=dict)
    cases: list[int] = field(default_factory=list)

    def write(self) -> None:
        """Into the log, whole or not at all."""
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


class Keeping:
    """The reserve under one VAR_DIR, and what is known of its filling."""

    def __init__(self, reserve: Reserve) -> None:
        self.reserve, self.again = reserve, 0.0
        self.openings: set[str] = set()  # those that lie in it, but for their moment: each is noted once, as in the log
        self.waits = bool(reserve.records())

    def put(self, note: Note) -> None:
        """Keep a note. ReserveFull if there is no more room for it."""
        opening = replace(note, opened=[{**row, "at": ""} for row in note.opened]).as_text()
        if note.listed or opening not in self.openings:
            self.reserve.put(seal.ring().panel.close_text(LABEL, note.as_text()) or b"")
            self.openings.add(opening)
            self.waits = True

    def move(self) -> int:
        """Every note into the log, all or none; how many. After an end in the middle it moves the rest."""
        with self.reserve.held():
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


_keeping: list[Keeping] = []


def install(var: Path) -> None:
    """Keep the reserve under `var`; what a former process has left in it waits to be moved."""
    _keeping[:] = [Keeping(Reserve(var / NAME))]


def enter(note: Note, *, secret: bool) -> None:
    """Write a note into the log. Where that has no room it goes into the reserve, but for one of a secret case: what
    such a note tells of is not shown."""
    try:
        note.write()
    except DATABASE_ERRORS as fault:
        if secret or not _keeping or database.in_transaction() or outage_of(fault) is not Outage.FULL:
            raise
        if not _is_kept(note):
            raise


def _is_kept(note: Note) -> bool:
    """Whether the reserve has taken it. The fault that is raised else must not be raised from here: it would forget
    what came before it, by which alone some are told to be of a full disk."""
    try:
        _keeping[0].put(note)
    except ReserveFull:
        return False
    return True


def waiting_notes() -> int:
    """How many notes lie in the reserve."""
    return len(_keeping[0].reserve.records()) if _keeping and _keeping[0].waits else 0


def move_if_there_is_room(*, at_once: bool = False) -> None:
    """What waits comes into the log before anything else is done: before a page is only read, the log is asked no more
    than every few seconds; before something may be written (`at_once`), always."""
    keeping = _keeping[0] if _keeping else None
    if keeping is None or not keeping.waits or (time.monotonic() < keeping.again and not at_once):
        return
    keeping.again = time.monotonic() + AGAIN
    try:
        log.warning("%d notes of the access log moved out of the reserve", keeping.move())
    except DATABASE_ERRORS as fault:
        if outage_of(fault) is None:
            raise


def _notes_of(records: list[bytes]) -> Iterator[Note]:
    """The notes; one that a power cut has torn was never shown to anybody."""
    for record in records:
        try:
            text = seal.ring().panel.open_text(LABEL, record)
        except seal.BrokenSeal:
            log.warning("a note in the reserve cannot be opened")
        else:
            yield Note.of_text(text)
