"""What is told when a paper cannot be printed."""


class PrintError(Exception):
    """A paper could not be printed; the message is a sentence for people, `detail` is for the log."""

    def __init__(self, sentence: str, detail: str = "") -> None:
        super().__init__(sentence)
        self.detail = detail
