"""How cases of the past went, as a table: which acts, how often, and with how many working minutes between."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import takewhile
from random import Random

from models.demo.plan import DemoText

GAPS = {
    # word of steps.py: from and to how many working minutes after the act before, where a course does not say it
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
    # what is done instead where nobody can be called
    "attempt": "",
    "attempt reached": "",
    "deliver unreached": "deliver",
    "deliver objected": "deliver",
}


@dataclass(frozen=True)
class Course:
    """One way: its share among those that fit a text, its words with the minutes where they are unusual."""

    share: float
    steps: str
    of: tuple[str, ...] = ()  # categories, if not any
    open_to_all: bool = False  # not for what is rahasia
    emergency: bool = False

    def fits(self, text: DemoText) -> bool:
        return (
            (not self.of or text["category"] in self.of)
            and not (self.open_to_all and text["secret"])
            and (not self.emergency or bool(text["emergency_action"]))
        )

    def timed(self, rng: Random) -> Timed:
        """Its words, each with the working minutes since receipt."""
        passed, acts = 0, []
        for part in self.steps.split(", "):
            word, low, high = _with_gap(part)
            passed += rng.randint(low, high)
            acts.append((word, passed))
        return acts


def _with_gap(part: str) -> tuple[str, int, int]:
    """ "dispose 70-300": the word and its gap; the usual gap where none stands there."""
    word, _, span = part.rpartition(" ")
    if not span[0].isdigit():
        return part, *GAPS[part]
    low, high = span.split("-")
    return word, int(low), int(high)


SENT = "raise, dispose"
FOUND = "handle, submit, approve"
TOLD = "attempt reached, deliver"
OTHERS, DATA = ("bukan_kewenangan",), ("data_dtsen",)
AT_HOME = (
    "bansos_tidak_terima",
    "bansos_salah_sasaran",
    "data_dtsen",
    "disabilitas",
    "lansia_telantar",
)  # one looks there
COURSES = (
    Course(58, f"{SENT}, {FOUND}, {TOLD}"),
    Course(8, f"raise, dispose with a note, {FOUND}, {TOLD}"),
    Course(6, f"{SENT}, handle, submit, approve with a note, {TOLD}"),
    Course(5, f"raise, dispose 70-330, {FOUND}, {TOLD}"),  # late by row 2
    Course(7, f"{SENT}, handle {DAY + 90}-{4 * DAY}, submit, approve, {TOLD}"),  # by row 3
    Course(4, f"{SENT}, handle, submit, approve 75-420, {TOLD}"),  # by row 4
    Course(2, f"{SENT}, {FOUND}, attempt reached, deliver 14-40"),  # by row 5
    Course(2, f"{SENT}, handle {15 * DAY}-{19 * DAY}, submit, approve, {TOLD}"),  # by law as well
    Course(5, f"{SENT}, hold for an answer 30-120, resume {2 * DAY}-{6 * DAY}, {FOUND}, {TOLD}"),
    Course(4, f"{SENT}, handle, submit, send_back 20-45, handle again 120-300, submit, approve, {TOLD}"),
    Course(2, f"{SENT}, {FOUND}, attempt 30-90, {TOLD}"),
    Course(
        3,
        f"{SENT}, {FOUND}, attempt 60-200, attempt {DAY}-{DAY + 120}, attempt {DAY}-{DAY + 120},"
        " deliver unreached 20-60",
    ),
    Course(3, f"{SENT}, withdraw 60-400", open_to_all=True),
    Course(
        8,
        f"raise, return_file 10-30, supplement 60-300, raise again 8-20, dispose, {FOUND}, {TOLD}",
        of=("bansos_tidak_terima",),
    ),
    Course(12, f"raise, dispose wrongly 6-30, refuse 20-60, dispose, {FOUND}, {TOLD}", of=DATA),
    Course(
        6,
        f"{SENT}, {FOUND}, attempt reached, deliver objected 2-9, reopen {DAY}-{3 * DAY}, raise, dispose,"
        " handle anew 120-400, submit, approve, attempt reached, deliver accepted 2-9",
        of=AT_HOME,
    ),
    Course(50, f"raise, assist, dispose with a note, {FOUND}, {TOLD}", emergency=True),
)
FORWARDED = Course(1, "raise, forward 6-30", of=OTHERS)
QUICK = COURSES[0]


def course_for(text: DemoText, rng: Random, is_over: Callable[[int], bool]) -> tuple[Course, Timed]:
    """A way that has come to its end by now, with its times; `is_over` says so of minutes since receipt."""
    if text["category"] in OTHERS:
        return FORWARDED, FORWARDED.timed(rng)
    fitting = [course for course in COURSES if course.fits(text)]
    course = rng.choices(fitting, [course.share for course in fitting])[0]
    acts = course.timed(rng)
    return (course, acts) if is_over(acts[-1][1]) else (QUICK, QUICK.timed(rng))


def nameless(acts: Timed) -> Timed:
    """The same where the pengadu left no name: nobody is called, and nobody objects."""
    kept = [(NAMELESS.get(word, word), at) for word, at in takewhile(lambda act: act[0] != "reopen", acts)]
    return [(word, at) for word, at in kept if word]
