"""Tables of imports: batches, rows, column mappings, topics, and files that wait for a column mapping."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import lru_cache

import orjson
import peewee as pw

from models.complaint.complaint import Complaint
from models.complaint.lookup import KINDS, NumberMark
from models.imports.columns import FORMS, FileForm
from models.imports.incoming import IncomingCase
from models.office.contacts import FoundNumbers
from models.office.lists import Category, Medium, term_key
from models.office.people import User
from models.store import seal
from models.store.base import Columns, Json, Model, Moment, database, insert_rows
from models.store.seal import ring
from models.store.uploads import visible_text


class LiftedNumbers(FoundNumbers):
    """Personal numbers found in the texts of one row, and their search marks."""

    @property
    def marks(self) -> list[NumberMark]:
        """The search marks of the numbers of searchable kinds."""
        return [NumberMark(kind, ring().mark(kind, number)) for kind in KINDS for number in getattr(self, kind)]


READING, STAGED, PUBLISHING, PUBLISHED, DROPPED = "reading", "staged", "publishing", "published", "dropped"
SORTING, UNDOING, UNDONE = "sorting", "undoing", "undone"
STATES = {
    READING: "Sedang dinilai",
    STAGED: "Ditinjau",
    PUBLISHING: "Sedang dimasukkan",
    PUBLISHED: "Sudah dimasukkan",
    SORTING: "Sedang dipilah",
    UNDOING: "Sedang dibatalkan",
    UNDONE: "Dibatalkan",
    DROPPED: "Tidak jadi",
}
AT_ONCE, WHEN_RAISED = "series", "raised"
NUMBERINGS = {AT_ONCE: "Langsung dari seri nomor register", WHEN_RAISED: "Saat dinaikkan ke Kepala Dinas"}

NEW, KNOWN, CHANGED, REPEAT, FORWARDED = "new", "known", "changed", "repeat", "forwarded"
CLOSED, SHORT, REFUSED = "closed", "short", "refused"
VERDICTS = {
    NEW: "Baru",
    KNOWN: "Sudah ada",
    CHANGED: "Sudah ada, isinya berubah",
    CLOSED: "Sudah ada, kini dijawab",
    REPEAT: "Berulang dalam berkas",
    FORWARDED: "Untuk instansi lain",
    SHORT: "Pendek, perlu dilihat",
    REFUSED: "Ditolak",
}
TAKE, DUPLICATE, FORWARD, NOTE, SKIP = "take", "duplicate", "forward", "note", "skip"
CLOSE = "close"
CARRIED, CARRIED_DATE = "carried", "carried_date"  # `why`: the case got its answer from this row, or only the date
ENDED = "ended"  # value of `why`: changed content could not be recorded
WORKED_ON, ANSWERED_BEFORE = "worked_on", "told_before"  # values of `why`: the answer could not close its case
PUBLISHED_BY = (TAKE, DUPLICATE, FORWARD)  # decisions that create a case
DECISIONS = {
    TAKE: "Masukkan",
    DUPLICATE: "Masukkan sebagai duplikat",
    FORWARD: "Masukkan sebagai diteruskan",
    CLOSE: "Tutup dengan jawabannya",
    NOTE: "Catat sebagai keterangan",
    SKIP: "Lewati",
}
PROPOSED = {
    NEW: TAKE,
    KNOWN: SKIP,
    CHANGED: SKIP,
    CLOSED: CLOSE,
    REPEAT: DUPLICATE,
    FORWARDED: FORWARD,
    SHORT: TAKE,
    REFUSED: SKIP,
}


class ImportMapping(Model):
    """A named mapping of a file's columns to fields, made by the office."""

    proof = ""  # not proven: the imported data are in the history of each case

    name = pw.CharField(verbose_name="Nama", max_length=80, unique=True)
    medium = pw.ForeignKeyField(Medium, verbose_name="Media pengaduan", on_delete="RESTRICT")
    head = pw.CharField(max_length=200)
    columns = Json()
    closed = Json()

    @property
    def form(self) -> FileForm:
        """The mapping as a FileForm."""
        columns = {field: tuple(heads) for field, heads in self.columns.items()}
        key = f"mapping:{self.id}"
        return FileForm(key, str(self.name), str(self.medium.code), str(self.head), columns, tuple(self.closed))


