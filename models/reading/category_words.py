"""The categories that a story suggests: naive Bayes over its words, from words shipped for each category and words
counted nightly in the office's own cases. Why so, and what protects rahasia cases: docs/adr/0109-category-proposals.md.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from math import log, sqrt
from typing import NamedTuple

import orjson
import peewee as pw

from models.complaint.complaint import Complaint, Person
from models.complaint.repeats import WHOLE
from models.office.lists import Category
from models.records.entry import DEFAULT_CATEGORY
from models.store import master_cache
from models.store.base import Model, Moment, among, database
from models.workflow.masters import read_data
from sop.vocabulary import DUPLICATED, VOIDED

PROPOSED, REASONS = 3, 3  # categories of a story; words of it that are the reason for one
LONGEST = 6_000  # characters of a story that are read
LEAST_CASES = 5  # cases of a category from which its own words count
LEAST_WITH_WORD = 3  # cases with a word from which it counts
READ, READ_OF_EACH = 10_000, 300  # newest cases that are read in a night, and of each category
WORDS_OF_EACH = 400  # counted words of a category that are stored, the most frequent
DAY = timedelta(hours=23, minutes=30)

BASE, SHIPPED, WEAK = 0.01, 0.25, 0.04  # assumed share of a category's cases with a word: any, one shipped for it, ~one
SHIPPED_AS, OWN_AT_MOST = 20, 60  # cases for which the assumption stands; cases for which counts stand at most
NEAR = 2  # a pair of words has at most one telling word between them
TIE = 0.5  # by so much may an emergency or rahasia category be less likely and still come first
LEAST_EVIDENCE = 0.7  # of a word that is named as a reason; a category without such a word is not proposed

_WORD = re.compile(r"[^\W\d_]+")
_INSIDE_SENTENCE = re.compile(r"[^\W\d_][,;:]?[ \"“(]+$")
_ENDS = ("kannya", "annya", "inya", "kan", "nya", "lah", "kah", "pun", "ake", "an", "in", "ku", "mu", "i", "ne")
_STARTS = ("memper", "diper", "keter", "ber", "ter", "per", "di", "ke", "se", "tak")
_NASAL = {  # a prefix, and the letter that it replaces before a vowel
    "meny": "s",
    "peny": "s",
    "meng": "",
    "peng": "",
    "mem": "p",
    "pem": "p",
    "men": "t",
    "pen": "t",
    "me": "",
    "ng": "",
}
_OTHERWISE = {  # before what is left of these roots the prefix meng- or peng-, … replaces another letter
    "ng": ("k", ("irim", "unci", "urung", "ontrak", "ejar", "eroyok", "umpul", "eluar", "onsumsi", "uras", "adang")),
    "m": ("m", ("ohon", "inta", "iliki", "asak", "arah", "ulai", "asuk", "uat", "ukim")),
    "n": ("n", ("ikah", "afkah", "ilai", "inggal")),  # ditinggal is another matter than meninggal
}
_VOWELS = "aeiou"
_ROOT = 4  # letters of a root at least, so that "ibu" and "beri" stay whole
_CLOCK = re.compile(r"\bpukul(?=\s+(?:\d|se|satu|dua|tiga|empat|lima|enam|tujuh|delapan))", re.IGNORECASE)


@dataclass(frozen=True)
class ShippedWords:
    """Per category its words; words without meaning of their own, and those that mean "tidak"."""

    categories: dict[str, str]
    stopwords: str
    no: str


@cache
def _data() -> ShippedWords:
    return ShippedWords(**read_data("category_words"))


@cache
def _words_of_list(name: str) -> frozenset[str]:
    return frozenset(str(getattr(_data(), name)).split())


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The root of a lower-case word by prefixes and suffixes: dipukulin, memukul and pukulan are "pukul"."""
    root = _without_end(_without_end(word))
    for start, taken in _NASAL.items():
        rest = root.removeprefix(start)
        if rest != root and len(rest) >= _ROOT - 1 and (start != "ng" or rest[0] in _VOWELS):
            other, roots = _OTHERWISE.get(start[2:], ("", ()))
            replaced = other if roots and rest.startswith(roots) else taken
            return f"{replaced}{rest}" if rest[0] in _VOWELS else rest
    rest = next((root.removeprefix(s) for s in _STARTS if root.startswith(s) and len(root) - len(s) >= _ROOT), root)
    return _without_end(rest)


def _without_end(word: str) -> str:
    return next((word.removesuffix(end) for end in _ENDS if word.endswith(end) and len(word) - len(end) >= _ROOT), word)


class _Token(NamedTuple):
    root: str
    typed: str
    is_name: bool  # capitalised inside a sentence, as names of persons and places are


