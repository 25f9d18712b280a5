"""The press: one print a paper, the same bytes for ever, failures listed, bundles whole."""

import hashlib
import io
import os
import signal
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest
from peewee import sqlite3
from pypdf import PdfReader

from models.complaint.paper import Paper, Print, PrintFailure, unprinted_papers
from models.store import files
from models.store.base import PRINTING
from papers.printing import press, print_worker
from papers.printing import printer as printing
from papers.printing.failure import PrintError
from papers.printing.print_worker import NICENESS
from papers.printing.printer import Printer
from tests.office import Office
from tests.papers.contents import content
from tests.patience import LONGEST, wait_until


@pytest.fixture
def closed(office: Office) -> Office:
    """An office with two complaints that went all the way: twelve papers wait for the press."""
    office.bring(office.receive(2), "closed")
    return office


def test_the_press_prints_all_that_waits_and_each_once(closed: Office) -> None:
    waiting = Paper.select().count()
    assert press.print_queued(5) == 5
    assert press.print_queued(100) == waiting - 5
    assert (press.print_queued(100), unprinted_papers(), Print.select().count()) == (0, [], waiting)


def test_a_print_is_sealed_hashed_and_stays_the_same(closed: Office) -> None:
    paper = Paper.get(Paper.kind == "nota_dinas")
    pdf = press.pdf_of(paper.id)
    row = Print.get_by_id(paper.id)
    assert (row.sha256, row.size, row.pages) == (
        hashlib.sha256(pdf).hexdigest(),
        len(pdf),
        len(PdfReader(io.BytesIO(pdf)).pages),
    )
    assert press.pdf_of(paper.id) == pdf
    assert b"%PDF" not in (closed.path.parent / "files" / row.path).read_bytes()


