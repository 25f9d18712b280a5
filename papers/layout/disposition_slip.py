"""The Lembar Disposisi: its texts, and the layout that fits them on half a sheet; as format 4 has it, and what later
ones share with it (papers/layout/disposition_form.py)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import ClassVar, Self, TypeVar

from jinja2 import pass_context
from jinja2.runtime import Context

from papers.layout.formats import Content
from papers.layout.glyphs import MISSING
from papers.layout.phrases import listed, pengadu, text_of, when
from papers.layout.slips import (
    HEADING,
    SIGNING,
    UNDER_MARK,
    Annex,
    address_lines,
    annex_frames,
    as_printed,
    begins_with,
    kop_height,
    signature_height,
    slip_height,
    slip_width,
    subject_height,
    text_height,
)
from sop.words import format_date

LEADS = " (penanggung jawab)"
_UNITS = 14  # at most in the grid; addressed units are always in it


@dataclass(frozen=True)
class Ticked:
    """A line of the grid, and whether its box is ticked."""

    text: str
    ticked: bool


@dataclass(frozen=True)
class Order:
    """The texts of one disposition; `dates` and `address` are lists of lines."""

    sender: str
    title: str
    units: list[Ticked]
    named: list[str]
    instructions: list[Ticked]
    note: str
    dates: list[str]
    address: list[str]


def order_of(content: Content, posts: Mapping[str, str] | None = None) -> Order:
    """The texts of the paper from its frozen content; `posts` has what a unit is addressed as, else it is its name."""
    complaint, blanks = content["complaint"], content["records"]["disposition"]["blanks"]
    offered = listed("lembar_disposisi.instructions")
    return Order(
        sender=pengadu(complaint, content["persons"]),
        title=complaint["title"],
        units=_grid(blanks, content["units"], posts or {}),
        named=list(blanks["named"]),
        instructions=[Ticked(word, word in blanks["instructions"]) for word in _union(offered, blanks["instructions"])],
        note=blanks["note"].strip(),
        dates=list(_dates(content)),
        address=address_lines(content["office"], code=" "),
    )


def _grid(blanks: Content, units: Iterable[str], posts: Mapping[str, str]) -> list[Ticked]:
    """The units in the office's order, addressed ones ticked; beyond _UNITS, others are left out."""
    lead, chosen = blanks["unit"], [name for name in (blanks["unit"], *blanks["others"]) if name]
    names = _union(units, chosen)
    spare = max(0, _UNITS - len(set(chosen)))
    left_out = [name for name in names if name not in chosen][spare:]
    grid = [name for name in names if name not in left_out]
    return [Ticked(posts.get(name, name) + LEADS * (name == lead), name in chosen) for name in grid]


def _union(offered: Iterable[str], chosen: Iterable[str]) -> list[str]:
    return list(dict.fromkeys((*offered, *chosen)))


def _dates(content: Content) -> Iterator[str]:
    """The deadline of the case, and the working time of the SOP's next row."""
    deadline = content["complaint"]["deadline"]
    clock = f" ({deadline['clock']})" if deadline["clock"] else ""
    yield f"{deadline['ends']}: {format_date(when(deadline['due']))}{clock}"
    if deadline["clock"]:
        rows = (row for row in content["clocks"] if row["no"] == content["sop"]["row"] + 1)
        yield from (f"Waktu SOP langkah berikutnya: {row['norm']}" for row in rows)


HIGH = 165  # millimetres
ELSEWHERE = "(lihat Lampiran)"
_TICK, _CELL, ROW, PARTED, _APART = 15.0, 10.0, 5.0, 7.0, 4.0  # pt, as the style of the paper has them
_COLUMNS = (0.13, 0.33, 0.14, 0.40)  # shares of the width, in the head of the slip
_HEADING, _HEAD, _LEGEND = 18.0, 13.0, 21.0  # pt: the title; paddings above the grid; what ▯ means
# How the parts are arranged: in aligned rows, or in two independent columns (plain or crossed).
ROWS, COLUMNS, CROSSED = "rows", "columns", "crossed"
Shapes = tuple[tuple[float, str, int], ...]  # size, arrangement and share, the best first
# What is moved off the slip, in this order: `others` (units not addressed) is dropped, all else goes to the Lampiran.
_MOVES = ("note", "named", "others", "title", "instructions", "units", "sender")
_LONGEST_DAY = "30 September 2026"
_LONG = 1500  # characters: a longer note never fits on a slip


