"""What an act would change, worked out by the writer's own hands and written by nobody."""

from dataclasses import replace

from models.case import blanks as forms
from models.case.case import Case
from models.office.calendar import clock
from models.office.lists import Category
from models.records.base import Blanks
from models.tables.complaint import Complaint
from models.writer.columns import work_out
from models.writer.move import Move
from sop.procedure import Transition


def foreseen(case: Case, step: Transition, typed: Blanks) -> Move:
    """The move that `advance` would write for this case; nothing is asked of the rules, nothing is written."""
    return work_out(Move(case, step, forms.filled_blanks(case, step, typed), case.at, clock()))


def case_after(move: Move) -> Case:
    """The case as the move would leave it: its columns and its category."""
    complaint = Complaint(**move.case.complaint.__data__)
    for name, value in move.columns.items():
        setattr(complaint, name, value)
    return replace(move.case, complaint=complaint, category=Category.get_by_id(complaint.category_id))
