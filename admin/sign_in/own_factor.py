"""Second factors: managing one's own on Akun saya, and removing another user's with two persons' consent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import segno
from flask import abort, flash, make_response, redirect, request, url_for
from markupsafe import Markup

from admin.door import sessions
from admin.door.flaskadmin import ViewPart
from admin.door.gate import CHECKS_PASSWORD, expose
from admin.door.rows import signed_in
from admin.sign_in.passwords import (
    FACTOR,
    asked_here,
    objection_here,
    own_objection,
    place_here,
    usable_passkeys,
)
from admin.sign_in.second_factor import CODE
from admin.sign_in.signin import restriction_of
from models.case.attachments import lets_in, record_edit
from models.complaint.scope import viewer
from models.demo import demo
from models.office.people import User, accounts_of
from models.sign_in import factor, factor_rules, passkeys, sign_in_attempts
from models.sign_in.passkeys import passkeys_of
from models.sign_in.passwords import MIN_LENGTH
from models.sign_in.session import device_words
from models.store.base import database, now
from sop.access import ADMIN
from sop.procedure import KEPALA_DINAS
from sop.words import format_long_moment

PASSWORD, NAME, ROW = "password", "nama", "id"
ADDED, TAKEN = "menambah kunci sandi {}", "menghapus kunci sandi {}"  # in the history, after the name
SHORT = f"Tanpa faktor kedua, kata sandi sedikitnya {MIN_LENGTH} karakter. Ganti dahulu kata sandi Anda, lalu hapus."
SAVED, GONE = "Kunci sandi {} tersimpan.", "Kunci sandi {} telah dihapus."
NOT_SAVED = "Jawaban perangkat tidak cocok atau terlambat, atau kuncinya sudah terdaftar. Mulai lagi."
ENOUGH = f"Paling banyak {passkeys.MOST} kunci sandi. Hapus dahulu yang tidak dipakai lagi."
NO_SUCH = "Kunci sandi itu sudah tidak ada."
LINE = "Ditambahkan {}, {}."
UNUSED, USED = "belum pernah dipakai", "terakhir dipakai {}"
ELSEWHERE = "Hanya berlaku pada {}."


@dataclass(frozen=True)
class OwnPasskeys:
    """The passkey actions of the page; `page` renders it, with an error or new data."""

    page: Callable[..., Any]

    def begin(self, user: User) -> Any:
        """Start adding a passkey; requires the password and an existing factor."""
        asked = asked_here(user)
        if asked is None:
            return self.page(objection_here())
        if len(passkeys.passkeys_of(user)) >= passkeys.MOST:
            return self.page(ENOUGH)
        if wrong := both_objection(user):
            return self.page(wrong)
        return self.page(options=passkeys.options_to_add(asked), name=_name_for(user))

    def save(self, user: User) -> Any:
        asked, name = asked_here(user), _name_for(user)
        with database.atomic():
            row = passkeys.keep_answer(asked, request.form.get("jawaban", ""), name=name) if asked else None
            recovery = factor.first_recovery_codes(user) if row else []
            if row:
                record_edit(user, [FACTOR], by=viewer(user), what=ADDED.format(name))
                sessions.end_others(user, by=user)
        if row is None:
            return self.page(NOT_SAVED)
        if sessions.confinement():
            sessions.replace_session(user, confined="", anew=True)
        if recovery:
            return self.page(recovery=recovery)
        flash(SAVED.format(name), "success")
        return redirect(url_for("akun.factor"))

    def drop(self, user: User) -> Any:
        rows = passkeys.passkeys_of(user)
        row = next((row for row in rows if str(row.id) == request.form.get(ROW)), None)
        if row is None:
            return self.page(NO_SUCH)
        is_last = len(rows) == 1 and factor.factor_of(user) is None
        if wrong := removal_objection(user, is_last=is_last):
            return self.page(wrong)
        return remove_own_factor(
            user, lambda: factor.remove_passkey(row), did=TAKEN.format(row.name), sentence=GONE.format(row.name)
        )


def both_objection(user: User) -> str:
    """Why the submitted password and second factor are wrong; without a factor, the password alone."""
    sent = request.form
    return own_objection(user, sent.get(PASSWORD, ""), code=sent.get(CODE, ""))


def removal_objection(user: User, *, is_last: bool) -> str:
    """Why a factor cannot be removed: wrong credentials, or the last one with a short password."""
    short = is_last and 0 < len(request.form.get(PASSWORD, "")) < MIN_LENGTH
    return SHORT if short else both_objection(user)


def remove_own_factor(user: User, act: Callable[[], bool], *, did: str, sentence: str) -> Any:
    """Remove the user's own factor, end the other sessions, and record it in the history."""
    with database.atomic():
        act()
        if not factor.has_factor(user):
            factor_rules.drop(user)
        record_edit(user, [FACTOR], by=viewer(user), what=did)
        sessions.end_others(user, by=user)
    sessions.replace_session(user, confined=restriction_of(user, request.form.get(PASSWORD, "")))
    flash(sentence, "success")
    return redirect(url_for("akun.factor"))


