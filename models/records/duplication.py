"""Which complaint a duplicate repeats; a duplicate of a duplicate points to the first one."""

from typing import Any

from models.records.base import Blanks, CaseNumber, ReasonField, Record, pw
from models.search.bynumber import case_of_number
from models.tables.complaint import Complaint
from models.tables.scope import visible


class Duplication(Record):
    key, title = "duplication", "Penandaan duplikat"

    original = CaseNumber(
        verbose_name="Nomor register pengaduan induk",
        max_length=60,
        help_text="Boleh sebagian, misalnya 12/2026 atau nomor urutnya saja.",
    )
    reason = ReasonField(verbose_name="Alasan", max_length=160, default="")
    note = pw.TextField(verbose_name="Keterangan", default="")

    @classmethod
    def objection(cls, case: Any, blanks: Blanks) -> str:
        head = cls._head(case, blanks)
        if head is None:
            return f"Pengaduan nomor {blanks['original']} tidak ditemukan."
        if Complaint.get_by_id(head).state == "voided":
            return f"Pengaduan nomor {blanks['original']} dibatalkan; pilih pengaduan yang ditangani."
        return "Pengaduan tidak dapat menjadi duplikat dirinya sendiri." if head == case.complaint.id else ""

    @classmethod
    def changes(cls, case: Any, blanks: Blanks) -> Blanks:
        return {"duplicate_of": cls._head(case, blanks)}

    @classmethod
    def _head(cls, case: Any, blanks: Blanks) -> int | None:
        number = case_of_number(case.user, str(blanks["original"]))
        mine = visible(case.user, Complaint)
        original: Complaint | None = mine.where(Complaint.id == number).first()
        if original is None:
            return None
        head: int | None = original.duplicate_of_id
        return head if head and mine.where(Complaint.id == head).exists() else int(original.id)
