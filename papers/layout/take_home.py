"""Half a sheet that the pengadu takes home (Tanda Terima, Slip Janji): letters as large as there is room for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from papers.layout.formats import Content
from papers.layout.glyphs import MISSING, width
from papers.layout.phrases import printed_value, with_degrees
from papers.layout.slips import (
    KOP,
    PT,
    UNDER_LINE,
    address_lines,
    as_printed,
    kop_height,
    signature_height,
    slip_height,
    slip_size,
    text_height,
    width_between_margins,
)

Row = tuple[str, str]  # label and value
_SMALLEST, _STEP = 10.0, 0.5  # pt
_TITLE, _NUMBER, _ADDRESS = 12.0, 11.0, 10.0  # pt: the smallest letters of title and number, those of the address
_SIGNED = 11.0  # pt: the largest letters of a signature
_HEADING, _BETWEEN, _ROW, _CELL = 7.0, 6.0, 2.0, 10.0  # pt: around title and number, a part, a row, in a cell
_SHARE = 0.54  # of the width, for what stands beside the signature
_GAPS, _AIR = 5, 10.0  # how many gaps take what is to spare, and the most that one of them takes (pt)
_LEGEND, _SPARE = 24.0, 4.0  # pt: what ▯ means, free


@dataclass(frozen=True)
class HomeSlip:
    """The texts of a slip: rows of label and value and paragraphs, over the whole width (`rows`, `over`) and beside the
    signature (`facts`, `beside`); and the size of its letters (pt)."""

    office: Content
    rows: Sequence[Row]
    over: Sequence[str]
    facts: Sequence[Row]
    beside: Sequence[str]
    signer: Content
    down: float  # mm: how far a mark moves it down
    size: float = _SMALLEST

    @property
    def title(self) -> float:
        return max(self.size + 1, _TITLE)

    @property
    def number(self) -> float:
        return max(self.size, _NUMBER)

    @property
    def signed(self) -> float:
        """The size of the letters of the signature."""
        return min(self.size, _SIGNED)

    @property
    def colon(self) -> float:
        """The width (pt) of a colon's column."""
        return 0.9 * self.size

    def label_of(self, rows: Sequence[Row]) -> float:
        """The width (pt) of the labels of rows, the widest of which takes one line."""
        return max((width(label) for label, _ in rows), default=0) * self.size + 4

    @cached_property
    def _wide(self) -> float:
        return width_between_margins(slip_size(self.office)[0])

    @cached_property
    def _left(self) -> float:
        texts = (*(text for row in (*self.rows, *self.facts) for text in row), *self.over, *self.beside)
        legend = _LEGEND * any(MISSING in as_printed(text) for text in (*texts, *map(str, self.signer.values())))
        return slip_height(slip_size(self.office)[1], self.down) - self.height() - legend - _SPARE

    @property
    def fits(self) -> bool:
        return self._left >= 0

    @property
    def air(self) -> float:
        """What each gap between its parts may take (pt) of the height that is to spare."""
        return min(_AIR, max(0.0, self._left) / _GAPS)

    def height(self) -> float:
        """The height of all of it (pt)."""
        kop = kop_height(self.office, self._wide, address_lines(self.office), least=KOP, address_size=_ADDRESS)
        heading = _HEADING + sum(text_height("A", self._wide, size) for size in (self.title, self.number))
        beside = self._part(self.facts, self.beside, _SHARE * self._wide - _CELL)
        signer = {**self.signer, "name": with_degrees(self.signer.get("name") or "")}
        signed = signature_height(signer, (1 - _SHARE) * self._wide - _CELL, self.signed)
        return kop + heading + self._part(self.rows, self.over, self._wide) + max(beside, signed) + _BETWEEN

    def _part(self, rows: Sequence[Row], texts: Sequence[str], wide: float) -> float:
        """The height (pt) of rows and paragraphs of that width."""
        room = wide - self.label_of(rows) - self.colon
        lines = (max(text_height(text, room, self.size), text_height(label, wide, self.size)) for label, text in rows)
        paragraphs = sum(text_height(text, wide, self.size) + _BETWEEN for text in texts)
        return sum(high + _ROW for high in lines) + _BETWEEN * bool(rows) + paragraphs


@pass_context
def home_slip(
    context: Context,
    rows: Iterable[tuple[str, object]],
    texts: tuple[str, str, str],
    signer: Content,
    largest: float,
    facts: Iterable[tuple[str, object]] = (),
) -> HomeSlip:
    """Template function: the slip with the largest letters that fit, `largest` at most. Of the texts the first stands
    over the whole width; the last and the facts beside the signature; the second where it takes less room. Empty texts,
    and facts without a value, are left out."""
    content = context.get_all()
    above, movable, asking = map(_plain, texts)
    listed, known = _printed(rows), _printed(fact for fact in facts if fact[1])
    is_marked = content["paper"]["draft"] or content["paper"].get("void")
    slip = HomeSlip(content["office"], listed, [*above, *movable], known, asking, signer, UNDER_LINE * bool(is_marked))
    beside = replace(slip, over=above, beside=[*movable, *asking])
    sizes = (largest - _STEP * step for step in range(round((largest - _SMALLEST) / _STEP) + 1))
    shapes = (replace(arranged, size=size) for size in sizes for arranged in (slip, beside))
    return next((shape for shape in shapes if shape.fits), slip)


def _printed(rows: Iterable[tuple[str, object]]) -> list[Row]:
    return [(label, printed_value(value)) for label, value in rows]


def _plain(text: str) -> list[str]:
    """The text without its markup, as a list of one or none."""
    return [text.striptags() if isinstance(text, Markup) else text] if text.strip() else []


# Of a Kutipan: half of its width, its column of labels (mm), letters of title and text (pt), and what it takes at
# least: gaps around the title, of a row, above the signature; and what all gaps take at most more (pt).
_HALF, _LABELS, _HEAD, _TEXT = 0.5, 42, 11.0, 10.0
_AROUND, _OF_ROW, _ABOVE, _MORE = 6.0, 3.0, 8.0, 48.0


@pass_context
def excerpt_share(
    context: Context, address: list[str], title: str, rows: Iterable[tuple[str, object]], beside: str, signer: Content
) -> float:
    """Template function: how much of the largest gaps of a Kutipan (0 to 1) there is room for."""
    content = context.get_all()
    office, is_marked = content["office"], content["paper"]["draft"] or content["paper"].get("void")
    wide, high = slip_size(office)
    room = width_between_margins(wide)
    listed = (text_height(text, room - _LABELS * PT - _CELL, _TEXT) + _OF_ROW for _, text in _printed(rows))
    heading = text_height(title, room, _HEAD, bold=True) + _AROUND
    named = {**signer, "name": with_degrees(signer.get("name") or "")}
    signed = text_height("A", room, _TEXT) + signature_height(named, _HALF * room - _CELL, _TEXT)
    kop = kop_height(office, room, address, least=KOP, address_size=_ADDRESS)
    text = text_height(" ".join(_plain(beside)), _HALF * room - _CELL, _TEXT)
    left = slip_height(high, UNDER_LINE * bool(is_marked)) - kop - heading - sum(listed) - max(text, signed) - _ABOVE
    return min(1.0, max(0.0, left - _SPARE) / _MORE)
