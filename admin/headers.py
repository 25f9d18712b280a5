"""The headers of every answer: only what is our own runs, nobody frames us, nothing is kept by the browser."""

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def install(app: Flask) -> None:
    """Set the headers and the session cookie's manner.

    Addresses here hold ids of cases, so no page tells where its reader came from. Flask-WTF's check of the Referer over
    https could then never pass; it is switched off, since the token of the session and SameSite already say the same.
    """
    app.config.update(SESSION_COOKIE_HTTPONLY=True, SESSION_COOKIE_SAMESITE="Lax", WTF_CSRF_SSL_STRICT=False)
    app.after_request(_add)


def _add(answer: Response) -> Response:
    answer.headers.update(HEADERS)
    if request.endpoint != "static":
        answer.headers["Cache-Control"] = "no-store"  # signed in or not: the back button shows no one else's page
    return answer
