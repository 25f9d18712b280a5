"""What the tests of backups share: another disk, an office with papers and evidence, a server to prove copies on."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from models.operations.backup_making import Source
from papers.printing import press
from sop.vocabulary import CLOSED
from tests import postgres
from tests.models.case.evidence import photo, received
from tests.office import Office, dropped, empty, leave_key, owner_url_of, url_of


@dataclass
class Machine:
    """An empty one: a folder, and a database without anything in it."""

    path: Path
    target: Source

    def office_path(self) -> Path:
        """Where the tests find the office that was brought here."""
        if self.path.parent != self.target.var:
            shutil.copy(self.path, self.target.var)
        return self.target.var / self.path.name


@pytest.fixture
def machine(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("mesin")
    var = folder / "var"
    var.mkdir()
    path = empty(var if engine == "sqlite" else folder, engine)
    yield Machine(path, Source(url_of(path), owner_url_of(path), var))
    dropped(path)


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
    office.bring([case], CLOSED)
    office.receive()
    while press.print_queued():
        pass
    return Source(url_of(office.path), owner_url_of(office.path), office.path.parent)
