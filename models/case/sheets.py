"""Papers about many cases or none that are printed and not kept: blank form, key sheet, left-out papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models import release
from models.case.clocks import CASE_CLOCKS
from models.case.content_parts import frame
from models.complaint.complaint import Complaint
from models.complaint.paper import Content, Paper
from models.office import wording
from models.office.identity import with_gaps
from models.office.lists import GROUPS
from models.office.people import User, posts_by_unit, signatory, title_of
from models.office.settings import Settings, values
from sop.clock import WIB
from sop.flow import current_procedure
from sop.vocabulary import RECEIVE, vocabulary

KIND = "formulir_kosong"


def blank_form(*, at: datetime, demo: bool, settings: Settings | None = None) -> Content:
    """The content of the blank form; by the settings in force, or by `settings` for a preview."""
    [issued, *_] = current_procedure().receive.papers
    base = frame(KIND, issued.title, at=at, demo=demo, settings=settings, row=current_procedure().row_no(RECEIVE))
    clocks = [clock.ends for clock in CASE_CLOCKS]
    groups = [title for _, title in GROUPS]
    return {**base, "groups": groups, "clocks": clocks, "wording": wording.texts_of(KIND, settings or values())}


DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
KEY_SHEET, KEY_SHEET_TITLE = "lembar_kunci_cadangan", "Lembar Kunci Cadangan"


def key_sheet(
    groups: Sequence[str], *, mark: str, place: str, database: str, by: User, at: datetime, demo: bool
) -> Content:
    """The content of the key sheet, needed to restore a backup on an empty server; printed on request, never stored.
    `database` is the engine's name. It is composed with gaps if the office's identity is not set yet."""
    title = title_of(by, posts_by_unit(at.astimezone(WIB).date()), ())
    return {
        **frame(KEY_SHEET, KEY_SHEET_TITLE, at=at, demo=demo, settings=with_gaps(values())),
        "groups": list(groups),
        "key_mark": mark,
        "place": place,
        "database": DATABASES.get(database, database),
        "version": release.version(),
        "printer": signatory(by, title).printed,
    }


LEFT_OUT, LEFT_OUT_TITLE = "tidak_disertakan", "Dokumen yang Tidak Disertakan"
NO_PAPER = "(belum ada)"
COUNTED, UNISSUED = "{} dari {} dokumen yang dipilih", "{} pengaduan yang dipilih belum memiliki dokumen terbit"
AMONG = "Kumpulan ini memuat {} dokumen. Yang berikut turut dipilih, tetapi tidak disertakan."


@dataclass(frozen=True, order=True)
class LeftOut:
    """A paper, or a case without one, that was selected but is not in the file; in the order of cases and papers."""

    complaint: int
    paper: int  # 0: the case has none
    title: str
    number: str
    why: str

    @classmethod
    def of(cls, paper: Paper, why: str) -> "LeftOut":
        return cls(paper.complaint_id, paper.id, vocabulary().papers[paper.kind].title, paper.number, why)

    @classmethod
    def case(cls, complaint: Complaint, why: str) -> "LeftOut":
        return cls(complaint.id, 0, NO_PAPER, complaint.number, why)


def left_out_sheet(left_out: Sequence[LeftOut], taken: int, *, by: User, at: datetime, demo: bool) -> Content:
    """The content of the list of left-out papers that this user chose; `taken` papers follow it."""
    counted, among = _sentences(left_out, taken)
    sheet = frame(LEFT_OUT, LEFT_OUT_TITLE, at=at, demo=demo)
    return {**sheet, "chooser": by.name, "counted": counted, "among": among, "rows": _rows_by_case(left_out)}


def left_out_text(left_out: Sequence[LeftOut], taken: int) -> str:
    """The same list as plain text, for files without PDF."""
    counted, among = _sentences(left_out, taken)
    lines = [
        f"{place}. {' '.join(filter(None, (row['register'], row['title'], row['number'])))}\n   {row['why']}"
        for place, row in enumerate(_rows_by_case(left_out), 1)
    ]
    return "\n\n".join([LEFT_OUT_TITLE.upper(), counted, among, *lines, ""])


def _rows_by_case(left_out: Sequence[LeftOut]) -> list[Content]:
    cases = {missing.complaint for missing in left_out}
    numbers = dict(Complaint.select(Complaint.id, Complaint.number).where(Complaint.id.in_(cases)).tuples())
    return [
        {
            "register": (register := numbers[missing.complaint]),
            "title": missing.title,
            "number": "" if missing.number == register else missing.number,
            "why": missing.why,
        }
        for missing in sorted(left_out)
    ]


def _sentences(left_out: Sequence[LeftOut], taken: int) -> tuple[str, str]:
    papers = sum(missing.paper > 0 for missing in left_out)
    cases = len(left_out) - papers
    counted = [COUNTED.format(papers, papers + taken)] * (papers > 0) + [UNISSUED.format(cases)] * (cases > 0)
    return "; ".join(counted), AMONG.format(taken)
