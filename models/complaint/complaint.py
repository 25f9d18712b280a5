"""The complaint with its key, persons, SOP runs, pauses and addressees; lateness; hiding of secret cases."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from functools import cache
from typing import Any

import peewee as pw

from models.office import contacts as nik_form
from models.office.contacts import mask_typed, masked_words
from models.office.lists import Category, Institution, Kelurahan, Medium, Topic
from models.office.people import Division, User
from models.office.settings import LAW_CLASSES
from models.store.base import CurrentChoices, Model, Moment, among, exists_by_row
from sop.access import LOGGED, SECRECY, URGENCY
from sop.clock import Norm
from sop.flow import Procedure, current_procedure
from sop.vocabulary import vocabulary

_withholds: ContextVar[bool] = ContextVar("_withholds", default=False)


@contextmanager
def withheld_secrets() -> Iterator[None]:
    """Leave secret cases out of all lists within this block."""
    before = _withholds.set(True)
    try:
        yield
    finally:
        _withholds.reset(before)


def withholds() -> bool:
    return _withholds.get()


PERSONS = {"pengadu": "Pengadu", "yang_bersangkutan": "Yang bersangkutan (korban/penerima layanan)", "kuasa": "Kuasa"}
ANSWERED, UNDATED, UNANSWERED = "answered", "undated", "unanswered"
ELSEWHERE = {  # of imported cases that had already ended elsewhere
    "": "",
    ANSWERED: "Sudah dijawab",
    UNDATED: "Sudah dijawab, tanggalnya tidak tercatat",
    UNANSWERED: "Belum dijawab menurut berkas",
}
SEXES = (("", "Belum diketahui"), ("P", "Perempuan"), ("L", "Laki-laki"))


class Complaint(Model):
    """A registered complaint. State, number, version and deadline columns are written by models/workflow only."""

    not_digested = ("public_id", "form_digest")
    proof = "Pengaduan"
    unproven = ("row_due_at", "legal_due_at", "answer_due_at")  # recalculated with the calendar

    public_id = pw.CharField(max_length=32, unique=True)
    number = pw.CharField(verbose_name="Nomor register", max_length=60, unique=True)
    title = pw.CharField(verbose_name="Judul", max_length=200)
    story = pw.TextField(verbose_name="Uraian kejadian")
    asks = pw.TextField(verbose_name="Yang diminta pengadu", default="")
    category = pw.ForeignKeyField(Category, verbose_name="Kategori", on_delete="RESTRICT")
    law_class = pw.CharField(verbose_name="Klasifikasi pengaduan", max_length=20, choices=tuple(LAW_CLASSES.items()))
    secrecy = pw.CharField(verbose_name="Kerahasiaan", max_length=10, choices=tuple(SECRECY.items()))
    urgency = pw.CharField(verbose_name="Sifat", max_length=20, choices=tuple(URGENCY.items()), default="biasa")
    emergency = pw.BooleanField(verbose_name="Darurat", default=False)
    medium = pw.ForeignKeyField(Medium, verbose_name="Media pengaduan", on_delete="RESTRICT")
    medium_ref = pw.CharField(verbose_name="Rujukan media", max_length=80, default="")
    opened_at = Moment(verbose_name="Form dibuka pada", null=True)
    form_digest = pw.CharField(max_length=64, null=True, unique=True)  # of the form with all its input
    received_at = Moment(verbose_name="Diterima pada")
    recorded_at = Moment(verbose_name="Dicatat pada")
    backlog = pw.BooleanField(verbose_name="Susulan", default=False)
    imported = pw.BooleanField(verbose_name="Diimpor", default=False, constraints=[pw.SQL("DEFAULT FALSE")])
    anonymous = pw.BooleanField(verbose_name="Anonim", default=False)
    event_date = pw.CharField(verbose_name="Waktu kejadian", max_length=80, default="")
    event_place = pw.CharField(verbose_name="Tempat kejadian", max_length=200, default="")
    kelurahan = pw.ForeignKeyField(Kelurahan, verbose_name="Kelurahan/Kecamatan", null=True, on_delete="RESTRICT")
    accused = pw.CharField(verbose_name="Pihak yang diadukan", max_length=200, default="")
    loss = pw.CharField(verbose_name="Kerugian", max_length=200, default="")
    evidence = pw.CharField(verbose_name="Bukti", max_length=300, default="")
    registrar = pw.ForeignKeyField(User, verbose_name="Petugas pencatat", on_delete="RESTRICT")
    keeper = pw.ForeignKeyField(  # to whom the case was handed over
        User, verbose_name="Petugas pemegang", null=True, on_delete="RESTRICT", backref="+"
    )

    states = CurrentChoices(lambda: vocabulary().states.items())
    state = pw.CharField(verbose_name="Status", max_length=40, choices=states, index=True)
    back = pw.CharField(max_length=40, default="")  # state before a pause, or before the last step
    state_since = Moment(verbose_name="Status sejak")
    paused_until = pw.DateField(
        verbose_name="Ditunda sampai", null=True
    )  # NULL unless paused; those of before have none
    version = pw.IntegerField(default=1)
    round = pw.IntegerField(verbose_name="Putaran", default=1)
    leg = pw.IntegerField(default=0)  # number of the assignment: raised by each disposition, its end and a new round
    revision = pw.IntegerField(default=1)
    unit = pw.ForeignKeyField(Division, verbose_name="Unit kerja penanggung jawab", null=True, on_delete="RESTRICT")
    duplicate_of = pw.ForeignKeyField("self", verbose_name="Duplikat dari", null=True, on_delete="RESTRICT")
    last_act = pw.CharField(max_length=40, default="")
    last_by = pw.ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="last_acts")
    row_due_at = Moment(verbose_name="Batas waktu SOP", null=True)
    row_late = pw.BooleanField(default=False)  # a finished run of this round was late
    legal_due_at = Moment(verbose_name="Batas peraturan", null=True)  # NULL where no clock ran: see `OUTSIDE`
    answer_due_at = Moment(verbose_name="Batas jawaban pertama", null=True)
    closed_at = Moment(verbose_name="Selesai pada", null=True)  # the date is only known by ENDED_ON_A_DAY
    elsewhere = pw.CharField(
        verbose_name="Jawaban di luar panel",
        max_length=10,
        default="",
        choices=tuple(ELSEWHERE.items()),
        constraints=[pw.SQL("DEFAULT ''")],
    )
    institution = pw.ForeignKeyField(Institution, verbose_name="Instansi", null=True, on_delete="RESTRICT")
    topic = pw.ForeignKeyField(Topic, verbose_name="Topik", null=True, on_delete="RESTRICT")

    class Meta:
        indexes = (
            (("state", "row_due_at"), False),
            (("row_due_at",), False),  # from here on for sorted lists
            (("received_at",), False),
            (("closed_at",), False),
            (("closed_at", "received_at", "state", "elsewhere"), False),  # covers the recap's queries on ended cases
        )

    def __str__(self) -> str:
        return str(self.number)

    @property
    def procedure(self) -> Procedure:
        """The procedure of its present round; currently the same for all cases."""
        return current_procedure()

    @property
    def state_label(self) -> str:
        return self.procedure.state_label(self.state)


RUNNING = Complaint.closed_at.is_null()  # not ended
ANONYMOUS, LATER_ROUND = Complaint.anonymous, Complaint.round > pw.SQL("1")  # of partial indexes: few cases
# Typed text about the case. Not the reference, which is a number of another office.
mask_typed(Complaint, ("title", "story", "asks", "event_date", "event_place", "accused", "loss", "evidence"))
Complaint.add_index(Complaint.index(Complaint.id, where=ANONYMOUS, name="complaint_anonymous"))
Complaint.add_index(Complaint.index(Complaint.id, where=LATER_ROUND, name="complaint_later_round"))
Complaint.add_index(Complaint.index(pw.fn.LOWER(Complaint.title), name="complaint_title_lower"))
PAUSED_UNTIL_A_DAY = Complaint.paused_until.is_null(False)  # few of the open ones
Complaint.add_index(Complaint.index(Complaint.paused_until, where=PAUSED_UNTIL_A_DAY, name="complaint_paused_until"))
_RUNNING = Complaint.emergency, Complaint.row_due_at  # few of all cases
Complaint.add_index(Complaint.index(*_RUNNING, where=RUNNING, name="complaint_running"))
# The cases of a state by time, and those of a unit, with all that the figures of months and weeks depend on: they are
# counted without reading a case.
_LATE = Complaint.row_late, Complaint.row_due_at
_RECEIVED = Complaint.state, Complaint.received_at, Complaint.imported, *_LATE
_ENDED = Complaint.state, Complaint.closed_at, Complaint.elsewhere
Complaint.add_index(Complaint.index(*_RECEIVED, name="complaint_state_received"))
Complaint.add_index(Complaint.index(*_ENDED, *_LATE, Complaint.legal_due_at, name="complaint_state_ended"))
Complaint.add_index(Complaint.index(Complaint.unit, *_RECEIVED, name="complaint_unit_received"))
Complaint.add_index(Complaint.index(Complaint.unit, *_ENDED, name="complaint_unit_ended"))


class CaseKey(Model):
    """The case's data key, wrapped by the panel's key; without it the sealed data cannot be decrypted."""

    in_digest = False
    complaint = pw.ForeignKeyField(Complaint, primary_key=True, on_delete="RESTRICT", backref="keys")
    wrapped = pw.BlobField()


def is_erased() -> pw.Expression:
    """Condition: the complaint's key was destroyed."""
    return ~pw.fn.EXISTS(CaseKey.select(pw.SQL("1")).where(CaseKey.complaint == Complaint.id))


