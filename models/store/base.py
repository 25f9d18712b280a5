"""The ground of every table: the database, the model base, moments in time, and set-wise inserts."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import peewee

from models.store import counted, peewee_patches, postgres, sqlite, witness
from sop.clock import WIB

database = peewee.DatabaseProxy()
peewee_patches.install()
Columns = dict[str, Any]  # a row, or a part of it, by field name: the shape is its table's
YEARS = range(1900, 2201)  # what a date can be of; outside of it somebody has mistyped
ENGINES = {"sqlite": sqlite, "postgresql": postgres, "postgres": postgres}


def is_mistyped(value: Any) -> bool:
    """Whether a day or a moment is of a year that nobody can mean."""
    return isinstance(value, date) and value.year not in YEARS


def year_wanted() -> str:
    return f"Tulis tahunnya dengan empat angka, misalnya {now().year}."


class Model(peewee.Model):
    """Base of all tables. `append_only` rows are never changed or deleted; triggers and authorizer say so."""

    append_only = False
    kept_by_digest = True  # part of `flask digest`: everything but prints, sessions, logs
    survives_restore = True  # what is not brought back with a backup: who was signed in
    not_digested: tuple[str, ...] = ()  # columns that are random by nature
    proof: str | None = None  # what `verify` calls the table if its rows count as proof; "" if they do not
    unproven: tuple[str, ...] = ()  # columns of such a table that change without an entry of the history
    all_proven = True  # whether each row of such a table has its proof, so that one without is nobody's

    class Meta:
        database = database
        legacy_table_names = False
        only_save_dirty = True

    @classmethod
    def proves(cls) -> str:
        """What `verify` calls the table, "" if its rows are no proof: see models/complaint/event.py."""
        return cls.proof or ""


def _moment_text(moment: datetime) -> str:
    """A moment (UTC, naive) as it lies in the database: every year in four digits, so that it sorts and reads back."""
    return moment.isoformat(" ", "microseconds")


MOMENTS = 4096  # that are remembered as they are read: hundreds of rows were written in the same one


def _stored_moment(moment: datetime) -> str:
    """Worked out each time: a moment in the office's zone, which may change, is no key to remember anything by."""
    return _moment_text(moment.astimezone(UTC).replace(tzinfo=None))


@lru_cache(maxsize=MOMENTS)
def _moment_in(zone: ZoneInfo, stored: str | datetime) -> datetime:
    naive = stored if isinstance(stored, datetime) else datetime.fromisoformat(stored)
    return naive.replace(tzinfo=UTC).astimezone(zone)


class Moment(peewee.DateTimeField):
    """An aware moment: kept as UTC without a zone so that it sorts as text, given back in the office's zone."""

    def db_value(self, value: datetime | None) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("Moment tanpa zona waktu")
        return _stored_moment(value)

    def python_value(self, value: Any) -> datetime | None:
        if value is None or (isinstance(value, datetime) and value.tzinfo):
            return value
        return _moment_in(WIB.zone, value)


class Json(peewee.TextField):
    """A JSON value kept as text, canonical: sorted keys, no blanks."""

    def db_value(self, value: Any) -> str | None:
        return None if value is None else canonical(value)

    def python_value(self, value: str | None) -> Any:
        return None if value is None else json.loads(value)


class CurrentChoices(Sequence[tuple[str, str]]):
    """The choices of a column, read anew at each use: they grow with the procedures while the process runs."""

    def __init__(self, read: Callable[[], Iterable[tuple[str, str]]]) -> None:
        self.read = read

    def __getitem__(self, place: Any) -> Any:
        return list(self.read())[place]

    def __len__(self) -> int:
        return len(list(self.read()))

    def __bool__(self) -> bool:
        return True  # without asking: a column has choices even before they can be read


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
    """`canonical` of texts, whole numbers, yes and no in lists and dicts: the same text at a tenth of the cost. Of no
    fractions, which it would write in its own way: papers and the history tell them in words."""
    try:
        return orjson.dumps(value, option=_WORDS).decode()
    except TypeError:  # a number of 65 bits, half of a letter, a key or a kind that JSON does not know
        return canonical(value)


