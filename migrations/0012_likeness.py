"""Cases that came before are recognised too when they come once more: their marks are worked out from what is kept."""

from collections.abc import Iterator
from typing import Any

import peewee as pw

from models.complaint.repeats import LikeMark, marks_of_case
from models.store.seal import ring

PORTION = 500  # cases at a time: an office of many years does not fit into memory
TABLE = """CREATE TABLE "likeness" ("complaint_id" INTEGER NOT NULL, "kind" {small} NOT NULL, "mark" {big} NOT NULL,
PRIMARY KEY ("mark", "complaint_id"),
FOREIGN KEY ("complaint_id") REFERENCES "case_key" ("complaint_id") ON DELETE CASCADE){rows}"""
POSTGRESQL = {"small": "SMALLINT", "big": "BIGINT", "rows": ""}
SQLITE = {"small": "INTEGER", "big": "INTEGER", "rows": " WITHOUT ROWID"}
INDEX = 'CREATE INDEX "likeness_complaint_id" ON "likeness" ("complaint_id")'
CASES = """SELECT c."id", c."public_id", k."wrapped", c."story", c."medium_id", c."medium_ref", c."accused"
FROM "complaint" c JOIN "case_key" k ON k."complaint_id" = c."id"
WHERE c."id" > {mark} ORDER BY c."id" LIMIT {portion}"""
PEOPLE = """SELECT "complaint_id", "kind", "name", "birth", "kelurahan_id", "address", "domicile" FROM "person"
WHERE "complaint_id" BETWEEN {mark} AND {mark}"""
MARK = 'INSERT INTO "likeness" ("complaint_id", "kind", "mark") VALUES ({0}, {0}, {0})'
COLUMNS, PERSON = ("story", "medium", "medium_ref", "accused"), ("name", "birth", "kelurahan", "address", "domicile")
SEALED = ("address", "domicile")


def apply(owner: pw.Database) -> None:
    """Make the table, then mark case by case. A seal that does not open ends it, and the next start begins anew."""
    kinds = POSTGRESQL if isinstance(owner, pw.PostgresqlDatabase) else SQLITE
    owner.execute_sql(TABLE.format(**kinds))
    for portion in _portions(owner):
        owner.cursor().executemany(MARK.format(owner.param), [row for case in portion for row in case])
    owner.execute_sql(INDEX)


def _portions(owner: pw.Database) -> Iterator[list[list[tuple[int, int, int]]]]:
    last = 0
    while cases := owner.execute_sql(CASES.format(mark=owner.param, portion=PORTION), (last,)).fetchall():
        first, last = cases[0][0], cases[-1][0]
        people: dict[int, list[Any]] = {}
        for person in owner.execute_sql(PEOPLE.format(mark=owner.param), (first, last)).fetchall():
            people.setdefault(person[0], []).append(person[1:])
        yield [[(case[0], *mark) for mark in _marked(case, people.get(case[0], []))] for case in cases]


def _marked(case: Any, people: list[Any]) -> list[LikeMark]:
    _, public_id, wrapped, *columns = case
    seal = ring().open_case(public_id, bytes(wrapped))
    persons = {}
    for kind, *values in people:
        person = dict(zip(PERSON, values, strict=True))
        persons[kind] = person | {name: seal.open_text(f"{kind}.{name}", person[name]) for name in SEALED}
    return marks_of_case(dict(zip(COLUMNS, columns, strict=True)), persons)
