"""What the Lembar Kunci Cadangan says: the key that opens the backups, in groups, for the office's safe."""

from collections.abc import Sequence
from datetime import datetime

from models import release
from models.content.unkept import frame
from models.office.identity import with_gaps
from models.office.people import User, posts_by_unit, signatory, title_of
from models.office.settings import values
from models.tables.paper import Content
from sop.clock import WIB

DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
KEY, TITLE = "lembar_kunci_cadangan", "Lembar Kunci Cadangan"


def key_sheet(
    groups: Sequence[str], *, mark: str, place: str, database: str, by: User, at: datetime, demo: bool
) -> Content:
    """The content of the sheet, all that an empty server is brought back with; printed for whoever asks, kept nowhere.
    `database` is the kind, as its engine calls itself. An office that has not said who it is gets it too, with gaps:
    nobody's backup waits for a letterhead."""
    title = title_of(by, posts_by_unit(at.astimezone(WIB).date()), ())
    return {
        **frame(KEY, TITLE, at=at, demo=demo, settings=with_gaps(values())),
        "groups": list(groups),
        "key_mark": mark,
        "place": place,
        "database": DATABASES.get(database, database),
        "version": release.version(),
        "printer": signatory(by, title).printed,
    }
