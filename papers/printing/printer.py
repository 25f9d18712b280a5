"""Printing in worker processes, so that a crash, a hang or a memory leak does not affect the panel."""

import json
import os
import queue
import select
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO

from models.store import resource_limits
from models.store.resource_limits import Work
from papers.layout.formats import Content
from papers.printing import print_worker
from papers.printing.failure import PrintError

PAPERS_PER_CHILD = 250  # a start of the process takes as long as fifteen papers
WALL_SECONDS = 60.0  # timeout for one paper, including the start of the process
_LATE, _SPENT = "Pencetakan melewati batas waktu.", "Pencetakan kehabisan waktu atau memori."


class _WorkerEnded(Exception):
    """The worker process ended, or was killed, before it replied."""


class Printer:
    """Prints one paper at a time in a worker process, which is replaced every few papers and after any failure."""

    def __init__(self, *, seconds: float = WALL_SECONDS) -> None:
        self._lock, self._seconds = threading.Lock(), seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._owner, self._printed = 0, 0

    def pdf(self, content: Content) -> bytes:
        """The PDF of a content. PrintError if a new process could not print it either."""
        with self._lock:
            used = self._usable()
            try:
                return self._print(used or self._start(), content)
            except _WorkerEnded as gone:
                if not used:
                    raise PrintError(str(gone), "the child ended") from gone
            try:
                return self._print(self._start(), content)
            except _WorkerEnded as gone:
                raise PrintError(str(gone), "the child ended twice") from gone

    def close(self) -> None:
        """End the worker process."""
        with self._lock:
            self._stop()

    def _usable(self) -> subprocess.Popen[bytes] | None:
        """The current worker process, if it is alive, not used up and not inherited by a fork."""
        if self._child is None or self._owner != os.getpid() or self._printed >= PAPERS_PER_CHILD:
            return None
        return self._child if self._child.poll() is None else None

    def _start(self) -> subprocess.Popen[bytes]:
        self._stop()
        self._child = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", print_worker.__name__],
            cwd=Path(__file__).resolve().parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,  # unbuffered, so that `poll` can bound every wait
            stderr=subprocess.DEVNULL,
            env=resource_limits.environment(),
        )
        self._owner, self._printed = os.getpid(), 0
        return self._child

    def _print(self, by: subprocess.Popen[bytes], content: Content) -> bytes:
        until = time.monotonic() + self._seconds
        try:
            _send(by.stdin, print_worker.with_length_prefix(json.dumps(content, default=str).encode()), until)
            message = _answer(by.stdout, until)
        except (OSError, EOFError) as gone:
            self._stop()
            raise _WorkerEnded(_LATE if isinstance(gone, TimeoutError) else _SPENT) from gone
        self._printed += 1
        if message[:1] == print_worker.DONE:
            return message[1:]
        raise PrintError(*json.loads(message[1:]))

    def _stop(self) -> None:
        process, self._child = self._child, None
        if process is None or self._owner != os.getpid():
            return
        process.kill()
        process.wait()
        for pipe in filter(None, (process.stdin, process.stdout)):
            pipe.close()


class Printers:
    """A pool of one printer per core, two at most; the one last used is handed out first."""

    def __init__(self, count: int = 0) -> None:
        self.count = count or min(2, os.cpu_count() or 1)
        self._all = [Printer() for _ in range(self.count)]
        self._free: queue.LifoQueue[Printer] = queue.LifoQueue()
        for printer in self._all:
            self._free.put(printer)

    def pdf(self, content: Content) -> bytes:
        """The PDF of a content, as `Printer.pdf`."""
        resource_limits.begin(Work.PRINT)
        printer = self._free.get()
        try:
            return printer.pdf(content)
        finally:
            self._free.put(printer)

    def close(self) -> None:
        for printer in self._all:
            printer.close()


def _send(pipe: IO[bytes] | None, message: bytes, until: float) -> None:
    """Write a message to a pipe. TimeoutError if the worker does not read it in time."""
    left = memoryview(message)
    while pipe and left:
        _wait_for(pipe, select.POLLOUT, until)
        left = left[os.write(pipe.fileno(), left[: select.PIPE_BUF]) :]  # cannot block once the pipe is writable


def _answer(pipe: IO[bytes] | None, until: float) -> bytes:
    """Read one message from a pipe. TimeoutError if it does not arrive in time, EOFError if the worker has ended."""
    data, wanted = bytearray(), print_worker.HEAD
    while pipe and len(data) < wanted:
        _wait_for(pipe, select.POLLIN, until)
        part = os.read(pipe.fileno(), 1 << 20)
        if not part:
            raise EOFError
        data += part
        wanted = print_worker.HEAD + print_worker.length(data) if len(data) >= print_worker.HEAD else print_worker.HEAD
    return bytes(data[print_worker.HEAD :])


def _wait_for(pipe: IO[bytes], event: int, until: float) -> None:
    """Wait until a pipe is readable or writable. TimeoutError if it is not in time."""
    ready = select.poll()
    ready.register(pipe, event)
    if not ready.poll(max(0.0, until - time.monotonic()) * 1000):
        raise TimeoutError
