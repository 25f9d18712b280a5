"""What came of a promise: it was kept, or it cannot be."""

from typing import Any

from models.records.base import Blanks, OneOfCase, Record, pw
from models.records.promise import BROKEN, ENDS, GONE, KEPT, OfPromise, Pledge, waiting_as
from models.store.base import Columns


class Settlement(OfPromise, Record):
    key, title = "settlement", "Hasil janji"

    which = OneOfCase(verbose_name="Janji", max_length=200)
    end = pw.CharField(verbose_name="Hasil", max_length=10, choices=tuple(ENDS.items()))
    note = pw.TextField(verbose_name="Keterangan", default="", help_text="Bila tidak dapat ditepati: alasannya.")
    promise = pw.ForeignKeyField(Pledge, on_delete="RESTRICT", backref="+")

    @classmethod
    def proposed(cls, case: Any) -> Blanks:
        return {"which": next(iter(cls.offered("which", case.complaint.id)), "")}

    @classmethod
    def objection(cls, case: Any, blanks: Blanks) -> str:
        if waiting_as(case.complaint.id, blanks["which"]) is None:
            return GONE
        lacks = blanks["end"] == BROKEN and not str(blanks["note"]).strip()
        return "Tulis alasan janji itu tidak dapat ditepati." if lacks else ""

    @classmethod
    def written(cls, case: Any, blanks: Blanks) -> None:
        if promise := waiting_as(case.complaint.id, blanks["which"]):
            promise.change(ended_at=case.at, end=blanks["end"])

    @classmethod
    def noted(cls, blanks: Blanks) -> Columns:
        end = "sudah ditepati" if blanks["end"] == KEPT else "tidak dapat ditepati"
        return {"what": f"mencatat bahwa janji “{blanks['which']}” {end}"}
