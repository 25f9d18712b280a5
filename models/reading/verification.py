"""What anybody may learn of a paper by its verification code: no person, no unit, nothing about the case.

The answer has one shape for every paper, and an unknown code takes the same statements as a known one.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import peewee as pw

from models.case import issued_lists
from models.complaint.number import Number
from models.complaint.paper import Paper, PaperCode, PaperHand, is_signed_as, is_superseded, is_void
from models.reading import compliance_sheet, recap_paper, registerbook
from models.reading.recap_paper import RecapPaper
from models.store import seal
from sop.clock import WIB
from sop.signers import public_label
from sop.vocabulary import vocabulary

NO_ROW = 0  # an id that no row has: what is asked about an unknown code


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
    code_columns = (PaperCode.kind, PaperCode.about, PaperCode.issued_at)
    coded = PaperCode.select(*code_columns, Paper.complaint, Paper.kind, Paper.round, Paper.issued_at)
    coded = coded.join(Paper, pw.JOIN.LEFT_OUTER).where(PaperCode.mark == seal.ring().code_mark(code)).tuples().first()
    own_kind, about, own_moment, case, kind, round_, moment = coded or [None] * 7
    paper = _whole_paper(case or NO_ROW, _answering_kind(kind), round_ or 0, moment)
    number = _number(paper, case, own_kind, about or "", own_moment)
    signatures = _signatures(paper.id if paper else NO_ROW)
    reissued = _is_reissued(number.id if number else NO_ROW)
    if paper:
        validity = Validity.VOID if paper.void else Validity.SUPERSEDED if paper.superseded else Validity.VALID
    else:
        validity = Validity.SUPERSEDED if reissued else Validity.VALID
    if coded is None:
        return None
    return VerifiedPaper(
        title=_title(paper.kind if paper else own_kind),
        serial=number.place if number and number.place > 0 else None,
        year=number.year if number else None,
        day=_day(paper, number, moment or own_moment),
        issued_on=(moment or own_moment).astimezone(WIB).date(),
        signatures=signatures,
        validity=validity,
    )


def _answering_kind(kind: str | None) -> str:
    """The kind of paper that answers: for the copy that exists only of rahasia cases the one issued with it."""
    papers = vocabulary().papers
    if kind is None or not papers[kind].secret_only:
        return kind or ""
    act = next(act for act in vocabulary().acts.values() if any(paper.key == kind for paper in act.papers))
    return next(paper.key for paper in act.papers if not paper.secret_only)


def _whole_paper(case: int, kind: str, round_: int, moment: datetime | None) -> Any:
    """The paper, with `void` and `superseded`; None if there is none."""
    columns = (Paper.id, Paper.kind, Paper.number, is_void().alias("void"), is_superseded().alias("superseded"))
    issued_then = Paper.issued_at.is_null() if moment is None else Paper.issued_at == moment
    same = (Paper.complaint == case) & (Paper.kind == kind) & (Paper.round == round_) & issued_then
    return Paper.select(*columns).where(same).order_by(Paper.id.desc()).first()


def _number(paper: Any, case: int | None, kind: str | None, about: str, moment: datetime | None) -> Number | None:
    """The paper's number as it was given: to its case, or at that moment to the list or the recap that bears it."""
    of_case = (Number.complaint == (case or NO_ROW)) & (Number.text == (paper.number if paper else ""))
    of_none = (Number.series == (kind or "")) & (Number.given_at == moment)
    given = Number.select().where(of_case if moment is None else of_none).order_by(Number.id.desc())
    return next((number for number in given if paper or about.endswith(f" {number.text}")), None)


def _signatures(paper: int) -> tuple[tuple[str, bool], ...]:
    asked = PaperHand.select(PaperHand.role, is_signed_as(PaperHand.role)).join(Paper)
    signers = asked.where(PaperHand.paper == paper).order_by(PaperHand.place).tuples()
    return tuple((public_label(role), bool(is_signed)) for role, is_signed in signers)


def _is_reissued(number: int) -> bool:
    """Whether the number is of a recap of which a later one was issued for the same days."""
    later = RecapPaper.alias()
    same = (later.first == RecapPaper.first) & (later.last == RecapPaper.last) & (later.id > RecapPaper.id)
    return bool(RecapPaper.select().join(later, on=same).where(RecapPaper.number == number).exists())


def _day(paper: Any, number: Number | None, issued_at: datetime) -> date:
    numbered = number if paper and vocabulary().papers[paper.kind].series else None
    moment: datetime = numbered.given_at if numbered else issued_at
    return moment.astimezone(WIB).date()


def _title(kind: str) -> str:
    of_no_case = {
        recap_paper.KEY: recap_paper.TITLE,
        registerbook.KEY: registerbook.TITLE,
        compliance_sheet.KEY: compliance_sheet.TITLE,
        "lembar_sop": "Lembar SOP",
        **dict(issued_lists.kinds()),
    }
    papers = vocabulary().papers
    return papers[kind].title if kind in papers else of_no_case[kind]
