"""What came with a file is sorted afterwards, many cases at once, one entry each; what somebody works on stays."""

from datetime import date, datetime

import pytest

from models.complaint.complaint import UNANSWERED, UNDATED, Complaint, Run
from models.complaint.event import Event
from models.complaint.scope import viewer
from models.complaint.search_text import CaseText
from models.imports import publishing, sorting
from models.imports.batches import PUBLISHED, WHEN_RAISED, ImportBatch, store_topics, topic_key
from models.imports.columns import LAPOR
from models.imports.reviewing import RowChoice
from models.imports.sorting import begin_undoing, undo
from models.imports.stage import stage
from models.office.lists import Category
from models.reading import registerbook
from models.workflow.proof import verified
from sop.clock import WIB
from sop.flow import current_procedure
from sop.vocabulary import IMPORT_CHANGED, OUTSIDE

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=WIB)
HEADS = "Tracking ID;Tanggal Laporan Masuk;Isi Laporan Awal;Kategori;Instansi Terdisposisi"
ROWS = (
    "1;2 Okt 2026 08:30;Bantuan sosial tidak kami terima sejak bulan Juli tahun ini.;Bansos;",
    "2;2 Nov 2026 08:30;Ada lansia telantar di dekat balai desa tanpa keluarga.;Lansia;",
    "3;3 Nov 2026 08:30;Suami tetangga kami memukul istrinya hampir setiap malam.;KDRT;",
    "4;4 Nov 2026 08:30;Lampu jalan di depan rumah kami mati sejak sepekan.;Jalan;Dinas Perhubungan",
)


@pytest.fixture
def batch(office):
    made = stage("\n".join([HEADS, *ROWS]).encode(), "a.csv", LAPOR, "WIB", viewer(office["petugas"]), NOW)
    assert not publishing.begin(made, by=office["petugas"], at=NOW, numbering=WHEN_RAISED)
    publishing.publish(made.id)
    return made


def cases():
    return [Complaint.get(Complaint.medium_ref == ticket) for ticket in "1234"]


def sort(office, batch, act, choice=RowChoice(), by="petugas"):  # noqa: B008 - frozen
    why = sorting.begin_sorting(batch, act, choice, by=office[by], at=NOW)
    return why or sorting.sort_cases(batch.id)


def topics(*names):
    return RowChoice(terms=(("topic", names),))


def test_old_open_ones_are_settled_or_given_away_by_a_filter_one_entry_each(office, batch, monkeypatch):
    monkeypatch.setattr(sorting, "PORTION", 1)
    assert sort(office, batch, sorting.SETTLE, RowChoice(before=date(2026, 11, 1))) == 1
    assert sort(office, batch, sorting.GIVE_AWAY, topics("Lansia")) == 1
    assert [(c.state, c.elsewhere) for c in cases()] == [
        (*{OUTSIDE}, UNDATED),
        ("forwarded", UNANSWERED),
        (current_procedure().first, ""),
        ("forwarded", UNANSWERED),
    ]
    assert [c.legal_due_at is None for c in cases()] == [True, True, False, True]
    assert [run.complaint_id for run in Run.select()] == [cases()[2].id]
    changed = [e.complaint_id for e in Event.select() if e.act == IMPORT_CHANGED]
    assert changed == [c.id for c in cases()[:2]]
    assert ImportBatch.get().state == PUBLISHED
    assert verified()[1] == []
    assert registerbook.verify() == ""


def test_a_topic_s_category_follows_to_its_cases_with_class_secrecy_and_title(office, batch):
    violence = Category.get(Category.secrecy == "rahasia")
    store_topics(batch.form, {topic_key("KDRT"): violence.id})
    before = cases()[2].title
    assert sort(office, batch, sorting.CATEGORY) == 1
    case = cases()[2]
    assert (case.category, case.secrecy, case.law_class) == (violence, "rahasia", violence.law_class)
    assert case.title != before
    assert case.title in CaseText.get((CaseText.case == case.id) & CaseText.main).text
    assert sort(office, batch, sorting.CATEGORY) == 0
    assert verified()[1] == []


def test_a_case_that_was_worked_on_stays_and_the_rest_is_undone_with_its_file(office, batch):
    office.at = NOW
    office.bring([cases()[0].id], "dispose")
    assert sort(office, batch, sorting.SETTLE) == 2
    assert [c.state for c in cases()] == ["dispose", *{OUTSIDE}, *{OUTSIDE}, "forwarded"]
    assert not begin_undoing(batch, by=office["petugas"], at=NOW)
    undo(batch.id)
    assert [c.state for c in cases()] == ["dispose", "voided", "voided", "voided"]
    assert verified()[1] == []


def test_only_its_importer_sorts_a_file_and_only_a_published_one(office, batch):
    assert sort(office, batch, sorting.SETTLE, by="petugas2") == publishing.ONLY
    assert sort(office, batch, "burn") == sorting.NOT_YET
    ImportBatch.update(state="undone").execute()
    assert sort(office, batch, sorting.SETTLE) == sorting.NOT_YET
    assert {c.state for c in cases()} == {current_procedure().first, "forwarded"}


def test_who_may_not_open_a_case_any_more_sorts_it_no_more(office, batch):
    violence = Category.get(Category.secrecy == "rahasia")
    store_topics(batch.form, {topic_key("KDRT"): violence.id})
    assert sort(office, batch, sorting.CATEGORY) == 1
    assert sort(office, batch, sorting.GIVE_AWAY, topics("KDRT")) == 0
    assert cases()[2].state == current_procedure().first
