"""What the Petugas suggests when the file goes up: unit, urgency, instructions."""

from typing import Any

from models.office.instructions import all_instructions, offered_instructions
from models.records.base import Blanks, Division, ManyOf, Record, pw
from sop.access import URGENCY


class Referral(Record):
    key, title, per = "referral", "Usulan disposisi", "round"
    about = "Usulan petugas kepada Kepala Dinas: unit kerja yang menangani, sifat, dan instruksinya."
    gist = ("note",)

    unit = pw.ForeignKeyField(
        Division,
        verbose_name="Unit kerja yang diusulkan",
        null=True,
        on_delete="RESTRICT",
        help_text="Kosongkan bila bukan kewenangan dinas.",
    )
    urgency = pw.CharField(verbose_name="Sifat", max_length=20, choices=tuple(URGENCY.items()), default="biasa")
    instructions = ManyOf(offered_instructions, all_instructions, verbose_name="Instruksi yang diusulkan")
    note = pw.TextField(verbose_name="Catatan petugas", default="")

    @classmethod
    def proposed(cls, case: Any) -> Blanks:
        instruction = case.category.instruction
        return {
            "unit": case.category.unit_id,
            "urgency": case.complaint.urgency,
            "instructions": [instruction] if instruction in offered_instructions(case.settings) else [],
        }
