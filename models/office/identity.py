"""Who the office is: what its papers, numbers and screens say of it, and what has to be said before the first paper."""

import re
from collections.abc import Iterable
from typing import TypedDict

from models.office.people import today
from models.office.settings import OPTIONS, ZONE, Setting, Settings, letterhead
from sop.procedure import HEAD, Head
from sop.words import in_a_list

GOVERNMENT, NAME, CITY = "office.government", "office.name", "office.city"
PANEL, UNIT_CODE, AREA_CODE = "panel.office", "office.unit_code", "office.area_code"
IDENTITY = (GOVERNMENT, NAME, PANEL, UNIT_CODE, AREA_CODE, CITY, ZONE)  # in the order in which an office is asked
ON_PAPERS = (GOVERNMENT, NAME, PANEL, CITY)  # of papers and letters; the area's code where a pattern of numbers has it
CODE = re.compile(r"[0-9A-Za-z]+([._-][0-9A-Za-z]+)*", re.ASCII)  # the pattern brings what stands before and behind
ODD_CODE = (
    "“{}” bukan kode yang benar. Tulis huruf dan angka, boleh dengan satu titik atau tanda hubung di antaranya, "
    "misalnya 403 atau 400.9.3; tanpa spasi, garis miring, atau tanda di awal dan akhir."
)
AREA = "{wilayah}"  # where it stands in a pattern
GAP = "…………"
NATIONAL = 1  # so many of the sheet's legal bases are the nation's; behind them are a city's own
UNSAID = (
    "Dokumen belum dapat terbit: {} belum diisi. Pengelola Sistem mengisinya pada Pengaturan, Wajib diisi, Identitas "
    "kantor."
)


def code_objection(code: str) -> str:
    """The sentence why numbers cannot be made of this code, "" if they can; no code at all is no matter here."""
    return "" if not code or CODE.fullmatch(code) else ODD_CODE.format(code)


class SopPart(TypedDict):
    """The SOP as papers name it; frozen with them."""

    number: str  # "" of an office that has signed none
    revision: str
    name: str
    row: int | None


class UnnamedOffice(ValueError):
    """No paper is made in the name of an office that has not said who it is; the message is a sentence."""

    heading = "Identitas kantor belum lengkap"


def paper_objection(settings: Settings) -> str:
    """The sentence why no paper can be issued yet, "" if it can."""
    lacking = [key for key in _printed(settings) if not str(settings[key]).strip()]
    unsaid = [OPTIONS[key].label.partition(" (")[0] for key in lacking if not _was_emptied(key)]
    return UNSAID.format(in_a_list(unsaid)) if unsaid else ""


def demand_identity(settings: Settings) -> None:
    """UnnamedOffice with its sentence where no paper can be issued yet."""
    if sentence := paper_objection(settings):
        raise UnnamedOffice(sentence)


def with_gaps(settings: Settings) -> Settings:
    """The settings as a paper shows them that is not issued: what is not said yet is a gap."""
    return {**settings, **{key: settings[key] or GAP for key in (*ON_PAPERS, AREA_CODE)}}


def sop_head(settings: Settings) -> Head:
    """The head of the SOP's sheet as this office has it: as signed where this government has signed it; elsewhere
    without number, days, signature and what the signing city alone goes by."""
    government = settings[GOVERNMENT]
    if " ".join(government.split()).casefold() == HEAD.government.casefold():
        return HEAD
    return Head(
        government=government,
        office=tuple(letterhead(settings)["name"]),
        number="",
        made="",
        approved_title="",
        approved_name="",
        approved_rank="",
        approved_nip="",
        legal_basis=HEAD.legal_basis[:NATIONAL],
        signed_rows=HEAD.signed_rows,
    )


def sop_part(settings: Settings, row: int | None) -> SopPart:
    """What a paper says of the SOP; `row` is that of the table by which it is issued, if by one."""
    head = sop_head(settings)
    return {"number": head.number, "revision": head.revision, "name": head.name, "row": row}


def _printed(settings: Settings) -> Iterable[str]:
    in_numbers = any(AREA in str(value) for key, value in settings.items() if key.startswith("number."))
    return (*ON_PAPERS, *((AREA_CODE,) if in_numbers else ()), ZONE)


def _was_emptied(key: str) -> bool:
    """Whether the office has once left it empty on purpose, as it could before it was asked for: it stays as it is."""
    return bool(Setting.select().where((Setting.key == key) & (Setting.valid_from <= today())).exists())
