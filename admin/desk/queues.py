"""The queues on a start page: each step's card, the address of its list, and the most urgent cases."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import url_for
from markupsafe import Markup

from admin.case.steps import MOST_IN_ADDRESS, step_url
from admin.desk.counts import frame_counts
from admin.desk.offer import by_hand_offer, signing_offer
from admin.door.flaskadmin import view_at
from admin.lists import cells
from admin.lists.cells import all_news, news_lines
from admin.papers.status import OWN_SIGNATURE, UNSIGNED
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
from sop.vocabulary import PAUSED, vocabulary
from sop.words import format_moment, in_a_sentence

LATE_AND_OPEN = ("terbuka", "Masih terbuka dan lewat waktu")  # value and label of the list's filter
LATE_BY_ROW, LATE_BY_LAW = "sop", "peraturan"  # two more of its choices
# Filter by the user's relation to a case: changed, waiting for the user, for another's decision, urgent for the user.
CHANGED, TURN, OTHERS_TURN, CALLING = "berubah", "giliran", "lain", "darurat"
MINE = "saya"  # assigned to the user by name; of units that the user heads
LIST = "pengaduan"  # the endpoint of the list that the figures link to
Badge = tuple[str, str]
FigureBadge = tuple[str, str, str]  # words, tone, address of the list


@dataclass(frozen=True)
class QueueCard:
    """One queue: its name, number, list, and the step for all of them at once."""

    title: str
    count: int
    url: str
    badges: tuple[FigureBadge, ...] = ()
    act: str = ""
    act_url: str = ""
    singly: int = 0  # how many are decided one by one
    apart: str = ""  # how many wait for another official, in words
    apart_url: str = ""
    big: bool = False
    prepared: bool = False  # the user only writes the draft of another's step, so no number is shown


@dataclass(frozen=True)
class CaseLine:
    """One urgent complaint."""

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
    """One complaint that changed for the user; `news` says since when and by whom."""

    case: Complaint
    url: str
    news: Markup
    badges: tuple[Badge, ...]
    act: str
    act_url: str


def queue_cards(who: Viewer, at: datetime) -> list[QueueCard]:
    """Cards for the cases assigned to the user by name, for each of the user's steps, for cases on hold, for papers
    that wait for the user's signature, and for all unsigned ones if the user collects them."""
    cards, queues = [], queue.own_queues(who, at)
    if assigned := queues.assigned:
        url, badges = assigned_url(MINE), queue_badges(assigned, **{Addressee.user.name: MINE})
        cards.append(QueueCard(assigned.step.news, assigned.count, url, badges, big=True))
    cards += [queue_card(waiting, who, at) for waiting in queues.waiting]
    if queues.paused:
        over = filtered_list_url(LIST, **{Event.act.name: CHANGED, Complaint.state.name: PAUSED})
        badges = ((f"{queues.pause_over} habis masa tundanya", "warn", over),) if queues.pause_over else ()
        cards.append(QueueCard(vocabulary().states[PAUSED], queues.paused, user_turn_url(PAUSED), badges))
    own = papers_to_sign_card(queues)
    if queue.brings_papers(who):
        every = QueueCard("Dokumen belum ditandatangani", frame_counts().papers, papers_url(UNSIGNED))
        badges = ((f"{every.count} belum ditandatangani seluruhnya", "neutral", every.url),)
        own = [replace(card, badges=badges) for card in own] or [every]
    return [*cards, *own]


def queue_card(waiting: queue.Waiting, who: Viewer, at: datetime) -> QueueCard:
    step, desk = waiting.step, waiting.step.actor == KEPALA_DINAS
    if step.draft and SUBMITTER in performers(step) and who.head_only and not who.heads:
        return QueueCard(step.waiting, 0, queue_url(step.key), prepared=True)
    can_bulk = waiting.count and step.bulk and not step.contact  # steps that contact the pengadu go one by one
    ids = _cases_of_button(waiting, who, at)
    return QueueCard(
        desk_name(step) if desk else step.waiting,
        waiting.count - waiting.apart,
        user_turn_url(step.key),
        queue_badges(waiting, **user_turn_filters(step.key)),
        f"{step.label} ({len(ids)})" if can_bulk else step.label,
        step_url(step, ids) if ids else "",
        waiting.special if can_bulk and current_procedure().is_choice(step) else 0,
        apart_words(waiting.apart, who),
        apart_url(step.key),
        desk,
    )


def _cases_of_button(waiting: queue.Waiting, who: Viewer, at: datetime) -> list[int]:
    """The cases on the page that the card's button opens: all that go together, of a step that contacts the pengadu the
    most urgent."""
    step = waiting.step
    if not waiting.count or not (step.bulk or step.contact):
        return []
    return queue.together(who, step, at, 1 if step.contact else MOST_IN_ADDRESS)


def apart_words(count: int, who: Viewer) -> str:
    """How many cases the user may not decide, and who decides them: the holder of the post, if that is another user."""
    if not count:
        return ""
    holder = decree.holder(None, today())
    whom = f"{holder} (pemegang jabatan)" if holder and holder.id != who.user.id else "pejabat lain"
    return f"{count} menunggu {whom}: Anda ikut menyusunnya atau unit kerja Anda yang menangani."


