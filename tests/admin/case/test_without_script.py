"""Without JavaScript: every transition of the table, by the links and forms of the pages as they are served."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import lxml.html
import pytest

from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.office.lists import Category, Medium
from sop.access import lanes
from sop.flow import current_procedure
from sop.procedure import LAST, Transition
from sop.vocabulary import vocabulary
from tests.admin.doors import Visitor, words
from tests.office import COMMON, EMERGENCY, Office

At = Callable[[str], Visitor]
Tree = lxml.html.HtmlElement
NEEDS_SCRIPT = "ancestor-or-self::template or ancestor-or-self::*[@hidden] or @disabled"
STEPS = [t for t in vocabulary().transitions.values() if not current_procedure().is_receive(t)]


def read(visitor: Visitor, address: str) -> Tree:
    """A page as it is served, without what only a script would show."""
    answer = visitor.get(address)
    assert answer.status_code == 200, (address, answer.status_code, words(answer.text))
    page = lxml.html.fromstring(answer.text, base_url=address)
    for asleep in page.xpath(f"//*[not(self::option) and ({NEEDS_SCRIPT})]"):
        if asleep.getparent() is not None and asleep.get("type") != "hidden":
            asleep.drop_tree()
    return page


def link(page: Tree, to: str) -> str:
    """Where the first link to such an address leads."""
    found = [a.get("href") for a in page.xpath("//main//a[@href]") if to in a.get("href")]
    assert found, f"nothing leads to {to}"
    return str(found[0])


def send(visitor: Visitor, form: Any, do: str, typed: dict[str, Any]) -> Any:
    """Fill in what the form has a blank for, press its button."""
    for name, value in typed.items():
        form.fields[name] = value
    [button] = form.xpath(f".//button[@name='do' and @value='{do}']")
    return visitor.client.post(form.action, data={**_sent(form), button.get("name"): button.get("value")})


def _sent(form: Any) -> dict[str, list[str]]:
    sent: dict[str, list[str]] = {}
    for name, value in form.form_values():
        sent.setdefault(name, []).append(value)
    return sent


def reviewed(visitor: Visitor, form: Any, typed: dict[str, Any]) -> Any:
    """The form of the page that shows what would follow; what was typed goes along unseen."""
    answer = send(visitor, form, "review", {name: as_typed(value) for name, value in typed.items()})
    assert answer.status_code == 200, words(answer.text)
    page = lxml.html.fromstring(answer.text, base_url=form.action)
    return next(form for form in page.forms if "cases" in form.fields)


def as_typed(value: Any) -> Any:
    """A value as it stands in a blank of a page."""
    if isinstance(value, list):
        return [str(one) for one in value]
    return value.strftime("%Y-%m-%dT%H:%M") if isinstance(value, datetime) else str(value)


def where_it_may_begin(office: Office, step: Transition) -> Complaint:
    """A complaint that waits where the step can be taken: in its first state, or after a step that it takes back."""
    urgent = bool(step.called_by)
    [case] = office.receive(category=EMERGENCY if urgent else COMMON, emergency=urgent)
    states = [state for state, _ in vocabulary().states.items() if state in vocabulary().starts(step)]
    office.bring([case], states[step.actor == LAST])
    office.ready([case], step.key)
    return Complaint.get_by_id(case)


@pytest.mark.slow("walks through every transition")
def test_every_transition_is_done_by_the_links_and_forms_of_its_pages(office: Office, at: At) -> None:
    visitors = {username: at(username) for username in ("petugas", "kadis", "bidang.rehsos", "bidang.ppa")}
    office.receive()  # of which another one may be a duplicate
    for step in STEPS:
        case = where_it_may_begin(office, step)
        actor = office.actor(step, case.id)
        visitor, typed = visitors[actor.username], office.fields(case.id, step.key, actor)
        page = read(visitor, link(read(visitor, f"/pengaduan/details/?id={case.id}"), f"/langkah/{step.key}/"))
        [form] = [
            f for f in page.forms if "cases" in f.fields and "inline" not in f.get("class", "")
        ]  # no act of one tap
        if step.amends:  # what would follow is shown first
            form = reviewed(visitor, form, typed)
            typed = {}
        answer = send(visitor, form, "perform", {name: as_typed(value) for name, value in typed.items()})
        assert answer.status_code == 303, (step.key, words(answer.text))
        assert office.state(case.id) == current_procedure().target(step, state=case.state, back=case.back), step.key
        assert Event.select().where(Event.complaint == case).order_by(Event.id.desc()).first().act == step.key


def test_a_complaint_is_taken_down_by_the_link_and_form_of_its_pages(office: Office, at: At) -> None:
    petugas = at("petugas")
    page = read(petugas, link(read(petugas, "/"), "/pengaduan/new/"))
    [form] = [form for form in page.forms if "story" in form.fields]
    blanks = {
        "medium": str(Medium.get(code="loket").id),
        "category": str(Category.get(code=COMMON).id),
        "story": "Bantuan tidak diterima.",
        "pengadu-name": "Siti Maslikah",
    }
    first = vocabulary().transitions[current_procedure().first]
    own = bool(lanes(first) & lanes(current_procedure().receive))
    answer = send(petugas, form, "raise" if own else "save", blanks)
    assert answer.status_code == 303, words(answer.text)
    assert Complaint.get().state == (
        current_procedure().target(first, state=current_procedure().first) if own else current_procedure().first
    )
