"""The decision of the Kepala Dinas on a Nota Dinas."""

from typing import Any

from models.records.base import Blanks, Record, pw

OUTCOMES = (("setuju", "Disetujui"), ("catatan", "Disetujui dengan catatan"))


class Approval(Record):
    key, title = "approval", "Persetujuan Nota Dinas"
    about = "Keputusan Kepala Dinas atas Nota Dinas."
    in_place = ("note",)
    verdict = "outcome"
    verdicts = (("setuju", ""), ("catatan", "dengan catatan"))

    outcome = pw.CharField(verbose_name="Keputusan", max_length=20, choices=OUTCOMES, default="setuju")
    note = pw.TextField(verbose_name="Catatan", default="")

    @classmethod
    def implied(cls, blanks: Blanks) -> Blanks:
        return {"outcome": "catatan"} if str(blanks.get("note") or "").strip() else {}

    @classmethod
    def objection(cls, case: Any, blanks: Blanks) -> str:
        noted = bool(str(blanks["note"]).strip())
        if blanks["outcome"] == "catatan" and not noted:
            return "Tulis catatannya, atau setujui tanpa catatan."
        return (
            "Ada catatan: setujui dengan catatan agar tercetak, atau kosongkan catatannya."
            if blanks["outcome"] == "setuju" and noted
            else ""
        )
