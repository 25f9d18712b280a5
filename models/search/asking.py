"""A search: all words; where nothing holds them their other forms; and then what may have been meant."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from models.search.forms import Term, forms_of, terms_of
from models.search.near import near_words
from models.search.words import COUNTED, Sight
from models.tables.scope import Viewer

FORMS = "bentuk lain dari “{}”"
MEANT = "“{}”"


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


def answer(typed: str, who: Viewer) -> Answer:
    """What the person finds. Each step depends on what he may open and on nothing else."""
    sight, terms = Sight(who), terms_of(typed)
    for tried, instead in _tries(terms, sight):
        if ids := sight.cases(tried):
            return Answer(sight, ids, tried, instead)
    return Answer(sight, [], terms)


def _tries(terms: list[Term], sight: Sight) -> Iterator[tuple[list[Term], str]]:
    yield terms, ""
    forms = [forms_of(word) for (word,) in terms]
    if forms != terms:
        yield forms, FORMS.format(" ".join(word for (word,) in terms))
    lone = [place for place, term in enumerate(forms) if not sight.cases([term], 1)]
    for chosen in _meant(terms, forms, lone, sight):
        told = " ".join(chosen.get(place, word) for place, (word,) in enumerate(terms))
        tried = [forms_of(chosen[place]) if place in chosen else form for place, form in enumerate(forms)]
        yield tried, MEANT.format(told)


def _meant(terms: list[Term], forms: list[Term], lone: list[int], sight: Sight) -> Iterator[dict[int, str]]:
    """What may have been meant by the words that stand nowhere, by place; nothing if one of them is beyond it."""
    near = {place: near_words(terms[place][0], [*forms[:place], *forms[place + 1 :]], sight) for place in lone}
    if all(near.values()):
        for choice in range(max(map(len, near.values()), default=0)):
            yield {place: words[min(choice, len(words) - 1)] for place, words in near.items()}
