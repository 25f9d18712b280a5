"""What is late, each word said once as SQL and once of one case: late now by the SOP or by law, or late ever."""

from datetime import datetime
from typing import Any

import peewee as pw

from models.tables.complaint import ANSWERED, Complaint
from sop import flow

ENDED_ON_A_DAY = Complaint.elsewhere.in_(["", ANSWERED])  # of what has ended: it is known when
OPEN = Complaint.state.in_(sorted(flow.OPEN_STATES))


def is_late_by_row(at: datetime) -> Any:
    """*Lewat SOP*: the limit of the row that runs now is over. What an earlier row took too long is not late now."""
    return OPEN & (Complaint.row_due_at < at)


def was_ever_late_by_row(at: datetime) -> Any:
    """*Pernah lewat SOP*: a finished run of the round was late, or the present one is."""
    return Complaint.row_late | is_late_by_row(at)


def is_late_by_law(at: datetime) -> Any:
    """*Lewat batas peraturan*: the limit is over while the case is open, or was before it ended."""
    ended = pw.fn.COALESCE(Complaint.closed_at, Complaint.state_since)
    return Complaint.legal_due_at < pw.Case(None, [(OPEN, at)], ended)


def is_late_now(at: datetime) -> Any:
    """*Masih terbuka dan lewat waktu*: open, and late by either."""
    return OPEN & ((Complaint.row_due_at < at) | (Complaint.legal_due_at < at))


def case_is_late_by_row(case: Complaint, at: datetime) -> bool:
    """`is_late_by_row` of one case."""
    return case.state in flow.OPEN_STATES and case.row_due_at is not None and case.row_due_at < at


def case_is_late_by_law(case: Complaint, at: datetime) -> bool:
    """`is_late_by_law` of one case."""
    counted_to = at if case.state in flow.OPEN_STATES else case.closed_at or case.state_since
    return bool(case.legal_due_at is not None and case.legal_due_at < counted_to)


def ended_at(case: Complaint) -> datetime | None:
    """When a case ended; None while it is open, and where no file has told the day."""
    closed: datetime | None = case.closed_at
    return closed if case.elsewhere in ("", ANSWERED) else None
