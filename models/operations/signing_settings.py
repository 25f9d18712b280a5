"""Electronic signing as the environment configures it: the office's key, the signing service, and what is wrong there.

SIGNING_P12, SIGNING_P12_PASSWORD and SIGNING_TIMESTAMP_URL name a key; SIGNING_URL, SIGNING_USER and SIGNING_PASSWORD a
service (docs/signing-service.md). Without SIGNING_P12 and SIGNING_URL nothing is signed by the panel.
"""

import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from models.operations.checks import EnvironmentContext, Finding, unknown, well, wrong
from sop.clock import WIB
from sop.words import format_date

P12, P12_PASSWORD, TIMESTAMP_URL = "SIGNING_P12", "SIGNING_P12_PASSWORD", "SIGNING_TIMESTAMP_URL"
URL, USER, PASSWORD = "SIGNING_URL", "SIGNING_USER", "SIGNING_PASSWORD"
NAMES = (P12, P12_PASSWORD, TIMESTAMP_URL, URL, USER, PASSWORD)
MOST = 1 << 20  # bytes of a PKCS #12 file
BEFORE = timedelta(days=30)  # the end of the key's certificate is reported so long ahead
_HOST = re.compile(r"[A-Za-z0-9._:-]+")

FORM = "{} {}. Bentuknya https://server atau https://server:porta/jalur."
ODD = "memuat spasi, tanda kendali, atau huruf di luar ASCII"
OPEN = "harus dimulai dengan https://; http:// hanya boleh ke komputer ini sendiri"
HOSTLESS = "tidak menyebut server dengan benar"
PORTLESS = "menyebut nomor porta yang tidak ada"
MORE = "memuat lebih dari server, porta, dan jalur"
ALONE = "{} tidak berlaku tanpa {}. Isi keduanya, atau hapus {}."
COLON = "SIGNING_USER memuat titik dua atau tanda kendali, yang tidak dapat dikirim."
CONTROL = "SIGNING_PASSWORD memuat tanda kendali, yang tidak dapat dikirim."

UNUSED = "Panel tidak menandatangani dokumen secara elektronik."
SERVICE = "Dokumen ditandatangani lewat layanan pada {host}; sambungannya diperiksa saat dipakai."
UNREADABLE = "Berkas pada SIGNING_P12 tidak dapat dibaca panel."
READABLE = "Berkas pada SIGNING_P12 dapat dibaca orang lain di komputer ini. Jalankan `chmod 600` padanya."
LOCKED = "Kunci pada SIGNING_P12 tidak terbuka: SIGNING_P12_PASSWORD keliru, atau berkasnya bukan PKCS #12."
KEYLESS = "Berkas pada SIGNING_P12 tidak memuat kunci beserta sertifikatnya."
EARLY = "Sertifikat pada SIGNING_P12 baru berlaku mulai {day}."
ENDED = "Sertifikat pada SIGNING_P12 sudah berakhir {day}; tanda tangan dengannya tidak berlaku."
ENDS = "Sertifikat pada SIGNING_P12 berakhir {day}, {days} hari lagi."
LASTS = "Sertifikat penanda tangan berlaku sampai {day}."


@dataclass(frozen=True, kw_only=True)
class KeySettings:
    """The PKCS #12 file of the office's key, with its password, and the RFC 3161 server for timestamps ("": none)."""

    path: Path
    password: str = field(default="", repr=False)
    timestamp_url: str = ""


@dataclass(frozen=True, kw_only=True)
class ServiceSettings:
    """The address of a signing service, and the panel's own user there ("": none)."""

    url: str
    user: str = field(default="", repr=False)
    password: str = field(default="", repr=False)


def key_settings(environment: Mapping[str, str]) -> KeySettings | None:
    """The configured key; None if there is none."""
    path, password, stamps = (environment.get(name, "") for name in (P12, P12_PASSWORD, TIMESTAMP_URL))
    return KeySettings(path=Path(path), password=password, timestamp_url=stamps) if path else None


