"""The berkas of cases: filed at a place, lent once at a time, taken back; the history and the present state say so."""

from datetime import date, timedelta

import peewee as pw
import pytest

from models.complaint import event, shelf
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.complaint.shelf import IS_UNFILED, CaseFiled, CaseLent, CaseReturned, CaseShelf
from models.office.people import today
from models.office.settings import store_setting
from models.office.shelves import (
    CLASS,
    Retention,
    ShelfPlace,
    as_read,
    label_address,
    place_of_code,
    place_words,
    retention_terms,
    term_of,
    years_after,
    years_before,
)
from models.store.base import database, now
from models.workflow import shelf as shelving
from models.workflow.proof import broken_rows
from sop.vocabulary import CLOSED
from tests.office import Office


@pytest.fixture
def folder(office: Office) -> ShelfPlace:
    rack = ShelfPlace.create(code="R-01", kind="rak")
    box = ShelfPlace.create(code="B-07", kind="boks", parent=rack)
    return ShelfPlace.create(code="M-0012", kind="map", parent=box)


def acts_of(case: int) -> list[str]:
    return [entry.act for entry in Event.select().where(Event.complaint == case).order_by(Event.id)]


def test_a_filed_berkas_lies_where_the_latest_row_says_and_the_history_says_so(
    office: Office, folder: ShelfPlace
) -> None:
    one, two = office.receive(2)
    petugas = office["petugas"]
    assert shelving.file_cases([one, two], by=petugas, place=folder) == {}
    other = ShelfPlace.create(code="M-0013", kind="map", parent=folder.parent)
    assert shelving.file_cases([one, two], by=petugas, place=folder).keys() == {one, two}
    assert shelving.file_cases([one], by=petugas, place=other) == {}
    assert CaseFiled.select().count() == 3
    assert {row.complaint_id: row.place.code for row in CaseShelf.select()} == {one: "M-0013", two: "M-0012"}
    assert acts_of(one)[-2:] == [shelving.FILED] * 2
    assert event.verify()[1] == ""
    assert list(broken_rows()) == []


def test_a_berkas_is_lent_once_until_it_is_back(office: Office, folder: ShelfPlace) -> None:
    case, other = office.receive(2)
    petugas, due = office["petugas"], today() + timedelta(days=7)
    assert shelving.lend_cases([case], by=petugas, borrower=" Siti ", due_on=due) == {}
    refused = shelving.lend_cases([case, other], by=petugas, borrower="Budi", due_on=due)
    assert list(refused) == [case]
    assert "sedang dipinjam Siti sejak" in refused[case]
    assert shelving.return_cases([case], by=petugas) == {}
    assert shelving.return_cases([case], by=petugas) == {case: shelving.NOT_OUT}
    assert shelving.lend_cases([case], by=petugas, borrower="Budi", due_on=due) == {}
    assert (CaseLent.select().count(), CaseReturned.select().count()) == (3, 1)
    assert {row.complaint_id: row.borrower for row in CaseShelf.select()} == {case: "Budi", other: "Budi"}
    assert list(broken_rows()) == []


def test_two_loans_at_once_cannot_both_be_written(office: Office) -> None:
    [case] = office.receive()
    shelving.lend_cases([case], by=office["petugas"], borrower="Siti", due_on=today())
    row = {name: getattr(CaseLent.get(), name) for name in ("complaint", "number", "borrower", "due_on", "by", "at")}
    with pytest.raises(pw.IntegrityError), database.atomic():
        CaseLent.create(**row)


def test_neither_a_day_that_has_passed_nor_a_place_that_is_no_longer_used_is_taken(
    office: Office, folder: ShelfPlace
) -> None:
    [case] = office.receive()
    yesterday = today() - timedelta(days=1)
    assert shelving.lend_cases([case], by=office["petugas"], borrower="Siti", due_on=yesterday) == {case: shelving.PAST}
    folder.active = False
    refused = shelving.file_cases([case], by=office["petugas"], place=folder)
    assert "M-0012" in refused[case]
    assert not CaseShelf.select().exists()


