"""Standing wording: plain texts with a closed list of blanks, refused in a sentence when they are anything else."""

import pytest

from models.case.blanks import objection
from models.case.case import load
from models.case.sample import contents, paper_kinds, printed_on
from models.office import lists, wording
from models.office.settings import OPTIONS, Setting, values
from models.office.wording import PREFIX, WORDING
from models.records.main_line import ENDS
from models.records.registry import RECORDS
from models.store.base import now
from papers.layout.page import html
from papers.layout.phrases import GAP
from sop.vocabulary import vocabulary
from tests.office import moment

OPENING = "nota_dinas.opening"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{% for i in range(10**9) %}x{% endfor %}", "“{% for i in range(10**9) %}"),
        ("Nomor {{ x", "“{{ x” adalah perintah"),
        ("Nomor {{ ''.__class__ }}", "tidak dijalankan"),
        ("${7*7} {# x #}", "tidak dijalankan"),
        ("Nomor {nomr}", "mungkin maksudnya {nomor}"),
        ("Nomor {pukul}", "{pukul} tidak dikenal"),
        ("Nomor {nomor", "“{nomor” tidak berpasangan"),
        ("Nomor {}", "tidak berpasangan"),
        ("Nomor {nomor.__class__}", "tidak berpasangan"),
        ("x" * 601, "ini 601 huruf"),
        ("satu\ndua", "Paling banyak 1 baris"),
    ],
)
def test_what_is_no_plain_text_is_refused_with_what_is_wrong(text, reason):
    assert reason in wording.fault(OPENING, text)


def test_what_the_panel_comes_with_passes_its_own_rules():
    assert not [one.key for one in WORDING.values() if wording.fault(one.key, wording.tidy(one.key, one.text))]
    assert all(wording.tidy(one.key, one.text) == one.text for one in WORDING.values())


def test_every_end_of_a_berita_acara_has_its_words():
    assert {f"berita_acara.{end}" for end in ENDS} <= set(WORDING)


def test_every_text_is_seen_on_its_papers_with_all_its_blanks_filled(office):
    settings, seen = values(), set()
    for one in WORDING.values():
        marked = "AWALNYA " + "; ".join(f"{{{name}}}" for name in one.blanks) + " AKHIRNYA"
        for content in contents({**settings, PREFIX + one.key: marked}, one.papers, at=now(), key=PREFIX + one.key):
            said = html(content)
            if one.key not in ("form_pengaduan.anonymous",) or content["complaint"]["anonymous"]:
                assert "AWALNYA" in said, (one.key, content["paper"]["key"])
                assert GAP not in said.partition("AWALNYA")[2].partition("AKHIRNYA")[0], one.key
                seen.add(one.key)
    assert seen == {one.key for one in WORDING.values() if one.papers}


def test_what_people_typed_is_never_filled_in_again(office):
    settings = {**values(), "office.phone": "{nomor}{{ 7 * 7 }}"}
    [paper] = contents(settings, ("tanda_terima",), at=now())
    assert " melalui telepon {nomor}{{ 7 * 7 }}" in html(paper).replace("&nbsp;", " ")


def test_every_paper_has_a_sample_and_settings_know_where_they_are_seen(office):
    assert [c["paper"]["key"] for c in contents(values(), tuple(paper_kinds()), at=now())] == list(paper_kinds())
    assert set(vocabulary().papers) < set(paper_kinds())
    assert all(set(printed_on(key)) <= set(paper_kinds()) for key in OPTIONS)
    assert printed_on("office.address") == tuple(paper_kinds())
    assert printed_on("legal.answer") == ()


# Instructions


def test_the_office_has_its_own_instructions_and_cases_keep_those_of_their_time(office):
    [case] = office.receive(at=moment("09.00"))
    office.do([case], "raise", instructions=["Kunjungan lapangan"])
    Setting.create(key=lists.KEY, value="Segera dijawab\nDilaporkan")
    assert lists.offered_instructions() == ("Segera dijawab", "Dilaporkan")
    step, chief = vocabulary().transitions["dispose"], office["kadis"]
    here = load([case], chief, now())[case]
    blanks = {
        "unit": here.category.unit_id,
        "urgency": "segera",
        "secrecy": "biasa",
        "note": "",
        "others": [],
        "named": [],
    }
    for words, fits in ((["Kunjungan lapangan"], True), (["Segera dijawab"], True), (["Dikarang saja"], False)):
        assert bool(objection(here, step, {**blanks, "instructions": words}, {})) is not fits


def test_an_instruction_of_the_category_is_suggested_while_it_is_offered(office):
    [case] = office.receive()
    here = load([case], office["petugas"], now())[case]
    record = vocabulary().transitions["raise"].record
    here.category.instruction = "Kunjungan lapangan"
    assert RECORDS[record].proposed(here)["instructions"] == ["Kunjungan lapangan"]
    here.settings[lists.KEY] = "Lainnya"
    assert RECORDS[record].proposed(here)["instructions"] == []
