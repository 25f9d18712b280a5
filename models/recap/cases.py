"""The cases behind a recap, line by line, with what each counts as: its figures added up are those of the recap."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import peewee as pw

from models.office.lists import Kelurahan
from models.recap.figures import BY_KEY, OF_PARTS
from models.recap.parts import PART_BY_KEY
from models.recap.period import Period
from models.store.base import among, labels_of
from models.tables.complaint import Complaint
from models.tables.late import ENDED_ON_A_DAY
from models.tables.scope import Viewer, visible
from sop import flow
from sop.access import SECRECY

PORTION = 1_000
WHOLE = (
    "masuk",
    "selesai",
    "terbuka",
    "lain",
    "lain-dijawab",
    "duplikat",
    "batal",
)  # all others are part of them
NAMED = ("media", "kategori", "klasifikasi", "unit")  # parts that have a column
PLAIN = ("number", "medium_ref", "received_at", "closed_at")
LABELS = labels_of(Complaint)
COUNTED = tuple(BY_KEY[key].short or BY_KEY[key].label for key in OF_PARTS)
HEADS = (
    *(LABELS[name] for name in PLAIN[:3]),
    "Berakhir pada",
    "Status",
    "Kerahasiaan",
    *(PART_BY_KEY[key].title for key in NAMED),
    "Kelurahan",
    "Kecamatan",
    *COUNTED,
)
CaseLine = Sequence[Any]  # cells of a table: words, numbers, moments


def case_ids(who: Viewer, period: Period, at: datetime) -> list[int]:
    """All that some figure of the range counts, as far as the person may open it, in the order in which it came."""
    numbers: set[int] = set()
    for key in WHOLE:
        mine = visible(who.user, Complaint, who).where(BY_KEY[key].condition(period, at))
        numbers.update(number for (number,) in mine.select(Complaint.id).tuples())
    return sorted(numbers)


def case_lines(ids: Sequence[int], period: Period, at: datetime) -> Iterator[list[CaseLine]]:
    """A portion of lines at a time."""
    names = [{str(value): name for value, name in PART_BY_KEY[key].names().items()} for key in NAMED]
    places = {row.id: (row.name, row.kecamatan) for row in Kelurahan.select()}
    counts = [pw.Case(None, [(BY_KEY[key].condition(period, at), 1)], 0) for key in OF_PARTS]
    ended = pw.Case(None, [(ENDED_ON_A_DAY, Complaint.closed_at)], None)
    values = [*(getattr(Complaint, name) for name in PLAIN[:-1]), ended, Complaint.state, Complaint.secrecy]
    values += [*(PART_BY_KEY[key].column for key in NAMED), Complaint.kelurahan]
    for start in range(0, len(ids), PORTION):
        portion = Complaint.select(*values, *counts).where(among(Complaint.id, ids[start : start + PORTION]))
        yield [_line(row, names, places) for row in portion.order_by(Complaint.id).tuples()]


def _line(row: Sequence[Any], names: Sequence[dict[str, str]], places: dict[int, tuple[str, str]]) -> CaseLine:
    plain, (state, secrecy), rest = row[: len(PLAIN)], row[len(PLAIN) : len(PLAIN) + 2], row[len(PLAIN) + 2 :]
    named, place, counts = rest[: len(NAMED)], rest[len(NAMED)], rest[len(NAMED) + 1 :]
    return [
        *plain[:-1],
        "" if plain[-1] is None else Complaint.closed_at.python_value(plain[-1]),
        flow.state_label(str(state)),
        SECRECY[str(secrecy)],
        *(known.get(str(value), "") for known, value in zip(names, named, strict=True)),
        *(places.get(place, ("", ""))),
        *counts,
    ]
