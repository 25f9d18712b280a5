"""What the desk shows: its tabs, a page of cards with the blanks that lie open, the bar, and what came of an act."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from textwrap import shorten
from typing import Any, TypedDict

from flask import current_app, url_for
from jinja2.utils import htmlsafe_json_dumps

from admin.case.decisions import first_word
from admin.case.forms import NO_HOLDER, UNIT, deputy_blank, headless_units
from admin.case.steps import step_url
from admin.desk.cards import acting_line, acting_title
from admin.desk.queues import (
    FigureBadge,
    apart_url,
    apart_words,
    desk_name,
    own_papers_card,
    queue_badges,
    queue_card,
    queue_url,
    turn_of,
    turn_url,
)
from admin.desk.sheet import Sheet, acts_of, blanks_form, blanks_in_place, leaf_of, leaf_url
from admin.door.rows import signed_in
from admin.lists import cells
from admin.lists.cells import news_lines, news_of_rows
from admin.lists.inputs import as_typed
from models.case import access_notes
from models.case.blanks import record_of
from models.complaint.scope import Viewer, viewer
from models.office import decree
from models.office.contacts import masked_words
from models.office.people import today
from models.reading import queue
from models.reading.desk import Slip, slips, steps_of_desk
from models.records.gist import informative_sentences
from models.records.in_words import value_in_words
from sop.flow import current_procedure
from sop.procedure import Transition
from sop.vocabulary import HELD
from sop.words import format_moment

SIZE, LINE, WANTED = 20, 78, 2  # cards a page; characters of a line; names
GIST = 300  # characters of the story: two full lines of the widest screen

News = list[tuple[str, str, str]]  # blank, before, now


@dataclass(frozen=True)
class Tab:
    """One pile of the desk."""

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
    """One case of the pile as it is drawn."""

    slip: Slip
    url: str  # where it is laid open
    gist: str
    marks: list[tuple[str, str]]
    clock: str
    lacks: str
    lines: list[tuple[str, str]]
    ticked: bool
    blocks: list[tuple[Transition, Any]]
    why: str = ""  # why nothing was done with it
    alone: list[str] = field(default_factory=list)  # why it is not ticked with all the others
    news: News = field(default_factory=list)
    changed: str = ""  # marks, since the person's own last act
    prefill: str = "{}"  # the blanks that lie open with the proposal in them


@dataclass(frozen=True)
class DeskOutcome:
    """What came of deciding on one case from its leaf: the sentence, ways on from there, why it was refused."""

    sentence: str = ""
    tone: str = "success"
    ways: list[tuple[str, str]] = field(default_factory=list)  # words, address
    refused: dict[int, str] = field(default_factory=dict)
    news: dict[int, News] = field(default_factory=dict)

    def of(self, case: int) -> tuple[str, News]:
        """Why nothing was done with a case, and what changed in it meanwhile."""
        return self.refused.get(case, ""), self.news.get(case, [])


class ActsInPlace(TypedDict):
    """What a leaf needs to draw its buttons: the step and the acts, and whether the panel proposes its blanks."""

    step: Transition
    acts: list[Transition]
    proposes: bool
    brief: Callable[[Transition], str]


class FormOfCards(ActsInPlace):
    """What the form of cards needs: its acts, an empty copy of each one's blanks, and how many are marked."""

    others_back: list[Transition]
    empty: list[tuple[Transition, Any]]
    going_back: int
    left_out: list[tuple[str, str]]  # number and why
    deputy: Any  # asks why the Kepala Dinas decides beside his Plh., once for the sheet; None without one
    step_url: Callable[..., str]


NOTHING = DeskOutcome()


def tabs(who: Viewer, at: datetime) -> tuple[list[Tab], list[Any]]:
    """The desk's piles, and the cards of what else waits for the person."""
    waiting = queue.waiting(who, at)
    of_desk = steps_of_desk()
    piles = [_tab(one, who) for one in waiting if one.step in of_desk]
    return piles, [queue_card(one, who, at) for one in waiting if one.step not in of_desk]


def _tab(pile: queue.Waiting, who: Viewer) -> Tab:
    step = pile.step
    return Tab(
        step,
        desk_name(step),
        pile.count - pile.apart,
        url_for("meja.pile", key=step.key),
        turn_url(step.key),
        queue_badges(pile, **turn_of(step.key)),
        apart_words(pile.apart, who),
        apart_url(step.key),
    )


