"""Servers on which the guide is played from its first part to its last, and machines that are lent their packages."""

import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.deploy import guide
from tests.deploy.bare.server import HOUSE, Disk, Server, fetched_wheels
from tests.deploy.bundle.released import WHO, Bundle, bundle_in, unpack
from tests.deploy.machine import NAME, PYTHON, Machine, Played, fetch_tools
from tests.deploy.releases import FIRST, VERSION, code_of_first, lay_release, put_to_work
from tests.models.email.taker import USER, WORD
from tests.patience import wait_until

NewMachine = Callable[[], Machine]
NewServer = Callable[[], Server]


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
    """A server on which the guide was played, what that printed, and what is plugged into it or stands next to it."""

    machine: Server
    engine: str
    disk: Disk
    folder: Path  # next to it
    printed: str = ""


@pytest.fixture(scope="session")
def wheels() -> Path:
    fetch_tools()
    subprocess.run([HOUSE / ".ci/apt", "sshd:openssh-server", "ssh-keygen:openssh-client", "gpg:gnupg"], check=True)
    return fetched_wheels()


@pytest.fixture(scope="session")
def installed_with(
    wheels: Path, bundle: Bundle, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Installed]]:
    """The server of an engine, with its variants of the guide; each is made once."""
    made: dict[str, Installed] = {}
    with ExitStack() as stack:

        def ask(engine: str) -> Installed:
            if engine not in made:
                made[engine] = _installed(engine, stack, tmp_path_factory.mktemp(engine), wheels, bundle)
            return made[engine]

        yield ask


@pytest.fixture(scope="session")
def installed(wheels: Path, bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installed]:
    """One more, which no test empties."""
    with ExitStack() as stack:
        yield _installed("sqlite", stack, tmp_path_factory.mktemp("installed"), wheels, bundle)


def _installed(engine: str, stack: ExitStack, folder: Path, wheels: Path, bundle: Bundle) -> Installed:
    begun = Installed(_server(stack, folder, wheels, bundle), engine, Disk(folder / "disk"), folder)
    stack.callback(begun.disk.throw_away)
    stack.callback(begun.machine.shut_down)
    begun.disk.plug_into(begun.machine)
    chosen = begun.disk.chosen
    if engine == "postgresql":
        begun.machine.run("/usr/sbin/sshd", "-p", "22")
        chosen |= _mail_server(begun, stack, folder)
    parts = guide.with_variants(guide.BY_HAND, *guide.VARIANTS[engine])
    done = begun.machine.play(guide.commands_of(parts), chosen=chosen)
    assert done.code == 0, output_of(begun.machine, done)
    begun.printed = done.printed
    return begun


def _server(stack: ExitStack, folder: Path, wheels: Path, bundle: Bundle) -> Server:
    """A bare one, to which the bundle was copied; it ends before its folder is needed otherwise."""
    (folder / "server").mkdir()
    server = Server(folder / "server", wheels)
    server.copy_bundle(bundle)
    return server


def _mail_server(begun: Installed, stack: ExitStack, folder: Path) -> dict[str, str]:
    """Start the office's, whose authority the server knows; and what somebody fills in for it."""
    call = begun.machine.inside(
        sys.executable, "-m", "tests.deploy.bare.mailserver", folder, f"mail.{NAME}", only=("--net",)
    )
    mail_log = stack.enter_context((folder / "mail.log").open("w"))
    stack.enter_context(ended(subprocess.Popen(call, cwd=HOUSE, stdout=mail_log)))
    wait_until(lambda: (folder / "mail.log").read_text().endswith("\n"))
    authority = (folder / "authority.pem").read_bytes()
    (begun.machine.root / "usr/local/share/ca-certificates/kantor.crt").write_bytes(authority)
    begun.machine.run("update-ca-certificates")
    name, word, port = USER.replace("@", "%40"), WORD.replace(" ", "%20"), (folder / "mail.log").read_text().strip()
    return {f"mail.{NAME}:587": f"mail.{NAME}:{port}", f"panel%40{NAME}": name, "SUREL=rahasia": f"SUREL={word}"}


@contextmanager
def ended(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """It ends where the block does."""
    try:
        yield
    finally:
        process.kill()
        process.wait()


def output_of(server: Server, done: Played) -> str:
    return f"{done.printed}\n{done.complained}\n{server.journal()}"


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
def new_server(wheels: Path, bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Iterator[NewServer]:
    """Further bare servers."""
    with ExitStack() as stack:

        def make() -> Server:
            server = _server(stack, tmp_path_factory.mktemp("lain"), wheels, bundle)
            stack.callback(server.shut_down)
            return server

        yield make


@pytest.fixture(scope="session")
def packages(bundle: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a release brings along, once for all machines."""
    release = unpack(bundle.archive, tmp_path_factory.mktemp("packages"))
    folder = release / ".venv"
    subprocess.run([PYTHON, "-m", "venv", folder], check=True)
    subprocess.run([release / "deploy/packages", folder / "bin/python"], check=True)
    return folder


@pytest.fixture
def new_machine(packages: Path) -> Iterator[NewMachine]:
    """Bare machines, each with the packages in the place of its first version."""
    with ExitStack() as stack:

        def make() -> Machine:
            machine = stack.enter_context(bare_machine())
            machine.furnish(VERSION, packages)
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
