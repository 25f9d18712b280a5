"""Multiplies cases for benchmarks: copies of a few cases with all their rows, encrypted and chained like the originals.

Each copy has its own key, register number, paper numbers and dates. Only the contents of its papers still have the
original's text.
"""

import gc
import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from random import Random
from typing import Any
from unittest.mock import patch

import peewee as pw
from peewee import chunked

from models.case.casetext import act_row, main_row
from models.complaint import event, number
from models.complaint.complaint import Addressee, BlindIndex, CaseKey, Complaint, Pause, Person, Run
from models.complaint.event import Event
from models.complaint.number import REGISTER, Number, NumberVoid
from models.complaint.paper import (
    Paper,
    PaperCode,
    PaperHand,
    PaperSigned,
    PaperVoid,
    Print,
    code_part,
    content_of,
    frozen,
    queue_for_signatures,
)
from models.complaint.repeats import Likeness
from models.complaint.search_text import SearchedText, add_texts
from models.office.lists import Kelurahan
from models.office.settings import values
from models.records.fields import SealedText
from models.records.registry import RECORDS
from models.store import seal
from models.store.base import Columns, Model, Moment, among, database, insert_rows, now
from models.store.seal import Seal, ring
from sop.clock import WIB
from sop.vocabulary import vocabulary

YEARS = 6  # over which closed cases are spread
OPEN_DAYS = 45  # over which open cases are spread
PORTION = 2_000
IN_A_HURRY = ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -1000000")  # cache in kB
TABLES_OF_A_CASE = (Person, Run, Pause, Addressee, *RECORDS.values())
TABLES_OF_A_PAPER = (PaperHand, PaperVoid, PaperSigned, Print)
MARKS = (Likeness, BlindIndex)


@dataclass(frozen=True)
class Pattern:
    """A case to copy: its columns, its decrypted rows by model, and its decrypted texts."""

    case: Columns
    rows: dict[type[Model], list[Columns]]
    texts: dict[str, str]  # decrypted texts of those rows, by label

    @property
    def is_open(self) -> bool:
        return self.case["state"] in vocabulary().open_states


@dataclass(frozen=True)
class Copy:
    """A case to be made: its pattern, its shift in time, its own public id and place."""

    pattern: Pattern
    later: timedelta
    public_id: str
    place: str

    def moved(self, model: type[Model], row: Columns) -> Columns:
        """The row with all moments shifted, without its id."""
        moved = {name: row[name] + self.later for name in _moments(model) if row.get(name)}
        columns = {**row, **moved}
        columns.pop("id", None)
        return columns


@cache
def _moments(model: type[Model]) -> tuple[str, ...]:
    return tuple(name for name, field in model._meta.fields.items() if isinstance(field, Moment))


def patterns() -> list[Pattern]:
    """Patterns of all cases in the database."""
    seals = event.open_seals(case.id for case in Complaint.select(Complaint.id))
    return [_pattern(case, seals[case.id]) for case in Complaint.select().order_by(Complaint.id)]


def _pattern(case: Complaint, seal: Seal) -> Pattern:
    rows = {model: _rows_of(model, model.complaint == case.id) for model in (*TABLES_OF_A_CASE, Number, Paper, Event)}
    rows |= {model: _rows_of(model, model.paper.in_([p["id"] for p in rows[Paper]])) for model in TABLES_OF_A_PAPER}
    rows |= {model: _rows_of(model, model.case == case.id) for model in MARKS}
    rows |= {NumberVoid: _rows_of(NumberVoid, NumberVoid.number.in_([n["id"] for n in rows[Number]]))}
    texts: dict[str, str] = {}
    for model in TABLES_OF_A_CASE:
        for row in rows[model]:
            texts |= {label: seal.open_text(label, row[name]) for name, label in _sealed(model, row) if row[name]}
    bodies = event.bodies(Event.select().where(Event.complaint == case.id), {case.id: seal})
    for row in rows[Event]:
        row["body"] = bodies[row["id"]]
    for row, paper in zip(
        rows[Paper], Paper.select().where(Paper.complaint == case.id).order_by(Paper.id), strict=True
    ):
        row["content"] = content_of(paper, seal)
    return Pattern(dict(case.__data__), rows, texts)


def _rows_of(model: Any, here: Any) -> list[Columns]:
    return [dict(row.__data__) for row in model.select().where(here).order_by(*model._meta.get_primary_keys())]


