"""Every case is found by its words: a table of their own holds them, masked; the index beside it is built at the start
that follows. Killed, it begins anew."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import peewee as pw

from models.case.casetext import TAKEN_DOWN, act_row, main_row, words_of
from models.complaint.number import REGISTER
from models.complaint.search_text import SearchedText, searched_text
from models.records.registry import RECORDS

PORTION = 500  # cases at a time: an office of many years does not fit into memory
TABLE = """CREATE TABLE "case_text" ("id" {serial} NOT NULL PRIMARY KEY, "complaint_id" INTEGER NOT NULL,
"main" {flag} NOT NULL, "text" TEXT NOT NULL, "short" TEXT NOT NULL,
FOREIGN KEY ("complaint_id") REFERENCES "case_key" ("complaint_id") ON DELETE CASCADE)"""
CASES = """SELECT c."id", l."name", l."kecamatan", {columns} FROM "complaint" c
JOIN "case_key" k ON k."complaint_id" = c."id" LEFT JOIN "kelurahan" l ON l."id" = c."kelurahan_id"
WHERE c."id" > {mark} ORDER BY c."id" LIMIT {portion}"""
NAMES = 'SELECT "complaint_id", "name" FROM "person" WHERE "complaint_id" BETWEEN {0} AND {0} ORDER BY "id"'
BLANKS = """SELECT "complaint_id", {columns} FROM "{table}"
WHERE NOT "draft" AND "complaint_id" BETWEEN {mark} AND {mark} ORDER BY "id\""""
NUMBERS = """SELECT "complaint_id", "text" FROM "number"
WHERE "series" <> {0} AND "complaint_id" BETWEEN {0} AND {0} ORDER BY "id\""""
MARK = """INSERT INTO "blind_index" ("complaint_id", "person", "kind", "mark") VALUES ({0}, {0}, {0}, {0})
ON CONFLICT DO NOTHING"""
KEEP = 'INSERT INTO "case_text" ("complaint_id", "main", "text", "short") VALUES ({0}, {0}, {0}, {0})'


def apply(owner: pw.Database) -> None:
    """Compose the rows as the writer does. Columns are named one by one: the models may have more by then."""
    here = isinstance(owner, pw.PostgresqlDatabase)
    owner.execute_sql(TABLE.format(serial="SERIAL" if here else "INTEGER", flag="BOOLEAN" if here else "INTEGER"))
    there = {table: {column.name for column in owner.get_columns(table)} for table in owner.get_tables()}
    for cases in _portions(owner):
        rows = [*_taken_down(owner, cases), *_recorded(owner, cases, there), *_numbered(owner, cases)]
        told = [(row.case, row.main, row.text, row.short) for row in rows if row.text.strip()]
        owner.cursor().executemany(KEEP.format(owner.param), told)
        marks = [(row.case, row.whose, *mark) for row in rows for mark in row.marks]
        owner.cursor().executemany(MARK.format(owner.param), marks)


def _portions(owner: pw.Database) -> Iterator[list[Any]]:
    columns, last = ", ".join(f'c."{name}"' for name in TAKEN_DOWN), 0
    asked = CASES.format(columns=columns, mark=owner.param, portion=PORTION)
    while cases := owner.execute_sql(asked, (last,)).fetchall():
        yield cases
        last = cases[-1][0]


def _taken_down(owner: pw.Database, cases: list[Any]) -> Iterator[SearchedText]:
    names: dict[int, list[str]] = defaultdict(list)
    for case, name in owner.execute_sql(NAMES.format(owner.param), _span(cases)):
        names[case].append(name)
    for case, kelurahan, kecamatan, *values in cases:
        place = f"{kelurahan}, {kecamatan}" if kelurahan else ""
        yield main_row(case, dict(zip(TAKEN_DOWN, values, strict=True)), names[case], place)


def _recorded(owner: pw.Database, cases: list[Any], there: Mapping[str, set[str]]) -> Iterator[SearchedText]:
    """Of each record the blanks that there are already."""
    kept = {case for case, *_ in cases}
    for key, model in RECORDS.items():
        words, table = words_of(model), model._meta.table_name
        names = [name for name in words if name in there.get(table, ())]
        if not names:
            continue
        asked = BLANKS.format(columns=", ".join(f'"{n}"' for n in names), table=table, mark=owner.param)
        for case, *values in owner.execute_sql(asked, _span(cases)).fetchall():
            if case in kept:
                yield act_row(case, key, {**dict.fromkeys(words, ""), **dict(zip(names, values, strict=True))})


def _numbered(owner: pw.Database, cases: list[Any]) -> Iterator[SearchedText]:
    """The numbers that its acts took, whichever they were."""
    given: dict[int, list[str]] = defaultdict(list)
    for case, number in owner.execute_sql(NUMBERS.format(owner.param), (REGISTER, *_span(cases))).fetchall():
        given[case].append(number)
    return (searched_text(case, given[case]) for case, *_ in cases if case in given)


def _span(cases: list[Any]) -> tuple[int, int]:
    return cases[0][0], cases[-1][0]
