"""The database server goes away and comes back: a clear page at once, and no restart of the panel."""

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from models.store.base import database
from tests import postgres
from tests.admin.doors import Visitor, panel_on
from tests.office import build

pytestmark = pytest.mark.only("postgresql")
STOPS = 20


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[postgres.Server]:
    """A server of this test's own, since it is stopped."""
    mine = postgres.Server.begun("synchronous_commit=on")
    monkeypatch.setattr(postgres, "server", lambda: mine)
    yield mine
    mine.end()


def test_twenty_stops_of_the_server_are_healed_without_a_restart(server, engine, tmp_path: Path):
    app = panel_on(build(tmp_path, engine))
    visitor = Visitor(app)
    assert visitor.sign_in("petugas").status_code == 303
    took: list[float] = []
    for stop in range(STOPS):
        server.stop("immediate" if stop % 2 else "fast")
        for path in ("/pengaduan/", "/", "/sop/"):
            begun = time.perf_counter()
            answer = visitor.get(path)
            assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5"), path
            assert "Basis data tidak dapat dihubungi" in answer.text
            assert "sibuk" not in answer.text
            took.append(time.perf_counter() - begun)
        assert visitor.get("/health/live").status_code == 200
        server.start()
        assert visitor.get("/pengaduan/").status_code == 200, stop
    assert median(took) < 2  # seconds; one answer may be late on a busy machine, not most of them
    database.obj.close_all()
