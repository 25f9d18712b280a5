"""The panel's base view on three toy tables: closed by default, scoped at every door, deaf to odd input."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, unquote

import flask_login
import peewee as pw
import pytest
from flask import Flask
from flask_admin import Admin, AdminIndexView
from flask_admin.actions import action
from flask_wtf import CSRFProtect
from markupsafe import Markup, escape

from admin.door import rows as redirects
from admin.lists import saving
from admin.lists.base import IncompleteView, PanelView
from admin.lists.export import Export
from admin.lists.filters import Contains
from admin.lists.listing import MOST_SKIPPED, TOO_FAR
from admin.server import headers
from models.complaint import scope
from models.store.base import Moment, database

ROOT = Path(__file__).resolve().parents[3]
START = datetime(2026, 11, 24, 2, 14, tzinfo=UTC)


class Toy(pw.Model):
    cached = False

    class Meta:
        database = database

    @classmethod
    def proves(cls) -> str:
        return ""


class Unit(Toy):
    name = pw.CharField(verbose_name="Nama unit", unique=True, max_length=60)
    active = pw.BooleanField(verbose_name="Aktif", default=True)

    def __str__(self):
        return self.name


class Clerk(Toy):
    name = pw.CharField(verbose_name="Nama")
    unit = pw.ForeignKeyField(Unit, verbose_name="Unit", null=True)

    def __str__(self):
        return self.name


class Case(Toy):
    number = pw.CharField(verbose_name="Nomor register", unique=True, max_length=40)
    title = pw.CharField(verbose_name="Perihal", max_length=120, help_text="Satu kalimat.")
    story = pw.TextField(verbose_name="Uraian", default="", help_text="Apa yang terjadi, kapan, di mana.")
    unit = pw.ForeignKeyField(Unit, verbose_name="Unit kerja", null=True)
    taker = pw.ForeignKeyField(Clerk, verbose_name="Penerima", backref="taken")
    maker = pw.ForeignKeyField(Clerk, verbose_name="Pembuat", backref="made")
    state = pw.CharField(
        verbose_name="Status", choices=(("open", "Menunggu disposisi"), ("done", "Selesai")), default="open"
    )
    urgent = pw.BooleanField(verbose_name="Segera", default=False)
    came_at = Moment(verbose_name="Diterima pada")
    happened = pw.DateField(verbose_name="Tanggal kejadian", null=True)
    visits = pw.IntegerField(verbose_name="Jumlah kunjungan", default=0)
    secret = pw.CharField(default="RAHASIA-9", max_length=40)
    owner = pw.CharField(default="ani")
    version = pw.IntegerField(default=1)

    def __str__(self):
        return self.number


class Person(flask_login.UserMixin):
    def __init__(self, name):
        self.id = self.name = name


class HeardExport(Export):
    def note(self, keys, search, filters, reason=""):
        self.view.heard.append(("exported", len(keys), search))


class CaseView(PanelView):
    noun = "kasus"
    exports = HeardExport()
    joins = ("unit", "taker", "maker", "maker.unit")
    can_create = can_edit = can_view_details = can_export = True
    column_list = ("number", "title", "unit.name", "taker.name", "maker.unit.name", "state", "came_at")
    column_labels = {"maker.unit.name": "Unit pembuat"}
    column_sortable_list = ("number", "title", "unit.name", "came_at")
    column_searchable_list = ("number", "title", "maker.name")
    column_filters = ("state", "unit", "urgent", "came_at", "visits", Contains("taker.name", "Nama penerima"))
    column_details_list = (*column_list, "story", "urgent", "happened", "visits")
    column_export_list = ("number", "title", "unit.name", "visits")
    column_formatters = {"state": lambda view, context, row, name: badge(row)}
    form_columns = (
        "number",
        "title",
        "story",
        "unit",
        "taker",
        "maker",
        "urgent",
        "state",
        "came_at",
        "happened",
        "visits",
    )
    primary_action = "approve"
    empty_text = "Belum ada kasus. Catat kasus pertama dengan tombol Tambah."
    heard: list = []

    def on_saved(self, model, created, changed_fields):
        assert database.in_transaction()
        self.heard.append((model.number, created, changed_fields))

    def changed_by(self, model):
        return "Budi"

    @action("approve", "Setujui", "Setujui kasus yang dicentang?")
    def approve(self, ids):
        self.heard.append(("approve", ids))

    @action("hold", "Tunda")
    def hold(self, ids):
        self.heard.append(("hold", ids))


class UnitView(PanelView):
    noun = "unit"
    column_list = ("name", "active")


def badge(row):
    tone, words = ("good", "Selesai") if row.state == "done" else ("wait", "Menunggu disposisi")
    return Markup('<span class="badge {}">{}</span>').format(tone, words)


def visible(user, model):
    return model.select().where(Case.owner == user.name) if model is Case else model.select()


def make_app(path):
    """A toy panel of its own over a fresh database with 60 cases of ani's and one of budi's."""
    database.initialize(pw.SqliteDatabase(str(path), pragmas={"foreign_keys": 1}))
    app = Flask("toy", root_path=str(ROOT))
    redirects.install(app)
    app.secret_key = "toy"
    app.config["TESTING"] = True
    headers.install_language(app)
    CSRFProtect(app)
    signer = flask_login.LoginManager(app)
    signer.user_loader(Person)
    app.add_url_rule("/sign/<name>", "sign", lambda name: str(flask_login.login_user(Person(name))))
    app.context_processor(lambda: {"demo": True, "role_title": "Petugas Penanganan Pengaduan"})
    admin = Admin(app, name="Panel Pengaduan", index_view=AdminIndexView(name="Beranda", url="/"))
    admin.add_view(CaseView(Case, "Pengaduan", endpoint="kasus"))
    admin.add_view(UnitView(Unit, "Unit kerja", endpoint="unit", category="Data induk"))
    fill()
    return app


def fill():
    database.create_tables([Unit, Clerk, Case])
    units = [
        Unit.create(name=f"Bidang {word}") for word in ("Rehabilitasi Sosial", "Pemberdayaan", "Perlindungan Anak")
    ]
    Unit.create(name="Bidang lama", active=False)
    clerks = [Clerk.create(name=name, unit=unit) for name, unit in zip(("Siti", "Joko", "Rini"), units, strict=True)]
    for n in range(1, 62):
        Case.create(
            number=f"400.9/{n:04}/35.73/2026",
            title=f"Bantuan belum diterima warga RT {n:02}",
            unit=units[n % 3],
            taker=clerks[n % 3],
            maker=clerks[(n + 1) % 3],
            came_at=START + timedelta(hours=n, seconds=17),
            state="done" if n % 4 == 0 else "open",
            urgent=n % 5 == 0,
            owner="budi" if n == 61 else "ani",
        )
    database.close()


@pytest.fixture
def app(tmp_path, monkeypatch):
    bound = database.obj
    monkeypatch.setattr(scope, "visible", visible)
    monkeypatch.setattr(scope, "viewer", lambda user: user.name)
    monkeypatch.setattr(scope, "shape", lambda who: (who,))
    monkeypatch.setattr(scope, "may_open", lambda user, noun: user.name != "tamu")
    monkeypatch.setattr(scope, "may_write", lambda user, noun: user.name != "pembaca")
    CaseView.heard = []
    made = make_app(tmp_path / "toy.sqlite")
    made.config["WTF_CSRF_ENABLED"] = False
    yield made
    database.close()
    database.initialize(bound)


@pytest.fixture
def client(app):
    return sign_in(app, "ani")


def sign_in(app, name):
    client = app.test_client()
    client.get(f"/sign/{name}")
    return client


@pytest.fixture
def queries():
    seen = []
    real = pw.Database.execute_sql

    def count(self, sql, params=None, *rest):
        seen.append(sql)
        return real(self, sql, params, *rest)

    pw.Database.execute_sql = count
    yield seen
    pw.Database.execute_sql = real


def form_of(**changed):
    row = {
        "number": "400.9/0007/35.73/2026",
        "title": "Judul baru",
        "story": "",
        "unit": "1",
        "taker": "1",
        "maker": "2",
        "state": "open",
        "came_at": "2026-11-24T16:14",
        "visits": "0",
        "version": "1",
    }
    return row | changed


# Refused by default


@pytest.mark.parametrize(
    ("named", "missing"),
    [
        ({"column_list": ("name",)}, "noun"),
        ({"noun": "x"}, "column_list"),
        ({"noun": "x", "column_list": ("name",), "can_view_details": True}, "column_details_list"),
        ({"noun": "x", "column_list": ("name",), "can_edit": True}, "form_columns"),
        ({"noun": "x", "column_list": ("name",), "can_create": True}, "form_columns"),
        ({"noun": "x", "column_list": ("name",), "can_export": True}, "column_export_list"),
        ({"noun": "x", "column_list": ("name",), "can_delete": True}, "no delete"),
        ({"noun": "x", "column_list": ("name",), "column_editable_list": ("name",)}, "list editing"),
    ],
)
def test_a_view_that_does_not_name_what_it_opens_does_not_start(named, missing):
    with pytest.raises(IncompleteView, match=missing):
        type("Some", (PanelView,), named)(Unit)


@pytest.mark.parametrize("door", ["details/?id=1", "edit/?id=1", "new/", "export/csv/", "export/xlsx/"])
def test_what_a_view_does_not_name_is_not_there(client, door):
    assert client.get(f"/unit/{door}").status_code == 404


def test_there_is_no_delete_nor_ajax_route(app):
    assert not [rule for rule in app.url_map.iter_rules() if re.search("delete|ajax", rule.rule)]


def test_anonymous_goes_to_sign_in_and_back_and_a_closed_noun_is_403(app):
    answer = app.test_client().get("/kasus/?search=a%20b")
    assert answer.status_code == 302
    assert answer.location == "/masuk?next=" + quote("/kasus/?search=a%20b")
    assert sign_in(app, "tamu").get("/kasus/").status_code == 403


def test_who_may_only_read_finds_no_writing_door(app):
    reader = sign_in(app, "pembaca")
    assert reader.get("/kasus/new/").status_code == 404
    page = reader.get("/kasus/")
    assert page.status_code == 200
    assert "/kasus/new/" not in page.text


# Scoped doors


@pytest.mark.parametrize("door", ["details", "edit"])
@pytest.mark.parametrize("typed", ["61", "0", "-1", "01", "1.0", "abc", "", "1'", "9" * 11, "1&id=2", "%00", "１"])
def test_foreign_and_malformed_ids_are_404_at_each_door(client, door, typed):
    assert client.get(f"/kasus/{door}/?id={typed}").status_code == 404
    if door == "edit":
        assert client.post(f"/kasus/edit/?id={typed}", data=form_of()).status_code == 404
        assert Case.get_by_id(61).title != "Judul baru"


def test_own_rows_open_and_show_only_named_columns(client):
    page = client.get("/kasus/details/?id=7").text
    assert "400.9/0007/35.73/2026" in page
    assert "24 Nov 2026 pukul 16.14 WIB" in page
    assert "RAHASIA-9" not in page + client.get("/kasus/").text


def test_list_and_export_hold_own_rows_only(client):
    assert "60 pengaduan" in client.get("/kasus/").text
    text = client.get("/kasus/export/csv/").get_data().decode("utf-8-sig")
    assert len(text.splitlines()) == 61
    assert "/0061/" not in text


def test_an_action_gets_valid_visible_distinct_ids(client):
    assert client.post("/kasus/action/", data={"action": "approve", "rowid": ["3", "1", "3"]}).status_code == 303
    assert CaseView.heard == [("approve", [3, 1])]


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"action": "approve", "rowid": ["1", "61"]}, 404),
        ({"action": "approve", "rowid": ["1", "x"]}, 404),
        ({"action": "delete", "rowid": ["1"]}, 404),
        ({"action": "nothing", "rowid": ["1"]}, 404),
        ({"rowid": ["1"]}, 404),
        ({"action": "approve", "rowid": [str(n) for n in range(1, 502)]}, 400),
        ({"action": "approve"}, 303),
    ],
)
def test_other_actions_are_refused_whole(client, data, status):
    assert client.post("/kasus/action/", data=data).status_code == status
    assert CaseView.heard == []


# The list


@pytest.mark.parametrize(
    ("named", "back"),
    [
        ("?page_size=100&sort=1", "/kasus/?page_size=100&sort=1"),
        ("/unit/?sort=1", "/unit/?sort=1"),
        ("?//elsewhere", "/kasus/"),
        ("?\n", "/kasus/"),
        ("", "/kasus/"),
    ],
)
def test_a_row_remembers_the_list_that_it_was_opened_from(client, named, back):
    page = client.get("/kasus/details/", query_string={"id": 7, "url": named}).text
    assert f'href="{escape(back)}">‹' in page


def test_the_links_of_a_list_name_it_by_its_question_alone(client):
    page = client.get("/kasus/?page_size=50&search=0007").text
    assert 'href="/kasus/details/?id=7&amp;url=?search%3D0007%26page_size%3D50"' in page
    assert re.search(r'href="/kasus/details/\?id=\d+"', client.get("/kasus/").text)


def test_the_rows_of_a_long_list_leave_it_to_the_browser_to_name_it(client):
    page = client.get("/kasus/?page_size=100&sort=1").text
    assert "<meta name=referrer content=same-origin>" in page
    assert re.search(r'<a href="details/\?id=\d+">', page)
    assert "referrer" not in client.get("/kasus/?page_size=50").text


@pytest.mark.parametrize(
    ("before", "back"),
    [
        ("http://localhost/kasus/?page_size=100&search=Ny.%20Rini", "/kasus/?page_size=100&amp;search=Ny.%20Rini"),
        ("http://localhost/kasus/", "/kasus/"),
        ("http://localhost/unit/?sort=1", "/kasus/"),
        ("http://elsewhere/kasus/?sort=1", "/kasus/"),
        ("//[", "/kasus/"),
    ],
)
def test_a_row_that_names_no_list_leads_back_to_the_one_before_it(client, before, back):
    page = client.get("/kasus/details/?id=7", headers={"Referer": before}).text
    assert f'href="{back}">‹' in page


def test_a_page_of_twenty_takes_few_queries_and_little_html(client, queries):
    page = client.get("/kasus/").text
    assert page.count('name="rowid"') == 20
    assert len(queries) <= 6
    assert len(page.encode()) <= 30_000


def test_two_keys_to_one_table_stay_apart(client):
    row = client.get("/kasus/?search=0001").text
    cells = re.findall(r'data-label="[^"]+">([^<]*)</td>', row)
    assert cells[1:4] == ["Bidang Pemberdayaan", "Joko", "Bidang Perlindungan Anak"]


@pytest.mark.parametrize(
    ("word", "found"), [("%", 0), ("_", 0), ("0007", 1), ("RT 07", 1), ("rini", 20), ("x" * 60_000, 0)]
)
def test_search_finds_what_was_typed(client, word, found):
    page = client.get(f"/kasus/?search={quote(word[:3000])}").text
    assert (f"{found} pengaduan ditemukan" if found else "Hapus pencarian dan saringan") in page
    assert found or "Tidak ada yang cocok" in page


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("flt0_0=done", 15),
        ("flt1_1=2", 20),
        ("flt2_2=1&flt0_0=done", 3),
        ("flt3_3=2026-11-26", 22),
        ("flt4_4=2026-11-24", 14),
        ("flt6_6=Siti", 20),
        ("flt0_0=", 60),
    ],
)
def test_filters_narrow_the_list_and_stay_in_its_links(client, filters, found):
    page = client.get(f"/kasus/?{filters}").text
    assert re.search(rf"\b{found} pengaduan", page)
    following = re.search(r'rel="next" href="([^"]+)"', page)
    assert found <= 20 or filters.endswith("=") or filters in following[1]


ODD = (
    "page=" + "9" * 22,
    "page=-3",
    "page=x",
    "page=1&page=2",
    "sort=99",
    "sort=5",
    "sort=-1",
    "sort=x",
    "desc=9",
    "page_size=10000",
    "search=%00",
    "search=" + "a+" * 1200,
    "flt0_0=zzz",
    "flt3_3=2026-99-99",
    "flt3_3=9999-12-31",
    "flt4_4=9999-12-31",
    "flt5_5=" + "9" * 30,
    "flt99_99=1",
    "flt0_x=1",
    "flt=1",
    "flt1_1=1e3",
    "flt6_6=%00",
    "flt5_5=%D9%A3",
    "_scheme=ftp",
    "_external=1",
    "endpoint=x",
    "_anchor=y",
    "_method=POST",
    "url=//[",
    "lang=zz",
    "%ff=%fe",
)


def test_an_odd_address_is_never_an_error(client):
    asked = [f"/kasus/{door}?{query}" for query in ODD for door in ("", "export/csv/")]
    assert [address for address in asked if client.get(address).status_code != 200] == []


def test_a_page_too_far_to_be_counted_to_is_not_shown_as_another(client):
    assert "Halaman ini kosong" in client.get(f"/kasus/?page={MOST_SKIPPED // 20}").text
    for address in (f"page={MOST_SKIPPED // 20 + 1}", f"page={MOST_SKIPPED // 100 + 1}&page_size=100"):
        page = client.get(f"/kasus/?{address}").text
        assert TOO_FAR in page
        assert "Halaman ini kosong" not in page


def test_sorting_goes_both_ways_and_pages_hold_together(client):
    seen = [
        n for page in range(3) for n in re.findall(r">(400\.9/\d{4})", client.get(f"/kasus/?sort=0&page={page}").text)
    ]
    assert seen == sorted(seen)
    assert len(set(seen)) == 60
    assert "400.9/0060" in client.get("/kasus/?sort=0&desc=1").text
    assert "21–40 dari 60" in client.get("/kasus/?page=1").text


def test_counting_stops_at_a_thousand(client):
    few = Case.get_by_id(1).__data__
    database.execute_sql("BEGIN")
    Case.insert_many([few | {"id": None, "number": f"n{i}"} for i in range(1_000)]).execute()
    database.commit()
    assert "lebih dari 1.000 pengaduan" in client.get("/kasus/").text


# Export


@pytest.mark.parametrize("text", ["=1+1", "+62812", "-5", "@a", "\t=1", "\r=1"])
def test_no_exported_text_is_a_formula(client, text):
    Case.update(title=text).where(Case.id == 1).execute()
    rows = list(
        csv.reader(io.StringIO(client.get("/kasus/export/csv/?search=0001").get_data().decode("utf-8-sig"), newline=""))
    )
    harmless = text.replace(text.strip(), f"'{text.strip()}")
    assert rows == [
        ["Nomor register", "Perihal", "Unit kerja", "Jumlah kunjungan"],
        ["400.9/0001/35.73/2026", harmless, "Bidang Pemberdayaan", "0"],
    ]


def test_an_export_is_cut_with_a_word_about_it(client, monkeypatch, queries):
    monkeypatch.setattr("admin.lists.export.EXPORTED", 30)
    monkeypatch.setattr("admin.lists.export.PORTION", 20)
    lines = client.get("/kasus/export/csv/?sort=0").get_data().decode("utf-8-sig").splitlines()
    assert len(lines) == 32
    assert lines[-1].startswith('"Dipotong')
    assert len(queries) == 3


# Forms


def test_a_form_has_native_inputs_labels_and_help(client):
    page = client.get("/kasus/edit/?id=7").text
    for wanted in (
        'type="datetime-local" value="2026-11-24T16:14"',
        'type="date"',
        'type="number"',
        'type="checkbox"',
        "<textarea",
        ">Nomor register<",
        "Satu kalimat.",
        'name="version" type="hidden" value="1"',
    ):
        assert wanted in page
    assert "Bidang lama" not in page
    assert "placeholder" not in page
    assert "secret" not in page


def test_only_changed_columns_are_written_once_with_their_event(client):
    Case.update(secret="lain", version=1).where(Case.id == 7).execute()
    before = Case.get_by_id(7)
    data = form_of(unit=str(before.unit_id), taker=str(before.taker_id), maker=str(before.maker_id))
    assert client.post("/kasus/edit/?id=7", data=data).location == "/kasus/"
    after = Case.get_by_id(7)
    assert (after.title, after.version, after.secret, after.came_at) == ("Judul baru", 2, "lain", before.came_at)
    assert CaseView.heard == [("400.9/0007/35.73/2026", False, ("title",))]


def test_a_stale_form_is_refused_and_shows_both_texts(client):
    Case.update(title="Ditulis Budi", version=2).where(Case.id == 7).execute()
    page = client.post("/kasus/edit/?id=7", data=form_of(title="Ditulis Ani")).text
    assert Case.get_by_id(7).title == "Ditulis Budi"
    assert CaseView.heard == []
    assert "sudah diubah oleh Budi" in page
    assert 'value="Ditulis Ani"' in page
    assert "Tersimpan sekarang:</strong> Ditulis Budi" in page
    assert 'name="version" type="hidden" value="2"' in page


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, "²"])
def test_a_form_without_a_true_version_is_stale(client, version):
    page = client.post("/kasus/edit/?id=7", data=form_of(version=version)).text
    assert "sudah diubah" in page
    assert Case.get_by_id(7).title != "Judul baru"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": "  "}, "Perihal"),
        ({"title": "x" * 121}, "Perihal"),
        ({"unit": "4"}, "Unit kerja"),
        ({"unit": "x"}, "Unit kerja"),
        ({"taker": ""}, "Penerima"),
        ({"state": "lost"}, "Status"),
        ({"state": ""}, "Status"),
        ({"came_at": "kemarin"}, "Diterima pada"),
        ({"visits": "9" * 30}, "Jumlah kunjungan"),
        ({"visits": ""}, "Jumlah kunjungan"),
        ({"happened": "2026-02-30"}, "Tanggal kejadian"),
    ],
)
def test_bad_input_comes_back_with_a_sentence_and_the_typed_text(client, typed, sentence):
    page = client.post("/kasus/edit/?id=7", data=form_of(story="Tetap ada", **typed)).text
    assert "1 isian perlu diperbaiki" in page
    assert f">{sentence}</a>:" in page
    assert 'aria-invalid="true"' in page
    assert "Tetap ada" in page
    assert Case.get_by_id(7).version == 1


def test_an_integrity_error_is_answered_with_a_sentence_of_ours(client):
    page = client.post("/kasus/edit/?id=7", data=form_of(number="400.9/0008/35.73/2026")).text
    assert "sudah ada data lain" in page
    assert "UNIQUE" not in page
    assert CaseView.heard == []


def test_a_programming_error_is_not_shown_as_a_busy_database(client, monkeypatch):
    def fail(*_):
        raise pw.OperationalError("no such column: secret")

    monkeypatch.setattr(CaseView, "on_saved", fail)
    with pytest.raises(pw.OperationalError):
        client.post("/kasus/edit/?id=7", data=form_of())
    assert Case.get_by_id(7).version == 1


def test_a_full_disk_is_named_above_the_submitted_form(client, monkeypatch):
    def fail(*_):
        raise pw.OperationalError("database or disk is full")

    monkeypatch.setattr(CaseView, "on_saved", fail)
    page = client.post("/kasus/edit/?id=7", data=form_of()).text
    assert saving.FULL in page
    assert Case.get_by_id(7).version == 1


def test_a_failing_event_takes_the_write_back(client, monkeypatch):
    def fail(*_):
        raise pw.OperationalError("database is locked")

    monkeypatch.setattr(CaseView, "on_saved", fail)
    page = client.post("/kasus/edit/?id=7", data=form_of()).text
    assert "sedang sibuk" in page
    assert "locked" not in page
    assert Case.get_by_id(7).version == 1


def test_a_new_row_is_stored_with_its_moment(client):
    assert client.post("/kasus/new/", data=form_of(number="baru")).status_code == 303
    made = Case.get(Case.number == "baru")
    assert made.came_at == datetime(2026, 11, 24, 9, 14, tzinfo=UTC)
    assert CaseView.heard[0][:2] == ("baru", True)


def test_every_form_carries_the_csrf_token(app):
    app.config["WTF_CSRF_ENABLED"] = True
    client = sign_in(app, "ani")
    for page in ("/kasus/", "/kasus/edit/?id=7", "/kasus/new/"):
        text = client.get(page).text
        assert text.count("<form") - text.count('method="get"') == text.count('name="csrf_token"') > 0, page
    assert client.post("/kasus/edit/?id=7", data=form_of()).status_code == 400


# Ways back


@pytest.mark.parametrize(
    "url",
    [
        "//jahat.example",
        "https://jahat.example",
        "/\\jahat.example",
        "/\t/jahat.example",
        "/a//b",
        "javascript:1",
        "\\\\x",
        "//[",
        "/é",
        "/a b",
        "",
        None,
        "/" + "a" * 3000,
        "/\n",
    ],
)
def test_only_own_pages_are_ways_back(url):
    assert redirects.safe_target(url, "/awal") == "/awal"
    assert redirects.safe_target("/kasus/?search=%2Fa&page=2", "/awal") == "/kasus/?search=%2Fa&page=2"


@pytest.mark.parametrize("url", ["//jahat.example", "/%09/jahat.example", "//[", "https://jahat.example"])
def test_no_door_sends_the_browser_away(client, url):
    answers = [
        client.post(f"/kasus/edit/?id=7&url={url}", data=form_of()),
        client.get(f"/kasus/details/?id=7&url={url}"),
        client.post("/kasus/action/", data={"action": "hold", "rowid": "1", "url": unquote(url)}),
    ]
    assert [answer.location for answer in answers] == ["/kasus/", None, "/kasus/"]
    assert "jahat" not in answers[1].text


# The page


def test_a_page_has_landmarks_and_nothing_inline_or_foreign(client):
    for address in ("/kasus/", "/kasus/details/?id=7", "/kasus/edit/?id=7", "/unit/"):
        page = client.get(address).text
        for part in ('<html lang="id">', "<header", "<nav", '<main id="isi"', 'href="#isi"', "DATA CONTOH", "<h1>"):
            assert part in page
        assert not re.search(
            r"\son[a-z]+=|\sstyle=|<style|<script(?! src=\"/static/)|https?://|javascript:|//cdn", page
        )
        assert page.count("<h1") == 1
    assert (ROOT / "static/css/panel.css").stat().st_size <= 65_000  # of the 200 kB of a page in all
    assert (ROOT / "static/js/panel.js").stat().st_size <= 8_000
