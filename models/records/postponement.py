"""A promise that is put off to another day, and why."""

from datetime import timedelta
from typing import Any

from models.records.base import Blanks, OneOfCase, ReasonField, Record, pw
from models.records.promise import GONE, OfPromise, Pledge, waiting_as, waiting_in
from models.store.base import Columns
from sop.words import format_date

LATER = timedelta(weeks=1)  # what is proposed


class Postponement(OfPromise, Record):
    key, title = "postponement", "Pemindahan janji"

    which = OneOfCase(verbose_name="Janji", max_length=200)
    day = pw.DateField(verbose_name="Tanggal baru")
    reason = ReasonField(verbose_name="Alasan", max_length=160, default="")
    note = pw.TextField(verbose_name="Keterangan", default="")
    promise = pw.ForeignKeyField(Pledge, on_delete="RESTRICT", backref="+")

    @classmethod
    def proposed(cls, case: Any) -> Blanks:
        first = next(iter(waiting_in(case.complaint.id)), None)
        return {"which": first.words, "day": max(first.day, case.at.date()) + LATER} if first else {}

    @classmethod
    def objection(cls, case: Any, blanks: Blanks) -> str:
        promise = waiting_as(case.complaint.id, blanks["which"])
        if promise is None:
            return GONE
        if promise.day == blanks["day"]:
            return "Tanggal barunya sama dengan yang lama."
        said = str(blanks["reason"] or "").strip() or str(blanks["note"]).strip()
        return "" if said else "Pilih atau tulis alasan tanggalnya dipindahkan."

    @classmethod
    def written(cls, case: Any, blanks: Blanks) -> None:
        if promise := waiting_as(case.complaint.id, blanks["which"]):
            promise.change(day=blanks["day"], moved=promise.moved + 1)

    @classmethod
    def noted(cls, blanks: Blanks) -> Columns:
        why = str(blanks["reason"] or blanks["note"]).strip()
        return {"what": f"memindahkan janji “{blanks['which']}” ke {format_date(blanks['day'])}: {why}"}
