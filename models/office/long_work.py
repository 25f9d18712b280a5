"""Long work in threads: a row for each with its progress, how it ended, and the file that it made.

The row is the register: a page loaded anew, another tab and another process read the same progress. The process that
does the work writes it once a second as a heartbeat; after a kill -9 nobody does, and the row counts as interrupted.
"""

import logging
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import peewee as pw

from models.office.people import User
from models.store import files, seal
from models.store.base import Model, Moment, database, now
from models.store.outage import DATABASE_ERRORS
from sop.words import format_duration, format_moment, format_number

BEATS_EVERY = 1.0  # seconds between two looks at the progress of work in this process
RESTS_AT_MOST = timedelta(seconds=5)  # without progress the heartbeat is written no more often
SILENT = timedelta(seconds=20)  # without a heartbeat the work counts as interrupted
PATIENCE = 2.0  # seconds that the end of the last work waits for the thread of the heartbeats
QUICK = 2.0  # seconds; what ends earlier needs no announcement on other pages
LASTS = timedelta(hours=2)  # how long a file can be downloaded, and what ended is listed
SURE_AFTER = timedelta(seconds=2)  # earlier the time that is left cannot be estimated
LONGEST = 2_000  # characters of an address
AT_ONCE = 2  # works of a process that make a file at the same time
SECONDS = "detik"  # the unit of a work of which only the usual time is known
RUNS, INTERRUPTED = "Sedang berjalan", "Terhenti karena panel dimulai ulang"
FAILED = "Tidak selesai karena gangguan pada panel. Coba sekali lagi; bila berulang, sampaikan kepada pengelola sistem."
_LABEL = "long-work"  # in the associated data of encryption
log = logging.getLogger(__name__)


class LongWork(Model):
    """A work that takes long: who started it, how far it is, how it ended, its file sealed under a key of its own."""

    proof = ""  # what the work does is in the history and the access log
    in_digest = False
    survives_restore = False

    public_id = pw.CharField(max_length=32, unique=True)
    by = pw.ForeignKeyField(User, on_delete="RESTRICT", index=False)
    title = pw.CharField(max_length=200)
    unit = pw.CharField(max_length=20)  # what is counted: baris, dokumen
    url = pw.CharField(max_length=300)  # the page that shows it; "" if that is its own
    again = pw.CharField(max_length=LONGEST)  # where it can be begun again
    done = pw.IntegerField(default=0)
    total = pw.IntegerField(default=0)  # 0 if not known
    begun: Any = Moment()
    beat: Any = Moment()
    ended: Any = Moment(null=True)
    sentence = pw.CharField(max_length=500, default="")
    is_failed = pw.BooleanField(default=False)
    is_seen = pw.BooleanField(default=False)  # that it ended
    file_name = pw.CharField(max_length=120, default="")
    kind = pw.CharField(max_length=100, default="")  # media type of the file
    path = pw.CharField(max_length=200, default="")
    wrapped = pw.BlobField(null=True)

    class Meta:
        indexes = ((("by", "begun"), False),)

    def __str__(self) -> str:
        return str(self.title)

    @property
    def is_interrupted(self) -> bool:
        return self.ended is None and bool(now() - self.beat > SILENT)

    @property
    def is_over(self) -> bool:
        return self.ended is not None or self.is_interrupted

    @property
    def until(self) -> datetime:
        """Until when it is listed, and its file can be downloaded."""
        last: datetime = self.ended or self.beat
        return last + LASTS

    @property
    def words(self) -> str:
        """How far it is, or how it ended."""
        if self.ended:
            return str(self.sentence)
        if self.is_interrupted:
            return f"{INTERRUPTED}{f', pada {self.count_words}' if self.total else ''}."
        return " · ".join(filter(None, (self.count_words, self.left_words)))

    @property
    def count_words(self) -> str:
        if not self.total:
            return RUNS
        if self.unit == SECONDS:
            return f"{RUNS} sejak {format_moment(self.begun)}"
        return f"{format_number(self.done)} dari {format_number(self.total)} {self.unit}"

    @property
    def left_words(self) -> str:
        """The time that is left, in words; "" as long as it cannot be estimated."""
        passed = now() - self.begun
        if not (0 < self.done < self.total and passed >= SURE_AFTER):
            return ""
        seconds = passed.total_seconds() * (self.total - self.done) / self.done
        return "kurang dari 1 menit lagi" if seconds < 50 else f"sekitar {format_duration(max(1, seconds / 60))} lagi"

    def opened(self) -> bytes:
        """The file that it made; FileNotFoundError if there is none any more, BrokenSeal if it was changed."""
        if not self.path or now() > self.until:
            raise FileNotFoundError(self.public_id)
        return files.fetch(self.path, seal.ring().open_case(self.public_id, self.wrapped), _LABEL)

    def mark_seen(self) -> None:
        with database.atomic():
            LongWork.update(is_seen=True).where(LongWork.id == self.id).execute()


