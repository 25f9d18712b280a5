"""Graceful shutdown: no new requests, those in progress are answered, the print queue ends; half a minute at most."""

import logging
import os
import select
import signal
import sys
import threading
import time
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer

log = logging.getLogger(__name__)
ANSWERS = 25.0  # seconds for requests in progress after the signal
WHOLE = 28.0  # seconds from the signal to the exit of the process, including background threads
QUIET = 0.3  # seconds without data after which an idle connection is closed
PAUSE = 1.0  # timeout of the loop in seconds
SHUTDOWN_SIGNALS = (signal.SIGTERM, signal.SIGINT)

Sockets = dict[int, Any]  # waitress's socket map by file descriptor: listeners, connections, triggers


@dataclass
class Shutdown:
    """The state of the shutdown: whether and when it began, and the open sockets."""

    sockets: Sockets = field(default_factory=dict)
    requested: threading.Event = field(default_factory=threading.Event)
    since: float = 0.0

    def begin(self) -> None:
        """Start the shutdown, and wake the loop so that it notices."""
        self.since = time.monotonic()
        self.requested.set()
        for listener in self.listeners[:1]:
            listener.pull_trigger()

    def left(self, seconds: float) -> float:
        """How much remains of so many seconds since the shutdown began."""
        return max(0.0, self.since + seconds - time.monotonic())

    @property
    def listeners(self) -> list[Any]:
        return [socket for socket in self.sockets.values() if isinstance(socket, BaseWSGIServer)]

    @property
    def connections(self) -> list[Any]:
        return [socket for socket in self.sockets.values() if isinstance(socket, HTTPChannel)]


def handle_signals(ending: Shutdown) -> None:
    """Install the signal handlers: the first signal starts the shutdown, a second one exits at once."""

    def on_signal(number: int, frame: FrameType | None) -> None:
        if ending.requested.is_set():
            os._exit(128 + number)
        ending.begin()

    for number in SHUTDOWN_SIGNALS:
        signal.signal(number, on_signal)


def run(ending: Shutdown) -> int:
    """Serve until the shutdown begins, then finish requests in progress; the number of connections left unanswered."""
    while ending.sockets and not ending.requested.is_set():
        wasyncore.loop(PAUSE, use_poll=True, map=ending.sockets, count=1)
    _refuse_more(ending)
    while ending.connections and ending.left(ANSWERS):
        _close_idle(ending)
        wasyncore.loop(QUIET / 3, use_poll=True, map=ending.sockets, count=1)
    return len(ending.connections)


def leave(unfinished: str) -> None:
    """Exit without waiting for threads that are still running."""
    log.warning("ended without waiting for %s", unfinished)
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


def _refuse_more(ending: Shutdown) -> None:
    """Accept the pending connections, then close the listeners. Not by a listener's own `close`, which also closes the
    trigger that responses need."""
    for listener in ending.listeners:
        for _ in range(listener.adj.backlog):  # at most the backlog: new ones keep arriving
            if _is_readable(listener.socket):
                listener.handle_accept()
        wasyncore.dispatcher.close(listener)


def _close_idle(ending: Shutdown) -> None:
    """Close connections without a complete or partial request that have been silent for QUIET."""
    began = time.time() - (time.monotonic() - ending.since)
    for channel in ending.connections:
        output = channel.total_outbufs_len or channel.close_when_flushed
        busy = channel.requests or channel.request is not None or output
        if not busy and time.time() - max(channel.last_activity, began) > QUIET and not _is_readable(channel.socket):
            channel.will_close = True


def _is_readable(socket: Any) -> bool:
    """Whether data can be read without blocking."""
    poll = select.poll()
    poll.register(socket, select.POLLIN)
    return bool(poll.poll(0))
