"""No note, no data: whatever door tells of a case, the access log says so before it does."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from models.case import seen
from models.store.base import database
from models.tables.accesslog import ReadCase, Reading, Seen
from models.tables.complaint import Complaint
from tests.admin.doors import Visitor
from tests.admin.matrix.grid import undone
from tests.admin.routes import readable
from tests.office import SECRET, Office, worked

MARK = "KANARIRAHASIA"  # stands in the case's title, story and name: letters that no token has
PART = MARK[:6]  # what is searched for comes back in its box, which tells nobody anything
READERS = ("petugas", "kadis", "bidang.ppa", "pengawas")
LEAST = {"petugas": 12, "kadis": 10, "bidang.ppa": 10, "pengawas": 9}  # doors that tell of it, at least


@pytest.fixture(scope="module")
def begun(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One secret case that has every paper and record, so that its number is that of its records, too."""

    def work(office: Office) -> None:
        persons = {"pengadu": {"name": f"Siti {MARK}"}}
        office.bring(office.receive(category=SECRET, title=f"J {MARK}", story=f"U {MARK}", persons=persons), "closed")

    return worked(template, tmp_path_factory.mktemp("told"), work)


@pytest.fixture
def walked(office: Office, own_panel: Flask) -> Flask:
    """One connection for all requests, so that what a door notes can be taken back before the next one."""
    database.connect(reuse_if_open=True)
    own_panel.teardown_request_funcs[None] = []
    return own_panel


def doors(app: Flask) -> Iterator[str]:
    """Every address that is read, and the searches."""
    case = Complaint.get().id
    yield from (path for _, path in readable(app, case) if "/static/" not in path)
    yield from (f"/pengaduan/?search={PART}", f"/cari/?q={PART}", f"/riwayat/?search={PART}")


def noted(user: int) -> int:
    """How much the log holds of a person that names the case."""
    mine = Reading.select(Reading.id).where(Reading.user == user)
    lists = ReadCase.select().where(ReadCase.reading.in_(mine)).count()
    return Seen.select().where(Seen.user == user).count() + lists + mine.where(Reading.told.is_null(False)).count()


def telling(app: Flask, office: Office, username: str, paths: Iterable[str]) -> tuple[list[str], list[str]]:
    """Those of the doors that tell a person of the case, and those of them that note nothing."""
    visitor, user = Visitor(app), office[username].id
    assert visitor.sign_in(username).status_code == 302
    tell, forget = [], []
    for path in paths:
        with undone():
            before, answer = noted(user), visitor.get(path)
            body = answer.get_data()
            answer.close()
            if MARK.encode() in body:
                tell.append(path)
                forget += [path] * (noted(user) == before)
    return tell, forget


@pytest.mark.usefixtures("unprinted")
@pytest.mark.nightly(engine=["postgresql"])  # what a door notes does not hang on the database
@pytest.mark.nightly(username=["petugas", "bidang.ppa"])  # come in by the same doors as the chief
@pytest.mark.parametrize("username", READERS)
def test_every_door_that_tells_of_a_case_has_noted_it(walked: Flask, office: Office, username: str) -> None:
    tell, forget = telling(walked, office, username, list(doors(walked)))
    assert forget == []
    assert len(tell) >= LEAST[username], tell


@pytest.mark.usefixtures("unprinted")
def test_a_door_that_forgot_would_be_found(walked: Flask, office: Office, monkeypatch: Any) -> None:
    monkeypatch.setattr(seen, "note", lambda *args, **more: None)
    doors_of_case = [f"/pengaduan/details/?id={Complaint.get().id}", f"/berkas/{Complaint.get().id}.pdf"]
    assert telling(walked, office, "kadis", doors_of_case) == (doors_of_case, doors_of_case[:1])
