"""The cases whose words hold all terms, within what the person may read: by trigrams, or among his few."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_, or_
from typing import Any

import peewee as pw

from models.search.likeness import is_of_places
from models.search.notation import TRIGRAM, Term
from models.search.ways import rows_read_by, ways_to_read
from models.store.base import among, database
from models.tables.casetext import CaseText
from models.tables.complaint import Complaint
from models.tables.scope import Viewer, is_of_readable, visible

COUNTED = 1_000
LED, TELLING = 100, 3  # cases of a word that are looked at one by one; words of which one may stand in so few
ROWS_OF_A_CASE = 4  # that hold one word; of more a word passes for one of many cases
INDEX = pw.Table(f"{CaseText._meta.table_name}_find", ("rowid", f"{CaseText._meta.table_name}_find"))


@contextmanager
def planned_for_its_words() -> Iterator[None]:
    """Meanwhile PostgreSQL plans each statement for the words that are looked for. A plan that would do for any words
    goes through all texts, the newest first, where these stand in few; after some ten searches it would be taken."""
    if isinstance(database.obj, pw.SqliteDatabase):
        yield
        return
    database.execute_sql("SET plan_cache_mode = force_custom_plan")
    yield
    database.execute_sql("RESET plan_cache_mode")  # after an error the transaction's end does it, or the next search


@dataclass(frozen=True)
class Sight:
    """Where a person may look: in all cases, each hit asked whether he may read it; or in his few, of whatever size
    the table is. Which of the two does not depend on what is looked for."""

    who: Viewer

    @cached_property
    def few(self) -> list[int] | None:
        """All cases that he may read, if they are few and the ways to them are known."""
        ways = ways_to_read(self.who)
        if not ways:
            return None
        readable = {
            number
            for way in ways
            for (number,) in rows_read_by(self.who, Complaint, way).select(Complaint.id).limit(COUNTED + 1).tuples()
        }
        return sorted(readable) if len(readable) <= COUNTED else None

    def cases(self, terms: Sequence[Term], most: int = COUNTED + 1) -> list[int]:
        """The cases in which all terms stand, the newest words first.

        A word that stands in few leads to all of them: whether the others stand there, too, is looked at case by case.
        """
        if not terms:
            return []
        few = self._led_to(terms) if len(terms) > 1 else None
        if few is not None:
            return few[:most]
        together = [case for (case,) in self._cases_of_rows(terms, most).tuples()]
        if len(terms) == 1 or len(together) >= most:
            return together
        apart = self._cases_of_terms(terms).order_by(Complaint.id.desc()).limit(most)
        return list(dict.fromkeys([*together, *(case for (case,) in apart.tuples())]))[:most]

    def _led_to(self, terms: Sequence[Term]) -> list[int] | None:
        """The cases in which all terms stand, if one of them stands in few."""
        for telling in _telling(terms):
            if (few := self.few_cases(telling, LED)) is not None:
                held = self.among(few, [term for term in terms if term != telling])
                return [case for case in few if case in held]
        return None

    def few_cases(self, term: Term, few: int) -> list[int] | None:
        """The cases in which it stands, the newest words first; None as soon as they may be more than so few."""
        most = few * ROWS_OF_A_CASE + 1
        rows = list(self._rows([term], CaseText.case, self._newest).limit(most).bind(database).tuples())
        cases = dict.fromkeys(case for case, _ in sorted(rows, key=lambda row: row[1], reverse=True))
        return list(cases) if len(rows) < most and len(cases) <= few else None

    def holding(self, terms: Sequence[Term]) -> Any:
        """Condition: a case in which all terms stand. For more cases than are counted."""
        return reduce(and_, (Complaint.id.in_(self._holding(term)) for term in terms))

    def among(self, ids: Collection[int], terms: Sequence[Term]) -> set[int]:
        """Those of some cases in which all terms stand: each is looked at, whatever else holds them."""
        left = set(ids)
        for term in terms if left else ():
            rows = self._rows_of(left, term).bind(database).tuples()
            left = {case for (case,) in rows}
        return left

    def texts(self, terms: Sequence[Term], most: int) -> list[str]:
        """The newest texts in which all terms stand."""
        rows = self._rows(terms, CaseText.text).order_by(self._newest.desc()).limit(most)
        return [text for (text,) in rows.bind(database).tuples()]

    def _cases_of_rows(self, terms: Sequence[Term], most: int) -> Any:
        """Cases with one text in which all terms stand."""
        rows = self._rows(terms, CaseText.case)
        if self._by_index:
            rows = rows.distinct().order_by(self._newest.desc())
        else:
            rows = rows.group_by(CaseText.case).order_by(pw.fn.MAX(CaseText.id).desc())
        return rows.limit(most).bind(database)

    def _cases_of_terms(self, terms: Sequence[Term]) -> Any:
        """Cases with texts for all terms, one here, another there."""
        cases = visible(self.who.user, Complaint, self.who).select(Complaint.id)
        return cases.where(self.holding(terms))

    def _holding(self, term: Term) -> Any:
        if not self._by_index:
            return self._rows([term], CaseText.case)
        source = pw.Join(INDEX, CaseText, "CROSS JOIN")
        return pw.Select([source], [CaseText.case]).where(_is_hit([term]))

    def _rows_of(self, ids: Collection[int], term: Term) -> Any:
        of_them = among(CaseText.case, ids)
        if not self._by_index or all(map(str.isascii, term)):  # SQLite's LIKE knows capitals of no other letters
            return pw.Select([CaseText], [CaseText.case]).where(of_them & _stands(term))
        source = pw.Join(CaseText, INDEX, "CROSS JOIN")  # the few rows first, each then looked up in the index
        return pw.Select([source], [CaseText.case]).where(of_them & _is_hit([term]))

    def _rows(self, terms: Sequence[Term], *columns: Any) -> Any:
        if self._by_index:
            source = pw.Join(INDEX, CaseText, "CROSS JOIN")  # the index first, row by row, whatever the planner thinks
            return pw.Select([source], columns).where(_is_hit(terms) & is_of_readable(self.who, CaseText.case))
        held = reduce(and_, (_stands(term) for term in terms))
        mine = is_of_readable(self.who, CaseText.case) if self.few is None else CaseText.case.in_(self.few)
        return pw.Select([CaseText], columns).where(held & mine)

    @cached_property
    def _by_index(self) -> bool:
        return self.few is None and isinstance(database.obj, pw.SqliteDatabase)

    @property
    def _newest(self) -> Any:
        return INDEX.rowid if self._by_index else CaseText.id


def _telling(terms: Sequence[Term]) -> list[Term]:
    """Those that may stand in the fewest cases, the longest first: no number, and no kind of street."""
    words = [term for term in terms if min(map(len, term)) >= TRIGRAM and not is_of_places(term[0])]
    return sorted(words, key=lambda term: -min(map(len, term)))[:TELLING]


def _is_hit(terms: Sequence[Term]) -> Any:
    """Condition on SQLite: rows of the index, each with the row of the table that it is of."""
    asked = " AND ".join(f"({' OR '.join(map(_quoted, term))})" for term in terms)
    column = getattr(INDEX, f"{CaseText._meta.table_name}_find")
    return pw.Expression(column, "MATCH", asked) & (CaseText.id == INDEX.rowid)


def _quoted(piece: str) -> str:
    piece = piece if len(piece) >= TRIGRAM else f" {piece} "
    return '"{}"'.format(piece.replace('"', '""'))


def _stands(term: Term) -> Any:
    """Condition: one of the pieces stands in the row. On PostgreSQL its index of trigrams answers."""
    pieces = (
        CaseText.text.contains(one) if len(one) >= TRIGRAM else CaseText.short.contains(f" {one} ") for one in term
    )
    return reduce(or_, pieces)