def desk_page(who: Viewer, sheet: Sheet, at: datetime, outcome: DeskOutcome = NOTHING) -> str:
    """The desk with one pile open; what is ticked and open on the sheet stays so, unless the case changed meanwhile."""
    piles, others = tabs(who, at)
    pile = next(tab for tab in piles if tab.step is sheet.step)
    lying = _lying(who, sheet, at)
    access_notes.note_list(who.user, f"meja {sheet.step.key}", (slip.complaint for slip in lying), every=True)
    sheet.on_page = [slip.complaint.id for slip in lying]
    deputies = decree.registered_actings(today())
    cards = [desk_card(sheet, slip, *outcome.of(slip.complaint.id)) for slip in lying]
    changed = news_of_rows(who, [card.slip.complaint.id for card in cards])
    for card in cards:
        card.changed = news_lines(changed.get(card.slip.complaint.id, ()))
    return render(
        "admin/desk/desk.html",
        who=who,
        tabs=piles,
        tab=pile,
        others=others,
        sheet=sheet,
        outcome=outcome,
        leaf=leaf_of(sheet) if sheet.reading else None,
        cards=cards,
        pages=-(-pile.count // SIZE),
        day=at,
        open_now=cells.office_clock().is_open(at),
        acting=[acting_line(row) for row in deputies],
        title=acting_title(deputies, who.user),
        held=queue_url(HELD),
        to_sign=own_papers_card(who),
        **form_context(sheet, cards),
    )


def _lying(who: Viewer, sheet: Sheet, at: datetime) -> list[Slip]:
    """The page of the pile; the case that is laid open by itself where it lies on none that was shown."""
    lying = slips(who, sheet.step, at, ids=sheet.on_page or None, page=sheet.page, size=SIZE)
    if not sheet.reading or any(slip.complaint.id == sheet.reading for slip in lying):
        return lying
    return slips(who, sheet.step, at, ids=[sheet.reading]) or lying


def acts_in_place(step: Transition) -> ActsInPlace:
    model = record_of(step)
    return {"step": step, "acts": acts_of(step), "proposes": bool(model and model.gist), "brief": first_word}


def form_context(sheet: Sheet, cards: list[DeskCard]) -> FormOfCards:
    in_place = acts_in_place(sheet.step)
    return {
        **in_place,
        "others_back": [act for act in current_procedure().other_ways(sheet.step) if act not in in_place["acts"]],
        "empty": [(act, blanks_form(act, 0, None)) for act in in_place["acts"]],
        "going_back": sum(act is not sheet.step for one in cards for act, _ in one.blocks),
        "left_out": [(one.slip.complaint.number, ", ".join(one.alone)) for one in cards if one.slip.singly],
        "deputy": deputy_blank(viewer(signed_in()).deputies.get(None), sheet.typed),
        "step_url": step_url,
    }


def desk_card(sheet: Sheet, slip: Slip, why: str = "", news: Any = ()) -> DeskCard:
    """A card; a case that is newer than its tick or its open blanks was not read as it is, so its tick is gone."""
    c, step = slip.complaint, sheet.step
    open_now = [act for act in acts_of(step) if c.id in sheet.opened.get(act.key, {})]
    brought = {**slip.before, **slip.brought}.items()
    until = f", batas SOP {format_moment(c.row_due_at)}" if c.row_due_at else ""
    unproposed = [f"{name} belum diusulkan" for name in slip.unproposed]
    return DeskCard(
        slip,
        leaf_url(step, c.id),
        masked_words(shorten(" ".join(informative_sentences(c.__data__["story"])), GIST, placeholder=" …")),
        _marks(c),
        f"{cells.due_words(c)}{until}",
        _lacks(slip.missing),
        [(label, _line(text)) for label, text in brought] + _proposal(slip),
        sheet.ticked.get(c.id) == c.version,
        [(act, sheet.form(act, c.id, slip.own)) for act in open_now],
        why,
        queue.alone_because(c) + unproposed if slip.singly else [],
        list(news),
        prefill=_prefill(step, slip),
    )


def _prefill(step: Transition, slip: Slip) -> str:
    """What is proposed, as JSON, as far as the empty blanks do not say so by themselves."""
    model = record_of(step)
    usual = {f.name: f.default for f in model.blanks()} if model else {}
    proposed = {
        name: slip.own[name] for name in blanks_in_place(step) if slip.own.get(name) not in (None, "", [], usual[name])
    }
    return htmlsafe_json_dumps(proposed, separators=(",", ":"), default=as_typed)


def _proposal(slip: Slip) -> list[tuple[str, str]]:
    """What the panel would fill in, in one line; what it does not know, and a proposed unit without a head."""
    said = [_line(text) for text in slip.proposed.values()]
    lines = [("Usulan", " · ".join(said))] if said else []
    lines += [("Belum diusulkan", ", ".join(slip.unproposed))] if slip.unproposed else []
    headless = slip.own.get(UNIT) and slip.own[UNIT] in headless_units()
    return lines + ([("Kepala unit kerja", NO_HOLDER)] if headless else [])


def _marks(c: Any) -> list[tuple[str, str]]:
    again = [(f"Revisi {c.revision - 1}", "info")] if c.revision > 1 else []
    watched = [("Berkadar pengawasan", "info")] if c.law_class == "berkadar" else []
    return [*cells.urgency_marks(c), *cells.due_marks(c)[:1], *watched, *again]  # of what is late the worse


def _lacks(missing: list[str]) -> str:
    """What is *perlu dilengkapi*, the first few by name."""
    more = len(missing) - WANTED
    return ", ".join(missing[:WANTED]) + (f" dan {more} isian lain" if more > 0 else "")


def _line(value: Any) -> str:
    return shorten(value_in_words(value), LINE, placeholder=" …")


def render(template: str, **context: Any) -> str:
    """Render in the panel's frame, as the start page."""
    return str(current_app.extensions["admin"][0].index_view.render(template, **context))
