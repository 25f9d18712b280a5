"""Response headers: CSP and cookies, cache busting of static files, colour scheme, language."""

import hashlib
import os
import secrets
import stat
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
from admin.door.sessions import cached_per_request
from models import release
from sop.clock import WIB
from sop.words import FILTERS

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"  # cached, but revalidated: the address has no version, as in an old bookmark
SERVED = (200, 206, 304)


def install_assets(app: Flask) -> None:
    """Add the version to the address of every static file."""
    app.url_defaults(_add_version)


def _add_version(endpoint: str, values: dict[str, Any]) -> None:
    if endpoint == "static" and "v" not in values:
        values["v"] = file_version(values["filename"])


def file_version(name: str) -> str | None:
    """The first 12 hex digits of the file's SHA-256; None where there is no such file."""
    path = f"{current_app.static_folder}/{name}"  # asked for on every page, so without the calls of a Path
    try:
        found = os.stat(path)
    except OSError:
        return None
    return _file_hash(path, found.st_mtime_ns) if stat.S_ISREG(found.st_mode) else None


@cache
def _file_hash(path: str, mtime: int) -> str:
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]


def static_cache_control(answer: Response) -> str | None:
    """Cache-Control of a static file; None for other answers."""
    if request.endpoint != "static" or answer.status_code not in SERVED:
        return None
    version = request.args.get("v")
    return FOR_EVER if version and version == file_version((request.view_args or {})["filename"]) else ASK_AGAIN


COOKIE, A_YEAR = "tampilan", 365 * 24 * 60 * 60
BY_DEVICE = "perangkat"
CHOICES = {BY_DEVICE: "Ikuti perangkat", "terang": "Terang", "gelap": "Gelap"}


def chosen_scheme() -> str:
    """The choice in this browser's cookie; an unknown value counts as no choice."""
    word = request.cookies.get(COOKIE, BY_DEVICE)
    return word if word in CHOICES else BY_DEVICE


def store_scheme(answer: Any, word: str) -> Any:
    """Set the cookie that stores the choice in this browser."""
    if word in CHOICES:
        answer.set_cookie(COOKIE, word, max_age=A_YEAR, secure=request.is_secure, httponly=True, samesite="Lax")
    return answer


LOCALE, TIMEZONE = "id", "Asia/Jakarta"
CATALOGUES = str(Path(__file__).resolve().parents[2] / "translations")


def speak_on_terminal() -> None:
    """Translate the messages of command-line libraries with our catalogues, too."""
    terminal.speak_from(CATALOGUES)


def install_language(app: Flask) -> None:
    """Set the app's locale and time zone, add our catalogues, and register the template filters."""
    Babel(app, default_locale=LOCALE, default_timezone=TIMEZONE)
    for domain in (babel.domain, babel.wtforms_domain):
        add_catalogues(domain, CATALOGUES)
    speak_from(CATALOGUES)
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals.update(zone=WIB, panel_version=release.version())


# Deny by default, then allow what the panel uses. A script runs only with the nonce of its response, so an injected
# <script> does not run, even if it names one of our files. The last line keeps scripts from turning text into markup or
# code; browsers of 2018 support all other lines and ignore this one.
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
# Passkeys (publickey-credentials-get and -create) are allowed for the same origin by default.
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
    """The session cookie. Over https its name has the prefix __Host-, so that no other host can set it.

    Its age is not checked here but in the session's row: Flask would also refuse a cookie that was signed before the
    clock was set back.
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
    """Set the response headers and configure the session cookie.

    Addresses hold ids of cases, so pages send no Referer, except long lists to this panel alone (`lean`). Flask-WTF's
    Referer check over https could then never pass; it is off, since the CSRF token and SameSite already protect.
    """
    app.config.update(SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax", WTF_CSRF_SSL_STRICT=False)
    app.session_interface = PanelCookie()
    app.jinja_env.globals["csp_nonce"] = nonce
    app.after_request(_add)


@cached_per_request
def nonce() -> str:
    """The CSP nonce of this response."""
    return secrets.token_urlsafe(16)


def every_header(nonce: str) -> dict[str, str]:
    """The headers of every response, also of those that the web server writes itself."""
    return {"Content-Security-Policy": "; ".join(POLICY).format(nonce=nonce), **HEADERS}


def _add(answer: Response) -> Response:
    """Add the headers that the response does not set itself: the stricter policy of a download stays."""
    for name, value in every_header(nonce()).items():
        answer.headers.setdefault(name, value)
    if request.is_secure:
        answer.headers.setdefault("Strict-Transport-Security", ONE_YEAR)
    cache_control = static_cache_control(answer)
    if cache_control:
        answer.headers["Cache-Control"] = cache_control
    elif "no-store" not in answer.headers.get("Cache-Control", ""):
        answer.headers["Cache-Control"] = "no-store"  # so that the back button never shows another user's page
    return answer
