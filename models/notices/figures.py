"""How much waits for somebody this morning, asked of the very readers that his start page asks."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from models.office.calendar import clock
from models.promises.due import due_promises
from models.reading.news import changed_cases
from models.reading.queue import MOST_TOLD, OwnTurn, own_papers_to_sign, own_turn, totals
from models.tables.scope import Viewer
from sop.clock import WIB


@dataclass(frozen=True)
class MorningFigures:
    """What his start page counts, with the words for each: none of them says which case it is."""

    turn: OwnTurn
    promises: int
    overdue_promises: int
    changed: int
    papers: int
    late_in_office: int  # of all cases, for who reads them under a Surat Tugas

    @property
    def lines(self) -> list[str]:
        """A line for each that is not nothing."""
        counted = (
            (self.turn.count, _with_parts("{} pengaduan menunggu Anda", self._pressing)),
            (self.promises, _with_parts("{} janji jatuh tempo", ((self.overdue_promises, "lewat tanggalnya"),))),
            (self.changed, "{} pengaduan dengan kabar baru bagi Anda"),
            (self.papers, "{} dokumen menunggu tanda tangan Anda"),
            (self.late_in_office, "{} pengaduan masih terbuka dan lewat waktu"),
        )
        return [words.format(count_in_words(count)) for count, words in counted if count]

    @property
    def _pressing(self) -> tuple[tuple[int, str], ...]:
        return (self.turn.late, "lewat batas"), (self.turn.soon, "jatuh tempo hari ini")


def _with_parts(words: str, parts: tuple[tuple[int, str], ...]) -> str:
    return ", ".join([words, *(f"{count_in_words(count)} {what}" for count, what in parts if count)])


def count_in_words(count: int) -> str:
    """A figure as the start page says it."""
    return "lebih dari 1.000" if count > MOST_TOLD else f"{count:,}".replace(",", ".")


def morning_figures(who: Viewer, at: datetime) -> MorningFigures:
    """As he sees it now; nothing for whom nothing can wait, and for a pengawas without a Surat Tugas."""
    midnight = datetime.combine(at.astimezone(WIB).date() + timedelta(days=1), time(), WIB)
    promised = due_promises(who, at.astimezone(WIB).date(), 1)
    return MorningFigures(
        turn=own_turn(who, at, midnight),
        promises=promised.count,
        overdue_promises=promised.late,
        changed=len(changed_cases(who, at, clock)),
        papers=own_papers_to_sign(who),
        late_in_office=totals(who, at)["late"] if who.mandated else 0,
    )
