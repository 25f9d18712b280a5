"""Papers before they are issued: drafts marked KONSEP, and previews of unsaved values."""

from dataclasses import replace
from typing import NamedTuple

from flask import url_for
from markupsafe import Markup

from models.case.blanks import filled_blanks, record_of
from models.case.case import Case
from models.case.content import Composer, masked_content
from models.case.in_force import WrittenRecord
from models.case.sample import contents, paper_kinds, printed_on
from models.case.sheets import KIND
from models.complaint.event import open_seals
from models.complaint.paper import Content, Paper, content_of, is_void
from models.email.to_pengadu import sample_email
from models.office import wording
from models.office.settings import Settings
from models.office.wording import EMAIL, PREFIX, WORDING
from models.records.base import Blanks
from models.store.base import now
from models.store.resource_limits import AllSlotsTaken
from papers.layout.screen import sheet
from papers.printing import press
from papers.printing.failure import PrintError
from sop.access import may_draft
from sop.procedure import PaperKind, Transition
from sop.vocabulary import PAUSED


def draftable(case: Case) -> list[PaperKind]:
    """The papers of the awaited row that have a draft, or that the awaited act issues."""
    awaited = case.complaint.back if case.complaint.state == PAUSED else case.complaint.state
    number = case.procedure.row_no(awaited)
    if number is None:
        return []
    steps = case.procedure.rows[number - 1].transitions
    if case.procedure.transitions[awaited].draft and not may_draft(case.relations):
        return []  # a unit's draft is private until it is submitted
    return [p for step in steps for p in step.papers if not p.side and _is_draftable(steps, awaited, step, case)]


def _is_draftable(steps: tuple[Transition, ...], awaited: str, issuer: Transition, case: Case) -> bool:
    """Whether the paper can be drafted now: its act is awaited, or an earlier act with a draft."""
    if any(need.record not in case.records for t in steps for need in t.needs if t.key == awaited):
        return False
    return any(t.key == awaited and (t is issuer or t.draft) for t in steps)


def draft_of(case: Case, kind: str, composer: Composer | None = None) -> Content | None:
    """The content of a paper before it is issued, None if it cannot be drafted. `composer` has read the case."""
    paper = next((p for p in draftable(case) if p.key == kind), None)
    if paper is None:
        return None
    _presume(case, case.procedure.issuers[kind])
    demo, number = bool(case.settings.get("site.demo")), case.complaint.id
    composer = composer or Composer({number: case}, open_seals([number]), at=case.at, demo=demo)
    return composer.of_draft(case, demo=demo).compose(case, paper, draft=True)


def papers_to_decide_on(case: Case, step: Transition, composer: Composer | None = None) -> list[Content]:
    """The papers to show for a decision: drafts of the text to approve, else the paper issued on receipt.

    Contact data is masked.
    """
    if step.independent:
        contents = [draft_of(case, paper.key, composer) for paper in step.papers]
    else:
        contents = [_issued(case, paper) for paper in case.procedure.receive.papers if not paper.side]
    return [masked_content(content) for content in contents if content]


def _issued(case: Case, kind: PaperKind) -> Content | None:
    """The frozen content of the latest valid paper of a kind."""
    number = case.complaint.id
    papers = Paper.select().where((Paper.complaint == number) & (Paper.kind == kind.key) & ~is_void())
    paper = papers.order_by(Paper.id.desc()).first()
    seal = open_seals([number])[number]
    return content_of(paper, seal) if paper and not seal.is_gone else None


def contents_of(case: Case, step: Transition, blanks: Blanks) -> list[Content]:
    """Preview contents for these field values: papers of the awaited row, and those that the next act would draft."""
    typed = WrittenRecord(step.record, case.complaint.id, step.key, case.user.id, case.at, blanks, draft=True)
    present = replace(case, drafts={**case.drafts, step.record: typed}, records=dict(case.records))
    then = _after(present, step)
    cases = {paper.key: one for one in filter(None, (then, present)) for paper in draftable(one) if not paper.identity}
    drafts = (draft_of(replace(one, records=dict(one.records)), key) for key, one in reversed(cases.items()))
    return [content for content in drafts if content]


