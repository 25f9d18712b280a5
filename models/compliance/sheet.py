"""Lembar Uji Kepatuhan as a paper about no single case: its front sheet, and a ruled line for each row of each case."""

from collections.abc import Iterator
from datetime import datetime

from models.compliance.checked import CheckedCase, CheckedRound, CheckedRow, Sample
from models.content.unkept import frame
from models.office.people import User, posts_by_unit, signatory, title_of
from models.tables.paper import Content
from sop.clock import WIB
from sop.words import format_number

KEY, TITLE = "uji_kepatuhan", "Lembar Uji Kepatuhan SOP"
COLUMNS = (  # heading, share of the width
    ("No", 26),
    ("Nomor register", 80),
    ("Baris SOP", 122),
    ("Pelaksana dan waktu", 165),
    ("Dokumen dan tanda tangan", 150),
    ("Waktu kerja dibanding standar", 140),
    ("Catatan pemeriksa", 80),
)


def compliance_sheet(sample: Sample, *, by: User, at: datetime, demo: bool) -> Content:
    """The content of the sheet, printed for a person."""
    posts = posts_by_unit(at.astimezone(WIB).date())
    rows = [line for no, case in enumerate(sample.cases, 1) for line in _lines(no, case)]
    return {
        **frame(KEY, TITLE, at=at, demo=demo),
        "span": sample.asked.period.words,
        "seed": sample.asked.seed,
        "drawn": format_number(len(sample.cases)),
        "population": format_number(sample.population),
        "all": sample.reads_all,
        "tallies": [
            [str(t.mark), t.row.title, t.norm, str(t.ran), str(t.late), str(t.unsigned)] for t in sample.tallies
        ],
        "reader": signatory(by, title_of(by, posts)).printed,
        "ruled": {"columns": COLUMNS, "rows": rows},
    }


def _lines(no: int, case: CheckedCase) -> Iterator[list[str]]:
    number = case.complaint.number or "belum bernomor"
    first = f"{number}\n{case.complaint.state_label}"
    for passage in case.rounds:
        for place, row in enumerate(passage.rows):
            begins = place == 0 and passage.no == 1
            yield [str(no) if begins else "", first if begins else "", *_cells(passage, row), ""]
        if passage.detours:
            told = "\n".join(passage.detours)
            yield ["", "", "Penyimpangan dan langkah lain", told, "", "", ""]


def _cells(passage: CheckedRound, row: CheckedRow) -> list[str]:
    later = f" (putaran {passage.no})" if passage.no > 1 else ""
    spent = (
        f"Jumlah {row.total}, standar {row.time.standard}: {row.verdict}" if row.minutes is not None else row.verdict
    )
    return [
        f"{row.time.heading}{later}",
        "\n".join(row.acts),
        "\n".join(paper.words for paper in row.papers),
        "\n".join([*row.runs, spent]),
    ]
