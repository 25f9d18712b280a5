"""Every record of one case in words, for whoever may read it: sealed blanks in their places, contact data masked."""

from dataclasses import dataclass
from typing import Any

from models.case.access_notes import discreet
from models.case.case import Case
from models.case.content import Composer
from models.case.in_force import WrittenRecord, is_current
from models.records.base import SealedText
from models.records.fields import value_in_words
from models.records.registry import RECORDS
from sop.access import may_draft
from sop.words import format_moment


@dataclass(frozen=True)
class RecordLine:
    """A record of the case: what it is, who made it when, how it stands, and its blanks in words by their labels."""

    title: str
    by: str
    at: str
    draft: bool
    recalled: bool
    revision: int
    round: int
    opened: bool  # drawn open: the last that is in force, and drafts
    blanks: dict[str, str]


def record_lines(case: Case, composer: Composer, seal: Any) -> list[RecordLine]:
    """In the order of their making, drafts last."""
    records = sorted(_readable(case), key=lambda record: (record.draft, record.made_at, record.id))
    final = [record for record in records if not record.draft and not record.recalled]
    return [
        RecordLine(
            RECORDS[record.key].title,
            str(composer.users[record.made_by]),
            format_moment(record.made_at),
            record.draft,
            record.recalled,
            record.revision,
            record.round,
            record.draft or record is final[-1],
            _blanks(record, case, composer, seal),
        )
        for record in records
    ]


def _readable(case: Case) -> list[WrittenRecord]:
    written = [
        WrittenRecord.of(key, row)
        for key, model in RECORDS.items()
        for row in model.select().where(model.complaint == case.complaint).dicts()
    ]
    return [record for record in written if not record.draft or _reads_draft(record, case)]


def _reads_draft(record: WrittenRecord, case: Case) -> bool:
    """Whether the person reads what is being written under the disposition in force."""
    return is_current(record, case.complaint, "leg") and may_draft(case.standings)


def _blanks(record: WrittenRecord, case: Case, composer: Composer, seal: Any) -> dict[str, str]:
    """All blanks of a record in the order of its form, the sealed ones in their places."""
    [open_] = discreet([composer.in_words(record.key, record.blanks)], case.user)
    texts = {**_sealed(record, seal), **{label: value_in_words(words) for label, words in open_.items()}}
    labels = [str(field.verbose_name) for field in RECORDS[record.key]._meta.sorted_fields]
    inner = [label for label in texts if label not in labels]  # what one sealed blank tells under labels of its own
    return {label: texts[label] for label in (*inner, *labels) if label in texts}


def _sealed(record: WrittenRecord, seal: Any) -> dict[str, str]:
    """Sealed blanks, told as the record tells them: masked where they hold contact data."""
    model = RECORDS[record.key]
    fields = [f for f in model._meta.sorted_fields if isinstance(f, SealedText) and record.blanks[f.name]]
    texts = {f.name: seal.open_text(f"record/{record.key}/{f.name}", record.blanks[f.name]) for f in fields}
    return model.opened(record.blanks, texts) if texts else {}
