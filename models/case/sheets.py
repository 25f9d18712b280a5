"""Papers about many cases or none: blank form, key sheet, covering list, left-out papers, a day's approvals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from textwrap import shorten
from typing import Any, TypedDict

import peewee as pw

from models import release
from models.case.access_notes import is_secret, unless_secret
from models.case.blanks import record_of
from models.case.clocks import CASE_CLOCKS
from models.case.content_parts import frame
from models.complaint import scope
from models.complaint.complaint import Complaint
from models.complaint.event import open_seals
from models.complaint.paper import Content, Paper, PaperToSign, is_void, signers_of
from models.complaint.scope import Viewer
from models.office import wording
from models.office.identity import with_gaps
from models.office.lists import GROUPS
from models.office.people import Division, User, posts_by_unit, signatory, title_of
from models.office.settings import Settings, values
from models.records.fields import blanks_in_words
from models.records.in_words import Names, Words
from models.store.base import Columns
from models.store.seal import Seal
from sop.clock import WIB
from sop.flow import current_procedure
from sop.procedure import Transition
from sop.signers import is_sent_to_signer
from sop.vocabulary import RECEIVE, vocabulary
from sop.words import format_moment

KIND = "formulir_kosong"


def blank_form(*, at: datetime, demo: bool, settings: Settings | None = None) -> Content:
    """The content of the blank form; by the settings in force, or by `settings` for a preview."""
    [issued, *_] = current_procedure().receive.papers
    base = frame(KIND, issued.title, at=at, demo=demo, settings=settings, row=current_procedure().row_no(RECEIVE))
    clocks = [clock.name for clock in CASE_CLOCKS]
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
COUNTED = "{} dari {} yang dipilih, {}"
AMONG = "Berkas ini memuat {} dokumen. Yang berikut dipilih juga, tetapi tidak ada di antaranya."


@dataclass(frozen=True)
class LeftOut:
    """A paper, or a case without one, that was selected but is not in the file."""

    title: str
    why: str


def left_out_sheet(left_out: Sequence[LeftOut], taken: int, *, at: datetime, demo: bool) -> Content:
    """The content of the list of left-out papers; `taken` papers follow it."""
    counted, among = _sentences(left_out, taken, at)
    rows = [{"title": missing.title, "why": missing.why} for missing in left_out]
    return {**frame(LEFT_OUT, LEFT_OUT_TITLE, at=at, demo=demo), "counted": counted, "among": among, "rows": rows}


def left_out_text(left_out: Sequence[LeftOut], taken: int, *, at: datetime) -> str:
    """The same list as plain text, for files without PDF."""
    lines = [f"{place}. {missing.title}\n   {missing.why}" for place, missing in enumerate(left_out, 1)]
    return "\n\n".join([LEFT_OUT_TITLE.upper(), *_sentences(left_out, taken, at), *lines, ""])


def _sentences(left_out: Sequence[LeftOut], taken: int, at: datetime) -> tuple[str, str]:
    return COUNTED.format(len(left_out), len(left_out) + taken, format_moment(at)), AMONG.format(taken)


COVERING, COVERING_TITLE = "daftar_pengantar", "Daftar Pengantar"
CLOSED = "Rahasia – dalam amplop tertutup"
NONE = f"Tidak ada yang perlu ditandatangani di antara dokumen yang dipilih, jadi tidak ada {COVERING_TITLE}."
CoverSigner = tuple[str, str]  # name and title of the signer to whom a paper is brought


class CoverGroup(TypedDict):
    """The papers brought to one signer, with the title printed on them; one row each."""

    signer: str
    post: str
    closed: bool
    rows: list[dict[str, str]]


def to_sign(papers: Iterable[Paper], of_signers: pw.Expression | None = None) -> dict[Paper, list[str]]:
    """The papers that wait for a signature for which they are brought to the signer, each with the missing roles;
    `of_signers` limits the signatures."""
    by_id = {paper.id: paper for paper in papers}
    rows = PaperToSign.select(PaperToSign.paper, PaperToSign.role).where(PaperToSign.paper.in_(list(by_id)))
    lacking: dict[Paper, list[str]] = {}
    for number, role in (rows if of_signers is None else rows.where(of_signers)).tuples():
        if is_sent_to_signer(role):
            lacking.setdefault(by_id[number], []).append(role)
    return {paper: lacking[paper] for paper in by_id.values() if paper in lacking}


def covering(papers: dict[Paper, list[str]], *, by: User, at: datetime, demo: bool) -> Content:
    """The content of the covering list of these papers, handed out by `by`."""
    ids = {paper.complaint_id for paper in papers}
    cases, seals = {case.id: case for case in Complaint.select().where(Complaint.id.in_(ids))}, open_seals(ids)
    groups: dict[CoverSigner, list[dict[str, str]]] = {}
    for paper, roles in papers.items():
        case = cases[paper.complaint_id]
        row = {  # a paper of a rahasia case is identified by its kind and the register number
            "title": vocabulary().papers[paper.kind].title,
            "number": unless_secret(case, paper.number),
            "date": paper.issued_at.isoformat(),
            "register": case.number,
        }
        for signer in _signers_of(paper, roles, case, seals[case.id]):
            groups.setdefault(signer, []).append(row)
    title = title_of(by, posts_by_unit(at.astimezone(WIB).date()), ())
    brought: list[CoverGroup] = [
        {"signer": name, "post": post, "closed": name == CLOSED, "rows": rows} for (name, post), rows in groups.items()
    ]
    giver = signatory(by, title).printed
    return {
        **frame(COVERING, COVERING_TITLE, at=at, demo=demo),
        "count": len(papers),
        "groups": brought,
        "giver": giver,
    }


def _signers_of(paper: Paper, roles: Sequence[str], case: Complaint, seal: Seal) -> list[CoverSigner]:
    """The signers to whom a paper is brought; for a rahasia case one entry without a name."""
    if is_secret(case):
        return [(CLOSED, "")]
    signers: dict[str, Columns] = signers_of(paper, seal)
    named = (signers.get(role, {}) for role in roles)
    return list(dict.fromkeys((str(who.get("name", "")), str(who.get("title", ""))) for who in named))


APPROVALS, APPROVALS_TITLE = "daftar_disetujui", "Daftar {} yang disetujui"
DAY = timedelta(days=1)
LONGEST = 300  # characters of a decision: a table cell cannot be split over two pages


def approved_list(step: Transition, rows: list[Any], day: date, *, at: datetime, demo: bool) -> Content:
    """The content of the list of these papers; printed on request, never stored."""
    decisions, kind = decisions_in_words(step, rows), step.papers[0].title
    posts = posts_by_unit(day)
    deciders = {row.issued_by.id: row.issued_by for row in rows}  # each once
    return {
        **frame(APPROVALS, APPROVALS_TITLE.format(kind), at=at, demo=demo),
        "day": datetime.combine(day, time(), WIB).isoformat(),
        "kind": kind,
        "rows": [_line(row, decisions.get(row.id, {})) for row in rows],
        "signers": [signatory(user, title_of(user, posts, (None,))).printed for user in deciders.values()],
    }


def _line(row: Any, decision: Mapping[str, Words]) -> dict[str, str]:
    case = row.complaint
    return {
        "number": unless_secret(case, row.number),
        "register": case.number,
        "title": unless_secret(case, case.title),
        "unit": unless_secret(case, case.unit.name if case.unit_id else "–"),
        "decision": shorten(": ".join(map(str, decision.values())), LONGEST, placeholder=" …"),
        "at": row.issued_at.isoformat(),
        "by": row.issued_by.name,
    }


def papers_issued(step: Transition, who: Viewer, day: date, *, first: int = 0, most: int | None = None) -> list[Any]:
    """The valid papers issued by a decision on a day that the user may read; `most` of them, starting at `first`."""
    query = _issued(step, who, day).select(Paper, Complaint, Division, User)
    query = query.join_from(Paper, Complaint).join_from(
        Complaint, Division, pw.JOIN.LEFT_OUTER, on=Complaint.unit == Division.id, attr="unit"
    )
    query = query.join_from(Paper, User, on=Paper.issued_by == User.id, attr="issued_by")
    return list(query.order_by(Paper.id).limit(most).offset(first or None))


def count_issued(step: Transition, who: Viewer, day: date) -> int:
    count: int = _issued(step, who, day).count()
    return count


def _issued(step: Transition, who: Viewer, day: date) -> Any:
    begins = datetime.combine(day, time(), WIB)
    issued = (Paper.issued_at >= begins) & (Paper.issued_at < begins + DAY) & (Paper.kind == step.papers[0].key)
    return scope.visible(who.user, Paper, who).where(issued & ~is_void())


def decisions_in_words(step: Transition, rows: list[Any]) -> dict[int, dict[str, Words]]:
    """The decision's record in words, by paper id; record and paper have the same moment.

    For a rahasia case only choices: free text could reveal its subject.
    """
    model = record_of(step)
    if model is None:
        return {}
    of_rows = model.complaint.in_([row.complaint_id for row in rows])
    records = model.select().where(of_rows & model.act.in_(vocabulary().keys_of(step)))
    made = {(record["complaint"], record["made_at"]): record for record in records.dicts()}
    written = [blank.name for blank in model.blanks()]
    picked = [blank.name for blank in model.blanks() if blank.choices]
    names = Names()
    open_ = {row.id: picked if is_secret(row.complaint) else written for row in rows}
    return {
        row.id: blanks_in_words(model, made[row.complaint_id, row.issued_at], names, open_[row.id])
        for row in rows
        if (row.complaint_id, row.issued_at) in made
    }
