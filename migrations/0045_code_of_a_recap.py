"""A recap bears a verification code, sealed beside its content, which lies in clear; those of before have none.

An office of before there were recaps gets the table with this column from its model.
"""

from typing import Any

import peewee as pw


def apply(owner: Any) -> None:
    if owner.table_exists("recap_paper"):
        kind = "BLOB" if isinstance(owner, pw.SqliteDatabase) else "BYTEA"
        owner.execute_sql(f'ALTER TABLE "recap_paper" ADD COLUMN "code" {kind}')
