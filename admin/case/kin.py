"""Other cases of the same people, accused or address as a case's page names them, each noted where that is asked."""

from dataclasses import dataclass

from admin.step.likely import LikelyCase
from models.case.case import Case
from models.case.seen import note_list
from models.search.kin import MOST, kin_of
from models.tables.scope import viewer

NAMED = 10
NOTED = "pengaduan lain"  # what the access log calls it


@dataclass(frozen=True)
class OtherCases:
    """The newest of them, and how many there are."""

    cases: list[LikelyCase]
    count: int

    @property
    def words(self) -> str:
        """How many there are, as far as they were counted."""
        if self.count >= MOST:
            return f"{len(self.cases)} terbaru dari {MOST} atau lebih"
        return f"{len(self.cases)} terbaru dari {self.count}" if self.count > len(self.cases) else f"{self.count}"


def other_cases(case: Case) -> OtherCases:
    """Those that the person may open."""
    kin = kin_of(case.complaint.id, case.standings, viewer(case.user))
    note_list(case.user, NOTED, [each.complaint for each in kin[:NAMED]])
    lines = [LikelyCase(each.complaint, each.words, takes_more=False) for each in kin[:NAMED]]
    return OtherCases(lines, len(kin))
