"""Cari: from every page over all that one may open; the match is marked, the reading logged, and nothing else shown."""

import re
from math import erfc, sqrt
from time import perf_counter
from typing import Any

import pytest

from admin.complaints.search import MOST_MEANT
from bench.pages import counted
from models.complaint.accesslog import Reading, asked_for, cases_of
from models.complaint.complaint import Complaint
from tests.admin.complaints.test_lookup import NUMBERS, RANDOM, At, one_case
from tests.office import PEOPLE, SECRET, Office

BOX = 'action="/cari/"'


def cari(visitor: Any, typed: str, **more: str) -> str:
    answer = visitor.get("/cari/", query_string={"q": typed, **more})
    assert answer.status_code == 200
    return str(answer.text)


def hits(page: str) -> list[str]:
    """The addresses of what was found, in their order."""
    return re.findall(r'<h2><a href="/pengaduan/details/\?id=(\d+)"', page)


@pytest.mark.parametrize("username", PEOPLE)
def test_the_box_stands_on_every_page_of_users_with_cases(at: At, username: str) -> None:
    visitor = at(username)
    assert all((BOX in visitor.get(page).text) == (username != "admin") for page in ("/", "/sop/", "/akun/"))
    assert visitor.get("/cari/").status_code == (403 if username == "admin" else 200)


def test_a_hit_shows_why_it_was_found_and_is_logged(at: At, office: Office) -> None:
    story = "Adik <b>dipukul</b> di Gang Buntu."
    [case] = office.receive(title="Adik dianiaya", story=story, persons={"pengadu": {"name": "Siti Maslikah"}})
    [other] = office.receive(story="Beras belum sampai.")
    page = cari(at("petugas"), "maslikah memukul")
    assert hits(page) == [str(case)]
    assert "Siti <mark>Maslikah</mark>" in page
    assert "Adik &lt;b&gt;di<mark>pukul</mark>&lt;/b&gt;" in page
    assert "Menampilkan hasil untuk bentuk lain dari “maslikah memukul”" in page
    reading = Reading.select().order_by(Reading.id.desc()).first()
    assert (reading.what, asked_for(reading), cases_of(reading)) == ("pencarian", "maslikah memukul", {case})
    assert str(other) not in hits(page)


def test_what_may_have_been_meant_stands_under_the_few_that_hold_what_was_typed(at: At, office: Office) -> None:
    [slip] = office.receive(story="Kapan <b>bantaun</b> cair?")
    others = [office.receive(story=f"Kartu {n}, bantuan hilang.")[0] for n in range(7)]
    petugas = at("petugas")
    page = cari(petugas, "bantaun")
    found = hits(page)
    assert found[0] == str(slip)
    assert len(found) == 1 + MOST_MEANT
    assert {*found[1:]} < {*map(str, others)}
    assert "1 pengaduan memuat “bantaun”" in page
    assert 'Mungkin yang dimaksud: <a href="/cari/?q=bantuan">“bantuan”</a>' in page
    assert "<mark>bantuan</mark>" in page
    reading = Reading.select().order_by(Reading.id.desc()).first()
    assert cases_of(reading) == {*map(int, found)}
    listed = petugas.get("/pengaduan/?search=bantaun").text
    assert 'Mungkin yang dimaksud: <a href="/pengaduan/?search=bantuan">“bantuan”</a>' in listed
    assert "1 pengaduan ditemukan" in listed


def test_where_nothing_is_found_the_nearest_words_are_links(at: At, office: Office) -> None:
    office.receive(story="Kelurahan memasang penerangan, penyerangan tidak pernah ada.")
    office.receive(story="Beras berkutu.")
    petugas = at("petugas")
    page = cari(petugas, "pnerngaan")
    near = [f'<a href="/cari/?q={word}">“{word}”</a>' for word in ("penerangan", "penyerangan")]
    assert f"Kata yang paling dekat: {', '.join(near)}." in page
    assert "Tiap katanya ada, tetapi tidak dalam satu pengaduan" in cari(petugas, "penerangan berkutu")
    assert "Periksa ejaannya" in cari(petugas, "qwqwqw")
    assert "&lt;b&gt;" in cari(petugas, "<b>qwqwqw</b>")


@pytest.mark.parametrize("typed", ["", "a", "  ", "!"])
def test_too_little_is_answered_with_a_word_of_help(at: At, office: Office, typed: str) -> None:
    office.receive()
    page = cari(at("petugas"), typed)
    assert "sedikitnya dua huruf" in page
    assert not hits(page)


def test_a_whole_number_finds_the_case_and_is_not_stored_in_the_clear(at: At, office: Office) -> None:
    number = one_case(office)
    page = cari(at("petugas"), NUMBERS["phone"])
    assert len(hits(page)) == 1
    assert "Ditemukan lewat nomor telepon" in page
    assert "1 pengaduan dengan nomor telepon ini." in page
    assert number in page
    assert not [r for r in Reading.select() if NUMBERS["phone"] in asked_for(r)]


