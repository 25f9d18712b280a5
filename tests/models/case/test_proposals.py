"""A recalled record serves as draft again until another takes its place."""

from typing import Any

from models.case.blanks import filled_blanks
from models.case.case import load
from sop.vocabulary import vocabulary
from tests.office import Office


def proposed(office: Office, case: int, act: str) -> dict[str, Any]:
    return filled_blanks(load([case], office["kadis"], office.at)[case], vocabulary().transitions[act], {})


def test_nothing_is_proposed_from_a_returned_disposition_nor_from_one_recalled_before_it(
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


def test_a_recalled_approval_is_not_proposed_for_the_rewritten_text(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], "approve")
    office.do([case], "approve", outcome="catatan", note="Ditarik kembali")
    office.do([case], "recall")
    assert proposed(office, case, "approve")["note"] == "Ditarik kembali"
    office.do([case], "send_back")
    office.bring([case], "approve")
    assert proposed(office, case, "approve")["note"] == ""


def test_the_blanks_of_a_valid_record_are_not_proposed_for_the_next_one(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], "deliver")
    office.do([case], "attempt", outcome="missed", note="Tidak diangkat")
    assert proposed(office, case, "attempt")["note"] == ""
