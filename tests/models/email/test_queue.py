"""The queue of e-mails, by a real server on loopback: nothing is lost, nothing goes twice, and no act waits."""

import smtplib
import threading
import time
from datetime import timedelta

import pytest
import time_machine

from models.email import queue, sending
from models.email import smtp as delivery
from models.email import smtp as outbox
from models.email.mail_server import MOST
from models.email.message import Words
from models.email.queue import NewEmail, QueuedEmail, ReadyEmail, WithheldEmail
from models.office.people import today
from models.office.settings import MAIL_SENDER, store_setting
from models.store.base import EMAILS, database, now
from tests.models.email.taker import CUT, HOST, Taker, shut, taking
from tests.office import worked
from tests.patience import LONGEST, wait_until

TO = "suparmi@contoh.id"


@pytest.fixture(scope="module")
def begun(template, tmp_path_factory):
    def work(office):
        store_setting(MAIL_SENDER, "panel@dinas.example", today())

    return worked(template, tmp_path_factory.mktemp("queue"), work)


def compose(email, at):
    if email.event == "none":
        return WithheldEmail("Tidak ada kabar.")
    if email.event == "odd":
        raise KeyError(TO)
    return ReadyEmail(f"{email.event}.{TO}" if email.event else TO, Words("Kabar", email.key))


KINDS = {"uji": compose}


def queued(*keys: str, event: str = "") -> None:
    with database.atomic():
        queue.queue([NewEmail(key, "uji", event) for key in keys], now())


def sent_to(port: int) -> bool:
    outbox.install(f"smtp+plain://{HOST}:{port}")
    try:
        return sending.send_waiting(KINDS)
    finally:
        outbox.install("")


def states() -> dict[str, str]:
    return dict(QueuedEmail.select(QueuedEmail.key, QueuedEmail.state).tuples())


def later(**time: int) -> time_machine.travel:
    return time_machine.travel(now() + timedelta(**time))


def test_a_server_that_is_away_for_an_hour_gets_each_e_mail_once_and_in_order(office):
    queued("a", "b")
    queued("a")
    with shut() as port:
        assert not sent_to(port)
        with later(minutes=50):
            assert not sent_to(port)
    assert QueuedEmail.get(key="b").tries + QueuedEmail.get(key="a").tries == 2
    with later(hours=1), taking(Taker()) as taker:
        assert sent_to(taker.port)
        assert sent_to(taker.port)
    assert len(taker.emails) == 2
    assert states() == {"a": queue.TAKEN, "b": queue.TAKEN}


def test_pauses_grow_and_after_three_days_it_is_given_up(office):
    queued("a")
    pauses, begun = [], now()
    with shut() as port:
        while QueuedEmail.get().state == queue.WAITING:
            due = QueuedEmail.get().next_at
            with time_machine.travel(due):
                sent_to(port)
            pauses.append(QueuedEmail.get().next_at - due)
    assert [round(pause.total_seconds() / 60) for pause in pauses[:4]] == [1, 2, 4, 8]
    assert round(max(pauses[:-1]).total_seconds() / 3600) == 4
    email = QueuedEmail.get()
    assert (email.state, email.over_at - begun > queue.LONGEST) == (queue.GIVEN_UP, True)
    assert email.sentence == queue.TOO_LONG.format(days=3, sentence=delivery.AWAY)
    assert queue.send_again(email.id, office["petugas"].id, now())
    with taking(Taker()) as taker:
        sent_to(taker.port)
    assert QueuedEmail.get().state == queue.TAKEN


