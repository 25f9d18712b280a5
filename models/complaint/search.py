"""A search: all words, else other forms, else what was meant; the hits ranked, each with the words around it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from models.complaint.complaint import Complaint, names_by_case
from models.complaint.number import plain
from models.complaint.repeats import is_of_places, spellings
from models.complaint.scope import Viewer
from models.complaint.search_text import APART, CaseText, without_marks
from models.complaint.search_words import COUNTED, TRIGRAM, Sight, Term, forms_of, planned_for_its_words, terms_of
from models.complaint.spelling import NEAREST, may_be_mistyped, near_words, nearest_words

BEFORE, LENGTH = 50, 180  # letters before the first match, and of the whole


class MarkedText(NamedTuple):
    """A stretch of a text, and whether it is what was asked for."""

    text: str
    marked: bool


def marker(terms: Sequence[Term]) -> re.Pattern[str]:
    """Finds the terms in a text; those of one or two letters as words of their own."""
    pieces = (piece for term in terms for piece in term)
    told = (re.escape(one) if len(one) >= TRIGRAM else rf"\b{re.escape(one)}\b" for one in pieces)
    return re.compile("|".join(sorted(told, key=len, reverse=True)) or "$^", re.IGNORECASE)


def pieces_of(text: str, mark: re.Pattern[str]) -> list[MarkedText]:
    """The text, cut where the match begins and ends."""
    plain = without_marks(text)
    text, pieces, end = text if len(text) == len(plain) else plain, [], 0
    for match in mark.finditer(plain):
        pieces += [MarkedText(text[end : match.start()], False), MarkedText(text[match.start() : match.end()], True)]
        end = match.end()
    return [piece for piece in (*pieces, MarkedText(text[end:], False)) if piece.text]


def excerpts(shown_anyway: Mapping[int, Iterable[str]], mark: re.Pattern[str]) -> dict[int, list[MarkedText]]:
    """For each case the part that tells most beside what is shown of it anyway."""
    rows = CaseText.select(CaseText.case, CaseText.text).where(CaseText.case.in_(list(shown_anyway)))
    shown = {case: {without_marks(" ".join(text.split())) for text in texts} for case, texts in shown_anyway.items()}
    parts: dict[int, list[str]] = {case: [] for case in shown_anyway}
    for case, text in rows.order_by(CaseText.main.desc(), CaseText.id).tuples():
        parts[case] += [part for part in text.strip().split(APART) if part not in shown[case]]
    return {case: pieces_of(_around(_best(texts, mark), mark), mark) for case, texts in parts.items()}


def _best(parts: Iterable[str], mark: re.Pattern[str]) -> str:
    """The part with most different matches; without any the first that tells something."""
    told = list(parts)
    return max(told, key=lambda part: len({match[0].lower() for match in mark.finditer(part)}), default="")


def _around(part: str, mark: re.Pattern[str]) -> str:
    first = mark.search(part)
    start = max(0, first.start() - BEFORE) if first else 0
    start = part.find(" ", start) + 1 if start else 0
    cut = part[start : start + LENGTH]
    if start + LENGTH < len(part):
        cut = cut.rpartition(" ")[0] or cut
    return f"{'… ' if start else ''}{cut}{' …' if start + LENGTH < len(part) else ''}"


FORMS = "bentuk lain dari “{}”"
MEANT, OR = "“{}”", " atau "
RARE = 3  # cases with a word, or hits in all: so few may be those of others who have slipped in the same way


@dataclass(frozen=True)
class Meant:
    """What may have been meant, each as somebody would type it, and the cases of all, the newest first."""

    queries: list[str]
    terms: Sequence[Term]
    ids: list[int]

    @property
    def words(self) -> str:
        return OR.join(map(MEANT.format, self.queries))


@dataclass(frozen=True)
class Answer:
    """The cases of a search, the newest first, at most one more than is counted; what was looked for in the end, and
    how that is told if it is not what was typed."""

    sight: Sight
    ids: list[int]
    terms: Sequence[Term]
    instead: str = ""

    @property
    def is_more(self) -> bool:
        """Whether there are more than are counted."""
        return len(self.ids) > COUNTED

    @cached_property
    @planned_for_its_words()
    def meant(self) -> Meant | None:
        """Where what was typed stands in a few cases: what one letter makes of its rare words, if that stands in as
        many others. A number beside them says that no letter is wrong."""
        few = not self.instead and 0 < len(self.ids) <= RARE
        if not few or any(term[0].isdigit() for term in self.terms):
            return None
        meant = Slips(self.terms, self.terms, self.sight, spellings, len(self.ids), anywhere=False).meant()
        others = [case for case in meant.ids if case not in self.ids]
        return replace(meant, ids=others) if len(others) >= len(self.ids) else None

    @cached_property
    @planned_for_its_words()
    def nearest(self) -> list[str]:
        """Where nothing was found: the words that are nearest to one that stands nowhere. Where each stands somewhere,
        but never all together, there are none."""
        near: list[str] = []
        for word in self.lone:
            near += nearest_words(word, self.sight) if len(near) < NEAREST else []
        return list(dict.fromkeys(near))[:NEAREST]

    @cached_property
    def lone(self) -> list[str]:
        """Where nothing was found: the words that stand nowhere."""
        if self.ids or len(self.terms) == 1:
            return [] if self.ids else [self.terms[0][0]]
        return [term[0] for term in self.terms if self.sight.few_cases(term, 1) == []]


@dataclass(frozen=True)
class Slips:
    """Words in which a letter may be wrong: those that stand nowhere, or in so few cases that others have slipped, too.

    `terms` are what the typed words are looked for by, and `looked_for` makes the same of a word that is near one;
    `found` is the number of cases with all of them.
    """

    typed: Sequence[Term]
    terms: Sequence[Term]
    sight: Sight
    looked_for: Callable[[str], Term]
    found: int
    anywhere: bool
    near: dict[int, list[str]] = field(default_factory=dict)

    def meant(self) -> Meant:
        """What may have been meant, as the first of the tries finds it."""
        tried: list[list[int]] = [[]]
        for places in map(self._mistyped, self._tries()):
            if places not in tried and (meant := self._found(places)).ids:
                return meant
            tried.append(places)
        return self._found([])

    def _tries(self) -> Iterator[list[int]]:
        """The words that stand nowhere, then one of the rare ones besides, then all; none if one that stands nowhere is
        beyond it."""
        lone, rare = self._places(0, 0), self._places(1, RARE)
        if len(self._mistyped(lone)) < len(lone):
            return
        yield lone
        yield from ([*lone, place] for place in rare)
        yield [*lone, *rare]

    def _places(self, least: int, most: int) -> list[int]:
        return [place for place, count in enumerate(self.counts) if least <= count <= most]

    def _mistyped(self, places: list[int]) -> list[int]:
        return [place for place in places if self._near(place)]

    @cached_property
    def counts(self) -> list[int]:
        """In how many cases each of the words stands, as far as that is few."""
        if len(self.terms) == 1:
            return [self.found]
        few = [self.sight.few_cases(term, RARE) for term in self.terms]
        return [RARE + 1 if cases is None else len(cases) for cases in few]

    def _near(self, place: int) -> list[str]:
        if place not in self.near:
            others = [term for other, term in enumerate(self.terms) if other != place and self.counts[other]]
            word = self.typed[place][0]
            mistyped = may_be_mistyped(word)
            self.near[place] = near_words(word, others, self.sight, anywhere=self.anywhere) if mistyped else []
        return self.near[place]

    def _found(self, places: list[int]) -> Meant:
        """The near words of these places with which there are cases, one after the other."""
        queries: list[str] = []
        cases: dict[int, None] = {}
        pieces: dict[int, Term] = {}
        for choice in range(max((len(self.near[place]) for place in places), default=0)):
            chosen = {place: self.near[place][min(choice, len(self.near[place]) - 1)] for place in places}
            tried = [self.looked_for(chosen[p]) if p in chosen else term for p, term in enumerate(self.terms)]
            if ids := self.sight.cases(tried):
                queries.append(" ".join(chosen.get(place, term[0]) for place, term in enumerate(self.typed)))
                cases |= dict.fromkeys(ids)
                pieces |= {place: (*pieces.get(place, ()), *tried[place]) for place in places}
        return Meant(
            queries,
            [pieces.get(place, term) for place, term in enumerate(self.terms)],
            list(cases)[: COUNTED + 1],
        )


@planned_for_its_words()
def answer(typed: str, who: Viewer) -> Answer:
    """What the person finds. Each step depends on what he may open and on nothing else."""
    sight, terms = Sight(who), terms_of(typed)
    for tried, instead in _tries(terms):
        if ids := sight.cases(tried):
            return Answer(sight, ids, tried, instead)
    plain = _without_kinds(terms)
    slips = Slips(plain, _forms(plain), sight, forms_of, 0, anywhere=True)
    if (meant := slips.meant()).ids:
        return Answer(sight, meant.ids, meant.terms, meant.words)
    return Answer(sight, [], terms)


def _tries(terms: list[Term]) -> Iterator[tuple[list[Term], str]]:
    yield terms, ""
    plain = _without_kinds(terms)
    words = " ".join(term[0] for term in plain)
    if plain != terms:
        yield plain, MEANT.format(words)
    if (forms := _forms(plain)) != plain:
        yield forms, FORMS.format(words)


def _without_kinds(terms: list[Term]) -> list[Term]:
    """Without what says of a name or a number only that it is a street or a house; all, if there is nothing else."""
    return [term for term in terms if not is_of_places(term[0])] or terms


def _forms(terms: Sequence[Term]) -> list[Term]:
    return [(*forms_of(term[0]), *term[1:]) for term in terms]


BETWEEN = r"[\W_]{0,4}"  # two words in a row: a blank, a hyphen, a point with a blank
NUMBERED = f"(?:(?:{'|'.join(spellings('nomor'))}){BETWEEN})?"  # who types Melati 7 finds Melati No. 7
NOTHING = r"(?!)"
READ = 200  # hits whose whole texts are looked at


@dataclass(frozen=True, order=True)
class Weight:
    """What speaks for a hit, the weightiest first: hits are ordered by these fields in this order."""

    exact: bool
    person: int
    in_a_row: bool
    matter: int
    is_open: bool
    place: int


def ranked(search: Answer | Meant, typed: str) -> list[int]:
    """The counted cases of a search, the best first."""
    ids, terms = search.ids, [_whole(term) for term in search.terms]
    if not ids or not terms:
        return ids
    names, sought, row = _names(ids), plain(typed), _row_of(search.terms)
    bodies = _texts(ids) if len(ids) <= READ else {}
    rows = Complaint.select(
        Complaint.id, Complaint.number, Complaint.medium_ref, Complaint.title, Complaint.closed_at.is_null()
    ).where(Complaint.id.in_(ids))
    places = {number: place for place, number in enumerate(ids)}
    weights = {}
    for number, register, ticket, title, is_open in rows.tuples():
        person = max((_standing(terms, name) for name in names.get(number, ())), default=0)
        body = bodies.get(number, "")
        matter = 2 * _standing(terms, without_marks(title)) + _standing(terms, body)
        exact = sought in (plain(register), plain(ticket)) or sought in plain(register).split("/")[:2]
        whole = person * (person == len(terms))
        weights[number] = Weight(exact, whole, bool(row.search(body)), matter, bool(is_open), -places[number])
    return sorted(weights, key=lambda hit: weights[hit], reverse=True)


def _row_of(terms: Sequence[Term]) -> re.Pattern[str]:
    """The terms one after the other, in whatever notation: a street with its number, a name."""
    first = next((place for place, term in enumerate(terms) if not _may_lack(term)), len(terms))
    parts = "".join(f"(?:{_part(term)})?" if _may_lack(term) else _part(term) for term in terms[first:])
    return re.compile(rf"\b{parts}" if parts and len(terms) > 1 else NOTHING, re.IGNORECASE)


def _may_lack(term: Term) -> bool:
    """Whether some say the same without the word: Melati 7, RT 3/5."""
    return is_of_places(term[0]) or (term[0].isalpha() and any("/" in piece for piece in term[1:]))


def _part(term: Term) -> str:
    """The word in its notations, without those that hold its number, and what may stand behind it."""
    if term[0].isdigit():
        return f"{NUMBERED}(?:{'|'.join(filter(str.isdigit, term))})(?![0-9]){BETWEEN}"
    words = list(filter(str.isalpha, term)) or [re.escape(term[0])]
    return f"(?:{'|'.join(words)}){BETWEEN}"


def _whole(term: Term) -> re.Pattern[str]:
    """The term where a word begins with it."""
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, term))})", re.IGNORECASE)


def _standing(terms: Sequence[re.Pattern[str]], text: str) -> int:
    return sum(1 for term in terms if term.search(text))


def _names(ids: Sequence[int]) -> dict[int, list[str]]:
    return {case: [without_marks(name) for name in names] for case, names in names_by_case(ids).items()}


def _texts(ids: Sequence[int]) -> dict[int, str]:
    texts: dict[int, str] = {}
    for case, text in CaseText.select(CaseText.case, CaseText.text).where(CaseText.case.in_(ids)).tuples():
        texts[case] = texts.get(case, "") + text
    return texts
