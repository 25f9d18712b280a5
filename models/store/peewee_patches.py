"""How a statement is written: the words are peewee's, put together with a part of its work.

A page asks some fifty questions, and each of them names every column of its tables. To write these questions took
longer than the database takes to answer: a third of all that a page costs. What is written here is what is written
most; whatever is unusual is left to peewee.
"""

from typing import Any

import peewee as pw

QUOTES = (None, '""')  # as SQLite and PostgreSQL are asked
UNUSUAL = frozenset((pw.OP.IN, pw.OP.NOT_IN, pw.OP.IS, pw.OP.IS_NOT))  # with nothing on the right they read otherwise
peewee_writes = pw.Expression.__sql__


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


def install() -> None:
    """From now on every statement is written so."""
    pw.Field.__sql__ = column_in_sql
    pw.Expression.__sql__ = expression_in_sql
    pw.AliasManager.__getitem__ = short_name
