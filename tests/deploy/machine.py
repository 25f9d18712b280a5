"""A server that is none: a folder in the place of /, Debian's own nginx and Python, high ports, no root.

The guide's commands, deploy/ and Debian's nginx.conf name places of a server; here the same words name places under
`root`. What a container cannot do (systemd, new accounts, a firewall, installing) stand-ins on PATH take note of.
"""

import io
import os
import re
import shutil
import socket
import subprocess
import sys
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests import sixth_row
from tests.deploy import systemctl
from tests.deploy.guide import HOUSE
from tests.patience import LONGEST

NAME = "pengaduan.example"
PLACES = re.compile(r"(?<![\w.])/(?:opt/panel|var/lib/panel|var/log/nginx|usr/local/bin|mnt/cadangan|run/nginx|etc)\b")
FOLDERS = ("etc/systemd/system", "etc/nginx", "usr/local/bin", "run", "mnt", "opt", "var/lib", "var/log/nginx", "stubs")
WHO = {
    "-o panel -g panel": "-o nobody -g nogroup",
    "--reuid=panel --regid=panel": "--reuid=nobody --regid=nogroup",
    "User=panel": "User=nobody",
    "Group=panel": "Group=nogroup",
}
PYTHON = "/usr/bin/python3"  # Debian's, as on the server: an account without rights may run it
RECORDED = ("apt-get", "adduser", "ufw")  # stand-ins that only record their calls
TOOLS = ("nginx:nginx", "openssl:openssl", "curl:curl", "make:make", "setpriv:util-linux", "systemd-analyze:systemd")


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def fetch_tools() -> None:
    """What the guide's first block installs and these tests need; a failure, never a skip, where it cannot be had."""
    assert os.geteuid() == 0, "nginx's folders and another account's processes need root"
    subprocess.run([HOUSE / ".ci/apt", *TOOLS], check=True)
    if subprocess.run([PYTHON, "-c", "import ensurepip"], check=False, capture_output=True).returncode:
        subprocess.run([HOUSE / ".ci/apt", "ensurepip:python3-venv"], check=True)


@dataclass(frozen=True)
class Played:
    """How a script ended, and what it said."""

    code: int
    printed: str
    complained: str


