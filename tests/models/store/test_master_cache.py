"""What is cached of master tables is what is stored, for every reader and writer, on both databases."""

import re
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import peewee as pw
import pytest

from bench.pages import counted
from models import schema
from models.case.case import load
from models.case.content import Composer
from models.complaint.complaint import Complaint
from models.complaint.scope import viewer
from models.complaint.search_words import planned_for_parameters
from models.office import decree, people
from models.office.calendar import Holiday, WorkHours, clock
from models.office.lists import Category, StandingTeam
from models.office.people import PLH, Acting, Division, Mandate, Post, User, decrees_on, posts_by_unit, today
from models.office.settings import Setting, store_setting, values
from models.store import master_cache, statement_counters
from models.store.base import all_models, database, now, union_all
from sop.procedure import KEPALA_DINAS
from tests.office import EMERGENCY, MONDAY, SECRET, Office, outside, url_of

KEY, SINCE, FAR = "panel.office", date(2026, 1, 1), date(2030, 1, 1)
READS = re.compile(r'(?:FROM|JOIN) "(\w+)"')
MASTERS = [model for model in all_models() if model.cached]


def token() -> str:
    return str(master_cache.TOKEN.clone().scalar())


def name() -> str:
    return str(values()[KEY])


def stored() -> str:
    return str(Setting.get((Setting.key == KEY) & (Setting.valid_from == SINCE)).value)


def rename_elsewhere(path: Path, value: str) -> None:
    """Change the setting by another connection, as another process does."""
    with outside(path) as raw:
        raw.execute(f"""UPDATE "setting" SET "value" = '"{value}"' WHERE "key" = '{KEY}'""")


@pytest.fixture
def named(office: Office) -> Office:
    store_setting(KEY, "Dinas Contoh", SINCE)
    assert name() == "Dinas Contoh"
    return office


def test_each_change_of_a_master_replaces_the_token(office: Office) -> None:
    tokens = [token()]
    row = Holiday.create(day=FAR, name="Contoh")
    tokens.append(token())
    Holiday.update(name="Lain").where(Holiday.id == row.id).execute()
    tokens.append(token())
    row.delete_instance()
    assert len({*tokens, token()}) == 4


@pytest.mark.parametrize("model", MASTERS, ids=lambda model: model._meta.table_name)
def test_each_master_table_has_the_trigger(office: Office, model: Any) -> None:
    table = model._meta.table_name
    if database.obj.__class__.__name__.endswith("Postgres"):
        found = database.execute_sql(
            "SELECT event_manipulation FROM information_schema.triggers WHERE event_object_table = %s AND "
            "action_timing = 'AFTER' AND trigger_name = %s",
            (table, f"renew_{table}"),
        )
        assert {"INSERT", "UPDATE", "DELETE"} == {act for (act,) in found}
    else:
        found = database.execute_sql("SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?", (table,))
        assert {f"renew_{table}_{act}" for act in ("insert", "update", "delete")} <= {one for (one,) in found}


def test_a_value_is_read_once_as_long_as_no_master_changes(named: Office) -> None:
    name(), clock(), posts_by_unit(today())
    with counted() as sent:
        name(), clock(), posts_by_unit(today())
    assert all("master_token" in sql for sql in sent), sent


def test_a_request_asks_once_and_sees_one_moment(named: Office) -> None:
    master_cache.begin_request()
    with counted() as sent:
        assert name() == "Dinas Contoh"
        rename_elsewhere(named.path, "Dinas Lain")
        assert name() == "Dinas Contoh"
    assert len(sent) == 1
    master_cache.end_request()
    assert name() == "Dinas Lain"


def test_who_writes_in_a_request_reads_what_he_wrote(named: Office) -> None:
    master_cache.begin_request()
    assert name() == "Dinas Contoh"
    store_setting(KEY, "Dinas Lain", SINCE)
    assert name() == "Dinas Lain"
    master_cache.end_request()


def test_a_transaction_reads_what_it_wrote_and_one_undone_leaves_nothing(named: Office) -> None:
    with suppress(ZeroDivisionError), database.atomic():
        assert name() == "Dinas Contoh"
        store_setting(KEY, "Dinas Lain", SINCE)
        assert name() == "Dinas Lain"
        Setting.update(value="Dinas Ketiga").where(Setting.key == KEY).execute()
        assert name() == "Dinas Ketiga"
        raise ZeroDivisionError
    assert name() == "Dinas Contoh"


def test_a_transaction_reads_what_was_stored_when_it_began(named: Office) -> None:
    master_cache.begin_request()
    assert name() == "Dinas Contoh"
    rename_elsewhere(named.path, "Dinas Lain")
    with database.atomic():
        assert name() == "Dinas Lain", "the writer decides by what is stored, not by what the page saw"
    assert name() == "Dinas Lain", "nor does the page then show what is older than what was written"
    master_cache.end_request()