def as_stored(value: Any) -> Any:
    """A value read without its field, as SQLite keeps it: the same on every database."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral() else float(value)
    return _moment_text(value) if isinstance(value, datetime) else value


def snapshot() -> Any:
    """A transaction that only reads, all from one moment, and keeps no writer waiting."""
    return database.atomic(*getattr(database.obj, "reading", ()))


def unwaiting() -> AbstractContextManager[object]:
    """What is written here is not worth waiting for: while somebody else writes, it is refused at once."""
    held = getattr(database.obj, "unwaiting", nullcontext)
    block: AbstractContextManager[object] = held()
    return block


@contextmanager
def raw_text() -> Iterator[None]:
    """Text that is no UTF-8 any more is read as it lies there, where a database can hold such at all."""
    connection = database.connection()
    if not hasattr(connection, "text_factory"):
        yield
        return
    usual, connection.text_factory = connection.text_factory, lambda raw: raw.decode(errors="surrogateescape")
    try:
        yield
    finally:
        connection.text_factory = usual


def now() -> datetime:
    """The present moment in the office's zone."""
    return datetime.now(WIB)


def all_models(of: type[Model] = Model) -> list[type[Model]]:
    """Every table's model, in the order of definition; abstract ones left out."""
    tables = []
    for model in of.__subclasses__():
        if not model.__dict__.get("abstract", False):
            tables.append(model)
        tables += all_models(model)
    return tables


def labels_of(model: type[Model]) -> dict[str, str]:
    """What its columns are called wherever people read them, by name: on screens as on paper."""
    return {field.name: str(field.verbose_name) for field in model._meta.sorted_fields if field.verbose_name}


def append_only_tables() -> frozenset[str]:
    return frozenset(m._meta.table_name for m in all_models() if m.append_only)


def engine(url: str) -> ModuleType:
    """What is special about the database at `url`. ValueError in a sentence for one that is not known."""
    scheme = url.partition("://")[0]
    if scheme not in ENGINES or "://" not in url:
        raise ValueError(f"DATABASE_URL belum dikenal: {scheme}:// (yang dikenal: sqlite:///berkas, postgresql://…)")
    return ENGINES[scheme]


def open_database(url: str) -> peewee.Database:
    """Bind the models to the database at `url`; nothing is connected yet. ValueError in a sentence as `engine`."""
    opened = engine(url).app_database(url, append_only_tables)
    database.initialize(opened)
    return opened


def of_few(field: peewee.Field) -> peewee.NodeList:
    """The column as a plain value, for a condition on rows that a better key has made few.

    SQLite keeps no statistics here: of two indexes on one column each it may take the one that finds thousands.
    """
    return peewee.NodeList((peewee.SQL("+"), field))


def among(column: Any, ids: Iterable[int]) -> Any:
    """Condition: the column is one of these ids. As a text: to bind hundreds of marks costs more than to answer."""
    return column.in_(peewee.SQL(f"({', '.join(str(int(number)) for number in ids) or 'NULL'})"))


def insert_rows(model: type[Model], rows: Sequence[Columns]) -> None:
    """Insert rows that share their keys with one prepared statement; field converters apply."""
    if not rows:
        return
    if model.proves():
        _note_added(model, rows)
    fields = [model._meta.fields[name] for name in rows[0]]
    columns = ", ".join(f'"{f.column_name}"' for f in fields)
    marks = ", ".join([database.param] * len(fields))
    sql = f'INSERT INTO "{model._meta.table_name}" ({columns}) VALUES ({marks})'  # noqa: S608 - names of our own models
    convert = [(f.name, f.db_value) for f in fields]
    run_many(sql, [[to_db(row[name]) for name, to_db in convert] for row in rows])


def _note_added(model: type[Model], rows: Sequence[Columns]) -> None:
    """Rows are about to be added; those that get their key from the database are what follows the last one."""
    key = model._meta.primary_key
    if key.name in rows[0]:
        witness.added(model, *(row[key.name] for row in rows))
        return
    last = database.execute_sql(f'SELECT max("{key.column_name}") FROM "{model._meta.table_name}"').fetchone()[0]  # noqa: S608 - own names
    witness.added_after(model, last or 0)


def run_many(sql: str, rows: Iterable[Sequence[Any]]) -> int:
    """Run one statement for many rows on the open transaction; the number of rows it touched. What the driver raises
    comes as Peewee's own error."""
    cursor = database.cursor()
    counted.count()
    with peewee.ExceptionWrapper(peewee.EXCEPTIONS):
        cursor.executemany(sql, rows)
    return int(cursor.rowcount)
