"""How SQL is written: monkey patches of peewee, all in this module and for the whole process, each with its reason and
the original; the text of statements for SQLite; and conditions that are written once.

A page runs about fifty statements, each of which names every column of its tables. Building their SQL took longer than
the database takes to answer: a third of the cost of a page. The patches replace the most frequent code paths and build
the same SQL; unusual cases are left to peewee. One more makes the instances of the rows that come back.
tests/models/store/test_peewee_patches.py measures what each saves, so that one sees when it can be removed, and fails
first when a release of peewee builds other SQL or other instances.
"""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

import peewee as pw

WRITTEN_FOR = "4.5.3"  # of peewee: review the replaced methods before raising this number
QUOTES = (None, '""')  # of SQLite and PostgreSQL
UNUSUAL = frozenset((pw.OP.IN, pw.OP.NOT_IN, pw.OP.IS, pw.OP.IS_NOT))  # with an empty right side other SQL is built
FIRST_INSIDE = 100  # number of the first table within a condition that is written once
peewee_writes = pw.Expression.__sql__
peewee_reads, peewee_joins = pw.ModelObjectCursorWrapper.process_row, pw.ModelCursorWrapper.process_row
SETTERS = pw.FieldAccessor.__set__, pw.ForeignKeyAccessor.__set__  # of attributes that a column's value goes into as is
UNCONVERTED = {pw.IntegerField.adapt: int, pw.CharField.adapt: str}  # types that these conversions return as they are


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


class StatementText(pw.Context):
    """Writes the number of LIMIT into the statement. SQLite plans by a bound one, and so would prepare the statement
    anew, with a call of the authorizer for each column, whenever it is executed."""

    def sql(self, node: Any) -> Any:
        if isinstance(node, (pw.Node, pw.Context)):  # first, as nearly all are
            return node.__sql__(self)
        if isinstance(node, int) and self._sql and self._sql[-1] == " LIMIT ":
            return self.literal(str(int(node)))
        return super().sql(node)


def short_name(aliases: Any, source: Any) -> Any:
    """The alias of a table in this scope of the statement."""
    known = aliases._mapping[aliases._current_index - 1].get(source)
    return known if known is not None else aliases.add(source)


@cache
def has_index(field: pw.Field) -> bool:
    """Whether an index of all rows begins with this column."""
    indexes = field.model._meta.fields_to_index()
    return any(index._expressions[0] is field and index._where is None for index in indexes)


def reader_of(query: Any, cursor: Any) -> Callable[[Any], Any]:
    """A function that makes of a row of this cursor, or of a later one of the same statement, what the query itself
    would give: an instance, a tuple, … Peewee works out anew for each cursor what its columns are."""
    wrapper = query._get_cursor_wrapper(cursor)
    wrapper.initialize()
    wrapper.cursor = None
    if type(wrapper) is pw.CursorWrapper:
        return tuple
    if type(wrapper) is pw.ModelTupleCursorWrapper:
        return _reader_of_tuples(wrapper.converters)
    read: Callable[[Any], Any] = wrapper.process_row
    return read


def _reader_of_tuples(converters: Iterable[Any]) -> Callable[[Any], Any]:
    """A function that converts the values of a row that may need it. Peewee's calls a function or three for each."""
    plain, converted = [], []
    for place, convert in enumerate(converters):
        field = getattr(convert, "__self__", None)
        kind = unconverted_type(field) if isinstance(field, pw.Field) else None
        if kind:
            plain.append((place, kind, convert))
        elif convert:
            converted.append((place, convert))

    def values(row: Any) -> tuple[Any, ...]:
        read = list(row)
        for place, kind, convert in plain:
            value = read[place]
            if value is not None and value.__class__ is not kind:
                read[place] = convert(value)
        for place, convert in converted:
            read[place] = convert(read[place])
        return tuple(read)

    return values


def unconverted_type(field: Any) -> type | None:
    """The type of values that a field reads as they are, as it does None; None if it may change any value."""
    while type(field).python_value is pw.ForeignKeyField.python_value:
        field = field.rel_field
    is_plain = type(field).python_value is pw.Field.python_value
    return UNCONVERTED.get(type(field).adapt) if is_plain else None


def instance_of_row(cursor: Any, row: Any) -> Any:
    """The instance of a model from a row of its cursor, with those that are joined to it."""
    read = getattr(cursor, "instance_of", None)
    if read is None:
        make = _reader_of_joined if isinstance(cursor, pw.ModelCursorWrapper) else _reader_of_one
        read = cursor.instance_of = make(cursor)
    return read(row)


def _reader_of_one(cursor: Any) -> Callable[[Any], Any]:
    """A function that makes instances of the rows; peewee's where the constructor is not a model as peewee made it."""
    if not cursor.is_model or not _is_plain(cursor.constructor):
        return partial(peewee_reads, cursor)
    places = range(len(cursor.unique_columns))
    return _maker(cursor.constructor, zip(places, cursor.unique_columns, cursor.converters, strict=True))


