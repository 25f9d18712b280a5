"""Where the panel may send a browser next: only to its own pages."""

import re
from urllib.parse import urlencode

from flask import Flask, Response, current_app, request
from werkzeug.exceptions import HTTPException

from admin.door.flaskadmin import decide_targets_by

OWN_PAGE = re.compile(r"/(?!.*//)(?!/)[!-\[\]-~]{0,1999}")  # printable ASCII, one leading slash, no backslash


def safe_target(url: str | None, default: str | None = None) -> str | None:
    """The address itself if it is a page of this panel, else the default."""
    return url if url and OWN_PAGE.fullmatch(url) else default


def redirect_target(param_name: str = "url") -> str | None:
    """The return address that the request names, if it is safe to follow."""
    return safe_target(request.values.get(param_name))


def page_of_sending() -> str:
    """The page that what was sent came from, by GET: it stands in the browser's history in place of the answer, so that
    going back or loading anew sends nothing again. "" where no page has that address."""
    try:
        chosen = request.form.get("cases", "").split(",")
    except HTTPException:  # what was sent could not be read, which is what the page is about
        chosen = []
    ids = [("id", one.partition(":")[0]) for one in chosen if one]
    address = request.full_path if request.query_string or not ids else f"{request.path}?{urlencode(ids)}"
    routes = current_app.create_url_adapter(request)
    return address.rstrip("?") if routes and routes.test(method="GET") else ""


def install(app: Flask) -> None:
    """Give Flask-Admin our rule, and every redirect after something was sent the code by which the next page is asked
    for by GET: whoever goes back or loads it anew sends nothing once more."""
    decide_targets_by(redirect_target)
    app.after_request(_see_other)
    app.context_processor(lambda: {"page_of_sending": page_of_sending})


def _see_other(answer: Response) -> Response:
    if answer.status_code == 302 and request.method not in ("GET", "HEAD"):
        answer.status_code = 303
    return answer
