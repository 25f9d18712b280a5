"""Akun saya: password, letters, sessions, what one may do and for whom one acts."""

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, make_response, redirect, request, url_for
from wtforms import PasswordField, ValidationError

from admin.door import sessions
from admin.door.flaskadmin import PageView, ViewPart
from admin.door.gate import CHECKS_PASSWORD, READS, expose
from admin.door.rows import signed_in
from admin.lists.inputs import Required
from admin.server.headers import CHOICES, COOKIE, keep_scheme
from admin.sign_in.own_factor import OwnFactor, RemovalsToConfirm, factor_words, open_requests
from admin.sign_in.passwords import NewPassword, keep_password, own_password_objection, password_form
from admin.sign_in.signin import confinement_of, hash_password
from models.complaint.scope import viewer
from models.letters.smtp import sends_letters
from models.office.people import Acting, Mandate, User, place_of, posts_by_unit, title_of, today
from models.office.preferences import choice_of, choose_letters
from models.office.settings import values
from models.sign_in.session import BY_ADMIN, BY_ONESELF, Session, Standing, end, open_sessions
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


class OwnLetters(ViewPart):
    """Part of *Akun saya*: which letters one gets."""

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


WHICH, ALL = "sesi", "semua"
ENDED = "Sesi telah diakhiri: {}."
NONE_LEFT = "Sesi itu sudah berakhir."


@dataclass(frozen=True)
class SessionLine:
    """One session as people read it."""

    id: int
    device: str
    where: str
    is_this: bool
    is_locked: bool


def session_lines(user: User) -> list[SessionLine]:
    """Where somebody is signed in, the last used first; this very session is marked."""
    this, at = sessions.session_row(), now()
    return [
        SessionLine(
            id=row.id,
            device=row.device,
            where=f"{row.address}, masuk {format_moment(row.begun)}, terakhir dipakai {format_moment(row.last_use)}",
            is_this=this is not None and row.id == this.id,
            is_locked=row.standing(at) is not Standing.OPEN,
        )
        for row in open_sessions(user, at)
    ]


class OwnSessions(ViewPart):
    """Part of *Akun saya*: one ends one's own sessions elsewhere, one of them or all."""

    @expose("/sesi/", methods=("POST",))
    def end_session(self) -> Any:
        user = signed_in()
        ended = _chosen(user)
        end(ended, by=user, why=BY_ONESELF, at=now())
        _tell(ended)
        return redirect(url_for("akun.index", _anchor="sesi"))


class SessionsOfUser(ViewPart):
    """Part of the users' view: an administrator ends anybody's sessions, and the history says so."""

    def lines(self, person: User) -> list[SessionLine]:
        return session_lines(person)

    @expose("/sesi/", methods=("POST",))
    def end_session(self) -> Any:
        person = self.view.asked_row("edit")
        ended = _chosen(person)
        if ended:
            with database.atomic():
                end(ended, by=signed_in(), why=BY_ADMIN, at=now())
                self.view.note(person, ["Sesi"], f"mengakhiri sesi {person} ({_named(ended)})")
        _tell(ended)
        return redirect(url_for("pengguna.edit_view", id=person.id, _anchor="sesi"))


def _chosen(user: User) -> list[Session]:
    """The sessions that the button means, one by its number or all; this very one ends by signing out."""
    this, which = sessions.session_row(), request.form.get(WHICH, "")
    others = [row for row in open_sessions(user, now()) if this is None or row.id != this.id]
    return others if which == ALL else [row for row in others if str(row.id) == which]


def _named(rows: list[Session]) -> str:
    return ", ".join(row.device for row in rows)


def _tell(ended: list[Session]) -> None:
    flash(ENDED.format(_named(ended)) if ended else NONE_LEFT, "success" if ended else "info")


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


class AkunView(PageView):
    """/akun/ – reached from the name in the frame; everybody's own."""

    noun, cost = "akun", READS
    own_factor, removals, own_sessions, own_letters = OwnFactor(), RemovalsToConfirm(), OwnSessions(), OwnLetters()

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
                "admin/office/account.html",
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
    sessions.go_on(kept, confined=confinement_of(kept, password))


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
    return [step.label for step in vocabulary().transitions.values() if lanes(step) & mine]


def views() -> list[PageView]:
    return [AkunView(name="Akun saya", endpoint="akun", url="/akun")]
