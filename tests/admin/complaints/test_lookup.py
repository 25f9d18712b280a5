"""The search of the complaints' list finds by a whole number, says how, shows nothing more, and is logged."""

import re
from collections.abc import Callable
from typing import Any

import peewee as pw
import pytest

from admin.server.errors import TOO_OFTEN
from bench.pages import counted
from models.complaint import lookup
from models.complaint.accesslog import Reading, asked_for, cases_of
from models.complaint.complaint import Complaint
from models.complaint.lookup import LOOKED_UP
from tests.admin.doors import Visitor, words
from tests.models.complaint.test_blind import NIK_FORMS, PHONE_FORMS, person
from tests.office import PEOPLE, SECRET, Office

At = Callable[[str], Visitor]
NUMBERS = {"phone": "081234567890", "nik": "9973011203850001"}
OTHERS = {"phone": "081234567891", "nik": "9973011203850002"}  # of no person
WAYS = {"phone": "Ditemukan lewat nomor telepon", "nik": "Ditemukan lewat NIK"}
LIST, EXPORT = "/pengaduan/", "/pengaduan/export/csv/"
RANDOM = re.compile(r'(nonce="|name="csrf_token" value="|content=")[^"]+|\d\d\.\d\d WIB')


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """So many look-ups are enough for a while."""
    monkeypatch.setattr(lookup, "MOST", 3)
    return 3


def one_case(office: Office, **more: Any) -> str:
    """A case of somebody with both numbers; its number in the register."""
    [case] = office.receive(persons=person(phone=NUMBERS["phone"], nik=NUMBERS["nik"]), **more)
    return str(Complaint.get_by_id(case).number)


def sought(visitor: Visitor, typed: str, door: str = LIST) -> str:
    return visitor.get(door, query_string={"search": typed}).text


@pytest.mark.parametrize("typed", [*PHONE_FORMS, *NIK_FORMS])
def test_a_number_in_any_form_finds_the_case_and_says_how(at: At, office: Office, typed: str) -> None:
    number, other = one_case(office), office.receive(persons=person(phone="0857-7777-8888"))
    page = words(sought(at("petugas"), typed))
    assert number in page
    assert Complaint.get_by_id(other[0]).number not in page
    assert page.count("Ditemukan lewat") == 1
    assert "1 pengaduan ditemukan" in page


@pytest.mark.parametrize("kind", NUMBERS)
def test_the_row_never_shows_the_number_itself(at: At, office: Office, kind: str) -> None:
    one_case(office)
    page = sought(at("petugas"), NUMBERS[kind])
    assert WAYS[kind] in page
    table = page.split("<tbody>")[1].split("</tbody>")[0]
    for number in NUMBERS.values():
        assert number not in re.sub(r'href="[^"]*"', "", table)


def test_words_are_found_and_say_nothing_of_numbers(at: At, office: Office) -> None:
    number = one_case(office, story="Ditipu nomor 085711112222 lewat pesan.")
    petugas = at("petugas")
    for typed in ("ditipu pesan", "Maslikah"):
        page = sought(petugas, typed)
        assert number in page, typed
        assert "Ditemukan lewat" not in page


def test_a_number_that_stands_in_a_story_is_found_in_any_form_by_users_who_may_find_numbers(
    at: At, office: Office
) -> None:
    number = one_case(office, story="Ditipu nomor 085711112222 lewat pesan.")
    for typed in ("085711112222", "+62 857-1111-2222"):
        assert WAYS["phone"] in sought(at("petugas"), typed)
        assert number not in sought(at("pengawas"), typed)


