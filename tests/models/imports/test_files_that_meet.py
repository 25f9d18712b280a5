"""What two files, or two rows, both tell becomes one case; what others lean on is not taken back."""

from datetime import datetime

import pytest

from models.complaint.complaint import Complaint
from models.complaint.event import Event, bodies, open_seals
from models.complaint.scope import viewer
from models.imports import publishing, sorting, stage
from models.imports.batches import KNOWN, NEW, REPEAT, SKIP, WHEN_RAISED, ImportBatch, ImportRow
from models.imports.columns import LAPOR
from models.imports.reviewing import mend
from sop.clock import WIB
from sop.flow import current_procedure
from tests.models.imports.test_publishing import HEADS, NIK, NOW, PHONE, ROWS, STORY, cases_of, published, row, table

TWICE = row(1, "Ada lansia telantar di dekat pasar, tidak ada keluarga.")
UNREADABLE = TWICE.replace("2 Nov 2026 08:30", "kemarin")


def staged(office, data, by="petugas"):
    return stage.stage(data, "lapor.csv", LAPOR, "WIB", viewer(office[by]), NOW)


def test_a_file_that_two_have_waiting_becomes_its_cases_once(office):
    data = table(*ROWS, row("", f"Sudah lama menunggu. {STORY}"))
    batches = [staged(office, data), staged(office, data, "petugas2")]
    for batch, by in zip(batches, ("petugas", "petugas2"), strict=True):
        assert not publishing.begin(batch, by=office[by], at=NOW, numbering=WHEN_RAISED)
    made = publishing.publish(batches[0].id)
    assert publishing.publish(batches[1].id) == 0
    assert Complaint.select().count() == made
    later = ImportRow.select().where((ImportRow.batch == batches[1]) & ImportRow.known.is_null(False))
    assert {(one.verdict, one.decision) for one in later} == {(KNOWN, SKIP)}
    assert ImportBatch.get_by_id(batches[1].id).state == "published"


def test_a_mended_row_repeats_the_row_that_has_its_ticket(office):
    batch = staged(office, table(ROWS[0], UNREADABLE))
    when = datetime(2026, 11, 2, 9, 0, tzinfo=WIB)
    assert mend(batch, 3, title="", story="Ada lansia telantar di pasar.", received=when, at=NOW) == REPEAT
    mended = ImportRow.get(ImportRow.line == 3)
    assert (mended.why, mended.of_line, mended.decision) == ("same_ticket", 2, SKIP)


def test_a_case_that_another_repeats_is_not_taken_back(office):
    batch = published(office, table(*ROWS[:2]))
    head = cases_of(batch)[2]
    office.at = NOW
    [later] = office.receive(story=STORY, until="raise")
    office.do([later], "duplicate", original=head.number)
    assert Complaint.get_by_id(later).duplicate_of == head
    assert not sorting.begin_undoing(batch, by=office["petugas"], at=NOW)
    sorting.undo(batch.id)
    assert Complaint.get_by_id(head.id).state == current_procedure().first


@pytest.mark.only("sqlite")
def test_nor_is_one_that_an_untouched_case_of_another_file_repeats(office):
    batch, other = published(office, table(*ROWS[:2])), published(office, table(row(9, "Beras belum dibagikan.")))
    head, [again] = cases_of(batch)[2], cases_of(other).values()
    Complaint.update(state="duplicated", duplicate_of=head).where(Complaint.id == again.id).execute()
    assert not sorting.begin_undoing(batch, by=office["petugas"], at=NOW)
    sorting.undo(batch.id)
    assert Complaint.get_by_id(head.id).state == current_procedure().first


@pytest.mark.only("sqlite")
def test_a_row_that_repeats_one_which_is_a_case_already_points_at_that_case(office):
    head = cases_of(published(office, table(ROWS[0])))[2]
    batch = published(office, table(ROWS[0], ROWS[2]))
    [again] = cases_of(batch).values()
    assert (again.state, again.duplicate_of) == ("duplicated", head)


def test_a_number_of_a_person_hides_in_no_column_of_a_file(office):
    line = row(NIK, STORY, topic=f"Bansos {PHONE}", status=f"Ditutup, hubungi {PHONE}")
    case = cases_of(published(office, f"{HEADS}\n{line}\n".encode()))[2]
    entry_bodies = bodies([Event.get(Event.complaint == case)], open_seals([case.id]))
    assert case.medium_ref == ""
    assert "Nomor rujukan menurut berkas: 99********0007" in case.story
    shown = {name: text for body in entry_bodies.values() for name, text in body.items() if name != "numbers"}
    assert PHONE not in str(shown)
    assert "Ditutup, hubungi" in str(shown)


@pytest.mark.only("sqlite")
def test_rows_without_a_ticket_that_are_alike_bring_nothing_new_when_they_come_again(office):
    data = table(row("", STORY), row("", STORY), row("", "Lampu jalan padam", name="-", place="Oro-oro Dowo"))
    published(office, data)
    later = data + b"\n" + row("", "Lampu jalan padam", name="-", place="Gadingkasri").encode()
    judged = stage.judged_file(later, LAPOR, "WIB", viewer(office["petugas"]), NOW)
    assert [one.verdict for one in judged] == [KNOWN, KNOWN, KNOWN, NEW]
