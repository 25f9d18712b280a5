"""The error for a paper that cannot be printed, and the sentence on when it is retried."""

from datetime import datetime

from sop.words import format_moment

AGAIN = "Panel mencobanya lagi dengan sendirinya pada {} dan setiap kali panel dimulai."
AT_ONCE = "Panel sedang mencobanya lagi."


class PrintError(Exception):
    """A paper could not be printed; the message is a sentence for users, `detail` is for the log. For an issued paper
    `of` is its title and `again` the sentence on when it is retried."""

    def __init__(self, sentence: str, detail: str = "", *, of: str = "", again: str = "") -> None:
        super().__init__(sentence)
        self.detail, self.of, self.again = detail, of, again


def again_words(again_at: datetime | None, at: datetime) -> str:
    """The sentence on when a paper is retried; "" if it is not."""
    if again_at is None:
        return ""
    return AT_ONCE if again_at <= at else AGAIN.format(format_moment(again_at))
