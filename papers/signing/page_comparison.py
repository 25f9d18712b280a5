"""Whether the pages of two PDFs say and show the same; runs in the child process, with pypdfium2 and Pillow.

Text is compared without white space, and without the text of annotations. Pages are drawn with their annotations, at
150 dpi, and where that shows any difference again at 300 dpi: at 150, a 5 for a 6 would pass for antialiasing. There a
pixel differs if in one of its colours it is more than twice as dark, or as light, as every pixel around it in the other
drawing, and LEAST of 255 beyond that: so antialiasing and a shift by a pixel do not count, as a program that rewrites a
file may cause.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from papers.signing.file_structure import Corners, SignaturePlace

COARSE, FINE = 150 / 72, 300 / 72  # pixels a point
LONGEST = 5_000  # pixels of the longer side
LEAST = 24  # of 255
INK = 200  # of 255: darker is ink


class PageChange(StrEnum):
    """What became of a page."""

    SAME = "same"
    SIGNED = "signed"  # something drawn, in the places of signatures only
    COVERED = "covered"  # a signature is drawn over what is printed
    OUTSIDE = "outside"  # a signature is drawn outside of its place
    CHANGED = "changed"
    MISSING = "missing"
    ADDED = "added"


_SENTENCES = {
    PageChange.COVERED: "halaman {} berbeda dari yang diterbitkan: tanda tangan menutupi isinya.",
    PageChange.OUTSIDE: "halaman {} berbeda dari yang diterbitkan: tanda tangan tampak di luar tempatnya.",
    PageChange.CHANGED: "halaman {} berbeda dari yang diterbitkan.",
    PageChange.MISSING: "halaman {} dari dokumen yang diterbitkan tidak ada.",
    PageChange.ADDED: "halaman {} tidak ada pada dokumen yang diterbitkan.",
}


@dataclass(frozen=True)
class ComparedPage:
    """A page by its number, of the returned file if it was ADDED, else of the paper, and what became of it."""

    number: int
    change: PageChange


def difference_sentence(pages: Iterable[ComparedPage]) -> str:
    """The sentence about the first page that differs; "" if none does."""
    return next((_SENTENCES[page.change].format(page.number) for page in pages if page.change in _SENTENCES), "")


def compare_pages(
    original: bytes, returned: bytes, *, places: Iterable[SignaturePlace] = (), are_own: bool = True
) -> list[ComparedPage]:
    """What became of each page. In `places` a signature may be drawn: `are_own` if the paper itself left them free;
    else what is drawn there must not touch what is printed."""
    import pypdfium2

    issued, came = pypdfium2.PdfDocument(original), pypdfium2.PdfDocument(returned)
    if came.get_formtype():
        came.init_forms()  # without it the widgets are not drawn
    compared = []
    for ours, theirs in _pairs([_page_text(page) for page in issued], [_page_text(page) for page in came]):
        if ours is None or theirs is None:
            number = theirs if ours is None else ours
            change = PageChange.ADDED if ours is None else PageChange.MISSING
            compared.append(ComparedPage((number or 0) + 1, change))
            continue
        corners = [place.corners for place in places if place.page == ours]
        compared.append(ComparedPage(ours + 1, _change(issued[ours], came[theirs], corners, are_own=are_own)))
    return compared


def _page_text(page: Any) -> str:
    return "".join(page.get_textpage().get_text_range().split())


def _pairs(issued: list[str], came: list[str]) -> Iterator[tuple[int | None, int | None]]:
    """The pages that belong together, by their text if one is missing or was added; None stands for no page."""
    if len(issued) == len(came):
        yield from ((number, number) for number in range(len(issued)))
        return
    for _, ours, end, theirs, their_end in SequenceMatcher(None, issued, came, autojunk=False).get_opcodes():
        for step in range(max(end - ours, their_end - theirs)):
            yield (
                ours + step if ours + step < end else None,
                theirs + step if theirs + step < their_end else None,
            )


def _change(issued: Any, came: Any, places: Sequence[Corners], *, are_own: bool) -> PageChange:
    if any(abs(one - two) > 0.5 for one, two in zip(issued.get_size(), came.get_size(), strict=True)):
        return PageChange.CHANGED
    if _page_text(issued) != _page_text(came):
        return PageChange.CHANGED
    change = PageChange.SAME
    for dots in (COARSE, FINE):
        scale = min(dots, LONGEST / max(issued.get_size()))
        before, after = _drawn(issued, scale), _drawn(came, scale)
        if before.size == after.size and before.tobytes() == after.tobytes():
            return PageChange.SAME
        boxes = _in_pixels(issued, places, scale)
        change = _drawn_change(before, after, boxes, are_own=are_own)
        if change in (PageChange.COVERED, PageChange.OUTSIDE):
            unsigned = _drawn(came, scale, may_draw_forms=False, draw_annots=False)
            is_signature = _drawn_change(before, unsigned, (), are_own=True) is PageChange.SAME
            return change if is_signature else PageChange.CHANGED
    return change


def _drawn(page: Any, scale: float, **how: bool) -> Any:
    """The page as an RGB picture."""
    return page.render(scale=scale, **how).to_pil().convert("RGB")


def _in_pixels(page: Any, places: Iterable[Corners], scale: float) -> list[Corners]:
    """The places in the pixels of a picture, from left and top, a pixel larger all around."""
    _, high = page.get_size()
    return [
        (left * scale - 1, (high - top) * scale - 1, right * scale + 1, (high - foot) * scale + 1)
        for left, foot, right, top in places
    ]


def _drawn_change(before: Any, after: Any, places: Sequence[Corners], *, are_own: bool) -> PageChange:
    from PIL import ImageChops, ImageDraw

    if before.size != after.size:
        return PageChange.CHANGED
    area = ImageChops.difference(before, after).getbbox()
    if area is None:
        return PageChange.SAME
    left, top = max(area[0] - 2, 0), max(area[1] - 2, 0)
    around = (left, top, min(area[2] + 2, before.width), min(area[3] + 2, before.height))
    lost, added = _differences(before.crop(around), after.crop(around))
    if lost.getbbox():
        return PageChange.COVERED
    if not added.getbbox():
        return PageChange.SAME
    outside = added.copy()
    for box in places:
        ImageDraw.Draw(outside).rectangle((box[0] - left, box[1] - top, box[2] - left, box[3] - top), fill=0)
    if outside.getbbox():
        return PageChange.OUTSIDE
    touched = ImageChops.darker(added, _near_ink(before.crop(around)))
    return PageChange.COVERED if touched.getbbox() and not are_own else PageChange.SIGNED


def _differences(before: Any, after: Any) -> tuple[Any, Any]:
    """Masks of the pixels that are lighter than before, and of those that are darker."""
    from PIL import ImageChops

    dark, dark_after = ImageChops.invert(before), ImageChops.invert(after)
    lost = ImageChops.lighter(_beyond(dark, dark_after), _beyond(after, before))
    added = ImageChops.lighter(_beyond(dark_after, dark), _beyond(before, after))
    return _mask(lost), _mask(added)


def _beyond(picture: Any, other: Any) -> Any:
    """By how much each pixel exceeds twice the greatest of its neighbourhood in the other picture."""
    from PIL import ImageChops
    from PIL.ImageFilter import MaxFilter

    return ImageChops.subtract(picture, other.filter(MaxFilter(3)).point(lambda value: min(2 * value, 255)))


def _mask(by_colour: Any) -> Any:
    from PIL import ImageChops

    red, green, blue = by_colour.split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue).point(lambda value: 255 * (value > LEAST))


def _near_ink(picture: Any) -> Any:
    from PIL.ImageFilter import MinFilter

    return picture.convert("L").filter(MinFilter(3)).point(lambda value: 255 * (value < INK))
