"""What a paper that no case issues says of itself: the office's letterhead of the day, the SOP, when it was made."""

from datetime import datetime

from models.fields.frozen import FORMAT
from models.office.identity import demand_identity, sop_part
from models.office.settings import Settings, letterhead, values
from models.tables.paper import Content


def frame(
    key: str, title: str, *, at: datetime, demo: bool, row: int | None = None, settings: Settings | None = None
) -> Content:
    """The content that such a paper begins with; `row` is the SOP's row that it belongs to, if to one.

    UnnamedOffice where the office has not said who it is, but for `settings` that are only looked at.
    """
    if settings is None:
        demand_identity(settings := values())
    return {
        "format": FORMAT,
        "paper": {
            "key": key,
            "title": title,
            "number": "",
            "date": at.isoformat(),
            "issued_at": at.isoformat(),
            "round": 1,
            "revision": 1,
            "draft": False,
        },
        "sop": sop_part(settings, row),
        "office": letterhead(settings),
        "demo": demo,
    }
