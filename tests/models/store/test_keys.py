"""The panel's keys: made whole and once, read with care, and one key for one database."""

import multiprocessing
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from models import schema
from models.store import keys, seal
from models.store.base import engine as kind_of
from tests.office import KEY, Office, dropped, empty, opened, outside, owner_url_of, url_of

OTHER = bytes(reversed(KEY))
NAMES = (keys.PANEL, keys.COOKIES, "backup.key")


@pytest.fixture(autouse=True)
def _tests_own_key_afterwards() -> Iterator[None]:
    yield
    seal.install(KEY)


@pytest.fixture
def bare(engine: str, tmp_path: Path) -> Iterator[Path]:
    """A database without tables."""
    path = empty(tmp_path, engine)
    yield path
    dropped(path)


def prepare(path: Path, key: bytes) -> list[str]:
    """As the start of a panel with this key does."""
    seal.install(key)
    return schema.prepare(url_of(path), owner_url=owner_url_of(path))


@pytest.mark.parametrize("name", NAMES)
def test_a_key_is_made_once_and_for_its_owner_only(tmp_path: Path, name: str) -> None:
    path = tmp_path / "var" / name
    key = keys.key_in(path)
    assert (len(key), keys.key_in(path)) == (32, key)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == [name]
    assert keys.key_in(tmp_path / "elsewhere") != key
    with pytest.raises(FileExistsError):
        keys.write_key(path, OTHER)
    assert keys.key_in(path) == key


def test_processes_that_start_at_once_get_one_key(tmp_path: Path) -> None:
    paths = [tmp_path / str(number) / keys.PANEL for number in range(40)]
    with multiprocessing.get_context("fork").Pool(8) as pool:
        answers = pool.map(keys.key_in, [path for path in paths for _ in range(8)], chunksize=1)
    for number, path in enumerate(paths):
        assert set(answers[8 * number : 8 * number + 8]) == {keys.key_in(path)}


DIES = """import os, pathlib, sys
from models.store import keys
os.link = lambda *_: os._exit(9)
keys.key_in(pathlib.Path(sys.argv[1]))"""


def test_a_start_that_dies_while_it_makes_a_key_leaves_none(tmp_path: Path) -> None:
    path = tmp_path / keys.PANEL
    assert subprocess.run([sys.executable, "-c", DIES, str(path)], check=False).returncode == 9
    assert not path.exists()
    assert len(keys.key_in(path)) == 32


@pytest.mark.parametrize("content", ["", "\n", "00" * 31, "00" * 33, "zz" * 32, "kunci"])
@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_holds_no_key_is_refused_with_its_cure_and_left(tmp_path: Path, content: str, name: str) -> None:
    path = tmp_path / name
    path.write_text(content)
    with pytest.raises(ValueError, match="kosong atau rusak") as refused:
        keys.key_in(path)
    assert str(path) in str(refused.value)
    assert ("Hapus berkas itu" in str(refused.value)) == (name == keys.COOKIES)  # only of a key that seals nothing
    assert path.read_text() == content


@pytest.mark.parametrize("key", [b"", KEY[:31], KEY + b"\0"], ids=["none", "short", "long"])
def test_no_key_of_another_length_is_installed(key: bytes) -> None:
    with pytest.raises(ValueError, match="32 bita"):
        seal.install(key)


def test_of_two_fresh_machines_on_one_database_the_second_is_stopped_before_it_writes(bare: Path) -> None:
    prepare(bare, KEY)
    with pytest.raises(ValueError, match="bukan kunci basis data ini"):
        prepare(bare, OTHER)
    assert prepare(bare, KEY) == []
    with opened(bare) as database:
        assert database.execute_sql("SELECT count(*) FROM panel_key").fetchone() == (1,)


def test_a_foreign_key_stops_the_start_of_an_office_of_before_there_were_fingerprints(office: Office) -> None:
    office.receive()
    with outside(office.path) as owner:
        owner.execute("DROP TABLE panel_key")
    with pytest.raises(ValueError, match="bukan kunci basis data ini"):
        prepare(office.path, OTHER)
    prepare(office.path, KEY)
    with pytest.raises(ValueError, match="bukan kunci basis data ini"):
        prepare(office.path, OTHER)


@pytest.mark.only("postgresql")
def test_a_role_that_may_not_build_is_stopped_by_a_foreign_key_too(bare: Path) -> None:
    prepare(bare, KEY)
    seal.install(OTHER)
    with pytest.raises(ValueError, match="bukan kunci basis data ini"):
        schema.prepare(url_of(bare))


def test_the_fingerprint_tells_nothing_of_the_key_and_cannot_be_changed(office: Office) -> None:
    owner = kind_of(url_of(office.path)).owner_database(owner_url_of(office.path) or url_of(office.path))
    with owner.connection_context():
        [(fingerprint,)] = owner.execute_sql("SELECT fingerprint FROM panel_key").fetchall()
    assert KEY.hex() not in fingerprint
    assert fingerprint not in {seal.ring().chain.hex(), seal.ring().rows.hex()}
    with pytest.raises(Exception, match="tidak dapat diubah"), outside(office.path) as connection:
        connection.execute("UPDATE panel_key SET fingerprint = ''")
