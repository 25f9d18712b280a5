"""The history is one chain: a valid entry of another history does not fit into this one."""

import threading

import pytest

from models.complaint import event
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.store.base import database
from tests.models.behind import unguarded
from tests.office import Office, copied, opened


@pytest.fixture
def two_courses(template, tmp_path):
    """Two databases with one beginning that went on differently, and the number of the first entry that differs."""
    beginning, folders = tmp_path / "beginning", [tmp_path / "one", tmp_path / "other"]
    for folder in (beginning, *folders):
        folder.mkdir()
    path = copied(template, beginning)
    with opened(path):
        Office.at_work(path).receive(until="raise")
        first = Event.select().count() + 1
    paths = [copied(path, folder) for folder in folders]
    for path, words in zip(paths, ("Uang diterima.", "Uang tidak diterima."), strict=True):
        with opened(path):
            office = Office.at_work(path)
            office.do([1], "supplement", statement=words, at=office.at)
            office.do([1], "raise", at=office.at)
            assert event.verify() == (first + 1, "")
    return *paths, first


def test_an_entry_of_another_history_breaks_the_chain_after_it(two_courses):
    one, other, first = two_courses
    with unguarded(other) as raw:
        [foreign] = raw.execute("SELECT * FROM event WHERE id = ?", (first,)).fetchall()
    with unguarded(one) as raw:
        raw.execute("DELETE FROM event WHERE id = ?", (first,))
        raw.execute(f"INSERT INTO event VALUES ({', '.join('?' * len(foreign))})", foreign)
    with opened(one):
        assert event.verify() == (first, f"Catatan riwayat nomor {first + 1} telah berubah.")


def test_the_head_of_another_history_does_not_fit(two_courses):
    one, other, first = two_courses
    with unguarded(other) as raw:
        [foreign] = raw.execute("SELECT last, mac, own FROM chain").fetchall()
    with unguarded(one) as raw:
        raw.execute("UPDATE chain SET last = ?, mac = ?, own = ?", foreign)
    with opened(one):
        assert event.verify() == (first + 1, "Penutup riwayat telah berubah.")


def test_a_step_during_the_verification_is_no_error(office, monkeypatch):
    [case] = office.receive(until="raise")
    entries, walk, at_work = Event.select().count(), event._stored_entries, []

    def somebody_works() -> None:
        with database.connection_context():
            office.do([case], "raise")

    def stored():
        at_work.append(threading.Thread(target=somebody_works))
        at_work[0].start()
        at_work[0].join()
        return walk()

    monkeypatch.setattr(event, "_stored_entries", stored)
    assert event.verify() == (entries, "")
    monkeypatch.undo()
    assert event.verify() == (entries + 1, "")


def test_a_new_office_has_an_empty_and_intact_history(office):
    assert event.verify() == (0, "")
    assert not Complaint.select().exists()
    assert not database.in_transaction()


@pytest.mark.parametrize("head", ["gone", "as it began"])
def test_a_history_emptied_with_its_head_is_reported_as_lost_if_there_are_cases(office, head):
    office.receive()
    database.close()
    with unguarded(office.path) as raw:
        raw.execute("DELETE FROM event")
        raw.execute("DELETE FROM chain")
        if head == "as it began":
            row = (0, event.START, b"", 0, None, 0)
            raw.execute("INSERT INTO chain (last, mac, own, proofs, proof_mac, proven) VALUES (?, ?, ?, ?, ?, ?)", row)
    assert event.verify() == (0, "Catatan riwayat nomor 1 hilang.")