@pytest.mark.parametrize(
    ("answers", "state"),
    [
        ({"rcpt": "550 no"}, queue.GIVEN_UP),
        ({"data": "554 no"}, queue.GIVEN_UP),
        ({"rcpt": "451 later"}, queue.WAITING),
        ({"mail": "550 no"}, queue.WAITING),
    ],
)
def test_the_reply_of_the_server_decides_whether_an_e_mail_is_retried(office, answers, state):
    queued("a", "b")
    with taking(Taker(**answers)) as taker:
        sent_to(taker.port)
    of_all = state if "mail" not in answers else queue.WAITING
    assert states() == {"a": of_all, "b": of_all}
    assert QueuedEmail.select().where(QueuedEmail.tries == 0).exists() == ("mail" in answers)
    with later(hours=1), taking(Taker()) as taker:
        sent_to(taker.port)
    assert len(taker.emails) == (2 if state == queue.WAITING else 0)


def test_after_an_unknown_result_no_other_e_mail_is_tried_at_once(office):
    queued("a", "b")
    with taking(Taker(data=CUT)) as taker:
        assert not sent_to(taker.port)
    assert states() == {"a": queue.UNKNOWN, "b": queue.WAITING}
    with later(hours=1), taking(Taker()) as taker:
        sent_to(taker.port)
    assert (len(taker.emails), states()) == (1, {"a": queue.UNKNOWN, "b": queue.TAKEN})


@pytest.mark.only("sqlite")
def test_addresses_are_deleted_however_an_e_mail_ended_and_finished_e_mails_to_staff_entirely(office):
    with database.atomic():
        queue.queue([NewEmail("a", "uji"), NewEmail("b", "uji", user=office["petugas"].id)], now())
    QueuedEmail.update(address=b"sealed").where(QueuedEmail.key == "a").execute()
    for email in QueuedEmail.select():
        queue.withhold(email, "Tidak ada kabar.", now())
    with later(days=89):
        sending.send_waiting(KINDS)
    assert QueuedEmail.get(key="a").address
    with later(days=91):
        sending.send_waiting(KINDS)
    assert [(row.key, row.address) for row in QueuedEmail.select()] == [("a", None)]


@pytest.mark.only("sqlite")
def test_e_mails_that_wait_for_their_own_address_are_no_fault_of_the_server(office):
    queued(*(str(place) for place in range(MOST + 1)))
    queued("full", event="full")
    with taking(Taker()) as taker:
        sent_to(taker.port)
    with taking(Taker(rcpt="452 full")) as taker:
        sent_to(taker.port)
    assert queue.waiting_since()[0] >= 1
    assert queue.stuck_since() == (0, None)
    queued("b", event="b")
    with shut() as port:
        sent_to(port)
    assert queue.stuck_since()[0] == 1


@pytest.mark.only("sqlite")
def test_what_was_queued_while_the_clock_ran_ahead_does_not_wait_until_then(office):
    with later(days=400):
        queued("a")
    with taking(Taker()) as taker:
        assert sent_to(taker.port)
    assert (states(), len(taker.emails)) == ({"a": queue.TAKEN}, 1)


def test_a_slow_server_is_waited_for_longer_than_a_page_can(office, monkeypatch):
    monkeypatch.setattr(delivery, "WITHIN", 0)
    queued("a")
    with taking(Taker(waits="data")) as taker:
        threading.Timer(0.3, taker.go_on.set).start()
        assert sent_to(taker.port)
    assert states() == {"a": queue.TAKEN}


def test_a_worker_killed_in_the_middle_leaves_an_e_mail_that_is_resent_only_by_a_click(office):
    queued("a")
    email = QueuedEmail.get()
    assert queue.try_lease(email, now())
    with taking(Taker()) as taker:
        sent_to(taker.port)
        with later(minutes=11):
            sent_to(taker.port)
            assert (states(), taker.emails) == ({"a": queue.UNKNOWN}, [])
            assert queue.send_again(email.id, office["petugas"].id, now())
            assert not queue.send_again(email.id, office["petugas"].id, now())
            sent_to(taker.port)
        queue.settle(email, queue.GIVEN_UP, "terlambat", now())
    assert (states(), len(taker.emails)) == ({"a": queue.TAKEN}, 1)
    assert taker.read()["Message-ID"] == f"<{email.mark}@dinas.example>"


