"""Duties about recent failures (requests, e-mails) and about backups: whether one is proven, separate and printable."""

import json
import os
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from models.case.sheets import KEY_SHEET_TITLE
from models.complaint.event import Event, bodies
from models.email.queue import given_up_since, waiting_since
from models.email.smtp import installed_outbox
from models.office.people import User
from models.office.settings import BACKUP, values
from models.operations import archive, checks
from models.operations.backup_location import ArchiveFolder
from models.operations.backup_schedule import location_taken, plan_in_force
from models.operations.checks import EnvironmentContext, Finding, unknown, unset, well, wrong
from models.store import installation
from models.store.backups import KeySheet, last_good, names_made, record_key_printed
from models.store.base import database
from sop.clock import WIB
from sop.words import format_moment, format_number

LATELY = timedelta(days=1)
MOST = 1_000  # failures are counted up to this
TURNED_OVER = ".1"  # suffix of the rotated log file
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")
KIND = "trouble"  # of the alert e-mails: their own failures are not counted, or each would cause the next

UNLOGGED = "Panel tidak mencatat gangguan pada server ini (REQUEST_LOG=off)."
NONE = "Tidak ada halaman yang gagal dijawab dalam 24 jam terakhir."
FAILED = "{count} halaman gagal dijawab karena gangguan panel dalam 24 jam terakhir, yang terakhir {last}."
NO_MAIL = "Surel belum diatur, jadi gangguan tidak dikabarkan."
NO_LETTERS = "Tidak ada surel yang menunggu."
LEAVING = "{count} surel menunggu giliran."
GIVEN_UP = "{count} surel gagal dikirim dalam 24 jam terakhir."


def answers(place: EnvironmentContext) -> Finding:
    """Requests answered with 500 or 503 in the last day, from the log file, which outlives the process."""
    if place.failures is None:
        return unknown(UNLOGGED)
    moments = list(_moments_since(place.failures, place.at - LATELY))
    if not moments:
        return well(NONE)
    count = f"Lebih dari {format_number(MOST)}" if len(moments) > MOST else format_number(len(moments))
    return wrong(FAILED.format(count=count, last=format_moment(moments[0])))


def _moments_since(log: Path, since: datetime) -> Iterator[datetime]:
    """The latest first, at most MOST + 1. Lines without a valid time are skipped: the file is untrusted input."""
    counted = 0
    for line in _lines_from_the_end(log):
        moment = _moment_of(line)
        if moment is not None:
            if moment <= since or counted > MOST:
                return
            counted += 1
            yield moment


def _lines_from_the_end(log: Path) -> Iterator[str]:
    for file in (log, log.with_name(log.name + TURNED_OVER)):
        if file.is_file():
            yield from reversed(file.read_text(encoding="utf-8", errors="replace").splitlines())


def _moment_of(line: str) -> datetime | None:
    try:
        entry = json.loads(line)
    except ValueError:
        return None
    text = entry.get("at") if isinstance(entry, dict) else None
    if not (isinstance(text, str) and MOMENT.fullmatch(text)):
        return None
    try:
        return datetime.fromisoformat(text).astimezone(WIB)
    except ValueError:
        return None


def emails(place: EnvironmentContext) -> Finding:
    """E-mails that have waited for hours, and those that failed for good in the last day."""
    lost = given_up_since(place.at - LATELY, but=KIND)
    faults = [checks.mail(place), GIVEN_UP.format(count=format_number(lost)) if lost else ""]
    if any(faults):
        return wrong(" ".join(filter(None, faults)))
    if installed_outbox() is None:
        return unset(NO_MAIL)
    count, _ = waiting_since()
    return well(LEAVING.format(count=format_number(count)) if count else NO_LETTERS)


WALKED = ""  # not a key's mark: the row that records that the history was already searched for printed sheets
BLOCKS = Path("/sys/dev/block")  # Linux: device number -> the disks below

PROVEN = "Cadangan terakhir yang teruji dibuat {at}."
FIRST = "Cadangan pertama belum dibuat; panel membuatnya beberapa menit setelah tempatnya diisi."
NOWHERE = "Tempat cadangan belum diisi, dan tidak ada catatan bahwa kantor menyalin data dengan cara lain."
OTHERWISE, OTHERS = "Diatur sendiri oleh kantor: {note}.", "Diatur sendiri oleh kantor."
UNNAMED = "Tempat cadangan belum diisi."
FAR = "Cadangan disimpan pada komputer lain."
UNREACHED = "Tempat cadangan pada komputer lain; belum ada cadangan di sana, sehingga belum terbukti terjangkau."
ELSEWHERE = "Cadangan disimpan pada diska lain daripada data panel."
SAME = "Cadangan disimpan pada diska yang sama dengan data panel; bila diska itu rusak, keduanya hilang."
ABSENT = "Folder cadangan tidak ada; mungkin diskanya tidak terpasang."
PRINTED = "Lembar untuk kunci yang dipakai sekarang dicetak {at}."
UNPRINTED = "Lembar untuk kunci yang dipakai sekarang belum pernah dicetak."
UNREAD = "Riwayat belum ditelusuri untuk lembar yang lama; panel melakukannya tidak lama setelah dimulai."
KEYLESS = "Belum ada kunci cadangan; panel membuatnya bersama cadangan yang pertama."


