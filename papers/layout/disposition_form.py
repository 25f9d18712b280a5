"""The Lembar Disposisi since the fifth format: the citizen's letter or ticket, posts as addressees, one table."""

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, replace
from functools import cached_property
from itertools import groupby, product
from typing import ClassVar, Self

from jinja2 import pass_context
from jinja2.runtime import Context

from papers.layout.disposition_slip import (
    COLUMNS,
    CROSSED,
    ELSEWHERE,
    PARTED,
    ROW,
    ROWS,
    Fit,
    Shapes,
    Ticked,
    best_fit,
    order_of,
)
from papers.layout.disposition_texts import (
    Letter,
    addressees,
    box_width,
    boxes_of_nature,
    deadlines_in_a_line,
    em,
    in_even_lines,
    letter_of,
    sender_of,
    whole_unit,
    with_whole_titles,
)
from papers.layout.formats import Content
from papers.layout.phrases import text_of, with_degrees
from papers.layout.slips import (
    ANNEXED,
    KOP,
    PT,
    SIGNING,
    UNDER_CLEAR,
    address_lines,
    as_printed,
    kop_height,
    line_count,
    signature_height,
    slip_size,
    text_height,
    width_between_margins,
)

_WIDEST = ("Surat dari", "Diterima tgl.")  # the widest labels in the left and in the right half of the head
# pt: beside the text of a cell, beside a value, between two columns of boxes, around the head's rows, free
_CELL, _BORDER, _BESIDE, _PADDING, _SPARE = 10.0, 5.0, 6.0, 14.0, 1.0
_TO_FOOT = 2.0 * PT  # from the table to the end of the text, which is 1 mm above the rule of the foot
EVEN = 48  # percent: the left half of the head, whose right half has room for the boxes of Sifat on one line
_BETWEEN_PAIRS = 24.0  # pt: the most between two instructions on a line
_COMMA = 0.5  # em: behind a title
_BY_HAND = "…" * 14  # for one more unit
_ANNEX = 80  # mm: of the height of a slip, for all of a Lampiran but its signature
_SHORT = 30  # characters
WRITING, _ROOMY = 12 * PT, 25 * PT  # pt: two lines to write by hand; as many as a note by hand mostly takes
_AIR, _CLOSER = 5.0, 1.1  # pt: what a row may have to spare around its text; by how much less it may have than set
# As CROSSED, with the instructions two to a line; so, and with the note under them, the signature alone beside all; so,
# and with the title and the deadlines over the units, for a higher note beside them.
PAIRED, STACKED, TOPPED = "paired", "stacked", "topped"
_MOST_BY_HAND = 3


