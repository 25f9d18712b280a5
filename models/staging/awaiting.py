"""A file whose columns nobody has mapped yet: kept sealed until that is done, for a day at most, one of each person."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

import orjson
import peewee as pw

from models.evidence.names import visible_text
from models.office.people import User
from models.staging.lifting import LiftedNumbers
from models.store import seal
from models.store.base import Model, Moment, database

KEPT = timedelta(days=1)
LONGEST_NAME = 200
_FILE, _HEADS = "file", "heads"


class AwaitingFile(Model):
    """The file as it came, under a key of its own: with the row the key goes."""

    proof = ""  # nothing of it is anybody's case yet
    kept_by_digest = False
    survives_restore = False

    public_id = pw.CharField(max_length=32, unique=True)
    by = pw.ForeignKeyField(User, unique=True, on_delete="RESTRICT")
    name = pw.CharField(max_length=LONGEST_NAME)
    zone = pw.CharField(max_length=20)
    came_at = Moment(index=True)
    wrapped = pw.BlobField()
    heads = pw.BlobField()
    content = pw.BlobField()

    @property
    def until(self) -> datetime:
        came: datetime = self.came_at
        return came + KEPT

    def heads_told(self) -> list[str]:
        """The heads of its columns."""
        heads: list[str] = orjson.loads(self._seal().open_text(_HEADS, self.heads))
        return heads

    def opened(self) -> bytes:
        """Its bytes as they came."""
        return self._seal().open(_FILE, self.content)

    def _seal(self) -> seal.Seal:
        return seal.ring().open_case(self.public_id, self.wrapped)


def keep_waiting(data: bytes, name: str, zone: str, heads: Sequence[str], by: User, at: datetime) -> AwaitingFile:
    """Keep a file in place of the one that the person has waiting. In its name no number of a person stays."""
    public_id = secrets.token_urlsafe(12)
    wrapped, key = seal.ring().new_case_key(public_id)
    sealed_heads, sealed = key.close_text(_HEADS, orjson.dumps(list(heads)).decode()), key.close(_FILE, data)
    with database.atomic():
        clear_waiting(at)
        AwaitingFile.delete().where(AwaitingFile.by == by).execute()
        kept: AwaitingFile = AwaitingFile.create(
            public_id=public_id,
            by=by,
            name=LiftedNumbers().without_numbers(visible_text(name))[-LONGEST_NAME:],
            zone=zone,
            came_at=at,
            wrapped=wrapped,
            heads=sealed_heads,
            content=sealed,
        )
    return kept


def waiting_file(by: User, at: datetime, public_id: str = "") -> AwaitingFile | None:
    """The file that the person has waiting, this one or any; without its bytes, which are read when they are needed."""
    light = [field for field in AwaitingFile._meta.sorted_fields if field.name != "content"]
    mine = (AwaitingFile.by == by) & (AwaitingFile.came_at > at - KEPT)
    wanted = mine & (AwaitingFile.public_id == public_id) if public_id else mine
    found: AwaitingFile | None = AwaitingFile.select(*light).where(wanted).first()
    return found


def content_of(waiting: AwaitingFile) -> bytes:
    """What it is; empty where it has gone meanwhile."""
    row = AwaitingFile.get_or_none(AwaitingFile.id == waiting.id)
    return row.opened() if row else b""


def let_go(waiting: AwaitingFile) -> bool:
    """It is read, or not wanted: it goes with its key. Whether it was still there."""
    return bool(AwaitingFile.delete().where(AwaitingFile.id == waiting.id).execute())


def clear_waiting(at: datetime) -> None:
    """Those that nobody can go on with any more."""
    AwaitingFile.delete().where(AwaitingFile.came_at <= at - KEPT).execute()
