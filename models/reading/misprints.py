"""Papers that could not be printed, and whose they are to have printed again: never more of them than what they are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import peewee as pw

from models.tables.paper import Paper, PaperToReprint, PrintFailure, latest
from models.tables.scope import Viewer, visible
from sop.access import writes
from sop.flow import PAPERS

MOST_TOLD = 1_000  # beyond it stands "lebih dari"
NOUN = "cetak-ulang"  # whoever writes there has all printed again, whoever else opens it what he issued


@dataclass
class Misprints:
    """Papers of one kind that failed for one reason, and when the first of them is tried again."""

    kind: str
    reason: str
    again_at: datetime | None  # of the one that comes first
    count: int = 0

    @property
    def title(self) -> str:
        return PAPERS[self.kind].title


def keeps_press(who: Viewer) -> bool:
    """Whether the person has every paper printed again, and reads none."""
    return writes(who.user.role, NOUN)


def own_misprints(who: Viewer) -> Any:
    """The papers that could not be printed and are the person's to have printed again: those that he issued and may
    read; all of them, for whoever keeps the panel, who reads none."""
    failed = Paper.id.in_(PaperToReprint.select(PaperToReprint.paper))
    if keeps_press(who):
        return Paper.select().where(failed)
    return visible(who.user, Paper, who).where(failed & (Paper.issued_by == who.user))


def misprints_by_kind(who: Viewer) -> list[Misprints]:
    """The person's failed papers by kind and reason. One query, which finds nothing where nothing failed."""
    reason = latest(PrintFailure, PrintFailure.reason)
    again = PaperToReprint.select(PaperToReprint.again_at).where(PaperToReprint.paper == Paper.id)
    rows = own_misprints(who).select(Paper.kind, reason.alias("reason"), again.alias("again_at"))
    groups: dict[tuple[str, str], Misprints] = {}
    for kind, why, at in rows.order_by(pw.SQL("again_at"), Paper.id).limit(MOST_TOLD + 1).tuples():
        first = Misprints(kind, why, PaperToReprint.again_at.python_value(at))
        groups.setdefault((kind, why), first).count += 1
    return list(groups.values())
