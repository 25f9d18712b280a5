"""At the moment of its deadline a case is not late yet: by every kind of lateness, in SQL and for one case alike."""

from datetime import datetime, timedelta
from typing import Any

from models.complaint.complaint import (
    Complaint,
    case_is_late_by_law,
    case_is_late_by_row,
    is_late_by_law,
    is_late_by_row,
    is_late_now,
    was_ever_late_by_row,
)
from tests.office import MONDAY, Office

LIMIT = MONDAY + timedelta(days=9)
TICK = timedelta(microseconds=1)


def put(case: int, **columns: Any) -> None:
    Complaint.update(**columns).where(Complaint.id == case).execute()


def lateness(case: int, at: datetime) -> dict[str, bool]:
    words = {"row": is_late_by_row, "ever": was_ever_late_by_row, "law": is_late_by_law, "now": is_late_now}
    found = {word: Complaint.select().where((Complaint.id == case) & late(at)).exists() for word, late in words.items()}
    one = Complaint.get_by_id(case)
    assert (found["row"], found["law"]) == (case_is_late_by_row(one, at), case_is_late_by_law(one, at))
    return found


def test_at_the_very_moment_of_its_limit_a_case_is_not_late_and_a_tick_later_it_is(office: Office) -> None:
    by_row, by_law = office.receive(2)
    put(by_row, row_due_at=LIMIT, legal_due_at=LIMIT + timedelta(days=1))
    put(by_law, row_due_at=LIMIT + timedelta(days=1), legal_due_at=LIMIT)
    assert not any((*lateness(by_row, LIMIT).values(), *lateness(by_law, LIMIT).values()))
    assert lateness(by_row, LIMIT + TICK) == {"row": True, "ever": True, "law": False, "now": True}
    assert lateness(by_law, LIMIT + TICK) == {"row": False, "ever": False, "law": True, "now": True}


def test_the_lateness_of_an_ended_case_is_measured_at_its_end_and_not_at_later_entries(office: Office) -> None:
    in_time, late = office.receive(2)
    ended = {"state": "voided", "state_since": LIMIT + timedelta(days=2), "legal_due_at": LIMIT, "row_due_at": None}
    put(in_time, closed_at=LIMIT, **ended)
    put(late, closed_at=LIMIT + TICK, **ended)
    year_after = LIMIT + timedelta(days=365)
    assert not any(lateness(in_time, year_after).values())
    assert lateness(late, year_after) == {"row": False, "ever": False, "law": True, "now": False}
