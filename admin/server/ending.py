"""An orderly end: nothing new is taken, what is under way is answered, then the press; half a minute at most."""

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
ANSWERS = 25.0  # seconds for what is being answered when the panel is told to end
WHOLE = 28.0  # seconds until the process has gone, the press included, whatever hangs
QUIET = 0.3  # seconds without a word after which a connection has nothing more to ask
PAUSE = 1.0  # seconds that the loop sleeps while nothing happens
TELLS = (signal.SIGTERM, signal.SIGINT)

Sockets = dict[int, Any]  # what the server's loop watches, by file number: listeners, connections, triggers


@dataclass
class Ending:
    """Whether the panel has been told to end, how long it may still take, and what is open until then."""

    sockets: Sockets = field(default_factory=dict)
    told: threading.Event = field(default_factory=threading.Event)
    since: float = 0.0

    def begin(self) -> None:
        """Let the loop go round once, so that it sees that this is the end."""
        self.since = time.monotonic()
        self.told.set()
        for listener in self.listeners[:1]:
            listener.pull_trigger()

    def left(self, seconds: float) -> float:
        """What is left of so many seconds from the beginning of the end."""
        return max(0.0, self.since + seconds - time.monotonic())

    @property
    def listeners(self) -> list[Any]:
        return [one for one in self.sockets.values() if isinstance(one, BaseWSGIServer)]

    @property
    def connections(self) -> list[Any]:
        return [one for one in self.sockets.values() if isinstance(one, HTTPChannel)]


def heed_signals(ending: Ending) -> None:
    """The first signal begins the end, the second one is the end."""

    def heed(number: int, frame: FrameType | None) -> None:
        if ending.told.is_set():
            os._exit(128 + number)
        ending.begin()

    for number in TELLS:
        signal.signal(number, heed)


def run(ending: Ending) -> int:
    """Serve until told to end, then answer what is under way; how many connections had to be left without an answer."""
    while ending.sockets and not ending.told.is_set():
        wasyncore.loop(PAUSE, use_poll=True, map=ending.sockets, count=1)
    _refuse_more(ending)
    while ending.connections and ending.left(ANSWERS):
        _dismiss_silent(ending)
        wasyncore.loop(QUIET / 3, use_poll=True, map=ending.sockets, count=1)
    return len(ending.connections)


def leave(unfinished: str) -> None:
    """The end of the process, although something still hangs in a thread: nobody waits for it."""
    log.warning("ended without waiting for %s", unfinished)
    logging.shutdown()
    sys.stdout.flush()
    os._exit(0)


def _refuse_more(ending: Ending) -> None:
    """Who stands at the door comes in, then it is shut. A listener's own way to close would take along the trigger that
    the answers pull."""
    for listener in ending.listeners:
        for _ in range(listener.adj.backlog):  # no more than can have stood there: others go on coming
            if _has_word(listener.socket):
                listener.handle_accept()
        wasyncore.dispatcher.close(listener)


def _dismiss_silent(ending: Ending) -> None:
    """Connections without a request, whole or begun, end once nothing has come of them for a while."""
    began = time.time() - (time.monotonic() - ending.since)
    for one in ending.connections:
        busy = one.requests or one.request is not None or one.total_outbufs_len or one.close_when_flushed
        if not busy and time.time() - max(one.last_activity, began) > QUIET and not _has_word(one.socket):
            one.will_close = True


def _has_word(socket: Any) -> bool:
    """Whether something can be read of it at once."""
    asked = select.poll()
    asked.register(socket, select.POLLIN)
    return bool(asked.poll(0))
