"""Bulk changes of imported cases that only imports have changed; answers from later files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import peewee as pw

from models.case.case import Case
from models.case.casetext import main_row_of
from models.case.clocks import RunSpan
from models.complaint import event
from models.complaint.complaint import ANSWERED, UNANSWERED, UNDATED, Complaint, Run
from models.complaint.repeats import words_of
from models.complaint.search_text import replace_main_text
from models.imports.batches import ANSWERED_BEFORE, CARRIED, CARRIED_DATE, ENDED, WORKED_ON, ImportRow
from models.imports.composing import CaseComposer, answer_elsewhere, closed_by
from models.imports.incoming import IncomingCase
from models.office.calendar import clock
from models.office.lists import Category
from models.office.people import User
from models.office.settings import values
from models.records.entry import followed_title, legal_dues, standard_title, uncountable
from models.records.in_words import frozen_blanks
from models.store.base import Columns, among
from models.workflow import workflow
from models.workflow.moves import Move, update_runs, write_runs
from models.workflow.write import write_states
from sop.flow import current_procedure
from sop.procedure import Transition
from sop.vocabulary import ADDS, IMPORT_ACTS, IMPORT_CHANGED, OUTSIDE, VOIDED
from sop.words import format_date

UPDATED = Transition(key=IMPORT_CHANGED, actor="", label="Perbarui dari impor", did="memperbarui pengaduan impor")


@dataclass(frozen=True)
class ImportedChange:
    """A change of a case: the new column values, the history's sentence, and further texts of the event by label."""

    columns: Columns
    what: str
    texts: Mapping[str, str] = field(default_factory=dict)


def is_untouched() -> pw.Expression:
    """Condition: the case was imported, and only imports have changed it since."""
    acts = event.Event.select(pw.SQL("1")).where(
        (event.Event.complaint == Complaint.id) & event.Event.act.not_in(IMPORT_ACTS)
    )
    return Complaint.imported & ~pw.fn.EXISTS(acts)


def untouched_among(ids: Sequence[int]) -> list[Complaint]:
    """The untouched cases among these that are not void, by id."""
    untouched = among(Complaint.id, ids) & (Complaint.state != VOIDED) & is_untouched()
    return list(Complaint.select().where(untouched).order_by(Complaint.id))


def moves_of(complaints: Sequence[Complaint], by: User, at: datetime, act: Transition) -> list[Move]:
    """A Move for each case that changes nothing yet but the version."""
    runs: dict[int, list[RunSpan]] = {}
    for run in Run.select().where(among(Run.complaint, (c.id for c in complaints))).order_by(Run.id):
        runs.setdefault(run.complaint_id, []).append(RunSpan.of(run))
    categories, office_clock = {category.id: category for category in Category.select()}, clock()
    moves = []
    for c in complaints:
        case = Case(c, categories[c.category_id], by, at, {}, runs=runs.get(c.id, []))
        move = Move(case, act, {}, at, office_clock, state_from=c.state, state_to=c.state)
        unchanged = ("state", "back", "state_since", "row_due_at", "row_late", "closed_at")
        move.columns = {
            **{name: getattr(c, name) for name in unchanged},
            "round": c.round,
            "version": c.version + 1,
            "last_by": by.id,
        }
        moves.append(move)
    return moves


def apply_changes(changes: Mapping[int, ImportedChange], *, by: User, who: str, at: datetime) -> set[int]:
    """Apply the changes of untouched cases; the ids of the changed ones. Call inside the transaction; `who` is the
    user as named in the history."""
    moves = moves_of(untouched_among(list(changes)), by, at, UPDATED)
    if not moves:
        return set()
    for move in moves:
        _apply_columns(move, changes[move.case.complaint.id].columns)
    titles = {move.case.complaint.id: move.case.complaint.title for move in moves}
    write_states(moves)
    write_runs(moves, at)
    for move in moves:
        if move.case.complaint.title != titles[move.case.complaint.id]:
            replace_main_text(main_row_of(move.case.complaint))
    entries = [_entry(move, changes[move.case.complaint.id], who) for move in moves]
    event.append(entries, event.open_seals(titles))
    return set(titles)


def _apply_columns(move: Move, columns: Columns) -> None:
    """Add this change to the move; a run that it ends is deleted, since no work was done in it."""
    c = move.case.complaint
    state = columns.get("state", c.state)
    if state != c.state:
        move.state_to = state
        move.columns |= {"back": c.state, "state_since": columns.get("closed_at") or move.at}
    move.columns |= columns
    update_runs(move)
    if move.ended:
        move.dropped, move.ended = [move.ended], None
        move.columns["row_late"] = c.row_late


def _entry(move: Move, change: ImportedChange, who: str) -> Columns:
    c = move.case.complaint
    return {
        "at": move.at,
        "user": move.case.user.id,
        "who": who,
        "complaint": c.id,
        "act": IMPORT_CHANGED,
        "state_from": move.state_from,
        "state_to": move.state_to,
        "round": c.round,
        "version": c.version,
        "body": {"what": change.what, **frozen_blanks(dict(change.texts))},
    }


def settled_outside(closed_at: datetime, elsewhere: str) -> Columns:
    """Columns of an open case that was settled outside the panel."""
    return {"state": OUTSIDE, "closed_at": closed_at, "elsewhere": elsewhere, **_NO_DUES}


def open_again(c: Complaint) -> Columns:
    """Columns that revert `settled_outside` and `given_away`."""
    return {"state": current_procedure().first, "closed_at": None, "elsewhere": "", **_dues(c, c.law_class)}


