"""A correction (ralat): what stood in each field and what stands there now, and why. Both are sealed.

One record is one act. Those of before corrected one field each, which `field` names; both are read.
"""

import json
from collections.abc import Mapping
from typing import Any

from models.entry.amended import amended, amendment_objections
from models.entry.sealed import replace_person
from models.entry.words import LABELS, ChangeInWords, changes_in_words
from models.office.lists import Category
from models.records.base import Blanks, ReasonField, Record, SealedText, pw
from models.search.likeness import mark_case
from models.store.base import Columns
from models.tables.event import open_seals

SEVERAL = "isian"  # the values are by field, as JSON


class Correction(Record):
    key, title = "correction", "Ralat"
    hidden = ("field", "old_value")

    field = pw.CharField(
        verbose_name="Isian yang diralat",
        max_length=60,
        choices=(*LABELS.items(), (SEVERAL, "Isian formulir")),
        default=SEVERAL,
    )
    old_value = SealedText(verbose_name="Isi lama", null=True)
    new_value = SealedText(verbose_name="Isi baru")  # as a blank: what is to stand there, by field of the entry
    reason = ReasonField(verbose_name="Alasan", max_length=160, default="")
    note = pw.TextField(verbose_name="Keterangan", default="")

    @classmethod
    def objection(cls, case: Any, blanks: Blanks) -> str:
        return next(iter(amendment_objections(case.complaint, blanks["new_value"]).values()), "")

    @classmethod
    def filled(cls, case: Any, blanks: Blanks) -> Blanks:
        words = changes_in_words(amended(case.complaint, blanks["new_value"]).changes)
        kept = {name: {change.field: getattr(change, name) for change in words} for name in ("old", "new")}
        return {"field": SEVERAL, "old_value": _as_text(kept["old"]), "new_value": _as_text(kept["new"])}

    @classmethod
    def changes(cls, case: Any, blanks: Blanks) -> Blanks:
        changes = amended(case.complaint, blanks["new_value"]).changes
        return {change.field: change.new for change in changes if "." not in change.field}

    @classmethod
    def written(cls, case: Any, blanks: Blanks) -> None:
        entry, key = amended(case.complaint, blanks["new_value"]), open_seals([case.complaint.id])[case.complaint.id]
        case.category = Category.get_by_id(entry.after.columns["category"])
        for kind, person in entry.after.persons.items():
            if person != entry.before.persons[kind]:
                replace_person(case.complaint.id, kind, person if kind in entry.after.present else None, key)
        mark_case(case.complaint.id, entry.after.columns, entry.after.present)

    @classmethod
    def noted(cls, blanks: Blanks) -> Columns:
        """Field by field in the history, contact data masked."""
        told = [change.masked for change in corrections(blanks["field"], blanks["old_value"], blanks["new_value"])]
        return {"corrected": [[change.label, change.old, change.new] for change in told]}

    @classmethod
    def opened(cls, blanks: Blanks, texts: Mapping[str, str]) -> dict[str, str]:
        old, new = texts.get("old_value", ""), texts.get("new_value", "")
        told = [change.masked for change in corrections(blanks["field"], old, new)]
        if blanks["field"] == SEVERAL:
            return {change.label: f"{change.old or '–'} → {change.new or '–'}" for change in told}
        one = told[0]
        words = {"Isian yang diralat": one.label, "Isi lama": one.old, "Isi baru": one.new}
        return {label: text for label, text in words.items() if text}


def corrections(field: str, old: str, new: str) -> list[ChangeInWords]:
    """What a record of whatever age corrected, its values open."""
    if field != SEVERAL:
        return [ChangeInWords(field, old, new)]
    before, after = json.loads(old), json.loads(new)
    return [ChangeInWords(name, before[name], after[name]) for name in after]


def _as_text(values: Mapping[str, str]) -> str:
    return json.dumps(values, ensure_ascii=False)
