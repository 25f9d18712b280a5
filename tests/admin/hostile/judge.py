"""Sends a hostile request as one kind of person, and says what is wrong with the answer."""

import re
import time
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any
from urllib.parse import unquote_plus, urljoin, urlsplit

import peewee as pw

from admin.server import headers
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.complaint.paper import Attachment, Paper
from models.records.registry import RECORDS
from tests.admin.forms import form_on
from tests.admin.hostile.asked import MARKUP, NO_ID, TOTAL, Ask
from tests.admin.matrix import canary, promise
from tests.admin.matrix.grid import Cell, Grid

PATIENCE = 2.0  # seconds of work that an answer may cost
WAIT = 20.0  # seconds until it came, whatever else the machine does meanwhile
AGAIN = 3  # so many times it is asked for what came late: a machine that is busy now and then is not late each time
SAFE = ("GET", "HEAD")  # whether these write is seen by the digest when all is over
STRANGER = "stranger"
KINDS = (*promise.EIGHT, STRANGER)
MARK, PHONE = canary.pattern(canary.MARK), canary.pattern(canary.PHONE)
TOKEN = re.compile(r"[\w-]{20,}", re.ASCII)
PLACE = re.compile(r"\$([a-z_]+[a-z])")
LEAKS = (
    "Traceback",
    'File "',
    "site-packages",
    *(f".py{after}" for after in "\"': <&,"),
    *(f"/{top}/" for top in ("tmp", "usr", "home")),
    "SELECT ",
    "INSERT ",
    "UPDATE ",
    'FROM "',
    "sqlite",
    "psycopg",
    "eewee",
    "erkzeug",
    "inja2",
    "flask",
    "wtforms",
    "Internal Server",
    "Not Found",
    "Bad Request",
    "Not Allowed",
    "The browser",
    "The requested",
    "The method",
    "constraint",
    "syntax error",
    "invalid ",
    "DataError",
    "out of range",
    "Exception",
    "object at 0x",
    "Not a valid",
    "Invalid",
    "This field",
    "Unsupported",
    "codec",
    "Request Entity",
    "Precondition",
    "Redirecting",
    "You should",
)
ELSEWHERE = re.compile(
    r'(?:href|action|src|formaction)="(?![/#?](?![/\\])|[a-z-]+/|tel:\+?[0-9]|https://wa\.me/[0-9])[^"]'
)


class Judge:
    """What one kind of person met: how many requests, and what was wrong with which answer."""

    def __init__(self, grid: Grid, kind: str) -> None:
        self.grid, self.kind, self.asked, self.wrong = grid, kind, 0, list[str]()
        self.client = grid.app.test_client() if kind == STRANGER else grid.visitors[kind].client
        self.bare = grid.app.test_client(use_cookies=False)
        self.mine = [c for c in grid.cells if kind != STRANGER and c.readable(kind)]
        self.places = {**self._cases(), **self._cookies(), "self": self._self()}
        self._come_in()

    def _come_in(self) -> None:
        """Signed in, whatever happened to the session before: answers without a session would prove nothing."""
        if self.kind != STRANGER and not self._is_in():
            assert self.grid.visitors[self.kind].sign_in(promise.PEOPLE[self.kind]).status_code == 303
            self.grid.tokens[self.kind] = self.grid.visitors[self.kind].token()
        self.token = self.grid.tokens.get(self.kind, "")

    def _is_in(self) -> bool:
        return bool(self.client.get("/").status_code == 200)

    def _self(self) -> str:
        return str(self.grid.office[promise.PEOPLE[self.kind]].id if self.kind in promise.PEOPLE else NO_ID)

    def _cases(self) -> dict[str, str]:
        foreign = next((c for c in self.grid.cells if c not in self.mine and c.state == "closed"), None)
        found = {"mine": str(next((c.id for c in self.mine if c.state == "handle"), NO_ID)), **_parts(foreign)}
        versions = dict(Complaint.select(Complaint.id, Complaint.version).tuples())
        for cell in self.grid.cells:
            if cell.secrecy == "biasa" and not cell.urgent:
                found |= {
                    f"at_{cell.state}": str(cell.id),
                    f"v_{cell.state}": str(versions[cell.id]),
                    f"old_{cell.state}": str(versions[cell.id] - 1),
                }
        return found

    def _cookies(self) -> dict[str, str]:
        cookie = self.client.get_cookie("panel")
        value = cookie.value if cookie else "x.y.z"
        return {"cut_cookie": f"panel={value[:-9]}", "bent_cookie": f"panel={value[::-1]}", "value_cookie": value}

    def fill(self, value: Any) -> Any:
        """The value with its places filled in."""
        if isinstance(value, list):
            return [self.fill(one) for one in value]
        return PLACE.sub(lambda found: self.places.get(found[1], found[0]), value)

    def hear(self, asks: Iterable[Ask]) -> "Judge":
        for ask in asks:
            self.asked += 1
            before = None if ask.method in SAFE else pulse()
            answer, *seconds = self.send(ask)
            late = _is_late(*seconds) and all(_is_late(*self.send(ask)[1:]) for _ in range(AGAIN - 1))
            found = [*self._faults(ask, answer), *([f"took {max(seconds):.1f} s"] if late else []), *_written(before)]
            self.wrong += [f"{self.kind} | {ask} | {answer.status_code} | {fault}" for fault in found]
            answer.close()
        if self.kind != STRANGER and not self._is_in():
            self.wrong.append(f"{self.kind} | was signed out")
        return self

    def send(self, ask: Ask) -> tuple[Any, float, float]:
        """The answer, read to its end, the seconds of work that it cost, and those until it came."""
        client = self.client if ask.cookie is None else self.bare
        headers = {name: self.fill(value) for name, value in ask.headers.items()}
        if ask.cookie is not None:
            headers["Cookie"] = self.fill(ask.cookie)
        if ask.token and ask.method not in SAFE:
            headers.setdefault("X-CSRFToken", self.token)
        form = self._form(ask)
        given = {"data": ask.body if ask.body is not None else form or None, "content_type": ask.kind}
        begun, worked = time.perf_counter(), time.thread_time()
        answer = client.open(self.fill(ask.path), method=ask.method, headers=headers, **given)
        answer.get_data()
        return answer, time.thread_time() - worked, time.perf_counter() - begun

    def _form(self, ask: Ask) -> dict[str, Any]:
        page = form_on(self.client.get(self.fill(ask.page)).text).sent if ask.page else {}
        if not ask.token:
            page.pop("csrf_token", None)
        return {**page, **{name: _sendable(self.fill(value)) for name, value in ask.form.items()}}

    def _faults(self, ask: Ask, answer: Any) -> Iterator[str]:
        text, typed = (
            answer.get_data().decode(errors="replace"),
            unquote_plus(f"{ask.path}{ask.form}{ask.body!r}{ask.headers}"),
        )
        mine, written = {c.id for c in self.mine}, without_random_tokens(text)
        marked = {int(n) for n in (*MARK.findall(text), *PHONE.findall(text))}
        if answer.status_code >= 500:
            yield "failed"
        if {c.id for place, c in enumerate(self.grid.cells) if place in marked} - mine - _named(ask, self):
            yield "a foreign canary"
        if any(
            cell.id not in mine and number in text
            for number, cell in self.grid.numbers.items()
            if number not in self.fill(ask.path)
        ):
            yield "a foreign number"
        if _is_page(answer):
            yield from (f"leaked {leak!r}" for leak in LEAKS if leak in written and leak not in typed)
        if MARKUP in text or TOTAL in written:
            yield "markup or template of the typed text"
        yield from _headers(answer)
        if _is_html(answer) and (way := ELSEWHERE.search(text)):
            yield f"leads elsewhere: {way[0]}"


