"""`make sbom`: what runs in production, each package with its version."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.trust.page import HOUSE

PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


@pytest.mark.slow("a process of its own")
def test_each_pinned_package_is_in_it_and_nothing_else(tmp_path: Path) -> None:
    [line] = re.findall(r"^\t\$\(BIN\)/cyclonedx-py (.+)$", (HOUSE / "Makefile").read_text(), re.MULTILINE)
    words = line.replace("$(SBOM)", str(tmp_path / "sbom.json")).split()
    tool = Path(sys.executable).with_name("cyclonedx-py")
    subprocess.run([tool, *words], cwd=HOUSE, check=True, capture_output=True)
    components = json.loads((tmp_path / "sbom.json").read_text())["components"]
    pinned = PINNED.findall((HOUSE / "requirements.txt").read_text(encoding="utf-8"))
    assert len(pinned) > 40
    assert sorted((one["name"], one["version"]) for one in components) == sorted(pinned)
    assert all(one["purl"].startswith("pkg:pypi/") for one in components)
