"""Rows that have become cases since they were judged, by another file or another hand: they are not taken once more."""

from collections.abc import Iterable, Sequence

from models.import_.incoming import IncomingCase
from models.office.lists import Medium
from models.staging.batches import KNOWN, PUBLISHED_BY, SKIP, ImportBatch, ImportRow, form_of
from models.staging.known import known_cases
from models.store.base import among
from models.tables.scope import viewer

Content = tuple[ImportRow, IncomingCase]


def still_unknown(batch: ImportBatch, contents: Sequence[Content]) -> list[Content]:
    """What is left of these rows; of the others it is noted which case they are."""
    medium = Medium.get(Medium.code == form_of(batch.form).medium)
    cases = [case for row, case in contents if row.decision in PUBLISHED_BY]
    known = {line: case.complaint for line, case in known_cases(cases, medium, viewer(batch.by)).items()}
    own = _made_by(batch, known.values())
    met = {line: complaint for line, complaint in known.items() if complaint not in own}
    for row, _ in contents:
        if row.line in met:
            told = {"verdict": KNOWN, "why": "", "decision": SKIP, "known": met[row.line], "sealed": None}
            ImportRow.update(**told).where(ImportRow.id == row.id).execute()
    return [(row, case) for row, case in contents if row.line not in met]


def _made_by(batch: ImportBatch, complaints: Iterable[int]) -> set[int]:
    """Those that are this file's own: rows that repeat one another without a ticket are as was decided."""
    rows = ImportRow.select(ImportRow.became).where(
        (ImportRow.batch == batch) & among(ImportRow.became, list(complaints))
    )
    return {complaint for (complaint,) in rows.tuples()}
