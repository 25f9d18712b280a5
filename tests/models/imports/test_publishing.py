"""Rows of a file become cases as was decided, whole and in order wherever that is stopped, and can be taken back."""

import itertools
import multiprocessing
import signal
import time
from collections import Counter
from datetime import datetime

import pytest

from models.complaint.complaint import Complaint, Person, Run
from models.complaint.event import Event, bodies, open_seals
from models.complaint.number import Number
from models.complaint.paper import Paper
from models.complaint.repeats import ComparedCase, repeats_of
from models.complaint.scope import viewer, visible
from models.imports import publishing, sorting, stage
from models.imports.batches import (
    AT_ONCE,
    CLOSED,
    DUPLICATE,
    KNOWN,
    NOTE,
    PUBLISHED,
    REPEAT,
    SKIP,
    TAKE,
    UNDONE,
    WHEN_RAISED,
    ImportBatch,
    ImportRow,
    store_topics,
)
from models.imports.columns import LAPOR
from models.imports.reviewing import RowChoice, decide
from models.office.lists import Category, Medium
from models.office.people import User
from models.reading import registerbook
from models.store.base import database
from models.workflow.proof import verified
from sop.clock import WIB
from sop.flow import current_procedure
from sop.vocabulary import IMPORT_CHANGED
from tests.made_lapor import making
from tests.office import Office, copied, dropped, opened, worked
from tests.patience import LONGEST

FIRST = current_procedure().first
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=WIB)
HEADS = (
    "Tracking ID;Tanggal Laporan Masuk;Nama Pelapor;Isi Laporan Awal;Kategori;Kelurahan;Kota/Kabupaten;Status Laporan"
)
NIK, PHONE, MAIL = "9973015107900007", "0812-3344-5566", "siti.maslikah@contoh.id"
FORK = multiprocessing.get_context("forkserver")


def brought_in(office, data, *, numbering=WHEN_RAISED, lifts=True, by="petugas", at=NOW):
    """A file staged and begun; the batch."""
    batch = stage.stage(data, "lapor.csv", LAPOR, "WIB", viewer(office[by]), at)
    decide(batch, RowChoice(REPEAT), DUPLICATE)
    assert not publishing.begin(batch, by=office[by], at=at, numbering=numbering, lifts=lifts)
    return batch


def table(*rows):
    return "\n".join([HEADS, *rows]).encode()


def row(
    number, story, *, name="Siti Maslikah", topic="", place="Purwantoro", city="Kota Malang", status="Terverifikasi"
):
    return f"{number};2 Nov 2026 08:30;{name};{story};{topic};{place};{city};{status}"


STORY = "Bantuan sosial tidak kami terima sejak bulan Juli tahun ini."
ROWS = (
    row(1, f"Selamat pagi. {STORY} NIK saya {NIK} dan HP {PHONE} atau {MAIL}.", topic="Bansos"),
    row(2, "Ada lansia telantar di dekat balai desa, tidak ada keluarga.", status="Ditutup oleh Admin"),
    row(3, f"Selamat pagi. {STORY} NIK saya {NIK} dan HP {PHONE} atau {MAIL}.", name="-"),
    row(4, "Jalan di depan rumah kami rusak parah sejak lama sekali.", place="Pagentan", city="Kabupaten Malang"),
    row(5, "tes"),
)


def cases_of(batch):
    """By line, as they are now."""
    rows = ImportRow.select().where((ImportRow.batch == batch) & ImportRow.became.is_null(False))
    return {row.line: Complaint.get_by_id(row.became_id) for row in rows}


def test_each_row_becomes_the_case_that_it_was_decided_to_be(office):
    store_topics(LAPOR.key, {"bansos": Category.get(code="bansos_tidak_terima").id})
    batch = brought_in(office, table(*ROWS))
    assert publishing.publish(batch.id) == 4
    first, settled, again, others = (cases_of(batch)[line] for line in (2, 3, 4, 5))
    assert [c.state for c in (first, settled, again, others)] == [FIRST, "settled_outside", "duplicated", "forwarded"]
    assert again.duplicate_of == first
    assert (first.title, first.medium_ref, first.category.code) == (STORY.rstrip("."), "1", "bansos_tidak_terima")
    assert first.received_at == datetime(2026, 11, 2, 8, 30, tzinfo=WIB) != first.recorded_at
    assert (first.opened_at, first.imported, first.number) == (None, True, f"Impor {batch.id}/2")
    assert [run.row_key for run in Run.select()] == [current_procedure().row_named(FIRST).key]
    assert Run.get().complaint == first
    assert (settled.legal_due_at, settled.closed_at) == (None, settled.received_at)
    assert others.event_place == "Pagentan, Kabupaten Malang"
    assert settled.category.code == "belum_dipilah"
    assert not Paper.select().exists()
    assert not Number.select().exists()
    assert ImportBatch.get().state == PUBLISHED
    assert verified()[1] == []
    assert registerbook.verify() == ""


