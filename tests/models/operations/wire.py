"""A wire between the panel and a server on this machine, which a test cuts in the middle and mends again."""

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

PIECE = 16 * 1024
Cut = Callable[["Wire", bytes], bool]  # whether to cut before this piece, which is empty where the server speaks


class Wire:
    """Passes on what is said and counts it; cut before a piece that a test names, after which nothing gets through."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._ends: list[socket.socket] = []
        self._guard = threading.Lock()
        self.calls = 0  # that the panel has not ended
        self.mend()
        threading.Thread(target=self._accept, daemon=True).start()

    def mend(self, cut_at: Cut = lambda _wire, _piece: False) -> None:
        """Whole again, until the panel says a piece at which it is to be cut, or is given one."""
        self.sent, self.received, self.is_cut, self._cut_at = 0, 0, False, cut_at

    def cut(self) -> None:
        """Open connections are cut off, new ones are not answered."""
        with self._guard:
            self.is_cut = True
            for end in self._ends:
                _close(end)
            self._ends.clear()

    def end(self) -> None:
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                panel, _ = self._listener.accept()
            except OSError:
                return  # at the end
            server = socket.create_connection(("127.0.0.1", self._server_port))
            for end in (panel, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as a wire, it buffers nothing
            with self._guard:
                if self.is_cut:
                    _close(panel)
                    _close(server)
                    continue
                self._ends += [panel, server]
                self.calls += 1
            threading.Thread(target=self._pass_on, args=(panel, server, "sent"), daemon=True).start()
            threading.Thread(target=self._pass_on, args=(server, panel, "received"), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, way: str) -> None:
        try:
            while piece := source.recv(PIECE):
                setattr(self, way, getattr(self, way) + len(piece))
                if self._cut_at(self, piece if way == "sent" else b""):
                    self.cut()
                    return
                target.sendall(piece)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            return  # one of the two has gone
        finally:
            if way == "sent":
                with self._guard:
                    self.calls -= 1


def _close(end: socket.socket) -> None:
    with suppress(OSError):  # the other side was first
        end.shutdown(socket.SHUT_RDWR)
    end.close()