def _sealed(model: Any, row: Columns) -> list[tuple[str, str]]:
    """(column, label) of the encrypted columns of a row."""
    if model is Person:
        return [(name, f"{row['kind']}.{name}") for name in Person.SEALED]
    sealed = (f.name for f in model._meta.sorted_fields if isinstance(f, SealedText))
    return [(name, f"record/{model.key}/{name}") for name in sealed]


@contextmanager
def in_a_hurry() -> Iterator[None]:
    """Without safety against a crash, garbage collection, or compressing the same text twice: for a database of which
    nothing is kept if it is not finished. The connection must be closed afterwards, as it may then do anything."""
    is_sqlite = isinstance(database.obj, pw.SqliteDatabase)
    if is_sqlite:
        database.connection().set_authorizer(None)
    try:
        for pragma in IN_A_HURRY if is_sqlite else ():
            database.connection().execute(f"PRAGMA {pragma}").fetchall()
        gc.disable()
        with patch.object(seal, "packed", lru_cache(maxsize=100_000)(seal.packed)):
            yield
    finally:
        gc.enable()
        if is_sqlite:
            database.connection().execute("PRAGMA journal_mode = WAL").fetchall()


def multiply(count: int, *, seed: int = 1, open_share: float = 0.02, at: datetime | None = None) -> None:
    """Insert `count` more cases, most of them closed; open ones are recent."""
    drawn = _drawn(patterns(), count, open_share, at or now(), Random(seed))
    copies = sorted(drawn, key=lambda copy: copy.pattern.case["recorded_at"] + copy.later)
    made: list[tuple[int, Copy, Seal]] = []
    for portion in chunked(copies, PORTION):
        with database.atomic():
            made += _write_cases(list(portion))
    events = [
        (row["at"] + copy.later, place, row)
        for place, (_, copy, _) in enumerate(made)
        for row in copy.pattern.rows[Event]
    ]
    events.sort(key=lambda entry: entry[:2])
    for portion_of_events in chunked(events, PORTION * 10):
        with database.atomic():
            _write_events(portion_of_events, made)


def _drawn(made: Sequence[Pattern], count: int, open_share: float, at: datetime, chance: Random) -> Iterator[Copy]:
    opened, ended = ([pattern for pattern in made if pattern.is_open is is_open] for is_open in (True, False))
    places = [name for (name,) in Kelurahan.select(Kelurahan.name).tuples()]
    last = max(row["at"] for pattern in made for row in pattern.rows[Event])
    for _ in range(count):
        is_open = chance.random() < open_share
        back = timedelta(days=chance.randrange(OPEN_DAYS if is_open else YEARS * 365))
        later = timedelta(days=(at - last).days) - back
        yield Copy(chance.choice(opened if is_open else ended), later, secrets.token_urlsafe(12), chance.choice(places))


def _write_cases(copies: list[Copy]) -> list[tuple[int, Copy, Seal]]:
    """Insert these cases without their history; (id, copy, seal) of each."""
    register = _drawn_numbers([(REGISTER, copy.pattern.case["recorded_at"] + copy.later) for copy in copies])
    cases = [_case_row(copy, drawn.text) for copy, drawn in zip(copies, register, strict=True)]
    last = Complaint.select(pw.fn.MAX(Complaint.id)).scalar()
    insert_rows(Complaint, cases)
    ids = dict(Complaint.select(Complaint.public_id, Complaint.id).where(Complaint.id > last).tuples())
    keys = [(ids[copy.public_id], copy, *ring().new_case_key(copy.public_id)) for copy in copies]
    insert_rows(CaseKey, [{"complaint": case, "wrapped": wrapped} for case, _, wrapped, _ in keys])
    made = [(case, copy, key) for case, copy, _, key in keys]
    for model in TABLES_OF_A_CASE:
        insert_rows(model, [_row_of_case(model, row, *case) for case in made for row in case[1].pattern.rows[model]])
    for model in MARKS:
        insert_rows(model, [_own_mark(row, *case[:2]) for case in made for row in case[1].pattern.rows[model]])
    searched = (row for (case, copy, _), own in zip(made, cases, strict=True) for row in _searched(case, copy, own))
    add_texts(list(searched))
    _write_numbers(made, register)
    _write_papers(made)
    return made


def _searched(case: int, copy: Copy, own: Columns) -> Iterator[SearchedText]:
    """The case's rows of the search index."""
    rows = copy.pattern.rows
    yield main_row(case, own, (person["name"] for person in rows[Person]), copy.place)
    for key, model in RECORDS.items():
        yield from (act_row(case, key, row) for row in rows[model] if not row["draft"])


