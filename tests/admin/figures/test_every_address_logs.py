"""No log entry, no data: every address that shows a case writes the access log first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from models.case import access_notes
from models.complaint.accesslog import ReadCase, Reading, Seen
from models.complaint.complaint import Complaint
from models.store.base import database
from sop.flow import current_procedure
from sop.vocabulary import CLOSED, vocabulary
from tests.admin.doors import Visitor
from tests.admin.matrix.grid import undone
from tests.admin.routes import readable, writable
from tests.office import SECRET, Office, worked

MARK = "KANARIRAHASIA"  # stands in the case's title, story and name: letters that no token has
PART = MARK[:6]  # what is searched for comes back in its box, which reveals nothing
READERS = ("petugas", "kadis", "bidang.ppa", "pengawas")
LEAST = {"petugas": 12, "kadis": 10, "bidang.ppa": 10, "pengawas": 9}  # doors that tell of it, at least


@pytest.fixture(scope="module")
def begun(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A secret case that has every paper and record, so that its number is that of its records, too; and one that waits
    to be decided on."""

    def work(office: Office) -> None:
        texts = {"title": f"J {MARK}", "story": f"U {MARK}", "persons": {"pengadu": {"name": f"Siti {MARK}"}}}
        for state in (CLOSED, next(step.key for step in current_procedure().main_line if step.independent)):
            office.bring(office.receive(category=SECRET, **texts), state)

    return worked(template, tmp_path_factory.mktemp("walked"), work)


@pytest.fixture
def walked(office: Office, own_panel: Flask) -> Flask:
    """One connection for all requests, so that what a door notes can be taken back before the next one."""
    database.connect(reuse_if_open=True)
    own_panel.teardown_request_funcs[None] = []
    return own_panel


@dataclass(frozen=True)
class SentForm:
    """What is posted to an address."""

    path: str
    fields: Mapping[str, Any]

    def __str__(self) -> str:
        return f"POST {self.path} {dict(self.fields)}"


Door = str | SentForm


def doors(app: Flask) -> Iterator[str]:
    """Every address that is read, and the searches."""
    case = first_case().id
    yield from (path for _, path in readable(app, case) if "/static/" not in path)
    yield from (f"/pengaduan/?search={PART}", f"/cari/?q={PART}", f"/temukan/?q={PART}")
    yield f"/riwayat/?search={PART}"


def first_case() -> Complaint:
    case: Complaint = Complaint.select().order_by(Complaint.id).get()
    return case


def forms(app: Flask) -> Iterator[SentForm]:
    """Every address that takes something, with what leads on to a page, a file or a refusal that shows a case."""
    for case in Complaint.select().order_by(Complaint.id):
        chosen = {"rowid": case.id, "cases": f"{case.id}:{case.version}", "reason": "report", "format": "csv"}
        words = [{"do": word} for word in ("perform", "draft", "review")]
        acts = [{"action": act} for act in ("merge", "zip", "pilih", *vocabulary().transitions)]
        for path in {path for _, path in writable(app, case.id) if path not in ("/keluar", "/masuk")}:
            yield from (SentForm(path, chosen | more) for more in (acts if "/action/" in path else words))
        for step in vocabulary().transitions:
            yield from (SentForm(f"/pengaduan/langkah/{step}/", chosen | more) for more in words)


def logged_accesses(user: int) -> int:
    """How much the log holds of a person that names the case."""
    mine = Reading.select(Reading.id).where(Reading.user == user)
    lists = ReadCase.select().where(ReadCase.reading.in_(mine)).count()
    return Seen.select().where(Seen.user == user).count() + lists + mine.where(Reading.told.is_null(False)).count()


def telling(app: Flask, office: Office, username: str, paths: Iterable[Door]) -> tuple[list[str], list[str]]:
    """Those of the doors that tell a person of the case, and those of them that note nothing."""
    visitor, user = Visitor(app), office[username].id
    assert visitor.sign_in(username).status_code == 303
    tell, forget, token = [], [], visitor.token()
    for door in paths:
        with undone():
            before = logged_accesses(user)
            body = body_of(visitor, door, token)
            if MARK.encode() in body:
                tell.append(str(door))
                forget += [str(door)] * (logged_accesses(user) == before)
    return tell, forget


def body_of(visitor: Visitor, door: Door, token: str) -> bytes:
    """What the door answers."""
    if isinstance(door, SentForm):
        answer = visitor.client.post(door.path, data={**door.fields, "csrf_token": token})
    else:
        answer = visitor.get(door)
    body = answer.get_data()
    answer.close()
    return bytes(body)


@pytest.mark.usefixtures("unprinted")
@pytest.mark.nightly(engine=["postgresql"])  # what a door notes does not hang on the database
@pytest.mark.nightly(username=["petugas", "bidang.ppa"])  # come in by the same doors as the chief
@pytest.mark.parametrize("username", READERS)
def test_every_address_that_shows_a_case_has_logged_it(walked: Flask, office: Office, username: str) -> None:
    tell, forget = telling(walked, office, username, list(doors(walked)))
    assert forget == []
    assert len(tell) >= LEAST[username], tell


@pytest.mark.usefixtures("unprinted")
@pytest.mark.soak
@pytest.mark.parametrize("username", READERS)
def test_what_is_answered_to_a_form_is_logged_as_well(walked: Flask, office: Office, username: str) -> None:
    tell, forget = telling(walked, office, username, list(forms(walked)))
    assert forget == []
    assert username == "pengawas" or len(tell) > 3, tell


@pytest.mark.usefixtures("unprinted")
def test_a_door_that_forgot_would_be_found(walked: Flask, office: Office, monkeypatch: Any) -> None:
    monkeypatch.setattr(access_notes, "note", lambda *args, **more: None)
    doors_of_case = [f"/pengaduan/details/?id={first_case().id}", f"/berkas/{first_case().id}.pdf"]
    assert telling(walked, office, "kadis", doors_of_case) == (doors_of_case, doors_of_case[:1])
