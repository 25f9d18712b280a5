"""Arsip: where a berkas is (by number, code or a picture of its QR code); filing, lending and taking back berkas."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, make_response, redirect, request, url_for
from flask_admin.form import BaseForm
from markupsafe import Markup, escape
from wtforms import DateField, StringField
from wtforms.validators import Length, ValidationError

from admin.door.flaskadmin import ListInstead, PageView, ViewPart, view_at
from admin.door.gate import READS, SEARCHES, TAKES_FILES, action, admits_to, expose
from admin.door.rows import safe_target, signed_in, valid_ids
from admin.lists.cells import badge, nowrap, number_in_column
from admin.lists.export import pdf_response
from admin.lists.inputs import Required, clean_line, plausible_year
from admin.lists.masters import REPORTS
from models.case import access_notes
from models.complaint.codes import paper_of_code, typed_code
from models.complaint.complaint import Complaint
from models.complaint.lookup import case_of_number
from models.complaint.scope import viewer, visible
from models.complaint.shelf import CaseLent, CaseShelf
from models.demo.demo import is_demo
from models.office.people import today
from models.office.shelves import (
    BETWEEN,
    ShelfPlace,
    all_places,
    offered_places,
    place_of_code,
    places_within,
    scanned_text,
    steps_to,
)
from models.reading.shelf import case_labels, label_sheet
from models.store.base import among, now
from models.store.resource_limits import AllSlotsTaken
from models.store.upload_kinds import Refused, kind_of
from models.store.uploads import MEGABYTE
from models.workflow import shelf
from papers.printing import press
from papers.printing.failure import PrintError
from papers.signing.code_reading import texts_on_picture
from sop.words import day_of, format_date, format_number

NOUN, RECORDING = "arsip", "arsip-catat"
LISTS = ("berkas-tersimpan", "belum-kembali", "belum-diarsipkan", "retensi-arsip")
LABEL, LABEL_ACTION = "shelf_label", "Cetak label berkas"
LONGEST, SHOWN, OFFERED = 200, 20, 300
MOST_PICTURE = 10 * MEGABYTE
UNKNOWN_PLACE = "Tidak ada tempat arsip dengan kode ini. Tempat baru ditambahkan pada Tempat arsip."
NOT_USED = "Tempat ini tidak aktif lagi."
NOTHING = (
    "Tidak ada pengaduan, dokumen, atau tempat arsip dengan nomor atau kode ini di antara yang dapat Anda buka. Ketik "
    "nomor register, kode verifikasi dokumen, atau kode pada label."
)
NO_PICTURE = "Pilih dahulu fotonya."
OTHER_KIND = "Isinya bukan foto (JPG, PNG, HEIC, WebP)."
TOO_LARGE = f"Fotonya lebih dari {MOST_PICTURE // MEGABYTE} MB."
SEVERAL_CODES = "Ada lebih dari satu kode QR pada gambar. Foto satu kode QR saja."
CROWDED = "Berkas lain sedang diperiksa. Tunggu beberapa detik, lalu pilih fotonya sekali lagi."
NO_PLACE = "Tempat berkasnya belum tercatat"


@dataclass(frozen=True)
class BerkasLine:
    """A berkas in words: of which case, where it belongs, to whom it is lent."""

    number: str
    url: str
    place: Markup | str
    loan: str  # "" if it is not lent
    mark: Markup | str  # how its loan stands
    is_lent: bool


@dataclass(frozen=True)
class ShelfAnswer:
    """What a search leads to: a place with what lies in it, or the berkas of one case; neither if nothing is known."""

    place: ShelfPlace | None
    lines: list[BerkasLine]
    is_more: bool = False

    @property
    def path(self) -> Markup | str:
        return place_markup(self.place) if self.place else ""


def berkas_line(case: Complaint, state: CaseShelf | None) -> BerkasLine:
    """The berkas of a case that the user may see."""
    place = all_places().get(state.place_id or 0) if state else None
    is_lent = state is not None and bool(state.loan_id)
    return BerkasLine(
        str(case.number),
        url_for("pengaduan.details_view", id=case.id),
        place_markup(place) if place else NO_PLACE,
        loan_words(state) if is_lent else "",
        loan_badge(state) if is_lent else "",
        is_lent,
    )


def place_markup(place: ShelfPlace) -> Markup:
    """The path to a place, which breaks between places only."""
    return escape(BETWEEN).join(map(nowrap, steps_to(place)))


def loan_words(state: Any) -> str:
    """Dipinjam Siti sejak 3 November 2026, harus kembali 10 November 2026"""
    since = format_date(day_of(state.lent_at))
    return f"Dipinjam {state.borrower} sejak {since}, harus kembali {format_date(state.due_on)}"


def loan_badge(state: Any) -> Markup:
    """How a loan stands: how many days it is overdue, or left."""
    days = (state.due_on - today()).days
    if days < 0:
        return badge("bad late", f"Lewat {format_number(-days)} hari")
    return badge("warn", "Hari ini") if days == 0 else badge("wait", f"{format_number(days)} hari lagi")


def days_since(moment: Any) -> int:
    """Whole days of the calendar since a moment."""
    return int((today() - day_of(moment)).days)


def answer_to(typed: str) -> ShelfAnswer:
    """What the typed or scanned text leads to, of what the user may see; the cases are entered in the access log."""
    text, who = scanned_text(typed), viewer(signed_in())
    if place := place_of_code(text):
        states = visible(who.user, CaseShelf, who).where(among(CaseShelf.place, places_within(place)))
        rows = list(states.order_by(CaseShelf.id.desc()).limit(SHOWN + 1))
        return ShelfAnswer(place, _lines(rows[:SHOWN]), len(rows) > SHOWN)
    code = typed_code(text)
    coded = paper_of_code(code, who) if code else None
    number = coded.paper.complaint_id if coded and coded.paper else None if code else case_of_number(who.user, text)
    if number is None:
        return ShelfAnswer(None, [])
    case = Complaint.get_by_id(number)
    access_notes.log_list(who.user, "pencarian arsip", [case])
    return ShelfAnswer(None, [berkas_line(case, CaseShelf.get_or_none(CaseShelf.complaint == number))])


def _lines(rows: Sequence[CaseShelf]) -> list[BerkasLine]:
    cases = {c.id: c for c in Complaint.select().where(among(Complaint.id, [row.complaint_id for row in rows]))}
    access_notes.log_list(signed_in(), "isi tempat arsip", cases.values())
    return [berkas_line(cases[row.complaint_id], row) for row in rows]


class ArsipView(PageView):
    """/arsip/?q=…: one field for numbers and codes, a picture of a QR code instead, and the lists of the archive."""

    noun, cost = NOUN, READS

    @expose("/", cost=SEARCHES)
    def index(self) -> str:
        return self.page(request.args.get("q", "").replace("\0", "")[:LONGEST].strip())

    @expose("/foto/", methods=("POST",), cost=TAKES_FILES)
    def picture(self) -> Any:
        """What the one QR code on the picture says is searched; the picture is not stored."""
        upload = request.files.get("foto")
        data = upload.stream.read(MOST_PICTURE + 1) if upload else b""
        try:
            return redirect(url_for(f"{NOUN}.index", q=text_of_picture(data)))
        except Refused as refused:
            return make_response(self.page("", wrong=str(refused)), 422)
        except AllSlotsTaken:
            return make_response(self.page("", wrong=CROWDED), 429)

    def page(self, typed: str, wrong: str = "") -> str:
        lists = [view_at(name) for name in LISTS]
        places = view_at("tempat-arsip")
        answer = answer_to(typed) if typed else None
        return str(
            self.render(
                "admin/papers/shelf.html",
                typed=scanned_text(typed),
                answer=answer,
                nothing=NOTHING,
                wrong=wrong,
                lists=[(view.name, url_for(f"{view.endpoint}.index_view"), view.about) for view in lists],
                contents=url_for("berkas-tersimpan.index_view", flt0_0=answer.place.code)
                if answer and answer.place
                else "",
                places=url_for("tempat-arsip.index_view") if admits_to((places.noun,)) else "",
            )
        )


def text_of_picture(data: bytes) -> str:
    """What the one QR code on a picture says. Refused with a sentence if there is none or more than one."""
    if not data:
        raise Refused(NO_PICTURE)
    if len(data) > MOST_PICTURE:
        raise Refused(TOO_LARGE)
    if kind_of(data) in ("", "PDF"):
        raise Refused(OTHER_KIND)
    texts = {scanned_text(text)[:LONGEST] for text in texts_on_picture(data, kind_of(data))}
    if len(texts) > 1:
        raise Refused(SEVERAL_CODES)
    return texts.pop()


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

    @action(shelf.RETURNED, shelf.LABELS[shelf.RETURNED], "Catat berkas yang dicentang sudah kembali?")
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
        cases = chosen_cases()
        flash_recorded(shelf.RETURNED, len(cases), shelf.return_cases(cases, by=signed_in()))
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
    return [
        ArsipView(name="Arsip", category=REPORTS, endpoint=NOUN, url="/arsip"),
        CatatArsipView(name="Catat arsip", endpoint=RECORDING, url="/arsip/catat"),
    ]
