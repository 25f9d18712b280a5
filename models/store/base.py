"""The base of every table: the database, the base model, timestamp and JSON fields, bulk inserts, and signals of
committed work."""

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import peewee

from models.store import peewee_patches, postgres, sqlite, statement_counters, tracked_rows
from sop.clock import WIB

database = peewee.DatabaseProxy()
peewee_patches.install()
Columns = dict[str, Any]  # a row, or a part of it, by field name
YEARS = range(1900, 2201)  # accepted in dates; any other year is a typing error
ENGINES = {"sqlite": sqlite, "postgresql": postgres, "postgres": postgres}


def is_mistyped(value: Any) -> bool:
    """Whether a date or datetime has an implausible year."""
    return isinstance(value, date) and value.year not in YEARS


def year_wanted() -> str:
    return f"Tulis tahunnya dengan empat angka, misalnya {now().year}."


class Model(peewee.Model):
    """Base of all tables. `append_only` rows are never changed or deleted; triggers and authorizer enforce it."""

    append_only = False
    in_digest = True  # included in `flask digest`: all tables but print jobs, sessions and logs
    survives_restore = True  # False: not restored from a backup, as sessions
    not_digested: tuple[str, ...] = ()  # columns with random values
    cached = False  # rows are cached per process: see models/store/master_cache.py
    of_few_cases = False  # readable rows are found faster among all rows of the table than case by case
    proof: str | None = None  # the table's name in `verify` if its rows count as proof; "" if they do not
    unproven: tuple[str, ...] = ()  # columns of such a table that may change without an entry in the history
    all_proven = True  # each row of such a table must have a proof; one without was not written by the panel

    class Meta:
        database = database
        legacy_table_names = False
        only_save_dirty = True

    @classmethod
    def proves(cls) -> str:
        """The table's name in `verify`, "" if its rows are no proof: see models/complaint/event.py."""
        return cls.proof or ""


def _moment_text(moment: datetime) -> str:
    """The stored text of a naive UTC datetime: four-digit years, so that it sorts and can be parsed again."""
    return moment.isoformat(" ", "microseconds")


MOMENTS = 4096  # size of the cache of parsed timestamps: hundreds of rows share one


@lru_cache(maxsize=MOMENTS)
def _moment_in(zone: ZoneInfo, stored: str | datetime) -> datetime:
    naive = stored if isinstance(stored, datetime) else datetime.fromisoformat(stored)
    return naive.replace(tzinfo=UTC).astimezone(zone)


class Moment(peewee.DateTimeField):
    """An aware datetime: stored as naive UTC so that it sorts as text, returned in the office's zone."""

    def db_value(self, value: datetime | None) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("Moment tanpa zona waktu")
        return _moment_text(value.astimezone(UTC).replace(tzinfo=None))

    def python_value(self, value: Any) -> datetime | None:
        if value is None or (isinstance(value, datetime) and value.tzinfo):
            return value
        return _moment_in(WIB.zone, value)


class Json(peewee.TextField):
    """A JSON value stored as canonical text: sorted keys, no spaces."""

    def db_value(self, value: Any) -> str | None:
        return None if value is None else canonical(value)

    def python_value(self, value: str | None) -> Any:
        return None if value is None else json.loads(value)


class CurrentChoices(Sequence[tuple[str, str]]):
    """The choices of a column, read on every use: new procedures add some while the process runs."""

    def __init__(self, read: Callable[[], Iterable[tuple[str, str]]]) -> None:
        self.read = read

    def __getitem__(self, place: Any) -> Any:
        return list(self.read())[place]

    def __len__(self) -> int:
        return len(list(self.read()))

    def __bool__(self) -> bool:
        return True  # without a query: peewee asks this before the choices can be read

    def get(self, value: Any, default: Any = None) -> Any:
        """The label of a value, as a dict of the choices would give it."""
        return dict(self.read()).get(value, default)


def canonical(value: Any) -> str:
    """Canonical JSON: the same value is always the same text."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)


_WORDS = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_PASSTHROUGH_SUBCLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_DATACLASS
)


def canonical_words(value: Any) -> str:
    """`canonical` for strings, integers and booleans in lists and dicts: the same text at a tenth of the cost. Not for
    floats, which orjson formats differently: papers and the history store them as words."""
    try:
        return orjson.dumps(value, option=_WORDS).decode()
    except TypeError:  # an integer over 64 bits, a lone surrogate, or a key or type that JSON does not have
        return canonical(value)


def as_stored(value: Any) -> Any:
    """A raw column value in the form that SQLite returns, so that it is the same on every database."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral() else float(value)
    return _moment_text(value) if isinstance(value, datetime) else value


def snapshot() -> Any:
    """A read-only transaction with a consistent snapshot that does not block writers."""
    return database.atomic(*getattr(database.obj, "reading", ()))


