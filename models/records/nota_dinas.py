"""The Nota Dinas: drafts itself from the assessment; every revision is kept."""

from typing import Any

from models.entry.gist import gist_of
from models.records.assessment import CONCLUSIONS
from models.records.base import Blanks, Record, pw

_KEPT = ("subject", "nature", "enclosures", "copies", "matter")  # of the revision before; the rest is the assessment's


class NotaDinas(Record):
    key, title = "nota_dinas", "Nota Dinas"
    gist = ("conclusion", "answer")

    subject = pw.CharField(verbose_name="Hal", max_length=200)
    nature = pw.CharField(verbose_name="Sifat", max_length=40, default="Biasa")
    enclosures = pw.CharField(verbose_name="Lampiran", max_length=80, default="")
    copies = pw.TextField(verbose_name="Tembusan", default="", help_text="Satu baris untuk tiap penerima.")
    matter = pw.TextField(
        verbose_name="Pokok pengaduan",
        help_text="Ringkasan yang dapat diubah. Uraian lengkapnya tercetak pada Berkas Asesmen.",
    )
    findings = pw.TextField(verbose_name="Hasil asesmen")
    conclusion = pw.TextField(verbose_name="Kesimpulan")
    action = pw.TextField(verbose_name="Tindakan")
    answer = pw.TextField(verbose_name="Usul jawaban")

    @classmethod
    def proposed(cls, case: Any) -> Blanks:
        assessed = case.blanks_in_force("assessment")
        if not assessed:
            return {}
        complaint, before = case.complaint, case.blanks_before(cls.key)
        nature = "Rahasia" if complaint.secrecy == "rahasia" else complaint.urgency.replace("_", " ").capitalize()
        return {
            "subject": f"Penanganan pengaduan nomor {complaint.number}",
            "nature": nature,
            "enclosures": "1 (satu) berkas asesmen",
            "matter": gist_of(complaint.__data__["story"]) or complaint.title,
            "findings": "\n".join(filter(None, [assessed["facts"], assessed["analysis"]])),
            "conclusion": ". ".join(
                filter(None, [CONCLUSIONS.get(assessed["conclusion"]), assessed["conclusion_text"]])
            ),
            "action": "\n".join(filter(None, [assessed["action"], assessed["advice"]])),
            "answer": assessed["answer"],
            **{name: before[name] for name in _KEPT if before.get(name)},
        }
