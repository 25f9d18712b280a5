"""A case is read with two statements, however many kinds of record there are and however many users have seen it."""

import pytest

from bench.pages import UNCOUNTED, counted
from models.case.access_notes import note
from models.case.case import load
from models.records.registry import RECORDS
from models.store import master_cache
from tests.office import Office


def sent_for(office: Office, ids: list[int]) -> int:
    """The statements of loading these cases within a request that has read the masters."""
    master_cache.begin_request()
    for _ in range(2):
        with counted() as sent:
            load(ids, office["kadis"], office.at)
    master_cache.end_request()
    return len([sql for sql in sent if not sql.startswith(UNCOUNTED)])


def test_cases_are_read_with_two_statements(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = office.receive(3)
    office.bring(ids, "approve")
    for user in office.people.values():
        for case in load(ids, user, office.at).values():
            note(case)
    assert (sent_for(office, ids[:1]), sent_for(office, ids)) == (2, 2)
    unused = [key for key in RECORDS if key not in load(ids, office["kadis"], office.at)[ids[0]].records]
    assert len(unused) >= 10
    for key in unused:
        monkeypatch.delitem(RECORDS, key)
    assert sent_for(office, ids) == 2
