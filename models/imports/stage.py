"""Staging of a file: read, classified, and stored with its rows encrypted under the file's own key, for review."""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

import orjson
import peewee as pw

from models.complaint.scope import Viewer
from models.imports.batches import (
    DROPPED,
    READING,
    STAGED,
    VERDICTS,
    ImportBatch,
    ImportRow,
    LiftedNumbers,
    TermSpelling,
    form_of,
)
from models.imports.columns import FORMS, FileForm
from models.imports.incoming import IncomingCase, ReadMoment, incoming_cases
from models.imports.judging import JudgedRow, Progress, judged_rows
from models.imports.refused import HEADS_GONE, NO_ROWS, UnreadableFile
from models.imports.tables import FileTable, rows_of_file, table_under
from models.office.lists import Medium
from models.store import seal
from models.store.base import Columns, database, insert_rows
from models.store.uploads import visible_text

ZONES = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura", "UTC": "UTC"}
PORTION = 1_000  # rows per INSERT
LONGEST_NAME = 200


def table_of_file(data: bytes, form: FileForm) -> FileTable:
    """Parse a file as the table described by its form. UnreadableFile with a sentence if it is not one."""
    table = table_under(rows_of_file(data), form.head)
    if form.key not in FORMS and (gone := [heads[0] for heads in form.columns.values() if not table.has_any(heads)]):
        raise UnreadableFile(HEADS_GONE.format(", ".join(f"“{head}”" for head in gone)))
    if not any(cell.strip() for row in table.rows for cell in row):
        raise UnreadableFile(NO_ROWS)
    return table


def judged_table(
    table: FileTable,
    form: FileForm,
    zone: str,
    who: Viewer,
    at: datetime,
    progress: Progress = lambda done, total: None,
) -> list[JudgedRow]:
    """The rows of a table with their verdicts; nothing is written."""
    cases = list(incoming_cases(table, form, ZoneInfo(ZONES[zone])))
    return list(judged_rows(cases, Medium.get(Medium.code == form.medium), who, at, progress))


def judged_file(data: bytes, form: FileForm, zone: str, who: Viewer, at: datetime) -> list[JudgedRow]:
    """`judged_table` for a file; UnreadableFile as `table_of_file`."""
    return judged_table(table_of_file(data, form), form, zone, who, at)


def tally(rows: Iterable[JudgedRow]) -> dict[str, int]:
    """The number of rows under "rows", and by verdict."""
    verdicts = [row.verdict for row in rows]
    return {"rows": len(verdicts), **{verdict: verdicts.count(verdict) for verdict in VERDICTS}}


def stage(data: bytes, name: str, form: FileForm, zone: str, who: Viewer, at: datetime) -> ImportBatch:
    """Store a file's rows for review; UnreadableFile as `judged_file`, and then nothing is stored."""
    rows = judged_file(data, form, zone, who, at)
    with database.atomic():
        batch = begin_judging(data, name, form, zone, who, at)
        _store_rows(batch, rows)
    return batch


def judge(batch: ImportBatch, table: FileTable, who: Viewer) -> None:
    """Classify and store the rows of a batch created by `begin_judging`. Progress is in its `done` and `total`."""

    def progress(done: int, total: int) -> None:
        ImportBatch.update(done=done, total=total).where(ImportBatch.id == batch.id).execute()

    rows = judged_table(table, form_of(batch.form), batch.zone, who, batch.staged_at, progress)
    with database.atomic():
        _store_rows(batch, rows)


def _store_rows(batch: ImportBatch, rows: Sequence[JudgedRow]) -> None:
    """Store the rows for review, unless the batch was dropped meanwhile."""
    still_reading = (ImportBatch.id == batch.id) & (ImportBatch.state == READING)
    if (
        ImportBatch.update(state=STAGED, done=0, total=len(rows), mended=sum(row.case.mended for row in rows))
        .where(still_reading)
        .execute()
    ):
        key, spelling = batch_seal(batch), TermSpelling()
        for start in range(0, len(rows), PORTION):
            portion = rows[start : start + PORTION]
            insert_rows(ImportRow, [staged_row(batch, row, key, spelling) for row in portion])
        batch.state = STAGED