class ImportBatch(Model):
    """One imported file: name, hash, user and progress. Its rows are encrypted under a key of its own."""

    proof = ""  # as for mappings
    not_digested = ("public_id", "wrapped")

    public_id = pw.CharField(max_length=32, unique=True)
    file = pw.CharField(verbose_name="Berkas", max_length=200)
    sha256 = pw.CharField(max_length=64)
    form = pw.CharField(verbose_name="Jenis berkas", max_length=40)
    zone = pw.CharField(verbose_name="Zona waktu", max_length=20)
    by = pw.ForeignKeyField(User, verbose_name="Oleh", on_delete="RESTRICT")
    staged_at = Moment(verbose_name="Dibaca pada")
    state = pw.CharField(verbose_name="Keadaan", max_length=20, choices=tuple(STATES.items()), default=STAGED)
    numbering = pw.CharField(verbose_name="Nomor register", max_length=10, default=WHEN_RAISED)
    lifts = pw.BooleanField(verbose_name="Sembunyikan NIK dan nomor telepon", default=True)
    signed = pw.CharField(max_length=300, default="")  # the publisher as named in the history
    published_at = Moment(verbose_name="Dimasukkan pada", null=True)
    undone_at = Moment(verbose_name="Dibatalkan pada", null=True)
    done = pw.IntegerField(default=0)  # last line published or undone; while reading, the number of rows classified
    total = pw.IntegerField(default=0, constraints=[pw.SQL("DEFAULT 0")])  # rows of the file, while reading
    mended = pw.IntegerField(default=0, constraints=[pw.SQL("DEFAULT 0")])  # rows with repaired encoding
    lifted = pw.IntegerField(default=0, constraints=[pw.SQL("DEFAULT 0")])  # rows with personal numbers
    asked = pw.TextField(default="", constraints=[pw.SQL("DEFAULT ''")])  # the pending bulk change, while sorting
    wrapped = pw.BlobField(null=True)  # the key of its rows; None once finished

    @property
    def state_label(self) -> str:
        return STATES[self.state]


class ImportRow(Model):
    """One row: verdict, decision and resulting case. Its content is encrypted, and deleted once published."""

    in_digest = False  # the resulting case is what is compared

    batch = pw.ForeignKeyField(ImportBatch, on_delete="RESTRICT", index=False)
    line = pw.IntegerField(verbose_name="Baris")
    verdict = pw.CharField(verbose_name="Putusan", max_length=10, choices=tuple(VERDICTS.items()))
    why = pw.CharField(max_length=20, default="")
    decision = pw.CharField(verbose_name="Tindakan", max_length=10, choices=tuple(DECISIONS.items()))
    of_line = pw.IntegerField(null=True)  # line of the row that it repeats
    known = pw.ForeignKeyField(Complaint, null=True, on_delete="RESTRICT", backref="import_rows")
    text_mark = pw.BigIntegerField()  # keyed hashes of its content, to compare it with later files
    status_mark = pw.BigIntegerField()
    received_at = Moment(null=True)
    closed = pw.BooleanField(default=False, constraints=[pw.SQL("DEFAULT FALSE")])  # closed according to the file
    institution = pw.CharField(verbose_name="Instansi", max_length=200, default="", constraints=[pw.SQL("DEFAULT ''")])
    topic = pw.CharField(verbose_name="Topik", max_length=200, default="", constraints=[pw.SQL("DEFAULT ''")])
    kecamatan = pw.CharField(verbose_name="Kecamatan", max_length=60, default="", constraints=[pw.SQL("DEFAULT ''")])
    sealed = pw.BlobField(null=True)
    became = pw.ForeignKeyField(
        Complaint, verbose_name="Pengaduan", null=True, on_delete="RESTRICT", backref="import_row"
    )

    class Meta:
        indexes = (
            (("batch", "line"), True),
            (("batch", "verdict", "line"), False),
            (("text_mark",), False),
        )


class ImportTopic(Model):
    """The category assigned to a topic, for all files of one kind."""

    proof = ""  # as for mappings

    form = pw.CharField(max_length=40)
    topic = pw.CharField(verbose_name="Topik", max_length=200)
    category = pw.ForeignKeyField(Category, verbose_name="Kategori", on_delete="RESTRICT")

    class Meta:
        indexes = ((("form", "topic"), True),)


def form_of(key: str) -> FileForm:
    """The FileForm of this key: a built-in one, or one mapped by the office."""
    return FORMS[key] if key in FORMS else ImportMapping.get_by_id(int(key.partition(":")[2])).form


PORTION = 500  # topics per statement
TERM_FIELDS = {
    "institution": "office",
    "topic": "topic",
    "kecamatan": "kecamatan",
}  # field of IncomingCase by column of the row


@lru_cache(maxsize=10_000)
def clear_term(text: str) -> str:
    """A term as stored unencrypted: in one line, without personal numbers."""
    return " ".join(LiftedNumbers().without_numbers(text).split())


