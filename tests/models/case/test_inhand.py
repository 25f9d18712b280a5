"""What was pulled back is the draft again for as long as nothing has taken its place."""

from typing import Any

from models.case.blanks import filled_blanks
from models.case.case import load
from sop.vocabulary import vocabulary
from tests.office import Office


def proposed(office: Office, case: int, act: str) -> dict[str, Any]:
    return filled_blanks(load([case], office["kadis"], office.at)[case], vocabulary().transitions[act], {})


def test_of_a_disposition_that_was_given_back_nothing_is_proposed_nor_of_one_pulled_back_before_it(
    office: Office,
) -> None:
    [case] = office.receive()
    office.bring([case], "dispose")
    office.do([case], "dispose", note="Ditarik kembali")
    office.do([case], "recall")
    assert proposed(office, case, "dispose")["note"] == "Ditarik kembali"
    office.do([case], "dispose", note="Dikembalikan unit")
    office.do([case], "refuse")
    assert proposed(office, case, "dispose")["note"] == ""


def test_an_approval_that_was_pulled_back_is_not_proposed_for_the_text_that_is_written_anew(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], "approve")
    office.do([case], "approve", outcome="catatan", note="Ditarik kembali")
    office.do([case], "recall")
    assert proposed(office, case, "approve")["note"] == "Ditarik kembali"
    office.do([case], "send_back")
    office.bring([case], "approve")
    assert proposed(office, case, "approve")["note"] == ""


def test_what_was_done_and_stands_is_not_proposed_for_the_next_time(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], "deliver")
    office.do([case], "attempt", outcome="missed", note="Tidak diangkat")
    assert proposed(office, case, "attempt")["note"] == ""