@pytest.mark.parametrize("username", PEOPLE)
@pytest.mark.parametrize("kind", NUMBERS)
def test_out_of_scope_and_without_the_right_a_number_is_no_different_from_an_absent_one(
    at: At, office: Office, kind: str, username: str
) -> None:
    one_case(office, category=SECRET, by="petugas2")
    visitor, pages = at(username), []
    for door in (LIST, EXPORT):
        sought(visitor, OTHERS[kind], door)  # the session's first page asks more
        for number in (NUMBERS[kind], OTHERS[kind]):
            with counted() as sent:
                text = sought(visitor, number, door).replace(number, "#")
            pages.append((RANDOM.sub("", text), sent))
    may = {"petugas2": NUMBERS, "kadis": {"phone"}}.get(username, ())
    assert (pages[0] == pages[1] and pages[2] == pages[3]) == (kind not in may)
    assert (WAYS[kind] in pages[0][0]) == (kind in may)


@pytest.mark.parametrize(
    ("username", "label"),
    [
        ("petugas", "Cari nomor, judul, uraian, nama, telepon, atau NIK"),
        ("kadis", "Cari nomor, judul, uraian, nama, atau telepon"),
        ("pengawas", "Cari nomor, judul, uraian, atau nama"),
    ],
)
def test_the_box_names_what_finds_something_for_the_person(at: At, office: Office, username: str, label: str) -> None:
    assert f'placeholder="{label}"' in at(username).get(LIST).text


@pytest.mark.parametrize("door", [LIST, EXPORT])
@pytest.mark.parametrize("kind", NUMBERS)
def test_each_look_up_is_logged_masked_with_what_it_led_to(at: At, office: Office, kind: str, door: str) -> None:
    petugas = at("petugas")
    sought(petugas, NUMBERS[kind], door)
    number = one_case(office)
    sought(petugas, NUMBERS[kind], door)
    register = dict(Complaint.select(Complaint.id, Complaint.number).tuples())
    readings = Reading.select().order_by(Reading.id)
    entries = [(r.what, r.rows, {register[case] for case in cases_of(r)}) for r in readings]
    ended = f"{'daftar' if door == LIST else 'ekspor'} pengaduan"
    first = [(LOOKED_UP[kind], 0, set())] + ([] if door == LIST else [(ended, 0, set())])
    assert entries == [*first, (LOOKED_UP[kind], 1, set()), (ended, 1, {number})]
    assert not [r for r in Reading.select() if NUMBERS[kind] in asked_for(r) or NUMBERS[kind][1:] in asked_for(r)]


@pytest.mark.parametrize("door", [LIST, EXPORT])
def test_what_cannot_be_logged_is_not_answered(at: At, office: Office, monkeypatch: Any, door: str) -> None:
    number, petugas = one_case(office), at("petugas")

    def full(*args: Any, **fields: Any) -> None:
        raise pw.OperationalError("database or disk is full")

    monkeypatch.setattr(Reading, "create", full)
    answer = petugas.get(door, query_string={"search": NUMBERS["phone"]})
    assert answer.status_code == 503
    assert number not in answer.text


@pytest.mark.parametrize("door", [LIST, EXPORT])
def test_a_user_who_looks_up_too_many_numbers_is_asked_to_wait(at: At, office: Office, door: str, few: int) -> None:
    number, petugas, other = one_case(office), at("petugas"), at("petugas2")
    for n in range(few):
        sought(petugas, f"08120000{n:04}", LIST)
    answer = petugas.get(door, query_string={"search": NUMBERS["phone"]})
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 60
    assert TOO_OFTEN[0] in answer.text
    assert number not in answer.text
    assert number in sought(petugas, "Maslikah")
    assert number in sought(other, NUMBERS["phone"])


def test_no_log_of_ours_holds_what_was_typed(
    at: At, office: Office, caplog: pytest.LogCaptureFixture, few: int
) -> None:
    one_case(office)
    caplog.set_level("INFO")
    petugas = at("petugas")
    answers = {petugas.get(LIST, query_string={"search": NUMBERS["nik"]}).status_code for _ in range(few + 1)}
    assert answers == {200, 429}
    assert not [r for r in caplog.records if NUMBERS["nik"] in r.getMessage()]