def test_twenty_stand_on_a_page_and_the_count_is_honest(at: At, office: Office, monkeypatch: Any) -> None:
    ids = office.receive(23)
    petugas = at("petugas")
    first, second = cari(petugas, "bantuan"), cari(petugas, "bantuan", hal="2")
    assert "23 pengaduan memuat" in first
    assert (len(hits(first)), len(hits(second))) == (20, 3)
    assert {*hits(first), *hits(second)} == {*map(str, ids)}
    assert hits(cari(petugas, "bantuan", hal="99999999999")) == hits(cari(petugas, "bantuan", hal="x")) == hits(first)
    monkeypatch.setattr("models.complaint.search_words.COUNTED", 2)
    monkeypatch.setattr("models.complaint.search.COUNTED", 2)
    assert "Lebih dari 1.000 pengaduan" in cari(petugas, "bantuan")
    monkeypatch.setattr("admin.lists.listing.COUNTED", 2)
    whole = [petugas.get(f"/pengaduan/?search=bantuan{more}").text for more in ("", "&sebelum=akhir")]
    listed = {number for page in whole for number in re.findall(r'name="rowid" value="(\d+)"', page)}
    assert listed == {*map(str, ids)}


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("username", PEOPLE)
def test_a_word_of_a_rahasia_case_is_the_same_bytes_and_statements_as_an_absent_word(
    at: At, office: Office, username: str
) -> None:
    office.receive(category=SECRET, by="petugas2", story="Kata zebrakuda.", title="Kata zebrakuda.")
    office.receive(3)
    visitor = at(username)
    for door, name in (
        ("/cari/", "q"),
        ("/temukan/", "q"),
        ("/pengaduan/", "search"),
        ("/pengaduan/export/csv/", "search"),
    ):
        answers = []
        visitor.get(door, query_string={name: "zabrakida"})  # the session's first page asks more
        for typed in ("zebrakuda", "zobrokuda"):
            with counted() as sent:
                text = visitor.get(door, query_string={name: typed}).text
            answers.append((RANDOM.sub("", text.replace(typed, "#")), sent))
        sees = username in ("petugas2", "kadis", "pengawas")
        assert (answers[0] == answers[1]) == (not sees), door


def test_no_log_of_ours_holds_what_was_searched(at: At, office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    office.receive(story="Kata zebrakuda.")
    assert hits(cari(at("petugas"), "zebrakuda"))
    assert not [r for r in caplog.records if "zebrakuda" in r.getMessage() and not r.name.startswith("peewee")]


def test_the_list_is_searched_as_the_page_is(at: At, office: Office) -> None:
    [case] = office.receive(
        story="Anak dipukul di RT.03", persons={"pengadu": {"name": "Budi"}, "kuasa": {"name": "Sulastri"}}
    )
    office.receive()
    petugas, number = at("petugas"), Complaint.get_by_id(case).number
    for typed in ("sulastri", "rt 03", "pemukulan", "sulatsri"):
        assert hits(cari(petugas, typed)) == [str(case)], typed
        page = petugas.get("/pengaduan/", query_string={"search": typed}).text
        assert number in page
        assert "1 pengaduan ditemukan" in page
    assert "Menampilkan hasil untuk “sulastri”" in page
    rows = petugas.get("/pengaduan/export/csv/", query_string={"search": "sulatsri"}).text.splitlines()
    assert len(rows) == 2


@pytest.mark.soak
@pytest.mark.only("sqlite")
def test_a_word_of_a_rahasia_case_takes_as_long_as_an_absent_word(at: At, office: Office) -> None:
    office.receive(category=SECRET, by="petugas2", story="Kata zebrakuda.", title="Kata zebrakuda.")
    office.receive(200)
    petugas, times = at("petugas"), {"zebrakuda": [0.0], "zobrokuda": [0.0]}
    for pair in range(-20, 200):
        for typed in list(times)[:: 1 if pair % 2 else -1]:
            begun = perf_counter()
            cari(petugas, typed)
            times[typed] += [perf_counter() - begun] * (pair >= 0)
    assert chance_of_equal(*(series[1:] for series in times.values())) > 0.01


def chance_of_equal(one: list[float], other: list[float]) -> float:
    """How likely two rows of figures of one kind lie as far apart as these (Mann and Whitney, by the normal curve)."""
    above = sum((a > b) + (a == b) / 2 for a in one for b in other)
    middle = len(one) * len(other) / 2
    spread = sqrt(len(one) * len(other) * (len(one) + len(other) + 1) / 12)
    return erfc(abs(above - middle) / spread / sqrt(2))


def test_the_rank_test_separates_what_differs_from_what_does_not() -> None:
    figures = [float(place * 7919 % 200) for place in range(200)]
    assert chance_of_equal(figures, figures[::-1]) > 0.9
    assert chance_of_equal(figures, [figure + 40 for figure in figures]) < 0.01
