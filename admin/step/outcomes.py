"""What came of a step on many, kept for the page that comes after it: row by row, and the papers just issued."""

from collections.abc import Set
from typing import Any

from flask import abort, url_for

from admin.door import held
from admin.door.flaskadmin import view_at
from admin.door.ids import MOST_IDS
from admin.door.joins import signed_in
from admin.step.after import badge_of, ways_back
from admin.step.headless import headless_words
from models.case.access_notes import note_list
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper
from models.complaint.scope import visible
from models.reading.desk import taken_back
from models.workflow.workflow import Outcome
from sop.procedure import Transition

ELSEWHERE = "{} pengaduan yang telah diproses kini tidak terbuka lagi bagi Anda."


def keep(transition: Transition, outcome: Outcome, skipped: int) -> str:
    """Keep it in the transaction of the step; the public id by which its page asks."""
    return held.keep_result(_of(transition), [outcome.done, [*outcome.refused.items()], outcome.papers, skipped])


def page(transition: Transition, public_id: str) -> str:
    """Its page, each case as it is by now; 404 with a sentence where nothing is kept for the person who asks."""
    done, refused, papers, skipped = held.kept_result(_of(transition), public_id) or abort(404, held.GONE)
    why = dict(refused)
    cases = list(visible(signed_in(), Complaint).where(Complaint.id.in_([*done, *why])).order_by(Complaint.id))
    visible_ids = {case.id for case in cases}
    note_list(signed_in(), f"langkah {transition.key}", [case for case in cases if case.id in why])
    back = taken_back(transition, done)
    gone = len(set(done) - visible_ids)
    return _render(
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


def _issued(papers: list[str], back: Set[int]) -> list[list[int]]:
    """The papers of the step but of those that were taken back, in portions that one file may hold."""
    standing = Paper.public_id.in_(papers) & Paper.complaint.not_in(back)
    issued = [number for (number,) in Paper.select(Paper.id).where(standing).order_by(Paper.id).tuples()]
    return [issued[start : start + MOST_IDS] for start in range(0, len(issued), MOST_IDS)]


def _of(transition: Transition) -> str:
    return f"langkah/{transition.key}"


def _render(**context: Any) -> str:
    """Render in the panel's frame, as the step page's own view."""
    return str(view_at("langkah").render("admin/step/outcome.html", **context))
