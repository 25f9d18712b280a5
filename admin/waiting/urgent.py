"""The cases that call for an act at once: how many the frame counts, and the card that stands above all others."""

from dataclasses import dataclass
from functools import cached_property

from flask import Flask, url_for
from werkzeug.local import LocalProxy

from admin.case.acts import ActButton, buttons_of
from admin.door.joins import signed_in
from admin.door.once import once_a_request
from admin.waiting.queues import calling_url
from models.case import access_notes
from models.case.case import Case, load
from models.complaint.complaint import Complaint
from models.complaint.scope import viewer
from models.reading import queue
from models.records.base import Readymade
from models.records.registry import RECORDS
from models.store.base import now

MOST = 5  # cases that the card shows


@dataclass(frozen=True)
class UrgentCase:
    """One such case, and the acts that it calls for, each with the fillings that take one tap."""

    complaint: Complaint
    url: str
    acts: list[tuple[ActButton, list[Readymade]]]


class Calling:
    """What calls for an act of whoever is signed in: asked for once a request, by the page that shows it."""

    @cached_property
    def count(self) -> int:
        return queue.count_calling(viewer(signed_in()))

    @property
    def url(self) -> str:
        """The list of all of them."""
        return calling_url()

    @cached_property
    def cases(self) -> list[UrgentCase]:
        """The first of them, noted as read."""
        user, who = signed_in(), viewer(signed_in())
        found = load(queue.first_calling(who, MOST), user, now(), who=who) if self.count else {}
        access_notes.note_list(user, "darurat", (case.complaint for case in found.values()))
        return [one for case in found.values() for one in urgent_of(case)]


def urgent_of(case: Case) -> list[UrgentCase]:
    """The case with what it calls for; nothing where it calls for no act of the person's."""
    acts = [(act, RECORDS[act.transition.record].readymade(case)) for act in buttons_of(case).called]
    url = url_for("pengaduan.details_view", id=case.complaint.id)
    return [UrgentCase(case.complaint, url, acts)] if acts else []


def install(app: Flask) -> None:
    """Lazy, as the rest of the frame: a page that does not ask must not touch the database."""
    app.context_processor(lambda: {"urgent": LocalProxy(_calling)})


@once_a_request
def _calling() -> Calling:
    return Calling()
