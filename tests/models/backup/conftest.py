"""What the tests of backups share: another disk, an office with papers and evidence, a server to prove copies on."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.backup.making import Source
from papers.printing import press
from sop import flow
from tests import postgres
from tests.models.case.handed import photo, received
from tests.office import Office, leave_key, owner_url_of, url_of


@pytest.fixture
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder on another disk."""
    return tmp_path_factory.mktemp("lain")


@pytest.fixture
def provable(engine: str) -> Iterator[None]:
    """The owner of the tests' tables may make a database to prove copies in, as docs/operations.md asks for."""
    if engine != "postgresql":
        yield
        return
    with postgres.server().boss() as boss:
        boss.execute(f"ALTER ROLE {postgres.OWNER} CREATEDB")
        yield
        boss.execute(f"ALTER ROLE {postgres.OWNER} NOCREATEDB")


@pytest.fixture
def source(office: Office, provable: None) -> Source:
    """The panel of an office with evidence, with one case closed and its papers printed, with another one waiting."""
    leave_key(office.path.parent)
    case = received(office, photo())
    office.bring([case], flow.CLOSED)
    office.receive()
    while press.print_waiting():
        pass
    return Source(url_of(office.path), owner_url_of(office.path), office.path.parent)
