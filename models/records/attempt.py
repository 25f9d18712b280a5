"""A try to tell the pengadu the result; one that reached the pengadu starts the row's clock."""

from typing import Any

from models.records.base import Blanks, Moment, Record, pw
from models.store.base import now

MEDIA = (
    ("tatap_muka", "Tatap muka"),
    ("telepon", "Telepon"),
    ("whatsapp", "WhatsApp"),
    ("surat", "Surat"),
    ("surel", "Surel"),
    ("kanal", "Kanal asal pengaduan (SP4N-LAPOR!, SAMBAT, dan lainnya)"),
    ("kelurahan", "Kelurahan/Puskesos"),
)
REACHED = "reached"
OUTCOMES = ((REACHED, "Tersambung dengan pengadu"), ("missed", "Belum tersambung"))


def too_early(case: Any, moment: Any) -> bool:
    """Whether a telling is dated before the minute of the approval; a pause or a recall since then is no bar."""
    approval = case.records.get("approval")
    return bool(approval) and moment < approval.made_at.replace(second=0, microsecond=0)


def unreachable_objection(case: Any) -> str:
    """The rule of attempts: the sentence why the pengadu cannot be called out of reach yet, "" if he can."""
    missed, needed = [r for r in case.tries if r.blanks["outcome"] != REACHED], case.settings["deliver.attempts"]
    if len(missed) < needed:
        return f"Baru {len(missed)} upaya tercatat; perlu {needed} sebelum dinyatakan tidak dapat dihubungi."
    if len(missed) < len(case.tries):
        return "Pengadu sudah tersambung menurut upaya yang tercatat; pilih tanggapan yang sesuai."
    return ""


class Attempt(Record):
    key, title = "attempt", "Upaya penyampaian"

    medium = pw.CharField(verbose_name="Melalui", max_length=20, choices=MEDIA)
    tried_at = Moment(verbose_name="Waktu", default=now)
    outcome = pw.CharField(verbose_name="Hasil", max_length=10, choices=OUTCOMES)
    note = pw.TextField(verbose_name="Keterangan", default="")

    @classmethod
    def proposed(cls, case: Any) -> Blanks:
        return {"tried_at": case.at}

    @classmethod
    def objection(cls, case: Any, blanks: Blanks) -> str:
        if blanks["tried_at"] > case.at:
            return "Waktu upaya tidak boleh di masa depan."
        return "Waktu upaya mendahului persetujuan Nota Dinas." if too_early(case, blanks["tried_at"]) else ""

    @classmethod
    def starts(cls, blanks: Blanks) -> Any:
        """The moment when the pengadu was reached, None if not."""
        return blanks["tried_at"] if blanks["outcome"] == REACHED else None
