"""`python app.py`, served to a browser: own VAR_DIR and port, the demo in it, its database open to the tests."""

import fcntl
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from models import digest
from models.complaint.event import append_written
from models.office.people import User
from models.store import base, files, keys, seal
from models.store.base import database
from models.store.rowhash import record_hashes_before_change
from tests.office import hash_quickly
from tests.patience import LONGEST, wait_until

ROOT = Path(__file__).resolve().parent.parent.parent
PASSWORD = "kata sandi untuk uji peramban"
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


@dataclass
class Served:
    """A running panel."""

    address: str
    var: Path
    log: Path

    @contextmanager
    def its_database(self) -> Iterator[None]:
        """The models bound to the panel's own database for a while, with its key and files."""
        before = database.obj
        seal.install(keys.key_in(self.var / keys.PANEL))
        files.install(self.var)
        base.open_database(f"sqlite:///{self.var / 'demo.sqlite'}")
        try:
            with database.connection_context():
                yield
        finally:
            database.initialize(before)

    def digest(self) -> str:
        with self.its_database():
            return digest.digest()

    def open_quickly(self) -> None:
        """Give everybody the same password, hashed for tests: each sign-in otherwise takes 0.2 seconds of CPU."""
        with self.its_database(), database.atomic():
            people = list(User.select())
            record_hashes_before_change(User, [person.id for person in people])
            for person in people:
                person.password_hash = hash_quickly(PASSWORD)
                person.save()
            append_written()

    def flask(self, command: str) -> str:
        """What a command of the terminal prints."""
        words = [sys.executable, "-m", "flask", "--app", "app", command]
        return subprocess.run(
            words, cwd=ROOT, env=environment(self.var), check=True, capture_output=True, text=True, timeout=LONGEST
        ).stdout.strip()


def furnished(shared: Path) -> Path:
    """A VAR_DIR with the demo in it and every paper of it printed: made at the first request, copied by all."""
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "ready").exists():
            for command in ("demo", "render"):
                Served("", shared / "var", shared).flask(command)
            (shared / "ready").touch()
    return shared / "var"


def copy_of(var: Path, into: Path) -> Path:
    """A VAR_DIR of a panel's own."""
    return Path(shutil.copytree(var, into, dirs_exist_ok=True))


def environment(var: Path, **more: str) -> dict[str, str]:
    left_out = ("DATABASE_URL", "SECRET_KEY", "FLASK_APP", "COV_CORE_SOURCE", "COVERAGE_PROCESS_START")
    return {**{k: v for k, v in os.environ.items() if k not in left_out}, "VAR_DIR": str(var), **more}


@contextmanager
def served(var: Path, *words: str) -> Iterator[Served]:
    """`python app.py` from start to stop."""
    log = var / "panel.log"
    env = environment(var, PORT="0", HOST="127.0.0.1", PANEL_DEMO_PASSWORD=PASSWORD, PYTHONUNBUFFERED="1")
    with (
        log.open("wb") as out,
        subprocess.Popen(
            [sys.executable, "app.py", *words], cwd=ROOT, env=env, stdout=out, stderr=subprocess.STDOUT
        ) as process,
    ):
        try:
            yield Served(_address_of(process, log), var, log)
        finally:
            process.terminate()
            try:
                process.wait(LONGEST)
            except subprocess.TimeoutExpired:
                process.kill()


def _address_of(process: subprocess.Popen[bytes], log: Path) -> str:
    """Where the panel says that it listens, on a port that the system gave it; its own words if it gives up."""
    wait_until(lambda: ADDRESS.search(log.read_text()) or process.poll() is not None)
    if (said := ADDRESS.search(log.read_text())) is None:
        raise RuntimeError(f"`python app.py` did not begin to serve:\n{log.read_text()}")
    return said[0]
