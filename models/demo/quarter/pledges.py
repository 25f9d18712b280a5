"""What was promised in the past for a day, and what came of it: most was kept, one is due today, one is late."""

from dataclasses import dataclass
from datetime import date, datetime

from models.demo.author import Author
from models.demo.blanks import reason
from models.demo.plan import Plan
from models.demo.quarter.home import bring_home
from models.demo.steps import clerk
from models.records.promise import BROKEN, KEPT, UNIT
from sop.procedure import PETUGAS
from sop.words import format_date

PROMISED = {
    # what is promised in a case of a category
    "bansos_tidak_terima": "Bantuan tahap berikutnya cair; periksa sudah diterima pengadu",
    "jkn_nonaktif": "Kepesertaan PBI-JK aktif kembali; periksa dapat dipakai di puskesmas",
    "data_dtsen": "Hasil pemutakhiran DTSEN terbit; sampaikan desil yang baru",
    "disabilitas": "Alat bantu diserahkan; periksa ukuran dan pemakaiannya",
    "lansia_telantar": "Kunjungan ulang ke rumah bersama kader kelurahan",
    "odgj": "Jadwal kontrol di puskesmas; periksa yang bersangkutan hadir",
    "usaha_bersama": "Pendampingan usaha yang pertama terlaksana",
    "layanan_kb": "Pelayanan KB keliling datang ke kelurahan; periksa pengadu terlayani",
    "konseling_keluarga": "Pertemuan konseling yang kedua terlaksana",
}
BROKEN_NOTE = "Penetapan dari pusat belum terbit; pengadu diberi tahu dan diusulkan kembali pada periode berikutnya."
KEPT_NOTES = ("Sudah diterima; pengadu membenarkan lewat telepon.", "Terlaksana sesuai jadwal.", "")
LATE, AGAIN = 3, 5  # working days since the late one's day; until the day to which one was put off
SOON, NOTED, LOOKED = (6, 14), 25, 60  # working days until what is to come; minutes until put down, after the opening
FEWEST, MOST = 7, 18  # working days from the end of a case to the day of its promise, by when its papers are home
LEFT = 8  # working days more since the end of a case whose promise has been settled


@dataclass(frozen=True)
class PledgeEnd:
    """What became of a promise; `moved` where its day was put off once."""

    how: str
    moved: bool = False


# of those whose day is over
ENDS = (
    *(PledgeEnd(KEPT),) * 3,
    PledgeEnd(KEPT, moved=True),
    *(PledgeEnd(KEPT),) * 2,
    PledgeEnd(BROKEN),
    PledgeEnd(KEPT),
)


def pledge(author: Author, plans: list[Plan]) -> None:
    """Promises in some of the cases that are over, spread over all of that time."""
    old, new = list[Plan](), list[Plan]()
    for plan in filter(_may_promise, plans):
        days = author.agenda.days_since(plan.acts[-1].at)
        (old if days > MOST + LEFT else new).append(plan)
    for n, end in enumerate(ENDS[: len(old)]):
        _settle(author, old[n * len(old) // len(ENDS)], end, caretaker=UNIT if n % 3 == 0 else PETUGAS)
    latest = {plan.text["category"]: plan for plan in new}.values()  # one of each, so that not all promise the same
    for n, (plan, day) in enumerate(zip(latest, _waiting_days(author), strict=False)):
        _promise(author, plan, day, caretaker=UNIT if n == 1 else PETUGAS)


def _may_promise(plan: Plan) -> bool:
    is_told = plan.acts[-1].key == "deliver" and not plan.data["anonymous"]
    return is_told and not plan.secret and plan.text["category"] in PROMISED


def _waiting_days(author: Author) -> list[date]:
    """One is due today, one is late, the others are to come."""
    today, late = author.agenda.at.date(), author.agenda.day(LATE, 0).date()
    return [today, late, *(author.agenda.clock.workday_after(today, days) for days in SOON)]


def _promise(author: Author, plan: Plan, day: date, caretaker: str) -> str:
    """The promise, in the words by which it is picked afterwards."""
    since = author.agenda.minutes_since(plan.acts[-1].at)
    what = PROMISED[plan.text["category"]]
    told = {"what": what, "day": day, "caretaker": caretaker}
    plan.add(author.agenda.ago(since - NOTED), "promise", clerk(plan), told)
    return f"{what} ({format_date(day)})"


def _settle(author: Author, plan: Plan, end: PledgeEnd, caretaker: str) -> None:
    ahead = author.agenda.clock.workday_after
    day = ahead(plan.acts[-1].at.date(), author.rng.randint(FEWEST, MOST))
    which = _promise(author, plan, day, caretaker)
    bring_home(author, plan)
    if end.moved:
        new = ahead(day, AGAIN)
        why = reason("postpone", "Bantuan belum")
        told = {"which": which, "day": new, "reason": why, "note": ""}
        plan.add(_looked_at(author, day), "postpone", clerk(plan), told)
        which, day = f"{PROMISED[plan.text['category']]} ({format_date(new)})", new
    note = BROKEN_NOTE if end.how == BROKEN else author.rng.choice(KEPT_NOTES)
    plan.add(_looked_at(author, day), "settle", clerk(plan), {"which": which, "end": end.how, "note": note})


def _looked_at(author: Author, day: date) -> datetime:
    return author.agenda.day(author.agenda.days_since(day), LOOKED + author.rng.randrange(120))
