"""What staff know to be there is found: made complaints in their thousands, and what one would type to find one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

import pytest

from models.case.casetext import main_row
from models.office.lists import Category, Kelurahan, Medium
from models.search.asking import answer
from models.search.blind import marks_of
from models.search.find import find
from models.search.ranking import ranked
from models.search.texts import add_texts
from models.store.base import Columns, database, insert_rows
from models.tables.complaint import BlindIndex, CaseKey, Complaint, Person
from models.tables.scope import viewer
from tests.made_texts.making import MadeText, made_texts
from tests.office import MONDAY, Office
from tests.patience import cpu_seconds

BY_DAY, BY_NIGHT = 800, 5_000
EACH = 9  # queries of each kind
PAGE, FIRST, FIRST_TWO = 20, 0.85, 0.90


def stored(office: Office, texts: list[MadeText]) -> dict[int, int]:
    """The complaints as rows, as the writer leaves them as far as a search sees; ids by their keys."""
    places = {place.name.lower(): place for place in Kelurahan.select()}
    shared = {
        "category": Category.get(code="belum_dipilah").id,
        "medium": Medium.get(code="loket").id,
        "registrar": office["petugas"].id,
        "received_at": MONDAY,
        "recorded_at": MONDAY,
        "state_since": MONDAY,
        "state": "raise",
        "law_class": "tidak_berkadar",
        "secrecy": "biasa",
    }
    usual = {f.name: f.default for f in Complaint._meta.sorted_fields if f.default is not None and f.name != "id"}
    empty = dict.fromkeys(("accused", "event_date", "loss", "evidence"), "")
    rows: list[Columns] = []
    for text in texts:
        place = places.get(text.kelurahan.lower())
        rows.append(
            {
                **usual,
                **shared,
                **empty,
                "public_id": f"made{text.key}",
                "number": f"400.9/{text.key + 1}/35.73/2026",
                "medium_ref": text.ticket[:80],
                "title": text.title[:200] or text.story[:100],
                "story": text.story,
                "asks": text.asks,
                "event_place": text.place,
                "kelurahan": place and place.id,
            }
        )
    with database.atomic():
        insert_rows(Complaint, rows)
        ids = dict(Complaint.select(Complaint.public_id, Complaint.id).tuples())
        by_key = {text.key: ids[f"made{text.key}"] for text in texts}
        insert_rows(CaseKey, [{"complaint": case, "wrapped": b"-"} for case in by_key.values()])
        blank = {f.name: f.default for f in Person._meta.sorted_fields if f.default is not None}
        people = ({"complaint": by_key[t.key], "kind": "pengadu", "name": t.pengadu} for t in texts)
        insert_rows(Person, [{**blank, **person} for person in people])
        names = {text.key: str(places.get(text.kelurahan.lower(), "")) for text in texts}
        told = zip(rows, texts, strict=True)
        add_texts([main_row(by_key[t.key], row, [t.pengadu], names[t.key]) for row, t in told])
        marks = [
            {"case": by_key[t.key], "person": "pengadu", **mark._asdict()}
            for t in texts
            for mark in marks_of({"phone": t.phone, "safe_contact": "", "nik": t.nik})
        ]
        insert_rows(BlindIndex, marks)
    return by_key


@dataclass(frozen=True)
class KnownItem:
    """What somebody types, and the complaint that he means."""

    kind: str
    typed: str
    key: int


def rare_words(texts: list[MadeText]) -> Callable[[MadeText], list[str]]:
    """The words of a story that few others have, the rarest first: what one remembers of it."""
    spread: dict[str, int] = {}
    for text in texts:
        for word in set(text.story.lower().split()):
            spread[word] = spread.get(word, 0) + 1

    def of(text: MadeText) -> list[str]:
        words = {word for word in text.story.lower().split() if word.isalpha() and len(word) >= 6}
        return sorted(words, key=lambda word: (spread[word], word))

    return of


def mistyped(word: str, chance: Random) -> str:
    place = chance.randrange(1, len(word) - 1)
    how = chance.randrange(3)
    if how == 0:
        return word[:place] + word[place + 1 :]
    return word[:place] + ("x" if how == 1 else word[place]) + word[place + (how == 1) :]


def known_items(texts: list[MadeText], unrelated: list[MadeText]) -> Iterator[KnownItem]:
    chance, rare = Random(5), rare_words(texts)
    told = [text for text in unrelated if len(rare(text)) >= 4 and text.pengadu.count(" ")]
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
        fits = [t for t in told if (t.ticket or kind != "ticket") and (t.phone or kind != "phone")]
        for text in chance.sample(fits, EACH):
            yield KnownItem(kind, typed(text), text.key)


def place_of(item: KnownItem, by_key: dict[int, int], who: Any) -> int | None:
    """At which place of all that is found the complaint stands."""
    number, words = find(item.typed, who), answer(item.typed, who)
    found = [case for (case,) in number.cases.tuples()] if number else []
    ids = list(dict.fromkeys([*found, *ranked(words, item.typed)]))
    return ids.index(by_key[item.key]) if by_key[item.key] in ids else None


@pytest.mark.parametrize("count", [BY_DAY, pytest.param(BY_NIGHT, marks=pytest.mark.soak)])
def test_what_is_known_to_be_there_is_found_on_the_first_pages(
    office: Office, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("models.search.find.MOST", 1_000)
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
