"""/uji-kepatuhan/: a random sample of cases by a seed, each row of the SOP compared with what was done."""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, request, url_for

from admin.door.flaskadmin import PageView
from admin.door.gate import PRINTS, READS, READS_MUCH, expose
from admin.door.rows import signed_in
from admin.lists.export import pdf_response, xlsx_response
from admin.lists.export_files import Cell, ExportTable
from admin.lists.masters import REPORTS
from models.case import access_notes
from models.complaint.accesslog import record_export
from models.complaint.codes import with_code
from models.complaint.scope import viewer
from models.demo.demo import is_demo
from models.office.people import today
from models.reading.compliance import REDRAWN, SEED_NAME, Sample, SampleRequest, checked_sample
from models.reading.compliance_sheet import compliance_sheet
from models.reading.period import usual_periods
from models.store.base import now
from papers.printing import press
from papers.printing.failure import PrintError

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
DETOURS = ("Nomor register", "Putaran", "Jenis", "Langkah")
TALLIES = (
    "Baris",
    "Kegiatan",
    "Standar",
    "Dijalankan",
    "Tidak dinilai",
    "Lewat standar",
    "Tidak berlaku",
    "Dokumen belum ditandatangani",
)
Line = Sequence[Cell]


def sample_tables(sample: Sample) -> list[ExportTable]:
    asked = sample.asked
    drawn: list[Line] = [
        ["Masuk", asked.period.words],
        [SEED_NAME, asked.seed],
        ["Diambil", len(sample.cases)],
        ["Dari", sample.population],
        ["Keterangan", sample.population_words],
        ["Keadaan pada", sample.at],
    ]
    tallies: list[Line] = [
        [t.mark, t.row.title, t.norm, t.ran, t.unjudged, t.late, t.never, t.unsigned] for t in sample.tallies
    ]
    detours: list[Line] = [
        [case.complaint.number or "", passage.no, kind, act.words]
        for case in sample.cases
        for passage in case.rounds
        for kind, acts in passage.beside.items()
        for act in acts
    ]
    return [
        _sheet("Sampel", ("Hal", "Isi"), drawn),
        _sheet("Ringkasan", TALLIES, tallies),
        _sheet("Uji kepatuhan", ROWS, list(_row_lines(sample))),
        _sheet("Di luar alur dan lain", DETOURS, detours),
    ]


def _row_lines(sample: Sample) -> Iterator[Line]:
    for case in sample.cases:
        c = case.complaint
        head: list[Cell] = [c.number or "", c.title, c.state_label, c.received_at]
        for passage in case.rounds:
            for row in passage.rows:
                papers = "; ".join(p.words for p in row.papers)
                spent = "" if row.minutes is None or row.never else row.minutes
                acts, runs = "; ".join(act.words for act in row.acts), "; ".join(row.runs)
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


def _sheet(name: str, heads: Sequence[str], lines: Sequence[Line]) -> ExportTable:
    return ExportTable(name, heads, iter([list(lines)]), len(lines))


NOUN = "uji-kepatuhan"
USUAL = "10"  # cases
FILES = {"workbook": "Excel (XLSX)", "sheet": "PDF untuk dicetak"}


def fresh_seed() -> str:
    return str(secrets.randbelow(900_000) + 100_000)


@dataclass(frozen=True)
class AskedSample:
    """The typed blanks, the sample that they request, or why they are invalid."""

    typed: dict[str, str]
    request: SampleRequest | None = None
    why: str = ""

    @classmethod
    def of_address(cls) -> "AskedSample":
        """Parse the address; without a seed one is proposed and no sample is drawn."""
        month = usual_periods(today())[0]
        defaults = {"dari": month.first.isoformat(), "sampai": month.last.isoformat(), "n": USUAL}
        typed = {name: request.args.get(name, text)[:20] for name, text in defaults.items()}
        if "benih" not in request.args:
            return cls({**typed, "benih": fresh_seed()})
        typed["benih"] = request.args["benih"].strip()[:21]
        try:
            return cls(typed, SampleRequest.read(*typed.values()))
        except ValueError as fault:
            return cls(typed, None, str(fault))


class UjiKepatuhanView(PageView):
    """For a pengawas with a Surat Tugas and for the Kepala Dinas: samples of the cases that they may open."""

    noun, cost = NOUN, READS

    @expose("/")
    def index(self) -> Any:
        asked = AskedSample.of_address()
        return self._page(asked, _logged_sample(asked.request) if asked.request else None)

    @expose("/lembar.xlsx", cost=READS_MUCH)
    def workbook(self) -> Response:
        return self._file("xlsx")

    @expose("/lembar.pdf", cost=PRINTS)
    def sheet(self) -> Response:
        return self._file("pdf")

    def _file(self, kind: str) -> Response:
        asked = AskedSample.of_address()
        if asked.request is None:
            return self._page(asked, None, status=422)
        sample = _logged_sample(asked.request)
        ids = [case.complaint.id for case in sample.cases]
        record_export(signed_in(), "uji kepatuhan", ids, rows=len(ids), asked=asked.request.words)
        name = f"uji-kepatuhan-{asked.request.seed}.{kind}"
        if kind == "xlsx":
            return xlsx_response(sample_tables(sample), name)
        content = compliance_sheet(sample, by=signed_in(), at=sample.at, demo=is_demo())
        content = with_code(content, about=asked.request.words, by=signed_in(), at=sample.at)
        try:
            return pdf_response(press.unissued_pdf(content), name, download=True)
        except PrintError as fault:
            return self._page(AskedSample(asked.typed, None, str(fault)), None, status=409)

    def _page(self, asked: AskedSample, sample: Sample | None, status: int = 200) -> Response:
        who = viewer(signed_in())
        page = self.render(
            "admin/figures/compliance.html",
            asked=asked,
            sample=sample,
            seed_name=SEED_NAME,
            redrawn=REDRAWN,
            seed=fresh_seed() if sample else asked.typed["benih"],  # the next sample is another one
            unmandated=not who.reads_all,
            files=[(words, _file_of(endpoint, asked.typed)) for endpoint, words in FILES.items()] if sample else [],
            case_url=f"{url_for('pengaduan.details_view')}?id=",
        )
        return make_response(page, 422 if asked.why and status == 200 else status)


def _logged_sample(asked: SampleRequest) -> Sample:
    """The sample, with each of its cases recorded in the access log before it is shown."""
    sample, cases = checked_sample(viewer(signed_in()), asked, now())
    access_notes.log_cases_opened(cases, "uji kepatuhan")
    return sample


def _file_of(endpoint: str, typed: dict[str, str]) -> str:
    dari, sampai, n, benih = typed.values()
    return url_for(f"{NOUN}.{endpoint}", dari=dari, sampai=sampai, n=n, benih=benih)


def views() -> list[PageView]:
    return [UjiKepatuhanView(name="Uji Kepatuhan", endpoint=NOUN, url="/uji-kepatuhan", category=REPORTS)]
