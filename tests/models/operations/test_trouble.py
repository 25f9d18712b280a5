"""The Pengelola Sistem get an e-mail when a failure begins, daily while it lasts, and once when it is over."""

import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from admin.server.background import KINDS
from models.email import sending, smtp
from models.email.queue import GIVEN_UP, QueuedEmail, ReadyEmail, WithheldEmail
from models.office.people import User, today
from models.office.settings import MAIL_SENDER, store_setting
from models.operations import duties
from models.operations.checks import UNKNOWN, WELL, WRONG, EnvironmentContext, Finding
from models.operations.duties import BY_NAME, DAY, DUTIES, DutyState, last_findings, save_and_alert
from models.operations.failure_checks import KIND
from models.store.base import database, now
from tests.models.email.taker import HOST, Taker, taking
from tests.office import MONDAY, Office, url_of
from tests.patience import LONGEST

HOUR = timedelta(hours=1)
FINE = {duty.name: Finding(WELL, "Baik.") for duty in DUTIES}
BAD = Finding(WRONG, "Sertifikat berakhir besok.")


@pytest.fixture(autouse=True)
def mailing(office: Office) -> Any:
    store_setting(MAIL_SENDER, "panel@dinas.example", today())
    User.update(email="admin@contoh.go.id").where(User.username == "admin").execute()
    smtp.install(f"smtp+plain://{HOST}:9")
    yield
    smtp.install("")


def look(at: datetime, **findings: Finding) -> None:
    """What a look has found; what is not named is well."""
    database.close_all()
    save_and_alert({**FINE, **findings}, at)
    database.connect()


def emails() -> list[QueuedEmail]:
    return list(QueuedEmail.select().where(QueuedEmail.kind == KIND).order_by(QueuedEmail.id))


def text_of(email: QueuedEmail, at: datetime) -> tuple[str, str]:
    ready = KINDS[KIND](email, at)
    assert isinstance(ready, ReadyEmail), ready
    return ready.words.subject, ready.words.text


