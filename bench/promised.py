"""The papers about promises that are looked at: the slip of one case, the agenda of a day and of many days."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import cycle, islice

from bench.variants import Content
from models.complaint.complaint import Complaint
from models.demo.past_quarter import PROMISED
from models.office.people import User
from models.reading.promises import agenda, promise_slip
from models.records.promises import KEPT, UNIT, Pledge
from sop.procedure import PETUGAS

OF_ONE_CASE = (
    "Kabar pencairan bantuan tahap berikutnya",
    "Pemeriksaan kembali NIK anak pada data kepesertaan",
    "Kunjungan pendamping PKH ke rumah",
    "Surat keterangan untuk bank penyalur",
    "Pendampingan ke bank penyalur",
    "Kabar pengaktifan kembali kepesertaan",
)
LONGEST = (
    "Kunjungan ulang ke rumah bersama kader kelurahan dan pendamping untuk memeriksa keadaan yang bersangkutan, lalu "
    "penyampaian hasil pemeriksaannya kepada pengadu"
)


def slips(case: Complaint, rahasia: Complaint, *, by: User, at: datetime) -> Iterator[tuple[str, Content]]:
    """The slip with one promise and with more, with long ones, and of a rahasia case."""
    words = list(OF_ONE_CASE)
    chosen = {"satu": words[:1], "tiga": words[:3], "enam": words[:6], "panjang": [LONGEST] * 6}
    of = {name: (case, what) for name, what in chosen.items()} | {"rahasia": (rahasia, words[:2])}
    for name, (one, promised) in of.items():
        promises = [_promise(number, one, what, _day(at, 5 + number)) for number, what in enumerate(promised)]
        yield name, promise_slip(promises, by=by, at=at, demo=True)


def agendas(cases: list[Complaint], *, by: User, at: datetime) -> Iterator[tuple[str, Content]]:
    """The agenda of one day and of several, some of them past, with 1, 12 and 60 rows."""
    for count in (1, 12, 60):
        rows = list(enumerate(islice(cycle(cases), count)))
        one_day = [_promise(number, case, _of(case), at.date()) for number, case in rows]
        several = [_promise(number, case, _of(case), _day(at, number // 4 - 1)) for number, case in rows]
        for promise in several:
            promise.end = promise.end if promise.day <= at.date() else ""
        yield f"sehari-{count}", agenda(one_day, by=by, at=at, demo=True)
        yield f"berhari-{count}", agenda(several, by=by, at=at, demo=True)


def _of(case: Complaint) -> str:
    """What is promised in a case of its category."""
    return PROMISED.get(case.category.code, "Kabar hasil penanganan pengaduan")


def _day(at: datetime, number: int) -> date:
    """The working day so many after the Monday of this week; before it if negative."""
    weeks, day = divmod(number, 5)
    return at.date() - timedelta(days=at.weekday()) + timedelta(weeks=weeks, days=day)


def _promise(number: int, case: Complaint, what: str, day: date) -> Pledge:
    """A promise of the Petugas or of the unit; every seventh has been kept."""
    caretaker = UNIT if case.unit_id and number % 2 == 0 else PETUGAS
    return Pledge(
        id=number, complaint=case, what=what, day=day, caretaker=caretaker, end=KEPT if number % 7 == 6 else ""
    )
