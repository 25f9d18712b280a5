"""Search terms with notations and Indonesian word forms, and the readable cases with them, by a trigram index."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, reduce
from math import ceil
from operator import and_, or_
from typing import Any

import peewee as pw

from models.complaint.complaint import Addressee, Complaint, is_not_withheld
from models.complaint.repeats import is_of_places, spellings
from models.complaint.scope import (
    Viewer,
    addressees,
    is_of_readable,
    may_see_draft,
    of_secrecy,
    read_by,
    shape,
    visible,
)
from models.complaint.search_text import CaseText, without_marks
from models.store import prepared
from models.store.base import Model, among, database, union_all

Term = tuple[str, ...]  # alternatives, each a word or a part of one; the word as typed comes first
SHORT = 4  # characters of a word that may be joined with its number: gg3
TRIGRAM = 3  # characters that the index needs; shorter words are in the column `short`
IN_AREAS = 3  # digits of an RT or RW with leading zeros: 3, 03, 003
_SIGNS, _NUMBER = r"[\s.:/-]*", r"\d{1,3}(?!\w)"
_AREA = (  # RT with or without RW, or RW alone
    rf"(?<!\w)rt{_SIGNS}(?P<rt>{_NUMBER})(?:(?:\s*[/-]|[\s,.]*(?=rw)){_SIGNS}(?:rw{_SIGNS})?(?P<rw>{_NUMBER}))?"
    rf"|(?<!\w)rw{_SIGNS}(?P<alone>{_NUMBER})"
)
_NUMBERED = (  # a house, block or gang; not a register number, which has more parts
    rf"(?<!\w)(?P<kind>no|nmr|nomer|nomor|gg|gang|blok|blk){_SIGNS}"
    rf"(?:(?P<letter>[a-z]){_SIGNS}(?:no(?:mor)?{_SIGNS})?)?(?P<number>\d{{1,4}}[a-z]?)(?!\w|[./-]\d)"
)
_PLACES = re.compile(f"{_AREA}|{_NUMBERED}")
_JOINED = re.compile(r"[^\W\d_]+(?:[./-]+[^\W\d_]+)+")
_HOUSE = re.compile(r"[0-9]{1,4}")
_ENDS = re.compile(r"^[^\w]+|[^\w]+$")
_GREETING = re.compile(r"\byang terhormat\b")


def notations_of(typed: str) -> Iterator[Term]:
    """The terms of a lower-case text, in order."""
    end, text = 0, _GREETING.sub("yth", typed)
    for place in _PLACES.finditer(text):
        yield from _plain(text[end : place.start()])
        yield from _numbered(place)
        end = place.end()
    yield from _plain(text[end:])


def _plain(text: str) -> Iterator[Term]:
    """Words split at spaces, and at punctuation if all parts are letters, so that a date stays whole."""
    for word in filter(None, (_ENDS.sub("", word) for word in text.split())):
        parts = re.split(r"[./-]+", word) if _JOINED.fullmatch(word) else [word]
        yield from (_with_number("no", part)[1] if _HOUSE.fullmatch(part) else spellings(part) for part in parts)


def _numbered(place: re.Match[str]) -> Iterator[Term]:
    if place["kind"] and place["letter"]:
        yield spellings(place["kind"])
        yield from _with_number(place["letter"], place["number"])
    elif place["kind"]:
        without_kind = _numbers(place["number"], 2) if "nomor" in spellings(place["kind"]) else ()
        yield from _with_number(place["kind"], place["number"], instead=without_kind)
    elif place["rt"]:
        yield from _with_number("rt", place["rt"], IN_AREAS)
        if place["rw"]:
            pairs = zip(_numbers(place["rt"], IN_AREAS), _numbers(place["rw"], IN_AREAS), strict=True)
            yield from _with_number("rw", place["rw"], IN_AREAS, tuple(f"{rt}/{rw}" for rt, rw in pairs))
    else:
        yield from _with_number("rw", place["alone"], IN_AREAS)


def _with_number(kind: str, number: str, digits: int = 2, instead: Term = ()) -> tuple[Term, Term]:
    """The terms of a word and its number, which may be joined; `instead` are alternatives of the first: Melati 7 is
    Melati No. 7, and RT 3/5 is RT 3 RW 5."""
    words, numbers = spellings(kind), _numbers(number, digits)
    together = tuple(f"{word}{padded}" for word in words if len(word) <= SHORT for padded in numbers)
    return least((*words, *together, *instead)), least((number, *numbers, *together))


def _numbers(number: str, digits: int) -> Term:
    """The number without leading zeros, and padded up to so many digits."""
    plain = number.lstrip("0") or "0"
    return tuple(plain.zfill(width) for width in range(1, digits + 1))


def least(pieces: Iterable[str]) -> Term:
    """The first piece, and the others without those that contain another one, which would match nothing more."""
    first, *others = dict.fromkeys(pieces)
    every = [piece for piece in (first, *others) if len(piece) >= TRIGRAM]
    return (first, *(piece for piece in others if not any(other in piece for other in every if other != piece)))


WORDS, LETTERS = 12, 100  # of a query at most; the rest is ignored
FEWEST = 2  # letters or digits of a query at least
ROOT = 4  # letters of the shortest root; a shorter one would match every text
_VOWELS = "aeiou"
_SUFFIXES = ("kannya", "annya", "inya", "nya", "kan", "an", "i")
_PLAIN = ("memper", "diper", "ber", "ter", "per", "di", "ke")
_NASAL = {  # a prefix, and the initial letter that it replaces
    "meny": "s",
    "peny": "s",
    "meng": "k",
    "peng": "k",
    "mem": "p",
    "pem": "p",
    "men": "t",
    "pen": "t",
    "me": "",
    "pe": "",
}
_SOFTENED = {"s": "ny", "k": "ng", "p": "m", "t": "n"}


def terms_of(typed: str) -> list[Term]:
    """The terms of a query, all of which a case must have; none if the query is too short."""
    terms = list(dict.fromkeys(notations_of(without_marks(typed[:LETTERS]).lower())))[:WORDS]
    return terms if sum(len(term[0]) for term in terms) >= FEWEST else []


def forms_of(word: str) -> Term:
    """The word, and the parts common to its other forms: memukul, dipukul and pukulan for pemukulan."""
    if len(word) < ROOT or not word.isalpha():
        return (word,)
    roots = {stem for stem in _stems_of(word) if len(stem) >= ROOT}
    softened = (_SOFTENED[root[0]] + root[1:] for root in roots if root[0] in _SOFTENED and root[1] in _VOWELS)
    pieces = {word, *roots, *softened}
    minimal = (piece for piece in pieces if not any(other in piece for other in pieces if other != piece))
    return tuple(sorted(minimal, key=lambda piece: (len(piece), piece)))


def _stems_of(word: str) -> Iterator[str]:
    """The word, and what is left of it without a suffix, a prefix or both."""
    for stem in (word, *(word.removesuffix(end) for end in _SUFFIXES if word.endswith(end))):
        yield stem
        yield from (stem.removeprefix(start) for start in _PLAIN if stem.startswith(start))
        for start, taken in _NASAL.items():
            rest = stem.removeprefix(start)
            if rest != stem and rest:
                yield taken + rest if rest[0] in _VOWELS else rest
                if taken == "k":  # mengambil, mengirim
                    yield rest


@dataclass(frozen=True)
class ReadablePart:
    """A part of the readable cases with an index of its own: a condition on the case, or on the addressees of the
    disposition in force."""

    where: pw.Expression
    addressed: Callable[[Any], pw.Expression] | None = None

    def leads(self, query: Any) -> Any:
        """Limit a query, joined with Complaint, to these cases. Addressees are joined rather than selected first, so
        that a limited query stops early; only the earliest of a case, so that its rows come once."""
        if self.addressed is None:
            return query.where(self.where)
        named, other = Addressee.alias("named"), Addressee.alias("other")
        of_case, of_other = (
            (each.complaint == Complaint.id) & (each.leg == Complaint.leg) & self.addressed(each)
            for each in (named, other)
        )
        earlier = other.select(pw.SQL("1")).where(of_other & (other.id < named.id))
        return query.join_from(Complaint, named, on=of_case & ~pw.fn.EXISTS(earlier)).where(self.where)


def readable_parts(who: Viewer) -> list[ReadablePart]:
    """The parts that together are all readable cases; empty for a user who may read nearly all cases, or none.

    For users who may read a few of very many cases: these are selected by index rather than by checking each case.
    """
    parts = []
    for relation, where in read_by(who).items() if not who.reads_most else ():
        readable = of_secrecy(relation) & is_not_withheld()
        addressed = addressees(who).get(relation)
        parts.append(ReadablePart(readable, addressed) if addressed else ReadablePart(where & readable))
    return parts


def belongs_to_cases(model: type[Model]) -> bool:
    """Whether the model's rows belong to cases."""
    return model is Complaint or "complaint" in model._meta.fields