def test_an_imported_case_takes_its_register_number_when_it_is_raised_and_goes_on_as_any_other(office):
    store_topics(LAPOR.key, {"bansos": Category.get(code="bansos_tidak_terima").id})
    [case] = cases_of(published(office, table(ROWS[0]))).values()
    office.at = NOW
    office.bring([case.id], "dispose")
    raised = Complaint.get_by_id(case.id)
    assert raised.number == Number.get().text != case.number
    assert Event.select().order_by(Event.id.desc()).get().act == "raise"
    office.bring([case.id], "closed")
    assert verified()[1] == []
    assert registerbook.verify() == ""


def published(office, data, **how):
    batch = brought_in(office, data, **how)
    publishing.publish(batch.id)
    return batch


def test_numbers_from_the_series_are_given_at_once_but_never_to_what_was_settled_elsewhere(office):
    by_line = cases_of(published(office, table(*ROWS), numbering=AT_ONCE))
    numbers = {number.complaint_id: number.text for number in Number.select()}
    assert [by_line[line].id in numbers for line in (2, 3, 4, 5)] == [True, False, True, True]
    assert by_line[2].number == numbers[by_line[2].id]


def test_numbers_of_persons_go_into_the_sealed_fields_and_nothing_is_stored_in_clear(office):
    batch = brought_in(office, table(*ROWS[:2]))
    assert lies_in_clear(office, NIK, PHONE, MAIL, STORY) == []
    publishing.publish(batch.id)
    case = cases_of(batch)[2]
    person, key = Person.get(Person.complaint == case), open_seals([case.id])[case.id]
    opened_fields = [key.open_text(f"pengadu.{name}", getattr(person, name)) for name in ("nik", "phone", "email")]
    assert opened_fields == [NIK, "081233445566", MAIL]
    assert "99********0007" in case.story
    assert "s********@contoh.id" in case.story
    assert lies_in_clear(office, NIK, PHONE, "6281233445566", MAIL) == []
    assert NIK in str(bodies([Event.get(Event.complaint == case)], {case.id: key}))
    unmasked = published(office, table(row(9, f"Tidak ada jawaban dari {PHONE} sejak kemarin.")), lifts=False)
    assert PHONE in cases_of(unmasked)[2].__data__["story"]


def lies_in_clear(office, *texts):
    """Which of these stand anywhere in the database as they are."""
    if office.path.suffix == ".sqlite":
        files = [file.read_bytes() for file in office.path.parent.glob("panel.sqlite*")]
        return [text for text in texts if any(text.encode() in file for file in files)]
    tables = database.get_tables()
    rows = [repr(row) for name in tables for row in database.execute_sql(f'SELECT t::text FROM "{name}" t')]
    return [text for text in texts if any(text in row for row in rows)]


def test_a_hidden_ticket_comes_in_as_new_and_who_may_open_the_older_case_sees_the_mark(office):
    lapor = Medium.get(code="lapor").id
    [hidden] = office.receive(by="petugas2", medium=lapor, medium_ref="1", secrecy="rahasia", story="Lain sama sekali.")
    [case] = cases_of(published(office, table(ROWS[0]))).values()
    compared = ComparedCase(case.story, lapor, case.medium_ref, case=case.id)
    assert [repeat.complaint.id for repeat in repeats_of(compared, [], viewer(office["kadis"]), NOW)] == [hidden]
    assert repeats_of(compared, [], viewer(office["petugas"]), NOW) == []


def test_a_rahasia_row_gives_its_importer_no_rights(office):
    data = f"{HEADS};Tipe Laporan (Anonim/Rahasia)\n{ROWS[0]};Rahasia\n".encode()
    batch = published(office, data)
    case = Complaint.get()
    assert case.secrecy == "rahasia"
    assert case.title == "Pengaduan masyarakat"
    assert not visible(office["petugas"], Complaint).exists()
    assert visible(office["kadis"], Complaint).exists()
    assert not sorting.begin_undoing(batch, by=office["petugas"], at=NOW)
    assert sorting.undo(batch.id) == 1


