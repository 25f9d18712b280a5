"""The applications that are measured, their servers, and a browser that tells what an answer cost."""

import re
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

from bench.peers.serving import STATEMENTS

ROOT = Path(__file__).resolve().parents[2]
PANEL, STOCK = "panel", "stock"
SETTLES = 0.003  # seconds after an answer within which the server ends its work on the request
IDLE = 2  # seconds after which a connection is not used again
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')


@dataclass(frozen=True)
class Application:
    """One that is measured, in the words of applications.toml."""

    name: str
    title: str
    sign_in: str
    list: str
    row: str
    controls: tuple[str, ...]
    action: str
    search: str
    filter_and_sort: str
    date_sort: str
    page: str
    first_page: int = 0
    last: str = ""

    @property
    def version(self) -> str:
        """The first package that a peer's requirements name."""
        pins = Path(__file__).with_name(f"{self.name}.txt").read_text(encoding="utf-8")
        return " ".join(re.findall(r"^(\S+)==(\S+)", pins, re.M)[0])

    def ids(self, html: str) -> list[int]:
        """The rows of the page's table."""
        return [int(number) for number in dict.fromkeys(re.findall(self.row, html.partition("<table")[2]))]

    @contextmanager
    def served(self, database: Path, password: str) -> Iterator["Browser"]:
        """A browser of its server on this database, until the block ends."""
        python = sys.executable if self.name == PANEL else ROOT / "build" / "peers" / self.name / "bin" / "python"
        command = [str(python), "-m", f"bench.peers.{self.name}", str(database), password]
        with database.with_suffix(".log").open("w") as log:
            process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            port = process.stdout.readline().strip()
            assert port, f"{self.title} does not start: see {log.name}"
            yield Browser(self, int(port), process.pid)
        finally:
            process.terminate()
            process.wait()


def applications() -> list[Application]:
    words = tomllib.loads(Path(__file__).with_name("applications.toml").read_text(encoding="utf-8"))
    return [Application(name, **own) for name, own in words.items()]


@dataclass(frozen=True)
class Answer:
    """An answer and its cost: seconds on the clock and of the server's CPU, and statements."""

    status: int
    html: str
    size: int
    wall: float
    cpu: float
    statements: int


@dataclass
class Browser:
    """A connection to the server of an application, at first of nobody."""

    app: Application
    port: int
    pid: int
    cookies: SimpleCookie = field(default_factory=SimpleCookie)
    sent: int = 0  # statements of the server at the last answer

    def __post_init__(self) -> None:
        self._asked_at = 0.0
        self._connection = HTTPConnection("127.0.0.1", self.port, timeout=600)

    def another(self) -> "Browser":
        """One more connection of the same person's session."""
        return Browser(self.app, self.port, self.pid, self.cookies)

    def signed_in(self, username: str, password: str) -> "Browser":
        """A connection of this person."""
        browser = Browser(self.app, self.port, self.pid)
        tags = HIDDEN.findall(browser.get(self.app.sign_in).html)
        hidden = {re.search('name="(.*?)"', tag)[1]: unescape(re.search('value="(.*?)"', tag)[1]) for tag in tags}
        browser._ask("POST", self.app.sign_in, urlencode({**hidden, "username": username, "password": password}))
        return browser

    def get(self, path: str) -> Answer:
        return self._ask("GET", path)

    def _ask(self, verb: str, path: str, body: str | None = None) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={cookie.value}" for name, cookie in self.cookies.items())}
        headers |= {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        if time.monotonic() - self._asked_at > IDLE:
            self._connection.close()  # the server may be closing it; it is opened again by the request
        cpu, begun = self._cpu(), time.perf_counter()
        self._connection.request(verb, path, body, headers)
        answer = self._connection.getresponse()
        page = answer.read()
        wall = time.perf_counter() - begun
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            self.cookies.load(cookie)
        self._asked_at = time.monotonic()
        time.sleep(SETTLES)
        before, self.sent = self.sent, int(answer.headers[STATEMENTS])
        return Answer(answer.status, page.decode(), len(page), wall, self._cpu() - cpu, self.sent - before)

    def _cpu(self) -> float:
        """Seconds of CPU of all threads of the server so far, by the clock that clock_getcpuclockid(3) gives."""
        return time.clock_gettime(~self.pid << 3 | 2)
