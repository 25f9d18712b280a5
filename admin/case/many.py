"""Many cases on one step page, and the page of the results."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from flask import abort, flash, request, url_for

from admin.case.after import AfterAct, Way, badge_of, next_ways, ways_back
from admin.case.decisions import StepRow, step_row
from admin.case.forms import headless_words
from admin.door import sessions
from admin.door.flaskadmin import view_at
from admin.door.rows import MOST_IDS, ROW_ID, signed_in, valid_id
from models.case.access_notes import log_cases_opened, log_list
from models.case.case import Case, load
from models.case.content import Composer
from models.complaint.complaint import Complaint
from models.complaint.event import open_seals
from models.complaint.paper import Paper
from models.complaint.scope import visible
from models.office.people import Division, User
from models.reading.desk import taken_back
from models.store.base import now
from models.store.master_cache import rows_by_id
from models.workflow.workflow import Outcome
from sop.procedure import Transition
from sop.vocabulary import vocabulary

PORTION = 25  # cases shown on a page
FROM, SKIPPED = "mulai", "lewati"  # fields: offset of the shown cases; ids of skipped cases
LONGEST_TITLE = 90  # characters that fit on one line


@dataclass(frozen=True)
class StuckGroup:
    """Cases refused for one reason: the sentence, and (id, number, title) of each."""

    why: str
    cases: list[tuple[int, str, str]]


@dataclass(frozen=True)
class ManyCases:
    """What the page for many cases shows besides the form."""

    able: list[int]  # ids of cases that can move, the most urgent first
    summary: list[tuple[str, str, int]]  # state, unit, count
    stuck: list[StuckGroup]
    stuck_count: int
    shown: list[StepRow]
    start: int
    skipped: list[int]
    case_url: str  # address that is completed with an id

    @property
    def skipped_elsewhere(self) -> list[int]:
        """The skipped cases that are on other pages."""
        on_page = {row.complaint.id for row in self.shown}
        return [number for number in self.skipped if number not in on_page]

    @property
    def count(self) -> int:
        """How many cases the button moves."""
        return len(self.able) - len(self.skipped)

    @property
    def end(self) -> int:
        return self.start + len(self.shown)

    @property
    def before(self) -> int | None:
        """Offset of the previous page, None on the first."""
        return max(self.start - PORTION, 0) if self.start else None

    @property
    def behind(self) -> int | None:
        return self.end if self.end < len(self.able) else None


def many_cases(transition: Transition, cases: Mapping[int, Case], refused: Mapping[int, str]) -> ManyCases:
    """The page of these cases. Those shown are loaded and recorded in the access log, the others are only counted."""
    able = [case.complaint.id for case in sorted(cases.values(), key=_urgency) if case.complaint.id not in refused]
    typed = request.form.get(FROM, "")
    start = int(typed) if ROW_ID.fullmatch(typed) else 0
    start = start - start % PORTION if start < len(able) else 0
    stuck = [case for number, case in cases.items() if number in refused]
    log_list(signed_in(), f"langkah {transition.key}", [case.complaint for case in stuck])
    return ManyCases(
        able,
        _summary([cases[number] for number in able]),
        _stuck_groups(stuck, refused),
        len(stuck),
        _rows_of_page(transition, able[start : start + PORTION]),
        start,
        [number for number in skipped_cases() if number in able],
        f"{url_for('pengaduan.details_view')}?id=",
    )


def typed_leaver() -> User | None:
    """The user whose cases are all handed over, from the form."""
    typed = request.form.get("leaver", "")
    return User.get_or_none(User.id == valid_id(typed)) if typed else None


def skipped_cases() -> list[int]:
    """The ids of the cases that were ticked to be skipped."""
    return [int(typed) for typed in request.form.getlist(SKIPPED) if ROW_ID.fullmatch(typed)]


def only_turns() -> bool:
    """Whether the request only turns to another page."""
    return FROM in request.form and "do" not in request.form


def _rows_of_page(transition: Transition, ids: Sequence[int]) -> list[StepRow]:
    at = now()
    cases = load(ids, signed_in(), at)
    log_cases_opened(cases.values(), "langkah")
    composer = Composer(cases, open_seals(cases), at=at, demo=False)
    return [step_row(transition, cases[number], "", composer) for number in ids if number in cases]


def _summary(cases: Sequence[Case]) -> list[tuple[str, str, int]]:
    """(state, unit, count), the most frequent first."""
    units = {number: unit.name for number, unit in rows_by_id(Division).items()}
    counted = Counter((case.complaint.state, case.complaint.unit_id) for case in cases).most_common()
    return [(vocabulary().states[state], units.get(unit, ""), count) for (state, unit), count in counted]


def _stuck_groups(cases: Sequence[Case], refused: Mapping[int, str]) -> list[StuckGroup]:
    """The refused cases by reason; a sentence shared by many says "pengaduan ini" instead of a number."""
    by_reason: dict[str, list[Case]] = {}
    for case in cases:
        sentence, number = refused[case.complaint.id], case.complaint.number
        shared = sentence.replace(f"engaduan {number}", "engaduan ini").replace(number, "pengaduan ini")
        by_reason.setdefault(shared, []).append(case)
    return [
        StuckGroup(
            why if len(alike) > 1 else refused[alike[0].complaint.id],
            [(c.complaint.id, c.complaint.number, _short_title(c.complaint.title)) for c in alike],
        )
        for why, alike in by_reason.items()
    ]


def _short_title(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else f"{title[:LONGEST_TITLE].rstrip()}…"


def _urgency(case: Case) -> tuple[bool, bool, datetime | None, int]:
    """Sort key: emergencies first, then by due time."""
    c = case.complaint
    return not c.emergency, c.row_due_at is None, c.row_due_at, c.id


SAVED = "saved"  # flash category for the script: the draft that it may delete


def draft_name(page: Transition, ids: Iterable[int] = ()) -> str:
    """The key under which a browser tab stores what is typed on an act's page for these cases."""
    of_cases = ",".join(map(str, sorted(ids)))
    return f"{page.key} {of_cases if len(of_cases) < 30 else sha256(of_cases.encode()).hexdigest()[:16]}".strip()


