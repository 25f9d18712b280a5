"""What the rows are that count as proof: their hashes, chained, so that what is done behind the panel's back shows.

An entry tells of one case: of each row that an act has written, its table, its key and its hash. Of a row that was
there before, also the hash that it had then, "before>after"; nothing stands behind the mark where the row is gone.
"""

import hmac
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

import peewee as pw

from models.store import seal, witness
from models.store.base import Model, insert_rows
from models.store.rows import as_text, hashed_rows, keys_among, shape_of
from models.tables.complaint import Complaint

ACT, FORMER, WHOLE, NOTES = "act", "former", "whole", "notes"  # an act; what stood before; from here on all; a day
MIGRATION = "migration"  # what a migration has made of rows
TURNED = ">"

Hashes = dict[str, dict[str, str]]  # by table and key


class Proof(Model):
    """What rows of a case are since then, or with NOTES, what the access log noted until the end of a day."""

    append_only = True
    kept_by_digest = False

    complaint = pw.ForeignKeyField(Complaint, null=True, on_delete="RESTRICT", backref="proofs")
    kind = pw.CharField(max_length=10)
    hashes = pw.TextField()
    mac = pw.BlobField()


def written_rows() -> dict[int | None, Hashes]:
    """What the open transaction has written of rows that count as proof, by case; each row is told once."""
    hashes: dict[int | None, Hashes] = {}
    for model, rows in witness.taken().items():
        table, before = model._meta.table_name, dict(rows.before)
        for case, key, hashed in hashed_rows(model, _written(model, rows)):
            of_case, was = before.get(key, (case, ""))
            if was and of_case == case:  # else the database gave the number of a row that went to another case
                del before[key]
                hashed = f"{was}{TURNED}{hashed}"
            hashes.setdefault(case, {}).setdefault(table, {})[str(key)] = hashed
        for key, (case, was) in before.items():
            hashes.setdefault(case, {}).setdefault(table, {})[str(key)] = was + TURNED
    return hashes


def _written(model: type[Model], rows: witness.WrittenRows) -> str:
    after = [f"{shape_of(model).key} > {int(rows.since)}"] if rows.since is not None else []
    return " OR ".join([keys_among(model, {*rows.keys, *rows.before}), *after])


def append(number: int, mac: bytes, kind: str, hashes: Mapping[int | None, Hashes]) -> tuple[int, bytes]:
    """Append an entry a case behind that one; number and seal of the last. The head of the history must close it."""
    key, entries = seal.ring().chain, []
    for case, tables in hashes.items():
        number, text = number + 1, as_text(tables)
        mac = mac_of(key, mac, (number, case, kind, text))
        entries.append({"id": number, "complaint": case, "kind": kind, "hashes": text, "mac": mac})
    insert_rows(Proof, entries)
    return number, mac


def mac_of(key: bytes, before: bytes, entry: tuple[Any, ...]) -> bytes:
    """The seal of an entry: number, case, kind, and what it says."""
    number, case, kind, text = entry
    words = f"{number}/{case}/{len(kind)}/{kind}/{text}"
    return hmac.digest(key, b"proof" + before + words.encode(errors="surrogateescape"), sha256)
