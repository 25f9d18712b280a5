"""The history: append-only, bodies sealed, each entry chained to the one before by the panel's key."""

import hmac
import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

import peewee as pw

from models import seal
from models.base import Model, Moment, canonical, database, insert_rows
from models.complaint import CaseKey, Complaint
from models.people import User

START = bytes(32)


class Event(Model):
    """One entry: who did what to which complaint (or to which master), from which state to which."""

    append_only = True
    not_digested = ("mac",)
    sealed_columns = ("body",)

    at = Moment(verbose_name="Waktu")
    user = pw.ForeignKeyField(User, verbose_name="Pelaku", null=True, on_delete="RESTRICT")
    who = pw.CharField(verbose_name="Pelaku", max_length=300)
    complaint = pw.ForeignKeyField(Complaint, null=True, on_delete="RESTRICT", backref="events")
    subject = pw.CharField(max_length=80, default="")  # of an edit: "table:id"
    act = pw.CharField(verbose_name="Langkah", max_length=40)
    state_from = pw.CharField(max_length=40, default="")
    state_to = pw.CharField(max_length=40, default="")
    round = pw.IntegerField(default=0)
    version = pw.IntegerField(default=0)
    together = pw.IntegerField(default=0)  # how many others were moved by the same act
    body = pw.BlobField(null=True)
    mac = pw.BlobField()


class Chain(Model):
    """The head of the history: how many entries there are and the last one's seal, itself sealed."""

    kept_by_digest = False
    last = pw.IntegerField(default=0)
    mac = pw.BlobField(default=START)
    own = pw.BlobField(default=b"")


_COLUMNS = ("id", "at", "user", "who", "complaint", "subject", "act", "state_from", "state_to", "round", "version",
            "together")  # fmt: skip


def append(rows: Sequence[dict[str, Any]], seals: dict[int, seal.Seal]) -> None:
    """Append entries in order; call inside the transaction of what they tell of.

    A row holds the columns of Event (complaint as id) and a `body` dict, sealed under its case (or the panel's key).
    """
    head = _head()
    number, mac, ring = head.last, bytes(head.mac), seal.ring()
    entries = []
    for row in rows:
        number += 1
        body = row.get("body")
        key = seals[row["complaint"]] if row.get("complaint") else ring.panel
        sealed = key.close(f"event/{number}", canonical(body).encode()) if body else None
        entry = {**_EMPTY, **row, "id": number, "body": sealed}
        mac = _mac(ring.chain, mac, entry)
        entries.append({**entry, "mac": mac})
    insert_rows(Event, entries)
    Chain.update(last=number, mac=mac, own=_own(ring.chain, number, mac)).where(Chain.id == head.id).execute()


_EMPTY = {"user": None, "complaint": None, "subject": "", "state_from": "", "state_to": "", "round": 0, "version": 0,
          "together": 0}  # fmt: skip


def _head() -> Chain:
    head = Chain.get_or_none()
    return head or Chain.create(last=0, mac=START, own=b"")


def _mac(key: bytes, before: bytes, entry: dict[str, Any]) -> bytes:
    at = entry["at"] if isinstance(entry["at"], str) else Event.at.db_value(entry["at"])
    told = [at if name == "at" else entry[name] for name in _COLUMNS]
    return hmac.digest(key, before + canonical(told).encode() + b"\0" + bytes(entry["body"] or b""), sha256)


def _own(key: bytes, number: int, mac: bytes) -> bytes:
    return hmac.digest(key, b"head" + str(number).encode() + mac, sha256)


def verify() -> tuple[int, str]:
    """Walk the whole history: how many entries were checked, and "" or the sentence that names what is broken."""
    key, mac, number = seal.ring().chain, START, 0
    names = [Event._meta.fields[name].column_name for name in _COLUMNS]
    columns = ", ".join(f'"{name}"' for name in [*names, "body", "mac"])
    for values in database.execute_sql(f'SELECT {columns} FROM "event" ORDER BY "id"'):  # noqa: S608 - own names
        entry = dict(zip([*_COLUMNS, "body", "mac"], values, strict=True))
        number += 1
        if entry["id"] != number:
            return number - 1, f"Catatan riwayat nomor {number} hilang."
        entry["at"] = str(entry["at"])
        mac = _mac(key, mac, entry)
        if not hmac.compare_digest(mac, bytes(entry["mac"])):
            return number - 1, f"Catatan riwayat nomor {number} telah berubah."
    return number, _verify_head(key, number, mac)


def _verify_head(key: bytes, number: int, mac: bytes) -> str:
    head = Chain.get_or_none()
    if head is None:
        return "" if number == 0 else "Penutup riwayat hilang."
    if head.last != number:
        return f"Catatan riwayat nomor {number + 1} hilang." if head.last > number else "Penutup riwayat telah berubah."
    same = bytes(head.mac) == mac and hmac.compare_digest(bytes(head.own), _own(key, number, mac))
    return "" if same or (number == 0 and not head.own) else "Penutup riwayat telah berubah."


def bodies(events: Iterable[Event], seals: dict[int, seal.Seal]) -> dict[int, dict[str, Any]]:
    """The opened bodies of entries by id; an entry without one has an empty dict."""
    panel = seal.ring().panel
    return {
        e.id: json.loads((seals[e.complaint_id] if e.complaint_id else panel).open(f"event/{e.id}", e.body))
        if e.body else {}
        for e in events
    }  # fmt: skip


def open_seals(ids: Iterable[int]) -> dict[int, seal.Seal]:
    """The seals of these complaints."""
    query = (
        CaseKey.select(CaseKey.complaint, Complaint.public_id, CaseKey.wrapped)
        .join(Complaint)
        .where(CaseKey.complaint.in_(list(ids)))
    )
    return seal.seals(query.tuples())
