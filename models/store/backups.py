"""What is known of the backups: each try as a row, with what the proof of it found, and which key is on paper."""

from collections.abc import Iterable
from datetime import datetime

import peewee as pw

from models.store.base import Json, Model, Moment


class Backup(Model):
    """One backup: of which moment, where it lies, what is in it. Good is one without a fault: it was restored at once
    and was found to say the same; its archive bears its name only since then."""

    append_only = True
    kept_by_digest = False

    at = Moment(verbose_name="Dibuat pada", index=True)
    name = pw.CharField(verbose_name="Cadangan", max_length=80)
    place = pw.CharField(verbose_name="Tempat", max_length=300)
    size = pw.BigIntegerField(verbose_name="Ukuran", default=0)
    sha256 = pw.CharField(max_length=64, default="")
    digest = pw.CharField(max_length=64, default="")
    entries = pw.IntegerField(verbose_name="Catatan riwayat", default=0)
    files = pw.IntegerField(verbose_name="Berkas", default=0)
    lacking = Json(verbose_name="Berkas hilang", default=list)  # their paths
    seconds = pw.IntegerField(verbose_name="Lama (detik)", default=0)
    fault = pw.CharField(verbose_name="Gangguan", max_length=400, default="")

    def __str__(self) -> str:
        return str(self.name)


class ArchiveGone(Model):
    """An archive that was proven once and does not lie in its place any more: let go, or removed by somebody."""

    append_only = True
    kept_by_digest = False

    name = pw.CharField(max_length=80, unique=True)
    place = pw.CharField(max_length=300)
    at = Moment()  # when it was missed first


def names_made(place: str) -> set[str]:
    """The archives that were proven there by this panel."""
    made = Backup.select(Backup.name).where((Backup.place == place) & (Backup.fault == ""))
    return {name for (name,) in made.tuples()}


def note_gone(place: str, there: set[str], at: datetime) -> None:
    """Keep which of them are not among the names that lie there now."""
    known = {name for (name,) in ArchiveGone.select(ArchiveGone.name).tuples()}
    rows = [{"name": name, "place": place, "at": at} for name in sorted(names_made(place) - there - known)]
    if rows:
        ArchiveGone.insert_many(rows).on_conflict_ignore().execute()


def gone_since(names: Iterable[str]) -> dict[str, datetime]:
    """When those of these archives that are gone were missed first, by name."""
    gone = ArchiveGone.select(ArchiveGone.name, ArchiveGone.at).where(ArchiveGone.name.in_(list(names)))
    return dict(gone.tuples())


class KeySheet(Model):
    """That the Lembar Kunci Cadangan of a key was printed, by the key's mark. The history tells it as well, sealed and
    by no index; the row without a mark says that what it told before there was this table has been looked for."""

    kept_by_digest = False

    mark = pw.CharField(primary_key=True, max_length=8)
    at = Moment()


def note_printed(mark: str, at: datetime) -> None:
    """Keep when the sheet of a key was printed last, in the open transaction."""
    kept = KeySheet.insert(mark=mark, at=at)
    kept.on_conflict(conflict_target=[KeySheet.mark], preserve=[KeySheet.at]).execute()


def last_good() -> Backup | None:
    """The one that was proven last, whatever the clock said then."""
    good: Backup | None = Backup.select().where(Backup.fault == "").order_by(Backup.id.desc()).first()
    return good


def last_try() -> Backup | None:
    """The latest, good or not."""
    tried: Backup | None = Backup.select().order_by(Backup.id.desc()).first()
    return tried


def holding(path: str, since: datetime) -> Backup | None:
    """The latest good backup that holds a file which came at a moment."""
    good = Backup.select().where((Backup.fault == "") & (Backup.at >= since)).order_by(Backup.at.desc())
    return next((row for row in good.iterator() if path not in row.lacking), None)


def age(at: datetime) -> float | None:
    """Hours between the last good one and now; None where there has been none. One that lies ahead, by a clock that was
    wrong, is as old as it is far: it tells nothing of today."""
    good = last_good()
    return None if good is None else abs(at - good.at).total_seconds() / 3600
