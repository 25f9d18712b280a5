"""Long-running work: admission control, and child processes for untrusted files, limited in memory and time and
without secrets in their environment.
"""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextvars import ContextVar
from enum import StrEnum
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
_INHERITED = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")  # no keys or passwords


class Work(StrEnum):
    """Kinds of work that occupy a CPU, and a request thread waiting for it, for long."""

    PRINT = "print"
    HASH = "hash"  # a password
    FILE = "file"  # sanitise an upload
    TABLE = "table"  # parse an imported table
    COPY = "copy"  # make a backup and verify it


class UndeclaredWork(RuntimeError):
    """A request does work that its endpoint does not declare, and so has no slot for it."""


class AllSlotsTaken(RuntimeError):
    """All slots for such work are taken."""


class ChildFailed(RuntimeError):
    """The child process exited or was killed before it answered."""


_rule: ContextVar[Callable[[Work], None] | None] = ContextVar("rule", default=None)


def set_admission_rule(rule: Callable[[Work], None] | None) -> None:
    """Set the admission rule of this thread, which raises UndeclaredWork or AllSlotsTaken; None admits all."""
    _rule.set(rule)


def begin(work: Work) -> None:
    """Apply this thread's admission rule before such work."""
    if rule := _rule.get():
        rule(work)


def environment() -> dict[str, str]:
    """The environment variables that a child process inherits."""
    return {name: os.environ[name] for name in _INHERITED if name in os.environ}


def bound(*, memory: int, cpu_seconds: int) -> None:
    """Set resource limits of this process: address space in bytes, CPU seconds, no file writes, no core dump."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def ignore_stop_signals() -> None:
    """Ignore SIGTERM and SIGINT, which some supervisors send to the whole process group: a child exits when its parent
    closes the pipe."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)


def serve_once(reply_to: Callable[[bytes], bytes], *, memory: int, cpu_seconds: int) -> None:
    """In the child process: answer the request on stdin on stdout, within these limits."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not end up in the reply
    ignore_stop_signals()
    bound(memory=memory, cpu_seconds=cpu_seconds)
    replies.write(reply_to(sys.stdin.buffer.read()))
    replies.close()


def answer(module: str, request: bytes, *, seconds: float, work: Work, files: Sequence[int] = ()) -> bytes:
    """The reply of `python -m module` to a request; ChildFailed if it fails or takes longer (wall clock). `files`:
    descriptors that the child inherits under the same numbers, for what is too large for a request."""
    begin(work)
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-B", "-m", module],
            input=request,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=HOUSE,
            env=environment(),
            pass_fds=files,
            timeout=seconds,
            check=True,
        )
    except subprocess.SubprocessError as failed:
        raise ChildFailed(type(failed).__name__) from failed
    return done.stdout