def forget_draft(page: Transition, ids: Iterable[int] = ()) -> None:
    """Let the next page delete the draft of this one, which has been saved."""
    flash(draft_name(page, ids), SAVED)


ELSEWHERE = "{} pengaduan yang telah diproses kini tidak terbuka lagi bagi Anda."


def store_outcome(transition: Transition, outcome: Outcome, skipped: int) -> str:
    """Store the outcome in the transaction of the step; the public id for its page."""
    stored = [outcome.done, [*outcome.refused.items()], outcome.papers, skipped]
    return sessions.store_result(_purpose(transition), stored)


def outcome_page(transition: Transition, public_id: str) -> str:
    """The page of a stored outcome, each case as it is now; 404 if the user has none under this id."""
    done, refused, papers, skipped = sessions.result_of_session(_purpose(transition), public_id) or abort(
        404, sessions.GONE
    )
    why = dict(refused)
    cases = list(visible(signed_in(), Complaint).where(Complaint.id.in_([*done, *why])).order_by(Complaint.id))
    visible_ids = {case.id for case in cases}
    log_list(signed_in(), f"langkah {transition.key}", [case for case in cases if case.id in why])
    back = taken_back(transition, done)
    gone = len(set(done) - visible_ids)
    return str(
        view_at("langkah").render(
            "admin/case/outcome.html",
            transition=transition,
            rows=[(case, why.get(case.id, ""), badge_of(transition, back=case.id in back)) for case in cases],
            lost=[sentence for number, sentence in refused if number not in visible_ids],
            gone=ELSEWHERE.format(gone) if gone else "",
            done=len(done) - len(back),
            after=AfterAct(
                _sentence_of_many(transition, len(done) - len(back), len(refused), skipped),
                [Way("Ke daftar pengaduan", url_for("pengaduan.index_view"))],
                next_ways(transition, done),
            ),
            headless=headless_words(transition, done),
            ways_back=ways_back(done),
            papers=_issued(papers, back),
            case_url=f"{url_for('pengaduan.details_view')}?id=",
        )
    )


def _sentence_of_many(step: Transition, done: int, refused: int, skipped: int) -> str:
    """ "Hasil telah disampaikan pada 12 pengaduan; 2 tidak diproses, alasannya tertulis pada barisnya." """
    what, verb = step.done
    parts = [f"{what} telah {verb} pada {done} pengaduan"]
    parts += [f"{refused} tidak diproses, alasannya tertulis pada barisnya"] if refused else []
    parts += [f"{skipped} dilewati atas permintaan Anda"] if skipped else []
    return f"{'; '.join(parts)}."


def _issued(papers: list[str], back: Set[int]) -> list[list[int]]:
    """Ids of the step's papers without recalled ones, in portions that one file may hold."""
    valid = Paper.public_id.in_(papers) & Paper.complaint.not_in(back)
    issued = [number for (number,) in Paper.select(Paper.id).where(valid).order_by(Paper.id).tuples()]
    return [issued[start : start + MOST_IDS] for start in range(0, len(issued), MOST_IDS)]


def _purpose(transition: Transition) -> str:
    return f"langkah/{transition.key}"
