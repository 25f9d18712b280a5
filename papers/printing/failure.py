"""The error for a paper that cannot be printed, and the sentence on when it is retried."""

from datetime import datetime

from papers.layout.phrases import lowered
from sop.words import format_moment

AGAIN = "Panel mencobanya lagi dengan sendirinya pada {} dan setiap kali panel dimulai."
PRINTING = "Pencetakan "  # the subject of failures that a list of failed papers names anyway
AT_ONCE = "Panel sedang mencobanya lagi."


class PrintError(Exception):
    """A paper could not be printed; the message is a sentence for users, `detail` is for the log. For an issued paper
    `of` is its title and `again` the sentence on when it is retried."""

    def __init__(self, sentence: str, detail: str = "", *, of: str = "", again: str = "") -> None:
        super().__init__(sentence)
        self.detail, self.of, self.again = detail, of, again

    @property
    def unprinted(self) -> str:
        """The remark on a paper that is left out because of this failure."""
        return f"Gagal dicetak: {lowered(str(self).removeprefix(PRINTING))}"


def again_words(again_at: datetime | None, at: datetime) -> str:
    """The sentence on when a paper is retried; "" if it is not."""
    if again_at is None:
        return ""
    return AT_ONCE if again_at <= at else AGAIN.format(format_moment(again_at))
