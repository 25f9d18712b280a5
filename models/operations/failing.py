"""What has failed of late, and whether what is lost today could be had again from a backup."""

import json
import os
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from models.case.sheets import KEY_SHEET_TITLE
from models.complaint.event import Event, bodies
from models.letters.queue import given_up_since, waiting_since
from models.letters.smtp import installed_outbox
from models.office.people import User
from models.office.settings import BACKUP, values
from models.operations import archive, checks
from models.operations.checks import Finding, Surroundings, unknown, well, wrong
from models.operations.nightly import place_taken, plan_in_force
from models.operations.place import ArchiveFolder
from models.store import installation
from models.store.backups import KeySheet, last_good, names_made, note_printed
from models.store.base import database
from sop.clock import WIB
from sop.words import format_moment, format_number

LATELY = timedelta(days=1)
MOST = 1_000  # failures that are counted
TURNED_OVER = ".1"  # what the log's file is called once it is full
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d")
KIND = "trouble"  # of the letters that tell of all this: they are not counted, or each would bring about the next

UNLOGGED = "Panel tidak mencatat gangguan pada server ini (REQUEST_LOG=off)."
NONE = "Tidak ada halaman yang gagal dijawab dalam 24 jam terakhir."
FAILED = "{count} halaman gagal dijawab karena gangguan panel dalam 24 jam terakhir, yang terakhir {last}."
NO_MAIL = "Surel belum diatur, jadi gangguan tidak dikabarkan."
NO_LETTERS = "Tidak ada surel yang menunggu."
LEAVING = "{count} surel menunggu giliran."
GIVEN_UP = "{count} surel gagal dikirim dalam 24 jam terakhir."


def answers(place: Surroundings) -> Finding:
    """How many requests have ended with 500 or 503, and when the last one did. The log outlives the process."""
    if place.failures is None:
        return unknown(UNLOGGED)
    moments = list(_moments_since(place.failures, place.at - LATELY))
    if not moments:
        return well(NONE)
    count = f"Lebih dari {format_number(MOST)}" if len(moments) > MOST else format_number(len(moments))
    return wrong(FAILED.format(count=count, last=format_moment(moments[0])))


def _moments_since(log: Path, since: datetime) -> Iterator[datetime]:
    """The latest first, and no more than one above the most. Anybody may have written into a file: what is no moment
    there is passed over."""
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
        said = json.loads(line)
    except ValueError:
        return None
    word = said.get("at") if isinstance(said, dict) else None
    if not (isinstance(word, str) and MOMENT.fullmatch(word)):
        return None
    try:
        return datetime.fromisoformat(word).astimezone(WIB)
    except ValueError:
        return None


def letters(place: Surroundings) -> Finding:
    """Those that the mail server has not taken for hours, and those that were given up since yesterday."""
    lost = given_up_since(place.at - LATELY, but=KIND)
    faults = [checks.mail(place), GIVEN_UP.format(count=format_number(lost)) if lost else ""]
    if any(faults):
        return wrong(" ".join(filter(None, faults)))
    if installed_outbox() is None:
        return unknown(NO_MAIL)
    count, _ = waiting_since()
    return well(LEAVING.format(count=format_number(count)) if count else NO_LETTERS)


WALKED = ""  # the mark of no key: the row by which it is known that nobody needs to walk the history any more
BLOCKS = Path("/sys/dev/block")  # by number of the device, where Linux tells what it lies on

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


def proven_backup(place: Surroundings) -> Finding:
    """As /health/ready asks it; but here an office that has arranged nothing at all is in danger, too, and so is one
    that works on a copy of its panel of which nobody has decided what it is."""
    if word := installation.standing(place.var):
        return (unknown if word == installation.TRIAL else wrong)(installation.sentence(place.var))
    if not plan_in_force().place:
        note = arranged_otherwise()
        return well(OTHERWISE.format(note=note)) if note else wrong(NOWHERE)
    if fault := place_taken() or checks.backup(place):  # the last good one may be of an hour ago
        return wrong(fault)
    good = last_good()
    return well(PROVEN.format(at=format_moment(good.at))) if good else unknown(FIRST)


def other_disk(place: Surroundings) -> Finding:
    """Whether the place outlives the disk that the panel's data lie on."""
    folder = ArchiveFolder(plan_in_force().place)
    if not folder.url:
        return _without_place()
    if not folder.is_here:
        return well(FAR) if names_made(folder.url) else unknown(UNREACHED)
    where = Path(folder.folder)
    if not where.is_dir():
        return wrong(ABSENT)
    return wrong(SAME) if disks_of(where) & disks_of(place.var) else well(ELSEWHERE)


def printed_sheet(place: Surroundings) -> Finding:
    """Whether the key that seals the backups of today has ever been on paper."""
    if not plan_in_force().place:
        return _without_place()
    if not (place.var / archive.FILE).exists():
        return unknown(KEYLESS)
    sheet = KeySheet.get_or_none(KeySheet.mark == archive.mark_of(archive.key_from(place.var)))
    if sheet is None and not _is_history_read():
        return unknown(UNREAD)
    return well(PRINTED.format(at=format_moment(sheet.at))) if sheet else wrong(UNPRINTED)


def arranged_otherwise() -> str:
    """How the office copies in its own way, "" if it has not said so. Who holds the sheet may stand there: no letter
    tells it."""
    return str(values()[BACKUP]).strip().rstrip(".")


def _without_place() -> Finding:
    return well(OTHERS) if arranged_otherwise() else unknown(UNNAMED)


def disks_of(folder: Path, blocks: Path = BLOCKS) -> frozenset[str]:
    """The disks that a folder lies on: two partitions of one are lost together, and what is laid over several with
    each of them. Where Linux does not tell, the file system stands for its disk."""
    device = os.stat(folder).st_dev
    number = f"{os.major(device)}:{os.minor(device)}"
    node = blocks / number
    return frozenset(_disks_under(node.resolve())) if node.exists() else frozenset((number,))


def _disks_under(node: Path) -> set[str]:
    below = list((node / "slaves").iterdir()) if (node / "slaves").is_dir() else []
    if below:
        return {disk for each in below for disk in _disks_under(each.resolve())}
    return {node.parent.name if (node / "partition").exists() else node.name}


def look_for_sheets(at: datetime) -> None:
    """Once in the life of a database: which sheets were printed before that was kept by itself stands in the history
    alone, sealed, where no index finds it. What people changed in their own accounts is walked through for it."""
    if _is_history_read():
        return
    with database.atomic():
        note_printed(WALKED, at)
        for mark, printed in _sheets_in_history():
            note_printed(mark, printed)


def _is_history_read() -> bool:
    return bool(KeySheet.select().where(KeySheet.mark == WALKED).exists())


def _sheets_in_history() -> list[tuple[str, datetime]]:
    begun, of_accounts = f"mencetak {KEY_SHEET_TITLE} bertanda ", f"{User._meta.table_name}:"
    edits = Event.select().where((Event.act == "edit") & Event.subject.startswith(of_accounts))
    own = [entry for entry in edits.iterator() if entry.subject == f"{of_accounts}{entry.user_id}"]
    said = ((str(body.get("what", "")), entry.at) for entry, body in zip(own, bodies(own, {}).values(), strict=True))
    return [(what.removeprefix(begun), at) for what, at in said if what.startswith(begun)]
