"""JANJI-TERUJI.txt: which promises have a recorded test run, and whether it was of exactly this code.

`make trust --record` writes the runs and the tested commit into docs/security.md. A run counts for this version if only
that page has changed since.
"""

import subprocess
from functools import cache

from bench.release.archive import HOUSE, Head, git
from tests.trust.page import NOT_RUN, Runs, recorded
from tests.trust.promises import PROMISES, Promise, Turn

OWN = "docs/security.md"
HEAD = """\
JANJI YANG TERUJI

Panel menjanjikan hal-hal di bawah ini (dalam bahasa Inggris; penjelasannya pada docs/security.md). Untuk setiap janji
disebut apa yang tercatat ketika ujiannya terakhir dijalankan: siang, dan malam untuk ujian yang panjang.

Versi {version}, commit {commit}.
{of_this} dari {due} janji yang sudah jatuh tempo mempunyai catatan ujian untuk kode yang persis ini.
{older} mempunyai catatan dari kode yang lebih lama saja.
{none} tidak mempunyai catatan sama sekali{which}.

"""
THIS, BEFORE, LOST = "kode ini", "kode lama", "commit yang tidak dikenal di sini"


def text(head: Head) -> str:
    """The whole page, with the counts first."""
    runs = recorded(git("show", f"{head.commit}:{OWN}"))
    due = [promise for promise in PROMISES if promise.turn is Turn.DUE]
    states = {promise.key: _states(runs.get(promise.key, Runs()), head) for promise in due}
    none = [key for key, ages in states.items() if not ages]
    of_this = [key for key, ages in states.items() if THIS in ages]
    page = HEAD.format(
        version=head.version,
        commit=head.commit[:12],
        of_this=len(of_this) or "Tidak satu pun",
        due=len(due),
        older=len(due) - len(of_this) - len(none),
        none=len(none) or "Tidak satu pun",
        which=f": {', '.join(none)}" if none else "",
    )
    return page + "".join(_entry(promise, runs.get(promise.key, Runs()), head) for promise in due)


def _states(runs: Runs, head: Head) -> set[str]:
    return {_of_which(run, head) for run in (runs.day, runs.night) if run != NOT_RUN}


def _entry(promise: Promise, runs: Runs, head: Head) -> str:
    day, night = _run_in_words(runs.day, head), _run_in_words(runs.night, head)
    return f"{promise.key}: {promise.says}\n  siang: {day}\n  malam: {night}\n\n"


def _run_in_words(run: str, head: Head) -> str:
    if run == NOT_RUN:
        return "tidak ada catatan"
    words = run.replace("passed", "ujian lulus").replace("failed", "gagal").replace("minutes", "menit")
    return f"{words.rpartition(', ')[0]}, pada {_of_which(run, head)} ({_commit_of(run)})"


def _commit_of(run: str) -> str:
    return run.rpartition(", ")[2]


def _of_which(run: str, head: Head) -> str:
    return _age(_commit_of(run), head.commit)


@cache
def _age(tested: str, commit: str) -> str:
    """Whether the tested commit has the same code as the release, apart from docs/security.md."""
    command = ["git", "diff", "--quiet", tested, commit, "--", ".", f":!{OWN}"]
    code = subprocess.run(command, cwd=HOUSE, check=False, capture_output=True).returncode
    return {0: THIS, 1: BEFORE}.get(code, LOST)
