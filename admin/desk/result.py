"""The result of decisions on the desk; and a decision on an opened case: only at the version that the user was shown,
idempotent if it is sent twice."""

from collections import Counter
from collections.abc import Set
from dataclasses import dataclass, field
from typing import Any

from flask import jsonify, url_for
from werkzeug.datastructures import MultiDict

from admin.case.after import AfterAct, Way, badge_of, done_words, waiting_words, ways_back, ways_with
from admin.case.forms import headless_words, typed_deputy_reason
from admin.desk.offer import signing_offer
from admin.desk.opened import OPENED
from admin.desk.page import DeskOutcome, desk_card, form_context, render
from admin.desk.state import DeskState
from admin.door import sessions
from admin.door.rows import signed_in
from admin.lists.cells import Tally
from admin.sign_in.second_factor import require_proof
from models.case import access_notes
from models.case.blanks import filled_blanks, lacking
from models.case.case import load
from models.complaint import scope
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper
from models.complaint.scope import Viewer
from models.office import decree
from models.office.people import today
from models.reading import desk
from models.reading.desk import taken_before
from models.store.base import now
from models.workflow import workflow
from models.workflow.workflow import Outcome
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

    def store(self, state: DeskState) -> str:
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
    papers = [number for (number,) in Paper.select(Paper.id).where(issued).order_by(Paper.id).tuples()]
    refused = desk.desk_cases(who, state.step, now(), ids=list(result.refused))
    stale = _stale_versions(state, result, cases)
    access_notes.log_list(who.user, f"meja {state.step.key}", (case.complaint for case in refused), every=True)
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
        state=state,
        papers=papers,
        after=_after_decisions(state, result, back, papers),
        headless=headless_words(state.step, [case for case, act in result.done.items() if act is state.step]),
        lost=[why for number, why in result.refused.items() if number not in cases],
        **form_context(state, cards),
    )


def _after_decisions(state: DeskState, result: Result, back: Set[int], papers: list[int]) -> AfterAct:
    """What happened, the papers' ways, and the desk as what is next, with how many still wait there."""
    done, step = len(result.done) - len(back), state.step
    happened = f"{done} pengaduan telah diputuskan" if done else "Belum ada yang diproses"
    refused = f"; {len(result.refused)} belum, alasannya tertulis di bawah" if result.refused else ""
    ways = []
    if papers and step.independent:
        listed = url_for("meja.issued", key=step.key, tanggal=today().isoformat())
        ways.append(Way(f"Daftar {step.papers[0].title} yang disetujui", listed))
    if offer := signing_offer(papers):
        ways.append(Way(offer.words, offer.url))
    ahead = [Way("Ke Meja Persetujuan", url_for("meja.queue", key=step.key), detail=waiting_words())]
    tone, title = ("success", "Berhasil") if done else ("warning", "Perhatian")
    return AfterAct(f"{happened}{refused}.", ways, ahead, tone, title)


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
    ways = [] if back else ways_with(act, cases[number], papers)
    brief = "" if back or headless_words(act, [number]) else f"{cases[number].number} {act.done[1]}"
    return DeskOutcome(done_words(act, cases[number], papers, back=back), "success", ways, brief=brief)


def _stale_versions(state: DeskState, result: Result, cases: dict[int, Complaint]) -> dict[int, int]:
    """The versions that were shown of refused cases that have changed meanwhile."""
    versions = {case: version for act in state.opened.values() for case, version in act.items()} | state.ticked
    return {n: versions[n] for n in result.refused if n in cases and cases[n].version != versions.get(n, 0)}


READY, DECIDE, WAS = "ready", "decide", "was"  # would it be accepted; decide; was it recorded
ON_OPENED = (READY, DECIDE, WAS)
UNREAD = "Lembar pengaduan {} belum Anda buka. Baca dahulu."


def unread_refusal(case: int, version: int) -> dict[int, str]:
    """The refusal if the case has this version and the user was never shown it; {} otherwise."""
    if access_notes.was_shown(signed_in(), case, version, OPENED):
        return {}
    at_version = (Complaint.id == case) & (Complaint.version == version)
    complaint = scope.visible(signed_in(), Complaint).where(at_version).first()
    return {case: UNREAD.format(complaint.number)} if complaint else {}


def accept_repeated(state: DeskState, result: Result) -> None:
    """Turn refusals into successes where the same decision is recorded already: sent twice, or from a second tab."""
    for act, versions in state.parts():
        again = {case: version for case, version in versions.items() if case in result.refused}
        for number, case in load(list(again), signed_in(), now()).items() if again else ():
            blanks, _ = state.blanks_of(act, number)
            if record := taken_before(case, act, again[number], blanks):
                result.add_again(act, number, _papers_of(number, record.made_at))


def _papers_of(complaint: int, at: Any) -> list[str]:
    issued = Paper.select(Paper.public_id).where((Paper.complaint == complaint) & (Paper.issued_at == at))
    return [public_id for (public_id,) in issued.tuples()]


def check_decision(alone: DeskState, case: int, version: int) -> Result:
    """Check a decision without recording it: refused, recorded already, or neither. A second factor is asked for now,
    before the decision waits in the tab."""
    if refused := unread_refusal(case, version):
        return Result(refused=refused)
    act, versions = alone.only_part()
    cases, refused = workflow.check_cases(versions, act.key, by=signed_in(), versions=versions)
    blanks, wrong = alone.blanks_of(act, case)
    missing = "" if wrong or case not in cases else lacking(cases[case], act, filled_blanks(cases[case], act, blanks))
    deputised = case in cases and decree.deputy_objection(
        cases[case].deputy(act), typed_deputy_reason(), cases[case].complaint.number
    )
    sentence = refused.get(case, "") or deputised or wrong or missing or ("" if case in cases else workflow.NOT_FOUND)
    result = Result(refused={case: sentence} if sentence else {})
    accept_repeated(alone, result)
    if not sentence:
        require_proof(act)
    return result


def find_recorded_decision(alone: DeskState, case: int, version: int) -> Result:
    """Whether a decision was recorded, for a tab that got no answer to it."""
    result, (act, _) = Result(), alone.only_part()
    loaded = load([case], signed_in(), now()).get(case)
    if loaded and (record := taken_before(loaded, act, version, None)):
        result.add_again(act, case, _papers_of(case, record.made_at))
    return result


def outcome_json(outcome: DeskOutcome) -> Any:
    """The outcome as JSON for a script: the sentence, and links to continue with."""
    if outcome.refused:
        return jsonify(refused=outcome.sentence), 409
    return jsonify(
        done=outcome.sentence, brief=outcome.brief, ways=[{"words": way.words, "url": way.url} for way in outcome.ways]
    )
