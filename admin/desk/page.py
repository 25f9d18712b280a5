"""The page of the desk: its tabs, the cards with their open blanks, the action bar, and the outcome of an act."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from textwrap import shorten
from typing import Any, TypedDict

from flask import current_app, url_for
from jinja2.utils import htmlsafe_json_dumps

from admin.case.after import AfterAct, Way
from admin.case.decisions import first_word
from admin.case.forms import NO_HOLDER, UNIT, deputy_blank, headless_units
from admin.case.steps import step_url
from admin.desk.cards import acting_line, acting_title
from admin.desk.opened import opened_case_of, opened_case_url
from admin.desk.queues import (
    FigureBadge,
    apart_url,
    apart_words,
    desk_name,
    papers_to_sign_card,
    queue_badges,
    queue_card,
    queue_url,
    user_turn_filters,
    user_turn_url,
)
from admin.desk.state import DeskState, acts_of, blanks_form, blanks_in_place
from admin.door.rows import signed_in
from admin.lists import cells
from admin.lists.cells import news_lines, news_of_rows
from admin.lists.inputs import html_value
from models.case import access_notes
from models.case.blanks import record_of
from models.complaint.scope import Viewer, viewer
from models.office import decree
from models.office.contacts import masked_words
from models.office.people import today
from models.reading import queue
from models.reading.decided_month import decided_month
from models.reading.desk import DeskCase, desk_cases, steps_of_desk
from models.records.in_words import value_in_words
from models.records.story_summary import informative_sentences
from sop.flow import current_procedure
from sop.procedure import Transition
from sop.vocabulary import PAUSED
from sop.words import format_moment

SIZE, LINE, WANTED = 20, 130, 2  # cards a page; characters of a line, clamped by CSS; names of missing blanks on a card
GIST = 300  # characters of the story: two full lines of the widest screen

News = list[tuple[str, str, str]]  # blank, before, now


@dataclass(frozen=True)
class Tab:
    """One queue of the desk."""

    step: Transition
    title: str
    count: int
    url: str
    list_url: str
    badges: tuple[FigureBadge, ...]
    apart: str
    apart_url: str


@dataclass
class DeskCard:
    """One case of the queue as it is drawn."""

    case: DeskCase
    url: str  # opens the case
    gist: str
    marks: list[tuple[str, str]]
    clock: str
    lacks: str
    lines: list[tuple[str, str]]
    ticked: bool
    blocks: list[tuple[Transition, Any]]
    why: str = ""  # why it was refused
    alone: list[str] = field(default_factory=list)  # why it is not ticked with all the others
    news: News = field(default_factory=list)
    changed: str = ""  # marks of changes since the user's own last act
    prefill: str = "{}"  # JSON of the proposed values of its blanks


@dataclass(frozen=True)
class DeskOutcome:
    """The outcome of a decision on one case: the sentence, links to continue with, refusals and changes by case."""

    sentence: str = ""
    tone: str = "success"
    ways: list[Way] = field(default_factory=list)
    refused: dict[int, str] = field(default_factory=dict)
    news: dict[int, News] = field(default_factory=dict)
    brief: str = ""  # the sentence in one line with the case's number; "" if it says more than that

    @property
    def after(self) -> AfterAct:
        """What the desk says: what is next stands under it."""
        title = {"success": "Berhasil", "warning": "Perhatian"}.get(self.tone, "Info")
        return AfterAct(self.sentence, self.ways, tone=self.tone, title=title, leads_on=False)

    def of(self, case: int) -> tuple[str, News]:
        """Why a case was refused, and what changed in it meanwhile."""
        return self.refused.get(case, ""), self.news.get(case, [])


class ActsInPlace(TypedDict):
    """Template context for the buttons of an opened case; `proposes`: whether the panel proposes values."""

    step: Transition
    acts: list[Transition]
    proposes: bool
    brief: Callable[[Transition], str]


class FormOfCards(ActsInPlace):
    """Template context of the form: the acts, an empty form of each one's blanks, and how many go back."""

    others_back: list[Transition]
    empty: list[tuple[Transition, Any]]
    going_back: int
    left_out: list[tuple[str, str]]  # number and why
    left_out_why: str  # each reason once
    deputy: Any  # the reason why the Kepala Dinas decides despite a Plh., once a page; None without one
    step_url: Callable[..., str]


NOTHING = DeskOutcome()


def _tabs(waiting: list[queue.Waiting], who: Viewer, at: datetime) -> tuple[list[Tab], list[Any]]:
    """The desk's queues, and cards of the other queues of the user."""
    of_desk = steps_of_desk()
    queues = [_tab(each, who) for each in waiting if each.step in of_desk]
    return queues, [queue_card(each, who, at) for each in waiting if each.step not in of_desk]


def _tab(waiting: queue.Waiting, who: Viewer) -> Tab:
    step = waiting.step
    return Tab(
        step,
        desk_name(step),
        waiting.count - waiting.apart,
        url_for("meja.queue", key=step.key),
        user_turn_url(step.key),
        queue_badges(waiting, **user_turn_filters(step.key)),
        apart_words(waiting.apart, who),
        apart_url(step.key),
    )