def unfiled() -> list[int]:
    return [row.complaint_id for row in CaseShelf.select().where(IS_UNFILED)]


def test_a_case_that_ends_waits_for_its_place_until_it_is_filed_or_open_again(
    office: Office, folder: ShelfPlace
) -> None:
    one, two = office.receive(2)
    assert unfiled() == []
    office.bring([one, two], CLOSED)
    assert sorted(unfiled()) == [one, two]
    assert {row.ended_at for row in CaseShelf.select()} == {c.closed_at for c in Complaint.select()}
    office.do([one], "reopen")
    assert unfiled() == [two]
    shelving.file_cases([two], by=office["petugas"], place=folder)
    assert unfiled() == []


def test_cases_that_ended_before_there_was_a_shelf_are_added_once(office: Office) -> None:
    ids = office.receive(2)
    office.bring(ids[:1], CLOSED)
    CaseShelf.delete().execute()
    assert shelf.add_missing() == 1
    assert unfiled() == ids[:1]
    assert shelf.add_missing() == 0


def test_what_ended_elsewhere_before_it_was_imported_has_no_berkas_here(office: Office) -> None:
    [case] = office.receive()
    Complaint.update(closed_at=now(), elsewhere="answered").where(Complaint.id == case).execute()
    assert shelf.add_missing() == 0


def test_a_code_is_read_as_typed_misread_or_scanned(office: Office, folder: ShelfPlace) -> None:
    for typed in ("M-0012", " m-0012 ", "M-OOl2", "https://panel.example/arsip/?q=M-0012"):
        place = place_of_code(typed)
        assert place is not None, typed
        assert place_words(place) == "Rak R-01 › Boks B-07 › Map M-0012"
    assert place_of_code("M-0021") is None
    assert place_of_code("") is None
    assert as_read("o-il") == "0-11"


def test_a_label_says_where_the_search_is_if_the_panel_has_an_address(office: Office) -> None:
    assert label_address("M-0012") == "M-0012"
    store_setting("paper.code_address", "https://panel.dinas.example/v/", today())
    assert label_address("M-0012") == "https://panel.dinas.example/arsip/?q=M-0012"


def test_a_case_is_retained_by_the_classification_of_its_last_day(office: Office) -> None:
    store_setting(CLASS, "460", date(2026, 6, 1))
    Retention.create(code="460", active_years=2, inactive_years=3, fate="musnah")
    before, later = (term_of(day, retention_terms(today())) for day in (date(2026, 5, 31), date(2026, 6, 1)))
    assert before.rule is None
    assert before.active_until(date(2026, 5, 31)) is None
    assert later.active_until(date(2026, 6, 1)) == date(2028, 6, 1)
    assert later.inactive_until(date(2026, 6, 1)) == date(2031, 6, 1)


def over(day: date, *, inactive: bool = False) -> set[int]:
    where = shelf.retention_over(retention_terms(today()), day, inactive=inactive)
    return {row.complaint_id for row in CaseShelf.select().where(where)}


def test_retention_is_over_the_day_after_its_last(office: Office) -> None:
    ids = office.receive(2)
    office.bring(ids, CLOSED)
    ended = Complaint.get_by_id(ids[0]).closed_at.date()
    last = years_after(ended, 2)
    assert over(last + timedelta(days=1)) == set()  # no rule, nothing due
    store_setting(CLASS, "460", date(2020, 1, 1))
    Retention.create(code="460", active_years=2, inactive_years=1, fate="permanen")
    assert over(last) == set()
    assert over(last + timedelta(days=1)) == set(ids)
    assert over(last + timedelta(days=1), inactive=True) == set()
    assert over(years_after(ended, 3) + timedelta(days=1), inactive=True) == set(ids)


@pytest.mark.parametrize(
    "day", [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1), date(2027, 2, 28), date(2027, 3, 1)]
)
@pytest.mark.parametrize("years", [0, 1, 2, 4])
def test_the_first_day_that_is_not_yet_over_is_the_first_in_leap_years_too(day: date, years: int) -> None:
    first = years_before(day, years)
    assert years_after(first, years) >= day > years_after(first - timedelta(days=1), years)
