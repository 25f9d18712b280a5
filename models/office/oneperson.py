"""One person, one NIP: which accounts are one person's, and why a second one that opens cases is refused."""

from collections.abc import Iterable

import peewee as pw

from models.office.people import User
from sop.access import ADMIN, CONTENT, ROLES

NIP_DIGITS = 18
WANTED = f"NIP terdiri atas {NIP_DIGITS} angka; kosongkan bila tidak ada."
TWICE = f"NIP ini sudah dipakai; {ROLES[ADMIN]} tidak sekaligus memegang peran yang membaca pengaduan."
RIVAL = (
    "NIP ini sudah dipakai akun {} ({}) yang masih aktif; satu orang memegang satu akun yang membuka pengaduan. "
    "Nonaktifkan dahulu akun itu."
)
_AT_WORK = User.active & User.role.in_(sorted(CONTENT))


def digits_of(nip: str | None) -> str:
    """A NIP as it is compared: people write it with spaces and without."""
    return (nip or "").replace(" ", "")


def accounts_of(user: User) -> list[User]:
    """All accounts of the person, his own first, those that were switched off as well; without a NIP the one alone."""
    digits = digits_of(user.nip)
    if not digits:
        return [user]
    return [user, *User.select().where(_has_nip(digits) & (User.id != user.id)).order_by(User.id)]


def nip_objection(nip: str | None, role: str, *, active: bool = True, but: int = 0) -> str:
    """Why no account (beside that of the id `but`) may have this NIP in this role, "" if one may."""
    digits = digits_of(nip)
    if not digits:
        return ""
    if not (digits.isascii() and digits.isdigit() and len(digits) == NIP_DIGITS):
        return WANTED
    others = User.select().where(_has_nip(digits) & (User.id != but)).order_by(User.id)
    if others.where((User.role == ADMIN) != (role == ADMIN)).exists():
        return TWICE
    rival = others.where(_AT_WORK).first() if active and role in CONTENT else None
    return RIVAL.format(rival.username, rival.name) if rival else ""


def doubled() -> list[tuple[User, ...]]:
    """The people who have several accounts in use with which they work on cases, each as these accounts."""
    people: dict[str, list[User]] = {}
    for user in User.select().where(_AT_WORK & (User.nip != "")).order_by(User.id):
        people.setdefault(digits_of(user.nip), []).append(user)
    return [tuple(accounts) for digits, accounts in people.items() if digits and len(accounts) > 1]


def doubled_sentence(accounts: Iterable[User]) -> str:
    """What is told of somebody with several accounts."""
    *names, last = (account.username for account in accounts)
    return f"Satu NIP dipakai akun {', '.join(names)} dan {last}; nonaktifkan yang tidak dipakai"


def _has_nip(digits: str) -> pw.Expression:
    return pw.fn.REPLACE(User.nip, " ", "") == digits
