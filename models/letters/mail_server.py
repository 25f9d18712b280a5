"""The office's mail server as MAIL_URL names it, and how many letters one address gets an hour."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from ipaddress import ip_address
from urllib.parse import SplitResult, unquote, urlsplit

import peewee as pw

from models.store import seal
from models.store.base import Model, Moment, database, now


class Security(Enum):
    """How the connection to the server is encrypted."""

    STARTTLS, TLS, NONE = "smtp", "smtps", "smtp+plain"


PORTS = {Security.STARTTLS: 587, Security.TLS: 465, Security.NONE: 25}
HOST = re.compile(r"[A-Za-z0-9._:-]+")
FORM = (
    "MAIL_URL {}. Bentuknya smtp://pengguna:sandi@server:587 atau smtps://pengguna:sandi@server:465; tanda khusus pada "
    "pengguna dan sandi ditulis dengan %, misalnya %40 untuk @."
)
ODD = "memuat spasi, tanda kendali, atau huruf di luar ASCII"
UNKNOWN = "harus dimulai dengan smtp:// atau smtps://"
HOSTLESS = "tidak menyebut server dengan benar"
PORTLESS = "menyebut nomor porta yang tidak ada"
MORE = "memuat lebih dari pengguna, sandi, server, dan porta"
HALF = "menyebut pengguna tanpa sandi, atau sandi tanpa pengguna"
EXPOSED = "memakai smtp+plain, yang tidak bersandi dan hanya boleh ke komputer ini sendiri"


@dataclass(frozen=True)
class MailServer:
    """Where letters are handed over, and who the panel is there."""

    host: str
    port: int
    security: Security
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def server_of(url: str) -> MailServer:
    """The server that a URL names; ValueError with a sentence for one that names none."""
    if sentence := next(url_faults(url), ""):
        raise ValueError(sentence)
    parts = urlsplit(url)
    security = Security(parts.scheme)
    user, password = (unquote(part or "") for part in (parts.username, parts.password))
    return MailServer(parts.hostname or "", parts.port or PORTS[security], security, user, password)


def url_faults(url: str) -> Iterator[str]:
    """What is wrong with MAIL_URL, one sentence at most; nothing if there is none."""
    if url and (fault := _fault_of(url)):
        yield FORM.format(fault)


def _fault_of(url: str) -> str:
    if not _is_plain(url) or " " in url:  # first: what splits an address drops line breaks in silence
        return ODD
    try:
        parts = urlsplit(url)
    except ValueError:  # brackets that do not close
        return HOSTLESS
    if parts.scheme not in [security.value for security in Security]:
        return UNKNOWN
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        return MORE
    return _fault_of_place(parts) or _fault_of_user(parts)


def _fault_of_place(parts: SplitResult) -> str:
    host = parts.hostname or ""
    if not HOST.fullmatch(host):
        return HOSTLESS
    try:
        known = parts.port != 0
    except ValueError:
        known = False
    if not known:
        return PORTLESS
    return EXPOSED if parts.scheme == Security.NONE.value and not _is_this_computer(host) else ""


def _fault_of_user(parts: SplitResult) -> str:
    user, password = (unquote(part or "") for part in (parts.username, parts.password))
    if bool(user) != bool(password):
        return HALF
    return "" if _is_plain(user + password) else ODD


def _is_plain(text: str) -> bool:
    """Signs in by letters that every server takes: smtplib would fail on others, quoting the password."""
    return text.isascii() and text.isprintable()


def _is_this_computer(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


MOST, WITHIN = 3, timedelta(hours=1)
ENOUGH = f"Alamat ini sudah atau sedang dikirimi {MOST} surel dalam satu jam. Serahkan langsung, atau coba lagi nanti."


class MailedAddress(Model):
    """One letter to one address, until an hour has passed."""

    kept_by_digest = False
    survives_restore = False  # what was sent since the backup is not known to it either

    key = pw.CharField(max_length=40, index=True)
    at = Moment(default=now)


def take_place(address: str) -> int | None:
    """Count a letter before it is sent, by the number under which it can be taken back; None if there were enough."""
    at, key = now(), seal.ring().mark("mail/address", address.lower()).hex()
    with database.atomic():
        MailedAddress.delete().where((MailedAddress.at <= at - WITHIN) | (MailedAddress.at > at)).execute()
        if MailedAddress.select().where(MailedAddress.key == key).count() >= MOST:
            return None
        return int(MailedAddress.create(key=key, at=at).id)


def give_back(place: int) -> None:
    """A letter that was not sent counts for nothing."""
    MailedAddress.delete().where(MailedAddress.id == place).execute()
