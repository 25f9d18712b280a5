""" "Sampai di mana?" as one sentence that may be told to the pengadu: where it stands, until when, what came of it."""

from models.case.case import Case
from models.case.clocks import binding_deadline
from models.complaint.complaint import ANSWERED, UNANSWERED, UNDATED, Complaint
from models.complaint.number import STAND_IN
from models.office.contacts import masked_words
from models.records.registry import RECORDS
from sop import flow
from sop.procedure import BIDANG, LANES
from sop.words import format_date, in_a_sentence


def where_is_it(case: Case, unit: str, original: str = "") -> str:
    """No names in it; `original` is the number of the complaint that this one repeats, if it may be told."""
    c = case.complaint
    begun = f"Pengaduan {_called(c)} diterima {format_date(c.received_at)}"
    if c.state in flow.OPEN_STATES:
        return f"{begun}, sekarang {_awaited_words(c, unit)}, {_limit_words(case)}."
    if c.elsewhere and not c.duplicate_of_id:
        return f"{begun}, {_elsewhere_words(c)}."
    ended = f"{begun}, {_ended_words(c, original)} sejak {format_date(c.closed_at or c.state_since)}."
    return f"{ended} {result_words(case)}".rstrip()


def _called(c: Complaint) -> str:
    """Its number; of one that came with a file and has none yet, what its medium calls it, which the pengadu knows."""
    stands_in = str(c.number).startswith(STAND_IN)
    return f"{c.medium.name} {c.medium_ref}" if stands_in and c.medium_ref else f"nomor {c.number}"


def result_words(case: Case) -> str:
    """What came of the case, by the latest of its records that says so; "" where none does."""
    latest = sorted(case.records.values(), key=lambda record: record.made_at, reverse=True)
    return masked_words(next((words for one in latest if (words := RECORDS[one.key].result(one.blanks))), ""))


def _limit_words(case: Case) -> str:
    """The date that was promised, with its clock; once it has passed no date is named any more."""
    deadline = binding_deadline(case.complaint)
    if case.at > deadline.due:
        return "sedang diselesaikan secepatnya"
    return f"{in_a_sentence(deadline.clock.ends)} {deadline.words}"


def _ended_words(c: Complaint, original: str) -> str:
    if c.duplicate_of_id:
        return f"ditangani bersama pengaduan {original or 'lain yang lebih dahulu masuk'}"
    return "telah selesai ditangani" if c.state == flow.CLOSED else f"berstatus {flow.state_label(c.state).lower()}"


def _elsewhere_words(c: Complaint) -> str:
    """Of what had come to an end for this panel when a file brought it in."""
    answer = {
        ANSWERED: f"dijawab {format_date(c.closed_at)}",
        UNDATED: "dijawab; tanggal jawabannya tidak tercatat di panel",
        UNANSWERED: "jawabannya belum tercatat di panel",
    }[c.elsewhere]
    if c.state in flow.OUTSIDE:
        return f"telah selesai ditangani di luar panel, {answer}"
    whose = c.institution.name if c.institution_id else "instansi lain"
    return f"menjadi urusan {whose}, {answer}"


def _awaited_words(c: Complaint, unit: str) -> str:
    words, step = in_a_sentence(flow.state_label(c.state)), flow.TRANSITIONS.get(c.state)
    if step is None or step.actor not in LANES:
        return words
    return f"{words} oleh {unit if step.actor == BIDANG and unit else LANES[step.actor]}"