class Person(Model):
    """A person of a complaint; NIK, contact data and safe contact are sealed, and found by BlindIndex only."""

    proof = "Orang pada pengaduan"
    SEALED = ("nik", "phone", "email", "address", "domicile", "safe_contact")

    complaint = pw.ForeignKeyField(Complaint, on_delete="RESTRICT", backref="persons", index=False)
    kind = pw.CharField(max_length=20, choices=tuple(PERSONS.items()))
    name = pw.CharField(verbose_name="Nama", max_length=120, default="")
    nik = pw.BlobField(verbose_name="NIK", null=True)
    nik_note = pw.CharField(verbose_name="Catatan NIK", max_length=120, default="")
    birth = pw.CharField(verbose_name="Tempat, tanggal lahir", max_length=120, default="")
    sex = pw.CharField(verbose_name="Jenis kelamin", max_length=1, choices=SEXES, default="")
    age = pw.CharField(verbose_name="Usia", max_length=20, default="")
    address = pw.BlobField(verbose_name="Alamat KTP", null=True)
    domicile = pw.BlobField(verbose_name="Alamat domisili", null=True)
    kelurahan = pw.ForeignKeyField(Kelurahan, verbose_name="Kelurahan/Kecamatan", null=True, on_delete="RESTRICT")
    phone = pw.BlobField(verbose_name="Telepon/WhatsApp", null=True)
    email = pw.BlobField(verbose_name="Surel", null=True)
    job = pw.CharField(verbose_name="Pekerjaan", max_length=80, default="")
    relation = pw.CharField(verbose_name="Hubungan dengan yang bersangkutan", max_length=120, default="")
    group = pw.CharField(verbose_name="Kelompok rentan", max_length=80, default="")
    safe_contact = pw.BlobField(verbose_name="Cara menghubungi yang aman", null=True)
    do_not_call = pw.BooleanField(verbose_name="Jangan ditelepon", default=False)

    class Meta:
        indexes = ((("complaint", "kind"), True),)


