"""The records of a case's present round in the order of time, and which of them are in force: said here alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import and_
from typing import Any

import peewee as pw

from models.records.base import Record
from models.records.registry import RECORDS
from models.store.base import database
from models.tables.complaint import Complaint
from sop import flow

_SPANS = {"round": ("round",), "leg": ("round", "leg"), "revision": ("round", "leg", "revision")}
_PLACES = {act: place for place, act in enumerate(flow.KNOWN)}


def is_current(record: Mapping[str, Any], complaint: Complaint, per: str = "revision") -> bool:
    """Whether a record belongs to the round, and as far as `per` asks to the disposition and the revision, in force."""
    return all(record[name] == getattr(complaint, name) for name in _SPANS[per])


def current(model: type[Record], per: str) -> pw.Expression:
    """`is_current` as a condition of SQL, beside `Complaint`."""
    return reduce(and_, (getattr(model, name) == getattr(Complaint, name) for name in _SPANS[per]))


@dataclass
class InHand:
    """What was written on a case in its present round; final records and drafts by their kind."""

    records: dict[str, dict[str, Any]] = field(default_factory=dict)  # in force
    drafts: dict[str, dict[str, Any]] = field(default_factory=dict)
    previous: dict[str, dict[str, Any]] = field(default_factory=dict)  # the latest, in force or not
    made: list[dict[str, Any]] = field(default_factory=list)  # all that are final, in the order of time


def in_hand(complaints: Iterable[Complaint]) -> dict[int, InHand]:
    """What was written on these complaints, by id."""
    cases = {complaint.id: complaint for complaint in complaints}
    found = {number: InHand() for number in cases}
    for key in _kept(list(cases)):
        model = RECORDS[key]
        for row in model.select().where(model.complaint.in_(list(cases))).order_by(model.id).dicts():
            if row["round"] == cases[row["complaint"]].round:
                _lay_down(found[row["complaint"]], {**row, "key": key}, cases[row["complaint"]], model.per)
    for hand in found.values():
        hand.made.sort(key=_moment)
    return found


def _moment(record: Mapping[str, Any]) -> Any:
    """When it was made; acts of one moment stand in the order of the table."""
    return record["made_at"], _PLACES.get(record["act"], len(_PLACES)), record["id"]


def _kept(ids: list[int]) -> list[str]:
    """Which kinds of record these cases have at all: one statement instead of a dozen that mostly find nothing."""
    if not ids:
        return []
    within = ", ".join(str(int(number)) for number in ids)
    asked = (
        f"""SELECT '{key}' WHERE EXISTS (SELECT 1 FROM "{model._meta.table_name}" WHERE "complaint_id" IN ({within}))"""  # noqa: S608 - own names, whole numbers
        for key, model in RECORDS.items()
    )
    return [key for (key,) in database.execute_sql(" UNION ALL ".join(asked))]


def _lay_down(hand: InHand, row: dict[str, Any], complaint: Complaint, per: str) -> None:
    current, leg = is_current(row, complaint, per), complaint.leg
    if row["draft"]:
        if current:
            hand.drafts[row["key"]] = row
        return
    hand.made.append(row)
    if row["leg"] == leg or (per == "leg" and row["recalled"] and row["leg"] == leg - 1):
        hand.previous[row["key"]] = row
    if current and not row["recalled"]:
        hand.records[row["key"]] = row
