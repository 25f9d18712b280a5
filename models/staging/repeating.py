"""Which row of a file says once more what another one said: by its words, and by where it is."""

from dataclasses import dataclass, field

from models.import_.incoming import IncomingCase
from models.search.likeness import words_of

SAME = 8  # words that two people do not happen to write alike
Lines = dict[str, dict[str, int]]  # by what is said, and of which place


def is_brief(case: IncomingCase) -> bool:
    """Whether it says so little that two people may have written it of two things."""
    return len(words_of(case.story)) < SAME


@dataclass(frozen=True)
class FirstTelling:
    """The row that another one repeats, and whether anybody has answered it."""

    line: int
    answered: bool


@dataclass
class Tellings:
    """What the rows of a file have said so far. They are to be noted in the order in which they were received, whatever
    their order in the file: the first of two is the earlier one.

    Two rows say the same if their words are the same and their places are not two. Where the words are few, place and
    pengadu must be the same as well, and one of them must be known. What repeats an answered row goes with that answer:
    its duplicate. What repeats one that nobody has answered is proposed as a case of its own: as a duplicate it would
    end without any answer. Somebody may still decide so, unless it is answered itself: its answer would be lost.
    """

    _earliest: Lines = field(default_factory=dict)
    _answered: Lines = field(default_factory=dict)

    def first_of(self, case: IncomingCase) -> FirstTelling | None:
        """The row that it repeats, an answered one if there is any."""
        words, place = _words_and_place(case)
        for lines, answered in ((self._answered, True), (self._earliest, False)):
            if line := _told_of(lines.get(words, {}), place):
                return FirstTelling(line, answered)
        return None

    def note(self, case: IncomingCase) -> None:
        words, place = _words_and_place(case)
        if words:
            for lines in (self._earliest, self._answered) if case.closed else (self._earliest,):
                lines.setdefault(words, {}).setdefault(place, case.line)


def _told_of(lines: dict[str, int], place: str) -> int:
    """The first row of this place; one that names no place may be of any. 0 for none."""
    nearest = lines.get(place) or lines.get("")
    return nearest or (0 if place else next(iter(lines.values()), 0))


def _words_and_place(case: IncomingCase) -> tuple[str, str]:
    """By what two rows say the same, and the place of which; "" for what can be no other's repeat."""
    place = " ".join(words_of(f"{case.place} {case.kelurahan} {case.kecamatan}"))
    if not is_brief(case):
        return " ".join(words_of(case.story)), place
    said = "\n".join((" ".join(words_of(f"{case.title} {case.story}")), case.name, place))
    return (said, "") if case.name or place else ("", "")
