"""Short rows of a file, many at once: each is called by what it says and where that is."""

from collections.abc import Iterable
from dataclasses import replace

from models.import_.incoming import IncomingCase
from models.staging.batches import SHORT, STAGED, TAKE, ImportBatch, ImportRow
from models.staging.judging import JudgedRow, is_short
from models.staging.stage import batch_seal, opened_cases, staged_row
from models.staging.topics import TOLD_AS
from models.store.base import database


def complete_titles(batch: ImportBatch, lines: Iterable[int] = ()) -> int:
    """Let the short rows of a file that waits, all or these lines, have their place in the title; how many have now.

    What then says enough is a row like any other. The next file is compared with what this one said.
    """
    chosen = list(lines)
    with database.atomic():
        if not ImportBatch.select().where((ImportBatch.id == batch.id) & (ImportBatch.state == STAGED)).exists():
            return 0
        short = (ImportRow.batch == batch) & (ImportRow.verdict == SHORT)
        rows = list(ImportRow.select().where(short & ImportRow.line.in_(chosen) if chosen else short))
        told = [(row, _placed(case)) for row, case in zip(rows, opened_cases(batch, rows), strict=True) if case]
        key, placed = batch_seal(batch), [(row, case) for row, case in told if case]
        for row, case in placed:
            judged = JudgedRow(case, row.text_mark, row.status_mark)
            if is_short(case):
                judged = replace(judged, verdict=SHORT, why=row.why)
            kept = {name: getattr(row, name) for name in TOLD_AS}
            columns = {**staged_row(batch, judged, key), **kept, "decision": TAKE}
            ImportRow.update(**columns).where(ImportRow.id == row.id).execute()
    return len(placed)


def _placed(case: IncomingCase) -> IncomingCase | None:
    """The row with its place in its title; None where it names none, or has it there."""
    place = " ".join((case.place or case.kelurahan).split())
    called = " ".join((case.title or case.story).split())
    return replace(case, title=f"{called}, {place}") if place and place not in called else None
