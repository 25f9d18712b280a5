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
ALONE = frozenset({"tidak_dihubungi", "anonim"})  # ends at which nobody was told: the paper has one party
CAPACITIES = {"pengadu": "Pengadu", "kuasa": "Kuasa pengadu", "keluarga": "Keluarga pengadu"}


class BeritaAcara(Record):
    key, title = "berita_acara", "Berita Acara Penyelesaian Penanganan Pengaduan"

    medium = pw.CharField(verbose_name="Disampaikan melalui", max_length=20, choices=MEDIA)
    told_at = Moment(verbose_name="Disampaikan pada", default=now)
    place = pw.CharField(verbose_name="Bertempat di", max_length=200, default="")
    receiver = pw.CharField(verbose_name="Yang menerima penjelasan", max_length=120, default="")
    capacity = pw.CharField(verbose_name="Selaku", max_length=20, choices=tuple(CAPACITIES.items()), default="")
    kinship = pw.CharField(
        verbose_name="Hubungan keluarga",
        max_length=60,
        default="",
        help_text="Bila yang menerima keluarga pengadu: istri, anak, saudara, dan sebagainya.",
    )
    told = pw.TextField(verbose_name="Yang disampaikan")
    outcome = pw.CharField(verbose_name="Tanggapan pengadu", max_length=20, choices=tuple(ENDS.items()), index=True)
    response = pw.TextField(verbose_name="Catatan atau keberatan pengadu", default="")

    @classmethod
    def proposed(cls, case: Any) -> Blanks:
        nota = case.blanks_in_force("nota_dinas")
        return {
            "told": nota.get("answer", ""),
            "receiver": "" if case.complaint.anonymous else case.pengadu,
            "capacity": "pengadu",
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
        return "" if outcome in ALONE else _capacity_objection(case, blanks)

    @classmethod
    def starts(cls, blanks: Blanks) -> Any:
        """When the telling began, for a row whose clock no attempt has started."""
        return blanks["told_at"]

    @classmethod
    def receiver_of(cls, blanks: Blanks) -> str | None:
        face_to_face = blanks.get("medium") == "tatap_muka" and blanks.get("outcome") not in ALONE
        return str(blanks.get("receiver") or "") if face_to_face else None

    @classmethod
    def result(cls, blanks: Blanks) -> str:
        words = " ".join(str(blanks["told"]).split())
        return f"Hasilnya: {words}" if words else ""


def _capacity_objection(case: Any, blanks: Blanks) -> str:
    """Why the paper would name the receiver as what he is not."""
    capacity, receiver, pengadu = blanks["capacity"], _plain(blanks["receiver"]), case.pengadu
    if capacity == "keluarga" and not _plain(blanks["kinship"]):
        return "Tulis hubungan keluarganya dengan pengadu, misalnya istri atau anak."
    if capacity in ("kuasa", "keluarga") and (not receiver or receiver == _plain(pengadu)):
        return "Tulis nama kuasa atau keluarga yang menerima penjelasan."
    named = not case.complaint.anonymous and _plain(pengadu)
    if capacity == "pengadu" and named and receiver not in ("", _plain(pengadu)):
        return f"Pengadu yang tercatat bernama {pengadu}. Pilih selaku apa yang menerima penjelasan."
    return ""


def _plain(name: Any) -> str:
    """A name for comparing: as people type it, in whatever capitals."""
    return " ".join(str(name or "").split()).casefold()


def _has_contact(complaint: int) -> bool:
    known = Person.phone.is_null(False) | Person.email.is_null(False)
    return bool(Person.select().where((Person.complaint == complaint) & (Person.kind == "pengadu") & known).exists())