def test_undoing_voids_untouched_cases_and_the_same_file_can_be_imported_again(office):
    data = table(*ROWS)
    batch = published(office, data, numbering=AT_ONCE)
    touched = cases_of(batch)[2]
    office.bring([touched.id], "dispose")
    assert sorting.begin_undoing(batch, by=office["petugas2"], at=NOW) == sorting.ONLY_WHO_PUBLISHED
    User.update(role="admin").where(User.username == "petugas").execute()
    assert (
        sorting.begin_undoing(batch, by=office["petugas"], at=NOW) == sorting.ONLY_WHO_PUBLISHED
    )  # no Petugas any more
    User.update(role="petugas").where(User.username == "petugas").execute()
    assert not sorting.begin_undoing(batch, by=office["petugas"], at=NOW)
    assert sorting.undo(batch.id) == 3
    assert Counter(c.state for c in Complaint.select()) == {"dispose": 1, "voided": 3}
    assert ImportBatch.get().state == UNDONE
    assert verified()[1] == []
    assert registerbook.verify() == ""
    again = stage.judged_file(data, LAPOR, "WIB", viewer(office["petugas"]), NOW)
    assert [row.verdict for row in again] == ["known", "new", "repeat", "forwarded", "refused"]
    assert not Run.select().where(Run.ended_at.is_null() & (Run.complaint != touched)).exists()


def test_a_row_that_repeats_one_that_was_left_out_is_a_case_of_its_own(office):
    batch = stage.stage(table(ROWS[0], ROWS[2]), "lapor.csv", LAPOR, "WIB", viewer(office["petugas"]), NOW)
    assert decide(batch, RowChoice(REPEAT), DUPLICATE) == 1
    ImportRow.update(decision=SKIP).where(ImportRow.line == 2).execute()
    publishing.begin(batch, by=office["petugas"], at=NOW, numbering=WHEN_RAISED)
    assert publishing.publish(batch.id) == 1
    assert (Complaint.get().state, Complaint.get().duplicate_of) == (FIRST, None)


def test_a_duplicate_points_at_its_head_although_that_is_below_it_in_the_file(office, monkeypatch):
    monkeypatch.setattr(publishing, "PORTION", 1)
    settled = row(1, STORY, status="Ditutup oleh Admin")
    newest_first = [settled.replace("1;2 Nov", f"{at};{9 - at} Nov") for at in range(1, 4)]
    cases = cases_of(published(office, table(*newest_first)))
    assert [(cases[line].state, cases[line].duplicate_of) for line in (2, 3, 4)] == [
        ("duplicated", cases[4]),
        ("duplicated", cases[4]),
        ("settled_outside", None),
    ]
    assert verified()[1] == []


def test_an_answered_row_never_becomes_the_duplicate_of_an_unanswered_one(office):
    rows = (row(1, STORY), row(2, STORY, status="Ditutup oleh Admin"), row(3, STORY.upper()))
    batch = stage.stage(table(*rows[:2]), "lapor.csv", LAPOR, "WIB", viewer(office["petugas"]), NOW)
    assert decide(batch, RowChoice(REPEAT), DUPLICATE) == 0
    assert {one.decision for one in ImportRow.select()} == {TAKE}
    assert Counter(case.state for case in cases_of(published(office, table(*rows))).values()) == {
        FIRST: 1,
        "settled_outside": 1,
        "duplicated": 1,
    }


def test_a_file_is_published_once_by_its_importer_and_can_be_dropped(office):
    batch = stage.stage(table(*ROWS), "lapor.csv", LAPOR, "WIB", viewer(office["petugas"]), NOW)
    assert publishing.begin(batch, by=office["petugas2"], at=NOW, numbering=WHEN_RAISED) == publishing.ONLY
    assert publishing.publish(batch.id) == 0
    assert stage.drop(batch)
    assert not stage.drop(batch)
    assert publishing.begin(batch, by=office["petugas"], at=NOW, numbering=WHEN_RAISED) == publishing.NOT_STAGED
    assert not ImportRow.select().exists()
    assert ImportBatch.get().wrapped is None


