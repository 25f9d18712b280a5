"""Parts of a case's page: related cases, promises, papers, every record in words."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import url_for
from markupsafe import Markup

from admin.case.acts import ActButton
from admin.case.notices import LikelyCase, act_for, act_opened_with
from admin.lists.cells import badge, short_date, short_moment
from admin.papers.drafts import draftable
from admin.papers.evidence import missing_file_sentence
from admin.papers.status import (
    CLOSED,
    PRINTED,
    paper_addresses,
    print_status,
    signature_badge,
    status_badge,
    with_print,
    with_signatures,
)
from models.case.access_notes import log_list, without_hidden_cases
from models.case.case import Case
from models.case.content import Composer
from models.case.content_parts import single_copy_sentence
from models.case.in_force import WrittenRecord, is_current
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper, PaperCode, Print
from models.complaint.related import MOST, related_cases
from models.complaint.repeats import COLUMNS, CaseMarks
from models.complaint.scope import openable, viewer, visible
from models.office.people import today
from models.records.base import Blanks, SealedText
from models.records.detours import APART, TIED, Tie
from models.records.in_words import value_in_words
from models.records.promises import CARETAKERS, ENDS, KEPT, Pledge, Promise
from models.records.registry import RECORDS
from models.store import files
from sop.access import may_draft
from sop.procedure import Transition
from sop.signers import public_label
from sop.vocabulary import vocabulary
from sop.words import format_date, format_moment

NAMED, TIED_NAMED = 10, 20
RELATED = "pengaduan lain"  # the name of this list in the access log


@dataclass(frozen=True)
class OtherCases:
    """The newest cases linked to the case and those with common persons or address, with their numbers; and the act
    that links and unlinks, if the user may perform it."""

    case: Case
    tied: list[LikelyCase] = field(default_factory=list)
    alike: list[LikelyCase] = field(default_factory=list)
    count: int = 0
    tied_count: int = 0
    act: Transition | None = None

    def __bool__(self) -> bool:
        return bool(self.tied or self.alike)

    @property
    def words(self) -> str:
        """The numbers in words; counting stops at MOST."""
        parts = [f"{self.tied_count} berkaitan"] if self.tied else []
        return ", ".join(parts + ([self._alike_words] if self.alike else []))

    @property
    def _alike_words(self) -> str:
        if self.count >= MOST:
            return f"{len(self.alike)} terbaru dari {MOST} atau lebih"
        return f"{len(self.alike)} terbaru dari {self.count}" if self.count > len(self.alike) else f"{self.count}"

    def tying(self, other: LikelyCase) -> dict[str, str]:
        return self._act_opened_with(other, TIED)

    def untying(self, other: LikelyCase) -> dict[str, str]:
        return self._act_opened_with(other, APART)

    def _act_opened_with(self, other: LikelyCase, word: str) -> dict[str, str]:
        return act_opened_with(self.act, self.case, other) | {Tie.word.name: word, "do": "stay"}


def other_cases(case: Case, marks: CaseMarks) -> OtherCases:
    """Related cases that the user may open, recorded in the access log."""
    found = related_cases(case.complaint.id, marks, case.relations, viewer(case.user))
    related = {each.complaint.id: each for each in found}
    reasons = Tie.tied(case.complaint.id)  # why cases were linked, by case
    tied = [_line(c, reasons[c.id], related[c.id].words if c.id in related else "") for c in _visible(case, reasons)]
    alike = [_line(each.complaint, each.words) for number, each in related.items() if number not in reasons]
    others = OtherCases(
        case, tied[:TIED_NAMED], alike[:NAMED], len(alike), len(tied), act_for(case, case.procedure.repeat("ties"))
    )
    log_list(case.user, RELATED, [line.complaint for line in (*others.tied, *others.alike)])
    return others


def _visible(case: Case, ids: Collection[int]) -> list[Complaint]:
    """Those of the cases that the user may see, the newest first."""
    if not ids:
        return []
    rows = visible(case.user, Complaint).select(*COLUMNS, Complaint.secrecy).where(Complaint.id.in_(list(ids)))
    return list(rows.order_by(Complaint.id.desc()))


def _line(complaint: Complaint, *why: str) -> LikelyCase:
    return LikelyCase(complaint, " · ".join(filter(None, why)), takes_more=False)


SOON, LATE = "Jatuh tempo hari ini", "Lewat {} hari"


@dataclass(frozen=True)
class PromiseLine:
    """One promise: text, date, state, and while it is open who takes care of it."""

    what: str
    day: str
    badge: Markup
    caretaker: str


def promise_lines(rows: Sequence[Pledge]) -> list[PromiseLine]:
    """Open promises by due date, then ended ones, latest first."""
    waiting = sorted((row for row in rows if row.ended_at is None), key=lambda row: (row.day, row.id))
    ended = sorted((row for row in rows if row.ended_at), key=lambda row: row.ended_at, reverse=True)
    return [
        PromiseLine(
            row.what, format_date(row.day), promise_badge(row), "" if row.ended_at else CARETAKERS[row.caretaker]
        )
        for row in (*waiting, *ended)
    ]


def promise_acts(buttons: Iterable[ActButton]) -> list[ActButton]:
    """Those of the available acts that need an open promise."""
    return [act for act in buttons if any(need.record == Promise.key for need in act.transition.needs)]


def promise_badge(row: Pledge) -> Markup:
    """The state of a promise: its outcome, else its due date relative to today."""
    if row.ended_at:
        return badge("good" if row.end == KEPT else "neutral", ENDS[row.end])
    days = (row.day - today()).days
    if days < 0:
        return badge("bad late", LATE.format(-days))
    if days == 0:
        return badge("warn", SOON)
    return badge("wait", "Besok" if days == 1 else f"{days} hari lagi")


LIES_AT = Print.select(Print.path).where(Print.paper == Paper.id)
CODED = PaperCode.select(PaperCode.id).where(PaperCode.paper == Paper.id)
GONE = badge("bad", "Hilang dari penyimpanan")


@dataclass(frozen=True)
class PaperLine:
    """An issued paper with the state of its print and its signatures; without an address, `closed` says why."""

    title: str
    number: str
    url: str
    closed: str
    issued: str
    badge: Markup | str
    by_hand: Markup | str
    signed: str
    once: str  # why no copies of it are made
    is_coded: bool  # whether it bears a verification code
    others: dict[str, str]  # addresses of its other files, by title


def issued_papers(complaint: Complaint) -> list[Any]:
    """The papers of a case with the state of their prints and signatures, newest first."""
    issued = with_print(Paper.select()).select_extend(LIES_AT.alias("lies_at"), CODED.alias("coded"))
    return with_signatures(list(issued.where(Paper.complaint == complaint).order_by(Paper.id.desc())))


def paper_lines(case: Case, papers: list[Any]) -> list[PaperLine]:
    """The issued papers in words."""
    opened = {paper.id for paper in openable(case.user, papers, {case.complaint.id: case.relations})}
    return [_paper_line(paper, case, opens=paper.id in opened) for paper in papers]


def _paper_line(paper: Any, case: Case, *, opens: bool) -> PaperLine:
    gone = _gone_print(paper)
    is_open = opens and not gone
    (_, first), *others = paper_addresses(paper).items()
    signed = [
        f"{public_label(role) or 'Ditandatangani'}: {mark.signer}, {short_date(mark.signed_on)}"
        for role, mark in paper.signatures.items()
        if mark
    ]
    return PaperLine(
        vocabulary().papers[paper.kind].title,
        paper.number,
        first if is_open else "",
        gone or ("" if opens else CLOSED),
        short_moment(paper.issued_at),
        GONE if gone else _print_badge(paper),
        signature_badge(paper, named=False) if paper.void is None else "",
        "; ".join(signed),
        single_copy_sentence(vocabulary().papers[paper.kind], [case.complaint]) if is_open else "",
        paper.coded is not None,
        dict(others) if opens else {},
    )


def _print_badge(paper: Any) -> Markup | str:
    """The state of its print, while there is something to say of it."""
    return "" if print_status(paper)[0] == PRINTED else status_badge(paper)


def _gone_print(paper: Any) -> str:
    """What to do about a print whose file is missing; "" if it is there, or nothing was printed yet."""
    printed_at = Print.printed_at.python_value(paper.printed)
    if printed_at is None or files.is_there(paper.lies_at):
        return ""
    return missing_file_sentence(paper.lies_at, printed_at)


def draft_links(case: Case, papers: list[Any]) -> list[tuple[str, str]]:
    """(title, address) of papers that can be viewed as KONSEP, given the issued ones."""
    c = case.complaint
    issued = {paper.kind for paper in papers if paper.round == c.round and paper.void is None}
    return [
        (paper.title, url_for("dokumen.draft", complaint=c.id, kind=paper.key))
        for paper in draftable(case)
        if paper.key not in issued or c.revision > 1
    ]


@dataclass(frozen=True)
class RecordLine:
    """A record of the case: title, author, time, state, and its blanks in words by label."""

    title: str
    by: str
    at: str
    draft: bool
    recalled: bool
    revision: int
    round: int
    opened: bool  # shown unfolded: the last one in force, what the awaited step needs, and drafts
    blanks: dict[str, str]


def awaited_step(case: Case) -> Transition | None:
    """The step that the case waits for; None of a finished one."""
    return vocabulary().transitions.get(case.complaint.state)


def _is_needed(record: WrittenRecord, case: Case) -> bool:
    """Whether that step needs this record: whoever performs it reads it first."""
    step = awaited_step(case)
    needed = {need.record for need in step.needs} if step else set()
    return record.key in needed and is_current(record, case.complaint, RECORDS[record.key].per)


def record_lines(case: Case, composer: Composer, seal: Any) -> list[RecordLine]:
    """The records in order of creation, drafts last."""
    records = sorted(_readable(case), key=lambda record: (record.draft, record.made_at, record.id))
    final = [record for record in records if not record.draft and not record.recalled]
    blanks = without_hidden_cases((composer.in_words(record.key, record.blanks) for record in records), case.user)
    return [
        RecordLine(
            RECORDS[record.key].title,
            str(composer.users[record.made_by]),
            format_moment(record.made_at),
            record.draft,
            record.recalled,
            record.revision,
            record.round,
            record.draft or record is final[-1] or (record in final and _is_needed(record, case)),
            _blanks_in_words(record, plain, seal),
        )
        for record, plain in zip(records, blanks, strict=True)
    ]


def _readable(case: Case) -> list[WrittenRecord]:
    drafts = may_draft(case.relations)  # drafts under the disposition in force
    return [
        record
        for record in case.stored_records
        if not record.draft or (drafts and is_current(record, case.complaint, "leg"))
    ]


def _blanks_in_words(record: WrittenRecord, plain: Blanks, seal: Any) -> dict[str, str]:
    """All blanks of a record in the order of its form, encrypted ones included, their contact data masked."""
    model = RECORDS[record.key]
    sealed = [f.name for f in model._meta.sorted_fields if isinstance(f, SealedText) and record.blanks[f.name]]
    opened = {name: seal.open_text(f"record/{record.key}/{name}", record.blanks[name]) for name in sealed}
    texts = dict(model.opened(record.blanks, opened)) if opened else {}
    texts |= {label: value_in_words(words) for label, words in plain.items()}
    labels = [str(field.verbose_name) for field in model._meta.sorted_fields]
    inner = [label for label in texts if label not in labels]  # labels that one encrypted blank adds
    return {label: texts[label] for label in (*inner, *labels) if label in texts}