@dataclass(frozen=True)
class Fit:
    """A layout: font size (pt), arrangement of the parts, width of the left column (percent), parts moved off the slip,
    and height of the space for a signature (pt)."""

    UNDER_MARK: ClassVar[float] = UNDER_MARK  # mm, how far a mark moves what is below it
    HEADING: ClassVar[float] = HEADING  # mm, above the text of a Lampiran, without the line of its subject
    OVER_FOOT: ClassVar[float] = 2  # mm, from the signature of a Lampiran to the foot
    SHAPES: ClassVar[Shapes] = tuple(product((10.0, 9.5, 9.0), (ROWS, COLUMNS, CROSSED), (50, 58, 65)))

    order: Order
    content: Content
    size: float = 9.0
    arranged: str = CROSSED
    share: int = 65
    moved: tuple[str, ...] = ()
    signature_space: float = SIGNING

    @property
    def right(self) -> int:
        return 100 - self.share

    @property
    def tick(self) -> float:
        """Indent (pt) of a line that begins with a box."""
        return _TICK

    @cached_property
    def wide(self) -> float:
        """The width (pt) between the margins of the slip."""
        return slip_width(self.content["office"])

    @property
    def high(self) -> int:
        """The height (mm) of the slip."""
        return HIGH

    @cached_property
    def room(self) -> float:
        """The usable height of the slip (pt), without the legend if a character cannot be printed."""
        has_missing = any(MISSING in as_printed(text) for text in (*self._typed(), *self.content["signer"].values()))
        return slip_height(self.high, self._down) - _LEGEND * has_missing

    @property
    def _down(self) -> float:
        """How far (mm) a mark moves the slip down."""
        return self.UNDER_MARK if self.is_marked else 0

    @property
    def is_marked(self) -> bool:
        """Whether it is a draft or void."""
        return bool(self.content["paper"]["draft"] or self.content["paper"].get("void"))

    def _typed(self) -> Iterator[str]:
        order = self.order
        yield from (order.sender, order.title, *(row.text for row in order.units), *order.named, order.note)

    @cached_property
    def title(self) -> str:
        """The case's title, shortened if the Lampiran has all of it."""
        if "title" not in self.moved:
            return self.order.title
        return f"{begins_with(self.order.title, 2, self._title_room - 20, self.size)} … {ELSEWHERE}"

    @property
    def signer(self) -> Content:
        return self.content["signer"]  # type: ignore[no-any-return]

    @property
    def sender(self) -> str:
        return ELSEWHERE if "sender" in self.moved else self.order.sender

    @property
    def named(self) -> str:
        names = ELSEWHERE if "named" in self.moved else "; ".join(self.order.named)
        return f"Yang ditunjuk: {names}" if self.order.named else ""

    @property
    def note(self) -> list[str]:
        return [ELSEWHERE] if "note" in self.moved else self.order.note.splitlines()

    @property
    def units(self) -> list[Ticked]:
        return [row for row in self.order.units if row.ticked or "others" not in self.moved]

    def height(self) -> float:
        """The height of the whole slip (pt)."""
        return self._kop() + _HEADING + self._head() + self._body()

    def fitting(self) -> Self | None:
        """The layout with the largest font and the most even columns that fits on the slip; None if none does."""
        shapes = (replace(self, size=size, arranged=arranged, share=share) for size, arranged, share in self.SHAPES)
        return next((shape for shape in shapes if shape.height() <= self.room), None)

    def _kop(self) -> float:
        return kop_height(self.content["office"], self.wide, self.order.address)

    @property
    def _title_room(self) -> float:
        return (1 - _COLUMNS[0]) * self.wide - _CELL

    def _head(self) -> float:
        complaint = self.content["complaint"]
        cells = [(self.sender, 1), (complaint["number"], 1), (complaint["number"], 3)]
        first, *numbers = (self.height_of_lines([f": {text}"], _COLUMNS[at] * self.wide - _CELL) for text, at in cells)
        return (
            first
            + max(numbers)
            + self.height_of_lines([""])
            + self.height_of_lines([f": {self.title}"], self._title_room)
            + _HEAD
        )

    def _body(self) -> float:
        left, right = (share * self.wide / 100 - _CELL for share in (self.share, self.right))
        signature = signature_height(self.signer, right, self.size, self.signature_space)
        if self.arranged == ROWS:
            above, below = (self._addressed(left), self._asked(right)), (self._note(left), signature)
            return max(above) + max(below) + 2 * ROW
        if self.arranged == COLUMNS:
            columns = self._addressed(left) + self._note(left), self._asked(right) + signature
        else:
            columns = self._addressed(left) + self._asked(left), self._note(right) + signature
        return max(columns) + ROW + PARTED

    def _addressed(self, room: float) -> float:
        named = self.height_of_lines([self.named], room) if self.named else 0
        return self._grid(room, "units", self.units, "addressed") + named

    def _asked(self, room: float) -> float:
        return self._grid(room, "instructions", self.order.instructions, "asked")

    def _note(self, room: float) -> float:
        return self.height_of_lines(["Catatan:", *self.note, *self.order.dates], room) + _APART

    def _grid(self, room: float, name: str, choices: list[Ticked], heading: str) -> float:
        rows = [ELSEWHERE] if name in self.moved else [row.text for row in choices]
        head = text_height(text_of(f"lembar_disposisi.{heading}"), room, self.size, bold=True)
        return head + sum(text_height(row, room - self.tick, self.size, signs=True) for row in rows)

    def height_of_lines(self, texts: Iterable[str], room: float = 1000) -> float:
        return sum(text_height(text, room, self.size) for text in texts)

    @cached_property
    def appended(self) -> list[tuple[str, str]]:
        """(heading, text) of each part moved to the Lampiran."""
        order = self.order
        texts = {
            "sender": ("Surat dari", order.sender),
            "title": ("Hal", order.title),
            "units": (text_of("lembar_disposisi.addressed"), _numbered(row.text for row in order.units if row.ticked)),
            "named": ("Yang ditunjuk", _numbered(order.named)),
            "instructions": (
                text_of("lembar_disposisi.asked"),
                _numbered(row.text for row in order.instructions if row.ticked),
            ),
            "note": ("Catatan", order.note),
        }
        return [texts[name] for name in texts if name in self.moved]

    @property
    def annex_hand(self) -> tuple[int, float]:
        """The signature on a Lampiran: its share (percent) of the width, and the space (pt) for the hand."""
        return 50, self.signature_space

    @cached_property
    def annex(self) -> Annex | None:
        """The frames of the Lampiran; None without one."""
        if not self.appended:
            return None
        lines = [line for heading, text in self.appended for line in (heading, *text.splitlines())]
        text = sum(text_height(line, self.wide, 10) + 3 for line in lines) + 11 * len(self.appended)
        share, space = self.annex_hand
        signature = signature_height(self.signer, self.wide * share / 100, 10, space)
        head = (
            f"Nomor register {self.content['complaint']['number']} – {self.content['office']['city']}, {_LONGEST_DAY}"
        )
        subject, texts = subject_height(head, self.wide), text + _LEGEND
        office, fixed = self.content["office"], {"heading": self.HEADING, "over_foot": self.OVER_FOOT}
        return annex_frames(office, self.high, subject, texts, signature, down=self._down, **fixed)


