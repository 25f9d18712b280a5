"""The office of the tests: people, a database file, and hands that bring a complaint to any state of the table."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import peewee as pw
import psycopg
from argon2 import PasswordHasher
from peewee import sqlite3

from models import digest, schema
from models.case import blanks
from models.complaint.complaint import Complaint, Run
from models.complaint.event import Event
from models.complaint.scope import visible
from models.office.lists import Category, Medium
from models.office.people import Division, Mandate, Post, User
from models.office.settings import Setting, store_setting
from models.records.base import CaseNumber, IdList, ManyOf, ReasonField, SealedText
from models.records.registry import RECORDS
from models.store import base, files, installation, seal
from models.store.uploads import Piece
from models.workflow import intake, masters, workflow
from sop.clock import WIB
from sop.flow import current_procedure
from sop.procedure import BIDANG, KEPALA_DINAS, LANES, LAST, PETUGAS, TURN, Transition
from sop.vocabulary import CLOSED, OUTSIDE, PAUSED, vocabulary
from tests import postgres

KEY = bytes(range(32))  # the panel's key in every test
PASSWORD = "kata sandi untuk uji"
hash_quickly = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash  # the panel's own takes 0.2 seconds
PASSWORD_HASH = hash_quickly(PASSWORD)
MONDAY = datetime(2026, 10, 5, 9, 0, tzinfo=WIB)  # when the tests' office begins to work
SIGNED_LINE = ("raise", "dispose", "handle", "submit", "approve", "deliver")
ADDED = frozenset(current_procedure().awaited) - {*SIGNED_LINE}  # acts that the line has got since
KNOWN_LANES = (PETUGAS, KEPALA_DINAS, BIDANG)
PEOPLE = {
    # username: (name, role, unit, title of the post)
    "petugas": ("Rina Wulandari", PETUGAS, None, None),
    "petugas2": ("Agus Santoso", PETUGAS, None, None),
    "kadis": ("Wicaksono Pradipta", KEPALA_DINAS, None, "KEPALA DINAS"),
    "bidang.rehsos": ("Bambang Hartono", BIDANG, "REHSOS", "KEPALA BIDANG REHABILITASI"),
    "staf.rehsos": ("Dewi Lestari", BIDANG, "REHSOS", None),
    "bidang.ppa": ("Sri Handayani", BIDANG, "PPA", "KEPALA UPT PPA"),
    "pengawas": ("Hadi Purnomo", "pengawas", None, None),
    "admin": ("Yusuf Maulana", "admin", None, None),
    # somebody in each lane that the table has got since
    **{lane: (f"Contoh {title}", lane, None, None) for lane, title in LANES.items() if lane not in KNOWN_LANES},
}
COMMON, EMERGENCY, SECRET = "bansos_tidak_terima", "odgj", "kdrt"  # categories: plain, with a unit on call, rahasia
UNSORTED = "belum_dipilah"  # what is chosen for a case that is sorted later


ENGINES = ("sqlite", "postgresql")


def build(folder: Path, engine: str = "sqlite", city: str = masters.MALANG) -> Path:
    """A database with the masters and the people in it; nothing is open afterwards. For its path see `url_of`. Without
    a city the office has yet to say who it is."""
    path = empty(folder, engine)
    leave_key(folder)  # passwords are marked with it
    schema.prepare(url_of(path), owner_url=owner_url_of(path))
    with opened(path):
        masters.seed(city)
        for key, value in (masters.city_settings(city) if city else {}).items():
            store_setting(key, value, masters.SINCE)
        units = {d.code: d for d in Division.select()}
        for username, (name, role, unit, title) in PEOPLE.items():
            person = User.create(
                username=username,
                name=name,
                role=role,
                division=units.get(unit),
                password_hash=PASSWORD_HASH,
                created_at=MONDAY,
            )
            if title:
                Post.create(title=title, holder=person, division=units.get(unit))
        Mandate.create(user=User.get(username="pengawas"), number="700/12/35.73.500/2026")
    return path


def settings_changed() -> pw.ModelSelect:
    """The settings that somebody has set since the office was built: not those that say which office it is."""
    return Setting.select().where(Setting.valid_from != masters.SINCE)


def empty(folder: Path, engine: str) -> Path:
    """A new database without tables. Its path stands for it: the file itself, or one with the server's addresses."""
    path = folder / f"panel.{engine}"
    seal.install(KEY)  # whoever prepares it does so with a key
    if engine != "sqlite":
        _note(path, postgres.server().create())
    return path


