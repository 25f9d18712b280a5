"""The results of sending, by real servers on loopback: accepted, refused at each step, slow, away, untrusted."""

import logging
import socket
import threading

import pytest

from models.email import smtp
from models.email.mail_server import MailServer, Security
from models.email.message import Words, composed_email
from models.email.smtp import AT_ONCE, SendingThread, SendOutcome, SendResult, send_message
from models.store.base import now
from tests.models.email.taker import (
    CUT,
    HOST,
    USER,
    WORD,
    Certificates,
    Taker,
    certificates,
    saying,
    shut,
    silent,
    taking,
)

SENDER, TO = "panel@dinas.example", "rina@contoh.go.id"
TEXT = "Yth. Bapak/Ibu,\n\n.baris bertitik\n"


@pytest.fixture(scope="session")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("certificates"))


def email():
    return composed_email(Words("Tautan", TEXT), sender=SENDER, office="Dinas", to=TO, at=now())


def to_server(port: int, security: Security = Security.NONE, user: str = "", password: str = "") -> MailServer:
    return MailServer(HOST, port, security, user, password)


def send(port: int, *more, **named) -> SendOutcome:
    return send_message(email(), to_server(port, *more, **named))


def ended() -> bool:
    """All threads that send e-mails have ended."""
    for thread in threading.enumerate():
        if thread.name == "mail":
            thread.join()
    return True


def test_an_e_mail_arrives_as_it_was_written():
    with taking(Taker()) as taker:
        assert send(taker.port) == SendOutcome(SendResult.TAKEN, smtp.TAKEN)
    assert taker.envelopes == [(SENDER, [TO])]
    assert taker.read().get_content().replace("\r\n", "\n") == TEXT
    assert set(taker.greeted) == {"dinas.example"}


@pytest.mark.parametrize(
    ("step", "sentence"),
    [("mail", smtp.NO_SENDER), ("rcpt", smtp.NO_RECIPIENT), ("data", smtp.NO_CONTENT)],
)
@pytest.mark.parametrize("code", [550, 451])
def test_a_refusal_is_reported_by_its_step_and_code_alone(step, sentence, code, caplog):
    with taking(Taker(**{step: f"{code} 5.7.1 kenari {TO}"})) as taker:
        assert send(taker.port) == SendOutcome(SendResult.NOT_SENT, sentence.format(code))
    assert "kenari" not in caplog.text.replace(taker_log(caplog), "")


def taker_log(caplog) -> str:
    return "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("mail."))


@pytest.mark.parametrize(
    ("step", "fate"), [("mail", SendResult.NOT_SENT), ("rcpt", SendResult.NOT_SENT), ("data", SendResult.UNKNOWN)]
)
def test_a_cut_connection_leaves_an_e_mail_unsent_or_once_transmitted_unknown(step, fate):
    with taking(Taker(**{step: CUT})) as taker:
        handover = send(taker.port)
    assert handover == SendOutcome(fate, smtp.MAYBE if fate is SendResult.UNKNOWN else smtp.BROKEN_OFF)


GREETING, YES, WANTED = "220 mail.test", "250 OK", "354 go on"
UP_TO_DATA = (GREETING, YES, YES, YES)  # to EHLO, MAIL, RCPT
UNREADABLE = SendOutcome(SendResult.NOT_SENT, smtp.ODD)
ACCEPTED = SendOutcome(SendResult.TAKEN, smtp.TAKEN)
UNKNOWN = SendOutcome(SendResult.UNKNOWN, smtp.MAYBE)


@pytest.mark.parametrize(
    ("answers", "handover"),
    [
        ((*UP_TO_DATA, WANTED, "200 by the first digit"), ACCEPTED),
        ((*UP_TO_DATA, WANTED, "300 and then?"), UNKNOWN),
        ((*UP_TO_DATA, WANTED, "kenari"), UNKNOWN),
        ((*UP_TO_DATA, "250 without wanting it"), SendOutcome(SendResult.NOT_SENT, smtp.NO_CONTENT.format(250))),
        ((*UP_TO_DATA[:2], "kenari"), UNREADABLE),
        (("SSH-2.0-kenari",), UNREADABLE),
    ],
)
def test_taken_is_what_the_server_has_all_of_and_says_yes_to(answers, handover, caplog):
    with saying(*answers) as port:
        assert send(port) == handover
    assert ended()
    assert "kenari" not in caplog.text


def test_a_server_that_never_stops_talking_is_not_listened_to():
    for ever in ("220-word\r\n" * 100, "220-"):
        with saying(ever=ever) as port:
            assert send(port).fate is SendResult.NOT_SENT
            assert ended()


def test_a_question_that_is_none_is_no_fault_of_the_password_s():
    with saying(GREETING, "250-mail.test\r\n250 AUTH PLAIN", "334 a") as port:
        assert send(port, Security.NONE, USER, WORD) == UNREADABLE


