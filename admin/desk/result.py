"""The result of a decision on the desk, and the printable list of a day's decisions."""

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import Response, url_for
from werkzeug.datastructures import MultiDict

from admin.case.forms import headless_words
from admin.case.many import badge_of, done_words, tone, ways_back
from admin.desk.page import DeskOutcome, desk_card, form_context, render
from admin.desk.state import DeskState
from admin.door import sessions
from admin.door.rows import signed_in
from admin.lists.cells import Tally, number_in_column
from admin.lists.export import pdf_response
from admin.papers.status import paper_url
from models.case import access_notes
from models.case.access_notes import unless_secret
from models.case.case import load
from models.case.sheets import DAY, approved_list, count_issued, decisions_in_words, papers_issued
from models.complaint import scope
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper
from models.complaint.scope import Viewer, openable
from models.demo.demo import is_demo
from models.office.people import today
from models.office.settings import letterhead, values
from models.reading import desk
from models.store.base import is_mistyped, now
from models.workflow.workflow import Outcome
from papers.printing import press
from sop.procedure import Transition
from sop.vocabulary import vocabulary


@dataclass
class Result:
    """The accepted cases with their act, the refused ones with the reason, and the public ids of issued papers."""

    done: dict[int, Transition] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    papers: list[str] = field(default_factory=list)

    def add(self, act: Transition, outcome: Outcome) -> None:
        self.done |= dict.fromkeys(outcome.done, act)
        self.refused |= outcome.refused
        self.papers += outcome.papers

    def keep(self, state: DeskState) -> str:
        """Store the result with the present state, in the transaction of the acts; the public id for its page."""
        done = [(case, act.key) for case, act in self.done.items()]
        return sessions.store_result(
            _purpose(state.step), [state.form_fields(), done, [*self.refused.items()], self.papers]
        )

    def add_again(self, act: Transition, case: int, papers: list[str]) -> None:
        """Count a case as done that this same decision was recorded on before."""
        self.refused.pop(case, None)
        self.done[case] = act
        self.papers += papers

    def taken_back(self) -> frozenset[int]:
        """The cases whose act has been recalled since."""
        of_act: dict[str, list[int]] = {}
        for number, act in self.done.items():
            of_act.setdefault(act.key, []).append(number)
        return frozenset().union(*(desk.taken_back(vocabulary().transitions[key], ids) for key, ids in of_act.items()))

    def counts(self, back: Set[int]) -> list[Tally]:
        badges = Counter(badge_of(act, back=number in back) for number, act in self.done.items())
        tallies = [Tally(words, count, tone) for (words, tone), count in badges.items()]
        return tallies + ([Tally("Belum diproses", len(self.refused), "warn")] if self.refused else [])


def stored_result(step: Transition, public_id: str) -> tuple[DeskState, Result] | None:
    """A stored state and its result; None if the signed-in user has none under this id."""
    stored = sessions.result_of_session(_purpose(step), public_id)
    if stored is None:
        return None
    fields, done, refused, papers = stored
    # a release may have renamed an act since
    acts = {case: vocabulary().transitions[act] for case, act in done if act in vocabulary().transitions}
    return DeskState.sent(step, MultiDict(map(tuple, fields))), Result(acts, dict(refused), papers)


def _purpose(step: Transition) -> str:
    return f"meja/{step.key}"


