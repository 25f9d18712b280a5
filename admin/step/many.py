"""Many cases on one step page: what they are in all, which cannot move and why, and a portion of them in full."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import request, url_for

from admin.door.ids import ROW_ID, valid_id
from admin.door.joins import signed_in
from admin.step.rows import StepRow, step_row
from models.case.access_notes import note_cases, note_list
from models.case.case import Case, load
from models.case.content import Composer
from models.complaint.event import open_seals
from models.office.people import Division, User
from models.store.base import now
from sop import flow
from sop.procedure import Transition

PORTION = 25  # cases that are read at a time
FROM, SKIPPED = "mulai", "lewati"  # blanks of the page: from which case on it shows them; which are left out
LONGEST_TITLE = 90  # letters, where only a line is left for it


@dataclass(frozen=True)
class StuckGroup:
    """Cases that cannot move for one reason: the sentence, and (id, number, title) of each."""

    why: str
    cases: list[tuple[int, str, str]]


@dataclass(frozen=True)
class ManyCases:
    """What the page of many shows besides the blanks."""

    able: list[int]  # ids of what can move, the most urgent first
    summary: list[tuple[str, str, int]]  # state, unit, how many
    stuck: list[StuckGroup]
    stuck_count: int
    shown: list[StepRow]
    start: int
    skipped: list[int]
    case_url: str  # what an id follows

    @property
    def skipped_elsewhere(self) -> list[int]:
        """What is left out and stands on another portion."""
        here = {row.complaint.id for row in self.shown}
        return [number for number in self.skipped if number not in here]

    @property
    def count(self) -> int:
        """How many the button moves."""
        return len(self.able) - len(self.skipped)

    @property
    def end(self) -> int:
        return self.start + len(self.shown)

    @property
    def before(self) -> int | None:
        """Where the portion before begins, None on the first."""
        return max(self.start - PORTION, 0) if self.start else None

    @property
    def behind(self) -> int | None:
        return self.end if self.end < len(self.able) else None


def many_cases(transition: Transition, cases: Mapping[int, Case], refused: Mapping[int, str]) -> ManyCases:
    """What the page tells of these cases. A portion of them is read and noted as such, the rest is only counted."""
    able = [case.complaint.id for case in sorted(cases.values(), key=_urgency) if case.complaint.id not in refused]
    start = _asked_start(len(able))
    stuck = [case for number, case in cases.items() if number in refused]
    note_list(signed_in(), f"langkah {transition.key}", [case.complaint for case in stuck])
    return ManyCases(
        able,
        _summary([cases[number] for number in able]),
        _stuck_groups(stuck, refused),
        len(stuck),
        _read(transition, able[start : start + PORTION]),
        start,
        [number for number in skipped_cases() if number in able],
        f"{url_for('pengaduan.details_view')}?id=",
    )


def typed_leaver() -> User | None:
    """From whom all is taken, as the page of many carries it."""
    typed = request.form.get("leaver", "")
    return User.get_or_none(User.id == valid_id(typed)) if typed else None


def skipped_cases() -> list[int]:
    """The cases that are left out, as they were ticked."""
    return [int(typed) for typed in request.form.getlist(SKIPPED) if ROW_ID.fullmatch(typed)]


def only_turns() -> bool:
    """Whether another portion is asked for, and nothing else."""
    return FROM in request.form and "do" not in request.form


def _asked_start(count: int) -> int:
    typed = request.form.get(FROM, "")
    asked = int(typed) if ROW_ID.fullmatch(typed) else 0
    return asked - asked % PORTION if asked < count else 0


def _read(transition: Transition, ids: Sequence[int]) -> list[StepRow]:
    at = now()
    cases = load(ids, signed_in(), at)
    note_cases(cases.values(), "langkah")
    composer = Composer(cases, open_seals(cases), at=at, demo=False)
    return [step_row(transition, cases[number], "", composer) for number in ids if number in cases]


def _summary(cases: Sequence[Case]) -> list[tuple[str, str, int]]:
    """How many stand in which state with which unit, the most first."""
    units = dict(Division.select(Division.id, Division.name).tuples())
    counted = Counter((case.complaint.state, case.complaint.unit_id) for case in cases).most_common()
    return [(flow.state_label(state), units.get(unit, ""), count) for (state, unit), count in counted]


def _stuck_groups(cases: Sequence[Case], refused: Mapping[int, str]) -> list[StuckGroup]:
    """The cases by why they cannot move; a sentence that many share says "pengaduan ini" for each number."""
    by_reason: dict[str, list[Case]] = {}
    for case in cases:
        by_reason.setdefault(_shared_words(refused[case.complaint.id], case.complaint.number), []).append(case)
    return [
        StuckGroup(
            why if len(alike) > 1 else refused[alike[0].complaint.id],
            [(c.complaint.id, c.complaint.number, _short_title(c.complaint.title)) for c in alike],
        )
        for why, alike in by_reason.items()
    ]


def _shared_words(sentence: str, number: str) -> str:
    this = "engaduan ini"
    return sentence.replace(f"engaduan {number}", this).replace(number, f"p{this}")


def _short_title(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else f"{title[:LONGEST_TITLE].rstrip()}…"


def _urgency(case: Case) -> tuple[bool, bool, datetime | None, int]:
    """Emergencies first, then what is due first."""
    c = case.complaint
    return not c.emergency, c.row_due_at is None, c.row_due_at, c.id
