"""Machines on which the guide is played: one that has been installed, with packages that all others are lent."""

import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.deploy import guide
from tests.deploy.bundle.released import WHO, Bundle, bundle_in
from tests.deploy.machine import Machine, fetch_tools
from tests.deploy.releases import FIRST, VERSION, code_of_first, lay_release, put_to_work

NewMachine = Callable[[], Machine]


@contextmanager
def bare_machine() -> Iterator[Machine]:
    """Gone afterwards, with all that runs on it. It lies where an account without rights can reach it."""
    root = Path(tempfile.mkdtemp(prefix="panel-"))
    root.chmod(0o755)
    machine = Machine(root)
    try:
        yield machine
    finally:
        machine.shut_down()


@dataclass
class Installed:
    """A machine on which the guide was played from its first to its last part, and what that printed."""

    machine: Machine
    printed: str

    @property
    def packages(self) -> Path:
        return self.machine.release(VERSION) / ".venv"


@pytest.fixture(scope="session")
def installed() -> Iterator[Installed]:
    fetch_tools()
    with bare_machine() as machine:
        machine.pack(VERSION)
        done = machine.play(guide.commands_of(guide.INSTALL))
        assert done.code == 0, f"{done.printed}\n{done.complained}\n{machine.journal()}"
        yield Installed(machine, done.printed)


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bundle]:
    """What `make release` makes of the house, signed."""
    fetch_tools()
    subprocess.run([guide.HOUSE / ".ci/apt", "gpg:gnupg", "unshare:util-linux"], check=True)
    with bundle_in(tmp_path_factory.mktemp("rilis")) as made:
        done = made.make(GPG_KEY=WHO)
        assert done.returncode == 0, done.stderr
        yield made


@pytest.fixture
def new_machine(installed: Installed) -> Iterator[NewMachine]:
    """Further bare machines, each with the packages in the place of its first version."""
    with ExitStack() as kept:

        def make() -> Machine:
            machine = kept.enter_context(bare_machine())
            machine.furnish(VERSION, installed.packages)
            return machine

        yield make


@pytest.fixture
def unused(new_machine: NewMachine) -> Machine:
    """The first version's code on a machine, and no office yet."""
    machine = new_machine()
    machine.release(VERSION).rename(machine.release(FIRST))
    code_of_first(machine.release(FIRST))
    return machine


@pytest.fixture
def first(unused: Machine) -> Machine:
    """The first version at work."""
    put_to_work(unused, FIRST)
    return unused


@pytest.fixture
def present(new_machine: NewMachine) -> Machine:
    """The present version at work."""
    machine = new_machine()
    lay_release(machine, VERSION)
    put_to_work(machine, VERSION)
    return machine