mask_typed(Person, ("name", "job", "relation", "group"))


# The name of the complaint's pengadu, as a column of a query.
PENGADU = Person.select(Person.name).where((Person.complaint == Complaint.id) & (Person.kind == "pengadu")).limit(1)


def names_by_case(complaints: Sequence[int], kind: str = "") -> dict[int, list[str]]:
    """The masked names of the persons of these cases, or of those of one kind, in order."""
    if not complaints:
        return {}
    wanted = among(Person.complaint, complaints) & ((Person.kind == kind) if kind else pw.SQL("1 = 1"))
    names: dict[int, list[str]] = {}
    for case, name in Person.select(Person.complaint, Person.name).where(wanted).order_by(Person.id).tuples():
        names.setdefault(case, []).append(masked_words(name))
    return names


def name_of(person: Person, complaint: Complaint) -> str:
    """The person's name, or a placeholder."""
    nameless = person.kind == "pengadu" and complaint.anonymous
    return person.name or name_stand_in(anonymous=nameless, secret=False) or "Nama belum diketahui"


NAMELESS, WITHHELD = "Tanpa nama", "Dirahasiakan"


def name_stand_in(*, anonymous: bool, secret: bool) -> str:
    """What stands instead of the pengadu's name, "" if the name does: on papers for others, and to whoever may read it
    on screens and in exports, where `secret` is False. Where no name was given, also in a rahasia case, nothing is
    withheld: it says so, and never that the office keeps a name back."""
    return NAMELESS if anonymous else WITHHELD if secret else ""


