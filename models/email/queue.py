"""The e-mail queue: rows are written in the transaction of the act, and leased by a worker for sending.

A row has the kind and the state of an e-mail. Text and recipient are composed when it is sent (see `Kinds`), so that
they are not stored unencrypted, and later changes of marks, address or secrecy are respected.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import reduce
from operator import or_

import peewee as pw

from models.complaint.complaint import CaseKey
from models.email.mail_server import ENOUGH
from models.email.message import Words
from models.email.smtp import NO_CONTENT, NO_RECIPIENT
from models.office.people import User
from models.store.base import EMAILS, Model, Moment, among, database
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
AGAIN = (UNKNOWN, GIVEN_UP)  # may be sent again by a user, never automatically
LEASE = timedelta(minutes=10)  # longer than the longest time-out of sending
LONGEST = timedelta(days=3)  # for which sending is retried
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=1), timedelta(hours=4)
CROWDED = timedelta(minutes=20)  # delay if the rate limit of the address is reached
ADDRESS_RETENTION = timedelta(days=90)  # how long the address of a recipient is stored

INTERRUPTED = "Panel berhenti ketika surel ini sedang dikirim. Mungkin terkirim, mungkin tidak."
NO_SERVER = "Server surel belum diatur."
TOO_LONG = "Tidak dapat dikirim selama {days} hari. Terakhir: {sentence}"


class QueuedEmail(Model):
    """One e-mail, of a case or to a user."""

    in_digest = False
    survives_restore = False  # e-mails waiting in a backup were sent since

    key = pw.CharField(max_length=120, unique=True)  # subject and recipient: prevents queueing twice
    kind = pw.CharField(verbose_name="Kepada", max_length=40)  # key of its composer
    event = pw.CharField(verbose_name="Kabar", max_length=40, default="")  # content, in a notation of its kind
    case = pw.ForeignKeyField(CaseKey, column_name="complaint_id", null=True, on_delete="CASCADE", backref="emails")
    user = pw.ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="emails")
    queued_at = Moment(verbose_name="Sejak")
    since = Moment()  # start of the retry period
    state = pw.CharField(verbose_name="Keadaan", max_length=10, choices=tuple(STATES.items()), default=WAITING)
    # Waiting: earliest next try; leased: end of the lease; finished: when its address is to be deleted.
    next_at = Moment(null=True)
    tries = pw.IntegerField(verbose_name="Percobaan", default=0)
    sentence = pw.CharField(verbose_name="Keterangan", max_length=300, default="")
    over_at = Moment(null=True)
    mark = pw.CharField(max_length=40)  # local part of its Message-ID
    address = pw.BlobField(null=True)  # recipient, encrypted under the case's key
    again_by = pw.ForeignKeyField(User, null=True, on_delete="RESTRICT", backref="emails_sent_again")

    class Meta:
        table_name = "queued_letter"
        indexes = ((("state", "next_at"), False),)


# Literal states instead of parameters, so that the database can use the partial index.
OPEN_EMAILS = QueuedEmail.state.in_(pw.SQL(f"('{WAITING}', '{LEASED}', '{UNKNOWN}', '{GIVEN_UP}')"))
QueuedEmail.add_index(QueuedEmail.index(QueuedEmail.id, where=OPEN_EMAILS, name="queued_letter_open"))


@dataclass(frozen=True)
class NewEmail:
    """An e-mail to be queued: unique `key`, `kind` of its composer, and the case or the user that it is for."""

    key: str
    kind: str
    event: str = ""
    case: int | None = None
    user: int | None = None


def queue(emails: Iterable[NewEmail], at: datetime) -> None:
    """Queue e-mails in the open transaction; keys that exist already are skipped."""
    rows = [
        {
            "key": email.key,
            "kind": email.kind,
            "event": email.event,
            "case": email.case,
            "user": email.user,
            "queued_at": at,
            "since": at,
            "next_at": at,
            "mark": secrets.token_urlsafe(18),
        }
        for email in emails
    ]
    if rows:
        QueuedEmail.insert_many(rows).on_conflict_ignore().execute()
        EMAILS.send_after_commit()


def drop_waiting(case: int, event: str) -> None:
    """Delete the waiting e-mails about an act that was recalled before they were sent."""
    same = (QueuedEmail.case == case) & (QueuedEmail.event == event) & (QueuedEmail.state == WAITING)
    QueuedEmail.delete().where(same).execute()


def last_events(cases: Sequence[int], kind: str) -> dict[int, str]:
    """The event of the last e-mail of each case, if that was sent or is waiting."""
    of_cases = among(QueuedEmail.case, cases) & (QueuedEmail.kind == kind)
    latest = QueuedEmail.select(pw.fn.MAX(QueuedEmail.id)).where(of_cases).group_by(QueuedEmail.case)
    sent = QueuedEmail.id.in_(latest) & QueuedEmail.state.in_((WAITING, TAKEN))
    return dict(QueuedEmail.select(QueuedEmail.case, QueuedEmail.event).where(sent).tuples()) if cases else {}


def next_email(at: datetime) -> QueuedEmail | None:
    """The e-mail that has been due longest. One that is due later than the longest pause is due as well: it was queued
    while the clock was fast."""
    due = (QueuedEmail.state == WAITING) & ((QueuedEmail.next_at <= at) | (QueuedEmail.next_at > at + LONGEST_PAUSE))
    email: QueuedEmail | None = QueuedEmail.select().where(due).order_by(QueuedEmail.next_at).first()
    return email


def try_lease(email: QueuedEmail, at: datetime) -> bool:
    """Lease the e-mail for this worker; False if another worker was faster. Committed before anything is sent: a worker
    that dies leaves a lease that expires, and the e-mail is not sent twice."""
    changes = {"state": LEASED, "next_at": at + LEASE, "tries": email.tries + 1}
    same = (QueuedEmail.id == email.id) & (QueuedEmail.state == WAITING) & (QueuedEmail.tries == email.tries)
    leased = QueuedEmail.update(changes).where(same).execute()
    email.tries += 1
    return bool(leased)


def end_broken_leases(at: datetime) -> None:
    """Mark expired leases as unknown: the worker has died, and the e-mail may have been sent."""
    broken = (QueuedEmail.state == LEASED) & (QueuedEmail.next_at <= at)
    QueuedEmail.update(_finished(UNKNOWN, INTERRUPTED, at)).where(broken).execute()


def give_up_old(at: datetime) -> None:
    """Give up e-mails that have waited for LONGEST without a configured server."""
    old = (QueuedEmail.state == WAITING) & (QueuedEmail.since <= at - LONGEST)
    QueuedEmail.update(_finished(GIVEN_UP, NO_SERVER, at)).where(old).execute()


def forget_addresses(at: datetime) -> None:
    """Delete addresses after their retention, and finished e-mails to staff entirely."""
    old = QueuedEmail.state.in_(OVER) & (QueuedEmail.next_at <= at)
    QueuedEmail.delete().where(old & QueuedEmail.user.is_null(False)).execute()
    QueuedEmail.update(address=None, next_at=None).where(old).execute()


def settle(email: QueuedEmail, state: str, sentence: str, at: datetime) -> None:
    """Finish a leased e-mail, if this worker still holds the lease."""
    _settle_as(email, _finished(state, sentence, at))


def retry_later(email: QueuedEmail, sentence: str, at: datetime) -> None:
    """Schedule another try with exponential backoff, or give up after LONGEST."""
    if at - email.since >= LONGEST:
        settle(email, GIVEN_UP, TOO_LONG.format(days=LONGEST.days, sentence=sentence), at)
    else:
        again = at + min(FIRST_PAUSE * 2 ** min(email.tries - 1, 16), LONGEST_PAUSE)
        _settle_as(email, {"state": WAITING, "next_at": again, "sentence": sentence[:300]})


def postpone(email: QueuedEmail, sentence: str, at: datetime) -> None:
    """Delay a waiting e-mail whose address has reached its rate limit, without counting a try."""
    changes = {"next_at": at + CROWDED, "sentence": sentence[:300]}
    QueuedEmail.update(changes).where((QueuedEmail.id == email.id) & (QueuedEmail.state == WAITING)).execute()


def withhold(email: QueuedEmail, sentence: str, at: datetime, state: str = WITHHELD) -> None:
    """Finish a waiting e-mail without sending: it must not be sent any more, or cannot be composed."""
    same = (QueuedEmail.id == email.id) & (QueuedEmail.state == WAITING)
    QueuedEmail.update(_finished(state, sentence, at)).where(same).execute()


def send_again(email: int, by: int, at: datetime) -> bool:
    """Queue a failed e-mail again on request of the user `by`; False if its state does not allow it."""
    changes = {"state": WAITING, "since": at, "next_at": at, "tries": 0, "over_at": None, "again_by": by}
    same = (QueuedEmail.id == email) & QueuedEmail.state.in_(AGAIN)
    with database.atomic():
        EMAILS.send_after_commit()
        return bool(QueuedEmail.update(changes).where(same).execute())


def waiting_since() -> tuple[int, datetime | None]:
    """The number of waiting e-mails, and the start of the oldest."""
    return _counted(QueuedEmail.state == WAITING)


def stuck_since() -> tuple[int, datetime | None]:
    """`waiting_since` without e-mails that wait because of their own address or content."""
    own = (ENOUGH, *(sentence.partition("{")[0] for sentence in (NO_RECIPIENT, NO_CONTENT)))
    own_fault = reduce(or_, map(QueuedEmail.sentence.startswith, own))
    return _counted((QueuedEmail.state == WAITING) & ~own_fault)


def given_up_since(moment: datetime, *, but: str) -> int:
    """The number of e-mails given up since then, of any kind except `but`."""
    lately = (QueuedEmail.state == GIVEN_UP) & (QueuedEmail.next_at > moment + ADDRESS_RETENTION)  # uses the index
    return int(QueuedEmail.select().where(lately & (QueuedEmail.kind != but)).count())


def _counted(which: pw.Expression) -> tuple[int, datetime | None]:
    figures = (pw.fn.COUNT(QueuedEmail.id), pw.fn.MIN(QueuedEmail.since))
    count, since = QueuedEmail.select(*figures).where(which).tuples().get()
    return int(count), QueuedEmail.since.python_value(since)


def _finished(state: str, sentence: str, at: datetime) -> dict[str, object]:
    return {"state": state, "sentence": sentence[:300], "over_at": at, "next_at": at + ADDRESS_RETENTION}


def _settle_as(email: QueuedEmail, changes: dict[str, object]) -> None:
    same = (QueuedEmail.id == email.id) & (QueuedEmail.state == LEASED) & (QueuedEmail.tries == email.tries)
    QueuedEmail.update(changes).where(same).execute()


@dataclass(frozen=True)
class ReadyEmail:
    """A composed e-mail. Unless `named`, the sender has no display name; a `seal` stores the address encrypted."""

    to: str
    words: Words
    named: bool = True
    seal: Seal | None = None


@dataclass(frozen=True)
class WithheldEmail:
    """The sentence why an e-mail is not sent; with `can_be_mended` it may be sent again after a correction."""

    sentence: str
    can_be_mended: bool = False


Composer = Callable[[QueuedEmail, datetime], ReadyEmail | WithheldEmail]
Kinds = Mapping[str, Composer]  # by QueuedEmail.kind
ADDRESS = "letter/address"  # label in the associated data of the encrypted address
