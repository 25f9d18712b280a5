"""The Lembar Disposisi since the fifth format: the citizen's letter or ticket, posts as addressees, one table."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, replace
from functools import cache, cached_property
from itertools import groupby, product
from typing import ClassVar, Self

from jinja2 import pass_context
from jinja2.runtime import Context

from models.office.lists import ACCOUNT
from papers.layout.disposition_slip import (
    COLUMNS,
    CROSSED,
    ELSEWHERE,
    ROWS,
    Fit,
    Shapes,
    Ticked,
    best_fit,
    order_of,
)
from papers.layout.formats import Content
from papers.layout.glyphs import width
from papers.layout.slips import ANNEXED, KOP, kop_height, text_height
from sop.access import URGENCY
from sop.words import spoken_title

UNKNOWN, WITHHELD = "–", "dirahasiakan"
_OF_A_LETTER = re.compile(r"nomor (dan tanggal )?surat\b", re.IGNORECASE)  # a label that the slip's own row says
_WITH_DATE = re.compile(r"(?P<number>.+?)[,;]?\s+(?:tanggal|tgl\.?)\s+(?P<date>.*\d.*)", re.IGNORECASE)


@dataclass(frozen=True)
class Letter:
    """Number and date of what the citizen sent, as far as they are known."""

    number: str
    date: str


def letter_of(complaint: Content) -> Letter:
    """The medium's reference: a date if its label begins so, else a number, with the date that follows "tanggal".

    The name of an account is neither. Whatever else the label says is printed, so that a ticket is not taken for a
    letter. The date on which a complaint was received is not that of a letter.
    """
    reference, label = complaint["medium_ref"].strip(), complaint["medium_ref_label"] or ""
    if not reference or ACCOUNT in label.casefold():
        return Letter(UNKNOWN, UNKNOWN)
    if complaint["is_secret"]:
        return Letter(WITHHELD, WITHHELD)
    of_a_letter = _OF_A_LETTER.match(label)
    if label.casefold().startswith("tanggal"):
        return Letter(UNKNOWN, f"{label} {reference}")
    dated = _WITH_DATE.fullmatch(reference)
    number, date = (dated["number"], dated["date"]) if dated else (reference, UNKNOWN)
    return Letter(number if of_a_letter or not label else f"{label} {number}", date)


def addressees(units: Iterable[str], titles: Mapping[str, str]) -> dict[str, str]:
    """What each unit is addressed as: the post that heads it, or its name if the panel knows of no post."""
    posts = {unit: _in_sentence_case(titles[unit], unit) if titles.get(unit) else unit for unit in units}
    alike = {post for post, times in Counter(posts.values()).items() if times > 1}
    return {unit: f"{post} ({unit})" if post in alike else post for unit, post in posts.items()}


def _in_sentence_case(title: str, unit: str) -> str:
    """The title in sentence case; its abbreviations as in the unit's name."""
    as_named = set() if unit.isupper() else set(unit.split())
    return " ".join(word if word in as_named else spoken_title(word) for word in title.split())


_KEYS = (11, 12)  # percent of the width: the labels in the left and in the right half of the head
_BORDER, _PADDING, _APART, _SPARE = 5.0, 13.0, 4.0, 1.0  # pt: beside a value, around the head's rows, over dates, free
_SHORT = 30  # characters
_REGULAR, _SIGNS = "LiberationSans-Regular", "DejaVuSans"


@cache
def _em(text: str, font: str = _REGULAR) -> float:
    """The width (em) of a text; not computed before it is needed, as a start reads no font."""
    return width(text, font)


def _box() -> float:
    return _em("☐", _SIGNS) + _em(" ")


