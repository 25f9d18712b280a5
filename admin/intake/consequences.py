"""The effects of a correction in words, before it is saved: deadlines, the proposed unit, readers, papers."""

from dataclasses import dataclass

from models.case.blanks import filled_blanks, record_of
from models.case.case import Case
from models.case.clocks import CASE_CLOCKS, binding_deadline
from models.complaint.complaint import Complaint
from models.office.people import Division, User
from models.reading.accesses import sight_change
from models.records.amending import ChangeInWords, amended, changes_in_words
from models.records.base import Blanks
from models.workflow.moves import Move
from models.workflow.workflow import case_after, previewed_move
from sop.access import ROLES
from sop.flow import current_procedure
from sop.procedure import Transition
from sop.vocabulary import RECEIVE
from sop.words import format_date

UNIT = "unit"  # the blank of the awaited act with the unit that handles the case
MOST_NAMED = 12
REVISED = "{} terbit lagi dengan isi yang baru; yang lama tetap tersimpan."
PROMISED = "Tanggal yang dijanjikan"
UNREVISED = "Dokumen yang sudah terbit tidak berubah."


@dataclass(frozen=True)
class Consequences:
    """What changes, and the effects of it."""

    changes: list[ChangeInWords]
    times: list[tuple[str, str, str]]  # label, before, after
    gained: list[str]
    lost: list[str]
    own_sight_lost: bool  # whether the user who corrects can no longer read the case
    papers: str


def consequences_of(case: Case, step: Transition, blanks: Blanks) -> Consequences:
    """The effects of the step, computed by the code that performs it."""
    move = previewed_move(case, step, blanks)
    after = case_after(move)
    sight = sight_change(case.complaint, after.complaint)
    reissues = step.papers and (not step.only_first or case.complaint.state == case.procedure.first)
    return Consequences(
        changes_in_words(amended(case.complaint, blanks["new_value"]).changes),
        [*_deadlines(case.complaint, after.complaint), *_first_row(move), *_proposal(case, after)],
        _names(sight.gained),
        _names(sight.lost),
        case.user.id in [user.id for user in sight.lost],
        REVISED.format(" dan ".join(paper.title for paper in step.papers)) if reissues else UNREVISED,
    )


def _deadlines(before: Complaint, after: Complaint) -> list[tuple[str, str, str]]:
    """The promised date and the clocks of the case, where they change."""
    promised = (PROMISED, binding_deadline(before).words, binding_deadline(after).words)
    ends = [
        (c.name.capitalize(), *(format_date(getattr(case, c.column)) for case in (before, after))) for c in CASE_CLOCKS
    ]
    return [(label, old, new) for label, old, new in [promised, *ends] if old != new]


def _first_row(move: Move) -> list[tuple[str, str, str]]:
    """Whether the clock of the first row runs, where that changes."""
    label = f"Jam SOP baris {current_procedure().row_no(RECEIVE)}"
    runs, stopped = f"dihitung ({current_procedure().rows[0].norm})", "tidak dihitung"
    if move.dropped:
        return [(label, runs, stopped)]
    return [(label, stopped, runs)] if move.begun else []


def _proposal(before: Case, after: Case) -> list[tuple[str, str, str]]:
    """The unit that the awaited act would propose, where it changes."""
    old, new = _proposed_unit(before), _proposed_unit(after)
    if old == new:
        return []
    names = dict(Division.select(Division.id, Division.name).tuples())
    return [("Unit kerja yang diusulkan", names.get(old, "–"), names.get(new, "–"))]


def _proposed_unit(case: Case) -> int | None:
    awaited = case.awaited_act
    if awaited is None or record_of(awaited) is None:
        return None
    unit: int | None = filled_blanks(case, awaited, {}).get(UNIT)
    return unit


def _names(people: list[User]) -> list[str]:
    """The first MOST_NAMED people by name and unit, and the number of the rest."""
    named = [f"{user.name} ({user.division.name if user.division_id else ROLES[user.role]})" for user in people]
    rest = len(named) - MOST_NAMED
    return [*named[:MOST_NAMED], f"dan {rest} orang lain"] if rest > 0 else named
