"""A bare server in namespaces of its own: its mounts, network, name and processes, with the guide's paths and ports.

Its / is this system's with a layer in memory above it; nothing of it is seen outside, and all of it goes with its first
process. What a container cannot do is stood in for, see `standins`.
"""

import os
import subprocess
import time
import uuid
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from models.release import version
from tests import sixth_row
from tests.deploy import guide
from tests.deploy.bare import standins
from tests.deploy.bundle.released import Bundle
from tests.deploy.machine import NAME, PYTHON, Played
from tests.deploy.systemctl import JOURNAL
from tests.patience import LONGEST, wait_until

HOUSE = sixth_row.HOUSE
SSH = 2222  # an office that has moved it
ARCHIVES = "root/arsip"  # where the archive lies, and somebody stands who plays the guide
HIDDEN = ("etc/postgresql", "var/lib/postgresql", "etc/nginx/conf.d")  # what this system has of its own
INIT = """
set -eu
mount -t tmpfs -o mode=755 server "$1"
cd "$1"
mkdir upper work root
mount -t overlay server -o lowerdir=/,upperdir=upper,workdir=work root
cd root
mount -t proc proc proc
mount -t sysfs -o ro sys sys
for place in dev run tmp; do mount -t tmpfs -o mode=1777 "$place" "$place"; done
chmod 755 dev run
mkdir dev/pts dev/shm run/lock before
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts dev/pts
mknod -m 666 dev/null c 1 3; mknod -m 666 dev/zero c 1 5; mknod -m 666 dev/full c 1 7
mknod -m 666 dev/random c 1 8; mknod -m 666 dev/urandom c 1 9; mknod -m 666 dev/tty c 5 0
ln -s pts/ptmx dev/ptmx; ln -s /proc/self/fd dev/fd
ln -s fd/0 dev/stdin; ln -s fd/1 dev/stdout; ln -s fd/2 dev/stderr
chmod 1777 dev/shm
ip link set lo up
hostname server
pivot_root . before
umount -l before
rmdir before
exec setpriv --bounding-set=-sys_time,-sys_boot,-sys_module,-sys_rawio -- sleep infinity
"""
HARMLESS = ("setpriv", "--bounding-set=-sys_time,-sys_boot,-sys_module,-sys_rawio", "--")  # the clock is everybody's
APART = ("--mount", "--net", "--uts", "--ipc", "--pid")


