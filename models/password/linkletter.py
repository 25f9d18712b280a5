"""The letter that brings a one-time link: the office, the link, until when, and nothing of the person but that."""

from datetime import datetime

from models.mail.letter import Words
from sop.words import format_long_moment

SUBJECT = "Tautan kata sandi Panel Pengaduan"
TEXT = """\
Yth. Bapak/Ibu,

Dengan tautan berikut Anda membuat sendiri kata sandi untuk Panel Pengaduan
{office}:

{link}

Tautan ini berlaku sampai {until} dan hanya dapat
dipakai sekali. Siapa pun yang memegangnya dapat membuat kata sandi akun
Anda, jadi jangan meneruskannya kepada siapa pun.

Bila Anda tidak menunggu surel ini, abaikan dan beri tahu pengelola sistem.

Surel ini dikirim oleh panel; balasannya tidak dibaca.

{office}
"""


def link_letter(*, office: str, link: str, until: datetime) -> Words:
    return Words(SUBJECT, TEXT.format(office=office, link=link, until=format_long_moment(until)))
