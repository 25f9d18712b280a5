"""One complaint as a step page shows it: what is known of it, what was written, and why it cannot move, if so."""

from dataclasses import dataclass

from admin.kit.due import Marks, due_marks, due_words, limit_words, urgency_marks
from admin.step.records import RecordInWords, Returned, pengadu_name, records_in_words, return_words
from models.case.blanks import filled_blanks, record_of
from models.case.case import Case
from models.case.content import Composer
from models.complaint.complaint import Complaint
from models.records.fields import Words
from sop.procedure import Transition


@dataclass(frozen=True)
class StepRow:
    """A complaint on the step page; `why` says why the step cannot be done with it, `own` what is proposed for it."""

    case: Case
    why: str
    own: dict[str, Words]
    pengadu: str
    records: list[RecordInWords]
    returned: Returned | None
    due: str
    limit: str
    urgency: Marks
    late: Marks

    @property
    def complaint(self) -> Complaint:
        return self.case.complaint


def step_row(transition: Transition, case: Case, why: str, composer: Composer) -> StepRow:
    model, run = record_of(transition), case.run
    return StepRow(
        case,
        why,
        composer.in_words(model.key, filled_blanks(case, transition, {})) if model else {},
        pengadu_name(case),
        records_in_words(transition, case, composer),
        return_words(case, composer),
        due_words(case.complaint),
        limit_words(case.complaint),
        urgency_marks(case.complaint),
        due_marks(case.complaint, run.started_at if run else None),
    )
