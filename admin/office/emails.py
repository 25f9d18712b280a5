"""Surel: whether e-mail is on, a test e-mail, and queued and failed e-mails with their status but without content."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, flash, redirect, url_for

from admin.door.gate import READS_MUCH, expose
from admin.door.rows import signed_in
from admin.lists.base import PanelView
from admin.lists.cells import NOTHING, badge, nowrap, short_moment
from admin.lists.filters import Choice
from admin.lists.masters import CATEGORY
from admin.office.checklist import setting_url
from models.email.message import words_of_test
from models.email.queue import GIVEN_UP, LEASED, OPEN_EMAILS, STATES, UNKNOWN, WAITING, QueuedEmail
from models.email.smtp import SendResult, installed_outbox
from models.office.settings import MAIL_SENDER, values
from models.store.installation import is_copy

TONES = {GIVEN_UP: "bad", UNKNOWN: "warn"}
SHOWN = (WAITING, LEASED, UNKNOWN, GIVEN_UP)
ON = "Surel dikirim dari {} lewat server {}."
OFF_COPY = "Server ini bukan panel kantor, jadi tidak ada surel yang dikirim."
OFF_SERVER = "Server surel belum diatur. Yang mengurus server mengisinya, lalu memulai ulang panel."
OFF_SENDER = "Alamat pengirim belum diisi pada Pengaturan."
NO_ADDRESS = "Isi dahulu alamat surel Anda pada halaman Akun; surel uji hanya dikirim kepada Anda sendiri."
TRIED = "Surel uji kepada {}: {}"


@dataclass(frozen=True)
class MailState:
    """Whether the panel sends e-mail, a sentence about it, and the page to mend what is lacking: (address, label)."""

    is_on: bool
    sentence: str
    remedy: tuple[str, str] = ("", "")
    word: str = "belum diatur"  # of the state, where none is sent


def mail_state() -> MailState:
    if is_copy():
        return MailState(False, OFF_COPY, (url_for("cadangan.index_view"), "Buka Cadangan"), word="mati")
    if not current_app.config["MAIL_URL"]:
        return MailState(False, OFF_SERVER)
    if outbox := installed_outbox():
        return MailState(True, ON.format(outbox.sender, outbox.server))
    return MailState(False, OFF_SENDER, (setting_url(MAIL_SENDER), "Isi alamat pengirim"))


class SurelView(PanelView):
    """/surel/, latest first; e-mails of a case are resent on the case's page, by users who may read it."""

    noun = "surel"
    column_list = ("queued_at", "kind", "state", "tries", "next_at", "sentence")
    column_labels = {"kind": "Kepada", "next_at": "Dicoba lagi"}
    column_sortable_list = ()
    column_default_sort = ("id", True)
    column_filters = (Choice(QueuedEmail.state, "Keadaan", tuple((state, STATES[state]) for state in SHOWN)),)
    column_formatters = {
        "queued_at": lambda view, context, row, name: nowrap(short_moment(row.queued_at)),
        "kind": lambda view, context, row, name: "Pengadu" if row.complaint_id else "Pengguna panel",
        "state": lambda view, context, row, name: badge(TONES.get(row.state, "neutral"), STATES[row.state]),
        "next_at": lambda view, context, row, name: short_moment(row.next_at) if row.state == WAITING else NOTHING,
    }
    list_template = "admin/office/emails.html"
    empty_text = "Tidak ada surel yang menunggu atau gagal."

    def own_rows(self) -> Any:
        """Recent e-mails only: after the address is deleted they cannot be resent."""
        return super().own_rows().where(OPEN_EMAILS & QueuedEmail.next_at.is_null(False))

    def mail_state(self) -> MailState:
        return mail_state()

    @expose("/uji/", methods=("POST",), cost=READS_MUCH)
    def try_server(self) -> Any:
        """Send a test e-mail to the user's own address; waits some seconds at most."""
        address, outbox = signed_in().email, installed_outbox()
        if outbox is None:
            flash(mail_state().sentence, "warning")
        elif not address:
            flash(NO_ADDRESS, "warning")
        else:
            outcome = outbox.send_rate_limited(address, words_of_test(str(values()["panel.office"])))
            tone = "success" if outcome.fate is SendResult.TAKEN else "error"
            flash(TRIED.format(address, outcome.sentence), tone)
        return redirect(self.return_url, 303)


def views() -> list[PanelView]:
    return [SurelView(QueuedEmail, "Surel", endpoint=SurelView.noun, url="/surel", category=CATEGORY)]
