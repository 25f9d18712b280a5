"""Benchmark: what a start of the panel costs: CPU time until the first page is answered, memory, and CPU time of a
panel that nobody uses.

`python -m bench.start` writes the table into docs/performance.md. The demo is made once under build/bench; each start
serves a copy of it, once with its papers waiting for the press and once with none. Counted are the server and its
child processes, as medians of several starts. Exit status 1 above a bound.
"""

import argparse
import os
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import urlopen

from bench.pages import PAGE, between

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "build" / "bench" / "start"
BEGIN, END = "<!-- start -->", "<!-- /start -->"
MOST_CPU, MOST_MB, MOST_IDLE = 1.2, 130, 0.5  # seconds, megabytes, percent of a core
STARTS, SETTLING, WATCHED = 5, 20, 60  # starts; seconds until a panel is idle, and of being watched then
ADDRESS = re.compile(r"http://[\d.:]+")
TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class StartCost:
    """Seconds of CPU until the first page is answered, megabytes then, and percent of a core while idle."""

    papers: int
    cpu: float
    memory: float
    idle: float | None = None

    @property
    def line(self) -> str:
        idle = "" if self.idle is None else f"{self.idle:.2f}"
        return f"| {self.papers:,} | {self.cpu:.2f} | {self.memory:.0f} | {idle} |"

    @property
    def is_over(self) -> bool:
        return self.cpu > MOST_CPU or self.memory > MOST_MB or (self.idle or 0) > MOST_IDLE


def demo_folder() -> Path:
    """VAR_DIR with the demo and its past; cached."""
    if not (CACHE / "whole").exists():
        shutil.rmtree(CACHE, ignore_errors=True)
        command = [sys.executable, "-m", "flask", "--app", "app", "demo", "--quarter", "--seed", "7"]
        subprocess.run(command, cwd=ROOT, env=_environment(CACHE), check=True, stdout=subprocess.DEVNULL)
        (CACHE / "whole").touch()
    return CACHE


def _environment(var: Path) -> dict[str, str]:
    """Of a panel on this folder; it may write compiled code, as every installed panel has it."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "VAR_DIR": str(var), "DATABASE_URL": f"sqlite:///{var}/demo.sqlite", "PORT": "0"}


@contextmanager
def serving(var: Path) -> Iterator[tuple[int, str]]:
    """`python app.py` on this folder: its process id and address."""
    environment = {**_environment(var), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "app.py"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as panel:
        try:
            addresses = (ADDRESS.search(line) for line in panel.stdout or ())
            yield panel.pid, next(filter(None, addresses))[0]
        finally:
            panel.terminate()


def processes(pid: int) -> list[int]:
    """The process and its descendants."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    children = {int(child) for task in tasks for child in (task / "children").read_text().split()}
    return [pid, *(process for child in children for process in processes(child))]


def cpu_seconds(pid: int) -> float:
    """CPU time of the process and its descendants, those that have ended included."""
    spent = (Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[11:15] for one in processes(pid))
    return sum(int(ticks) for times in spent for ticks in times) / TICK


def megabytes(pid: int) -> float:
    """Resident memory of the process and its descendants."""
    texts = (Path(f"/proc/{one}/status").read_text() for one in processes(pid))
    return sum(int(text.partition("VmRSS:")[2].split()[0]) for text in texts) / 1024


def cost(papers: bool) -> StartCost:
    """One start with papers waiting for the press or with none; the second one is watched while idle."""
    with tempfile.TemporaryDirectory() as folder:
        var = Path(shutil.copytree(demo_folder(), Path(folder) / "var"))
        with closing(sqlite3.connect(var / "demo.sqlite")) as raw:
            if not papers:
                raw.execute("DELETE FROM paper_to_print")
                raw.commit()
            [count] = raw.execute("SELECT count(*) FROM paper_to_print").fetchone()
        with serving(var) as (pid, address):
            with urlopen(address) as page:
                page.read()
            return StartCost(count, cpu_seconds(pid), megabytes(pid), None if papers else idle_share(pid))


def idle_share(pid: int) -> float:
    """Percent of a core that a panel takes while nobody uses it."""
    time.sleep(SETTLING)
    before = cpu_seconds(pid)
    time.sleep(WATCHED)
    return (cpu_seconds(pid) - before) / WATCHED * 100


def measured(papers: bool, starts: int) -> StartCost:
    costs = [cost(papers) for _ in range(starts)]
    idle = None if papers else statistics.median(each.idle or 0 for each in costs)
    middle = (statistics.median(values) for values in zip(*((each.cpu, each.memory) for each in costs), strict=True))
    return StartCost(costs[0].papers, *middle, idle)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--starts", type=int, default=STARTS)
    starts = parser.parse_args().starts
    demo_folder()
    cost(papers=True)  # compiles what is not compiled yet
    costs = [measured(papers, starts) for papers in (False, True)]
    head = "| papers waiting | s of CPU to the first page | memory, MB | idle, % of a core |\n| --: | --: | --: | --: |"
    table = "\n".join([head, *(each.line for each in costs)])
    print(table)
    PAGE.write_text(between(PAGE.read_text(encoding="utf-8"), BEGIN, END, table), encoding="utf-8")
    return int(any(each.is_over for each in costs))


if __name__ == "__main__":
    sys.exit(main())
