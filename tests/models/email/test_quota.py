"""An address gets a few e-mails an hour, however it is written; nothing in clear says to whom."""

from datetime import timedelta

from models.email import mail_server
from models.email.mail_server import MOST, WITHIN, MailedAddress, release_slot, take_slot
from models.store.base import now
from tests.office import Office

RINA = "rina@contoh.go.id"


def test_an_address_gets_a_few_e_mails_an_hour(office: Office, monkeypatch) -> None:
    begun = now()
    assert all(take_slot(address) for address in (RINA, RINA.upper(), RINA))
    assert take_slot(RINA) is None
    assert take_slot("agus@contoh.go.id") is not None
    monkeypatch.setattr(mail_server, "now", lambda: begun + WITHIN - timedelta(seconds=1))
    assert take_slot(RINA) is None
    monkeypatch.setattr(mail_server, "now", lambda: begun + WITHIN + timedelta(minutes=1))
    assert take_slot(RINA) is not None
    assert MailedAddress.select().count() == 1


def test_what_was_not_sent_counts_for_nothing(office: Office) -> None:
    for _ in range(MOST + 1):
        place = take_slot(RINA)
        assert place
        release_slot(place)
    assert not MailedAddress.select().exists()


def test_a_clock_that_was_set_back_holds_nothing_up(office: Office, monkeypatch) -> None:
    for _ in range(MOST):
        take_slot(RINA)
    earlier = now() - timedelta(days=1)
    monkeypatch.setattr(mail_server, "now", lambda: earlier)
    assert take_slot(RINA) is not None


def test_nothing_in_clear_says_to_whom(office: Office) -> None:
    take_slot(RINA)
    [row] = MailedAddress.select().dicts()
    assert "rina" not in str(row)