def _note(path: Path, name: str) -> None:
    path.write_text("\n".join([postgres.server().url(name), postgres.server().url(name, postgres.OWNER), name]))


def url_of(path: Path) -> str:
    """The DATABASE_URL of a database of the tests."""
    return f"sqlite:///{path}" if path.suffix == ".sqlite" else path.read_text().splitlines()[0]


def owner_url_of(path: Path) -> str | None:
    """Its DATABASE_OWNER_URL: none on SQLite."""
    return None if path.suffix == ".sqlite" else path.read_text().splitlines()[1]


def copied(template: Path, folder: Path) -> Path:
    """A copy of a database (not open anywhere) in a folder of its own, which becomes the VAR_DIR."""
    path = folder / template.name
    if path.suffix == ".sqlite":
        shutil.copyfile(template, path)
    else:
        _note(path, postgres.server().create(template.read_text().splitlines()[2]))
    leave_key(folder)
    return path


def dropped(path: Path) -> None:
    """No longer needed."""
    if path.suffix != ".sqlite":
        postgres.server().drop(path.read_text().splitlines()[2])


def give_password(username: str, hashed: str) -> None:
    """As whatever of the panel sets one: a hash that is written into the table by hand opens nothing."""
    person = User.get(User.username == username)
    person.password_hash = hashed
    person.save()


def leave_key(folder: Path) -> None:
    """Lay the tests' key where a panel looks for its own, so that it opens what tests have sealed."""
    (folder / "panel.key").write_text(KEY.hex())
    (folder / "panel.key").chmod(0o600)