def nik_note(nik: str) -> str:
    """The note on an invalid NIK, which is stored all the same."""
    digits = nik.replace(" ", "").replace(".", "")
    is_valid = len(digits) == nik_form.DIGITS and digits.isdigit()
    return "" if is_valid or not digits else f"NIK bukan {nik_form.DIGITS} angka"


class BlindIndex(Model):
    """A telephone number or NIK of a person in a case, as a keyed hash for exact look-up.

    References the case's key: the database deletes it with the key.
    """

    in_digest = False
    case = pw.ForeignKeyField(CaseKey, column_name="complaint_id", on_delete="CASCADE", index=False)
    person = pw.CharField(max_length=20)
    kind = pw.CharField(max_length=10)
    mark = pw.BlobField()

    class Meta:
        indexes = ((("case", "person", "mark"), True), (("mark", "case"), False))


class NormField(pw.CharField):
    """The norm (working time) of an SOP row, stored as text that `Norm.read` parses."""

    def db_value(self, value: Norm) -> str:
        return value.words

    def python_value(self, value: str) -> Norm:
        return _norm_read(value)


_norm_read = cache(Norm.read)  # thousands of runs have a handful of norms


class Run(Model):
    """One pass of a case through a row of the SOP. `due_at` already includes the time of pauses.

    Row key and norm are stored as of the start: later changes of the SOP table do not affect a run.

    `minutes` are whole minutes of working time from `started_at` to `ended_at`, without pauses, by the calendar of the
    day on which the run ended; NULL while it runs. They are stored for aggregation by the database.
    """

    proof = "Waktu SOP"
    unproven = ("due_at",)  # recalculated with the calendar

    complaint = pw.ForeignKeyField(Complaint, on_delete="RESTRICT", backref="runs", index=False)
    round = pw.IntegerField()
    row_key = pw.CharField(max_length=40)  # see `Row.key`; looked up by `Procedure.row_named`
    norm = NormField(max_length=20)
    started_at = Moment()
    due_at = Moment()
    ended_at = Moment(null=True)
    minutes = pw.IntegerField(null=True)

    class Meta:
        indexes = ((("complaint", "ended_at"), False), (("ended_at",), False))


# Runs that ended before the column was added; `count_minutes` of the workflow fills them.
UNCOUNTED = Run.ended_at.is_null(False) & Run.minutes.is_null()
Run.add_index(Run.id, where=UNCOUNTED, name="run_uncounted")


class Pause(Model):
    """A pause of a complaint, during which its SOP clock is stopped."""

    proof = "Penundaan"

    complaint = pw.ForeignKeyField(Complaint, on_delete="RESTRICT", backref="pauses")
    round = pw.IntegerField()
    started_at = Moment()
    ended_at = Moment(null=True)


