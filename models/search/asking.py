"""A search: all words; where nothing holds them their other forms; and then what may have been meant."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from models.search.forms import forms_of, terms_of
from models.search.likeness import is_of_places, spellings
from models.search.near import NEAREST, may_be_mistyped, near_words, nearest_words
from models.search.notation import Term
from models.search.words import COUNTED, Sight, planned_for_its_words
from models.tables.scope import Viewer

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
