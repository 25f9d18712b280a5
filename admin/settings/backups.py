"""Cadangan: the backups that were tried, each with what its proof found, and the sheet with their key for the safe."""

from typing import Any

from flask import Response, current_app, flash, redirect, request
from markupsafe import Markup

from admin.door.cost import begins
from admin.door.joins import signed_in
from admin.door.routes import expose
from admin.kit.base import PanelView
from admin.kit.columns import BADGE, short_moment
from admin.kit.noted import CATEGORY
from admin.kit.pdf import pdf_response
from admin.web.passwords import own_password_objection
from models.backup import key as keys
from models.backup.nightly import plan_in_force
from models.case.edits import note_edit
from models.content.keysheet import TITLE, key_sheet
from models.demo.demo import is_demo
from models.store.base import database, now
from models.store.bounded import Work
from models.tables.backup import Backup, note_printed
from models.tables.scope import viewer
from papers.printing import press
from sop.words import format_number, format_size


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
    empty_text = "Belum ada cadangan. Isi Tempat cadangan di Pengaturan; yang pertama dibuat beberapa menit kemudian."

    def new_link(self) -> tuple[str, str] | None:
        return None

    @expose("/lembar-kunci.pdf", methods=("POST",), cost=begins(Work.HASH, Work.PRINT))
    def sheet(self) -> Any:
        """The key on paper, for whoever types his own password once more; the history says who had it printed."""
        user = signed_in()
        if sentence := own_password_objection(user, request.form.get("password", "")):
            flash(f"{sentence} {TITLE} tidak dicetak.", "error")
            return redirect(self.get_url(".index_view"))
        return self._printed_sheet(user)

    def _printed_sheet(self, user: Any) -> Response:
        key = keys.key_from(current_app.config["VAR_DIR"])
        mark, place = keys.mark_of(key), plan_in_force().place
        at = now()
        content = key_sheet(keys.in_groups(key), mark=mark, place=place, by=user, at=at, demo=is_demo())
        data = press.loose_pdf(content)
        with database.atomic():
            note_printed(mark, at)
            note_edit(user, [TITLE], by=viewer(user), what=f"mencetak {TITLE} bertanda {mark}")
        return pdf_response(data, "lembar-kunci-cadangan.pdf")


def state_cell(row: Backup) -> Markup:
    """Whether it counts, and if not why."""
    if row.fault:
        return BADGE.format("bad", "Gagal") + Markup(" {}").format(row.fault)
    lacking = Markup(" {} berkas sudah hilang sebelumnya").format(len(row.lacking)) if row.lacking else Markup("")
    return BADGE.format("good", "Teruji") + lacking


def views() -> list[PanelView]:
    return [CadanganView(Backup, "Cadangan", endpoint=CadanganView.noun, category=CATEGORY)]
