"""The month at the desk of the Kepala Dinas: how many were decided, how many in time; and a sheet to hand on."""

from dataclasses import dataclass
from datetime import datetime

from models.case.content_parts import frame
from models.complaint.paper import Content
from models.complaint.scope import Viewer
from models.reading.period import Period
from models.reading.recap_paper import RecapWords, discreet_recap
from models.reading.times import row_statistics
from sop.flow import current_procedure
from sop.procedure import Transition
from sop.words import day_of

KEY, TITLE = "lembar_bulan", "Lembar Bulan Penanganan Pengaduan"
PRINTED = ("span", "provisional", "definition", "heads", "lacking", "main", "notable", "rows")  # of the recap


@dataclass(frozen=True)
class DecidedMonth:
    """Cases that went through the row of a decision in a month, counted as in the recap: judged, late among these, and
    those whose time is not judged."""

    period: Period
    judged: int
    late: int
    unjudged: int

    @property
    def count(self) -> int:
        return self.judged + self.unjudged

    @property
    def in_time(self) -> int:
        return self.judged - self.late


def month_of(at: datetime) -> Period:
    day = day_of(at)
    return Period.months_from(day.year, day.month)


def decided_month(who: Viewer, step: Transition, at: datetime) -> DecidedMonth:
    """The month of `at` over the cases that the user may open."""
    period, row = month_of(at), current_procedure().row_named(step.key)
    row_of_step = next(each for each in row_statistics(who, period) if each.row.key == row.key)
    return DecidedMonth(period, row_of_step.cases, row_of_step.late, row_of_step.unjudged)


def month_sheet(who: Viewer, at: datetime, *, demo: bool) -> Content:
    """The month of `at` on a sheet that is shown to others: figures of the recap for signature, so it reveals of no
    rahasia case more than that does. It has no number and is not kept."""
    period = month_of(at)
    words = RecapWords(discreet_recap(who, period, at), period, at).whole()
    return {**frame(KEY, TITLE, at=at, demo=demo), **{key: words[key] for key in PRINTED}}
