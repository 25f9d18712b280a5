"""What the blank Form Pengaduan for the counter says: the letterhead of the day and the SOP, nothing of any case."""

from datetime import datetime
from typing import Any

from models import wording
from models.complaint import GROUPS
from models.settings import letterhead, values
from sop import flow
from sop.procedure import HEAD

KIND = "formulir_kosong"


def blank_form(*, at: datetime, demo: bool, settings: dict[str, Any] | None = None) -> dict[str, Any]:
    """The content of the blank form as of a moment, by the settings in force or by those that are given."""
    issued, settings = flow.RECEIVE.papers[0], settings or values()
    return {
        "paper": {"key": KIND, "title": issued.title, "number": "", "date": at.isoformat(),
                  "issued_at": at.isoformat(), "round": 1, "revision": 1, "draft": False},
        "sop": {"number": HEAD.number, "revision": HEAD.revision, "name": HEAD.name,
                "row": flow.row_no(flow.RECEIVE.key)},
        "office": letterhead(settings), "demo": demo, "groups": [title for _, title in GROUPS],
        "wording": wording.of(KIND, settings),
    }  # fmt: skip
