"""What anybody may learn of a paper by its verification code: no person, no unit, nothing about the case.

The answer has one shape for every paper, and an unknown code takes the same statements as a known one.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

import peewee as pw

from models.case import issued_lists
from models.complaint.number import Number
from models.complaint.paper import Paper, PaperCode, PaperHand, Print, is_signed_as, is_superseded, is_void
from models.reading import compliance_sheet, recap_paper, registerbook
from models.reading.recap_paper import RecapPaper
from models.store import seal
from sop.clock import WIB
from sop.signers import public_label
from sop.vocabulary import vocabulary

NO_ROW, EPOCH = 0, datetime(1970, 1, 1, tzinfo=UTC)  # that no row has: asked about an unknown code


class Validity(StrEnum):
    """Whether a paper counts, in words."""

    VALID = "Berlaku"
    VOID = "Batal"
    SUPERSEDED = "Sudah diganti"


@dataclass(frozen=True)
class VerifiedPaper:
    """What strangers may know of an issued paper. `serial` is None if the number was typed from the office's own book,
    `year` too if the paper has no number; `signatures` says by title of each signer whether the panel knows that he
    signed, and is empty for papers whose signatures it does not record."""

    title: str
    serial: int | None
    year: int | None
    day: date  # as printed: of the number if its kind has a series of its own, else of its issue
    issued_on: date
    signatures: tuple[tuple[str, bool], ...]
    validity: Validity


def verified_paper(code: str) -> VerifiedPaper | None:
    """The paper that bears this code, as `typed_code` returns it; None if the panel has issued none. The copy for the
    pengadu answers as the paper that it is a copy of."""
    joined = PaperCode.select(PaperCode, Paper).join(Paper, pw.JOIN.LEFT_OUTER)
    coded: PaperCode | None = joined.where(PaperCode.mark == seal.ring().code_mark(code)).first()
    if coded and not coded.paper_id:
        return _verified(_Issue(kind=coded.kind, at=coded.issued_at, about=coded.about))
    verified = _verified(_issue_of(coded.paper) if coded else _Issue())
    return verified if coded else None


def verified_print(printed: Print) -> VerifiedPaper:
    """The same of a paper whose print is at hand."""
    return _verified(_issue_of(printed.paper))


@dataclass(frozen=True)
class _Issue:
    """What is known of a paper from its code or print; by default of none. `about` ends with the number where there is
    no case."""

    case: int = NO_ROW
    kind: str = ""
    round: int = 0
    at: datetime = EPOCH
    about: str = ""


def _issue_of(paper: Paper) -> _Issue:
    return _Issue(case=paper.complaint_id, kind=_answering_kind(paper.kind), round=paper.round, at=paper.issued_at)


def _answering_kind(kind: str) -> str:
    """The kind of paper that answers: for the copy that exists only of rahasia cases the one issued with it."""
    papers = vocabulary().papers
    if not papers[kind].secret_only:
        return kind
    act = next(act for act in vocabulary().acts.values() if any(paper.key == kind for paper in act.papers))
    return next(paper.key for paper in act.papers if not paper.secret_only)


def _verified(issue: _Issue) -> VerifiedPaper:
    columns = (Paper.id, Paper.number, is_void().alias("void"), is_superseded().alias("superseded"))
    same = (Paper.complaint == issue.case) & (Paper.kind == issue.kind) & (Paper.round == issue.round)
    papers = Paper.select(*columns).where(same & (Paper.issued_at == issue.at)).order_by(Paper.id.desc())
    paper = papers.first() or Paper(id=NO_ROW, number="")
    number = _number(issue, paper.number)
    is_reissued = _is_reissued(number)
    validity = Validity.SUPERSEDED if is_reissued or getattr(paper, "superseded", False) else Validity.VALID
    if getattr(paper, "void", False):
        validity = Validity.VOID
    kind = vocabulary().papers.get(issue.kind)
    dated_by = number.given_at if number and kind and kind.series else issue.at
    return VerifiedPaper(
        title=kind.title if kind else _titles_of_no_case().get(issue.kind, ""),
        serial=number.place if number and number.place > 0 else None,
        year=number.year if number else None,
        day=dated_by.astimezone(WIB).date(),
        issued_on=issue.at.astimezone(WIB).date(),
        signatures=_signatures(paper.id),
        validity=validity,
    )


def _number(issue: _Issue, text: str) -> Number | None:
    """The paper's number as it was given: to its case, or at that moment to the list or the recap that bears it."""
    of_case = (Number.complaint == issue.case) & (Number.text == text)
    of_none = (Number.series == issue.kind) & (Number.given_at == issue.at)
    given = Number.select().where(of_none if issue.about else of_case).order_by(Number.id.desc())
    return next((number for number in given if not issue.about or issue.about.endswith(f" {number.text}")), None)


def _signatures(paper: int) -> tuple[tuple[str, bool], ...]:
    signers = PaperHand.select(PaperHand.role, is_signed_as(PaperHand.role)).join(Paper)
    of_paper = signers.where(PaperHand.paper == paper).order_by(PaperHand.place)
    return tuple((public_label(role), bool(is_signed)) for role, is_signed in of_paper.tuples())


def _is_reissued(number: Number | None) -> bool:
    """Whether the number is of a recap of which a later one was issued for the same days."""
    later = RecapPaper.alias()
    same = (later.first == RecapPaper.first) & (later.last == RecapPaper.last) & (later.id > RecapPaper.id)
    of_number = RecapPaper.number == (number.id if number else NO_ROW)
    return bool(RecapPaper.select().join(later, on=same).where(of_number).exists())


def _titles_of_no_case() -> dict[str, str]:
    """The titles of what is issued about no single case, by kind."""
    return {
        recap_paper.KEY: recap_paper.TITLE,
        registerbook.KEY: registerbook.TITLE,
        compliance_sheet.KEY: compliance_sheet.TITLE,
        "lembar_sop": "Lembar SOP",
        **dict(issued_lists.kinds()),
    }
