"""The headers of every answer: only what is our own runs, nobody frames us, nothing is kept by the browser."""

import secrets

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import BadSignature

from admin.door.once import once_a_request
from admin.web import assets

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


def install(app: Flask) -> None:
    """Set the headers and the session cookie's manner.

    Addresses here hold ids of cases, so no page tells where its reader came from. Flask-WTF's check of the Referer over
    https could then never pass; it is switched off, since the token of the session and SameSite already say the same.
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
    kept = assets.kept_by_browsers(answer)
    if kept:
        answer.headers["Cache-Control"] = kept
    elif "no-store" not in answer.headers.get("Cache-Control", ""):
        answer.headers["Cache-Control"] = "no-store"  # signed in or not: the back button shows no one else's page
    return answer
