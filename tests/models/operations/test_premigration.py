"""Before a migration the database is copied; the copy leads back, and without it nothing is changed."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import digest, schema
from models.operations import backup_schedule, postgres_copy
from models.operations.backup_making import Source
from models.operations.backup_schedule import FOLDER, MOST, copy_before_migration
from models.store import seal
from models.store.base import database
from tests.admin.doors import panel_on
from tests.admin.running.process import outcome
from tests.admin.running.smalldisk import small_disk
from tests.corpus.kept import VERSIONS, handed
from tests.models.behind import schema as schema_of
from tests.office import KEY, Office, dropped, empty, leave_key, opened, outside, owner_url_of, url_of

by_night_on_postgresql = pytest.mark.nightly(engine=("postgresql",))


@pytest.fixture
def old(engine: str, tmp_path: Path) -> Iterator[Path]:
    """An office of the first version that landed."""
    path = handed(VERSIONS[0], engine, tmp_path)
    leave_key(tmp_path)
    seal.install(KEY)
    yield path
    dropped(path)


def source_of(path: Path) -> Source:
    return Source(url_of(path), owner_url_of(path), path.parent)


def migrated(path: Path) -> list[str]:
    """Prepared as a start does, the copy first."""
    source = source_of(path)
    return schema.prepare(
        source.url, owner_url=source.owner_url, first=lambda waiting: copy_before_migration(source, waiting)
    )


def marks(path: Path) -> set[str]:
    with outside(path) as raw:
        return {name for (name,) in raw.execute('SELECT "name" FROM "migration"').fetchall()}


def digest_of(path: Path) -> str:
    with opened(path):
        return digest.digest()


def brought_back(copy: Path, engine: str, folder: Path) -> Path:
    """The copy laid into a place of its own, as docs/operations.md describes it."""
    path = empty(folder, engine)
    if engine == "sqlite":
        shutil.copy(copy, path)
    else:
        shutil.copy(copy, folder / postgres_copy.PART)
        postgres_copy.bring(folder, url_of(path), owner_url_of(path))
    return path


@by_night_on_postgresql
def test_the_copy_is_of_before_the_first_migration_and_leads_to_the_same_once_more(
    old: Path, engine: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = marks(old)
    applied = migrated(old)
    [copy] = (old.parent / FOLDER).iterdir()
    assert applied[0] in copy.name
    assert copy.stat().st_mode & 0o077 == 0
    again = brought_back(copy, engine, tmp_path_factory.mktemp("again"))
    assert marks(again) == before
    assert migrated(again) == applied
    assert digest_of(again) == digest_of(old)
    dropped(again)


@pytest.mark.only("sqlite")
def test_a_start_says_where_the_copy_lies_and_makes_no_second_one(
    old: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    panel_on(old)
    [copy] = (old.parent / FOLDER).iterdir()
    assert re.search(rf"oleh \d+ migrasi; .*: {copy}$", capsys.readouterr().err, re.MULTILINE)
    copy.unlink()
    panel_on(old)
    assert list((old.parent / FOLDER).iterdir()) == []
    database.close_all()


@pytest.mark.only("sqlite")
def test_on_request_it_migrates_without_one(old: Path) -> None:
    panel_on(old, MIGRATE_WITHOUT_COPY=True)
    assert not (old.parent / FOLDER).exists()
    database.close_all()


@pytest.mark.only("sqlite")
def test_an_empty_place_is_prepared_without_one(tmp_path: Path) -> None:
    path = tmp_path / "panel.sqlite"
    assert migrated(path)
    assert not (tmp_path / FOLDER).exists()


@pytest.mark.only("sqlite")
@pytest.mark.slow("a process of its own")
def test_a_start_that_cannot_copy_says_why_and_how_to_go_on_and_has_changed_nothing(old: Path) -> None:
    (old.parent / FOLDER).touch()
    before = marks(old), schema_of(old)
    code, sentence = outcome(old)
    assert code == 1
    assert sentence.count("\n") == 1
    assert "Basis data belum diubah, karena salinannya tidak dapat dibuat" in sentence
    assert "tidak dapat ditulisi" in sentence
    assert "MIGRATE_WITHOUT_COPY=1" in sentence
    assert (marks(old), schema_of(old)) == before


@pytest.fixture
def narrow(tmp_path: Path) -> Iterator[Path]:
    """A disk with less room than a copy takes."""
    with small_disk(tmp_path / "disk", "300k") as place:
        yield place


@by_night_on_postgresql
def test_without_room_for_the_copy_nothing_is_left_of_it(office: Office, narrow: Path) -> None:
    (narrow / "filler").write_bytes(bytes(290_000))
    with pytest.raises(ValueError, match="belum diubah"):
        copy_before_migration(Source(url_of(office.path), owner_url_of(office.path), narrow), ["9002_next"])
    assert list((narrow / FOLDER).iterdir()) == []


@pytest.mark.only("sqlite")
def test_on_sqlite_it_says_that_there_is_no_room(office: Office, narrow: Path) -> None:
    with pytest.raises(ValueError, match=f"{narrow / FOLDER}: {backup_schedule.NO_ROOM}"):
        copy_before_migration(Source(url_of(office.path), None, narrow), ["9002_next"])


@pytest.mark.only("sqlite")
def test_a_broken_file_is_not_migrated(office: Office, tmp_path: Path) -> None:
    broken = tmp_path / "broken.sqlite"
    database.close_all()
    data = bytearray(office.path.read_bytes())
    data[-40_000:] = b"x" * 40_000
    broken.write_bytes(data)
    with pytest.raises(ValueError, match="berkas basis data rusak"):
        copy_before_migration(Source(url_of(broken), None, tmp_path), ["9002_next"])
    assert list((tmp_path / FOLDER).iterdir()) == []
    database.connect()


@pytest.mark.only("sqlite")
def test_another_try_replaces_the_copy_and_few_are_retained(office: Office) -> None:
    source = source_of(office.path)
    for number in range(MOST + 2):
        for _ in range(2):
            copy_before_migration(source, [f"90{number:02}_next", "9100_last"])
    names = sorted(path.name for path in (office.path.parent / FOLDER).iterdir())
    assert names == [f"panel-90{number:02}_next.sqlite" for number in range(2, MOST + 2)]


@pytest.mark.only("sqlite")
def test_the_demo_in_the_same_folder_has_copies_of_its_own(office: Office) -> None:
    """Both lie in one VAR_DIR and wait for the same migration."""
    source, demo = source_of(office.path), office.path.with_name("demo.sqlite")
    copy = copy_before_migration(source, ["9002_next"])
    shutil.copy(copy, demo)
    with outside(demo) as raw:
        raw.execute("DELETE FROM kelurahan")
    before = copy.read_bytes()
    for number in range(MOST + 1):
        copy_before_migration(Source(url_of(demo), None, source.var), [f"{9002 + number}_next"])
    assert copy.read_bytes() == before


@by_night_on_postgresql
def test_what_has_been_written_so_far_is_in_the_copy(
    office: Office, engine: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    office.receive(2)
    digest = office.digest()
    copy = copy_before_migration(source_of(office.path), ["9002_next"])
    again = brought_back(copy, engine, tmp_path_factory.mktemp("again"))
    schema.prepare(url_of(again), owner_url=owner_url_of(again))
    mine = database.obj
    database.close_all()
    assert digest_of(again) == digest
    dropped(again)
    database.initialize(mine)
    database.connect()
