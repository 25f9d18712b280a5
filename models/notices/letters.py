"""The letters to staff: what each says, worked out when it goes, as its reader sees it then. Never of which case.

Those of a link to his account go to everybody, whatever he chose: somebody else may have made it.
"""

import re
from datetime import datetime, timedelta

from models.case.powers import LETTER as LINK
from models.case.powers import whom_to_tell
from models.mail.letter import Words
from models.notices.figures import count_in_words, morning_figures
from models.notices.happened import Happened
from models.office.letterchoice import choice_of
from models.office.people import User
from models.office.settings import values
from models.post.kinds import Kinds, ReadyLetter, WithheldLetter
from models.post.queue import QueuedLetter
from models.tables.accesslog import LINK_USED, PowerUse
from models.tables.scope import viewer
from sop.clock import WIB
from sop.words import format_long_moment

PANEL = "Panel Pengaduan"  # in whose name it comes until the office has said its own
DAILY, AT_ONCE = "staff_daily", "staff_at_once"
OLD = timedelta(days=1)  # after which news are none
LINK_SUBJECT = "Tautan kata sandi akun Anda pada Panel Pengaduan"
SUBJECTS = {DAILY: "Ringkasan Panel Pengaduan", AT_ONCE: "Kabar dari Panel Pengaduan", LINK: LINK_SUBJECT}
TEXT = """\
Yth. Bapak/Ibu,

{opening}

{lines}

Surel ini hanya menyebut jumlah; selebihnya ada pada panel setelah Anda masuk.

Anda menerimanya karena memilihnya pada Akun saya, dan dapat menghentikannya
di sana. Surel ini dikirim oleh panel; balasannya tidak dibaca.

{office}
"""
LINK_TEXT = """\
Yth. Bapak/Ibu,

{what}

Bila Anda tidak memintanya, segera beri tahu {whom}: siapa pun yang
memegang tautan itu dapat membuat kata sandi akun Anda.

Surel ini dikirim oleh panel; balasannya tidak dibaca.

{office}
"""
MADE = "Tautan untuk membuat kata sandi akun Anda dibuat {by}\npada {at}."
USED = "Kata sandi akun Anda dibuat lewat tautan pada {at}\ndari alamat {address}. Tautannya dibuat {by}."
MORNING, SINCE_THEN = "Hari ini pada Panel Pengaduan:", "Baru saja pada Panel Pengaduan ({}):"
BACK = "{} pengaduan dikembalikan kepada Anda atau dibuka kembali"
LATE = "{} pengaduan yang menunggu Anda lewat batas"
AS_EVENT = "kembali {back}, lewat batas {late}"  # as the queue keeps it, and its list shows it
GONE = "Akun penerimanya tidak aktif, atau tidak lagi memuat alamat surel."
UNWANTED = "Penerimanya tidak lagi memilih surel ini."
PAST = "Waktunya sudah lewat."
NOTHING = "Tidak ada lagi yang menunggu penerimanya."


def event_of(happened: Happened) -> str:
    return AS_EVENT.format(back=happened.back, late=happened.late)


def morning_letter(letter: QueuedLetter, at: datetime) -> ReadyLetter | WithheldLetter:
    """What waits at the moment at which it goes, on the day for which it was queued."""
    day = at.astimezone(WIB).date()
    if sentence := _obstacle(letter.user, DAILY):
        return WithheldLetter(sentence)
    if day != letter.queued_at.astimezone(WIB).date():
        return WithheldLetter(PAST)
    lines = morning_figures(viewer(letter.user, day), at).lines
    return _ready(letter, MORNING, lines) if lines else WithheldLetter(NOTHING)


def news_letter(letter: QueuedLetter, at: datetime) -> ReadyLetter | WithheldLetter:
    """What had happened when it was queued, in figures."""
    if sentence := _obstacle(letter.user, AT_ONCE):
        return WithheldLetter(sentence)
    if at - letter.queued_at > OLD:
        return WithheldLetter(PAST)
    counts = zip((BACK, LATE), map(int, re.findall(r"\d+", letter.event)), strict=True)
    lines = [words.format(count_in_words(count)) for words, count in counts if count]
    return _ready(letter, SINCE_THEN.format(format_long_moment(letter.queued_at)), lines)


def link_letter(letter: QueuedLetter, at: datetime) -> ReadyLetter | WithheldLetter:
    """Of a link to his account: that somebody made it, or that it was used."""
    use, user = PowerUse.get_by_id(int(letter.event)), letter.user
    if not (user.active and user.email):
        return WithheldLetter(GONE)
    what = (USED if use.kind == LINK_USED else MADE).format(
        by=use.by.name, at=format_long_moment(use.at), address=use.address or "yang tidak diketahui"
    )
    text = LINK_TEXT.format(what=what, whom=whom_to_tell(user), office=values()["panel.office"] or PANEL)
    return ReadyLetter(user.email, Words(LINK_SUBJECT, text))


def _obstacle(user: User, kind: str) -> str:
    """Why nothing goes to him any more, "" if it may."""
    choice = choice_of(user)
    if not (user.active and user.email):
        return GONE
    return "" if (choice.daily if kind == DAILY else choice.at_once) else UNWANTED


def _ready(letter: QueuedLetter, opening: str, lines: list[str]) -> ReadyLetter:
    told = "\n".join(f"- {line}" for line in lines)
    text = TEXT.format(opening=opening, lines=told, office=values()["panel.office"] or PANEL)
    return ReadyLetter(letter.user.email, Words(SUBJECTS[letter.kind], text))


KINDS: Kinds = {DAILY: morning_letter, AT_ONCE: news_letter, LINK: link_letter}