def test_two_workers_at_once_send_each_e_mail_once(office):
    for place in range(6):
        queued(str(place), event=f"n{place}")
    with taking(Taker()) as taker:
        outbox.install(f"smtp+plain://{HOST}:{taker.port}")

        def work() -> None:
            with database.connection_context():
                while not sending.send_waiting(KINDS):
                    pass

        workers = [threading.Thread(target=work) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        with later(hours=1):
            sending.send_waiting(KINDS)
        outbox.install("")
    assert sorted(to for _, [to] in taker.envelopes) == [f"n{place}.{TO}" for place in range(6)]


def test_each_waits_for_the_farewell_of_the_one_before(office, monkeypatch):
    quit_slowly = smtplib.SMTP.quit
    monkeypatch.setattr(smtplib.SMTP, "quit", lambda smtp: (time.sleep(0.2), quit_slowly(smtp))[1])
    queued("a", "b", "c")
    with taking(Taker()) as taker:
        assert sent_to(taker.port)
    assert set(states().values()) == {queue.TAKEN}


def test_the_background_thread_sends_what_comes_and_ends_when_stopped(office):
    stop = threading.Event()
    with taking(Taker()) as taker:
        outbox.install(f"smtp+plain://{HOST}:{taker.port}")
        postman = threading.Thread(target=sending.run_email_queue, args=(KINDS, stop), kwargs={"pause": 0.01})
        postman.start()
        queued("a")
        try:
            wait_until(lambda: states() == {"a": queue.TAKEN})
        finally:
            stop.set()
            postman.join()
            outbox.install("")
    assert len(taker.emails) == 1


def test_an_e_mail_goes_when_its_act_is_committed_without_waiting_for_the_next_look(office, monkeypatch):
    stop, looked, wait = threading.Event(), threading.Event(), EMAILS.wait
    monkeypatch.setattr(EMAILS, "wait", lambda *given: (looked.set(), wait(*given))[1])
    with taking(Taker()) as taker:
        outbox.install(f"smtp+plain://{HOST}:{taker.port}")
        options = {"pause": LONGEST}
        postman = threading.Thread(target=sending.run_email_queue, args=(KINDS, stop), kwargs=options)
        postman.start()
        looked.wait()
        queued("a")
        try:
            wait_until(lambda: states() == {"a": queue.TAKEN})
        finally:
            stop.set()
            EMAILS.send()
            postman.join()
            outbox.install("")


def test_an_act_that_is_rolled_back_queues_nothing(office):
    with database.atomic() as act:
        queue.queue([NewEmail("a", "uji")], now())
        act.rollback()
    assert states() == {}


def test_what_is_withheld_or_cannot_be_composed_does_not_block_the_others(office, caplog):
    queued("a", event="none")
    queued("b", event="odd")
    queued("c")
    with database.atomic():
        queue.queue([NewEmail("d", "gone")], now())
    with taking(Taker()) as taker:
        assert sent_to(taker.port)
    assert states() == {"a": queue.WITHHELD, "b": queue.GIVEN_UP, "c": queue.TAKEN, "d": queue.GIVEN_UP}
    assert not any(TO in record.getMessage() for record in caplog.records if record.name == "panel.mail")


def test_one_address_gets_so_many_an_hour_and_the_rest_later(office):
    queued(*(str(place) for place in range(MOST + 1)))
    with taking(Taker()) as taker:
        sent_to(taker.port)
        assert len(taker.emails) == MOST
        with later(hours=1, minutes=5):
            sent_to(taker.port)
    assert len(taker.emails) == MOST + 1


def test_without_a_server_nothing_is_tried_and_it_is_known_how_many_wait(office):
    assert queue.waiting_since() == (0, None)
    queued("a", "b")
    assert sending.send_waiting(KINDS)
    count, since = queue.waiting_since()
    assert (count, QueuedEmail.select(QueuedEmail.tries).distinct().scalar()) == (2, 0)
    assert now() - since < timedelta(minutes=1)
    with later(days=3):
        sending.send_waiting(KINDS)
    assert set(states().values()) == {queue.GIVEN_UP}
