"""Repeated complaints are found by users who may open the earlier one; few new complaints are reported by mistake."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.pages import counted
from models.complaint import repeats
from models.complaint.complaint import CaseKey, Complaint
from models.complaint.lookup import marks_of
from models.complaint.repeats import WITHIN, ComparedCase, Likeness, repeats_of, text_marks
from models.complaint.scope import viewer, visible
from models.office.lists import Medium
from models.office.people import User
from models.store.base import database, insert_rows
from tests.made_texts.making import MadeTexts, made_texts
from tests.models.complaint.test_blind import NIK, person
from tests.office import SECRET, Office, copied, opened

STORY = "Kartu sembako ibu saya ditolak di agen dekat pasar sejak bulan Juli, saldonya tertulis nol rupiah."


def repeats_found(office: Office, story: str, username: str = "petugas", **more: Any) -> list[tuple[int, str]]:
    numbers = marks_of({**dict.fromkeys(("phone", "safe_contact", "nik"), ""), **more.pop("person", {})})
    who = viewer(office[username])
    found = repeats_of(ComparedCase(story, **more), numbers, who, office.at)
    return [(one.complaint.id, one.words) for one in found]


# In the made corpus


@pytest.fixture(scope="module")
def made() -> MadeTexts:
    return made_texts(2_000)


@pytest.fixture
def full(made: MadeTexts, template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office that has all the made texts, as rows with their marks; the key of a text is an id less one."""
    path = copied(template, tmp_path_factory.mktemp("full"))
    with opened(path):
        office = Office.at_work(path)
        [like] = office.receive()
        row = {name: value for name, value in Complaint.get_by_id(like).__data__.items() if name != "id"}
        row |= {"opened_at": None, "form_digest": None, "registrar": office["petugas"].id}
        texts = [(2 + text.key, text) for text in made.texts]
        with database.atomic():
            insert_rows(
                Complaint,
                [{**row, "id": n, "number": f"K{n}", "public_id": f"k{n}", "story": t.story} for n, t in texts],
            )
            insert_rows(CaseKey, [{"complaint": n, "wrapped": b"x"} for n, _ in texts])
            marks = [{"case": n, **m._asdict()} for n, t in texts for m in text_marks(t.story)]
            insert_rows(Likeness, marks)
        yield office


@pytest.mark.only("sqlite")
def test_nine_of_ten_repeats_are_found_and_of_twenty_new_ones_at_most_one_is_warned_of(
    full: Office, made: MadeTexts
) -> None:
    who = viewer(full["petugas"])
    asked, spent = 0, 0.0

    def hits(key: int) -> set[int]:
        nonlocal asked, spent
        begun = time.process_time()
        found = repeats_of(ComparedCase(made.texts[key].story, case=key + 2, at=full.at), [], who, full.at)
        asked, spent = asked + 1, spent + time.process_time() - begun
        return {one.complaint.id - 2 for one in found}

    of_first: dict[int, set[int]] = {}
    for pair in made.repeats:
        of_first.setdefault(pair.first, {pair.first}).add(pair.second)
    caught = [bool(hits(pair.second) & of_first[pair.first]) for pair in made.repeats]
    called = [bool(hits(pair.second)) for pair in made.near_misses]
    warned = [bool(hits(text.key)) for text in made.unrelated[-300:]]
    print(
        f"\nrepeats found {sum(caught)} of {len(caught)}, near-misses called {sum(called)} of {len(called)}, "
        f"unrelated warned {sum(warned)} of {len(warned)}, {1000 * spent / asked:.1f} ms of CPU a question"
    )
    assert sum(caught) >= 0.9 * len(caught)
    assert sum(warned) <= 0.05 * len(warned)
    assert sum(called) <= 0.1 * len(called)


# By what


@pytest.mark.parametrize(
    ("again", "why"),
    [
        (STORY, repeats.SAME_TEXT),
        (STORY.upper().replace(",", "\\n"), repeats.SAME_TEXT),
        (STORY.replace("saya", "sy").replace("bulan", "bln"), repeats.SAME_TEXT),
        (STORY.replace("ditolak", "dtolak") + " Mohon dibantu.", repeats.LIKE_TEXT),
        (STORY[:60], repeats.LIKE_TEXT),
    ],
)
def test_the_same_text_is_found_however_it_is_typed(office: Office, again: str, why: str) -> None:
    [first] = office.receive(story=STORY)
    assert repeats_found(office, again) == [(first, why)]
    assert repeats_found(office, "Lampu jalan padam di depan sekolah sejak tiga malam yang lalu.") == []


