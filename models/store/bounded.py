"""Work that takes long: who may begin it; and on strangers' bytes in a process of its own, bounded in memory and time,
and told no secret.
"""

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from contextvars import ContextVar
from enum import StrEnum
from pathlib import Path

HOUSE = Path(__file__).resolve().parents[2]
_TOLD = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "SYSTEMROOT")  # no keys, no passwords


class Work(StrEnum):
    """What takes a processor, and whoever waits for it a thread, for long."""

    PRINT = "print"
    HASH = "hash"  # of a password
    FILE = "file"  # from outside, made harmless
    TABLE = "table"  # from elsewhere, read
    COPY = "copy"  # of all that is kept, and its proof


class Undeclared(RuntimeError):
    """A request would do work that nobody has said it does: so it would do it without a place."""


class Crowded(RuntimeError):
    """So many do such work at this moment that no more is begun."""


class Spent(RuntimeError):
    """The process ended, or was ended, before it answered."""


_rule: ContextVar[Callable[[Work], None] | None] = ContextVar("rule", default=None)


def ask_first(rule: Callable[[Work], None] | None) -> None:
    """Whatever this thread does from now on is begun by this rule, which raises Undeclared or Crowded; None for all."""
    _rule.set(rule)


def begin(work: Work) -> None:
    """Go on with such work, once whoever rules this thread lets it."""
    if rule := _rule.get():
        rule(work)


def environment() -> dict[str, str]:
    """What such a process may know of ours."""
    return {name: os.environ[name] for name in _TOLD if name in os.environ}


def bound(*, memory: int, cpu_seconds: int) -> None:
    """Bound this very process: bytes of address space, seconds of work, no file written, no core left behind."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def heed_no_signal() -> None:
    """What tells the panel to end is sent to all its processes by some: this one ends when nobody listens any more."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)


def serve_once(reply_to: Callable[[bytes], bytes], *, memory: int, cpu_seconds: int) -> None:
    """In such a process: what stands on stdin is answered on stdout, within these bounds. Nothing else gets there."""
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not run into the reply
    heed_no_signal()
    bound(memory=memory, cpu_seconds=cpu_seconds)
    replies.write(reply_to(sys.stdin.buffer.read()))
    replies.close()


def answer(module: str, request: bytes, *, seconds: float, work: Work) -> bytes:
    """What `python -m module` answers to a request; Spent if it fails or takes longer (wall clock)."""
    begin(work)
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-B", "-m", module],
            input=request,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=HOUSE,
            env=environment(),
            timeout=seconds,
            check=True,
        )
    except subprocess.SubprocessError as failed:
        raise Spent(type(failed).__name__) from failed
    return done.stdout
