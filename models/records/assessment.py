"""The unit's assessment: facts, analysis, action, conclusion and the answer it proposes; typed once."""

from typing import Any

from models.records.base import Blanks, Record, pw

CONCLUSIONS = {
    "terbukti": "Terbukti",
    "sebagian": "Terbukti sebagian",
    "tidak_terbukti": "Tidak terbukti",
    "bukan_kewenangan": "Bukan kewenangan",
}


class Assessment(Record):
    key, title = "assessment", "Berkas Asesmen / Penelaahan Pengaduan"

    method = pw.CharField(
        verbose_name="Cara asesmen",
        max_length=200,
        default="",
        help_text="Misalnya kunjungan rumah, wawancara, pemeriksaan data.",
    )
    visited = pw.CharField(verbose_name="Waktu dan tempat kunjungan", max_length=200, default="")
    desil = pw.CharField(verbose_name="Desil DTSEN", max_length=40, default="")
    aid = pw.CharField(verbose_name="Bantuan sosial yang diterima", max_length=200, default="")
    facts = pw.TextField(verbose_name="Fakta yang mempengaruhi")
    analysis = pw.TextField(verbose_name="Analisis", default="")
    action = pw.TextField(verbose_name="Tindakan yang telah diambil")
    conclusion = pw.CharField(verbose_name="Hasil", max_length=20, choices=tuple(CONCLUSIONS.items()))
    conclusion_text = pw.TextField(verbose_name="Kesimpulan")
    advice = pw.TextField(verbose_name="Saran tindak", default="")
    answer = pw.TextField(verbose_name="Usul jawaban kepada pengadu")

    @classmethod
    def proposed(cls, case: Any) -> Blanks:
        before = case.blanks_before(cls.key)
        return {field.name: before[field.name] for field in cls.blanks() if before.get(field.name)}
