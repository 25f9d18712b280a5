"""Flask-AppBuilder on SQLAlchemy, with its own accounts and roles: `python -m bench.peers.appbuilder <database>
<password>` prints its port."""

from typing import Any

from flask import Flask, redirect
from flask_appbuilder import AppBuilder, Model, ModelView, action
from flask_appbuilder.models.sqla.base import SQLA
from flask_appbuilder.models.sqla.interface import SQLAInterface
from sqlalchemy import Boolean, Column, DateTime, ForeignKey, Integer, String, Text
from sqlalchemy.orm import relationship

from bench.peers.serving import ACTOR, COLUMNS, READER, arguments, serve

READS = [["PengaduanView", "can_list"], ["PengaduanView", "can_show"], ["Pengaduan", "menu_access"]]
ROLES = {READER: READS, ACTOR: [*READS, ["PengaduanView", "setujui"]]}


class Named(Model):
    __abstract__ = True
    id = Column(Integer, primary_key=True)
    name = Column(String(120), nullable=False)

    def __repr__(self) -> str:
        return str(self.name)


class Category(Named):
    __tablename__ = "category"


class Unit(Named):
    __tablename__ = "unit"


class Complaint(Model):
    __tablename__ = "complaint"
    id = Column(Integer, primary_key=True)
    place = Column(Integer, unique=True)
    number = Column(String(60), unique=True)
    title = Column(String(200), index=True)
    emergency = Column(Boolean)
    urgency = Column(String(20))
    secrecy = Column(String(10))
    category_id = Column(Integer, ForeignKey("category.id"), index=True)
    category = relationship(Category, lazy="joined")
    pengadu = Column(String(120))
    state = Column(String(40), index=True)
    unit_id = Column(Integer, ForeignKey("unit.id"), index=True)
    unit = relationship(Unit, lazy="joined")
    row_due_at = Column(DateTime, index=True)
    received_at = Column(DateTime, index=True)
    words = Column(Text)


class PengaduanView(ModelView):
    datamodel = SQLAInterface(Complaint)
    route_base = "/pengaduan"
    base_permissions = ["can_list", "can_show"]
    list_columns = list(COLUMNS)
    search_columns = ["words", "state"]
    base_order = ("place", "asc")
    page_size = 20

    @action("setujui", "Setujui", "Setujui yang dipilih?", "fa-check", single=False)
    def setujui(self, rows: list[Any]) -> Any:
        for row in rows:
            row.state = "deliver"
            self.datamodel.edit(row)
        return redirect(self.get_redirect())


def main() -> None:
    file, password = arguments()
    app = Flask(__name__)
    app.config.update(SECRET_KEY="of a bench", SQLALCHEMY_DATABASE_URI=f"sqlite:///{file}", FAB_ROLES=ROLES)
    database = SQLA(app)
    with app.app_context():
        builder = AppBuilder(app, database.session)
        builder.add_view(PengaduanView, "Pengaduan", icon="fa-folder", category="Data")
        for name in (ACTOR, READER):
            accounts = builder.sm
            accounts.add_user(name, name, name, f"{name}@example.invalid", accounts.find_role(name), password)
    serve(app)


if __name__ == "__main__":
    main()
