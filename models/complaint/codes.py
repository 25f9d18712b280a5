"""Verification codes: what a typed one belongs to, and the codes of papers that are about no single case."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from peewee import IntegrityError

from models.complaint.event import append_written
from models.complaint.paper import CODE, Content, Paper, PaperCode, code_part
from models.complaint.scope import Viewer, visible
from models.office.people import User
from models.office.settings import CODE_ADDRESS, values
from models.store import seal
from models.store.base import canonical, database, insert_rows
from sop.words import format_moment

LONGEST = PaperCode.about.max_length
GROUP = 4  # symbols of a code that stand together
_SEPARATORS = re.compile(r"[\s\-–.]+")  # between groups
_ADDRESS = re.compile(r".*[/=]")  # before a code that was scanned


def typed_code(text: str) -> str:
    """The code that was typed or scanned: in groups or not, in small letters, O for 0, I or L for 1; else ""."""
    code = _SEPARATORS.sub("", _ADDRESS.sub("", text.strip())).upper().translate(seal.MISREAD)
    return code if len(code) == CODE and set(code) <= set(seal.SYMBOLS) else ""


def code_groups(code: str) -> str:
    """The code in groups, which no line of a paper parts."""
    return "-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP))


@dataclass(frozen=True)
class CodedPaper:
    """What a code belongs to: a paper of a case, or in words what was issued."""

    paper: Paper | None
    words: str = ""


def paper_of_code(code: str, who: Viewer) -> CodedPaper | None:
    """What the code belongs to: a paper of a case if the user may read the case, others if he may read cases at all."""
    row: PaperCode | None = PaperCode.get_or_none(PaperCode.mark == seal.ring().code_mark(code))
    if row is None:
        return None
    if row.paper_id:
        paper = visible(who.user, Paper, who).where(Paper.id == row.paper_id).get_or_none()
        return CodedPaper(paper) if paper else None
    if not (who.lanes or who.mandated):
        return None
    return CodedPaper(None, f"{row.about}, terbit {format_moment(row.issued_at)} oleh {row.issued_by.name}")


def new_code() -> dict[str, str]:
    """A random code for the content of a paper that is about no single case; `keep_code` makes it known."""
    return code_part(values()[CODE_ADDRESS])


def keep_code(content: Content, *, about: str, sha256: str, by: User, at: datetime) -> None:
    """Make known what the code in this content belongs to; `about` is its number or period.

    Call inside the transaction, before `append_written`.
    """
    row = {
        "mark": seal.ring().code_mark(content["code"]["text"]),
        "kind": content["paper"]["key"],
        "about": f"{content['paper']['title']} {about}"[:LONGEST],
        "sha256": sha256,
        "issued_by": by.id,
        "issued_at": at,
    }
    insert_rows(PaperCode, [row])


def with_code(content: Mapping[str, Any], *, about: str, by: User, at: datetime) -> Content:
    """The content of a paper that is printed and not kept, with its code, which is made known.

    The code is derived from the content: what is printed again in the same words has the same code and the same bytes.
    """
    text = canonical(content)
    secret = seal.ring().derived("codes of papers that are not kept")
    bits = int.from_bytes(hmac.digest(secret, text.encode(), hashlib.sha256)[:16])
    coded = {**content, "code": code_part(values()[CODE_ADDRESS], bits)}
    mark = seal.ring().code_mark(coded["code"]["text"])
    try:
        with database.atomic():
            if not PaperCode.select().where(PaperCode.mark == mark).exists():
                keep_code(coded, about=about, sha256=hashlib.sha256(text.encode()).hexdigest(), by=by, at=at)
                append_written()
    except IntegrityError:  # printed by two at once
        pass
    return coded
