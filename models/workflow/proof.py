"""Verification of every proven row against the proof chain, case by case; proofs for old rows and migrations."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from types import ModuleType

import peewee as pw

from models.complaint import event
from models.complaint.event import (
    FORMER,
    MIGRATION,
    NOTES,
    START,
    TURNED,
    WHOLE,
    Hashes,
    Proof,
    append_proof,
    head_of_history,
    mac_of,
    stored_heads,
)
from models.complaint.paper import Paper
from models.office.people import User, is_own_password
from models.store import seal
from models.store.base import Columns, Model, all_models, database, raw_text, snapshot
from models.store.rowhash import hashed_rows, rows_in_shape, shape_of, shape_with
from models.workflow import accesslog_seal

CASES_AT_A_TIME = 200


@dataclass(frozen=True)
class Span:
    """Cases with ids above `low` up to `high`; None: no bound."""

    low: int | None
    high: int | None

    def condition(self, case: str) -> str:
        """SQL condition on the case's column for cases of this span."""
        above = f"{case} > {self.low}" if self.low is not None else ""
        below = f"{case} <= {self.high}" if self.high is not None else ""
        return " AND ".join(filter(None, (above, below))) or f"{case} IS NOT NULL"


def spans(after: int | None = None) -> Iterator[Span]:
    """Spans of all cases above this id; the last is open-ended, for rows whose complaint is missing."""
    low = after
    while (high := _end_of_portion(low)) is not None:
        yield Span(low, high)
        low = high
    yield Span(low, None)


def _end_of_portion(low: int | None) -> int | None:
    behind = f'WHERE "id" > {low}' if low is not None else ""
    asked = f'SELECT "id" FROM "complaint" {behind} ORDER BY "id" LIMIT 1 OFFSET {CASES_AT_A_TIME - 1}'  # noqa: S608 - numbers
    row = database.execute_sql(asked).fetchone()
    return int(row[0]) if row else None


def models_of_cases() -> list[type[Model]]:
    """Proven tables whose rows belong to a case."""
    return [model for model in all_models() if model.proves() and shape_of(model).case != "NULL"]


def proving_models() -> list[type[Model]]:
    return [model for model in all_models() if model.proves()]


MOST = 20  # sentences reported
PORTION = 5_000  # entries at a time
LOST = "Segel baris nomor {} hilang."
CHANGED = "Segel baris nomor {} telah berubah."
UNKNOWN = "Segel baris nomor {} bukan buatan panel."
ROW_LOST = "Baris nomor {key} pada tabel {table}{case} hilang."
ROW_CHANGED = "Baris nomor {key} pada tabel {table}{case} telah berubah."
ROW_UNKNOWN = "Baris nomor {key} pada tabel {table}{case} bukan buatan panel."
OF_CASE = " (pengaduan nomor {})"
OF_CASES = "complaint_id"
ENTRIES = "SELECT id, complaint_id, kind, hashes, mac FROM proof"
HASHES = f"SELECT complaint_id, hashes FROM proof WHERE kind <> '{NOTES}'"  # noqa: S608 - a constant

RowKey = tuple[int | None, int]  # (case, primary key)


def verified() -> tuple[int, list[str]]:
    """The number of intact history events, and the first sentences about broken events or rows."""
    with snapshot():
        count, sentence = event.verify()
        return count, [sentence] if sentence else list(islice(broken_rows(), MOST))


def broken_rows() -> Iterator[str]:
    """One sentence for each broken row, read in one snapshot; none if all are intact. Verify the history first.

    Yields nothing until `prove_existing_rows` has run.
    """
    with snapshot(), raw_text():
        [(_, _, _, count, mac, proven)] = stored_heads() or [(0, START, b"", 0, None, 0)]
        if broken := _broken_chain(count, mac or START):
            yield broken
        elif proven:
            for span in spans():
                yield from _broken(models_of_cases(), _proven_of(span), span)
            yield from _broken(proving_models(), _proven_of(None), None)
            yield from accesslog_seal.broken_access_seals()


def _broken_chain(count: int, end: bytes) -> str:
    """The sentence about the first broken entry, "" if the entries are one chain up to the head."""
    key, mac, number = seal.ring().chain, START, 0
    for row, case, kind, text, sealed in _entries():
        if row != number + 1 or number == count:
            return LOST.format(number + 1) if number < count else UNKNOWN.format(row)
        if sealed != mac_of(key, mac, (row, case, kind, text)):
            return CHANGED.format(row)
        mac, number = sealed, row
    if number != count:
        return LOST.format(number + 1)
    return "" if not count or mac == end else CHANGED.format(count)


