"""The queue of letters: written in the transaction that they tell of, leased by a worker; the kinds of letters.

A row says which letter it is and how far it has come. What it says and to whom is worked out when it goes (`Kinds`):
so it lies nowhere in clear, and a mark set since, another address or another secrecy is heeded.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

import peewee as pw

from models.complaint.complaint import CaseKey
from models.letters.letter import Words
from models.letters.mail_server import ENOUGH
from models.letters.smtp import NO_CONTENT, NO_RECIPIENT
from models.office.people import User
from models.store.base import Model, Moment, among, database
from models.store.seal import Seal

WAITING, LEASED, TAKEN, UNKNOWN, GIVEN_UP, WITHHELD = "waiting", "leased", "taken", "unknown", "given_up", "withheld"
STATES = {
    WAITING: "Menunggu",
    LEASED: "Sedang dikirim",
    TAKEN: "Diterima server surel",
    UNKNOWN: "Tidak diketahui",
    GIVEN_UP: "Gagal dikirim",
    WITHHELD: "Tidak dikirim",
}
OVER = (TAKEN, UNKNOWN, GIVEN_UP, WITHHELD)
AGAIN = (UNKNOWN, GIVEN_UP)  # may be sent once more by somebody's click, never by themselves
LEASE = timedelta(minutes=10)  # longer than the patience with the slowest server
LONGEST = timedelta(days=3)  # that a letter waits for a server
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=4)
CROWDED = timedelta(minutes=20)  # until an address that has had enough letters may get the next
ADDRESS_KEPT = timedelta(days=90)  # so long it can be said where a letter went

INTERRUPTED = "Panel berhenti ketika surel ini sedang dikirim. Mungkin terkirim, mungkin tidak."
NO_SERVER = "Server surel belum diatur."
TOO_LONG = "Tidak dapat dikirim selama {days} hari. Terakhir: {sentence}"


class QueuedLetter(Model):
    """One letter, of a case or to a user."""

    kept_by_digest = False
    survives_restore = False  # what a backup had waiting has long been sent

    key = pw.CharField(max_length=120, unique=True)  # of what, to whom: none is queued twice
    kind = pw.CharField(verbose_name="Kepada", max_length=40)  # who composes it
    event = pw.CharField(verbose_name="Kabar", max_length=40, default="")  # what it tells, in a word of its kind
    case = pw.ForeignKeyField(CaseKey, column_name="complaint_id", null=True, on_delete="CASCADE", backref="letters")
    user = pw.ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="letters")
    queued_at = Moment(verbose_name="Sejak")
    since = Moment()  # what patience is counted from
    state = pw.CharField(verbose_name="Keadaan", max_length=10, choices=tuple(STATES.items()), default=WAITING)
    # When it may be tried; of a lease its end; of what is over, when its address is to be forgotten.
    next_at = Moment(null=True)
    tries = pw.IntegerField(verbose_name="Percobaan", default=0)
    sentence = pw.CharField(verbose_name="Keterangan", max_length=300, default="")
    over_at = Moment(null=True)
    mark = pw.CharField(max_length=40)  # of its Message-ID
    address = pw.BlobField(null=True)  # where it went, sealed by the case
    again_by = pw.ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="letters_sent_again")

    class Meta:
        indexes = ((("state", "next_at"), False),)


# Those that somebody looks after: literal, so that the database finds the index by it.
OPEN_LETTERS = QueuedLetter.state.in_(pw.SQL(f"('{WAITING}', '{LEASED}', '{UNKNOWN}', '{GIVEN_UP}')"))
QueuedLetter.add_index(QueuedLetter.index(QueuedLetter.id, where=OPEN_LETTERS, name="queued_letter_open"))


@dataclass(frozen=True)
class NewLetter:
    """A letter to be queued: `key` names it for good, `kind` who composes it; it is of a case or to a user."""

    key: str
    kind: str
    event: str = ""
    case: int | None = None
    user: int | None = None


def queue(letters: Iterable[NewLetter], at: datetime) -> None:
    """Queue letters in the open transaction; of what is queued already, nothing."""
    rows = [
        {
            "key": letter.key,
            "kind": letter.kind,
            "event": letter.event,
            "case": letter.case,
            "user": letter.user,
            "queued_at": at,
            "since": at,
            "next_at": at,
            "mark": secrets.token_urlsafe(18),
        }
        for letter in letters
    ]
    if rows:
        QueuedLetter.insert_many(rows).on_conflict_ignore().execute()


def drop_waiting(case: int, event: str) -> None:
    """What a case's act would have told is not told: the act was taken back before the letter went."""
    same = (QueuedLetter.case == case) & (QueuedLetter.event == event) & (QueuedLetter.state == WAITING)
    QueuedLetter.delete().where(same).execute()


