"""Record models of the main line in the SOP's order: referral, disposition, assignment, assessment to Berita Acara."""

import re
from collections.abc import Mapping
from typing import Any

from models.complaint.complaint import Addressee, Person
from models.office.lists import all_instructions, offered_instructions
from models.records.base import AskedFor, Blanks, Division, IdList, ManyOf, Moment, Record, User, pw
from models.records.story_summary import gist_of
from models.store import tracked_rows
from models.store.base import now
from models.store.rowhash import record_hashes_before_change
from sop.access import SECRECY, URGENCY


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


class Disposition(Record):
    key, title, per = "disposition", "Disposisi", "leg"
    carries = ("unit", "urgency", "secrecy")
    gist = ("unit", "urgency", "instructions")
    in_place = (*gist, "note")
    nouns = {"unit": "unit kerja tujuan"}

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
    def write_related(cls, case: Any, blanks: Blanks) -> None:
        common = {"complaint": case.complaint.id, "leg": case.leg}
        others = [{**common, "division": unit} for unit in blanks["others"] if unit != blanks["unit"]]
        named = [{**common, "user": user} for user in blanks["named"]]
        for row in (*others, *named):
            tracked_rows.added(Addressee, Addressee.create(**row).id)


class Assignment(Record):
    key, title, per = "assignment", "Penugasan staf", "leg"

    staff = IdList(User, verbose_name="Staf yang ditugaskan", help_text="Kosongkan bila ditangani seluruh unit kerja.")
    note = pw.TextField(verbose_name="Pesan", default="")

    @classmethod
    def proposed(cls, case: Any) -> Blanks:
        """The present assignees, so that a bulk step without a choice leaves each case unchanged."""
        return {"staff": case.blanks_in_force(cls.key).get("staff", [])}

    @classmethod
    def objection(cls, case: Any, blanks: Blanks) -> str:
        staff = list(blanks["staff"])
        own = User.select().where(User.id.in_(staff) & (User.division == case.complaint.unit_id) & User.active).count()
        return "" if own == len(set(staff)) else "Yang ditugaskan hanya staf unit kerja sendiri."

    @classmethod
    def write_related(cls, case: Any, blanks: Blanks) -> None:
        of_leg = (Addressee.complaint == case.complaint.id) & (Addressee.leg == case.leg)
        before = [number for (number,) in Addressee.select(Addressee.id).where(of_leg & Addressee.handles).tuples()]
        record_hashes_before_change(Addressee, before)
        Addressee.delete().where(Addressee.id.in_(before)).execute()
        for user in dict.fromkeys(blanks["staff"]):
            row = Addressee.create(complaint=case.complaint.id, leg=case.leg, user=user, handles=True)
            tracked_rows.added(Addressee, row.id)


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
    facts = pw.TextField(verbose_name="Fakta yang memengaruhi")
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


_FROM_REVISION = ("subject", "nature", "enclosures", "copies", "matter")  # copied from the previous revision


class NotaDinas(Record):
    key, title = "nota_dinas", "Nota Dinas"
    gist = ("conclusion", "answer")
    in_brief = (("findings", "Fakta"), ("conclusion", "Kesimpulan"), ("answer", "Usul jawaban"))

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
            "conclusion": concluded(CONCLUSIONS.get(assessed["conclusion"], ""), assessed["conclusion_text"]),
            "action": "\n".join(filter(None, [assessed["action"], assessed["advice"]])),
            "answer": assessed["answer"],
            **{name: before[name] for name in _FROM_REVISION if before.get(name)},
        }


def concluded(verdict: str, text: str) -> str:
    """The verdict and its text; the text alone if it begins with the verdict: "Aduan terbukti; …"."""
    said = re.match(rf"(?:(?:peng)?aduan )?{re.escape(verdict)}\b", text, re.IGNORECASE)
    return text if said else ". ".join(filter(None, [verdict, text]))


APPROVAL_OUTCOMES = (("setuju", "Disetujui"), ("catatan", "Disetujui dengan catatan"))


