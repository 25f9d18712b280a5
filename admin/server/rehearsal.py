"""A new version rehearsed on a copy: migrated, ready, pages of each role walked.

The copy lies under VAR_DIR, and on PostgreSQL in a database of its own. Nothing of it reaches anybody: it listens on a
port that nobody knows, has no mail server, makes no backup, and what it prints lands in its own folder. All of it is
gone afterwards; what a killed one has left goes at the next.
"""

import ctypes
import fcntl
import html
import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask

from admin.door.sessions import HELD
from admin.server.setaside import lay_aside, lay_back
from models.office.people import User
from models.operations.archive import KEY
from models.operations.backupchild import copies_of
from models.operations.making import LOCK, Source
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


FOLDER, LOG, COPY = "latihan", "latihan.log", "salinan"
KEYS = (KEY, "secret.key")
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
PAUSE, ENDS_WITHIN = 0.2, 40.0  # seconds
PR_SET_PDEATHSIG = 1

ENDED = "Versi yang dicoba berhenti sebelum siap."
UNREADY = "Versi yang dicoba tidak siap: {}"
NO_ANSWER = "Panel tidak menjawab."


@dataclass(frozen=True)
class Terms:
    """How long the version may take until it is ready, and which faults do not count against it."""

    wait: float
    excused: frozenset[str] = frozenset()


def rehearse(source: Source, release: Path, terms: Terms, copied: Path | None = None) -> None:
    """Try the version in folder `release` on a copy of the panel as it is, or on the one in folder `copied`.

    ValueError in a sentence if it must not take the place of the one in use.
    """
    folder = source.var / FOLDER
    with _empty(folder), copies_of(source.url).place_beside(folder, source.url, source.owner_url) as (url, owner_url):
        place = Source(url, owner_url, folder)
        if copied is None:
            copied = folder / COPY
            lay_aside(source, copied)
        lay_back(place, copied)
        _lend(source, place)
        with no_backups(folder), _served(release, place) as trial:
            trial.await_ready(terms)
            trial.walk()


@contextmanager
def _empty(folder: Path) -> Iterator[None]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield
    finally:
        with suppress(OSError):
            print((folder / LOG).read_text(errors="replace"), end="", flush=True)
        shutil.rmtree(folder, ignore_errors=True)


def _lend(source: Source, place: Source) -> None:
    """The keys, and the files under a second name: what the trial adds is its own, what it removes stays here."""
    for name in KEYS:
        if (source.var / name).exists():
            shutil.copy2(source.var / name, place.var / name)
    if source.files.exists():
        shutil.copytree(source.files, place.files, copy_function=_link)


def _link(kept: str, lent: str) -> str:
    with suppress(FileNotFoundError):  # what was being written has got its name meanwhile
        try:
            os.link(kept, lent)
        except OSError:  # on a disk of their own
            os.symlink(os.path.realpath(kept), lent)
    return lent


@contextmanager
def no_backups(var: Path) -> Iterator[None]:
    """No panel that works in this folder makes a backup, of whichever version it is: another one is under way."""
    with (var / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _served(release: Path, place: Source) -> Iterator["Trial"]:
    """The version serves the copy; it ends with this process, however that ends."""
    surroundings = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"},
        **({"DATABASE_OWNER_URL": place.owner_url} if place.owner_url else {}),
        "VAR_DIR": str(place.var),
        "HOME": str(place.var),  # keys to places far away are out of its reach
        "DATABASE_URL": place.url,
        "HOST": "127.0.0.1",
        "PORT": "0",
        "TRUSTED_HOSTS": "127.0.0.1",
        "REQUEST_LOG": "off",
        "METRICS_PORT": "",
        "MAIL_URL": "",
        "MIGRATE_WITHOUT_COPY": "1",
    }
    with (place.var / LOG).open("ab") as log:
        process = subprocess.Popen(  # noqa: S603 - the panel
            [release / ".venv/bin/python", "-u", "app.py", "start"],
            cwd=release,
            env=surroundings,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            preexec_fn=_end_with_parent,
        )
    try:
        yield Trial(process, release, place.var / LOG, surroundings)
    finally:
        process.terminate()
        try:
            process.wait(ENDS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _end_with_parent() -> None:
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


@dataclass(frozen=True)
class Trial:
    """A version that serves a copy."""

    process: "subprocess.Popen[bytes]"
    release: Path
    log: Path
    surroundings: dict[str, str]

    def await_ready(self, terms: Terms) -> None:
        """ValueError if it ends, or is not ready in time but for what is excused."""
        until, faults = time.monotonic() + terms.wait, {"": NO_ANSWER}
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise ValueError(ENDED)
            faults = {name: said for name, said in faults_at(self.address).items() if name not in terms.excused}
            if not faults:
                return
            time.sleep(PAUSE)
        raise ValueError(UNREADY.format(" ".join(faults.values())))

    @property
    def address(self) -> str:
        """Where it listens; "" until it has said so."""
        said = ADDRESS.search(self.log.read_text(errors="replace"))
        return said[0] if said else ""

    def walk(self) -> None:
        """Somebody of each role opens his pages, by the version's own code; one that has none has been ready."""
        if not (self.release / "admin/server/rehearsal.py").exists():
            return
        done = subprocess.run(  # noqa: S603 - the panel
            [self.release / ".venv/bin/python", "app.py", "walk", self.address],
            cwd=self.release,
            env=self.surroundings,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise ValueError((done.stderr.strip().splitlines() or [NO_ANSWER])[-1])


def faults_at(address: str) -> dict[str, str]:
    """What the panel there says that it lacks, by name: nothing where it is ready, or knows no such question."""
    place = urlsplit(address)
    if not place.hostname:
        return {"": NO_ANSWER}
    asked = HTTPConnection(place.hostname, place.port, timeout=10)
    try:
        asked.request("GET", "/health/ready")
        reply = asked.getresponse()
        told = reply.read()
        return dict(json.loads(told)["gangguan"]) if reply.getheader("Content-Type") == "application/json" else {}
    except (OSError, HTTPException, ValueError):
        return {"": NO_ANSWER}
    finally:
        asked.close()
