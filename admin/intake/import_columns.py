"""Susunan kolom: the column mapping of a kind of file, for a file that waits for it or for later ones."""

from collections.abc import Mapping
from typing import Any

from flask import Response, abort, flash, make_response, redirect, request

from admin.door.flaskadmin import PageView
from admin.door.gate import READS, begins, expose
from admin.door.rows import signed_in
from admin.intake import import_work
from admin.lists.export import download_headers
from models.complaint.scope import viewer
from models.imports import mapping
from models.imports.batches import AwaitingFile, ImportMapping, content_of, delete_waiting_file, waiting_file
from models.imports.columns import FIELDS, likely_columns
from models.imports.mapping import MOST_BYTES, as_file, typed_in_file
from models.imports.refused import UnreadableFile
from models.imports.stage import begin_judging, drop, table_of_file
from models.office.lists import Medium
from models.store.base import now
from models.store.resource_limits import Work
from models.store.uploads import clean_name

UNCHOSEN = "Pilih berkas susunannya."
GONE = (
    "Berkas itu tidak tersimpan lagi: sudah dibaca, dihapus, diganti, atau lewat sehari. Pilih berkasnya sekali lagi."
)
SAVED = "Susunan “{}” tersimpan; pilih sebagai jenis berkas."
SAVED_WITHOUT_FILE = "Susunan “{}” tersimpan. " + GONE


class SusunanView(PageView):
    """/pengaduan/impor/kolom/: reached from Impor."""

    noun, home, cost = "impor", "pengaduan", READS

    @expose("/")
    def index(self) -> str:
        """The form: empty, with a stored mapping, or guessed from the headers of the waiting file."""
        stored = ImportMapping.get_or_none(ImportMapping.name == request.args.get("susunan", ""))
        file_id = request.args.get("berkas", "")
        waiting = _waiting(file_id)
        typed = dict[str, str]()
        if waiting:
            name = waiting.name.rpartition(".")[0] or waiting.name
            typed |= likely_columns(waiting.stored_headings())
            typed["nama"] = name[: ImportMapping.name.max_length]
        if stored:
            typed |= mapping.as_typed(stored)
        return self._page(typed, waiting, GONE if file_id and waiting is None else "")

    @expose("/", methods=("POST",), cost=begins(Work.TABLE))
    def keep(self) -> Any:
        """Store the mapping, and read the file that waits for it."""
        file_id = request.form.get("berkas", "")
        waiting = _waiting(file_id)
        try:
            stored = mapping.store_mapping(request.form)
            if waiting is None:
                sentence, tone = (SAVED_WITHOUT_FILE, "error") if file_id else (SAVED, "success")
                flash(sentence.format(stored.name), tone)
                return redirect(self.get_url("impor.index"))
            data, who = content_of(waiting), viewer(signed_in())
            table = table_of_file(data, stored.form)
        except (mapping.UnfitMapping, UnreadableFile) as refused:
            return make_response(self._page(request.form, waiting, str(refused)), 422)
        batch = begin_judging(data, waiting.name, stored.form, waiting.zone, who, now())
        import_work.begin_judging(batch, table, who)
        if not delete_waiting_file(waiting):
            drop(batch)  # pressed twice: the other request has read it
            return redirect(self.get_url("impor.index"))
        return redirect(self.get_url("impor.batch", number=batch.id))

    @expose("/berkas/", methods=("POST",))
    def read(self) -> Any:
        """The form filled from a mapping file; nothing is stored."""
        file, waiting = request.files.get("susunan"), _waiting(request.form.get("berkas", ""))
        try:
            if file is None or not file.filename:
                raise mapping.UnfitMapping(UNCHOSEN)
            typed = typed_in_file(file.read(MOST_BYTES + 1))
        except mapping.UnfitMapping as refused:
            return make_response(self._page(request.form, waiting, str(refused)), 422)
        return self._page({**request.form, **typed}, waiting)

    @expose("/unduh/")
    def download(self) -> Response:
        """A stored mapping as a JSON file."""
        stored = ImportMapping.get_or_none(ImportMapping.name == request.args.get("susunan", "")) or abort(404)
        name = clean_name(f"susunan-{stored.name}.json", ".json").encode("ascii", "ignore").decode()
        return Response(as_file(stored.form), mimetype="application/json", headers=download_headers(name))

    @expose("/hapus/", methods=("POST",))
    def drop(self) -> Any:
        """Delete the waiting file."""
        waiting = _waiting(request.form.get("berkas", ""))
        if waiting and delete_waiting_file(waiting):
            flash("Berkas dihapus; tidak ada yang dibaca.", "success")
        return redirect(self.get_url("impor.index"))

    def _page(self, typed: Mapping[str, str], waiting: AwaitingFile | None, why: str = "") -> str:
        facts = {
            "typed": typed,
            "why": why,
            "waiting": waiting,
            "heads": waiting.stored_headings() if waiting else [],
            "fields": FIELDS,
            "media": Medium.select().where(Medium.active).order_by(Medium.name),
            "mappings": ImportMapping.select().order_by(ImportMapping.name),
        }
        return str(self.render("admin/intake/import_columns.html", **facts))


def _waiting(public_id: str) -> AwaitingFile | None:
    return waiting_file(signed_in(), now(), public_id) if public_id else None
