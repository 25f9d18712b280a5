"""The file of a city's desk, taken in: whatever the panel then says of it equals a count over the file itself."""

from collections import Counter
from datetime import date, datetime

import pytest

from models.complaint.complaint import Complaint
from models.complaint.scope import viewer
from models.imports import publishing
from models.imports.batches import (
    CHANGED,
    CLOSED,
    FORWARDED,
    KNOWN,
    NEW,
    NOTE,
    REFUSED,
    REPEAT,
    SHORT,
    TAKE,
    WHEN_RAISED,
    ImportBatch,
    ImportMapping,
)
from models.imports.outlook import outlook_of
from models.imports.refused import UnreadableFile
from models.imports.reviewing import RowChoice, decide
from models.imports.sorting import begin_undoing, undo
from models.imports.stage import counts_of, stage
from models.office.lists import Medium
from models.reading.compliance import SampleRequest, draw
from models.reading.period import Period
from models.reading.recap import Recap, recap
from models.reading.summary import month_lines
from models.reading.times import BY_GROUP, BY_MONTH
from models.store.base import insert_rows
from models.workflow.proof import verified
from sop.clock import WIB
from tests.made_lapor.complaints_desk import COLUMNS, LATER, UNTIL, DeskRow, desk_csv, desk_rows, later_rows
from tests.made_lapor.desk_figures import (
    answered_by_month,
    counted,
    desk_figures,
    figures_by,
    ours,
    received_by_month,
)

sizes = pytest.mark.parametrize("size", [400, pytest.param(12_500, marks=pytest.mark.soak)])


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, 0, tzinfo=WIB)


def taken_in(office, rows: list[DeskRow], day: date) -> ImportBatch:
    """The file staged as the office mapped it; what repeats another row is a case of its own: all rows count."""
    if not ImportMapping.select().exists():
        mapping = {"name": "Meja kota", "medium": Medium.get(code="sambat").id, "head": "id"}
        insert_rows(ImportMapping, [{**mapping, "columns": COLUMNS, "closed": []}])
    form = ImportMapping.get().form
    batch = stage(desk_csv(rows), "meja-kota.csv", form, "WIB", viewer(office["petugas"]), at(day))
    decide(batch, RowChoice(REPEAT), TAKE)
    return batch


def published(office, batch: ImportBatch, day: date) -> None:
    assert not publishing.begin(batch, by=office["petugas"], at=at(day), numbering=WHEN_RAISED)
    publishing.publish(batch.id)


def figures(made: Recap) -> dict[str, int]:
    return {line.figure.key: line.now for line in made.lines}


def parts(made: Recap, key: str) -> dict[str, dict[str, int]]:
    [table] = [table for table in made.parts if table.part.key == key]
    return {line.name: dict(zip(table.part.figures, line.counts, strict=True)) for line in table.lines}


def check_figures(office, rows: list[DeskRow], day: date) -> None:
    """All that the recap says equals the count over the file, to the last unit."""
    who, now, complaints = viewer(office["kadis"]), at(day), counted(rows)
    came, answered = received_by_month(complaints), answered_by_month(complaints)
    for line in month_lines(who, Period.months_from(day.year, day.month), now, count=27):
        month = f"{line.month.first:%Y-%m}"
        assert (line.counts["masuk"], line.counts["lain"]) == (came[month, "ours"], came[month, "others"]), month
        ended = (line.counts["selesai"], line.counts["lain-dijawab"])
        assert ended == (answered[month, "ours"], answered[month, "others"]), month
    whole = recap(who, Period(date(day.year - 2, day.month - 1, 1), day), now)
    mine, theirs = ours(complaints), [row for row in complaints if not row.is_ours]
    of_own, of_others = desk_figures(mine), desk_figures(theirs)
    is_so = figures(whole)
    assert (is_so["masuk"], is_so["luar"], is_so["lain"]) == (of_own.received, of_own.answered, of_others.received)
    assert (is_so["selesai"], is_so["lain-dijawab"]) == (of_own.answered, of_others.answered)
    assert (is_so["terbuka"], is_so["lain-belum"]) == (of_own.unanswered, of_others.unanswered)
    hold_parts(whole, mine, theirs)
    check_answers(whole, mine, theirs)


def hold_parts(whole: Recap, mine: list[DeskRow], theirs: list[DeskRow]) -> None:
    for key, group in (("topik", lambda row: row.topic), ("instansi", lambda row: row.office)):
        of_own, of_others, is_so = figures_by(mine, group), figures_by(theirs, group), parts(whole, key)
        assert is_so.keys() == of_own.keys() | of_others.keys()
        for name, counts in is_so.items():
            own, others = of_own.get(name, desk_figures([])), of_others.get(name, desk_figures([]))
            assert (counts["masuk"], counts["lain"]) == (own.received, others.received), name
            assert (counts["selesai"], counts["lain-dijawab"]) == (own.answered, others.answered), name


