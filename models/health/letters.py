"""The letter about troubles, composed when it goes: what is wrong and what to do, what is over; nothing of any case."""

from collections.abc import Iterable
from datetime import datetime

from models.health.duties import BY_NAME
from models.health.failing import KIND
from models.health.finding import WELL, WRONG
from models.health.lastlook import DutyState
from models.health.trouble import last_look
from models.mail.letter import Words
from models.office.settings import values
from models.post.kinds import Kinds, ReadyLetter, WithheldLetter
from models.post.queue import QueuedLetter
from sop.access import ADMIN
from sop.words import format_long_moment

SUBJECT_WRONG = "Panel Pengaduan perlu ditangani: {count} hal"
SUBJECT_OVER = "Panel Pengaduan: sudah baik kembali"
TEXT = """\
Yth. Bapak/Ibu,

{parts}

Keadaan yang terbaru ada pada Data induk, Pemeriksaan panel. Surel ini dikirim
kepada setiap Pengelola Sistem, paling banyak sekali sehari untuk hal yang
sama. Surel ini dikirim oleh panel; balasannya tidak dibaca.

{office}
"""
WRONG_HEAD, OVER_HEAD = "Yang perlu ditangani pada panel:", "Yang sudah baik kembali:"
WRONG_LINE, OVER_LINE = "- {title}, sejak {since}:\n  {sentence}\n  {cure}", "- {title}, sejak {since}"
GONE = "Penerimanya bukan lagi Pengelola Sistem, atau tidak lagi memuat alamat surel."
LATER = "Surel yang lebih baru mengabarkannya."


def trouble_letter(letter: QueuedLetter, at: datetime) -> ReadyLetter | WithheldLetter:
    """What this letter was queued for, as it stands when it goes; what a later one tells is left to that."""
    user = letter.user
    if not (user.active and user.email and user.role == ADMIN):
        return WithheldLetter(GONE)
    rows = [row for row in last_look().values() if row.told_at == letter.queued_at]
    lasting, over = _lines_of(rows, WRONG, WRONG_LINE), _lines_of(rows, WELL, OVER_LINE)
    if not (lasting or over):
        return WithheldLetter(LATER)
    parts = "\n\n".join("\n".join(lines) for lines in ([WRONG_HEAD, *lasting], [OVER_HEAD, *over]) if lines[1:])
    subject = SUBJECT_WRONG.format(count=len(lasting)) if lasting else SUBJECT_OVER
    return ReadyLetter(user.email, Words(subject, TEXT.format(parts=parts, office=values()["panel.office"])))


def _lines_of(rows: Iterable[DutyState], state: str, line: str) -> list[str]:
    """One for each that stands so."""
    return [
        line.format(
            title=BY_NAME[row.name].title,
            since=format_long_moment(row.since),
            sentence=row.sentence,
            cure=BY_NAME[row.name].cure,
        )
        for row in rows
        if row.state == state
    ]


KINDS: Kinds = {KIND: trouble_letter}
