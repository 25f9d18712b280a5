"""The history: append-only, sealed, hash-chained; hashes of the rows that count as proof; the last verification."""

import hmac
import json
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

import peewee as pw

from models.complaint.complaint import CaseKey, Complaint
from models.office.people import User
from models.store import prepared, seal, statement_counters, tracked_rows
from models.store.base import (
    Columns,
    Model,
    Moment,
    as_stored,
    canonical_words,
    database,
    insert_rows,
    now,
    raw_text,
    snapshot,
)
from models.store.outage import DATABASE_ERRORS
from models.store.rowhash import as_text, hashed_rows, keys_among, shape_of

# Kinds of proof: an act's rows; older rows; the proof that completes those; a day of the access log.
ACT, FORMER, WHOLE, NOTES = "act", "former", "whole", "notes"
MIGRATION = "migration"  # rows changed by a migration
TURNED = ">"  # between the former and the new hash of a changed row

Hashes = dict[str, dict[str, str]]  # by table and key


class Proof(Model):
    """The hashes of changed rows of a case; with NOTES, of the access log until the end of a day."""

    append_only = True
    in_digest = False

    complaint = pw.ForeignKeyField(Complaint, null=True, on_delete="RESTRICT", backref="proofs")
    kind = pw.CharField(max_length=10)
    hashes = pw.TextField()
    mac = pw.BlobField()


def written_rows() -> dict[int | None, Hashes]:
    """Hashes of the proof rows that the open transaction has written, by case; resets the record of them."""
    hashes: dict[int | None, Hashes] = {}
    for model, rows in tracked_rows.taken().items():
        table, before = model._meta.table_name, dict(rows.before)
        written, bound = keys_among(model, {*rows.keys, *rows.before})
        if rows.since is not None:
            written, bound = f"{written} OR {shape_of(model).key} > {database.param}", [*bound, rows.since]
        for case, key, hashed in hashed_rows(model, written, bound):
            of_case, was = before.get(key, (case, ""))
            if was and of_case == case:  # else the database reused the id of a deleted row for another case
                del before[key]
                hashed = f"{was}{TURNED}{hashed}"
            hashes.setdefault(case, {}).setdefault(table, {})[str(key)] = hashed
        for key, (case, was) in before.items():
            hashes.setdefault(case, {}).setdefault(table, {})[str(key)] = was + TURNED
    return hashes


def append_hashes(number: int, mac: bytes, kind: str, hashes: Mapping[int | None, Hashes]) -> tuple[int, bytes]:
    """Append an entry for each case; returns number and MAC of the last, to be stored in the head of the history."""
    key, entries = seal.ring().chain, []
    for case, tables in hashes.items():
        number, text = number + 1, as_text(tables)
        mac = mac_of(key, mac, (number, case, kind, text))
        entries.append({"id": number, "complaint": case, "kind": kind, "hashes": text, "mac": mac})
    insert_rows(Proof, entries)
    return number, mac


def mac_of(key: bytes, before: bytes, entry: tuple[Any, ...]) -> bytes:
    """The MAC of a proof over the previous MAC, number, case, kind and text."""
    number, case, kind, text = entry
    message = f"{number}/{case}/{len(kind)}/{kind}/{text}"
    return hmac.digest(key, b"proof" + before + message.encode(errors="surrogateescape"), sha256)


START = bytes(32)
PORTION = 5_000  # entries selected at a time


class Event(Model):
    """An entry: who did what to which complaint (or master data), from which state to which."""

    append_only = True
    not_digested = ("mac",)
    proof = ""  # has its own chain
    sealed_columns = ("body",)

    at = Moment(verbose_name="Waktu", index=True)
    user = pw.ForeignKeyField(User, verbose_name="Oleh", null=True, on_delete="RESTRICT")
    who = pw.CharField(verbose_name="Oleh", max_length=300)
    complaint = pw.ForeignKeyField(Complaint, null=True, on_delete="RESTRICT", backref="events", index=False)
    subject = pw.CharField(max_length=80, default="")  # of a change of master data: "table:id"
    act = pw.CharField(verbose_name="Langkah", max_length=40)
    state_from = pw.CharField(max_length=40, default="")
    state_to = pw.CharField(max_length=40, default="")
    round = pw.IntegerField(default=0)
    version = pw.IntegerField(default=0)
    together = pw.IntegerField(default=0)  # number of other cases in the same act
    body = pw.BlobField(null=True)
    mac = pw.BlobField()

    class Meta:
        indexes = ((("complaint", "round", "act"), False),)  # whether something happened, without reading an entry