def rows_read_by(who: Viewer, model: type[Model], way: ReadablePart) -> Any:
    """The model's rows of the cases in one part."""
    if model is Complaint:
        return way.leads(Complaint.select())
    of_case = Complaint.id == model._meta.fields["complaint"]
    return way.leads(model.select().join(Complaint, on=of_case).where(may_see_draft(who, model)))


COUNTED = 1_000
FEW, TRIED_AS_RARE = 100, 3  # cases of a rare word that are checked one by one; words that are tried as rare
ROWS_OF_A_CASE = 4  # assumed rows with a word in one case; with more rows a word is not rare
FIRST_SCANNED, GROWTH = 200, 10  # texts that are scanned first; how many times as many are next, at most
SPARE = 1.25  # times as many texts are scanned as probably have the cases
AS_FAST = 6  # texts that are scanned in the time in which PostgreSQL finds one case by its index
INDEX = pw.Table(f"{CaseText._meta.table_name}_find", ("rowid", f"{CaseText._meta.table_name}_find"))


@contextmanager
def planned_for_parameters() -> Iterator[None]:
    """Let PostgreSQL plan each statement in this block for its parameters, by not preparing it. The generic plan of a
    prepared one, which it would switch to after some executions, scans all texts, newest first, even for rare words."""
    if isinstance(database.obj, pw.SqliteDatabase):
        yield
        return
    connection = database.connection()
    usual, connection.prepare_threshold = connection.prepare_threshold, None
    try:
        yield
    finally:
        connection.prepare_threshold = usual


