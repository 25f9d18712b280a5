"""Validation of e-mail addresses, and composition of automatic e-mails with their headers."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

LONGEST, LONGEST_NAME = 254, 64  # limits of SMTP in characters: whole address, part before the @
ATOM = r"[A-Za-z0-9!#$%&'*+/=^_`{|}~-]+"  # without ?, so that "=?" cannot start an encoded header word
LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
SHAPE = re.compile(rf"(?P<name>{ATOM}(?:\.{ATOM})*)@(?P<domain>(?:{LABEL}\.)+(?!\d+$){LABEL})")

TOO_LONG = f"Alamat surel paling panjang {LONGEST} huruf."
SEVERAL = "Tulis satu alamat surel saja."
ODD_LETTERS = (
    "Alamat surel hanya memuat huruf a sampai z, angka, dan tanda biasa. Nama domain dengan huruf lain ditulis dalam "
    "bentuk xn--."
)
MISSHAPEN = "Tulis alamat surel seperti nama@contoh.go.id."


def address_objection(typed: str) -> str:
    """The sentence why the address is not accepted, "" if it is; an empty one is accepted as "no address"."""
    if not typed:
        return ""
    if len(typed) > LONGEST:
        return TOO_LONG
    if typed.count("@") > 1 or set(",;") & set(typed):
        return SEVERAL
    if not typed.isascii():
        return ODD_LETTERS
    parts = SHAPE.fullmatch(typed)
    return "" if parts and len(parts["name"]) <= LONGEST_NAME else MISSHAPEN


def domain_of(address: str) -> str:
    return address.rpartition("@")[2]


LONGEST_SENDER = 120  # characters of the office's name; inboxes show no more


@dataclass(frozen=True)
class Words:
    """Subject and text of an e-mail."""

    subject: str
    text: str


TEST_SUBJECT = "Surel percobaan Panel Pengaduan"
TEST_TEXT = """\
Surel ini dikirim untuk memeriksa apakah Panel Pengaduan {office}
dapat mengirim surel. Tidak ada yang perlu Anda lakukan.
"""


def words_of_test(office: str) -> Words:
    """The e-mail by which an administrator tries the mail server."""
    return Words(TEST_SUBJECT, TEST_TEXT.format(office=office))


def composed_email(words: Words, *, sender: str, office: str, to: str, at: datetime, mark: str = "") -> EmailMessage:
    """The e-mail to one address. ValueError for an invalid one; check with `address_objection` first. `mark` makes the
    Message-ID of an e-mail that may be sent more than once."""
    email = EmailMessage(policy=SMTP)
    email["From"] = Address(display_name=_name_of(office), addr_spec=sender)
    email["To"] = Address(addr_spec=to)
    email["Subject"] = words.subject
    email["Date"] = format_datetime(at)
    domain = domain_of(sender)  # otherwise the Message-ID would reveal the host name
    email["Message-ID"] = f"<{mark}@{domain}>" if mark else make_msgid(domain=domain)
    email["Auto-Submitted"] = "auto-generated"  # suppresses automatic replies
    email.set_content(words.text, cte="quoted-printable")
    return email


def _name_of(office: str) -> str:
    """The office's name in one line. "=?" is broken up against header injection: Python would decode an encoded word,
    and older versions write its line breaks as a new header."""
    plain = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in office).replace("=?", "= ?")
    return " ".join(plain.split())[:LONGEST_SENDER].strip()
