"""Papers about many cases or none that are printed and not kept: blank form, key sheet, left-out papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models import release
from models.case.clocks import CASE_CLOCKS
from models.case.content_parts import frame
from models.complaint.paper import Content
from models.office import wording
from models.office.identity import with_gaps
from models.office.lists import GROUPS
from models.office.people import User, posts_by_unit, signatory, title_of
from models.office.settings import Settings, values
from sop.clock import WIB
from sop.flow import current_procedure
from sop.vocabulary import RECEIVE
from sop.words import format_long_moment

KIND = "formulir_kosong"


def blank_form(*, at: datetime, demo: bool, settings: Settings | None = None) -> Content:
    """The content of the blank form; by the settings in force, or by `settings` for a preview."""
    [issued, *_] = current_procedure().receive.papers
    base = frame(KIND, issued.title, at=at, demo=demo, settings=settings, row=current_procedure().row_no(RECEIVE))
    clocks = [clock.ends for clock in CASE_CLOCKS]
    groups = [title for _, title in GROUPS]
    return {**base, "groups": groups, "clocks": clocks, "wording": wording.texts_of(KIND, settings or values())}


DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
KEY_SHEET, KEY_SHEET_TITLE = "lembar_kunci_cadangan", "Lembar Kunci Cadangan"


def key_sheet(
    groups: Sequence[str], *, mark: str, place: str, database: str, by: User, at: datetime, demo: bool
) -> Content:
    """The content of the key sheet, needed to restore a backup on an empty server; printed on request, never stored.
    `database` is the engine's name. It is composed with gaps if the office's identity is not set yet."""
    title = title_of(by, posts_by_unit(at.astimezone(WIB).date()), ())
    return {
        **frame(KEY_SHEET, KEY_SHEET_TITLE, at=at, demo=demo, settings=with_gaps(values())),
        "groups": list(groups),
        "key_mark": mark,
        "place": place,
        "database": DATABASES.get(database, database),
        "version": release.version(),
        "printer": signatory(by, title).printed,
    }


LEFT_OUT, LEFT_OUT_TITLE = "tidak_disertakan", "Dokumen yang Tidak Disertakan"
COUNTED = "{} dari {} yang dipilih, {}"
AMONG = "Berkas ini memuat {} dokumen. Yang berikut dipilih juga, tetapi tidak ada di antaranya."


@dataclass(frozen=True)
class LeftOut:
    """A paper, or a case without one, that was selected but is not in the file."""

    title: str
    why: str


def left_out_sheet(left_out: Sequence[LeftOut], taken: int, *, at: datetime, demo: bool) -> Content:
    """The content of the list of left-out papers; `taken` papers follow it."""
    counted, among = _sentences(left_out, taken, at)
    rows = [{"title": missing.title, "why": missing.why} for missing in left_out]
    return {**frame(LEFT_OUT, LEFT_OUT_TITLE, at=at, demo=demo), "counted": counted, "among": among, "rows": rows}


def left_out_text(left_out: Sequence[LeftOut], taken: int, *, at: datetime) -> str:
    """The same list as plain text, for files without PDF."""
    lines = [f"{place}. {missing.title}\n   {missing.why}" for place, missing in enumerate(left_out, 1)]
    return "\n\n".join([LEFT_OUT_TITLE.upper(), *_sentences(left_out, taken, at), *lines, ""])


def _sentences(left_out: Sequence[LeftOut], taken: int, at: datetime) -> tuple[str, str]:
    return COUNTED.format(len(left_out), len(left_out) + taken, format_long_moment(at)), AMONG.format(taken)
