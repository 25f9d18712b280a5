"""The first informative sentence: no greeting, no name, no "saya ingin melaporkan bahwa", no personal number."""

import re

import pytest

from models.demo.texts import WORDS
from models.records.story_summary import FEWEST, first_sentence, informative_sentences

CASES = {
    "Saya ingin melapor. Suami saya memukul anak kami tadi malam.": "Suami saya memukul anak kami tadi malam",
    "Assalamualaikum wr. wb. Perkenalkan nama saya Sari, NIK 9971014101900001, ingin melaporkan bahwa bantuan saya "
    "berhenti.": "Bantuan saya berhenti",
    "selamat pagi pak, saya mau lapor. tetangga saya dipasung di rumah": "Tetangga saya dipasung di rumah",
    "Yth. Kepala Dinas Sosial, dengan hormat, kami warga RT 03 melaporkan adanya anak telantar di Jl. Melati No. 5.": (
        "Adanya anak telantar di Jl. Melati No. 5"
    ),
    "Mohon izin melapor, ada ODGJ mengamuk di pasar.": "Ada ODGJ mengamuk di pasar",
    "NIK saya 9971.0141.0190.0001 tidak ditemukan, HP saya 0812-3456-7890.": "NIK saya tidak ditemukan",
    "Pengadu, ketua RT, menyampaikan bahwa kakek itu lumpuh.": "Kakek itu lumpuh",
    "Anak itu tinggal di RT. 03. Ia tidak bersekolah.": "Anak itu tinggal di RT. 03",
}
KEPT = (  # begins with what elsewhere would be left out
    "Malam ini anak saya tidak pulang",
    "Ibu saya lumpuh dan tinggal sendiri",
    "Saya melapor ke polisi kemarin, tetapi tidak ditanggapi",
    "Saya melaporkan hal ini ke RT tetapi tidak ada hasil",
    "Uang Rp300.000,00 diminta pada 12-11-2026 08.00",
    "Uang Rp 250000000 dan Rp1.500.000.000 diminta pada 12/11/2026 08.30",
    "Tanggal 01-12-2026–05-12-2026 rumah kami kosong",
    "Sejak 08-12-2025 surat 0812/345/2026 tidak dijawab",
)
NUMBERS = (  # of persons, as they are typed in messages
    "990401123456001",
    "99040112345600012",
    "9904011234560001081234567890",
    "8123456789",
    "(0812) 3456 7890",
    "+62 (812) 3456-7890",
    "0812–3456–7890",
    "0341 512345",
    "(0341) 512345",
    "sri.lestari@contoh.id",
)
ANNOUNCES = re.compile(
    r"(selamat|assalam|dengan hormat|mohon maaf|kepada yth|yth|saya (ingin|mau) (me)?lapor|pengadu \w+ bahwa)", re.I
)


@pytest.mark.parametrize("story", CASES)
def test_the_first_informative_sentence_is_taken(story: str) -> None:
    assert first_sentence(story) == CASES[story]


@pytest.mark.parametrize("story", KEPT)
def test_an_informative_sentence_is_unchanged(story: str) -> None:
    assert first_sentence(f"{story}.") == story


@pytest.mark.parametrize("number", NUMBERS)
def test_no_number_or_address_of_a_person_is_left_however_it_is_written(number: str) -> None:
    assert first_sentence(f"Hubungi saya di {number} soal bantuan.") == "Hubungi saya di soal bantuan"


def test_without_an_informative_sentence_the_text_stays_and_there_is_no_first_one() -> None:
    assert informative_sentences("Selamat pagi. Saya ingin melapor.") == ["Selamat pagi.", "Saya ingin melapor."]
    assert first_sentence("Selamat pagi. Saya ingin melapor.") == ""
    assert first_sentence(" \n ") == ""
    assert informative_sentences("") == []


def test_every_story_of_the_demo_begins_with_its_matter_and_goes_on() -> None:
    for text in WORDS["complaints"]:
        first, *rest = informative_sentences(text["story"])
        assert not ANNOUNCES.match(first), first
        assert len(first.split()) >= FEWEST
        assert not rest or text["story"].endswith(rest[-1])


@pytest.mark.parametrize("word", ["saya ", "pengadu, ", "lapor ", "Selamat pagi ", "1 ", ", ", "perkenalkan "])
def test_no_text_takes_long_to_read(word: str) -> None:
    """A text of 60,000 letters: it would take seconds if every beginning were tried on the whole of it."""
    assert len(" ".join(informative_sentences(word * 8_000))) <= 4_000


def test_a_sentence_of_nothing_but_numbers_leaves_no_full_stop_behind() -> None:
    story = "Suami saya memukul. NIK saya 9973015107900007, HP 081234567890. Kantor tidak diangkat."
    assert informative_sentences(story) == ["Suami saya memukul.", "Kantor tidak diangkat."]
    assert informative_sentences("Bantuan saya berhenti... sejak Juli.")[0] == "Bantuan saya berhenti..."
