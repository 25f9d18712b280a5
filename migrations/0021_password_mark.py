"""Each password gets its mark, so that one which somebody writes into the table shows (decision 63). What stands by now
counts as set by the panel.

By code, since only the panel's key can mark; how it does is written out here as it was on that day, since a mark made
otherwise lets nobody in.
"""
# proves anew: user

import hmac
from collections.abc import Callable
from hashlib import sha256
from typing import Any


def apply_with_key(owner: Any, derived: Callable[[str], bytes]) -> None:
    index = derived("blind index")
    owner.execute_sql('ALTER TABLE "user" ADD COLUMN "password_mark" VARCHAR(40) NOT NULL DEFAULT \'\'')
    for key, username, hashed in owner.execute_sql('SELECT "id", "username", "password_hash" FROM "user"').fetchall():
        mark = f'UPDATE "user" SET "password_mark" = {owner.param} WHERE "id" = {owner.param}'  # noqa: S608 - own names
        told = f"password:{username}\n{hashed}".encode(errors="replace")
        owner.execute_sql(mark, (hmac.digest(index, told, sha256)[:16].hex(), key))
