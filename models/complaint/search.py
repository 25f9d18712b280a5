"""Full-text search: all words, else their other forms, else corrected spelling; ranking and excerpts."""

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
from models.complaint.search_words import (
    COUNTED,
    TRIGRAM,
    SearchScope,
    Term,
    forms_of,
    planned_for_parameters,
    terms_of,
)
from models.complaint.spelling import NEAREST, may_be_mistyped, near_words, nearest_words
from models.office.contacts import masked_words
from sop.vocabulary import OUTSIDE, vocabulary

BEFORE, LENGTH = 50, 180  # characters of an excerpt before the first match, and in all


class MarkedText(NamedTuple):
    """A part of a text, and whether it is a match."""

    text: str
    marked: bool


def marker(terms: Sequence[Term]) -> re.Pattern[str]:
    """A pattern of all terms; those of one or two letters as whole words."""
    pieces = (piece for term in terms for piece in term)
    patterns = (re.escape(piece) if len(piece) >= TRIGRAM else rf"\b{re.escape(piece)}\b" for piece in pieces)
    return re.compile("|".join(sorted(patterns, key=len, reverse=True)) or "$^", re.IGNORECASE)


def pieces_of(text: str, mark: re.Pattern[str]) -> list[MarkedText]:
    """The text split at the matches."""
    plain = without_marks(text)
    text, pieces, end = text if len(text) == len(plain) else plain, [], 0
    for match in mark.finditer(plain):
        pieces += [MarkedText(text[end : match.start()], False), MarkedText(text[match.start() : match.end()], True)]
        end = match.end()
    return [piece for piece in (*pieces, MarkedText(text[end:], False)) if piece.text]


def excerpts(shown_anyway: Mapping[int, Iterable[str]], mark: re.Pattern[str]) -> dict[int, list[MarkedText]]:
    """For each case an excerpt of the best matching part, except texts that are displayed anyway."""
    rows = CaseText.select(CaseText.case, CaseText.text).where(CaseText.case.in_(list(shown_anyway)))
    displayed = {case: {without_marks(" ".join(t.split())) for t in texts} for case, texts in shown_anyway.items()}
    parts: dict[int, list[str]] = {case: [] for case in shown_anyway}
    for case, text in rows.order_by(CaseText.main.desc(), CaseText.id).tuples():
        parts[case] += [part for part in text.strip().split(APART) if part not in displayed[case] and _says(part, mark)]
    return {case: pieces_of(_excerpt(texts, mark), mark) for case, texts in parts.items()}


def _says(part: str, mark: re.Pattern[str]) -> bool:
    """Whether a part tells a reader something: not a bare number, unless it is what was searched for."""
    return any(letter.isalpha() for letter in part) or bool(mark.search(part))


def _excerpt(parts: Iterable[str], mark: re.Pattern[str]) -> str:
    """The part with most different matches, else the first one, masked as the case's page shows it and cut around its
    first match."""
    best = max(parts, key=lambda part: len({match[0].lower() for match in mark.finditer(part)}), default="")
    part = masked_words(best)
    first = mark.search(part)
    start = max(0, first.start() - BEFORE) if first else 0
    start = part.find(" ", start) + 1 if start else 0
    cut = part[start : start + LENGTH]
    if start + LENGTH < len(part):
        cut = cut.rpartition(" ")[0] or cut
    return f"{'… ' if start else ''}{cut}{' …' if start + LENGTH < len(part) else ''}"


FORMS = "bentuk lain dari “{}”"
MEANT, OR = "“{}”", " atau "
RARE = 3  # cases with a word, or hits: so few may have the same spelling mistake


class FoundCases:
    """Cases that a search has found, with the names of their persons."""

    ids: list[int]

    @cached_property
    def names(self) -> dict[int, list[str]]:
        return names_by_case(self.ids)


@dataclass(frozen=True)
class Suggestion(FoundCases):
    """Corrected queries, and the cases of all of them, newest first."""

    queries: list[str]
    terms: Sequence[Term]
    ids: list[int]

    @property
    def words(self) -> str:
        return OR.join(map(MEANT.format, self.queries))


