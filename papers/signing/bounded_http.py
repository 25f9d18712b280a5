"""One HTTP POST to a server of the configuration: its certificate is checked, no redirect or proxy is followed, the
exchange is bounded in time and its reply in size.

Nothing is retried here, and no failure quotes what was sent or received.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from time import monotonic
from urllib.parse import SplitResult, urlsplit

from models.operations.signing_settings import is_loopback

CONNECT_SECONDS = 10.0  # for each address of the server; DNS look-ups have the system's own time-out
_PART = 1 << 16


class PostFault(Enum):
    """Why there is no reply. Up to `UNTRUSTED` nothing of the request was sent; after it, nobody knows."""

    UNREACHED, UNTRUSTED, LATE, BROKEN, LARGE = auto(), auto(), auto(), auto(), auto()


class PostFailed(Exception):
    """There is no whole reply."""

    def __init__(self, fault: PostFault) -> None:
        super().__init__(fault.name)
        self.fault = fault


@dataclass(frozen=True, kw_only=True)
class HttpReply:
    """Status, media type in small letters, and body of a reply."""

    status: int
    media_type: str
    body: bytes


def post(url: str, body: bytes, headers: Mapping[str, str], *, seconds: float, most: int) -> HttpReply:
    """The reply to a POST. PostFailed if there is none within `seconds` (wall clock), or of more than `most` bytes."""
    parts, until = urlsplit(url), monotonic() + seconds
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        raise PostFailed(PostFault.UNTRUSTED)
    connected = _connected(parts, until)
    late = threading.Event()
    timer = threading.Timer(max(0.0, until - monotonic()), _shut, (connected, late))
    timer.daemon = True
    timer.start()
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port)
    connection.sock = connected
    try:
        _shake_hands(connected)
        reply = _exchange(connection, parts.path or "/", body, headers, most)
    except (OSError, http.client.HTTPException, ValueError) as failed:
        is_late = late.is_set() or isinstance(failed, TimeoutError)
        raise PostFailed(PostFault.LATE if is_late else PostFault.BROKEN) from None
    finally:
        timer.cancel()
        connection.close()
        connected.close()
    if late.is_set():  # to the parser the end of the connection may be the end of a reply
        raise PostFailed(PostFault.LATE)
    return reply


def _connected(parts: SplitResult, until: float) -> socket.socket:
    """A connection to the server, over TLS before its handshake."""
    is_tls = parts.scheme == "https"
    port = parts.port or (http.client.HTTPS_PORT if is_tls else http.client.HTTP_PORT)
    try:
        plain = socket.create_connection((parts.hostname, port), min(CONNECT_SECONDS, max(0.1, until - monotonic())))
    except OSError:
        raise PostFailed(PostFault.UNREACHED) from None
    plain.settimeout(max(0.1, until - monotonic()))
    if not is_tls:
        return plain
    context = ssl.create_default_context()
    return context.wrap_socket(plain, server_hostname=parts.hostname, do_handshake_on_connect=False)


def _shake_hands(connected: socket.socket) -> None:
    if isinstance(connected, ssl.SSLSocket):
        try:
            connected.do_handshake()
        except ssl.SSLError:
            raise PostFailed(PostFault.UNTRUSTED) from None
        except OSError:
            raise PostFailed(PostFault.UNREACHED) from None


def _exchange(
    connection: http.client.HTTPConnection, path: str, body: bytes, headers: Mapping[str, str], most: int
) -> HttpReply:
    with suppress(BrokenPipeError, ConnectionResetError):  # a server may refuse before it has read everything
        connection.request("POST", path, body, dict(headers))
    response = connection.getresponse()
    expected, received = response.length, bytearray()
    while part := response.read(_PART):
        received += part
        if len(received) > most:
            raise PostFailed(PostFault.LARGE)
    if expected is not None and len(received) != expected:
        raise PostFailed(PostFault.BROKEN)
    return HttpReply(status=response.status, media_type=response.headers.get_content_type(), body=bytes(received))


def _shut(connected: socket.socket, late: threading.Event) -> None:
    """End the exchange, whatever it waits for: a time-out of the socket counts for one packet only."""
    late.set()
    with suppress(OSError):
        socket.socket.shutdown(connected, socket.SHUT_RDWR)  # not that of TLS, which waits for nobody else
