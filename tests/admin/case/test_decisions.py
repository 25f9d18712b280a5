"""Every step that decides is a bench: the paper large, all its decisions next to it on one page, then the next case."""

from collections.abc import Callable
from typing import Any

import lxml.html
import pytest

from admin.case.step_view import previews_papers
from models.complaint.accesslog import Seen
from models.complaint.complaint import Complaint
from models.office.lists import Reason
from models.records.registry import RECORDS
from models.workflow.masters import read_data
from sop.flow import current_procedure
from sop.procedure import KEPALA_DINAS, ROWS, Transition
from tests.admin.case.test_steps import address, samples, typed
from tests.admin.doors import Visitor, words
from tests.models.workflow.acting import at_once
from tests.office import Office

At = Callable[[str], Visitor]
Tree = lxml.html.HtmlElement
CHOICES = [step for step in current_procedure().main_line if current_procedure().is_choice(step)]
WAYS = [(step, way) for step in CHOICES for way in (step, *current_procedure().other_ways(step))]
PAGES = [(step, page) for step, page in WAYS if page is not step]
REASONED = [(step, way) for step, way in PAGES if way.key in read_data("reasons")]
WORDED = [(step, word) for step in CHOICES for word, _ in RECORDS[step.record].verdicts[1:]]
NOTE = "Sampaikan sebelum hari Jumat."
each = pytest.mark.parametrize("step", CHOICES, ids=lambda step: step.key)
ways = pytest.mark.parametrize(("step", "way"), WAYS, ids=lambda step: step.key)


def waiting(office: Office, step: Transition, n: int = 1) -> list[int]:
    cases = office.receive(n)
    office.bring(cases, step.key)
    return cases


def tree(page: str) -> Tree:
    return lxml.html.fromstring(page)


def blanks_on_page_of(office: Office, case: int, page: Transition, act: Transition) -> dict[str, str]:
    """What must be filled in for an act, by the names that its blanks have on another one's page."""
    before = "" if act is page else f"{act.key}-"
    return {f"{before}{name}": value for name, value in samples(office, [case], act.key).items()}


def press(visitor: Visitor, page: str, act: Transition, **more: str) -> Any:
    """Press the button of an act on the page of a decision."""
    [button] = [b for b in tree(page).iter("button") if b.get("name") == "do" and _leads_to(b) == act.key]
    return visitor.client.post(button.get("formaction"), data={**typed(page, **more), "do": button.get("value")})


def typed_in(page: str, *names: str) -> list[str]:
    """What stands in these blanks of a page; a text begins on a line of its own there."""
    form = typed(page)
    return [str(form[name][0]).removeprefix("\n") for name in names]  # type: ignore[index]


def _leads_to(button: Tree) -> str:
    return button.get("formaction", "").removeprefix("/pengaduan/langkah/").strip("/")


def test_the_decisions_of_the_kepala_dinas_are_those_that_can_go_another_way() -> None:
    assert {"dispose", "approve"} <= {step.key for step in CHOICES}
    assert {
        step
        for step in current_procedure().main_line
        if step.actor == KEPALA_DINAS and current_procedure().other_ways(step)
    } <= {*CHOICES}
    assert not [step for step in CHOICES if step.draft]


@each
def test_the_paper_that_is_decided_on_stands_first_and_no_narrow_columns_tell_it(
    office: Office, at: At, step: Transition
) -> None:
    [case] = waiting(office, step)
    page = tree(at(office.actor(step, case).username).get(address(step.key, case)).text)
    [bench] = page.find_class("decide")
    first, *others = bench.find_class("view")
    assert bench.xpath(".//input[@name='tampil']/@checked/..")[0].get("id") == "tampil-0"
    drawn = step.papers if step.independent else current_procedure().receive.papers[:1]
    assert [p.title for p in drawn if p.title.upper() not in first.find_class("naskah")[0].text_content()] == []
    assert ("KONSEP – belum terbit" in first.text_content()) == step.independent
    assert first.xpath(".//dl") == []
    written = {RECORDS[need.record].title for need in step.needs if step.independent}
    assert written & {summary.text_content() for view in others for summary in view.iter("summary")} == set()
    assert Complaint.get_by_id(case).story in others[0].text_content()


@each
def test_every_decision_of_the_state_is_a_button_of_that_one_page(office: Office, at: At, step: Transition) -> None:
    [case] = waiting(office, step)
    page = tree(at(office.actor(step, case).username).get(address(step.key, case)).text)
    [bar] = page.find_class("bar")
    acts = {_leads_to(button) for button in bar.iter("button")}
    assert acts == {step.key, *(way.key for way in current_procedure().other_ways(step))}
    model = RECORDS[step.record]
    pressed = {b.get("value") for b in bar.iter("button") if b.get("name") == model.verdict}
    assert pressed == {word for word, _ in model.verdicts[1:]}
    opened = [one for one in bar.iter("input") if one.get("name") == "putusan" and one.get("value")]
    assert len(opened) == len(bar.find_class("way")) == len(acts) - 1 + len(pressed)