@dataclass
class Machine:
    """One server, where somebody plays the guide."""

    root: Path
    http: int = field(default_factory=free_port)
    https: int = field(default_factory=free_port)
    inside: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        for name in FOLDERS:
            (self.root / name).mkdir(parents=True, exist_ok=True)
        for place in sorted(Path("/etc/nginx").rglob("*")):
            if place.is_dir():
                (self.root / place.relative_to("/")).mkdir(parents=True, exist_ok=True)
            elif not place.is_symlink():
                self._lay(place)
        for name in RECORDED:
            self._stub(name, f'echo "{name} $*" >> {self.root}/calls')
        self._stub("nginx", f'exec /usr/sbin/nginx -c {self.root}/etc/nginx/nginx.conf "$@"')
        call = f'{sys.executable} -m {systemctl.__name__} {self.root} "$@"'
        self._stub("systemctl", f"cd {HOUSE} && exec env -u PYTHONPATH {call}")

    def _lay(self, place: Path) -> None:
        laid = self.root / place.relative_to("/")
        laid.write_text(self.moved(place.read_text(encoding="latin-1")), encoding="latin-1")

    def _stub(self, name: str, line: str) -> None:
        stub = self.root / "stubs" / name
        stub.write_text(f"#!/bin/sh\n{line}\n")
        stub.chmod(0o755)

    def moved(self, text: str) -> str:
        """The same words about this machine instead of a server."""
        words = {
            **WHO,
            "listen 80;": f"listen 127.0.0.1:{self.http};",
            "listen 443 ssl;": f"listen 127.0.0.1:{self.https} ssl;",
            "127.0.0.1:8000": f"127.0.0.1:{self.inside}",
            "PORT=8000": f"PORT={self.inside}",
        }
        for old, new in words.items():
            text = text.replace(old, new)
        return PLACES.sub(lambda place: f"{self.root}{place[0]}", text)

    @property
    def reached_by(self) -> list[str]:
        """What stands before a call that goes to it: it shares this system's network."""
        return []

    def certificate(self) -> bytes:
        """The certificate by which https clients know it."""
        return (self.root / "etc/panel-tls/sertifikat.pem").read_bytes()

    @property
    def var(self) -> Path:
        return self.root / "var/lib/panel"

    @property
    def place(self) -> Path:
        return self.root / "opt/panel"

    def release(self, version: str) -> Path:
        return self.place / "releases" / version

    def pack(self, version: str, changed: Mapping[str, str] | None = None) -> None:
        """The archive of a version, made of the house as it stands; some files may say something else."""
        texts = {str(path): (HOUSE / path).read_bytes() for path in sixth_row.files()}
        texts |= {name: text.encode() for name, text in (changed or {}).items()}
        with tarfile.open(self.root / f"panel-{version}.tar.gz", "w:gz", compresslevel=1) as packed:
            for name, data in texts.items():
                entry = tarfile.TarInfo(f"panel-{version}/{name}")
                data = self.moved(data.decode()).encode() if name.startswith("deploy/") else data
                entry.size, entry.mode = len(data), self._mode_of(name)
                packed.addfile(entry, io.BytesIO(data))

    def _mode_of(self, name: str) -> int:
        path = HOUSE / name
        return path.stat().st_mode & 0o755 if path.exists() else 0o644

    def begin(self, commands: str, **more: str) -> subprocess.Popen[str]:
        """Commands of the guide as one script, which stops where something fails."""
        return subprocess.Popen(
            ["/bin/bash", "-euo", "pipefail", "-c", self.moved(commands)],
            cwd=self.root,
            env={**self._surroundings(), **more},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def play(self, commands: str, typed: str = "", **more: str) -> Played:
        """The same until it has ended, with what somebody types meanwhile."""
        with self.begin(commands, **more) as script:
            printed, complained = script.communicate(typed, timeout=LONGEST)
        return Played(script.returncode, printed, complained)

    def _surroundings(self) -> dict[str, str]:
        path = f"{self.root}/stubs:{self.root}/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        cache = os.environ.get("PIP_CACHE_DIR") or str(Path.home() / ".cache/pip")
        return {"PATH": path, "LANG": "C.UTF-8", "HOME": str(self.root), "PIP_CACHE_DIR": cache}

    def panel(self, *words: str) -> str:
        """What a command of the terminal prints, by the version that is in use."""
        env = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **self.environment()}
        call = ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", ".venv/bin/python", "-m", "flask"]
        done = subprocess.run(
            [*call, "--app", "app", *words],
            cwd=self.place / "current",
            env=env,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def journal(self) -> str:
        """What the service has said."""
        path = self.root / systemctl.JOURNAL
        return path.read_text() if path.exists() else ""

    def environment(self) -> dict[str, str]:
        return systemctl.environment_in(self.root / "etc/panel.env")

    def furnish(self, version: str, packages: Path) -> None:
        """The packages of another release, so that `make` need not fetch them once more."""
        self.release(version).mkdir(parents=True, exist_ok=True)
        subprocess.run(["cp", "-al", packages, self.release(version) / ".venv"], check=True)
        (self.release(version) / ".venv/.requirements").touch()

    def systemctl(self, *words: str) -> None:
        subprocess.run([self.root / "stubs/systemctl", *words], env=self._surroundings(), check=True)

    def shut_down(self) -> None:
        """Nothing of it runs any more."""
        self.systemctl("stop", "panel")
        subprocess.run([self.root / "stubs/nginx", "-s", "quit"], check=False, capture_output=True)
        shutil.rmtree(self.root)
