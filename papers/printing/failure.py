"""What is told when a paper cannot be printed."""

from datetime import datetime

from sop.words import format_moment

AGAIN = "Panel mencobanya lagi dengan sendirinya pada {} dan setiap kali panel dimulai."
AT_ONCE = "Panel sedang mencobanya lagi."


class PrintError(Exception):
    """A paper could not be printed; the message is a sentence for people, `detail` is for the log. Of an issued paper
    also which one, and when it is tried again."""

    def __init__(self, sentence: str, detail: str = "", *, of: str = "", again: str = "") -> None:
        super().__init__(sentence)
        self.detail, self.of, self.again = detail, of, again


def again_words(again_at: datetime | None, at: datetime) -> str:
    """When the press tries a paper again, in a sentence; "" for one that it does not try."""
    if again_at is None:
        return ""
    return AT_ONCE if again_at <= at else AGAIN.format(format_moment(again_at))
