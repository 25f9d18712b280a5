"""A decision on an opened sheet: on nothing but what the person was shown; sent twice, it is answered as done."""

from typing import Any

from flask import jsonify

from admin.case.forms import typed_deputy_reason
from admin.desk.page import DeskOutcome
from admin.desk.result import Result
from admin.desk.sheet import OPENED, Sheet
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

READY, DECIDE, WAS = "ready", "decide", "was"  # would it go; it goes; has it gone
ON_OPENED = (READY, DECIDE, WAS)
UNREAD = "Lembar pengaduan {} belum Anda buka. Baca dahulu."


def unread(case: int, version: int) -> dict[int, str]:
    """Why nothing is decided: the case stands at this version, and the person was never shown it so."""
    if access_notes.was_shown(signed_in(), case, version, OPENED):
        return {}
    found = scope.visible(signed_in(), Complaint).where((Complaint.id == case) & (Complaint.version == version)).first()
    return {case: UNREAD.format(found.number)} if found else {}


def answer_again(sheet: Sheet, result: Result) -> None:
    """What was refused because the same decision was there already is done: it came twice, or out of a second tab."""
    for act, versions in sheet.parts():
        again = {case: version for case, version in versions.items() if case in result.refused}
        for number, case in load(list(again), signed_in(), now()).items() if again else ():
            blanks, _ = sheet.blanks_of(act, number)
            if record := taken_before(case, act, again[number], blanks):
                result.add_again(act, number, _papers_of(number, record.made_at))


def _papers_of(complaint: int, at: Any) -> list[str]:
    issued = Paper.select(Paper.public_id).where((Paper.complaint == complaint) & (Paper.issued_at == at))
    return [public_id for (public_id,) in issued.tuples()]


def foreseen(alone: Sheet, case: int, version: int) -> Result:
    """What would come of a decision, nothing done: refused, done already, or neither. Whoever must show first who he is
    is asked now, before the decision waits."""
    if refused := unread(case, version):
        return Result(refused=refused)
    act, versions = alone.only_part()
    cases, refused = workflow.verdicts(versions, act.key, by=signed_in(), versions=versions)
    blanks, wrong = alone.blanks_of(act, case)
    lacks = "" if wrong or case not in cases else lacking(cases[case], act, filled_blanks(cases[case], act, blanks))
    beside = case in cases and decree.beside_objection(
        cases[case].deputy(act), typed_deputy_reason(), cases[case].complaint.number
    )
    sentence = refused.get(case, "") or beside or wrong or lacks or ("" if case in cases else workflow.NOT_FOUND)
    result = Result(refused={case: sentence} if sentence else {})
    answer_again(alone, result)
    if not sentence:
        require_proof(act)
    return result


def has_taken(alone: Sheet, case: int, version: int) -> Result:
    """What has come of a decision of which the tab does not know whether it arrived."""
    result, (act, _) = Result(), alone.only_part()
    found = load([case], signed_in(), now()).get(case)
    if found and (record := taken_before(found, act, version, None)):
        result.add_again(act, case, _papers_of(case, record.made_at))
    return result


def words_of(outcome: DeskOutcome) -> Any:
    """What came of it, for the script that asked: the sentence, and where to go on."""
    if outcome.refused:
        return jsonify(refused=outcome.sentence), 409
    return jsonify(done=outcome.sentence, ways=[{"words": words, "url": url} for words, url in outcome.ways])
