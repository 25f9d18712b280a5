"""What staff would type to find one of the invented complaints: seeded, by kinds, each with the one that is meant."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice
from random import Random

from models.complaint.spelling import is_one_letter_off
from tests.made_texts.making import MadeText, MadeTexts
from tests.made_texts.wording import HERE, invented_name

STREETS, TYPOS, AFFIXES = "street in another notation", "typo", "affixes"
STREET = re.compile(r"(\S+) ([A-Z]\w+(?: [A-Z]\w+)?) (\d+) RT (\d+)")
PREFIXES = (
    ("Jalan", "Jl.", "jl", "Jln.", "jln"),
    ("Gang", "Gg.", "gg"),
    ("Perumahan", "Perum", "perum."),
    ("Kampung", "Kp.", "kp"),
    ("Dusun", "Dsn.", "dsn"),
)
NUMBERS = ("{}", "No. {}", "no.{}", "nomor {}", "no {}", "NO{}")
AREAS = ("RT {rt:02} RW {rw:02}", "rt.{rt}/rw.{rw}", "RT {rt}/RW {rw}", "rt{rt:02} rw{rw:02}", "RT.{rt:02}/{rw:02}")
JOINED = (" ", "-")
USUAL = 20  # texts that have a word: a word one letter off from such a word is a typing error
OTHER_FORMS = dict(line.split() for line in (HERE / "forms.txt").read_text(encoding="utf-8").splitlines())


@dataclass(frozen=True)
class KnownItem:
    """What somebody types, and the complaint that he means."""

    kind: str
    typed: str
    key: int


class Memory:
    """What one remembers of the complaints: the words that few others have."""

    def __init__(self, texts: Iterable[MadeText]) -> None:
        self.spread = Counter(word for text in texts for word in set(text.story.lower().split()))
        self.usual = [word for word, count in self.spread.items() if count >= USUAL]

    def rare_words(self, text: MadeText) -> list[str]:
        """The words of a story, the rarest first."""
        words = {word for word in text.story.lower().split() if word.isalpha() and len(word) >= 6}
        return sorted(words, key=lambda word: (self.spread[word], word))

    def leading(self, texts: Iterable[MadeText], chance: Random) -> Iterator[tuple[str, list[str], MadeText]]:
        """A word that leads to one complaint alone, and usual words of its text without typing errors: by chance."""
        for text in chance.sample(every := list(texts), len(every)):
            first, *others = [*self.rare_words(text), ""]
            common = [word for word in others if self.spread[word] >= USUAL]
            alone = self.spread[first] == 1 and not any(is_one_letter_off(first, usual) for usual in self.usual)
            if alone and common:
                yield first, common, text


def mistyped(word: str, chance: Random) -> str:
    """With one letter missing, another, twice, or two that changed places."""
    place = chance.randrange(1, len(word) - 1)
    before, character, behind = word[:place], word[place], word[place + 1 :]
    slips = [before + behind, f"{before}x{behind}", before + character * 2 + behind]
    if character != behind[0]:
        slips.append(before + behind[0] + character + behind[1:])
    return chance.choice(slips)


def written_otherwise(texts: Iterable[MadeText], seed: int = 3) -> list[MadeText]:
    """The complaints with their places written as people write them: a street of two names, with RW, in any form."""
    chance = Random(seed)
    return [replace(text, place=_place(chance, text.place)) for text in texts]


def _place(chance: Random, place: str) -> str:
    found = STREET.fullmatch(place)
    if not found:
        return place
    name = found[2] if chance.random() < 0.7 else f"{found[2]}{chance.choice(JOINED)}{invented_name(chance).split()[0]}"
    return _written(chance, found[1], name, int(found[3]), int(found[4]), chance.randint(1, 12))


def _written(chance: Random, prefix: str, name: str, number: int, rt: int, rw: int) -> str:
    area = chance.choice(AREAS).format(rt=rt, rw=rw)
    return f"{_prefix(chance, prefix)} {name} {chance.choice(NUMBERS).format(number)} {area}"


def _prefix(chance: Random, prefix: str) -> str:
    return chance.choice(next((kind for kind in PREFIXES if prefix in kind), (prefix,)))


PLACE = re.compile(
    r"(?P<prefix>\S+) (?P<name>[A-Z][a-z]+(?:[- ][A-Z][a-z]+)?) (?:(?:NO|No|no|nomor)[. ]*)?(?P<number>\d+) "
    r"(?:RT|rt)[. ]?(?P<rt>\d+)[ /]*(?:(?:RW|rw)[. ]?)?(?P<rw>\d+)"
)


def street_queries(texts: Iterable[MadeText], count: int = 40, seed: int = 4) -> list[KnownItem]:
    """A street with its number, now and then with RT and RW, in a notation that does not stand in its text."""
    chance = Random(seed)
    queries = []
    for text in chance.sample([text for text in texts if PLACE.fullmatch(text.place)], count):
        found = PLACE.fullmatch(text.place)
        assert found
        typed = text.place
        while typed.lower() in text.place.lower():
            typed = _asked_street(chance, found)
        queries.append(KnownItem(STREETS, typed, text.key))
    return queries


def _asked_street(chance: Random, found: re.Match[str]) -> str:
    name = re.sub("[- ]", chance.choice(JOINED), found["name"])
    street = f"{_prefix(chance, found['prefix'])} {name} {chance.choice(NUMBERS).format(found['number'])}"
    street = street.replace(". ", ".") if chance.random() < 0.3 else street
    area = chance.choice(AREAS).format(rt=int(found["rt"]), rw=int(found["rw"]))
    asked = (street, f"{street} {area}", f"{street} {area.partition(chance.choice(('/', ' RW')))[0]}")
    return chance.choice((str.lower, str))(chance.choice(asked))


def typo_queries(texts: Iterable[MadeText], memory: Memory, count: int = 60, seed: int = 5) -> list[KnownItem]:
    """A word that leads to a case, mistyped: alone, with another, or right next to another that is mistyped."""
    chance = Random(seed)
    queries = []
    for place, (first, others, text) in enumerate(islice(memory.leading(texts, chance), count)):
        other = chance.choice(others[:5])
        wrong, right = ((first, ""), (first, other), (other, first))[place % 3]
        queries.append(KnownItem(TYPOS, f"{mistyped(wrong, chance)} {right}".strip(), text.key))
    return queries


def with_the_same_slips(texts: list[MadeText], queries: list[KnownItem], every: int = 3) -> list[MadeText]:
    """The complaints, where the mistyped word of every third query stands in one other, too."""
    meant = {query.key for query in queries}
    others = iter([text for text in texts if text.key not in meant])
    slips = {next(others).key: query.typed.split()[0] for query in queries[::every]}
    return [replace(t, story=f"{t.story} {slips[t.key]}") if t.key in slips else t for t in texts]


def affix_queries(texts: Iterable[MadeText], memory: Memory, count: int = 40, seed: int = 6) -> list[KnownItem]:
    """Another form of a verb of the story, and a word that leads to the case."""
    chance = Random(seed)
    asked = (
        KnownItem(AFFIXES, f"{OTHER_FORMS[word]} {first}", text.key)
        for first, others, text in memory.leading(texts, chance)
        for word in others
        if word in OTHER_FORMS
    )
    return list(islice(asked, count))


def asked_of(made: MadeTexts) -> tuple[list[MadeText], list[KnownItem]]:
    """The complaints as they are stored for these queries, and the queries of every kind."""
    memory, alone = Memory(made.texts), {text.key for text in made.unrelated}
    texts = written_otherwise(made.texts)
    unrelated = [text for text in texts if text.key in alone]
    typos = typo_queries(unrelated, memory)
    queries = [*street_queries(unrelated), *typos, *affix_queries(unrelated, memory)]
    return with_the_same_slips(texts, typos), queries
