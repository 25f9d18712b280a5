"""Where somebody is signed in: as a list on one's own page and beside a user's form, with the buttons that end it."""

from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, request, url_for

from admin.door import held
from admin.door.joins import signed_in
from admin.door.routes import expose
from admin.kit.noted import Noted
from models.office.people import User
from models.sign_in.session import BY_ADMIN, BY_ONESELF, Session, Standing, end, open_sessions
from models.store.base import database, now
from sop.words import format_moment

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
    this, at = held.session_row(), now()
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


class OwnSessions:
    """Mixin of *Akun saya*: one ends one's own sessions elsewhere, one of them or all."""

    @expose("/sesi/", methods=("POST",))
    def end_session(self) -> Any:
        user = signed_in()
        ended = _chosen(user)
        end(ended, by=user, why=BY_ONESELF, at=now())
        _tell(ended)
        return redirect(url_for("akun.index", _anchor="sesi"))


class SessionsOfUser(Noted):
    """Mixin of the users' view: an administrator ends anybody's sessions, and the history says so."""

    def session_lines(self, person: User) -> list[SessionLine]:
        return session_lines(person)

    @expose("/sesi/", methods=("POST",))
    def end_session(self) -> Any:
        person = self.asked_row("edit")
        ended = _chosen(person)
        if ended:
            with database.atomic():
                end(ended, by=signed_in(), why=BY_ADMIN, at=now())
                self.note(person, ["Sesi"], f"mengakhiri sesi {person} ({_named(ended)})")
        _tell(ended)
        return redirect(url_for("pengguna.edit_view", id=person.id, _anchor="sesi"))


def _chosen(user: User) -> list[Session]:
    """The sessions that the button means, one by its number or all; this very one ends by signing out."""
    this, which = held.session_row(), request.form.get(WHICH, "")
    others = [row for row in open_sessions(user, now()) if this is None or row.id != this.id]
    return others if which == ALL else [row for row in others if str(row.id) == which]


def _named(rows: list[Session]) -> str:
    return ", ".join(row.device for row in rows)


def _tell(ended: list[Session]) -> None:
    flash(ENDED.format(_named(ended)) if ended else NONE_LEFT, "success" if ended else "info")
