"""The emblem on the letterhead: kept by its SHA-256 for ever, since papers of its time are printed with it."""

import base64
import hashlib

import peewee as pw

from models.evidence.incoming import MEGABYTE, Offer, emblem_of
from models.evidence.kinds import JPEG
from models.store.base import Model, Moment, now

BUILT_IN = "bawaan"  # the value of the setting where the office wants the panel's own
MOST = 2 * MEGABYTE
SHORT = 32  # letters of the name that stand in an address


class Emblem(Model):
    """The bytes of an emblem. They lie in the database, with which every paper that needs them is backed up."""

    append_only = True
    proof = ""  # the setting that names it is its hash

    sha256 = pw.CharField(max_length=64, unique=True)
    data = pw.BlobField()
    added_at = Moment(default=now)


def drawn_emblem(name: str, data: bytes) -> bytes:
    """What came in, drawn anew as the letterhead needs it. Refused with a sentence if it will not do."""
    return emblem_of(Offer(name, data), most=MOST)


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def keep(data: bytes) -> None:
    """Keep the bytes; those already there stay. Call inside the transaction of the setting."""
    if not Emblem.select().where(Emblem.sha256 == digest(data)).exists():
        Emblem.create(sha256=digest(data), data=data)


def is_own(value: str) -> bool:
    """Whether a value of the setting names an emblem of the office."""
    return value not in ("", BUILT_IN)


def data_of(sha256: str) -> bytes | None:
    """The bytes of an emblem, None where there is none of that name or they are not what they were."""
    row = Emblem.get_or_none(Emblem.sha256 == sha256)
    data = bytes(row.data) if row else b""
    return data if digest(data) == sha256 else None


def short(sha256: str) -> str:
    """Its name in an address."""
    return sha256[:SHORT]


def data_of_short(name: str) -> bytes | None:
    """The bytes of the emblem of this short name."""
    row = Emblem.select(Emblem.sha256).where(pw.fn.SUBSTR(Emblem.sha256, 1, SHORT) == name).first()
    return data_of(row.sha256) if row else None


def inline(data: bytes) -> str:
    """The picture as a part of a page: who prints fetches nothing."""
    return f"data:{JPEG};base64,{base64.b64encode(data).decode()}"
