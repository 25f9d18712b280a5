"""Which cases are drawn: by a seed, of those that the reader may open; the same seed draws the same ones."""

import re
from dataclasses import dataclass
from hashlib import blake2b
from heapq import nsmallest

from models.recap.period import Period
from models.tables.complaint import Complaint
from models.tables.scope import Viewer, visible
from sop import flow

SEED = re.compile(r"[A-Za-z0-9-]{1,20}", re.ASCII)
MOST = 60  # cases of a sample
NO_SEED = "Isi benih dengan 1 sampai 20 huruf, angka, atau tanda hubung."
NO_COUNT = f"Isi banyaknya pengaduan, dari 1 sampai {MOST}."


@dataclass(frozen=True)
class SampleRequest:
    """What is drawn: how many of the cases that came in on which days, by which seed."""

    period: Period
    count: int
    seed: str

    @classmethod
    def read(cls, first: str, last: str, count: str, seed: str) -> "SampleRequest":
        """As it was typed; ValueError in a sentence where that is no sample."""
        period = Period.read(first, last)
        if not (count.isascii() and count.isdigit() and 1 <= int(count) <= MOST):
            raise ValueError(NO_COUNT)
        if not SEED.fullmatch(seed):
            raise ValueError(NO_SEED)
        return cls(period, int(count), seed)

    @property
    def words(self) -> str:
        return f"{self.period.words}; {self.count} pengaduan; benih {self.seed}"


@dataclass(frozen=True)
class DrawnCases:
    """The ids that were drawn, in the order of the register, and out of how many."""

    ids: list[int]
    population: int


def draw(who: Viewer, asked: SampleRequest) -> DrawnCases:
    """Each case has its place by the seed and its own public id alone, so that one more case moves none of the others.

    What was settled outside of the panel, or had ended elsewhere as a file brought it in, never ran through the SOP and
    is not among them.
    """
    within = (Complaint.received_at >= asked.period.begins) & (Complaint.received_at < asked.period.ends)
    here = within & Complaint.state.not_in(sorted(flow.OUTSIDE)) & (Complaint.elsewhere == "")
    rows = list(visible(who.user, Complaint, who).where(here).select(Complaint.id, Complaint.public_id).tuples())
    chosen = nsmallest(asked.count, rows, key=lambda row: _place(asked.seed, row[1]))
    return DrawnCases(sorted(number for number, _ in chosen), len(rows))


def _place(seed: str, public_id: str) -> bytes:
    return blake2b(f"{seed}/{public_id}".encode(), digest_size=16).digest()
