"""`make audit`: known vulnerabilities of the packages in requirements.txt. Exit code 1 if there are any, 2 if unknown.

pip-audit passes packages that its service does not know, and fails open if the service is down: here each package must
have an answer, by OSV or else by PyPI.
"""

import argparse
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.release.archive import HOUSE
from bench.release.wheels import PINNED

TOOL = HOUSE / "build" / "audit" / "bin" / "pip-audit"
OSV = "https://api.osv.dev/v1/query"
WORDS = ("--no-deps", "--disable-pip", "--strict", "--format", "json", "--progress-spinner", "off", "--timeout", "15")
CLEAN, HOLES, UNKNOWN = 0, 1, 2
NONE = "{} packages, and {} knows of no hole in any."
FOUND = "Known holes, as {} tells:"
NOT_HAD = "The data on known holes could not be had: NOTHING WAS LOOKED FOR."
NO_TOOL = "{} is not there: `make audit` installs it."


@dataclass(frozen=True)
class Verdict:
    """The result: exit code and lines of output, the most important first."""

    code: int
    lines: tuple[str, ...]


def main(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make audit")
    parser.add_argument("--requirements", type=Path, default=HOUSE / "requirements.txt")
    parser.add_argument("--osv-url", default=OSV)
    options = parser.parse_args(words)
    verdict = look(options.requirements, options.osv_url)
    print(*verdict.lines, sep="\n", file=sys.stderr if verdict.code else sys.stdout)
    return verdict.code


def look(requirements: Path, osv_url: str = OSV) -> Verdict:
    """Query OSV, then PyPI if OSV has no answer for all packages."""
    if not TOOL.exists():
        return Verdict(UNKNOWN, (NOT_HAD, NO_TOOL.format(TOOL)))
    reasons: list[str] = []
    for name, way in (("OSV", ("--vulnerability-service", "osv", "--osv-url", osv_url)), ("PyPI", ())):
        verdict = _query(name, requirements, way)
        if verdict.code != UNKNOWN:
            return verdict
        reasons += verdict.lines
    return Verdict(UNKNOWN, (NOT_HAD, *reasons))


def _query(name: str, requirements: Path, way: tuple[str, ...]) -> Verdict:
    command = [str(TOOL), "--requirement", str(requirements), *WORDS, *way]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    last = (done.stderr.strip().splitlines() or ["no word"])[-1]
    try:
        answered: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        return Verdict(UNKNOWN, (f"{name}: {last}",))
    pinned = PINNED.findall(requirements.read_text(encoding="utf-8"))
    if skipped := [package for package in answered if "vulns" not in package]:
        return Verdict(UNKNOWN, (f"{name}: {skipped[0].get('skip_reason', 'one package was skipped')}",))
    if len(answered) != len(pinned):
        return Verdict(UNKNOWN, (f"{name}: {len(answered)} of {len(pinned)} packages were answered for",))
    holes = [_line(package, hole) for package in answered for hole in package["vulns"]]
    return Verdict(HOLES, (FOUND.format(name), *holes)) if holes else Verdict(CLEAN, (NONE.format(len(pinned), name),))


def _line(package: dict[str, Any], hole: dict[str, Any]) -> str:
    mended = ", ".join(hole.get("fix_versions") or ()) or "no version yet"
    return f"{package['name']} {package['version']}: {hole['id']}, mended in {mended}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
