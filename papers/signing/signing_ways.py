"""The two ways by which a file gets its electronic signature: a key of the office, and a signing service over HTTP.

What a service must answer, and when it is asked again: docs/signing-service.md.
"""

import json
import os
import secrets
import time
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from models.operations.signing_settings import (
    KeySettings,
    ServiceSettings,
    key_settings,
    p12_bytes,
    service_settings,
    signing_faults,
)
from models.store import resource_limits
from models.store.resource_limits import ChildFailed, Work
from papers.signing import key_worker
from papers.signing.bounded_http import HttpReply, PostFailed, PostFault, post

KEY_SECONDS = 120.0  # wall clock for such a child
PAUSE = 2.0  # seconds before the service is called once more that could not be reached
SERVICE_SECONDS = 60.0  # wall clock for one request to the service
LARGEST_GROWTH = 4 << 20  # bytes by which a signature may enlarge a file
LARGEST_JSON = 1 << 16
LONGEST_PASSPHRASE = 200
SIGN = "/api/sign/pdf"
PDF, JSON = "application/pdf", "application/json"
WRONG_NIK, WRONG_PASSPHRASE = 2011, 2031  # `status_code` of the service's JSON
NIK_FORM = "NIK terdiri atas 16 angka."
FORM_OF_PHRASE = "Isi passphrase sertifikat elektronik, paling banyak 200 huruf dan tanpa tanda kendali."
KEY_UNREADABLE = "Kunci tanda tangan pada SIGNING_P12 tidak dapat dibaca panel."
KEY_FAILED = "Dokumen ini tidak dapat ditandatangani: pengerjaannya melewati batas waktu atau memori."
NO_CONNECTION = {
    PostFault.UNREACHED: "Layanan tanda tangan tidak dapat dihubungi.",
    PostFault.UNTRUSTED: "Sambungan ke layanan tanda tangan tidak aman: sertifikat servernya tidak dapat dipercaya.",
    PostFault.LATE: "Layanan tanda tangan tidak menjawab dalam satu menit; apakah dokumen ini ditandatangani, tidak "
    "diketahui.",
    PostFault.BROKEN: "Jawaban layanan tanda tangan terputus di tengah.",
    PostFault.LARGE: "Jawaban layanan tanda tangan terlalu besar; tidak disimpan.",
}
NIK_UNKNOWN = "Layanan tanda tangan tidak mengenal NIK itu, atau sertifikatnya belum berlaku."
PHRASE_REFUSED = "Passphrase ditolak layanan tanda tangan. Dokumen lain tidak dicoba, agar akunnya tidak terkunci."
PANEL_REFUSED = "Layanan tanda tangan menolak panel ini: SIGNING_USER atau SIGNING_PASSWORD keliru."
REDIRECTED = "Layanan tanda tangan berpindah alamat; periksa SIGNING_URL."
TOO_LARGE = "Dokumen ini terlalu besar bagi layanan tanda tangan."
REFUSED = "Layanan tanda tangan menolak (kode {}). Dokumen lain tidak dicoba, agar akunnya tidak terkunci."
FAILING = "Layanan tanda tangan sedang terganggu (kode {})."
UNKNOWN_REPLY = "Jawaban layanan tanda tangan bukan PDF."


@dataclass(frozen=True, kw_only=True)
class UnsignedCopy:
    """A file to be signed, for which role, its filled fields, and the lines of the visible signature."""

    data: bytes = field(repr=False)
    role: str
    filled: frozenset[str]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Unsigned:
    """Why a file was not signed; `stops` if no other may be tried in this run."""

    sentence: str
    stops: bool = False


class SigningWay(Protocol):
    """A way to have papers signed."""

    @property
    def fills_field(self) -> bool:
        """Whether a signature is always in the paper's own field of the role."""

    def sign(self, papers: Sequence[UnsignedCopy]) -> Iterator[bytes | Unsigned]:
        """Each paper signed, in turn, or why not. Nothing is signed that the caller does not ask for by `next`, but
        for a batch of a key."""


@dataclass(frozen=True)
class OfficeKey:
    """Signs with the key that SIGNING_P12 names, in a child process."""

    settings: KeySettings
    fills_field: bool = True

    def sign(self, papers: Sequence[UnsignedCopy]) -> Iterator[bytes | Unsigned]:
        """As `SigningWay`. A batch whose child ended is signed singly."""
        try:
            packed = p12_bytes(self.settings)
        except OSError:
            yield from (Unsigned(KEY_UNREADABLE, stops=True) for _ in papers)
            return
        try:
            yield from self._signed(papers, packed)
        except ChildFailed:
            for paper in papers:
                try:
                    yield from self._signed([paper], packed)
                except ChildFailed:
                    yield Unsigned(KEY_FAILED)

    def _signed(self, papers: Sequence[UnsignedCopy], packed: bytes) -> list[bytes | Unsigned]:
        asked = {
            "p12": b64encode(packed).decode(),
            "password": self.settings.password,
            "timestamp": self.settings.timestamp_url,
            "authorities": os.environ.get("SSL_CERT_FILE", ""),
            "papers": [{"size": len(one.data), "role": one.role, "lines": one.lines} for one in papers],
        }
        request = json.dumps(asked).encode() + b"\n" + b"".join(one.data for one in papers)
        reply = resource_limits.answer(key_worker.__name__, request, seconds=KEY_SECONDS, work=Work.FILE)
        head, _, files = reply.partition(b"\n")
        results: list[bytes | Unsigned] = []
        start = 0
        for each in json.loads(head):
            data, start = files[start : start + each["size"]], start + each["size"]
            results.append(Unsigned(each["fault"], each["stops"]) if each["fault"] else data)
        return results  # fewer than asked for if the last one stops the rest


