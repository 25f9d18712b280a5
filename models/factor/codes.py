"""The codes of an authenticator app (RFC 6238: SHA-1, six digits, thirty seconds), and how its key is handed over.

Six lines of the standard library, held to the vectors of the RFC: a package would bring no more.
"""

import base64
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

DIGITS, SECONDS, KEY_BYTES = 6, 30, 20
SKEW = 1  # steps by which a phone's clock may be slow or fast
ISSUER = "Panel Pengaduan"
GROUP = 4


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def step_of(at: datetime) -> int:
    """The number of the half minute in which a moment lies."""
    return int(at.timestamp()) // SECONDS


def code_at(key: bytes, step: int) -> str:
    """The code of one half minute."""
    digest = hmac.digest(key, step.to_bytes(8), "sha1")
    begin = digest[-1] & 0xF
    number = int.from_bytes(digest[begin : begin + 4]) & 0x7FFFFFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


def matching_step(key: bytes, typed: str, at: datetime) -> int | None:
    """The half minute whose code this is, the newest if it is that of several; None for a wrong code."""
    present = step_of(at)
    sent = typed.encode(errors="replace")
    steps = range(present + SKEW, present - SKEW - 1, -1)
    matches = [step for step in steps if hmac.compare_digest(code_at(key, step).encode(), sent)]
    return next(iter(matches), None)


def key_text(key: bytes) -> str:
    """The key as it is typed into an app by hand, in groups."""
    text = base64.b32encode(key).decode().rstrip("=")
    return " ".join(text[begin : begin + GROUP] for begin in range(0, len(text), GROUP))


def key_address(key: bytes, username: str) -> str:
    """What the QR code says to an app."""
    told = urlencode({"secret": key_text(key).replace(" ", ""), "issuer": ISSUER}, quote_via=quote)
    return f"otpauth://totp/{quote(ISSUER)}:{quote(username)}?{told}"
