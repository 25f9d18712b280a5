"""The mail server configured by MAIL_URL, and the rate limit of e-mails per address."""

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
    """Host, port, encryption and credentials of the SMTP server."""

    host: str
    port: int
    security: Security
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def server_of(url: str) -> MailServer:
    """Parse the URL of a server; ValueError with a sentence if it is not valid."""
    if sentence := next(url_faults(url), ""):
        raise ValueError(sentence)
    parts = urlsplit(url)
    security = Security(parts.scheme)
    user, password = (unquote(part or "") for part in (parts.username, parts.password))
    return MailServer(parts.hostname or "", parts.port or PORTS[security], security, user, password)


def url_faults(url: str) -> Iterator[str]:
    """What is wrong with MAIL_URL, at most one sentence; none for an empty URL."""
    if url and (fault := _fault_of(url)):
        yield FORM.format(fault)


def _fault_of(url: str) -> str:
    if not _is_plain(url) or " " in url:  # first, since urlsplit silently removes line breaks
        return ODD
    try:
        parts = urlsplit(url)
    except ValueError:  # unclosed brackets
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
    """Whether a text is printable ASCII: for other credentials smtplib fails with an error that quotes the password."""
    return text.isascii() and text.isprintable()


def _is_this_computer(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


MOST, WITHIN = 3, timedelta(hours=1)
ENOUGH = f"Alamat ini sudah atau sedang dikirimi {MOST} surel dalam satu jam. Serahkan langsung, atau coba lagi nanti."


class MailedAddress(Model):
    """One e-mail to an address, stored for the period of the rate limit."""

    in_digest = False
    survives_restore = False  # a restored backup lacks the later e-mails anyway

    key = pw.CharField(max_length=40, index=True)
    at = Moment(default=now)


def take_slot(address: str) -> int | None:
    """Count an e-mail against the rate limit; its id for `release_slot`, None if the limit is reached."""
    at, key = now(), seal.ring().mark("mail/address", address.lower()).hex()
    with database.atomic():
        MailedAddress.delete().where((MailedAddress.at <= at - WITHIN) | (MailedAddress.at > at)).execute()
        if MailedAddress.select().where(MailedAddress.key == key).count() >= MOST:
            return None
        return int(MailedAddress.create(key=key, at=at).id)


def release_slot(place: int) -> None:
    """Uncount an e-mail that was not sent."""
    MailedAddress.delete().where(MailedAddress.id == place).execute()