@dataclass
class TermSpelling:
    """The terms of one file, each in the spelling of its first occurrence."""

    first: dict[tuple[str, str], str] = field(default_factory=dict)

    def columns_of(self, case: IncomingCase) -> Columns:
        """The columns by which rows are grouped."""
        columns = {}
        for name, attribute in TERM_FIELDS.items():
            term = clear_term(getattr(case, attribute))[: getattr(ImportRow, name).max_length].rstrip()
            columns[name] = self.first.setdefault((name, term_key(term)), term)
        return columns


def topic_key(topic: str) -> str:
    """Key for comparing spellings of a topic."""
    return term_key(clear_term(topic))


def store_topics(form: str, categories: Mapping[str, int | None]) -> None:
    """Store the categories of these topics for this kind of file; None: no category."""
    with database.atomic():
        topics = list(categories)
        for start in range(0, len(topics), PORTION):
            some = topics[start : start + PORTION]
            ImportTopic.delete().where((ImportTopic.form == form) & ImportTopic.topic.in_(some)).execute()
        rows = [{"form": form, "topic": t, "category": category} for t, category in categories.items() if category]
        insert_rows(ImportTopic, rows)


def topic_categories(form: str) -> dict[str, int]:
    """Category ids by topic."""
    rows = ImportTopic.select(ImportTopic.topic, ImportTopic.category).where(ImportTopic.form == form)
    return dict(rows.tuples())


RETENTION = timedelta(days=1)
LONGEST_NAME = 200
_FILE, _HEADS = "file", "heads"


class AwaitingFile(Model):
    """An uploaded file that waits for a column mapping, encrypted under its own key, which is deleted with the row."""

    proof = ""  # no case depends on it yet
    in_digest = False
    survives_restore = False

    public_id = pw.CharField(max_length=32, unique=True)
    by = pw.ForeignKeyField(User, unique=True, on_delete="RESTRICT")
    name = pw.CharField(max_length=LONGEST_NAME)
    zone = pw.CharField(max_length=20)
    came_at = Moment(index=True)
    wrapped = pw.BlobField()
    heads = pw.BlobField()
    content = pw.BlobField()

    @property
    def until(self) -> datetime:
        came: datetime = self.came_at
        return came + RETENTION

    def stored_headings(self) -> list[str]:
        """The headings of its columns."""
        heads: list[str] = orjson.loads(self._seal().open_text(_HEADS, self.heads))
        return heads

    def opened(self) -> bytes:
        """Its decrypted bytes."""
        return self._seal().open(_FILE, self.content)

    def _seal(self) -> seal.Seal:
        return seal.ring().open_case(self.public_id, self.wrapped)


def store_waiting_file(data: bytes, name: str, zone: str, heads: Sequence[str], by: User, at: datetime) -> AwaitingFile:
    """Store a file in place of the user's waiting one. Personal numbers are removed from its name."""
    public_id = secrets.token_urlsafe(12)
    wrapped, key = seal.ring().new_case_key(public_id)
    sealed_heads, sealed = key.close_text(_HEADS, orjson.dumps(list(heads)).decode()), key.close(_FILE, data)
    with database.atomic():
        delete_expired_files(at)
        AwaitingFile.delete().where(AwaitingFile.by == by).execute()
        waiting: AwaitingFile = AwaitingFile.create(
            public_id=public_id,
            by=by,
            name=LiftedNumbers().without_numbers(visible_text(name))[-LONGEST_NAME:],
            zone=zone,
            came_at=at,
            wrapped=wrapped,
            heads=sealed_heads,
            content=sealed,
        )
    return waiting


def waiting_file(by: User, at: datetime, public_id: str = "") -> AwaitingFile | None:
    """The user's waiting file, with this public id or any; its content is not loaded, see `content_of`."""
    light = [field for field in AwaitingFile._meta.sorted_fields if field.name != "content"]
    mine = (AwaitingFile.by == by) & (AwaitingFile.came_at > at - RETENTION)
    wanted = mine & (AwaitingFile.public_id == public_id) if public_id else mine
    file: AwaitingFile | None = AwaitingFile.select(*light).where(wanted).first()
    return file


def content_of(waiting: AwaitingFile) -> bytes:
    """Its decrypted bytes; empty if it was deleted meanwhile."""
    row = AwaitingFile.get_or_none(AwaitingFile.id == waiting.id)
    return row.opened() if row else b""


def delete_waiting_file(waiting: AwaitingFile) -> bool:
    """Delete a file with its key; whether it still existed."""
    return bool(AwaitingFile.delete().where(AwaitingFile.id == waiting.id).execute())


def delete_expired_files(at: datetime) -> None:
    """Delete the expired files."""
    AwaitingFile.delete().where(AwaitingFile.came_at <= at - RETENTION).execute()
