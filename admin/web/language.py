"""The panel's language: Flask-Admin, WTForms and Flask-WTF speak Indonesian from our own catalogues."""

from pathlib import Path

from flask import Flask
from flask_admin import babel
from flask_babel import Babel

from admin.door import terminal
from admin.door.extensions import add_catalogues, speak_from
from sop.clock import WIB
from sop.words import FILTERS

LOCALE, TIMEZONE = "id", "Asia/Jakarta"
CATALOGUES = str(Path(__file__).resolve().parents[2] / "translations")


def speak_on_terminal() -> None:
    """What the commands say that is not ours comes from our catalogues, too."""
    terminal.speak_from(CATALOGUES)


def install(app: Flask) -> None:
    """Set the app's locale and clock, add our catalogues, and give its templates the office's way of writing."""
    Babel(app, default_locale=LOCALE, default_timezone=TIMEZONE)
    for domain in (babel.domain, babel.wtforms_domain):
        add_catalogues(domain, CATALOGUES)
    speak_from(CATALOGUES)
    app.jinja_env.filters.update(FILTERS)
    app.jinja_env.globals["zone"] = WIB