def without_waiting() -> AbstractContextManager[object]:
    """Do not wait for the write lock in this block: while another connection writes, fail at once."""
    block: AbstractContextManager[object] = getattr(database.obj, "without_waiting", nullcontext)()
    return block


@contextmanager
def raw_text() -> Iterator[None]:
    """Read invalid UTF-8 with surrogate escapes instead of failing; only SQLite can contain any."""
    connection = database.connection()
    if not hasattr(connection, "text_factory"):
        yield
        return
    usual, connection.text_factory = connection.text_factory, lambda raw: raw.decode(errors="surrogateescape")
    try:
        yield
    finally:
        connection.text_factory = usual


PERIOD = 10.0  # seconds after which a background thread looks for the work that other processes have committed


class WorkSignal:
    """Wakes the thread of this process that does one kind of work."""

    def __init__(self) -> None:
        self._sent = threading.Event()

    def send(self) -> None:
        self._sent.set()

    def send_after_commit(self) -> None:
        """Send once the open transaction is committed; at once if there is none."""
        database.after_commit(self._sent.set)

    def wait(self, stop: threading.Event, seconds: float = PERIOD) -> bool:
        """Wait for the signal, so many seconds at most; False once `stop` is set."""
        if not stop.is_set():
            self._sent.wait(seconds)
            self._sent.clear()  # before the thread looks: what is committed from now on wakes it again
        return not stop.is_set()


PRINTING, EMAILS, BACKUPS = WorkSignal(), WorkSignal(), WorkSignal()


def wake_all() -> None:
    """Wake all waiting threads, so that they see that they are to stop."""
    for signal in (PRINTING, EMAILS, BACKUPS):
        signal.send()


def now() -> datetime:
    """The current time in the office's zone."""
    return datetime.now(WIB)


def all_models(of: type[Model] = Model) -> list[type[Model]]:
    """All models with a table, in the order of definition."""
    tables = []
    for model in of.__subclasses__():
        if not model.__dict__.get("abstract", False):
            tables.append(model)
        tables += all_models(model)
    return tables


def labels_of(model: type[Model]) -> dict[str, str]:
    """The labels of its columns by field name, as on screens and papers."""
    return {field.name: str(field.verbose_name) for field in model._meta.sorted_fields if field.verbose_name}


def append_only_tables() -> frozenset[str]:
    return frozenset(m._meta.table_name for m in all_models() if m.append_only)


def engine(url: str) -> ModuleType:
    """The module for the kind of database at `url`; ValueError with a sentence for an unknown scheme."""
    scheme = url.partition("://")[0]
    if scheme not in ENGINES or "://" not in url:
        raise ValueError(f"DATABASE_URL belum dikenal: {scheme}:// (yang dikenal: sqlite:///berkas, postgresql://…)")
    return ENGINES[scheme]


def open_database(url: str) -> peewee.Database:
    """Bind the models to the database at `url` without connecting; ValueError as `engine`."""
    opened = engine(url).app_database(url, append_only_tables)
    database.initialize(opened)
    return opened


def without_index(field: peewee.Field) -> Any:
    """The column without its index, for a condition on rows that a more selective index already limits.

    SQLite has no statistics here: of two indexes it may choose the one that matches thousands of rows.
    """
    return peewee.NodeList((peewee.SQL("+"), field)) if isinstance(database.obj, peewee.SqliteDatabase) else field


def exists_by_row(rows: Any) -> Any:
    """EXISTS that is asked for one row after the other. By its OFFSET, PostgreSQL neither reads the whole table of the
    subquery first nor expects hardly any row to be left by one condition of this kind after the other."""
    return peewee.fn.EXISTS(rows.limit(peewee.SQL("1")).offset(peewee.SQL("0")))


def among(column: Any, ids: Iterable[int]) -> Any:
    """Condition: the column is one of these ids. Inlined, as binding hundreds of parameters is slow; a single one is
    bound, so that the driver finds the statement among those that it has prepared."""
    wanted = list({int(number): None for number in ids})
    return column.in_(wanted if len(wanted) == 1 else peewee.SQL(f"({', '.join(map(str, wanted)) or 'NULL'})"))


def union_all(queries: Iterable[Any]) -> Any:
    """One query with the rows of all these, of as many columns each."""
    union, *others = queries
    for other in others:
        union = union.union_all(other)
    return union


