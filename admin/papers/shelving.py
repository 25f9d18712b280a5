"""Filing, lending and taking back berkas: the forms, the actions of lists of cases, and the labels of berkas."""

from collections.abc import Callable, Sequence
from typing import Any

from flask import abort, flash, make_response, redirect, request, url_for
from flask_admin.form import BaseForm
from wtforms import DateField, StringField
from wtforms.validators import Length, ValidationError

from admin.door.flaskadmin import ListInstead, PageView, ViewPart, view_at
from admin.door.gate import READS, action, expose
from admin.door.rows import safe_target, signed_in, valid_id, valid_ids
from admin.lists.cells import number_in_column
from admin.lists.export import pdf_response
from admin.lists.inputs import Required, clean_line, plausible_year
from admin.papers.shelf import LONGEST, NOUN, berkas_line
from models.case import access_notes
from models.complaint.complaint import Complaint
from models.complaint.scope import visible
from models.complaint.shelf import CaseLent
from models.demo.demo import is_demo
from models.office.people import today
from models.office.shelves import offered_places, place_of_code
from models.reading.shelf import case_labels, label_sheet
from models.store.base import among, now
from models.workflow import shelf
from papers.printing import press
from papers.printing.failure import PrintError

RECORDING = "arsip-catat"
LABEL, LABEL_ACTION = "shelf_label", "Cetak label berkas"
OFFERED = 300  # places in the list of a field
UNKNOWN_PLACE = "Tidak ada tempat arsip dengan kode ini. Tempat baru ditambahkan pada Tempat arsip."
NOT_USED = "Tempat ini tidak aktif lagi."


class FilingForm(BaseForm):
    """The place at which berkas are filed."""

    code = StringField(
        "Kode map, boks, atau rak",
        [Required(), Length(max=LONGEST)],
        filters=[clean_line],
        description="Pilih, ketik, atau pindai kode pada labelnya, misalnya M-0012.",
    )

    def validate_code(self, field: Any) -> None:
        place = place_of_code(field.data or "")
        if place is None:
            raise ValidationError(UNKNOWN_PLACE)
        if not place.active:
            raise ValidationError(NOT_USED)


class LendingForm(BaseForm):
    """Who borrows berkas, and until when."""

    borrower = StringField(
        CaseLent.borrower.verbose_name,
        [Required(), Length(max=CaseLent.borrower.max_length)],
        filters=[clean_line],
        description="Nama dan unit kerja atau instansinya.",
    )
    due_on = DateField(CaseLent.due_on.verbose_name, [Required(), plausible_year])

    def validate_due_on(self, field: Any) -> None:
        if field.data and field.data < today():
            raise ValidationError(shelf.PAST)


FORMS: dict[str, type[BaseForm]] = {shelf.FILED: FilingForm, shelf.LENT: LendingForm}
TITLES = {shelf.FILED: "Simpan berkas", shelf.LENT: "Pinjamkan berkas"}
DONE = {
    shelf.FILED: "tercatat tempatnya",
    shelf.LENT: "tercatat dipinjamkan",
    shelf.RETURNED: "tercatat kembali",
}


class Shelving(ViewPart):
    """Part of lists of cases, or of rows with a case: berkas filed, lent, back, and their labels, for those who may
    record it."""

    pages_of_actions = dict.fromkeys((*shelf.LABELS, LABEL), RECORDING)

    def __init__(self, cases_of_rows: Callable[[list[int]], list[int]] | None = None) -> None:
        self.cases_of_rows = cases_of_rows  # row ids -> complaint ids; None where rows are complaints

    def cases(self, ids: list[int]) -> list[int]:
        return self.cases_of_rows(ids) if self.cases_of_rows else ids

    @action(shelf.FILED, shelf.LABELS[shelf.FILED])
    def shelf_filed(self, ids: list[int]) -> Any:
        return recording_page(shelf.FILED, self.cases(ids))

    @action(shelf.LENT, shelf.LABELS[shelf.LENT])
    def shelf_lent(self, ids: list[int]) -> Any:
        return recording_page(shelf.LENT, self.cases(ids))

    @action(shelf.RETURNED, shelf.LABELS[shelf.RETURNED], "Catat {} berkas sudah kembali?")
    def shelf_returned(self, ids: list[int]) -> Any:
        cases = self.cases(ids)
        flash_recorded(shelf.RETURNED, len(cases), shelf.return_cases(cases, by=signed_in()))

    @action(LABEL, LABEL_ACTION)
    def shelf_label(self, ids: list[int]) -> Any:
        rows = Complaint.select(Complaint.id, Complaint.number, Complaint.secrecy)
        cases = list(rows.where(among(Complaint.id, self.cases(ids))).order_by(Complaint.id))
        access_notes.log_list(signed_in(), "label berkas", cases)
        return labels_response(case_labels([str(case.number) for case in cases]))


