"""Other cases of the same persons, accused or address, of any age, that the user may read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any

import peewee as pw

from models.complaint.complaint import BlindIndex, Complaint
from models.complaint.lookup import KINDS, may_find
from models.complaint.repeats import ACCUSED, ADDRESS, COLUMNS, NAME, CaseMarks, Likeness
from models.complaint.scope import Viewer, shape, visible
from models.store import prepared
from models.store.base import database
from sop.access import FINDERS

NEWEST, MOST = 101, 100  # cases selected for each mark; limit of the displayed count
AS_A_NUMBER = {ADDRESS: "nik"}  # the address is sealed: only for users who may see the NIK
WORDS = {NAME: "nama sama", ACCUSED: "pihak yang diadukan sama", ADDRESS: "alamat sama"}
NUMBERS = {"phone": "nomor telepon sama", "nik": "NIK sama"}


@dataclass
class RelatedCase:
    """Another case, and what the two have in common."""

    complaint: Complaint
    why: list[str] = field(default_factory=list)

    @property
    def words(self) -> str:
        return ", ".join(self.why)


def related_cases(case: int, marks: CaseMarks, mine: frozenset[str], who: Viewer) -> list[RelatedCase]:
    """The other cases, newest first. `mine` are the user's relations to this case: data that the user may not see in
    this or in the other case is not compared."""
    kinds = [kind for kind in KINDS if FINDERS[kind] & mine]
    alike = sorted(own for own in marks.alike if own.kind in WORDS and AS_A_NUMBER.get(own.kind, "") in ("", *kinds))
    numbers = [own for own in marks.numbers if own.kind in kinds]
    common = [(WORDS[kind], mark) for kind, mark in alike]
    common += [(NUMBERS[kind], BlindIndex.mark.db_value(mark)) for kind, mark in numbers]
    by_case: dict[int, RelatedCase] = {}
    for row in _rows_with(common, case, who) if common else ():
        by_case.setdefault(row.id, RelatedCase(row)).why.append(row.common)
    return list(by_case.values())


def _rows_with(common: Sequence[tuple[str, Any]], case: int, who: Viewer) -> list[Any]:
    """The matches of these (words, mark) that the user may read: a row for each case and common property."""
    words, marks = zip(*common, strict=True)
    key = ("related", *shape(who), *words)
    return prepared.run(key, lambda: _rows(words, who), case=case, **prepared.numbered("mark", marks))


def _newest_with(place: int, words: str) -> Any:
    """The newest other cases with the mark at this place, each with the words for what it has in common."""
    table: Any = BlindIndex if words in NUMBERS.values() else Likeness
    rows = table.select(table.case, pw.Value(words).alias("common"))
    same = (table.mark == prepared.slot(f"mark{place}")) & (table.case != prepared.slot("case"))
    newest = rows.where(same).order_by(table.case.desc())
    part = newest.limit(NEWEST).alias("part")
    return pw.Select([part], [part.c.complaint_id, part.c.common])


def _rows(words: Iterable[str], who: Viewer) -> Any:
    """The query of `_rows_with`; `words` has those of each mark."""
    parts = [_newest_with(place, each) for place, each in enumerate(words)]
    common = reduce(lambda first, second: first.union(second), parts).bind(database).alias("kin")
    sealed = {WORDS[kind]: number for kind, number in AS_A_NUMBER.items()} | {w: kind for kind, w in NUMBERS.items()}
    may_see = reduce(or_, [(common.c.common == words) & may_find(who, kind) for words, kind in sealed.items()])
    permitted = common.c.common.not_in(list(sealed)) | may_see
    rows = visible(who.user, Complaint, who).select(*COLUMNS, Complaint.secrecy, common.c.common.alias("common"))
    matches = rows.join(common, on=(Complaint.id == common.c.complaint_id)).where(permitted)
    return matches.order_by(common.c.complaint_id.desc(), common.c.common).objects()