def test_a_value_read_while_another_process_writes_is_not_cached(named: Office) -> None:
    def read() -> str:
        before = stored()
        rename_elsewhere(named.path, "Dinas Lain")
        return before

    assert master_cache.cached("slow", read) == "Dinas Contoh"
    assert master_cache.cached("slow", stored) == "Dinas Lain"


def test_on_a_connection_that_is_not_the_panels_nothing_is_cached(named: Office) -> None:
    plain = pw.SqliteDatabase(":memory:")
    seen: list[str] = []
    with plain.connection_context(), plain.bind_ctx([Setting, master_cache.MasterToken], bind_refs=False):
        plain.create_tables([Setting, master_cache.MasterToken])
        for value in ("satu", "dua"):
            Setting.delete().execute()
            Setting.create(key=KEY, value=value, valid_from=SINCE)
            seen.append(name())
    assert seen == ["satu", "dua"]
    assert name() == "Dinas Contoh"


def test_on_a_database_of_an_older_version_nothing_is_cached(named: Office) -> None:
    """`flask check` and `flask diagnose` read it before it is migrated."""
    with outside(named.path) as raw:
        raw.execute('DROP TABLE "master_token"')
    assert name() == "Dinas Contoh"


def test_a_case_may_refer_to_masters_made_since_the_request_began(office: Office) -> None:
    """It is read later than they: by another process a case got a category, unit, medium and registrar just made."""
    [case] = office.receive()
    master_cache.begin_request()
    load([case], office["petugas"], now())
    Composer({}, {}, at=now(), demo=False)
    with outside(office.path) as raw:
        for table, column, key in MADE:
            names = raw.execute(f'SELECT * FROM "{table}"').description
            copied = ", ".join(f'"{column[0]}"' for column in names if column[0] not in ("id", key))
            raw.execute(
                f'INSERT INTO "{table}" ("id", "{key}", {copied}) SELECT 900, \'new\', {copied} FROM "{table}"'
                f' WHERE "id" = (SELECT min("id") FROM "{table}")'
            )
            raw.execute(f'UPDATE "complaint" SET "{column}" = 900')
    cases = load([case], office["petugas"], now())
    composer = Composer(cases, {}, at=now(), demo=False)
    assert cases[case].category.id == 900
    assert 900 in composer.users.keys() & composer.divisions.keys() & composer.media.keys()
    master_cache.end_request()


MADE = (  # table, the complaint's column, a unique text
    ("category", "category_id", "code"),
    ("user", "registrar_id", "username"),
    ("division", "unit_id", "code"),
    ("medium", "medium_id", "code"),
)
REBUILT = """CREATE TABLE "new" AS SELECT * FROM "setting";
UPDATE "new" SET "value" = '"Dinas Lain"' WHERE "key" = 'panel.office';
DROP TABLE "setting";
ALTER TABLE "new" RENAME TO "setting";
"""


@pytest.mark.only("sqlite")
def test_a_migration_that_rebuilds_a_master_table_replaces_the_token(named: Office, tmp_path: Path) -> None:
    """No trigger sees it: they go with the old table."""
    before, folder = token(), tmp_path / "migrations"
    folder.mkdir()
    (folder / "9001_rebuild.sql").write_text(REBUILT)
    schema.prepare(url_of(named.path), folder)
    assert token() != before
    assert name() == "Dinas Lain"
    schema.prepare(url_of(named.path), folder)


