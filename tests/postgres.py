"""A PostgreSQL server of the tests' own: started on first use, stopped at the end; the system's is left alone."""

import atexit
import functools
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from tests.patience import LONGEST

OWNER, PANEL = "pemilik", "panel"  # who owns the tables, who the panel signs in as
FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
    "shared_buffers=64MB",
    "autovacuum=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_wal_size=64MB",
)
MEMORY, ENOUGH = "/dev/shm", 2**30  # bytes that a run may leave there for a while
_numbers = count(1)


def programs() -> Path:
    """Where initdb and pg_ctl lie: on PATH, else Debian's place. A failure, never a skip, when there are none."""
    found = shutil.which("initdb")
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found and not places:
        raise RuntimeError("PostgreSQL is missing: `make test` installs it (Debian's package postgresql).")
    return Path(found or places[-1]).parent


def _place() -> str | None:
    """In memory where there is room for it: a copy of a database takes a tenth of the time that it takes on a disk."""
    free = shutil.disk_usage(MEMORY).free if os.access(MEMORY, os.W_OK) else 0
    return MEMORY if free >= ENOUGH else None


@dataclass
class Server:
    """A cluster in a folder of its own, on a Unix socket in that folder."""

    folder: Path
    user: str
    settings: tuple[str, ...] = ()

    @classmethod
    def begun(cls, *settings: str) -> "Server":
        """A new cluster, running. initdb refuses root, so root lends it to the account of Debian's package."""
        folder, root = Path(tempfile.mkdtemp(prefix="pg", dir=_place())), os.geteuid() == 0
        user = "postgres" if root else pwd.getpwuid(os.geteuid()).pw_name
        if root:
            shutil.chown(folder, user)
        server = cls(folder, user, settings)
        server._run(
            "initdb",
            "-D",
            str(folder / "data"),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        )
        server.start()
        with server.boss() as boss:
            boss.execute(f"CREATE ROLE {OWNER} LOGIN")
            boss.execute(f"CREATE ROLE {PANEL} LOGIN")
        return server

    def _run(self, program: str, *words: str) -> None:
        command = [str(programs() / program), *words]
        if os.geteuid() == 0:
            command = ["runuser", "-u", self.user, "--", *command]
        done = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, check=False, timeout=LONGEST)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stdout}{done.stderr}")

    def start(self) -> None:
        given = " ".join(f"-c {one}" for one in (*FAST, "listen_addresses=''", *self.settings))
        self._run(
            "pg_ctl",
            "-D",
            str(self.folder / "data"),
            "-l",
            str(self.folder / "log"),
            "-w",
            "-s",
            "-o",
            f"{given} -k {self.folder}",
            "start",
        )

    def stop(self, mode: str = "immediate") -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-m", mode, "-w", "-s", "stop")

    def spent(self) -> float:
        """Seconds of CPU so far, sessions that have ended included; only its own system waits for the server."""
        pid = (self.folder / "data" / "postmaster.pid").read_text().split()[0]
        figures = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, figures[11:15])) / os.sysconf("SC_CLK_TCK")  # its own and its children's, user and system

    def end(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, name: str, user: str = PANEL) -> str:
        return f"postgresql://{user}@/{name}?host={self.folder}"

    def boss(self, name: str = "postgres", user: str = "postgres") -> psycopg.Connection[Any]:
        return psycopg.connect(self.url(name, user), autocommit=True)

    def create(self, template: str | None = None, name: str = "") -> str:
        """A new database, empty or a copy of another one without connections; its name."""
        name = name or f"db{os.getpid()}_{next(_numbers)}"
        with self.boss() as boss:
            copied = f'TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""  # half as long as by the log
            boss.execute(f'CREATE DATABASE "{name}" OWNER {OWNER} {copied}')
            if template:  # what `tables.prepare` took away from everybody is not copied along
                boss.execute(f'REVOKE TEMPORARY, CREATE ON DATABASE "{name}" FROM PUBLIC')
        return name

    def drop(self, name: str) -> None:
        with self.boss() as boss:
            boss.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@functools.cache
def server() -> Server:
    """This process's server."""
    begun = Server.begun()
    atexit.register(begun.end)
    return begun


def spent() -> float:
    """Seconds of CPU of this process's server; none was begun, none was spent."""
    return server().spent() if server.cache_info().currsize else 0.0
