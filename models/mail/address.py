"""What an e-mail address may be here: one, in plain letters, with nothing in it that a server could misread.

Quoted names, comments, numbers in brackets and letters beyond ASCII are all allowed somewhere; no office needs them,
and not every server that a letter passes takes them.
"""

import re

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
