"""Three months of history for the demo: courses of cases, signed papers returned, promises."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from random import Random

from models.demo.files import Days, file_plans
from models.demo.picture import again
from models.demo.plan import DemoText, Plan
from models.demo.steps import clerk, reason, step
from models.demo.texts import TRIAL, Author
from models.records.promises import BROKEN, KEPT, UNIT
from models.workflow.marks import SIGNED
from sop.flow import current_procedure
from sop.procedure import PETUGAS
from sop.vocabulary import RECEIVE
from sop.words import format_date

GAPS = {
    # word of steps.py: least and most working minutes after the previous act, unless the course gives them
    "raise": (5, 22),
    "dispose": (6, 30),
    "dispose with a note": (6, 30),
    "handle": (90, 430),
    "submit": (4, 22),
    "approve": (6, 32),
    "approve with a note": (6, 32),
    "attempt reached": (15, 240),
    "deliver": (2, 9),
    "assist": (3, 15),
}
Timed = list[tuple[str, int]]  # words of steps.py with working minutes since receipt
DAY = 510  # working minutes of most days
NAMELESS = {
    # replacements for an anonymous pengadu, who cannot be called
    "attempt": "",
    "attempt reached": "",
    "deliver unreached": "deliver",
    "deliver objected": "deliver",
}


@dataclass(frozen=True)
class Course:
    """A sequence of acts with its weight among those that fit a text; unusual gaps are given in minutes."""

    share: float
    steps: str
    of: tuple[str, ...] = ()  # only for these categories
    open_to_all: bool = False  # not for rahasia cases
    emergency: bool = False

    def fits(self, text: DemoText) -> bool:
        return (
            (not self.of or text["category"] in self.of)
            and not (self.open_to_all and text["secret"])
            and (not self.emergency or bool(text["emergency_action"]))
        )

    def timed(self, rng: Random) -> Timed:
        """(word, working minutes since receipt) of each act."""
        passed, acts = 0, []
        for part in self.steps.split(", "):
            word, _, span = part.rpartition(" ")
            if span[0].isdigit():  # "dispose 70-300": not the usual gap
                low, high = map(int, span.split("-"))
            else:
                word, (low, high) = part, GAPS[part]
            passed += rng.randint(low, high)
            acts.append((word, passed))
        return acts


SENT = "raise, dispose"
HANDLED = "handle, submit, approve"
DELIVERED = "attempt reached, deliver"
OTHERS, DATA = ("bukan_kewenangan",), ("data_dtsen",)
AT_HOME = (
    "bansos_tidak_terima",
    "bansos_salah_sasaran",
    "data_dtsen",
    "disabilitas",
    "lansia_telantar",
)  # categories with a home visit
COURSES = (
    Course(58, f"{SENT}, {HANDLED}, {DELIVERED}"),
    Course(8, f"raise, dispose with a note, {HANDLED}, {DELIVERED}"),
    Course(6, f"{SENT}, handle, submit, approve with a note, {DELIVERED}"),
    Course(5, f"raise, dispose 70-330, {HANDLED}, {DELIVERED}"),  # late by row 2
    Course(7, f"{SENT}, handle {DAY + 90}-{4 * DAY}, submit, approve, {DELIVERED}"),  # by row 3
    Course(4, f"{SENT}, handle, submit, approve 75-420, {DELIVERED}"),  # by row 4
    Course(2, f"{SENT}, {HANDLED}, attempt reached, deliver 14-40"),  # by row 5
    Course(2, f"{SENT}, handle {15 * DAY}-{19 * DAY}, submit, approve, {DELIVERED}"),  # by law as well
    Course(5, f"{SENT}, hold for an answer 30-120, resume {2 * DAY}-{6 * DAY}, {HANDLED}, {DELIVERED}"),
    Course(4, f"{SENT}, handle, submit, send_back 20-45, handle again 120-300, submit, approve, {DELIVERED}"),
    Course(2, f"{SENT}, {HANDLED}, attempt 30-90, {DELIVERED}"),
    Course(
        3,
        f"{SENT}, {HANDLED}, attempt 60-200, attempt {DAY}-{DAY + 120}, attempt {DAY}-{DAY + 120},"
        " deliver unreached 20-60",
    ),
    Course(3, f"{SENT}, withdraw 60-400", open_to_all=True),
    Course(
        8,
        f"raise, return_file 10-30, supplement 60-300, raise again 8-20, dispose, {HANDLED}, {DELIVERED}",
        of=("bansos_tidak_terima",),
    ),
    Course(12, f"raise, dispose wrongly 6-30, refuse 20-60, dispose, {HANDLED}, {DELIVERED}", of=DATA),
    Course(
        6,
        f"{SENT}, {HANDLED}, attempt reached, deliver objected 2-9, reopen {DAY}-{3 * DAY}, raise, dispose,"
        " handle anew 120-400, submit, approve, attempt reached, deliver accepted 2-9",
        of=AT_HOME,
    ),
    Course(50, f"raise, assist, dispose with a note, {HANDLED}, {DELIVERED}", emergency=True),
)
FORWARDED = Course(1, "raise, forward 6-30", of=OTHERS)
QUICK = COURSES[0]


def course_for(text: DemoText, rng: Random, is_over: Callable[[int], bool]) -> tuple[Course, Timed]:
    """A random course that has ended by now, and its times; `is_over(minutes)` tells whether an act is in the past."""
    if text["category"] in OTHERS:
        return FORWARDED, FORWARDED.timed(rng)
    fitting = [course for course in COURSES if course.fits(text)]
    course = rng.choices(fitting, [course.share for course in fitting])[0]
    acts = course.timed(rng)
    return (course, acts) if is_over(acts[-1][1]) else (QUICK, QUICK.timed(rng))


def for_anonymous(acts: Timed) -> Timed:
    """The acts for an anonymous pengadu: without calls and objections."""
    replaced = [(NAMELESS.get(word, word), at) for word, at in takewhile(lambda act: act[0] != "reopen", acts)]
    return [(word, at) for word, at in replaced if word]


HOME_AFTER = (1, 1, 1, 2, 2, 3)  # working days from the last act until signed papers are returned
AFTERNOON = 440  # minutes after opening, when returned papers are recorded


def return_signed_papers(author: Author, plan: Plan) -> None:
    """Plan the return of the signed papers some days after the last act; only once per plan."""
    if any(act.key == SIGNED for act in plan.acts):
        return
    last = plan.acts[-1].at
    ago = author.agenda.days_since(last) - author.rng.choice(HOME_AFTER)
    at = author.agenda.day(max(ago, 0), AFTERNOON)
    if last < at <= author.agenda.end:
        plan.add(at, SIGNED, clerk(plan))


PROMISED = {
    # category -> what is promised, as it stands on the slip of the pengadu
    "bansos_tidak_terima": "Kabar pencairan bantuan tahap berikutnya",
    "jkn_nonaktif": "Kabar pengaktifan kembali kepesertaan PBI-JK",
    "data_dtsen": "Penyampaian desil yang baru setelah DTSEN dimutakhirkan",
    "disabilitas": "Penyerahan alat bantu dan pemeriksaan ukurannya",
    "lansia_telantar": "Kunjungan ulang ke rumah bersama kader kelurahan",
    "odgj": "Pendampingan kontrol di puskesmas",
    "usaha_bersama": "Pendampingan usaha yang pertama",
    "layanan_kb": "Pelayanan KB keliling di kelurahan",
    "konseling_keluarga": "Pertemuan konseling yang kedua",
}
BROKEN_NOTE = "Penetapan dari pusat belum terbit; pengadu diberi tahu dan diusulkan kembali pada periode berikutnya."
KEPT_NOTES = ("Sudah diterima; pengadu membenarkan lewat telepon.", "Terlaksana sesuai jadwal.", "")
LATE, AGAIN = 3, 5  # working days: since the overdue promise's day; by which one was postponed
# Working days until future promises; minutes from the last act to its entry; after opening, when it is settled.
SOON, RECORDED, LOOKED = (6, 14), 25, 60
FEWEST, MOST = 7, 18  # working days from the end of a case to the day of its promise; its papers are back by then
LEFT = 8  # working days after that until a promise counts as settled


@dataclass(frozen=True)
class PledgeEnd:
    """The outcome of a promise; `moved` if it was postponed once."""

    how: str
    moved: bool = False


# outcomes of promises in the past
ENDS = (
    *(PledgeEnd(KEPT),) * 3,
    PledgeEnd(KEPT, moved=True),
    *(PledgeEnd(KEPT),) * 2,
    PledgeEnd(BROKEN),
    PledgeEnd(KEPT),
)


def add_promises(author: Author, plans: list[Plan]) -> None:
    """Add promises to some of the closed cases, spread over the whole period."""
    old, new = list[Plan](), list[Plan]()
    for plan in filter(_may_promise, plans):
        days = author.agenda.days_since(plan.acts[-1].at)
        (old if days > MOST + LEFT else new).append(plan)
    for n, end in enumerate(ENDS[: len(old)]):
        _settle(author, old[n * len(old) // len(ENDS)], end, caretaker=UNIT if n % 3 == 0 else PETUGAS)
    latest = {plan.text["category"]: plan for plan in new}.values()  # one per category, so that promises differ
    today, late = author.agenda.at.date(), author.agenda.day(LATE, 0).date()
    due_days = [today, late, *(author.agenda.clock.workday_after(today, days) for days in SOON)]
    for n, (plan, day) in enumerate(zip(latest, due_days, strict=False)):
        _promise(author, plan, day, caretaker=UNIT if n == 1 else PETUGAS)


def _may_promise(plan: Plan) -> bool:
    is_delivered = plan.acts[-1].key == "deliver" and not plan.data["anonymous"]
    return is_delivered and not plan.secret and plan.text["category"] in PROMISED


def _promise(author: Author, plan: Plan, day: date, caretaker: str) -> str:
    """Add the promise; the label by which later acts select it."""
    since = author.agenda.minutes_since(plan.acts[-1].at)
    what = PROMISED[plan.text["category"]]
    blanks = {"what": what, "day": day, "caretaker": caretaker}
    plan.add(author.agenda.ago(since - RECORDED), "promise", clerk(plan), blanks)
    return f"{what} ({format_date(day)})"


def _settle(author: Author, plan: Plan, end: PledgeEnd, caretaker: str) -> None:
    ahead = author.agenda.clock.workday_after
    day = ahead(plan.acts[-1].at.date(), author.rng.randint(FEWEST, MOST))
    which = _promise(author, plan, day, caretaker)
    return_signed_papers(author, plan)
    if end.moved:
        new = ahead(day, AGAIN)
        why = reason("postpone", "Bantuan belum")
        blanks = {"which": which, "day": new, "reason": why, "note": ""}
        plan.add(_looked_at(author, day), "postpone", clerk(plan), blanks)
        which, day = f"{PROMISED[plan.text['category']]} ({format_date(new)})", new
    note = BROKEN_NOTE if end.how == BROKEN else author.rng.choice(KEPT_NOTES)
    plan.add(_looked_at(author, day), "settle", clerk(plan), {"which": which, "end": end.how, "note": note})


def _looked_at(author: Author, day: date) -> datetime:
    return author.agenda.day(author.agenda.days_since(day), LOOKED + author.rng.randrange(120))


DUPLICATES, TRIALS = (17, 61, 104, 140), (38, 120)  # by their number among all complaints of the history
BEHIND = 3  # a duplicate repeats one of so many previous cases


def quarter(author: Author, present: Iterable[Plan]) -> list[Plan]:
    """The plans of the history. Texts of present cases that wait to be raised are used last, so that none repeats."""
    author.texts.use_last({plan.text["no"] for plan in present if _waits_to_be_raised(plan)})
    days, plans = Days(author), list[Plan]()
    for number, (day, minutes) in enumerate(days.moments()):
        saved = author.agenda.day(day, minutes)
        plans.append(_plan(author, days, saved, plans[-BEHIND:], number))
    add_promises(author, plans)
    for plan in plans:
        return_signed_papers(author, plan)
    return [*plans, *file_plans(author, days)]


def _waits_to_be_raised(plan: Plan) -> bool:
    return "no" in plan.text and all(
        act.key not in current_procedure().awaited or act.key == RECEIVE for act in plan.acts
    )


def _plan(author: Author, days: Days, saved: datetime, before: list[Plan], number: int) -> Plan:
    if number in TRIALS:
        return _go(author, author.plan(TRIAL, saved, title=str(TRIAL["title"])), [("void", 12)])
    if number in DUPLICATES and (original := next((plan for plan in before if _may_be_repeated(plan, saved)), None)):
        return _go(author, again(author, original, saved), [("duplicate", 25)])
    text, is_first = days.text()
    # Only a course that ended so early is over: its signed papers are back by now.
    latest_end = author.agenda.minutes_since(saved) - (max(HOME_AFTER) + 1) * DAY
    course, acts = course_for(text, author.rng, lambda minutes: minutes < latest_end)
    place = days.place()
    title = text["title"] if is_first else days.title(text, place)
    plan = author.plan(text, saved, title=title, place=place, emergency=course.emergency)
    return _go(author, plan, acts)


def _may_be_repeated(plan: Plan, at: datetime) -> bool:
    return not plan.secret and plan.acts[-1].key == "deliver" and plan.acts[0].at < at


def _go(author: Author, plan: Plan, acts: list[tuple[str, int]]) -> Plan:
    """Add the acts to the plan, given in working minutes after receipt."""
    since = author.agenda.minutes_since(plan.acts[0].at)
    for word, minutes in for_anonymous(acts) if plan.data["anonymous"] else acts:
        at = author.agenda.ago(since - minutes)
        key, by, blanks = step(word, plan, at, author.rng)
        plan.add(at, key, by, blanks)
    return plan
