"""The queues on a start page: each step's card, the list behind it, and what to look at first."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup

from admin.case.steps import MOST_IN_ADDRESS, step_url
from admin.door.flaskadmin import view_at
from admin.lists import cells
from admin.lists.cells import all_news, news_lines
from admin.papers.status import MY_HAND, UNSIGNED
from models.case.news import News
from models.complaint.complaint import Addressee, Complaint
from models.complaint.event import Event
from models.complaint.paper import Paper
from models.complaint.scope import Viewer
from models.office import decree
from models.office.people import today
from models.reading import queue
from models.records.registry import RECORDS
from sop.access import SUBMITTER, performers
from sop.flow import current_procedure
from sop.procedure import KEPALA_DINAS, Transition
from sop.vocabulary import HELD, vocabulary
from sop.words import format_moment, in_a_sentence

LATE_AND_OPEN = ("terbuka", "Masih terbuka dan lewat waktu")  # the choice of the list's filter, and its words
LATE_BY_ROW, LATE_BY_LAW = "sop", "peraturan"  # two more of its choices
# Choices of what a case is to the person: changed, waiting for him, for somebody else's decision, calling for him.
CHANGED, TURN, OTHERS_TURN, CALLING = "berubah", "giliran", "lain", "darurat"
MINE = "saya"  # what I was given by name; of the units that I head
LIST = "pengaduan"  # the endpoint of the list that every figure leads to
Badge = tuple[str, str]
FigureBadge = tuple[str, str, str]  # words, tone, the list of so many


@dataclass(frozen=True)
class QueueCard:
    """One queue: its name, how many, the list behind it, and the step for all of them at once."""

    title: str
    count: int
    url: str
    badges: tuple[FigureBadge, ...] = ()
    act: str = ""
    act_url: str = ""
    singly: int = 0  # how many are decided on one by one
    apart: str = ""  # how many wait for somebody else, and for whom
    apart_url: str = ""
    big: bool = False
    prepared: bool = False  # the step is another's, the person writes its draft: no figure of what is his turn


@dataclass(frozen=True)
class CaseLine:
    """One complaint to look at first."""

    url: str
    number: str
    title: str
    state: str
    due: str
    badges: tuple[Badge, ...]
    act: str
    act_url: str


@dataclass(frozen=True)
class NewsLine:
    """One complaint on which something changed for the person, with since when and by whom."""

    case: Complaint
    url: str
    news: Markup
    badges: tuple[Badge, ...]
    act: str
    act_url: str


def queue_cards(who: Viewer, at: datetime) -> list[QueueCard]:
    """A card for what the person was given by name, for each step that is his, and for what is on hold."""
    made = [assigned_card(mine)] if (mine := queue.assigned_queue(who, at)) else []
    made += [queue_card(one, who, at) for one in queue.waiting(who, at)]
    held = queue.count_held(who)
    made += [QueueCard(vocabulary().states[HELD], held, turn_url(HELD))] if held else []
    return [*made, *paper_cards(who)]


def paper_cards(who: Viewer) -> list[QueueCard]:
    """The papers that wait for the person's own hand, and for those who bring papers to be signed those of all."""
    made = own_papers_card(who)
    if queue.brings_papers(who):
        made.append(QueueCard("Dokumen belum ditandatangani", queue.unsigned_papers(who), papers_url(UNSIGNED)))
    return made


def assigned_card(mine: queue.Waiting) -> QueueCard:
    """The queue of a member of staff: what the head of the unit gave him by name."""
    badges = queue_badges(mine, **{Addressee.user.name: MINE})
    return QueueCard(mine.step.news, mine.count, assigned_url(MINE), badges, big=True)


def queue_card(pile: queue.Waiting, who: Viewer, at: datetime) -> QueueCard:
    step, desk = pile.step, pile.step.actor == KEPALA_DINAS
    if step.draft and SUBMITTER in performers(step) and who.head_only and not who.heads:
        return QueueCard(step.waiting, 0, queue_url(step.key), prepared=True)
    sensible = pile.count and step.bulk and not step.contact  # not where each case is called about on its own
    ids = queue.together(who, step, at, MOST_IN_ADDRESS) if sensible else []
    return QueueCard(
        desk_name(step) if desk else step.waiting,
        pile.count - pile.apart,
        turn_url(step.key),
        queue_badges(pile, **turn_of(step.key)),
        f"{step.label} {len(ids)}",
        step_url(step, ids) if ids else "",
        pile.special if sensible and current_procedure().is_choice(step) else 0,
        apart_words(pile.apart, who),
        apart_url(step.key),
        desk,
    )


def apart_words(count: int, who: Viewer) -> str:
    """What the person may not decide himself, and whose it is: the holder's, if that is somebody else."""
    if not count:
        return ""
    holder = decree.holder(None, today())
    whom = f"{holder} (pemegang jabatan)" if holder and holder.id != who.user.id else "pejabat lain"
    return f"{count} menunggu {whom}: Anda ikut menyusunnya atau unit kerja Anda yang menangani."


