"""The web server: waitress with its limits, and Indonesian pages for requests that it refuses itself."""

import logging
import secrets
from pathlib import Path
from typing import Any

import waitress.server
from flask import Flask
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask, WSGITask

from admin.door.gate import TAKES_MANY
from admin.lists.export_files import clear
from admin.server.errors import plain_page, words_for
from admin.server.headers import every_header
from admin.server.health import port_errors_in_words
from admin.server.shutdown import Shutdown

THREADS = 8
CONNECTIONS = 500
IDLE = 60  # seconds until an idle connection is closed
LONGEST_HEAD = 64 * 1024  # bytes of the request line and headers
ROOM_FOR_REFUSAL = 4  # times MAX_CONTENT_LENGTH: so much is still read, so that browsers show the refusal


class Refusal(ErrorTask):
    """The answer to a malformed or far too large request, which never reaches the panel."""

    def execute(self) -> None:
        """Answer in Indonesian, without the name of the server."""
        error = self.request.error
        page = plain_page(error.code, words_for(error.code)).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.extend(
            {
                "Content-Type": "text/html; charset=utf-8",
                "Cache-Control": "no-store",
                **every_header(secrets.token_urlsafe(16)),
            }.items()
        )
        self.set_close_on_finish()
        self.content_length = len(page)
        self.write(page)


class ClosingTask(WSGITask):
    """The panel's answer; once shutdown has begun, the connection is closed after it."""

    def build_response_header(self) -> Any:
        if self.channel.server.ending.requested.is_set():  # set on the listener by `open_server`
            self.set_close_on_finish()
        return super().build_response_header()


class Channel(HTTPChannel):
    """A connection with our refusal pages, which is closed after an answer during shutdown."""

    task_class = ClosingTask
    error_task_class = Refusal


def open_server(app: Flask) -> Any:
    """Bind the ports of the panel and of its metrics; `shutdown.run` then serves. ValueError with a sentence for an
    address that cannot be bound."""
    logging.basicConfig()
    clear(Path(app.config["VAR_DIR"]))
    ending = app.extensions["ending"] = Shutdown()
    with port_errors_in_words("PORT", app.config["HOST"], app.config["PORT"]):
        server = waitress.server.create_server(
            app,
            map=ending.sockets,
            host=app.config["HOST"],
            port=app.config["PORT"],
            server_name=app.config["HOST"],  # for requests without a Host header
            threads=THREADS,
            ident="Panel Pengaduan",
            connection_limit=CONNECTIONS,
            channel_timeout=IDLE,
            asyncore_use_poll=True,  # select() is limited to 1,024 descriptors
            max_request_header_size=LONGEST_HEAD,
            max_request_body_size=max(ROOM_FOR_REFUSAL * app.config["MAX_CONTENT_LENGTH"], 2 * TAKES_MANY.most),
            clear_untrusted_proxy_headers=False,  # their presence shows that a request came through a proxy
        )
    for listener in ending.listeners:
        listener.channel_class, listener.ending = Channel, ending
    # the configured port, or for 0 the free one that the system chose; a name such as localhost may have two addresses
    addresses = getattr(server, "effective_listen", None)
    app.config["PORT"] = int(addresses[0][1] if addresses else server.effective_port)
    if app.config.get("METRICS_PORT"):
        from admin.server import metrics

        metrics.open_port(app)
    return server
