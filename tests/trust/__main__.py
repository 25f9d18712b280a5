"""`make trust`: run the tests of every promise and print what they found; `--record` writes it into docs/security.md.

By day those of the day, with `-m soak` those of the night. `--write` runs nothing and makes the table anew. Whatever
else is said goes to pytest: `T11 T12` for some promises only, `-n auto` for all cores.
"""

import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest

from tests.trust import page
from tests.trust.promises import PROMISES, Promise

OWN = ("--record", "--write")


@dataclass(eq=False)  # pytest stores its plugins in a set
class Tally:
    """What became of each test: heard from pytest while it runs."""

    outcomes: dict[str, str] = field(default_factory=dict)
    seconds: Counter[str] = field(default_factory=Counter)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] += report.duration
        counts = report.when == "call" or report.outcome != "passed"
        if counts and self.outcomes.get(report.nodeid) != "failed":
            self.outcomes[report.nodeid] = report.outcome


@dataclass(frozen=True)
class Finding:
    """A promise, and how its tests ended."""

    promise: Promise
    passed: int
    failed: int
    skipped: int
    minutes: float

    @classmethod
    def of(cls, promise: Promise, tally: Tally) -> "Finding":
        own = {node: outcome for node, outcome in tally.outcomes.items() if any(shows(t, node) for t in promise.tests)}
        counts = Counter(own.values())
        seconds = sum(tally.seconds[node] for node in own)
        return cls(promise, counts["passed"], counts["failed"], counts["skipped"], seconds / 60)

    @property
    def ran(self) -> bool:
        return bool(self.passed or self.failed)

    def words(self, commit: str) -> str:
        failed = f", {self.failed} failed" if self.failed else ""
        return f"{self.passed} passed{failed}, {self.minutes:.1f} minutes, {commit}"


def shows(test: str, node: str) -> bool:
    """Whether a test that has run is the one that a promise names, or of the room that it names."""
    path = f"tests/{test}"
    return node == path or node.startswith((f"{path}[", f"{path}::", f"{path}/"))


def main(words: Sequence[str]) -> int:
    """0 if whatever has run has passed."""
    keys = {promise.key for promise in PROMISES} & set(words)
    chosen = [promise for promise in PROMISES if promise.tests and (not keys or promise.key in keys)]
    text = page.PAGE.read_text(encoding="utf-8")
    if "--write" in words:
        page.PAGE.write_text(page.written(text, page.recorded(text)), encoding="utf-8")
        return 0
    tally, rest = Tally(), [word for word in words if word not in OWN and word not in keys]
    nodes = sorted({f"tests/{test}" for promise in chosen for test in promise.tests})
    code = int(pytest.main([*nodes, *rest], plugins=[tally]))
    findings = [Finding.of(promise, tally) for promise in chosen]
    print(*_lines(findings), sep="\n")
    if "--record" in words and not code:
        night = "soak" in rest
        page.PAGE.write_text(page.written(text, _recorded(text, findings, night=night)), encoding="utf-8")
    return code


def _lines(findings: Sequence[Finding]) -> list[str]:
    """A line for each promise, those without tests too: what is not listed would be overlooked."""
    by_key = {finding.promise.key: finding for finding in findings}
    head = f"\n{'':<5} {'passed':>6} {'failed':>6} {'skipped':>7} {'minutes':>7}"
    return [head, *(_line(promise, by_key.get(promise.key)) for promise in PROMISES)]


def _line(promise: Promise, finding: Finding | None) -> str:
    if finding is None or not (finding.ran or finding.skipped):
        figures = f"{'not run' if promise.tests else f'no test: {promise.turn.value}':>29}"
    else:
        figures = f"{finding.passed:>6} {finding.failed:>6} {finding.skipped:>7} {finding.minutes:>7.1f}"
    tests = "".join(f"\n{'':<36}  {test}" for test in promise.tests)
    return f"{promise.key:<5} {figures}  {promise.says}{tests}"


def _recorded(text: str, findings: Sequence[Finding], *, night: bool) -> dict[str, page.Runs]:
    """What the page said, and what has been found now. A tree that is no commit leaves no figure."""
    runs, commit = page.recorded(text), _commit()
    for finding in findings:
        if finding.ran and commit:
            before = runs.get(finding.promise.key, page.Runs())
            now = finding.words(commit)
            runs[finding.promise.key] = replace(before, night=now) if night else replace(before, day=now)
    return runs


def _commit() -> str:
    """The commit that was tested, "" if the tree is another one. The page itself may have changed."""
    changed = _git("status", "--porcelain", "--untracked-files=no").splitlines()
    if any(not line.endswith("docs/security.md") for line in changed):
        print("The tree is no commit: nothing is recorded.", file=sys.stderr)
        return ""
    return _git("rev-parse", "--short=7", "HEAD").strip()


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=page.HOUSE, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
