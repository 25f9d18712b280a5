"""Publishing a file: its rows become cases in order, one transaction per portion; an interrupted run is continued."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from models.case.attachments import actor_with_title
from models.case.casetext import main_row
from models.complaint import event, number
from models.complaint.complaint import BlindIndex, CaseKey, Complaint, Person, Run
from models.complaint.lookup import marks_of
from models.complaint.repeats import Likeness, marks_of_case
from models.complaint.scope import viewer
from models.complaint.search_text import WRITTEN, add_texts
from models.imports.batches import (
    CLOSE,
    DUPLICATE,
    NOTE,
    PUBLISHED,
    PUBLISHED_BY,
    PUBLISHING,
    REPEAT,
    STAGED,
    TAKE,
    ImportBatch,
    ImportRow,
)
from models.imports.changing import carry_answers, record_changes
from models.imports.composing import CaseComposer, Content, ImportedCase, still_unknown
from models.imports.stage import forget_rows, opened_cases
from models.office.people import User, posts_by_unit
from models.records.in_words import frozen_blanks
from models.store.base import Columns, database, insert_rows, run_many
from models.store.rowhash import record_hashes_before_change
from models.store.seal import Seal, ring
from models.workflow.moves import run_columns
from models.workflow.write import ConcurrentUpdate
from sop.clock import WIB
from sop.procedure import PETUGAS
from sop.vocabulary import DUPLICATED, IMPORTED, REGISTER

MOST_NOTES = 30  # rows of a portion recorded in existing cases: each may be an act of its own
PORTION = 150  # rows per transaction: well under two seconds, so that other writers do not wait long
ONLY = "Berkas dimasukkan oleh petugas yang membacanya."
NOT_STAGED = "Berkas ini tidak menunggu untuk dimasukkan."
Progress = Callable[[int], object]


def begin(batch: ImportBatch, *, by: User, at: datetime, numbering: str, lifts: bool = True, through: str = "") -> str:
    """Start publishing a file, which `publish` then does in any process. The sentence why not, "" if started.

    `through` follows the user's name in the history if he did not use the panel's pages.
    """
    with database.atomic():
        who = viewer(User.get_by_id(by.id), at.astimezone(WIB).date())
        if PETUGAS not in who.lanes or batch.by_id != by.id:
            return ONLY
        signed = f"{actor_with_title(who, posts_by_unit(who.day), ())}{through}"
        waits = (ImportBatch.id == batch.id) & (ImportBatch.state == STAGED)
        columns = {"numbering": numbering, "lifts": lifts, "signed": signed, "published_at": at, "state": PUBLISHING}
        return "" if ImportBatch.update(**columns).where(waits).execute() else NOT_STAGED


def publish(batch: int, progress: Progress = lambda done: None) -> int:
    """Publish the remaining rows in portions; the number of rows. `progress` is called with the sum after each."""
    made = 0
    while (portion := publish_portion(batch)) is not None:
        made += portion
        progress(made)
    return made


def publish_portion(number_of_batch: int) -> int | None:
    """Publish the next rows in one transaction; their number. None if nothing is left to do."""
    with database.atomic():
        batch = ImportBatch.get_by_id(number_of_batch)
        if batch.state != PUBLISHING:
            return None
        rows = _next_rows(batch)
        if not rows:
            forget_rows(batch, PUBLISHED)
            return None
        _advance_cursor(batch, rows[-1].line)
        _take_without_head(batch, rows)
        composer = CaseComposer(batch)
        opened = [(row, case) for row, case in zip(rows, opened_cases(batch, rows), strict=True) if case]
        contents = still_unknown(batch, opened)
        _write(composer.composed_all(_decided(contents, PUBLISHED_BY)), composer)
        carry_answers(_decided(contents, (CLOSE,)), composer)
        record_changes(_decided(contents, (NOTE,)), composer)
        _point_at_heads(batch, [row.line for row in rows])
        batch.done = rows[-1].line
        if not _next_rows(batch):  # finished in the same transaction as its last row
            forget_rows(batch, PUBLISHED)
    return len(contents)


def _decided(contents: Sequence[Content], decisions: Collection[str]) -> list[Content]:
    return [(row, case) for row, case in contents if row.decision in decisions]


def _next_rows(batch: ImportBatch) -> list[ImportRow]:
    ahead = (ImportRow.batch == batch) & (ImportRow.line > batch.done)
    wanted = ahead & ImportRow.decision.in_([*PUBLISHED_BY, CLOSE, NOTE]) & ImportRow.sealed.is_null(False)
    rows = list(ImportRow.select().where(wanted).order_by(ImportRow.line).limit(PORTION))
    notes = [place for place, row in enumerate(rows, 1) if row.decision == NOTE]
    return rows[: notes[MOST_NOTES - 1]] if len(notes) >= MOST_NOTES else rows


def _take_without_head(batch: ImportBatch, rows: Sequence[ImportRow]) -> None:
    """Publish a duplicate as an ordinary case if the row that it repeats does not become a case."""
    repeats = [row for row in rows if row.decision == DUPLICATE]
    heads = {row.line for row in _firsts(batch, repeats) if row.known_id or row.decision in PUBLISHED_BY}
    for row in repeats:
        row.decision = row.decision if row.of_line in heads else TAKE


def _firsts(batch: ImportBatch, repeats: Sequence[ImportRow]) -> list[ImportRow]:
    """The rows that these repeat, as stored."""
    lines = ImportRow.line.in_([row.of_line for row in repeats])
    return list(ImportRow.select().where((ImportRow.batch == batch) & lines)) if repeats else []


def _advance_cursor(batch: ImportBatch, line: int) -> None:
    """Compare-and-set: ConcurrentUpdate if another process has published these rows."""
    unchanged = (ImportBatch.id == batch.id) & (ImportBatch.done == batch.done) & (ImportBatch.state == PUBLISHING)
    if not ImportBatch.update(done=line).where(unchanged).execute():
        raise ConcurrentUpdate


def _write(cases: Sequence[ImportedCase], composer: CaseComposer) -> None:
    if not cases:
        return
    drawn = _draw_numbers(cases, composer)
    insert_rows(Complaint, [case.columns for case in cases])
    ids = _ids_of(cases)
    if drawn:
        numbered = [(ids[case.row.line], 1) for case in cases if composer.takes_number(case)]
        number.bind(REGISTER, drawn, numbered, composer.at)
    if lifted := sum(bool(case.numbers) for case in cases):
        of_file = ImportBatch.id == composer.batch.id
        ImportBatch.update(lifted=ImportBatch.lifted + lifted).where(of_file).execute()
    keys = {ids[case.row.line]: ring().new_case_key(case.columns["public_id"]) for case in cases}
    insert_rows(CaseKey, [{"complaint": complaint, "wrapped": wrapped} for complaint, (wrapped, _) in keys.items()])
    seals = {complaint: key for complaint, (_, key) in keys.items()}
    _write_people(cases, ids, seals)
    _write_runs(cases, ids, composer)
    _write_marks(cases, ids)
    _mark_published(cases, ids)
    event.append([_entry(case, ids[case.row.line], composer) for case in cases], seals)


def _draw_numbers(cases: Sequence[ImportedCase], composer: CaseComposer) -> list[number.Drawn]:
    numbered = [case for case in cases if composer.takes_number(case)]
    if not numbered:
        return []
    drawn = number.draw(REGISTER, len(numbered), composer.at, composer.settings)
    for case, assigned in zip(numbered, drawn, strict=True):
        case.columns["number"] = assigned.text
    return drawn


def _ids_of(cases: Sequence[ImportedCase]) -> dict[int, int]:
    """Complaint ids by line."""
    public = {case.columns["public_id"]: case.row.line for case in cases}
    rows = Complaint.select(Complaint.id, Complaint.public_id).where(Complaint.public_id.in_(list(public)))
    return {public[public_id]: complaint for complaint, public_id in rows.tuples()}


def _write_people(cases: Sequence[ImportedCase], ids: dict[int, int], seals: dict[int, Seal]) -> None:
    """Insert the pengadu of each case, encrypted, and the search marks of his numbers and those in the texts."""
    people, marks = list[Columns](), list[Columns]()
    for case in cases:
        complaint = ids[case.row.line]
        sealed = {name: seals[complaint].close_text(f"pengadu.{name}", case.pengadu[name]) for name in Person.SEALED}
        people.append({**case.pengadu, **sealed, "complaint": complaint, "kind": "pengadu"})
        case_marks = [("pengadu", mark) for mark in marks_of(case.pengadu)]
        case_marks += [(WRITTEN, mark) for mark in dict.fromkeys(case.numbers.marks)]
        marks += [{"case": complaint, "person": kind, **mark._asdict()} for kind, mark in case_marks]
    insert_rows(Person, people)
    insert_rows(BlindIndex, marks)


def _write_runs(cases: Sequence[ImportedCase], ids: dict[int, int], composer: CaseComposer) -> None:
    waiting = [ids[case.row.line] for case in cases if case.is_open]
    insert_rows(Run, [run_columns(complaint, composer.first_run, composer.clock) for complaint in waiting])


def _write_marks(cases: Sequence[ImportedCase], ids: dict[int, int]) -> None:
    """Insert the marks for finding repeats and the search texts, as intake does."""
    likeness, texts = list[Columns](), []
    for case in cases:
        complaint, people = ids[case.row.line], {"pengadu": case.pengadu}
        likeness += [{"case": complaint, **mark._asdict()} for mark in marks_of_case(case.columns, people)]
        texts.append(main_row(complaint, case.columns, [case.pengadu["name"]], case.place))
    insert_rows(Likeness, likeness)
    add_texts(texts)


def _mark_published(cases: Sequence[ImportedCase], ids: dict[int, int]) -> None:
    """Store the case of each row and delete the row's content."""
    mark = database.param
    sql = f'UPDATE "import_row" SET "became_id" = {mark}, "sealed" = NULL WHERE "id" = {mark}'  # noqa: S608 - own names
    run_many(sql, [(ids[case.row.line], case.row.id) for case in cases])