def passkey_lines(user: User) -> list[tuple[int, str, str]]:
    """(id, name, times of creation and last use) of the user's passkeys."""
    place, lines = place_here(), []
    for row in passkeys.passkeys_of(user):
        used = USED.format(format_long_moment(row.used_at)) if row.used_at else UNUSED
        line = LINE.format(format_long_moment(row.added_at), used)
        if row.host != (place.host if place else ""):
            line = f"{line} {ELSEWHERE.format(row.host)}"
        lines.append((row.id, row.name, line))
    return lines


def proposed_name() -> str:
    """The default name of a passkey, from the browser."""
    return device_words(request.user_agent.string)[: passkeys.LONGEST_NAME]


def _name_for(user: User) -> str:
    """The typed or default name without invisible characters; with a number if the user has another passkey of this
    name, so that they can be distinguished."""
    typed = "".join(char for char in request.form.get(NAME, "") if char.isprintable())
    name = " ".join(typed.split())[: passkeys.LONGEST_NAME] or proposed_name()
    taken = {row.name for row in passkeys.passkeys_of(user)}
    endings = ("", *(f" ({number})" for number in range(2, passkeys.MOST + 2)))
    numbered = (name[: passkeys.LONGEST_NAME - len(ending)] + ending for ending in endings)
    return next(free for free in numbered if free not in taken)


SET_UP, ANEW, REMOVED = "memasang faktor kedua", "membuat kode cadangan baru", "menghapus faktor keduanya"
WRONG = "Kode tidak cocok. Tunggu kode berikutnya pada aplikasi, lalu ketik; periksa juga jam ponsel Anda."
LAPSED = "Pemasangan terlalu lama terbuka. Mulai lagi, lalu pindai kode QR yang baru."
FACTOR_GONE = "Faktor kedua telah dihapus. Kata sandi saja yang kini ditanyakan."
APP_GONE = "Aplikasi autentikator telah dihapus; kunci sandi tetap ditanyakan."
IN_THE_DEMO = "tidak dipakai pada data contoh"
NOT_HERE = "Pada data contoh faktor kedua tidak dipakai."


class OwnFactor(ViewPart):
    """Part of Akun saya: the user's own second factor."""

    @expose("/faktor/", methods=("GET", "POST"), cost=CHECKS_PASSWORD)
    def factor(self) -> Any:
        acts = {"begin": self._begin, "confirm": self._confirm, "codes": self._new_codes, "remove": self._remove}
        keys = OwnPasskeys(self._factor_page)
        acts |= {"key": keys.begin, "keep": keys.save, "drop": keys.drop}
        act = acts.get(request.form.get("do", "")) if request.method == "POST" else None
        if act is None or demo.is_demo():
            return self._factor_page()
        return act(signed_in())

    def _begin(self, user: User) -> Any:
        """Create the key of an authenticator app; requires the password and an existing passkey."""
        if factor.factor_of(user) is not None:
            return redirect(url_for("akun.factor"))
        if wrong := both_objection(user):
            return self._factor_page(wrong)
        key = factor.begin_setup(user)
        return self._factor_page(code=qr_of(factor.key_address(key, user.username)), key=factor.key_text(key))

    def _confirm(self, user: User) -> Any:
        if factor.setup_of(user, now()) is None:
            return self._factor_page(LAPSED)
        if seconds := sign_in_attempts.begin_try(user.username, request.remote_addr):  # else codes could be guessed
            return self._factor_page(sign_in_attempts.wait_sentence(seconds))
        with database.atomic():
            recovery = factor.confirm_setup(user, request.form.get(CODE, ""))
            if recovery:
                record_edit(user, [FACTOR], by=viewer(user), what=SET_UP)
                sessions.end_others(user, by=user)
        if not recovery:
            sign_in_attempts.record_failure(user, user.username, request.remote_addr)
            return self._factor_page(WRONG)
        sign_in_attempts.forgive(user.username, request.remote_addr)
        if sessions.confinement():
            sessions.replace_session(user, confined="", anew=True)
        return self._factor_page(recovery=recovery)

    def _new_codes(self, user: User) -> Any:
        if wrong := both_objection(user):
            return self._factor_page(wrong)
        with database.atomic():
            recovery = factor.new_recovery_codes(user)
            record_edit(user, [FACTOR], by=viewer(user), what=ANEW)
        return self._factor_page(recovery=recovery)

    def _remove(self, user: User) -> Any:
        is_last = not passkeys_of(user)
        if wrong := removal_objection(user, is_last=is_last):
            return self._factor_page(wrong)
        return remove_own_factor(
            user, lambda: factor.remove_app(user), did=REMOVED, sentence=FACTOR_GONE if is_last else APP_GONE
        )

    def _factor_page(self, wrong: str = "", **created: Any) -> Any:
        """The page; `created`: keys or recovery codes that are displayed once."""
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
            "demanded": sessions.confinement() != "",
            "not_here": NOT_HERE if demo.is_demo() else "",
            "user": user,
        }
        page = self.view.render(
            "admin/sign_in/own_factor.html",
            **{"code": "", "key": "", "options": "", "recovery": [], **state, **created},
        )
        return make_response(page, 422 if wrong else 200)


