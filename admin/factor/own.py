"""One's own second factor on Akun saya: set up, looked at, its recovery codes made anew, taken away."""

from typing import Any

import segno
from flask import flash, make_response, redirect, request, url_for
from markupsafe import Markup

from admin.door import held
from admin.door.joins import signed_in
from admin.door.routes import expose
from admin.web.passwords import own_objection, own_password_objection
from admin.web.signin import at_the_step, confinement_of
from models.case.edits import note_edit
from models.demo import demo
from models.factor import codes, demand, factor, removal
from models.office.people import User
from models.password import tries
from models.password.rules import ALONE
from models.store.base import database, now
from models.tables.scope import viewer
from sop.words import format_long_moment

FACTOR = "Faktor kedua"
PASSWORD, CODE = "password", "kode"
SET_UP, ANEW, REMOVED = "memasang faktor kedua", "membuat kode cadangan baru", "menghapus faktor keduanya"
WRONG = "Kode tidak cocok. Tunggu kode berikutnya pada aplikasi, lalu ketik; periksa juga jam ponsel Anda."
LAPSED = "Pemasangan terlalu lama terbuka. Mulai lagi, lalu pindai kode QR yang baru."
SHORT = f"Tanpa faktor kedua, kata sandi sedikitnya {ALONE} karakter. Ganti dahulu kata sandi Anda, lalu hapus."
GONE = "Faktor kedua telah dihapus. Kata sandi saja yang kini ditanyakan."
NOT_HERE = "Pada data contoh faktor kedua tidak dipakai."


class OwnFactor:
    """Mixin of Akun saya."""

    render: Any

    @expose("/faktor/", methods=("GET", "POST"))
    def factor(self) -> Any:
        acts = {"begin": self._begin, "confirm": self._confirm, "codes": self._new_codes, "remove": self._remove}
        act = acts.get(request.form.get("do", "")) if request.method == "POST" else None
        if act is None or demo.is_demo():
            return self._factor_page()
        return act(signed_in())

    def _begin(self, user: User) -> Any:
        """The password was asked for, since whoever holds the key is the person from then on."""
        if factor.has_factor(user):
            return redirect(url_for("akun.factor"))
        if wrong := at_the_step(lambda: own_password_objection(user, request.form.get(PASSWORD, ""))):
            return self._factor_page(wrong)
        key = factor.begin_setup(user)
        return self._factor_page(code=qr_of(codes.key_address(key, user.username)), key=codes.key_text(key))

    def _confirm(self, user: User) -> Any:
        if factor.setup_of(user, now()) is None:
            return self._factor_page(LAPSED)
        if seconds := tries.begin_try(user.username, request.remote_addr):  # whoever guesses would get recovery codes
            return self._factor_page(tries.wait_sentence(seconds))
        with database.atomic():
            recovery = factor.confirm_setup(user, request.form.get(CODE, ""))
            if recovery:
                note_edit(user, [FACTOR], by=viewer(user), what=SET_UP)
                held.end_others(user, by=user)
        if not recovery:
            tries.note_failure(user, user.username, request.remote_addr)
            return self._factor_page(WRONG)
        tries.forgive(user.username, request.remote_addr)
        if held.confinement():
            held.go_on(user, confined="", anew=True)
        return self._factor_page(recovery=recovery)

    def _new_codes(self, user: User) -> Any:
        if wrong := _both_objection(user):
            return self._factor_page(wrong)
        with database.atomic():
            recovery = factor.new_recovery_codes(user)
            note_edit(user, [FACTOR], by=viewer(user), what=ANEW)
        return self._factor_page(recovery=recovery)

    def _remove(self, user: User) -> Any:
        password = request.form.get(PASSWORD, "")
        if wrong := SHORT if 0 < len(password) < ALONE else _both_objection(user):
            return self._factor_page(wrong)
        with database.atomic():
            factor.remove(user)
            removal.drop(user)
            note_edit(user, [FACTOR], by=viewer(user), what=REMOVED)
            held.end_others(user, by=user)
        held.go_on(user, confined=confinement_of(user, password))
        flash(GONE, "success")
        return redirect(url_for("akun.factor"))

    def _factor_page(self, wrong: str = "", **made: Any) -> Any:
        """As it stands; with what was `made` just now and is told this once."""
        user = signed_in()
        state = {
            "wrong": wrong,
            "known": factor_facts(user),
            "begun": factor.setup_of(user, now()) is not None,
            "demanded": held.confinement() != "",
            "not_here": NOT_HERE if demo.is_demo() else "",
            "user": user,
        }
        page = self.render("admin/factor/own.html", **{"code": "", "key": "", "recovery": [], **state, **made})
        return make_response(page, 422 if wrong else 200)


def factor_facts(user: User) -> list[tuple[str, str]]:
    """How it stands with somebody's second factor; nothing if there is none."""
    row = factor.factor_of(user)
    if row is None:
        return []
    left = f"{factor.recovery_codes_left(user)} dari {factor.RECOVERIES}"
    return [("Dipasang", format_long_moment(row.confirmed_at)), ("Kode cadangan tersisa", left)]


def factor_words(user: User) -> str:
    """The same in a sentence, beside other facts."""
    told = ", ".join(f"{label.lower()} {value}" for label, value in factor_facts(user))
    return told or ("belum dipasang, wajib bagi peran ini" if demand.is_demanded(user) else "belum dipasang")


def _both_objection(user: User) -> str:
    """Why password and code together do not show that it is the person."""
    sent = request.form
    return at_the_step(lambda: own_objection(user, sent.get(PASSWORD, ""), code=sent.get(CODE, "")))


def qr_of(address: str) -> Markup:
    """What an app scans, as a QR code that stands in the page itself, dark on light in either scheme."""
    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(
        scale=5, border=3, dark="#000", light="#fff", svgclass=None, lineclass=None, title="Kode QR kunci"
    )
    return Markup(drawn)  # noqa: S704 - drawn by the library, of numbers alone; the address is in it as squares
