"""The recap that was issued for signature: its number, its range, and its content as frozen."""

import hashlib
import json

import peewee as pw

from models.office.people import User
from models.store.base import Model, Moment
from models.store.seal import BrokenSeal
from models.tables.number import Number
from models.tables.paper import Content


class RecapPaper(Model):
    """One that was issued: never changed, printed from its frozen content ever after."""

    append_only = True
    proof = "Rekapitulasi"

    number = pw.ForeignKeyField(Number, unique=True, on_delete="RESTRICT")
    first = pw.DateField()
    last = pw.DateField()
    counted = pw.CharField(max_length=64, index=True)  # of what it says but for number, moment and history
    content = pw.TextField()
    sha256 = pw.CharField(max_length=64)
    issued_by = pw.ForeignKeyField(User, on_delete="RESTRICT")
    issued_at = Moment(index=True)


def content_of_recap(paper: RecapPaper) -> Content:
    """As it was frozen; BrokenSeal if these are not the words that were hashed."""
    if hashlib.sha256(paper.content.encode()).hexdigest() != paper.sha256:
        raise BrokenSeal
    content: Content = json.loads(paper.content)
    return content
