"""Stock Flask-Admin on Peewee, with sign-in and rights as in its documentation: `python -m bench.peers.stock
<database> <password>` prints its port."""

from typing import Any

import peewee as pw
from flask import Flask, redirect, request
from flask_admin import Admin
from flask_admin.actions import action
from flask_admin.contrib.peewee import ModelView
from flask_admin.contrib.peewee.filters import FilterEqual
from flask_admin.form import SecureForm
from flask_babel import Babel
from flask_login import LoginManager, UserMixin, current_user, login_user
from werkzeug.security import check_password_hash, generate_password_hash

from bench.peers.serving import ACTOR, COLUMNS, READER, STATES, arguments, serve

FILE, PASSWORD = arguments()
database = pw.SqliteDatabase(FILE, pragmas={"journal_mode": "wal", "cache_size": -64_000, "foreign_keys": 1})


class Base(pw.Model):
    class Meta:
        database = database


class Category(Base):
    name = pw.CharField()

    def __str__(self) -> str:
        return str(self.name)


class Unit(Category):
    pass


class Complaint(Base):
    place = pw.IntegerField(unique=True)
    number = pw.CharField(unique=True)
    title = pw.CharField(index=True)
    emergency = pw.BooleanField()
    urgency = pw.CharField()
    secrecy = pw.CharField()
    category = pw.ForeignKeyField(Category)
    pengadu = pw.CharField()
    state = pw.CharField(index=True)
    unit = pw.ForeignKeyField(Unit, null=True)
    row_due_at = pw.DateTimeField(null=True, index=True)
    received_at = pw.DateTimeField(index=True)
    words = pw.TextField()


class Account(Base, UserMixin):
    username = pw.CharField(unique=True)
    password = pw.CharField()
    may_act = pw.BooleanField()


class PengaduanView(ModelView):
    form_base_class = SecureForm
    can_create = can_edit = can_delete = False
    can_view_details = True
    column_list = COLUMNS
    column_sortable_list = ("number", "title", "state", "row_due_at", "received_at")
    column_default_sort = "place"
    column_searchable_list = ("words",)
    column_filters = (FilterEqual(Complaint.state, "Status", options=[(state, state) for state in STATES]),)

    def get_query(self) -> Any:
        rows = super().get_query().select(Complaint, Category, Unit)
        return rows.join(Category).switch().join(Unit, pw.JOIN.LEFT_OUTER)

    def is_accessible(self) -> bool:
        return bool(current_user.is_authenticated)

    def inaccessible_callback(self, name: str, **kwargs: Any) -> Any:
        return redirect("/login")

    def is_action_allowed(self, name: str) -> bool:
        return bool(current_user.may_act)

    @action("setujui", "Setujui", "Setujui yang dipilih?")
    def setujui(self, ids: list[str]) -> None:
        Complaint.update(state="deliver").where(Complaint.id.in_(ids)).execute()


def sign_in() -> Any:
    account = Account.get_or_none(username=request.form.get("username"))
    if account and check_password_hash(account.password, request.form["password"]):
        login_user(account)
        return redirect("/pengaduan/")
    return '<form method="post"><input name="username"><input name="password" type="password"><button>Masuk</button>'


def main() -> None:
    database.create_tables([Account])
    for username in (ACTOR, READER):
        Account.create(username=username, password=generate_password_hash(PASSWORD), may_act=username == ACTOR)
    database.close()
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "of a bench"
    app.before_request(lambda: database.connect() and None)
    app.teardown_request(lambda _: database.close())
    Babel(app)
    LoginManager(app).user_loader(Account.get_by_id)
    app.add_url_rule("/login", view_func=sign_in, methods=["GET", "POST"])
    Admin(app, "Panel").add_view(PengaduanView(Complaint, "Pengaduan", url="/pengaduan"))
    serve(app)


if __name__ == "__main__":
    main()