def _after(case: Case, step: Transition) -> Case | None:
    """The case as after the step, if the next act has a draft too."""
    following = case.procedure.transitions.get(case.procedure.target(step, state=case.complaint.state))
    if following is None or not following.draft or following is step:
        return None
    complaint = case.complaint.clone()
    complaint.__data__ = {**complaint.__data__, "state": following.key}
    then = replace(case, complaint=complaint, records=dict(case.records))
    _presume(then, step)
    return then


def _presume(case: Case, issuer: Transition) -> None:
    """Add the records that the row's acts would write now, except approvals."""
    for step in case.procedure.row_named(issuer.key).transitions:
        model = record_of(step)
        if model and model.key not in case.records and not step.independent:
            c, draft = case.complaint, case.drafts.get(model.key)
            by, at = (draft.made_by, draft.made_at) if draft else (case.user.id, case.at)
            blanks = filled_blanks(case, step, {})
            case.records[model.key] = WrittenRecord(
                model.key, c.id, step.key, by, at, blanks, c.round, case.leg, c.revision
            )
        if step is issuer:
            return


LETTER_SAMPLE = "Contoh surel"
CROWDED = (
    "Contohnya belum dapat dicetak: cetakan lain masih dikerjakan. Yang Anda ketik tetap ada; simpan sebentar lagi."
)


class RenderedSheet(NamedTuple):
    """A rendered paper for inclusion in a page."""

    kind: str
    title: str
    page: Markup


def sample_contents(settings: Settings, kinds: tuple[str, ...], key: str = "", picture: bytes = b"") -> list[Content]:
    """The sample papers; `picture` is an emblem that is not stored yet."""
    samples = contents(settings, kinds, at=now(), key=key)
    return [{**content, "emblem": wording.inline(picture)} for content in samples] if picture else samples


def sample_sheets(settings: Settings, key: str) -> list[RenderedSheet]:
    """Previews of the papers, or of the e-mail, on which a setting appears."""
    if (text := WORDING.get(key.removeprefix(PREFIX))) and text.is_email:
        email = sample_email(text, settings, now())
        page = Markup('<p><strong>{}</strong></p><p class="pre">{}</p>').format(email.subject, email.text)
        return [RenderedSheet(EMAIL, LETTER_SAMPLE, page)]
    samples = contents(settings, printed_on(key), at=now(), key=key)
    return [rendered_sheet(content, paper_kinds()[content["paper"]["key"]]) for content in samples]


def rendered_sheet(content: Content, title: str) -> RenderedSheet:
    page = sheet(content, emblem=emblem_address(content["office"]["emblem"]))
    return RenderedSheet(content["paper"]["key"], title, page)


def emblem_address(name: str) -> str:
    """The URL of a letterhead's emblem."""
    return url_for("lambang.picture", code=wording.short(name)) if name else url_for("static", filename="emblem.png")


def sample_pdf(content: Content) -> bytes:
    """One sample paper, marked KONSEP; the blank form needs no mark."""
    return press.unissued_pdf(content) if content["paper"]["key"] == KIND else press.draft_pdf(content)


def print_objection(settings: Settings, key: str, picture: bytes = b"") -> str:
    """Why a setting cannot be printed, by rendering each paper on which it appears; "" if it can."""
    kinds = printed_on(key)
    if kinds == tuple(paper_kinds()):
        kinds = kinds[1:3]  # two short ones for the letterhead, which is the same on all papers
    for content in sample_contents(settings, kinds, key, picture):
        try:
            sample_pdf(content)
        except PrintError as failed:
            return f"Contoh {paper_kinds()[content['paper']['key']]} tidak dapat dicetak dengan isian ini. {failed}"
        except AllSlotsTaken:
            return CROWDED
    return ""
