"""The office of the access matrix: one person of each kind, one case of each secrecy, urgency and state."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask

from models.complaint.complaint import Complaint
from models.office.lists import Category, StandingTeam
from models.office.people import Acting, Division, Mandate, Post, User, today
from models.office.shelves import Retention, ShelfPlace
from models.store.base import database
from models.workflow import workflow
from sop.flow import current_procedure
from sop.vocabulary import vocabulary
from tests.admin.doors import Visitor, panel_on
from tests.admin.matrix import canary, promise
from tests.office import COMMON, PASSWORD_HASH, Office, numbers_asked_of

MORE = {
    "petugas.rahasia": ("petugas", None, {"secret_registrar": True}),
    "plh": ("bidang", "PPKB", {}),
    "plh.lama": ("bidang", "PPKB", {}),
    "staf2.rehsos": ("bidang", "REHSOS", {}),
    "staf.ppa": ("bidang", "PPA", {}),
    "staf2.ppa": ("bidang", "PPA", {}),
    "staf.kb": ("bidang", "PPKB", {}),
    "staf.darurat": ("bidang", "PUSPAGA", {}),
    "tim": ("bidang", "SEKRETARIAT", {}),
    "pengawas.lama": ("pengawas", None, {}),
    "pengawas.kelak": ("pengawas", None, {}),
}
URGENT = (*promise.BEFORE, "handle", "forwarded")  # states that have a case of darurat: before, and elsewhere since
LEAVES = {  # state: (where its cases leave the main line, by which detour)
    "duplicated": ("raise", "duplicate"),
    "voided": ("raise", "void"),
    "forwarded": ("dispose", "forward"),
    "withdrawn": ("handle", "withdraw"),
    "resume": ("handle", "hold"),
}


@dataclass(frozen=True)
class Cell:
    """A case of the grid with its canary, which stands in its title, story and names."""

    id: int
    secrecy: str
    urgent: bool
    state: str
    place: int

    @property
    def mark(self) -> str:
        return canary.MARK.format(self.place)

    def readable(self, kind: str) -> bool:
        return promise.reads(kind, self.secrecy, self.state, urgent=self.urgent)

    def may(self, kind: str, step: str) -> bool:
        starts = vocabulary().starts(vocabulary().transitions[step])
        return promise.does(kind, step, self.secrecy, self.state, starts, urgent=self.urgent)

    def __str__(self) -> str:
        return f"{self.secrecy}{' darurat' if self.urgent else ''} {self.state}"


@dataclass
class Grid:
    """The panel on that office: everybody signed in, every case known."""

    app: Flask
    office: Office
    cells: list[Cell]
    visitors: dict[str, Visitor]
    tokens: dict[str, str] = field(default_factory=dict)
    judged: int = 0

    @cached_property
    def numbers(self) -> dict[str, Cell]:
        ids = dict(Complaint.select(Complaint.number, Complaint.id).tuples())
        return {number: cell for number, key in ids.items() for cell in self.cells if cell.id == key}

    def seat(self, kind: str) -> None:
        """Sign in, anew where somebody has been idle for as long as others were asked on a machine that is busy."""
        assert self.visitors[kind].sign_in(promise.PEOPLE[kind]).status_code == 303, kind
        self.tokens[kind] = self.visitors[kind].token()

    def post(self, kind: str, path: str, **fields: Any) -> Any:
        return self.visitors[kind].client.post(path, data={"csrf_token": self.tokens[kind], **fields})

    def get(self, kind: str, path: str) -> Any:
        return self.visitors[kind].client.get(path)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever is written meanwhile has never been."""
    with database.atomic() as transaction:
        yield
        transaction.rollback()


def built(path: Path) -> Grid:
    """The panel on a database of the tests, peopled and filled."""
    app = panel_on(path)
    database.connect(reuse_if_open=True)
    office = _peopled(Office.at_work(path))
    cells = _filled(office)
    app.teardown_request_funcs[None] = []  # one connection for all of it, so that a transaction may span requests
    visitors = {kind: Visitor(app) for kind in promise.PEOPLE}
    grid = Grid(app, office, cells, visitors)
    for kind in promise.PEOPLE:
        grid.seat(kind)
    return grid


