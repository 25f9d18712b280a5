"""The paper of a compliance check: its figures, and the cases row by row with room for the examiner's notes."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime

from models.case.access_notes import is_secret
from models.case.content_parts import frame
from models.complaint.paper import Content
from models.complaint.scope import viewer
from models.office.people import User, posts_by_unit, signatory, title_of
from models.reading.compliance import REDRAWN, CheckedCase, Sample
from models.reading.compliance_rows import (
    HELD,
    UNDECIDED,
    UNSIGNED,
    CheckedAct,
    CheckedRound,
    CheckedRow,
    moment_words,
    span_words,
)
from sop.clock import WIB
from sop.procedure import KEPALA_DINAS
from sop.words import format_number, format_percent

NBSP = "\u00a0"
_IN_A_SPAN = re.compile(r"(?<=\d) | (?=kerja)|(?<=standar) ")
KEY, TITLE = "uji_kepatuhan", "Lembar Uji Kepatuhan SOP"
TEXTS = (
    "Nomor register,\nstatus",
    "Baris SOP",
    "Pelaksana dan waktu",
    "Dokumen dan\ntanda tangan",
    "Waktu kerja\ndibanding standar",
)
UNPRINTED = "Langkah tidak dicetak"  # of a rahasia case: its name may tell what the case is
COLUMNS = (  # heading, least width in points, whether it is a number
    ("No.", 0, True),
    (TEXTS[0], 75, False),  # its head in two lines
    *((head, 0, False) for head in TEXTS[1:]),
    ("Catatan pemeriksa", 85, False),  # written by hand
)
WHOLE = (UNSIGNED, UNDECIDED, HELD)  # what no line parts
LISTED = (TEXTS.index("Pelaksana dan waktu") + 1, TEXTS.index("Dokumen dan\ntanda tangan") + 1)  # acts, and papers


def compliance_sheet(sample: Sample, *, by: User, at: datetime, demo: bool) -> Content:
    """The content of the compliance paper, printed for `by`."""
    posts = posts_by_unit(at.astimezone(WIB).date())
    rows = [line for no, case in enumerate(sample.cases, 1) for line in _lines(no, case)]
    return {
        **frame(KEY, TITLE, at=at, demo=demo),
        "span": sample.asked.period.words,
        "seed": sample.asked.seed,
        "redrawn": REDRAWN,
        "drawn": format_number(len(sample.cases)),
        "population": format_number(sample.population),
        "all": sample.reads_all,
        "has_secret": any(is_secret(case.complaint) for case in sample.cases),
        "tallies": [
            [
                str(t.mark),
                t.row.title,
                t.norm,
                str(t.ran),
                str(t.unjudged),
                str(t.late),
                format_percent(t.late, t.judged),
                str(t.never),
                str(t.unsigned),
            ]
            for t in sample.tallies
        ],
        "late_rows": [_late(case.number, row) for case in sample.cases for row in case.rows if row.late],
        "steps_beside": sorted({title for case in sample.cases for passage in case.rounds for title in passage.beside}),
        "over_signer": "Mengetahui" if KEPALA_DINAS in viewer(by).lanes else "Mengambil sampel",
        "signers": [{"role": "pengambil", "as": "Pengambil sampel", **signatory(by, title_of(by, posts)).printed}],
        "ruled": {"columns": COLUMNS, "rows": rows, "repeated": 2, "listed": LISTED, "whole": WHOLE},
    }


def _late(number: str, row: CheckedRow) -> str:
    """A row of a case that was late. No line parts the row from the case's number, nor in a span of time a number from
    its unit: 2 jam 30 menit, 1 hari kerja."""
    spans = _IN_A_SPAN.sub(NBSP, f"{row.taken_late}, standar {row.time.standard}")
    return f"{number}{NBSP}baris{NBSP}{row.time.mark} ({spans})"


def _lines(no: int, case: CheckedCase) -> Iterator[list[str]]:
    secret = is_secret(case.complaint)
    first = "\n".join((case.number, *["Rahasia"] * secret, case.complaint.state_label))
    for passage in case.rounds:
        for place, row in enumerate(passage.rows):
            begins = place == 0 and passage.no == 1
            yield [str(no) if begins else "", first if begins else "", *_cells(passage, row, case), ""]
        for title, acts in passage.beside.items():
            done = "\n".join(f"{UNPRINTED}, {moment_words(act.at)}" for act in acts) if secret else _acts(acts, secret)
            yield ["", "", f"{title}{_round(passage)}", done, "–", "–", ""]


def _cells(passage: CheckedRound, row: CheckedRow, case: CheckedCase) -> list[str]:
    secret = is_secret(case.complaint)
    papers = [paper.discreet_words if secret else paper.words_beside(case.number) for paper in row.papers]
    return [
        f"{row.time.heading}{_round(passage)}",
        _acts(row.acts, secret) or "–",
        "\n".join(papers) or "–",
        "\n".join(f"{line[:1].upper()}{line[1:]}" for line in _measured(row)),
    ]


def _acts(acts: Sequence[CheckedAct], secret: bool) -> str:
    return "\n".join(act.discreet_words if secret else act.words for act in acts)


def _round(passage: CheckedRound) -> str:
    return f" (putaran {passage.no})" if passage.no > 1 else ""


def _measured(row: CheckedRow) -> list[str]:
    """Its runs, what they took together, the standard by which each is measured and the verdict with its reason, one
    value a line; of a single run only the sum says how long it took, unless it is paused."""
    many = len(row.runs) > 1
    standard = f"standar {'tiap kali ' * many}{row.time.standard}"
    verdict = row.verdict.replace(": ", ":\n", 1)
    if row.is_paused and not many:
        return [*row.runs, standard, verdict]
    summed = [f"{'jumlah' if many else 'terpakai'} {row.total}", standard] if row.total else []
    return [*(row.runs if many else map(span_words, row.time.runs)), *summed, verdict]
