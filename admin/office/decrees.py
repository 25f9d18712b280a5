"""Plt. and Plh., registered with the scan of the decree; after the start only an earlier end can be set."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import Response, abort, request, url_for
from markupsafe import Markup
from wtforms import FileField, ValidationError

from admin.door.gate import TAKES_FILES, expose
from admin.door.rows import signed_in
from admin.lists.base import PanelView
from admin.lists.cells import NOTHING, number_in_column
from admin.lists.inputs import Required, row_id
from admin.lists.masters import DATES, FROM_TODAY, IN_FORCE, IN_FORCE_LABEL, LATEST_FIRST, DatedForm
from admin.office.users import IN_LANES
from models.office import decree
from models.office.people import Acting, User, post_name, today, with_group
from models.office.settings import values
from models.store.base import Columns
from models.store.seal import BrokenSeal
from models.store.upload_kinds import ACCEPTED, TITLES, Refused
from models.store.uploads import Offer, most_bytes, piece_of
from sop.words import format_date

SCAN = "Pindaian surat perintah"
LOST = "Pindaian surat perintah ini tidak dapat dibuka: berkasnya hilang atau berubah."


class DecreeForm(DatedForm):
    """The form of a decree; after its start only the end."""

    scan_upload: Columns | None = None

    def validate_valid_to(self, field: Any) -> None:
        if "valid_from" in self:
            super().validate_valid_to(field)

    def validate_scan(self, field: Any) -> None:
        """Sanitise and encrypt the scan before the transaction begins, since it is slow."""
        if field.data:
            try:
                offer = Offer(field.data.filename or "", field.data.stream.read())
                self.scan_upload = decree.store_scan(piece_of(offer, most=most_bytes(values())), by=signed_in())
            except Refused as refused:
                raise ValidationError(f"Pindaian ditolak: {refused}") from refused


@dataclass(frozen=True)
class Candidate:
    """A user who may be appointed, shown with rank and NIP as on papers."""

    person: User

    def get_id(self) -> int:
        return int(self.person.id)

    def __str__(self) -> str:
        rank, nip = with_group(self.person.pangkat), self.person.nip
        return f"{self.person} · {rank or 'pangkat belum diisi'} · {f'NIP {nip}' if nip else 'NIP belum diisi'}"


def scan_field(*demands: Any) -> FileField:
    help = f"Foto atau pindaian surat perintahnya: {TITLES}. Tersimpan tersegel; dapat diunduh pengelola dan pengawas."
    return FileField(SCAN, list(demands), description=help, render_kw={"accept": ",".join(ACCEPTED)})


class ActingView(PanelView):
    noun, cost = "plt", TAKES_FILES
    joins = ("division", "user")
    people = {"user": IN_LANES}
    can_create = can_edit = can_view_details = records_edits = True
    form_base_class = DecreeForm
    column_list = ("user.name", "kind", "division.name", "decree", *DATES, "in_force", "scan")
    column_details_list = ("kind", "division.name", "user.name", "decree", "decree_date", *DATES, "in_force", "scan")
    column_labels = {
        **IN_FORCE_LABEL,
        "user.name": "Pejabat pelaksana",
        "division.name": "Menjalankan tugas",
        "scan": "Surat perintah",
    }
    column_formatters = {
        **IN_FORCE,
        "division.name": lambda view, context, row, name: post_name(row.division),
        "decree": lambda view, context, row, name: number_in_column(row.decree),
        "scan": lambda view, context, row, name: scan_link(row),
    }
    column_sortable_list, column_default_sort = DATES, LATEST_FIRST
    form_columns = ("kind", "division", "user", "decree", "decree_date", *DATES)
    form_args = {
        **FROM_TODAY,
        "division": {"render_kw": {"data-offers": "user"}},  # candidates depend on the post
        "kind": {"description": "Plt. bila jabatannya kosong; Plh. bila pejabatnya berhalangan."},
        "user": {"description": "Hanya yang memiliki akun aktif; pengelola sistem dan pengawas tidak dapat bertugas."},
        "decree_date": {"description": "Tidak boleh sesudah tanggal mulai berlaku."},
        "valid_from": {**FROM_TODAY["valid_from"], "description": "Hak mulai dengan sendirinya pukul 00.00."},
        "valid_to": {
            "description": "Hak berakhir dengan sendirinya sesudah tanggal ini. Bila sudah berjalan, hanya "
            "dapat dimajukan; perpanjangan didaftarkan sebagai surat perintah baru."
        },
    }
    preset_fields = ("division",)
    create_label = "Tambah Plt. atau Plh."
    empty_text = "Tidak ada pejabat pelaksana."
    empty_hint = "Tambahkan bila ada surat perintah Plt. atau Plh."

    def may(self, door: str, row: Any = None) -> bool:
        """An appointment that has ended is read-only."""
        return super().may(door, row) and not (door == "edit" and row is not None and decree.has_ended(row))

    # Forms

    def choosable(self, key: Any) -> Any:
        """Users except the holder of the chosen post; without a unit, of the office's head."""
        rows = super().choosable(key)
        if key.name != "user":
            return rows
        stored = Acting.get_or_none(Acting.id == _whole(request.args.get("id", "")))
        typed = request.values.get("division", str(stored.division_id) if stored else "")
        return [Candidate(person) for person in decree.candidates(rows, _whole(typed), today())]

    def get_create_form(self) -> type:
        return type("CreateForm", (self.get_form(),), {"scan": scan_field(Required())})

    def get_edit_form(self) -> type:
        return type("EditForm", (super().get_edit_form(),), {"scan": scan_field()})

    def edit_form(self, obj: Any = None) -> Any:
        """Without the fields that may no longer be changed."""
        form = super().edit_form(obj)
        if decree.has_begun(obj):
            scanned = ("scan",) if decree.scans_of([obj.id]) else ()
            for name in (*(n for n in self.form_columns if n != decree.ONLY_END), *scanned):
                del form[name]
        return form

    def has_other_data(self, form: Any) -> bool:
        return form.scan_upload is not None

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        model.was_begun = not is_created and decree.has_begun(Acting.get_by_id(model.id))
        model.scan_upload = form.scan_upload
        if sentence := decree.objection(model, by=signed_in()):
            raise ValidationError(sentence)

    def on_saved(self, model: Any, created: bool, changed_fields: tuple[str, ...]) -> None:
        names = [self.get_column_name(n) for n in (self.form_columns if created else changed_fields)]
        if model.scan_upload:
            decree.attach(model, model.scan_upload)
            names.append(SCAN)
        self.note(model, names, what=_history_text(model, created, changed_fields))

    def created_message(self, row: Any) -> str:
        return f"{row} telah dicatat."

    # The scan

    def rows(self, keys: list[int]) -> list[Any]:
        decrees = super().rows(keys)
        scans = decree.scans_of(keys)
        for row in decrees:
            row.scanned = row.id in scans
        return decrees

    @expose("/surat/")
    def surat(self) -> Response:
        """The scan of a decree as a download."""
        row = self.requested_row("details")
        scan = decree.scans_of([row.id]).get(row.id)
        if scan is None:
            abort(404)
        try:
            data = decree.scan_bytes(scan)
        except (BrokenSeal, FileNotFoundError):
            abort(409, LOST)
        plain = scan.name.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
        headers = {
            "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(scan.name)}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "no-store",
        }
        return Response(data, mimetype=scan.kind, headers=headers)


def _whole(typed: str) -> int | None:
    """The id in an address or form, None if invalid: the form reports the error itself."""
    try:
        return row_id(typed)
    except ValueError:
        return None


def scan_link(row: Any) -> Any:
    if not getattr(row, "scanned", None) and not decree.scans_of([row.id]):
        return NOTHING
    return Markup('<a href="{}">Unduh</a>').format(url_for("plt.surat", id=row.id))


def _history_text(row: Acting, created: bool, changed: tuple[str, ...]) -> str:
    """The text for the history, which shows all its readers who acts for whom, and since when."""
    registration = f"{row} ({row.span}; surat perintah {row.decree}, {format_date(row.decree_date)})"
    if created:
        return f"mendaftarkan {registration}"
    if row.was_begun and decree.ONLY_END in changed:
        return f"memajukan akhir tugas {registration}"
    return f"mengubah pendaftaran {registration}"
