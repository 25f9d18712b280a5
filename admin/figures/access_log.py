"""Akses: pages of the access log in words."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from flask import abort, request, url_for

from admin.case.notices import SIMILAR
from admin.case.parts import RELATED
from admin.desk.opened import OPENED as ON_THE_DESK
from admin.door.flaskadmin import PageView
from admin.door.gate import READS, admits_to, belongs_to, expose
from admin.door.rows import ROW_ID, signed_in, valid_id
from admin.lists.cells import short_moment
from admin.lists.jump import typed_day
from admin.lists.masters import ORGANISATION
from models.case import access_notes
from models.case.case import load
from models.complaint.accesslog import record_reading
from models.complaint.complaint import PERSONS, Complaint
from models.complaint.lookup import LOOKED_UP
from models.complaint.scope import viewer, visible
from models.office import contacts
from models.office.people import BY_NAME, Division, User, place_of, today, users_with_units
from models.reading.accesses import MANY, Access, Accesses, LogPlace, accesses_of, accesses_to, conspicuous_accesses
from models.records.registry import RECORDS
from models.store.base import among, now
from sop.access import WITNESSES
from sop.vocabulary import vocabulary
from sop.words import format_date, format_moment, format_number

PLAIN = {
    "rincian": "membuka halaman pengaduan",
    "pratinjau": "membuka pratinjau pengaduan",
    "langkah": "membuka halaman langkah",
    "tercatat": "melihat pengaduan yang baru dicatat",
    "berkas lengkap": "mengambil berkas lengkap",
    ON_THE_DESK: "membuka berkas di meja",
    "siapa melihat": "melihat siapa yang membuka pengaduan ini",
    "beranda": "melihat beranda",
    "darurat": "melihat yang darurat",
    "pencarian": "mencari",
    "buku register": "mengambil buku register",
    "tanda dokumen": "mencatat dokumen yang ditandatangani",
    "akses": "melihat akses orang lain",
    "akses menonjol": "melihat akses yang menonjol",
    "akses saya": "melihat aksesnya sendiri",
    RELATED: "melihat pengaduan lain yang berkaitan",
    SIMILAR: "melihat pengaduan serupa",
    **{words: f"mencari {words.removeprefix('pencarian ')}" for words in LOOKED_UP.values()},
}
UNMASKED = ("nomor ", "kontak: ")


def access_words(access: Access) -> str:
    """The access as the predicate of a sentence whose subject is the user's name."""
    what = access.what
    if what in PLAIN:
        return PLAIN[what]
    if what in RECORDS:
        return f"membuka catatan {RECORDS[what].title}"
    verb, _, key = what.partition(" ")
    if verb not in OBJECTS:
        return what
    sentence, in_words = OBJECTS[verb]  # of entries that also name a step, paper, record, person or file
    return sentence.format(in_words(key))


def badge_of(access: Access) -> tuple[str, str] | None:
    """(words, tone) for contact data, exports and number searches; None for other accesses."""
    if access.what.startswith(UNMASKED):
        return "Kontak", "warn"
    if access.is_file:
        return "Ekspor", "warn"
    if access.what in LOOKED_UP.values():
        return ("Pencarian nomor", "info") if access.rows else ("Tidak ditemukan", "warn")
    return None


def _paper(key: str) -> str:
    return vocabulary().papers[key].title if key in vocabulary().papers else key


def _step(key: str) -> str:
    return f"“{vocabulary().acts[key].label}”" if key in vocabulary().acts else key


def _number(words: str) -> str:
    """Of "pengadu: Keadaan darurat"."""
    kind, _, reason = words.partition(": ")
    person = PERSONS.get(kind, kind).partition(" (")[0].lower()
    return f"{person}; alasan: {reason}"


OBJECTS: dict[str, tuple[str, Callable[[str], str]]] = {
    "dokumen": ("mengambil {}", _paper),
    "konsep": ("membuka konsep {}", _paper),
    "kembali": ("membuka berkas yang kembali dari {}", _paper),
    "kontak:": ("melihat kontak pada langkah {}", _step),
    "langkah": ("melihat daftar pada langkah {}", _step),
    "meja": ("melihat meja {}", _step),
    "nomor": ("menampilkan nomor {}", _number),
    "lampiran": ("membuka bukti", str),
    "daftar": ("melihat daftar {}", str),
    "ekspor": ("mengekspor {}", str),
    "pilihan": ("memilih untuk {}", str),
}


