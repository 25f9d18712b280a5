"""The access log: who opened a complaint, and which lists and files told of many; nothing of it is ever rewritten."""

import peewee as pw

from models.office.people import Mandate, User
from models.store.base import Model, Moment
from models.tables.complaint import Complaint


class Seen(Model):
    """Who opened a complaint, when and at which version: the access log, and what ends the right to recall."""

    kept_by_digest = False
    complaint = pw.ForeignKeyField(Complaint, on_delete="RESTRICT")
    user = pw.ForeignKeyField(User, on_delete="RESTRICT")
    version = pw.IntegerField()
    at = Moment()
    what = pw.CharField(max_length=60, default="rincian")
    mandate = pw.ForeignKeyField(Mandate, null=True, on_delete="RESTRICT")  # the Surat Tugas that it was read under

    class Meta:
        indexes = ((("complaint", "version"), False),)


class Reading(Model):
    """A list or a file that told of many complaints at once: who, where, how many rows, under which search."""

    append_only = True
    kept_by_digest = False
    user = pw.ForeignKeyField(User, on_delete="RESTRICT")
    at = Moment()
    what = pw.CharField(max_length=60)
    rows = pw.IntegerField()
    asked = pw.BlobField(null=True)  # what was typed, sealed: people search for names
    mandate = pw.ForeignKeyField(Mandate, null=True, on_delete="RESTRICT")


class ReadCase(Model):
    """A complaint that such a list or file told of."""

    append_only = True
    kept_by_digest = False
    reading = pw.ForeignKeyField(Reading, on_delete="RESTRICT", backref="cases")
    complaint = pw.ForeignKeyField(Complaint, on_delete="RESTRICT")
