"""Daily seals of the access log: the number of entries and one hash over them, made after the day has ended.

A changed, removed or inserted entry is detected from then on. Entries written later, even about an earlier day, belong
to the next seal: they are sealed in the order of their keys.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import blake2b

from models.complaint.accesslog import ReadCase, Reading, Seen
from models.complaint.event import NOTES, Hashes, Proof, append_proof, head_of_history
from models.store import seal
from models.store.base import Model, database
from models.store.rowhash import HASH, hashed_rows
from sop.clock import WIB
from sop.words import format_date

PORTION = 10_000  # entries of one seal; bounds the time for which other writers wait
LATE = timedelta(minutes=10)  # after midnight, until requests that began before it have ended
TABLES: dict[type[Model], str] = {
    Seen: "Pengaduan yang dibuka",
    Reading: "Daftar dan berkas yang dibaca",
    ReadCase: "Pengaduan pada daftar",
}
BROKEN = "Catatan akses pada tabel {table} yang disegel pada {day} (nomor {low} sampai {high}) telah berubah{count}."
OTHER_COUNT = ": seharusnya {sealed} catatan, ada {there}"


@dataclass(frozen=True)
class AccessLogSeal:
    """Seal of one table: entries with keys above `low` up to `high`, their count and hash, and the day of the seal."""

    low: int
    high: int
    count: int
    hashed: str
    day: str

    @classmethod
    def read(cls, span: str, text: str) -> "AccessLogSeal":
        low, _, high = span.partition("-")
        count, hashed, day = text.split(" ")
        return cls(int(low), int(high), int(count), hashed, day)


def seal_access_log(at: datetime) -> int:
    """Seal the entries made before today; the number of seals made. Idempotent, also across processes."""
    count, begun = 0, datetime.combine((at - LATE).astimezone(WIB).date(), time(), WIB)
    while _seal_portion(begun, at):
        count += 1
    return count


def _seal_portion(begun: datetime, at: datetime) -> bool:
    with database.atomic():
        sealed = {model: portion.high for model, portion in _seals()}  # the last sealed key of each table
        day, hashes = at.astimezone(WIB).date().isoformat(), Hashes()
        for model in TABLES:
            low, high = sealed.get(model, 0), _end_of_portion(model, sealed.get(model, 0), begun)
            if high > low:
                count, hashed = _hash_of_entries(model, low, high)
                hashes[model._meta.table_name] = {f"{low}-{high}": f"{count} {hashed} {day}"}
        if hashes:
            append_proof(head_of_history(), NOTES, {None: hashes})
    return bool(hashes)


def _seals() -> Iterator[tuple[type[Model], AccessLogSeal]]:
    """All seals, oldest first."""
    by_name = {model._meta.table_name: model for model in TABLES}
    entries = Proof.select(Proof.hashes).where(Proof.complaint.is_null() & (Proof.kind == NOTES)).order_by(Proof.id)
    for (text,) in entries.tuples():
        for table, spans in json.loads(text).items():
            for span, words in spans.items():
                yield by_name[table], AccessLogSeal.read(span, words)


def _end_of_portion(model: type[Model], low: int, begun: datetime) -> int:
    """The last key to seal now: of entries made before the day began, at most one portion."""
    reading = model is ReadCase
    at = Reading.at if reading else model.at
    entries = model.select(model.id).where(model.id > low)
    dated = entries.join(Reading) if reading else entries
    older = dated.where(at < begun).order_by(model.id.desc()).limit(1).scalar()
    bound = entries.order_by(model.id).offset(PORTION - 1).limit(1).scalar()
    return min(older or low, bound or older or low)


def _hash_of_entries(model: type[Model], low: int, high: int) -> tuple[int, str]:
    """Count and hash of the entries in key order. The first seal has no lower bound."""
    hashed, count = blake2b(digest_size=HASH, key=seal.ring().rows), 0
    above = f't."id" > {low} AND ' if low else ""
    for _, _, row in sorted(hashed_rows(model, f'{above}t."id" <= {high}'), key=lambda row: row[1]):
        hashed.update(row.encode())
        count += 1
    return count, hashed.hexdigest()


def broken_access_seals() -> Iterator[str]:
    """One sentence for each seal that its entries no longer match."""
    for model, sealed in _seals():
        there, hashed = _hash_of_entries(model, sealed.low, sealed.high)
        if (there, hashed) != (sealed.count, sealed.hashed):
            count = OTHER_COUNT.format(sealed=sealed.count, there=there) if there != sealed.count else ""
            day = format_date(datetime.fromisoformat(sealed.day).date())
            yield BROKEN.format(table=TABLES[model], day=day, low=sealed.low + 1, high=sealed.high, count=count)
