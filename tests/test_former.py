"""A key that the table no longer has: cases that name it stop the start, until `FORMER` says where they go on."""

import subprocess
from pathlib import Path

import pytest

from models.complaint.complaint import Complaint
from models.workflow import workflow
from tests import former, sixth_row
from tests.office import Office, copied, opened, outside

JOURNEY, REMOVED = "tests/former/renamed_journey.py", "tests/former/removed_journey.py"
AS_PROCESS = 'Former(key="handle", now="process")'
FILL = """
from pathlib import Path
from tests.office import KEY, Office, build, opened
path = build(Path({folder!r}))
with opened(path):
    office = Office.at_work(path)
    waiting, over, open_ = (office.receive(title=title)[0] for title in ("waiting", "over", "open"))
    office.bring([waiting], "monitor")
    office.bring([over], "closed")
    office.bring([open_], "handle")
"""


def house(folder: Path, *, sixth: bool = False) -> Path:
    folder.mkdir(exist_ok=True)
    sixth_row.copy(folder)
    if sixth:
        sixth_row.add_row(folder)
    return folder


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The house with row 3's act under a new name, and `FORMER` that says so."""
    tree = house(tmp_path_factory.mktemp("renamed"))
    former.renamed(tree)
    former.listed(tree, AS_PROCESS)
    return tree


@pytest.fixture
def worked(template: Path, tmp_path: Path) -> Path:
    """A database with cases before, at, held at and behind row 3."""
    path = copied(template, tmp_path)
    with opened(path):
        office = Office.at_work(path)
        cases = {title: office.receive(title=title)[0] for title in ("waiting", "drafted", "held", "passed", "closed")}
        office.bring([office.receive(title="elsewhere")[0]], "dispose")
        office.bring(list(cases.values()), "handle")
        _draft(office, cases["drafted"])
        office.do([cases["held"]], "hold")
        office.bring([cases["passed"]], "submit")
        office.bring([cases["closed"]], "closed")
    return path


def _draft(office: Office, case: int) -> None:
    done = workflow.save_draft(
        case, "handle", by=office["bidang.rehsos"], at=office.tick(), blanks={"facts": "Sedang ditulis."}
    )
    assert not done.refused


def counted(path: Path, sql: str) -> int:
    with outside(path) as raw:
        return int(raw.execute(sql).fetchone()[0])


def sentence(done: subprocess.CompletedProcess[str]) -> str:
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1), done.stderr
    return done.stderr.strip()


def test_a_renamed_act_with_cases_stops_the_start_and_changes_nothing(worked: Path, tmp_path: Path) -> None:
    tree = house(tmp_path / "house")
    former.renamed(tree)
    before = counted(worked, 'SELECT count(*) FROM "event"')
    said = sentence(former.started(tree, worked))
    assert said.startswith("2 pengaduan berstatus “handle”, yang tidak ada lagi dalam tabel SOP. Jalan keluar: ")
    assert 'tambahkan Former(key="handle", now="…") pada FORMER' in said
    assert "“process”" in said
    assert counted(worked, 'SELECT count(*) FROM "event"') == before


def test_once_its_new_name_is_declared_the_start_moves_cases_once_and_the_work_goes_on(
    worked: Path, renamed: Path
) -> None:
    first = former.started(renamed, worked)
    assert first.returncode == 0, first.stderr
    assert "Riwayat utuh" in first.stdout
    events = counted(worked, 'SELECT count(*) FROM "event"')
    assert counted(worked, "SELECT count(*) FROM event WHERE act = 'sop_changed'") == 4
    assert former.started(renamed, worked).stdout == first.stdout
    assert counted(worked, 'SELECT count(*) FROM "event"') == events
    done = former.at_work(renamed, worked, "-m", "pytest", "-p", "no:cacheprovider", "--tb=short", JOURNEY)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def six(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that a house with the sixth row has worked on."""
    folder = tmp_path_factory.mktemp("six")
    tree = house(folder / "house", sixth=True)
    (folder / "var").mkdir()
    path = folder / "var" / "panel.sqlite"
    done = former.at_work(tree, path, "-c", FILL.format(folder=str(path.parent)))
    assert done.returncode == 0, done.stderr
    return path


def test_a_row_taken_out_with_cases_in_it_stops_the_start(six: Path, tmp_path: Path) -> None:
    tree, path = house(tmp_path / "house"), copied(six, tmp_path)
    said = sentence(former.started(tree, path))
    assert said.startswith("1 pengaduan berstatus “monitor”, yang tidak ada lagi dalam tabel SOP. Jalan keluar: ")
    former.listed(tree, 'Former(key="monitor", now="closed")')
    said = sentence(former.started(tree, path))
    assert said.startswith(
        "1 dokumen berjenis “lembar_pemantauan”, yang tidak diterbitkan langkah mana pun. Jalan keluar: "
    )
    assert counted(path, "SELECT count(*) FROM complaint WHERE state = 'monitor'") == 1  # what could move has not
    assert counted(path, "SELECT count(*) FROM event WHERE act = 'sop_changed'") == 0


def test_with_the_act_kept_its_cases_go_on_where_it_says_and_its_papers_stay(six: Path, tmp_path: Path) -> None:
    tree, path = house(tmp_path / "house"), copied(six, tmp_path)
    former.listed(tree, f'Former(key="monitor", now="closed", act={former.sixth_act()})')
    said = sentence(former.started(tree, path))
    assert said.startswith("Tabel SOP, FORMER, langkah “monitor”, kolom papers: “lembar_pemantauan” tidak dikenal.")
    sheet = sixth_row.PIECES / "lembar_pemantauan.html"
    (tree / "templates/papers/lembar_pemantauan.html").write_bytes(sheet.read_bytes())
    done = former.started(tree, path)
    assert done.returncode == 0, done.stderr
    assert "Riwayat utuh" in done.stdout
    with opened(path):
        assert Complaint.select().where(Complaint.state == "monitor").count() == 0
        ended = Complaint.get(Complaint.title == "waiting")
        assert (ended.state, ended.row_due_at, ended.closed_at) == ("closed", None, ended.state_since)
    assert counted(path, "SELECT count(*) FROM run WHERE row_key = 'monitor' AND ended_at IS NULL") == 0
    assert counted(path, "SELECT count(*) FROM event WHERE act = 'sop_changed'") == 1
    pages = former.at_work(tree, path, "-m", "pytest", "-p", "no:cacheprovider", "--tb=short", REMOVED)
    assert pages.returncode == 0, pages.stdout + pages.stderr
