"""Whether every row that counts as proof is what the chain says of it: changed, lost and unknown ones each by name."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice

from models.office.people import User, is_own_password
from models.proof import notes
from models.proof.spans import Span, models_of_cases, proving_models, spans
from models.store import seal
from models.store.base import Model, database, raw_text, snapshot
from models.store.rows import hashed_rows, shape_of
from models.tables import event
from models.tables.event import START, stored_heads
from models.tables.paper import Paper
from models.tables.proof import NOTES, TURNED, mac_of

MOST = 20  # sentences: whoever reads them needs no more to know
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
HASHES = f"SELECT complaint_id, hashes FROM proof WHERE kind <> '{NOTES}'"  # noqa: S608 - a word of ours

RowKey = tuple[int | None, int]  # of which case, and its key


def verified() -> tuple[int, list[str]]:
    """How many entries of the history were found whole, and what is broken there or in rows, the first sentences."""
    with snapshot():
        count, sentence = event.verify()
        return count, [sentence] if sentence else list(islice(broken_rows(), MOST))


def broken_rows() -> Iterator[str]:
    """The sentences, of one moment; none if all is whole. To be asked for once the history itself was found whole.

    Nothing is claimed before what stood was proven: see models/proof/former.py.
    """
    with snapshot(), raw_text():
        [(_, _, _, count, mac, proven)] = stored_heads() or [(0, START, b"", 0, None, 0)]
        if broken := _broken_chain(count, mac or START):
            yield broken
        elif proven:
            for span in spans():
                yield from _broken(models_of_cases(), _proven_of(span), span)
            yield from _broken(proving_models(), _proven_of(None), None)
            yield from notes.broken_notes()


def _broken_chain(count: int, end: bytes) -> str:
    """The sentence that says what is wrong with the entries themselves, "" if they are one chain up to the head."""
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
    """What the chain says last of rows, by table and (case, key); and which rows were not what it said when an act
    changed them."""

    hashes: defaultdict[str, dict[RowKey, str]] = field(default_factory=lambda: defaultdict(dict))
    turned: defaultdict[str, set[RowKey]] = field(default_factory=lambda: defaultdict(set))

    def follow(self, table: str, row: RowKey, text: str, is_whole: bool) -> None:
        """Take in what an entry says of a row; `is_whole` if whatever lies in the table must have been told before."""
        expected, (was, turned, now) = self.hashes[table].get(row, ""), text.rpartition(TURNED)
        begun = is_whole or bool(expected)
        if (begun and was != expected) if turned else (is_whole and expected not in ("", now)):
            self.turned[table].add(row)
        self.hashes[table][row] = now

    def judge(self, model: type[Model], row: RowKey, hashed: str) -> str:
        """What is to be said of a row that is there, "" if it is whole; each is asked of once."""
        table = model._meta.table_name
        expected, turned = self.hashes[table].pop(row, ""), row in self.turned[table]
        self.turned[table].discard(row)
        if not expected:
            return ROW_UNKNOWN if model.all_proven else ""
        return ROW_CHANGED if turned or expected != hashed else ""

    def left(self, table: str) -> Iterator[tuple[str, RowKey]]:
        """Once all rows were asked of: those that are not there, and those that an act removed when changed."""
        lost = [row for row, hashed in self.hashes[table].items() if hashed]
        yield from ((ROW_LOST, row) for row in lost)
        yield from ((ROW_CHANGED, row) for row in sorted(self.turned[table].difference(lost), key=str))


def _proven_of(span: Span | None) -> ProvenRows:
    """What the chain says of the rows of these cases; without a span, of what is of no case."""
    condition, whole = span.condition(OF_CASES) if span else f"{OF_CASES} IS NULL", _whole_tables()
    proven = ProvenRows()
    for case, text in database.execute_sql(f"{HASHES} AND {condition} ORDER BY id"):
        for table, rows in json.loads(text).items():
            for key, words in rows.items():
                proven.follow(table, (case, int(key)), words, table in whole)
    return proven


def _whole_tables() -> frozenset[str]:
    return frozenset(model._meta.table_name for model in proving_models() if model.all_proven)


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
    """Papers whose content is not the one that their own SHA-256 is of."""
    asked = f'SELECT t."id", t."sha256", t."content" FROM "paper" t WHERE {condition}'  # noqa: S608 - numbers
    rows = database.execute_sql(asked)
    return frozenset(paper for paper, name, content in rows if name != _hashed(content))


def _false_users(condition: str) -> frozenset[int]:
    """People whose password the panel has not set."""
    rows = database.execute_sql('SELECT "id", "username", "password_hash", "password_mark" FROM "user"')
    return frozenset(key for key, *words in rows if not is_own_password(*words))


def _hashed(content: object) -> str:
    return sha256(content).hexdigest() if isinstance(content, bytes | memoryview) else ""


def _named(sentence: str, model: type[Model], key: int, case: int | None) -> str:
    of_case = OF_CASE.format(case) if case is not None else ""
    return sentence.format(key=key, table=model.proves(), case=of_case)


# Columns that the hash of a row leaves out are spoken for by another one: which rows' own words are false.
_FALSE: dict[type[Model], Callable[[str], frozenset[int]]] = {Paper: _false_papers, User: _false_users}
