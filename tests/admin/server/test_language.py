"""Every word that Flask-Admin, WTForms, Flask-WTF and click say is Indonesian, in this version of each."""

import ast
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path

import click
import flask_admin
import flask_wtf
import pytest
import wtforms
import wtfpeewee
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_file
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from flask import Flask, render_template_string
from flask_admin import Admin, babel
from flask_admin.contrib.peewee import ModelView
from flask_admin.model.base import BaseModelView
from flask_wtf import FlaskForm
from peewee import CharField, IntegerField, Model, SqliteDatabase
from wtforms import StringField
from wtforms.validators import DataRequired, Length

from admin.door.extensions import folders_of
from admin.server.headers import CATALOGUES, install_language

MESSAGES = Path(CATALOGUES) / "id" / "LC_MESSAGES"
NAMES = ("admin", "wtforms", "messages")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%s|\{[\w.!]*\}")


def folder(package) -> Path:
    return Path(package.__file__).parent


def spoken(package) -> Iterator[tuple[str | tuple[str, str], bool]]:
    """Each text that a package's Python code gives to gettext, and whether a form field is asked to translate it."""
    for path in folder(package).rglob("*.py"):
        if "tests" in path.relative_to(folder(package)).parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                yield from said_by(node)


def said_by(call: ast.Call) -> Iterator[tuple[str | tuple[str, str], bool]]:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    of_field = ast.unparse(call.func) in {"field.gettext", "field.ngettext", "self.gettext", "self.ngettext"}
    texts = [arg.value for arg in call.args[:2] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    if name.endswith("ngettext") and len(texts) == 2:
        yield tuple(texts), of_field
    elif (name.endswith("gettext") or name == "_") and texts:
        yield texts[0], of_field
    elif name == "flash_errors":
        yield from ((word.value.value, False) for word in call.keywords if word.arg == "message")


def printed() -> Iterator[str]:
    """Each text in Flask-Admin's templates."""
    for path in (folder(flask_admin) / "templates").rglob("*.html"):
        keywords, options = {"_gettext": None}, {"encoding": "utf-8", "extensions": "jinja2.ext.do,jinja2.ext.i18n"}
        yield from (text for _, text, *_ in extract_from_file("jinja2", path, keywords, options=options))


def sizes() -> set[tuple[str, str]]:
    """The page sizes that a list offers: its template puts the number into the text before it is translated."""
    return {(f"{size} item", f"{size} items") for size in BaseModelView.page_size_options}


def known(name: str) -> Catalog:
    with (MESSAGES / f"{name}.po").open("rb") as file:
        return read_po(file, locale="id")


def texts(catalogue: Catalog) -> dict:
    return {message.id: message.string for message in catalogue if message.id}


def shipped() -> set:
    """What WTForms' own template of a catalogue asks for."""
    with (folder(wtforms) / "locale" / "wtforms.pot").open("rb") as file:
        return set(texts(read_po(file)))


@cache
def wanted(name: str) -> set:
    """What a catalogue has to say."""
    if name == "messages":
        return {text for text, _ in spoken(click)} | {"required"}  # whose name it asks for by a name
    if name == "admin":
        return {text for text, _ in spoken(flask_admin)} | set(printed()) | sizes()
    packages = (wtforms, flask_wtf, wtfpeewee, flask_admin)
    return shipped() | {text for package in packages for text, of_field in spoken(package) if of_field}


@pytest.mark.parametrize("name", NAMES)
def test_every_text_of_the_installed_version_is_translated_and_none_is_left_over(name):
    found = texts(known(name))
    assert set(found) == wanted(name)
    assert all(all(text) if isinstance(text, tuple) else text for text in found.values())


def test_the_extraction_sees_what_the_libraries_are_known_to_say():
    assert len(wanted("admin")) == 116 + 4 + 3
    assert len(shipped()) == 39


@pytest.mark.parametrize("name", NAMES)
def test_translations_have_every_placeholder(name):
    translated = texts(known(name))
    assert len(translated) > 10
    for asked, text in translated.items():
        plural = isinstance(asked, tuple)
        source, said = (asked[-1], text[0]) if plural else (asked, text)
        assert sorted(PLACEHOLDER.findall(said)) == sorted(PLACEHOLDER.findall(source)), source


@pytest.mark.parametrize("name", NAMES)
def test_indonesian_has_one_plural_form(name):
    catalogue = known(name)
    assert catalogue.num_plurals == 1
    assert all(len(text) == 1 for text in texts(catalogue).values() if isinstance(text, tuple))


@pytest.mark.parametrize("name", NAMES)
def test_the_compiled_catalogue_is_the_written_one(name, tmp_path):
    with (tmp_path / "again.mo").open("w+b") as again, (MESSAGES / f"{name}.mo").open("rb") as committed:
        write_mo(again, known(name))
        again.seek(0)
        ours, fresh = ([(entry.id, entry.string) for entry in read_mo(file) if entry.id] for file in (committed, again))
        assert ours == fresh
        assert len(ours) == len(wanted(name))


@pytest.mark.parametrize(("name", "package"), [("admin", "flask-admin"), ("wtforms", "wtforms"), ("messages", "click")])
def test_a_catalogue_names_the_version_it_was_made_for(name, package):
    assert known(name).version == version(package)


class Person(Model):
    name = CharField(max_length=8, verbose_name="Nama")
    age = IntegerField(verbose_name="Umur", null=True)

    class Meta:
        database = SqliteDatabase(None)


class PersonView(ModelView):
    column_filters = ("age",)
    column_searchable_list = ("name",)
    can_export = can_view_details = can_set_page_size = True
    form_args = {"name": {"validators": [DataRequired(), Length(max=3)]}}


class Plain(FlaskForm):
    name = StringField(validators=[DataRequired(), Length(min=2)])

    class Meta:
        csrf = False


@pytest.fixture
def app(tmp_path):
    app = Flask(__name__)
    app.config.update(SECRET_KEY="k", TESTING=True, WTF_CSRF_ENABLED=False)
    install_language(app)
    Admin(app).add_view(PersonView(Person, endpoint="person"))
    Person._meta.database.init(tmp_path / "people.sqlite")
    Person.create_table()
    yield app
    Person._meta.database.close()


def test_a_list_of_flask_admin_speaks_indonesian(app):
    page = app.test_client().get("/admin/person/").get_data(as_text=True)
    for word in (
        "Beranda",
        "Daftar",
        "Tambah",
        "Saring",
        "Ekspor",
        "Cari",
        "Dengan yang dipilih",
        "Belum ada data.",
        "20 baris",
        "50 baris",
        "Hapus data yang dipilih?",
        "sama dengan",
        "lebih dari",
    ):
        assert word in page, word
    for word in ("Create", "Add Filter", "Export", "With selected", "There are no items", "20 items", "greater than"):
        assert not re.search(f'[>"]{word}', page), word


def test_flask_admins_filters_speak_indonesian_though_made_before_any_request(app):
    page = app.test_client().get("/admin/person/").get_data(as_text=True)
    said = set(re.findall(r'"operation": "([^"]+)"', page))
    assert {"sama dengan", "tidak sama dengan", "kosong", "salah satu dari"} <= said


def test_forms_of_flask_admin_say_what_is_wrong_in_indonesian(app):
    client = app.test_client()
    empty = client.post("/admin/person/new/", data={"name": "", "age": ""}).get_data(as_text=True)
    wrong = client.post("/admin/person/new/", data={"name": "abcd", "age": "x"}).get_data(as_text=True)
    assert all(word in empty for word in ("Isian ini wajib diisi.", "Simpan", "Batal"))
    assert all(word in wrong for word in ("paling banyak 3 karakter.", "harus berupa bilangan bulat."))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Isian ini wajib diisi."),
        ("a", "Isian ini sekurang-kurangnya 2 karakter."),
    ],
)
def test_plain_forms_say_what_is_wrong_in_indonesian(app, name, said):
    with app.test_request_context(method="POST", data={"name": name}):
        form = Plain()
        form.validate()
        assert form.name.errors == [said]


