"""Offices at work on a machine under some version, and the next version next to it: by what it fails, if it does."""

import http.client
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from models.demo.demo import FLAG
from tests import postgres
from tests.corpus.kept import HERE, RECORD, VERSIONS, handed
from tests.deploy import guide
from tests.deploy.guide import DEPLOY, HOUSE
from tests.deploy.machine import Machine, Played
from tests.office import outside, owner_url_of, url_of
from tests.patience import wait_until

FIRST, VERSION, NEXT = VERSIONS[0], guide.EXAMPLE, "0.2.0"  # the last two are the guide's
CHECKS, APP, START = (
    (HOUSE / name).read_text(encoding="utf-8") for name in ("models/operations/checks.py", "app.py", "admin/start.py")
)
READY = "    return {name: sentence for name, sentence in faults.items() if sentence}\n"
BEGIN = 'if __name__ == "__main__":\n'
DUMB = f'{BEGIN}    if sys.argv[1] == "start" and os.environ.get("REQUEST_LOG") != "off":\n        sys.exit(3)\n'
HANGS = f"""{BEGIN}    if sys.argv[1] == "renew":
        main(sys.argv[1:])
        (Path(os.environ["VAR_DIR"]) / "uji").touch()
        __import__("time").sleep(900)
"""
NEVER_READY = {"models/operations/checks.py": CHECKS.replace(READY, '    return {"uji": "Tidak pernah siap."}\n')}
DIES = {"migrations/9999_dies.sql": "SELECT nothing FROM nowhere;\n"}
MIGRATES = {"migrations/9999_more.sql": 'CREATE INDEX "tambahan" ON "complaint" ("received_at");\n'}
INDEX = "    def index(self) -> str:\n"
NO_START_PAGE = {"admin/start.py": START.replace(INDEX, f"{INDEX}        raise RuntimeError\n")}
NEVER_ANSWERS = {"app.py": APP.replace(BEGIN, DUMB)}
CUT_OFF = {"app.py": APP.replace(BEGIN, HANGS)}
CHANGES = (NEVER_READY, DIES, MIGRATES, NO_START_PAGE, NEVER_ANSWERS, CUT_OFF)


def code_of_first(target: Path) -> None:
    """The code that left the first office of the corpus, out of the project's history; a failure where that is cut."""
    asked = ["git", "log", "--format=%H", "--diff-filter=A", "--", str(HERE / FIRST / RECORD)]
    commits = subprocess.run(asked, cwd=HOUSE, check=True, capture_output=True, text=True).stdout.split()
    assert commits, "the history of the project is not here: a whole clone is needed"
    packed = subprocess.run(["git", "archive", commits[-1]], cwd=HOUSE, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", str(target)], input=packed, check=True)


def lay_release(machine: Machine, version: str, changed: dict[str, str] | None = None) -> None:
    """The present code in the folder of a version, as the guide unpacks it."""
    machine.pack(version, changed)
    archive = machine.root / f"panel-{version}.tar.gz"
    subprocess.run(["tar", "-xzf", archive, "--strip-components=1", "-C", machine.release(version)], check=True)


def put_to_work(machine: Machine, version: str, engine: str = "sqlite") -> Path:
    """The corpus' first office on a machine, served by this version; its database."""
    path = handed(FIRST, engine, machine.var)
    _no_more_a_demo(path)
    (machine.place / "current").symlink_to(f"releases/{version}")
    for name, place in (("panel.env", "etc/panel.env"), ("panel.service", "etc/systemd/system/panel.service")):
        (machine.root / place).write_text(machine.moved((DEPLOY / name).read_text(encoding="utf-8")))
    if engine != "sqlite":
        (machine.var / "panel.sqlite").unlink()
        _name_database(machine, path)
    subprocess.run(["chown", "-R", "nobody:nogroup", machine.var], check=True)
    subprocess.run(["chmod", "-R", "go=", machine.var], check=True)
    machine.systemctl("start", "panel")
    wait_until(lambda: lives(machine))
    return path


def _name_database(machine: Machine, path: Path) -> None:
    """As the guide's variant does; the tests' server lets the panel's account reach its socket."""
    postgres.server().folder.chmod(0o711)
    with postgres.server().boss() as boss:
        boss.execute(f"ALTER ROLE {postgres.OWNER} CREATEDB")
    with (machine.root / "etc/panel.env").open("a") as file:
        file.write(f"DATABASE_URL='{url_of(path)}'\nDATABASE_OWNER_URL='{owner_url_of(path)}'\n")


def _no_more_a_demo(path: Path) -> None:
    """The corpus marks its office as invented, and on that no office starts."""
    with outside(path) as raw:
        raw.execute(f"DELETE FROM setting WHERE key = '{FLAG}'")


def place_of_backups(machine: Machine) -> Path:
    """The folder of another disk, which the panel may write to."""
    place = machine.root / "mnt/cadangan/panel"
    place.mkdir(parents=True, exist_ok=True)
    subprocess.run(["chown", "nobody:nogroup", place], check=True)
    return place


def lives(machine: Machine) -> bool:
    address = f"http://127.0.0.1:{machine.inside}/health/live"
    return subprocess.run(["curl", "--silent", "--fail", address], capture_output=True, check=False).returncode == 0


def in_use(machine: Machine) -> str:
    return (machine.place / "current").resolve().name


def process(machine: Machine) -> str:
    return (machine.root / "panel.pid").read_text()


def left_over(machine: Machine) -> list[str]:
    """What an upgrade needs for a while only."""
    names = ("sisihan", "latihan", "kembali")
    return [path.name for path in machine.var.iterdir() if path.name.startswith(names)]


def upgraded(machine: Machine, **more: str) -> Played:
    """The guide's commands for the next version, whose archive is there."""
    if not machine.release(NEXT).exists():
        machine.furnish(NEXT, machine.place / "current/.venv")
    return machine.play(guide.commands()[guide.UPGRADE], **more)


def downgraded(machine: Machine, **more: str) -> Played:
    return machine.play("make -C /opt/panel/current downgrade", **more)


@dataclass
class Silence:
    """How long in all no request was answered, in seconds."""

    seconds: float = 0.0


@contextmanager
def watched(machine: Machine) -> Iterator[Silence]:
    """Somebody asks every tenth of a second: where nothing answers nginx says 503."""
    silence, over = Silence(), threading.Event()

    def ask() -> None:
        last = time.monotonic()
        while not over.wait(0.1):
            answered, at = _answers(machine.inside), time.monotonic()
            silence.seconds += 0 if answered else at - last
            last = at

    asking = threading.Thread(target=ask)
    asking.start()
    try:
        yield silence
    finally:
        over.set()
        asking.join()


def _answers(port: int) -> bool:
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        asked.request("GET", "/health/live")
        return asked.getresponse().status == 200
    except OSError:
        return False
    finally:
        asked.close()
