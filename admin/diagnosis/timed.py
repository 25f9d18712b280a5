"""How long typical work takes on this machine: a few statements, a sealed text, a printed paper of an invented case."""

import os
import time
from collections.abc import Callable, Iterator

from admin.diagnosis.line import Line
from admin.process.failurelog import kind_of
from models.case.sample import contents
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.office.lists import Category
from models.office.settings import values
from models.operations.checks import Watched
from models.store.base import database
from models.store.seal import Seal
from papers.printing import press
from sop.flow import PAPERS

TIMES = 3
SEALED = 100  # texts a time
TEXT = "Bantuan tidak diterima sejak bulan Juli. " * 50


def times(place: Watched) -> Iterator[Line]:
    of_lists = Complaint.select(Complaint, Category).join(Category)
    yield _line("satu pernyataan", lambda: database.execute_sql("SELECT 1").fetchone())
    yield _line("dua puluh pengaduan terbaru", lambda: list(of_lists.order_by(Complaint.id.desc()).limit(20)))
    yield _line("lima puluh catatan riwayat terbaru", lambda: list(Event.select().order_by(Event.id.desc()).limit(50)))
    yield _line("pengaturan", values)
    yield _line(f"{SEALED} teks disegel dan dibuka", _seal)
    kind = next(iter(PAPERS))
    yield _line("satu dokumen dicetak", lambda: press.loose_pdf(contents(values(), (kind,), at=place.at)[0]))


def _seal() -> None:
    """Under a key that is gone with this call."""
    seal = Seal(os.urandom(32), "diagnosis")
    for number in range(SEALED):
        seal.open_text(str(number), seal.close_text(str(number), TEXT))


def _line(name: str, work: Callable[[], object]) -> Line:
    try:
        return Line(name, f"{min(_ms(work) for _ in range(TIMES)):.1f}")
    except Exception as fault:  # be it what it may: that it fails is what whoever helps wants to know
        return Line(name, f"gagal: {kind_of(fault)}")


def _ms(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000
