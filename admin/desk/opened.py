"""A decision on an opened case: only at the version that the user was shown; idempotent if it is sent twice."""

from typing import Any

from flask import jsonify

from admin.case.forms import typed_deputy_reason
from admin.desk.page import DeskOutcome
from admin.desk.result import Result
from admin.desk.state import OPENED, DeskState
from admin.door.rows import signed_in
from admin.sign_in.second_factor import require_proof
from models.case import access_notes
from models.case.blanks import filled_blanks, lacking
from models.case.case import load
from models.complaint import scope
from models.complaint.complaint import Complaint
from models.complaint.paper import Paper
from models.office import decree
from models.reading.desk import taken_before
from models.store.base import now
from models.workflow import workflow

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


def checked_decision(alone: DeskState, case: int, version: int) -> Result:
    """Check a decision without recording it: refused, recorded already, or neither. A second factor is asked for now,
    before the decision waits in the tab."""
    if refused := unread_refusal(case, version):
        return Result(refused=refused)
    act, versions = alone.only_part()
    cases, refused = workflow.verdicts(versions, act.key, by=signed_in(), versions=versions)
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


def recorded_decision(alone: DeskState, case: int, version: int) -> Result:
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
    return jsonify(done=outcome.sentence, ways=[{"words": words, "url": url} for words, url in outcome.ways])
