"""Half a sheet that the pengadu takes home (Tanda Terima, Slip Janji): letters as large as there is room for."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from papers.layout.formats import Content
from papers.layout.glyphs import MISSING, width
from papers.layout.phrases import capitals, printed_value, with_degrees
from papers.layout.slips import (
    EXCERPT,
    FOOT,
    HOME_SIDES,
    PT,
    SIGNING,
    SIZES,
    UNDER_CLEAR,
    as_printed,
    home_kop_height,
    is_cut,
    signature_height,
    slip_height,
    slip_size,
    text_height,
    width_between_margins,
)

Row = tuple[str, str]  # label and value
Text = tuple[str, bool]  # a paragraph, and whether it begins in bold
_SMALLEST, _STEP = 10.0, 0.5  # pt; one step less where it saves a second page
_TITLE, _NUMBER, _ADDRESS = 12.0, 11.0, 10.0  # pt: the smallest letters of title and number, those of the address
_SIGNED = 12.0  # pt: the largest letters of a signature and of what stands beside it
_HEADING, _BETWEEN, _PARTED = 7.0, 4.0, 6.0  # pt: around title and number, a part; more below evidence that is one
_ROW, _CLOSE_ROW = 1.2, 0.2  # pt: around a row, and around one that stands closer
_CELL, _CLOSE_CELL, _WIDE_CELL = 10.0, 7.0, 18.0  # pt: right of a cell, of one beside a signature, of a crowded one
# Percent of the width for what stands beside the signature: in calm letters, which leave its title on one line, and
# their longest line its telephone number; in large and in larger ones, that need more of the width for the title; and
# where nothing stands beside a long name or title.
_WIDE, _LESS, _EVEN, _NARROW = 57, 54, 50, 38
_BESIDE_ALL = (50, 54, 58, 64)  # where all but the opening stands beside it
_LARGE, _CALM = 11.0, 10.5  # pt: larger letters are those; those for which the evidence leaves the rows
_GAPS, _AIR = 5, 10.0  # how many gaps take what is to spare, and the most that one of them takes (pt)
_APART = 8.0  # pt: from the widest label to its colon
_LEGEND, _SPARE = 24.0, 3.0  # pt: what ▯ means, free
_CLOSE = 1.15 / 1.17  # of the height of lines that `text_height` measures: how close those of a slip stand
# mm: where the text of a second page begins: below the code, how much lower with a mark; below a mark and what it goes
# on from; below that alone
_UNDER_CODE, _LOWER, _UNDER_BOTH, _UNDER_HEAD = 28, 3, 20, 16
_LAST, _BLANK = 2, 14.0  # promises that go along to the signature's page; the most (pt) that stands free above one
_PARTING = 4  # lines that a page may leave empty, so that what belongs together is not parted


@dataclass(frozen=True)
class HomeSlip:
    """The texts of a slip: rows of label and value (`rows`, `facts`) and paragraphs, over the whole width (`over`) and
    beside the signature (`beside`, and the facts if they are `aside`, or run in as `told`); the size of its letters and
    what is around a row (pt)."""

    office: Content
    rows: Sequence[Row]
    over: Sequence[Text]
    facts: Sequence[Row]
    beside: Sequence[Text]
    signer: Content
    down: float  # mm: how far a mark moves it down
    second: float  # mm: where the text of a second page begins
    size: float = _SMALLEST
    share: int = _WIDE
    aside: bool = False
    told: Sequence[Row] = ()
    row: float = _ROW

    @property
    def title(self) -> float:
        return max(self.size + 1, _TITLE)

    @property
    def number(self) -> float:
        return max(self.size, _NUMBER)

    @property
    def signed(self) -> float:
        """The size of the letters of the signature and of what stands beside it."""
        return min(self.size, _SIGNED)

    @property
    def colon(self) -> float:
        """The width (pt) of a colon's column."""
        return 0.9 * self.size

    @property
    def label(self) -> float:
        """The width (pt) of the labels of all rows, the widest of which takes one line."""
        return max((width(label) for label, _ in (*self.rows, *self.facts)), default=0) * self.size + _APART

    @property
    def gutter(self) -> float:
        """The space (pt) right of what stands beside the signature; more where that is all of it."""
        return _WIDE_CELL if self.aside else _CLOSE_CELL

    @property
    def margin(self) -> float:
        """The space (pt) right of the signature; none where it has a narrow column."""
        return 0 if self.aside else _CLOSE_CELL

    @property
    def hand(self) -> float:
        """The width (pt) of the signature's column."""
        return (100 - self.share) / 100 * self._wide - self.margin

    @property
    def keeps_title(self) -> bool:
        """Whether each line of the signer's title stands on one line."""
        titles = capitals(self.signer.get("title") or "")
        return all(width(f"{line},") * self.signed <= self.hand for line in titles)

    @cached_property
    def _wide(self) -> float:
        return width_between_margins(slip_size(self.office)[0])

    @cached_property
    def _left(self) -> float:
        texts = (
            *(text for row in (*self.rows, *self.facts) for text in row),
            *(text for text, _ in (*self.over, *self.beside, *_run_in(self.told))),
        )
        legend = _LEGEND * any(MISSING in as_printed(text) for text in (*texts, *map(str, self.signer.values())))
        return slip_height(slip_size(self.office)[1], self.down) - self.height() - legend - _SPARE

    @property
    def fits(self) -> bool:
        return self._left >= 0

    @property
    def fits_on_two(self) -> bool:
        """Whether it has room on two pages, and needs both."""
        further = self._further
        parting = _PARTING * _high("A", self._wide, self.size)
        return self._ending <= further and -further <= self._left - parting < 0

    @property
    def apart(self) -> float:
        """What stands free (pt) above each promise but the first of a page, of what two pages have to spare."""
        first = self._heading + self._paragraphs([*self.over, *_joined(self.rows[:-_LAST])], self._wide, self.size)
        free = slip_height(slip_size(self.office)[1], self.down) - first - _SPARE
        return max(0.0, min(_BLANK, free / max(1, len(self.rows) - _LAST), (self._further - self._ending) / _LAST))

    @property
    def _further(self) -> float:
        """The height (pt) of what a second page has room for."""
        sheet = SIZES.get(self.office["size"], SIZES["F4"])[1] if is_cut(self.office) else slip_size(self.office)[1]
        return (sheet - FOOT - 2 - self.second) * PT

    @property
    def _ending(self) -> float:
        """The height (pt) of what goes along to the signature's page: with all promises also what opens them."""
        opening = self.over if len(self.rows) <= _LAST else []
        going = [*opening, *_joined(self.rows[-_LAST:])]
        last = self._paragraphs(going, self._wide, self.size) if self.facts else 0
        return last + self._table(self.facts, self._wide - self.label, self.size) + self._hand() + _SPARE

    @property
    def air(self) -> float:
        """What each gap between its parts may take (pt) of the height that is to spare."""
        return min(_AIR, max(0.0, self._left) / _GAPS)

    def height(self) -> float:
        """The height of all of it (pt)."""
        tables = (self.rows,) if self.aside else (self.rows, self.facts)
        over = sum(self._table(rows, self._wide - self.label, self.size) for rows in tables)
        return self._heading + over + self._paragraphs(self.over, self._wide, self.size) + self._hand()

    @property
    def _heading(self) -> float:
        """The height (pt) of letterhead, title and number."""
        kop = home_kop_height(self.office, self._wide, _ADDRESS)
        return kop + _HEADING + sum(_high("A", self._wide, size) for size in (self.title, self.number))

    def _hand(self) -> float:
        """The height (pt) of the signature, or of what stands beside it."""
        column = self.share / 100 * self._wide - self.gutter
        beside = self._paragraphs([*_run_in(self.told), *self.beside], column, self.signed)
        beside += _PARTED * len(self.beside[1:])  # the evidence stands farther above the sentence
        if self.aside:
            beside += self._table(self.facts, column - self.label, self.signed)
        title, name = (self.signer.get(of) or "" for of in ("title", "name"))
        signer = {**self.signer, "title": title and f"{title},", "name": with_degrees(name)}
        signature = SIGNING + (signature_height(signer, self.hand, self.signed) - SIGNING) * _CLOSE
        return max(beside, signature) + _BETWEEN

    def _table(self, rows: Sequence[Row], room: float, size: float) -> float:
        """The height (pt) of rows whose colons and values have that room."""
        values = (text.splitlines() or [text] for _, text in rows)
        high = (sum(_high(line, room - self.colon, size) for line in value) + self.row for value in values)
        return sum(high) + _BETWEEN * bool(rows)

    def _paragraphs(self, texts: Sequence[Text], wide: float, size: float) -> float:
        return sum(_high(text, wide, size, bold=bold) + _BETWEEN for text, bold in texts)


