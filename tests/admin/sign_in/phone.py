"""Somebody's phone with an authenticator app, and the clock that the panel holds its codes against."""

import base64
import re
from datetime import timedelta

import pytest

from models.sign_in import factor
from models.sign_in.factor import code_at, step_of
from models.store.base import now
from tests.admin.doors import Visitor
from tests.office import PASSWORD

KEY = re.compile(r'id="kunci">([A-Z2-7 ]+)<')
RECOVERY = re.compile(r"<code>(\d{4}-\d{4}-\d{4})</code>")
PAGE = "/akun/faktor/"


class Phone:
    """Each of its codes is of a half minute after the one before, so that the panel has taken none of them yet."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at, self.key = now(), b""
        self.recovery: list[str] = []
        monkeypatch.setattr(factor, "now", lambda: self.at)

    def code(self) -> str:
        self.at += timedelta(seconds=30)
        return self.again()

    def again(self) -> str:
        """The code that it still shows."""
        return code_at(self.key, step_of(self.at))

    def wrong(self) -> str:
        return code_at(self.key, step_of(self.at) + 9)

    def scan(self, page: str) -> None:
        text = KEY.search(page)[1].replace(" ", "")
        self.key = base64.b32decode(text)

    def set_up(self, visitor: Visitor, password: str = PASSWORD) -> "Phone":
        """By the page, as a person does."""
        self.scan(visitor.post(PAGE, do="begin", password=password).text)
        done = visitor.post(PAGE, do="confirm", kode=self.code())
        assert done.status_code == 200, done.text
        self.recovery = RECOVERY.findall(done.text)
        return self


def type_code(visitor: Visitor, code: str, **more: str) -> object:
    return visitor.post("/masuk/kode", kode=code, **more)


def is_in(visitor: Visitor) -> bool:
    return bool(visitor.client.get("/akun/").status_code == 200)
