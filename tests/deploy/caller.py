"""Somebody who opens the panel by its name over https: curl with a cookie jar and the server's certificate."""

import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import lxml.html

from tests.deploy.bare.server import Server
from tests.deploy.machine import NAME, Machine
from tests.patience import LONGEST


@dataclass(frozen=True)
class Answer:
    """What came back."""

    code: int
    headers: list[tuple[str, str]]
    text: str

    def header(self, name: str) -> str:
        """A header that must stand once."""
        [value] = [value for stands, value in self.headers if stands.lower() == name.lower()]
        return value


@dataclass
class Caller:
    """A browser of one person, on the server's own network."""

    machine: Machine | Server
    jar: Path

    def ask(self, path: str, *words: str, scheme: str = "https") -> Answer:
        head, _, body = self.fetch(path, *words, scheme=scheme).partition(b"\r\n\r\n")
        first, *lines = head.decode().split("\r\n")
        pairs = [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]
        return Answer(int(first.split()[1]), pairs, body.decode(errors="replace"))

    def fetch(self, path: str, *words: str, scheme: str = "https") -> bytes:
        """The whole answer, head and body."""
        port = self.machine.https if scheme == "https" else self.machine.http
        trusted = self.jar.with_name(f"{self.jar.name}.pem")
        trusted.write_bytes(self.machine.certificate())
        options = [
            *("--silent", "--show-error", "--include", "--max-time", str(LONGEST)),
            *("--cookie", str(self.jar), "--cookie-jar", str(self.jar)),
            *("--cacert", str(trusted)),
            *("--resolve", f"{NAME}:{port}:127.0.0.1", "--header", "Expect:"),
        ]
        call = [*self.machine.reached_by, "curl", *options, *words, f"{scheme}://{NAME}:{port}{path}"]
        return subprocess.run(call, capture_output=True, check=True, timeout=LONGEST).stdout

    def form(self, path: str, mark: str) -> dict[str, str]:
        """What the form with this field would send as it stands."""
        return {name: str(value) for name, value in self.form_on(path, mark).form_values()}

    def form_on(self, path: str, mark: str) -> Any:
        """The form of a page that has this field."""
        page = self.ask(path)
        forms = [form for form in lxml.html.fromstring(page.text or "<p>").forms if mark in form.fields]
        assert forms, f"{path}: {page.code} {page.headers} {page.text}"
        return forms[0]

    def send(self, path: str, mark: str, *files: str, **typed: str) -> Answer:
        """The form filled in and sent; with files as multipart, as browsers do."""
        fields: dict[str, Any] = {**self.form(path, mark), **typed}
        way = "--form-string" if files else "--data-urlencode"
        words = [word for name, value in fields.items() for word in (way, f"{name}={value}")]
        return self.ask(path, *words, *(word for file in files for word in ("--form", file)))

    def sign_in(self, name: str, password: str) -> Answer:
        return self.send("/masuk", "username", username=name, password=password)

    def set_password(self, link: str, password: str) -> None:
        """By a one-time link; the next is to sign in."""
        assert self.ask(link).header("location") == "/kata-sandi"
        done = self.send("/kata-sandi", "password", password=password, repeat=password)
        assert (done.code, done.header("location")) == (303, "/masuk"), done.text


def link_in(said: str, page: str = "/kata-sandi") -> str:
    """The path of the one-time link that the terminal, or a page, shows."""
    found = re.search(rf"https://{re.escape(NAME)}({page}\?kode=[\w-]+)", said)
    assert found, said
    return found[1]