def test_ticket_and_numbers_are_found_whatever_the_text_says(office: Office) -> None:
    lapor, sambat = (Medium.get(code=code).id for code in ("lapor", "sambat"))
    [ticket] = office.receive(story=STORY, medium=lapor, medium_ref="LP-77 12")
    [number] = office.receive(story="Tes", persons=person(phone="081234567890", nik=NIK))
    other = "Sampah menumpuk di depan pasar sejak lama sekali."
    assert repeats_found(office, other, medium=lapor, ticket="lp7712") == [(ticket, repeats.SAME_TICKET)]
    assert repeats_found(office, other, medium=sambat, ticket="lp7712") == []
    assert repeats_found(office, other, person={"phone": "+62 812-3456-7890"}) == [(number, "nomor telepon sama")]
    both = {"phone": "0812 3456 7890", "nik": NIK}
    assert [case for case, _ in repeats_found(office, other, person=both)] == [number]
    assert set(repeats_found(office, other, person=both)[0][1].split(", ")) == {"NIK sama", "nomor telepon sama"}


def test_at_most_three_recent_cases_are_listed_likeliest_first(office: Office) -> None:
    cases = office.receive(6, story=STORY)
    assert [case for case, _ in repeats_found(office, STORY)] == cases[::-1][:3]
    office.at += WITHIN
    assert repeats_found(office, STORY) == []


def test_a_case_is_compared_with_those_before_it_alone(office: Office) -> None:
    first, second, _ = office.receive(3, story=STORY)
    assert [case for case, _ in repeats_found(office, STORY, case=second, at=office.at)] == [first]


def test_after_a_ralat_the_corrected_data_are_compared_and_the_former_are_not(office: Office) -> None:
    [case] = office.receive(story="Salah tulis, ini tentang hal lain sama sekali dan panjang.")
    office.do([case], "correct", new_value={"story": STORY, "accused": "Ketua RT 05"}, reason="Salah tulis")
    assert [found for found, _ in repeats_found(office, STORY)] == [case]
    assert repeats_found(office, "Salah tulis, ini tentang hal lain sama sekali dan panjang.") == []


def test_its_marks_go_with_the_cases_key(office: Office) -> None:
    [gone, stays] = office.receive(2, story=STORY)
    CaseKey.delete().where(CaseKey.complaint == gone).execute()
    assert {row.complaint_id for row in Likeness.select()} == {stays}
    assert len(Likeness.select()) <= 2 * repeats.LEAST


# To whom


def test_each_user_is_shown_the_repeats_that_he_may_open_and_no_others(office: Office) -> None:
    office.receive(story=STORY)
    [secret] = office.receive(story=STORY, by="petugas2", category=SECRET)
    for user in User.select():
        readable = {c.id for c in visible(user, Complaint)}
        found = {case for case, _ in repeats_found(office, STORY, user.username)}
        assert found == readable, user.username
    assert secret in {case for case, _ in repeats_found(office, STORY, "petugas2")}


def test_shared_numbers_count_only_in_cases_in_which_the_user_may_open_them(office: Office) -> None:
    [case] = office.receive(story="Tes", persons=person(phone="081234567890", nik=NIK))
    typed = {"phone": "081234567890", "nik": NIK}
    by = {u.username: repeats_found(office, "Hal lain", u.username, person=typed) for u in User.select()}
    assert by["kadis"] == [(case, "nomor telepon sama")]
    assert by["pengawas"] == by["admin"] == by["staf.rehsos"] == []
    assert by["petugas"][0][0] == case


def test_an_unreadable_case_costs_the_statements_and_answers_as_no_case(office: Office) -> None:
    secret: Any = {"category": SECRET, "by": "petugas2", "persons": person(phone="081234567890")}
    lapor = Medium.get(code="lapor").id
    asked: Any = {"medium": lapor, "ticket": "LP-1", "person": {"phone": "081234567890"}}
    said = []
    assert repeats_found(office, STORY, "petugas", **asked) == []  # who he is today is asked once
    for _ in range(2):
        with counted() as sent:
            assert repeats_found(office, STORY, "petugas", **asked) == []
        said.append(list(sent))
        office.receive(story=STORY, medium=lapor, medium_ref="LP-1", **secret)
    assert said[0] == said[1]
    assert [one for one, _ in repeats_found(office, STORY, "petugas2", **asked)]


@pytest.mark.only("sqlite")
def test_each_statement_uses_an_index(office: Office) -> None:
    who, text = viewer(office["petugas"]), ComparedCase(STORY, medium=1, ticket="7")
    numbers = marks_of({"phone": "081234567890", "safe_contact": "", "nik": NIK})
    plans = []
    real = database.obj.execute_sql

    def planned(sql: str, params: object = None) -> object:
        if "likeness" in sql or "blind_index" in sql:
            plans.extend(row[3] for row in real(f"EXPLAIN QUERY PLAN {sql}", params).fetchall())
        return real(sql, params)

    database.obj.execute_sql = planned
    try:
        repeats_of(text, numbers, who, office.at)
    finally:
        del database.obj.execute_sql
    assert plans
    assert not [step for step in plans if step.startswith("SCAN") and step.split()[1].startswith("t")]