class Chain(Model):
    """The head of the history: number and MAC of the last entry, the same of the proofs, and the proof that covered all
    earlier rows (`proven`, 0: none yet). Has a MAC of its own."""

    in_digest = False
    last = pw.IntegerField(default=0)
    mac = pw.BlobField(default=START)
    own = pw.BlobField(default=b"")
    proofs = pw.IntegerField(default=0, constraints=[pw.SQL("DEFAULT 0")])
    proof_mac = pw.BlobField(null=True)
    proven = pw.IntegerField(default=0, constraints=[pw.SQL("DEFAULT 0")])


_COLUMNS = (
    "id",
    "at",
    "user",
    "who",
    "complaint",
    "subject",
    "act",
    "state_from",
    "state_to",
    "round",
    "version",
    "together",
)


def append(rows: Sequence[Columns], seals: dict[int, seal.Seal]) -> None:
    """Append entries in order; call inside the transaction that they record.

    A row has the columns of Event (complaint as id) and a `body` dict, sealed under its case (or the panel's key).
    The hashes of all proof rows written by the transaction are appended too, so call this after all other writes.
    """
    head = head_of_history()
    number, mac, ring = head.last, bytes(head.mac), seal.ring()
    entries = []
    for row in rows:
        number += 1
        body = row.get("body")
        key = seals[row["complaint"]] if row.get("complaint") else ring.panel
        sealed = key.close_text(f"event/{number}", canonical_words(body)) if body and not key.is_gone else None
        entry = {**_EMPTY, **row, "id": number, "body": sealed}
        mac = _mac(ring.chain, mac, entry)
        entries.append({**entry, "mac": mac})
    insert_rows(Event, entries)
    head.last, head.mac = number, mac
    append_proof(head, ACT, written_rows())
    database.after_commit(statement_counters.count_change)


def append_written() -> None:
    """Append the hashes of the rows written by the open transaction if it appends no history entry."""
    append_proof(head_of_history(), ACT, written_rows())


def append_proof(head: Chain, kind: str, hashes: Mapping[int | None, Hashes]) -> None:
    """Append hashes of rows by case and update the head; call inside a transaction."""
    head.proofs, head.proof_mac = append_hashes(head.proofs, bytes(head.proof_mac or START), kind, hashes)
    head.proven = head.proofs if kind == WHOLE else head.proven
    columns = {name: getattr(head, name) for name in ("last", "mac", "proofs", "proof_mac", "proven")}
    Chain.update(**columns, own=_mac_of_head(seal.ring().chain, head)).where(Chain.id == head.id).execute()


_EMPTY = {
    "user": None,
    "complaint": None,
    "subject": "",
    "state_from": "",
    "state_to": "",
    "round": 0,
    "version": 0,
    "together": 0,
}


def head_of_history() -> Chain:
    head: Chain = Chain.get_or_none() or Chain.create(last=0, mac=START, own=b"")
    return head


def _mac(key: bytes, before: bytes, entry: Columns) -> bytes:
    at = entry["at"] if isinstance(entry["at"], str) else Event.at.db_value(entry["at"])
    columns = canonical_words([at if name == "at" else entry[name] for name in _COLUMNS])
    message = before + columns.encode(errors="surrogateescape") + b"\0" + bytes(entry["body"] or b"")
    return hmac.digest(key, message, sha256)


def _mac_of_head(key: bytes, head: Chain) -> bytes:
    """The MAC of the head; without proofs in the format of before they existed."""
    proofs = f"/{head.proofs}/{head.proven}/".encode() + bytes(head.proof_mac or b"") if head.proofs else b""
    return hmac.digest(key, b"head" + str(head.last).encode() + bytes(head.mac) + proofs, sha256)


_LOST = "Catatan riwayat nomor {} hilang."
_CHANGED = "Catatan riwayat nomor {} telah berubah."
_UNKNOWN = "Catatan riwayat nomor {} bukan buatan panel."


def verify() -> tuple[int, str]:
    """Verify the whole history; returns the number of valid entries, and "" or a sentence about the first error."""
    with snapshot(), raw_text():
        key, mac, number, heads = seal.ring().chain, START, 0, stored_heads()
        for entry in _stored_entries():
            if entry["id"] != number + 1:
                lost = not heads or heads[0][0] != number
                return number, _LOST.format(number + 1) if lost else _UNKNOWN.format(entry["id"])
            if not _has_own_types(entry) or entry["mac"] != _mac(key, mac, entry):
                return number, _CHANGED.format(number + 1)
            mac, number = entry["mac"], number + 1
        if broken := _verify_head(heads, number, mac):
            return number, broken
        below_one = database.execute_sql('SELECT max("id") FROM "event" WHERE "id" < 1').fetchone()[0]
        return number, "" if below_one is None else _UNKNOWN.format(below_one)


