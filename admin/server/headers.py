"""Headers of every answer, static files by their hash, light or dark, the panel's language."""

import hashlib
import secrets
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask, Request, Response, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_admin import babel
from flask_babel import Babel
from itsdangerous import BadSignature

from admin.door import terminal
from admin.door.extensions import add_catalogues, speak_from
from admin.door.sessions import once_a_request
from models import release
from sop.clock import WIB
from sop.words import FILTERS

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"  # kept, but asked about each time: an address without its version, as in an old bookmark
SERVED = (200, 206, 304)


def install_assets(app: Flask) -> None:
    """Put the version on the address of every file of ours."""
    app.url_defaults(_add_version)


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and "v" not in values:
        values["v"] = file_version(values["filename"])


def file_version(name: str) -> str | None:
    """The beginning of the hash of a file's content; None where there is no such file."""
    path = Path(current_app.static_folder or "", name)
    return _file_hash(path, path.stat().st_mtime_ns) if path.is_file() else None


@cache
def _file_hash(path: Path, _: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def kept_by_browsers(answer: Response) -> str | None:
    """How long browsers may keep a file of ours; None for everything else."""
    if request.endpoint != "static" or answer.status_code not in SERVED:
        return None
    asked = request.args.get("v")
    return FOR_EVER if asked and asked == file_version((request.view_args or {})["filename"]) else ASK_AGAIN


COOKIE, A_YEAR = "tampilan", 365 * 24 * 60 * 60
BY_DEVICE = "perangkat"
CHOICES = {BY_DEVICE: "Ikuti perangkat", "terang": "Terang", "gelap": "Gelap"}


def chosen_scheme() -> str:
    """What was chosen on this device; a word that is none counts as not chosen."""
    word = request.cookies.get(COOKIE, BY_DEVICE)
    return word if word in CHOICES else BY_DEVICE


def keep_scheme(answer: Any, word: str) -> Any:
    """The answer, with the choice for this device from now on."""
    if word in CHOICES:
        answer.set_cookie(COOKIE, word, max_age=A_YEAR, secure=request.is_secure, httponly=True, samesite="Lax")
    return answer


LOCALE, TIMEZONE = "id", "Asia/Jakarta"
CATALOGUES = str(Path(__file__).resolve().parents[2] / "translations")


def speak_on_terminal() -> None:
    """What the commands say that is not ours comes from our catalogues, too."""
    terminal.speak_from(CATALOGUES)


def install_language(app: Flask) -> None:
    """Set the app's locale and clock, add our catalogues, and give its templates the office's way of writing."""
    Babel(app, default_locale=LOCALE, default_timezone=TIMEZONE)
    for domain in (babel.domain, babel.wtforms_domain):
        add_catalogues(domain, CATALOGUES)
    speak_from(CATALOGUES)
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(zone=WIB, panel_version=release.version())


# Everything is shut, then what the panel has is opened. A script runs only with the nonce of this very answer: no
# planted <script> does, not even one that names a file of ours. The last line keeps text from becoming markup or code
# through a script; browsers of 2018 know all the others and skip this one.
POLICY = (
    "default-src 'none'",
    "script-src 'nonce-{nonce}'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'; trusted-types 'none'",
)
# Passkeys are this origin's by themselves (publickey-credentials-get and -create): nothing need be opened for them.
SHUT = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "usb",
    "xr-spatial-tracking",
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": ", ".join(f"{name}=()" for name in SHUT),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
ONE_YEAR = "max-age=31536000"


class PanelCookie(SecureCookieSessionInterface):
    """The session's cookie. Over https its very name says that this host set it over https, and nobody beside it.

    How old it may be is said by the session's row alone: Flask would refuse, too, what a clock has signed that was then
    set back.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        signer = self.get_signing_serializer(app)
        if signer is None:
            return None
        try:
            return self.session_class(signer.loads(request.cookies.get(self.get_cookie_name(app), "")))
        except BadSignature:
            return self.session_class()

    def get_cookie_name(self, app: Flask) -> str:
        return f"{'__Host-' if request.is_secure else ''}{super().get_cookie_name(app)}"

    def get_cookie_secure(self, app: Flask) -> bool:
        return request.is_secure


def install_headers(app: Flask) -> None:
    """Set the headers and the session cookie's manner.

    Addresses here hold ids of cases, so no page names itself as Referer, but a long list to this panel alone (`lean`).
    Flask-WTF's check of the Referer over https could then never pass; it is switched off, since the session's token and
    SameSite already say the same.
    """
    app.config.update(SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax", WTF_CSRF_SSL_STRICT=False)
    app.session_interface = PanelCookie()
    app.jinja_env.globals["csp_nonce"] = nonce
    app.after_request(_add)


@once_a_request
def nonce() -> str:
    """What the scripts of this answer carry: made once an answer, never again."""
    return secrets.token_urlsafe(16)


def every_header(nonce: str) -> dict[str, str]:
    """What an answer carries, whoever gives it."""
    return {"Content-Security-Policy": "; ".join(POLICY).format(nonce=nonce), **HEADERS}


def _add(answer: Response) -> Response:
    """Add what the answer does not say itself: a download's own, stricter policy stays."""
    for name, value in every_header(nonce()).items():
        answer.headers.setdefault(name, value)
    if request.is_secure:
        answer.headers.setdefault("Strict-Transport-Security", ONE_YEAR)
    kept = kept_by_browsers(answer)
    if kept:
        answer.headers["Cache-Control"] = kept
    elif "no-store" not in answer.headers.get("Cache-Control", ""):
        answer.headers["Cache-Control"] = "no-store"  # signed in or not: the back button shows no one else's page
    return answer