class Approval(Record):
    key, title = "approval", "Persetujuan Nota Dinas"
    about = "Keputusan Kepala Dinas atas Nota Dinas."
    in_place = ("note",)
    verdict = "outcome"
    verdicts = (("setuju", ""), ("catatan", "dengan catatan"))

    outcome = pw.CharField(verbose_name="Keputusan", max_length=20, choices=APPROVAL_OUTCOMES, default="setuju")
    note = pw.TextField(verbose_name="Catatan", default="")

    @classmethod
    def implied(cls, blanks: Blanks) -> Blanks:
        return {"outcome": "catatan"} if str(blanks.get("note") or "").strip() else {}

    @classmethod
    def objection(cls, case: Any, blanks: Blanks) -> str:
        has_note = bool(str(blanks["note"]).strip())
        if blanks["outcome"] == "catatan" and not has_note:
            return "Tulis catatannya, atau setujui tanpa catatan."
        if blanks["outcome"] == "setuju" and has_note:
            return "Ada catatan: setujui dengan catatan agar tercetak, atau kosongkan catatannya."
        return ""


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
ATTEMPT_OUTCOMES = ((REACHED, "Tersambung dengan pengadu"), ("missed", "Tidak tersambung"))


def too_early(case: Any, moment: Any) -> bool:
    """Whether `moment` is before the minute of the approval; pauses and recalls since then do not matter."""
    approval = case.records.get("approval")
    return bool(approval) and moment < approval.made_at.replace(second=0, microsecond=0)


def unreachable_objection(case: Any) -> str:
    """The sentence why the pengadu cannot be declared unreachable yet, "" if he can: enough failed attempts."""
    missed = [attempt for attempt in case.contact_attempts if attempt.blanks["outcome"] != REACHED]
    needed = case.settings["deliver.attempts"]
    if len(missed) < needed:
        return f"Baru {len(missed)} upaya tercatat; perlu {needed} sebelum dinyatakan tidak dapat dihubungi."
    if len(missed) < len(case.contact_attempts):
        return "Pengadu sudah tersambung menurut upaya yang tercatat; pilih tanggapan yang sesuai."
    return ""


class Attempt(Record):
    key, title = "attempt", "Upaya penyampaian"

    medium = pw.CharField(verbose_name="Melalui", max_length=20, choices=MEDIA)
    tried_at = Moment(verbose_name="Waktu", default=now)
    outcome = pw.CharField(verbose_name="Hasil", max_length=10, choices=ATTEMPT_OUTCOMES)
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
        """The moment when the pengadu was reached; None if he was not."""
        return blanks["tried_at"] if blanks["outcome"] == REACHED else None


ENDS = {
    "diterima": "Diterima",
    "diterima_catatan": "Diterima dengan catatan",
    "keberatan": "Keberatan",
    "tidak_dihubungi": "Pengadu tidak dapat dihubungi",
    "anonim": "Pengadu tanpa nama dan tanpa kontak",
}
WITHOUT_RECEIVER = frozenset({"tidak_dihubungi", "anonim"})  # outcomes without a receiver: the paper has one party
CAPACITIES = {"pengadu": "Pengadu", "kuasa": "Kuasa pengadu", "keluarga": "Keluarga pengadu"}


class BeritaAcara(Record):
    key, title = "berita_acara", "Berita Acara Penyelesaian Penanganan Pengaduan"
    asked_for: Mapping[str, AskedFor] = {
        "kinship": AskedFor("capacity", {"keluarga": "Hubungan keluarga dengan pengadu"}),
        "response": AskedFor(
            "outcome", {"diterima_catatan": "Catatan pengadu", "keberatan": "Keberatan pengadu, dengan kata-katanya"}
        ),
    }

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
            return "Pengadu menyebut namanya atau kontaknya tercatat; pilih tanggapan yang lain."
        if outcome in {"diterima_catatan", "keberatan"} and not str(blanks["response"]).strip():
            return "Tulis catatan atau keberatan pengadu."
        return "" if outcome in WITHOUT_RECEIVER else _capacity_objection(case, blanks)

    @classmethod
    def starts(cls, blanks: Blanks) -> Any:
        """When the pengadu was informed, for a row whose clock no attempt has started."""
        return blanks["told_at"]

    @classmethod
    def receiver_of(cls, blanks: Blanks) -> str | None:
        face_to_face = blanks.get("medium") == "tatap_muka" and blanks.get("outcome") not in WITHOUT_RECEIVER
        return str(blanks.get("receiver") or "") if face_to_face else None

    @classmethod
    def result(cls, blanks: Blanks) -> str:
        words = " ".join(str(blanks["told"]).split())
        return f"Hasilnya: {words}" if words else ""


def _capacity_objection(case: Any, blanks: Blanks) -> str:
    """The sentence why the receiver's name does not fit his capacity, "" if it does."""
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
    """A name normalised for comparison: white space and case."""
    return " ".join(str(name or "").split()).casefold()


def _has_contact(complaint: int) -> bool:
    known = Person.phone.is_null(False) | Person.email.is_null(False)
    return bool(Person.select().where((Person.complaint == complaint) & (Person.kind == "pengadu") & known).exists())
