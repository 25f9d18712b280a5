"""That two complaints belong together, or that they do not after all; both point to each other as long as they do."""

from typing import Any

from models.records.base import Blanks, CaseNumber, Record, pw
from models.search.bynumber import case_of_number
from models.tables.complaint import Complaint

TIED, APART = "berkaitan", "lepas"


class Tie(Record):
    key, title = "tie", "Kaitan pengaduan"
    hidden = ("other",)

    number = CaseNumber(
        verbose_name="Nomor register pengaduan yang berkaitan",
        max_length=60,
        help_text="Boleh sebagian, misalnya 12/2026 atau nomor urutnya saja. Bila salah satunya rahasia, catat dari "
        "yang rahasia; pada yang lain tidak tampil apa pun bagi yang tidak boleh membukanya.",
    )
    word = pw.CharField(
        verbose_name="Kaitan",
        max_length=20,
        choices=((TIED, "Berkaitan"), (APART, "Tidak berkaitan lagi")),
        default=TIED,
    )
    note = pw.CharField(
        verbose_name="Keterangan",
        max_length=160,
        default="",
        help_text="Misalnya kakak beradik, kejadian yang sama, tempat yang sama.",
    )
    other = pw.ForeignKeyField(Complaint, verbose_name="Berkaitan dengan", on_delete="RESTRICT", backref="+")

    @classmethod
    def tied(cls, case: int) -> dict[int, str]:
        """The cases that belong to this one by the latest word on each pair, whichever side it was said on: what was
        noted of it, by case."""
        rows = cls.select(cls.complaint, cls.other, cls.word, cls.note).where(~cls.recalled & ~cls.draft)
        said = rows.where((cls.complaint == case) | (cls.other == case)).order_by(cls.id).tuples()
        notes: dict[int, str] = {}
        for here, there, word, note in said:
            other = there if here == case else here
            before = notes.pop(other, "")  # said again without a word it stays as it was
            if word == TIED:
                notes[other] = note or before
        return notes

    @classmethod
    def objection(cls, case: Any, blanks: Blanks) -> str:
        other, number = cls._other(case, blanks), blanks["number"]
        if other is None:
            return f"Pengaduan nomor {number} tidak ditemukan."
        if other == case.complaint.id:
            return "Pengaduan tidak dapat berkaitan dengan dirinya sendiri."
        if blanks["word"] == APART:
            tied = other in cls.tied(case.complaint.id)
            return "" if tied else f"Pengaduan nomor {number} tidak tercatat berkaitan dengan pengaduan ini."
        voided = Complaint.get_by_id(other).state == "voided"
        return f"Pengaduan nomor {number} dibatalkan; pilih pengaduan yang ditangani." if voided else ""

    @classmethod
    def filled(cls, case: Any, blanks: Blanks) -> Blanks:
        return {"other": cls._other(case, blanks)}

    @classmethod
    def _other(cls, case: Any, blanks: Blanks) -> int | None:
        return case_of_number(case.user, str(blanks["number"]))
