"""How to reach a person safely may hold a number or a neighbour's name: it is sealed by case, as a phone number is.

The seal is written out here as it was on that day: what the panel seals by may change, and this must not.
"""

import os
from collections.abc import Callable

import peewee as pw
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12
WRITTEN = """SELECT p."id", p."kind", p."safe_contact", c."public_id", k."wrapped" FROM "person" p
JOIN "complaint" c ON c."id" = p."complaint_id" JOIN "case_key" k ON k."complaint_id" = c."id"
WHERE p."safe_contact" <> ''"""


def apply_with_key(owner: pw.Database, derived: Callable[[str], bytes]) -> None:
    """Seal what was written in the open, then drop the open column."""
    wrapping = AESGCM(derived("wrap case keys"))
    blob = "BYTEA" if isinstance(owner, pw.PostgresqlDatabase) else "BLOB"
    owner.execute_sql(f'ALTER TABLE "person" ADD COLUMN "sealed_contact" {blob}')
    store = f'UPDATE "person" SET "sealed_contact" = {owner.param} WHERE "id" = {owner.param}'  # noqa: S608 - its marks
    for number, kind, text, public_id, wrapped in owner.execute_sql(WRITTEN).fetchall():
        key = wrapping.decrypt(bytes(wrapped)[:NONCE], bytes(wrapped)[NONCE:], f"{public_id}/key".encode())
        nonce = os.urandom(NONCE)
        sealed = AESGCM(key).encrypt(nonce, text.encode(), f"{public_id}/{kind}.safe_contact".encode())
        owner.execute_sql(store, (nonce + sealed, number))
    owner.execute_sql('ALTER TABLE "person" DROP COLUMN "safe_contact"')
    owner.execute_sql('ALTER TABLE "person" RENAME COLUMN "sealed_contact" TO "safe_contact"')
