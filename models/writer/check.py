"""What the table says of records and effects, asked where they are known: every word must be one that exists."""

from collections.abc import Iterator, Sequence
from typing import Any

from models.office.settings import OPTIONS
from models.records.base import ReasonField, Record
from models.records.registry import RECORDS
from models.store.base import all_models
from models.tables.complaint import Complaint
from models.tables.number import OF_NO_CASE
from models.telling.words import TELLS
from models.writer import marks, masters
from models.writer.effects import EFFECTS
from sop.table import Place, Table, alike, initials, unknown, wrong

PER = ("revision", "leg", "round")
HISTORY = ("draft", "edit", *marks.LABELS)  # the history's own words for what is no act of the table


def faults(table: Table | None = None, records: Sequence[Any] | None = None) -> Iterator[str]:
    """The sentences: of the acts in the order of the table, of the rows, of the records themselves, of the reasons that
    a new database starts with."""
    table = table or Table()
    for at in table.places:
        yield from _act(at)
    for at in table.places:
        yield from _needs(at, table)
    yield from _clocks(table)
    yield from _numbers(table)
    for model in all_models(Record) if records is None else records:
        yield from _record(model)
    asking = [at.step.key for at in table.places if _asks_for_reason(at)]
    yield from (
        unknown("models/data/reasons.json", "langkah", k, asking)
        for k in masters.read_data("reasons")
        if k not in asking
    )


def _act(at: Place) -> Iterator[str]:
    if at.step.key in HISTORY:
        yield wrong(at, "key", f"“{at.step.key}” sudah dipakai riwayat.")
    if at.step.effect not in EFFECTS:
        yield unknown(at, "effect", at.step.effect, EFFECTS)
    if at.step.tells and at.step.tells not in TELLS:
        yield unknown(at, "tells", at.step.tells, TELLS)
    if at.step.record and at.step.record not in RECORDS:
        yield unknown(at, "record", at.step.record, RECORDS)


def _needs(at: Place, table: Table) -> Iterator[str]:
    made = [key for key in RECORDS if key in {other.step.record for other in table.places}]
    yield from (unknown(at, "needs", need.record, made) for need in at.step.needs if need.record not in made)


def _clocks(table: Table) -> Iterator[str]:
    """A row that counts from reaching the pengadu needs a record that tells when that was."""
    telling = [key for key, model in RECORDS.items() if model.starts.__func__ is not Record.starts.__func__]  # type: ignore[attr-defined]
    for no, row in enumerate(table.rows, 1):
        own = {step.key for step in row.transitions}
        here = [*row.transitions, *(step for step in table.detours if own & {*step.start})]
        if row.counts_from == "attempt" and not {step.record for step in here} & {*telling}:
            told = ", ".join(f"“{key}”" for key in telling)
            needed = f"“attempt” memerlukan langkah yang catatannya memulai jam. Yang ada: {told}."
            yield wrong(f"baris {no}", "counts_from", needed)


def _numbers(table: Table) -> Iterator[str]:
    """A series without a pattern of its own shares that of the recap: `sop.check` asks the same of the table's own."""
    sharing = [at for at in table.places if at.step.series and f"number.{at.step.series}" not in OPTIONS]
    yield from (
        alike(at, at.step.series, OF_NO_CASE) for at in sharing if initials(at.step.series) == initials(OF_NO_CASE)
    )


def _record(model: type[Record]) -> Iterator[str]:
    """What a record says of itself and of its own columns."""
    where, own = f"catatan {model.__name__}", [f.name for f in model.blanks()]
    if RECORDS.get(model.key) is not model:
        yield wrong(where, "key", f"“{model.key}” sudah dipakai catatan lain.")
    if model.per not in PER:
        yield unknown(where, "per", model.per, PER)
    carried = [name for name in own if name in Complaint._meta.fields]
    said = (("gist", own), ("in_place", own), ("carries", carried), ("hidden", [*model._meta.fields]))
    for column, there in said:
        yield from (unknown(where, column, word, there) for word in getattr(model, column) if word not in there)
    yield from _verdicts(where, model)


def _verdicts(where: str, model: type[Record]) -> Iterator[str]:
    """The blank that buttons fill in, and what they fill in: choices of it."""
    if not model.verdicts:
        return
    chosen = {f.name: dict(f.choices) for f in model.blanks() if f.choices}
    if model.verdict not in chosen:
        yield unknown(where, "verdict", model.verdict, chosen)
    there = chosen.get(model.verdict, {})
    yield from (unknown(where, "verdicts", word, there) for word, _ in model.verdicts if word not in there)


def _asks_for_reason(at: Place) -> bool:
    model = RECORDS.get(at.step.record)
    return model is not None and any(isinstance(f, ReasonField) for f in model.blanks())
