"""The one module that uses private names of Flask-Login, Flask-Babel, Flask-WTF and Werkzeug.

When a new release changes one, tests/admin/door/test_extensions.py fails first and names it; only this module changes.
"""

from collections.abc import Callable
from typing import Any

import flask_wtf.i18n
from flask import Response, current_app
from flask_babel import Domain
from flask_login import LoginManager, current_user


class SessionOnly(LoginManager):
    """Flask-Login without remember-me: the cookie is neither read nor set."""

    def _load_user_from_remember_cookie(self, cookie: str) -> None:
        return None

    def _update_remember_cookie(self, response: Response) -> Response:
        return response


def set_current_user(user: Any) -> None:
    """Set the current user for the rest of the request. `login_user` would also write the user's id and a browser
    fingerprint into the cookie."""
    current_app.login_manager._update_request_context_with_user(user)  # type: ignore[attr-defined]


# The current user as an object instead of Flask-Login's proxy. No function: a page asks a hundred times.
get_current_user: Callable[[], Any] = current_user._get_current_object


def add_catalogues(domain: Domain, folder: str) -> None:
    """Add our folder last: the last catalogue loaded sets the plural rule, and Indonesian has one form only.

    Flask-Admin has no setting for this: `translations_path` retains English plurals, and earlier lookups stay cached.
    """
    folders = folders_of(domain)
    if folder not in folders:
        folders.append(folder)
        domain.cache.clear()


def folders_of(domain: Domain) -> list[str]:
    """The folders of a domain's catalogues: the mutable list itself."""
    folders: list[str] = domain._translation_directories
    return folders


def speak_from(folder: str) -> None:
    """Set the folder of the translations for Flask-WTF's forms."""
    flask_wtf.i18n.messages_path = lambda: folder
