"""One address in every notation: a search in one notation finds a text in another, and the match is marked."""

import pytest

from models.complaint.repeats import spellings
from models.complaint.scope import viewer
from models.complaint.search import answer, excerpts, marker, ranked
from models.complaint.search_words import terms_of
from tests.office import Office

ALIKE = [  # every two of a line
    (
        "jl. soekarno-hatta no.12",
        "Jalan Soekarno Hatta nomor 12",
        "jln soekarno-hatta no12",
        "JL.Soekarno-Hatta, 12",
    ),
    ("jalan mawar 7", "Jl. Mawar No. 07", "jln. mawar nomor 7"),
    ("rt 03", "rt.3", "rt03", "RT 3", "RT.003", "RT: 3"),
    ("RT 3/RW 5", "rt 03 rw 05", "RT.003/RW.005", "rt3 rw5", "rt. 3, rw. 5", "RT 03/05"),
    ("gang mawar 3", "gg. mawar 3", "Gg.Mawar no. 3"),
    ("perumahan asri blok c-12", "Perum Asri blk. C12", "perum asri blok c no 12", "Perumahan Asri Blok C/12"),
    ("kel. tlogomas kec. lowokwaru", "Kelurahan Tlogomas, Kecamatan Lowokwaru"),
    ("ds. sumberejo", "Desa Sumberejo", "desa sumberejo"),
    ("yth kepala dinas", "Yth. Kepala Dinas", "Yang terhormat Kepala Dinas"),
]


@pytest.mark.parametrize("lines", ALIKE, ids=[line[0] for line in ALIKE])
def test_an_address_is_found_in_every_notation(office: Office, lines: tuple[str, ...]) -> None:
    cases = {office.receive(story=f"Lampu padam di {line}. Sudah lama.")[0] for line in lines}
    office.receive(story="Beras belum sampai.")
    who = viewer(office["petugas"])
    for typed in lines:
        found = answer(typed, who)
        assert (set(found.ids), found.instead) == (cases, ""), typed


def test_a_match_in_another_notation_is_marked(office: Office) -> None:
    [case] = office.receive(story="Lampu padam di jl. soekarno-hatta no.12 RT.03/05.")
    found = answer("Jalan Soekarno Hatta nomor 12 RT 3", viewer(office["petugas"]))
    pieces = excerpts({case: []}, marker(found.terms))[case]
    marked = [piece.text for piece in pieces if piece.marked]
    assert marked == ["jl", "soekarno", "hatta", "no", "12", "RT", "03"]


def test_an_optional_word_is_left_out_and_the_page_says_so(office: Office) -> None:
    [case] = office.receive(story="Lampu padam di Melati 7.")
    found = answer("Jalan Melati nomor 7", viewer(office["petugas"]))
    assert (found.ids, found.instead) == ([case], "“melati 7”")


def test_of_cases_with_all_words_the_one_with_adjacent_words_comes_first(office: Office) -> None:
    [street] = office.receive(story="Lampu padam di jl.melati no.7.")
    office.receive(story="Dari Jalan Kenanga 7, nomor antrean 3, ke rumah Bu Melati.")
    office.receive(story="Jalan Melati nomor 75 ada 7 lubang.")
    found = answer("jalan melati nomor 7", viewer(office["petugas"]))
    assert len(found.ids) == 3
    assert ranked(found, "jalan melati nomor 7")[0] == street


@pytest.mark.parametrize("typed", ["400.9/12/35.73/2026", "no. 400.9/12/35.73/2026", "12/X/2026", "05-10-2026", "3/5"])
def test_a_number_of_several_parts_stays_whole(typed: str) -> None:
    assert (typed.lower().removeprefix("no. "),) in terms_of(typed)


@pytest.mark.parametrize(
    "typed", ["no", "rt", "rt rw", "jl", "no.", "rt.03/", "blok c-", "gg 3 no 5 rt 1/2/3", "no." * 30]
)
def test_every_word_of_a_typed_text_is_searched(office: Office, typed: str) -> None:
    assert terms_of(typed)
    answer(typed, viewer(office["petugas"]))


def test_the_spellings_of_a_word_are_symmetric() -> None:
    for word in ("jl", "no", "kecamatan", "yth", "tidak"):
        assert all(set(spellings(other)) == set(spellings(word)) for other in spellings(word))
    assert spellings("smp") == ("smp",)  # a school, although a phone writes it for sampai
