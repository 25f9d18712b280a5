"""The access log: who opened a complaint, and which lists and files told of many; nothing of it is ever rewritten."""

from collections.abc import Sequence

import peewee as pw

from models.office.people import Mandate, User
from models.store import seal
from models.store.base import Model, Moment, database, insert_rows, now
from models.tables.complaint import Complaint
from models.tables.scope import viewer

ASKED = "reading/asked"  # the label that search and filters are sealed under


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
    user = pw.ForeignKeyField(User, on_delete="RESTRICT", index=False)
    at = Moment()
    what = pw.CharField(max_length=60)
    rows = pw.IntegerField()
    asked = pw.BlobField(null=True)  # what was typed, sealed: people search for names
    mandate = pw.ForeignKeyField(Mandate, null=True, on_delete="RESTRICT")

    class Meta:
        indexes = ((("user", "at"), False),)


class ReadCase(Model):
    """A complaint that such a list or file told of."""

    append_only = True
    kept_by_digest = False
    reading = pw.ForeignKeyField(Reading, on_delete="RESTRICT", backref="cases")
    complaint = pw.ForeignKeyField(Complaint, on_delete="RESTRICT")


def note_reading(user: User, what: str, cases: Sequence[int], *, rows: int, asked: str = "") -> None:
    """Note a list or a file: whose, what it was, how many rows, what was searched for, which complaints it told of."""
    sealed = seal.ring().panel.close_text(ASKED, asked)
    with database.atomic():
        reading = Reading.create(
            user=user, at=now(), what=what[:60], rows=rows, asked=sealed, mandate=viewer(user).mandate
        )
        insert_rows(ReadCase, [{"reading": reading.id, "complaint": number} for number in cases])


def asked_for(reading: Reading) -> str:
    """The search and the filters of a reading, in words."""
    return seal.ring().panel.open_text(ASKED, reading.asked)
