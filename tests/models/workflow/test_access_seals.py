"""The access log is sealed by day: afterwards no entry can be changed, removed or inserted undetected."""

from datetime import timedelta

import pytest

from models.complaint.accesslog import ReadCase, Reading, Seen
from models.complaint.event import NOTES, Proof
from models.store.base import insert_rows
from models.workflow import accesslog_seal
from models.workflow.accesslog_seal import seal_access_log
from models.workflow.proof import broken_rows
from tests.models.behind import unguarded
from tests.office import MONDAY

NOON, NEXT = MONDAY.replace(hour=12), MONDAY.replace(hour=7) + timedelta(days=1)


def log_openings(office, *moments):
    """A user opens a case at these moments, and reads a list with it."""
    case = office.receive()[0]
    for at in moments:
        row = {"complaint": case, "user": office["kadis"].id, "version": 1, "at": at, "what": "rincian"}
        insert_rows(Seen, [row])
        reading = Reading.create(user=office["kadis"], at=at, what="pengaduan", rows=1)
        ReadCase.create(reading=reading, complaint=case)


def seals():
    return Proof.select().where(Proof.kind == NOTES).count()


def test_entries_are_sealed_once_when_their_day_is_over(office):
    log_openings(office, NOON, NOON, NEXT)
    assert (seal_access_log(NOON + timedelta(hours=11)), seals()) == (0, 0)
    assert (seal_access_log(NEXT), seal_access_log(NEXT), seals()) == (1, 0, 1)
    assert list(broken_rows()) == []


@pytest.mark.parametrize("table", ["seen", "reading", "read_case"])
@pytest.mark.parametrize(
    ("sql", "count"),
    [
        ("DELETE FROM {table} WHERE id = 2", "seharusnya 3 catatan, ada 2"),
        ("DELETE FROM {table}", "seharusnya 3 catatan, ada 0"),
        ("UPDATE {table} SET {column} = {column} + 1 WHERE id = 3", "telah berubah."),
        ("UPDATE {table} SET id = 9 WHERE id = 3", "seharusnya 3 catatan, ada 2"),
        ("UPDATE {table} SET id = -9 WHERE id = 3", "telah berubah."),
    ],
)
def test_every_change_of_sealed_entries_is_found(office, table, sql, count):
    log_openings(office, NOON, NOON, NOON)
    assert seal_access_log(NEXT) == 1
    column = {"seen": "version", "reading": "rows", "read_case": "complaint_id"}[table]
    with unguarded(office.path) as raw:
        raw.execute(sql.format(table=table, column=column))
    [sentence] = broken_rows()
    assert "disegel pada 6 Oktober 2026 (nomor 1 sampai 3)" in sentence
    assert count in sentence


def test_an_entry_inserted_into_a_sealed_day_is_found(office):
    log_openings(office, NOON, NOON, NOON)
    with unguarded(office.path) as raw:
        raw.execute("DELETE FROM seen WHERE id = 2")
        assert seal_access_log(NEXT) == 1
        raw.execute(
            "INSERT INTO seen (id, complaint_id, user_id, version, at, what) "
            "SELECT 2, complaint_id, user_id, version, at, what FROM seen WHERE id = 3"
        )
    [sentence] = broken_rows()
    assert "seharusnya 2 catatan, ada 3" in sentence


def test_a_late_entry_belongs_to_the_next_seal(office):
    log_openings(office, NOON)
    assert seal_access_log(NEXT) == 1
    log_openings(office, NOON)
    assert list(broken_rows()) == []
    assert seal_access_log(NEXT) == 1
    assert list(broken_rows()) == []


def test_many_entries_are_sealed_in_portions(office, monkeypatch):
    monkeypatch.setattr(accesslog_seal, "PORTION", 2)
    log_openings(office, *[NOON] * 5)
    assert (seal_access_log(NEXT), seals()) == (3, 3)
    assert list(broken_rows()) == []