class DispositionForm(Fit):
    """A layout of the present format: one table, whose upper and lower part have the same two columns."""

    HEADING: ClassVar[float] = ANNEXED - 1
    SHAPES: ClassVar[Shapes] = tuple(product((10.0, 9.5, 9.0), (ROWS, COLUMNS, CROSSED), (50, 54, 58, 62)))

    keys = _KEYS

    def fitting(self) -> Self | None:
        """The layout with the largest font that fits, in rows if possible, with the columns that make it lowest."""
        for _, alike in groupby(self.SHAPES, lambda shape: shape[:2]):
            shapes = [replace(self, size=size, arranged=arranged, share=share) for size, arranged, share in alike]
            lowest = min(shapes, key=lambda shape: shape.height())
            if lowest.height() <= self.room:
                return lowest
        return None

    @property
    def values(self) -> tuple[int, int]:
        """The widths (percent) of the values beside `keys`."""
        return self.share - _KEYS[0], self.right - _KEYS[1]

    @property
    def colon(self) -> float:
        """Indent (pt) of the lines of a value, which begins with a colon."""
        return _em(": ") * self.size

    @property
    def tick(self) -> float:
        return _box() * self.size

    @cached_property
    def _whole_letter(self) -> Letter:
        return letter_of(self.content["complaint"])

    @property
    def letter(self) -> Letter:
        """Number and date of the letter; they go to the Lampiran with the sender, each if it is long."""
        if "sender" not in self.moved:
            return self._whole_letter
        return Letter(*(ELSEWHERE if len(text) > _SHORT else text for text in astuple(self._whole_letter)))

    @cached_property
    def appended(self) -> list[tuple[str, str]]:
        parts = zip(("No. Surat", "Tgl. Surat"), astuple(self._whole_letter), astuple(self.letter), strict=True)
        return [*super().appended, *((name, text) for name, text, printed in parts if printed != text)]

    @cached_property
    def urgencies(self) -> list[list[Ticked]]:
        """The boxes of Sifat, in lines as wide as there is room."""
        complaint, chosen = self.content["complaint"], self.content["records"]["disposition"]["blanks"]["urgency"]
        urgent = [Ticked(word, word == chosen) for word in (URGENCY["sangat_segera"], URGENCY["segera"])]
        lines, used, room = [list[Ticked]()], 0.0, self._value_room(1) - _SPARE
        for box in (*urgent, Ticked("Rahasia", complaint["is_secret"])):
            wide = (_box() + width(box.text, _REGULAR)) * self.size
            if lines[-1] and used + wide > room:
                lines, used = [*lines, []], 0.0
            lines[-1].append(box)
            used += wide + 2 * _em(" ") * self.size
        return lines

    @property
    def signer(self) -> Content:
        """Who signs, titled as the table of signers calls him if he has no title of his own."""
        who, roles = self.content["signer"], self.content.get("signers", [])
        return {**who, "title": who.get("title") or (roles[0]["as"] if roles else "")}

    @property
    def spare(self) -> float:
        """The height (pt) that the slip has to spare, which its last row takes."""
        return max(0.0, self.room - self.height() - _SPARE)

    def _typed(self) -> Iterator[str]:
        yield from (*super()._typed(), *astuple(self._whole_letter))

    def _addressed(self, room: float) -> float:
        named = self.height_of_lines([self.named], room - self.tick) if self.named else 0  # hangs as the units above
        return self._grid(room, "units", self.units, "addressed") + named

    def _note(self, room: float) -> float:
        return (
            self.height_of_lines(["Catatan:", *self.note], room)
            + self.height_of_lines(self.order.dates, room - self.tick)
            + _APART
        )

    def _kop(self) -> float:
        return kop_height(self.content["office"], self.order.address, least=KOP)

    @property
    def _title_room(self) -> float:
        return (100 - _KEYS[0]) / 100 * self.wide - _BORDER - self.colon

    def _value_room(self, half: int) -> float:
        return self.values[half] / 100 * self.wide - _BORDER - self.colon

    def _head(self) -> float:
        left, right = self._value_room(0), self._value_room(1)
        boxes = sum(text_height("☐", right, self.size, signs=True) for _ in self.urgencies)
        rows = (
            (self.height_of_lines([self.sender], left), self.height_of_lines([""])),
            (
                self.height_of_lines([self.letter.number], left),
                self.height_of_lines([self.content["complaint"]["number"]], right),
            ),
            (self.height_of_lines([self.letter.date], left), boxes),
        )
        return sum(max(row) for row in rows) + self.height_of_lines([self.title], self._title_room) + _PADDING


@pass_context
def disposition_form(context: Context) -> DispositionForm:
    """Template function: the layout of the content being rendered."""
    content = context.get_all()
    blanks = content["records"]["disposition"]["blanks"]
    units = dict.fromkeys((*content["units"], blanks["unit"], *blanks["others"]))
    order = order_of(content, addressees(units, content.get("posts", {})))
    return best_fit(DispositionForm(order, content))