def _peopled(office: Office) -> Office:
    units = {d.code: d for d in Division.select()}
    for username, (role, unit, more) in MORE.items():
        User.create(
            username=username,
            name=username,
            role=role,
            division=units.get(unit or ""),
            password_hash=PASSWORD_HASH,
            **more,
        )
    office.people = {u.username: u for u in User.select()}
    law = Category.get(code=COMMON).law_class
    category = Category.create(
        code="matriks", name="Matriks", law_class=law, unit=units["REHSOS"], emergency_unit=units["PUSPAGA"]
    )
    Post.create(title="KEPALA PUSPAGA", division=units["PUSPAGA"], holder=office["staf.darurat"])
    StandingTeam.create(category=category, user=office["tim"])
    decree: dict[str, Any] = {"kind": "Plh.", "decree": "800/1", "decree_date": date(2026, 1, 2)}
    yesterday, tomorrow, later = (today() + timedelta(days=n) for n in (-1, 1, 2))  # holds if midnight passes meanwhile
    Acting.create(user=office["plh"], valid_from=today(), valid_to=tomorrow, **decree)
    Acting.create(user=office["plh.lama"], valid_to=yesterday, **decree)
    ShelfPlace.create(code="R-9", kind="rak")
    Retention.create(code="400.9", active_years=2, inactive_years=3, fate="musnah", valid_from=yesterday)
    Mandate.create(user=office["pengawas.lama"], number="700/1", valid_to=yesterday)
    Mandate.create(user=office["pengawas.kelak"], number="700/2", valid_from=later)
    return office


def _filled(office: Office) -> list[Cell]:
    cells: list[Cell] = []
    kinds = ((s, c, u) for s in promise.STATES for c in promise.SECRECY for u in (False, True))
    for state, secrecy, urgent in kinds:
        if urgent and state not in URGENT:
            continue
        number = len(cells)
        mark = canary.MARK.format(number)
        phone = canary.PHONE.format(number)
        pengadu = {"name": f"Siti {mark}", "phone": phone, "nik": canary.NIK.format(number)}
        persons = {"pengadu": {**pengadu, "safe_contact": f"Adik, {phone}, sore"}}
        [key] = office.receive(
            category="matriks",
            secrecy=secrecy,
            emergency=urgent,
            title=f"Judul {mark}",
            story=f"Uraian {mark}",
            persons=persons,
        )
        cells.append(Cell(key, secrecy, urgent, state, number))
    _moved(office, cells)
    return cells


def _moved(office: Office, cells: list[Cell]) -> None:
    """Bring each case to its state by the table; what leaves the main line leaves it where LEAVES says."""
    how, going = _blanks(office, cells), cells
    for step in vocabulary().transitions:  # while every case is where all began: what detours need
        office.ready(_ids(cells), step)
    for state in current_procedure().awaited:
        if state == "handle":
            office.do(_ids(going), "assign", **how["assign"])
        leaving = {end: step for end, (where, step) in LEAVES.items() if where == state}
        for end, step in leaving.items():
            office.do(_ids(c for c in going if c.state == end), step, **how.get(step, {}))
        going = [c for c in going if c.state != state and c.state not in leaving]
        office.do(_ids(going), state, **how.get(state, {}))
    _written(office, cells)


def _ids(cells: Iterable[Cell]) -> list[int]:
    return [cell.id for cell in cells]


def _blanks(office: Office, cells: list[Cell]) -> dict[str, dict[str, Any]]:
    """Who takes the steps, and with what: the disposition names one of the addressed unit, the head assigns one."""
    secret, units = next(c for c in cells if c.secrecy == "rahasia"), {d.code: d.id for d in Division.select()}
    blanks = {
        "dispose": {"unit": units["REHSOS"], "others": [units["PPA"]], "named": [office["staf.ppa"].id]},
        "assign": {"staff": [office["staf.rehsos"].id]},
        "hold": {"by": "bidang.rehsos"},
    }
    number = Complaint.get_by_id(secret.id).number
    blanks |= {
        key: dict.fromkeys(numbers_asked_of(key), number) for key in vocabulary().transitions if numbers_asked_of(key)
    }
    return blanks | {step: {"by": promise.PEOPLE[kind]} for step, kind in promise.TOOK.items()}


def _written(office: Office, cells: list[Cell]) -> None:
    """What waits for a report or a Nota Dinas has a draft with a canary of its own."""
    for step, blank in (("handle", "facts"), ("submit", "findings")):
        for cell in (c for c in cells if c.state == step):
            text = f"Naskah {canary.DRAFT.format(cell.place)}"
            given = {**office.blanks(cell.id, step, office["bidang.rehsos"]), blank: text}
            outcome = workflow.save_draft(cell.id, step, by=office["staf.rehsos"], at=office.tick(), blanks=given)
            assert not outcome.refused, outcome.refused