def test_a_failure_is_reported_when_it_begins_each_day_and_once_when_it_is_over(office: Office) -> None:
    look(MONDAY)
    assert emails() == []
    hours = [MONDAY + HOUR * number for number in (1, 2, 24, 25, 26, 29, 30, 31, 48, 49, 50, 73, 97)]
    sent_at = []
    for at in hours:
        look(at, **({"certificate": BAD} if at < MONDAY + HOUR * 30 else {}))
        sent_at += [at] * (len(emails()) - len(sent_at))
    assert [(at - MONDAY) // HOUR for at in sent_at] == [1, 25, 49]  # begun, lasts, over since the 30th hour
    begun, _, over = emails()
    assert begun.user_id == office["admin"].id
    subject, text = text_of(over, hours[-1])
    assert subject == "Panel Pengaduan: sudah baik kembali"
    assert "- Sertifikat HTTPS, sejak 6 Oktober 2026 pukul 15.00 WIB" in text
    with pytest.raises(AssertionError, match="lebih baru"):
        text_of(begun, hours[-1])  # that waited for the server all the time: what it says is over


@pytest.mark.only("sqlite")
def test_the_e_mail_says_what_is_wrong_since_when_and_what_to_do(office: Office) -> None:
    office.receive(persons={"pengadu": {"name": "Suparmi"}})
    look(MONDAY, certificate=BAD, disk=Finding(WRONG, "Hampir penuh."), place=Finding(UNKNOWN, "Tidak diketahui."))
    subject, text = text_of(*emails(), MONDAY)
    assert subject == "Panel Pengaduan perlu ditangani: 2 hal"
    for name, sentence in (("certificate", BAD.sentence), ("disk", "Hampir penuh.")):
        title, cure = BY_NAME[name].title, BY_NAME[name].cure
        assert f"- {title}, sejak 5 Oktober 2026 pukul 09.00 WIB:\n  {sentence}\n  {cure}\n" in text
    assert [word for word in ("Suparmi", "Tidak diketahui", BY_NAME["place"].title) if word in text] == []


@pytest.mark.only("sqlite")
def test_a_failure_that_comes_and_goes_sends_one_e_mail_a_day(office: Office) -> None:
    for number in (0, 1, 2, 3, 4, 23, 24, 25, 26, 27, 46, 47):
        look(MONDAY + HOUR * number, **({"certificate": BAD} if number % 2 else {}))
    assert [(row.queued_at - MONDAY) // HOUR for row in emails()] == [1, 25]


@pytest.mark.only("sqlite")
def test_another_failure_is_reported_at_once_with_those_that_last(office: Office) -> None:
    look(MONDAY, certificate=BAD)
    look(MONDAY + HOUR, certificate=BAD, disk=BAD)
    look(MONDAY + HOUR * 24, certificate=BAD, disk=BAD)
    assert len(emails()) == 2
    look(MONDAY + HOUR * 25, certificate=BAD, disk=BAD)
    _, second, third = emails()
    assert "Tempat penyimpanan" in text_of(third, MONDAY)[1]
    assert isinstance(KINDS[KIND](second, MONDAY), WithheldEmail)


@pytest.mark.only("sqlite")
def test_what_cannot_be_checked_for_a_while_is_neither_over_nor_reported_again(office: Office) -> None:
    look(MONDAY, certificate=BAD)
    for number in (1, 24, 25, 59):
        look(MONDAY + HOUR * number, certificate=Finding(UNKNOWN, "Tidak menjawab."))
    assert len(emails()) == 1
    look(MONDAY + HOUR * 60)
    assert len(emails()) == 2


@pytest.mark.only("sqlite")
def test_every_active_pengelola_with_an_address_gets_the_e_mail_and_no_other_user(office: Office) -> None:
    for name, role, active in (("admin2", "admin", True), ("admin3", "admin", False)):
        User.create(username=name, name=name, role=role, active=active, email=f"{name}@contoh.go.id", created_at=now())
    User.update(email="kadis@contoh.go.id").where(User.username == "kadis").execute()
    look(MONDAY, certificate=BAD)
    assert {row.user.username for row in emails()} == {"admin", "admin2"}
    User.update(role="petugas").where(User.username == "admin2").execute()
    assert isinstance(KINDS[KIND](emails()[-1], MONDAY), WithheldEmail)


@pytest.mark.only("sqlite")
def test_what_had_no_recipient_is_reported_once_there_is_one(office: Office) -> None:
    User.update(email="").where(User.username == "admin").execute()
    look(MONDAY, certificate=BAD)
    User.update(email="admin@contoh.go.id").where(User.username == "admin").execute()
    smtp.install("")
    look(MONDAY + HOUR, certificate=BAD)
    assert emails() == []
    smtp.install(f"smtp+plain://{HOST}:9")
    look(MONDAY + HOUR * 2, certificate=BAD)
    assert len(emails()) == 1


@pytest.mark.only("sqlite")
def test_a_clock_that_ran_ahead_for_a_while_silences_nothing_after(office: Office) -> None:
    look(MONDAY + timedelta(days=300), certificate=BAD)
    look(MONDAY, certificate=BAD)
    assert len(emails()) == 2


def test_however_many_processes_check_at_once_each_e_mail_is_queued_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of them has read the findings before any has queued an e-mail."""
    duties.save_findings({**FINE, "certificate": BAD, "disk": BAD}, MONDAY)
    gate, done = threading.Barrier(4), list[int]()

    def read_together() -> dict[str, DutyState]:
        rows = last_findings()
        gate.wait(LONGEST)
        return rows

    def tell(number: int) -> None:
        with database.connection_context():
            duties.queue_alerts(MONDAY + timedelta(seconds=number))
        done.append(number)

    monkeypatch.setattr(duties, "last_findings", read_together)
    threads = [threading.Thread(target=tell, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(done), len(emails())) == (4, 1)
    assert {row.told_at for row in DutyState.select().where(DutyState.told_wrong)} == {emails()[0].queued_at}


@pytest.mark.only("sqlite")
def test_it_stands_since_it_changed_and_a_duty_of_another_version_is_forgotten(office: Office) -> None:
    look(MONDAY, certificate=BAD, bygone=BAD)
    look(MONDAY + HOUR, certificate=Finding(WRONG, "Sertifikat sudah berakhir."))
    row = last_findings()["certificate"]
    assert (row.since, row.looked_at, row.sentence) == (MONDAY, MONDAY + HOUR, "Sertifikat sudah berakhir.")
    assert list(last_findings()) == [duty.name for duty in DUTIES]
    assert DutyState.select().count() == len(DUTIES)


@pytest.mark.only("sqlite")
def test_the_server_checks_only_if_no_process_has_for_an_hour(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[EnvironmentContext] = []
    monkeypatch.setattr(duties, "check_and_alert", looked.append)
    place = EnvironmentContext(office.path.parent, url_of(office.path), now(), "", None, Path())

    class Twice(threading.Event):
        """Is set after two rounds."""

        rounds = 0

        def wait(self, timeout: float | None = None) -> bool:
            self.rounds += 1
            return self.rounds > 2

    database.close_all()
    duties.run_health_checks(lambda: place, Twice())
    assert looked == [place, place]  # nothing was stored, so the next one checks again
    save_and_alert(FINE, now() - timedelta(minutes=64))
    duties.run_health_checks(lambda: place, Twice())
    assert looked == [place, place]
    save_and_alert(FINE, now() - timedelta(minutes=66))
    duties.run_health_checks(lambda: place, Twice())
    assert len(looked) == 4
    database.connect()


@pytest.mark.only("sqlite")
def test_the_e_mail_reaches_the_mail_server(office: Office) -> None:
    look(now(), certificate=BAD)
    taker = Taker()
    with taking(taker):
        smtp.install(f"smtp+plain://{HOST}:{taker.port}")
        sending.send_waiting(KINDS)
    assert taker.read()["Subject"] == "Panel Pengaduan perlu ditangani: 1 hal"
    assert taker.envelopes[0][1] == ["admin@contoh.go.id"]
    assert not QueuedEmail.select().where(QueuedEmail.state == GIVEN_UP).exists()


def test_a_day_is_shorter_than_a_day_by_less_than_an_hour() -> None:
    """Looks come an hour apart, a little earlier or later: a daily e-mail stays at its hour."""
    assert timedelta(hours=23) < DAY < timedelta(hours=24)
