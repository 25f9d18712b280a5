"""Record models of detours: remark, pause, forwarding, duplicate, tie, correction, supplement, handover, emergency.

A Correction covers all fields corrected by one act. Old rows correct a single field, named in `field`; both are read.
"""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from models.complaint.complaint import Complaint
from models.complaint.event import open_seals
from models.complaint.lookup import case_of_number
from models.complaint.repeats import mark_case
from models.complaint.scope import visible
from models.office.calendar import clock
from models.office.emergency import LONGEST, contacts_of
from models.office.lists import Category
from models.records.amending import LABELS, ChangeInWords, amended, amendment_objections, changes_in_words
from models.records.base import Blanks, CaseNumber, Moment, Preset, ReasonField, Record, SealedText, User, pw
from models.records.entry import replace_person
from models.store.base import Columns, now
from sop.access import ROLES
from sop.procedure import PETUGAS
from sop.words import format_date, in_wib


class Remark(Record):
    key, title = "remark", "Keterangan langkah"
    gist = in_place = ("reason", "note")

    reason = ReasonField(verbose_name="Alasan", max_length=160, default="")
    note = pw.TextField(verbose_name="Keterangan", default="")


LONGEST_PAUSE = timedelta(days=90)


class Suspension(Record):
    """Why a case is paused, and until when; cases paused before there was a day have a `Remark` instead."""

    key, title = "suspension", "Masa tunda"
    carries = ("paused_until",)
    gist = in_place = ("paused_until", "reason", "note")

    paused_until = pw.DateField(
        verbose_name="Ditunda sampai",
        help_text="Hari kerja, paling lama 90 hari lagi. Pada hari itu pengaduan kembali ke antrean Anda.",
    )
    reason = ReasonField(verbose_name="Alasan", max_length=160, default="")
    note = pw.TextField(verbose_name="Keterangan", default="")

    @classmethod
    def proposed(cls, case: Any) -> Blanks:
        act = next(act for act in case.procedure.transitions.values() if act.record == cls.key)
        return {"paused_until": clock().workday_after(in_wib(case.at).date(), act.news_after)}

    @classmethod
    def objection(cls, case: Any, blanks: Blanks) -> str:
        today, day = in_wib(case.at).date(), blanks["paused_until"]
        if day <= today:
            return (
                f"{format_date(day)} bukan hari yang akan datang; pilih tanggal sesudah hari ini untuk Ditunda sampai."
            )
        if day > today + LONGEST_PAUSE:
            latest = format_date(today + LONGEST_PAUSE)
            return f"Paling lama ditunda sampai {latest}; bila masih perlu, tunda lagi sesudah itu."
        if not clock().is_workday(day):
            return f"{format_date(day)} bukan hari kerja; yang berikutnya {format_date(clock().workday_after(day, 1))}."
        return ""


class Forwarding(Record):
    key, title = "forwarding", "Penerusan ke instansi lain"
    nouns = {"institution": "instansi tujuan"}

    institution = pw.CharField(verbose_name="Diteruskan kepada instansi", max_length=200)
    reason = ReasonField(verbose_name="Alasan", max_length=160, default="")
    note = pw.TextField(verbose_name="Keterangan", default="")

    @classmethod
    def result(cls, blanks: Blanks) -> str:
        return f"Diteruskan kepada {blanks['institution']}."


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
        """Notes by id of the cases tied to this one; the latest record of each pair counts, written on either case."""
        rows = cls.select(cls.complaint, cls.other, cls.word, cls.note).where(~cls.recalled & ~cls.draft)
        of_case = rows.where((cls.complaint == case) | (cls.other == case)).order_by(cls.id).tuples()
        notes: dict[int, str] = {}
        for complaint, tied_to, word, note in of_case:
            other = tied_to if complaint == case else complaint
            before = notes.pop(other, "")  # an empty note does not replace the earlier one
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


SEVERAL = "isian"  # old and new values are JSON objects by field


