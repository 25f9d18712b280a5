"""The records of a case that are in force, and the users who may not decide on it because they wrote the text."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import reduce
from operator import and_, attrgetter, or_
from typing import Any

import peewee as pw

from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.complaint.scope import FALSE, Viewer, viewer
from models.records.base import SHARED, Blanks, Record
from models.records.registry import RECORDS
from models.store.base import Model, RowsByTable, among, rows_of_tables, without_index
from sop.access import lanes
from sop.procedure import Transition
from sop.vocabulary import vocabulary

_SPANS = {"round": ("round",), "leg": ("round", "leg"), "revision": ("round", "leg", "revision")}
_VALUES_OF = {per: attrgetter(*names) for per, names in _SPANS.items()}
_NOT_BLANKS = SHARED | {"id"}


@dataclass(frozen=True)
class WrittenRecord:
    """A record of a case, stored or to be stored: the shared columns, and its blanks (hidden ones included)."""

    key: str
    complaint: int
    act: str
    made_by: int
    made_at: datetime
    blanks: Blanks
    round: int = 1
    leg: int = 1
    revision: int = 1
    draft: bool = False
    recalled: bool = False
    id: int = 0  # 0: not stored, or not read back

    @classmethod
    def of(cls, key: str, row: Mapping[str, Any]) -> "WrittenRecord":
        blanks = {name: value for name, value in row.items() if name not in _NOT_BLANKS}
        record = object.__new__(cls)  # a frozen dataclass sets each value by a call: twice as slow, for thousands
        vars(record).update({name: row[name] for name in SHARED}, key=key, id=row.get("id", 0), blanks=blanks)
        return record


def is_current(record: WrittenRecord | Record, complaint: Complaint, per: str = "revision") -> bool:
    """Whether a record belongs to the present round and, as `per` requires, to the present disposition and revision."""
    values_of = _VALUES_OF[per]
    return bool(values_of(record) == values_of(complaint))


def current(model: type[Record], per: str) -> pw.Expression:
    """`is_current` as an SQL condition for a query joined with `Complaint`."""
    return reduce(and_, (getattr(model, name) == getattr(Complaint, name) for name in _SPANS[per]))


@dataclass
class RoundRecords:
    """The records of a case in its present round; final records and drafts by their key."""

    records: dict[str, WrittenRecord] = field(default_factory=dict)  # in force
    drafts: dict[str, WrittenRecord] = field(default_factory=dict)
    previous: dict[str, WrittenRecord] = field(default_factory=dict)  # the latest, in force or not
    made: list[WrittenRecord] = field(default_factory=list)  # all final ones, oldest first
    stored_records: list[WrittenRecord] = field(default_factory=list)  # all there are, of other rounds too


def records_in_force(complaints: Iterable[Complaint], *, brief: bool = False) -> dict[int, RoundRecords]:
    """The records of these complaints, by complaint id; `brief` loads them without their blanks."""
    complaints = list(complaints)
    rows = rows_of_tables(record_tables(brief=brief), "complaint_id", [complaint.id for complaint in complaints])
    return records_of_rows(complaints, rows)


def record_tables(*, brief: bool) -> dict[type[Record], list[pw.Field]]:
    """The tables of all kinds of records with their columns, for `rows_of_tables`; `brief` leaves out the blanks."""
    return {
        model: [f for f in model._meta.sorted_fields if f.name in SHARED or f.name == "id" or not brief]
        for model in RECORDS.values()
    }


def records_of_rows(complaints: Iterable[Complaint], rows: RowsByTable) -> dict[int, RoundRecords]:
    """The records of these complaints, by complaint id, from the rows of all tables of records."""
    cases = {complaint.id: complaint for complaint in complaints}
    loaded = {number: RoundRecords() for number in cases}
    for key, model in RECORDS.items():
        cases_in_force = model.cases_in_force(cases) if rows[model] else None
        for row in rows[model]:
            own, record = loaded[row["complaint"]], WrittenRecord.of(key, row)
            own.stored_records.append(record)
            if row["round"] == cases[row["complaint"]].round:
                _add_record(own, record, cases[row["complaint"]], model)
            if row["complaint"] in (cases_in_force or ()):
                own.records[key] = record
            elif cases_in_force is not None:
                own.records.pop(key, None)
    for own in loaded.values():
        own.made.sort(key=_moment)
    return loaded


def _moment(record: WrittenRecord) -> tuple[datetime, int, int]:
    """Sort key: when it was made, then the order of the table."""
    places = vocabulary().places
    return record.made_at, places.get(record.act, len(places)), record.id


def _add_record(own: RoundRecords, record: WrittenRecord, complaint: Complaint, model: type[Record]) -> None:
    per, leg = model.per, complaint.leg
    current = is_current(record, complaint, per)
    if record.draft:
        if current:
            own.drafts[record.key] = record
        return
    own.made.append(record)
    if record.leg == leg or (per == "leg" and record.recalled and record.leg == leg - 1):
        own.previous[record.key] = record
    if current and not record.recalled:
        own.records[record.key] = record


def decision_acts() -> list[Transition]:
    """The acts that decide on a text of other users."""
    return [act for act in vocabulary().transitions.values() if act.independent]


def decides(who: Viewer) -> bool:
    """Whether the user may take any such decision."""
    return any(lanes(step) & who.lanes for step in decision_acts())


def own_units(who: Viewer) -> frozenset[int]:
    """The units whose cases are the user's own: his division, and those that he heads or acts for. For users who take
    decisions all their accounts count, for others only the present one."""
    others = who.accounts[1:] if decides(who) else []
    units: set[int] = set()
    for seat in (who, *(viewer(account, who.day) for account in others if account.active)):
        units |= seat.heads
        if seat.user.division_id:
            units.add(seat.user.division_id)
    return frozenset(units)


def authored_by(who: Viewer) -> pw.Expression:
    """Condition: the user made a text under the disposition in force, in any revision, or saved a draft this round."""
    me, of_case = [account.id for account in who.accounts], Event.complaint == Complaint.id
    drafts = of_case & among(Event.user, me) & (Event.act == "draft") & (Event.round == Complaint.round)
    writing = [act for act in vocabulary().transitions.values() if act.draft]  # they write the texts decided on
    ways = [
        _exists(Event, drafts & Event.state_from.in_([key for act in writing for key in vocabulary().keys_of(act)]))
    ]
    for model in dict.fromkeys(RECORDS[act.record] for act in writing):
        made = (model.complaint == Complaint.id) & among(without_index(model.made_by), me) & ~model.draft
        ways.append(_exists(model, made & current(model, "leg")))
    return reduce(or_, ways)


def is_own(who: Viewer) -> pw.Expression:
    """Condition: the case is the user's own, so another user must decide on it."""
    return Complaint.unit.in_(sorted(own_units(who)) or [-1]) | authored_by(who)


def has_written(who: Viewer) -> Any:
    """Condition: the user wrote or submitted the text of the case; false if he takes no decisions, for whom it does not
    matter."""
    return authored_by(who) if decides(who) else FALSE


def _exists(model: type[Model], condition: pw.Expression) -> pw.Expression:
    return pw.fn.EXISTS(model.select(pw.SQL("1")).where(condition))
