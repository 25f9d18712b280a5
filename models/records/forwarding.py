"""To which other institution a complaint goes that is not this office's business."""

from models.records.base import Blanks, ReasonField, Record, pw


class Forwarding(Record):
    key, title = "forwarding", "Penerusan ke instansi lain"

    institution = pw.CharField(verbose_name="Diteruskan kepada instansi", max_length=200)
    reason = ReasonField(verbose_name="Alasan", max_length=160, default="")
    note = pw.TextField(verbose_name="Keterangan", default="")

    @classmethod
    def result(cls, blanks: Blanks) -> str:
        return f"Diteruskan kepada {blanks['institution']}."
