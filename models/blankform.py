"""What the blank Form Pengaduan for the counter says: the letterhead of the day and the SOP, nothing of any case."""

from datetime import datetime
from typing import Any

from models.complaint import GROUPS
from models.settings import letterhead, values
from sop import flow
from sop.procedure import HEAD


def blank_form(*, at: datetime, demo: bool) -> dict[str, Any]:
    """The content of the blank form as of a moment."""
    issued = flow.RECEIVE.papers[0]
    return {
        "paper": {"key": "formulir_kosong", "title": issued.title, "number": "", "date": at.isoformat(),
                  "issued_at": at.isoformat(), "round": 1, "revision": 1, "draft": False},
        "sop": {"number": HEAD.number, "revision": HEAD.revision, "name": HEAD.name,
                "row": flow.row_no(flow.RECEIVE.key)},
        "office": letterhead(values()), "demo": demo, "groups": [title for _, title in GROUPS],
    }  # fmt: skip