@each
def test_no_choice_on_it_says_how_many_lines_it_is_high(office: Office, at: At, step: Transition) -> None:
    [case] = waiting(office, step)
    page = tree(at(office.actor(step, case).username).get(address(step.key, case)).text)
    assert [one.get("name") for one in page.xpath("//select[@rows]")] == []


@ways
def test_any_of_them_is_taken_from_that_page_and_the_next_case_of_the_queue_is_offered(
    office: Office, at: At, step: Transition, way: Transition
) -> None:
    case, later = waiting(office, step, 2)
    visitor = at(office.actor(step, case).username)
    page = visitor.get(address(step.key, case)).text
    sent = press(visitor, page, way, **blanks_on_page_of(office, case, step, way))
    assert sent.status_code == 303, words(sent.text)
    assert office.state(case) == current_procedure().target(way, state=step.key)
    after = tree(visitor.get(sent.location).text)
    [banner] = [b for b in after.find_class("banner") if f"telah {way.done[1]}." in words(b.text_content())]
    assert banner.xpath(".//a/@href")[-1] == address(step.key, later)
    assert office.state(later) == step.key


@pytest.mark.parametrize(("step", "word"), WORDED, ids=lambda given: getattr(given, "key", given))
def test_a_button_says_how_it_was_decided_and_none_prints_words_that_it_does_not_name(
    office: Office, at: At, step: Transition, word: str
) -> None:
    [case] = waiting(office, step)
    visitor, model = at(office.actor(step, case).username), RECORDS[step.record]
    page = visitor.get(address(step.key, case)).text
    refused = press(visitor, page, step, note=NOTE)
    assert (refused.status_code, office.state(case)) == (409, step.key)
    assert NOTE in refused.text
    said = [blank.get("value") for blank in tree(refused.text).xpath(f"//form//*[@name='{model.verdict}']")]
    assert said.index(word) == 0  # a browser sends in the order of the page, and the first holds
    form = {**typed(refused.text), model.verdict: [word, said[-1]]}
    assert typed_in(refused.text, "note") == [NOTE]
    assert visitor.client.post(f"/pengaduan/langkah/{step.key}/", data=form).status_code == 303
    assert getattr(model.get(model.complaint == case), model.verdict) == word


@pytest.mark.parametrize(("step", "way"), PAGES, ids=lambda step: step.key)
def test_what_is_typed_for_one_decision_stays_when_another_is_refused(
    office: Office, at: At, step: Transition, way: Transition
) -> None:
    case, _ = waiting(office, step, 2)  # the other to be named, where a decision asks for one
    visitor, before = at(office.actor(step, case).username), office.digest()
    page = visitor.get(address(step.key, case)).text
    older = f"{case}:{Complaint.get_by_id(case).version - 1}"
    refused = press(visitor, page, way, **{"cases": older, "note": NOTE, f"{way.key}-note": "Belum jelas."})
    assert (refused.status_code, office.digest()) == (409, before)
    assert "telah diubah oleh" in words(refused.text)
    assert typed_in(refused.text, "note", f"{way.key}-note", "putusan") == [NOTE, "Belum jelas.", way.key]
    assert press(visitor, refused.text, way, **blanks_on_page_of(office, case, step, way)).status_code == 303
    assert office.state(case) == current_procedure().target(way, state=step.key)


@pytest.mark.parametrize(("step", "way"), REASONED, ids=lambda step: step.key)
def test_a_missing_reason_is_shown_at_its_blank_and_nothing_typed_is_lost(
    office: Office, at: At, step: Transition, way: Transition
) -> None:
    [case] = waiting(office, step)
    visitor = at(office.actor(step, case).username)
    page = visitor.get(address(step.key, case)).text
    refused = press(visitor, page, way, **{"note": NOTE, f"{way.key}-note": "Belum jelas."})
    assert (refused.status_code, office.state(case)) == (422, step.key)
    assert tree(refused.text).xpath("//*[@aria-invalid]/@name")[-1] == f"{way.key}-reason"
    assert typed_in(refused.text, "note", f"{way.key}-note", "putusan") == [NOTE, "Belum jelas.", way.key]


@pytest.mark.parametrize(("step", "way"), PAGES, ids=lambda step: step.key)
def test_the_page_of_another_way_is_the_same_bench_with_its_blanks_laid_open(
    office: Office, at: At, step: Transition, way: Transition
) -> None:
    [case] = waiting(office, step)
    visitor = at(office.actor(step, case).username)
    page = visitor.get(address(way.key, case)).text
    assert tree(page).find_class("decide")
    assert typed_in(page, "putusan") == [way.key]
    sent = press(visitor, page, step, **blanks_on_page_of(office, case, way, step))
    assert (sent.status_code, office.state(case)) == (303, current_procedure().target(step, state=step.key))