def factor_facts(user: User) -> list[tuple[str, str]]:
    """(label, value) pairs about a user's second factor; [] without one."""
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
    """The same as one phrase; the demo's people have none."""
    if demo.is_demo():
        return IN_THE_DEMO
    facts = ", ".join(f"{label.lower()} {value}" for label, value in factor_facts(user))
    return facts or ("belum dipasang, wajib bagi peran ini" if factor_rules.is_demanded(user) else "belum dipasang")


def qr_of(address: str) -> Markup:
    """The key for the app as an inline SVG QR code, dark on light in both colour schemes."""
    code = segno.make(address, error="m", micro=False)
    drawn = code.svg_inline(
        scale=5, border=3, dark="#000", light="#fff", svgclass=None, lineclass=None, title="Kode QR kunci"
    )
    return Markup(drawn)  # noqa: S704 - generated SVG; the address is contained as squares only


LATELY = timedelta(days=30)  # a fake account would be visible in the list of users for at least this long
ASKED = "Permintaan dicatat. Pengelola sistem lain atau Kepala Dinas mengonfirmasinya pada Akun saya."
DROPPED = "Permintaan dibatalkan; faktor kedua tetap terpasang."
CONFIRMED = "Faktor kedua {} telah dihapus; sesinya berakhir."
NONE_OPEN = "Permintaan itu sudah tidak ada."
DID_ASK = "meminta faktor kedua {} dihapus"  # in the history, after the name
DID_DROP = "membatalkan permintaan menghapus faktor kedua {}"
DID_CONFIRM = "menghapus faktor kedua {} atas permintaan {}"


def may_confirm(user: User) -> bool:
    """Whether the user can confirm requests: an administrator, the Kepala Dinas, or today's acting one."""
    return user.role == ADMIN or KEPALA_DINAS in viewer(user).lanes


class FactorOfUser(ViewPart):
    """Part of the users' view: facts about a user's factor, and the request to remove it."""

    def lines(self, person: User) -> list[tuple[str, str]]:
        return factor_facts(person)

    def request_words(self, person: User) -> str:
        """The requesting user and the time; "" without a request."""
        row = factor_rules.request_of(person)
        return f"{row.asked_by}, {format_long_moment(row.asked_at)}" if row else ""

    @expose("/faktor/", methods=("POST",))
    def ask_removal(self) -> Any:
        """Request or cancel the removal; 404 for the user's own factor, which is removed on Akun saya."""
        person = self.view.requested_row("edit")
        if person.id == signed_in().id or not factor.has_factor(person):
            abort(404)
        drops = request.form.get("do") == "drop"
        with database.atomic():
            if not drops:
                factor_rules.ask(person, by=signed_in())
                self.view.note(person, [FACTOR], DID_ASK.format(person))
            elif factor_rules.drop(person):
                self.view.note(person, [FACTOR], DID_DROP.format(person))
        flash(DROPPED if drops else ASKED, "success")
        return redirect(url_for("pengguna.edit_view", id=person.id, _anchor="faktor"))


class RemovalsToConfirm(ViewPart):
    """Part of Akun saya: requests of other users that the user can confirm."""

    @expose("/faktor/permintaan/", methods=("POST",), cost=CHECKS_PASSWORD)
    def confirm_removal(self) -> Any:
        user = signed_in()
        chosen = next((row for row in open_requests(user) if str(row.id) == request.form.get("id")), None)
        if chosen is None:
            flash(NONE_OPEN, "info")
        elif request.form.get("do") == "drop":
            _drop(chosen, user)
        elif wrong := own_objection(user, request.form.get(PASSWORD, "")):
            flash(wrong, "error")
        else:
            _confirm(chosen, user)
        return redirect(url_for("akun.index", _anchor="permintaan"))


def open_requests(user: User) -> list[factor_rules.FactorRemoval]:
    """Requests that the user may confirm; not if one of the two persons recently gave the other access."""
    if not may_confirm(user):
        return []
    return [row for row in factor_rules.requests_for(user) if not _may_be_one_person(row.asked_by, user)]


def _may_be_one_person(first: User, second: User) -> bool:
    """Whether one of the two recently created the other's account or its password link."""
    since, accounts = now() - LATELY, (accounts_of(first), accounts_of(second))
    return any(
        lets_in(person, by=makers, since=since) for people, makers in (accounts, accounts[::-1]) for person in people
    )


def _drop(row: factor_rules.FactorRemoval, user: User) -> None:
    with database.atomic():
        if factor_rules.drop(row.user):
            record_edit(row.user, [FACTOR], by=viewer(user), what=DID_DROP.format(row.user))
    flash(DROPPED, "success")


def _confirm(row: factor_rules.FactorRemoval, user: User) -> None:
    """Remove the factor, end the user's sessions, and record both persons in the history."""
    person = row.user
    with database.atomic():
        done = factor_rules.confirm(row, by=user)
        if done:
            record_edit(person, [FACTOR], by=viewer(user), what=DID_CONFIRM.format(person, row.asked_by))
            sessions.end_others(person, by=user)
    flash(CONFIRMED.format(person) if done else NONE_OPEN, "success" if done else "info")
