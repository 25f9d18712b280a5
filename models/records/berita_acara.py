"""The Berita Acara: what was told to whom, how it was taken; drafts itself from the approved Nota Dinas."""

from typing import Any

from models.records.attempt import MEDIA, too_early, unreachable_objection
from models.records.base import Blanks, Moment, Record, pw
from models.store.base import now
from models.tables.complaint import Person

ENDS = {
    "diterima": "Diterima",
    "diterima_catatan": "Diterima dengan catatan",
    "keberatan": "Keberatan",
    "tidak_dihubungi": "Pengadu tidak dapat dihubungi",
    "anonim": "Pengadu anonim tanpa kontak",
}


class BeritaAcara(Record):
    key, title = "berita_acara", "Berita Acara Penyelesaian Penanganan Pengaduan"

    medium = pw.CharField(verbose_name="Disampaikan melalui", max_length=20, choices=MEDIA)
    told_at = Moment(verbose_name="Disampaikan pada", default=now)
    place = pw.CharField(verbose_name="Bertempat di", max_length=200, default="")
    receiver = pw.CharField(verbose_name="Yang menerima penjelasan", max_length=120, default="")
    told = pw.TextField(verbose_name="Yang disampaikan")
    outcome = pw.CharField(verbose_name="Tanggapan pengadu", max_length=20, choices=tuple(ENDS.items()), index=True)
    response = pw.TextField(verbose_name="Catatan atau keberatan pengadu", default="")

    @classmethod
    def proposed(cls, case: Any) -> Blanks:
        nota = case.blanks_in_force("nota_dinas")
        return {
            "told": nota.get("answer", ""),
            "receiver": "" if case.complaint.anonymous else case.pengadu,
            "told_at": case.reached_at or case.at,
        }

    @classmethod
    def objection(cls, case: Any, blanks: Blanks) -> str:
        outcome = blanks["outcome"]
        if blanks["told_at"] > case.at:
            return "Waktu penyampaian tidak boleh di masa depan."
        if too_early(case, blanks["told_at"]):
            return "Waktu penyampaian mendahului persetujuan Nota Dinas."
        if outcome == "tidak_dihubungi" and (sentence := unreachable_objection(case)):
            return sentence
        if outcome == "anonim" and (not case.complaint.anonymous or _has_contact(case.complaint.id)):
            return "Pengadu tidak anonim atau kontaknya tercatat; pilih tanggapan yang lain."
        if outcome in {"diterima_catatan", "keberatan"} and not str(blanks["response"]).strip():
            return "Tulis catatan atau keberatan pengadu."
        return ""

    @classmethod
    def starts(cls, blanks: Blanks) -> Any:
        """When the telling began, for a row whose clock no attempt has started."""
        return blanks["told_at"]

    @classmethod
    def result(cls, blanks: Blanks) -> str:
        words = " ".join(str(blanks["told"]).split())
        return f"Hasilnya: {words}" if words else ""


def _has_contact(complaint: int) -> bool:
    known = Person.phone.is_null(False) | Person.email.is_null(False)
    return bool(Person.select().where((Person.complaint == complaint) & (Person.kind == "pengadu") & known).exists())