Layout = TypeVar("Layout", bound=Fit)


def best_fit(whole: Layout) -> Layout:
    """The first layout that fits, with as few parts as possible moved to the Lampiran."""
    order = whole.order
    moves = [name for name in _MOVES if name == "others" or getattr(order, name)]
    for count in range(int(len(order.note) > _LONG), len(moves) + 1):
        if layout := replace(whole, moved=tuple(moves[:count])).fitting():
            return _with_less_moved(layout)
    # An extremely long title or name: less space for the signature, down to none.
    least = replace(whole, moved=tuple(moves), signature_space=0)
    smaller = (replace(least, signature_space=SIGNING * part / 8).fitting() for part in range(7, -1, -1))
    return next((layout for layout in smaller if layout), least)


def _with_less_moved(layout: Layout) -> Layout:
    """Move parts back to the slip that fit there after all, because a larger part was moved after them."""
    for name in reversed(layout.moved[:-1]):
        if name != "note" or len(layout.order.note) <= _LONG:
            layout = replace(layout, moved=tuple(part for part in layout.moved if part != name)).fitting() or layout
    return layout


@pass_context
def disposition_fit(context: Context) -> Fit:
    """Template function of format 4: the layout of the content being rendered."""
    content = context.get_all()
    return best_fit(Fit(order_of(content), content))


def _numbered(texts: Iterable[str]) -> str:
    return "\n".join(f"{number}. {text}" for number, text in enumerate(texts, 1))
