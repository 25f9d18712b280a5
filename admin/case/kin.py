"""Other cases as a case's page names them: those tied to it by hand, and those of the same people, accused or address;
each noted where that is asked."""

from dataclasses import dataclass, field

from admin.step.likely import LikelyCase, act_for, act_opened_with
from models.case.access_notes import note_list
from models.case.case import Case
from models.complaint.complaint import Complaint
from models.complaint.related import MOST, kin_of
from models.complaint.repeats import COLUMNS
from models.complaint.scope import viewer, visible
from models.records.detours import APART, TIED, Tie
from sop import flow
from sop.procedure import Transition

NAMED, TIED_NAMED = 10, 20
NOTED = "pengaduan lain"  # what the access log calls it


@dataclass(frozen=True)
class OtherCases:
    """The newest of those tied to the case and of those that have something in common with it, and how many there are;
    with the act that ties and unties, for whoever may do it."""

    case: Case
    tied: list[LikelyCase] = field(default_factory=list)
    alike: list[LikelyCase] = field(default_factory=list)
    count: int = 0
    tied_count: int = 0
    act: Transition | None = None

    def __bool__(self) -> bool:
        return bool(self.tied or self.alike)

    @property
    def words(self) -> str:
        """How many there are, as far as they were counted."""
        said = [f"{self.tied_count} berkaitan"] if self.tied else []
        return ", ".join(said + ([self._alike_words] if self.alike else []))

    @property
    def _alike_words(self) -> str:
        if self.count >= MOST:
            return f"{len(self.alike)} terbaru dari {MOST} atau lebih"
        return f"{len(self.alike)} terbaru dari {self.count}" if self.count > len(self.alike) else f"{self.count}"

    def tying(self, other: LikelyCase) -> dict[str, str]:
        return self._act_opened_with(other, TIED)

    def untying(self, other: LikelyCase) -> dict[str, str]:
        return self._act_opened_with(other, APART)

    def _act_opened_with(self, other: LikelyCase, word: str) -> dict[str, str]:
        return act_opened_with(self.act, self.case, other) | {Tie.word.name: word, "do": "stay"}


def other_cases(case: Case) -> OtherCases:
    """Those that the person may open."""
    kin = {each.complaint.id: each for each in kin_of(case.complaint.id, case.standings, viewer(case.user))}
    notes = Tie.tied(case.complaint.id)
    tied = [_line(c, notes[c.id], kin[c.id].words if c.id in kin else "") for c in _openable(case, notes)]
    alike = [_line(each.complaint, each.words) for number, each in kin.items() if number not in notes]
    named = OtherCases(case, tied[:TIED_NAMED], alike[:NAMED], len(alike), len(tied), act_for(case, flow.TIES))
    note_list(case.user, NOTED, [line.complaint for line in (*named.tied, *named.alike)])
    return named


def _openable(case: Case, notes: dict[int, str]) -> list[Complaint]:
    if not notes:
        return []
    rows = visible(case.user, Complaint).select(*COLUMNS, Complaint.secrecy).where(Complaint.id.in_(list(notes)))
    return list(rows.order_by(Complaint.id.desc()))


def _line(complaint: Complaint, *why: str) -> LikelyCase:
    return LikelyCase(complaint, " · ".join(filter(None, why)), takes_more=False)
