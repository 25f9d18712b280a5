"""What the emergency unit did at once, whichever unit leads the case."""

from typing import Any

from models.records.base import Blanks, Moment, Record, pw
from models.store.base import now


class Assistance(Record):
    key, title = "assistance", "Tindakan darurat"

    acted_at = Moment(verbose_name="Waktu tindakan", default=now)
    action = pw.TextField(verbose_name="Tindakan yang diambil")
    outcome = pw.TextField(verbose_name="Keadaan sesudahnya", default="")

    @classmethod
    def proposed(cls, case: Any) -> Blanks:
        return {"acted_at": case.at}

    @classmethod
    def objection(cls, case: Any, blanks: Blanks) -> str:
        return "Waktu tindakan tidak boleh di masa depan." if blanks["acted_at"] > case.at else ""
