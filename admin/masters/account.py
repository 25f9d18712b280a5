"""The person's own account: the password, how the papers name him, what he may do and for whom he acts today."""

from typing import Any

from flask import flash, make_response, redirect, request, url_for
from wtforms import PasswordField, ValidationError

from admin.door import held
from admin.door.cost import CHECKS_PASSWORD, READS
from admin.door.flaskadmin import FlaskAdminPage
from admin.door.gate import Gated
from admin.door.joins import signed_in
from admin.door.routes import expose
from admin.factor.others import RemovalsToConfirm, open_requests
from admin.factor.own import OwnFactor, factor_words
from admin.kit.fields import Required
from admin.masters.ownletters import OwnLetters, own_letters
from admin.masters.sessions import OwnSessions, session_lines
from admin.web.passwords import NewPassword, keep_password, own_password_objection, password_form
from admin.web.scheme import CHOICES, COOKIE, keep_scheme
from admin.web.signin import confinement_of, hash_password
from models.complaint.scope import viewer
from models.office.people import Acting, Mandate, User, place_of, posts_by_unit, title_of, today
from sop import flow
from sop.access import ROLES, lanes
from sop.words import format_span, spoken_title

CHANGED = "Kata sandi telah diganti. Sesi Anda di peramban lain telah berakhir."
SHOWN = "Tampilan pada perangkat ini telah diubah."
UNWRITTEN = "belum diisi"
DEED = "mengganti kata sandinya"  # as the history says it, after the name


class OwnPassword(NewPassword):
    """The old password, which nobody else at an open desk knows, and the new one twice."""

    old = PasswordField("Kata sandi sekarang", [Required()], render_kw={"autocomplete": "current-password"})

    def validate_old(self, field: Any) -> None:
        if sentence := own_password_objection(self.person, field.data or ""):
            raise ValidationError(sentence)


class AkunView(OwnSessions, OwnLetters, OwnFactor, RemovalsToConfirm, Gated, FlaskAdminPage):
    """/akun/ – reached from the name in the frame; everybody's own."""

    noun, cost = "akun", READS

    def is_visible(self) -> bool:
        return False

    @expose("/", methods=("GET", "POST"), cost=CHECKS_PASSWORD)
    def index(self) -> Any:
        if COOKIE in request.form:
            flash(SHOWN, "success")
            return keep_scheme(redirect(url_for("akun.index")), request.form[COOKIE])
        form = password_form(signed_in(), request.form if request.method == "POST" else None, above=OwnPassword)
        if request.method == "GET":
            return self._page(form)
        if not form.validate():
            return make_response(self._page(form), 422)
        change_password(signed_in(), form.password.data)
        flash(CHANGED, "success")
        return redirect(url_for("akun.index"))

    def _page(self, form: Any) -> str:
        user = signed_in()
        return str(
            self.render(
                "admin/masters/account.html",
                form=form,
                schemes=CHOICES,
                printed=printed_as(user),
                known=known_of(user),
                acting=acts_for(user),
                sessions=session_lines(user),
                letters=own_letters(user),
                steps=own_steps(user),
                removals=open_requests(user),
            )
        )


def change_password(user: User, password: str) -> None:
    """Keep a person's own new password; his other sessions end, this one goes on. That is a transaction of its own: on
    a full disk a session is remembered, and whatever else becomes of it, no page denies that the password is another.
    """
    kept = keep_password(user, hash_password(password), what=DEED)
    held.go_on(kept, confined=confinement_of(kept, password))


def known_of(user: User) -> list[tuple[str, str]]:
    """What the panel knows the person by."""
    return [
        ("Nama pengguna", str(user.username)),
        ("Peran", ROLES[user.role]),
        ("Tempat tugas", place_of(user)),
        ("Faktor kedua", factor_words(user)),
        *([("Surel", str(user.email))] if user.email else []),
    ]


def printed_as(user: User) -> list[tuple[str, str]]:
    """How the papers name the person today, line by line."""
    title = spoken_title(title_of(user, posts_by_unit(today())))
    lines = (("Jabatan", title), ("Nama", user.name), ("Pangkat", user.pangkat), ("NIP", user.nip))
    return [(label, str(text or UNWRITTEN)) for label, text in lines]


def acts_for(user: User) -> list[str]:
    """The decrees by which the person acts or reads today, in words."""
    actings = Acting.select().where((Acting.user == user) & Acting.on(today())).order_by(Acting.id)
    mandates = Mandate.select().where((Mandate.user == user) & Mandate.on(today())).order_by(Mandate.id)
    told = [f"{acting}, surat perintah {acting.decree}, {acting.span}" for acting in actings]
    return told + [f"Surat Tugas {one.number}, {format_span(one.valid_from, one.valid_to)}" for one in mandates]


def own_steps(user: User) -> list[str]:
    """The acts of the SOP that are done in the person's lanes, by their buttons."""
    mine = viewer(user).lanes
    return [step.label for step in flow.TRANSITIONS.values() if lanes(step) & mine]


def views() -> list[FlaskAdminPage]:
    return [AkunView(name="Akun saya", endpoint="akun", url="/akun")]
