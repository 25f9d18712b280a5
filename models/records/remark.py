"""Why a detour was taken: a reason from the office's list, and free words."""

from models.records.base import ReasonField, Record, pw


class Remark(Record):
    key, title = "remark", "Keterangan langkah"
    gist = in_place = ("reason", "note")

    reason = ReasonField(verbose_name="Alasan", max_length=160, default="")
    note = pw.TextField(verbose_name="Keterangan", default="")
