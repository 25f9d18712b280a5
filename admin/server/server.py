"""The web server under the panel: waitress with its limits, and what it refuses by itself in the panel's own words."""

import logging
import secrets
from pathlib import Path
from typing import Any

import waitress.server
from flask import Flask
from waitress.channel import HTTPChannel
from waitress.task import ErrorTask, WSGITask

from admin.lists.export_files import clear
from admin.server import metrics
from admin.server.ending import Ending
from admin.server.errors import plain_page, words_for
from admin.server.headers import every_header
from admin.server.metrics import taken_plainly

THREADS = 8
CONNECTIONS = 500
IDLE = 60  # seconds until a connection that says nothing is closed
LONGEST_HEAD = 64 * 1024  # bytes, the address included
ROOM_FOR_REFUSAL = 4  # so many times what the panel takes is still read, so that its page about it can be read too


class Refusal(ErrorTask):
    """What cannot be read as a request, or is far too large, never reaches the panel."""

    def execute(self) -> None:
        """Answer in Indonesian; what waitress says about itself stays unsaid."""
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


class LastAnswer(WSGITask):
    """What the panel answers: once it has been told to end, the last word on its connection."""

    def build_response_header(self) -> Any:
        if self.channel.ending.told.is_set():
            self.set_close_on_finish()
        return super().build_response_header()


class Channel(HTTPChannel):
    """A connection that refuses in our words, and knows when the panel is about to end."""

    task_class = LastAnswer
    error_task_class = Refusal

    @property
    def ending(self) -> Ending:
        """What its server's app was given when the address was taken."""
        known: Ending = self.server.ending
        return known


def open_server(app: Flask) -> Any:
    """The addresses of the panel and of its numbers taken, nothing answered yet: `run` of ending does that. ValueError
    in a sentence for an address that cannot be had."""
    logging.basicConfig()
    clear(Path(app.config["VAR_DIR"]))
    ending = app.extensions["ending"] = Ending()
    with taken_plainly("PORT", app.config["HOST"], app.config["PORT"]):
        server = _listening(app, ending)
    for listener in ending.listeners:
        listener.channel_class, listener.ending = Channel, ending
    app.config["PORT"] = port_of(server)
    metrics.open_port(app)
    return server


def _listening(app: Flask, ending: Ending) -> Any:
    return waitress.server.create_server(
        app,
        map=ending.sockets,
        host=app.config["HOST"],
        port=app.config["PORT"],
        server_name=app.config["HOST"],  # who sends no Host means this one
        threads=THREADS,
        ident="Panel Pengaduan",
        connection_limit=CONNECTIONS,
        channel_timeout=IDLE,
        asyncore_use_poll=True,  # select() knows no more than 1,024 files
        max_request_header_size=LONGEST_HEAD,
        max_request_body_size=ROOM_FOR_REFUSAL * app.config["MAX_CONTENT_LENGTH"],
        clear_untrusted_proxy_headers=False,  # kept to be seen: who comes through a proxy does not sit at this computer
    )


def port_of(server: Any) -> int:
    """Where the panel listens: the port that it was told, or with 0 a free one that the system has given."""
    several = getattr(server, "effective_listen", None)  # a name such as localhost may be two addresses
    return int(several[0][1] if several else server.effective_port)