def last_events(cases: Sequence[int], kind: str) -> dict[int, str]:
    """What the last letter of each case tells, by case, where that has gone or waits."""
    of_cases = among(QueuedLetter.case, cases) & (QueuedLetter.kind == kind)
    latest = QueuedLetter.select(pw.fn.MAX(QueuedLetter.id)).where(of_cases).group_by(QueuedLetter.case)
    told = QueuedLetter.id.in_(latest) & QueuedLetter.state.in_((WAITING, TAKEN))
    return dict(QueuedLetter.select(QueuedLetter.case, QueuedLetter.event).where(told).tuples()) if cases else {}


def next_letter(at: datetime) -> QueuedLetter | None:
    """The letter that has waited longest past its time. None is put off for longer than the longest pause: what seems
    to be was queued while the clock ran ahead."""
    due = (QueuedLetter.state == WAITING) & ((QueuedLetter.next_at <= at) | (QueuedLetter.next_at > at + LONGEST_PAUSE))
    letter: QueuedLetter | None = QueuedLetter.select().where(due).order_by(QueuedLetter.next_at).first()
    return letter


def is_leased(letter: QueuedLetter, at: datetime) -> bool:
    """Take the letter in hand; False if somebody else was faster. It stands in the database before a word of it is
    said: whoever is killed afterwards leaves a lease that ends, and no letter that goes twice."""
    changes = {"state": LEASED, "next_at": at + LEASE, "tries": letter.tries + 1}
    same = (QueuedLetter.id == letter.id) & (QueuedLetter.state == WAITING) & (QueuedLetter.tries == letter.tries)
    taken = QueuedLetter.update(changes).where(same).execute()
    letter.tries += 1
    return bool(taken)


def end_broken_leases(at: datetime) -> None:
    """The worker that had leased these is gone: how far it came is unknown."""
    broken = (QueuedLetter.state == LEASED) & (QueuedLetter.next_at <= at)
    QueuedLetter.update(_over(UNKNOWN, INTERRUPTED, at)).where(broken).execute()


def give_up_old(at: datetime) -> None:
    """Where no server has been set for so long, what waits is not sent any more."""
    old = (QueuedLetter.state == WAITING) & (QueuedLetter.since <= at - LONGEST)
    QueuedLetter.update(_over(GIVEN_UP, NO_SERVER, at)).where(old).execute()


def forget_addresses(at: datetime) -> None:
    """Where letters went is known for so long and no longer, and of those to staff by then nothing."""
    old = QueuedLetter.state.in_(OVER) & (QueuedLetter.next_at <= at)
    QueuedLetter.delete().where(old & QueuedLetter.user.is_null(False)).execute()
    QueuedLetter.update(address=None, next_at=None).where(old).execute()


def settle(letter: QueuedLetter, state: str, sentence: str, at: datetime) -> None:
    """What became of a letter that somebody had in hand, if it is still his."""
    _settle_as(letter, _over(state, sentence, at))


