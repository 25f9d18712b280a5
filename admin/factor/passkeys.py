"""One's own passkeys on Akun saya: added by the password and the device, listed, taken away."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request, url_for

from admin.door import held
from admin.factor.codepage import CODE
from admin.passkey.asking import FACTOR, asked_here
from admin.passkey.place import objection_here, place_here
from admin.web.passwords import own_objection
from admin.web.signin import confinement_of
from models.case.attachments import note_edit
from models.complaint.scope import viewer
from models.office.people import User
from models.sign_in import factor, factor_rules, passkeys
from models.sign_in.passkeys import Passkey
from models.sign_in.passwords import ALONE
from models.sign_in.session import device_words
from models.store.base import database
from sop.words import format_long_moment

PASSWORD, NAME, ROW = "password", "nama", "id"
ADDED, TAKEN = "menambah kunci sandi {}", "menghapus kunci sandi {}"  # as the history says it, after the name
SHORT = f"Tanpa faktor kedua, kata sandi sedikitnya {ALONE} karakter. Ganti dahulu kata sandi Anda, lalu hapus."
KEPT, GONE = "Kunci sandi {} tersimpan.", "Kunci sandi {} telah dihapus."
NOT_KEPT = "Jawaban perangkat tidak cocok atau terlambat, atau kuncinya sudah terdaftar. Mulai lagi."
ENOUGH = f"Paling banyak {passkeys.MOST} kunci sandi. Hapus dahulu yang tidak dipakai lagi."
NO_SUCH = "Kunci sandi itu sudah tidak ada."
LINE = "Ditambahkan {}, {}."
UNUSED, USED = "belum pernah dipakai", "terakhir dipakai {}"
ELSEWHERE = "Hanya berlaku pada {}."


class OwnPasskeys:
    """Mixin of the page of one's own factor."""

    _factor_page: Callable[..., Any]

    def _begin_passkey(self, user: User) -> Any:
        """Whoever adds one comes in by it from then on: the password is asked for, and the factor that there is."""
        asked = asked_here(user)
        if asked is None:
            return self._factor_page(objection_here())
        if len(passkeys.passkeys_of(user)) >= passkeys.MOST:
            return self._factor_page(ENOUGH)
        if wrong := both_objection(user):
            return self._factor_page(wrong)
        return self._factor_page(options=passkeys.options_to_add(asked), name=_name_for(user))

    def _keep_passkey(self, user: User) -> Any:
        asked, name = asked_here(user), _name_for(user)
        with database.atomic():
            row = passkeys.keep_answer(asked, request.form.get("jawaban", ""), name=name) if asked else None
            recovery = factor.first_recovery_codes(user) if row else []
            if row:
                note_edit(user, [FACTOR], by=viewer(user), what=ADDED.format(name))
                held.end_others(user, by=user)
        if row is None:
            return self._factor_page(NOT_KEPT)
        if held.confinement():
            held.go_on(user, confined="", anew=True)
        if recovery:
            return self._factor_page(recovery=recovery)
        flash(KEPT.format(name), "success")
        return redirect(url_for("akun.factor"))

    def _drop_passkey(self, user: User) -> Any:
        rows = passkeys.passkeys_of(user)
        row = next((row for row in rows if str(row.id) == request.form.get(ROW)), None)
        if row is None:
            return self._factor_page(NO_SUCH)
        is_last = len(rows) == 1 and factor.factor_of(user) is None
        if wrong := removal_objection(user, is_last=is_last):
            return self._factor_page(wrong)
        return taken_away(
            user, lambda: factor.remove_passkey(row), did=TAKEN.format(row.name), sentence=GONE.format(row.name)
        )


def both_objection(user: User) -> str:
    """Why password and second factor together do not show that it is the person; the password alone of who has none."""
    sent = request.form
    return own_objection(user, sent.get(PASSWORD, ""), code=sent.get(CODE, ""))


def removal_objection(user: User, *, is_last: bool) -> str:
    """Why a factor stays: a password that is too short without any comes before its last one."""
    short = is_last and 0 < len(request.form.get(PASSWORD, "")) < ALONE
    return SHORT if short else both_objection(user)


def taken_away(user: User, act: Callable[[], bool], *, did: str, sentence: str) -> Any:
    """A factor of one's own goes, what it has opened elsewhere is closed, and the history tells of it."""
    with database.atomic():
        act()
        if not factor.has_factor(user):
            factor_rules.drop(user)
        note_edit(user, [FACTOR], by=viewer(user), what=did)
        held.end_others(user, by=user)
    held.go_on(user, confined=confinement_of(user, request.form.get(PASSWORD, "")))
    flash(sentence, "success")
    return redirect(url_for("akun.factor"))


def passkey_lines(user: User) -> list[tuple[int, str, str]]:
    """The person's passkeys: number, name, and when each was added and used."""
    place = place_here()
    return [(row.id, row.name, _line_of(row, place.host if place else "")) for row in passkeys.passkeys_of(user)]


def _line_of(row: Passkey, host: str) -> str:
    used = USED.format(format_long_moment(row.used_at)) if row.used_at else UNUSED
    line = LINE.format(format_long_moment(row.added_at), used)
    return line if row.host == host else f"{line} {ELSEWHERE.format(row.host)}"


def proposed_name() -> str:
    """What a passkey is called whose owner calls it nothing."""
    return device_words(request.user_agent.string)[: passkeys.LONGEST_NAME]


def _name_for(user: User) -> str:
    """As it was typed, without what cannot be seen; numbered where another passkey of the person is called so, as what
    is proposed for a second browser of the same kind: else nobody could tell which one to take away."""
    typed = "".join(sign for sign in request.form.get(NAME, "") if sign.isprintable())
    name = " ".join(typed.split())[: passkeys.LONGEST_NAME] or proposed_name()
    taken = {row.name for row in passkeys.passkeys_of(user)}
    endings = ("", *(f" ({number})" for number in range(2, passkeys.MOST + 2)))
    numbered = (name[: passkeys.LONGEST_NAME - len(ending)] + ending for ending in endings)
    return next(one for one in numbered if one not in taken)
