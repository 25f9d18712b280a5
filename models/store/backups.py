"""The backups on record: a row for each attempt with the result of its test restore, and which key was printed."""

from collections.abc import Iterable
from datetime import datetime

import peewee as pw

from models.store.base import Json, Model, Moment


class Backup(Model):
    """One backup attempt. Without a `fault` it is good: a test restore gave the same digest, and only then was the
    archive renamed to its final name."""

    append_only = True
    in_digest = False

    at = Moment(verbose_name="Dibuat pada", index=True)
    name = pw.CharField(verbose_name="Cadangan", max_length=80)
    place = pw.CharField(verbose_name="Tempat", max_length=300)
    size = pw.BigIntegerField(verbose_name="Ukuran", default=0)
    sha256 = pw.CharField(max_length=64, default="")
    digest = pw.CharField(max_length=64, default="")
    entries = pw.IntegerField(verbose_name="Catatan riwayat", default=0)
    files = pw.IntegerField(verbose_name="Berkas", default=0)
    lacking = Json(verbose_name="Berkas hilang", default=list)  # paths
    seconds = pw.IntegerField(verbose_name="Lama (detik)", default=0)
    fault = pw.CharField(verbose_name="Gangguan", max_length=400, default="")

    def __str__(self) -> str:
        return str(self.name)


class ArchiveGone(Model):
    """An archive that was verified once and is no longer in its place: rotated out, or deleted."""

    append_only = True
    in_digest = False

    name = pw.CharField(max_length=80, unique=True)
    place = pw.CharField(max_length=300)
    at = Moment()  # when it was first found missing


def names_made(place: str) -> set[str]:
    """Names of the archives in `place` that this panel has verified."""
    made = Backup.select(Backup.name).where((Backup.place == place) & (Backup.fault == ""))
    return {name for (name,) in made.tuples()}


def record_missing_archives(place: str, there: set[str], at: datetime) -> None:
    """Record the verified archives of `place` that are not among the names `there` now."""
    known = {name for (name,) in ArchiveGone.select(ArchiveGone.name).tuples()}
    rows = [{"name": name, "place": place, "at": at} for name in sorted(names_made(place) - there - known)]
    if rows:
        ArchiveGone.insert_many(rows).on_conflict_ignore().execute()


def missing_since(names: Iterable[str]) -> dict[str, datetime]:
    """When each missing archive of these names was first found missing, by name."""
    gone = ArchiveGone.select(ArchiveGone.name, ArchiveGone.at).where(ArchiveGone.name.in_(list(names)))
    return dict(gone.tuples())


class KeySheet(Model):
    """When the Lembar Kunci Cadangan of a key was last printed, by the key's mark. The history has it as well, but
    sealed and without an index; a row with an empty mark says that entries older than this table were searched."""

    in_digest = False

    mark = pw.CharField(primary_key=True, max_length=8)
    at = Moment()


def record_key_printed(mark: str, at: datetime) -> None:
    """Store when the sheet of a key was last printed; runs in the open transaction."""
    printed = KeySheet.insert(mark=mark, at=at)
    printed.on_conflict(conflict_target=[KeySheet.mark], preserve=[KeySheet.at]).execute()


def last_good() -> Backup | None:
    """The last verified backup by id, so that a wrong clock does not matter."""
    good: Backup | None = Backup.select().where(Backup.fault == "").order_by(Backup.id.desc()).first()
    return good


def last_try() -> Backup | None:
    tried: Backup | None = Backup.select().order_by(Backup.id.desc()).first()
    return tried


def backup_with(path: str, since: datetime) -> Backup | None:
    """The latest good backup since a moment that contains the file."""
    good = Backup.select().where((Backup.fault == "") & (Backup.at >= since)).order_by(Backup.at.desc())
    return next((row for row in good.iterator() if path not in row.lacking), None)


def age(at: datetime) -> float | None:
    """Hours between the last good backup and `at`; None without any. One dated in the future, by a wrong clock, counts
    as that many hours old: it says nothing about today."""
    good = last_good()
    return None if good is None else abs(at - good.at).total_seconds() / 3600
