"""What came of a promise: it was kept, or it cannot be."""

from typing import Any

from models.records.base import Blanks, OneOfCase, Record, pw
from models.records.promise import BROKEN, ENDS, KEPT, Pledge, waiting_as, waiting_in
from models.store.base import Columns

GONE = "Janji itu tidak ada lagi di antara yang menunggu pada pengaduan ini."


class Settlement(Record):
    key, title = "settlement", "Hasil janji"
    hidden = ("promise",)

    which = OneOfCase(verbose_name="Janji", max_length=200)
    end = pw.CharField(verbose_name="Hasil", max_length=10, choices=tuple(ENDS.items()))
    note = pw.TextField(verbose_name="Keterangan", default="", help_text="Bila tidak dapat ditepati: alasannya.")
    promise = pw.ForeignKeyField(Pledge, on_delete="RESTRICT", backref="+")

    @classmethod
    def offered(cls, blank: str, complaint: int) -> list[str]:
        return [promise.words for promise in waiting_in(complaint)]

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
    def filled(cls, case: Any, blanks: Blanks) -> Blanks:
        promise = waiting_as(case.complaint.id, blanks["which"])
        return {"promise": promise and promise.id}

    @classmethod
    def written(cls, case: Any, blanks: Blanks) -> None:
        if promise := waiting_as(case.complaint.id, blanks["which"]):
            promise.change(ended_at=case.at, end=blanks["end"])

    @classmethod
    def noted(cls, blanks: Blanks) -> Columns:
        end = "sudah ditepati" if blanks["end"] == KEPT else "tidak dapat ditepati"
        return {"what": f"mencatat bahwa janji “{blanks['which']}” {end}"}
