"""What every test may ask for: an office at work on a database file of its own, copied from one that is built once."""

import gc
import os
import shutil
import tempfile
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, settings

from models.operations import signing_settings
from tests.office import ENGINES, Office, build, copied, dropped, opened

pytest_plugins = ["tests.clock", "tests.cost"]

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
settings.register_profile("panel", deadline=None, suppress_health_check=SLOW, derandomize=True)  # never by chance
settings.register_profile("soak", deadline=None, suppress_health_check=SLOW, print_blob=True)  # chance looks by night
settings.load_profile("panel")


OF_THE_PANEL = ("DATABASE_URL", "DATABASE_OWNER_URL", "SECRET_KEY", "MAIL_URL", *signing_settings.NAMES)
elsewhere = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Before anything is collected: what a test asks of Hypothesis stands on the tier's profile. A test that does not
    say where a panel lives reaches neither the var/ of this folder nor the developer's database."""
    config.stash[elsewhere] = os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="panel-tests-")
    for name in OF_THE_PANEL:
        os.environ.pop(name, None)
    settings.load_profile("soak" if config.getoption("markexpr") == "soak" else "panel")
    gc.set_threshold(100_000, 50, 100)  # a twentieth of the tests' time went into looking for what is left
    name_openers_of_connections()


def name_openers_of_connections() -> None:
    """Have psycopg's warning of an unclosed connection name who opened it. It comes when the garbage is collected, long
    after and in another test, so it is shown under the run's warnings and fails no test."""
    connection: Any = psycopg.Connection
    init = connection.__init__

    def opened_by(self: Any, *args: Any, **options: Any) -> None:
        self.opener = f"{os.environ.get('PYTEST_CURRENT_TEST', 'no test')}, thread {threading.current_thread().name}"
        init(self, *args, **options)

    def collected(self: Any) -> None:
        if hasattr(self, "pgconn") and not self.closed:
            warnings.warn(f"A connection was left open by {self.opener}", ResourceWarning, stacklevel=1, source=self)

    connection.__init__, connection.__del__ = opened_by, collected


def pytest_unconfigure(config: pytest.Config) -> None:
    shutil.rmtree(config.stash.get(elsewhere, ""), ignore_errors=True)


LONG = (
    "browser/looks/test_every_page",
    "admin/matrix/",
    "browser/",
    "test_sixth_row",
    "test_cards",
    "admin/hostile/",
    "models/drills/",
    "papers/",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long files first, so that at the end of a run no worker is alone with one of them."""
    items.sort(key=lambda item: next((n for n, part in enumerate(LONG) if part in item.nodeid), len(LONG)))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What works on an office is shown on both databases; `only(engine)` marks what is about one of them."""
    if "engine" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("only")
        metafunc.parametrize("engine", only.args if only else ENGINES, scope="session", indirect=True)


@pytest.fixture(scope="session")
def engine(request: pytest.FixtureRequest) -> str:
    """The kind of database that the test runs on."""
    return request.param


@pytest.fixture(scope="session")
def template(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The masters and the office's people in a database; copy it, never open it."""
    return build(tmp_path_factory.mktemp("office"), engine)


@pytest.fixture(scope="session")
def unnamed(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of an office that has yet to say who it is, of no city that the panel knows."""
    return build(tmp_path_factory.mktemp("unnamed"), engine, city="")


@pytest.fixture(scope="session")
def begun(template: Path) -> Path:
    """What each test's database is copied from; a module whose tests all begin with the same work does it in one."""
    return template


@pytest.fixture
def office(begun: Path, template: Path, tmp_path: Path) -> Iterator[Office]:
    """The office at work on a fresh database, connected in this thread."""
    path = copied(begun, tmp_path)
    with opened(path):
        yield Office.at_work(path)
    dropped(path)
