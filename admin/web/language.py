"""The panel's language: Flask-Admin, WTForms and Flask-WTF speak Indonesian from our own catalogues."""

from pathlib import Path

import flask_wtf.i18n
from flask import Flask
from flask_admin import babel
from flask_babel import Babel

from sop.words import FILTERS

LOCALE, TIMEZONE = "id", "Asia/Jakarta"
CATALOGUES = str(Path(__file__).resolve().parents[2] / "translations")


def install(app: Flask) -> None:
    """Set the app's locale and clock, add our catalogues, and give its templates the office's way of writing."""
    Babel(app, default_locale=LOCALE, default_timezone=TIMEZONE)
    for domain in (babel.domain, babel.wtforms_domain):
        add_catalogues(domain)
    flask_wtf.i18n.messages_path = lambda: CATALOGUES
    app.jinja_env.filters.update(FILTERS)


def add_catalogues(domain: babel.Domain) -> None:
    """Put our directory last: the last catalogue read decides the plural rule, and Indonesian has one form only.

    Neither library offers a door for this (`translations_path` keeps English plurals, and what was looked up
    before stays cached), so a private list is extended: the versions are pinned and
    tests/admin/web/test_language.py holds it.
    """
    directories = domain._translation_directories
    if CATALOGUES not in directories:
        directories.append(CATALOGUES)
        domain.cache.clear()
