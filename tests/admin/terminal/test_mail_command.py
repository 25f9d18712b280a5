"""`mail-test` says in a sentence whether the office's server takes e-mail, and never the account there."""

import logging

import pytest

from admin.terminal.commands import UNSET
from models.email import smtp
from models.email.message import SEVERAL, TEST_SUBJECT, address_objection
from models.office.people import today
from models.office.settings import MAIL_SENDER, store_setting, values
from tests.admin.doors import words
from tests.admin.forms import save
from tests.models.email.taker import USER, WORD, Taker, taking

SENDER, TO = "panel@dinas.example", "rina@contoh.go.id"


def said(panel, address: str = TO) -> tuple[int, str]:
    outcome = panel.test_cli_runner().invoke(args=["mail-test", address])
    return outcome.exit_code, outcome.output.removeprefix("Error: ").strip()


def test_without_server_or_sender_it_says_what_is_lacking(panel):
    assert said(panel) == (1, UNSET)
    panel.config["MAIL_URL"] = "smtp://mail.example"
    assert said(panel) == (1, UNSET)


def test_what_is_no_address_gets_no_e_mail(panel):
    assert said(panel, "a@b.id,c@d.id") == (1, SEVERAL)


def test_an_accepted_e_mail_is_reported_with_server_and_sender(panel):
    store_setting(MAIL_SENDER, SENDER, today())
    with taking(Taker()) as taker:
        panel.config["MAIL_URL"] = f"smtp+plain://127.0.0.1:{taker.port}"
        assert said(panel) == (0, f"127.0.0.1:{taker.port}, dari {SENDER}: {smtp.TAKEN}")
    assert (taker.read()["Subject"], taker.read()["To"]) == (TEST_SUBJECT, TO)


@pytest.mark.parametrize("answers", [{"rcpt": "550 no"}, {"mail": "550 no"}])
def test_one_that_is_not_taken_ends_with_one_and_quotes_no_secret(panel, answers, caplog):
    caplog.set_level(logging.DEBUG, "panel.mail")
    store_setting(MAIL_SENDER, SENDER, today())
    name, word = USER.replace("@", "%40"), WORD.replace(" ", "%20")
    with taking(Taker(**answers)) as taker:
        panel.config["MAIL_URL"] = f"smtp+plain://{name}:{word}@127.0.0.1:{taker.port}"
        code, sentence = said(panel)
    assert code == 1
    assert sentence.startswith(f"127.0.0.1:{taker.port}, dari {SENDER}: Server surel menolak")
    assert WORD not in sentence + caplog.text
    assert word not in sentence + caplog.text


@pytest.mark.parametrize("typed", ["a@b.id, c@d.id", "panel@b\u00fccher.example", "panel"])
def test_a_sender_that_is_no_address_is_not_saved(at, typed):
    answer = save(at("admin"), f"/pengaturan/new/?key={MAIL_SENDER}", value=typed, valid_from=str(today()))
    assert address_objection(typed) in words(answer.text)
    assert values()[MAIL_SENDER] == ""
