"""PostgreSQL: roles, what the panel's role may do, one writer at a time, and a server that goes away and comes back."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import peewee as pw
import psycopg
import pytest

from admin.terminal import commands
from models import schema
from models.complaint.complaint import Complaint
from models.office.lists import Medium
from models.store import base, installation, postgres
from models.store.base import all_models, append_only_tables, database
from models.store.installation import Installation
from tests import postgres as at
from tests.office import KEY, dropped, empty, opened, owner_url_of, url_of
from tests.patience import LONGEST, wait_until

pytestmark = pytest.mark.only("postgresql")


def name_of(path: Path) -> str:
    return path.read_text().splitlines()[2]


def rights(path: Path, role: str) -> dict[str, set[str]]:
    """What a role may do with each table."""
    kinds = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")
    with at.server().boss(name_of(path)) as boss:
        names = [*(m._meta.table_name for m in all_models()), "migration"]
        asked = "SELECT has_table_privilege(%s, %s, %s)"
        return {t: {k for k in kinds if boss.execute(asked, (role, f'"{t}"', k)).fetchone()[0]} for t in names}


def test_the_panels_role_may_read_and_add_and_change_only_what_is_not_append_only(template):
    found, frozen = rights(template, at.PANEL), append_only_tables()
    assert found.pop("migration") == {"SELECT"}
    for table, may in found.items():
        assert may == {"SELECT", "INSERT"} | (set() if table in frozen else {"UPDATE", "DELETE"}), table


def test_the_panels_role_owns_nothing_and_makes_nothing(template):
    with at.server().boss(name_of(template)) as boss:
        owners = {o for (o,) in boss.execute("SELECT tableowner FROM pg_tables WHERE schemaname = 'public'")}
        assert owners == {at.OWNER}
        for asked in (
            "has_schema_privilege('panel', 'public', 'CREATE')",
            "pg_has_role('panel', 'pemilik', 'MEMBER')",
            "has_database_privilege('panel', current_database(), 'CREATE, TEMPORARY')",
        ):
            assert boss.execute(f"SELECT {asked}").fetchone() == (False,), asked


@pytest.fixture
def bare(engine: str, tmp_path: Path) -> Iterator[Path]:
    """A database without tables."""
    path = empty(tmp_path, engine)
    yield path
    dropped(path)


def test_preparing_takes_temporary_tables_away_from_everybody(bare):
    schema.prepare(url_of(bare), owner_url=owner_url_of(bare))
    with at.server().boss(name_of(bare)) as boss:
        asked = "SELECT has_database_privilege('panel', current_database(), 'TEMPORARY, CREATE')"
        assert boss.execute(asked).fetchone() == (False,)


def test_one_url_of_a_role_that_may_make_roles_is_enough(bare):
    url = at.server().url(name_of(bare), "postgres")
    schema.prepare(url)
    opened_here = base.open_database(url)
    with opened_here.connection_context():
        assert opened_here.execute_sql("SELECT current_user").fetchone() == (postgres.app_role(name_of(bare)),)
        for sql in ("DELETE FROM event", "TRUNCATE event CASCADE", "DROP TRIGGER guard_event_update ON event"):
            with pytest.raises(pw.DatabaseError):
                opened_here.execute_sql(sql)
    opened_here.close_all()
    assert schema.prepare(url) == []


def test_one_url_of_an_owner_that_may_not_make_roles_is_refused_in_a_sentence(bare):
    with pytest.raises(ValueError, match="DATABASE_OWNER_URL"):
        schema.prepare(owner_url_of(bare))


def test_a_missing_role_is_named(bare):
    with pytest.raises(ValueError, match="Peran missing"):
        schema.prepare(at.server().url(name_of(bare), "missing"), owner_url=owner_url_of(bare))


def test_without_the_owners_url_the_panel_starts_on_tables_that_are_ready_and_on_no_others(bare):
    with pytest.raises(ValueError, match="Tabel belum siap"):
        schema.prepare(url_of(bare))
    schema.prepare(url_of(bare), owner_url=owner_url_of(bare))
    assert schema.prepare(url_of(bare)) == []
    with at.server().boss(name_of(bare)) as boss:
        boss.execute("DELETE FROM migration")
    with pytest.raises(ValueError, match="Tabel belum siap"):
        schema.prepare(url_of(bare))


LOST = {
    "lost": 'DROP TRIGGER "renew_setting" ON "setting"',
    "switched off": 'ALTER TABLE "event" DISABLE TRIGGER "guard_event_update"',
    "on the table before": 'ALTER TABLE "setting" RENAME TO "before"; CREATE TABLE "setting" (LIKE "before")',
}


@pytest.mark.parametrize("how", LOST)
def test_without_the_owners_url_the_panel_does_not_start_on_tables_that_lack_a_trigger(bare, how):
    """As after a table was restored by hand: the history could be changed, and other processes show old masters."""
    schema.prepare(url_of(bare), owner_url=owner_url_of(bare))
    with psycopg.connect(owner_url_of(bare), autocommit=True) as owner:
        owner.execute(LOST[how])
    with pytest.raises(ValueError, match="Tabel belum siap"):
        schema.prepare(url_of(bare))
    schema.prepare(url_of(bare), owner_url=owner_url_of(bare))
    assert schema.prepare(url_of(bare)) == []


def test_an_office_brought_back_is_known_before_the_panel_s_role_has_its_rights(office):
    with at.server().boss(name_of(office.path)) as boss:
        boss.execute("REVOKE ALL ON ALL TABLES IN SCHEMA public FROM panel")
    known = url_of(office.path), owner_url_of(office.path)
    assert schema.has_people(*known)
    assert schema.is_sealed(*known)
    commands.check_before_start(*known, office.path.parent, office=True)
    installation.leave(office.path.parent / installation.LOCK_FILE)


def test_a_connection_that_could_rewrite_the_history_is_not_used(office):
    with at.server().boss(name_of(office.path)) as boss:
        boss.execute("GRANT UPDATE ON event TO panel")
    loose = postgres.app_database(url_of(office.path), append_only_tables)
    with pytest.raises(pw.DatabaseError):
        loose.connect()


def test_two_who_prepare_at_once_do_not_disturb_each_other(bare):
    failed: list[Exception] = []

    def prepare() -> None:
        try:
            schema.prepare(url_of(bare), owner_url=owner_url_of(bare))
        except Exception as fault:
            failed.append(fault)

    people = [threading.Thread(target=prepare) for _ in range(4)]
    for one in people:
        one.start()
    for one in people:
        one.join()
    assert failed == []


def test_a_lock_of_migrations_that_nobody_gives_back_is_waited_for_a_while_and_its_holder_named(bare, monkeypatch):
    monkeypatch.setattr(postgres, "BUILDING", 0.3)
    with psycopg.connect(owner_url_of(bare), autocommit=True) as holder:
        holder.execute("SELECT pg_advisory_lock(%s)", (postgres.BUILDER,))
        named = f"PID {holder.info.backend_pid} .*pengguna {at.OWNER}, dari server itu sendiri, sejak"
        with pytest.raises(ValueError, match=named):
            schema.prepare(url_of(bare), owner_url=owner_url_of(bare))
    wait_until(lambda: schema.prepare(url_of(bare), owner_url=owner_url_of(bare)))
    with psycopg.connect(owner_url_of(bare), autocommit=True) as holder:
        holder.execute("SELECT pg_advisory_lock(%s)", (postgres.BUILDER,))
        assert schema.prepare(url_of(bare), owner_url=owner_url_of(bare)) == []  # has no need of it


@pytest.mark.parametrize(
    "lost",
    [
        "REVOKE INSERT ON event FROM panel",
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM panel",
        "GRANT UPDATE ON event TO panel",
        "GRANT TRUNCATE ON setting TO panel",
        "GRANT CREATE ON SCHEMA public TO panel",
    ],
)
def test_rights_that_were_changed_by_hand_are_as_they_should_be_after_the_next_start(bare, lost):
    schema.prepare(url_of(bare), owner_url=owner_url_of(bare))
    before = rights(bare, at.PANEL)
    with at.server().boss(name_of(bare)) as boss:
        boss.execute(lost)
        schema.prepare(url_of(bare), owner_url=owner_url_of(bare))
        assert rights(bare, at.PANEL) == before
        assert boss.execute("SELECT has_schema_privilege('panel', 'public', 'CREATE')").fetchone() == (False,)


STARTS = """import sys
from models import schema
from models.store import seal
seal.install(bytes.fromhex(sys.argv[3]))
for _ in range(5):
    schema.prepare(sys.argv[1], owner_url=sys.argv[2])"""


@pytest.mark.soak
@pytest.mark.parametrize("changes", [False, True], ids=["nothing to change", "all anew"])
def test_starts_under_two_writers_and_a_reader_refuse_no_act_and_end_in_no_deadlock(office, changes):
    if changes:
        with psycopg.connect(owner_url_of(office.path), autocommit=True) as owner:
            owner.execute("DELETE FROM schema_state")
    failed, written, over = [], [], threading.Event()

    def write(name: str) -> None:
        while not over.is_set():
            try:
                with database.connection_context(), database.atomic():
                    Medium.update(name=name).where(Medium.code == "loket").execute()
                    Installation.create(at=base.now(), mark=name)
                written.append(name)
            except Exception as fault:
                failed.append(fault)

    def read() -> None:
        while not over.is_set():
            try:
                with database.connection_context(), base.snapshot():
                    assert list(Medium.select())
                    assert list(Complaint.select().limit(5)) == []
            except Exception as fault:
                failed.append(fault)

    people = [threading.Thread(target=write, args=(name,)) for name in ("satu", "dua")]
    people.append(threading.Thread(target=read))
    for one in people:
        one.start()
    words = [sys.executable, "-c", STARTS, url_of(office.path), owner_url_of(office.path), KEY.hex()]
    starts = [subprocess.Popen(words, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    errors = [start.communicate()[1] for start in starts]
    over.set()
    for one in people:
        one.join()
    assert errors == [""] * 4
    assert failed == []
    assert len(written) > 20
    print(f"{len(written)} acts while four processes started five times each")


def test_an_old_server_is_refused_in_a_sentence(bare, monkeypatch):
    monkeypatch.setattr(postgres, "OLDEST", 990_000)
    with pytest.raises(ValueError, match="PostgreSQL terlalu lama"):
        schema.prepare(url_of(bare), owner_url=owner_url_of(bare))


def test_a_second_writer_waits_for_the_first_and_then_sees_what_it_wrote(office):
    seen: list[int] = []

    def second() -> None:
        with database.connection_context(), database.atomic():
            seen.append(Medium.select().where(Medium.name == "Ditulis yang pertama").count())

    with database.atomic():
        Medium.update(name="Ditulis yang pertama").where(Medium.code == "loket").execute()
        waiting = threading.Thread(target=second)
        waiting.start()
        with psycopg.connect(owner_url_of(office.path)) as other:
            wait_until(lambda: other.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone())
        assert seen == []
    waiting.join(LONGEST)
    assert seen == [1]


def test_a_writer_that_waits_too_long_gives_up_and_its_connection_stays_of_use(office, monkeypatch):
    with psycopg.connect(url_of(office.path)) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", (postgres.WRITER,))
        database.execute_sql("SET lock_timeout = '50ms'")
        with pytest.raises(pw.OperationalError), database.atomic():
            pytest.fail("the second writer did not wait")
        assert Complaint.select().count() == 0
    database.execute_sql("SET lock_timeout = '10s'")
    assert office.receive()


def test_what_people_type_loses_its_nul_and_nothing_else(office):
    [case] = office.receive(story="Satu\0dua ‮ 🌧 é")
    assert Complaint.get_by_id(case).story == "Satudua ‮ 🌧 é"
    assert list(Complaint.select().where(Complaint.story.contains("\0"))) != []


def test_a_used_up_pool_is_a_database_that_is_busy(office, monkeypatch):
    pool = postgres.app_database(url_of(office.path), append_only_tables)
    pool._max_connections, pool._wait_timeout = 1, 0.1
    pool.connect()
    failed: list[Exception] = []

    def second() -> None:
        try:
            pool.connect()
        except Exception as fault:
            failed.append(fault)

    other = threading.Thread(target=second)
    other.start()
    other.join()
    pool.close_all()
    assert [type(fault) for fault in failed] == [pw.OperationalError]


@pytest.fixture
def server() -> Iterator[at.Server]:
    """A server of this test's own, since it is stopped."""
    mine = at.Server.begun("synchronous_commit=on")
    yield mine
    mine.end()


def test_after_an_outage_the_next_connection_works(server, tmp_path, monkeypatch):
    monkeypatch.setattr(at, "server", lambda: server)
    path = empty(tmp_path, "postgresql")
    schema.prepare(url_of(path), owner_url=owner_url_of(path))
    with opened(path) as here:
        assert Complaint.select().count() == 0
        took: list[float] = []
        for _ in range(3):
            server.stop()
            begun = time.perf_counter()
            with pytest.raises(pw.DatabaseError):
                Complaint.select().count()
            here.close()
            with pytest.raises(pw.DatabaseError):
                here.connect()
            took.append(time.perf_counter() - begun)
            server.start()
            here.connect()
            assert Complaint.select().count() == 0
        assert min(took) < 2  # seconds; a busy machine may be late once
