"""`make audit`: a known hole is named, and a source that cannot be asked is reported, never taken for none."""

import json
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bench.release.audit import CLEAN, HOLES, NOT_HAD, TOOL, UNKNOWN, look
from tests.trust.page import HOUSE

pytestmark = [pytest.mark.soak]
AFFECTED = {
    "id": "PYSEC-2000-1",
    "affected": [
        {
            "package": {"name": "six", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "1.18.0"}]}],
            "versions": ["1.17.0"],
        }
    ],
    "aliases": [],
    "summary": "planted",
}


@pytest.fixture(scope="module", autouse=True)
def tool() -> None:
    subprocess.run(
        ["make", "--silent", str(TOOL.parents[1].relative_to(HOUSE) / ".requirements")], cwd=HOUSE, check=True
    )


@contextmanager
def osv(*, knows: bool) -> Iterator[str]:
    """A service of the tests' own, that speaks as OSV does; of six it knows a hole, or of nothing."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            holes = [AFFECTED] if knows and asked["package"]["name"] == "six" else []
            said = json.dumps({"vulns": holes} if holes else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/v1/query"
        server.shutdown()


@pytest.fixture
def pins(tmp_path: Path) -> Path:
    path = tmp_path / "requirements.txt"
    path.write_text("six==1.17.0  # planted\npytz==2026.6\n")
    return path


def test_a_known_hole_is_named_with_the_version_that_mends_it(pins: Path) -> None:
    with osv(knows=True) as url:
        verdict = look(pins, url)
    assert (verdict.code, verdict.lines[1:]) == (HOLES, ("six 1.17.0: PYSEC-2000-1, mended in 1.18.0",))


def test_where_each_package_was_answered_for_and_none_has_a_hole_that_is_said(pins: Path) -> None:
    with osv(knows=False) as url:
        verdict = look(pins, url)
    assert verdict.code == CLEAN
    assert verdict.lines[0].startswith("2 packages, and OSV knows of no hole")


def test_an_audit_without_a_reachable_source_does_not_pass(tmp_path: Path) -> None:
    pins = tmp_path / "requirements.txt"
    pins.write_text("no-package-of-this-name-is-anywhere==1.0\n")  # PyPI, where it can be asked, knows it as little
    verdict = look(pins, "http://127.0.0.1:1/v1/query")
    assert (verdict.code, verdict.lines[0]) == (UNKNOWN, NOT_HAD)
    assert len(verdict.lines) == 3


def test_nothing_that_runs_in_production_has_a_known_hole() -> None:
    """Where OSV and PyPI are out of reach this is neither passed nor skipped: it stands in the report as not had."""
    verdict = look(HOUSE / "requirements.txt")
    if verdict.code == UNKNOWN:
        pytest.xfail("\n".join(verdict.lines))
    assert verdict.code == CLEAN, "\n".join(verdict.lines)
