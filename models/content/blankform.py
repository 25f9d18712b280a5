"""What the blank Form Pengaduan for the counter says: the letterhead of the day and the SOP, nothing of any case."""

from datetime import datetime

from models.case.deadline import CASE_CLOCKS
from models.content.unkept import frame
from models.office import wording
from models.office.lists import GROUPS
from models.office.settings import Settings, values
from models.tables.paper import Content
from sop import flow

KIND = "formulir_kosong"


def blank_form(*, at: datetime, demo: bool, settings: Settings | None = None) -> Content:
    """The content of the blank form as of a moment, by the settings in force or by those that are given."""
    [issued, *_] = flow.RECEIVE.papers
    told = frame(KIND, issued.title, at=at, demo=demo, settings=settings, row=flow.row_no(flow.RECEIVE.key))
    clocks = [clock.name for clock in CASE_CLOCKS]
    groups = [title for _, title in GROUPS]
    return {**told, "groups": groups, "clocks": clocks, "wording": wording.texts_of(KIND, settings or values())}
