"""One's own second factor on Akun saya: set up, looked at, its recovery codes made anew, taken away."""

from typing import Any

import segno
from flask import make_response, redirect, request, url_for
from markupsafe import Markup

from admin.door import held
from admin.door.cost import CHECKS_PASSWORD
from admin.door.joins import signed_in
from admin.door.routes import expose
from admin.factor.codepage import CODE
from admin.factor.passkeys import (
    OwnPasskeys,
    both_objection,
    passkey_lines,
    proposed_name,
    removal_objection,
    taken_away,
)
from admin.passkey.asking import FACTOR, usable_passkeys
from admin.passkey.place import objection_here
from models.case.attachments import note_edit
from models.complaint.scope import viewer
from models.demo import demo
from models.office.people import User
from models.sign_in import factor, factor_rules, tries
from models.sign_in import factor as codes
from models.sign_in.passkeys import passkeys_of
from models.store.base import database, now
from sop.words import format_long_moment

SET_UP, ANEW, REMOVED = "memasang faktor kedua", "membuat kode cadangan baru", "menghapus faktor keduanya"
WRONG = "Kode tidak cocok. Tunggu kode berikutnya pada aplikasi, lalu ketik; periksa juga jam ponsel Anda."
LAPSED = "Pemasangan terlalu lama terbuka. Mulai lagi, lalu pindai kode QR yang baru."
GONE = "Faktor kedua telah dihapus. Kata sandi saja yang kini ditanyakan."
APP_GONE = "Aplikasi autentikator telah dihapus; kunci sandi tetap ditanyakan."
NOT_HERE = "Pada data contoh faktor kedua tidak dipakai."


class OwnFactor(OwnPasskeys):
    """Mixin of Akun saya."""

    render: Any

    @expose("/faktor/", methods=("GET", "POST"), cost=CHECKS_PASSWORD)
    def factor(self) -> Any:
        acts = {"begin": self._begin, "confirm": self._confirm, "codes": self._new_codes, "remove": self._remove}
        acts |= {"key": self._begin_passkey, "keep": self._keep_passkey, "drop": self._drop_passkey}
        act = acts.get(request.form.get("do", "")) if request.method == "POST" else None
        if act is None or demo.is_demo():
            return self._factor_page()
        return act(signed_in())

    def _begin(self, user: User) -> Any:
        """The password was asked for, since whoever holds the key is the person from then on; beside a passkey that as
        well."""
        if factor.factor_of(user) is not None:
            return redirect(url_for("akun.factor"))
        if wrong := both_objection(user):
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
        if wrong := both_objection(user):
            return self._factor_page(wrong)
        with database.atomic():
            recovery = factor.new_recovery_codes(user)
            note_edit(user, [FACTOR], by=viewer(user), what=ANEW)
        return self._factor_page(recovery=recovery)

    def _remove(self, user: User) -> Any:
        is_last = not passkeys_of(user)
        if wrong := removal_objection(user, is_last=is_last):
            return self._factor_page(wrong)
        return taken_away(user, lambda: factor.remove_app(user), did=REMOVED, sentence=GONE if is_last else APP_GONE)

    def _factor_page(self, wrong: str = "", **made: Any) -> Any:
        """As it stands; with what was `made` just now and is told this once."""
        user = signed_in()
        state = {
            "wrong": wrong,
            "known": factor_facts(user),
            "has_app": factor.factor_of(user) is not None,
            "keys": passkey_lines(user),
            "passkeys": usable_passkeys(user),
            "no_passkeys": objection_here(),
            "proposed": proposed_name(),
            "begun": factor.setup_of(user, now()) is not None,
            "demanded": held.confinement() != "",
            "not_here": NOT_HERE if demo.is_demo() else "",
            "user": user,
        }
        page = self.render(
            "admin/factor/own.html", **{"code": "", "key": "", "options": "", "recovery": [], **state, **made}
        )
        return make_response(page, 422 if wrong else 200)


def factor_facts(user: User) -> list[tuple[str, str]]:
    """How it stands with somebody's second factor; nothing if there is none."""
    app, names = factor.factor_of(user), [row.name for row in passkeys_of(user)]
    if app is None and not names:
        return []
    left = f"{factor.recovery_codes_left(user)} dari {factor.RECOVERIES}"
    installed = [("Aplikasi dipasang", format_long_moment(app.confirmed_at))] if app else []
    keys = [("Kunci sandi", ", ".join(names))] if names else []
    used = factor.last_recovery(user)
    last = [("Kode cadangan terakhir dipakai", format_long_moment(used))] if used else []
    return [*installed, *keys, ("Kode cadangan tersisa", left), *last]


def factor_words(user: User) -> str:
    """The same in a sentence, beside other facts."""
    told = ", ".join(f"{label.lower()} {value}" for label, value in factor_facts(user))
    return told or ("belum dipasang, wajib bagi peran ini" if factor_rules.is_demanded(user) else "belum dipasang")


def qr_of(address: str) -> Markup:
    """What an app scans, as a QR code that stands in the page itself, dark on light in either scheme."""
    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(
        scale=5, border=3, dark="#000", light="#fff", svgclass=None, lineclass=None, title="Kode QR kunci"
    )
    return Markup(drawn)  # noqa: S704 - drawn by the library, of numbers alone; the address is in it as squares