def _case_row(copy: Copy, text: str) -> Columns:
    own = {"public_id": copy.public_id, "number": text, "title": f"{copy.pattern.case['title']}, {copy.place}"[:200]}
    return {**copy.moved(Complaint, copy.pattern.case), **own, "form_digest": None}


def _row_of_case(model: type[Model], row: Columns, case: int, copy: Copy, key: Seal) -> Columns:
    sealed = {
        name: key.close_text(label, copy.pattern.texts.get(label)) for name, label in _sealed(model, row) if row[name]
    }
    return {**copy.moved(model, row), "complaint": case, **sealed}


def _own_mark(row: Columns, case: int, copy: Copy) -> Columns:
    """A unique search mark in place of the pattern's."""
    mark, keys = row["mark"], ring()
    is_whole = isinstance(mark, int)
    own = keys.short_mark(copy.public_id, str(mark)) if is_whole else keys.mark(copy.public_id, bytes(mark).hex())
    return {**{name: value for name, value in row.items() if name != "id"}, "case": case, "mark": own}


def _drawn_numbers(wanted: Sequence[tuple[str, datetime]]) -> list[number.Drawn]:
    """A number for each series and moment, in this order; those of one series and year are reserved together."""
    together: dict[tuple[str, int], list[int]] = defaultdict(list)
    for index, (series, at) in enumerate(wanted):
        together[series, at.astimezone(WIB).year].append(index)
    drawn, settings = dict[int, number.Drawn](), values()
    for (series, year), indexes in together.items():
        _, first = number.reserve(series, len(indexes), wanted[indexes[0]][1])
        for place, index in enumerate(indexes, first):
            text = number.formatted_number(series, place, wanted[index][1], settings)
            drawn[index] = number.Drawn(year, place, text)
    return [drawn[index] for index in range(len(wanted))]


def _write_numbers(made: Sequence[tuple[int, Copy, Seal]], register: Sequence[number.Drawn]) -> None:
    kept = [(case, copy, row, copy.moved(Number, row)) for case, copy, _ in made for row in copy.pattern.rows[Number]]
    own = {case: drawn for (case, _, _), drawn in zip(made, register, strict=True)}
    others = iter(
        _drawn_numbers([(row["series"], at["given_at"]) for _, _, row, at in kept if row["series"] != REGISTER])
    )
    rows, void = [], []
    for case, copy, row, moved in kept:
        drawn = own[case] if row["series"] == REGISTER else next(others)
        rows.append({**moved, "complaint": case, "year": drawn.year, "place": drawn.place, "text": drawn.text})
        voided = [one for one in copy.pattern.rows[NumberVoid] if one["number"] == row["id"]]
        void += [((row["series"], drawn.year, drawn.place), copy.moved(NumberVoid, one)) for one in voided]
    insert_rows(Number, rows)
    mine = Number.select(Number.series, Number.year, Number.place, Number.id).where(among(Number.complaint, own))
    ids = {tuple(key): row for *key, row in mine.tuples()} if void else {}
    insert_rows(NumberVoid, [{**row, "number": ids[key]} for key, row in void])


def _write_papers(made: Sequence[tuple[int, Copy, Seal]]) -> None:
    rows, marks, codes = [], [], []
    for case, copy, key in made:
        for row in copy.pattern.rows[Paper]:
            moved, code = {**copy.moved(Paper, row), "complaint": case}, code_part("")
            rows.append(frozen({**moved.pop("content"), "code": code}, key, moved))
            marks.append((copy, row["id"], rows[-1]["public_id"]))
            codes.append((rows[-1]["public_id"], ring().code_mark(code["text"])))
    insert_rows(Paper, rows)
    mine = among(Paper.complaint, (case for case, _, _ in made))
    ids = dict(Paper.select(Paper.public_id, Paper.id).where(mine).tuples())
    insert_rows(PaperCode, [{"paper": ids[public_id], "mark": mark} for public_id, mark in codes])
    for model in TABLES_OF_A_PAPER:
        more = [
            {**copy.moved(model, row), "paper": ids[public_id]}
            for copy, pattern, public_id in marks
            for row in copy.pattern.rows[model]
            if row["paper"] == pattern
        ]
        insert_rows(model, more)
    queue_for_signatures(case for case, _, _ in made)


def _write_events(events: Iterable[tuple[datetime, int, Columns]], made: Sequence[tuple[int, Copy, Seal]]) -> None:
    """Append the events to the history's chain."""
    rows, seals = [], {}
    for _, place, row in events:
        case, copy, key = made[place]
        moved = copy.moved(Event, row)
        moved.pop("mac")
        rows.append({**moved, "complaint": case})
        seals[case] = key
    event.append(rows, seals)
