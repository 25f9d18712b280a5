"""What the verdict on each made row must be, derived from what it was made of."""

from collections.abc import Iterable, Iterator

from models.complaint.repeats import words_of
from models.imports.tables import mended
from tests.made_lapor.making import MadeRow
from tests.made_texts.making import JUNK

FEW = 8  # words that two people may happen to write alike


def expected_verdicts(rows: Iterable[MadeRow]) -> Iterator[str]:
    """In the order of the rows."""
    before: set[str] = set()
    for row in rows:
        words = words_of(mended(row.story))
        name = "" if "anonymous" in row.odd else row.text.pengadu
        said = " ".join(words) if len(words) >= FEW else f"{name}/{row.text.title}/{' '.join(words)}"
        key = f"{row.text.kelurahan}/{said}"
        junk = row.text.story in JUNK and row.text.title in JUNK
        if junk and "bullets" not in row.odd:
            yield "refused"
        elif {"other office", "elsewhere"} & row.odd:
            yield "forwarded"
        elif key in before:
            yield "repeat"
        else:
            before.add(key)
            yield "short" if junk else "new"  # "satu dua" is little, but something
