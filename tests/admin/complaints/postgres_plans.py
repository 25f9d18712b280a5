"""What PostgreSQL would do at a million rows: its planner is told of that size, and its plans are read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from models.store.base import database
from tests import postgres

ROWS = 1_000_000  # on the table's one page: the planner reckons with as many on each page that there is
PRETEND = """UPDATE pg_class SET reltuples = %s, relpages = 1
WHERE relkind = 'r' AND relname = ANY(%s) AND pg_relation_size(oid) > 0 RETURNING relname"""
# Of what few rows hold it would believe anything; it shall know that there are as many cases and papers as that, too.
FORGET = """DELETE FROM pg_statistic USING pg_attribute
WHERE attrelid = starelid AND attnum = staattnum AND attname NOT IN ('complaint_id', 'paper_id')"""
MANY = """UPDATE pg_statistic
SET stadistinct = -0.2, stakind1 = 0, stakind2 = 0, stakind3 = 0, stakind4 = 0, stakind5 = 0"""
CONDITIONS = ("Index Cond", "TID Cond")
READ_ALL_BEFORE_THE_FIRST = ("Sort", "Aggregate", "Hash", "SetOp", "WindowAgg")
Node = dict[str, Any]


def pretend_to_be_large(path: Path, tables: set[str]) -> set[str]:
    """Let the planner reckon with so many rows in each of the tables that has any, and tell which these are; nothing
    else keeps count in the tests' server."""
    with postgres.server().boss(path.read_text().splitlines()[2]) as boss:
        for statement in ("ANALYZE", FORGET, MANY):
            boss.execute(statement)
        large = boss.execute(PRETEND, (ROWS, sorted(tables))).fetchall()
    database.execute_sql("SET enable_seqscan = off")  # so few pages as there are would be read at once
    return {name for (name,) in large}


def reads_whole(sql: str, params: Any, large: set[str]) -> bool:
    """Whether the plan goes through a large table without a limit."""
    if not sql.startswith("SELECT"):
        return False
    [(plan,)] = database.execute_sql(f"EXPLAIN (FORMAT JSON) {sql}", params).fetchall()
    return any(node.get("Relation Name") in large and _is_whole(node) for node in _unlimited(plan[0]["Plan"], False))


def _unlimited(node: Node, limited: bool) -> Iterator[Node]:
    """The nodes whose reading no LIMIT above them ends."""
    limited = node["Node Type"] == "Limit" or (limited and node["Node Type"] not in READ_ALL_BEFORE_THE_FIRST)
    if not limited:
        yield node
    for below in node.get("Plans", ()):
        yield from _unlimited(below, limited)


def _is_whole(node: Node) -> bool:
    return node["Node Type"] in ("Seq Scan", "Index Scan", "Index Only Scan") and not any(c in node for c in CONDITIONS)