@pass_context
def home_slip(
    context: Context,
    rows: Iterable[tuple[str, object]],
    texts: tuple[str, str],
    signer: Content,
    largest: float,
    facts: Iterable[tuple[str, object]] = (),
    evidence: Row = ("", ""),
) -> HomeSlip:
    """Template function: the slip with the largest letters that fit on one page, or else on two; `largest` at most. The
    first of the texts stands over the whole width; the second beside the signature, or over a wide one; the evidence
    among the rows, or where it has no room there, in a paragraph. Empty texts, and facts without a value, are left
    out."""
    content = context.get_all()
    above, asking = map(_plain, texts)
    listed, known = _printed(rows), _printed(fact for fact in facts if fact[1])
    slip = HomeSlip(content["office"], listed, above, known, asking, signer, *_moved_down(content))
    pieces = [evidence] if evidence[1] else []
    shapes = _with_facts(slip, _sizes(largest)) if known else _on_one_page(slip, pieces, _sizes(largest))
    parted = replace(slip, over=[*above, *_run_in(pieces)])
    on_two = _in_sizes((parted,), _sizes(largest if known else _SIGNED))
    fitting = chain((shape for shape in shapes if shape.fits), (shape for shape in on_two if shape.fits_on_two))
    return next(fitting, parted)


