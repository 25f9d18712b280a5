"""A transition's blanks for one case: what was given, else the draft, else what the panel proposes; and what is wrong."""

from typing import Any

import peewee as pw

from models.case import Case
from models.complaint import Reason
from models.records import RECORDS
from models.records.base import IdList, Record
from sop.procedure import Transition


def reasons() -> dict[str, list[str]]:
    """The office's lists of reasons by transition."""
    found: dict[str, list[str]] = {}
    for row in Reason.select().where(Reason.active).order_by(Reason.id):
        found.setdefault(row.transition, []).append(row.text)
    return found


def record_of(transition: Transition) -> type[Record] | None:
    return RECORDS.get(transition.record)


def filled(case: Case, transition: Transition, given: dict[str, Any]) -> dict[str, Any]:
    """All blanks of the transition's record for this case; what is absent from `given` is filled in."""
    model = record_of(transition)
    if model is None:
        return {}
    own = _own(case, model)
    return {f.name: given.get(f.name, own.get(f.name, _default(f))) for f in model.blanks()}


def _own(case: Case, model: type[Record]) -> dict[str, Any]:
    names = {f.name for f in model.blanks()}
    written = case.drafts.get(model.key) or _recalled(case, model) or {}
    return {**model.proposed(case), **{k: v for k, v in written.items() if k in names}}


def _recalled(case: Case, model: type[Record]) -> dict[str, Any] | None:
    """What was pulled back is the draft again."""
    before = case.previous.get(model.key)
    return before if before and before["recalled"] and before["revision"] == case.complaint.revision else None


def _default(field: pw.Field) -> Any:
    return field.default() if callable(field.default) else field.default


def objection(case: Case, transition: Transition, blanks: dict[str, Any], lists: dict[str, list[str]]) -> str:
    """The sentence why the blanks will not do, "" if they will."""
    model = record_of(transition)
    if model is None:
        return ""
    missing = [str(f.verbose_name) for f in model.blanks()
               if model.required(f, transition.key, lists) and _empty(blanks[f.name])]  # fmt: skip
    if missing:
        return f"Pengaduan {case.complaint.number}: isian {', '.join(missing)} belum diisi."
    wrong = next((sentence for f in model.blanks() if (sentence := _wrong(f, blanks[f.name]))), "")
    return wrong or model.objection(case, blanks)


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value == []


def _wrong(field: pw.Field, value: Any) -> str:
    if _empty(value):
        return ""
    if isinstance(field, pw.CharField) and field.max_length and len(value) > field.max_length:
        return f"{field.verbose_name} paling panjang {field.max_length} huruf."
    if getattr(field, "choices", None) and value not in dict(field.choices):
        return f"{field.verbose_name}: pilihan tidak dikenal."
    ids = [value] if isinstance(field, pw.ForeignKeyField) else value if isinstance(field, IdList) else []
    target = field.rel_model if isinstance(field, pw.ForeignKeyField) else getattr(field, "of", None)
    if ids and target.select().where(target.id.in_(ids)).count() != len(set(ids)):
        return f"{field.verbose_name}: pilihan tidak dikenal."
    return ""