def verified_backup(place: EnvironmentContext) -> Finding:
    """As in /health/ready, but also wrong if no backup is configured at all, and if this panel is a copy whose role has
    not been decided."""
    if role := installation.status(place.var):
        return (unknown if role == installation.TRIAL else wrong)(installation.sentence(place.var))
    if not plan_in_force().place:
        note = own_backup_note()
        return unknown(OTHERWISE.format(note=note)) if note else wrong(NOWHERE)
    if fault := location_taken() or checks.backup(place):  # also if the last good one is recent
        return wrong(fault)
    good = last_good()
    return well(PROVEN.format(at=format_moment(good.at))) if good else unknown(FIRST)


def other_disk(place: EnvironmentContext) -> Finding:
    """Whether backups are stored on another disk than the panel's data."""
    folder = ArchiveFolder(plan_in_force().place)
    if not folder.url:
        return _without_place()
    if not folder.is_here:
        return well(FAR) if names_made(folder.url) else unknown(UNREACHED)
    where = Path(folder.folder)
    if not where.is_dir():
        return wrong(ABSENT)
    return wrong(SAME) if disks_of(where) & disks_of(place.var) else well(ELSEWHERE)


def printed_sheet(place: EnvironmentContext) -> Finding:
    """Whether the sheet of the current backup key has been printed."""
    if not plan_in_force().place:
        return _without_place()
    if not (place.var / archive.FILE).exists():
        return unknown(KEYLESS)
    sheet = KeySheet.get_or_none(KeySheet.mark == archive.key_fingerprint(archive.key_from(place.var)))
    if sheet is None and not _is_history_read():
        return unknown(UNREAD)
    return well(PRINTED.format(at=format_moment(sheet.at))) if sheet else wrong(UNPRINTED)


def own_backup_note() -> str:
    """The office's note on its own way of backing up, "" if it wrote none. Not for e-mails: it may name the person who
    keeps the key sheet."""
    return str(values()[BACKUP]).strip().rstrip(".")


def _without_place() -> Finding:
    return unknown(OTHERS) if own_backup_note() else unset(UNNAMED)


def disks_of(folder: Path, blocks: Path = BLOCKS) -> frozenset[str]:
    """The physical disks under a folder: partitions count as their disk, RAID and LVM as each of theirs. The device
    number of the file system if /sys does not know it."""
    device = os.stat(folder).st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    node = blocks / number
    return frozenset(_disks_under(node.resolve())) if node.exists() else frozenset((number,))


def _disks_under(node: Path) -> set[str]:
    slaves = list((node / "slaves").iterdir()) if (node / "slaves").is_dir() else []
    if slaves:
        return {disk for slave in slaves for disk in _disks_under(slave.resolve())}
    return {node.parent.name if (node / "partition").exists() else node.name}


def backfill_key_sheets(at: datetime) -> None:
    """Backfill `KeySheet` once per database: older versions recorded printed sheets only in the encrypted history,
    among the edits that users made to their own accounts, which are scanned for it."""
    if _is_history_read():
        return
    with database.atomic():
        record_key_printed(WALKED, at)
        for mark, printed in _sheets_in_history():
            record_key_printed(mark, printed)


def _is_history_read() -> bool:
    return bool(KeySheet.select().where(KeySheet.mark == WALKED).exists())


def _sheets_in_history() -> list[tuple[str, datetime]]:
    prefix, of_accounts = f"mencetak {KEY_SHEET_TITLE} bertanda ", f"{User._meta.table_name}:"
    edits = Event.select().where((Event.act == "edit") & Event.subject.startswith(of_accounts))
    own = [entry for entry in edits.iterator() if entry.subject == f"{of_accounts}{entry.user_id}"]
    acts = ((str(body.get("what", "")), entry.at) for entry, body in zip(own, bodies(own, {}).values(), strict=True))
    return [(what.removeprefix(prefix), at) for what, at in acts if what.startswith(prefix)]
