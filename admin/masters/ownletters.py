"""The letters that somebody wants of the panel for himself, on his own page: off until he chooses them."""

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request, url_for

from admin.door.joins import signed_in
from admin.door.routes import expose
from models.letters.smtp import sends_letters
from models.office.people import User
from models.office.preferences import choice_of, choose_letters
from models.office.settings import values
from sop.access import PENGAWAS
from sop.procedure import LANES

DAILY, AT_ONCE = "ringkasan", "kabar"
LABELS = {
    DAILY: "Ringkasan setiap pagi hari kerja",
    AT_ONCE: "Kabar bila ada yang kembali kepada saya atau lewat batas",
}
KEPT = "Pilihan surel telah disimpan."
NOTHING_WAITS = "Pada peran Anda tidak ada pengaduan yang menunggu, jadi tidak ada yang dikabarkan."
NOT_SENT = "Kantor belum mengirim surel. Pengelola Sistem mengaturnya bersama yang mengurus server."
NO_ADDRESS = "Pada akun Anda belum ada alamat surel. Mintalah Pengelola Sistem mengisinya."


@dataclass(frozen=True)
class LetterTick:
    """One kind of letter, and whether he gets it."""

    name: str
    label: str
    on: bool


@dataclass(frozen=True)
class OwnLetterChoice:
    """What the page offers, or the sentence why there is nothing to choose."""

    ticks: list[LetterTick]
    sentence: str


class OwnLetters:
    """Mixin of *Akun saya*: which letters one gets."""

    @expose("/surel/", methods=("POST",))
    def choose_letters(self) -> Any:
        user = signed_in()
        offered = {tick.name for tick in own_letters(user).ticks} or abort(404)
        chosen = {name: name in offered and name in request.form for name in LABELS}
        choose_letters(user, daily=chosen[DAILY], at_once=chosen[AT_ONCE])
        flash(KEPT, "success")
        return redirect(url_for("akun.index", _anchor="surel"))


def own_letters(user: User) -> OwnLetterChoice:
    """Of a pengawas no case waits for an act, so nothing comes back to him."""
    offered = tuple(LABELS) if user.role in LANES else (DAILY,) if user.role == PENGAWAS else ()
    sentence = NOT_SENT if not sends_letters(values()) else "" if user.email else NO_ADDRESS
    if not offered or sentence:
        return OwnLetterChoice([], sentence if offered else NOTHING_WAITS)
    choice = choice_of(user)
    on = {DAILY: bool(choice.daily), AT_ONCE: bool(choice.at_once)}
    return OwnLetterChoice([LetterTick(name, LABELS[name], on[name]) for name in offered], "")