class Addressee(Model):
    """Another unit or a named user who by a disposition may read the case and add to it."""

    proof = "Penerima disposisi"

    complaint = pw.ForeignKeyField(Complaint, on_delete="RESTRICT", backref="addressees", index=False)
    leg = pw.IntegerField()
    division = pw.ForeignKeyField(Division, null=True, on_delete="RESTRICT")
    user = pw.ForeignKeyField(User, null=True, on_delete="RESTRICT")
    handles = pw.BooleanField(default=False)  # a member of staff to whom the head of the unit assigned the case

    class Meta:
        indexes = ((("complaint", "leg"), False),)  # so that a case's few rows are not searched among a unit's many


def recorder_id(case: Complaint) -> int | None:
    """The user who recorded the case; None if it was imported, so that importing gives no access to a rahasia case."""
    return None if case.imported else case.registrar_id


def is_petugas_of(user: Any) -> pw.Expression:
    """Condition: the user is the case's Petugas: it was handed over to him, or he recorded it and it was not."""
    recorded = Complaint.keeper.is_null() & (Complaint.registrar == user) & ~Complaint.imported
    return (Complaint.keeper == user) | recorded


def petugas_of() -> pw.Expression:
    """SQL of the case's Petugas; NULL for an imported case that was not handed over."""
    return pw.fn.COALESCE(Complaint.keeper, pw.Case(None, [(~Complaint.imported, Complaint.registrar)]))


def is_addressed(which: pw.Expression) -> pw.Expression:
    """Condition: the disposition in force has an addressee of this kind."""
    in_force = (Addressee.complaint == Complaint.id) & (Addressee.leg == Complaint.leg)
    return exists_by_row(Addressee.select(pw.SQL("1")).where(in_force & which))


def is_not_withheld() -> pw.Expression:
    """Condition: the case is not hidden by `withheld_secrets`."""
    return Complaint.secrecy.not_in(sorted(LOGGED)) if withholds() else pw.SQL("1 = 1")


ENDED_ON_A_DAY = Complaint.elsewhere.in_(["", ANSWERED])  # the date of the end is known


def is_open() -> Any:
    """Condition: the case is in an open state."""
    return Complaint.state.in_(sorted(vocabulary().open_states))


def is_late_by_row(at: datetime) -> Any:
    """*Lewat SOP*: the deadline of the current row is over; the lateness of earlier rows does not count."""
    return is_open() & (Complaint.row_due_at < at)


def was_ever_late_by_row(at: datetime) -> Any:
    """*Pernah lewat SOP*: a finished run of the round was late, or the present one is."""
    return Complaint.row_late | is_late_by_row(at)


def is_late_by_law(at: datetime) -> Any:
    """*Lewat batas peraturan*: the legal deadline is over for an open case, or was when it ended."""
    ended = pw.fn.COALESCE(Complaint.closed_at, Complaint.state_since)
    return Complaint.legal_due_at < pw.Case(None, [(is_open(), at)], ended)


def is_late_now(at: datetime) -> Any:
    """*Masih terbuka dan lewat waktu*: open, and late by SOP or by law."""
    return is_open() & ((Complaint.row_due_at < at) | (Complaint.legal_due_at < at))


def case_is_late_by_row(case: Complaint, at: datetime) -> bool:
    """`is_late_by_row` of one case."""
    return case.state in vocabulary().open_states and case.row_due_at is not None and case.row_due_at < at


def case_is_late_by_law(case: Complaint, at: datetime) -> bool:
    """`is_late_by_law` of one case."""
    counted_to = at if case.state in vocabulary().open_states else case.closed_at or case.state_since
    return bool(case.legal_due_at is not None and case.legal_due_at < counted_to)


def ended_at(case: Complaint) -> datetime | None:
    """When a case ended; None while it is open, and for an imported case without that date."""
    closed: datetime | None = case.closed_at
    return closed if case.elsewhere in ("", ANSWERED) else None