def desk_name(step: Transition) -> str:
    """What lies on the desk: the record that the step decides on, else the one that it makes."""
    return RECORDS[step.needs[-1].record if step.needs else step.record].title


def queue_badges(pile: queue.Waiting, **of_pile: str) -> tuple[FigureBadge, ...]:
    """How many are urgent, by word and tone, with the list of those; nothing is said of none. `of_pile` says by
    column what the list of the pile itself is filtered by."""
    late = Complaint.row_due_at.name
    counts = (
        (pile.emergency, "darurat", "bad", {Complaint.emergency.name: "1"}),
        (pile.legal_late, in_a_sentence(cells.LAW_LATE), "bad late", {late: LATE_BY_LAW}),
        (pile.row_late, in_a_sentence(cells.ROW_LATE), "warn late", {late: LATE_BY_ROW}),
    )
    return tuple(
        (f"{count} {words}", tone, filtered_list_url(LIST, **of_pile, **also))
        for count, words, tone, also in counts
        if count
    )


def own_papers_card(who: Viewer) -> list[QueueCard]:
    """The papers that wait for the person's own hand, if any does."""
    mine = queue.own_papers_to_sign(who)
    return [QueueCard("Dokumen menunggu tanda tangan Anda", mine, papers_url(MY_HAND))] if mine else []


def papers_url(waiting: str) -> str:
    """The list of papers that wait for a hand, in the words of its filter."""
    return filtered_list_url("dokumen", **{Paper.id.name: waiting})


def late_url() -> str:
    """The list of complaints that are open and late, by the SOP or by law."""
    return filtered_list_url(LIST, **{Complaint.row_due_at.name: LATE_AND_OPEN[0]})


def queue_url(state: str, **more: str) -> str:
    """The list of complaints in one state, in the list's own filter grammar; `more` by column."""
    return filtered_list_url(LIST, **more, **{Complaint.state.name: state})


def turn_of(state: str) -> dict[str, str]:
    """What the list is filtered by, by column, to hold what is in a state and waits for the person."""
    return {Event.act.name: TURN, Complaint.state.name: state}


def turn_url(state: str) -> str:
    """The list of what is in one state and waits for the person."""
    return filtered_list_url(LIST, **turn_of(state))


def apart_url(state: str) -> str:
    """The list of what is in one state and would wait for the person, were the decision his own."""
    return queue_url(state, **{Event.act.name: OTHERS_TURN})


def calling_url() -> str:
    """The list of what calls for an act of the person's at once."""
    return filtered_list_url(LIST, **{Event.act.name: CALLING})


def assigned_url(whom: str | int) -> str:
    """The list of what was given to somebody by name."""
    return filtered_list_url(LIST, **{Addressee.user.name: str(whom)})


def given_url(step: Transition, person: int) -> str:
    """The list of what somebody has that an act hands over."""
    column = {"assigned": Addressee.user, "kept": Complaint.keeper}[step.gives]
    return filtered_list_url(LIST, **{column.name: str(person)})


def news_url() -> str:
    """The list of complaints on which something changed for the person."""
    return filtered_list_url(LIST, **{Event.act.name: CHANGED})


def filtered_list_url(endpoint: str, **values: str) -> str:
    """A list with these of its filters set, by the names of their columns; without one that it does not have."""
    filters = getattr(view_at(endpoint), "offered_filters", ())
    places = {getattr(one.column, "name", ""): place for place, one in reversed([*enumerate(filters)])}
    asked: dict[str, Any] = {f"flt{places[name]}_{places[name]}": v for name, v in values.items() if name in places}
    return url_for(f"{endpoint}.index_view", **asked)


def changed_lines(who: Viewer, most: int) -> tuple[list[NewsLine], int]:
    """What changed for the person, the latest first, and on how many complaints something did."""
    news = all_news(who)
    latest = sorted(news, key=lambda number: max(one.at for one in news[number]), reverse=True)
    rows = {case.id: case for case in Complaint.select().where(Complaint.id.in_(latest[:most]))}
    return [_news_line(rows[number], news[number]) for number in latest[:most]], len(news)


def _news_line(case: Complaint, news: list[News]) -> NewsLine:
    url, step = url_for(f"{LIST}.details_view", id=case.id), case.procedure.transitions[case.state]
    badges = (*cells.urgency_marks(case), *cells.due_marks(case))
    return NewsLine(case, url, news_lines(news), badges, step.label, step_url(step, [case.id]))


def case_line(case: Complaint) -> CaseLine:
    """A complaint in the short list, with its due time in words and the act that it waits for."""
    until = f", batas SOP {format_moment(case.row_due_at)}" if case.row_due_at else ""
    marks = (*cells.urgency_marks(case), *cells.due_marks(case))
    url, step = url_for(f"{LIST}.details_view", id=case.id), case.procedure.transitions[case.state]
    told_of_case = (case.number, case.title, case.state_label, f"{cells.due_words(case)}{until}", marks)
    return CaseLine(url, *told_of_case, step.label, step_url(step, [case.id]))