def begin_judging(data: bytes, name: str, form: FileForm, zone: str, who: Viewer, at: datetime) -> ImportBatch:
    """Create the batch of a parsed file, to be classified by `judge`."""
    public_id = secrets.token_urlsafe(12)
    wrapped, _ = seal.ring().new_case_key(public_id)
    batch: ImportBatch = ImportBatch.create(
        public_id=public_id,
        file=LiftedNumbers().without_numbers(visible_text(name))[-LONGEST_NAME:],
        sha256=sha256(data).hexdigest(),
        form=form.key,
        zone=zone,
        by=who.user,
        staged_at=at,
        state=READING,
        wrapped=wrapped,
    )
    return batch


def staged_row(
    batch: ImportBatch, row: JudgedRow, key: seal.Seal | None = None, spelling: TermSpelling | None = None
) -> Columns:
    """The columns of a row, with its content encrypted."""
    content = orjson.dumps(asdict(row.case)).decode()
    return {
        "batch": batch.id,
        "line": row.case.line,
        "verdict": row.verdict,
        "why": row.why,
        "decision": row.proposal,
        "of_line": row.of_line,
        "known": row.known,
        "text_mark": row.text_mark,
        "status_mark": row.status_mark,
        "received_at": row.case.received and row.case.received.at,
        "closed": row.case.closed,
        **(spelling or TermSpelling()).columns_of(row.case),
        "sealed": (key or batch_seal(batch)).close_text(_label(row.case.line), content),
    }


def _label(line: int) -> str:
    return f"row/{line}"


def batch_seal(batch: ImportBatch) -> seal.Seal:
    """The seal of a batch's rows; a GoneSeal once it is finished."""
    return seal.ring().open_case(batch.public_id, batch.wrapped) if batch.wrapped else seal.GoneSeal()


def opened_cases(batch: ImportBatch, rows: Sequence[ImportRow]) -> Iterator[IncomingCase | None]:
    """The content of each row; None if it is deleted."""
    key = batch_seal(batch)
    return (_incoming(key, row) if row.sealed and not key.is_gone else None for row in rows)


def _incoming(key: seal.Seal, row: ImportRow) -> IncomingCase:
    content: Columns = orjson.loads(key.open_text(_label(row.line), row.sealed))
    for name in ("received", "answered"):
        stored = content.get(name)
        content[name] = ReadMoment(datetime.fromisoformat(stored["at"]), stored["day_only"]) if stored else None
    return IncomingCase(**content)


def same_file(data: bytes, where: pw.Expression) -> ImportBatch | None:
    """The latest of these batches with the same file content."""
    same = ImportBatch.select().where(where & (ImportBatch.sha256 == sha256(data).hexdigest()))
    batch: ImportBatch | None = same.order_by(ImportBatch.id.desc()).first()
    return batch


def counts_of(batch: ImportBatch) -> dict[str, int]:
    """`tally` for a stored batch."""
    counted = ImportRow.select(ImportRow.verdict, pw.fn.COUNT(ImportRow.id)).where(ImportRow.batch == batch)
    by_verdict = dict(counted.group_by(ImportRow.verdict).tuples())
    return {"rows": sum(by_verdict.values()), **{verdict: by_verdict.get(verdict, 0) for verdict in VERDICTS}}


def forget_rows(batch: ImportBatch, state: str) -> None:
    """Finish a batch: delete the content of its rows and its key; the result of each row stays."""
    ImportRow.update(sealed=None).where((ImportRow.batch == batch) & ImportRow.sealed.is_null(False)).execute()
    ImportBatch.update(state=state, wrapped=None).where(ImportBatch.id == batch.id).execute()


def drop(batch: ImportBatch) -> bool:
    """Delete the rows of a batch that was not published; whether it was one."""
    with database.atomic():
        waits = (ImportBatch.id == batch.id) & ImportBatch.state.in_([READING, STAGED])
        if not ImportBatch.select().where(waits).exists():
            return False
        forget_rows(batch, DROPPED)
        ImportRow.delete().where(ImportRow.batch == batch.id).execute()
    return True
