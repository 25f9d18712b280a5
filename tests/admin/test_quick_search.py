"""The search box of every page: cases as Cari finds them, the pages one may open, the settings one may change."""

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask

from admin.quick_search import MOST_CASES, MOST_LINES
from bench.pages import MOST_STATEMENTS, counted
from models.complaint.accesslog import Reading, asked_for, cases_of
from models.complaint.complaint import Complaint
from models.office.settings import OPTIONS
from tests.admin.complaints.test_lookup import NUMBERS, At, one_case
from tests.office import PEOPLE, SECRET, Office

WRITERS = {"admin"}  # of settings
OPTION = re.compile(r'<a role="option" href="([^"]+)"')


def asked(visitor: Any, typed: str = "") -> str:
    answer = visitor.get("/temukan/", query_string={"q": typed})
    assert answer.status_code == 200
    return str(answer.text)


def addresses(page: str) -> list[str]:
    return [unescape(url) for url in OPTION.findall(page)]


def cases_in(page: str) -> list[str]:
    return re.findall(r'href="/pengaduan/details/\?id=(\d+)"', page)


def test_the_box_finds_a_case_by_name_word_and_number_and_logs_it_as_cari_does(at: At, office: Office) -> None:
    [case] = office.receive(story="Kartu sembako ditolak.", persons={"pengadu": {"name": "Wagimin Tejokusumo"}})
    office.receive(story="Bantuan lain.")
    petugas, number = at("petugas"), Complaint.get_by_id(case).number
    for typed in ("tejokusu", "sembako", number):
        assert cases_in(asked(petugas, typed)) == [str(case)], typed
        of_box = Reading.select().order_by(Reading.id.desc()).first()
        petugas.get("/cari/", query_string={"q": typed})
        of_cari = Reading.select().order_by(Reading.id.desc()).first()
        assert of_box.id != of_cari.id
        assert [(r.what, asked_for(r), cases_of(r)) for r in (of_box, of_cari)] == [("pencarian", typed, {case})] * 2


def test_a_whole_number_finds_the_case_and_is_shown_nowhere(at: At, office: Office) -> None:
    one_case(office)
    page = asked(at("petugas"), NUMBERS["phone"])
    assert len(cases_in(page)) == 1
    assert "Ditemukan lewat nomor telepon" in page
    assert not [r for r in Reading.select() if NUMBERS["phone"] in asked_for(r)]


@pytest.mark.parametrize("username", PEOPLE)
def test_a_rahasia_case_is_found_by_whom_it_is_open_to_alone(at: At, office: Office, username: str) -> None:
    [case] = office.receive(category=SECRET, by="petugas2", story="Kata zebrakuda.", title="Kata zebrakuda.")
    found = [cases_in(asked(at(username), typed)) for typed in ("zebrakuda", Complaint.get_by_id(case).number)]
    sees = username in ("petugas2", "kadis", "pengawas")
    assert found == ([[str(case)]] * 2 if sees else [[], []])


def test_no_case_is_found_by_a_person_without_cases(at: At, office: Office) -> None:
    [case] = office.receive(title="Kata zebrakuda.")
    for typed in ("zebrakuda", Complaint.get_by_id(case).number):
        page = asked(at("admin"), typed)
        assert "Pengaduan" not in page
        assert "/cari/" not in page


@pytest.mark.parametrize("username", PEOPLE)
def test_each_page_that_is_found_opens_and_all_of_the_menu_is_found(
    at: At, office: Office, panel: Flask, username: str
) -> None:
    visitor = at(username)
    menu = visitor.get("/").text.partition('<nav aria-label="Menu utama">')[2].partition("</nav>")[0]
    entries = dict(re.findall(r'<a href="([^"]+)"[^>]*>([^<]+)', menu))
    assert len(entries) > 3
    for url, name in entries.items():
        page = asked(visitor, unescape(name).strip())
        assert url in addresses(page), name
    for word in ("akun", "rekapitulasi", "catat", "tambah", "dokumen", "arsip", "jam", "surel", "serah"):
        for url in addresses(asked(visitor, word)):
            assert visitor.get(url).status_code == 200, url


def test_the_recap_of_this_month_and_ones_own_account_are_pages(at: At, office: Office) -> None:
    kadis = at("kadis")
    [recap] = [url for url in addresses(asked(kadis, "rekapitulasi bulan ini")) if "dari=" in url]
    assert kadis.get(recap).status_code == 200
    assert addresses(asked(kadis, "akun"))[0] == "/akun/"


@pytest.mark.parametrize("username", PEOPLE)
def test_settings_are_found_by_label_and_help_by_whom_may_change_them(at: At, office: Office, username: str) -> None:
    visitor = at(username)
    for key in ("session.idle", "backup.place", "office.city"):
        option = OPTIONS[key]
        for typed in (option.label[:40], f"{option.label.split()[0]} {option.help.split()[-1].strip('.')}"):
            page = asked(visitor, typed)
            assert ("/pengaturan/" in " ".join(addresses(page))) == (username in WRITERS), typed
            assert (f"<strong>{option.label}<" in page) == (username in WRITERS), typed


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("username", PEOPLE)
def test_an_answer_is_short_never_stored_and_asks_little(at: At, office: Office, username: str) -> None:
    office.receive(MOST_CASES + 3, story="Bantuan belum sampai.")
    visitor = at(username)
    visitor.get("/temukan/")
    for typed in ("", "b", "bantuan", "qwqwqw zzz", "pengaturan"):
        with counted() as sent:
            answer = visitor.get("/temukan/", query_string={"q": typed})
        assert len(sent) <= MOST_STATEMENTS, typed
        assert "no-store" in answer.headers["Cache-Control"]
        assert len(cases_in(answer.text)) <= MOST_CASES
        assert all(answer.text.count(f'id="kotak-{group}-') <= MOST_LINES for group in ("halaman", "pengaturan"))


@pytest.mark.parametrize("typed", ["\0", "<b>x</b>", "%", "'", "a" * 5000, "🏠"])
def test_odd_input_is_answered_and_stays_text(at: At, office: Office, typed: str) -> None:
    page = asked(at("petugas"), typed)
    assert "<b>x" not in page
    assert "</div></body>" in page
