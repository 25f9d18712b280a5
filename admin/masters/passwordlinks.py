"""The one-time link that the admin makes for somebody: text and QR, shown once. He types no password."""

from typing import Any

import segno
from flask import abort, request, url_for
from markupsafe import Markup

from admin.door.joins import signed_in
from admin.door.routes import expose
from admin.kit.noted import Noted
from admin.web import newpassword
from admin.web.passwords import PASSWORD
from models.office.people import User
from models.password.link import LASTS, make_link, open_link
from models.session.session import end_outdated
from models.store.base import database, now
from models.store.rows import rewrites
from sop.words import format_long_moment

HOURS = int(LASTS.total_seconds()) // 3600
ENDED, HOLDS, NONE = (
    "Kata sandi lama telah diakhiri.",
    "Kata sandi lama tetap berlaku sampai yang baru dibuat.",
    "Sampai tautan ini dipakai, akun ini belum dapat masuk.",
)
MADE = "membuat tautan kata sandi untuk {}"  # as the history says it, after the name
MADE_AND_ENDED = f"{MADE} dan mengakhiri kata sandi lamanya"


class WithPasswordLinks(Noted):
    """A view of the users, each with the way to a new password. One's own is changed on Akun saya, by the old one."""

    @expose("/tautan/", methods=("GET", "POST"))
    def password_link(self) -> Any:
        """What a link does; sent, the link itself."""
        person = self.asked_row("edit")
        if not self.may_link(person):
            abort(404)
        if request.method == "GET":
            return self._link_page(person, known=known_of(person))
        with database.atomic():
            words = self._end_password(person) if request.form.get("akhiri") else self._without_end(person)
            token = make_link(person, by=signed_in())
        link = url_for("newpassword.page", _external=True, **{newpassword.TOKEN: token})
        return self._link_page(person, link=link, code=qr_code(link), words=words)

    def may_link(self, person: User) -> bool:
        return bool(person.active) and person.id != signed_in().id

    def link_url(self, person: User) -> str:
        return str(self.get_url(".password_link", id=person.id))

    def _without_end(self, person: User) -> str:
        self.note(person, [PASSWORD], MADE.format(person.name))
        return HOLDS if person.password_hash else NONE

    def _end_password(self, person: User) -> str:
        """The old password opens nothing from now on, and what it has opened is closed."""
        rewrites(User, [person.id])
        person.password_hash, person.version = "", person.version + 1
        person.save()
        self.note(person, [PASSWORD], MADE_AND_ENDED.format(person.name))
        end_outdated(person, by=signed_in(), at=now())
        return ENDED

    def _link_page(self, person: User, **context: Any) -> str:
        back = self.row_url("edit", person.id)
        done = self.get_url(".index_view")
        template = "admin/masters/password_link.html"
        return str(self.render(template, person=person, hours=HOURS, back=back, done=done, **context))


def known_of(person: User) -> list[tuple[str, str]]:
    """How it stands with a person's password."""
    link = open_link(person)
    until = f"belum dipakai; berlaku sampai {format_long_moment(link.expires_at)}" if link else "tidak ada"
    return [
        ("Nama pengguna", str(person.username)),
        ("Kata sandi", "ada" if person.password_hash else "belum ada"),
        ("Tautan", until),
    ]


def qr_code(link: str) -> Markup:
    """The link as a QR code that stands in the page itself, dark on light in either scheme; no style, no script."""
    code = segno.make(link, error="m", micro=False)
    drawn = code.svg_inline(
        scale=5, border=3, dark="#000", light="#fff", svgclass=None, lineclass=None, title="Kode QR tautan"
    )
    return Markup(drawn)  # noqa: S704 - drawn by the library, of numbers alone; the link is in it as squares
