"""Monkey patches of peewee, all in this module and for the whole process: each with its reason and the original.

A page runs about fifty statements, each of which names every column of its tables. Building their SQL took longer than
the database takes to answer: a third of the cost of a page. The patches replace the most frequent code paths and build
the same SQL; unusual cases are left to peewee. tests/models/store/test_peewee_patches.py measures what each saves, so
that one sees when it can be removed, and fails first when a release of peewee builds other SQL.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import peewee as pw

WRITTEN_FOR = "4.5.3"  # of peewee: review the replaced methods before raising this number
QUOTES = (None, '""')  # of SQLite and PostgreSQL
UNUSUAL = frozenset((pw.OP.IN, pw.OP.NOT_IN, pw.OP.IS, pw.OP.IS_NOT))  # with an empty right side other SQL is built
peewee_writes = pw.Expression.__sql__


@dataclass(frozen=True)
class Patch:
    """A replaced method of peewee: ours, theirs, and why."""

    owner: type
    name: str
    ours: Callable[..., Any]
    theirs: Callable[..., Any]
    reason: str

    def install(self) -> None:
        setattr(self.owner, self.name, self.ours)

    def remove(self) -> None:
        setattr(self.owner, self.name, self.theirs)


def column_in_sql(field: Any, context: Any) -> Any:
    """The SQL of a field: the quoted column, qualified by the table's alias where needed."""
    state = context.state
    if state.settings.get("quote") not in QUOTES:
        return context.sql(field.column)
    name = f'"{field.column_name}"'
    if state.scope == pw.SCOPE_VALUES:
        return context.literal(name)
    return context.literal(f'"{context.alias_manager[field.model._meta.table]}".{name}')


def expression_in_sql(expression: Any, context: Any) -> Any:
    """The SQL of a binary expression; values on the right are converted by the field on the left."""
    left, op, state = expression.lhs, expression.op, context.state
    if op in UNUSUAL and not isinstance(expression.rhs, (pw.SQL, pw.Select)):
        return peewee_writes(expression, context)
    settings = {**state.settings, "in_expr": True, "converter": None}
    node = left.unwrap() if isinstance(left, pw.WrappedNode) else left
    if isinstance(node, pw.Field) and left._coerce:
        settings["converter"], settings["is_fk_expr"] = node.db_value, isinstance(node, pw.ForeignKeyField)
    operations, sql = settings.get("operations"), context._sql
    context.stack.append(state)
    context.state = pw.State(state.scope, not expression.flat, settings)
    sql.append("" if expression.flat else "(")
    context.sql(left)
    sql.append(f" {operations.get(op, op) if operations else op} ")
    context.sql(expression.rhs)
    sql.append("" if expression.flat else ")")
    context.state = context.stack.pop()
    return context


def short_name(aliases: Any, source: Any) -> Any:
    """The alias of a table in this scope of the statement."""
    known = aliases._mapping[aliases._current_index - 1].get(source)
    return known if known is not None else aliases.add(source)


PATCHES = (
    Patch(
        pw.Field,
        "__sql__",
        column_in_sql,
        pw.Field.__sql__,
        "a field makes a new Column each time it is written, which is quoted in parts and asked for its table's name",
    ),
    Patch(
        pw.Expression,
        "__sql__",
        expression_in_sql,
        peewee_writes,
        "a comparison enters a context manager and calls six methods for its brackets and its sign",
    ),
    Patch(
        pw.AliasManager,
        "__getitem__",
        short_name,
        pw.AliasManager.__getitem__,
        "a table's short name is looked up by way of four calls, once for each of its columns",
    ),
)


def install() -> None:
    """Apply all patches in this process."""
    for patch in PATCHES:
        patch.install()
