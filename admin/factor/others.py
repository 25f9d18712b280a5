"""Somebody else's second factor: an administrator asks that it be taken away, a second person confirms."""

from datetime import timedelta
from typing import Any

from flask import abort, flash, redirect, request, url_for

from admin.door import held
from admin.door.cost import CHECKS_PASSWORD
from admin.door.joins import signed_in
from admin.door.routes import expose
from admin.factor.own import factor_facts
from admin.factor.passkeys import PASSWORD
from admin.kit.noted import Noted
from admin.passkey.asking import FACTOR
from admin.web.passwords import own_password_objection
from models.case.attachments import lets_in, note_edit
from models.complaint.scope import viewer
from models.office.people import User, accounts_of
from models.sign_in import factor, factor_rules
from models.store.base import database, now
from sop.access import ADMIN
from sop.procedure import KEPALA_DINAS
from sop.words import format_long_moment

LATELY = timedelta(days=30)  # so long a person of straw would stand among the users for everybody to see
ASKED = "Permintaan dicatat. Pengelola sistem lain atau Kepala Dinas mengonfirmasinya pada Akun saya."
DROPPED = "Permintaan dibatalkan; faktor kedua tetap terpasang."
CONFIRMED = "Faktor kedua {} telah dihapus; sesinya berakhir."
NONE_OPEN = "Permintaan itu sudah tidak ada."
DID_ASK = "meminta faktor kedua {} dihapus"  # as the history says it, after the name
DID_DROP = "membatalkan permintaan menghapus faktor kedua {}"
DID_CONFIRM = "menghapus faktor kedua {} atas permintaan {}"


def may_confirm(user: User) -> bool:
    """Who can be the second person: an administrator, the Kepala Dinas, or who acts for him today."""
    return user.role == ADMIN or KEPALA_DINAS in viewer(user).lanes


class FactorOfUser(Noted):
    """Mixin of the users' view: how it stands with somebody's factor, and the request to take it away."""

    def factor_lines(self, person: User) -> list[tuple[str, str]]:
        return factor_facts(person)

    def factor_request(self, person: User) -> str:
        """Who has asked, and when; "" if nobody has."""
        row = factor_rules.request_of(person)
        return f"{row.asked_by}, {format_long_moment(row.asked_at)}" if row else ""

    @expose("/faktor/", methods=("POST",))
    def ask_removal(self) -> Any:
        """One's own is taken away on Akun saya, by password and code."""
        person = self.asked_row("edit")
        if person.id == signed_in().id or not factor.has_factor(person):
            abort(404)
        drops = request.form.get("do") == "drop"
        with database.atomic():
            if not drops:
                factor_rules.ask(person, by=signed_in())
                self.note(person, [FACTOR], DID_ASK.format(person))
            elif factor_rules.drop(person):
                self.note(person, [FACTOR], DID_DROP.format(person))
        flash(DROPPED if drops else ASKED, "success")
        return redirect(url_for("pengguna.edit_view", id=person.id, _anchor="faktor"))


class RemovalsToConfirm:
    """Mixin of Akun saya: the requests of others for which the person can be the second."""

    @expose("/faktor/permintaan/", methods=("POST",), cost=CHECKS_PASSWORD)
    def confirm_removal(self) -> Any:
        user = signed_in()
        chosen = next((row for row in open_requests(user) if str(row.id) == request.form.get("id")), None)
        if chosen is None:
            flash(NONE_OPEN, "info")
        elif request.form.get("do") == "drop":
            _drop(chosen, user)
        elif wrong := own_password_objection(user, request.form.get(PASSWORD, "")):
            flash(wrong, "error")
        else:
            _confirm(chosen, user)
        return redirect(url_for("akun.index", _anchor="permintaan"))


def open_requests(user: User) -> list[factor_rules.FactorRemoval]:
    """The requests for which this person is a second one: not who has let the other in just now, nor whom he has."""
    if not may_confirm(user):
        return []
    return [row for row in factor_rules.requests_for(user) if not _is_of_ones_making(row.asked_by, user)]


def _is_of_ones_making(first: User, second: User) -> bool:
    """Whether one of the two made the other's account lately, or set its password by a link: then they may be one."""
    since, accounts = now() - LATELY, (accounts_of(first), accounts_of(second))
    return any(
        lets_in(person, by=makers, since=since) for people, makers in (accounts, accounts[::-1]) for person in people
    )


def _drop(row: factor_rules.FactorRemoval, user: User) -> None:
    with database.atomic():
        if factor_rules.drop(row.user):
            note_edit(row.user, [FACTOR], by=viewer(user), what=DID_DROP.format(row.user))
    flash(DROPPED, "success")


def _confirm(row: factor_rules.FactorRemoval, user: User) -> None:
    """The factor goes, what it has opened is closed, and the history names both."""
    person = row.user
    with database.atomic():
        done = factor_rules.confirm(row, by=user)
        if done:
            note_edit(person, [FACTOR], by=viewer(user), what=DID_CONFIRM.format(person, row.asked_by))
            held.end_others(person, by=user)
    flash(CONFIRMED.format(person) if done else NONE_OPEN, "success" if done else "info")
