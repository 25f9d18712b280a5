"""Many cases on one step page, and the page of the results: outcomes, papers to print, the next case."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from flask import abort, flash, request, url_for
from markupsafe import Markup

from admin.case.decisions import StepRow, step_row
from admin.case.forms import headless_words
from admin.door import sessions
from admin.door.flaskadmin import view_at
from admin.door.rows import MOST_IDS, ROW_ID, redirect_target, signed_in, valid_id
from admin.papers.status import paper_url
from models.case.access_notes import log_cases_opened, log_list
from models.case.case import Case, load
from models.case.content import Composer
from models.complaint.complaint import Complaint
from models.complaint.event import open_seals
from models.complaint.paper import Paper
from models.complaint.scope import openable, viewer, visible
from models.office.people import Division, User
from models.reading import queue
from models.reading.desk import taken_back
from models.store.base import now
from models.store.master_cache import rows_by_id
from models.workflow import workflow
from models.workflow.workflow import Outcome
from sop.flow import current_procedure
from sop.procedure import Transition
from sop.vocabulary import vocabulary
from sop.words import in_a_sentence

PORTION = 25  # cases shown on a page
FROM, SKIPPED = "mulai", "lewati"  # fields: offset of the shown cases; ids of skipped cases
LONGEST_TITLE = 90  # characters that fit on one line


@dataclass(frozen=True)
class StuckGroup:
    """Cases refused for one reason: the sentence, and (id, number, title) of each."""

    why: str
    cases: list[tuple[int, str, str]]


@dataclass(frozen=True)
class ManyCases:
    """What the page for many cases shows besides the form."""

    able: list[int]  # ids of cases that can move, the most urgent first
    summary: list[tuple[str, str, int]]  # state, unit, count
    stuck: list[StuckGroup]
    stuck_count: int
    shown: list[StepRow]
    start: int
    skipped: list[int]
    case_url: str  # address that is completed with an id

    @property
    def skipped_elsewhere(self) -> list[int]:
        """The skipped cases that are on other pages."""
        on_page = {row.complaint.id for row in self.shown}
        return [number for number in self.skipped if number not in on_page]

    @property
    def count(self) -> int:
        """How many cases the button moves."""
        return len(self.able) - len(self.skipped)

    @property
    def end(self) -> int:
        return self.start + len(self.shown)

    @property
    def before(self) -> int | None:
        """Offset of the previous page, None on the first."""
        return max(self.start - PORTION, 0) if self.start else None

    @property
    def behind(self) -> int | None:
        return self.end if self.end < len(self.able) else None


def many_cases(transition: Transition, cases: Mapping[int, Case], refused: Mapping[int, str]) -> ManyCases:
    """The page of these cases. Those shown are loaded and recorded in the access log, the others are only counted."""
    able = [case.complaint.id for case in sorted(cases.values(), key=_urgency) if case.complaint.id not in refused]
    typed = request.form.get(FROM, "")
    start = int(typed) if ROW_ID.fullmatch(typed) else 0
    start = start - start % PORTION if start < len(able) else 0
    stuck = [case for number, case in cases.items() if number in refused]
    log_list(signed_in(), f"langkah {transition.key}", [case.complaint for case in stuck])
    return ManyCases(
        able,
        _summary([cases[number] for number in able]),
        _stuck_groups(stuck, refused),
        len(stuck),
        _rows_of_page(transition, able[start : start + PORTION]),
        start,
        [number for number in skipped_cases() if number in able],
        f"{url_for('pengaduan.details_view')}?id=",
    )


def typed_leaver() -> User | None:
    """The user whose cases are all handed over, from the form."""
    typed = request.form.get("leaver", "")
    return User.get_or_none(User.id == valid_id(typed)) if typed else None


def skipped_cases() -> list[int]:
    """The ids of the cases that were ticked to be skipped."""
    return [int(typed) for typed in request.form.getlist(SKIPPED) if ROW_ID.fullmatch(typed)]


def only_turns() -> bool:
    """Whether the request only turns to another page."""
    return FROM in request.form and "do" not in request.form


def _rows_of_page(transition: Transition, ids: Sequence[int]) -> list[StepRow]:
    at = now()
    cases = load(ids, signed_in(), at)
    log_cases_opened(cases.values(), "langkah")
    composer = Composer(cases, open_seals(cases), at=at, demo=False)
    return [step_row(transition, cases[number], "", composer) for number in ids if number in cases]


def _summary(cases: Sequence[Case]) -> list[tuple[str, str, int]]:
    """(state, unit, count), the most frequent first."""
    units = {number: unit.name for number, unit in rows_by_id(Division).items()}
    counted = Counter((case.complaint.state, case.complaint.unit_id) for case in cases).most_common()
    return [(vocabulary().states[state], units.get(unit, ""), count) for (state, unit), count in counted]


def _stuck_groups(cases: Sequence[Case], refused: Mapping[int, str]) -> list[StuckGroup]:
    """The refused cases by reason; a sentence shared by many says "pengaduan ini" instead of a number."""
    by_reason: dict[str, list[Case]] = {}
    for case in cases:
        sentence, number = refused[case.complaint.id], case.complaint.number
        shared = sentence.replace(f"engaduan {number}", "engaduan ini").replace(number, "pengaduan ini")
        by_reason.setdefault(shared, []).append(case)
    return [
        StuckGroup(
            why if len(alike) > 1 else refused[alike[0].complaint.id],
            [(c.complaint.id, c.complaint.number, _short_title(c.complaint.title)) for c in alike],
        )
        for why, alike in by_reason.items()
    ]


def _short_title(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else f"{title[:LONGEST_TITLE].rstrip()}…"


def _urgency(case: Case) -> tuple[bool, bool, datetime | None, int]:
    """Sort key: emergencies first, then by due time."""
    c = case.complaint
    return not c.emergency, c.row_due_at is None, c.row_due_at, c.id


BUTTON = Markup('<a class="btn quiet" href="{}"{}>{}</a>')
SAVED = "saved"  # flash category for the script: the draft that it may delete
ON_A_NEW_TAB = Markup(' target="_blank"')


def draft_name(page: Transition, ids: Iterable[int] = ()) -> str:
    """The key under which a browser tab stores what is typed on an act's page for these cases."""
    of_cases = ",".join(map(str, sorted(ids)))
    return f"{page.key} {of_cases if len(of_cases) < 30 else sha256(of_cases.encode()).hexdigest()[:16]}".strip()


