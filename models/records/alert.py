"""Who was told that somebody is in danger; by whom and when the record itself says."""

from typing import Any

from models.office.emergency import LONGEST, contacts_of
from models.records.base import Blanks, Readymade, Record, pw


class Alert(Record):
    key, title = "alert", "Pemberitahuan darurat"
    per = "round"

    told = pw.CharField(verbose_name="Yang dihubungi", max_length=LONGEST)
    note = pw.TextField(verbose_name="Keterangan", default="")

    @classmethod
    def proposed(cls, case: Any) -> Blanks:
        return {"told": ", ".join(one.name for one in contacts_of(case.category, case.settings)[:1])}

    @classmethod
    def readymade(cls, case: Any) -> list[Readymade]:
        called = contacts_of(case.category, case.settings)
        return [Readymade(one.name, one.phone, one.dialled, {"told": one.name}) for one in called]
