"""What every test may ask for: an office at work on a database file of its own, copied from one that is built once."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.office import Office, build, copied, opened

settings.register_profile(
    "panel", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
settings.load_profile("panel")


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The masters and the office's people on file; copy it, never open it."""
    return build(tmp_path_factory.mktemp("office"))


@pytest.fixture
def office(template: Path, tmp_path: Path) -> Iterator[Office]:
    """The office at work on a fresh database file, connected in this thread."""
    path = copied(template, tmp_path)
    with opened(path):
        yield Office.at_work(path)
