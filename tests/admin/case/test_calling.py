"""A number on the case's page: closed until a reason is given, logged, the safe way before it, closed by itself."""

from typing import Any

import pytest
import time_machine

from admin.case.contact import NO_REASON
from models.case.access_notes import OPEN_FOR, REASONS
from models.complaint.accesslog import Seen
from models.complaint.complaint import PERSONS
from models.store.base import now
from sop.vocabulary import vocabulary
from tests.admin.doors import words
from tests.office import Office

PHONE, OTHER, SAFE = "0812-3456-7890", "0857 7777 8888", "Kirim pesan ke adik setelah pukul 16"
LINKS = ('href="tel:+6281234567890"', 'href="https://wa.me/6281234567890"')


@pytest.fixture
def case(office: Office) -> int:
    pengadu = {"name": "Siti Maslikah", "phone": PHONE, "safe_contact": SAFE, "do_not_call": True}
    [one] = office.receive(persons={"pengadu": pengadu, "kuasa": {"name": "Bambang", "phone": OTHER}})
    return one


def details(visitor: Any, case: int) -> Any:
    return visitor.get(f"/pengaduan/details/?id={case}")


def open_number(visitor: Any, case: int, kind: str = "pengadu", reason: str = "progress") -> Any:
    return visitor.post(f"/pengaduan/kontak/{case}/{kind}/", reason=reason)


def openings(office: Office, who: str) -> list[str]:
    mine = (Seen.user == office[who]) & Seen.what.startswith("nomor ")
    return [one.what for one in Seen.select().where(mine).order_by(Seen.id)]


def test_a_number_stays_closed_until_a_reason_is_picked(at: Any, office: Office, case: int) -> None:
    petugas = at("petugas")
    for reason in ("", "karena"):
        open_number(petugas, case, reason=reason)
        page = details(petugas, case)
        assert NO_REASON in words(page.text)
        assert PHONE not in page.text
        assert SAFE not in page.text
        assert "Refresh" not in page.headers
    assert openings(office, "petugas") == []


def test_the_safe_way_stands_before_the_number_and_the_number_before_its_links(
    at: Any, office: Office, case: int
) -> None:
    petugas = at("petugas")
    open_number(petugas, case)
    card = details(petugas, case).text.split('id="orang-pengadu"')[1]
    places = [card.index(what) for what in ("Jangan ditelepon.", SAFE, PHONE, *LINKS)]
    assert places == sorted(places)


def test_only_whose_number_was_asked_for_is_open_and_only_to_whom_asked(at: Any, office: Office, case: int) -> None:
    petugas = at("petugas")
    open_number(petugas, case, "kuasa")
    page = details(petugas, case).text
    assert OTHER in page
    assert PHONE not in page
    assert SAFE not in page
    assert OTHER not in details(at("petugas2"), case).text


def test_each_opening_is_logged_with_whose_number_and_why(at: Any, office: Office, case: int) -> None:
    petugas = at("petugas")
    for reason in ("result", "result", "visit"):
        open_number(petugas, case, reason=reason)
    details(petugas, case)
    assert openings(office, "petugas") == [
        f"nomor pengadu: {REASONS[reason]}" for reason in ("result", "result", "visit")
    ]


def test_every_reason_fits_the_access_log() -> None:
    most = Seen.what.max_length
    assert [
        (kind, reason) for kind in PERSONS for reason in REASONS.values() if len(f"nomor {kind}: {reason}") > most
    ] == []


@pytest.mark.usefixtures("clock_held")
def test_it_closes_by_itself_without_script(at: Any, office: Office, case: int) -> None:
    petugas = at("petugas")
    open_number(petugas, case)
    assert 0 < int(details(petugas, case).headers["Refresh"]) <= OPEN_FOR.total_seconds()
    with time_machine.travel(now() + OPEN_FOR, tick=False):
        page = details(petugas, case)
    assert page.status_code == 200
    assert PHONE not in page.text
    assert "Refresh" not in page.headers


def test_what_cannot_be_logged_is_not_opened(
    at: Any, office: Office, case: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**columns: Any) -> None:
        raise OSError("penuh")

    petugas = at("petugas")
    details(petugas, case)
    monkeypatch.setattr(Seen, "create", refuse)
    open_number(petugas, case)
    monkeypatch.undo()
    assert PHONE not in details(petugas, case).text
    open_number(petugas, case)
    assert PHONE in details(petugas, case).text


def test_the_handler_calls_whom_the_unit_handles_and_others_see_no_way_to(at: Any, office: Office, case: int) -> None:
    office.bring([case], "handle")
    offered = {
        who: "Alasan menampilkan nomor" in details(at(who), case).text for who in ("petugas", "pengawas", "kadis")
    }
    assert offered == {"petugas": True, "pengawas": False, "kadis": True}
    handler = at(office.actor(vocabulary().transitions["handle"], case).username)
    open_number(handler, case)
    assert LINKS[0] in details(handler, case).text
