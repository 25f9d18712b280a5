"""An e-mail address and an e-mail: what is accepted, and the headers that a machine's letter needs."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

LONGEST, LONGEST_NAME = 254, 64  # letters that SMTP carries: of all of it, of what stands before the @
ATOM = r"[A-Za-z0-9!#$%&'*+/=^_`{|}~-]+"  # no ?, which "=?" of an encoded header has
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
    """Why no letter goes there, "" if one may; an empty one says that there is none."""
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


LONGEST_SENDER = 120  # letters of the office's name, more of which no inbox shows


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
    return " ".join(plain.split())[:LONGEST_SENDER].strip()