@each
def test_enter_in_a_blank_decides_nothing_and_draws_the_page_with_what_was_typed(
    office: Office, at: At, step: Transition
) -> None:
    [case] = waiting(office, step)
    visitor, before = at(office.actor(step, case).username), office.digest()
    page = visitor.get(address(step.key, case)).text
    [form] = [form for form in tree(page).forms if "cases" in form.fields]
    first = next(form.iter("button"))
    answer = visitor.client.post(form.action, data={**typed(page, note=NOTE), first.get("name"): first.get("value")})
    assert (answer.status_code, office.digest()) == (200, before)
    assert typed_in(answer.text, "note") == [NOTE]
    drawn = tree(answer.text).find_class("naskah")[1:]
    assert [NOTE in sheet.text_content() for sheet in drawn] == [True] * (previews_papers(step) * len(step.papers))


@pytest.mark.parametrize("step", [s for s in CHOICES if previews_papers(s) and s.papers], ids=lambda s: s.key)
def test_the_paper_that_a_decision_issues_follows_its_blanks(office: Office, at: At, step: Transition) -> None:
    [case] = waiting(office, step)
    visitor, before = at(office.actor(step, case).username), office.digest()
    page = visitor.get(address(step.key, case)).text
    for asked in (page, visitor.get(address(current_procedure().other_ways(step)[0].key, case)).text):
        [form] = [form for form in tree(asked).forms if "cases" in form.fields]
        note = next(name for name in (f"{step.key}-note", "note") if name in form.fields)
        drawn = visitor.client.post(form.get("data-bench"), data=typed(asked, **{note: f"{NOTE} <b>"}))
        assert [f'data-sheet="{paper.key}"' in drawn.text for paper in step.papers] == [True]
        assert f"{NOTE} &lt;b&gt;" in drawn.text
    assert office.digest() == before


@each
def test_reading_there_is_logged_and_ends_the_right_to_recall(office: Office, at: At, step: Transition) -> None:
    steps = [one for row in ROWS for one in row.transitions]
    before = steps[steps.index(step) - 1]
    opened, untouched = waiting(office, step, 2)
    reader = office.actor(step, opened)
    at(reader.username).get(address(step.key, opened))
    assert [(row.complaint_id, row.user_id) for row in Seen.select()] == [(opened, reader.id)]
    who = at(office.actor(before, opened).username)
    assert who.get(address("recall", opened)).status_code == 409
    assert who.get(address("recall", untouched)).status_code == 200


@pytest.mark.parametrize("step", [s for s in CHOICES if s.independent], ids=lambda s: s.key)
def test_who_may_not_decide_on_his_own_finds_only_what_he_may(office: Office, at: At, step: Transition) -> None:
    at_once(office, valid_to=None)
    [case] = office.receive(category="kekerasan_perempuan")
    office.bring([case], step.key)
    acting, [way] = at("bidang.ppa"), current_procedure().other_ways(step)
    assert acting.get(address(step.key, case)).status_code == 409
    page = acting.get(address(way.key, case)).text
    assert {_leads_to(b) for b in tree(page).find_class("bar")[0].iter("button")} == {way.key}
    why = Reason.select().where(Reason.transition == way.key).first().text
    assert press(acting, page, way, reason=why).status_code == 303


def choosable(step: Transition) -> list[str]:
    """The blanks of a step that hold a choice by themselves."""
    return [f.name for f in RECORDS[step.record].blanks() if f.choices and f.default]


@pytest.mark.parametrize("step", [s for s in CHOICES if choosable(s)], ids=lambda s: s.key)
def test_a_choice_that_is_sent_empty_says_what_it_says_by_itself(office: Office, at: At, step: Transition) -> None:
    [case] = waiting(office, step)
    visitor, model, chosen = at(office.actor(step, case).username), RECORDS[step.record], choosable(step)
    page = visitor.get(address(step.key, case)).text
    assert press(visitor, page, step, **dict.fromkeys(chosen, "")).status_code == 303
    row = model.get(model.complaint == case)
    assert [name for name in chosen if getattr(row, name) not in dict(getattr(model, name).choices)] == []


@pytest.mark.parametrize("stranger", ["receive", "handle", "__class__", "\x00", "9" * 99])
def test_a_page_that_there_is_not_takes_nothing_and_shows_the_blank_that_lacks(
    office: Office, at: At, stranger: str
) -> None:
    step, way = REASONED[0]
    [case] = waiting(office, step)
    visitor, before = at(office.actor(step, case).username), office.digest()
    page = visitor.get(address(step.key, case)).text
    assert press(visitor, page, way, dari=stranger).status_code in {400, 422}
    assert office.digest() == before
