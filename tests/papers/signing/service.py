"""A signing service for tests: a real HTTP server, over TLS or not, which answers as it is told to."""

import email
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext
from typing import Any


@dataclass
class PlayedService:
    """What it was asked for; `answer` gets the handler and the fields of the form, and writes the reply."""

    answer: Callable[[Any, dict[str, bytes]], None]
    url: str = ""
    asked: list[dict[str, bytes]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


def reply(handler: Any, body: bytes, *, status: int = 200, kind: str = "application/pdf", **more: str) -> None:
    handler.send_response(status)
    for name, text in {"Content-Type": kind, "Content-Length": str(len(body)), **more}.items():
        handler.send_header(name.replace("_", "-"), text)
    handler.end_headers()
    handler.wfile.write(body)


def refuse(handler: Any, code: int, *, status: int = 400, words: str = "Passphrase anda salah") -> None:
    body = json.dumps({"error": words, "status_code": code}).encode()
    reply(handler, body, status=status, kind="application/json")


@contextmanager
def served(answer: Callable[[Any, dict[str, bytes]], None], tls: SSLContext | None = None) -> Iterator[PlayedService]:
    played = PlayedService(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            parts = email.message_from_bytes(f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode() + body)
            form = {"path": self.path.encode(), "body": body}
            if parts.is_multipart():
                names = ((part.get_param("name", header="content-disposition"), part) for part in parts.get_payload())
                form |= {str(name): part.get_payload(decode=True) for name, part in names}
            played.asked.append(form)
            played.headers.append(dict(self.headers))
            played.answer(self, form)

        def log_message(self, format: str, *words: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        def handle_error(self, request: object, client_address: object) -> None:
            """Clients that go away are what is tested."""

    server = Server(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    played.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield played
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
