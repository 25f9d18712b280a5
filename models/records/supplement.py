"""A statement or evidence that came later, or the input of another addressed unit."""

from collections.abc import Mapping

from models.records.base import Blanks, Record, pw

LINE = 200  # letters: a longer text needs no label


class Supplement(Record):
    key, title = "supplement", "Keterangan tambahan"

    source = pw.CharField(verbose_name="Dari", max_length=120, default="", help_text="Siapa yang menyampaikan.")
    statement = pw.TextField(verbose_name="Keterangan")

    @classmethod
    def taken_over(cls, pairs: Mapping[str, str], by: str) -> Blanks:
        told = [text if "\n" in text or len(text) > LINE else f"{label}: {text}" for label, text in pairs.items()]
        return {"source": by, "statement": "\n".join(told)}
