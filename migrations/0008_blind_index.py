"""Several telephone numbers and NIKs of a person are found, in whatever form: a table of its own holds their marks."""

from collections.abc import Iterator
from typing import Any

import peewee as pw

from models.complaint.lookup import KINDS, marks_of
from models.store.seal import ring

PORTION = 1_000  # people at a time: an office of many years does not fit into memory
COLUMNS = tuple(name for kind in KINDS.values() for name in kind.columns)
TABLE = """CREATE TABLE "blind_index" ("id" {serial} NOT NULL PRIMARY KEY, "complaint_id" INTEGER NOT NULL,
"person" VARCHAR(20) NOT NULL, "kind" VARCHAR(10) NOT NULL, "mark" {blob} NOT NULL,
FOREIGN KEY ("complaint_id") REFERENCES "case_key" ("complaint_id") ON DELETE CASCADE)"""
PEOPLE = """SELECT p."id", p."complaint_id", p."kind", c."public_id", k."wrapped", {columns} FROM "person" p
JOIN "complaint" c ON c."id" = p."complaint_id" JOIN "case_key" k ON k."complaint_id" = c."id"
WHERE p."id" > {mark} ORDER BY p."id" LIMIT {portion}"""
MARK = 'INSERT INTO "blind_index" ("complaint_id", "person", "kind", "mark") VALUES ({0}, {0}, {0}, {0})'
DROPPED = (
    'DROP INDEX IF EXISTS "person_nik_index"',
    'DROP INDEX IF EXISTS "person_phone_index"',
    'ALTER TABLE "person" DROP COLUMN "nik_index"',
    'ALTER TABLE "person" DROP COLUMN "phone_index"',
    'DROP INDEX IF EXISTS "reading_user_id"',  # the look-ups of one person of late have an index with the moment
)


def apply(owner: pw.Database) -> None:
    """Work the marks out anew from what is sealed, then drop the columns that knew one form and one number."""
    here = isinstance(owner, pw.PostgresqlDatabase)
    owner.execute_sql(TABLE.format(serial="SERIAL" if here else "INTEGER", blob="BYTEA" if here else "BLOB"))
    for portion in _portions(owner):
        owner.cursor().executemany(MARK.format(owner.param), [row for person in portion for row in _marked(*person)])
    for statement in DROPPED:
        owner.execute_sql(statement)


def _portions(owner: pw.Database) -> Iterator[list[Any]]:
    columns, last = ", ".join(f'p."{name}"' for name in COLUMNS), 0
    asked = PEOPLE.format(columns=columns, mark=owner.param, portion=PORTION)
    while people := owner.execute_sql(asked, (last,)).fetchall():
        yield people
        last = people[-1][0]


def _marked(
    number: int, case: int, kind: str, public_id: str, wrapped: Any, *sealed: Any
) -> Iterator[tuple[int, str, str, bytes]]:
    """The rows of one person. A seal that does not open ends it: with another panel's key nobody would be found."""
    seal = ring().open_case(public_id, bytes(wrapped))
    texts = {name: seal.open_text(f"{kind}.{name}", value) for name, value in zip(COLUMNS, sealed, strict=True)}
    return ((case, kind, *mark) for mark in marks_of(texts))
