"""A run keeps the key of its row and the norm that it began with, in place of a number, which names another row as soon
as one is added before it.

Up to here an office's table was these five rows, written out as they were signed: today's table may have others. Where
a run is of a row behind them it has no name here, and nothing is changed.
"""

# proves anew: run
from typing import Any

SIGNED = {  # first act of the row: its time
    "receive": "5 menit",
    "raise": "60 menit",
    "handle": "1 hari",
    "submit": "60 menit",
    "deliver": "10 menit",
}
UNKNOWN = "Basis data ini memuat waktu baris SOP di luar kelima baris yang ditandatangani; barisnya tidak dikenal."


def apply(owner: Any) -> None:
    if owner.execute_sql(f'SELECT 1 FROM "run" WHERE "row" > {len(SIGNED)} LIMIT 1').fetchone():  # noqa: S608 - a number
        raise ValueError(UNKNOWN)
    for column, length in (("row_key", 40), ("norm", 20)):
        owner.execute_sql(f"""ALTER TABLE "run" ADD COLUMN "{column}" VARCHAR({length}) NOT NULL DEFAULT ''""")
    filled = f'UPDATE "run" SET "row_key" = {owner.param}, "norm" = {owner.param} WHERE "row" = {owner.param}'  # noqa: S608 - the mark for a value
    for number, (key, norm) in enumerate(SIGNED.items(), 1):
        owner.execute_sql(filled, (key, norm, number))
    owner.execute_sql('ALTER TABLE "run" DROP COLUMN "row"')
