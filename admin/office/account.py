"""Akun saya: password, e-mail choices, sessions, the user's rights and acting appointments."""

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, make_response, redirect, request, url_for
from wtforms import PasswordField, ValidationError

from admin.door import sessions
from admin.door.flaskadmin import PageView, ViewPart
from admin.door.gate import CHECKS_PASSWORD, READS, expose
from admin.door.rows import signed_in
from admin.lists.inputs import Required
from admin.server.headers import CHOICES, COOKIE, store_scheme
from admin.sign_in.own_factor import OwnFactor, RemovalsToConfirm, factor_words, open_requests
from admin.sign_in.passwords import NewPassword, own_objection, password_form, save_password
from admin.sign_in.signin import hash_password, restriction_of
from models.complaint.scope import viewer
from models.demo import demo
from models.email.smtp import sends_email
from models.office.people import Acting, Mandate, User, place_of, posts_by_unit, title_of, today
from models.office.preferences import choice_of, choose_email
from models.office.settings import values
from models.sign_in.session import BY_ADMIN, BY_ONESELF, Session, SessionStatus, end, open_sessions
from models.store.base import database, now
from sop.access import PENGAWAS, ROLES, lanes
from sop.procedure import LANES
from sop.vocabulary import vocabulary
from sop.words import format_moment, format_span, spoken_title

DAILY, AT_ONCE = "ringkasan", "kabar"
LABELS = {
    DAILY: "Ringkasan setiap pagi hari kerja",
    AT_ONCE: "Kabar bila ada yang kembali kepada saya atau lewat batas",
}
CHOICE_SAVED = "Pilihan surel telah disimpan."
NOTHING_WAITS = "Pada peran Anda tidak ada pengaduan yang menunggu, jadi tidak ada yang dikabarkan."
NOT_SENT = "Kantor belum mengirim surel. Pengelola Sistem mengaturnya bersama yang mengurus server."
NO_ADDRESS = "Pada akun Anda belum ada alamat surel. Mintalah Pengelola Sistem mengisinya."


@dataclass(frozen=True)
class EmailTick:
    """One kind of e-mail, and whether the user receives it."""

    name: str
    label: str
    on: bool


@dataclass(frozen=True)
class EmailChoices:
    """The checkboxes, or the sentence why there are none."""

    ticks: list[EmailTick]
    sentence: str


class OwnEmails(ViewPart):
    """Part of *Akun saya*: which e-mails the user receives."""

    @expose("/surel/", methods=("POST",))
    def choose_email(self) -> Any:
        user = signed_in()
        offered = {tick.name for tick in own_email(user).ticks} or abort(404)
        chosen = {name: name in offered and name in request.form for name in LABELS}
        choose_email(user, daily=chosen[DAILY], at_once=chosen[AT_ONCE])
        flash(CHOICE_SAVED, "success")
        return redirect(url_for("akun.index", _anchor="surel"))


def own_email(user: User) -> EmailChoices:
    """The choices for a user's role; a pengawas has no cases, so only the daily summary."""
    offered = tuple(LABELS) if user.role in LANES else (DAILY,) if user.role == PENGAWAS else ()
    sentence = NOT_SENT if not sends_email(values()) else "" if user.email else NO_ADDRESS
    if not offered or sentence:
        return EmailChoices([], sentence if offered else NOTHING_WAITS)
    choice = choice_of(user)
    on = {DAILY: bool(choice.daily), AT_ONCE: bool(choice.at_once)}
    return EmailChoices([EmailTick(name, LABELS[name], on[name]) for name in offered], "")


WHICH, ALL = "sesi", "semua"
ENDED = "Sesi telah diakhiri: {}."
NONE_LEFT = "Sesi itu sudah berakhir."


@dataclass(frozen=True)
class SessionLine:
    """One session as the page shows it."""

    id: int
    device: str
    where: str
    is_this: bool
    is_locked: bool


def session_lines(user: User) -> list[SessionLine]:
    """A user's sessions, last used first; the current one is marked."""
    this, at = sessions.session_row(), now()
    return [
        SessionLine(
            id=row.id,
            device=row.device,
            where=f"{row.address}, masuk {format_moment(row.begun)}, terakhir dipakai {format_moment(row.last_use)}",
            is_this=this is not None and row.id == this.id,
            is_locked=row.status(at) is not SessionStatus.OPEN,
        )
        for row in open_sessions(user, at)
    ]


class OwnSessions(ViewPart):
    """Part of *Akun saya*: users end their other sessions, one or all."""

    @expose("/sesi/", methods=("POST",))
    def end_session(self) -> Any:
        user = signed_in()
        ended = _chosen(user)
        end(ended, by=user, why=BY_ONESELF, at=now())
        _flash_ended(ended)
        return redirect(url_for("akun.index", _anchor="sesi"))


