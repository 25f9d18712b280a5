"""The headers of an e-mail: automatic, from one address, to one, with nothing in them that was injected."""

import re
from email import message_from_bytes, policy

import pytest

from models.email.message import LONGEST_SENDER, Words, composed_email
from models.store.base import now

SENDER, TO = "panel@dinas.example", "rina@contoh.go.id"
HEADERS = "from to subject date message-id auto-submitted content-type content-transfer-encoding mime-version"
WORDS = Words(
    "Tautan kata sandi", "Yth. Bapak/Ibu,\n\n.satu titik di awal\nhttps://panel.example/kata-sandi?kode=a=b\n– é\n"
)


def read(office: str = "Dinas Sosial", words: Words = WORDS):
    email = composed_email(words, sender=SENDER, office=office, to=TO, at=now())
    sent = email.as_bytes()
    assert all(len(line) <= 998 for line in sent.split(b"\r\n"))
    assert b"\n" not in sent.replace(b"\r\n", b"")
    return message_from_bytes(sent, policy=policy.default)


def test_an_e_mail_has_the_headers_of_an_automatic_one_and_no_more():
    email = read()
    assert {name.lower() for name in email} == {*HEADERS.split()}
    assert email["Auto-Submitted"] == "auto-generated"
    assert email["Date"].datetime == now().replace(microsecond=0)
    assert re.fullmatch(r"<[^@\s]+@dinas\.example>", email["Message-ID"])
    assert (email["From"], email["To"]) == (f"Dinas Sosial <{SENDER}>", TO)
    assert email.get_content_type() == "text/plain"
    assert email.get_content_charset() == "utf-8"
    assert email.get_content().replace("\r\n", "\n") == WORDS.text


def test_two_e_mails_have_different_message_ids():
    assert read()["Message-ID"] != read()["Message-ID"]


@pytest.mark.parametrize(
    "office",
    [
        "Dinas\r\nBcc: mata@lain.example",
        "Dinas\nBcc: mata@lain.example\n\nisi lain",
        "Dinas\x0b\x0c\x1c\x1d\x85\u2028\u2029Bcc: mata@lain.example",
        'Dinas" <mata@lain.example>, "x',
        "Dinas, Sosial; <mata@lain.example> (kantor)",
        "=?utf-8?q?Dinas=0D=0ABcc=3A_mata=40lain=2Eexample?=",
        "Dinas Sosial – Kota é " * 40,
        "ديناس سوسيال " * 30,
        "",
    ],
)
def test_no_name_of_an_office_begins_a_header_or_another_address(office):
    email = read(office)
    assert email["Bcc"] is None
    [address] = email["From"].addresses
    assert address.addr_spec == SENDER
    assert len("".join(address.display_name.split())) <= LONGEST_SENDER
    assert len(email) == len(HEADERS.split())
    assert email.get_content().startswith("Yth.")


@pytest.mark.parametrize("to", ["rina@contoh.go.id\r\nBcc: x@lain.example", "a@b.id, c@d.id"])
def test_what_is_no_single_address_gets_no_e_mail(to):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever the library says of it
        composed_email(WORDS, sender=SENDER, office="Dinas", to=to, at=now())


def test_a_subject_in_two_lines_is_refused():
    with pytest.raises(ValueError, match="linefeed"):
        read(words=Words("Tautan\r\nBcc: mata@lain.example", "isi"))