def desk_name(step: Transition) -> str:
    """The title of the record that the step decides on, else of the one that it makes."""
    return RECORDS[step.needs[-1].record if step.needs else step.record].title


def queue_badges(waiting: queue.Waiting, **filters: str) -> tuple[FigureBadge, ...]:
    """The numbers of urgent cases with their lists, without zeros. `filters` are those of the queue's own list, by
    column."""
    late = Complaint.row_due_at.name
    counts = (
        (waiting.emergency, "darurat", "bad", {Complaint.emergency.name: "1"}),
        (waiting.legal_late, in_a_sentence(cells.LAW_LATE), "bad late", {late: LATE_BY_LAW}),
        (waiting.row_late, in_a_sentence(cells.ROW_LATE), "warn late", {late: LATE_BY_ROW}),
    )
    return tuple(
        (f"{count} {words}", tone, filtered_list_url(LIST, **filters, **also))
        for count, words, tone, also in counts
        if count
    )


def papers_to_sign_card(queues: queue.OwnQueues) -> list[QueueCard]:
    """The card of the papers that wait for the user's signature, if there are any; with the way to sign them in the
    panel, or how it is done without."""
    if not queues.papers:
        return []
    url, offer = papers_url(OWN_SIGNATURE), signing_offer() or by_hand_offer()
    act, act_url = (offer.words, offer.url) if offer else ("", "")
    return [QueueCard("Dokumen menunggu tanda tangan Anda", queues.papers, url, act=act, act_url=act_url)]


def papers_url(waiting: str) -> str:
    """The list of papers that wait for a signature; `waiting` is a value of its filter."""
    return filtered_list_url("dokumen", **{Paper.id.name: waiting})


def late_url() -> str:
    """The list of complaints that are open and late, by the SOP or by law."""
    return filtered_list_url(LIST, **{Complaint.row_due_at.name: LATE_AND_OPEN[0]})


def queue_url(state: str, **more: str) -> str:
    """The list of complaints in one state; `more` are further filters by column."""
    return filtered_list_url(LIST, **more, **{Complaint.state.name: state})


def user_turn_filters(state: str) -> dict[str, str]:
    """Filters by column for complaints that are in a state and wait for the user."""
    return {Event.act.name: TURN, Complaint.state.name: state}


def user_turn_url(state: str) -> str:
    """The list of complaints that are in one state and wait for the user."""
    return filtered_list_url(LIST, **user_turn_filters(state))


def apart_url(state: str) -> str:
    """The list of complaints in one state that another official must decide instead of the user."""
    return queue_url(state, **{Event.act.name: OTHERS_TURN})


def urgent_url() -> str:
    """The list of urgent complaints that need an act of the user."""
    return filtered_list_url(LIST, **{Event.act.name: CALLING})


def assigned_url(whom: str | int) -> str:
    """The list of complaints assigned to a user by name."""
    return filtered_list_url(LIST, **{Addressee.user.name: str(whom)})


def given_url(step: Transition, person: int) -> str:
    """The list of a user's complaints that a handover act gives away."""
    column = {"assigned": Addressee.user, "kept": Complaint.keeper}[step.gives]
    return filtered_list_url(LIST, **{column.name: str(person)})


def news_url() -> str:
    """The list of complaints that changed for the user."""
    return filtered_list_url(LIST, **{Event.act.name: CHANGED})


def filtered_list_url(endpoint: str, **values: str) -> str:
    """The address of a list with filters set by column name; filters that the list does not have are left out."""
    filters = getattr(view_at(endpoint), "offered_filters", ())
    places = {getattr(each.column, "name", ""): place for place, each in reversed([*enumerate(filters)])}
    arguments: dict[str, Any] = {f"flt{places[name]}_{places[name]}": v for name, v in values.items() if name in places}
    return url_for(f"{endpoint}.index_view", **arguments)


def changed_lines(who: Viewer, most: int) -> tuple[list[NewsLine], int]:
    """The complaints that changed for the user, the latest first, and their total number."""
    news = all_news(who)
    latest = sorted(news, key=lambda number: max(change.at for change in news[number]), reverse=True)
    rows = {case.id: case for case in Complaint.select().where(Complaint.id.in_(latest[:most]))} if latest else {}
    lines = []
    for number in latest[:most]:
        case = rows[number]
        url, step = url_for(f"{LIST}.details_view", id=number), case.procedure.transitions[case.state]
        badges = (*cells.urgency_marks(case), *cells.due_marks(case))
        act_url = step_url(step, [number])
        lines.append(NewsLine(case, url, news_lines(news[number]), badges, step.label, act_url))
    return lines, len(news)


def case_line(case: Complaint) -> CaseLine:
    """A complaint for the short list, with its due time in words and the step that it waits for."""
    until = f", batas SOP {format_moment(case.row_due_at)}" if case.row_due_at else ""
    marks = (*cells.urgency_marks(case), *cells.due_marks(case))
    url, step = url_for(f"{LIST}.details_view", id=case.id), case.procedure.transitions[case.state]
    due = f"{cells.due_words(case)}{until}"
    act_url = step_url(step, [case.id])
    return CaseLine(url, case.number, case.title, case.state_label, due, marks, step.label, act_url)
