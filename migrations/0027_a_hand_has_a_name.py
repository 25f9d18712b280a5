"""A hand that a paper waits for says whose it is, so that everybody is told what waits for his own; those of before do
not say.

By code, since a database of before 0026 has no hands yet: their table is made from its model.
"""

from typing import Any

ADDED = 'ALTER TABLE "{}" ADD COLUMN "person_id" INTEGER REFERENCES "user" ("id") ON DELETE RESTRICT'


def apply(owner: Any) -> None:
    for table in ("paper_to_sign", "paper_hand"):
        if owner.table_exists(table):
            owner.execute_sql(ADDED.format(table))
