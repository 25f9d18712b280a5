"""How many cases use each row of a master list, for users who may open none of them."""

from collections.abc import Sequence

import peewee as pw

from models.complaint.complaint import Complaint

MOST = 1_000  # cases counted of one row; more are "more than" so many, as on all lists
COUNTED_SECRECY = ("biasa", "terbatas")  # nobody learns from a count that there is a rahasia case


def count_uses(field: pw.ForeignKeyField, keys: Sequence[int]) -> dict[int, int]:
    """How many cases that are not rahasia have each of these rows in this column, up to MOST + 1, by its id.

    One statement, which looks at no more than MOST + 1 cases of a row, by the column's index.
    """
    if not keys:
        return {}
    master, case = field.rel_model, Complaint.alias()
    using = case.select(pw.SQL("1")).where((getattr(case, field.name) == master.id) & case.secrecy.in_(COUNTED_SECRECY))
    few = using.limit(MOST + 1).alias("few")
    counted = pw.Select(from_list=[few], columns=[pw.fn.COUNT(pw.SQL("1"))])
    return dict(master.select(master.id, counted.alias("uses")).where(master.id.in_(list(keys))).tuples())
