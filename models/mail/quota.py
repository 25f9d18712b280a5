"""How many letters one address gets within an hour, whoever sends them: kept in the database, by a keyed hash."""

from datetime import timedelta

import peewee as pw

from models.store import seal
from models.store.base import Model, Moment, database, now

MOST, WITHIN = 3, timedelta(hours=1)
ENOUGH = f"Alamat ini sudah atau sedang dikirimi {MOST} surel dalam satu jam. Serahkan langsung, atau coba lagi nanti."


class MailedAddress(Model):
    """One letter to one address, until an hour has passed."""

    kept_by_digest = False
    survives_restore = False  # what was sent since the backup is not known to it either

    key = pw.CharField(max_length=40, index=True)
    at = Moment(default=now)


def take_place(address: str) -> int | None:
    """Count a letter before it is sent, by the number under which it can be taken back; None if there were enough."""
    at, key = now(), seal.ring().mark("mail/address", address.lower()).hex()
    with database.atomic():
        MailedAddress.delete().where((MailedAddress.at <= at - WITHIN) | (MailedAddress.at > at)).execute()
        if MailedAddress.select().where(MailedAddress.key == key).count() >= MOST:
            return None
        return int(MailedAddress.create(key=key, at=at).id)


def give_back(place: int) -> None:
    """A letter that was not sent counts for nothing."""
    MailedAddress.delete().where(MailedAddress.id == place).execute()
