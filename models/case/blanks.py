"""A transition's blanks for one case: typed, from the draft, or proposed by the panel; and their validation."""

from typing import Any

import peewee as pw

from models.case.case import Case
from models.complaint.lookup import case_of_number
from models.office.lists import Reason
from models.office.people import User
from models.records.base import Blanks, CaseNumber, Complaint, IdList, ManyOf, OneOfCase, ReasonField, Record
from models.records.registry import RECORDS
from models.store import master_cache
from models.store.base import is_mistyped, year_wanted
from sop.procedure import Transition

Known = set[tuple[Any, Any]]  # (table, id) or (field, word) known to exist: one query for many cases


def reasons() -> dict[str, list[str]]:
    """The office's active reasons by transition key."""
    lists: dict[str, list[str]] = {}
    for row in master_cache.rows_by_id(Reason).values():
        if row.active:
            lists.setdefault(row.transition, []).append(row.text)
    return lists


def record_of(transition: Transition) -> type[Record] | None:
    return RECORDS.get(transition.record)


def filled_blanks(case: Case, transition: Transition, typed: Blanks) -> Blanks:
    """All blanks of the transition's record for this case. Missing ones are filled in, as is an empty value of a choice
    without an empty option; a text of white space counts as empty."""
    model = record_of(transition)
    if model is None:
        return {}
    own = _own_blanks(case, model)
    typed = {name: "" if isinstance(value, str) and not value.strip() else value for name, value in typed.items()}
    blanks = {}
    for field in model.blanks():
        has_no_empty_option = field.choices and field.default and "" not in dict(field.choices)
        if field.name in typed and not (typed[field.name] == "" and has_no_empty_option):
            blanks[field.name] = typed[field.name]
        else:
            default = field.default() if callable(field.default) else field.default
            blanks[field.name] = own.get(field.name, default)
    return blanks


def with_whole_numbers(transition: Transition, typed: Blanks, user: User) -> Blanks:
    """The typed blanks with abbreviated complaint numbers completed. A number that matches no case visible to the user
    is unchanged, and refused later."""
    model = record_of(transition)
    named = [f.name for f in (model.blanks() if model else ()) if isinstance(f, CaseNumber) and typed.get(f.name)]
    numbers = {name: case_of_number(user, str(typed[name])) for name in named}
    whole = {name: Complaint.get_by_id(case).number for name, case in numbers.items() if case}
    return {**typed, **whole}


def with_replacement(case: Case, transition: Transition, typed: Blanks, leaver: int) -> Blanks:
    """The typed blanks for a case from which a user is removed: the picked users replace him, and the others assigned
    to it stay if they still may. Without a pick the case's own value is used."""
    model = record_of(transition)
    if model is None:
        return typed
    remaining = without_person(filled_blanks(case, transition, {}), transition, leaver)
    stays = {
        f.name: [other for other in remaining[f.name] if not model.objection(case, {**remaining, f.name: [other]})]
        for f in model.blanks()
        if _holds_people(f) and typed.get(f.name)
    }
    return {**typed, **{name: list(dict.fromkeys([*others, *typed[name]])) for name, others in stays.items()}}


def without_person(blanks: Blanks, transition: Transition, person: int) -> Blanks:
    """The blanks with a user removed from every list of users."""
    model = record_of(transition)
    several = {f.name for f in (model.blanks() if model else ()) if _holds_people(f)}
    return {n: [other for other in v if other != person] if n in several else v for n, v in blanks.items()}


def _holds_people(field: pw.Field) -> bool:
    return isinstance(field, IdList) and field.of is User


def _own_blanks(case: Case, model: type[Record]) -> Blanks:
    """The proposed blanks, and those of the draft; a recalled record of the present revision serves as one."""
    names, written, before = {f.name for f in model.blanks()}, case.drafts.get(model.key), case.previous.get(model.key)
    if not written and before and before.recalled and before.revision == case.complaint.revision:
        written = before
    return {**model.proposed(case), **{k: v for k, v in (written.blanks if written else {}).items() if k in names}}