def check_answers(whole: Recap, mine: list[DeskRow], theirs: list[DeskRow]) -> None:
    tables = {table.part.key if table.part else table.title: table.lines for table in whole.answers}
    [others] = [line.times for line in tables[BY_GROUP] if line.of == "lain"]
    assert (others.days, others.unanswered) == (desk_figures(theirs).days, desk_figures(theirs).unanswered)
    for key, rows, group in (
        ("topik", mine, lambda row: row.topic),
        ("instansi", theirs, lambda row: row.office),
        (BY_MONTH, mine, lambda row: row.told[0][:7]),
    ):
        expected = figures_by(rows, group)
        for line in tables[key]:
            name = f"{line.period.first:%Y-%m}" if key == BY_MONTH else line.name
            one = expected.pop(name)
            figures = (line.times.count, line.times.median, line.times.ninth, line.times.unanswered)
            assert figures == (one.received, one.median, one.ninth, one.unanswered), name
        assert not expected


@sizes
def test_imported_again_later_and_undone_its_figures_equal_a_count_over_the_file(office, size):
    rows = desk_rows(size)
    batch = taken_in(office, rows, UNTIL)
    complaints, own = counted(rows), ours(counted(rows))
    counts, outlook = counts_of(batch), outlook_of(batch, at(UNTIL))
    assert counts[REFUSED] == len(rows) - len(complaints)
    assert (outlook.open, outlook.settled) == (desk_figures(own).unanswered, desk_figures(own).answered)
    assert outlook.others == len(complaints) - len(own) == counts[FORWARDED]
    published(office, batch, UNTIL)
    check_figures(office, rows, UNTIL)
    again = taken_in(office, rows, UNTIL)
    assert counts_of(again)[KNOWN] == len(complaints) == counts_of(again)["rows"] - counts_of(again)[REFUSED]
    after = later_rows(rows, new=max(3, size // 40))
    later = taken_in(office, after, LATER)
    odd = Counter(word for row in counted(after) for word in row.odd if word.endswith("since"))
    counts = counts_of(later)
    assert (counts[CLOSED], counts[CHANGED]) == (odd["answered since"], odd["changed since"])
    assert counts[NEW] + counts[FORWARDED] + counts[SHORT] + counts[REPEAT] == odd["new since"]
    decide(later, RowChoice(CHANGED), NOTE)
    published(office, later, LATER)
    check_figures(office, after, LATER)
    assert verified()[1] == []
    assert not begin_undoing(later, by=office["petugas"], at=at(LATER))
    undo(later.id)
    check_figures(office, rows, LATER)
    assert verified()[1] == []


def test_the_number_past_the_deadline_is_predicted_before_and_true_afterwards(office):
    batch = taken_in(office, later_rows(desk_rows(150), new=100), LATER)
    outlook = outlook_of(batch, at(LATER))
    published(office, batch, LATER)
    waiting = [c for c in Complaint.select() if c.closed_at is None]
    late = [c for c in waiting if c.legal_due_at < at(LATER)]
    assert 0 < len(late) < len(waiting)
    assert (outlook.open, outlook.overdue) == (len(waiting), len(late))
    assert outlook.oldest == min(c.received_at for c in waiting)


def test_a_file_whose_mapped_heads_are_others_by_now_is_refused_with_their_names(office):
    taken_in(office, desk_rows(20), UNTIL)
    data = desk_csv(desk_rows(20)).replace(b"tanggal_keluar", b"tgl_keluar").replace(b"instansi", b"opd", 1)
    with pytest.raises(UnreadableFile, match="“tanggal_keluar”, “instansi”"):
        stage(data, "lain.csv", ImportMapping.get().form, "WIB", viewer(office["petugas"]), at(UNTIL))


def test_the_check_of_compliance_draws_nothing_that_had_ended_elsewhere(office):
    published(office, taken_in(office, desk_rows(60), UNTIL), UNTIL)
    asked = SampleRequest.read("2024-11-01", "2026-10-31", "50", "benih")
    drawn = draw(viewer(office["kadis"]), asked)
    opened = {
        c.id
        for c in Complaint.select()
        if c.closed_at is None and asked.period.begins <= c.received_at < asked.period.ends
    }
    assert set(drawn.ids) == opened
    assert drawn.population == len(opened) > 0