CLOSED = "pengaduan yang tidak dapat Anda buka"
MANDATED = "di bawah Surat Tugas"
DIGITS = re.compile(r"[+]?[0-9][0-9 .-]+[0-9]", re.ASCII)
LEAST_DIGITS = 9  # from so many on a searched number may be a telephone number or NIK


@dataclass(frozen=True)
class AccessLine:
    """One access in words."""

    when: str
    who: str
    place: str
    deed: str
    badge: tuple[str, str] | None
    case: str
    url: str
    under: str


@dataclass(frozen=True)
class AccessTable:
    """Lines of the log, and those of their cases that the user may open."""

    lines: list[AccessLine]
    cases: list[Complaint]


def table_of(accesses: list[Access]) -> AccessTable:
    """The lines of these accesses; cases that the user may not open are not named."""
    return tables_of(accesses)[0]


def tables_of(*parts: list[Access]) -> list[AccessTable]:
    """`table_of` for each of these lists; their users and their cases are read once."""
    every = [*chain(*parts)]
    people, cases = users_with_units(access.user for access in every), _readable({a.case for a in every if a.case})
    tables = []
    for accesses in parts:
        lines = [_line(access, people[access.user], cases.get(access.case or 0)) for access in accesses]
        tables.append(AccessTable(lines, [cases[n] for n in dict.fromkeys(a.case for a in accesses) if n in cases]))
    return tables


def _readable(ids: set[int]) -> dict[int, Complaint]:
    """Those of the cases that the user may open."""
    return {c.id: c for c in visible(signed_in(), Complaint).where(among(Complaint.id, ids))} if ids else {}


def _line(access: Access, person: User, case: Complaint | None) -> AccessLine:
    closed = CLOSED if access.case and case is None else ""
    rows = "" if access.rows is None else f"{format_number(access.rows)} baris"
    notes = (rows, masked_query(access.asked), MANDATED if access.mandated else "")
    return AccessLine(
        short_moment(access.at),
        str(person.name),
        place_of(person),
        access_words(access),
        badge_of(access),
        str(case.number) if case else closed,
        url_for("pengaduan.details_view", id=case.id) if case else "",
        " · ".join(filter(None, notes)),
    )


def masked_query(asked: str) -> str:
    """The search text with telephone numbers and NIK masked."""

    def masked(match: re.Match[str]) -> str:
        typed = match[0]
        return contacts.masked_phone(typed) if sum(char.isdigit() for char in typed) >= LEAST_DIGITS else typed

    return DIGITS.sub(masked, asked)


NOUN, OWN, CASES = "akses", "akun", "pengaduan"  # pages of the access table
MANY_OF_A_UNIT = 60  # people; more than a unit has


@dataclass(frozen=True)
class AskedAccesses:
    """The filter in the address: user, unit, day."""

    person: User | None
    unit: Division | None
    day: date | None

    @classmethod
    def of_address(cls) -> "AskedAccesses":
        person, unit = (_row(model, name) for model, name in ((User, "orang"), (Division, "unit")))
        return cls(person, unit, typed_day(request.args.get("hari", "")))

    @property
    def people(self) -> list[int] | None:
        """The ids of the users; None for all."""
        if self.person:
            return [self.person.id]
        if self.unit is None:
            return None
        staff = User.select(User.id).where(User.division == self.unit).order_by(User.id).limit(MANY_OF_A_UNIT)
        return [number for (number,) in staff.tuples()]

    @property
    def words(self) -> str:
        """The filter in words, for the access log."""
        day = f"tanggal {format_date(self.day)}" if self.day else ""
        return "; ".join(filter(None, (self.person and self.person.name, self.unit and str(self.unit), day)))

    @property
    def arguments(self) -> dict[str, Any]:
        """The filter as query arguments."""
        return {
            "orang": self.person and self.person.id,
            "unit": self.unit and self.unit.id,
            "hari": self.day and self.day.isoformat(),
        }


