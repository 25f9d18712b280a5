"""What is shown of contact data where nobody has asked to see it: enough to recognise, too little to use."""

from collections.abc import Callable

from models.fields.nik import DIGITS
from models.store.seal import ERASED

STARS = "********"
_SHORT = 8  # letters: a shorter value would be given away by its ends


def _ends(text: str, first: int, last: int) -> str:
    return f"{text[:first]}{STARS}{text[-last:]}" if len(text) > _SHORT else STARS


def nik(text: str) -> str:
    """99********1234"""
    return _ends(text, 2, 4)


def partly_nik(text: str) -> str:
    """357304******0001, as a paper names a party: its region and its end. What is no NIK is masked as elsewhere."""
    digits = "".join(letter for letter in text if letter not in " .-")
    sound = len(digits) == DIGITS and digits.isdecimal()
    return f"{digits[:6]}******{digits[-4:]}" if sound else masked_text("nik", text)


def phone(text: str) -> str:
    """08********45"""
    return _ends(text, 2, 2)


def email(text: str) -> str:
    """s********@contoh.id"""
    name, at, host = text.rpartition("@")
    return f"{name[:1]}{STARS}@{host}" if at and len(name) > 1 else STARS


def address(text: str) -> str:
    """Jl. ********: that there is one, not where."""
    first, blank, _ = text.partition(" ")
    return f"{first} {STARS}" if blank and len(first) <= 4 and not any(c.isdigit() for c in first) else STARS


def whole(text: str) -> str:
    """That there is something, and nothing of it: a number or a neighbour's name may stand anywhere in a sentence."""
    return STARS


_MASKS: dict[str, Callable[[str], str]] = {
    "nik": nik,
    "phone": phone,
    "email": email,
    "address": address,
    "domicile": address,
    "safe_contact": whole,
}


def masked_text(column: str, text: str) -> str:
    """A value of one of Person's sealed columns as everyone may see it; nothing stays nothing."""
    text = text.strip()
    return _MASKS[column](text) if text not in ("", ERASED) else text
