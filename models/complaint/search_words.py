"""Typed words in their notations and Indonesian forms, and the cases that hold them: by trigrams, within scope."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import and_, or_
from typing import Any

import peewee as pw

from models.complaint.complaint import Addressee, Complaint, is_told
from models.complaint.repeats import is_of_places, spellings
from models.complaint.scope import Viewer, addressees, is_of_readable, may_see_draft, of_secrecy, read_by, visible
from models.complaint.search_text import CaseText, without_marks
from models.store.base import Model, among, database

Term = tuple[str, ...]  # pieces of words, any of which may stand there; the word as it was typed comes first
SHORT = 4  # letters of a word that is written together with its number
TRIGRAM = 3  # letters that the index looks for; a shorter piece is a word of its own, between blanks beside the text
IN_AREAS = 3  # digits in which an RT or RW is written: 3, 03, 003
_SIGNS, _NUMBER = r"[\s.:/-]*", r"\d{1,3}(?!\w)"
_AREA = (  # RT with RW behind it or not, and RW alone
    rf"(?<!\w)rt{_SIGNS}(?P<rt>{_NUMBER})(?:(?:\s*[/-]|[\s,.]*(?=rw)){_SIGNS}(?:rw{_SIGNS})?(?P<rw>{_NUMBER}))?"
    rf"|(?<!\w)rw{_SIGNS}(?P<alone>{_NUMBER})"
)
_NUMBERED = (  # a house, a block, a gang; no register number, which has more parts
    rf"(?<!\w)(?P<kind>no|nmr|nomer|nomor|gg|gang|blok|blk){_SIGNS}"
    rf"(?:(?P<letter>[a-z]){_SIGNS}(?:no(?:mor)?{_SIGNS})?)?(?P<number>\d{{1,4}}[a-z]?)(?!\w|[./-]\d)"
)
_PLACES = re.compile(f"{_AREA}|{_NUMBERED}")
_JOINED = re.compile(r"[^\W\d_]+(?:[./-]+[^\W\d_]+)+")
_HOUSE = re.compile(r"[0-9]{1,4}")
_ENDS = re.compile(r"^[^\w]+|[^\w]+$")
_GREETING = re.compile(r"\byang terhormat\b")


def notations_of(typed: str) -> Iterator[Term]:
    """The words of it in small letters, in their order."""
    end, text = 0, _GREETING.sub("yth", typed)
    for place in _PLACES.finditer(text):
        yield from _plain(text[end : place.start()])
        yield from _numbered(place)
        end = place.end()
    yield from _plain(text[end:])


def _plain(text: str) -> Iterator[Term]:
    """Words as they stand; what signs hold together is cut where it is all letters, so that a date stays whole."""
    for word in filter(None, (_ENDS.sub("", word) for word in text.split())):
        parts = re.split(r"[./-]+", word) if _JOINED.fullmatch(word) else [word]
        yield from (_with_number("no", part)[1] if _HOUSE.fullmatch(part) else spellings(part) for part in parts)


def _numbered(place: re.Match[str]) -> Iterator[Term]:
    if place["kind"] and place["letter"]:
        yield spellings(place["kind"])
        yield from _with_number(place["letter"], place["number"])
    elif place["kind"]:
        said_anyway = _numbers(place["number"], 2) if "nomor" in spellings(place["kind"]) else ()
        yield from _with_number(place["kind"], place["number"], instead=said_anyway)
    elif place["rt"]:
        yield from _with_number("rt", place["rt"], IN_AREAS)
        if place["rw"]:
            pairs = zip(_numbers(place["rt"], IN_AREAS), _numbers(place["rw"], IN_AREAS), strict=True)
            yield from _with_number("rw", place["rw"], IN_AREAS, tuple(f"{rt}/{rw}" for rt, rw in pairs))
    else:
        yield from _with_number("rw", place["alone"], IN_AREAS)


def _with_number(kind: str, number: str, digits: int = 2, instead: Term = ()) -> tuple[Term, Term]:
    """The two words, either of which may stand together with the other; `instead` says what the first does: Melati 7 is
    Melati No. 7, and RT 3/5 is RT 3 RW 5."""
    words, numbers = spellings(kind), _numbers(number, digits)
    together = tuple(f"{word}{one}" for word in words if len(word) <= SHORT for one in numbers)
    return least((*words, *together, *instead)), least((number, *numbers, *together))


def _numbers(number: str, digits: int) -> Term:
    """The number without a nought before it, and with noughts up to so many digits."""
    plain = number.lstrip("0") or "0"
    return tuple(plain.zfill(width) for width in range(1, digits + 1))


def least(pieces: Iterable[str]) -> Term:
    """The first of them, and those of the others that hold no other one: whatever these find, those find too."""
    first, *others = dict.fromkeys(pieces)
    every = [one for one in (first, *others) if len(one) >= TRIGRAM]
    return (first, *(one for one in others if not any(other in one for other in every if other != one)))


WORDS, LETTERS = 12, 100  # of what somebody types; the rest is not looked at
FEWEST = 2  # letters or digits that say something
ROOT = 4  # letters of the shortest root that is looked for: a shorter one stands in every text
_VOWELS = "aeiou"
_SUFFIXES = ("kannya", "annya", "inya", "nya", "kan", "an", "i")
_PLAIN = ("memper", "diper", "ber", "ter", "per", "di", "ke")
_NASAL = {  # a prefix, and what its nasal may have taken the place of
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
    """What was typed as terms, all of which must stand in a case; none if it says too little to look for."""
    terms = list(dict.fromkeys(notations_of(without_marks(typed[:LETTERS]).lower())))[:WORDS]
    return terms if sum(len(term[0]) for term in terms) >= FEWEST else []


def forms_of(word: str) -> Term:
    """The word, and the pieces that its other forms have in common: memukul, dipukul and pukulan for pemukulan."""
    if len(word) < ROOT or not word.isalpha():
        return (word,)
    roots = {root for stem in _without_suffix(word) for root in _without_prefix(stem) if len(root) >= ROOT}
    pieces = {word, *roots, *(_SOFTENED[root[0]] + root[1:] for root in roots if _can_soften(root))}
    least = (one for one in pieces if not any(other in one for other in pieces if other != one))
    return tuple(sorted(least, key=lambda one: (len(one), one)))


def _without_suffix(word: str) -> Iterator[str]:
    yield word
    yield from (word.removesuffix(end) for end in _SUFFIXES if word.endswith(end))


def _without_prefix(stem: str) -> Iterator[str]:
    yield stem
    yield from (stem.removeprefix(start) for start in _PLAIN if stem.startswith(start))
    for start, taken in _NASAL.items():
        rest = stem.removeprefix(start)
        if rest != stem and rest:
            yield taken + rest if rest[0] in _VOWELS else rest
            if taken == "k":  # mengambil, mengirim
                yield rest


def _can_soften(root: str) -> bool:
    return root[0] in _SOFTENED and root[1] in _VOWELS


@dataclass(frozen=True)
class Way:
    """A condition that some of the readable cases fulfil, answered by an index of its own: of the case, or of those
    whom the disposition in force addresses."""

    where: pw.Expression
    addressed: Callable[[Any], pw.Expression] | None = None

    def leads(self, query: Any) -> Any:
        """The rows of a query that the case stands beside. Addressees are joined, so that nobody gathers all of a
        person's before the first is met; of several in one case the earliest, so that its rows come once."""
        if self.addressed is None:
            return query.where(self.where)
        named, other = Addressee.alias("named"), Addressee.alias("other")
        here = (other.complaint == Complaint.id) & (other.leg == Complaint.leg) & self.addressed(other)
        earliest = other.select(pw.fn.MIN(other.id)).where(here)
        beside = (named.complaint == Complaint.id) & self.addressed(named) & (named.id == earliest)
        return query.join_from(Complaint, named, on=beside).where(self.where)


def ways_to_read(who: Viewer) -> list[Way]:
    """The ways one of which leads to a readable case; none for whom nearly every case is open, or no case at all.

    For whoever may read only a few cases of very many: they are found by these, not by asking all.
    """
    return [] if who.reads_most else [_way(who, standing, where) for standing, where in read_by(who).items()]


def _way(who: Viewer, standing: str, where: pw.Expression) -> Way:
    told = of_secrecy(standing) & is_told()
    which = addressees(who).get(standing)
    return Way(told, which) if which else Way(where & told)


def hangs_on_cases(model: type[Model]) -> bool:
    """Whether the model's rows are read case by case."""
    return model is Complaint or "complaint" in model._meta.fields


def rows_read_by(who: Viewer, model: type[Model], way: Way) -> Any:
    """The rows of the cases that one of the ways leads to."""
    if model is Complaint:
        return way.leads(Complaint.select())
    beside = Complaint.id == model._meta.fields["complaint"]
    return way.leads(model.select().join(Complaint, on=beside).where(may_see_draft(who, model)))


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