class AksesView(PageView):
    """/akses/: in the menu of a pengawas; accesses to a case from its page, one's own from Akun saya."""

    noun, home, cost = NOUN, CASES, READS

    @property
    def pages(self) -> tuple[str, ...]:
        """The pages whose rights admit to one of the addresses; each address names its own below."""
        return (NOUN, OWN, CASES)

    @property
    def sibling_url(self) -> str:
        return url_for(f"{NOUN}.index") if admits_to((NOUN,)) else super().sibling_url

    def is_visible(self) -> bool:
        return admits_to((NOUN,))

    @expose("/")
    @belongs_to(NOUN)
    def index(self) -> str:
        asked, who = AskedAccesses.of_address(), viewer(signed_in())
        page = accesses_of(asked.people, asked.day, after=_place()) if who.mandated else Accesses([])
        table = table_of(page.rows)
        if who.mandated:
            _note("akses", table, asked.words)
        return self._log(
            "admin/figures/accesses.html",
            table,
            _further("index", page, **asked.arguments),
            asked=asked,
            people=User.select().order_by(BY_NAME),
            units=Division.select().order_by(Division.name),
            mandated=who.mandated,
        )

    @expose("/menonjol/")
    @belongs_to(NOUN)
    def standing_out(self) -> str:
        if not viewer(signed_in()).mandated:
            return str(self.render("admin/figures/standout.html", week=None))
        week = conspicuous_accesses(typed_day(request.args.get("hari", "")) or today())
        secrets, files, blind = tables_of(week.secrets, week.files, week.blind)
        _note("akses menonjol", secrets)
        parts = {
            "Pengaduan rahasia di luar unit atau catatan sendiri": secrets,
            "Ekspor dan buku register": files,
            "Pencarian telepon atau NIK tanpa hasil": blind,
        }
        people = users_with_units(hour.user for hour in week.hours)
        hours = [(people[hour.user], format_moment(hour.at), hour.cases) for hour in week.hours]
        return str(self.render("admin/figures/standout.html", parts=parts.items(), hours=hours, week=week, many=MANY))

    @expose("/saya/")
    @belongs_to(OWN)
    def own(self) -> str:
        page = accesses_of([signed_in().id], after=_place())
        table = table_of(page.rows)
        access_notes.log_list(signed_in(), "akses saya", table.cases)
        return self._log("admin/figures/own_accesses.html", table, _further("own", page))

    @expose("/pengaduan/<row:number>/")
    @belongs_to(CASES)
    def of_case(self, number: str) -> str:
        case = load([valid_id(number)], signed_in(), now()).get(valid_id(number))
        if case is None or not case.relations & WITNESSES:
            abort(404)
        access_notes.note(case, "siapa melihat")
        page = accesses_to(case.complaint, after=_place())
        further = _further("of_case", page, number=number)
        return self._log("admin/figures/case_accesses.html", table_of(page.rows), further, case=case.complaint)

    def _log(self, template: str, table: AccessTable, further: str, **more: Any) -> str:
        return str(self.render(template, lines=table.lines, further=further, first=_place() is None, **more))


def _note(what: str, table: AccessTable, asked: str = "") -> None:
    """Record reading the access log in the access log."""
    record_reading(signed_in(), what, [c.id for c in table.cases], rows=len(table.lines), asked=asked)


def _further(endpoint: str, page: Accesses, **arguments: Any) -> str:
    return url_for(f"{NOUN}.{endpoint}", **arguments, sebelum=str(page.behind)) if page.behind else ""


def _place() -> LogPlace | None:
    return LogPlace.read(request.args.get("sebelum", ""))


def _row(model: Any, name: str) -> Any:
    typed = request.args.get(name, "")
    return model.get_or_none(model.id == int(typed)) if ROW_ID.fullmatch(typed) else None


def views() -> list[PageView]:
    return [AksesView(name="Akses", endpoint=NOUN, url="/akses", category=ORGANISATION)]
