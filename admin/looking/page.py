"""Akses: who looked at a case, what somebody or a unit looked at, what stands out, and what one looked at oneself."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import abort, request, url_for

from admin.door.aside import Aside
from admin.door.cost import READS
from admin.door.flaskadmin import FlaskAdminPage
from admin.door.gate import admits_to, belongs_to
from admin.door.ids import ROW_ID, valid_id
from admin.door.joins import signed_in
from admin.door.routes import expose
from admin.kit.noted import ORGANISATION
from admin.looking.lines import AccessTable, people_by_id, table_of
from admin.paging.jump import typed_day
from models.case import access_notes
from models.case.case import load
from models.complaint.accesslog import note_reading
from models.complaint.scope import viewer
from models.office.people import BY_NAME, Division, User, today
from models.reading.accesses import MANY, Accesses, LogPlace, Standouts, accesses_of, accesses_to, standouts
from models.store.base import now
from sop.access import WITNESSES
from sop.words import format_date, format_moment

NOUN, OWN, CASES = "akses", "akun", "pengaduan"  # pages of the access table
MANY_OF_A_UNIT = 60  # people; more than a unit has


@dataclass(frozen=True)
class AskedAccesses:
    """Whose accesses are asked for, and of which day."""

    person: User | None
    unit: Division | None
    day: date | None

    @classmethod
    def of_address(cls) -> "AskedAccesses":
        person, unit = (_row(model, name) for model, name in ((User, "orang"), (Division, "unit")))
        return cls(person, unit, typed_day(request.args.get("hari", "")))

    @property
    def people(self) -> list[int] | None:
        """Their ids; None for everybody."""
        if self.person:
            return [self.person.id]
        if self.unit is None:
            return None
        staff = User.select(User.id).where(User.division == self.unit).order_by(User.id).limit(MANY_OF_A_UNIT)
        return [number for (number,) in staff.tuples()]

    @property
    def words(self) -> str:
        """As the access log keeps it."""
        day = f"tanggal {format_date(self.day)}" if self.day else ""
        return "; ".join(filter(None, (self.person and self.person.name, self.unit and str(self.unit), day)))

    @property
    def arguments(self) -> dict[str, Any]:
        """As the address carries it."""
        return {
            "orang": self.person and self.person.id,
            "unit": self.unit and self.unit.id,
            "hari": self.day and self.day.isoformat(),
        }


class AksesView(Aside):
    """/akses/: for a pengawas in the menu; of one case from its page, of oneself from Akun saya."""

    noun, home, cost = NOUN, CASES, READS

    @property
    def pages(self) -> tuple[str, ...]:
        """Each address says below whose it is."""
        return (NOUN, OWN, CASES)

    @property
    def beside(self) -> str:
        return url_for(f"{NOUN}.index") if admits_to((NOUN,)) else super().beside

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
            "admin/looking/accesses.html",
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
            return str(self.render("admin/looking/standout.html", week=None))
        week = standouts(typed_day(request.args.get("hari", "")) or today())
        secrets, files, blind = map(table_of, (week.secrets, week.files, week.blind))
        _note("akses menonjol", secrets)
        parts = {
            "Pengaduan rahasia di luar unit atau catatan sendiri": secrets,
            "Ekspor dan buku register": files,
            "Pencarian telepon atau NIK tanpa hasil": blind,
        }
        hours = _busy_hours(week)
        return str(self.render("admin/looking/standout.html", parts=parts.items(), hours=hours, week=week, many=MANY))

    @expose("/saya/")
    @belongs_to(OWN)
    def own(self) -> str:
        page = accesses_of([signed_in().id], after=_place())
        table = table_of(page.rows)
        access_notes.note_list(signed_in(), "akses saya", table.cases)
        return self._log("admin/looking/own.html", table, _further("own", page))

    @expose("/pengaduan/<row:number>/")
    @belongs_to(CASES)
    def of_case(self, number: str) -> str:
        case = load([valid_id(number)], signed_in(), now()).get(valid_id(number))
        if case is None or not case.standings & WITNESSES:
            abort(404)
        access_notes.note(case, "siapa melihat")
        page = accesses_to(case.complaint, after=_place())
        further = _further("of_case", page, number=number)
        return self._log("admin/looking/case.html", table_of(page.rows), further, case=case.complaint)

    def _log(self, template: str, table: AccessTable, further: str, **more: Any) -> str:
        return str(self.render(template, lines=table.lines, further=further, first=_place() is None, **more))


def _busy_hours(week: Standouts) -> list[tuple[User, str, int]]:
    """Who opened a great many cases, within which hour, how many."""
    people = people_by_id(hour.user for hour in week.hours)
    return [(people[hour.user], format_moment(hour.at), hour.cases) for hour in week.hours]


def _note(what: str, table: AccessTable, asked: str = "") -> None:
    """Whoever looks into what others looked at is noted himself."""
    note_reading(signed_in(), what, [c.id for c in table.cases], rows=len(table.lines), asked=asked)


def _further(door: str, page: Accesses, **arguments: Any) -> str:
    return url_for(f"{NOUN}.{door}", **arguments, sebelum=str(page.behind)) if page.behind else ""


def _place() -> LogPlace | None:
    return LogPlace.read(request.args.get("sebelum", ""))


def _row(model: Any, name: str) -> Any:
    typed = request.args.get(name, "")
    return model.get_or_none(model.id == int(typed)) if ROW_ID.fullmatch(typed) else None


def views() -> list[FlaskAdminPage]:
    return [AksesView(name="Akses", endpoint=NOUN, url="/akses", category=ORGANISATION)]
