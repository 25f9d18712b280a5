"""What a later file says anew of a case that there is: its answer ends a case that nobody here has worked on; whatever
else is added to it, and nothing is overwritten."""

from collections.abc import Mapping, Sequence

from models.import_.incoming import IncomingCase
from models.publishing.changing import ImportedChange, apply_changes, settled_outside, untouched_among
from models.publishing.composing import CaseComposer, answer_elsewhere, closed_by
from models.search.likeness import words_of
from models.staging.batches import CARRIED, CARRIED_DATE, ENDED, TOLD_BEFORE, WORKED_ON, ImportRow
from models.store.base import Columns
from models.tables.complaint import ANSWERED, UNANSWERED, UNDATED, Complaint
from models.writer import workflow
from sop import flow
from sop.words import format_date

ADDING = next(step for step in flow.TRANSITIONS.values() if step.repeat == "adds")
STATUS, ANSWER = "Status menurut {} kini: {}.", "Dijawab menurut {}: {}."
TEXT = "Uraian menurut {} kini:\n{}"
Content = tuple[ImportRow, IncomingCase]


def carry_answers(rows: Sequence[Content], composer: CaseComposer) -> None:
    """End each case with the answer that its row tells; one that somebody here works on goes on, the report says so."""
    cases = {c.id: c for c in untouched_among([row.known_id for row, _ in rows])}
    changes, why = {}, {}
    for row, case in rows:
        known = cases.get(row.known_id)
        if known is not None and (columns := _answer_columns(known, case, composer)):
            why[row.known_id] = CARRIED_DATE if known.elsewhere == UNDATED else CARRIED
            changes[row.known_id] = ImportedChange(
                columns, _what(row, composer), _told_beside(known, case, columns, composer)
            )
    apply_changes(changes, by=composer.batch.by, who=composer.batch.signed, at=composer.at)
    for row, _ in rows:
        _settle(row, why.get(row.known_id, TOLD_BEFORE if row.known_id in cases else WORKED_ON))


def _answer_columns(c: Complaint, case: IncomingCase, composer: CaseComposer) -> Columns:
    """What of the case differs now that it is answered; nothing if that was known."""
    elsewhere = answer_elsewhere(case, composer.at)
    closed = closed_by(case, elsewhere, c.received_at, composer.at)
    if closed is not None and c.state == flow.FIRST:
        return settled_outside(closed, elsewhere)
    is_new = c.elsewhere == UNANSWERED or (c.elsewhere == UNDATED and elsewhere == ANSWERED)
    return {"elsewhere": elsewhere, "closed_at": closed} if is_new else {}


def _what(row: ImportRow, composer: CaseComposer) -> str:
    return f"mencatat jawaban dari berkas {composer.form.label} “{composer.batch.file}”, baris {row.line}"


def _told_beside(c: Complaint, case: IncomingCase, columns: Columns, composer: CaseComposer) -> Mapping[str, str]:
    """Beside it what the file says of the status and, where that is another one now, of the matter."""
    clean = composer.clean
    is_dated = columns["elsewhere"] == ANSWERED
    story = clean(case.story)
    labelled = {
        "Dijawab pada": format_date(columns["closed_at"]) if is_dated else case.answer_told,
        "Status menurut berkas": clean(case.status),
        "Uraian menurut berkas kini": "" if words_of(story) == words_of(c.__data__["story"]) else story,
    }
    return {label: text for label, text in labelled.items() if text}


def note_changes(rows: Sequence[Content], composer: CaseComposer) -> None:
    """Note each in its case: in the history of one that nobody here has worked on, else as a statement where one can be
    added. Where neither can be the report says so."""
    cases = [row.known_id for row, _ in rows]
    stories = dict(Complaint.select(Complaint.id, Complaint.story).where(Complaint.id.in_(cases)).tuples())
    statements = {row.known_id: _statement(case, stories[row.known_id], composer) for row, case in rows}
    untouched = {c.id for c in untouched_among(list(statements))}
    changes = {
        row.known_id: ImportedChange({}, _noted(row, composer), {"Isi menurut berkas": statements[row.known_id]})
        for row, _ in rows
        if row.known_id in untouched
    }
    noted = apply_changes(changes, by=composer.batch.by, who=composer.batch.signed, at=composer.at)
    for row, _ in rows:
        is_noted = row.known_id in noted or _is_stated(row.known_id, statements[row.known_id], composer)
        _settle(row, row.why if is_noted else ENDED)


def _noted(row: ImportRow, composer: CaseComposer) -> str:
    return f"mencatat isi baru dari berkas {composer.form.label} “{composer.batch.file}”, baris {row.line}"


def _settle(row: ImportRow, why: str) -> None:
    ImportRow.update(sealed=None, why=why).where(ImportRow.id == row.id).execute()


def _is_stated(complaint: int, statement: str, composer: CaseComposer) -> bool:
    by, at, source = composer.batch.by, composer.at, composer.form.label
    blanks = {"source": source, "statement": statement}
    return bool(workflow.advance([complaint], ADDING.key, by=by, at=at, blanks=blanks).done)


def _statement(case: IncomingCase, story: str, composer: CaseComposer) -> str:
    """Status, answer and, where that is another one than the case's, the matter."""
    label, now = composer.form.label, composer.clean(case.story)
    labelled = (
        STATUS.format(label, composer.clean(case.status)) if case.status else "",
        ANSWER.format(label, composer.clean(case.answer_told)) if case.answer_told else "",
        TEXT.format(label, now) if words_of(now) != words_of(story) else "",
    )
    return "\n".join(filter(None, labelled)) or TEXT.format(label, now)
