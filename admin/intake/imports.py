"""Impor: choosing a file, reviewing its rows, publishing, reporting and undoing."""

from datetime import datetime
from typing import Any

from flask import abort, flash, make_response, redirect, request

from admin.door.flaskadmin import PageView
from admin.door.gate import READS, READS_MUCH, begins, expose
from admin.door.rows import signed_in, valid_id, valid_ids
from admin.intake import import_work
from admin.intake.import_columns import SusunanView
from admin.intake.import_groups import GROUPS, RowFilter, decide_on_groups, groups_page
from admin.intake.import_work import report_file
from admin.lists.works import work_of_page
from models.complaint.scope import viewer
from models.imports import reviewing
from models.imports.batches import (
    AT_ONCE,
    DECISIONS,
    NUMBERINGS,
    PUBLISHED,
    READING,
    REFUSED,
    SORTING,
    STAGED,
    UNDOING,
    UNDONE,
    VERDICTS,
    WHEN_RAISED,
    ImportBatch,
    ImportMapping,
    form_of,
    store_waiting_file,
    waiting_file,
)
from models.imports.columns import FORMS, heads_of_file
from models.imports.outlook import outlook_of, result_of
from models.imports.publishing import begin
from models.imports.refused import UnreadableFile
from models.imports.sorting import begin_undoing
from models.imports.stage import ZONES, begin_judging, counts_of, drop, table_of_file
from models.store.base import YEARS, now
from models.store.resource_limits import Work
from sop.clock import WIB
from sop.words import format_number

LISTED = 30  # files
ON_ITS_WAY = (READING, *import_work.WORK)
TYPED_MOMENT = "%Y-%m-%dT%H:%M"  # as browsers send it
OTHER, OTHERS = "lain", "Berkas lain: atur kolomnya"
UNCHOSEN = "Pilih berkas, jenisnya, dan zona waktunya."
NONE_CHANGED = "Tidak ada baris yang berubah: tindakan itu tidak berlaku baginya, atau berkasnya tidak menunggu lagi."
DECIDED = "{} baris: {}."
PLACED = "{} baris: alamatnya kini bagian judul."
PLACELESS = "Tidak ada yang berubah: baris itu tidak menyebut alamat, atau judulnya sudah memuatnya."