def test_of_two_printers_one_wins_and_both_have_its_row(closed: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    paper = Paper.get(Paper.kind == "form_pengaduan")
    prints: list[Any] = []

    def overtaken(pdf: bytes, *rest: Any) -> str:
        monkeypatch.setattr(files, "store_file", keep)
        prints.append(press.print_paper(paper.id))  # the other printer, in the moment before our row
        return keep(pdf, *rest)

    keep = files.store_file
    monkeypatch.setattr(files, "store_file", overtaken)
    assert press.print_paper(paper.id).path == prints[0].path
    assert Print.select().count() == 1


def test_a_paper_that_cannot_be_printed_is_listed_with_its_reason_and_delays_no_other(
    closed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = unprinted_papers()[0]
    whole = press.content_of
    monkeypatch.setattr(press, "content_of", lambda p, s: {"paper": {"key": "?"}} if p.id == bad else whole(p, s))
    assert press.print_queued(100) == Paper.select().count() - 1
    failure = PrintFailure.get(PrintFailure.paper == bad)
    assert failure.reason == "Dokumen tidak dapat dicetak."
    assert unprinted_papers() == []
    monkeypatch.undo()
    assert press.pdf_of(bad).startswith(b"%PDF")  # asked for by name it is tried again


def test_the_press_prints_new_papers_until_it_is_stopped(closed: Office) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=press.run_print_queue, args=(stop,), kwargs={"pause": 0.05})
    thread.start()
    wait_until(lambda: unprinted_papers() == [])
    stop.set()
    thread.join(LONGEST)
    assert not thread.is_alive()


class Following:
    """The press at work in a thread that looks by itself only once in fifteen minutes; `looked` counts its looks that
    found nothing to do."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.looked, self.is_quiet = 0, False
        self._stop, wait = threading.Event(), PRINTING.wait

        def counted(*given: Any) -> bool:
            self.looked += 1
            return wait(*given)

        monkeypatch.setattr(PRINTING, "wait", counted)
        options = {"is_quiet": lambda: self.is_quiet, "pause": LONGEST}
        self._thread = threading.Thread(target=press.run_print_queue, args=(self._stop,), kwargs=options)

    def __enter__(self) -> "Following":
        self._thread.start()
        wait_until(lambda: self.looked)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        PRINTING.send()
        self._thread.join(LONGEST)
        assert not self._thread.is_alive()


def test_a_paper_is_printed_when_its_act_is_committed_without_waiting_for_the_next_look(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Following(monkeypatch):
        office.receive()
        wait_until(lambda: Print.select().exists() and unprinted_papers() == [])


def test_what_waited_before_the_press_began_is_printed_while_nobody_works_the_latest_first(
    closed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, printed = unprinted_papers(), []
    keep = press._store
    monkeypatch.setattr(press, "_store", lambda paper, *rest: (printed.append(paper.id), keep(paper, *rest))[1])
    with Following(monkeypatch) as following:
        assert printed == []
        closed.receive()
        wait_until(lambda: printed and unprinted_papers() == before)  # the new one at once
        assert not set(printed) & set(before)
        printed.clear()
        following.is_quiet = True
        PRINTING.send()
        wait_until(lambda: unprinted_papers() == [])
    assert printed == before == sorted(before, reverse=True)


def test_while_requests_go_on_coming_the_press_prints_one_of_those_each_ten_seconds(
    closed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks, stop, clock = [], threading.Event(), [0.0]

    def look(_: object, seconds: float) -> None:
        looks.append(len(unprinted_papers()))
        clock[0] += seconds
        if len(looks) == 3:
            stop.set()

    monkeypatch.setattr(PRINTING, "wait", look)
    monkeypatch.setattr(press, "time", SimpleNamespace(monotonic=lambda: clock[0]))
    waiting = len(unprinted_papers())
    press.run_print_queue(stop, is_quiet=lambda: False)
    assert looks == [waiting, waiting - 1, waiting - 2]


def test_papers_are_printed_by_processes_that_leave_the_processor_to_pages(printer: Printer) -> None:
    printer.pdf(content("form_pengaduan"))
    own = os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getpriority(os.PRIO_PROCESS, printer._child.pid) == min(own + NICENESS, 19) > min(own, 18)


@pytest.mark.only("sqlite")
def test_the_press_outlives_errors_that_come_with_the_rows(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows are read one by one: what goes wrong then is the driver's own error, which Peewee does not wrap."""
    faults = [sqlite3.OperationalError("disk I/O error"), psycopg.OperationalError("gone")]
    stop, came = threading.Event(), threading.Event()

    def print_queued(*_: object, **__: object) -> int:
        if faults:
            raise faults.pop()
        came.set()
        return 0

    monkeypatch.setattr(press, "print_queued", print_queued)
    thread = threading.Thread(target=press.run_print_queue, args=(stop,), kwargs={"pause": 0.01})
    thread.start()
    wait_until(lambda: came.is_set() or not thread.is_alive())
    stop.set()
    thread.join(LONGEST)
    assert came.is_set()


def test_merged_papers_are_one_pdf_with_a_bookmark_each(closed: Office) -> None:
    chosen = list(Paper.select().where(Paper.kind == "nota_dinas").order_by(Paper.id))
    reader = PdfReader(io.BytesIO(press.merged_pdf(chosen, by=closed["petugas"], demo=False)))
    assert [mark.title for mark in reader.outline] == [str(paper) for paper in chosen]
    assert len(reader.pages) == sum(Print.get_by_id(p.id).pages for p in chosen)


def test_zipped_papers_stream_under_names_that_say_what_they_are(
    closed: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    chosen = list(Paper.select().order_by(Paper.id))
    parts = list(press.zip_of([*chosen, chosen[0]]))
    archive = zipfile.ZipFile(io.BytesIO(b"".join(parts)))
    assert len(parts) > len(chosen)
    assert len(set(archive.namelist())) == len(chosen) + 1
    first = f"form-pengaduan_{chosen[0].number.replace('/', '-')}"
    assert {f"{first}.pdf", f"{first}_2.pdf"} <= set(archive.namelist())
    assert archive.read(f"{first}.pdf") == press.pdf_of(chosen[0].id)


def test_a_lost_file_is_listed_in_the_zip_and_refused_to_a_reader(closed: Office) -> None:
    paper = Paper.get(Paper.kind == "nota_dinas")
    path = closed.path.parent / "files" / press.print_paper(paper.id).path
    data = path.read_bytes()
    path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    with pytest.raises(PrintError, match="hilang atau rusak"):
        press.pdf_of(paper.id)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(press.zip_of([paper]))))
    assert archive.namelist() == [press.MISSING]
    listed = archive.read(press.MISSING).decode()
    assert "1 dari 1 dokumen yang dipilih" in listed
    assert f"{paper}\n   Gagal dicetak: cetakan dokumen ini hilang atau rusak" in listed


