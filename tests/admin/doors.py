"""A visitor of the panel: a test client that signs in, sends the page's token along, and reads pages as text."""

import re
from html import unescape
from pathlib import Path
from typing import Any

from flask import Flask

from app import create_app
from models.base import database
from tests.office import PASSWORD, owner_url_of, url_of

opened: list[Any] = []  # the databases that panels of the running test have opened
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def panel_on(path: Path, **config: Any) -> Flask:
    """The whole panel on a database file of its own."""
    given = {"VAR_DIR": path.parent, "DATABASE_URL": url_of(path), "DATABASE_OWNER_URL": owner_url_of(path),
             "SECRET_KEY": "for tests only", **config}  # fmt: skip
    app = create_app(given)
    opened.append(database.obj)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


class Visitor:
    """Someone with a browser."""

    def __init__(self, app: Flask, **environ: Any) -> None:
        self.client = app.test_client()
        self.client.environ_base.update(environ)

    def sign_in(self, username: str, password: str = PASSWORD, **more: str) -> Any:
        return self.post("/masuk", username=username, password=password, **more)

    def get(self, path: str, **more: Any) -> Any:
        return self.client.get(path, **more)

    def post(self, path: str, **fields: Any) -> Any:
        return self.client.post(path, data={"csrf_token": self.token(), **fields})

    def token(self) -> str:
        return TOKEN.findall(self.client.get("/", follow_redirects=True).text)[0]

    def text(self, path: str) -> str:
        """The page as one reads it."""
        return words(self.get(path).text)


def words(html: str) -> str:
    """Without tags, blanks collapsed."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())
