"""What waits for the user, counted once a page: at the entries of the menu, and above every page the urgent cases."""

from flask import Flask
from flask_login import current_user

from admin.door.rows import signed_in
from admin.door.sessions import cached_per_request
from models.complaint.scope import viewer
from models.office.people import today
from models.reading import queue

ALL_OF_IT = ("/", "/pengaduan/")  # entries that show the total
PAPERS = "/dokumen/"  # the entry that counts papers waiting for a signature
PROMISES = "/janji/"  # the entry that counts due promises
WAITS = "menunggu Anda"  # what a count means, unless it is one of these
MEANINGS = {PAPERS: "belum ditandatangani", PROMISES: "jatuh tempo"}


def install(app: Flask) -> None:
    """Give templates `waiting_at`; a page without a menu runs no query."""
    app.context_processor(lambda: {"waiting_at": waiting_at})


def waiting_at(*addresses: str) -> str:
    """The number that waits for the user at these addresses, as text: all of the user's steps on the start page and the
    list of complaints, else unsigned papers or due promises. Lists of records would only count the same steps again."""
    if not current_user.is_authenticated:
        return ""
    count = sum(_counts_by_address().get(address, 0) for address in addresses)
    return f"{queue.MOST_COUNTED}+" if count >= queue.MOST_COUNTED else str(count or "")


@cached_per_request
def frame_counts() -> queue.FrameCounts:
    """The counts of the signed-in user."""
    return queue.frame_counts(viewer(signed_in()), today())


@cached_per_request
def _counts_by_address() -> dict[str, int]:
    counts = frame_counts()
    return {
        PAPERS: counts.papers,
        PROMISES: counts.promises,
        **dict.fromkeys(ALL_OF_IT, sum(counts.by_step.values())),
    }
