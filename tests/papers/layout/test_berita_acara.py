"""A Berita Acara: what its Lampiran says of a result that reached nobody, how its lines break, how its hands stand."""

import re
from typing import Any

import pytest

from bench.variants import NAME, PLH, POST, TITLE
from papers.printing.render import pdf
from tests.papers.contents import content
from tests.papers.reading import lines, pages, said, words

OF_SIZES = pytest.mark.parametrize("size", ["F4", "A4"])
RESPONSE = "Pengadu memahami penjelasan dan bersedia menunggu tahap berikutnya."


def berita_acara(outcome: str = "diterima", *, size: str = "F4", response: str = "", **changes: Any) -> dict[str, Any]:
    act = {"blanks": {"outcome": "Diterima", "response": response}, "codes": {"outcome": outcome}}
    frozen = content("berita_acara", office={"size": size}, records={"berita_acara": act})
    for name, value in changes.items():
        frozen[name] |= value
    return frozen


def printed_lines(frozen: dict[str, Any]) -> list[list[str]]:
    """The lines of each page, with plain blanks."""
    return [[" ".join(line.split()) for line in page.splitlines()] for page in pages(pdf(frozen))]


def lampiran(frozen: dict[str, Any]) -> str:
    return said(pdf(frozen)).partition("LAMPIRAN")[2]


def test_what_was_tried_stands_in_the_lampiran_and_is_not_judged_by_the_standard() -> None:
    last = lampiran(berita_acara("tidak_dihubungi")).partition(words("Petugas menyampaikan hasil"))[2]
    for day in (20, 21, 22):
        assert words(f"{day} November 2026 09.00 (telepon)") in last
    assert words("Tidak tersampaikan (3 upaya)") in last
    assert not [word for word in ("Sesuai", "Lewat", "Menunggu") if word in last]


def test_a_result_that_nobody_could_be_told_is_kept_and_not_judged_by_the_standard() -> None:
    last = lampiran(berita_acara("anonim")).partition(words("Petugas menyampaikan hasil"))[2]
    assert words("24 November 2026 09.45–09.50 (5 menit)") in last
    assert words("Hasil disimpan") in last
    assert not [word for word in ("Sesuai", "Lewat", "Menunggu", "(telepon)") if word in last]


@pytest.mark.parametrize("outcome", ["diterima", "keberatan"])
def test_a_result_that_was_told_is_judged_by_the_standard(outcome: str) -> None:
    last = lampiran(berita_acara(outcome)).partition(words("Petugas menyampaikan hasil"))[2]
    assert words("5 menit Sesuai standar Menunggu 5 menit") in last


def test_the_lampiran_says_that_its_rows_are_shortened_and_what_a_day_is() -> None:
    note = "Kegiatan ditulis ringkas; bunyi lengkapnya pada lembar SOP."
    assert words(f"{note} 1 hari dihitung sebagai 1 hari kerja.") in lampiran(berita_acara())
    hours = [row for row in berita_acara()["clocks"] if "hari" not in row["norm"]]
    assert lampiran({**berita_acara(), "clocks": hours}).endswith(words(note))


@OF_SIZES
def test_no_line_parts_a_duration_or_a_party(size: str) -> None:
    frozen = berita_acara(size=size)
    frozen["clocks"][-1] |= {"waiting": 104}
    printed = printed_lines(frozen)
    assert any("1 jam 44 menit" in line for line in printed[-1])
    assert not [line for page in printed for line in page if line.endswith("PIHAK")]


@pytest.mark.parametrize(
    ("outcome", "is_introduced"), [("diterima", True), ("diterima_catatan", False), ("keberatan", False)]
)
def test_what_he_said_is_introduced_once(outcome: str, is_introduced: bool) -> None:
    text = said(pdf(berita_acara(outcome, response=RESPONSE)))
    assert (words(f"Keterangan PIHAK KEDUA: {RESPONSE}") in text) == is_introduced
    assert words(f": {RESPONSE}") in text


@pytest.mark.parametrize(
    ("place", "printed"),
    [
        ("Loket pengaduan dinas", "loket pengaduan dinas"),
        ("Rumah pengadu", "rumah pengadu"),
        ("Rumah Sakit Saiful Anwar", "Rumah Sakit Saiful Anwar"),
        ("Malang", "Malang"),
    ],
)
def test_a_place_stands_within_the_sentence(place: str, printed: str) -> None:
    frozen = berita_acara()
    frozen["records"]["berita_acara"]["blanks"]["place"] = place
    assert words(f"bertempat di {printed}, kami") in said(pdf(frozen))


@OF_SIZES
def test_a_name_beside_two_others_is_not_parted(size: str) -> None:
    printed = pdf(berita_acara(size=size, response=RESPONSE, kepala_dinas=PLH))
    assert len(pages(printed)) == 2  # with the Lampiran
    [names] = [line.text for line in lines(printed)[0] if "Endang" in line.text]
    assert words(names).find(words(PLH["name"])) >= 0


@OF_SIZES
def test_a_long_title_stands_under_the_two_parties_over_the_whole_width(size: str) -> None:
    long = {"name": NAME, "title": POST}
    frozen = berita_acara(size=size, response=RESPONSE, kepala_dinas=long, signer=long, complaint={"title": TITLE})
    printed = pages(pdf(frozen))
    signing = words(printed[1])
    assert signing.index("PIHAKPERTAMA,") < signing.index("Mengetahui,")
    assert len([line for line in lines(pdf(frozen))[1] if re.search("KEPALA BIDANG|PEREMPUAN|MALANG,", line.text)]) <= 2
    assert words(RESPONSE) in words(printed[0])  # only closing and signatures go together
    assert words("Waktu penanganan menurut SOP adalah") in signing


@pytest.mark.parametrize("mark", [{}, {"void": True}])
@OF_SIZES
def test_rahasia_stands_at_the_head_of_each_page_and_the_number_alone_below(size: str, mark: dict[str, Any]) -> None:
    frozen = berita_acara(size=size, complaint={"is_secret": True}, paper=mark)
    for number, page in enumerate(printed_lines(frozen), 1):
        assert page.count("RAHASIA") == 1
        assert page.count(f"- {number} -") == (number > 1)
