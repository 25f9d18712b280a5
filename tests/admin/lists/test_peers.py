"""`make bench-peers` compares like with like: pinned peers, the panel's own rows, and every page in the document."""

import re
import sqlite3
from pathlib import Path

import pytest

from bench.pages import PAGE
from bench.peers.__main__ import BEGIN, END, addresses, plain_copy
from bench.peers.client import PANEL, applications
from bench.peers.serving import ACTOR, READER, STATES
from models.store.base import database
from sop.vocabulary import vocabulary
from tests.admin.doors import signed_in
from tests.office import EMERGENCY, SECRET

ROOT = Path(__file__).resolve().parents[3]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([0-9][A-Za-z0-9.]*)(?:\s+# .+)?$")
PEERS = [app for app in applications() if app.name != PANEL]


def pins(path: Path) -> dict[str, str]:
    """The packages of a requirements file; every line must pin one exactly."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] not in "#-"]
    assert lines
    matches = [PIN.match(line) for line in lines]
    assert all(matches), [line for line, match in zip(lines, matches, strict=True) if not match]
    return {match[1].lower(): match[2] for match in matches if match}


def test_each_peer_is_pinned_and_installed_with_the_packages_that_the_panel_has() -> None:
    files = {path.stem for path in (ROOT / "bench" / "peers").glob("*.txt")}
    assert files == {app.name for app in PEERS}
    own = pins(ROOT / "requirements.txt")
    for app in PEERS:
        packages = pins(ROOT / "bench" / "peers" / f"{app.name}.txt")
        other = {name: (pin, own[name]) for name, pin in packages.items() if own.get(name, pin) != pin}
        assert not other, app.name
        assert "waitress" in packages


def test_the_peers_choose_from_the_states_that_the_panel_has() -> None:
    assert set(STATES) <= set(vocabulary().states)  # a row of the office's own adds some


def test_the_document_tells_every_page_of_every_application() -> None:
    text = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    assert all(app.version in text for app in PEERS)
    sizes = re.split(r"^[0-9,]+ cases, [0-9]+ requests each:$", text, flags=re.M)[1:]
    assert sizes
    for size in sizes:
        told = re.findall(r"^\| (.+?) \| (.+?) \| [0-9.]+ \|", size, re.M)
        pages = list(dict.fromkeys(page for page, _ in told))
        assert len(pages) == 7
        assert told == [(page, app.title) for page in pages for app in applications()]
        assert all(f"{app.title} " in size.partition("Eight clients")[2] for app in applications())


@pytest.mark.only("sqlite")
def test_the_plain_copy_has_the_panels_rows_in_the_panels_order(panel, office) -> None:
    first = office.receive(3)
    office.receive(2, category=EMERGENCY, emergency=True)
    office.receive(category=SECRET)
    office.bring(first[:2], "closed")
    app = next(app for app in applications() if app.name == PANEL)
    plain = sqlite3.connect(plain_copy(office.path))
    ids = [number for (number,) in plain.execute("SELECT id FROM complaint ORDER BY place")]
    words = dict(plain.execute("SELECT id, words FROM complaint"))
    plain.close()
    assert len(ids) == 6
    assert all("Bantuan tidak diterima" in text for text in words.values())
    for person in (ACTOR, READER):
        page = signed_in(panel, person).page(app.list)
        assert app.ids(page) == ids
        assert [bool(re.search(control, page)) for control in app.controls] == [True, True, False]  # one page: no pager
        assert bool(re.search(app.action, page)) is (person == ACTOR)


@pytest.mark.only("sqlite")
def test_the_copy_leaves_nothing_in_the_panels_database_by_which_it_would_plan_otherwise(office) -> None:
    tables = set(database.get_tables())
    sqlite3.connect(plain_copy(office.path)).close()
    assert set(database.get_tables()) == tables


@pytest.mark.only("sqlite")
def test_the_address_of_a_deep_page_begins_after_the_row_before_it(panel, office) -> None:
    office.bring(office.receive(43), "closed")
    app = next(app for app in applications() if app.name == PANEL)
    plain = plain_copy(office.path)
    pages, kadis = addresses(app, plain, 43), signed_in(panel, ACTOR)
    assert app.ids(kadis.page(pages["page at 90 %"])) == app.ids(kadis.page(f"{app.list}?page=1"))
    assert app.ids(kadis.page(pages["last page"]))[-1] == app.ids(kadis.page(f"{app.list}?page=2"))[-1]