def _readable_ids(who: Viewer) -> Any:
    ways = [rows_read_by(who, Complaint, way).select(Complaint.id) for way in readable_parts(who)]
    parts = [way.limit(COUNTED + 1).alias("part") for way in ways]  # a limit stands in a subselect on SQLite
    every = union_all(pw.Select([part], [part.c.id]) for part in parts).alias("every")
    return pw.Select([every], [every.c.id]).distinct().limit(COUNTED + 1).bind(database).tuples()


@dataclass(frozen=True)
class SearchScope:
    """The search scope of a user: all cases with a check of each hit, or the list of his readable cases if they are
    few. The choice does not depend on the query."""

    who: Viewer
    _few_cases: dict[Term, list[int] | None] = field(default_factory=dict, init=False, compare=False)

    @cached_property
    def few(self) -> list[int] | None:
        """The ids of all readable cases if there are at most COUNTED and `readable_parts` gives them, else None."""
        if self.who.reads_most or not read_by(self.who):
            return None
        every = prepared.run(("readable", *shape(self.who)), lambda: _readable_ids(self.who))
        readable = {number for (number,) in every}
        return sorted(readable) if len(readable) <= COUNTED else None

    def cases(self, terms: Sequence[Term], most: int = COUNTED + 1) -> list[int]:
        """The cases with all terms, newest text first.

        If a term is rare, its cases are selected and the other terms checked in each of them.
        """
        if not terms:
            return []
        few = self._cases_of_rare_term(terms) if len(terms) > 1 else None
        if few is not None:
            return few[:most]
        together = self._cases_of_newest_texts(terms, most)
        if together is None:
            together = [case for (case,) in self._cases_of_rows(terms, most).tuples()]
        if len(terms) == 1 or len(together) >= most:
            return together
        mine = visible(self.who.user, Complaint, self.who).select(Complaint.id).where(self.holding(terms))
        apart = mine.order_by(Complaint.id.desc()).limit(most)  # with the terms in different texts
        return list(dict.fromkeys([*together, *(case for (case,) in apart.tuples())]))[:most]

    def _cases_of_rare_term(self, terms: Sequence[Term]) -> list[int] | None:
        """The cases with all terms, if one term is rare; else None. Probably rare are the longest ones; numbers, and
        words such as Jalan, are not."""
        words = [term for term in terms if min(map(len, term)) >= TRIGRAM and not is_of_places(term[0])]
        longest = sorted(words, key=lambda term: -min(map(len, term)))
        for rare in longest[:TRIED_AS_RARE]:
            if (few := self.few_cases(rare)) is not None:
                matching = self.among(few, [term for term in terms if term != rare])
                return [case for case in few if case in matching]
        return None

    def few_cases(self, term: Term) -> list[int] | None:
        """The cases with a term, newest text first; None if they may be more than FEW. Searched once for each term."""
        if term not in self._few_cases:
            most = FEW * ROWS_OF_A_CASE + 1
            rows = list(self._rows([term], CaseText.case, self._newest).limit(most).bind(database).tuples())
            cases = dict.fromkeys(case for case, _ in sorted(rows, key=lambda row: row[1], reverse=True))
            self._few_cases[term] = list(cases) if len(rows) < most and len(cases) <= FEW else None
        return self._few_cases[term]

    def holding(self, terms: Sequence[Term]) -> Any:
        """Condition: the case has all terms. For lists without a limit."""
        return reduce(and_, (Complaint.id.in_(self._cases_with(term)) for term in terms))

    def among(self, ids: Collection[int], terms: Sequence[Term]) -> set[int]:
        """Those of the given cases that have all terms; checks only these cases."""
        left = set(ids)
        for term in terms if left else ():
            rows = self._rows_of(left, term).bind(database).tuples()
            left = {case for (case,) in rows}
        return left

    def texts(self, searches: Iterable[Sequence[Term]], most: int) -> list[list[str]]:
        """For each of these searches the newest texts with all its terms. One statement."""
        rows = [self._rows(terms, CaseText.text.alias("text")) for terms in searches]
        parts = [query.order_by(self._newest.desc()).limit(most).alias("part") for query in rows]
        every = union_all(pw.Select([part], [pw.SQL(str(n)), part.c.text]) for n, part in enumerate(parts))
        texts: list[list[str]] = [[] for _ in parts]
        for place, text in every.bind(database).tuples():
            texts[place].append(text)
        return texts

    def _cases_of_newest_texts(self, terms: Sequence[Term], most: int) -> list[int] | None:
        """The first `most` cases with all terms in one text, by a scan from the newest text on; None if the index
        probably finds them faster, and for SQLite, whose index stops early. PostgreSQL's finds all hits before it
        orders them: of a common word most texts of the office."""
        if isinstance(database.obj, pw.SqliteDatabase) or self.few is not None or not _is_ascii(terms):
            return None
        newest = CaseText.select(pw.fn.MAX(CaseText.id)).scalar() or 0
        cases: dict[int, None] = {}
        scanned, size = 0, FIRST_SCANNED
        while True:
            rows = self._rows(terms, CaseText.case, scan=(newest - scanned - size, newest - scanned))
            found = rows.order_by(CaseText.id.desc()).bind(database).tuples()
            cases |= dict.fromkeys(case for (case,) in found)
            scanned += size
            if len(cases) >= most or scanned >= newest:
                return list(cases)[:most]
            texts_per_case = scanned / len(cases) if cases else newest
            to_scan, of_index = SPARE * texts_per_case * (most - len(cases)), newest / texts_per_case
            if to_scan > AS_FAST * of_index:
                return None
            size = ceil(min(to_scan, GROWTH * scanned))

    def _cases_of_rows(self, terms: Sequence[Term], most: int) -> Any:
        """Cases with all terms in one text."""
        rows = self._rows(terms, CaseText.case)
        if self._by_index:
            rows = rows.distinct().order_by(self._newest.desc())
        else:
            rows = rows.group_by(CaseText.case).order_by(pw.fn.MAX(CaseText.id).desc())
        return rows.limit(most).bind(database)

    def _cases_with(self, term: Term) -> Any:
        if not self._by_index:
            return self._rows([term], CaseText.case)
        source = pw.Join(INDEX, CaseText, "CROSS JOIN")
        return pw.Select([source], [CaseText.case]).where(_is_hit([term]))

    def _rows_of(self, ids: Collection[int], term: Term) -> Any:
        of_them = among(CaseText.case, ids)
        if not self._by_index or _is_ascii([term]):  # SQLite's LIKE ignores case only for ASCII
            return pw.Select([CaseText], [CaseText.case]).where(of_them & _contains(term))
        source = pw.Join(CaseText, INDEX, "CROSS JOIN")  # these rows first, then the index for each
        return pw.Select([source], [CaseText.case]).where(of_them & _is_hit([term]))

    def _rows(self, terms: Sequence[Term], *columns: Any, scan: tuple[int, int] | None = None) -> Any:
        """Texts with all terms; `scan`: those after the first id up to the second, without the index."""
        if self._by_index:
            source = pw.Join(INDEX, CaseText, "CROSS JOIN")  # the index first, whatever the planner estimates
            return pw.Select([source], columns).where(_is_hit(terms) & is_of_readable(self.who, CaseText.case))
        matches = reduce(and_, (_contains(term, by_index=scan is None) for term in terms))
        if scan is not None:
            matches = CaseText.id.between(scan[0] + 1, scan[1]) & matches
        mine = is_of_readable(self.who, CaseText.case) if self.few is None else CaseText.case.in_(self.few)
        return pw.Select([CaseText], columns).where(matches & mine)

    @cached_property
    def _by_index(self) -> bool:
        return self.few is None and isinstance(database.obj, pw.SqliteDatabase)

    @property
    def _newest(self) -> Any:
        return INDEX.rowid if self._by_index else CaseText.id


def _is_hit(terms: Sequence[Term]) -> Any:
    """Condition on SQLite: rows of the index that match all terms, joined with the table."""
    query = " AND ".join(f"({' OR '.join(map(_quoted, term))})" for term in terms)
    column = getattr(INDEX, f"{CaseText._meta.table_name}_find")
    return pw.Expression(column, "MATCH", query) & (CaseText.id == INDEX.rowid)


def _quoted(piece: str) -> str:
    piece = piece if len(piece) >= TRIGRAM else f" {piece} "
    return '"{}"'.format(piece.replace('"', '""'))


def _is_ascii(terms: Iterable[Term]) -> bool:
    return all(piece.isascii() for term in terms for piece in term)


def _contains(term: Term, *, by_index: bool = True) -> Any:
    """Condition: the row contains one of the alternatives. On PostgreSQL it uses the trigram index unless it compares
    letters by ASCII, which costs half as much for each text: enough for terms in ASCII, as the texts have no marks."""
    text, short = CaseText.text, CaseText.short
    if not by_index:
        text, short = (column.collate('"C"') for column in (text, short))
    pieces = (text.contains(piece) if len(piece) >= TRIGRAM else short.contains(f" {piece} ") for piece in term)
    return reduce(or_, pieces)
