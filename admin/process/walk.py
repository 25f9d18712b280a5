"""A walk through a panel that is tried on a copy: one person of each role opens what his own pages offer.

Sessions are made in the copy's database, so no password is asked for; the pages are asked of the server as it runs.
"""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from flask import Flask

from admin.door.held import HELD
from models.office.people import User
from models.sign_in.session import Session, begin
from models.store.base import database, now
from sop.access import ROLES

PATIENCE = 120.0  # seconds that a page may take
LINK = re.compile(r'\b(?:href|formaction)="(/[^"#]*)')
MENU = re.compile(r"<nav\b.*?</nav>", re.DOTALL)
OFFERED = tuple(  # the first of each that any page of the role offers
    map(
        re.compile,
        (
            r"/pengaduan/details/\?id=\d+",
            r"/meja/[a-z_]+/\d+/",
            r"/dokumen/(?!formulir-kosong)[\w-]+\.pdf",
            r"/dokumen/formulir-kosong\.pdf",  # which is printed anew each time
        ),
    )
)
REFUSED = "Halaman {path} bagi {role} menjawab {code}."
NO_PDF = "Dokumen {path} bagi {role} bukan PDF."
SILENT = "Halaman {path} tidak dijawab ({why})."


@dataclass(frozen=True)
class PageAnswer:
    """What the server said to one request."""

    code: int
    body: bytes


Ask = Callable[[str, str], PageAnswer]  # a path, and the cookie that goes along


class PageRefused(ValueError):
    """A page did not open; the message names it."""


def walk(app: Flask, ask: Ask) -> list[str]:
    """The paths that were opened, as somebody of each role. PageRefused for the first that answers anything but 200."""
    with database.connection_context():
        cookies = {person.role: _cookie_of(app, person) for person in one_of_each_role()}
    return [path for role, cookie in cookies.items() for path in _walked(ROLES.get(role, role), cookie, ask)]


def one_of_each_role() -> list[User]:
    """Of each role that somebody active has, whoever signed in last."""
    order = {row.user_id: place for place, row in enumerate(Session.select(Session.user).order_by(Session.begun), 1)}
    people = sorted(User.select().where(User.active).order_by(User.id), key=lambda person: order.get(person.id, 0))
    return list({person.role: person for person in people}.values())


def _cookie_of(app: Flask, person: User) -> str:
    """A session that is held up by nothing: neither a second factor nor a password to be changed first."""
    held, _ = begin(person, device="uji coba", address="127.0.0.1", at=now())
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # headers.PanelCookie
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({HELD: held, '_fresh': True})}"


def _walked(role: str, cookie: str, ask: Ask) -> Iterator[str]:
    """The start page, then what its menu offers, then a case, a case on the desk, and papers."""
    seen: dict[str, str] = {}

    def opened(path: str) -> str:
        answer = ask(path, cookie)
        if answer.code != 200:
            raise PageRefused(REFUSED.format(path=path, role=role, code=answer.code))
        if path.endswith(".pdf") and not answer.body.startswith(b"%PDF"):
            raise PageRefused(NO_PDF.format(path=path, role=role))
        seen[path] = "" if path.endswith(".pdf") else answer.body.decode()
        return seen[path]

    start = opened("/")
    for path in _links("".join(MENU.findall(start))):
        if path not in seen:
            opened(path)
    for pattern in OFFERED:
        path = next((link for page in seen.values() for link in _links(page) if pattern.fullmatch(link)), "")
        if path and path not in seen:
            opened(path)
    yield from seen


def _links(page: str) -> list[str]:
    return [html.unescape(link) for link in LINK.findall(page)]


def asked_over_http(address: str) -> Ask:
    """Ask the server at this address."""
    place = urlsplit(address)

    def ask(path: str, cookie: str) -> PageAnswer:
        asked = HTTPConnection(str(place.hostname), place.port, timeout=PATIENCE)
        try:
            asked.request("GET", path, headers={"Cookie": cookie})
            reply = asked.getresponse()
            return PageAnswer(reply.status, reply.read())
        except (OSError, HTTPException) as silent:
            raise PageRefused(SILENT.format(path=path, why=type(silent).__name__)) from silent
        finally:
            asked.close()

    return ask