class opened:
    """The models bound to a database and this thread connected to it, until the block ends."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> pw.Database:
        seal.install(KEY)
        files.install(self.path.parent)
        installation.install(self.path.parent)
        self.database = base.open_database(url_of(self.path))
        self.database.connect()
        return self.database

    def __exit__(self, *_: object) -> None:
        self.database.close_all()


def worked(template: Path, folder: Path, work: Callable[["Office"], None]) -> Path:
    """A database like the template on which the office has done some work, to be copied in its turn."""
    path = copied(template, folder)
    with opened(path):
        work(Office.at_work(path))
    return path


@contextmanager
def outside(path: Path) -> Iterator[Any]:
    """A connection of someone who opens the database without the panel, as its owner: each statement counts at once."""
    url = owner_url_of(path)
    raw = psycopg.connect(url, autocommit=True) if url else sqlite3.connect(path, isolation_level=None)
    try:
        yield raw
    finally:
        raw.close()


@dataclass
class Office:
    """The people at work on one database: every act takes a minute unless a moment is given."""

    path: Path
    people: dict[str, User]
    at: datetime = MONDAY

    @classmethod
    def at_work(cls, path: Path) -> "Office":
        """At the moment of its last act, MONDAY where there was none."""
        last = Event.select(pw.fn.MAX(Event.at)).where(Event.complaint.is_null(False)).scalar()
        return cls(path, {u.username: u for u in User.select()}, last or MONDAY)

    def __getitem__(self, username: str) -> User:
        return self.people[username]

    def tick(self, at: datetime | None = None) -> datetime:
        self.at = at or self.at + timedelta(minutes=1)
        return self.at

    def receive(
        self,
        n: int = 1,
        *,
        by: str = "petugas",
        category: str = COMMON,
        at: datetime | None = None,
        persons: Mapping[str, Mapping[str, Any]] | None = None,
        until: str = "",
        **data: Any,
    ) -> list[int]:
        """Register complaints, and bring them through what the table has got since before an act; their ids. Refusals
        are a failure of the test."""
        at = self.tick(at)
        given = {
            "medium": Medium.get(code="loket").id,
            "story": "Bantuan tidak diterima sejak Juli.",
            "category": Category.get(code=category).id,
            **data,
        }
        people = persons or {"pengadu": {"name": "Siti Maslikah"}}
        ids = []
        for _ in range(n):
            outcome = intake.receive(
                by=self[by],
                data=given,
                persons=people,
                at=at,
                opened_at=given.get("opened_at") or at - timedelta(minutes=4),
            )
            assert not outcome.refused, outcome.refused
            ids += outcome.done
        if until:
            self.pass_by(ids, until, at=at)
        return ids

    def bring(self, ids: Iterable[int], state: str, *, at: datetime | None = None) -> None:
        """Bring complaints of one state to another one over the table, blanks filled with proposals and samples."""
        ids = list(ids)
        if state == OUTSIDE:
            return self._import(ids, state)
        while (now := self.state(ids[0])) != state:
            self.do(ids, self._next(now, state), at=at)

    def _import(self, ids: list[int], state: str) -> None:
        """As what brings in cases that were settled elsewhere will leave them: no act leads there, no clock runs."""
        Run.delete().where(Run.complaint.in_(ids)).execute()
        none = dict.fromkeys(("row_due_at", "legal_due_at", "answer_due_at"))
        Complaint.update(state=state, state_since=self.at, closed_at=self.at, **none).where(
            Complaint.id.in_(ids)
        ).execute()

    def _next(self, now: str, state: str) -> str:
        """The main line where it leads there, else the detour that ends there once its start is reached."""
        if state in current_procedure().awaited or state == CLOSED:
            return current_procedure().from_state(now)[0].key
        step = next(t for t in vocabulary().transitions.values() if t.to == state)
        return step.key if now in vocabulary().starts(step) else current_procedure().from_state(now)[0].key

    def do(
        self,
        ids: Iterable[int],
        key: str,
        *,
        by: str = "",
        at: datetime | None = None,
        pieces: Sequence[Piece] = (),
        book_number: str = "",
        **blanks: Any,
    ) -> list[str]:
        """Perform a transition by the user whose act it is; the papers' public ids. A refusal fails the test."""
        ids = list(ids)
        self.pass_by(ids, key, at=at)
        self.ready(ids, key, at=at)
        at = self.tick(at)
        person = self[by] if by else self.actor(vocabulary().transitions[key], ids[0])
        given = {**self.blanks(ids[0], key, person), **blanks}
        outcome = workflow.advance(
            ids,
            key,
            by=person,
            at=at,
            pieces=pieces,
            book_number=book_number,
            deputy_reason="back",  # asked for where a Plh. stands in
            blanks=given,
        )
        assert not outcome.refused, outcome.refused
        return outcome.papers

    def pass_by(self, ids: Iterable[int], key: str, *, at: datetime | None = None) -> None:
        """Go through what the table has got since before an act that a test names: it knows nothing of that."""
        ids = list(ids)
        while (now := self.state(ids[0])) in ADDED and now not in vocabulary().starts(vocabulary().transitions[key]):
            self.do(ids, now, at=at)

    def ready(self, ids: Iterable[int], key: str, *, at: datetime | None = None) -> None:
        """Write what a detour needs, where the cases lack it."""
        step, ids = vocabulary().transitions[key], list(ids)
        needs = () if current_procedure().is_main(step) else [need.record for need in step.needs]
        for need in needs:
            cases = workflow.load(ids, self["kadis"], self.at)
            lacking = [i for i in ids if need not in cases[i].records]
            writer = next(t for t in vocabulary().transitions.values() if t.record == need)
            for one in lacking:
                self.do([one], writer.key, at=at)

    def actor(self, step: Transition, complaint: int) -> User:
        """Whose act it is: read from the step's columns and the case."""
        case = Complaint.get_by_id(complaint)
        awaited = vocabulary().transitions.get(case.back if case.state == PAUSED else case.state)
        if step.actor == LAST:
            return self._user(case.last_by_id)
        if step.actor == TURN and awaited:
            step = awaited
        unit = case.category.emergency_unit_id if step.within == "emergency" else case.unit_id
        head = Post.get_or_none(Post.division == unit)
        petugas = self._user(case.keeper_id or case.registrar_id)
        if step.actor not in KNOWN_LANES:
            return self[step.actor]
        return {PETUGAS: petugas, KEPALA_DINAS: self["kadis"]}.get(step.actor) or self._user(head.holder_id)

    def _user(self, number: int) -> User:
        return next(u for u in self.people.values() if u.id == number)

    def blanks(self, complaint: int, key: str, by: User) -> dict[str, Any]:
        """Sample values for the required blanks that neither a draft nor a proposal fills in."""
        step = vocabulary().transitions[key]
        model = blanks.record_of(step)
        case = None if model is None else workflow.load([complaint], by, self.at).get(complaint)
        if model is None or case is None:
            return {}
        own, lists = blanks.filled_blanks(case, step, {}), blanks.reasons()
        lacking = [f for f in model.blanks() if own[f.name] in (None, "", []) and model.required(f, key, lists)]
        samples = {f.name: sample(f, at=self.at, reasons=lists.get(key, [])) for f in lacking}
        return samples | self._own(complaint, key, by)

    def _own(self, complaint: int, key: str, by: User) -> dict[str, Any]:
        """What no field can say of itself: the number of another complaint, a correction of the entry that changes
        something."""
        if vocabulary().transitions[key].amends:
            return {"new_value": {"loss": f"Rp{Complaint.get_by_id(complaint).version}.000"}}
        names = numbers_asked_of(key)
        other = names and visible(by, Complaint).where(Complaint.id != complaint).order_by(Complaint.id).first()
        return dict.fromkeys(names, other.number) if other else {}

    def fields(self, complaint: int, key: str, by: User) -> dict[str, Any]:
        """The same by the names of the page's form: an entry is asked for blank by blank."""
        blanks = self.blanks(complaint, key, by)
        entry = blanks.pop("new_value", {}) if vocabulary().transitions[key].amends else {}
        return {**blanks, **{name.replace(".", "-"): value for name, value in entry.items()}}

    def state(self, complaint: int) -> str:
        return Complaint.get_by_id(complaint).state

    def digest(self) -> str:
        return digest.digest()


