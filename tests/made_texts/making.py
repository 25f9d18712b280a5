"""The invented complaints themselves: equal for an equal seed, and labelled as they are made."""

from dataclasses import dataclass, replace
from random import Random

from tests.made_texts import hand, wording

MEDIA = {"loket": 30, "wa": 20, "sambat": 20, "lapor": 15, "telepon": 5, "sosmed": 5, "surat": 3, "surel": 2}
JUNK = ("tes", "test", "Tes tes 123", "p", "halo min", "coba", "assalamualaikum", "?", "...", "mau lapor")
OFTEN = 24  # one of them came as often
LONGEST = 8_500
SHARES = {"exact": 0.02, "retyped": 0.02, "extended": 0.015, "cut": 0.015, "near": 0.03, "junk": 0.02, "long": 0.01}


@dataclass(frozen=True)
class MadeText:
    """An invented complaint, as somebody would type it into the intake."""

    key: int
    topic: str
    title: str
    story: str
    asks: str
    place: str
    kelurahan: str
    pengadu: str
    phone: str
    nik: str
    medium: str
    ticket: str


@dataclass(frozen=True)
class Pair:
    """Two of them, the later one last, and what it is of the first: exact, retyped, extended, cut; or near."""

    first: int
    second: int
    how: str


@dataclass(frozen=True)
class MadeTexts:
    """All of them in the order of their keys; those in no pair and no junk are unrelated to every other."""

    texts: list[MadeText]
    repeats: list[Pair]
    near_misses: list[Pair]
    junk: list[int]

    @property
    def unrelated(self) -> list[MadeText]:
        paired = {key for pair in (*self.repeats, *self.near_misses) for key in (pair.first, pair.second)}
        return [text for text in self.texts if text.key not in paired.union(self.junk)]


def made_texts(count: int = 5_000, seed: int = 11) -> MadeTexts:
    """So many complaints; what repeats another comes after it."""
    chance = Random(seed)
    made = MadeTexts([], [], [], [])
    fresh = count - sum(round(count * share) for how, share in SHARES.items() if how not in ("junk", "long"))
    for _ in range(fresh):
        _add(made, _fresh(chance, made))
    firsts = [text for text in made.texts if text.key not in set(made.junk)]
    chance.shuffle(firsts)
    for how, share in SHARES.items():
        if how in RELATED:
            for time in range(round(count * share)):
                first = firsts[-1] if how == "exact" and time < OFTEN - 1 else firsts.pop(0)
                _add_related(chance, made, first, how)
    return made


def _add(made: MadeTexts, text: MadeText) -> None:
    made.texts.append(replace(text, key=len(made.texts)))


def _fresh(chance: Random, made: MadeTexts) -> MadeText:
    topic, where = chance.choice(wording.topics()), wording.scene(chance)
    text = _text(chance, topic, where)
    kind = chance.random()
    if kind < SHARES["junk"]:
        made.junk.append(len(made.texts))
        return replace(text, title=chance.choice(JUNK), story=chance.choice(JUNK), asks="")
    if kind < SHARES["junk"] + SHARES["long"]:
        return replace(text, story=_long(chance, topic, where))
    return text


def _text(chance: Random, topic: wording.Topic, where: wording.Scene) -> MadeText:
    medium = chance.choices(list(MEDIA), list(MEDIA.values()))[0]
    of = topic.sentences
    story = _typed(chance, " ".join(_sentences(chance, topic, where)))
    return MadeText(
        key=-1,
        topic=topic.key,
        title=_typed(chance, wording.sentence(chance, chance.choice(of["t"]), where))[:200],
        story=story,
        asks=wording.sentence(chance, chance.choice(of["a"]), where) if chance.random() < 0.6 else "",
        place=f"{where.street} RT {where.rt}" if chance.random() < 0.7 else "",
        kelurahan=where.kelurahan,
        pengadu=where.name if chance.random() < 0.3 else wording.invented_name(chance),
        phone=hand.phone(chance) if chance.random() < 0.8 else "",
        nik=hand.nik(chance) if chance.random() < 0.5 else "",
        medium=medium,
        ticket=hand.ticket(chance, medium),
    )


