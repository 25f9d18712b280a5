"""The sample as sheets of a workbook: what was drawn, a line for each row of each case, and what left the line."""

from collections.abc import Iterator, Sequence

from admin.export.cells import Cell, ExportTable
from models.reading.compliance import Sample

ROWS = (
    "Nomor register",
    "Judul",
    "Status",
    "Diterima",
    "Putaran",
    "Baris",
    "Kegiatan",
    "Pelaksana",
    "Dokumen dan tanda tangan",
    "Waktu",
    "Jumlah (menit kerja)",
    "Standar",
    "Penilaian",
)
DETOURS = ("Nomor register", "Putaran", "Penyimpangan dan langkah lain")
TALLIES = ("Baris", "Kegiatan", "Standar", "Dijalankan", "Lewat standar", "Dokumen belum ditandatangani")
Line = Sequence[Cell]


def sample_tables(sample: Sample) -> list[ExportTable]:
    asked = sample.asked
    drawn: list[Line] = [
        ["Masuk", asked.period.words],
        ["Benih", asked.seed],
        ["Diambil", len(sample.cases)],
        ["Dari", sample.population],
        ["Keadaan pada", sample.at],
    ]
    tallies: list[Line] = [[t.mark, t.row.title, t.norm, t.ran, t.late, t.unsigned] for t in sample.tallies]
    return [
        _sheet("Sampel", ("Hal", "Isi"), drawn),
        _sheet("Ringkasan", TALLIES, tallies),
        _sheet("Uji kepatuhan", ROWS, list(_row_lines(sample))),
        _sheet("Penyimpangan", DETOURS, list(_detour_lines(sample))),
    ]


def _row_lines(sample: Sample) -> Iterator[Line]:
    for case in sample.cases:
        c = case.complaint
        head: list[Cell] = [c.number or "", c.title, c.state_label, c.received_at]
        for passage in case.rounds:
            for row in passage.rows:
                papers, spent = "; ".join(p.words for p in row.papers), "" if row.minutes is None else row.minutes
                acts, runs = "; ".join(row.acts), "; ".join(row.runs)
                yield [
                    *head,
                    passage.no,
                    row.time.mark,
                    row.time.row.title,
                    acts,
                    papers,
                    runs,
                    spent,
                    row.time.standard,
                    row.verdict,
                ]


def _detour_lines(sample: Sample) -> Iterator[Line]:
    for case in sample.cases:
        for passage in case.rounds:
            for deed in passage.detours:
                yield [case.complaint.number or "", passage.no, deed]


def _sheet(name: str, heads: Sequence[str], lines: Sequence[Line]) -> ExportTable:
    return ExportTable(name, heads, iter([list(lines)]), len(lines))
