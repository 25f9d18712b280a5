"""Each password gets its mark, so that one which somebody writes into the table shows (decision 63). What stands by now
counts as set by the panel.

By code, since only the panel's key can mark.
"""
# proves anew: user

from typing import Any

from models.office.people import password_mark


def apply(owner: Any) -> None:
    owner.execute_sql('ALTER TABLE "user" ADD COLUMN "password_mark" VARCHAR(40) NOT NULL DEFAULT \'\'')
    for key, username, hashed in owner.execute_sql('SELECT "id", "username", "password_hash" FROM "user"').fetchall():
        mark = f'UPDATE "user" SET "password_mark" = {owner.param} WHERE "id" = {owner.param}'  # noqa: S608 - own names
        owner.execute_sql(mark, (password_mark(username, hashed), key))
