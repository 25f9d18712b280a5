"""What is late, or ended late, as a condition on cases: by the SOP's row, by the law's limit."""

from datetime import datetime
from typing import Any

import peewee as pw

from models.tables.complaint import Complaint
from sop import flow

OPEN = Complaint.state.in_(sorted(flow.OPEN_STATES))


def is_late_by_row(at: datetime) -> Any:
    """A finished run of the round was late, or the present one is."""
    return Complaint.row_late | (OPEN & (Complaint.row_due_at < at))


def is_late_by_law(at: datetime) -> Any:
    ended = pw.fn.COALESCE(Complaint.closed_at, Complaint.state_since)
    return Complaint.legal_due_at < pw.Case(None, [(OPEN, at)], ended)
