"""The rules on whether an act may be done now, each with the sentence of its refusal."""

from collections.abc import Callable
from dataclasses import dataclass

from sop.access import lanes, performers
from sop.flow import Procedure
from sop.procedure import LANES, LAST, MARKS, Transition
from sop.words import in_a_list


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What the rules need to know about one complaint and the user who wants to act on it."""

    number: str
    procedure: Procedure
    state: str
    relations: frozenset[str]
    lanes: frozenset[str]
    back: str = ""  # the state before the pause, or before the last step
    records_in_force: frozenset[str] = frozenset()
    opened: str = ""  # the next actor who has opened it since the last step, "" if none
    stale: str = ""  # the user who changed it since the page was shown, "" if none
    since: str = ""  # what was changed since then
    last: str = ""  # key of the last transition
    is_author: bool = False  # the user wrote or submitted what is to be decided on
    own_unit: bool = False  # the user's unit leads
    erased: bool = False  # the case's key was destroyed
    marks: frozenset[str] = frozenset()  # the case's marks, of MARKS
    paper_objection: str = ""  # the sentence why no paper may be issued yet: the office's details are not set


def refusal(transition: Transition, case: CaseFacts) -> str:
    """The Indonesian sentence why `transition` cannot be done, or "" if it can."""
    return next((sentence for rule in _RULES if (sentence := rule(transition, case))), "")


def _lane(transition: Transition, case: CaseFacts) -> str:
    allowed = lanes(transition, _awaited(case))
    if allowed & case.lanes:
        return ""
    return f"“{transition.label}” dilakukan oleh {in_a_list(LANES[lane] for lane in LANES if lane in allowed)}."


def _erased(transition: Transition, case: CaseFacts) -> str:
    gone = f"Kunci pengaduan {case.number} sudah dihapus; tidak ada langkah lagi yang dapat dicatat."
    return gone if case.erased else ""


def _needs(transition: Transition, case: CaseFacts) -> str:
    missing = [need.name for need in transition.needs if need.record not in case.records_in_force]
    return f"Pengaduan {case.number} belum dapat diproses: {in_a_list(missing)} belum ada." if missing else ""


def _turn(transition: Transition, case: CaseFacts) -> str:
    if case.state in case.procedure.starts(transition):
        return ""
    now = case.procedure.state_label(case.state)
    return f"“{transition.label}” tidak dapat dilakukan sekarang: pengaduan {case.number} berstatus {now}."


def _mark(transition: Transition, case: CaseFacts) -> str:
    if not transition.called_by or transition.called_by in case.marks:
        return ""
    return f"“{transition.label}” hanya untuk pengaduan {MARKS[transition.called_by]}; {case.number} bukan."


_WHO = {
    "handler": "pelaksana yang ditugaskan",
    "head": "kepala unit kerja",
    "submitter": "kepala unit kerja",
    "emergency": "unit darurat kategori ini",
}


def _relation(transition: Transition, case: CaseFacts) -> str:
    awaited = _awaited(case)
    if transition.actor == LAST or performers(transition, awaited) & case.relations:
        return ""
    act = transition if transition.actor in LANES else awaited or transition
    who = _WHO.get(act.within, LANES.get(act.actor, "petugas"))
    return f"Pengaduan {case.number} bukan giliran Anda: langkah ini dilakukan oleh {who}."


def _stale(transition: Transition, case: CaseFacts) -> str:
    if not case.stale:
        return ""
    what = f": {case.since}" if case.since else ""
    return (
        f"Pengaduan {case.number} telah diubah oleh {case.stale} sejak halaman ini dibuka{what}; "
        "periksa isinya sekali lagi."
    )


def _independence(transition: Transition, case: CaseFacts) -> str:
    if transition.independent and case.is_author:
        return f"Anda menyusun atau menaikkan Nota Dinas pengaduan {case.number}; keputusannya pada pejabat lain."
    if transition.independent and case.own_unit:
        return f"Pengaduan {case.number} ditangani unit kerja Anda sendiri; keputusannya pada pejabat lain."
    return ""


def _paper(transition: Transition, case: CaseFacts) -> str:
    return case.paper_objection if transition.papers or transition.series else ""


def _recall(transition: Transition, case: CaseFacts) -> str:
    if transition.actor != LAST:
        return ""
    last = case.procedure.transitions.get(case.last)
    if not last or not case.procedure.is_main(last) or case.procedure.is_receive(last):
        return f"Tidak ada langkah pada pengaduan {case.number} yang dapat ditarik kembali."
    if not performers(transition) & case.relations:
        return f"Langkah terakhir pada pengaduan {case.number} bukan dilakukan oleh Anda."
    if not performers(last) & case.relations:
        return f"Langkah terakhir pada pengaduan {case.number} tidak lagi termasuk tugas Anda."
    if case.opened:
        opener = f"pelaksana berikutnya ({case.opened})"
        return f"Pengaduan {case.number} sudah dibuka {opener}; langkah tidak dapat ditarik kembali."
    return ""


_RULES: tuple[Callable[[Transition, CaseFacts], str], ...] = (
    _lane,
    _erased,
    _stale,
    _needs,
    _turn,
    _mark,
    _recall,
    _relation,
    _independence,
    _paper,
)


def _awaited(case: CaseFacts) -> Transition | None:
    """The awaited act; for a paused case the one awaited after the pause."""
    return case.procedure.transitions.get(case.back if case.state == case.procedure.paused else case.state)