def test_a_talk_has_one_time_for_all_however_often_something_is_said(monkeypatch):
    times = iter([5, 10, 15])
    monkeypatch.setattr(smtp, "monotonic", lambda: next(times))
    ours, theirs = socket.socketpair()
    with ours, theirs:
        reader = smtp.ReplyReader(ours, until=12)
        reader.begin()
        theirs.sendall(b"250-still here\r\n25")
        assert reader.readline(100) == b"250-still here\r\n"
        theirs.sendall(b"0-")
        with pytest.raises(TimeoutError):
            reader.readline(100)


def test_no_server_listens():
    with shut() as port:
        assert send(port) == SendOutcome(SendResult.NOT_SENT, smtp.AWAY)


def test_a_server_that_never_says_a_word_is_slow(monkeypatch):
    monkeypatch.setattr(smtp, "WITHIN", 0)
    with silent() as port:
        assert send(port) == SendOutcome(SendResult.NOT_SENT, smtp.SLOW)
    assert ended()


@pytest.mark.parametrize("step", ["mail", "rcpt"])
def test_what_was_reported_as_unsent_is_not_sent_afterwards(step):
    with taking(Taker(waits=step)) as taker:
        sending = SendingThread(email(), to_server(taker.port))
        sending.begin()
        assert taker.asked.wait(60)
        assert sending.outcome(0) == SendOutcome(SendResult.NOT_SENT, smtp.SLOW)
        taker.go_on.set()
        assert ended()
    assert taker.emails == []


def test_an_e_mail_without_the_last_reply_in_time_is_unknown():
    with taking(Taker(waits="data")) as taker:
        sending = SendingThread(email(), to_server(taker.port))
        sending.begin()
        assert taker.asked.wait(60)
        assert sending.outcome(0) == SendOutcome(SendResult.UNKNOWN, smtp.MAYBE)
        taker.go_on.set()
        assert ended()
        assert sending.outcome(0).fate is SendResult.UNKNOWN  # the first result stays


def test_only_few_e_mails_are_sent_at_once():
    with taking(Taker(waits="rcpt")) as taker:
        threads = [SendingThread(email(), to_server(taker.port)) for _ in range(AT_ONCE)]
        for sending in threads:
            sending.begin()
        assert send(taker.port) == SendOutcome(SendResult.NOT_SENT, smtp.BUSY)
        taker.go_on.set()
        assert [sending.outcome(60).fate for sending in threads] == [SendResult.TAKEN] * AT_ONCE
        assert ended()
        assert send(taker.port).fate is SendResult.TAKEN


@pytest.mark.parametrize("at_once", [False, True], ids=["STARTTLS", "TLS"])
@pytest.mark.parametrize(
    ("whose", "known", "sentence"),
    [(HOST, True, smtp.TAKEN), (HOST, False, smtp.UNTRUSTED), ("lain.example", True, smtp.UNTRUSTED)],
)
def test_a_certificate_must_be_known_and_the_server_s_own(signed, monkeypatch, whose, known, sentence, at_once):
    if known:
        monkeypatch.setenv("SSL_CERT_FILE", str(signed.authority))
    security = Security.TLS if at_once else Security.STARTTLS
    with taking(Taker(), signed.signed(whose), at_once=at_once) as taker:
        assert send(taker.port, security).sentence == sentence
    assert len(taker.emails) == (sentence == smtp.TAKEN)


def test_without_starttls_nothing_is_said():
    with taking(Taker()) as taker:
        assert send(taker.port, Security.STARTTLS, USER, WORD) == SendOutcome(SendResult.NOT_SENT, smtp.NO_STARTTLS)
    assert taker.emails == []


def test_a_server_without_tls_is_reported():
    with taking(Taker()) as taker:
        assert send(taker.port, Security.TLS) == SendOutcome(SendResult.NOT_SENT, smtp.NO_TLS)


@pytest.mark.parametrize(("word", "sentence"), [(WORD, smtp.TAKEN), ("kenari lain", smtp.NO_SIGN_IN)])
def test_one_signs_in_behind_tls(signed, monkeypatch, caplog, word, sentence):
    monkeypatch.setenv("SSL_CERT_FILE", str(signed.authority))
    caplog.set_level(logging.DEBUG, "panel.mail")
    with taking(Taker(), signed.signed(HOST), require_starttls=True, auth_required=True) as taker:
        assert send(taker.port, Security.STARTTLS, USER, word).sentence == sentence
    assert word not in caplog.text


def test_a_server_that_accepts_no_sign_in_is_reported():
    with taking(Taker(), auth_exclude_mechanism=["LOGIN", "PLAIN"]) as taker:
        assert send(taker.port, Security.NONE, USER, WORD) == SendOutcome(SendResult.NOT_SENT, smtp.NO_SIGN_IN)


def test_a_fault_of_the_panel_is_reported_and_frees_its_place(monkeypatch):
    monkeypatch.setattr(threading, "excepthook", lambda failure: None)
    monkeypatch.setattr(smtp, "_connected", None)
    for _ in range(AT_ONCE + 1):
        assert send(1) == SendOutcome(SendResult.NOT_SENT, smtp.FAILED)
        assert ended()
