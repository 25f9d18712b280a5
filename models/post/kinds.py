"""What the letters of a kind say and to whom, worked out at the moment at which each goes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from models.mail.letter import Words
from models.post.queue import QueuedLetter
from models.store.seal import Seal


@dataclass(frozen=True)
class ReadyLetter:
    """A letter as it goes now. One that is not `named` is not sent in the office's name; with a `seal` it is kept for
    a while where it went."""

    to: str
    words: Words
    named: bool = True
    seal: Seal | None = None


@dataclass(frozen=True)
class WithheldLetter:
    """None goes, and why, in a sentence for the office; one that `can_be_mended` may be sent again once it was."""

    sentence: str
    can_be_mended: bool = False


Composer = Callable[[QueuedLetter, datetime], ReadyLetter | WithheldLetter]
Kinds = Mapping[str, Composer]  # by the word of QueuedLetter.kind
ADDRESS = "letter/address"  # the label under which it is sealed
