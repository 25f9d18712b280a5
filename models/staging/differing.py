"""What a row says otherwise than the case that it is already: the words that are gone and those that are new."""

from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from typing import NamedTuple

from models.import_.incoming import IncomingCase
from models.office.people import User
from models.staging.batches import CHANGED, CLOSED, ImportRow
from models.staging.lifting import LiftedNumbers
from models.store.base import among
from models.tables.complaint import Complaint
from models.tables.scope import visible

SAME, GONE, NEW = "", "gone", "new"
AROUND, MOST, LONGEST = 4, 60, 3_000  # words beside a difference; words that are told; words that are compared


class DifferencePiece(NamedTuple):
    """Some words that follow each other, and whether they are in both texts, in the old or in the new one alone."""

    words: str
    kind: str


def differences_of(
    contents: Iterable[tuple[ImportRow, IncomingCase]], user: User
) -> dict[int, tuple[DifferencePiece, ...]]:
    """By line, of rows whose case the person may open and whose words are others there."""
    changed = [(row, case) for row, case in contents if row.verdict in (CHANGED, CLOSED) and row.known_id]
    mine = visible(user, Complaint).where(among(Complaint.id, {row.known_id for row, _ in changed})) if changed else ()
    stories = {c.id: LiftedNumbers().without_numbers(c.__data__["story"]) for c in mine}
    pairs = (
        (row.line, stories[row.known_id], LiftedNumbers().without_numbers(case.story))
        for row, case in changed
        if row.known_id in stories
    )
    return {line: tuple(difference(old, new)) for line, old, new in pairs if old.split() != new.split()}


def difference(old: str, new: str) -> Iterator[DifferencePiece]:
    """The texts beside each other, what they share shortened, as far as there is room."""
    before, after = old.split()[:LONGEST], new.split()[:LONGEST]
    room = MOST
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if room <= 0:
            yield DifferencePiece("…", SAME)
            return
        if kind == "equal":
            words = after[c:d]
            room -= min(len(words), 2 * AROUND)
            ends = b == len(before) and d == len(after)
            yield DifferencePiece(_shortened(words, is_first=a == c == 0, is_last=ends), SAME)
            continue
        for words, is_of in ((before[a:b], GONE), (after[c:d], NEW)):
            if words:
                yield DifferencePiece(" ".join(words[: max(room, 1)]) + (" …" if len(words) > room else ""), is_of)
                room -= len(words)


def _shortened(words: list[str], *, is_first: bool, is_last: bool) -> str:
    """Words that both have: those beside a difference."""
    ahead, behind = (0 if is_first else AROUND), (0 if is_last else AROUND)
    if len(words) <= ahead + behind:
        return " ".join(words)
    return " ".join((*words[:ahead], "…", *(words[-behind:] if behind else ())))
