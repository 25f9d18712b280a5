"""A case that came with a file says which institution and topic the file told, and how it stood elsewhere: what was
settled outside, or is another institution's, is dated by its answer alone. A day of an answer was not kept so far.

By code, since a database of before the imports has none of their tables yet: those are made from their models.
"""

# proves anew: complaint
from typing import Any

TERMS = ("institution", "topic")
TABLE = 'CREATE TABLE "{}" ("id" {} NOT NULL PRIMARY KEY, "key" VARCHAR(200) NOT NULL, "name" VARCHAR(200) NOT NULL)'
UNIQUE = 'CREATE UNIQUE INDEX "{0}_key" ON "{0}" ("key")'
ELSEWHERE = """ALTER TABLE "complaint" ADD COLUMN "elsewhere" VARCHAR(10) NOT NULL DEFAULT ''"""
OF_TERM = 'ALTER TABLE "complaint" ADD COLUMN "{0}_id" INTEGER REFERENCES "{0}" ("id") ON DELETE RESTRICT'
INDEX = 'CREATE INDEX "complaint_{0}_id" ON "complaint" ("{0}_id")'
STOOD = (
    """UPDATE "complaint" SET "elsewhere" = 'undated' WHERE "imported" AND "state" = 'settled_outside'""",
    # passed on as it came in: closed as of its receipt where the file called it settled, else as of the import
    """UPDATE "complaint"
SET "elsewhere" = CASE WHEN "closed_at" = "received_at" THEN 'undated' ELSE 'unanswered' END,
"legal_due_at" = NULL, "answer_due_at" = NULL
WHERE "imported" AND "state" = 'forwarded' AND "last_act" = 'receive'""",
)
ADDED = {
    "import_row": (
        '"received_at" {moment}',
        '"closed" {truth} NOT NULL DEFAULT FALSE',
        """"institution" VARCHAR(200) NOT NULL DEFAULT ''""",
        """"topic" VARCHAR(200) NOT NULL DEFAULT ''""",
        """"kecamatan" VARCHAR(60) NOT NULL DEFAULT ''""",
    ),
    "import_batch": (
        '"total" INTEGER NOT NULL DEFAULT 0',
        """"asked" TEXT NOT NULL DEFAULT ''""",
        '"mended" INTEGER NOT NULL DEFAULT 0',
        '"lifted" INTEGER NOT NULL DEFAULT 0',
    ),
}
TYPES = {
    # by how a value is marked: of SQLite, of PostgreSQL
    "?": {"key": "INTEGER", "truth": "INTEGER", "moment": "DATETIME"},
    "%s": {"key": "SERIAL", "truth": "BOOLEAN", "moment": "TIMESTAMP"},
}


def apply(owner: Any) -> None:
    types = TYPES[owner.param]
    for term in TERMS:
        owner.execute_sql(TABLE.format(term, types["key"]))
        owner.execute_sql(UNIQUE.format(term))
    owner.execute_sql(ELSEWHERE)
    for term in TERMS:
        owner.execute_sql(OF_TERM.format(term))
        owner.execute_sql(INDEX.format(term))
    for statement in STOOD:
        owner.execute_sql(statement)
    for table, columns in ADDED.items():
        for column in columns if owner.table_exists(table) else ():
            owner.execute_sql(f'ALTER TABLE "{table}" ADD COLUMN {column.format(**types)}')
