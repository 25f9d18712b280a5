"""The talk with a mail server, which ends: no more of it is read than anybody needs, and none after its time.

smtplib counts its time-out anew from each byte to the next, and keeps as many lines as are said. A server that says a
letter now and then would keep its place for ever; one that never stops would fill the memory.
"""

import smtplib
import socket
from time import monotonic
from typing import Any

LONGEST = 65_536  # bytes of one answer


class Unreadable(Exception):
    """What is said is no answer of a mail server."""


class SaidLines:
    """What the server says, line by line, as smtplib reads it from a file."""

    def __init__(self, sock: socket.socket, until: float) -> None:
        self._sock, self._until, self._held, self._left = sock, until, b"", LONGEST

    def begin(self) -> None:
        """Another answer is about to be read."""
        self._left = LONGEST

    def readline(self, limit: int) -> bytes:
        while b"\n" not in self._held and len(self._held) < limit and (more := self._more()):
            self._held += more
        end = min(self._held.find(b"\n") + 1 or limit, limit)
        line, self._held = self._held[:end], self._held[end:]
        return line

    def _more(self) -> bytes:
        seconds = self._until - monotonic()
        if seconds <= 0:
            raise TimeoutError
        self._sock.settimeout(seconds)
        more = self._sock.recv(4096)
        self._left -= len(more)
        if self._left < 0:
            raise Unreadable
        return more

    def close(self) -> None:
        """The socket is closed by whom it belongs to."""


class Talk(smtplib.SMTP):
    """One in plain words, or by STARTTLS; over after `timeout` seconds."""

    def __init__(self, host: str, port: int, name: str, *, timeout: float, **more: Any) -> None:
        self._until = monotonic() + timeout
        super().__init__(host, port, name, timeout=timeout, **more)

    def getreply(self) -> tuple[int, bytes]:
        if self.file is None and self.sock:  # also once TLS has begun: what was said before it counts for nothing
            self.file = SaidLines(self.sock, self._until)
        try:
            return self._read_answer()
        except Unreadable:
            self.close()
            raise

    def _read_answer(self) -> tuple[int, bytes]:
        if self.file is not None:
            self.file.begin()
        code, said = super().getreply()
        if code < 0:  # as smtplib says that there was no number
            raise Unreadable
        return code, said


class TlsTalk(Talk, smtplib.SMTP_SSL):
    """One by TLS from the first byte."""
