"""Where the panel may send a browser next: only to its own pages."""

import re

import flask_admin.actions
import flask_admin.helpers
import flask_admin.model.base
from flask import request

OWN_PAGE = re.compile(r"/(?!.*//)(?!/)[!-\[\]-~]{0,1999}")  # printable ASCII, one leading slash, no backslash


def safe_target(url: str | None, default: str | None = None) -> str | None:
    """The address itself if it is a page of this panel, else the default."""
    return url if url and OWN_PAGE.fullmatch(url) else default


def redirect_target(param_name: str = "url") -> str | None:
    """The return address that the request names, if it is safe to follow."""
    return safe_target(request.values.get(param_name))


def install() -> None:
    """Give Flask-Admin our rule; its three modules each hold the function by name."""
    for module in (flask_admin.actions, flask_admin.helpers, flask_admin.model.base):
        module.get_redirect_target = redirect_target
