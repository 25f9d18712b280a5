"""What the unit found when it looked after a settled complaint once more."""

from models.records.base import Record, pw


class Monitoring(Record):
    key, title = "monitoring", "Pemantauan hasil"

    found = pw.TextField(verbose_name="Keadaan yang ditemui")
    lasting = pw.CharField(verbose_name="Hasil bertahan", max_length=5, choices=(("ya", "Ya"), ("tidak", "Tidak")))
