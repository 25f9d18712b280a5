"""A story: the disk fills while the office works, and is emptied again. The panel goes on from one to the other."""

import json
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from admin.sign_in.signin import NO_ROOM
from models.complaint import accesslog_reserve, event
from models.complaint.accesslog import Seen
from models.complaint.complaint import Complaint
from models.sign_in import attempts_on_full_disk
from models.store.base import database
from tests.admin.case.test_steps import address, typed
from tests.admin.doors import TOKEN, words
from tests.admin.running.process import Browser, answered, running, said
from tests.admin.running.smalldisk import small_disk
from tests.office import SECRET, Office, opened
from tests.patience import LONGEST

HEADING = "Tempat penyimpanan penuh"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk of its own, in memory."""
    with small_disk(tmp_path / "disk", "32m") as place:
        yield place


def fill(disk: Path) -> Path:
    """A file that takes the last byte."""
    file = disk / "filler"
    with file.open("wb", buffering=0) as filler:
        for size in (1 << 20, 4096, 1):
            while _takes(filler, size):
                pass
    return file


def _takes(file: object, size: int) -> bool:
    try:
        return file.write(bytes(size)) == size  # type: ignore[attr-defined]
    except OSError:
        return False


@contextmanager
def without(file: Path) -> Iterator[None]:
    """As if there had been no room for it at the start."""
    aside_of = file.rename(file.with_suffix(".gone"))
    yield
    aside_of.rename(file)


@pytest.mark.only("sqlite")
@pytest.mark.slow("a panel of its own")
def test_the_disk_fills_and_the_office_reads_on_until_there_is_room_again(office: Office, disk: Path) -> None:
    [plain] = office.receive(title="Bantuan terlambat", until="raise")
    [secret] = office.receive(category=SECRET, title="Hanya yang tercatat")
    previous, version = database.obj, Complaint.get_by_id(plain).version
    database.close_all()
    path = Path(shutil.copy(office.path, disk))
    details = "/pengaduan/details/?id={}".format
    with running(path) as panel:
        petugas, other, pengawas = (Browser(panel.port, name) for name in ("petugas", "petugas2", "pengawas"))
        form = typed(petugas.text(address("raise", plain)))
        filler = fill(disk)

        def ask(path: str, fields: dict[str, object] | None = None) -> tuple[int, str]:
            return answered(petugas.sent(path, fields))

        assert [ask(details(plain))[0] for _ in range(3)] == [200] * 3
        assert answered(other.sent(details(plain)))[0] == 200
        assert answered(other.sent("/pengaduan/"))[0] == 200
        late = Browser(panel.port, "kadis")
        assert answered(late.sent("/pengaduan/"))[0] == 200
        for shut in (ask(details(secret)), ask("/pengaduan/langkah/raise/", form)):
            assert (shut[0], HEADING in shut[1], "Hanya yang tercatat" in shut[1]) == (503, True, False)
        with without(disk / accesslog_reserve.NAME):
            assert answered(pengawas.sent("/pengaduan/"))[0] == 503  # a list that would be logged whole
        with without(disk / attempts_on_full_disk.NAME):
            code, text = answered(
                late.sent("/masuk", {"username": "x", "csrf_token": TOKEN.findall(late.text("/akun/"))[0]})
            )
            assert (code, NO_ROOM in words(text)) == (503, True)
        code, text = ask("/health/ready")
        assert (code, "disk" in json.loads(text)["gangguan"]) == (503, True)
        filler.unlink()
        assert ask("/pengaduan/langkah/raise/", form)[0] == 303
        assert ask(details(secret))[0] == 200
        assert answered(late.sent("/pengaduan/"))[0] == 200
        panel.process.send_signal(signal.SIGTERM)
        assert panel.process.wait(LONGEST) == 0
        assert not said(panel.log, "Traceback .*\n.*SystemExit")
    with opened(path):
        rows = [(row.complaint_id, row.what, row.version) for row in Seen.select().order_by(Seen.id)]
        opened_pages = [row for row in rows if row[1] == "rincian"]
        assert opened_pages == [(plain, "rincian", version)] * 2 + [(secret, "rincian", 1)]
        assert Complaint.get_by_id(plain).state == "dispose"
        assert event.verify()[1] == ""
        accesslog_reserve.install(disk)
        assert accesslog_reserve.waiting_entries() == 0
    database.initialize(previous)
    database.connect()