class Progress:
    """The progress of a work in this process; `measure` asks for (done, total) where the work does not count itself."""

    def __init__(self, row: LongWork, measure: Callable[[], tuple[int, int]] | None = None) -> None:
        self.row, self.done, self.total = row, int(row.done), int(row.total)
        self.sentence, self.is_failed = "", False
        self._measure, self._stored, self._began = measure, (self.done, self.total), time.monotonic()

    def advance(self, count: int = 1) -> None:
        self.done += count

    def store_file(self, name: str, kind: str, data: bytes) -> None:
        """Store what the work made, for its user alone."""
        wrapped, key = seal.ring().new_case_key(self.row.public_id)
        path = files.store_file(data, key, _LABEL)
        self._write(file_name=name, kind=kind, path=path, wrapped=wrapped)
        self.row.path = path

    def fail(self, sentence: str) -> None:
        self.sentence, self.is_failed = sentence[:500], True

    def beat(self) -> None:
        """Write the progress, if there is some, or the heartbeat is due."""
        at, asked = now(), self._measure() if self._measure else (self.done, self.total)
        self.done, self.total = asked
        if asked != self._stored or at - self.row.beat >= RESTS_AT_MOST:
            self._stored, self.row.beat = asked, at
            self._write(done=self.done, total=self.total, beat=at)

    def end(self) -> None:
        """Say how it ended; a row of what was quick, went well and made no file is deleted."""
        if not (self.row.path or self.is_failed) and time.monotonic() - self._began < QUICK:
            with database.atomic():
                self.row.delete_instance()
            return
        at = now()
        done = self.done if self.is_failed else self.total or self.done
        self._write(done=done, total=self.total, sentence=self.sentence, is_failed=self.is_failed, ended=at, beat=at)

    def _write(self, **columns: object) -> None:
        with database.atomic():
            LongWork.update(**columns).where(LongWork.id == self.row.id).execute()


_live: set[Progress] = set()
_threads: set[threading.Thread] = set()
_beating: list[threading.Thread] = []  # at most one, which leaves it under the lock once nothing runs
_starting = threading.Lock()
_lock, _nothing_runs = threading.Lock(), threading.Event()
_seats = threading.BoundedSemaphore(AT_ONCE)


def register(
    title: str,
    *,
    by: User,
    unit: str,
    url: str = "",
    again: str = "",
    total: int = 0,
    measure: Callable[[], tuple[int, int]] | None = None,
) -> Progress:
    """Make the row of a work that begins in this process; it runs in `running`."""
    at = now()
    delete_expired_works(at)
    with database.atomic():  # the same work continued, or done once more
        LongWork.update(is_seen=True).where(
            (LongWork.by == by) & (LongWork.url == url) & (LongWork.url != "")
        ).execute()
    facts = {"title": title[:200], "by": by, "unit": unit, "url": url, "again": again[:LONGEST], "total": total}
    with database.atomic():
        row = LongWork.create(public_id=secrets.token_urlsafe(12), begun=at, beat=at, **facts)
    return Progress(row, measure)