class Server:
    """One server, on which somebody plays the guide as root."""

    http, https = 80, 443

    def __init__(self, folder: Path, wheels: Path) -> None:
        call = ["unshare", *APART, "--fork", "--kill-child", "--propagation", "private"]
        self._begun = subprocess.Popen([*call, "/bin/sh", "-c", INIT, "server", str(folder)])
        self.pid = self._first_process()
        self._furnish(wheels)

    def _first_process(self) -> int:
        """Its number outside, once it has moved in."""
        children = Path(f"/proc/{self._begun.pid}/task/{self._begun.pid}/children")
        wait_until(lambda: self._begun.poll() is not None or bool(children.read_text().split()))
        assert self._begun.poll() is None, "no namespaces: root is needed, and overlayfs"
        pid = int(children.read_text().split()[0])
        wait_until(lambda: self._begun.poll() is not None or Path(f"/proc/{pid}/comm").read_text() == "sleep\n")
        return pid

    @property
    def root(self) -> Path:
        """Its / as it is seen from outside."""
        return Path(f"/proc/{self.pid}/root")

    @property
    def var(self) -> Path:
        return self.root / "var/lib/panel"

    def _furnish(self, wheels: Path) -> None:
        self.run("rm", "-rf", *(f"/{name}" for name in HIDDEN))
        self.run("mkdir", "-p", "/etc/nginx/conf.d", "/run/sshd", f"/{ARCHIVES}")
        self.run("install", "-d", "-o", "postgres", "-g", "postgres", "/var/lib/postgresql", "/run/postgresql")
        self.run("ssh-keygen", "-A")
        (self.root / "etc/ssh/sshd_config.d/kantor.conf").write_text(f"Port {SSH}\n")
        (self.root / "etc/machine-id").write_text(f"{uuid.uuid4().hex}\n")
        (self.root / "etc/hosts").write_text(f"127.0.0.1 localhost {NAME} mail.{NAME} sftp.{NAME}\n")
        standins.lay(self.root, wheels)

    @property
    def reached_by(self) -> list[str]:
        """What stands before a call of this system that goes to it."""
        return self.inside(only=("--net",))

    def certificate(self) -> bytes:
        """The certificate by which https clients know it, behind any links."""
        return self.run("cat", "/etc/panel-tls/sertifikat.pem").encode()

    def inside(self, *words: str, only: tuple[str, ...] = ()) -> list[str]:
        """A call of this system that is made on that server, or only in some of its namespaces."""
        spaces = only or (*APART, "--root", "--wdns=/")
        return ["nsenter", f"--target={self.pid}", *spaces, "--", *HARMLESS, *words]

    def run(self, *words: str) -> str:
        """What a command prints that must succeed."""
        env = standins.surroundings()
        done = subprocess.run(
            self.inside(*words), env=env, capture_output=True, text=True, check=False, timeout=LONGEST
        )
        assert done.returncode == 0, f"{words}: {done.stdout}\n{done.stderr}"
        return done.stdout.strip()

    def copy_bundle(self, bundle: Bundle) -> None:
        """Copy the developer's archive into it, and his key, which comes by another way."""
        for path in bundle.folder.iterdir():
            self.copy_in(path.name, path.read_bytes())
        self.copy_in("kunci-pengembang.asc", bundle.key())

    def copy_in(self, name: str, content: bytes) -> None:
        """Copy a file next to the archive."""
        (self.root / ARCHIVES / name).write_bytes(content)

    def play(self, commands: str, typed: str = "", chosen: Mapping[str, str] | None = None) -> Played:
        """Commands of the guide as one script that stops where something fails, with what somebody types meanwhile.

        `chosen` is what the guide has somebody put in the place of its examples, beside the number of the archive.
        """
        commands = commands.replace(f"VERSI={guide.EXAMPLE}", f"VERSI={version()}")
        for example, value in (chosen or {}).items():
            assert example in commands, example
            commands = commands.replace(example, value)
        call = self.inside("/bin/bash", "-euo", "pipefail", "-c", f"cd /{ARCHIVES}\n{commands}")
        env = standins.surroundings()
        done = subprocess.run(call, env=env, input=typed, capture_output=True, text=True, check=False, timeout=LONGEST)
        return Played(done.returncode, done.stdout, done.stderr)

    def panel(self, *words: str) -> str:
        return self.run("panel", *words)

    def systemctl(self, *words: str) -> None:
        self.run("systemctl", *words)

    def journal(self) -> str:
        """What the service has said."""
        path = self.root / JOURNAL
        return path.read_text() if path.exists() else ""

    def shut_down(self) -> None:
        """Nothing of it runs any more."""
        self._begun.kill()
        self._begun.wait()
        while Path(f"/proc/{self.pid}").exists():
            time.sleep(0.05)


class Disk:
    """A second disk: a file that this system shows as one. It is unplugged from one server and goes into another."""

    def __init__(self, image: Path, megabytes: int = 512) -> None:
        with image.open("wb") as file:
            file.truncate(megabytes << 20)
        shown = subprocess.run(["losetup", "--find", "--show", image], check=True, capture_output=True, text=True)
        self.device = shown.stdout.strip()

    @property
    def chosen(self) -> dict[str, str]:
        """Its name, in the place of the guide's."""
        return {"DISKA=/dev/sdb": f"DISKA={self.device}"}

    def plug_into(self, server: Server) -> None:
        seen = os.stat(self.device).st_rdev
        server.run("mknod", "-m", "660", self.device, "b", str(os.major(seen)), str(os.minor(seen)))

    def throw_away(self) -> None:
        subprocess.run(["losetup", "--detach", self.device], check=True)


def fetched_wheels() -> Path:
    """paramiko, which no release brings along, as a server's Python would fetch it; once for each pinning."""
    pinned = HOUSE / "requirements-stores.txt"
    folder = HOUSE / "build" / "wheels" / sha256(pinned.read_bytes()).hexdigest()[:12]
    if not folder.exists():
        begun = folder.with_suffix(".begun")
        subprocess.run([PYTHON, "-m", "venv", begun / "venv"], check=True)
        pip = [begun / "venv/bin/python", "-m", "pip", "wheel", "--quiet", "--wheel-dir", begun]
        subprocess.run([*pip, "-c", pinned, "paramiko"], check=True)
        subprocess.run(["rm", "-r", begun / "venv"], check=True)
        begun.rename(folder)
    return folder
