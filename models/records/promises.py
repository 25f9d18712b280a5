"""Promises to a pengadu with a date: the present state of each, and the records that make, postpone or settle it."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from models.office.contacts import mask_typed
from models.records.base import Blanks, Complaint, Moment, OneOfCase, ReasonField, Record, pw
from models.store.base import Columns, Model, among, insert_rows
from models.store.rowhash import record_hashes_before_change
from sop.procedure import BIDANG, LANES, PETUGAS
from sop.words import format_date

GONE = "Janji itu tidak ada lagi di antara yang menunggu pada pengaduan ini."
UNIT = "unit"  # the unit that leads the case; without one the Petugas is in charge
CARETAKERS = {PETUGAS: LANES[PETUGAS], UNIT: "Unit kerja yang menangani"}
KEPT, BROKEN = "ditepati", "gugur"
ENDS = {KEPT: "Ditepati", BROKEN: "Tidak dapat ditepati"}


class Pledge(Model):
    """The present state of a promise; the records of the case are its unchangeable history."""

    proof, of_few_cases = "Janji", True

    complaint = pw.ForeignKeyField(Complaint, verbose_name="Pengaduan", on_delete="RESTRICT", backref="+")
    what = pw.CharField(verbose_name="Yang dijanjikan", max_length=160)
    day = pw.DateField(verbose_name="Tanggal janji", index=True)
    caretaker = pw.CharField(verbose_name="Yang menangani", max_length=10, choices=tuple(CARETAKERS.items()))
    made_at = Moment(verbose_name="Dicatat pada", index=True)
    moved = pw.IntegerField(verbose_name="Berapa kali dipindahkan", default=0)
    end = pw.CharField(verbose_name="Hasil", max_length=10, choices=(("", "Menunggu"), *ENDS.items()), default="")
    ended_at = Moment(verbose_name="Hasil dicatat pada", null=True)

    @property
    def words(self) -> str:
        """The promise with its day, as in choices and in the history."""
        return f"{self.what} ({format_date(self.day)})"

    def change(self, **columns: Any) -> None:
        record_hashes_before_change(Pledge, [self.id])
        Pledge.update(**columns).where(Pledge.id == self.id).execute()


mask_typed(Pledge, ["what"])
WAITING = Pledge.ended_at.is_null()  # few rows, hence the partial index
Pledge.add_index(Pledge.index(Pledge.day, where=WAITING, name="pledge_waiting"))


def waiting_in(complaint: int) -> list[Pledge]:
    """The open promises of a case, earliest day first."""
    return list(Pledge.select().where((Pledge.complaint == complaint) & WAITING).order_by(Pledge.day, Pledge.id))


def waiting_as(complaint: int, words: str) -> Pledge | None:
    """The open promise of a case with this text."""
    return next((pledge for pledge in waiting_in(complaint) if pledge.words == words), None)


class OfPromise:
    """Mixin of records about one of the open promises of their case."""

    hidden: tuple[str, ...] = ("promise",)

    @classmethod
    def offered(cls, blank: str, complaint: int) -> list[str]:
        return [promise.words for promise in waiting_in(complaint)]

    @classmethod
    def filled(cls, case: Any, blanks: Blanks) -> Blanks:
        promise = waiting_as(case.complaint.id, blanks["which"])
        return {"promise": promise and promise.id}


class Promise(Record):
    key, title = "promise", "Janji tindak lanjut"

    what = pw.CharField(
        verbose_name="Yang dijanjikan",
        max_length=160,
        help_text="Seperti akan dibaca pengadu pada Slip Janji; misalnya: kunjungan ulang ke rumah.",
    )
    day = pw.DateField(verbose_name="Tanggal", help_text="Pada hari itu panel mengingatkan.")
    caretaker = pw.CharField(verbose_name="Yang menangani", max_length=10, choices=tuple(CARETAKERS.items()))

    @classmethod
    def cases_in_force(cls, complaints: Collection[int]) -> set[int]:
        waiting = Pledge.select(Pledge.complaint).where(among(Pledge.complaint, complaints) & WAITING)
        return {case for (case,) in waiting.tuples()}

    @classmethod
    def proposed(cls, case: Any) -> Blanks:
        return {"caretaker": UNIT if case.complaint.unit_id and case.lanes <= {BIDANG} else PETUGAS}

    @classmethod
    def objection(cls, case: Any, blanks: Blanks) -> str:
        no_unit = blanks["caretaker"] == UNIT and not case.complaint.unit_id
        return "Belum ada unit kerja yang menangani pengaduan ini; pilih petugas sebagai yang menangani." * no_unit

    @classmethod
    def write_related(cls, case: Any, blanks: Blanks) -> None:
        typed = {name: blanks[name] for name in ("what", "day", "caretaker")}
        row = {**typed, "complaint": case.complaint.id, "made_at": case.at, "moved": 0, "end": "", "ended_at": None}
        insert_rows(Pledge, [row])

    @classmethod
    def event_fields(cls, blanks: Blanks) -> Columns:
        return {"what": f"mencatat janji “{blanks['what']}” untuk {format_date(blanks['day'])}"}


LATER = timedelta(weeks=1)  # proposed postponement


class Postponement(OfPromise, Record):
    key, title = "postponement", "Pemindahan janji"

    which = OneOfCase(verbose_name="Janji", max_length=200)
    day = pw.DateField(verbose_name="Tanggal baru")
    reason = ReasonField(verbose_name="Alasan", max_length=160, default="")
    note = pw.TextField(verbose_name="Keterangan", default="")
    promise = pw.ForeignKeyField(Pledge, on_delete="RESTRICT", backref="+")

    @classmethod
    def proposed(cls, case: Any) -> Blanks:
        first = next(iter(waiting_in(case.complaint.id)), None)
        return {"which": first.words, "day": max(first.day, case.at.date()) + LATER} if first else {}

    @classmethod
    def objection(cls, case: Any, blanks: Blanks) -> str:
        promise = waiting_as(case.complaint.id, blanks["which"])
        if promise is None:
            return GONE
        if promise.day == blanks["day"]:
            return "Tanggal barunya sama dengan yang lama."
        has_reason = str(blanks["reason"] or "").strip() or str(blanks["note"]).strip()
        return "" if has_reason else "Pilih atau tulis alasan tanggalnya dipindahkan."

    @classmethod
    def write_related(cls, case: Any, blanks: Blanks) -> None:
        if promise := waiting_as(case.complaint.id, blanks["which"]):
            promise.change(day=blanks["day"], moved=promise.moved + 1)

    @classmethod
    def event_fields(cls, blanks: Blanks) -> Columns:
        reason = str(blanks["reason"] or blanks["note"]).strip()
        return {"what": f"memindahkan janji “{blanks['which']}” ke {format_date(blanks['day'])}: {reason}"}


class Settlement(OfPromise, Record):
    key, title = "settlement", "Hasil janji"

    which = OneOfCase(verbose_name="Janji", max_length=200)
    end = pw.CharField(verbose_name="Hasil", max_length=10, choices=tuple(ENDS.items()))
    note = pw.TextField(verbose_name="Keterangan", default="", help_text="Bila tidak dapat ditepati: alasannya.")
    promise = pw.ForeignKeyField(Pledge, on_delete="RESTRICT", backref="+")

    @classmethod
    def proposed(cls, case: Any) -> Blanks:
        return {"which": next(iter(cls.offered("which", case.complaint.id)), "")}

    @classmethod
    def objection(cls, case: Any, blanks: Blanks) -> str:
        if waiting_as(case.complaint.id, blanks["which"]) is None:
            return GONE
        lacks_reason = blanks["end"] == BROKEN and not str(blanks["note"]).strip()
        return "Tulis alasan janji itu tidak dapat ditepati." if lacks_reason else ""

    @classmethod
    def write_related(cls, case: Any, blanks: Blanks) -> None:
        if promise := waiting_as(case.complaint.id, blanks["which"]):
            promise.change(ended_at=case.at, end=blanks["end"])

    @classmethod
    def event_fields(cls, blanks: Blanks) -> Columns:
        end = "sudah ditepati" if blanks["end"] == KEPT else "tidak dapat ditepati"
        return {"what": f"mencatat bahwa janji “{blanks['which']}” {end}"}