def test_a_draft_is_marked_and_not_stored(office: Office) -> None:
    text = PdfReader(io.BytesIO(press.draft_pdf(content("nota_dinas")))).pages[0].extract_text()
    assert "KONSEP" in text
    assert Print.select().count() == 0


@pytest.fixture
def printer() -> Any:
    made = Printer(seconds=LONGEST)
    yield made
    made.close()


def test_a_child_prints_many_papers_then_a_fresh_one_takes_over(
    printer: Printer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing, "PAPERS_PER_CHILD", 5)
    frozen = content("tanda_terima")
    first = printer.pdf(frozen)
    children = set()
    for _ in range(6):
        assert printer.pdf(frozen) == first
        children.add(printer._child.pid)
    assert len(children) == 2


def test_a_child_that_died_between_two_papers_is_replaced_unseen(printer: Printer) -> None:
    first = printer.pdf(content("tanda_terima"))
    os.kill(printer._child.pid, 9)
    assert printer.pdf(content("tanda_terima")) == first


def test_a_paper_that_takes_too_long_is_given_up_and_the_next_one_prints(printer: Printer) -> None:
    printer._seconds = 0.05
    with pytest.raises(PrintError, match="melewati batas waktu"):
        printer.pdf(content("nota_dinas"))
    printer._seconds = LONGEST
    assert printer.pdf(content("nota_dinas")).startswith(b"%PDF")


def test_a_child_that_is_stopped_before_it_has_read_is_ended_and_the_paper_prints(printer: Printer) -> None:
    """More than a pipe holds: a writer that does not read would wait for ever."""
    printer.pdf(content("tanda_terima"))
    stopped, start = printer._child, printer._start
    os.kill(stopped.pid, signal.SIGSTOP)

    def with_time_for_the_next() -> Any:
        printer._seconds = LONGEST
        return start()

    printer._seconds, printer._start = 0.2, with_time_for_the_next
    with ThreadPoolExecutor(1) as asker:
        asked = asker.submit(printer.pdf, {**content("tanda_terima"), "unprinted": "x" * 200_000})
        try:
            assert asked.result(LONGEST).startswith(b"%PDF")
        finally:
            stopped.kill()
    assert stopped.returncode == -signal.SIGKILL


def test_a_child_is_bounded_in_memory_and_time(printer: Printer) -> None:
    printer.pdf(content("tanda_terima"))
    limits = Path(f"/proc/{printer._child.pid}/limits").read_text()
    seconds = next(int(line.split()[3]) for line in limits.splitlines() if line.startswith("Max cpu time"))
    assert str(print_worker.MEMORY) in limits
    assert seconds <= print_worker.CPU_SECONDS + 5


def test_a_child_knows_no_key_and_no_password(printer: Printer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "rahasia sekali")
    printer.pdf(content("tanda_terima"))
    environ = Path(f"/proc/{printer._child.pid}/environ").read_bytes()
    assert b"PATH=" in environ
    assert b"rahasia sekali" not in environ
