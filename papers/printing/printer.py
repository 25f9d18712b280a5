"""Printing in a child process that may fail, hang or grow without harm to who asked."""

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

from models.store import bounded
from models.store.bounded import Work
from papers.layout.formats import Content
from papers.printing import child
from papers.printing.failure import PrintError

PAPERS_PER_CHILD = 25
WALL_SECONDS = 60.0  # for one paper, the child's start included
_LATE, _SPENT = "Pencetakan melewati batas waktu.", "Pencetakan kehabisan waktu atau memori."


class _Gone(Exception):
    """The child ended, or was ended, before it answered."""


class Printer:
    """Prints one paper at a time in a child of its own; a new child every few papers and after any failure."""

    def __init__(self, *, seconds: float = WALL_SECONDS) -> None:
        self._lock, self._seconds = threading.Lock(), seconds
        self._child: subprocess.Popen[bytes] | None = None
        self._owner, self._printed = 0, 0

    def pdf(self, content: Content) -> bytes:
        """The PDF of a content. PrintError if even a fresh child, with this paper alone, could not print it."""
        with self._lock:
            used = self._usable()
            try:
                return self._print(used or self._start(), content)
            except _Gone as gone:
                if not used:
                    raise PrintError(str(gone), "the child ended") from gone
            try:
                return self._print(self._start(), content)
            except _Gone as gone:
                raise PrintError(str(gone), "the child ended twice") from gone

    def close(self) -> None:
        """Let the child go."""
        with self._lock:
            self._dismiss()

    def _usable(self) -> subprocess.Popen[bytes] | None:
        """The child at hand, if it is alive, not worn and this process's own."""
        if self._child is None or self._owner != os.getpid() or self._printed >= PAPERS_PER_CHILD:
            return None
        return self._child if self._child.poll() is None else None

    def _start(self) -> subprocess.Popen[bytes]:
        self._dismiss()
        self._child = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-m", child.__name__],
            cwd=Path(__file__).resolve().parents[2],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,  # the pipes themselves: what waits for the child here waits no longer than it may
            stderr=subprocess.DEVNULL,
            env=bounded.environment(),
        )
        self._owner, self._printed = os.getpid(), 0
        return self._child

    def _print(self, by: subprocess.Popen[bytes], content: Content) -> bytes:
        until = time.monotonic() + self._seconds
        try:
            _send(by.stdin, child.framed(json.dumps(content, default=str).encode()), until)
            message = _answer(by.stdout, until)
        except (OSError, EOFError) as gone:
            self._dismiss()
            raise _Gone(_LATE if isinstance(gone, TimeoutError) else _SPENT) from gone
        self._printed += 1
        if message[:1] == child.DONE:
            return message[1:]
        raise PrintError(*json.loads(message[1:]))

    def _dismiss(self) -> None:
        leaving, self._child = self._child, None
        if leaving is None or self._owner != os.getpid():
            return
        leaving.kill()
        leaving.wait()
        for pipe in filter(None, (leaving.stdin, leaving.stdout)):
            pipe.close()


class Printers:
    """As many printers as there are cores, two at most: whoever asks gets one that is free, the one last used first."""

    def __init__(self, count: int = 0) -> None:
        self.count = count or min(2, os.cpu_count() or 1)
        self._all = [Printer() for _ in range(self.count)]
        self._free: queue.LifoQueue[Printer] = queue.LifoQueue()
        for printer in self._all:
            self._free.put(printer)

    def pdf(self, content: Content) -> bytes:
        """The PDF of a content, as `Printer.pdf`."""
        bounded.begin(Work.PRINT)
        printer = self._free.get()
        try:
            return printer.pdf(content)
        finally:
            self._free.put(printer)

    def close(self) -> None:
        for printer in self._all:
            printer.close()


def _send(pipe: IO[bytes] | None, message: bytes, until: float) -> None:
    """A message written to a pipe. TimeoutError when the time is up before the child has taken it in."""
    left = memoryview(message)
    while pipe and left:
        _wait_for(pipe, select.POLLOUT, until)
        left = left[os.write(pipe.fileno(), left[: select.PIPE_BUF]) :]  # so much never waits once there is room


def _answer(pipe: IO[bytes] | None, until: float) -> bytes:
    """One message read off a pipe. TimeoutError when the time is up, EOFError when the child has gone."""
    data, wanted = bytearray(), child.HEAD
    while pipe and len(data) < wanted:
        _wait_for(pipe, select.POLLIN, until)
        part = os.read(pipe.fileno(), 1 << 20)
        if not part:
            raise EOFError
        data += part
        wanted = child.HEAD + child.length(data) if len(data) >= child.HEAD else child.HEAD
    return bytes(data[child.HEAD :])


def _wait_for(pipe: IO[bytes], event: int, until: float) -> None:
    """Until a pipe can be read or written. TimeoutError when the time is up."""
    ready = select.poll()
    ready.register(pipe, event)
    if not ready.poll(max(0.0, until - time.monotonic()) * 1000):
        raise TimeoutError
