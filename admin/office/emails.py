"""Surel: queued and failed e-mails for the administrator, with their status but without their content."""

from typing import Any

from admin.lists.base import PanelView
from admin.lists.cells import NOTHING, badge, nowrap, short_moment
from admin.lists.filters import Choice
from admin.lists.masters import CATEGORY
from models.email.queue import GIVEN_UP, LEASED, OPEN_EMAILS, STATES, UNKNOWN, WAITING, QueuedEmail

TONES = {GIVEN_UP: "bad", UNKNOWN: "warn"}
SHOWN = (WAITING, LEASED, UNKNOWN, GIVEN_UP)


class SurelView(PanelView):
    """/surel/, latest first; e-mails of a case are resent on the case's page, by users who may read it."""

    noun = "surel"
    column_list = ("queued_at", "kind", "state", "tries", "next_at", "sentence")
    column_labels = {"kind": "Kepada", "next_at": "Dicoba lagi"}
    column_sortable_list = ()
    column_default_sort = ("id", True)
    column_filters = (Choice(QueuedEmail.state, "Keadaan", tuple((state, STATES[state]) for state in SHOWN)),)
    column_formatters = {
        "queued_at": lambda view, context, row, name: nowrap(short_moment(row.queued_at)),
        "kind": lambda view, context, row, name: "Pengadu" if row.complaint_id else "Pengguna panel",
        "state": lambda view, context, row, name: badge(TONES.get(row.state, "neutral"), STATES[row.state]),
        "next_at": lambda view, context, row, name: short_moment(row.next_at) if row.state == WAITING else NOTHING,
    }
    empty_text = "Tidak ada surel yang menunggu atau gagal."

    def own_rows(self) -> Any:
        """Recent e-mails only: after the address is deleted they cannot be resent."""
        return super().own_rows().where(OPEN_EMAILS & QueuedEmail.next_at.is_null(False))


def views() -> list[PanelView]:
    return [SurelView(QueuedEmail, "Surel", endpoint=SurelView.noun, url="/surel", category=CATEGORY)]