@dataclass(frozen=True)
class Answer(FoundCases):
    """The cases of a search, newest first, at most COUNTED + 1; the terms that were used, and a description of them if
    they differ from the typed ones (`instead`)."""

    sight: SearchScope
    ids: list[int]
    terms: Sequence[Term]
    instead: str = ""

    @property
    def is_more(self) -> bool:
        """Whether there are more than COUNTED cases."""
        return len(self.ids) > COUNTED

    @cached_property
    def meant(self) -> Suggestion | None:
        """For a result of a few cases: corrections of its rare words by one letter, if at least as many other cases
        have them. Not for a query with a number."""
        few = not self.instead and 0 < len(self.ids) <= RARE
        if not few or any(term[0].isdigit() for term in self.terms):
            return None
        slips = SpellingCorrection(self.terms, self.terms, self.sight, spellings, len(self.ids), anywhere=False)
        with planned_for_parameters():
            meant = slips.meant()
        others = [case for case in meant.ids if case not in self.ids]
        return replace(meant, ids=others) if len(others) >= len(self.ids) else None

    @cached_property
    @planned_for_parameters()
    def nearest(self) -> list[str]:
        """For an empty result: the known words most similar to one that no case has. None if every word occurs, but not
        all in one case."""
        near: list[str] = []
        for word in self.lone:
            near += nearest_words(word, self.sight) if len(near) < NEAREST else []
        return list(dict.fromkeys(near))[:NEAREST]

    @cached_property
    def lone(self) -> list[str]:
        """For an empty result: the words that no case has."""
        if self.ids or len(self.terms) == 1:
            return [] if self.ids else [self.terms[0][0]]
        return [term[0] for term in self.terms if self.sight.few_cases(term) == []]


@dataclass(frozen=True)
class SpellingCorrection:
    """Spelling correction of words that occur in no case, or in so few that these may have the same mistake.

    `terms` are the search terms of the typed words, and `looked_for` makes a term of a similar word; `found` is the
    number of cases with all of them.
    """

    typed: Sequence[Term]
    terms: Sequence[Term]
    sight: SearchScope
    looked_for: Callable[[str], Term]
    found: int
    anywhere: bool
    near: dict[int, list[str]] = field(default_factory=dict)

    def meant(self) -> Suggestion:
        """The first correction with results; without any, an empty one."""
        tried: list[list[int]] = [[]]
        for places in map(self._mistyped, self._tries()):
            if places not in tried and (meant := self._found(places)).ids:
                return meant
            tried.append(places)
        return self._found([])

    def _tries(self) -> Iterator[list[int]]:
        """Which words to correct: those without a case, then also one of the rare ones, then all of them; nothing if
        one without a case has no similar word."""
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
        """The number of cases of each word, RARE + 1 if more."""
        if len(self.terms) == 1:
            return [self.found]
        few = [self.sight.few_cases(term) for term in self.terms]
        return [RARE + 1 if cases is None else min(len(cases), RARE + 1) for cases in few]

    def _near(self, place: int) -> list[str]:
        if place not in self.near:
            others = [term for other, term in enumerate(self.terms) if other != place and self.counts[other]]
            word = self.typed[place][0]
            mistyped = may_be_mistyped(word)
            self.near[place] = near_words(word, others, self.sight, anywhere=self.anywhere) if mistyped else []
        return self.near[place]

    def _found(self, places: list[int]) -> Suggestion:
        """The corrections of these words that have cases."""
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
        return Suggestion(
            queries,
            [pieces.get(place, term) for place, term in enumerate(self.terms)],
            list(cases)[: COUNTED + 1],
        )


@planned_for_parameters()
def answer(typed: str, who: Viewer) -> Answer:
    """The result of a search. Each step depends only on the cases that the user may read."""
    sight, terms = SearchScope(who), terms_of(typed)
    for tried, instead in _tries(terms):
        if ids := sight.cases(tried):
            return Answer(sight, ids, tried, instead)
    plain = _without_kinds(terms)
    slips = SpellingCorrection(plain, _forms(plain), sight, forms_of, 0, anywhere=True)
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
    """Without words such as Jalan or No., which are optional in an address; all terms if there are no others."""
    return [term for term in terms if not is_of_places(term[0])] or terms


