"""The tables of a Rekapitulasi: columns as wide as what they hold, rows with as much air as fills the pages.

The order of the tables and their letters are always the same, so that two issues can be laid side by side.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import inf
from string import ascii_uppercase
from typing import Any

from models.reading.recap_paper import AMONG
from papers.layout.columns import name_lines
from papers.layout.glyphs import width
from papers.layout.slips import PT, line_count, text_height
from sop.words import in_a_list

SIZE, LEADING = 10, 11.69  # points
AIRS = tuple(quarters / 4 for quarters in range(18, 5, -1))  # points over and under the lines of a row, the best first
_OVER = 10.0  # points: over a table that does not begin a page
_TITLE = 16.0  # points: what a table's title takes, with the room under it
_SIDE, _HEAD_SIDE = 4.0, 3.8  # points beside the text of a cell, and of a head
_INDENT = 12.0  # points: so much further to the right begins what is a part of the line above
_APART, _LETTERED = 8.0, 2.0  # points between notes, and between the parts of one
_HANGING = 14.0  # points: so much further to the right are the lines of such a part
_SPARE = 1.5  # points: so much narrower is a name set than its column
_HAIR = 0.6  # points: rounding, and half a rule on either side
_WIDER, _LINE = 30, 60  # points: at most so much wider is a column than it must be; so much of it is worth a line more
_HEAD_LINES = (1, 2, 3, 4)
_FEW = 0.4  # of a page: a last one with less is a page of a few lines
_PARTED, _LAST, _CLOSE = 0.45, 0.6, 0.05  # pages: what a parted table, a page of few lines and a point less air cost
_MOST_EMPTY = 0.22  # of a page: so much stays empty at most so that the last tables stand with the notes
_TEXT, _BOLD = "LiberationSans-Regular", "LiberationSans-Bold"
Cells = Sequence[str]  # each of one line or more


@dataclass(frozen=True)
class RecapTable:
    """Heads and rows of texts; the column `names` takes the room that the others leave."""

    title: str
    heads: Cells
    rows: Sequence[Cells]
    names: int = 0
    centred: Collection[int] = ()  # columns; those that are neither centred nor of names are of numbers
    total_at: int | None = None  # the place of the row that is a sum, from the end if negative
    widths: tuple[float, ...] = ()  # points

    def by_content(self, room: float, tables: int = 1) -> "RecapTable":
        """With columns as wide as their texts and the words of their heads, `room` points together; the names get what
        is left, or leave some of it to the others where it saves no line. The rows stand beneath so many heads."""
        numbers = [place not in (self.names, *self.centred) for place in range(len(self.heads))]
        made = []
        for most in _HEAD_LINES:
            least = [self._least(place, most) for place in range(len(self.heads))]
            for more in range(0, _WIDER, 2):
                widths = [wide + more * is_number for wide, is_number in zip(least, numbers, strict=True)]
                widths[self.names] += room - sum(widths)
                table = replace(self, widths=tuple(widths))
                lines = table._lines + (tables - 1) * table._head_lines
                made.append((max(widths) > widths[self.names], lines - more / _LINE, table))
        return min(made, key=lambda one: one[:2])[2]

    @property
    def _lines(self) -> int:
        return self._head_lines + sum(map(self._row_lines, self.rows))

    @property
    def _head_lines(self) -> int:
        rooms = (wide - 2 * _HEAD_SIDE for wide in self.widths)
        return max(line_count(head, room, SIZE, bold=True) for head, room in zip(self.heads, rooms, strict=True))

    def _row_lines(self, row: Cells) -> int:
        """Only a name is broken."""
        room = self.widths[self.names] - 2 * _SIDE - _INDENT * self.is_part(row)
        name = line_count(row[self.names], room, SIZE, bold=row is self.total)
        lines = [len(cell.splitlines()) for cell in row]  # of a name that was set, too
        return max(*lines, name if lines[self.names] < 2 else 0)

    def with_names_set(self) -> "RecapTable":
        """With the names of its rows broken into lines."""
        room = (self.widths[self.names] - 2 * _SIDE - _SPARE) / SIZE
        rows = [row if row is self.total or self.is_part(row) else self._set(row, room) for row in self.rows]
        return replace(self, rows=rows)

    def _set(self, row: Cells, room: float) -> Cells:
        cells = [*row]
        cells[self.names] = "\n".join(name_lines(row[self.names], room))
        return cells

    def is_part(self, row: Cells) -> bool:
        """Whether its cases are counted in a row above it as well."""
        return row[self.names].startswith(AMONG)

    def _least(self, place: int, most: int) -> float:
        """The width of a column whose head has so many lines at most, or one for each word."""
        head = _narrowest(tuple(self.heads[place].split()), most)
        lines = [line for row in self.rows for line in row[place].splitlines()]
        cells = max((width(line, _TEXT if self.total_at is None else _BOLD) for line in lines), default=0)
        return max(SIZE * head + 2 * _HEAD_SIDE, SIZE * cells + 2 * _SIDE) + _HAIR

    def head_height(self, air: float) -> float:
        """Of its title and its heads (pt)."""
        return _TITLE + LEADING * self._head_lines + 2 * air

    def edges(self, air: float) -> list[float]:
        """How far under its top (pt) the heads end, and then each row."""
        rows = (LEADING * self._row_lines(row) + 2 * air for row in self.rows)
        return list(accumulate(rows, initial=self.head_height(air)))

    @property
    def total(self) -> Cells | None:
        return self.rows[self.total_at] if self.total_at is not None else None


def _narrowest(words: tuple[str, ...], most: int) -> float:
    """The width of the widest of so many lines with these words, set as narrow as they can be; of a word, if there are
    fewer lines than that."""
    if most == 1 or len(words) < 2:
        return width(" ".join(words), _BOLD)
    first = range(1, len(words))
    return min(max(width(" ".join(words[:n]), _BOLD), _narrowest(words[n:], most - 1)) for n in first)


@dataclass(frozen=True)
class RecapDetails:
    """The tables of the Lampiran, the air of their rows (pt), and which of them begins a page in any case, so that the
    notes behind the last one do not stand alone; -1 if none does."""

    tables: Sequence[RecapTable]
    air: float
    turn: int = -1


def main_table(content: Mapping[str, Any], wide: float) -> RecapTable:
    """The five figures of the first page, on so many millimetres."""
    now, *others = content["heads"]
    heads = ("No.", "Hal", now, "Persen", *others)
    return RecapTable("", heads, content["main"], names=1, centred=(0,), total_at=3).by_content(wide * PT)


def recap_details(
    content: Mapping[str, Any], notes: Iterable[tuple[str, Sequence[str]]], wide: float, high: float, head: float
) -> RecapDetails:
    """The tables for pages of so many millimetres, the first of which begins with a head; notes, each with its title
    and one text or several, follow the last table."""
    room, page = wide * PT, high * PT
    named = [_of_rows(content).by_content(room), *_alike(_of_parts(content), room)]
    tables = [*_alike(_of_all(content), room), *(table.with_names_set() for table in named)]
    after = LEADING + sum(_note_height(title, texts, room) for title, texts in notes)
    turns = (-1, *range(max(len(tables) - 3, 1), len(tables)))
    plans = [_Plan(tables, air, page, page - head * PT, after, turn) for air in AIRS for turn in turns]
    best = min(plans, key=lambda plan: plan.cost)
    lettered = [
        replace(table, title=f"{letter}. {table.title}") for letter, table in zip(ascii_uppercase, tables, strict=False)
    ]
    return RecapDetails(lettered, best.air, best.turn)


def _note_height(title: str, texts: Sequence[str], room: float) -> float:
    """With the room over it (pt); several texts stand beneath the title."""
    if len(texts) == 1:
        return _APART + text_height(f"{title}. {texts[0]}", room, SIZE)
    listed = sum(_LETTERED + text_height(text, room - _HANGING, SIZE) for text in texts)
    return _APART + text_height(title, room, SIZE) + listed


def _of_all(content: Mapping[str, Any]) -> list[RecapTable]:
    heads = ("Hal", *content["heads"])
    apart = RecapTable("Dihitung tersendiri, tidak termasuk angka rinci", heads, content["apart_of"])
    return [RecapTable("Angka rinci", heads, content["figures_of"]), apart]


def _of_rows(content: Mapping[str, Any]) -> RecapTable:
    """A row of the SOP with its times in working hours and, beneath, by the calendar."""
    heads = ("No.", "Kegiatan", "Standar SOP", "Banyak", "Lewat", "Persen", "Hitungan", "Median", "Persentil 90")
    rows = []
    for *row, median, ninth, of_calendar, ninth_of_calendar in content["rows"]:
        norm = row[2].replace(" kerja", "\nkerja").replace(", kemudian", "\nkemudian")
        times = ("kerja\nkalender", f"{median}\n{of_calendar}", f"{ninth}\n{ninth_of_calendar}")
        rows.append((*row[:2], norm, *row[3:], *times))
    hardly = content.get("hardly_judged")
    told = f"; baris {in_a_list(hardly)} sebagian besar tidak dinilai" if hardly else ""
    return RecapTable(f"Waktu tiap baris SOP (jam.menit{told})", heads, rows, names=1, centred=(0, 2, 6))


def _of_parts(content: Mapping[str, Any]) -> list[RecapTable]:
    return [
        RecapTable(
            f"Menurut {part['title'].lower()}",
            (part["title"], *part["heads"]),
            [*part["rows"], part["total"]],
            total_at=-1,
        )
        for part in content["parts_of"]
        if is_divided(part)
    ]


def is_divided(part: Mapping[str, Any]) -> bool:
    """Whether a breakdown has a line of its own; where all is merged into one there is nothing but the sum."""
    return len(part["rows"]) > 1


def _alike(tables: list[RecapTable], room: float) -> list[RecapTable]:
    """Each with the widths that suit the rows of all, so that columns stand below one another."""
    if not tables:
        return []
    every = replace(tables[0], rows=[row for table in tables for row in table.rows]).by_content(room, len(tables))
    return [replace(table, widths=every.widths) for table in tables]


class _Plan:
    """The pages that the tables take one after another with this air, with texts of `after` points behind them, where
    `first` points are left on the first page of `page` points. A table that fits on a page is parted only where more
    than a third of a page would stay empty, as `<list-ending>` does it."""

    def __init__(
        self, tables: Iterable[RecapTable], air: float, page: float, first: float, after: float, turn: int
    ) -> None:
        self.air, self.page, self.left, self.turn = air, page, first, turn
        self.parted, self.gap, self.pages, self.is_refused = 0, 0.0, 1, False
        for place, table in enumerate(tables):
            if place == turn:
                self.is_refused = not 0 < self.left <= page * _MOST_EMPTY
                self._turn()
            self._put(table.edges(air))
        self._go_below(after)

    @property
    def cost(self) -> float:
        """In pages: a page more weighs more than two parted tables that would fit on one, and these more than a last
        page of a few lines, than what stays empty of one before the last, and than rows set closer."""
        few = 1 - self.left / self.page < _FEW
        cost = self.pages + _PARTED * self.parted + _LAST * few + self.gap + _CLOSE * (AIRS[0] - self.air)
        return inf if self.is_refused else cost

    def _put(self, edges: list[float]) -> None:
        """A table whose heads and rows end at these points."""
        from papers.engine.ending import MOSTLY_EMPTY, ROWS  # imported here: a start loads no engine

        high = edges[-1]
        is_roomy = self.left > self.page * MOSTLY_EMPTY
        self.left -= _OVER * (self.left < self.page)
        if self.left < high <= self.page and not is_roomy:
            self._turn()
        while self.left < high:
            stay = min(bisect_right(edges, self.left) - 1, len(edges) - 1 - ROWS)
            if stay < ROWS:
                if self.left == self.page:
                    break
                self._turn()
                continue
            self.parted += high <= self.page
            self.left -= edges[stay]
            self._turn()
            edges = [edges[0], *(edges[0] + edge - edges[stay] for edge in edges[stay + 1 :])]
            high = edges[-1]
        self._go_below(high)

    def _turn(self) -> None:
        """Begin a page."""
        self.gap, self.left, self.pages = max(self.gap, self.left / self.page), self.page, self.pages + 1

    def _go_below(self, high: float) -> None:
        self.left -= high
        while self.left < 0:
            self.left, self.pages = self.left + self.page, self.pages + 1
