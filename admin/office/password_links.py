"""One-time password links for users: text, QR code and e-mail, shown once. The admin never sets a password."""

from typing import Any
from urllib.parse import urlsplit

import segno
from flask import abort, current_app, flash, redirect, request, url_for
from markupsafe import Markup

from admin.door.flaskadmin import ViewPart
from admin.door.gate import expose
from admin.door.rows import signed_in
from admin.sign_in import password_link_page
from admin.sign_in.passwords import PASSWORD
from admin.sign_in.signin import LOOPBACK
from models.case.access_notes import log_link_created
from models.email.smtp import SendOutcome, SendResult, outbox
from models.office.people import User
from models.sign_in.password_links import LASTS, hash_of, link_email, make_link, open_link
from models.sign_in.session import end_outdated
from models.store.base import database, now
from models.store.rowhash import record_hashes_before_change
from sop.words import format_long_moment

HOURS = int(LASTS.total_seconds()) // 3600
ENDED, HOLDS, NONE = (
    "Kata sandi lama telah diakhiri.",
    "Kata sandi lama tetap berlaku sampai yang baru dibuat.",
    "Sampai tautan ini dipakai, akun ini belum dapat masuk.",
)
MADE = "membuat tautan kata sandi untuk {}"  # in the history, after the name
MADE_AND_ENDED = f"{MADE} dan mengakhiri kata sandi lamanya"
HISTORY_TEXTS = {
    SendResult.TAKEN: "mengirim tautan kata sandi untuk {} lewat surel",
    SendResult.UNKNOWN: "mengirim tautan kata sandi untuk {} lewat surel, tanpa jawaban terakhir dari server surel",
}
BANNERS = {  # tone and title of the banner
    SendResult.TAKEN: ("success", "Terkirim"),
    SendResult.UNKNOWN: ("warning", "Belum pasti"),
    SendResult.NOT_SENT: ("danger", "Tidak terkirim"),
}
OUTDATED = "Tautan itu tidak berlaku lagi, jadi tidak dikirim. Buat tautan baru."
LEFT_BEHIND = (
    "Tautannya tidak ikut terbawa, misalnya karena panel sempat terkunci, jadi tidak dikirim. Buat tautan baru."
)
MOVED = "Alamat surel pada akun ini diganti sejak halaman ini dibuka. Periksa dahulu, lalu kirim bila benar."
SHOWN_ADDRESS = "alamat"  # hidden field: the e-mail address that the page displayed


class PasswordLinks(ViewPart):
    """Part of the users' view: links for a new password, not for the admin's own account."""

    @expose("/tautan/", methods=("GET", "POST"))
    def password_link(self) -> Any:
        """GET explains the link, POST creates and shows it."""
        person = self.view.requested_row("edit")
        if not self.are_for(person):
            abort(404)
        if request.method == "GET":
            return self._link_page(person, known=known_of(person, mail=sends_mail()))
        with database.atomic():
            if request.form.get("akhiri"):
                record_hashes_before_change(User, [person.id])
                person.password_hash, person.version = "", person.version + 1
                person.save()
                self.view.note(person, [PASSWORD], MADE_AND_ENDED.format(person.name))
                end_outdated(person, by=signed_in(), at=now())  # the sessions that used the old password
                words = ENDED
            else:
                self.view.note(person, [PASSWORD], MADE.format(person.name))
                words = HOLDS if person.password_hash else NONE
            token = make_link(person, by=signed_in())
            log_link_created(person)
        return self._fresh_page(person, token, words)

    @expose("/tautan/surel/", methods=("POST",))
    def mail_link(self) -> Any:
        """E-mail the link whose token the page submits; the page shows the link again in any case."""
        person, token = self.view.requested_row("edit"), request.form.get(password_link_page.TOKEN, "")
        by = outbox(current_app.config["MAIL_URL"])
        if not (by and person.email and self.are_for(person)):
            abort(404)
        link = open_link(person)
        if link is None or link.token_hash != hash_of(token):
            flash(OUTDATED if token else LEFT_BEHIND, "warning")
            return redirect(self.url_for(person))
        email = link_email(office=by.office, link=address_of(token), until=link.expires_at)
        moved = request.form.get(SHOWN_ADDRESS) != person.email  # changed since the page was displayed
        mailed = SendOutcome(SendResult.NOT_SENT, MOVED) if moved else by.send_rate_limited(person.email, email)
        if mailed.fate is not SendResult.NOT_SENT:
            with database.atomic():
                self.view.note(person, [PASSWORD], HISTORY_TEXTS[mailed.fate].format(person.name))
        return self._fresh_page(person, token, HOLDS if person.password_hash else NONE, mailed=mailed)

    def are_for(self, person: User) -> bool:
        """Whether a link may be created for this user."""
        return bool(person.active) and person.id != signed_in().id

    def url_for(self, person: User) -> str:
        """The address of the page that creates one."""
        return str(self.view.get_url(".password_link", id=person.id))

    def _fresh_page(self, person: User, token: str, words: str, mailed: SendOutcome | None = None) -> str:
        """The page with the link; the token is stored nowhere else."""
        link, result = address_of(token), dict[str, object]()
        if mailed:
            result = {
                "mailed": f"{mailed.sentence} Alamatnya {person.email}.",
                "became": BANNERS[mailed.fate],
                "taken": mailed.fate is SendResult.TAKEN,
            }
        return self._link_page(
            person,
            link=link,
            code=qr_code(link),
            words=words,
            only_here=urlsplit(link).hostname in LOOPBACK,
            mail=sends_mail() and self.view.get_url(".mail_link", id=person.id),
            token=token,
            token_name=password_link_page.TOKEN,
            address_name=SHOWN_ADDRESS,
            **result,
        )

    def _link_page(self, person: User, **context: Any) -> str:
        back = self.view.get_url(".edit_view", id=person.id)
        done = self.view.get_url(".index_view")
        template = "admin/office/password_link.html"
        return str(self.view.render(template, person=person, hours=HOURS, back=back, done=done, **context))


def sends_mail() -> bool:
    """Whether e-mail is configured."""
    return outbox(current_app.config["MAIL_URL"]) is not None


def address_of(token: str) -> str:
    return url_for("newpassword.page", _external=True, **{password_link_page.TOKEN: token})


def known_of(person: User, *, mail: bool) -> list[tuple[str, str]]:
    """(label, value) pairs about a user's password and link."""
    link = open_link(person)
    until = f"belum dipakai; berlaku sampai {format_long_moment(link.expires_at)}" if link else "tidak ada"
    return [
        ("Nama pengguna", str(person.username)),
        ("Kata sandi", "ada" if person.password_hash else "belum ada"),
        ("Tautan", until),
        *([("Surel", str(person.email or "belum diisi"))] if mail else []),
    ]


def qr_code(link: str) -> Markup:
    """The link as an inline SVG QR code, dark on light in both colour schemes; allowed by the CSP."""
    code = segno.make(link, error="m", micro=False)
    drawn = code.svg_inline(
        scale=5, border=3, dark="#000", light="#fff", svgclass=None, lineclass=None, title="Kode QR tautan"
    )
    return Markup(drawn)  # noqa: S704 - generated SVG; the link is contained as squares only
