"""Rehearsal of a new version on a copy: it is migrated, becomes ready, and pages of each role are opened.

The copy is under VAR_DIR, and on PostgreSQL in a database of its own. It has no effect outside: it listens on a random
local port, has no mail server, makes no backup, and prints into its own folder. It is deleted afterwards; what a killed
rehearsal left is deleted by the next.
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

from admin.door.sessions import SESSION_ID
from admin.server.database_copy import copy_database, restore_copy
from models.office.people import User
from models.operations.backup_making import LOCK, Source
from models.operations.backup_worker import copier_of
from models.sign_in.session import Session, begin
from models.store.base import database, now
from models.store.keys import COOKIES, PANEL
from sop.access import ROLES

PATIENCE = 120.0  # seconds to wait for a page
LINK = re.compile(r'\b(?:href|formaction)="(/(?!static/)[^"#]*)')
MENU = re.compile(r"<nav\b.*?</nav>", re.DOTALL)
OFFERED = tuple(  # of each pattern the first link found on the role's pages
    map(
        re.compile,
        (
            r"/pengaduan/details/\?id=\d+",
            r"/meja/[a-z_]+/\d+/",
            r"/dokumen/(?!formulir-kosong)[\w-]+\.pdf",
            r"/dokumen/formulir-kosong\.pdf",  # printed anew for each request
        ),
    )
)
REFUSED = "Halaman {path} bagi {role} menjawab {code}."
NO_PDF = "Dokumen {path} bagi {role} bukan PDF."
SILENT = "Halaman {path} tidak dijawab ({why})."


@dataclass(frozen=True)
class PageAnswer:
    """The response to one request."""

    code: int
    body: bytes


Ask = Callable[[str, str], PageAnswer]  # path, cookie


class PageRefused(ValueError):
    """A page did not open; the message names it."""


def walk(app: Flask, ask: Ask) -> list[str]:
    """Open the pages of each role; their paths. PageRefused for the first that does not answer 200."""
    with database.connection_context():
        cookies = {person.role: _cookie_of(app, person) for person in one_of_each_role()}
    return [path for role, cookie in cookies.items() for path in _walk_pages(ROLES.get(role, role), cookie, ask)]


def one_of_each_role() -> list[User]:
    """Of each role the active user who signed in last."""
    order = {row.user_id: place for place, row in enumerate(Session.select(Session.user).order_by(Session.begun), 1)}
    people = sorted(User.select().where(User.active).order_by(User.id), key=lambda person: order.get(person.id, 0))
    return list({person.role: person for person in people}.values())


def _cookie_of(app: Flask, person: User) -> str:
    """The cookie of a new session that needs neither a second factor nor a change of password."""
    session_id, _ = begin(person, device="uji coba", address="127.0.0.1", at=now())
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]  # headers.PanelCookie
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({SESSION_ID: session_id, '_fresh': True})}"


def _walk_pages(role: str, cookie: str, ask: Ask) -> Iterator[str]:
    """Open the start page, the links of its menu, then a case, a case on the desk, and papers."""
    seen: dict[str, str] = {}

    def open_page(path: str) -> str:
        answer = ask(path, cookie)
        if answer.code != 200:
            raise PageRefused(REFUSED.format(path=path, role=role, code=answer.code))
        if path.endswith(".pdf") and not answer.body.startswith(b"%PDF"):
            raise PageRefused(NO_PDF.format(path=path, role=role))
        seen[path] = "" if path.endswith(".pdf") else answer.body.decode()
        return seen[path]

    start = open_page("/")
    for path in _links("".join(MENU.findall(start))):
        if path not in seen:
            open_page(path)
    for pattern in OFFERED:
        path = next((link for page in seen.values() for link in _links(page) if pattern.fullmatch(link)), "")
        if path and path not in seen:
            open_page(path)
    yield from seen


def _links(page: str) -> list[str]:
    return [html.unescape(link) for link in LINK.findall(page)]


def ask_over_http(address: str) -> Ask:
    """Ask the server at this address."""
    place = urlsplit(address)

    def ask(path: str, cookie: str) -> PageAnswer:
        connection = HTTPConnection(str(place.hostname), place.port, timeout=PATIENCE)
        try:
            connection.request("GET", path, headers={"Cookie": cookie})
            reply = connection.getresponse()
            return PageAnswer(reply.status, reply.read())
        except (OSError, HTTPException) as fault:
            raise PageRefused(SILENT.format(path=path, why=type(fault).__name__)) from fault
        finally:
            connection.close()

    return ask


FOLDER, LOG, COPY = "latihan", "latihan.log", "salinan"
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")
PAUSE, ENDS_WITHIN = 0.2, 40.0  # seconds
PR_SET_PDEATHSIG = 1

ENDED = "Versi yang dicoba berhenti sebelum siap."
UNREADY = "Versi yang dicoba tidak siap: {}"
NO_ANSWER = "Panel tidak menjawab."


@dataclass(frozen=True)
class Terms:
    """Seconds until the version must be ready, and names of faults that are ignored."""

    wait: float
    excused: frozenset[str] = frozenset()


def rehearse(source: Source, release: Path, terms: Terms, copied: Path | None = None) -> None:
    """Try the version in folder `release` on a new copy of the panel, or on the copy in folder `copied`.

    ValueError with a sentence if the version must not replace the one in use.
    """
    folder = source.var / FOLDER
    with (
        _scratch(folder),
        copier_of(source.url).temporary_urls(folder, source.url, source.owner_url) as (url, owner_url),
    ):
        place = Source(url, owner_url, folder)
        if copied is None:
            copied = folder / COPY
            copy_database(source, copied)
        restore_copy(place, copied)
        _copy_keys_and_link_files(source, place)
        with no_backups(folder), _serve(release, place) as trial:
            trial.await_ready(terms)
            trial.walk()


@contextmanager
def _scratch(folder: Path) -> Iterator[None]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield
    finally:
        with suppress(OSError):
            print((folder / LOG).read_text(errors="replace"), end="", flush=True)
        shutil.rmtree(folder, ignore_errors=True)


def _copy_keys_and_link_files(source: Source, place: Source) -> None:
    """Copy the keys and hard-link the files: what the trial adds or removes does not change the originals."""
    for name in (PANEL, COOKIES):
        if (source.var / name).exists():
            shutil.copy2(source.var / name, place.var / name)
    if source.files.exists():
        shutil.copytree(source.files, place.files, copy_function=_link)


def _link(original: str, link: str) -> str:
    with suppress(FileNotFoundError):  # a temporary file that has been renamed meanwhile
        try:
            os.link(original, link)
        except OSError:  # on another disk
            os.symlink(os.path.realpath(original), link)
    return link


@contextmanager
def no_backups(var: Path) -> Iterator[None]:
    """Hold the backup lock of this folder, so that a panel of any version makes no backup there."""
    with (var / LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _serve(release: Path, place: Source) -> Iterator["Trial"]:
    """Start the version on the copy; it is terminated when this process ends, even if this one is killed."""
    surroundings = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_OWNER_URL"},
        **({"DATABASE_OWNER_URL": place.owner_url} if place.owner_url else {}),
        "VAR_DIR": str(place.var),
        "HOME": str(place.var),  # so that it finds no keys to other servers
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
    """A process of the new version that serves the copy."""

    process: "subprocess.Popen[bytes]"
    release: Path
    log: Path
    surroundings: dict[str, str]

    def await_ready(self, terms: Terms) -> None:
        """ValueError if it exits, or has faults that are not excused after `terms.wait` seconds."""
        until, faults = time.monotonic() + terms.wait, {"": NO_ANSWER}
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise ValueError(ENDED)
            faults = {name: text for name, text in failed_checks(self.address).items() if name not in terms.excused}
            if not faults:
                return
            time.sleep(PAUSE)
        raise ValueError(UNREADY.format(" ".join(faults.values())))

    @property
    def address(self) -> str:
        """Its address from the log; "" before it listens."""
        match = ADDRESS.search(self.log.read_text(errors="replace"))
        return match[0] if match else ""

    def walk(self) -> None:
        """Open pages of each role with the new version's own code; a version without that code passes."""
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


def failed_checks(address: str) -> dict[str, str]:
    """What /health/ready of the panel there reports, by name; {} if ready or without such an address."""
    place = urlsplit(address)
    if not place.hostname:
        return {"": NO_ANSWER}
    connection = HTTPConnection(place.hostname, place.port, timeout=10)
    try:
        connection.request("GET", "/health/ready")
        reply = connection.getresponse()
        body = reply.read()
        return dict(json.loads(body)["gangguan"]) if reply.getheader("Content-Type") == "application/json" else {}
    except (OSError, HTTPException, ValueError):
        return {"": NO_ANSWER}
    finally:
        connection.close()