def stored_heads() -> list[tuple[Any, ...]]:
    """The stored heads; exactly one, unless the table was tampered with."""
    return list(database.execute_sql('SELECT "last", "mac", "own", "proofs", "proof_mac", "proven" FROM "chain"'))


def _stored_entries() -> Iterator[Columns]:
    """The stored entries from number 1 on, selected in portions."""
    names = [Event._meta.fields[name].column_name for name in _COLUMNS]
    columns, last = ", ".join(f'"{name}"' for name in [*names, "body", "mac"]), 0
    query = f'SELECT {columns} FROM "event" WHERE "id" > {{}} ORDER BY "id" LIMIT {PORTION}'  # noqa: S608 - own names
    while portion := database.execute_sql(query.format(last)).fetchall():
        for values in portion:
            yield dict(zip([*_COLUMNS, "body", "mac"], map(as_stored, values), strict=True))
        last = int(portion[-1][0])


def _has_own_types(entry: Columns) -> bool:
    """Whether moment and body have the types that the panel writes: an empty body is NULL, never b""."""
    body = entry["body"]
    return isinstance(entry["at"], str) and (body is None or (isinstance(body, bytes) and body != b""))


def _verify_head(heads: list[tuple[Any, ...]], number: int, mac: bytes) -> str:
    if not number and heads in ([], [(0, START, b"", 0, None, 0)]):
        return _LOST.format(1) if Complaint.select().exists() else ""
    if not heads:
        return "Penutup riwayat hilang."
    if len(heads) == 1 and _is_head_of(heads[0], number, mac):
        return ""
    last = heads[0][0]
    return _LOST.format(number + 1) if isinstance(last, int) and last > number else "Penutup riwayat telah berubah."


def _is_head_of(stored: tuple[Any, ...], number: int, mac: bytes) -> bool:
    """Whether the head matches the last entry and has a valid MAC."""
    last, end, own, proofs, proof_mac, proven = stored
    if (last, end) != (number, mac) or not isinstance(proof_mac or b"", bytes):
        return False
    head = Chain(last=last, mac=end, proofs=proofs, proof_mac=proof_mac, proven=proven)
    return bool(own == _mac_of_head(seal.ring().chain, head))


def bodies(events: Iterable[Event], seals: dict[int, seal.Seal]) -> dict[int, dict[str, Any]]:
    """Decrypted bodies by entry id; {} for an entry without one or of a case whose key was destroyed."""
    panel, opened = seal.ring().panel, dict[int, Columns]()
    for entry in events:
        key = seals[entry.complaint_id] if entry.complaint_id else panel
        is_readable = entry.body and not key.is_gone
        opened[entry.id] = json.loads(key.open_text(f"event/{entry.id}", entry.body)) if is_readable else {}
    return opened


def open_seals(ids: Iterable[int]) -> dict[int, seal.Seal]:
    """The seals of these complaints; a GoneSeal where the key was destroyed."""
    wanted = list(ids)
    known = seal.seals(prepared.run_fixed("seals", _keys, wanted))
    return {case: known.get(case) or seal.GoneSeal() for case in wanted}


def _keys() -> Any:
    query = CaseKey.select(CaseKey.complaint, Complaint.public_id, CaseKey.wrapped).join(Complaint)
    return query.where(prepared.is_given(CaseKey.complaint)).tuples()


log = logging.getLogger(__name__)


class Verification(Model):
    """One verification of the whole history: when it ended, the number of valid entries, and the errors."""

    append_only = True
    in_digest = False
    at = Moment()
    entries = pw.IntegerField()
    broken = pw.CharField(max_length=300, default="")


def record_verification(entries: int, broken: Sequence[str]) -> None:
    """Store the result of a verification; a database that cannot be written is only logged."""
    try:
        Verification.create(at=now(), entries=entries, broken=" ".join(broken)[:300])
    except DATABASE_ERRORS as fault:
        log.warning("the result of the verification could not be stored: %s", type(fault).__name__)


def last_verified() -> Verification | None:
    """The last verification, None before the first."""
    last: Verification | None = Verification.select().order_by(Verification.id.desc()).first()
    return last
