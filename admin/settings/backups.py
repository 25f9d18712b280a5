"""Cadangan: the backups that were tried, each with what its proof found, and the sheet with their key for the safe."""

from pathlib import Path
from typing import Any

from flask import Response, abort, current_app, flash, g, redirect, request
from markupsafe import Markup

from admin.door.cost import begins
from admin.door.joins import signed_in
from admin.door.routes import expose
from admin.kit.base import PanelView
from admin.kit.columns import BADGE, short_date, short_moment
from admin.kit.noted import CATEGORY
from admin.kit.pdf import pdf_response
from admin.settings import decision
from admin.web.passwords import own_password_objection
from models.case.attachments import note_edit
from models.case.sheets import KEY_SHEET_TITLE, key_sheet
from models.complaint.scope import viewer
from models.demo.demo import is_demo
from models.operations import archive as keys
from models.operations.nightly import plan_in_force
from models.operations.place import FarTrouble
from models.store import installation
from models.store.backups import Backup, gone_since, note_printed
from models.store.base import database, engine, now
from models.store.bounded import Work
from papers.printing import press
from sop.words import format_number, format_size

UNCHOSEN = "Pilih salah satu. Belum ada yang diputuskan."
UNREACHED = "Tempat cadangan tidak dapat dibaca: {}. Belum ada yang diputuskan."
UNOPENED = "panel tidak berhak membuka foldernya, atau diskanya terganggu"
UNKEPT = (
    "Folder data panel tidak dapat ditulisi, sehingga keputusan itu tidak dapat disimpan. Belum ada yang diputuskan; "
    "perbaiki hak panel atas folder itu di server, lalu ulangi."
)
NO_PLACE = "Belum ada cadangan. Isi Tempat cadangan di Pengaturan; yang pertama dibuat beberapa menit kemudian."
NOT_YET = "Belum ada cadangan. Yang pertama dibuat beberapa menit setelah tempatnya diisi."
UNDECIDED = (
    "Belum ada cadangan. Tidak ada yang dibuat sebelum diputuskan apakah server ini menggantikan server lama atau "
    "untuk latihan."
)
PRACTICE = "Belum ada cadangan: panel latihan tidak membuatnya sendiri."


class CadanganView(PanelView):
    """/cadangan/: each try, the latest first; nothing is changed here."""

    noun = "cadangan"
    column_list = ("at", "state", "size", "entries", "files", "place")
    column_labels = {"state": "Hasil uji"}
    column_sortable_list = ("at",)
    column_default_sort = ("at", True)
    column_formatters = {
        "at": lambda view, context, row, name: short_moment(row.at),
        "state": lambda view, context, row, name: state_cell(row),
        "size": lambda view, context, row, name: format_size(row.size) if row.size else "–",
        "entries": lambda view, context, row, name: format_number(row.entries),
        "files": lambda view, context, row, name: format_number(row.files),
    }
    list_template = "admin/settings/backups.html"

    @property
    def empty_text(self) -> str:  # type: ignore[override]
        if word := installation.standing():
            return PRACTICE if word == installation.TRIAL else UNDECIDED
        return NOT_YET if plan_in_force().place else NO_PLACE

    def new_link(self) -> tuple[str, str] | None:
        return None

    def get_list(self, *args: Any, **more: Any) -> Any:
        count, rows = super().get_list(*args, **more)
        g.archives_gone = gone_since(row.name for row in rows)
        return count, rows

    def render(self, template: str, **context: Any) -> str:
        return super().render(template, question=decision.open_question(), **context)

    @expose("/kedudukan", methods=("POST",), cost=begins(Work.HASH))
    def decide(self) -> Any:
        """Somebody says what this server is, with his own password once more; the history says who has."""
        user, key = signed_in(), request.form.get("choice", "")
        if not key:
            flash(UNCHOSEN, "error")
            return redirect(self.get_url(".index_view"))
        if key not in decision.KEYS:
            abort(400)
        try:
            choice = decision.refuse_settled(key, request.form.get("seen", ""))
            if sentence := own_password_objection(user, request.form.get("password", "")):
                flash(f"{sentence} Belum ada yang diputuskan.", "error")
            else:
                self._decide(user, key, choice)
        except decision.Settled as settled:
            flash(str(settled), "info")
        return redirect(self.get_url(".index_view"))

    def _decide(self, user: Any, key: str, choice: decision.ServerRole) -> None:
        var = Path(current_app.config["VAR_DIR"])
        try:
            former = decision.former_holder(choice, var)
        except (OSError, ValueError) as unreached:
            flash(UNREACHED.format(_in_words(unreached)), "error")
            return
        try:
            decision.decide(key, request.form.get("seen", ""), user, var, former)
        except OSError:
            flash(UNKEPT, "error")
        else:
            flash(choice.done, "success")

    @expose("/lembar-kunci.pdf", methods=("POST",), cost=begins(Work.HASH, Work.PRINT))
    def sheet(self) -> Any:
        """The key on paper, for whoever types his own password once more; the history says who had it printed."""
        user = signed_in()
        if sentence := own_password_objection(user, request.form.get("password", "")):
            flash(f"{sentence} {KEY_SHEET_TITLE} tidak dicetak.", "error")
            return redirect(self.get_url(".index_view"))
        return self._printed_sheet(user)

    def _printed_sheet(self, user: Any) -> Response:
        key = keys.key_from(current_app.config["VAR_DIR"])
        mark, place = keys.mark_of(key), plan_in_force().place
        kind, at = engine(current_app.config["DATABASE_URL"]).NAME, now()
        told = {"mark": mark, "place": place, "database": kind, "by": user, "at": at, "demo": is_demo()}
        content = key_sheet(keys.in_groups(key), **told)
        data = press.loose_pdf(content)
        with database.atomic():
            note_printed(mark, at)
            note_edit(user, [KEY_SHEET_TITLE], by=viewer(user), what=f"mencetak {KEY_SHEET_TITLE} bertanda {mark}")
        return pdf_response(data, "lembar-kunci-cadangan.pdf")


def _in_words(unreached: Exception) -> str:
    """Why a place cannot be read; what the system says of a disk here is English."""
    is_told = isinstance(unreached, ValueError | FarTrouble)
    return str(getattr(unreached, "strerror", None) or unreached).rstrip(".") if is_told else UNOPENED


def state_cell(row: Backup) -> Markup:
    """Whether it counts, and if not why; and whether it still lies where it was made."""
    if row.fault:
        return BADGE.format("bad", "Gagal") + Markup(" {}").format(row.fault)
    if gone := g.archives_gone.get(row.name):
        return BADGE.format("neutral", "Dihapus") + Markup(" tidak ada lagi sejak {}").format(short_date(gone))
    lacking = Markup(" {} berkas sudah hilang sebelumnya").format(len(row.lacking)) if row.lacking else Markup("")
    return BADGE.format("good", "Teruji") + lacking


def views() -> list[PanelView]:
    return [CadanganView(Backup, "Cadangan", endpoint=CadanganView.noun, category=CATEGORY)]
