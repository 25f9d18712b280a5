"""Real servers to keep backups on: S3 as moto serves it, SFTP by Debian's own sshd, each behind a wire."""

import getpass
import os
import re
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

from models.operations.backup_location import BACKUP_NAME
from tests.browser.served import ROOT, environment
from tests.deploy.machine import free_port
from tests.models.operations.wire import Wire
from tests.patience import LONGEST, wait_until

PACKAGES = ROOT / "build" / "stores"  # made by `make soak`: requirements-stores.txt, which only these tests see
SSHD = """ListenAddress 127.0.0.1:{port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/authorized
Subsystem sftp internal-sftp
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PerSourcePenalties no
PidFile none
"""
# moto asks for no more than that somebody has signed.
SIGNED = "AWS4-HMAC-SHA256 Credential=tests/20261127/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=none"


def run_panel(var: Path, *words: str, typed: str = "", **more: str) -> tuple[int, str]:
    """A command of the panel whose user is at home in VAR_DIR, as pasang.md has it: how it ended, and what it said."""
    variables = {"DATABASE_URL": f"sqlite:///{var}/panel.sqlite", "HOME": str(var), "PYTHONPATH": str(PACKAGES), **more}
    done = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env=environment(var, **variables),
        input=typed,
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


class Store:
    """A server with places for backups; what lies there is seen and changed without the panel's help."""

    def __init__(self, port: int) -> None:
        self.wire = Wire(port)
        self.place = ""

    @property
    def url(self) -> str:
        raise NotImplementedError

    def environment(self, port: int) -> dict[str, str]:
        """The environment variables with which the panel reaches a server at this port."""
        raise NotImplementedError

    def furnish(self, home: Path) -> None:
        """What lies at home to be let in."""

    def make_place(self, name: str) -> None:
        raise NotImplementedError

    def names(self) -> list[str]:
        raise NotImplementedError

    def content(self, name: str) -> bytes:
        raise NotImplementedError

    def lay(self, name: str, content: bytes) -> None:
        raise NotImplementedError

    def archives(self) -> list[str]:
        return [name for name in self.names() if BACKUP_NAME.fullmatch(name)]

    def run(self, var: Path, *words: str, typed: str = "", **more: str) -> tuple[int, str]:
        return run_panel(var, *words, typed=typed, **{**self.environment(self.wire.port), **more})

    def flask(self, var: Path, *words: str, typed: str = "", **more: str) -> tuple[int, str]:
        return self.run(var, "flask", "--app", "app", *words, typed=typed, **more)


class Bucket(Store):
    """A bucket of S3."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self._address = f"http://127.0.0.1:{port}"

    @property
    def url(self) -> str:
        return f"s3://{self.place}/panel"

    def environment(self, port: int) -> dict[str, str]:
        keys = {"AWS_ACCESS_KEY_ID": "for-tests-only", "AWS_SECRET_ACCESS_KEY": "for-tests-only"}
        where = {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_DEFAULT_REGION": "us-east-1"}
        return {**keys, **where, "AWS_EC2_METADATA_DISABLED": "true", "AWS_MAX_ATTEMPTS": "2"}

    def make_place(self, name: str) -> None:
        self.place = name
        self._asked("PUT", "")

    def names(self) -> list[str]:
        listed = self._asked("GET", "?list-type=2").decode()
        return sorted(re.findall(r"<Key>panel/([^<]+)</Key>", listed))

    def content(self, name: str) -> bytes:
        return self._asked("GET", f"/panel/{name}")

    def lay(self, name: str, content: bytes) -> None:
        self._asked("PUT", f"/panel/{name}", content)

    def _asked(self, method: str, path: str, body: bytes | None = None) -> bytes:
        signed = {"Authorization": SIGNED, "Content-Type": "application/octet-stream"}  # a form, moto reads itself
        request = Request(f"{self._address}/{self.place}{path}", data=body, method=method, headers=signed)
        with urlopen(request, timeout=LONGEST) as answer:
            return answer.read()


class SshFolder(Store):
    """A folder of a server that is reached by SSH."""

    def __init__(self, port: int, folder: Path) -> None:
        super().__init__(port)
        self.folder = folder

    @property
    def url(self) -> str:
        return self.url_of(self.folder / self.place, self.wire.port)

    def url_of(self, folder: Path, port: int) -> str:
        return f"sftp://{getpass.getuser()}@127.0.0.1:{port}{folder}"

    def environment(self, port: int) -> dict[str, str]:
        return {"SSH_AUTH_SOCK": ""}

    def furnish(self, home: Path) -> None:
        """The panel's key, and the known_hosts that OpenSSH itself writes when somebody signs in by hand."""
        ssh = home / ".ssh"
        ssh.mkdir(mode=0o700, exist_ok=True)
        shutil.copy(self.folder / "user", ssh / "id_ed25519")
        options = [f"UserKnownHostsFile={ssh}/known_hosts", "StrictHostKeyChecking=accept-new", "HashKnownHosts=yes"]
        words = ["sftp", "-F", "none", "-b", "/dev/null", "-i", ssh / "id_ed25519", "-P", str(self.wire.port)]
        words += [word for option in options for word in ("-o", option)]
        subprocess.run([*words, f"{getpass.getuser()}@127.0.0.1"], check=True, timeout=LONGEST, capture_output=True)

    def know(self, home: Path, key: Path) -> None:
        """Another server's key as it would stand in known_hosts."""
        (home / ".ssh" / "known_hosts").write_text(f"[127.0.0.1]:{self.wire.port} {key.read_text()}")

    def make_place(self, name: str) -> None:
        self.place = name
        (self.folder / name).mkdir()

    def names(self) -> list[str]:
        return sorted(path.name for path in (self.folder / self.place).iterdir())

    def content(self, name: str) -> bytes:
        return (self.folder / self.place / name).read_bytes()

    def lay(self, name: str, content: bytes) -> None:
        (self.folder / self.place / name).write_bytes(content)


@contextmanager
def bucket(folder: Path) -> Iterator[Bucket]:
    port = free_port()
    words = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with _serving(words, port, folder, PYTHONPATH=str(PACKAGES)):
        store = Bucket(port)
        yield store
        store.wire.end()


@contextmanager
def ssh_folder(folder: Path) -> Iterator[SshFolder]:
    port = free_port()
    for name in ("host", "user", "other"):
        make_key(folder / name)
    shutil.copy(folder / "user.pub", folder / "authorized")
    (folder / "sshd.conf").write_text(SSHD.format(port=port, folder=folder))
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)  # as Debian's unit does
    sshd = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin") or "sshd"  # wants to be called by its whole path
    with _serving([sshd, "-D", "-e", "-f", str(folder / "sshd.conf")], port, folder):
        store = SshFolder(port, folder)
        yield store
        store.wire.end()


def make_key(path: Path) -> None:
    words = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "for tests only", "-f", str(path)]
    subprocess.run(words, check=True, timeout=LONGEST)


@contextmanager
def _serving(words: list[str], port: int, folder: Path, **more: str) -> Iterator[None]:
    """From its first answer at the port until the end of the block."""
    log = folder / "server.log"
    with (
        log.open("wb") as out,
        subprocess.Popen(words, env={**os.environ, **more}, stdout=out, stderr=out) as process,
    ):
        try:
            wait_until(lambda: _answers(port) or process.poll() is not None)
            assert process.poll() is None, log.read_text()
            yield
        finally:
            process.terminate()


def _answers(port: int) -> bool:
    with socket.socket() as asked:
        return asked.connect_ex(("127.0.0.1", port)) == 0
