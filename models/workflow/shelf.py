"""Filing the whole berkas of cases, lending it, taking it back: rows, the present state, and a history event each."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import peewee as pw

from models.complaint.shelf import CaseFiled, CaseLent, CaseReturned, CaseShelf, write_states_of
from models.office.contacts import masked_words
from models.office.people import User
from models.office.shelves import ShelfPlace, place_words
from models.store.base import database, insert_rows, now
from models.workflow.marks import CaseDeed, append_deeds
from sop.words import day_of, format_date

FILED, LENT, RETURNED = "shelf_filed", "shelf_lent", "shelf_returned"
LABELS = {FILED: "Simpan berkas di …", LENT: "Pinjamkan berkas …", RETURNED: "Catat berkas kembali"}
OUT = "Berkasnya sedang dipinjam {borrower} sejak {since}; catat dahulu kembalinya."
NOT_OUT = "Berkasnya tidak sedang dipinjam."
OTHER_LOAN = "Peminjaman yang Anda lihat sudah berakhir; sekarang berkasnya dipinjam {borrower}."
HERE = "Berkasnya sudah tercatat di {place}."
INACTIVE = "Tempat {place} tidak aktif lagi."
PAST = "Tanggal kembali tidak boleh sebelum hari ini."

Refusals = dict[int, str]  # sentences by the id of the case


def states_of(cases: Sequence[int]) -> dict[int, CaseShelf]:
    """The present states of these cases that have one."""
    rows = CaseShelf.select().where(CaseShelf.complaint.in_(list(cases)))
    return {row.complaint_id: row for row in rows}


def refusals(cases: Sequence[int], act: str, place: ShelfPlace | None = None) -> Refusals:
    """Sentences by id of the cases whose berkas cannot be filed (at this place), lent or taken back."""
    states = states_of(cases)
    sentences = {case: _refusal(states.get(case), act, place) for case in cases}
    return {case: sentence for case, sentence in sentences.items() if sentence}


def _refusal(state: CaseShelf | None, act: str, place: ShelfPlace | None) -> str:
    if act == FILED:
        is_here = state is not None and place is not None and state.place_id == place.id
        return HERE.format(place=place) if is_here else ""
    if state is None or not state.loan_id:
        return NOT_OUT if act == RETURNED else ""
    since = format_date(day_of(state.lent_at))
    return OUT.format(borrower=state.borrower, since=since) if act == LENT else ""


def file_cases(cases: Sequence[int], *, by: User, place: ShelfPlace, at: datetime | None = None) -> Refusals:
    """Record that the whole berkas of these cases lies at the place; the sentences of refused cases by id. A berkas
    that is lent stays lent: the place is where it belongs."""
    if not place.active:
        return dict.fromkeys(cases, INACTIVE.format(place=place))
    moment = at or now()
    with database.atomic():
        refused = refusals(cases, FILED, place)
        chosen = [case for case in cases if case not in refused]
        if chosen:
            insert_rows(CaseFiled, [{"complaint": c, "place": place.id, "by": by.id, "at": moment} for c in chosen])
            write_states_of(
                [{"complaint": c, "place": place.id, "filed_at": moment} for c in chosen], "place", "filed_at"
            )
            words = {str(CaseFiled.place.verbose_name): place_words(place)}
            append_deeds(FILED, [CaseDeed(c, f"menyimpan berkas di {place.code}", words) for c in chosen], by, moment)
    return refused


def lend_cases(cases: Sequence[int], *, by: User, borrower: str, due_on: date, at: datetime | None = None) -> Refusals:
    """Record that the berkas of these cases is lent until a day; the sentences of refused cases by id."""
    moment = at or now()
    if due_on < day_of(moment):
        return dict.fromkeys(cases, PAST)
    with database.atomic():
        refused = refusals(cases, LENT)
        loan: dict[str, str | date] = {"borrower": borrower.strip(), "due_on": due_on}
        chosen = [case for case in cases if case not in refused]
        if chosen:
            _write_loans(chosen, loan, by, moment)
            words = {
                str(CaseLent.borrower.verbose_name): str(loan["borrower"]),
                str(CaseLent.due_on.verbose_name): format_date(due_on),
            }
            what = f"meminjamkan berkas kepada {masked_words(str(loan['borrower']))}"
            append_deeds(LENT, [CaseDeed(case, what, dict(words)) for case in chosen], by, moment)
    return refused


def _write_loans(cases: Sequence[int], loan: dict[str, str | date], by: User, at: datetime) -> None:
    latest = CaseLent.select(CaseLent.complaint, pw.fn.MAX(CaseLent.number)).group_by(CaseLent.complaint)
    counts = dict(latest.where(CaseLent.complaint.in_(list(cases))).tuples())
    numbers = {case: counts.get(case, 0) + 1 for case in cases}
    common = {"by": by.id, "at": at, **loan}
    insert_rows(CaseLent, [{"complaint": case, "number": numbers[case], **common} for case in cases])
    of_cases = CaseLent.select(CaseLent.complaint, pw.fn.MAX(CaseLent.id)).group_by(CaseLent.complaint)
    ids = dict(of_cases.where(CaseLent.complaint.in_(list(cases))).tuples())
    states = [{"complaint": case, "loan": ids[case], "lent_at": at, **loan} for case in cases]
    write_states_of(states, "loan", "borrower", "lent_at", "due_on")


def return_cases(
    cases: Sequence[int], *, by: User, seen: Mapping[int, int] | None = None, at: datetime | None = None
) -> Refusals:
    """Record that the lent berkas of these cases is back; the sentences of refused cases by id. `seen`: by case the
    loan that the user was shown, if no other is meant."""
    moment = at or now()
    with database.atomic():
        states = states_of(cases)
        refused = refusals(cases, RETURNED) | _other_loans(states, seen or {})
        chosen = [case for case in cases if case not in refused]
        if chosen:
            insert_rows(CaseReturned, [{"lent": states[c].loan_id, "by": by.id, "at": moment} for c in chosen])
            none = {"loan": None, "borrower": "", "lent_at": None, "due_on": None}
            write_states_of([{"complaint": case, **none} for case in chosen], *none)
            deeds = [CaseDeed(c, f"mencatat berkas kembali dari {states[c].borrower}", {}) for c in chosen]
            append_deeds(RETURNED, deeds, by, moment)
    return refused


def _other_loans(states: Mapping[int, CaseShelf], seen: Mapping[int, int]) -> Refusals:
    """Sentences by id of the cases whose open loan is not the one that was seen."""
    loans = [(case, states[case]) for case, loan in seen.items() if case in states and states[case].loan_id != loan]
    return {case: OTHER_LOAN.format(borrower=state.borrower) for case, state in loans if state.loan_id}
