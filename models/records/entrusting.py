"""Which Petugas keeps a complaint from now on, since the one before leaves or is ill."""

from typing import Any

from models.records.base import Blanks, Record, User, pw
from sop.access import ROLES
from sop.procedure import PETUGAS


class Entrusting(Record):
    key, title, per = "entrusting", "Serah terima", "round"
    carries = ("keeper",)

    keeper = pw.ForeignKeyField(User, verbose_name="Diserahkan kepada", on_delete="RESTRICT", backref="+")
    note = pw.TextField(verbose_name="Keterangan", default="")

    @classmethod
    def objection(cls, case: Any, blanks: Blanks) -> str:
        takes = User.select().where((User.id == blanks["keeper"]) & (User.role == PETUGAS) & User.active).exists()
        return "" if takes else f"Yang menerima harus {ROLES[PETUGAS]} yang aktif."