class SessionsOfUser(ViewPart):
    """Part of the users' view: an administrator ends a user's sessions, recorded in the history."""

    def lines(self, person: User) -> list[SessionLine]:
        return session_lines(person)

    @expose("/sesi/", methods=("POST",))
    def end_session(self) -> Any:
        person = self.view.requested_row("edit")
        ended = _chosen(person)
        if ended:
            with database.atomic():
                end(ended, by=signed_in(), why=BY_ADMIN, at=now())
                self.view.note(person, ["Sesi"], f"mengakhiri sesi {person} ({_devices(ended)})")
        _flash_ended(ended)
        return redirect(url_for("pengguna.edit_view", id=person.id, _anchor="sesi"))


def _chosen(user: User) -> list[Session]:
    """The sessions that the button names, one by id or all, without the current one."""
    this, which = sessions.session_row(), request.form.get(WHICH, "")
    others = [row for row in open_sessions(user, now()) if this is None or row.id != this.id]
    return others if which == ALL else [row for row in others if str(row.id) == which]


def _devices(rows: list[Session]) -> str:
    return ", ".join(row.device for row in rows)


def _flash_ended(ended: list[Session]) -> None:
    flash(ENDED.format(_devices(ended)) if ended else NONE_LEFT, "success" if ended else "info")


CHANGED = "Kata sandi telah diganti. Sesi Anda di peramban lain telah berakhir."
SHOWN = "Tampilan pada perangkat ini telah diubah."
UNWRITTEN = "belum diisi"
HISTORY_TEXT = "mengganti kata sandinya"  # in the history, after the name


class OwnPassword(NewPassword):
    """The old password, required so that an unattended session cannot be taken over, and the new one twice."""

    old = PasswordField("Kata sandi sekarang", [Required()], render_kw={"autocomplete": "current-password"})

    def validate_old(self, field: Any) -> None:
        if sentence := own_objection(self.person, field.data or ""):
            raise ValidationError(sentence)


class AkunView(PageView):
    """/akun/, linked from the user's name in the layout."""

    noun, cost = "akun", READS
    own_factor, removals, own_sessions, own_email = OwnFactor(), RemovalsToConfirm(), OwnSessions(), OwnEmails()

    def is_visible(self) -> bool:
        return False

    @expose("/", methods=("GET", "POST"), cost=CHECKS_PASSWORD)
    def index(self) -> Any:
        if COOKIE in request.form:
            flash(SHOWN, "success")
            return store_scheme(redirect(url_for("akun.index")), request.form[COOKIE])
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
                "admin/office/account.html",
                form=form,
                schemes=CHOICES,
                printed=printed_as(user),
                known=known_of(user),
                has_factor_page=not demo.is_demo(),
                acting=appointments_of(user),
                sessions=session_lines(user),
                emails=own_email(user),
                steps=own_steps(user),
                removals=open_requests(user),
            )
        )


def change_password(user: User, password: str) -> None:
    """Store a user's own new password; the other sessions end, this one is replaced. The session is a separate
    transaction: if it fails on a full disk, the password is changed all the same.
    """
    changed = save_password(user, hash_password(password), what=HISTORY_TEXT)
    sessions.replace_session(changed, confined=restriction_of(changed, password))


def known_of(user: User) -> list[tuple[str, str]]:
    """(label, value) pairs of the account."""
    return [
        ("Nama pengguna", str(user.username)),
        ("Peran", ROLES[user.role]),
        ("Tempat tugas", place_of(user)),
        ("Faktor kedua", factor_words(user)),
        *([("Surel", str(user.email))] if user.email else []),
    ]


def printed_as(user: User) -> list[tuple[str, str]]:
    """(label, value) pairs as papers name the user today."""
    title = spoken_title(title_of(user, posts_by_unit(today())))
    lines = (("Jabatan", title), ("Nama", user.name), ("Pangkat", user.pangkat), ("NIP", user.nip))
    return [(label, str(text or UNWRITTEN)) for label, text in lines]


def appointments_of(user: User) -> list[str]:
    """The user's acting appointments and mandates today, in words."""
    actings = Acting.select().where((Acting.user == user) & Acting.on(today())).order_by(Acting.id)
    mandates = Mandate.select().where((Mandate.user == user) & Mandate.on(today())).order_by(Mandate.id)
    decrees = [f"{acting}, surat perintah {acting.decree}, {acting.span}" for acting in actings]
    return decrees + [f"Surat Tugas {row.number}, {format_span(row.valid_from, row.valid_to)}" for row in mandates]


def own_steps(user: User) -> list[str]:
    """Labels of the SOP's steps that the user's lanes may take."""
    mine = viewer(user).lanes
    return [step.label for step in vocabulary().transitions.values() if lanes(step) & mine]


def views() -> list[PageView]:
    return [AkunView(name="Akun saya", endpoint="akun", url="/akun")]