def put_back(letter: QueuedLetter, sentence: str, at: datetime) -> None:
    """It was not sent: another try after a pause that grows, until it has waited too long."""
    if at - letter.since >= LONGEST:
        settle(letter, GIVEN_UP, TOO_LONG.format(days=LONGEST.days, sentence=sentence), at)
    else:
        again = at + min(FIRST_PAUSE * 2 ** min(letter.tries - 1, 16), LONGEST_PAUSE)
        _settle_as(letter, {"state": WAITING, "next_at": again, "sentence": sentence[:300]})


def postpone(letter: QueuedLetter, sentence: str, at: datetime) -> None:
    """Not now, and no try either: its address has had enough letters for a while."""
    changes = {"next_at": at + CROWDED, "sentence": sentence[:300]}
    QueuedLetter.update(changes).where((QueuedLetter.id == letter.id) & (QueuedLetter.state == WAITING)).execute()


def withhold(letter: QueuedLetter, sentence: str, at: datetime, state: str = WITHHELD) -> None:
    """It does not go: what it would say is not to be said, or cannot be composed."""
    same = (QueuedLetter.id == letter.id) & (QueuedLetter.state == WAITING)
    QueuedLetter.update(_over(state, sentence, at)).where(same).execute()


def send_again(letter: int, by: int, at: datetime) -> bool:
    """Somebody has decided that it goes once more; False if it is not, or no longer, one of those."""
    changes = {"state": WAITING, "since": at, "next_at": at, "tries": 0, "over_at": None, "again_by": by}
    same = (QueuedLetter.id == letter) & QueuedLetter.state.in_(AGAIN)
    with database.atomic():
        return bool(QueuedLetter.update(changes).where(same).execute())


def waiting_since() -> tuple[int, datetime | None]:
    """How many wait, and since when the first of them."""
    return _counted(QueuedLetter.state == WAITING)


def stuck_since() -> tuple[int, datetime | None]:
    """The same of those that wait for the server, not for what is the matter with their own address or content."""
    own = (ENOUGH, *(sentence.partition("{")[0] for sentence in (NO_RECIPIENT, NO_CONTENT)))
    of_themselves = reduce(or_, map(QueuedLetter.sentence.startswith, own))
    return _counted((QueuedLetter.state == WAITING) & ~of_themselves)


def given_up_since(moment: datetime, *, but: str) -> int:
    """How many were given up since then, of any kind but this."""
    lately = (QueuedLetter.state == GIVEN_UP) & (QueuedLetter.next_at > moment + ADDRESS_KEPT)  # as the index holds it
    return int(QueuedLetter.select().where(lately & (QueuedLetter.kind != but)).count())


def _counted(which: pw.Expression) -> tuple[int, datetime | None]:
    figures = (pw.fn.COUNT(QueuedLetter.id), pw.fn.MIN(QueuedLetter.since))
    count, since = QueuedLetter.select(*figures).where(which).tuples().get()
    return int(count), QueuedLetter.since.python_value(since)


def _over(state: str, sentence: str, at: datetime) -> dict[str, object]:
    return {"state": state, "sentence": sentence[:300], "over_at": at, "next_at": at + ADDRESS_KEPT}


def _settle_as(letter: QueuedLetter, changes: dict[str, object]) -> None:
    same = (QueuedLetter.id == letter.id) & (QueuedLetter.state == LEASED) & (QueuedLetter.tries == letter.tries)
    QueuedLetter.update(changes).where(same).execute()


@dataclass(frozen=True)
class ReadyLetter:
    """A letter as it goes now. One that is not `named` is not sent in the office's name; with a `seal` it is kept for
    a while where it went."""

    to: str
    words: Words
    named: bool = True
    seal: Seal | None = None


@dataclass(frozen=True)
class WithheldLetter:
    """None goes, and why, in a sentence for the office; one that `can_be_mended` may be sent again once it was."""

    sentence: str
    can_be_mended: bool = False


Composer = Callable[[QueuedLetter, datetime], ReadyLetter | WithheldLetter]
Kinds = Mapping[str, Composer]  # by the word of QueuedLetter.kind
ADDRESS = "letter/address"  # the label under which it is sealed