def objection(
    case: Case, transition: Transition, blanks: Blanks, lists: dict[str, list[str]], known: Known | None = None
) -> str:
    """The sentence why the blanks are not valid, "" if they are; `known` caches rows found to exist."""
    model = record_of(transition)
    if model is None:
        return ""
    missing = empty_required_blanks(transition, blanks, lists)
    return _lacking(case, model, missing) or _misfit(model, blanks, known) or model.objection(case, blanks)


def empty_required_blanks(transition: Transition, blanks: Blanks, lists: dict[str, list[str]]) -> list[pw.Field]:
    """The required blanks that are empty."""
    model = record_of(transition)
    if model is None:
        return []
    return [f for f in model.blanks() if model.required(f, transition.key, lists) and _empty(blanks[f.name])]


def lacking(case: Case, transition: Transition, blanks: Blanks) -> str:
    """The sentence that lists the required blanks that are empty; "" if none."""
    model = record_of(transition)
    return _lacking(case, model, empty_required_blanks(transition, blanks, {})) if model else ""


def draft_blanks(transition: Transition, blanks: Blanks) -> Blanks:
    """The blanks as stored in a draft: "" for texts that are None."""
    texts = {f.name for f in RECORDS[transition.record].blanks() if isinstance(f, pw.CharField | pw.TextField)}
    return {name: "" if value is None and name in texts else value for name, value in blanks.items()}


def draft_objection(case: Case, transition: Transition, blanks: Blanks) -> str:
    """The sentence why this cannot be saved as a draft, "" if it can: not-null fields must have a value."""
    model = RECORDS[transition.record]
    missing = [f for f in model.blanks() if blanks[f.name] is None and not f.null]
    return _lacking(case, model, missing) or _misfit(model, blanks, None)


def _lacking(case: Case, model: type[Record], fields: list[pw.Field]) -> str:
    """Pengaduan PGD/1/X/2026: pilih dahulu unit kerja tujuan; isi dahulu catatan."""
    chosen = [f for f in fields if f.choices or isinstance(f, pw.ForeignKeyField | ReasonField | OneOfCase)]
    groups = (("pilih dahulu", chosen), ("isi dahulu", [f for f in fields if f not in chosen]))
    asked = [f"{verb} {', '.join(map(model.noun_of, group))}" for verb, group in groups if group]
    return f"Pengaduan {case.complaint.number}: {'; '.join(asked)}." if fields else ""


def _misfit(model: type[Record], blanks: Blanks, known: Known | None) -> str:
    known = set() if known is None else known
    return next((sentence for f in model.blanks() if (sentence := _wrong(f, blanks[f.name], known))), "")


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip()) or value == []


def _wrong(field: pw.Field, value: Any, known: Known) -> str:
    if _empty(value):
        return ""
    if is_mistyped(value):
        return f"{field.verbose_name}: {year_wanted()}"
    if isinstance(field, pw.CharField) and field.max_length and len(value) > field.max_length:
        return f"{field.verbose_name} paling panjang {field.max_length} huruf."
    return "" if _among(field, value, known) else f"{field.verbose_name}: pilihan tidak dikenal."


def _among(field: pw.Field, value: Any, known: Known) -> bool:
    """Whether a value is among the field's choices; a field without choices accepts any."""
    if isinstance(field, pw.ForeignKeyField):
        return _exist(field.rel_model, [value], known)
    if isinstance(field, IdList):
        return _exist(field.of, value, known)
    if isinstance(field, ManyOf):
        return _are_offered(field, value, known)
    return not getattr(field, "choices", None) or value in dict(field.choices)


def _are_offered(field: ManyOf, words: list[str], known: Known) -> bool:
    """Whether the words are on the office's list, or ever were."""
    asked = {(field, word) for word in words} - known
    if asked and not {word for _, word in asked} <= field.ever():
        return False
    known |= asked
    return True


def _exist(target: Any, ids: list[int], known: Known) -> bool:
    wanted = {(target, number) for number in ids} - known
    if wanted and target.select().where(target.id.in_([number for _, number in wanted])).count() != len(wanted):
        return False
    known |= wanted
    return True