def _tokens(text: str) -> list[_Token]:
    tokens, text = [], _CLOCK.sub("jam", text[:LONGEST].replace("\\n", " "))
    no, stopwords = _words_of_list("no"), _words_of_list("stopwords")
    for match in _WORD.finditer(text):
        lower = match[0].casefold()
        lower = WHOLE.get(lower, lower)
        lower = "tidak" if lower in no else lower
        if lower in stopwords or len(lower) < 2:
            continue
        is_name = match[0].istitle() and bool(_INSIDE_SENTENCE.search(text, max(0, match.start() - 4), match.start()))
        tokens.append(_Token("tidak" if lower == "tidak" else stem(lower), match[0], is_name))
    return tokens


def features_of(text: str) -> dict[str, str]:
    """The roots of a text and its pairs of neighbouring ones, each with the words as they are typed."""
    tokens = _tokens(text)
    single = {t.root: t.typed for t in reversed(tokens) if t.root != "tidak"}
    near = [(a, b) for n, a in enumerate(tokens) for b in tokens[n + 1 : n + 1 + NEAR]]
    return {**single, **{f"{a.root} {b.root}": f"{a.typed} … {b.typed}" for a, b in near}}


class CategoryWords(Model):
    """The words of a category, counted in the office's own cases: derived, and made anew every night."""

    cached = True
    in_digest = False
    survives_restore = False

    category = pw.ForeignKeyField(Category, primary_key=True, on_delete="CASCADE")
    counted_at = Moment()
    cases = pw.IntegerField()
    words = pw.TextField()  # JSON: number of cases by root, or pair of roots


def count_words_if_due(at: datetime) -> bool:
    """Count the words anew if the last count is a day old; whether they were counted. Reads without a lock."""
    last = CategoryWords.counted_at.python_value(CategoryWords.select(pw.fn.MAX(CategoryWords.counted_at)).scalar())
    if last is not None and abs(at - last) < DAY:
        return False
    counted = _counted_cases()
    rows = [
        {"category": c.id, "counted_at": at, "cases": counted.cases[c.id], "words": counted.as_json(c.id)}
        for c in Category.select(Category.id).order_by(Category.id)
    ]
    with database.atomic():
        changed = [CategoryWords.counted_at, CategoryWords.cases, CategoryWords.words]
        CategoryWords.insert_many(rows).on_conflict(
            conflict_target=[CategoryWords.category], preserve=changed
        ).execute()
    return True


class _Counted:
    """The counts while they are made: open cases and rahasia ones apart, for which more is left out."""

    def __init__(self) -> None:
        self.cases: Counter[int] = Counter()
        self.words: dict[int, Counter[str]] = defaultdict(Counter)
        self.open_words: Counter[str] = Counter()

    def add(self, category: int, features: set[str], *, is_secret: bool) -> None:
        self.cases[category] += 1
        self.words[category].update(features)
        if not is_secret:
            self.open_words.update(features)

    def as_json(self, category: int) -> str:
        """The words of at least so many cases, which are common words: they also stand in so many open cases, or are
        shipped. A name that only rahasia cases have can thus be found by nobody who tries it in a story."""
        own = self.words[category] if self.cases[category] >= LEAST_CASES else Counter[str]()
        common = _shipped_features()
        counted = {
            word: count
            for word, count in own.most_common()
            if count >= LEAST_WITH_WORD and (self.open_words[word] >= LEAST_WITH_WORD or word in common)
        }
        return orjson.dumps(dict(list(counted.items())[:WORDS_OF_EACH])).decode()


def _counted_cases() -> _Counted:
    counted = _Counted()
    for portion in _portions():
        named = _names_in(list(portion))
        for number, (category, secrecy, story, *places) in portion.items():
            if counted.cases[category] < READ_OF_EACH:
                names = {token.root for text in (*named[number], *places) for token in _tokens(text)}
                names |= {token.root for token in _tokens(story) if token.is_name}
                features = {word for word in features_of(story) if names.isdisjoint(word.split())}
                counted.add(category, features, is_secret=secrecy == "rahasia")
    return counted


