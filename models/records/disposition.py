"""The disposition of the Kepala Dinas: who leads, who else is addressed, with which instructions."""

from typing import Any

from models.office.instructions import all_instructions, offered_instructions
from models.records.base import Blanks, Division, IdList, ManyOf, Record, User, pw
from models.store import witness
from models.tables.complaint import Addressee
from sop.access import SECRECY, URGENCY


class Disposition(Record):
    key, title, per = "disposition", "Disposisi", "leg"
    carries = ("unit", "urgency", "secrecy")
    gist = ("unit", "urgency", "instructions")
    in_place = (*gist, "note")

    unit = pw.ForeignKeyField(
        Division, verbose_name="Diteruskan kepada", on_delete="RESTRICT", help_text="Unit kerja penanggung jawab."
    )
    others = IdList(Division, verbose_name="Unit kerja lain", help_text="Ikut membaca dan memberi masukan.")
    urgency = pw.CharField(verbose_name="Sifat", max_length=20, choices=tuple(URGENCY.items()), default="biasa")
    secrecy = pw.CharField(verbose_name="Kerahasiaan", max_length=10, choices=tuple(SECRECY.items()), default="biasa")
    instructions = ManyOf(offered_instructions, all_instructions, verbose_name="Dengan hormat harap")
    note = pw.TextField(verbose_name="Catatan", default="")
    named = IdList(
        User,
        verbose_name="Orang yang ditunjuk",
        help_text="Untuk pengaduan rahasia: yang boleh membaca selain kepala unit.",
    )

    @classmethod
    def proposed(cls, case: Any) -> Blanks:
        referral = case.blanks_in_force("referral")
        return {
            "unit": referral.get("unit") or case.category.unit_id,
            "urgency": referral.get("urgency") or case.complaint.urgency,
            "secrecy": case.complaint.secrecy,
            "instructions": referral.get("instructions") or [],
        }

    @classmethod
    def written(cls, case: Any, blanks: Blanks) -> None:
        here = {"complaint": case.complaint.id, "leg": case.leg}
        others = [{**here, "division": unit} for unit in blanks["others"] if unit != blanks["unit"]]
        named = [{**here, "user": user} for user in blanks["named"]]
        for row in (*others, *named):
            witness.added(Addressee, Addressee.create(**row).id)
