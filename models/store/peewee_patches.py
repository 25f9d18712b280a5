"""The one place that replaces parts of peewee, for the whole process: each with its reason and what it stands in for.

A page asks some fifty questions, and each of them names every column of its tables. To write these questions took
longer than the database takes to answer: a third of all that a page costs. What is replaced here is what is written
most, and it writes the same words; whatever is unusual is left to peewee. tests/models/store/test_peewee_patches.py
counts what each saves, so that one sees when it may go, and fails first when a release of peewee writes otherwise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import peewee as pw

WRITTEN_FOR = "4.5.3"  # of peewee: with another one look at what is replaced before this number is raised
QUOTES = (None, '""')  # as SQLite and PostgreSQL are asked
UNUSUAL = frozenset((pw.OP.IN, pw.OP.NOT_IN, pw.OP.IS, pw.OP.IS_NOT))  # with nothing on the right they read otherwise
peewee_writes = pw.Expression.__sql__


@dataclass(frozen=True)
class Patch:
    """A method of peewee's, what stands in for it, and why."""

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
    """What peewee makes of a field: its column's name, before it the short name of the table where one is needed."""
    state = context.state
    if state.settings.get("quote") not in QUOTES:
        return context.sql(field.column)
    name = f'"{field.column_name}"'
    if state.scope == pw.SCOPE_VALUES:
        return context.literal(name)
    return context.literal(f'"{context.alias_manager[field.model._meta.table]}".{name}')


def expression_in_sql(expression: Any, context: Any) -> Any:
    """What peewee makes of two sides and what stands between them; the right one is read as the left one's field."""
    left, op, state = expression.lhs, expression.op, context.state
    if op in UNUSUAL and not isinstance(expression.rhs, (pw.SQL, pw.Select)):
        return peewee_writes(expression, context)
    settings = {**state.settings, "in_expr": True, "converter": None}
    node = left.unwrap() if isinstance(left, pw.WrappedNode) else left
    if isinstance(node, pw.Field) and left._coerce:
        settings["converter"], settings["is_fk_expr"] = node.db_value, isinstance(node, pw.ForeignKeyField)
    operations, words = settings.get("operations"), context._sql
    context.stack.append(state)
    context.state = pw.State(state.scope, not expression.flat, settings)
    words.append("" if expression.flat else "(")
    context.sql(left)
    words.append(f" {operations.get(op, op) if operations else op} ")
    context.sql(expression.rhs)
    words.append("" if expression.flat else ")")
    context.state = context.stack.pop()
    return context


def short_name(aliases: Any, source: Any) -> Any:
    """What a table is called in this part of the statement."""
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
    """From now on every statement of this process is written so."""
    for patch in PATCHES:
        patch.install()
