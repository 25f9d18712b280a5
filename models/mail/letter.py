"""A letter as it leaves: plain text in UTF-8, from the office, with the headers that a machine's letter owes."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from models.mail.address import domain_of

LONGEST_NAME = 120  # letters of the office's name, more of which no inbox shows


@dataclass(frozen=True)
class Words:
    """What a letter says."""

    subject: str
    text: str


def composed_letter(words: Words, *, sender: str, office: str, to: str, at: datetime, mark: str = "") -> EmailMessage:
    """The letter to one address. ValueError for one that is none, of which address.py says so in a sentence. `mark` is
    what its Message-ID is made of where it may be sent more than once."""
    letter = EmailMessage(policy=SMTP)
    letter["From"] = Address(display_name=_name_of(office), addr_spec=sender)
    letter["To"] = Address(addr_spec=to)
    letter["Subject"] = words.subject
    letter["Date"] = format_datetime(at)
    domain = domain_of(sender)  # else the computer's own name stands in the Message-ID
    letter["Message-ID"] = f"<{mark}@{domain}>" if mark else make_msgid(domain=domain)
    letter["Auto-Submitted"] = "auto-generated"  # so that no absent colleague's machine answers
    letter.set_content(words.text, cte="quoted-printable")
    return letter


def _name_of(office: str) -> str:
    """The office's name in one line. What looks encoded is broken up: Python decodes it, line breaks and all, and older
    ones write those as the beginning of another header."""
    plain = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in office).replace("=?", "= ?")
    return " ".join(plain.split())[:LONGEST_NAME].strip()
