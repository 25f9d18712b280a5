"""The office's identity on papers, numbers and screens, and which settings the first paper requires."""

import re
from typing import TypedDict

from models.office.people import today
from models.office.settings import OPTIONS, ZONE, Setting, Settings, letterhead
from sop.procedure import HEAD, Head
from sop.words import in_a_list

GOVERNMENT, NAME, CITY = "office.government", "office.name", "office.city"
PANEL, UNIT_CODE, AREA_CODE = "panel.office", "office.unit_code", "office.area_code"
IDENTITY = (GOVERNMENT, NAME, PANEL, UNIT_CODE, AREA_CODE, CITY, ZONE)  # in the order of the form
ON_PAPERS = (GOVERNMENT, NAME, PANEL, CITY)  # on papers; plus the area code where a number pattern has it
CODE = re.compile(r"[0-9A-Za-z]+([._-][0-9A-Za-z]+)*", re.ASCII)  # separators before and after come from the pattern
ODD_CODE = (
    "“{}” bukan kode yang benar. Tulis huruf dan angka, boleh dengan satu titik atau tanda hubung di antaranya, "
    "misalnya 403 atau 400.9.3; tanpa spasi, garis miring, atau tanda di awal dan akhir."
)
AREA = "{wilayah}"  # the area code in a pattern
GAP = "…………"
NATIONAL = 1  # number of national legal bases, which come before the city's own
UNSAID = (
    "Dokumen belum dapat terbit: {} belum diisi. Pengelola Sistem mengisinya pada Pengaturan, Wajib diisi, Identitas "
    "kantor."
)


def code_objection(code: str) -> str:
    """The sentence why this code is invalid in numbers, "" if it is valid or empty."""
    return "" if not code or CODE.fullmatch(code) else ODD_CODE.format(code)


class SopPart(TypedDict):
    """The SOP as named on papers; frozen with them."""

    number: str  # "" if the office has not signed one
    revision: str
    name: str
    row: int | None


class IncompleteIdentity(ValueError):
    """No paper is issued before the office's identity is set; the message is a sentence."""

    heading = "Identitas kantor belum lengkap"


def paper_objection(settings: Settings) -> str:
    """The sentence why no paper can be issued yet, "" if it can."""
    in_numbers = any(AREA in str(value) for key, value in settings.items() if key.startswith("number."))
    required = (*ON_PAPERS, *((AREA_CODE,) if in_numbers else ()), ZONE)
    empty = [key for key in required if not str(settings[key]).strip()]
    missing = [OPTIONS[key].label.partition(" (")[0] for key in empty if not _was_emptied(key)]
    return UNSAID.format(in_a_list(missing)) if missing else ""


def require_identity(settings: Settings) -> None:
    """Raise IncompleteIdentity where no paper can be issued yet."""
    if sentence := paper_objection(settings):
        raise IncompleteIdentity(sentence)


def with_gaps(settings: Settings) -> Settings:
    """The settings for a preview of a paper: dots in place of missing values."""
    return {**settings, **{key: settings[key] or GAP for key in (*ON_PAPERS, AREA_CODE)}}


def sop_head(settings: Settings) -> Head:
    """The head of the SOP's sheet for this office: as signed for the government that signed it; for another one without
    number, dates, signature and the signing city's own legal bases."""
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
    """The SOP as named on a paper; `row` is the SOP's row that issues it, if any."""
    head = sop_head(settings)
    return {"number": head.number, "revision": head.revision, "name": head.name, "row": row}


def _was_emptied(key: str) -> bool:
    """Whether the office stored it empty, as was possible before it became required: then it stays empty."""
    return bool(Setting.select().where((Setting.key == key) & (Setting.valid_from <= today())).exists())
