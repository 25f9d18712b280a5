"""Arsip: where a berkas is, by number, code or a picture of its QR code."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import make_response, redirect, request, url_for
from markupsafe import Markup, escape

from admin.door.flaskadmin import PageView, view_at
from admin.door.gate import READS, SEARCHES, TAKES_FILES, admits_to, expose
from admin.door.rows import signed_in
from admin.lists.cells import badge, nowrap
from admin.lists.inputs import clean_line
from admin.lists.masters import REPORTS
from models.case import access_notes
from models.complaint.codes import paper_of_code, typed_code
from models.complaint.complaint import Complaint
from models.complaint.lookup import case_of_number
from models.complaint.scope import Viewer, viewer, visible
from models.complaint.shelf import CaseShelf
from models.office.people import today
from models.office.shelves import (
    BETWEEN,
    ShelfPlace,
    all_places,
    place_of_code,
    places_within,
    scanned_text,
    steps_to,
)
from models.store.base import among, without_index
from models.store.resource_limits import AllSlotsTaken
from models.store.upload_kinds import Refused, kind_of
from models.store.uploads import MEGABYTE
from papers.signing.code_reading import texts_on_picture
from sop.words import day_of, format_date, format_number

NOUN = "arsip"
LISTS = ("berkas-tersimpan", "belum-kembali", "belum-diarsipkan", "retensi-arsip")
LONGEST, SHOWN = 200, 20
UNPARTED = 14  # characters of a step of a path that no line parts; more do not fit beside a label on a phone
MANY = 1_000  # berkas of a place that are looked through
MOST_PICTURE = 10 * MEGABYTE
NOTHING = (
    "Tidak ada pengaduan, dokumen, atau tempat arsip dengan nomor atau kode ini di antara yang dapat Anda buka. Ketik "
    "nomor register, kode verifikasi dokumen, atau kode pada label."
)
NO_PICTURE = "Pilih dahulu fotonya."
OTHER_KIND = "Isinya bukan foto (JPG, PNG, HEIC, WebP)."
TOO_LARGE = f"Fotonya lebih dari {MOST_PICTURE // MEGABYTE} MB."
EMPTY_CODE = "Kode QR-nya tidak memuat nomor atau kode."
SEVERAL_CODES = "Ada lebih dari satu kode QR pada gambar. Foto satu kode QR saja."
CROWDED = "Berkas lain sedang diperiksa. Tunggu beberapa detik, lalu pilih fotonya sekali lagi."
NO_PLACE = "Tempat berkasnya belum tercatat"


@dataclass(frozen=True)
class BerkasLine:
    """A berkas in words: of which case, where it belongs, to whom it is lent."""

    number: str
    title: str
    url: str
    place: Markup | str
    loan: str  # "" if it is not lent
    mark: Markup | str  # how its loan stands
    loan_id: int | None  # of the open loan


@dataclass(frozen=True)
class ShelfAnswer:
    """What a search leads to: a place with what lies in it, and the berkas of one case. Both if a code of a place reads
    as the number of a case, neither if nothing is known."""

    case: BerkasLine | None
    place: ShelfPlace | None
    inside: Sequence[BerkasLine] = ()
    is_more: bool = False

    @property
    def path(self) -> Markup | str:
        return place_markup(self.place) if self.place else ""


def berkas_line(case: Complaint, state: CaseShelf | None) -> BerkasLine:
    """The berkas of a case that the user may see."""
    place = all_places().get(state.place_id or 0) if state else None
    loan = state.loan_id if state else None
    return BerkasLine(
        number=str(case.number),
        title=str(case.title),
        url=url_for("pengaduan.details_view", id=case.id),
        place=place_markup(place) if place else NO_PLACE,
        loan=loan_words(state) if loan else "",
        mark=loan_badge(state) if loan else "",
        loan_id=loan,
    )


def place_markup(place: ShelfPlace) -> Markup:
    """The path to a place, which breaks between places only, unless a code is long."""
    steps = (nowrap(step) if len(step) <= UNPARTED else escape(step) for step in steps_to(place))
    return escape(BETWEEN).join(steps)


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
    case, place = _case_of(text, who), place_of_code(text)
    if case:
        access_notes.log_list(who.user, "pencarian arsip", [case])
    berkas = berkas_line(case, CaseShelf.get_or_none(CaseShelf.complaint == case.id)) if case else None
    if place is None:
        return ShelfAnswer(berkas, None)
    states = visible(who.user, CaseShelf, who).where(_lies_within(place))
    rows = list(states.order_by(CaseShelf.id.desc()).limit(SHOWN + 1))
    return ShelfAnswer(berkas, place, _lines(rows[:SHOWN]), len(rows) > SHOWN)


def _case_of(text: str, who: Viewer) -> Complaint | None:
    """The case with this register number, or of the paper with this code."""
    code = typed_code(text)
    coded = paper_of_code(code, who) if code else None
    number = coded.paper.complaint_id if coded and coded.paper else None if code else case_of_number(who.user, text)
    return None if number is None else Complaint.get_by_id(number)


def _lies_within(place: ShelfPlace) -> Any:
    """Condition: the berkas lies in this place or in one within it. What lies in a large one is looked for among the
    latest berkas, not the latest among all that lies there."""
    places = places_within(place)
    some = CaseShelf.select(CaseShelf.id).where(among(CaseShelf.place, places)).limit(MANY + 1).tuples()
    ids = [number for (number,) in some]
    return among(CaseShelf.id, ids) if len(ids) <= MANY else among(without_index(CaseShelf.place), places)


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

    @expose("/foto/")
    def no_picture(self) -> Any:
        """The page after a refused picture, loaded anew or restored by a phone."""
        return redirect(url_for(f"{NOUN}.index"))

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
    texts = {scanned_text(clean_line(text))[:LONGEST] for text in texts_on_picture(data, kind_of(data))}
    if len(texts) > 1:
        raise Refused(SEVERAL_CODES)
    if texts == {""}:
        raise Refused(EMPTY_CODE)
    return texts.pop()


def views() -> list[PageView]:
    return [
        ArsipView(name="Arsip", category=REPORTS, endpoint=NOUN, url="/arsip"),
    ]