@dataclass(frozen=True)
class SigningService:
    """Signs by the service that SIGNING_URL names, as whom the NIK and the passphrase say. They live in this object
    alone, for one run."""

    settings: ServiceSettings
    nik: str = field(repr=False)
    passphrase: str = field(repr=False)
    fills_field: bool = False
    seconds: float = SERVICE_SECONDS
    pause: float = PAUSE

    def sign(self, papers: Sequence[UnsignedCopy]) -> Iterator[bytes | Unsigned]:
        """As `SigningWay`: one request each. What was sent is never repeated, since it may use up an attempt."""
        for paper in papers:
            body, headers = self._request(paper.data)
            most = len(paper.data) + LARGEST_GROWTH
            try:
                reply = self._posted(body, headers, most)
            except PostFailed as failed:
                yield Unsigned(NO_CONNECTION[failed.fault], failed.fault in (PostFault.UNREACHED, PostFault.UNTRUSTED))
            else:
                yield signed_file_or_refusal(reply)

    def _posted(self, body: bytes, headers: Mapping[str, str], most: int) -> HttpReply:
        url = self.settings.url + SIGN
        try:
            return post(url, body, headers, seconds=self.seconds, most=most)
        except PostFailed as failed:
            if failed.fault is not PostFault.UNREACHED:
                raise
        time.sleep(self.pause)  # nothing was sent, so once more harms nothing
        return post(url, body, headers, seconds=self.seconds, most=most)

    def _request(self, data: bytes) -> tuple[bytes, dict[str, str]]:
        """The body of a multipart form and its headers."""
        boundary = secrets.token_hex(24)
        texts = {"nik": self.nik, "passphrase": self.passphrase, "tampilan": "invisible"}
        parts = [f'name="{name}"\r\n\r\n{text}'.encode() for name, text in texts.items()]
        parts.append(b'name="file"; filename="dokumen.pdf"\r\nContent-Type: application/pdf\r\n\r\n' + data)
        lead = f"--{boundary}\r\nContent-Disposition: form-data; ".encode()
        body = b"".join(lead + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}", "Accept": f"{PDF}, {JSON}"}
        if self.settings.user:
            both = f"{self.settings.user}:{self.settings.password}".encode()
            headers["Authorization"] = f"Basic {b64encode(both).decode()}"
        return body, headers


def signed_file_or_refusal(reply: HttpReply) -> bytes | Unsigned:
    """What a reply of the service means. Of its words nothing is shown: they may quote what was sent."""
    if reply.status == 200 and reply.body.startswith(b"%PDF-"):
        return reply.body
    code = _code_of(reply)
    is_refusal = bool(code) or reply.media_type == JSON
    meanings = (
        (code == WRONG_PASSPHRASE, Unsigned(PHRASE_REFUSED, stops=True)),
        (code == WRONG_NIK, Unsigned(NIK_UNKNOWN, stops=True)),
        (300 <= reply.status < 400, Unsigned(REDIRECTED, stops=True)),
        (reply.status in (401, 403), Unsigned(PANEL_REFUSED, stops=True)),
        (reply.status == 413, Unsigned(TOO_LARGE)),
        (reply.status >= 500 and not is_refusal, Unsigned(FAILING.format(reply.status))),
        # it may be the passphrase in other words
        (reply.status >= 400 or is_refusal, Unsigned(REFUSED.format(code or reply.status), stops=True)),
    )
    return next((meaning for applies, meaning in meanings if applies), Unsigned(UNKNOWN_REPLY))


def _code_of(reply: HttpReply) -> int:
    """`status_code` of a JSON reply; 0 without one."""
    if len(reply.body) > LARGEST_JSON:
        return 0
    try:
        said = json.loads(reply.body)
    except (ValueError, RecursionError):
        return 0
    code = said.get("status_code") if isinstance(said, dict) else None
    return code if isinstance(code, int) and 0 < code < 1_000_000 else 0


def office_key(environment: Mapping[str, str]) -> OfficeKey | None:
    """The way by the office's key; None if none is configured, or wrongly."""
    settings = key_settings(environment)
    return None if settings is None or any(signing_faults(environment)) else OfficeKey(settings)


def signing_service(environment: Mapping[str, str], *, nik: str, passphrase: str) -> SigningService | None:
    """The way by the service, for one run; None if none is configured, or wrongly."""
    settings = service_settings(environment)
    if settings is None or any(signing_faults(environment)):
        return None
    return SigningService(settings, nik, passphrase)


def credentials_objection(nik: str, passphrase: str) -> str:
    """The sentence why this NIK or passphrase cannot be sent; "" if they can. It quotes neither."""
    if not (len(nik) == 16 and nik.isascii() and nik.isdigit()):
        return NIK_FORM
    return "" if passphrase.isprintable() and 0 < len(passphrase) <= LONGEST_PASSPHRASE else FORM_OF_PHRASE