def forget_draft(page: Transition, ids: Iterable[int] = ()) -> None:
    """Let the next page delete the draft of this one, which has been saved."""
    flash(draft_name(page, ids), SAVED)


def badge_of(step: Transition, *, back: bool = False) -> tuple[str, str]:
    """(words, tone) of the badge: the step was done, or recalled since."""
    if back and (undoing := current_procedure().recall_act):
        return f"Sudah {undoing.done[1]}", "info"
    return f"Sudah {step.done[1]}", "good" if current_procedure().is_main(step) else "info"


def flash_done(step: Transition, complaint: int, public_ids: Iterable[str], next_way: tuple[str, str] | None) -> None:
    """Flash the result of a step on one case, with its papers to print and the next waiting case (label, address)."""
    case = Complaint.get_by_id(complaint)
    papers = list(Paper.select().where(Paper.public_id.in_(list(public_ids))).order_by(Paper.id))
    printable = openable(signed_in(), papers)
    ways = [BUTTON.format(paper_url(p), ON_A_NEW_TAB, f"Cetak {vocabulary().papers[p.kind].title}") for p in printable]
    ways += [BUTTON.format(next_way[1], "", f"{next_way[0]} berikutnya")] if next_way else []
    message = Markup("{}").format(done_words(step, case, papers))
    if ways:
        message += Markup(' <span class="ways">{}</span>').format(Markup(" ").join(ways))
    flash(message, "success")