def test_changed_content_is_added_to_an_open_case_and_never_overwrites_it(office):
    published(office, table(*ROWS))
    office.at = NOW
    later = table(*(line.replace("Terverifikasi", "Ditutup oleh Sistem").replace("rusak", "hancur") for line in ROWS))
    batch = stage.stage(later, "lapor.csv", LAPOR, "WIB", viewer(office["petugas"]), NOW)
    verdicts = [row.verdict for row in ImportRow.select().where(ImportRow.batch == batch).order_by(ImportRow.line)]
    assert verdicts[:4] == [CLOSED, KNOWN, CLOSED, CLOSED]
    assert decide(batch, RowChoice(CLOSED), NOTE) == 3
    assert not publishing.begin(batch, by=office["petugas"], at=NOW, numbering=WHEN_RAISED)
    before = {c.id: (c.story, c.state) for c in Complaint.select()}
    publishing.publish(batch.id)
    assert {c.id: (c.story, c.state) for c in Complaint.select()} == before
    entries = list(Event.select().where(Event.act == IMPORT_CHANGED).order_by(Event.id))
    entry_bodies = bodies(entries, open_seals([one.complaint_id for one in entries]))
    said = [str(entry_bodies[one.id]) for one in entries]
    assert "Status menurut SP4N-LAPOR! kini: Ditutup oleh Sistem." in said[0]
    assert "Uraian menurut" not in said[0]  # as before
    assert ["hancur" in one for one in said] == [False, False, True]
    whys = [row.why for row in ImportRow.select().where((ImportRow.batch == batch) & (ImportRow.decision == NOTE))]
    assert whys == ["now_answered"] * 3
    again = stage.judged_file(later, LAPOR, "WIB", viewer(office["petugas"]), NOW)
    assert [row.verdict for row in again][:2] == [KNOWN, KNOWN]
    assert verified()[1] == []


def publish_slowly(path, batch, heard):
    """As a worker that is killed: it says of each portion that it is written."""
    with opened(path):
        publishing.PORTION = 17
        publishing.publish(batch, heard.send)
        time.sleep(LONGEST)


def test_killed_in_the_middle_and_resumed_it_leaves_the_same_while_others_go_on_saving(template, tmp_path_factory):
    data = making.separated(making.made_rows(150))

    def begun(office: Office) -> None:
        brought_in(office, data, numbering=AT_ONCE)

    start = worked(template, tmp_path_factory.mktemp("begun"), begun)
    whole, stopped = (copied(start, tmp_path_factory.mktemp(name)) for name in ("whole", "stopped"))
    with opened(whole):
        publishing.publish(1)
        expected = Office.at_work(whole).digest()
    mine, other = FORK.Pipe(duplex=False)
    child = FORK.Process(target=publish_slowly, args=(stopped, 1, other), daemon=True)
    child.start()
    mine.recv(), mine.recv()
    child.kill()
    child.join()
    assert child.exitcode == -signal.SIGKILL
    with opened(stopped):
        assert 0 < Complaint.select().count() < 140
        publishing.publish(1)
        assert Office.at_work(stopped).digest() == expected
        assert verified()[1] == []
    for path in (start, whole, stopped):
        dropped(path)


def save_meanwhile(path, person, results):
    """Somebody who goes on registering complaints."""
    with opened(path):
        office, refused = Office.at_work(path), 0
        for _ in range(12):
            try:
                office.receive(by=person)
            except Exception:
                refused += 1
        results.send(refused)


def test_two_people_go_on_saving_while_a_file_is_published_and_neither_is_refused(office):
    batch = brought_in(office, making.separated(making.made_rows(300)))
    pipes, children = [], []
    for person in ("petugas", "petugas2"):
        mine, other = FORK.Pipe(duplex=False)
        children.append(FORK.Process(target=save_meanwhile, args=(office.path, person, other), daemon=True))
        pipes.append(mine)
        children[-1].start()
    publishing.publish(batch.id)
    assert [pipe.recv() for pipe in pipes] == [0, 0]
    for child in children:
        child.join()
    assert verified()[1] == []
    assert registerbook.verify() == ""
    assert Complaint.select().where(~Complaint.imported).count() == 24


@pytest.mark.soak
@pytest.mark.only("sqlite")
def test_a_years_file_is_published_in_ninety_seconds_with_portions_of_two(office):
    batch = brought_in(office, making.workbook(making.made_rows(12_500)))
    moments = [time.monotonic()]
    publishing.publish(batch.id, lambda done: moments.append(time.monotonic()))
    assert moments[-1] - moments[0] < 90
    assert max(after - before for before, after in itertools.pairwise(moments)) < 2