class Correction(Record):
    key, title = "correction", "Ralat"
    hidden = ("field", "old_value")

    field = pw.CharField(
        verbose_name="Isian yang diralat",
        max_length=60,
        choices=(*LABELS.items(), (SEVERAL, "Isian formulir")),
        default=SEVERAL,
    )
    old_value = SealedText(verbose_name="Isi lama", null=True)
    new_value = SealedText(verbose_name="Isi baru")  # as a blank: the corrected values by field of the entry
    reason = ReasonField(verbose_name="Alasan", max_length=160, default="")
    note = pw.TextField(verbose_name="Keterangan", default="")

    @classmethod
    def objection(cls, case: Any, blanks: Blanks) -> str:
        return next(iter(amendment_objections(case.complaint, blanks["new_value"]).values()), "")

    @classmethod
    def filled(cls, case: Any, blanks: Blanks) -> Blanks:
        words = changes_in_words(amended(case.complaint, blanks["new_value"]).changes)
        values = {name: {change.field: getattr(change, name) for change in words} for name in ("old", "new")}
        return {"field": SEVERAL, "old_value": _as_text(values["old"]), "new_value": _as_text(values["new"])}

    @classmethod
    def changes(cls, case: Any, blanks: Blanks) -> Blanks:
        changes = amended(case.complaint, blanks["new_value"]).changes
        return {change.field: change.new for change in changes if "." not in change.field}

    @classmethod
    def write_related(cls, case: Any, blanks: Blanks) -> None:
        entry, key = amended(case.complaint, blanks["new_value"]), open_seals([case.complaint.id])[case.complaint.id]
        case.category = Category.get_by_id(entry.after.columns["category"])
        for kind, person in entry.after.persons.items():
            if person != entry.before.persons[kind]:
                replace_person(case.complaint.id, kind, person if kind in entry.after.present else None, key)
        mark_case(case.complaint.id, entry.after.columns, entry.after.present)

    @classmethod
    def event_fields(cls, blanks: Blanks) -> Columns:
        """The corrected fields for the history, contact data masked."""
        masked = [change.masked for change in corrections(blanks["field"], blanks["old_value"], blanks["new_value"])]
        return {"corrected": [[change.label, change.old, change.new] for change in masked]}

    @classmethod
    def opened(cls, blanks: Blanks, texts: Mapping[str, str]) -> dict[str, str]:
        old, new = texts.get("old_value", ""), texts.get("new_value", "")
        masked = [change.masked for change in corrections(blanks["field"], old, new)]
        if blanks["field"] == SEVERAL:
            return {change.label: f"{change.old or '–'} → {change.new or '–'}" for change in masked}
        single = masked[0]
        words = {"Isian yang diralat": single.label, "Isi lama": single.old, "Isi baru": single.new}
        return {label: text for label, text in words.items() if text}


def corrections(field: str, old: str, new: str) -> list[ChangeInWords]:
    """The corrected fields of a record in either format, from its unsealed values."""
    if field != SEVERAL:
        return [ChangeInWords(field, old, new)]
    before, after = json.loads(old), json.loads(new)
    return [ChangeInWords(name, before[name], after[name]) for name in after]


def _as_text(values: Mapping[str, str]) -> str:
    return json.dumps(values, ensure_ascii=False)


LINE = 200  # characters; a longer text is taken over without its label


class Supplement(Record):
    key, title = "supplement", "Keterangan tambahan"

    source = pw.CharField(verbose_name="Dari", max_length=120, default="", help_text="Siapa yang menyampaikan.")
    statement = pw.TextField(verbose_name="Keterangan")

    @classmethod
    def taken_over(cls, pairs: Mapping[str, str], by: str) -> Blanks:
        lines = [text if "\n" in text or len(text) > LINE else f"{label}: {text}" for label, text in pairs.items()]
        return {"source": by, "statement": "\n".join(lines)}


class Entrusting(Record):
    key, title, per = "entrusting", "Serah terima", "round"
    carries = ("keeper",)

    keeper = pw.ForeignKeyField(User, verbose_name="Diserahkan kepada", on_delete="RESTRICT", backref="+")
    note = pw.TextField(verbose_name="Keterangan", default="")

    @classmethod
    def objection(cls, case: Any, blanks: Blanks) -> str:
        takes = User.select().where((User.id == blanks["keeper"]) & (User.role == PETUGAS) & User.active).exists()
        return "" if takes else f"Yang menerima harus {ROLES[PETUGAS]} yang aktif."


class Alert(Record):
    key, title = "alert", "Pemberitahuan darurat"
    per = "round"

    told = pw.CharField(verbose_name="Yang dihubungi", max_length=LONGEST)
    note = pw.TextField(verbose_name="Keterangan", default="")

    @classmethod
    def proposed(cls, case: Any) -> Blanks:
        return {"told": ", ".join(contact.name for contact in contacts_of(case.category, case.settings)[:1])}

    @classmethod
    def presets(cls, case: Any) -> list[Preset]:
        contacts = contacts_of(case.category, case.settings)
        return [Preset(who.name, who.phone, who.dialled, {"told": who.name}) for who in contacts]


class Assistance(Record):
    key, title = "assistance", "Tindakan darurat"

    acted_at = Moment(verbose_name="Waktu tindakan", default=now)
    action = pw.TextField(verbose_name="Tindakan yang diambil")
    outcome = pw.TextField(verbose_name="Keadaan sesudahnya", default="")

    @classmethod
    def proposed(cls, case: Any) -> Blanks:
        return {"acted_at": case.at}

    @classmethod
    def objection(cls, case: Any, blanks: Blanks) -> str:
        return "Waktu tindakan tidak boleh di masa depan." if blanks["acted_at"] > case.at else ""