def test_values_not_used_for_longest_make_room(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def keys() -> list[object]:
        return [key for values in master_cache._values.values() for key in values]

    monkeypatch.setattr(master_cache, "KEYS", 3)
    master_cache._values.clear()
    for key in "abcd":
        master_cache.cached(key, lambda key=key: key)
    assert keys() == ["b", "c", "d"]
    assert master_cache.cached("b", lambda: "anew") == "b"
    assert keys() == ["c", "d", "b"]
    Holiday.create(day=FAR, name="Contoh")
    for key in "ef":
        assert master_cache.cached(key, lambda key=key: key) == key
    assert keys() == ["b", "e", "f"]
    assert [master_cache.cached(key, lambda: "anew") for key in "fa"] == ["f", "anew"]


CHANGES: dict[str, tuple[Callable[[Office], Any], Callable[[Office], object]]] = {
    "a setting": (lambda o: values()["answer.length"], lambda o: store_setting("answer.length", 777, SINCE)),
    "a holiday": (
        lambda o: clock(),
        lambda o: Holiday.create(day=MONDAY.date() + timedelta(days=1), name="Contoh"),
    ),
    "hours": (
        lambda o: clock(),
        lambda o: WorkHours.update(closes=time(12)).where(WorkHours.weekday == 0).execute(),
    ),
    "a deputy": (lambda o: [str(row) for row in decrees_on(today())], lambda o: appoint(o)),
    "a deputy's lanes": (lambda o: KEPALA_DINAS in fresh(o, "bidang.ppa").lanes, lambda o: appoint(o)),
    "a deputy on the list": (lambda o: [str(row) for row in decree.in_force(today())], lambda o: appoint(o)),
    "a post": (
        lambda o: people.units_headed_by(o["kadis"], today()),
        lambda o: Post.update(valid_to=SINCE).where(Post.holder == o["kadis"]).execute(),
    ),
    "the name of a signer": (
        lambda o: posts_by_unit(today())[None][0].name,
        lambda o: User.update(name="Nama Lain").where(User.username == "kadis").execute(),
    ),
    "a mandate": (
        lambda o: fresh(o, "pengawas").mandated,
        lambda o: Mandate.update(valid_to=SINCE).execute(),
    ),
    "a standing team": (
        lambda o: len(fresh(o, "staf.rehsos").teams),
        lambda o: StandingTeam.create(category=Category.get(code=SECRET), user=o["staf.rehsos"]),
    ),
}


def fresh(office: Office, username: str) -> Any:
    return viewer(User.get(User.username == username))


def appoint(office: Office) -> None:
    Acting.create(
        kind=PLH,
        division=None,
        user=office["bidang.ppa"],
        decree="1",
        decree_date=SINCE,
        valid_from=SINCE,
        valid_to=FAR,
    )


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_read_at_once_and_undone_with_its_transaction(office: Office, change: str) -> None:
    Mandate.create(user=office["pengawas"], number="1", valid_from=SINCE)
    read, write = CHANGES[change]
    before = read(office)
    with suppress(ZeroDivisionError), database.atomic():
        write(office)
        assert read(office) != before
        raise ZeroDivisionError
    assert read(office) == before
    write(office)
    assert read(office) != before


def test_rows_of_the_cache_are_handed_out_as_copies(office: Office) -> None:
    appoint(office)
    [first], [second] = decrees_on(today()), decrees_on(today())
    viewer(first.user)
    first.user.name = "diubah"
    assert second.user.name != "diubah"
    assert "_viewer" not in second.user.__dict__
    assert not second.user.is_dirty()


def test_what_is_cached_is_read_of_master_tables_only(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Over a day of work; a value of another table would be outdated without anybody noticing."""
    real, asked = master_cache.cached, {}

    def watched(key: Any, read: Callable[[], Any]) -> Any:
        with counted() as sent:
            read()
        asked[key if isinstance(key, str) else key[0]] = {table for sql in sent for table in READS.findall(sql)}
        return real(key, read)

    monkeypatch.setattr(master_cache, "cached", watched)
    office.bring(office.receive(1, category=EMERGENCY), "closed")
    for user in office.people.values():
        fresh(office, user.username)
    decree.registered_actings(today())
    assert asked.keys() >= {"settings", "clock", "post_book", "mandates", "standing_teams", "emergency_units"}
    assert set().union(*asked.values()) <= master_cache.cached_tables()


def test_threads_read_what_is_stored_while_another_writes(named: Office) -> None:
    """Whoever asks after a write has ended sees it or a later one."""
    last, wrong = [0], []
    store_setting("answer.length", 1_000, SINCE)

    def read() -> None:
        with database.connection_context():
            while last[0] < ROUNDS:
                written = last[0]
                master_cache.begin_request()
                seen = values()["answer.length"] - 1_000
                master_cache.end_request()
                if seen < written:
                    wrong.append((seen, written))

    readers = [threading.Thread(target=read) for _ in range(3)]
    for thread in readers:
        thread.start()
    for number in range(1, ROUNDS + 1):
        with database.atomic():
            Setting.update(value=1_000 + number).where(Setting.key == "answer.length").execute()
        last[0] = number
    for thread in readers:
        thread.join()
    assert wrong == []


ROUNDS = 100


def test_a_union_and_a_setting_of_the_connection_are_not_taken_for_writing(office: Office) -> None:
    statement_counters.take_written()
    with planned_for_parameters():
        list(union_all([Complaint.select(Complaint.id), Complaint.select(Complaint.id)]))
    assert statement_counters.take_written() == set()


def test_a_query_that_begins_with_another_is_not_taken_for_writing_unless_it_writes(office: Office) -> None:
    some = Division.select(Division.id).where(Division.id < 0).cte("some", columns=("id",))
    statement_counters.take_written()
    assert not list(pw.Select([some], [some.c.id]).with_cte(some).bind(database).tuples())
    assert statement_counters.take_written() == set()
    Division.update(name="x").where(Division.id.in_(pw.Select([some], [some.c.id]))).with_cte(some).execute()
    assert statement_counters.take_written() == {statement_counters.ANY_TABLE}
