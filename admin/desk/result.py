"""What came of a decision on the desk, and the sheet of a day's decisions."""

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
from admin.desk.sheet import Sheet
from admin.door import sessions
from admin.door.rows import signed_in
from admin.lists.cells import Tally, number_in_column
from admin.lists.export import pdf_response
from admin.papers.status import paper_url
from models.case import access_notes
from models.case.access_notes import openly
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
    """What was done by which act, why the others were not, and the papers issued."""

    done: dict[int, Transition] = field(default_factory=dict)
    refused: dict[int, str] = field(default_factory=dict)
    papers: list[str] = field(default_factory=list)

    def add(self, act: Transition, outcome: Outcome) -> None:
        self.done |= dict.fromkeys(outcome.done, act)
        self.refused |= outcome.refused
        self.papers += outcome.papers

    def keep(self, sheet: Sheet) -> str:
        """Keep it with the sheet as it is now, in the transaction of the acts; the public id by which its page asks."""
        done = [(case, act.key) for case, act in self.done.items()]
        return sessions.keep_result(_of(sheet.step), [sheet.as_sent(), done, [*self.refused.items()], self.papers])

    def add_again(self, act: Transition, case: int, papers: list[str]) -> None:
        """A case that this very decision was taken on before."""
        self.refused.pop(case, None)
        self.done[case] = act
        self.papers += papers

    def taken_back(self) -> frozenset[int]:
        """Those of which the act has been taken back since."""
        of_act: dict[str, list[int]] = {}
        for number, act in self.done.items():
            of_act.setdefault(act.key, []).append(number)
        return frozenset().union(*(desk.taken_back(vocabulary().transitions[key], ids) for key, ids in of_act.items()))

    def counts(self, back: Set[int]) -> list[Tally]:
        badges = Counter(badge_of(act, back=number in back) for number, act in self.done.items())
        tallies = [Tally(words, count, tone) for (words, tone), count in badges.items()]
        return tallies + ([Tally("Belum diproses", len(self.refused), "warn")] if self.refused else [])


def kept(step: Transition, public_id: str) -> tuple[Sheet, Result] | None:
    """A sheet and what came of it; None where nothing is stored under this id for the person who asks."""
    found = sessions.kept_result(_of(step), public_id)
    if found is None:
        return None
    fields, done, refused, papers = found
    acts = {
        case: vocabulary().transitions[act] for case, act in done if act in vocabulary().transitions
    }  # or it was renamed since
    return Sheet.sent(step, MultiDict(map(tuple, fields))), Result(acts, dict(refused), papers)


def _of(step: Transition) -> str:
    return f"meja/{step.key}"


def result_page(sheet: Sheet, result: Result, who: Viewer) -> str:
    """The result's page. What was refused and still lies on the desk is shown as it is now, with what changed."""
    ids = [*result.done, *result.refused]
    cases = {c.id: c for c in scope.visible(who.user, Complaint).where(Complaint.id.in_(ids))}
    back = result.taken_back()
    issued = Paper.public_id.in_(result.papers) & Paper.complaint.not_in(back)
    papers = Paper.select(Paper.id).where(issued).order_by(Paper.id)
    lying, stale = desk.slips(who, sheet.step, now(), ids=list(result.refused)), _stale_versions(sheet, result, cases)
    access_notes.note_list(who.user, f"meja {sheet.step.key}", (slip.complaint for slip in lying), every=True)
    news = desk.changes(load(list(stale), signed_in(), now()), stale)
    sheet.ticked = {}
    cards = [desk_card(sheet, s, result.refused[s.complaint.id], news.get(s.complaint.id, ())) for s in lying]
    return render(
        "admin/desk/result.html",
        result=result,
        taken_back=back,
        counts=result.counts(back),
        badge_of=badge_of,
        ways_back=ways_back(result.done),
        cases=cases,
        cards=cards,
        sheet=sheet,
        day=today(),
        papers=[number for (number,) in papers.tuples()],
        headless=headless_words(sheet.step, [case for case, act in result.done.items() if act is sheet.step]),
        lost=[why for number, why in result.refused.items() if number not in cases],
        back=url_for("meja.pile", key=sheet.step.key),
        **form_context(sheet, cards),
    )


def outcome_of_one(sheet: Sheet, result: Result) -> DeskOutcome:
    """What came of deciding on one case, for the desk to go on with."""
    cases = {c.id: c for c in Complaint.select().where(Complaint.id.in_([*result.done, *result.refused]))}
    if not result.done:
        stale = _stale_versions(sheet, result, cases)
        news = desk.changes(load(list(stale), signed_in(), now()), stale)
        return DeskOutcome(" ".join(result.refused.values()), "warning", refused=result.refused, news=news)
    [(number, act)] = result.done.items()
    papers = list(Paper.select().where(Paper.public_id.in_(result.papers)).order_by(Paper.id))
    back = number in result.taken_back()
    mine = [] if back else openable(signed_in(), papers)
    ways = [(f"Cetak {vocabulary().papers[paper.kind].title}", paper_url(paper)) for paper in mine]
    ways += [(way.words, way.url) for way in ways_back([number]).values() if way.url]
    return DeskOutcome(done_words(act, cases[number], papers, back=back), tone(act), ways)


def _stale_versions(sheet: Sheet, result: Result, cases: dict[int, Complaint]) -> dict[int, int]:
    """The versions shown of those refused cases that somebody changed meanwhile."""
    versions = {case: version for act in sheet.opened.values() for case, version in act.items()} | sheet.ticked
    return {n: versions[n] for n in result.refused if n in cases and cases[n].version != versions.get(n, 0)}


ON_A_PAGE = 50
WHOLE = 30  # letters of a number that this sheet has room for


def day_of(typed: str) -> date:
    """The day asked for; today for anything that is none, or none of this office's."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return today()
    return today() if is_mistyped(day) else day


def day_page(step: Transition, who: Viewer, day: date, page: int) -> str:
    """The list of a day: each paper that the decision issued, by its number; a page of it where they are many."""
    paper, count = step.papers[0], count_issued(step, who, day)
    pages = -(-count // ON_A_PAGE) or 1
    page = min(page, pages - 1)
    rows = _noted(step, who, papers_issued(step, who, day, first=page * ON_A_PAGE, most=ON_A_PAGE))
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
        openly=openly,
        number_in_column=lambda number: number_in_column(number, WHOLE),
    )


def day_pdf(step: Transition, who: Viewer, day: date) -> Response:
    """All of it on paper, to be signed by the user who decided."""
    rows = _noted(step, who, papers_issued(step, who, day))
    content = approved_list(step, rows, day, at=now(), demo=is_demo())
    return pdf_response(press.loose_pdf(content), f"daftar-disetujui-{day.isoformat()}.pdf")


def _noted(step: Transition, who: Viewer, rows: list[Any]) -> list[Any]:
    """The papers, noted as seen before they are shown."""
    named = f"daftar {step.papers[0].title} disetujui"
    access_notes.note_list(who.user, named, (row.complaint for row in rows), every=True)
    return rows