def service_settings(environment: Mapping[str, str]) -> ServiceSettings | None:
    """The configured service; None if there is none."""
    url, user, password = (environment.get(name, "") for name in (URL, USER, PASSWORD))
    return ServiceSettings(url=url.rstrip("/"), user=user, password=password) if url else None


def signing_faults(environment: Mapping[str, str]) -> Iterator[str]:
    """A sentence for each of these variables that could send a password in the clear or cannot be meant; it quotes
    none of them. No file is read and nothing is asked of a server."""
    for name in (URL, TIMESTAMP_URL):
        if (url := environment.get(name, "")) and (fault := url_fault(url)):
            yield FORM.format(name, fault)
    for name, needed in ((P12_PASSWORD, P12), (TIMESTAMP_URL, P12), (USER, URL), (PASSWORD, USER), (USER, PASSWORD)):
        if environment.get(name) and not environment.get(needed):
            yield ALONE.format(name, needed, name)
    if not environment.get(USER, "").replace(":", "\0").isprintable():
        yield COLON
    if not environment.get(PASSWORD, "").isprintable():
        yield CONTROL


def url_fault(url: str) -> str:
    """What is wrong with the address of a server that gets secrets; "" if nothing."""
    if not url.isascii() or not url.isprintable() or " " in url:  # first: urlsplit silently removes line breaks
        return ODD
    try:
        parts = urlsplit(url)
    except ValueError:  # unclosed brackets
        return HOSTLESS
    host = parts.hostname or ""
    is_open = parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host))
    faults = (
        (parts.scheme not in ("https", "http"), OPEN),
        (not _HOST.fullmatch(host), HOSTLESS),
        (not _has_port(parts), PORTLESS),
        (parts.username is not None or bool(parts.query or parts.fragment), MORE),
        (is_open, OPEN),
    )
    return next((fault for is_wrong, fault in faults if is_wrong), "")


def _has_port(parts: SplitResult) -> bool:
    try:
        return parts.port != 0
    except ValueError:
        return False


def is_loopback(host: str) -> bool:
    """Whether a host name or address is of this computer itself."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def signing_key(place: EnvironmentContext) -> Finding:
    """Whether the configured key opens, and until when its certificate is valid."""
    key, service = key_settings(os.environ), service_settings(os.environ)
    if faults := [*signing_faults(os.environ)]:
        return wrong(" ".join(faults))
    if key is None:
        return unknown(UNUSED) if service is None else well(SERVICE.format(host=urlsplit(service.url).hostname))
    return key_finding(key, place.at)


def key_finding(key: KeySettings, at: datetime) -> Finding:
    """What the file of the key is at this moment."""
    try:
        if key.path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            return wrong(READABLE)
        packed = p12_bytes(key)
    except OSError:
        return wrong(UNREADABLE)
    from cryptography.hazmat.primitives.serialization import pkcs12  # only a panel with a key needs it

    try:
        secret, certificate, _ = pkcs12.load_key_and_certificates(packed, key.password.encode() or None)
    except Exception:  # of a file that is none: ValueError, TypeError and what OpenSSL raises
        return wrong(LOCKED)
    if secret is None or certificate is None:
        return wrong(KEYLESS)
    begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    first, last = (format_date(moment.astimezone(WIB).date()) for moment in (begin, end))
    moment = at.astimezone(UTC)
    if moment < begin:
        return wrong(EARLY.format(day=first))
    if moment >= end:
        return wrong(ENDED.format(day=last))
    left = end - moment
    return wrong(ENDS.format(day=last, days=left.days)) if left < BEFORE else well(LASTS.format(day=last))


def p12_bytes(key: KeySettings) -> bytes:
    """The file of the key; OSError if it cannot be read or is larger than any key."""
    with key.path.open("rb") as file:
        packed = file.read(MOST + 1)
    if len(packed) > MOST:
        raise OSError
    return packed
