"""Known complaints are found: thousands of invented ones, and what a user would type to find one of them."""

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest

from models.complaint.lookup import find
from models.complaint.scope import viewer
from models.complaint.search import answer, ranked
from tests.made_texts.making import MadeText, made_texts
from tests.made_texts.queries import AFFIXES, STREETS, TYPOS, KnownItem, Memory, asked_of, mistyped
from tests.made_texts.storing import stored
from tests.office import Office
from tests.patience import cpu_seconds

BY_DAY, BY_NIGHT = 800, 5_000
EACH = 9  # queries of each kind
PAGE, FIRST, FIRST_TWO = 20, 0.85, 0.90
AMONG, LEAST = 5, {STREETS: 38, TYPOS: 54, AFFIXES: 38}  # hits; queries that must find what is meant among so many


def known_items(texts: list[MadeText], unrelated: list[MadeText]) -> Iterator[KnownItem]:
    chance, rare = Random(5), Memory(texts).rare_words
    candidates = [text for text in unrelated if len(rare(text)) >= 4 and text.pengadu.count(" ")]
    kinds: dict[str, Callable[[MadeText], str]] = {
        "two words": lambda t: " ".join(rare(t)[:2]),
        "typo": lambda t: f"{mistyped(rare(t)[0], chance)} {rare(t)[1]}",
        "word form": lambda t: f"{rare(t)[0]}nya {rare(t)[1]}",
        "half a name": lambda t: f"{t.pengadu.split()[0][:4]} {t.pengadu.split()[-1][:5]}",
        "name mistyped": lambda t: mistyped(max(t.pengadu.split(), key=len), chance) + f" {rare(t)[0]}",
        "place": lambda t: f"{t.kelurahan} {rare(t)[0]}",
        "ticket": lambda t: t.ticket,
        "phone": lambda t: f"+62 {t.phone.strip()[1:]}" if t.phone.strip().startswith("0") else t.phone,
    }
    for kind, typed in kinds.items():
        fits = [t for t in candidates if (t.ticket or kind != "ticket") and (t.phone or kind != "phone")]
        for text in chance.sample(fits, EACH):
            yield KnownItem(kind, typed(text), text.key)


def place_of(item: KnownItem, by_key: dict[int, int], who: Any) -> int | None:
    """The place of the complaint in the result."""
    number, words = find(item.typed, who), answer(item.typed, who)
    found = [case for (case,) in number.cases.tuples()] if number else []
    ids = list(dict.fromkeys([*found, *ranked(words, item.typed)]))
    return ids.index(by_key[item.key]) if by_key[item.key] in ids else None


@pytest.mark.parametrize("count", [BY_DAY, pytest.param(BY_NIGHT, marks=pytest.mark.soak)])
def test_a_known_case_is_found_on_the_first_pages(office: Office, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.complaint.lookup.MOST", 1_000)
    made = made_texts(count)
    before = cpu_seconds()
    by_key, who = stored(office, made.texts), viewer(office["petugas"])
    print(f"{count} complaints stored in {cpu_seconds() - before:.1f} s")
    items, before = list(known_items(made.texts, made.unrelated)), cpu_seconds()
    places = {item: place_of(item, by_key, who) for item in items}
    print(f"{len(items)} searches, {(cpu_seconds() - before) / len(items) * 1000:.1f} ms of CPU each")
    pages = {pages: [i for i, at in places.items() if at is not None and at < pages * PAGE] for pages in (1, 2)}
    for kind in dict.fromkeys(item.kind for item in items):
        print(kind, *(sum(item.kind == kind for item in found) for found in pages.values()), "of", EACH)
    print([(i.kind, i.typed, places[i]) for i in items if i not in pages[1]])
    assert len(items) >= 60
    assert len(pages[1]) / len(items) >= FIRST
    assert len(pages[2]) / len(items) >= FIRST_TWO


@pytest.mark.parametrize("count", [BY_DAY, pytest.param(BY_NIGHT, marks=pytest.mark.soak)])
def test_another_notation_a_misspelling_or_another_form_finds_the_case(office: Office, count: int) -> None:
    texts, items = asked_of(made_texts(count))
    by_key, who = stored(office, texts), viewer(office["petugas"])
    before, missed = cpu_seconds(), []
    for item in items:
        words = answer(item.typed, who)
        meant = ranked(words.meant, item.typed) if words.meant else []
        if by_key[item.key] not in [*ranked(words, item.typed), *meant][:AMONG]:
            missed.append(item)
    print(f"{len(items)} searches, {(cpu_seconds() - before) / len(items) * 1000:.1f} ms of CPU each; {missed}")
    for kind, least in LEAST.items():
        asked, failed = (sum(item.kind == kind for item in some) for some in (items, missed))
        assert asked - failed >= least, (kind, [item.typed for item in missed if item.kind == kind])
