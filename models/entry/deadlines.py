"""Until when the law wants an answer and an end, from receipt and class; and the sentence where that cannot be told."""

from datetime import date, datetime

from models.office.calendar import clock
from models.office.settings import Settings, longest_deadline
from models.store.base import Columns
from models.tables.complaint import Complaint
from sop.clock import Clock, HoursUnknown

UNCOUNTABLE = "Jam kerja dinas sesudah tanggal ini belum diisi. Periksa tahunnya, atau hubungi pengelola sistem."


def legal_dues(office: Clock, base: datetime, law_class: str, settings: Settings) -> Columns:
    """The two due times of the law by column of Complaint, counted from `base`."""
    return {
        "legal_due_at": office.legal_due(base, settings[f"legal.{law_class}"]),
        "answer_due_at": office.legal_due(base, settings["legal.answer"]),
    }


def day_of_settings(c: Complaint, base: datetime) -> date:
    """The day whose settings say how long: a complaint's first due times are worked out when it is recorded."""
    return (c.recorded_at if base == c.received_at else base).date()


def uncountable(received: datetime) -> str:
    """The sentence why no deadline can be counted from then; "" if it can."""
    try:
        clock().legal_due(received, longest_deadline(received.date()))
    except (HoursUnknown, OverflowError):
        return UNCOUNTABLE
    return ""