def given_away(passed_on: str, elsewhere: str, at: datetime) -> Columns:
    """Columns of an open case that belongs to another institution."""
    return {"state": passed_on, "closed_at": at, "elsewhere": elsewhere, **_NO_DUES}


def sorted_as(c: Complaint, category: Category) -> Columns:
    """Columns of a case that gets this category, with its defaults; a rahasia case stays rahasia."""
    secrecy = c.secrecy if c.secrecy == "rahasia" else category.secrecy
    columns = {"category": category.id, "law_class": category.law_class, "urgency": category.urgency}
    title = standard_title(category, c.kelurahan_id) if secrecy == "rahasia" else followed_title(c, secrecy)
    columns |= {"secrecy": secrecy, "title": title}
    return columns | (_dues(c, category.law_class) if c.state == current_procedure().first else {})


def _dues(c: Complaint, law_class: str) -> Columns:
    return _NO_DUES if uncountable(c.received_at) else legal_dues(clock(), c.received_at, law_class, values())


_NO_DUES: Columns = {"legal_due_at": None, "answer_due_at": None}


STATUS, ANSWER = "Status menurut {} kini: {}.", "Dijawab menurut {}: {}."
TEXT = "Uraian menurut {} kini:\n{}"
Content = tuple[ImportRow, IncomingCase]


def carry_answers(rows: Sequence[Content], composer: CaseComposer) -> None:
    """Close each case with the answer of its row; a case already worked on is not changed, which `why` records."""
    cases = {c.id: c for c in untouched_among([row.known_id for row, _ in rows])}
    changes, reasons = {}, {}
    for row, case in rows:
        known = cases.get(row.known_id)
        if known is not None and (columns := _answer_columns(known, case, composer)):
            reasons[row.known_id] = CARRIED_DATE if known.elsewhere == UNDATED else CARRIED
            what = f"mencatat jawaban dari berkas {composer.form.label} “{composer.batch.file}”, baris {row.line}"
            changes[row.known_id] = ImportedChange(columns, what, _event_texts(known, case, columns, composer))
    apply_changes(changes, by=composer.batch.by, who=composer.batch.signed, at=composer.at)
    for row, _ in rows:
        _settle(row, reasons.get(row.known_id, ANSWERED_BEFORE if row.known_id in cases else WORKED_ON))


def _answer_columns(c: Complaint, case: IncomingCase, composer: CaseComposer) -> Columns:
    """The columns changed by the answer; empty if it was already known."""
    elsewhere = answer_elsewhere(case, composer.at)
    closed = closed_by(case, elsewhere, c.received_at, composer.at)
    if closed is not None and c.state == current_procedure().first:
        return settled_outside(closed, elsewhere)
    is_new = c.elsewhere == UNANSWERED or (c.elsewhere == UNDATED and elsewhere == ANSWERED)
    return {"elsewhere": elsewhere, "closed_at": closed} if is_new else {}


def _event_texts(c: Complaint, case: IncomingCase, columns: Columns, composer: CaseComposer) -> Mapping[str, str]:
    """Texts of the event by label: date and status of the answer, and the story if it differs."""
    clean = composer.clean
    is_dated = columns["elsewhere"] == ANSWERED
    story = clean(case.story)
    labelled = {
        "Dijawab pada": format_date(columns["closed_at"]) if is_dated else case.answer_told,
        "Status menurut berkas": clean(case.status),
        "Uraian menurut berkas kini": "" if words_of(story) == words_of(c.__data__["story"]) else story,
    }
    return {label: text for label, text in labelled.items() if text}


def record_changes(rows: Sequence[Content], composer: CaseComposer) -> None:
    """Record the changed content of each row in its case: as a history event in an untouched case, else as a supplement
    if one may be added. If neither is possible, `why` records it."""
    cases = [row.known_id for row, _ in rows]
    stories = dict(Complaint.select(Complaint.id, Complaint.story).where(Complaint.id.in_(cases)).tuples())
    statements = {row.known_id: _statement(case, stories[row.known_id], composer) for row, case in rows}
    untouched = {c.id for c in untouched_among(list(statements))}
    source = f"mencatat isi baru dari berkas {composer.form.label} “{composer.batch.file}”"
    changes = {
        row.known_id: ImportedChange(
            {}, f"{source}, baris {row.line}", {"Isi menurut berkas": statements[row.known_id]}
        )
        for row, _ in rows
        if row.known_id in untouched
    }
    recorded = apply_changes(changes, by=composer.batch.by, who=composer.batch.signed, at=composer.at)
    for row, _ in rows:
        is_recorded = row.known_id in recorded or _add_supplement(row.known_id, statements[row.known_id], composer)
        _settle(row, row.why if is_recorded else ENDED)


def _add_supplement(complaint: int, statement: str, composer: CaseComposer) -> bool:
    blanks = {"source": composer.form.label, "statement": statement}
    return bool(workflow.advance([complaint], ADDS, by=composer.batch.by, at=composer.at, blanks=blanks).done)


def _settle(row: ImportRow, why: str) -> None:
    ImportRow.update(sealed=None, why=why).where(ImportRow.id == row.id).execute()


def _statement(case: IncomingCase, story: str, composer: CaseComposer) -> str:
    """Status, answer, and the story if it differs from the case's."""
    label, present = composer.form.label, composer.clean(case.story)
    labelled = (
        STATUS.format(label, composer.clean(case.status)) if case.status else "",
        ANSWER.format(label, composer.clean(case.answer_told)) if case.answer_told else "",
        TEXT.format(label, present) if words_of(present) != words_of(story) else "",
    )
    return "\n".join(filter(None, labelled)) or TEXT.format(label, present)