@pytest.mark.parametrize("count", [1, 2])
def test_plurals_are_indonesian_for_one_and_for_many(app, count):
    with app.test_request_context():
        one, many = "Record was successfully deleted.", "%(count)s records were successfully deleted."
        assert babel.ngettext(one, many, count, count=count) == f"{count} data berhasil dihapus."


def test_installing_twice_adds_our_catalogues_once_and_last(app):
    babel.domain.cache["id", "admin"] = None
    folders_of(babel.domain).remove(CATALOGUES)
    install_language(Flask("first"))
    install_language(Flask("second"))
    for domain in (babel.domain, babel.wtforms_domain):
        assert folders_of(domain).count(CATALOGUES) == 1
        assert folders_of(domain)[-1] == CATALOGUES
    assert ("id", "admin") not in babel.domain.cache


def test_templates_write_dates_times_durations_and_numbers_as_the_office_does(app):
    with app.test_request_context():
        page = "{{ at|date }}; {{ at|moment }}; {{ 80|duration }}; {{ 12345|number }}; {{ -5|due }}"
        assert render_template_string(page, at=datetime(2026, 11, 24, 2, 14, tzinfo=UTC)) == (
            "24 November 2026; 24 Nov 2026 pukul 09.14 WIB; 1 jam 20 menit; 12.345; terlambat 5 menit"
        )
