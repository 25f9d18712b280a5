"""The panel as a process of its own, `python app.py start`, and a browser that speaks to it byte by byte."""

import re
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPResponse
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from tests.admin.doors import TOKEN
from tests.browser.served import ADDRESS, ROOT, environment
from tests.office import PASSWORD, leave_key, owner_url_of, url_of
from tests.patience import LONGEST, wait_until


@dataclass
class Running:
    """A panel that serves the office's own database."""

    process: subprocess.Popen[bytes]
    log: Path
    port: int

    def is_shut(self) -> bool:
        """Whether no connection is accepted any more."""
        with socket.socket() as asked:
            return asked.connect_ex(("127.0.0.1", self.port)) != 0


def environment_of(path: Path, **more: str) -> dict[str, str]:
    """The environment of a panel on a database of the tests."""
    where = {"DATABASE_URL": url_of(path), "DATABASE_OWNER_URL": owner_url_of(path) or ""}
    return environment(path.parent, **{"PORT": "0", "HOST": "127.0.0.1", "PYTHONUNBUFFERED": "1", **where, **more})


AS_IT_IS = ("app.py", "start")
# The same, but that the end waits for its answers as long as a test does: on a busy machine they take their time.
PATIENT = f"""import sys, app
from admin.server import shutdown
shutdown.ANSWERS = shutdown.WHOLE = {LONGEST}
sys.exit(app.main(["start"]))"""


@contextmanager
def running(
    path: Path, start: Sequence[str] = ("-c", PATIENT), *, tree: Path = ROOT, name: str = "panel", **more: str
) -> Iterator[Running]:
    """From the start until the test has ended it, or is done with it; of this tree, if not of the house. Two on one
    database have names of their own."""
    leave_key(path.parent)
    log = path.parent / f"{name}.log"
    words = [sys.executable, *start]
    with (
        log.open("wb") as out,
        subprocess.Popen(words, cwd=tree, env=environment_of(path, **more), stdout=out, stderr=out) as process,
    ):
        try:
            wait_until(lambda: ADDRESS.search(log.read_text()) or process.poll() is not None)
            said = ADDRESS.search(log.read_text())
            assert said, log.read_text()
            yield Running(process, log, int(said[0].rpartition(":")[2]))
        finally:
            process.kill()


@dataclass
class Browser:
    """Somebody who is signed in."""

    port: int
    username: str
    jar: CookieJar = field(default_factory=CookieJar)

    def __post_init__(self) -> None:
        self.opener = build_opener(HTTPCookieProcessor(self.jar))
        token = TOKEN.findall(self.text("/masuk"))[0]
        self.text("/masuk", csrf_token=token, username=self.username, password=PASSWORD)

    def text(self, path: str, **fields: str) -> str:
        """A page; what is sent follows on to the page behind it."""
        data = urlencode(fields).encode() if fields else None
        with self.opener.open(f"http://127.0.0.1:{self.port}{path}", data, timeout=LONGEST) as answer:
            return str(answer.read().decode())

    def head(self, path: str, body: bytes = b"") -> bytes:
        """The head of a request but for the empty line at its end; the connection stays open, as with browsers."""
        cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.jar)
        lines = [f"{'POST' if body else 'GET'} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", f"Cookie: {cookies}"]
        if body:
            lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        return ("\r\n".join(lines) + "\r\n").encode()

    def sent(self, path: str, fields: Mapping[str, object] | None = None) -> socket.socket:
        """A connection on which a request has been sent, whole."""
        body = urlencode(fields, doseq=True).encode() if fields else b""
        return line_with(self.port, self.head(path, body) + b"\r\n" + body)


def line_with(port: int, words: bytes) -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), timeout=LONGEST)
    line.sendall(words)
    return line


def answered(line: socket.socket) -> tuple[int, str]:
    """Code and text of the answer on a connection; IncompleteRead if it ends before the answer does."""
    with line, HTTPResponse(line) as answer:
        answer.begin()
        return answer.status, answer.read().decode(errors="replace")


def said(log: Path, pattern: str) -> bool:
    return re.search(pattern, log.read_text()) is not None


def outcome(path: Path, *words: str, **more: str) -> tuple[int, str]:
    """How a start ends that is refused, and what it says."""
    env = {name: value for name, value in environment_of(path, **more).items() if value or name != "DATABASE_OWNER_URL"}
    done = subprocess.run(
        [sys.executable, *(words or AS_IT_IS)],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    return done.returncode, done.stderr
