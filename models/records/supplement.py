"""A statement or evidence that came later, or the input of another addressed unit."""

from models.records.base import Record, pw


class Supplement(Record):
    key, title = "supplement", "Keterangan tambahan"

    source = pw.CharField(verbose_name="Dari", max_length=120, default="", help_text="Siapa yang menyampaikan.")
    statement = pw.TextField(verbose_name="Keterangan")
