"""Point in time on PostgreSQL: the recipe of docs/operations.md is played; the minute before a slip comes back."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from models import digest
from models.complaint import event
from models.complaint.complaint import Complaint
from tests import postgres
from tests.office import Office, build, dropped, opened
from tests.patience import LONGEST, wait_until
from tests.postgres import Server

pytestmark = [pytest.mark.only("postgresql"), pytest.mark.soak]
CONFIG = """[global]
repo1-path={0}/repo
repo1-retention-full=2
repo1-cipher-type=aes-256-cbc
repo1-cipher-pass=for tests only
log-path={0}/log
lock-path={0}/lock
spool-path={0}/spool
log-level-file=off
start-fast=y
[panel]
pg1-path={1}/data
pg1-socket-path={1}
pg1-user=postgres
"""


class PgBackRest:
    """pgBackRest with a server of its own, whose journal it stores."""

    def __init__(self, server: Server, folder: Path) -> None:
        self.server, self.config = server, folder / "pgbackrest.conf"
        self.config.write_text(CONFIG.format(folder, server.folder))
        shutil.chown(folder, server.user)
        self.config.chmod(0o644)

    def run(self, *words: str) -> None:
        program = ["pgbackrest", f"--config={self.config}", "--stanza=panel", *words]
        command = ["runuser", "-u", self.server.user, "--", *program] if os.geteuid() == 0 else program
        done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, cwd="/", check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def begin(self) -> None:
        """From now on each piece of the journal is stored; the first whole copy, and the second after it began: which
        moments it serves, pgBackRest distinguishes by whole seconds."""
        with self.server.boss() as boss:
            pushed = f"pgbackrest --config={self.config} --stanza=panel archive-push %p"
            boss.execute(f"ALTER SYSTEM SET archive_command = '{pushed}'")
            boss.execute("SELECT pg_reload_conf()")
        self.run("stanza-create")
        self.run("backup", "--type=full")
        ended = int(time.time())
        wait_until(lambda: time.time() >= ended + 1)

    def keep_journal(self) -> None:
        """Until what was written so far lies in the archive."""
        with self.server.boss() as boss:
            [(last,)] = boss.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchall()
            asked = "SELECT last_archived_wal >= %s FROM pg_stat_archiver"
            wait_until(lambda: boss.execute(asked, (last,)).fetchone() == (True,))

    def bring_back(self, moment: datetime) -> None:
        """The disk of the database is gone; the server as it was at a moment."""
        self.server.stop()
        shutil.rmtree(self.server.folder / "data")
        self.run("restore", "--type=time", f"--target={moment.isoformat(' ')}", "--target-action=promote")
        self.server.start()
        with self.server.boss() as boss:
            wait_until(lambda: boss.execute("SELECT pg_is_in_recovery()").fetchone() == (False,))


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PgBackRest]:
    server = Server.begun("wal_level=replica", "max_wal_senders=3", "archive_mode=on")
    monkeypatch.setattr(postgres, "server", lambda: server)
    folder = Path(tempfile.mkdtemp(prefix="pgbackrest"))  # not below pytest's own, which only root may enter
    yield PgBackRest(server, folder)
    server.end()
    shutil.rmtree(folder)


def test_the_minute_before_a_slip_comes_back(archive: PgBackRest, engine: str, tmp_path: Path) -> None:
    path = build(tmp_path, engine)
    archive.begin()
    with opened(path):
        office = Office.at_work(path)
        office.receive(2)
        before = digest.digest(), event.verify()
    with archive.server.boss() as boss:
        [(moment,)] = boss.execute("SELECT clock_timestamp()").fetchall()
    with opened(path):
        Office.at_work(path).receive(3)  # what had better not happened
    archive.keep_journal()
    archive.bring_back(moment)
    with opened(path):
        assert Complaint.select().count() == 2
        assert (digest.digest(), event.verify()) == before
    dropped(path)
