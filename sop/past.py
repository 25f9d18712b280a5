"""What the table keeps of its past, signed revisions and former keys, and what can be wrong with them."""

import re
from collections.abc import Iterator, Sequence

from sop.procedure import Revision
from sop.table import Table, unknown, wrong


def revision_faults(revisions: Sequence[Revision]) -> Iterator[str]:
    """What is wrong with the signed revisions: each after the first has a number of its own, a date, a fingerprint."""
    for at, revision in enumerate(revisions):
        where, before = f"revisi tercatat ke-{at + 1}", [other.number for other in revisions[:at]]
        if at and (not revision.number or revision.number in before):
            yield wrong(where, "number", f"“{revision.number}” kosong atau sudah dipakai revisi lain.")
        if at and not revision.date:
            yield wrong(where, "date", "tanggal pengesahannya belum diisi.")
        if not re.fullmatch(r"[0-9a-f]{64}", revision.rows):
            yield wrong(
                where, "rows", f"“{revision.rows}” bukan sidik baris (64 angka heksadesimal, lihat fingerprint)."
            )


def former_faults(table: Table) -> Iterator[str]:
    """What is wrong with the keys that the table no longer has: each is gone indeed, and leads to what there is."""
    present, seen = {*table.states, *(at.step.key for at in table.places)}, set[str]()
    for gone in table.former:
        where = f"FORMER “{gone.key}”"
        if gone.key in present or gone.key in seen:
            yield wrong(where, "key", f"“{gone.key}” masih ada dalam tabel atau sudah didaftarkan.")
        if gone.now not in table.states:
            yield unknown(where, "now", gone.now, table.states)
        if gone.act and gone.act.key != gone.key:
            yield wrong(where, "act", f"“{gone.act.key}” bukan langkah yang didaftarkan.")
        seen.add(gone.key)