def sample(blank: pw.Field, *, at: datetime, reasons: list[str] | None = None) -> Any:
    """A value that fits a blank, by the kind of its field: works for records that are yet to be written."""
    if reasons and isinstance(blank, ReasonField):
        return reasons[0]
    if getattr(blank, "choices", None):
        return blank.choices[0][0]
    if isinstance(blank, pw.ForeignKeyField | IdList):
        target = blank.rel_model if isinstance(blank, pw.ForeignKeyField) else blank.of
        first = target.select().order_by(target.id).first().id
        return first if isinstance(blank, pw.ForeignKeyField) else [first]
    if isinstance(blank, ManyOf):
        return [blank.words[0]]
    return _plain(blank, at)


def numbers_asked_of(key: str) -> list[str]:
    """The blanks of an act that name another complaint by its number."""
    model = blanks.record_of(vocabulary().transitions[key])
    return [blank.name for blank in (model.blanks() if model else ()) if isinstance(blank, CaseNumber)]


def _plain(blank: pw.Field, at: datetime) -> Any:
    text = f"Contoh {str(blank.verbose_name).lower()}"
    kinds: dict[type, Any] = {
        pw.DateTimeField: at,
        pw.DateField: at.date(),
        pw.TimeField: at.time(),
        pw.BooleanField: True,
        pw.DecimalField: 1,
        pw.FloatField: 1.0,
        pw.IntegerField: 1,
        SealedText: text,
        pw.CharField: text[: getattr(blank, "max_length", None) or 80],
        pw.TextField: text,
    }
    return next(value for kind, value in kinds.items() if isinstance(blank, kind))


def final_rows(complaint: int) -> dict[str, int]:
    """How many final records of each kind a complaint has."""
    counts = {k: m.select().where((m.complaint == complaint) & ~m.draft).count() for k, m in RECORDS.items()}
    return {key: count for key, count in counts.items() if count}


def first_norm() -> timedelta:
    """The working time of the row that begins when a complaint is registered."""
    procedure = current_procedure()
    return timedelta(minutes=procedure.row_named(procedure.first).norm.minutes)


def moment(text: str) -> datetime:
    """09.14 of that Monday, or "rab 09.00" of that week: as the worked example writes its moments."""
    word, _, hour = text.rpartition(" ")
    ahead = ("sen", "sel", "rab", "kam", "jum").index(word) if word else 0
    return datetime.combine(MONDAY.date() + timedelta(days=ahead), datetime.strptime(hour, "%H.%M").time(), WIB)  # noqa: DTZ007