class ImporView(PageView):
    """/pengaduan/impor/: linked from the list of complaints; each file belongs to the user who uploaded it."""

    noun, home, cost = "impor", "pengaduan", READS

    @expose("/")
    def index(self) -> str:
        return self._chooser()

    @expose("/", methods=("POST",), cost=begins(Work.TABLE))
    def taken(self) -> Any:
        file, kind, zone = request.files.get("berkas"), request.form.get("jenis", ""), request.form.get("zona", "")
        if file is None or not file.filename or kind not in (*_kinds(), OTHER) or zone not in ZONES:
            return make_response(self._chooser(UNCHOSEN), 422)
        data = file.read()
        try:
            if kind == OTHER:
                waiting = store_waiting_file(data, file.filename, zone, heads_of_file(data), signed_in(), now())
                return redirect(self.get_url("susunan.index", berkas=waiting.public_id))
            form, who = form_of(kind), viewer(signed_in())
            table = table_of_file(data, form)
        except UnreadableFile as refused:
            return make_response(self._chooser(str(refused)), 422)
        batch = begin_judging(data, file.filename, form, zone, who, now())
        import_work.begin_judging(batch, table, who)
        return redirect(self.get_url(".batch", number=batch.id))

    @expose("/<row:number>/")
    def batch(self, number: int) -> str:
        batch, at_work = self._batch_at_work(number)
        is_on_its_way = batch.state in ON_ITS_WAY
        work = work_of_page(request.path) if is_on_its_way else None
        typed, chosen = request.args.get("sesudah", ""), RowFilter.of_address(batch)
        line = int(typed) if typed.isdecimal() and len(typed) <= 7 else 0
        rows, further = reviewing.rows_after(batch, line, chosen.choice)
        waits = batch.state == STAGED
        facts = {
            "batch": batch,
            "label": _kinds().get(batch.form, batch.form),
            "counts": counts_of(batch),
            "decided": reviewing.decided_counts(batch) if waits else {},
            "outlook": outlook_of(batch, now()) if waits else None,
            "result": result_of(batch) if batch.state in (PUBLISHED, SORTING, UNDOING, UNDONE) else None,
            "work": work,
            "progress": reviewing.progress_of(batch) if is_on_its_way else (0, 0),
            "at_work": at_work or bool(work and not work.is_over),
            "choices": chosen.choice.choices,
            "chosen": chosen,
            "chosen_rows": reviewing.count_of(batch, chosen.choice) if waits else 0,
            "rows": rows,
            "first": not line,
            "after": rows[-1].row.line if further else None,
        }
        words = {"verdicts": VERDICTS, "decisions": DECISIONS, "numberings": NUMBERINGS, "on_its_way": ON_ITS_WAY}
        return str(self.render("admin/intake/import.html", groups=GROUPS, **facts, **words))

    @expose("/<row:number>/putusan/", methods=("POST",))
    def decide(self, number: int) -> Any:
        """Decide on the ticked rows, or on all of the filter."""
        batch = self._own(number)
        chosen = RowFilter.of_address(batch)
        lines = [] if request.form.get("semua") else valid_ids(request.form.getlist("baris"))
        decision = request.form.get("tindakan", "")
        if not lines and not request.form.get("semua"):
            flash("Centang barisnya dahulu, atau pilih semua.", "error")
        elif chosen.is_unread:
            flash("Saringan baris tidak terbaca; tidak ada yang diubah.", "error")
        else:
            count = reviewing.decide(batch, chosen.choice, decision, lines)
            words = DECIDED.format(format_number(count), DECISIONS.get(decision, "tidak berubah").lower())
            flash(*((words, "success") if count else (NONE_CHANGED, "error")))
        return redirect(self.get_url(".batch", number=number, **chosen.args))

    @expose("/<row:number>/lengkapi/", methods=("POST",))
    def complete(self, number: int) -> Any:
        """Add the place to the titles of the ticked short rows, or of all of them."""
        placed = reviewing.complete_titles(self._own(number), valid_ids(request.form.getlist("baris")))
        flash(*((PLACED.format(format_number(placed)), "success") if placed else (PLACELESS, "error")))
        return redirect(self.get_url(".batch", number=number))

    @expose("/<row:number>/<any(instansi,topik,kecamatan):by>/", cost=READS_MUCH)
    def groups(self, number: int, by: str) -> str:
        """The institutions, topics or kecamatan of the file, for decisions on many rows at once."""
        return groups_page(self, self._own(number), by)

    @expose("/<row:number>/<any(instansi,topik,kecamatan):by>/", methods=("POST",), cost=READS_MUCH)
    def decide_groups(self, number: int, by: str) -> Any:
        batch, sought = self._own(number), request.form.get("cari", "")[:100]
        words, tone = decide_on_groups(batch, by, sought)
        flash(words, tone)
        if self._own(number).state in import_work.WORK:
            return redirect(self.get_url(".batch", number=number))
        return redirect(self.get_url(".groups", number=number, by=by, cari=sought or None))

    @expose("/<row:number>/baris/<row:line>/")
    def row(self, number: int, line: int) -> str:
        batch = self._own(number)
        reviewed = reviewing.reviewed_row(batch, line) or abort(404)
        receipt = reviewed.case.received
        received = receipt.at.astimezone(WIB).strftime(TYPED_MOMENT) if receipt else ""
        label = VERDICTS[reviewed.row.verdict]
        return str(
            self.render("admin/intake/import_row.html", batch=batch, one=reviewed, received=received, label=label)
        )

    @expose("/<row:number>/baris/<row:line>/", methods=("POST",))
    def mend(self, number: int, line: int) -> Any:
        """Correct a refused or short row."""
        batch = self._own(number)
        texts = {name: request.form.get(typed, "") for name, typed in (("title", "judul"), ("story", "uraian"))}
        received = _moment(request.form.get("diterima", ""))
        verdict = reviewing.mend(batch, line, received=received, at=now(), **texts)
        if verdict == REFUSED:
            flash("Baris ini masih ditolak.", "error")
            return redirect(self.get_url(".row", number=number, line=line))
        if not verdict:
            flash("Baris ini tidak dapat diperbaiki lagi.", "error")
            return redirect(self.get_url(".batch", number=number))
        flash(f"Baris {line}: {VERDICTS[verdict].lower()}.", "success")
        return redirect(self.get_url(".batch", number=number, putusan=verdict))

    @expose("/<row:number>/masukkan/", methods=("POST",))
    def publish(self, number: int) -> Any:
        batch, numbering = self._own(number), request.form.get("nomor", WHEN_RAISED)
        lifts = "sembunyikan" in request.form
        why = begin(
            batch,
            by=signed_in(),
            at=now(),
            numbering=AT_ONCE if numbering == AT_ONCE else WHEN_RAISED,
            lifts=lifts,
        )
        return self._continue_work(batch, why)

    @expose("/<row:number>/batalkan/", methods=("POST",))
    def undo(self, number: int) -> Any:
        batch = self._own(number)
        return self._continue_work(batch, begin_undoing(batch, by=signed_in(), at=now()))

    @expose("/<row:number>/lanjutkan/", methods=("POST",))
    def go_on(self, number: int) -> Any:
        """Continue with a file whose work was interrupted."""
        return self._continue_work(self._own(number), "")

    @expose("/<row:number>/hapus/", methods=("POST",))
    def drop(self, number: int) -> Any:
        if not drop(self._own(number)):
            return self._continue_work(
                self._own(number), "Berkas ini tidak menunggu untuk dimasukkan lagi; tidak ada yang dihapus."
            )
        flash("Berkas dihapus; tidak ada yang dimasukkan.", "success")
        return redirect(self.get_url(".index"))

    @expose("/<row:number>/export/<any(xlsx,csv):export_type>/", cost=READS_MUCH)
    def export(self, number: int, export_type: str) -> Any:
        """What became of each row."""
        return report_file(self._own(number), signed_in(), export_type)

    def _continue_work(self, batch: ImportBatch, why: str) -> Any:
        if why:
            flash(why, "error")
        state = ImportBatch.get_by_id(batch.id).state
        if state in import_work.WORK:
            import_work.begin_work(batch.id)
        return redirect(self.get_url(".batch", number=batch.id))

    def _batch_at_work(self, number: int) -> tuple[ImportBatch, bool]:
        """The file, and whether a thread works on it. A thread may have started and ended between the two checks, so
        the file is read again; if its state still asks for work, the work was interrupted."""
        was_at_work, batch = import_work.is_at_work(valid_id(number)), self._own(number)
        if was_at_work or batch.state not in ON_ITS_WAY:
            return batch, was_at_work
        return (batch, True) if import_work.is_at_work(batch.id) else (self._own(number), False)

    def _own(self, number: int) -> ImportBatch:
        return reviewing.own_batch(number, signed_in()) or abort(404)

    def _chooser(self, why: str = "") -> str:
        own = ImportBatch.select().where(ImportBatch.by == signed_in().id).order_by(ImportBatch.id.desc())
        kinds = _kinds()
        files = [(batch, kinds.get(batch.form, batch.form)) for batch in own.limit(LISTED)]
        chosen = {"kind": request.form.get("jenis", ""), "zone": request.form.get("zona", "")}
        waiting = waiting_file(signed_in(), now())
        facts = {"kinds": {**kinds, OTHER: OTHERS}, "zones": list(ZONES), "files": files, "why": why, "chosen": chosen}
        return str(self.render("admin/intake/import_file.html", waiting=waiting, **facts))


def _moment(typed: str) -> datetime | None:
    try:
        moment = datetime.strptime(typed, TYPED_MOMENT).replace(tzinfo=WIB)
    except ValueError:
        return None
    return moment if moment.year in YEARS else None


def _kinds() -> dict[str, str]:
    """The labels of the kinds of files by key: the built-in ones, then the office's mappings."""
    mapped = {mapping.form.key: str(mapping.name) for mapping in ImportMapping.select().order_by(ImportMapping.name)}
    return {**{key: form.label for key, form in FORMS.items()}, **mapped}


def views() -> list[PageView]:
    return [
        ImporView(name="Impor", endpoint="impor", url="/pengaduan/impor"),
        SusunanView(name="Susunan kolom", endpoint="susunan", url="/pengaduan/impor/kolom"),
    ]