def _portions(size: int = 500) -> Iterator[dict[int, tuple[int, str, str, str, str]]]:
    """The newest cases that somebody of the office sorted, by id, in portions by the primary key."""
    unsorted = Category.select(Category.id).where(Category.code == DEFAULT_CATEGORY)
    c, before = Complaint, (Complaint.select(pw.fn.MAX(Complaint.id)).scalar() or 0) + 1
    columns = (c.id, c.category, c.secrecy, c.story, c.accused, c.event_place)
    for _ in range(READ // size):
        newest = c.select(*columns, c.state, c.imported).where(c.id < before).order_by(c.id.desc()).limit(size)
        rows = list(newest.tuples())
        if not rows:
            return
        skipped, before = {number for (number,) in unsorted.tuples()}, rows[-1][0]
        yield {
            row[0]: row[1:6]
            for row in rows
            if row[1] not in skipped and row[6] not in (VOIDED, DUPLICATED) and not row[7]
        }


def _names_in(cases: list[int]) -> dict[int, list[str]]:
    named: dict[int, list[str]] = defaultdict(list)
    for case, name in Person.select(Person.complaint, Person.name).where(among(Person.complaint, cases)).tuples():
        named[case].append(name)
    return named


@cache
def _shipped() -> Mapping[str, Mapping[str, float]]:
    """The shipped words with their assumed shares, by code of a category; of a phrase its first pair of roots. One that
    begins with ~ also stands in many stories of other categories."""
    words = _data().categories
    return {
        code: dict(sorted(map(_as_feature, text.split(", "))))  # a word that is also weak alone keeps the greater share
        for code, text in words.items()
    }


def _as_feature(phrase: str) -> tuple[str, float]:
    """The root or pair of roots, with its assumed share of cases: weak if only one word of a phrase is no stopword."""
    roots = [token.root for token in _tokens(phrase)[:2]]
    is_weak = phrase.startswith("~") or (len(roots) == 1 and " " in phrase)
    return " ".join(roots), WEAK if is_weak else SHIPPED


@cache
def _shipped_features() -> frozenset[str]:
    return frozenset(word for words in _shipped().values() for word in words)


@dataclass(frozen=True)
class CategoryModel:
    """The active categories with the evidence of each word for each: log of its share of cases to that of any word."""

    categories: Mapping[int, Category]
    evidence: Mapping[str, Mapping[int, float]]

    @classmethod
    def of(cls, categories: Iterable[Category], counts: Mapping[int, tuple[int, Mapping[str, int]]]) -> "CategoryModel":
        """`counts` are the number of cases and of cases by word, by category. A word is evidence as far as it is more
        frequent in a category than in all own cases together."""
        evidence: dict[str, dict[int, float]] = defaultdict(dict)
        known = {c.id: c for c in categories}
        every = sum((Counter(words) for _, words in counts.values()), Counter[str]())
        total = max(1, sum(cases for cases, _ in counts.values()))
        for category in known.values():
            shipped = _shipped().get(category.code) or dict.fromkeys(features_of(category.name), SHIPPED)
            cases, words = counts.get(category.id, (0, {}))
            scale = min(1.0, OWN_AT_MOST / cases) if cases else 0.0
            for word in {*shipped, *words}:
                # A shipped word's usual share is assumed for as many cases as the word is: a few own cases, most of
                # them of one category, would else make its own words look common.
                prior = SHIPPED_AS * len(known) if word in shipped else 0
                usual = max(BASE, (prior * BASE + every[word]) / (prior + total))
                assumed = max(shipped.get(word, BASE), usual)
                surely = words.get(word, 0) - sqrt(words.get(word, 0))  # one standard error less: a few may be chance
                share = (SHIPPED_AS * assumed + surely * scale) / (SHIPPED_AS + cases * scale)
                if share > usual:
                    evidence[word][category.id] = log(share / usual)
        return cls(known, evidence)

    def proposals(self, story: str) -> list["Proposal"]:
        """The likeliest categories, at most three; none for a story without a telling word."""
        scores: Counter[int] = Counter()
        reasons: dict[int, list[tuple[float, str]]] = defaultdict(list)
        for word, typed in features_of(story).items():
            of_each = self.evidence.get(word, {})
            usual = sum(of_each.values()) / max(1, len(self.categories))
            for category, weight in of_each.items():
                scores[category] += weight  # type: ignore[assignment]  # a Counter of floats
                if weight - usual >= LEAST_EVIDENCE:
                    reasons[category].append((usual - weight, typed))
        ranked = sorted(reasons, key=lambda c: (-scores[c] - TIE * self._goes_first(c), not self._goes_first(c), c))
        return [Proposal(self.categories[c], _named(reasons[c])) for c in ranked[:PROPOSED]]

    def _goes_first(self, category: int) -> bool:
        c = self.categories[category]
        return c.secrecy == "rahasia" or c.emergency_unit_id is not None


def _named(reasons: list[tuple[float, str]]) -> tuple[str, ...]:
    """The most telling words, none of them within another."""
    named: list[str] = []
    for _, typed in sorted(reasons):
        word = typed.casefold()
        if not any(word in other or other in word for other in named):
            named.append(word)
    return tuple(named[:REASONS])


class Proposal(NamedTuple):
    """A category that the story suggests, and words of the story that are the reason."""

    category: Category
    words: tuple[str, ...]


def proposals_of(story: str) -> list[Proposal]:
    """The categories that a story suggests to whoever registers it."""
    return master_cache.cached("category words", _model).proposals(story)


def _model() -> CategoryModel:
    counts = {
        row.category_id: (row.cases, orjson.loads(row.words))
        for row in CategoryWords.select()
        if row.cases >= LEAST_CASES
    }
    offered = [c for c in master_cache.rows_by_id(Category).values() if c.active and c.code != DEFAULT_CATEGORY]
    return CategoryModel.of(offered, counts)