def desk_page(who: Viewer, state: DeskState | None, at: datetime, outcome: DeskOutcome = NOTHING) -> str:
    """The desk with one queue open; ticks and open blanks of the state stay, unless the case changed meanwhile."""
    own = queue.own_queues(who, at)
    queues, others = _tabs(own.waiting, who, at)
    state = state or _first_queue(queues)
    tab = next(tab for tab in queues if tab.step is state.step)
    listed = _cases_of_page(who, state, at)
    access_notes.log_list(who.user, f"meja {state.step.key}", (desk_case.complaint for desk_case in listed), every=True)
    state.on_page = [desk_case.complaint.id for desk_case in listed]
    deputies = decree.registered_actings(today())
    cards = [desk_card(state, desk_case, *outcome.of(desk_case.complaint.id)) for desk_case in listed]
    changed = news_of_rows(who, [card.case.complaint.id for card in cards])
    for card in cards:
        card.changed = news_lines(changed.get(card.case.complaint.id, ()))
    return render(
        "admin/desk/desk.html",
        who=who,
        tabs=queues,
        tab=tab,
        others=others,
        state=state,
        outcome=outcome,
        opened=opened_case_of(state) if state.reading else None,
        cards=cards,
        month=None if cards else decided_month(who, state.step, at),
        pages=-(-tab.count // SIZE),
        day=at,
        open_now=cells.office_clock().is_open(at),
        acting=[acting_line(row) for row in deputies],
        title=acting_title(deputies, who.user),
        paused_url=queue_url(PAUSED),
        to_sign=papers_to_sign_card(own),
        **form_context(state, cards),
    )


def _first_queue(queues: list[Tab]) -> DeskState:
    """The first one that is not empty."""
    return DeskState(next((tab for tab in queues if tab.count), queues[0]).step)


def _cases_of_page(who: Viewer, state: DeskState, at: datetime) -> list[DeskCase]:
    """The page of the queue, or the opened case alone if it is not on that page."""
    listed = desk_cases(who, state.step, at, ids=state.on_page or None, page=state.page, size=SIZE)
    if not state.reading or any(desk_case.complaint.id == state.reading for desk_case in listed):
        return listed
    return desk_cases(who, state.step, at, ids=[state.reading]) or listed


def acts_in_place(step: Transition) -> ActsInPlace:
    model = record_of(step)
    return {"step": step, "acts": acts_of(step), "proposes": bool(model and model.gist), "brief": first_word}


def form_context(state: DeskState, cards: list[DeskCard]) -> FormOfCards:
    in_place = acts_in_place(state.step)
    return {
        **in_place,
        "others_back": [act for act in current_procedure().other_ways(state.step) if act not in in_place["acts"]],
        "empty": [(act, blanks_form(act, 0, None)) for act in in_place["acts"]],
        "going_back": sum(act is not state.step for card in cards for act, _ in card.blocks),
        "left_out": [(card.case.complaint.number, ", ".join(card.alone)) for card in cards if card.case.singly],
        "left_out_why": ", ".join(dict.fromkeys(why for card in cards for why in card.alone)),
        "deputy": deputy_blank(viewer(signed_in()).deputies.get(None), state.typed),
        "step_url": step_url,
    }


def desk_card(state: DeskState, desk_case: DeskCase, why: str = "", news: Any = ()) -> DeskCard:
    """A card; a case that is newer than its tick or its open blanks was not read at this version and loses its tick."""
    c, step = desk_case.complaint, state.step
    open_now = [act for act in acts_of(step) if c.id in state.opened.get(act.key, {})]
    texts = {**desk_case.before, **desk_case.brought}.items()
    until = f", batas SOP {format_moment(c.row_due_at)}" if c.row_due_at else ""
    unproposed = [f"{name} belum diusulkan" for name in desk_case.unproposed]
    more = len(desk_case.missing) - WANTED
    lacks = ", ".join(desk_case.missing[:WANTED]) + (f" dan {more} isian lain" if more > 0 else "")
    return DeskCard(
        desk_case,
        opened_case_url(step, c.id),
        masked_words(shorten(" ".join(informative_sentences(c.__data__["story"])), GIST, placeholder=" …")),
        _marks(c),
        f"{cells.due_words(c)}{until}",
        lacks,
        [(label, _line(text)) for label, text in texts] + _proposal(desk_case),
        state.ticked.get(c.id) == c.version,
        [(act, state.form(act, c.id, desk_case.own)) for act in open_now],
        why,
        queue.alone_because(c) + unproposed if desk_case.singly else [],
        list(news),
        prefill=_prefill(step, desk_case),
    )


def _prefill(step: Transition, desk_case: DeskCase) -> str:
    """The proposed values as JSON, without those that are the blanks' defaults."""
    model = record_of(step)
    usual = {f.name: f.default for f in model.blanks()} if model else {}
    proposed = {
        name: desk_case.own[name]
        for name in blanks_in_place(step)
        if desk_case.own.get(name) not in (None, "", [], usual[name])
    }
    return htmlsafe_json_dumps(proposed, separators=(",", ":"), default=html_value)


def _proposal(desk_case: DeskCase) -> list[tuple[str, str]]:
    """The proposed values in one line; blanks without a proposal, and a proposed unit that has no head."""
    texts = [_line(text) for text in desk_case.proposed.values()]
    lines = [("Usulan", " · ".join(texts))] if texts else []
    lines += [("Belum diusulkan", ", ".join(desk_case.unproposed))] if desk_case.unproposed else []
    headless = desk_case.own.get(UNIT) and desk_case.own[UNIT] in headless_units()
    return lines + ([("Kepala unit kerja", NO_HOLDER)] if headless else [])


def _marks(c: Any) -> list[tuple[str, str]]:
    again = [(f"Revisi {c.revision - 1}", "info")] if c.revision > 1 else []
    watched = [("Berkadar pengawasan", "info")] if c.law_class == "berkadar" else []
    return [*cells.urgency_marks(c), *cells.due_marks(c)[:1], *watched, *again]  # only the worse of two late marks


def _line(value: Any) -> str:
    return shorten(value_in_words(value), LINE, placeholder=" …")


def render(template: str, **context: Any) -> str:
    """Render in the panel's frame, as the start page."""
    return str(current_app.extensions["admin"][0].index_view.render(template, **context))