@contextmanager
def running(progress: Progress, done: str | Callable[[], str], failed: str = FAILED) -> Iterator[Progress]:
    """The work itself, in its thread with an open connection: its heartbeat is written meanwhile, and at the end the
    sentence `done`, or that it failed. What it raises goes on."""
    with _lock:
        _live.add(progress)
        _nothing_runs.clear()
        if not _beating:
            _beating.append(_begin_thread(_beat_all, "kemajuan"))
    try:
        yield progress
    except BaseException:
        progress.fail(progress.sentence or failed)
        raise
    else:
        progress.sentence = progress.sentence or (done if isinstance(done, str) else done())
    finally:
        with _lock:
            _live.discard(progress)
            last = [] if _live else list(_beating)
            if last:
                _nothing_runs.set()
        for beating in last:  # no heartbeat is written after the end; the next work may need the thread meanwhile
            beating.join(PATIENCE)
        try:
            database.connect(reuse_if_open=True)  # the work may have closed it
            progress.end()
        except DATABASE_ERRORS as fault:
            log.error("how a work ended is not stored: %s", type(fault).__name__)


def begin_following(progress: Progress, wait: Callable[[], str]) -> None:
    """Show in a thread of its own what another one does; `wait` returns the sentence once that is done."""

    def follow() -> None:
        try:
            with database.connection_context(), running(progress, lambda: progress.sentence):
                progress.sentence = wait()
        except DATABASE_ERRORS as fault:
            log.error("a work is not followed: %s", type(fault).__name__)

    _begin_thread(follow, "kemajuan-lain")


def begin_file(progress: Progress, make: Callable[[Progress], str]) -> None:
    """Do in a thread a work that stores a file; `make` returns the sentence that it is done."""
    _begin_thread(partial(_make_file, progress, make), "berkas")


def _make_file(progress: Progress, make: Callable[[Progress], str]) -> None:
    try:
        with database.connection_context(), running(progress, lambda: progress.sentence), _seats:
            progress.sentence = make(progress)
    except Exception:
        log.exception("a file is not made")  # its row says so


def _begin_thread(target: Callable[[], None], name: str) -> threading.Thread:
    def run() -> None:
        try:
            target()
        finally:
            with _starting:
                _threads.discard(threading.current_thread())

    thread = threading.Thread(target=run, name=name, daemon=True)
    with _starting:  # no other thread waits for one that is not started
        thread.start()
        _threads.add(thread)
    return thread


def _beat_all() -> None:
    """Write the heartbeats until nothing runs; one that cannot be written is due again a second later."""
    while True:
        _nothing_runs.wait(BEATS_EVERY)
        with _lock:
            works = list(_live)
            if not works:
                _beating.clear()
                return
        try:
            with database.connection_context():
                for progress in works:
                    progress.beat()
        except DATABASE_ERRORS as fault:
            log.warning("progress is not stored: %s", type(fault).__name__)


def finish_works() -> None:
    """Wait for all threads."""
    with _starting:
        threads = list(_threads)
    for thread in threads:
        thread.join()


def works_of(by: User, at: datetime) -> list[LongWork]:
    """What the user's works are, that run or ended lately; latest first."""
    rows = LongWork.select().where((LongWork.by == by) & (LongWork.beat > at - LASTS))
    return list(rows.order_by(LongWork.begun.desc(), LongWork.id.desc()).limit(20))


def delete_expired_works(at: datetime) -> int:
    """Delete works that ended LASTS ago, with their files; how many."""
    expired = list(LongWork.select().where(LongWork.beat <= at - LASTS))
    for row in expired:
        with database.atomic():
            if row.path:
                database.after_commit(partial(files.delete, row.path))
            row.delete_instance()
    return len(expired)