def labels_response(labels: Sequence[Any]) -> Any:
    """The sheet of labels as PDF; None with a message if it cannot be printed."""
    try:
        pdf = press.unissued_pdf(label_sheet(labels, at=now(), demo=is_demo()))
    except PrintError as failed:
        flash(f"Label tidak dapat dicetak. {failed}", "danger")
        return None
    return pdf_response(pdf, "label-arsip.pdf", download=True)


class CatatArsipView(PageView):
    """/arsip/catat/, not in the menu: the forms with which berkas are filed and lent, and their return."""

    noun, home, cost = RECORDING, NOUN, READS
    bare = ListInstead()

    @property
    def sibling_url(self) -> str:
        return url_for(f"{NOUN}.index")

    @expose("/simpan/", methods=("GET", "POST"))
    def filed(self) -> Any:
        return self._record(shelf.FILED, lambda cases, form: _file(cases, form))

    @expose("/pinjam/", methods=("GET", "POST"))
    def lent(self) -> Any:
        return self._record(
            shelf.LENT,
            lambda cases, form: shelf.lend_cases(
                cases, by=signed_in(), borrower=form.borrower.data, due_on=form.due_on.data
            ),
        )

    @expose("/kembali/", methods=("POST",))
    def returned(self) -> Any:
        """Of one case the loan that its page shows, in case it has been lent again since."""
        cases, typed = chosen_cases(), request.form.get("loan")
        seen = {cases[0]: valid_id(typed)} if typed and len(cases) == 1 else {}
        flash_recorded(shelf.RETURNED, len(cases), shelf.return_cases(cases, by=signed_in(), seen=seen))
        return redirect(return_address(cases))

    def _record(self, act: str, write: Callable[[list[int], Any], dict[int, str]]) -> Any:
        cases = chosen_cases()
        if request.method == "GET":
            return recording_page(act, cases)
        form = FORMS[act](request.form)
        if not form.validate():
            return make_response(recording_page(act, cases, form), 422)
        refused = write(cases, form)
        if len(refused) == len(cases):
            if act == shelf.FILED:  # another place may be chosen
                form.code.errors, refused = [*dict.fromkeys(refused.values())], {}
            return make_response(recording_page(act, cases, form, refused), 409)
        flash_recorded(act, len(cases), refused)
        return redirect(return_address(cases))


def _file(cases: list[int], form: Any) -> dict[int, str]:
    place = place_of_code(form.code.data) or abort(404)
    return shelf.file_cases(cases, by=signed_in(), place=place)


def recording_page(act: str, cases: list[int], form: Any = None, refused: dict[int, str] | None = None) -> str:
    """The page with the form of an act; lists the cases, with a reason where one cannot be recorded."""
    rows = list(Complaint.select().where(among(Complaint.id, cases)).order_by(Complaint.id))
    access_notes.log_list(signed_in(), "berkas arsip", rows)
    states, why = shelf.states_of(cases), refused if refused is not None else shelf.refusals(cases, act)
    return str(
        view_at(RECORDING).render(
            "admin/papers/shelving.html",
            act={shelf.FILED: "filed", shelf.LENT: "lent"}[act],
            label=TITLES[act],
            form=form or FORMS[act](),
            number=number_in_column,
            rows=[(case, berkas_line(case, states.get(case.id)), why.get(case.id, "")) for case in rows],
            offered=offered_places()[:OFFERED] if act == shelf.FILED else (),
            back=return_address(cases),
        )
    )


def chosen_cases() -> list[int]:
    """The cases in the address or the hidden field; 404 unless the user may see all of them."""
    typed = request.args.getlist("id") if request.method == "GET" else request.form.get("cases", "").split(",")
    ids = valid_ids(typed)
    known = visible(signed_in(), Complaint).select(Complaint.id).where(among(Complaint.id, ids)).count()
    if not ids or known != len(ids):
        abort(404)
    return ids


def return_address(cases: Sequence[int]) -> str:
    """The page from which the user came; that of the case if it is one."""
    of_case = url_for("pengaduan.details_view", id=cases[0]) if len(cases) == 1 else url_for(f"{NOUN}.index")
    return safe_target(request.values.get("url")) or of_case


def flash_recorded(act: str, chosen: int, refused: dict[int, str]) -> None:
    """Flash the counts of recorded and refused berkas, with the reasons."""
    if chosen > len(refused):
        flash(f"{chosen - len(refused)} berkas {DONE[act]}.", "success")
    if refused:
        flash(f"{len(refused)} berkas tidak dicatat. {' '.join(dict.fromkeys(refused.values()))}", "warning")


def views() -> list[PageView]:
    return [CatatArsipView(name="Catat arsip", endpoint=RECORDING, url="/arsip/catat")]
