"""A digest over the database's decrypted content: equal for equal content, whatever the keys."""

import contextlib
import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from models.complaint.complaint import CaseKey, Complaint, Person
from models.complaint.event import Event
from models.complaint.paper import Paper
from models.records.base import SealedText
from models.records.registry import RECORDS
from models.store import seal
from models.store.base import Columns, Model, all_models, as_stored, canonical, database, snapshot


def digest() -> str:
    """SHA-256 (hex) over complaints, records, papers, events and masters: rows by primary key, decrypted.

    Excluded: prints, sessions, logs and printed codes (`in_digest`), random columns (`not_digested`), papers' codes.
    """
    with snapshot():
        return _hash_of_rows(case_seals())


def shape() -> str:
    """SHA-256 (hex) over the digested tables' and columns' names: digests of different shapes cannot be compared."""
    names = {m._meta.table_name: sorted(m._meta.columns) for m in all_models() if m.in_digest}
    return hashlib.sha256(canonical(names).encode()).hexdigest()


def _hash_of_rows(seals: dict[int, seal.Seal]) -> str:
    hashed = hashlib.sha256()
    for model in sorted(all_models(), key=lambda m: m._meta.table_name):
        if model.in_digest:
            hashed.update(f"{model._meta.table_name}\n".encode())
            for row in opened_rows(model, seals):
                hashed.update(canonical(row).encode() + b"\n")
    return hashed.hexdigest()


def opened_rows(model: type[Model], seals: dict[int, seal.Seal]) -> Iterator[Columns]:
    """The rows as stored, by primary key, with encrypted columns decrypted and random ones left out."""
    names = [field.column_name for field in model._meta.sorted_fields]
    columns, key = ", ".join(f'"{name}"' for name in names), model._meta.primary_key.column_name
    sealed, random = _sealed_columns(model), {model._meta.fields[name].column_name for name in model.not_digested}
    query = f'SELECT {columns} FROM "{model._meta.table_name}" ORDER BY "{key}"'  # noqa: S608 - names of our own models
    for values in database.execute_sql(query):
        row = dict(zip(names, map(as_stored, values), strict=True))
        if sealed:
            case = seals.get(row["complaint_id"]) if row["complaint_id"] else seal.ring().panel
            row |= {name: _opened_value(case, label(row), row[name]) for name, label in sealed.items()}
        if model is Paper:
            row = _without_code(row)
        if model is Event:
            row["body"] = _without_random(row["body"])
        yield {name: value for name, value in row.items() if name not in random}


def _sealed_columns(model: type[Model]) -> dict[str, Callable[[Columns], str]]:
    """The encrypted columns of a model, each with a function that returns its associated data (label)."""
    if model is Person:
        return {name: lambda row, name=name: f"{row['kind']}.{name}" for name in Person.SEALED}  # type: ignore[misc]
    if model is Event:
        return {"body": lambda row: f"event/{row['id']}"}
    if model is Paper:
        return {"content": lambda row: f"paper/{row['public_id']}"}
    texts = [f for f in model._meta.sorted_fields if isinstance(f, SealedText)]
    return {f.column_name: lambda row, name=f.name: f"record/{_key(model)}/{name}" for f in texts}  # type: ignore[misc]


def _key(model: type[Model]) -> str:
    return next(key for key, record in RECORDS.items() if record is model)


def case_seals() -> dict[int, seal.Seal]:
    """The seals of all cases whose key can be unwrapped, by case id."""
    seals, ring = {}, seal.ring()
    keys = CaseKey.select(CaseKey.complaint, Complaint.public_id, CaseKey.wrapped).join(Complaint)
    for case, public_id, wrapped in keys.tuples():
        with contextlib.suppress(seal.BrokenSeal):
            seals[case] = ring.open_case(public_id, wrapped)
    return seals


def _opened_value(case: seal.Seal | None, label: str, sealed: Any) -> Any:
    """The decrypted text; the stored value if it cannot be decrypted."""
    if case and isinstance(sealed, bytes):
        with contextlib.suppress(seal.BrokenSeal):
            return {"opened": case.open_text(label, sealed)}
    return sealed


def _without_code(row: Columns) -> Columns:
    """A paper's row without its random verification code; as it is if its content has none or cannot be decrypted."""
    content = json.loads(row["content"]["opened"]) if isinstance(row["content"], dict) else {}
    if "code" not in content:
        return row
    return {**row, "content": {key: value for key, value in content.items() if key != "code"}}


def _without_random(body: Any) -> Any:
    """A history entry's decrypted body without the random columns of its papers."""
    if not isinstance(body, dict):
        return body
    entry = json.loads(body["opened"])
    entry["papers"] = [{k: v for k, v in p.items() if k not in Paper.not_digested} for p in entry.get("papers", [])]
    return entry
