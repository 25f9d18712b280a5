"""A session knows when its person last showed who he is, since the desk asks once more before it signs: at the sign-in,
of those that are there. And it may be confined, until its person has the second factor that his role demands.

By code, since a database from before there were sessions gets the table from its model, whole.
"""

from typing import Any

import peewee as pw


def apply(owner: Any) -> None:
    if not owner.table_exists("session"):
        return
    moment = "TIMESTAMP" if isinstance(owner, pw.PostgresqlDatabase) else "DATETIME"
    owner.execute_sql(f'ALTER TABLE "session" ADD COLUMN "proven" {moment}')
    owner.execute_sql('UPDATE "session" SET "proven" = "begun"')
    owner.execute_sql('ALTER TABLE "session" ADD COLUMN "confined" VARCHAR(10) NOT NULL DEFAULT \'\'')
