"""What could not be printed is tried again: after growing pauses, when asked, by every press that begins."""

import threading
from datetime import timedelta

import pytest

from models.complaint.paper import Paper, PaperToPrint, PaperToReprint, Print, PrintFailure, unprinted_papers
from models.store.base import now
from models.store.seal import KeyGone
from papers.printing import press
from papers.printing.failure import PrintError
from tests.office import Office
from tests.patience import LONGEST, wait_until

MINUTES = (1, 5, 30, 120, 1440, 1440)


@pytest.fixture
def failing(office: Office, monkeypatch: pytest.MonkeyPatch) -> int:
    """A paper that nothing prints."""
    office.receive()
    monkeypatch.setattr(press._printer, "pdf", _broken)
    return int(unprinted_papers()[0])


def _broken(content: object) -> bytes:
    raise PrintError("Halaman tidak dapat disusun.", "UndefinedError")


def _waits(paper: int) -> PaperToReprint:
    waits: PaperToReprint = PaperToReprint.get_by_id(paper)
    return waits


def test_each_try_of_the_press_in_vain_is_followed_by_a_longer_pause(failing: int) -> None:
    at, paper = now(), Paper.get_by_id(failing)
    for tries, minutes in enumerate(MINUTES, 1):
        press.record_failure(paper, "Gagal.", at)
        waits = _waits(failing)
        assert (waits.tries, waits.again_at - at) == (tries, timedelta(minutes=minutes))
        assert failing not in press.papers_to_retry(9, waits.again_at - timedelta(seconds=1))
        assert press.papers_to_retry(9, waits.again_at) == [failing]
        at = waits.again_at


def test_opening_it_meanwhile_makes_an_attempt_and_postpones_nothing(failing: int) -> None:
    press.print_queued()
    first, failures = _waits(failing).again_at, PrintFailure.select().count()
    with pytest.raises(PrintError, match="disusun") as failed:
        press.pdf_of(failing)
    assert _waits(failing).again_at == first
    assert PrintFailure.select().count() == failures + 1
    assert failed.value.of == str(Paper.get_by_id(failing))
    assert "mencobanya lagi dengan sendirinya pada" in failed.value.again


def test_what_failed_is_no_longer_among_what_the_press_has_not_come_to(failing: int) -> None:
    assert press.print_queued() == 0
    assert not PaperToPrint.select().exists()
    assert PaperToReprint.select().count() == Paper.select().count()
    assert press.print_queued() == 0  # none is due yet
    assert PrintFailure.select().count() == Paper.select().count()


def test_what_is_mended_prints_when_its_pause_is_over(failing: int, monkeypatch: pytest.MonkeyPatch) -> None:
    press.print_queued()
    monkeypatch.setattr(press._printer, "pdf", lambda content: b"%PDF mended")
    monkeypatch.setattr(press, "page_count", len)
    later = now() + timedelta(minutes=2)
    monkeypatch.setattr(press, "now", lambda: later)
    assert press.print_queued() == Print.select().count() == Paper.select().count()
    assert not PaperToReprint.select().exists()


def test_asked_for_it_is_tried_at_once_and_its_pauses_begin_anew(failing: int) -> None:
    paper, at = Paper.get_by_id(failing), now()
    for _ in range(4):
        press.record_failure(paper, "Gagal.", at)
        at = _waits(failing).again_at
    assert press.retry_now([failing, failing + 1_000], at) == 1
    assert press.papers_to_retry(9, at) == [failing]
    press.record_failure(paper, "Gagal.", at)
    assert _waits(failing).again_at == at + timedelta(minutes=1)


def test_a_case_whose_key_is_gone_is_not_tried_again(failing: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*asked: object) -> None:
        raise KeyGone

    monkeypatch.setattr(press, "content_of", gone)
    assert press.print_queued() == 0
    assert not PaperToReprint.select().exists()
    assert PrintFailure.select().count() == Paper.select().count()


def test_of_two_printers_the_one_that_failed_leaves_nothing_to_try(
    failing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.print_queued()
    waits = _waits(failing)
    Print.create(paper=failing, sha256="0" * 64, path="x", size=1, pages=1, printed_at=now())
    monkeypatch.setattr(press, "now", lambda: waits.again_at)
    press.print_queued()
    assert not PaperToReprint.select().where(PaperToReprint.paper == failing).exists()


def test_a_press_that_begins_tries_all_that_ever_failed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken template in a real child, then the same press mended and started anew; also what failed before it was
    kept which papers did."""
    office.receive()
    with monkeypatch.context() as broken:
        broken.setattr(press, "PAUSES", (timedelta(days=9),))
        broken.setattr("papers.printing.printer.print_worker.__name__", "tests.papers.printing.misset")
        press._printer.close()
        assert press.print_queued() == 0
    failed = PrintFailure.select().count()
    assert failed == PaperToReprint.select().count() == Paper.select().count()
    assert {row.reason for row in PrintFailure.select()} == {"Dokumen tidak dapat dicetak."}
    PaperToReprint.delete().where(PaperToReprint.paper == Paper.select().order_by(Paper.id).get().id).execute()
    stop = threading.Event()
    thread = threading.Thread(target=press.run_print_queue, args=(stop,), kwargs={"pause": 0.05})
    thread.start()
    wait_until(lambda: Print.select().count() == Paper.select().count())
    stop.set()
    thread.join(LONGEST)
    assert not PaperToReprint.select().exists()
    assert PrintFailure.select().count() == failed