def result_page(state: DeskState, result: Result, who: Viewer) -> str:
    """The page of a result. Refused cases that are still on the desk are shown as they are now, with what changed."""
    ids = [*result.done, *result.refused]
    cases = {c.id: c for c in scope.visible(who.user, Complaint).where(Complaint.id.in_(ids))}
    back = result.taken_back()
    issued = Paper.public_id.in_(result.papers) & Paper.complaint.not_in(back)
    papers = Paper.select(Paper.id).where(issued).order_by(Paper.id)
    refused = desk.slips(who, state.step, now(), ids=list(result.refused))
    stale = _stale_versions(state, result, cases)
    access_notes.log_list(who.user, f"meja {state.step.key}", (slip.complaint for slip in refused), every=True)
    news = desk.changes(load(list(stale), signed_in(), now()), stale)
    state.ticked = {}
    cards = [desk_card(state, s, result.refused[s.complaint.id], news.get(s.complaint.id, ())) for s in refused]
    return render(
        "admin/desk/result.html",
        result=result,
        taken_back=back,
        counts=result.counts(back),
        badge_of=badge_of,
        ways_back=ways_back(result.done),
        cases=cases,
        cards=cards,
        sheet=state,
        day=today(),
        papers=[number for (number,) in papers.tuples()],
        headless=headless_words(state.step, [case for case, act in result.done.items() if act is state.step]),
        lost=[why for number, why in result.refused.items() if number not in cases],
        back=url_for("meja.pile", key=state.step.key),
        **form_context(state, cards),
    )


def outcome_of_one(state: DeskState, result: Result) -> DeskOutcome:
    """The outcome of a decision on one case, for the page of the desk."""
    cases = {c.id: c for c in Complaint.select().where(Complaint.id.in_([*result.done, *result.refused]))}
    if not result.done:
        stale = _stale_versions(state, result, cases)
        news = desk.changes(load(list(stale), signed_in(), now()), stale)
        return DeskOutcome(" ".join(result.refused.values()), "warning", refused=result.refused, news=news)
    [(number, act)] = result.done.items()
    papers = list(Paper.select().where(Paper.public_id.in_(result.papers)).order_by(Paper.id))
    back = number in result.taken_back()
    printable = [] if back else openable(signed_in(), papers)
    ways = [(f"Cetak {vocabulary().papers[paper.kind].title}", paper_url(paper)) for paper in printable]
    ways += [(way.words, way.url) for way in ways_back([number]).values() if way.url]
    return DeskOutcome(done_words(act, cases[number], papers, back=back), tone(act), ways)


def _stale_versions(state: DeskState, result: Result, cases: dict[int, Complaint]) -> dict[int, int]:
    """The versions that were shown of refused cases that have changed meanwhile."""
    versions = {case: version for act in state.opened.values() for case, version in act.items()} | state.ticked
    return {n: versions[n] for n in result.refused if n in cases and cases[n].version != versions.get(n, 0)}


ON_A_PAGE = 50
WHOLE = 30  # characters of a number that fit into the column


def day_of(typed: str) -> date:
    """The requested day; today for text that is no date or an impossible one."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return today()
    return today() if is_mistyped(day) else day


def day_page(step: Transition, who: Viewer, day: date, page: int) -> str:
    """The list of the papers that a day's decisions issued, by number; ON_A_PAGE rows a page."""
    paper, count = step.papers[0], count_issued(step, who, day)
    pages = -(-count // ON_A_PAGE) or 1
    page = min(page, pages - 1)
    rows = _log_access(step, who, papers_issued(step, who, day, first=page * ON_A_PAGE, most=ON_A_PAGE))
    return render(
        "admin/desk/daysheet.html",
        paper=paper,
        rows=rows,
        count=count,
        first=page * ON_A_PAGE,
        page=page,
        pages=pages,
        decisions=decisions_in_words(step, rows),
        day=day,
        before=day - DAY,
        after=day + DAY if day < today() else None,
        office=letterhead(values()),
        step=step,
        unless_secret=unless_secret,
        number_in_column=lambda number: number_in_column(number, WHOLE),
    )


def day_pdf(step: Transition, who: Viewer, day: date) -> Response:
    """The whole list as PDF, to be signed by the user who decided."""
    rows = _log_access(step, who, papers_issued(step, who, day))
    content = approved_list(step, rows, day, at=now(), demo=is_demo())
    return pdf_response(press.unissued_pdf(content), f"daftar-disetujui-{day.isoformat()}.pdf")


def _log_access(step: Transition, who: Viewer, rows: list[Any]) -> list[Any]:
    """The same rows, recorded in the access log before they are shown."""
    named = f"daftar {step.papers[0].title} disetujui"
    access_notes.log_list(who.user, named, (row.complaint for row in rows), every=True)
    return rows
