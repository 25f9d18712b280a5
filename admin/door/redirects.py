"""Where the panel may send a browser next: only to its own pages."""

import re

from flask import Flask, Response, request

from admin.door.flaskadmin import decide_targets_by

OWN_PAGE = re.compile(r"/(?!.*//)(?!/)[!-\[\]-~]{0,1999}")  # printable ASCII, one leading slash, no backslash


def safe_target(url: str | None, default: str | None = None) -> str | None:
    """The address itself if it is a page of this panel, else the default."""
    return url if url and OWN_PAGE.fullmatch(url) else default


def redirect_target(param_name: str = "url") -> str | None:
    """The return address that the request names, if it is safe to follow."""
    return safe_target(request.values.get(param_name))


def install(app: Flask) -> None:
    """Give Flask-Admin our rule, and every redirect after something was sent the code by which the next page is asked
    for by GET: whoever goes back or loads it anew sends nothing once more."""
    decide_targets_by(redirect_target)
    app.after_request(_see_other)


def _see_other(answer: Response) -> Response:
    if answer.status_code == 302 and request.method not in ("GET", "HEAD"):
        answer.status_code = 303
    return answer