def without_random_tokens(text: str) -> str:
    """What somebody has written: where twenty letters and digits stand in a row, chance may have made any word."""
    return TOKEN.sub(lambda run: "" if any(map(str.isdigit, run[0])) else run[0], text)


def _written(before: tuple[Any, ...] | None) -> list[str]:
    return ["something was written"] if before is not None and pulse() != before else []


def pulse() -> tuple[Any, ...]:
    """A few figures that no act and no edit leaves as they were."""
    counts = [model.select(pw.fn.COUNT(model.id)) for model in (Event, Paper, *RECORDS.values())]
    return tuple(Complaint.select(pw.fn.SUM(Complaint.version), *counts).tuples().get())


def _parts(foreign: Cell | None) -> dict[str, str]:
    """What belongs to a case that is not his; where every case is his, what belongs to no case."""
    key = foreign.id if foreign else 0
    paper = Paper.select().where(Paper.complaint == key).order_by(Paper.id).first()
    file = Attachment.select().where(Attachment.complaint == key).order_by(Attachment.id).first()
    case = Complaint.get_or_none(Complaint.id == key)
    found = {
        "foreign": str(key or NO_ID),
        "foreign_mark": foreign.mark if foreign else canary.MARK.format(999),
        "foreign_paper": paper.public_id if paper else "x" * 22,
        "foreign_file": str(file.id if file else NO_ID),
        "foreign_number": case.number if case else "tidak ada",
        "foreign_state": "closed",
    }
    for name, model in RECORDS.items():
        row = model.select().where(model.complaint == key).order_by(model.id).first()
        found[f"foreign_{name}"] = str(row.id if row else NO_ID)
    return found


def _named(ask: Ask, judge: Judge) -> set[int]:
    """The case whose canary was typed: the search repeats it."""
    return {int(judge.places["foreign"])} if "$foreign_mark" in ask.path else set()


def _sendable(value: Any) -> Any:
    if isinstance(value, list):
        return [_sendable(one) for one in value]
    return value.encode("utf-8", "surrogateescape") if isinstance(value, str) and not value.isascii() else value


def _is_late(work: float, wait: float) -> bool:
    return work > PATIENCE or wait > WAIT


def _is_html(answer: Any) -> bool:
    return answer.mimetype == "text/html"


def _is_page(answer: Any) -> bool:
    return answer.mimetype in ("text/html", "application/json", "text/plain")


@cache
def _promised() -> frozenset[str]:
    return frozenset({*headers.every_header("x"), "Cache-Control"})


def _headers(answer: Any) -> Iterator[str]:
    if lacking := sorted(name for name in _promised() if name not in answer.headers):
        yield f"lacks {lacking}"
    if "X-Owned" in answer.headers:
        yield "a header of the typed text"
    location = re.sub(r"[\t\r\n]", "", answer.headers.get("Location", "/")).replace("\\", "/")  # as a browser reads it
    if urlsplit(urljoin("http://localhost/masuk", location)).netloc != "localhost":
        yield f"leads to {location}"