def _moved_down(content: Content) -> tuple[float, float]:
    """How far (mm) a mark moves the first page down, and where the text of the second begins."""
    paper = content["paper"]
    is_marked = bool(paper["draft"] or paper.get("void"))
    has_code = bool(content.get("code")) and not paper["draft"]
    second = _UNDER_CODE + _LOWER * is_marked if has_code else _UNDER_BOTH if is_marked else _UNDER_HEAD
    return UNDER_CLEAR * is_marked, second


def _with_facts(slip: HomeSlip, sizes: Sequence[float]) -> Iterator[HomeSlip]:
    """The shapes that may fit of a slip with facts, the best first: those run in beside the signature, whose title
    keeps its line, where there is no room above it; with rows that stand closer where those have none."""
    run_in = replace(slip, facts=(), told=slip.facts)
    for size in sizes:
        yield from _in_sizes((slip,), [size])
        if size <= _LARGE:
            beside = [replace(run_in, share=share, size=size) for share in _BESIDE_ALL]
            kept = [shape for shape in beside if shape.keeps_title]
            yield from kept
            yield from (replace(shape, row=_CLOSE_ROW) for shape in kept)


def _on_one_page(slip: HomeSlip, pieces: list[Row], sizes: Sequence[float]) -> Iterator[HomeSlip]:
    """The shapes that may fit, the best first; `pieces` is the row of the evidence, if there is any."""
    whole = replace(slip, rows=[*slip.rows, *pieces])
    beside = replace(slip, beside=[*_run_in(pieces), *slip.beside])
    wide = replace(whole, over=[*slip.over, *slip.beside], beside=[], share=_NARROW)
    close = replace(whole, row=_CLOSE_ROW)
    for some in ([size for size in sizes if size >= _CALM], [size for size in sizes if size < _CALM]):
        for size in some:  # rather rows that stand closer than letters smaller than those of other papers
            yield from _in_sizes((whole, wide, close) if size <= _LARGE else (whole, wide), [size])
        yield from _in_sizes((beside,), some)
    for shape in (whole, beside) if pieces else (slip,):
        yield from (replace(shape, rows=(), facts=shape.rows, aside=True, share=share) for share in _BESIDE_ALL)
    yield replace(beside, size=_SMALLEST - _STEP)


