"""After a step on one case: what happened, the paper to print, the next case; what is sent back is never green."""

from collections.abc import Callable

import lxml.html
import pytest

from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.complaint.paper import Paper
from sop.flow import current_procedure
from sop.procedure import DETOURS, Transition
from sop.vocabulary import vocabulary
from tests.admin.case.test_steps import address, samples, sent_by
from tests.admin.doors import Visitor
from tests.office import Office

At = Callable[[str], Visitor]
STEPS = [step for step in current_procedure().main_line if not current_procedure().is_receive(step)]
BACKWARD = [
    act
    for act in DETOURS
    if act.record == "remark" and act.to in current_procedure().awaited and act.start[0] in current_procedure().awaited
]


def banner(office: Office, at: At, act: Transition, cases: list[int]) -> lxml.html.HtmlElement:
    """What the page says after the act on the first of the cases, all of which wait where it begins."""
    office.bring(cases, act.start[0] if act.start else act.key)
    visitor = at(office.actor(act, cases[0]).username)
    page = visitor.get(address(act.key, cases[0])).text
    sent = sent_by(visitor, act.key, page, **samples(office, cases[:1], act.key))
    assert sent.status_code == 303, sent.text
    after = lxml.html.fromstring(visitor.get(sent.location).text)
    what, verb = act.done
    [line] = [b for b in after.find_class("banner") if f"{what} telah {verb}." in " ".join(b.text_content().split())]
    return line


@pytest.mark.parametrize("step", STEPS, ids=lambda t: t.key)
def test_a_step_of_the_sop_says_what_was_done_and_offers_its_papers_and_the_next_case(
    office: Office, at: At, step: Transition
) -> None:
    done, later = office.receive(2)
    message = banner(office, at, step, [done, later])
    assert "success" in message.classes
    case, links = Complaint.get_by_id(done), [a.get("href") for a in message.iter("a")]
    label = current_procedure().state_label(case.state)
    assert f"Pengaduan {case.number} {label[0].lower()}{label[1:]}" in " ".join(message.text_content().split())
    kinds = [paper.key for paper in step.papers]
    issued = list(Paper.select().where((Paper.complaint == done) & Paper.kind.in_(kinds)))
    assert {f"/dokumen/{paper.public_id}.pdf" for paper in issued} <= set(links)
    recall = current_procedure().recall_act
    backs = [address(recall.key, done)] if recall and case.state in current_procedure().awaited else []
    ahead = [*own_next(office, step, done), address(step.key, later)]
    assert links[-len(ahead) :] == ahead
    assert sorted(links[: -len(ahead)]) == sorted({f"/dokumen/{paper.public_id}.pdf" for paper in issued} | set(backs))


def own_next(office: Office, step: Transition, case: int) -> list[str]:
    """The address of the act that the case waits for now, if it is of the same user as the step before."""
    state = Complaint.get_by_id(case).state
    awaited = vocabulary().transitions[state] if state in current_procedure().awaited else None
    actor = Event.select().where(Event.complaint == case).order_by(Event.id.desc()).get().user_id
    return [address(state, case)] if awaited and office.actor(awaited, case).id == actor else []


@pytest.mark.parametrize("step", STEPS, ids=lambda t: t.key)
def test_after_a_step_the_page_of_the_case_has_one_filled_button(office: Office, at: At, step: Transition) -> None:
    done, _ = cases = office.receive(2)
    page = next(banner(office, at, step, cases).iterancestors("html"))
    filled = [a.get("href") for a in page.find_class("btn") if "primary" in a.classes]
    assert filled == [*own_next(office, step, done), address(step.key, cases[1])][:1]


@pytest.mark.parametrize("act", BACKWARD, ids=lambda t: t.key)
def test_what_leaves_the_line_is_never_green(office: Office, at: At, act: Transition) -> None:
    message = banner(office, at, act, office.receive(2))
    assert "info" in message.classes
    assert "success" not in message.classes


def test_where_nothing_waits_any_more_it_says_so(office: Office, at: At) -> None:
    [case] = office.receive(1)
    message = banner(office, at, STEPS[0], [case])
    assert "Tidak ada lagi yang menunggu Anda." in " ".join(message.text_content().split())


def test_an_act_beside_the_line_leads_to_what_waits_for_the_same_step(office: Office, at: At) -> None:
    beside = current_procedure().repeat("adds")
    assert beside
    done, later = office.receive(2)
    visitor = at(office.actor(STEPS[0], done).username)
    page = visitor.get(address(beside.key, done)).text
    sent = sent_by(visitor, beside.key, page, **samples(office, [done], beside.key))
    after = lxml.html.fromstring(visitor.get(sent.location).text)
    [block] = after.find_class("after")
    assert block.get("data-focus") is not None
    assert [link.get("href") for link in block.iter("a")] == [address(STEPS[0].key, case) for case in (done, later)]
    assert block.getprevious().find_class("page-head") or "page-head" in block.getprevious().classes


def test_how_somebody_is_contacted_safely_stands_above_all_else_of_a_step_that_calls(office: Office, at: At) -> None:
    pengadu = {"name": "Siti", "phone": "0812-1111-2222", "safe_contact": "Lewat adik, sore", "do_not_call": True}
    [case] = office.receive(1, persons={"pengadu": pengadu})
    step = next(step for step in STEPS if step.contact)
    office.bring([case], step.key)
    page = at(office.actor(step, case).username).get(address(step.key, case)).text
    words = page.index("Jangan ditelepon. Lewat adik, sore")
    assert page.index("<h1") < words < min(page.index('id="isian"'), page.index("0812-1111-2222"))
