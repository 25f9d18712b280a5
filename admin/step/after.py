"""What a step has brought, told on the page that comes after it: a sentence, the papers to print, the next case; and
that what was typed has been saved."""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from flask import flash, url_for
from markupsafe import Markup

from admin.door.joins import signed_in
from admin.door.redirects import redirect_target
from admin.papers.status import paper_url
from admin.step.headless import headless_words
from models.case.case import load
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper
from models.complaint.scope import openable, viewer
from models.reading import queue
from models.store.base import now
from models.workflow import workflow
from sop import flow
from sop.procedure import Transition
from sop.words import in_a_sentence

BUTTON = Markup('<a class="btn quiet" href="{}"{}>{}</a>')
SAVED = "saved"  # the category of what is said to the page's script alone: whose draft is done with
ON_A_NEW_TAB = Markup(' target="_blank"')


def draft_name(page: Transition, ids: Iterable[int] = ()) -> str:
    """The name by which a tab keeps what is typed on the page of an act for these cases apart from all else."""
    of_cases = ",".join(map(str, sorted(ids)))
    return f"{page.key} {of_cases if len(of_cases) < 30 else sha256(of_cases.encode()).hexdigest()[:16]}".strip()


def forget_draft(page: Transition, ids: Iterable[int] = ()) -> None:
    """Say on the next page that what was typed on this one has been saved."""
    flash(draft_name(page, ids), SAVED)


def tone(step: Transition) -> str:
    """A step of the SOP is good news; what leaves its line, a send-back above all, is news."""
    return "success" if flow.is_main(step) else "info"


def badge_of(step: Transition, *, back: bool = False) -> tuple[str, str]:
    """(words, tone) that say of a case that the step was done, or taken back since."""
    if flow.TAKES_BACK and back:
        return f"Sudah {flow.TAKES_BACK.done[1]}", "info"
    return f"Sudah {step.done[1]}", "good" if flow.is_main(step) else "info"


def flash_done(step: Transition, complaint: int, public_ids: Iterable[str], next_way: tuple[str, str] | None) -> None:
    """The sentence of a step on one case, its papers to print, and the step and address of the next case that waits."""
    case = Complaint.get_by_id(complaint)
    papers = list(Paper.select().where(Paper.public_id.in_(list(public_ids))).order_by(Paper.id))
    mine = openable(signed_in(), papers)
    ways = [BUTTON.format(paper_url(p), ON_A_NEW_TAB, f"Cetak {flow.PAPERS[p.kind].title}") for p in mine]
    ways += [BUTTON.format(next_way[1], "", f"{next_way[0]}: berikutnya")] if next_way else []
    told = Markup("{}").format(done_words(step, case, papers))
    flash(told + Markup(' <span class="ways">{}</span>').format(Markup(" ").join(ways)) if ways else told, tone(step))


def done_words(step: Transition, case: Complaint, papers: list[Paper], *, back: bool = False) -> str:
    """ "Hasil telah disampaikan. Pengaduan … selesai; Berita Acara … terbit." """
    what, verb = step.done
    issued = " dan ".join(flow.PAPERS[paper.kind].title for paper in papers)
    now_is = f"Pengaduan {case.number} {in_a_sentence(flow.state_label(case.state))}"
    if flow.TAKES_BACK and back:
        return f"{what} telah {verb}, lalu {flow.TAKES_BACK.done[1]}. {now_is}."
    said = f"{what} telah {verb}. {now_is}{f'; {issued} terbit' if issued else ''}."
    headless = headless_words(step, [case.id])
    return Markup(" ").join((said, headless)) if headless else said


def address_after(complaint: int) -> str:
    """Where a single step ends: where its form says, else at the complaint if it may be read, else at the list."""
    visible = complaint in load([complaint], signed_in(), now())
    page = url_for("pengaduan.details_view", id=complaint) if visible else url_for("pengaduan.index_view")
    return redirect_target() or page


@dataclass(frozen=True)
class WayBack:
    """Where an act of the person's is taken back; without an address who has opened the case since."""

    words: str
    url: str = ""


def ways_back(done: Iterable[int]) -> dict[int, WayBack]:
    """Of each case that the person has just acted on, as far as there is something to say."""
    if (act := flow.TAKES_BACK) is None:
        return {}
    cases, refused = workflow.verdicts(done, act.key, by=signed_in(), brief=True)
    openers = {number: case.facts().opened for number, case in cases.items()}
    ways = {n: WayBack(act.label, url_for("langkah.step", key=act.key, id=n)) for n in cases if n not in refused}
    return ways | {n: WayBack(f"Sudah dibuka {openers[n]}") for n in refused if openers[n]}


def next_waiting(step: Transition, done: int) -> int | None:
    """The case, besides the one just done, that waits most urgently for the same step of the person's."""
    who = viewer(signed_in(), now().date())
    if step not in queue.own_steps(who):
        return None
    first = queue.pile(who, step, now()).where(Complaint.id != done).select(Complaint.id).limit(1).scalar()
    return int(first) if first else None