def insert_rows(model: type[Model], rows: Sequence[Columns]) -> None:
    """Insert rows with the same keys by one prepared statement; field converters apply."""
    if not rows:
        return
    key = model._meta.primary_key
    if model.proves() and key.name in rows[0]:
        tracked_rows.added(model, *(row[key.name] for row in rows))
    elif model.proves():  # the rows to be inserted are those after the present largest key
        last = database.execute_sql(f'SELECT max("{key.column_name}") FROM "{model._meta.table_name}"').fetchone()[0]  # noqa: S608 - own names
        tracked_rows.added_after(model, last or 0)
    fields = [model._meta.fields[name] for name in rows[0]]
    columns = ", ".join(f'"{f.column_name}"' for f in fields)
    marks = ", ".join([database.param] * len(fields))
    sql = f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES ({marks})'  # noqa: S608 - names of our own models
    convert = [(f.name, f.db_value) for f in fields]
    run_many(sql, [[to_db(row[name]) for name, to_db in convert] for row in rows])


_EXACT = frozenset(("AUTO", "INT", "BIGINT", "BOOL", "VARCHAR", "CHAR", "TEXT", "DATE", "TIME", "DATETIME"))


def _json_list(fields: Iterable[peewee.Field], *, is_sqlite: bool) -> str:
    """SQL for these columns as one JSON list, so that rows of different tables can be read by one statement. Bytes are
    in hexadecimal and numbers with a point are texts, as JSON cannot hold them exactly."""
    columns = []
    for field in fields:
        name = f'"{field.column_name}"'
        if isinstance(field, peewee.BlobField):
            hexadecimal = f"hex({name})" if is_sqlite else f"encode({name}, 'hex')"
            name = f"CASE WHEN {name} IS NULL THEN NULL ELSE {hexadecimal} END"
        columns.append(name if field.field_type in (*_EXACT, "BLOB", "BYTEA") else f"CAST({name} AS TEXT)")
    return f"CAST({'json_array' if is_sqlite else 'json_build_array'}({', '.join(columns)}) AS TEXT)"


def _reader_of_lists(fields: Iterable[peewee.Field]) -> Callable[[str], Columns]:
    """A function that reads such a list: the values by field name, as Peewee would have read them."""
    columns = [
        (
            f.name,
            peewee_patches.unconverted_type(f),
            _of_hexadecimal(f) if isinstance(f, peewee.BlobField) else f.python_value,
        )
        for f in fields
    ]

    def row(text: str) -> Columns:
        return {
            name: value if kind and (value is None or value.__class__ is kind) else convert(value)
            for (name, kind, convert), value in zip(columns, orjson.loads(text), strict=True)
        }

    return row


def _of_hexadecimal(field: peewee.Field) -> Callable[[str | None], Any]:
    return lambda text: None if text is None else field.python_value(bytes.fromhex(text))


IDS = "/* ids */"  # in the SQL, where a list of ids goes
RowsByTable = dict[type[Model], list[Columns]]


def rows_of_tables(
    tables: Mapping[type[Model], Iterable[peewee.Field]], column: str, ids: Iterable[int]
) -> RowsByTable:
    """The rows of these tables that refer to these ids by this column, with the given fields, in order of their own id:
    one statement, however many tables."""
    wanted = [int(number) for number in ids]
    rows: RowsByTable = {model: [] for model in tables}
    if not wanted:
        return rows
    named = tuple((model, *(field.name for field in fields)) for model, fields in tables.items())
    sql, readers = _statement_of_tables(column, named, is_sqlite=isinstance(database.obj, peewee.SqliteDatabase))
    bound = wanted * len(tables) if len(wanted) == 1 else []  # as in `among`
    within = database.param if bound else ", ".join(map(str, wanted))
    for table, _, values in sorted(database.execute_sql(sql.replace(IDS, within), bound), key=itemgetter(1)):
        model, read = readers[table]
        rows[model].append(read(values))
    return rows


@lru_cache(maxsize=64)
def _statement_of_tables(
    column: str, tables: tuple[tuple[Any, ...], ...], *, is_sqlite: bool
) -> tuple[str, Mapping[str, tuple[type[Model], Callable[[str], Columns]]]]:
    """The statement of `rows_of_tables` for these models, each with the names of its fields; by table the model and
    the function that reads its rows."""
    parts, readers = [], {}
    for model, *names in tables:
        table, fields = model._meta.table_name, [model._meta.fields[name] for name in names]
        readers[table] = model, _reader_of_lists(fields)
        place = '"id"' if "id" in model._meta.fields else "0"
        columns = f"'{table}', {place}, {_json_list(fields, is_sqlite=is_sqlite)}"
        parts.append(f'SELECT {columns} FROM "{table}" WHERE "{column}" IN ({IDS})')  # noqa: S608 - own names
    return " UNION ALL ".join(parts), readers


def run_many(sql: str, rows: Iterable[Sequence[Any]]) -> int:
    """Execute one statement for many rows in the open transaction; returns the number of affected rows. Errors of the
    driver are raised as Peewee's."""
    cursor = database.cursor()
    statement_counters.count(sql)
    with peewee.ExceptionWrapper(peewee.EXCEPTIONS):
        cursor.executemany(sql, rows)
    return int(cursor.rowcount)
