"""The one place that knows private names of Flask's other extensions: Flask-Login, Flask-Babel, Flask-WTF, Werkzeug.

When a new release moves one, tests/admin/door/test_extensions.py fails first and says which: mend it here alone.
"""

from typing import Any

import flask_wtf.i18n
from flask import Response, current_app
from flask_babel import Domain
from flask_login import LoginManager


class SessionOnly(LoginManager):
    """Signed in is who has a session: no remember-me cookie is ever read, nor asked about after each answer."""

    def _load_user_from_remember_cookie(self, cookie: str) -> None:
        return None

    def _update_remember_cookie(self, response: Response) -> Response:
        return response


def serve_as(user: Any) -> None:
    """The rest of the request is served for this user. Flask-Login's own way in would write what it is to know him by
    into the cookie, and a mark of the browser beside it."""
    current_app.login_manager._update_request_context_with_user(user)  # type: ignore[attr-defined]


def behind(proxy: Any) -> Any:
    """What a proxy of Werkzeug's stands for at this moment, as the thing itself."""
    return proxy._get_current_object()


def add_catalogues(domain: Domain, folder: str) -> None:
    """Put our folder last: the last catalogue read decides the plural rule, and Indonesian has one form only.

    Flask-Admin offers no door for this: `translations_path` keeps English plurals, and what was looked up before stays
    cached.
    """
    folders = folders_of(domain)
    if folder not in folders:
        folders.append(folder)
        domain.cache.clear()


def folders_of(domain: Domain) -> list[str]:
    """Where a domain looks for its catalogues: the list itself."""
    folders: list[str] = domain._translation_directories
    return folders


def speak_from(folder: str) -> None:
    """Let the forms of Flask-WTF take what they say from this folder."""
    flask_wtf.i18n.messages_path = lambda: folder
