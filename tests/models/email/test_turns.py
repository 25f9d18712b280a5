"""When an e-mail is due, and when its retries are over: at that very moment, not one later."""

from datetime import timedelta

from models.email import queue
from models.email.queue import NewEmail, QueuedEmail
from models.store.base import now
from tests.office import Office

TICK = timedelta(microseconds=1)


def queued(key: str, **columns: object) -> QueuedEmail:
    queue.queue([NewEmail(key, "uji")], now())
    QueuedEmail.update(**columns).where(QueuedEmail.key == key).execute()
    return QueuedEmail.get(key=key)


def test_it_is_tried_from_its_moment_on(office: Office) -> None:
    at = now()
    email = queued("a", next_at=at)
    assert [queue.next_email(moment) for moment in (at - TICK, at)] == [None, email]


def test_a_lease_is_broken_and_patience_is_over_at_the_moment_that_ends_them(office: Office) -> None:
    at = now()
    leased = queued("a", state=queue.LEASED, next_at=at)
    waiting = queued("b", since=at - queue.LONGEST)
    tried = queued("c", since=at - queue.LONGEST, state=queue.LEASED, next_at=at + queue.LEASE, tries=1)
    for moment, states in (
        (at - TICK, [queue.LEASED, queue.WAITING, queue.WAITING]),
        (at, [queue.UNKNOWN, queue.GIVEN_UP, queue.GIVEN_UP]),
    ):
        QueuedEmail.update(state=queue.LEASED).where(QueuedEmail.id == tried.id).execute()
        queue.end_broken_leases(moment)
        queue.give_up_old(moment)
        queue.retry_later(tried, "Server tidak menjawab.", moment)
        assert [QueuedEmail.get_by_id(one.id).state for one in (leased, waiting, tried)] == states