def _forms(terms: Sequence[Term]) -> list[Term]:
    return [(*forms_of(term[0]), *term[1:]) for term in terms]


BETWEEN = r"[\W_]{0,4}"  # between two adjacent words: a space, a hyphen, a point and a space
NUMBERED = f"(?:(?:{'|'.join(spellings('nomor'))}){BETWEEN})?"  # Melati 7 also matches Melati No. 7
NOTHING = r"(?!)"
READ = 200  # hits at most whose full texts are used for ranking


@dataclass(frozen=True, order=True)
class Weight:
    """The sort key of a hit, most important field first."""

    exact: bool
    person: int
    in_a_row: bool
    matter: int
    standing: int  # unfinished cases, then those finished in the panel, then those that only came from a file
    place: int


def ranked(search: Answer | Suggestion, typed: str) -> list[int]:
    """The cases of a search, best first."""
    at_word_start = (rf"\b(?:{'|'.join(map(re.escape, term))})" for term in search.terms)
    ids, terms = search.ids, [re.compile(pattern, re.IGNORECASE) for pattern in at_word_start]
    if not ids or not terms:
        return ids
    names = {case: [without_marks(name) for name in names] for case, names in search.names.items()}
    number_typed, row = plain(typed), _adjacent(search.terms)
    bodies = _texts(ids) if len(ids) <= READ else {}
    rows = Complaint.select(
        Complaint.id, Complaint.number, Complaint.medium_ref, Complaint.title, Complaint.state
    ).where(Complaint.id.in_(ids))
    places = {number: place for place, number in enumerate(ids)}
    weights = {}
    for number, register, ticket, title, state in rows.tuples():
        person = max((_match_count(terms, name) for name in names.get(number, ())), default=0)
        body = bodies.get(number, "")
        matter = 2 * _match_count(terms, without_marks(title)) + _match_count(terms, body)
        exact = number_typed in (plain(register), plain(ticket), *plain(register).split("/")[:2])
        whole = person * (person == len(terms))
        weights[number] = Weight(exact, whole, bool(row.search(body)), matter, _standing(state), -places[number])
    return sorted(weights, key=lambda hit: weights[hit], reverse=True)


def _standing(state: str) -> int:
    return 2 if state in vocabulary().open_states else 0 if state == OUTSIDE else 1


def _adjacent(terms: Sequence[Term]) -> re.Pattern[str]:
    """A pattern of the terms as adjacent words, in any notation: a street with its number, a name."""
    first = next((place for place, term in enumerate(terms) if not _is_optional(term)), len(terms))
    parts = "".join(f"(?:{_part(term)})?" if _is_optional(term) else _part(term) for term in terms[first:])
    return re.compile(rf"\b{parts}" if parts and len(terms) > 1 else NOTHING, re.IGNORECASE)


def _is_optional(term: Term) -> bool:
    """Whether the word is optional: Melati 7, RT 3/5."""
    return is_of_places(term[0]) or (term[0].isalpha() and any("/" in piece for piece in term[1:]))


def _part(term: Term) -> str:
    """A pattern of the word in its notations without a number, and the separator after it."""
    if term[0].isdigit():
        return f"{NUMBERED}(?:{'|'.join(filter(str.isdigit, term))})(?![0-9]){BETWEEN}"
    words = list(filter(str.isalpha, term)) or [re.escape(term[0])]
    return f"(?:{'|'.join(words)}){BETWEEN}"


def _match_count(terms: Sequence[re.Pattern[str]], text: str) -> int:
    return sum(1 for term in terms if term.search(text))


def _texts(ids: Sequence[int]) -> dict[int, str]:
    texts: dict[int, str] = {}
    for case, text in CaseText.select(CaseText.case, CaseText.text).where(CaseText.case.in_(ids)).tuples():
        texts[case] = texts.get(case, "") + text
    return texts
