"""How to reach a person safely may hold a number or a neighbour's name: it is sealed by case, as a phone number is."""

from typing import Any

import peewee as pw

from models.store.seal import ring

WRITTEN = """SELECT p."id", p."kind", p."safe_contact", c."public_id", k."wrapped" FROM "person" p
JOIN "complaint" c ON c."id" = p."complaint_id" JOIN "case_key" k ON k."complaint_id" = c."id"
WHERE p."safe_contact" <> ''"""


def apply(owner: pw.Database) -> None:
    """Seal what was written in the open, then drop the open column."""
    blob = "BYTEA" if isinstance(owner, pw.PostgresqlDatabase) else "BLOB"
    owner.execute_sql(f'ALTER TABLE "person" ADD COLUMN "sealed_contact" {blob}')
    store = f'UPDATE "person" SET "sealed_contact" = {owner.param} WHERE "id" = {owner.param}'  # noqa: S608 - its marks
    for number, kind, text, public_id, wrapped in owner.execute_sql(WRITTEN).fetchall():
        owner.execute_sql(store, (_sealed(kind, text, public_id, wrapped), number))
    owner.execute_sql('ALTER TABLE "person" DROP COLUMN "safe_contact"')
    owner.execute_sql('ALTER TABLE "person" RENAME COLUMN "sealed_contact" TO "safe_contact"')


def _sealed(kind: str, text: str, public_id: str, wrapped: Any) -> bytes | None:
    return ring().open_case(public_id, bytes(wrapped)).close_text(f"{kind}.safe_contact", text)