@dataclass(frozen=True)
class DispositionForm(Fit):
    """A layout of the present format; `free` (pt) is left under the heading of the note at least, to be written in by
    hand, `by_hand` lines at most for units that are left out; those who are named may be `listed`, one to a line; a row
    may stand by `close` (pt) closer than set; `ways` are the arrangements to choose from."""

    UNDER_MARK: ClassVar[float] = UNDER_CLEAR
    HEADING: ClassVar[float] = ANNEXED - 1
    OVER_FOOT: ClassVar[float] = 5
    SHAPES: ClassVar[Shapes] = tuple(
        product((10.0, 9.5, 9.0), (ROWS, COLUMNS, CROSSED, TOPPED, PAIRED, STACKED), (EVEN, 54, 58, 62, 66, 70, 44, 38))
    )

    free: float = WRITING
    by_hand: int = 1
    listed: bool = False
    close: float = 0.0
    ways: tuple[str, ...] = (ROWS, COLUMNS, CROSSED, TOPPED, PAIRED, STACKED)

    @cached_property
    def wide(self) -> float:
        return width_between_margins(slip_size(self.content["office"])[0])

    @property
    def high(self) -> int:
        return slip_size(self.content["office"])[1]

    def fitting(self) -> Self | None:
        """The layout with the largest font that fits, in rows if possible, with the columns that make it lowest and
        part the fewest texts: if any can, one with room to write by hand, for which its rows may stand closer."""
        for free, close in ((WRITING, 0.0), (WRITING, _CLOSER), (0.0, 0.0)):
            layout = replace(self, free=free, close=close)
            ways = ((of, way, share) for of, way, share in self.SHAPES if way in self.ways)
            shapes = (replace(layout, size=of, arranged=way, share=share) for of, way, share in ways)
            if fitting := self._first_fitting(shapes):
                return fitting
        return None

    def _first_fitting(self, shapes: Iterable[Self]) -> Self | None:
        for _, alike in groupby(shapes, lambda shape: (shape.size, shape.arranged)):
            lowest = min(alike, key=lambda shape: (shape.height(), sum(shape._columns())))
            if lowest.height() <= self.room:
                return lowest
        return None

    @property
    def keys(self) -> tuple[float, float]:
        """The widths (percent) of the labels in the left and in the right half of the head."""
        return tuple(100 * (em(label) * self.size + _CELL) / self.wide for label in _WIDEST)  # type: ignore[return-value]

    @property
    def values(self) -> tuple[float, float]:
        """The widths (percent) of the values beside `keys`: the head is parted as the table below, or evenly where that
        leaves too little room for the boxes of Sifat."""
        left, right = self.keys
        values = self.share - left, self.right - right
        boxes = sum(box_width() + em(box.text) for box in self.nature) + 2 * (len(self.nature) - 1) * em(" ")
        level = boxes * self.size <= self._room_of(values[1]) - _SPARE
        return values if level else (EVEN - left, 100 - EVEN - right)

    @property
    def colon(self) -> float:
        """Indent (pt) of the lines of a value, which begins with a colon."""
        return em(": ") * self.size

    @property
    def tick(self) -> float:
        return box_width() * self.size

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

    @property
    def nature(self) -> list[Ticked]:
        return boxes_of_nature(self.content)

    @cached_property
    def room(self) -> float:
        return super().room - _TO_FOOT

    @property
    def units(self) -> list[Ticked]:
        """As in the order, each unparted from what it is there for, and from a short last word; a line for one by hand
        where any is left out, or some."""
        units = [replace(row, text=whole_unit(row.text)) for row in super().units]
        by_hand = min(self.by_hand, self._all_units - len(units))
        return [*units, *[Ticked(_BY_HAND, ticked=False)] * by_hand]

    @cached_property
    def _all_units(self) -> int:
        blanks = self.content["records"]["disposition"]["blanks"]
        return len({*self.content["units"], *filter(None, (blanks["unit"], *blanks["others"]))})

    def roomier(self) -> Self:
        """The same with one name to a line, as far as there is room besides that of the note, and more lines for units
        by hand, as far as that is more than a few lines; in columns of their own rather than rows where those leave
        more."""
        if not self.free:
            return self
        arranged = [way for way in (ROWS, COLUMNS) if way in self.ways] if self.arranged == ROWS else [self.arranged]
        ways = product((True, False), range(_MOST_BY_HAND, 0, -1), arranged)
        roomier = (
            replace(self, listed=listed, by_hand=most, arranged=way, free=_ROOMY if most > 1 else self.free)
            for listed, most, way in ways
        )
        return next((one for one in roomier if one.height() <= self.room), self)

    @property
    def named(self) -> str:
        """No line parts a name that fits on one, a number from the name that it counts, or what stands before a name
        from it."""
        names = ELSEWHERE if "named" in self.moved else "; ".join(self._names)
        return f"Yang ditunjuk: {names}" if self.order.named else ""

    @property
    def _names(self) -> list[str]:
        room = self._left_room - self.tick
        return [
            name.replace(" ", "\xa0") if line_count(f"{name};", room, self.size) == 1 else with_whole_titles(name)
            for name in self.order.named
        ]

    @property
    def named_lines(self) -> list[str]:
        """Those who are named, one to a line if they are so listed."""
        if not self.named or not self.listed or "named" in self.moved:
            return [self.named] if self.named else []
        first, *others = self._names
        return [f"Yang ditunjuk: {first}", *others] if others else [self.named]

    @property
    def pairs(self) -> list[list[Ticked]]:
        """The instructions two to a line, in columns, if they are so arranged and there is room."""
        rows = self.order.instructions
        half = -(-len(rows) // 2)
        fits = self._wide_of(rows[:half]) + self._wide_of(rows[half:]) <= self._left_room
        return [rows[at::half] for at in range(half)] if self.arranged in (PAIRED, STACKED, TOPPED) and fits else []

    def _wide_of(self, column: list[Ticked]) -> float:
        return max((em(as_printed(row.text)) * self.size for row in column), default=0) + self.tick + _BESIDE

    @property
    def pair(self) -> float:
        """The width (pt) of the first column of `pairs`: of its content, and of what both leave, up to a limit."""
        first, second = (self._wide_of([row[at] for row in self.pairs if len(row) > at]) for at in (0, 1))
        return first + min(_BETWEEN_PAIRS, self._left_room - first - second)

    @property
    def _left_room(self) -> float:
        """The width (pt) of the texts in the left column."""
        return self.share * self.wide / 100 - _CELL

    @cached_property
    def annex_hand(self) -> tuple[int, float]:
        """On half of the width with its whole space, unless a long name or title then leaves too little of the page."""
        most = (self.high - _ANNEX) * PT
        spaces = [SIGNING * part / 8 for part in range(8, -1, -1)]
        hands = [*((share, SIGNING) for share in (50, 62, 75, 100)), *((100, space) for space in spaces)]
        heights = ((hand, signature_height(self.signer, self.wide * hand[0] / 100, 10, hand[1])) for hand in hands)
        return next((hand for hand, high in heights if high <= most), hands[-1])

    @cached_property
    def signer(self) -> Content:
        """Who signs, titled as the table of signers calls him if he has no title of his own."""
        who, roles = self.content["signer"], self.content.get("signers", [])
        title = who.get("title") or (roles[0]["as"] if roles else "")
        room = round((self.right * self.wide / 100 - _CELL) / self.size - _COMMA, 3)
        return {**who, "name": with_degrees(who.get("name") or ""), "title": in_even_lines(title, room)}

    @cached_property
    def _left(self) -> float:
        return max(0.0, self.room - self.height() - _SPARE)

    @property
    def _gaps(self) -> int:
        """How many rows stand one below another."""
        return 5 if self.arranged == STACKED else 4

    @property
    def air(self) -> float:
        """What is added to each row (pt), half of it over its text and half under it."""
        return self._added - self.close

    @property
    def _added(self) -> float:
        return min(_AIR, self._left / self._gaps)

    @property
    def spare(self) -> float:
        """The height (pt) that the slip has to spare, which its last row takes, or the note above the signature."""
        return 0.0 if self._is_crossed else self._to_spare

    @property
    def _to_spare(self) -> float:
        return self._left - self._gaps * self._added

    @property
    def _is_crossed(self) -> bool:
        return self.arranged in (CROSSED, PAIRED, TOPPED)

    @property
    def writing(self) -> float:
        """The height (pt) under the note's text: what is left free, and what its column has to spare above the
        signature."""
        left, right = (share * self.wide / 100 - _CELL for share in (self.share, self.right))
        free = max(0.0, self.free - self.height_of_lines(self.note, right if self._is_crossed else left))
        texts, signed = self._columns()
        return free + (max(0.0, texts - signed) + self._to_spare if self._is_crossed else 0)

    def _typed(self) -> Iterator[str]:
        yield from (*super()._typed(), *astuple(self._whole_letter))

    def _addressed(self, room: float) -> float:
        named = self.height_of_lines(self.named_lines, room - self.tick)  # hang as the units above
        return self._grid(room, "units", self.units, "addressed") + named

    def _grid(self, room: float, name: str, choices: list[Ticked], heading: str) -> float:
        """A text whose first word is wider than its room begins on the line under its box."""
        rows = choices if name not in self.moved else []
        below = sum(em(as_printed(row.text).split(" ")[0]) * self.size > room - self.tick for row in rows)
        return super()._grid(room, name, choices, heading) + below * text_height("☐", room, self.size, signs=True)

    def _note(self, room: float) -> float:
        return self.height_of_lines(["Catatan:"], room) + max(self.free, self.height_of_lines(self.note, room))

    def _columns(self) -> tuple[float, float]:
        """The heights (pt) of the texts at the left, and of the signature with what stands above it."""
        left, right = (share * self.wide / 100 - _CELL for share in (self.share, self.right))
        signature = signature_height(self.signer, right, self.size, self.signature_space)
        texts = self._addressed(left) + self._asked(left) + (self._matter() + PARTED) * (self.arranged == TOPPED)
        return (texts, self._note(right) + signature) if self._is_crossed else (texts + self._note(left), signature)

    def height(self) -> float:
        return super().height() - self._gaps * self.close

    def _body(self) -> float:
        if self.arranged not in (STACKED, TOPPED):
            return super()._body()
        texts, signature = self._columns()
        if self.arranged == TOPPED:
            return max(texts, signature) + PARTED + ROW
        return max(texts + 2 * PARTED, signature) + ROW

    def _asked(self, room: float) -> float:
        if not self.pairs or "instructions" in self.moved:
            return super()._asked(room)
        head = text_height(text_of("lembar_disposisi.asked"), room, self.size, bold=True)
        return head + sum(text_height("☐", room, self.size, signs=True) for _ in self.pairs)

    def _kop(self) -> float:
        return kop_height(self.content["office"], self.wide, self.order.address, least=KOP)

    @property
    def _title_room(self) -> float:
        return (self._matter_share - self.keys[0]) / 100 * self.wide - _BORDER - self.colon

    @property
    def _matter_share(self) -> int:
        """The width (percent) for the title and the deadlines."""
        return self.share if self.arranged == TOPPED else 100

    @property
    def _matter_room(self) -> float:
        return self._matter_share * self.wide / 100 - _CELL

    def _matter(self) -> float:
        """The height (pt) of the title and the deadlines."""
        deadlines = self.height_of_lines(self.deadline_lines, self._matter_room)
        return self.height_of_lines([f": {self.title}"], self._title_room) + deadlines

    @property
    def deadline_lines(self) -> list[str]:
        """The deadlines, on a line each where they do not stand on one."""
        whole = deadlines_in_a_line(self.content["complaint"]["deadline"], self.order.dates)
        is_short = line_count(whole, self._matter_room, self.size) == 1
        return [whole] if is_short else whole.replace("; ", ";\n").splitlines()

    def _room_of(self, value: float) -> float:
        """The width (pt) of the text of a value that takes so much (percent)."""
        return value / 100 * self.wide - _BORDER - self.colon

    def _head(self) -> float:
        left, right = map(self._room_of, self.values)
        number, height = self.content["complaint"]["number"], self.height_of_lines
        rows = (
            (height([self.sender], left), height([""])),
            (height([self.letter.number], left), height([number], right)),
            (height([self.letter.date], left), text_height("☐", right, self.size, signs=True)),
        )
        high = sum(max(row) for row in rows) + _PADDING / 2
        return high if self.arranged == TOPPED else high + self._matter() + _PADDING / 2


@pass_context
def disposition_form(context: Context) -> DispositionForm:
    """Template function: the layout of the content being rendered."""
    content = context.get_all()
    blanks = content["records"]["disposition"]["blanks"]
    units = dict.fromkeys((*content["units"], blanks["unit"], *blanks["others"]))
    order = order_of(content, addressees(units, content.get("posts", {})))
    order = replace(order, address=address_lines(content["office"]), sender=sender_of(content))
    return laid_out(DispositionForm(order, content))


def laid_out(form: DispositionForm) -> DispositionForm:
    """The best layout; that of a marked slip is arranged as the same slip without its mark, unless that moves more to a
    Lampiran: the mark takes its height from the note."""
    paper = {**form.content["paper"], "draft": False, "void": None}
    issued = best_fit(replace(form, content={**form.content, "paper": paper})).roomier()
    if not form.is_marked:
        return issued
    alike = best_fit(replace(form, ways=(issued.arranged,)))
    return (alike if len(alike.moved) <= len(issued.moved) else best_fit(form)).roomier()
