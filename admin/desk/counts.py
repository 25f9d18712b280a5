"""How much waits for the person, beside the entries of the menu: a bounded query a page, one more each for papers and
for promises."""

from collections.abc import Iterator

from flask import Flask, current_app
from flask_login import current_user

from admin.door.flaskadmin import views_of
from admin.door.rows import signed_in
from admin.door.sessions import once_a_request
from models.complaint.scope import viewer
from models.office.people import today
from models.reading import queue
from models.reading.promises import count_due
from sop.procedure import KEPALA_DINAS, Transition

ALL_OF_IT = ("/", "/pengaduan/")  # the entries under which all of it stands
PAPERS = "/dokumen/"  # the entry under which stands what waits for somebody's hand
PROMISES = "/janji/"  # the entry under which stands what was promised


def install(app: Flask) -> None:
    """Let the menu ask; nothing is counted for a page that draws none."""
    app.context_processor(lambda: {"waiting_at": waiting_at})


def waiting_at(*addresses: str) -> str:
    """How many wait for the person at these entries: at home and among the cases every step that is his, else what is
    written or decided on there, is to be brought to the signer, or was promised and is due."""
    if not current_user.is_authenticated:
        return ""
    count = sum(_counts_by_address().get(address, 0) for address in addresses)
    return f"{queue.MOST_COUNTED}+" if count >= queue.MOST_COUNTED else str(count or "")


@once_a_request
def _counts_by_address() -> dict[str, int]:
    who = viewer(signed_in())
    counted = queue.brief_counts(who)
    papers = queue.unsigned_papers(who, queue.MOST_COUNTED) if queue.brings_papers(who) else 0
    promises = count_due(who, today(), queue.MOST_COUNTED)
    apart = {PAPERS: papers, PROMISES: promises}
    return {**apart, **dict.fromkeys(ALL_OF_IT, sum(counted.values())), **dict(_counts_of_records(counted))}


def _counts_of_records(counted: dict[Transition, int]) -> Iterator[tuple[str, int]]:
    """By the address of each list of records: how many wait to be written or decided on."""
    for view in views_of(current_app):
        if isinstance(getattr(view, "step", None), Transition):
            yield f"{view.url}/", sum(n for step, n in counted.items() if _matter_of(step) == view.model.key)


def _matter_of(step: Transition) -> str:
    """The record that a step is about: the one that it decides on, else the one that it makes."""
    return step.needs[-1].record if step.actor == KEPALA_DINAS and step.needs else step.record