def done_words(step: Transition, case: Complaint, papers: list[Paper], *, back: bool = False) -> str:
    """ "Hasil telah disampaikan. Pengaduan … selesai; Berita Acara … terbit." """
    what, verb = step.done
    issued = " dan ".join(vocabulary().papers[paper.kind].title for paper in papers)
    state = f"Pengaduan {case.number} {in_a_sentence(case.state_label)}"
    if back and (undoing := current_procedure().recall_act):
        return f"{what} telah {verb}, lalu {undoing.done[1]}. {state}."
    sentence = f"{what} telah {verb}. {state}{f'; {issued} terbit' if issued else ''}."
    headless = headless_words(step, [case.id])
    return Markup(" ").join((sentence, headless)) if headless else sentence


def address_after(complaint: int) -> str:
    """The address after a step on one case: of its form's field, else the case if it may be read, else the list."""
    visible = complaint in load([complaint], signed_in(), now())
    page = url_for("pengaduan.details_view", id=complaint) if visible else url_for("pengaduan.index_view")
    return redirect_target() or page


@dataclass(frozen=True)
class WayBack:
    """The link that recalls an act; without an address, who has opened the case since."""

    words: str
    url: str = ""


def ways_back(done: Iterable[int]) -> dict[int, WayBack]:
    """By case that the user just acted on, the link that recalls the act or why it cannot be recalled."""
    if (act := current_procedure().recall_act) is None:
        return {}
    cases, refused = workflow.check_cases(done, act.key, by=signed_in(), brief=True)
    openers = {number: case.facts().opened for number, case in cases.items()}
    ways = {n: WayBack(act.label, url_for("langkah.step", key=act.key, id=n)) for n in cases if n not in refused}
    return ways | {n: WayBack(f"Sudah dibuka {openers[n]}") for n in refused if openers[n]}


def next_waiting(step: Transition, done: int) -> int | None:
    """The most urgent other case that waits for the same step of the user."""
    who = viewer(signed_in(), now().date())
    if step not in queue.own_steps(who):
        return None
    first = queue.waiting_for(who, step, now()).where(Complaint.id != done).select(Complaint.id).limit(1).scalar()
    return int(first) if first else None


ELSEWHERE = "{} pengaduan yang telah diproses kini tidak terbuka lagi bagi Anda."


def store_outcome(transition: Transition, outcome: Outcome, skipped: int) -> str:
    """Store the outcome in the transaction of the step; the public id for its page."""
    stored = [outcome.done, [*outcome.refused.items()], outcome.papers, skipped]
    return sessions.store_result(_purpose(transition), stored)


def outcome_page(transition: Transition, public_id: str) -> str:
    """The page of a stored outcome, each case as it is now; 404 if the user has none under this id."""
    done, refused, papers, skipped = sessions.result_of_session(_purpose(transition), public_id) or abort(
        404, sessions.GONE
    )
    why = dict(refused)
    cases = list(visible(signed_in(), Complaint).where(Complaint.id.in_([*done, *why])).order_by(Complaint.id))
    visible_ids = {case.id for case in cases}
    log_list(signed_in(), f"langkah {transition.key}", [case for case in cases if case.id in why])
    back = taken_back(transition, done)
    gone = len(set(done) - visible_ids)
    return str(
        view_at("langkah").render(
            "admin/case/outcome.html",
            transition=transition,
            rows=[(case, why.get(case.id, ""), badge_of(transition, back=case.id in back)) for case in cases],
            lost=[sentence for number, sentence in refused if number not in visible_ids],
            gone=ELSEWHERE.format(gone) if gone else "",
            done=len(done) - len(back),
            left=len(refused),
            headless=headless_words(transition, done),
            ways_back=ways_back(done),
            skipped=skipped,
            taken_back=len(back),
            papers=_issued(papers, back),
            case_url=f"{url_for('pengaduan.details_view')}?id=",
            back=url_for("pengaduan.index_view"),
        )
    )


def _issued(papers: list[str], back: Set[int]) -> list[list[int]]:
    """Ids of the step's papers without recalled ones, in portions that one file may hold."""
    valid = Paper.public_id.in_(papers) & Paper.complaint.not_in(back)
    issued = [number for (number,) in Paper.select(Paper.id).where(valid).order_by(Paper.id).tuples()]
    return [issued[start : start + MOST_IDS] for start in range(0, len(issued), MOST_IDS)]


def _purpose(transition: Transition) -> str:
    return f"langkah/{transition.key}"
