"""What a page says after every act: what happened, what one may do with it, what is next."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from flask import flash, get_template_attribute, url_for
from markupsafe import Markup

from admin.case.forms import headless_words
from admin.door.rows import redirect_target, signed_in
from admin.papers.status import paper_url
from models.case.case import Case, load
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper
from models.complaint.scope import Viewer, openable, viewer
from models.reading import queue
from models.store.base import now
from models.workflow import workflow
from sop.flow import current_procedure
from sop.procedure import SAME, Transition
from sop.vocabulary import vocabulary
from sop.words import in_a_sentence

AFTER = "after"  # flash category: the block itself, drawn under the heading of the next page


@dataclass(frozen=True)
class Way:
    """A link to go on with; `detail` says of which case it is. `weight`: "primary" if it is what is done first, "link"
    if it is rarely wanted; what is next is primary only where no way is."""

    words: str
    url: str
    new_tab: bool = False
    detail: str = ""
    weight: str = ""


@dataclass(frozen=True)
class AfterAct:
    """`ahead`: what is next; without any the block says that nothing waits, unless the page itself is what is next."""

    happened: str
    ways: Sequence[Way] = ()
    ahead: Sequence[Way] = ()
    tone: str = "success"
    title: str = "Berhasil"
    leads_on: bool = True  # False where what is next stands on the page already


def report_after(step: Transition, before: Case, public_ids: Sequence[str]) -> str:
    """Have the next page say what came of an act on one case, `before` as it was; the address of that page: of the
    form's field, else the case if it may still be read, else the list."""
    number = before.complaint.id
    case, readable = Complaint.get_by_id(number), load([number], signed_in(), now()).get(number)
    of_case = url_for("pengaduan.details_view", id=number)
    address = redirect_target() or (of_case if readable else url_for("pengaduan.index_view"))
    papers = list(Paper.select().where(Paper.public_id.in_(list(public_ids))).order_by(Paper.id))
    ways = ways_with(step, case, papers)
    if readable and address != of_case:
        ways.append(Way("Buka pengaduan", of_case))
    waited_for = vocabulary().transitions.get(before.complaint.state, step)
    tone = "success" if current_procedure().is_main(step) or step.to == SAME else "info"  # sent back is never green
    ahead = [*(next_act(readable) if readable else ()), *next_ways(waited_for, [number])]
    after = AfterAct(done_words(step, case, papers), ways, ahead, tone)
    flash(get_template_attribute("admin/case/_after.html", "after_act")(after), AFTER)
    return address


def ways_with(step: Transition, case: Complaint, papers: Sequence[Paper]) -> list[Way]:
    """Links to print what an act issued, and to take the act back while that is possible."""
    printable = openable(signed_in(), papers)
    ways = [
        Way(f"Cetak {vocabulary().papers[paper.kind].title}", paper_url(paper), new_tab=True) for paper in printable
    ]
    can_return = current_procedure().is_main(step) and not current_procedure().is_receive(step)
    back = ways_back([case.id]).get(case.id) if can_return else None
    return ways + ([Way(back.words, back.url, weight="link")] if back and back.url else [])


def next_act(case: Case) -> list[Way]:
    """The step of the SOP that this case waits for, if the user may take it now; [] otherwise."""
    step = vocabulary().transitions.get(case.complaint.state)
    if step is None or not current_procedure().is_main(step) or case.refusal_of(step):
        return []
    return [Way(step.label, url_for("langkah.step", key=step.key, id=case.complaint.id), detail="pengaduan ini")]


def next_ways(step: Transition, done: Collection[int]) -> list[Way]:
    """The next case that waits in this queue of the user, else his queues; [] if nothing waits for him at all."""
    if first := _first_waiting(viewer(signed_in()), step, done):
        address = url_for("langkah.step", key=step.key, id=first.id)
        return [Way(f"{step.label} berikutnya", address, detail=first.number)]
    return [Way("Ke antrean Anda", "/", detail=words)] if (words := waiting_words()) else []


def waiting_words() -> str:
    """How many cases wait for the user; "" if none does."""
    count = sum(queue.frame_counts(viewer(signed_in()), now().date()).by_step.values())
    more = "+" if count >= queue.MOST_COUNTED else ""
    return f"{min(count, queue.MOST_COUNTED)}{more} menunggu Anda" if count else ""


def _first_waiting(who: Viewer, step: Transition, done: Collection[int]) -> Complaint | None:
    """The most urgent other case that waits for the same step of the user."""
    if step not in queue.own_steps(who):
        return None
    query = queue.waiting_for(who, step, now()).where(Complaint.id.not_in(list(done)))
    first: Complaint | None = query.limit(1).first()
    return first


def badge_of(step: Transition, *, back: bool = False) -> tuple[str, str]:
    """(words, tone) of the badge: the step was done, or recalled since."""
    if back and (undoing := current_procedure().recall_act):
        return f"Sudah {undoing.done[1]}", "info"
    return f"Sudah {step.done[1]}", "good" if current_procedure().is_main(step) else "info"


def done_words(step: Transition, case: Complaint, papers: Sequence[Paper], *, back: bool = False) -> str:
    """ "Hasil telah disampaikan. Pengaduan … selesai; Berita Acara … terbit." """
    what, verb = step.done
    issued = " dan ".join(vocabulary().papers[paper.kind].title for paper in papers)
    state = f"Pengaduan {case.number} {in_a_sentence(case.state_label)}"
    if back and (undoing := current_procedure().recall_act):
        return f"{what} telah {verb}, lalu {undoing.done[1]}. {state}."
    sentence = f"{what} telah {verb}. {state}{f'; {issued} terbit' if issued else ''}."
    headless = headless_words(step, [case.id])
    return Markup(" ").join((sentence, headless)) if headless else sentence


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