def _entries() -> Iterator[tuple[int, int | None, str, str, bytes]]:
    last: int | None = None
    while True:
        behind = f'WHERE "id" > {last}' if last is not None else ""
        portion = database.execute_sql(f"{ENTRIES} {behind} ORDER BY id LIMIT {PORTION}").fetchall()
        yield from portion
        if len(portion) < PORTION:
            return
        last = int(portion[-1][0])


@dataclass
class ProvenRows:
    """The last hash of each row by table and (case, key), and the rows whose hash before an act's change was not the
    one recorded."""

    hashes: defaultdict[str, dict[RowKey, str]] = field(default_factory=lambda: defaultdict(dict))
    turned: defaultdict[str, set[RowKey]] = field(default_factory=lambda: defaultdict(set))

    def follow(self, table: str, row: RowKey, text: str, is_whole: bool) -> None:
        """Apply an entry to a row; `is_whole` if every row of the table must have been recorded before."""
        expected, (was, turned, now) = self.hashes[table].get(row, ""), text.rpartition(TURNED)
        begun = is_whole or bool(expected)
        if (begun and was != expected) if turned else (is_whole and expected not in ("", now)):
            self.turned[table].add(row)
        self.hashes[table][row] = now

    def judge(self, model: type[Model], row: RowKey, hashed: str) -> str:
        """The sentence about an existing row, "" if it is intact; removes it, so call once per row."""
        table = model._meta.table_name
        expected, turned = self.hashes[table].pop(row, ""), row in self.turned[table]
        self.turned[table].discard(row)
        if not expected:
            return ROW_UNKNOWN if model.all_proven else ""
        return ROW_CHANGED if turned or expected != hashed else ""

    def left(self, table: str) -> Iterator[tuple[str, RowKey]]:
        """After all rows were judged: missing rows, and rows that had been altered when an act removed them."""
        lost = [row for row, hashed in self.hashes[table].items() if hashed]
        yield from ((ROW_LOST, row) for row in lost)
        yield from ((ROW_CHANGED, row) for row in sorted(self.turned[table].difference(lost), key=str))


def _proven_of(span: Span | None) -> ProvenRows:
    """The recorded hashes of the rows of these cases; without a span, of rows without a case."""
    condition = span.condition(OF_CASES) if span else f"{OF_CASES} IS NULL"
    whole = {model._meta.table_name for model in proving_models() if model.all_proven}
    proven = ProvenRows()
    for case, text in database.execute_sql(f"{HASHES} AND {condition} ORDER BY id"):
        for table, rows in json.loads(text).items():
            for key, words in rows.items():
                proven.follow(table, (case, int(key)), words, table in whole)
    return proven


def _broken(models: list[type[Model]], proven: ProvenRows, span: Span | None) -> Iterator[str]:
    for model in models:
        shape = shape_of(model)
        condition = span.condition(shape.case) if span else f"{shape.case} IS NULL"
        false = _FALSE[model](condition) if model in _FALSE else frozenset()
        for case, key, hashed in hashed_rows(model, condition):
            sentence = proven.judge(model, (case, key), "" if key in false else hashed)
            if sentence:
                yield _named(sentence, model, key, case)
        yield from (_named(sentence, model, key, case) for sentence, (case, key) in proven.left(shape.table))


def _false_papers(condition: str) -> frozenset[int]:
    """Papers whose content does not match their SHA-256."""
    asked = f'SELECT t."id", t."sha256", t."content" FROM "paper" t WHERE {condition}'  # noqa: S608 - numbers
    rows = database.execute_sql(asked)
    return frozenset(paper for paper, name, content in rows if name != _hashed(content))


def _false_users(condition: str) -> frozenset[int]:
    """Users whose password hash was not written by the panel."""
    rows = database.execute_sql('SELECT "id", "username", "password_hash", "password_mark" FROM "user"')
    return frozenset(key for key, *words in rows if not is_own_password(*words))


def _hashed(content: object) -> str:
    return sha256(content).hexdigest() if isinstance(content, bytes | memoryview) else ""


def _named(sentence: str, model: type[Model], key: int, case: int | None) -> str:
    of_case = OF_CASE.format(case) if case is not None else ""
    return sentence.format(key=key, table=model.proves(), case=of_case)


# Columns left out of the row hash are checked through another column: the ids of rows where that check fails.
_FALSE: dict[type[Model], Callable[[str], frozenset[int]]] = {Paper: _false_papers, User: _false_users}