def _reader_of_joined(cursor: Any) -> Callable[[Any], Any]:
    """The same for rows from which several instances are made, of which some may not exist."""
    if not all(is_model and _is_plain(of) for _, of, is_model in cursor._constructor_list):
        return partial(peewee_joins, cursor)
    first, columns = cursor.model, {key: list[tuple[int, str, Any]]() for key, _, _ in cursor._constructor_list}
    for place, key, name, convert in cursor._row_spec:
        columns[key if key in columns else first].append((place, name, convert))
    makers = [(key, _maker(of, columns[key])) for key, of, _ in cursor._constructor_list]
    places = {key: [place for place, of, _, _ in cursor._row_spec if of is key] for key in columns}
    joins = [
        (source, name, target, outer, by_key, {target, *cursor._dest_reachable.get(target, ())})
        for source, name, target, _, outer, by_key in cursor.src_to_dest
    ]

    def instances(row: Any) -> Any:
        made = {key: make(row) for key, make in makers}
        if joins:
            _join(made, {key for key, of in places.items() if any(row[place] is not None for place in of)}, joins)
        return made[first]

    return instances


def _join(
    made: Mapping[Any, Any], present: Set[Any], joins: Iterable[tuple[Any, str, Any, bool, bool, Set[Any]]]
) -> None:
    """Attach the instances of a row to each other; `present` are the keys of those with any value."""
    for source, name, target, outer, by_key, reachable in joins:
        exists = not present.isdisjoint(reachable)
        if exists and (source in present or target in present or not outer):
            setattr(made[source], name, made[target])
        elif not exists and outer and source in present:
            if by_key:
                made[source].__rel__[name] = None
            else:
                setattr(made[source], name, None)
    for instance in made.values():
        instance._dirty.clear()


def _is_plain(model: Any) -> bool:
    return model.__init__ is pw.Model.__init__


def _maker(of: Any, columns: Iterable[tuple[int, str, Any]]) -> Callable[[Any], Any]:
    """A function that makes an instance of a model from a row, given the place, name and conversion of its columns."""
    columns, plain, converted, others = list(columns), [], [], []
    for place, name, convert in columns:
        field, accessor = getattr(convert, "__self__", None), of.__dict__.get(name)
        kind = unconverted_type(field) if isinstance(field, pw.Field) else None
        if name not in of._meta.fields or getattr(type(accessor), "__set__", None) not in SETTERS:
            others.append((place, name, convert or _as_it_is))
        elif kind:
            plain.append((place, name, kind, convert))
        else:
            converted.append((place, name, convert or _as_it_is))

    stored = {name for _, name, *_ in (*plain, *converted)}
    in_order = dict.fromkeys(name for _, name, _ in columns if name in stored)

    def instance(row: Any) -> Any:
        made = of.__new__(of)
        data = made.__data__ = in_order.copy()
        made.__rel__, made._dirty = {}, set()
        for place, name, kind, convert in plain:
            value = row[place]
            data[name] = value if value is None or value.__class__ is kind else convert(value)
        for place, name, convert in converted:
            data[name] = convert(row[place])
        for place, name, convert in others:
            setattr(made, name, convert(row[place]))
        made._dirty.clear()
        return made

    return instance


def _as_it_is(value: Any) -> Any:
    return value


class WrittenCondition(pw.ColumnBase):
    """A condition on the rows of one table that refers to no other table of its statement. Its SQL and parameters are
    kept for each alias of that table: to build them took longer than the database takes to answer."""

    def __init__(self, model: type[pw.Model], condition: Any) -> None:
        super().__init__()
        self._table, self._condition = model._meta.table, condition
        self._written: dict[tuple[Any, ...], tuple[str, list[Any]]] = {}

    def __sql__(self, context: Any) -> Any:
        settings = context.state.settings
        place = context.alias_manager[self._table], context.scope, settings.get("quote"), settings.get("param")
        if place not in self._written:
            alone = type(context)(scope=context.scope, **settings)
            alone.alias_manager._counter = FIRST_INSIDE  # whatever else the statement names, its tables are other ones
            alone.alias_manager[self._table] = place[0]
            self._written[place] = alone.sql(self._condition).query()
        sql, parameters = self._written[place]
        context._values.extend(parameters)
        return context.literal(sql)


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
OF_EACH = "each column of each row is converted by two calls and set by three, into an instance made by keywords"
ROWS = (
    Patch(pw.ModelObjectCursorWrapper, "process_row", instance_of_row, peewee_reads, OF_EACH),
    Patch(pw.ModelCursorWrapper, "process_row", instance_of_row, peewee_joins, OF_EACH),
)


def statements_that_make(owner: pw.Database, model: type[pw.Model]) -> list[str]:
    """The SQL by which Peewee makes a model's table and indexes on this kind of database; none is sent."""
    manager = pw.SchemaManager(model, owner)
    return [query.query()[0] for query in (manager._create_table(safe=True), *manager._create_indexes(safe=True))]


def install() -> None:
    """Apply all patches in this process."""
    for patch in (*PATCHES, *ROWS):
        patch.install()