def _point_at_heads(batch: ImportBatch, lines: Sequence[int]) -> None:
    """Set `duplicate_of` of the duplicates for which one of these lines was missing: a row may be above the row that it
    repeats in the file."""
    repeats = (ImportRow.batch == batch) & (ImportRow.verdict == REPEAT) & (ImportRow.decision == DUPLICATE)
    of_lines = ImportRow.line.in_(lines) | ImportRow.of_line.in_(lines)
    rows = list(ImportRow.select().where(repeats & of_lines & ImportRow.became.is_null(False)))
    heads = {row.line: row.became_id or row.known_id for row in _firsts(batch, rows)}
    pointing = [(head, row.became_id) for row in rows if (head := heads[row.of_line])]
    if not pointing:
        return
    record_hashes_before_change(Complaint, [complaint for _, complaint in pointing])
    mark = database.param
    sql = f'UPDATE "complaint" SET "duplicate_of_id" = {mark} WHERE "id" = {mark} AND "state" = {mark}'  # noqa: S608 - own names
    run_many(sql, [(head, complaint, DUPLICATED) for head, complaint in pointing])
    event.append_written()


def _entry(case: ImportedCase, complaint: int, composer: CaseComposer) -> Columns:
    """The history event of the import; its encrypted body has the numbers removed from the texts."""
    batch = composer.batch
    what = f"memasukkan dari berkas {composer.form.label} “{batch.file}”, baris {case.row.line}"
    numbers = {"numbers": vars(case.numbers)} if case.numbers else {}
    return {
        "at": composer.at,
        "user": batch.by_id,
        "who": batch.signed,
        "complaint": complaint,
        "act": IMPORTED,
        "state_to": case.columns["state"],
        "round": 1,
        "version": 1,
        "body": {"what": what, **frozen_blanks(case.texts), **numbers},
    }