def _sentences(chance: Random, topic: wording.Topic, where: wording.Scene) -> list[str]:
    of, often = topic.sentences, wording.common()
    patterns = [
        *chance.sample(often["g"], chance.choice((0, 0, 1, 1, 2))),
        *chance.sample(of["o"], chance.choice((1, 1, 2))),
        *chance.sample([*of["d"], *often["e"]], chance.randint(2, 6)),
        *chance.sample(of["a"], chance.choice((0, 1, 1))),
        *chance.sample(often["c"], chance.choice((0, 0, 1, 1))),
    ]
    return [wording.sentence(chance, pattern, where) for pattern in patterns]


def _typed(chance: Random, text: str) -> str:
    if chance.random() < 0.3:
        text = hand.shortened(chance, text, 0.7)
    if chance.random() < 0.25:
        text = hand.slipped(chance, text, 0.05)
    return hand.odd(chance, text)


def _long(chance: Random, topic: wording.Topic, where: wording.Scene) -> str:
    length = chance.randint(3_000, LONGEST)
    text = ""
    while len(text) < length:
        text += (
            " ".join(_sentences(chance, topic, where)) + " " + wording.sentence(chance, "{name} {name2}", where) + ". "
        )
    return text[:length]


def _add_related(chance: Random, made: MadeTexts, first: MadeText, how: str) -> None:
    pair = Pair(first.key, len(made.texts), how)
    (made.near_misses if how == "near" else made.repeats).append(pair)
    _add(made, RELATED[how](chance, first))


def _once_more(chance: Random, first: MadeText) -> MadeText:
    """The same text by another medium's way: another ticket, now and then another telephone number and NIK."""
    medium = chance.choices(list(MEDIA), list(MEDIA.values()))[0]
    again = replace(first, medium=medium, ticket=hand.ticket(chance, medium))
    return replace(again, phone=hand.phone(chance), nik="") if chance.random() < 0.4 else again


def _retyped(chance: Random, first: MadeText) -> MadeText:
    """Typed anew: some slips, short forms and breaks are others, and the title is."""
    story = hand.slipped(chance, hand.shortened(chance, first.story, 0.3), 0.04)
    story = " ".join(story.split()) if chance.random() < 0.5 else story
    story = " ".join(word for word in story.split(" ") if chance.random() > 0.03)
    return replace(_once_more(chance, first), title=_other_title(chance, first), story=story)


def _extended(chance: Random, first: MadeText) -> MadeText:
    """With what has happened since, before or behind it."""
    where = wording.scene(chance, first.kelurahan)
    added = [wording.sentence(chance, one, where) for one in chance.sample(wording.common()["x"], chance.randint(1, 2))]
    story = " ".join([first.story, *added] if chance.random() < 0.8 else [*added, first.story])
    return replace(_once_more(chance, first), story=story)


def _cut(chance: Random, first: MadeText) -> MadeText:
    """Cut off, as a short message is."""
    words = first.story.split(" ")
    count = max(8, round(len(words) * chance.uniform(0.45, 0.8)))
    return replace(_once_more(chance, first), story=" ".join(words[:count]))


def _near(chance: Random, first: MadeText) -> MadeText:
    """Another matter of the same topic at the same place."""
    topic = next(one for one in wording.topics() if one.key == first.topic)
    return _text(chance, topic, wording.scene(chance, first.kelurahan))


def _other_title(chance: Random, first: MadeText) -> str:
    topic = next(one for one in wording.topics() if one.key == first.topic)
    where = wording.scene(chance, first.kelurahan)
    return wording.sentence(chance, chance.choice(topic.sentences["t"]), where)


RELATED = {
    "exact": _once_more,
    "retyped": _retyped,
    "extended": _extended,
    "cut": _cut,
    "near": _near,
}