def _high(text: str, room: float, size: float, *, bold: bool = False) -> float:
    """The height (pt) of a paragraph of a slip in a column of `room` (pt)."""
    return text_height(text, room, size, bold=bold) * _CLOSE


def _sizes(largest: float) -> list[float]:
    return [largest - _STEP * step for step in range(round((largest - _SMALLEST) / _STEP) + 1)]


def _run_in(rows: Iterable[Row]) -> list[Text]:
    return [(f"{label}: {' '.join(text.split())}.", False) for label, text in rows]


def _joined(rows: Iterable[Row]) -> list[Text]:
    return [(" ".join(row), True) for row in rows]


def _in_sizes(shapes: Sequence[HomeSlip], sizes: Iterable[float]) -> Iterator[HomeSlip]:
    return (_sized(shape, size) for size in sizes for shape in shapes)


def _sized(slip: HomeSlip, size: float) -> HomeSlip:
    share = _EVEN if size > _LARGE else _LESS if size > _CALM else _WIDE
    return replace(slip, size=size, share=share if slip.share == _WIDE else slip.share)


def _printed(rows: Iterable[tuple[str, object]]) -> list[Row]:
    return [(label, printed_value(value)) for label, value in rows]


def _plain(text: str) -> list[Text]:
    """The text without its markup, as a list of one or none."""
    plain = text.striptags() if isinstance(text, Markup) else text
    return [(plain, "<b>" in text)] if text.strip() else []


# Of a Kutipan: its column of labels (mm), letters of title and text (pt), and what it takes at
# least: gaps around the title, of a row, above the signature; and what all gaps take at most more (pt).
_LABELS, _HEAD, _TEXT = 42, 11.0, 10.0
_AROUND, _OF_ROW, _ABOVE, _MORE = 6.0, 5.4, 8.0, 42.0


@pass_context
def excerpt_share(
    context: Context, title: str, rows: Iterable[tuple[str, object]], beside: str, signer: Content
) -> float:
    """Template function: how much of the largest gaps of a Kutipan (0 to 1) there is room for."""
    content = context.get_all()
    office, is_marked = content["office"], content["paper"]["draft"] or content["paper"].get("void")
    wide, high = slip_size(office)
    room = width_between_margins(wide)
    listed = (text_height(text, room - _LABELS * PT - _CELL, _TEXT) + _OF_ROW for _, text in _printed(rows))
    heading = text_height(title, room - (HOME_SIDES[1] - HOME_SIDES[0]) * PT, _HEAD, bold=True) + _AROUND
    named = {**signer, "name": with_degrees(signer.get("name") or "")}
    signed = text_height("A", room, _TEXT) + signature_height(named, (1 - EXCERPT / 100) * room - _CELL, _TEXT)
    kop = home_kop_height(office, room, _ADDRESS)
    text = text_height(" ".join(text for text, _ in _plain(beside)), EXCERPT / 100 * room - _CELL, _TEXT)
    left = slip_height(high, UNDER_CLEAR * bool(is_marked)) - kop - heading - sum(listed) - max(text, signed) - _ABOVE
    return min(1.0, max(0.0, left - _SPARE) / _MORE)