def prove_existing_rows() -> int:
    """Append the hashes of all proven rows that have none yet, one entry per case; the number of cases.

    Call before the database is in use. Idempotent.
    """
    if head_of_history().proven:
        return 0
    done = Proof.select(pw.fn.MAX(Proof.complaint)).where(Proof.kind == FORMER).scalar()
    count = sum(_prove(span) for span in spans(done))
    with database.atomic():
        hashes: dict[int | None, Hashes] = {None: {}}
        for model in proving_models():  # their rows that belong to no case: masters, skipped numbers
            _collect(hashes, model, f"{shape_of(model).case} IS NULL")
        append_proof(head_of_history(), WHOLE, hashes)
    return count


def _prove(span: Span) -> int:
    with database.atomic():
        hashes: dict[int | None, Hashes] = {}
        for model in models_of_cases():
            _collect(hashes, model, span.condition(shape_of(model).case))
        append_proof(head_of_history(), FORMER, hashes)
    return len(hashes)


def _collect(hashes: dict[int | None, Hashes], model: type[Model], condition: str) -> None:
    for case, key, hashed in hashed_rows(model, condition):
        hashes.setdefault(case, {}).setdefault(model._meta.table_name, {})[str(key)] = hashed


DECLARATION = re.compile(r"^(?:--|#) proves anew: (.+)$", re.MULTILINE)  # a line of a migration
NOT_PROVEN = "Migrasi {name} menyebut tabel yang bukan bukti: {tables}."
ITSELF = "migration"  # the table name under which an entry records the migration, by its number
TEXTS = ("TEXT", "CHAR", "VARCHAR")  # prefixes of text type names

RowHashes = dict[int, tuple[int | None, str]]  # by primary key: (case, hash)


def tables_proven_anew(file: Path) -> list[type[Model]]:
    """The tables whose rows a migration declares to change. ValueError with a sentence for one that is not proven."""
    match = DECLARATION.search(file.read_text(encoding="utf-8"))
    names = [name.strip() for name in match[1].split(",")] if match else []
    known = {model._meta.table_name: model for model in proving_models()}
    if unproven := [name for name in names if name not in known]:
        raise ValueError(NOT_PROVEN.format(name=file.name, tables=", ".join(unproven)))
    return [known[name] for name in names]


@contextmanager
def proven_anew(owner: pw.Database, kind: ModuleType, file: Path) -> Iterator[None]:
    """Context of a migration, inside its transaction: append the hashes of the rows that it changes."""
    models = tables_proven_anew(file)
    if not models or not _has_proofs(owner):
        yield
        return
    with _bound_to(owner):
        before = {model: _hashes(owner, kind, model) for model in models}
        yield
        number, _, _ = file.name.partition("_")
        hashes: dict[int | None, Hashes] = {None: {ITSELF: {str(int(number)): file.name.split(".")[0]}}}
        for model in models:
            _add_changes(hashes, model._meta.table_name, before[model], _hashes(owner, kind, model))
        append_proof(head_of_history(), MIGRATION, hashes)


def _has_proofs(owner: pw.Database) -> bool:
    """Whether the chain has started; otherwise the next start of the panel proves all rows."""
    if "proven" not in {column.name for column in owner.get_columns("chain")}:
        return False
    return bool((owner.execute_sql('SELECT max("proven") FROM "chain"').fetchone() or [0])[0])


@contextmanager
def _bound_to(owner: pw.Database) -> Iterator[None]:
    """Bind the models to the owner's connection, on which the migration runs."""
    usual = database.obj
    database.initialize(owner)
    try:
        yield
    finally:
        database.initialize(usual)


def _hashes(owner: pw.Database, kind: ModuleType, model: type[Model]) -> RowHashes:
    shape = shape_with(model, columns_there(owner, kind, model._meta.table_name))
    return {key: (case, hashed) for case, key, hashed in rows_in_shape(shape, "TRUE")}


def columns_there(owner: pw.Database, kind: ModuleType, table: str) -> Columns:
    """The existing columns of a table, each with its empty value."""
    columns: Columns = {}
    for of_table, name, declared, required in owner.execute_sql(kind.COLUMNS):
        if of_table == table:
            empty = "" if kind.type_word(declared).upper().startswith(TEXTS) else 0
            columns[name] = empty if required else None
    return columns


def _add_changes(hashes: dict[int | None, Hashes], table: str, before: RowHashes, after: RowHashes) -> None:
    for key in sorted({*before, *after}):
        (old_case, was), (case, now) = before.get(key, (None, "")), after.get(key, (None, ""))
        if was and now and old_case != case:  # the row went to another case
            hashes.setdefault(old_case, {}).setdefault(table, {})[str(key)] = was + TURNED
            was = ""
        if was != now:
            of_case = case if now else old_case
            hashes.setdefault(of_case, {}).setdefault(table, {})[str(key)] = f"{was}{TURNED}{now}" if was else now
