"""A run keeps the key of its row and the norm that it began with, in place of a number, which names another row as soon
as one is added before it.

Up to here an office's table was these five rows, perhaps with other times or with more rows behind them: so it is read
as it stands today. Where something has come between them by now, the five are what they were as signed.
"""

# proves anew: run
from typing import Any

from sop import flow
from sop.procedure import ROWS

SIGNED = {  # first act of the row: its time
    "receive": "5 menit",
    "raise": "60 menit",
    "handle": "1 hari",
    "submit": "60 menit",
    "deliver": "10 menit",
}


def apply(owner: Any) -> None:
    for column, length in (("row_key", 40), ("norm", 20)):
        owner.execute_sql(f"""ALTER TABLE "run" ADD COLUMN "{column}" VARCHAR({length}) NOT NULL DEFAULT ''""")
    filled = f'UPDATE "run" SET "row_key" = {owner.param}, "norm" = {owner.param} WHERE "row" = {owner.param}'  # noqa: S608 - the mark for a value
    for number, (key, norm) in enumerate(_rows(), 1):
        owner.execute_sql(filled, (key, norm, number))
    owner.execute_sql('ALTER TABLE "run" DROP COLUMN "row"')


def _rows() -> list[tuple[str, str]]:
    """Key and norm of the rows as runs have counted them."""
    today = [(row.key, row.norm.words) for row in ROWS]
    kept = [flow.row_number(key) for key in SIGNED] == list(range(1, len(SIGNED) + 1))
    return today if kept else [*SIGNED.items(), *today[len(SIGNED) :]]
