"""The only writer of transitions: `advance` moves many complaints at once, refusing each separately; and previews."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from models.case import attachments
from models.case import blanks as case_blanks
from models.case.case import Case, load
from models.complaint.complaint import Complaint
from models.complaint.number import numbers_by_series, typed_objection
from models.complaint.scope import viewer
from models.office import decree
from models.office.calendar import clock
from models.office.lists import Category
from models.office.people import User
from models.records.base import Blanks
from models.store.base import database, now
from models.store.uploads import Piece
from models.workflow.effects import compute_columns
from models.workflow.moves import Move
from models.workflow.write import write, write_draft
from sop import rules
from sop.access import HANDLER, SUBMITTER
from sop.clock import WIB
from sop.procedure import Transition
from sop.vocabulary import vocabulary

NOT_FOUND = "Pengaduan tidak ditemukan."


@dataclass
class Outcome:
    """Result of a step: ids of moved complaints, refusal sentences by id, public ids of the papers issued."""

    done: list[int] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    papers: list[str] = field(default_factory=list)
    cases: dict[int, Case] = field(default_factory=dict)  # those visible to the user, as they are after the step


def advance(
    ids: Iterable[int],
    transition: str,
    *,
    by: User,
    versions: Mapping[int, int] | None = None,
    at: datetime | None = None,
    pieces: Sequence[Piece] = (),
    book_number: str = "",
    leaver: User | None = None,
    deputy_reason: str = "",
    blanks: Blanks | None = None,
) -> Outcome:
    """Perform a transition on complaints in one transaction; a complaint that may not move is refused separately.

    `versions` are those shown on the user's page, by id; `at` is the moment (aware, default now); `blanks` are values
    by field name of the transition's record, and missing ones are taken from each case's draft or proposal. `pieces` of
    evidence are attached to the only case of the call; `book_number` is its number in the office's paper register.
    `leaver` is the user from whom the cases are taken: the user chosen in `blanks` replaces only him. `deputy_reason`,
    a key of `decree.REASONS_DESPITE_DEPUTY`, is why the holder of a post decides himself while his Plh. is in force.
    """
    step, moment = vocabulary().transitions[transition], (at or now()).astimezone(WIB)
    with database.atomic():
        who = viewer(User.get_by_id(by.id), moment.date())
        wanted = sorted(set(ids))
        cases = load(wanted, who.user, moment, who=who)
        outcome = Outcome(refused={i: NOT_FOUND for i in wanted if i not in cases}, cases=cases)
        whole = case_blanks.with_whole_numbers(step, blanks or {}, who.user)
        typed = {
            i: case_blanks.with_replacement(case, step, whole, leaver.id) if leaver else whole
            for i, case in cases.items()
        }
        moves = _moves(cases, step, versions or {}, typed, pieces, deputy_reason, outcome)
        moves = _with_number(moves, step, book_number, outcome)
        outcome.papers = write(moves, who, moment, pieces)
        outcome.done = [m.case.complaint.id for m in moves]
    return outcome


def _moves(
    cases: dict[int, Case],
    step: Transition,
    versions: Mapping[int, int],
    typed: Mapping[int, Blanks],
    pieces: Sequence[Piece],
    deputy_reason: str,
    outcome: Outcome,
) -> list[Move]:
    lists, office_clock, moves = case_blanks.reasons(), clock(), []
    known: case_blanks.Known = set()
    for number, case in cases.items():
        filled, deputy = {}, case.deputy(step)
        sentence = rules.refusal(step, case.facts(versions.get(number)))
        sentence = sentence or decree.deputy_objection(deputy, deputy_reason, case.complaint.number)
        if not sentence:
            filled = case_blanks.filled_blanks(case, step, typed[number])
            sentence = case_blanks.objection(case, step, filled, lists, known) or _bad_files(
                case, step, list(cases), pieces
            )
        if sentence:
            outcome.refused[number] = sentence
        else:
            entry = decree.deputy_entry(deputy, deputy_reason)
            moves.append(compute_columns(Move(case, step, filled, case.at, office_clock, deputy_entry=entry)))
    return moves


def _with_number(moves: list[Move], step: Transition, typed: str, outcome: Outcome) -> list[Move]:
    """The moves with the typed number assigned; an empty list, each refused with a sentence, if it is not valid."""
    if not typed.strip() or not moves:
        return moves
    sentence = _number_objection(moves, step, typed)
    if sentence:
        outcome.refused |= {m.case.complaint.id: sentence for m in moves}
        return []
    moves[0].typed = typed.strip()
    return moves


def _number_objection(moves: list[Move], step: Transition, typed: str) -> str:
    case = moves[0].case.complaint.id
    if not step.series or len(moves) > 1:
        return "Nomor dari buku kantor diisi untuk satu dokumen saja."
    existing = numbers_by_series([case])[case].get(step.series)
    return f"Sudah bernomor {existing.text}." if existing else typed_objection(step.series, typed)


def _bad_files(case: Case, step: Transition, ids: list[int], pieces: Sequence[Piece]) -> str:
    return attachments.objection(step, ids, pieces, case.settings["evidence.count"])


def check_cases(
    ids: Iterable[int],
    transition: str,
    *,
    by: User,
    versions: Mapping[int, int] | None = None,
    at: datetime | None = None,
    brief: bool = False,
) -> tuple[dict[int, Case], dict[int, str]]:
    """Preview of a step: the cases that the user may see, and the refusal sentence of each that cannot move. `brief`
    as in `load`, for checking very many cases of which few are displayed."""
    step, moment = vocabulary().transitions[transition], (at or now()).astimezone(WIB)
    cases = load(sorted(set(ids)), by, moment, brief=brief)
    sentences = {i: rules.refusal(step, case.facts((versions or {}).get(i))) for i, case in cases.items()}
    return cases, {i: sentence for i, sentence in sentences.items() if sentence}


def draft_refusal(case: Case, step: Transition, version: int | None = None) -> str:
    """The sentence why the user cannot edit a draft of the step, "" if he can. Users who handle the case may draft what
    the head of the unit submits later."""
    if not step.draft:
        return f"“{step.label}” tidak memakai konsep."
    facts = replace(case.facts(version), paper_objection="")  # nothing is issued yet
    relations = facts.relations | {SUBMITTER} if HANDLER in facts.relations else facts.relations
    return rules.refusal(step, replace(facts, relations=relations))


def save_draft(
    complaint: int,
    transition: str,
    *,
    by: User,
    version: int | None = None,
    at: datetime | None = None,
    pieces: Sequence[Piece] = (),
    blanks: Blanks | None = None,
) -> Outcome:
    """Save the draft of a transition's record ("Simpan konsep"); refused for the same reasons as the transition."""
    step, moment = vocabulary().transitions[transition], (at or now()).astimezone(WIB)
    with database.atomic():
        who = viewer(User.get_by_id(by.id), moment.date())
        case = load([complaint], who.user, moment, who=who).get(complaint)
        if case is None:
            return Outcome(refused={complaint: NOT_FOUND})
        sentence = draft_refusal(case, step, version)
        filled = {} if sentence else case_blanks.draft_blanks(step, case_blanks.filled_blanks(case, step, blanks or {}))
        sentence = (
            sentence or case_blanks.draft_objection(case, step, filled) or _bad_files(case, step, [complaint], pieces)
        )
        if sentence:
            return Outcome(refused={complaint: sentence})
        write_draft(case, step, filled, who, moment, pieces)
    return Outcome(done=[complaint])


def previewed_move(case: Case, step: Transition, typed: Blanks) -> Move:
    """The move that `advance` would write for this case; the rules are not checked and nothing is written."""
    return compute_columns(Move(case, step, case_blanks.filled_blanks(case, step, typed), case.at, clock()))


def case_after(move: Move) -> Case:
    """The case with the columns of the move applied, and its category loaded again."""
    complaint = Complaint(**move.case.complaint.__data__)
    for name, value in move.columns.items():
        setattr(complaint, name, value)
    return replace(move.case, complaint=complaint, category=Category.get_by_id(complaint.category_id))
