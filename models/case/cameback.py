"""Why a case lies where it lies: the detour that brought it here, or had its text written anew, with what was said."""

from collections.abc import Iterator
from dataclasses import dataclass

from models.case.case import Case
from models.case.inhand import WrittenRecord
from models.records.registry import RECORDS
from sop import flow
from sop.procedure import BACK, LANES, SAME, Transition

_PASSING = (flow.HELD, BACK)  # where pauses and recalls lead: once over, what brought the case here before is why again


@dataclass(frozen=True)
class CameBack:
    """The act that brought a case back, and the record of what was said then."""

    act: Transition
    record: WrittenRecord

    @property
    def heading(self) -> str:
        """What was done, and by whose lane where the table names one: "Dikembalikan Kepala Dinas"."""
        return " ".join(filter(None, (self.act.done[1].capitalize(), LANES.get(self.act.actor))))

    @property
    def asks_anew(self) -> bool:
        """Whether a text is to be written anew."""
        return self.act.effect == "new_revision"


def came_back(case: Case) -> CameBack | None:
    """Why the case came back, for as long as the step that it came back to is awaited; None where nothing sent it."""
    detours = list(_detours(case))
    if not detours or detours[0].record.made_at != case.complaint.state_since:
        return _rewritten(case)
    if case.complaint.state == flow.HELD:
        return detours[0]
    return next((one for one in detours if one.act.to not in _PASSING), None) or (_rewritten(case) or detours[0])


def _detours(case: Case) -> Iterator[CameBack]:
    """The detours that moved the case since the last step of the main line that was not pulled back, the latest first.

    Only those whose record says something to whoever has the case now.
    """
    for record in reversed(case.made):
        act = flow.KNOWN[record.act]
        if flow.is_main(act) and not record.recalled:
            return
        if not flow.is_main(act) and act.to != SAME and RECORDS[record.key].gist:
            yield CameBack(act, record)


def _rewritten(case: Case) -> CameBack | None:
    """Why a text is written anew: until it is submitted, also after the first of its steps."""
    awaited = flow.TRANSITIONS.get(case.complaint.state)
    if case.complaint.revision == 1 or awaited is None or not awaited.draft:
        return None
    made = (CameBack(flow.KNOWN[record.act], record) for record in reversed(case.made))
    return next((one for one in made if one.asks_anew and one.record.leg == case.complaint.leg), None)
