"""Evidence of a case as rows: files kept sealed under VAR_DIR, or what is kept elsewhere and where."""

import peewee as pw

from models.fields.contacts import mask_typed
from models.office.people import User
from models.store.base import Model, Moment
from models.tables.complaint import Complaint


class Attachment(Model):
    """Evidence of a case: a file as kept (sealed) under VAR_DIR, or what is kept elsewhere and where (`place`).

    `sha256` is of the file as people see it; what is kept elsewhere has none, and no path.
    """

    append_only = True
    not_digested = ("path",)
    proof = "Bukti"

    complaint = pw.ForeignKeyField(Complaint, on_delete="RESTRICT", backref="attachments")
    name = pw.CharField(verbose_name="Nama berkas", max_length=160)
    kind = pw.CharField(verbose_name="Jenis", max_length=40)
    size = pw.IntegerField(verbose_name="Ukuran (bita)")
    sha256 = pw.CharField(max_length=64)
    path = pw.CharField(max_length=200)
    place = pw.CharField(verbose_name="Disimpan di", max_length=200, default="")
    act = pw.CharField(verbose_name="Langkah", max_length=40, default="")
    added_by = pw.ForeignKeyField(User, on_delete="RESTRICT")
    added_at = Moment(verbose_name="Ditambahkan pada")

    def __str__(self) -> str:
        return str(self.name)


mask_typed(Attachment, ("name", "place"))
