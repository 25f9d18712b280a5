"""What a file says anew of a case that there is: added to it as a statement; nothing is overwritten."""

from collections.abc import Sequence

from models.import_.incoming import IncomingCase
from models.publishing.composing import CaseComposer
from models.staging.batches import ENDED, ImportRow
from models.staging.lifting import LiftedNumbers
from models.writer import workflow
from sop import flow

ADDING = next(step for step in flow.TRANSITIONS.values() if step.repeat == "adds")
STATUS, TEXT = "Status menurut {} kini: {}.", "Uraian menurut {} kini:\n{}"


def note_changes(rows: Sequence[tuple[ImportRow, IncomingCase]], composer: CaseComposer) -> None:
    """Note each in its case. Where that is at an end nothing can be added: the report says so."""
    for row, case in rows:
        outcome = _noted(row.known_id, _statement(case, composer), composer)
        why = row.why if outcome.done else ENDED
        ImportRow.update(sealed=None, why=why).where(ImportRow.id == row.id).execute()


def _noted(complaint: int, statement: str, composer: CaseComposer) -> workflow.Outcome:
    by, at, source = composer.batch.by, composer.at, composer.form.label
    return workflow.advance([complaint], ADDING.key, by=by, at=at, blanks={"source": source, "statement": statement})


def _statement(case: IncomingCase, composer: CaseComposer) -> str:
    label, clean = composer.form.label, LiftedNumbers().without_numbers if composer.batch.lifts else str
    status = STATUS.format(label, clean(case.status)) if case.status else ""
    return "\n".join(filter(None, [status, TEXT.format(label, clean(case.story))]))
