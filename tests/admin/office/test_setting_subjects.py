"""The settings: each on exactly one page, found by the words of its label and help."""

import re

import pytest

from admin.office import setting_subjects
from admin.office.setting_subjects import LETTERS, MOST, SUBJECTS, find_settings, wording_of
from models.office.settings import OPTIONS


def test_each_setting_is_listed_on_exactly_one_page(at, panel, office):
    with panel.test_request_context():
        pages = [subject.options for subject in SUBJECTS]
        pages += [wording_of(page) for page in setting_subjects.wording_titles()]
    listed = [key for page in pages for key in page]
    assert sorted(listed) == sorted(OPTIONS)


@pytest.mark.parametrize("who", ["admin", "pengawas"])
def test_every_page_of_settings_is_one_click_from_the_first_and_opens(at, who):
    visitor = at(who)
    first = visitor.get("/pengaturan/").text
    links = sorted(set(re.findall(r'href="(/pengaturan/(?:perihal|kalimat|kop)/[\w/]*)"', first)))
    assert len(links) == len(SUBJECTS) + 1
    links += re.findall(r'href="(/pengaturan/kalimat/\w+/)"', visitor.get("/pengaturan/kalimat/").text)
    for link in links:
        page = visitor.get(link)
        assert page.status_code == 200, link
        assert ("/pengaturan/new/" in page.text) <= (who == "admin"), link
    assert visitor.get("/pengaturan/perihal/lain/").status_code == 404
    assert visitor.get("/pengaturan/kalimat/tidak_ada/").status_code == 404


def test_each_setting_is_found_by_its_label_and_by_its_help(panel, office):
    with panel.test_request_context():
        for key, option in OPTIONS.items():
            assert key in [one.key for one in find_settings(option.label.upper())], key
            assert not option.help or key in [one.key for one in find_settings(option.help)], key


def test_those_with_the_words_in_their_label_come_first_and_all_words_are_wanted(panel, office):
    with panel.test_request_context():
        found = [one.key for one in find_settings("kertas")]
        assert found[:2] == ["paper.size", "paper.disposition"]
        assert [one.key for one in find_settings("kertas disposisi")] == ["paper.disposition"]
        assert find_settings(" ") == []


def test_the_search_answers_in_the_page_with_the_way_to_each_form(at):
    page = at("admin").get("/pengaturan/?q=ukuran+kertas").text
    assert "2 pengaturan memuat “ukuran kertas”" in page
    assert "/pengaturan/new/?key=paper.size" in page
    assert "/pengaturan/perihal/dokumen/" in at("pengawas").get("/pengaturan/?q=ukuran+kertas").text
    assert "Tidak ditemukan" in at("admin").text("/pengaturan/?q=zebrakuda")
    assert "yang pertama. Tambahkan kata" in at("admin").text("/pengaturan/?q=a")
    found = at("admin").get("/pengaturan/?q=a").text.partition('class="subjects found"')[2].partition("</ul>")[0]
    assert found.count("<li>") == MOST
    hostile = at("admin").get("/pengaturan/", query_string={"q": "<b>\0" * LETTERS})
    assert (hostile.status_code, "<b><b>" in hostile.text) == (200, False)


def test_the_values_of_earlier_days_have_a_page_of_their_own(at):
    first = at("admin").get("/pengaturan/").text
    assert "<table" not in first
    assert "8 pengaturan" not in first
    assert "<table" in at("admin").get("/pengaturan/?sort=2&desc=1").text
