"""The sentences of invented complaints: topics with their titles, happenings and wishes, and what fills their gaps."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
KELURAHAN = HERE.parents[1] / "models" / "data" / "malang" / "kelurahan.csv"
ALTERNATIVES, GAP = re.compile(r"\[([^\]]*)\]"), re.compile(r"\{(\w+)\}")
ONSETS = [*"bcdghjklmnprstwy", "br", "kr", "pr", "tr", "ng", "ny", "sl", "gr"]
VOWELS = "aiueoaiu"
ENDS = ["", "", "", "n", "r", "s", "h", "ng", "t", "k", "m", "l"]


@dataclass
class Topic:
    """What some complaints are about, by the kind of sentence: t title, o opening, d detail, a what is asked."""

    key: str
    sentences: dict[str, list[str]] = field(default_factory=dict)


@cache
def topics() -> list[Topic]:
    """All topics; the key of each is a category's of the office."""
    read: list[Topic] = []
    for line in _lines("sentences.txt"):
        kind, text = line.split(" ", 1)
        if kind == "#":
            read.append(Topic(text))
        else:
            read[-1].sentences.setdefault(kind, []).append(text)
    return read


@cache
def common() -> dict[str, list[str]]:
    """Sentences of any complaint: g greeting, e what was tried, c closing, x what is added later."""
    read: dict[str, list[str]] = {}
    for line in _lines("common.txt"):
        kind, text = line.split(" ", 1)
        read.setdefault(kind, []).append(text)
    return read


@cache
def slots() -> dict[str, list[str]]:
    return {name: words.split("|") for name, words in (line.split(" ", 1) for line in _lines("slots.txt"))}


@cache
def kelurahan() -> list[str]:
    return [line.split(",")[2] for line in KELURAHAN.read_text(encoding="utf-8").splitlines()[1:]]


def _lines(name: str) -> Iterator[str]:
    yield from filter(None, (HERE / name).read_text(encoding="utf-8").splitlines())


def invented_name(chance: Random) -> str:
    """An invented name: of two or three syllables, sometimes with another."""
    return " ".join(_invented_word(chance) for _ in range(chance.choice((1, 2, 2, 3))))


def _invented_word(chance: Random) -> str:
    parts = (
        chance.choice(ONSETS) + chance.choice(VOWELS) + chance.choice(ENDS) for _ in range(chance.choice((2, 2, 3)))
    )
    return "".join(parts).capitalize()


@dataclass(frozen=True)
class Scene:
    """Who and where a complaint is about: the same in all its sentences."""

    kelurahan: str
    street: str
    name: str
    rt: str


def scene(chance: Random, kelurahan_name: str | None = None) -> Scene:
    street = f"{chance.choice(slots()['prefix'])} {_invented_word(chance)} {chance.randint(1, 140)}"
    place = kelurahan_name or chance.choice(kelurahan())
    return Scene(place, street, invented_name(chance), f"{chance.randint(1, 14):02}")


def sentence(chance: Random, pattern: str, where: Scene) -> str:
    """The pattern with one of its alternatives each, and its gaps filled."""
    chosen = ALTERNATIVES.sub(lambda found: chance.choice(found[1].split("|")), pattern)
    text = GAP.sub(lambda found: _filling(chance, found[1], where), chosen)
    return text[:1].upper() + text[1:]


def _filling(chance: Random, gap: str, where: Scene) -> str:
    if gap in slots():
        return chance.choice(slots()[gap])
    return {
        "kel": lambda: where.kelurahan,
        "street": lambda: where.street,
        "name": lambda: where.name if chance.random() < 0.7 else invented_name(chance),
        "name2": lambda: invented_name(chance),
        "rt": lambda: where.rt,
        "n": lambda: str(chance.randint(2, 9)),
        "day": lambda: str(chance.randint(1, 30)),
        "age": lambda: str(chance.randint(5, 97)),
        "amount": lambda: f"Rp{chance.randint(2, 95) * 10}.000",
        "initial": lambda: "".join(chance.sample("ABDEFHIKMNRSTWY", 2)),
    }[gap]()
