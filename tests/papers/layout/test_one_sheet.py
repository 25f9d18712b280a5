"""Asesmen, Nota Dinas and Berita Acara: ordinary cases on one sheet, signatures level, the Lampiran on another one."""

from collections.abc import Iterator

import pytest

from bench.variants import NAME, POST, VISITOR, Content, merged, with_long_names
from models.demo.texts import WORDS
from models.records.main_line import CONCLUSIONS, ENDS, WITHOUT_RECEIVER
from papers.printing.render import pdf
from tests.papers.contents import HEAD, OFFICER, UNIT_HEAD, content, person
from tests.papers.printing.test_nota_dinas import LETTERHEAD, PLAIN, SIZES, empty_below, of_demo
from tests.papers.reading import Line, flow, lines, pages, said, sizes, strokes, words

OF_SIZES = pytest.mark.parametrize("size", SIZES)
NUMBERS = range(0, len(WORDS["complaints"]), 12)
RESPONSE = "Mohon kabar lanjutan bila penetapannya sudah ada, karena anak saya masuk sekolah bulan depan."
KUASA = {
    "persons": {"kuasa": person(kind="Kuasa", name="Dewi Lestari, S.H.", nik="997301******0007")},
    "records": {"berita_acara": {"blanks": {"receiver": "Dewi Lestari, S.H."}, "codes": {"capacity": "kuasa"}}},
}
NOTED = {
    "records": {
        "berita_acara": {
            "blanks": {"outcome": ENDS["diterima_catatan"], "response": RESPONSE},
            "codes": {"outcome": "diterima_catatan"},
        }
    }
}


def asesmen(number: int, size: str) -> Content:
    """The Berkas Asesmen of one of the demo's complaints."""
    case, advice = WORDS["complaints"][number], WORDS["assessment_suggestions"]
    blanks = {**case["findings"], "advice": advice[number % len(advice)]}
    blanks["conclusion"] = CONCLUSIONS[blanks["conclusion"]]
    complaint = {name: case[name] for name in ("title", "story", "asks")}
    records = {"assessment": {"blanks": blanks}}
    return content("berkas_asesmen", office={**LETTERHEAD, "size": size}, complaint=complaint, records=records)


def berita_acara(number: int, size: str, **changes: Content) -> Content:
    """The Berita Acara of one of the demo's complaints."""
    case = WORDS["complaints"][number]
    records = {"berita_acara": {"blanks": {"told": case["findings"]["answer"]}}}
    complaint = {"title": case["title"]}
    frozen = content("berita_acara", office={**LETTERHEAD, "size": size}, complaint=complaint, records=records)
    return merged(frozen, changes)


def ended(end: str, size: str) -> Content:
    """A Berita Acara of one party."""
    codes, blanks = {"outcome": end, "medium": "telepon"}, {"outcome": ENDS[end], "medium": "Telepon", "place": ""}
    return berita_acara(0, size, records={"berita_acara": {"codes": codes, "blanks": blanks}})


@OF_SIZES
def test_an_ordinary_asesmen_stands_on_one_sheet(size: str) -> None:
    printed = [pdf(asesmen(number, size)) for number in NUMBERS]
    assert [len(pages(one)) for one in printed] == [1] * len(printed)
    assert min(line.size for line in lines(printed[0])[0]) >= 10


@OF_SIZES
def test_the_letters_of_an_asesmen_are_of_about_one_size_on_both_papers(size: str) -> None:
    [page] = lines(pdf(asesmen(0, size)))
    [text] = [line for line in page if line.text.startswith("A. Pokok persoalan.")]
    assert round(text.size, 1) >= 10.8


@OF_SIZES
def test_long_names_and_a_long_title_leave_an_ordinary_asesmen_on_one_sheet(size: str) -> None:
    assert [len(pages(pdf(with_long_names(asesmen(number, size))))) for number in NUMBERS[::4]] == [1] * len(
        NUMBERS[::4]
    )


@OF_SIZES
def test_a_name_of_sixty_letters_stands_on_one_line_of_an_asesmen(size: str) -> None:
    [page] = lines(pdf(with_long_names(asesmen(0, size))))
    assert any(VISITOR in line.text for line in page)


@pytest.mark.parametrize("changes", [{}, KUASA, NOTED], ids=["pengadu", "kuasa", "catatan"])
@OF_SIZES
def test_an_ordinary_berita_acara_stands_on_one_sheet_with_its_lampiran_on_another(size: str, changes: Content) -> None:
    for number in NUMBERS:
        printed = pdf(berita_acara(number, size, **changes))
        first, annex = (words(flow(page)) for page in pages(printed))
        assert words(HEAD["name"]) in first
        assert annex.partition("LAMPIRAN")[2].startswith(
            words("BERITA ACARA Nomor 400.9/8/BA/35.73.403/2026 tanggal 24 November 2026 Waktu penanganan")
        )
        assert words(OFFICER["name"]) not in annex
    assert min(line.size for line in lines(printed)[0]) >= 10


@pytest.mark.parametrize("end", ENDS)
def test_the_text_of_a_berita_acara_names_its_lampiran_before_its_last_sentence(end: str) -> None:
    first, _annex = pages(pdf(ended(end, "F4")))
    named, closing = (
        "tercantum dalam Lampiran yang merupakan bagian tidak terpisahkan dari Berita Acara ini.",
        "Demikian Berita Acara ini dibuat",
    )
    assert words(f"{named} {closing}") in words(first)


def test_the_lampiran_is_of_the_day_of_which_the_berita_acara_says_that_it_is_today() -> None:
    told = {"berita_acara": {"moments": {"told_at": "2026-11-20T09:45:00+07:00"}}}
    first, annex = (words(page) for page in pages(pdf(berita_acara(0, "F4", records=told))))
    assert words("Pada hari ini, Jumat, tanggal Dua Puluh, bulan November") in first
    assert words("Nomor 400.9/8/BA/35.73.403/2026 tanggal 20 November 2026") in annex


@OF_SIZES
def test_the_figures_of_the_lampiran_are_numbered_and_no_duration_is_parted(size: str) -> None:
    frozen = berita_acara(0, size)
    [run] = frozen["clocks"][2]["runs"]
    frozen["clocks"][2] |= {"runs": [[*run[:2], 5 * 60 + 58]] * 2, "minutes": 11 * 60 + 56}
    _first, annex = lines(pdf(frozen))
    said_of_it = [line.text.strip() for line in annex]
    assert any(line.startswith("No.") for line in said_of_it)
    assert len([line for line in said_of_it if "(5 jam 58 menit)" in line]) == 2
    assert any("11 jam 56 menit" in line for line in said_of_it)
    day = next(at for at, line in enumerate(said_of_it) if "11.20 –" in line)
    assert "23 November 2026" in said_of_it[day - 1]


def test_the_duration_of_a_single_run_is_said_once() -> None:
    frozen = berita_acara(0, "F4")
    single = [row for row in frozen["clocks"] if len(row["runs"]) == 1]
    annex = words(flow(pages(pdf({**frozen, "clocks": single}))[1]))
    assert len(single) > 2
    assert words("23 November 2026 09.10–09.14 4 menit") in annex
    assert "menit)" not in annex


def test_a_row_that_was_gone_through_more_than_once_is_one_in_a_frame() -> None:
    """A page has as many levels of lines as with one run."""
    frozen = berita_acara(0, "F4")
    levels = []
    for times in (1, 6):
        row = {**frozen["clocks"][0], "runs": frozen["clocks"][0]["runs"] * times}
        drawn = strokes(pdf({**frozen, "clocks": [row, *frozen["clocks"][2:]]}), page=1)
        levels.append(len({round(y) for (_, y), (_, other) in drawn if y == other}))
    assert levels[0] > 4
    assert levels[0] == levels[1]


@OF_SIZES
def test_the_paper_of_two_pages_has_its_lampiran_on_a_third(size: str) -> None:
    told = "\n".join(f"Baris {number} yang disampaikan kepada pengadu." for number in range(40))
    records = {"berita_acara": {"blanks": {"told": told}}}
    read = [words(flow(page)) for page in pages(pdf(berita_acara(0, size, records=records)))]
    assert ["LAMPIRAN" in page for page in read] == [False] * (len(read) - 1) + [True]
    assert len(read) == 3


def test_an_asesmen_says_its_number_once_above_its_facts() -> None:
    """It has no other than the register's, which its foot repeats."""
    text = flow(pages(pdf(asesmen(0, "F4")))[0])
    assert words(text).count("PGD/12/XI/2026") == 1
    assert words("Nomor register: PGD/12/XI/2026 Diterima : 23 November 2026") in words(text)


@OF_SIZES
def test_the_last_sentence_of_an_asesmen_names_the_nota_dinas_on_one_line(size: str) -> None:
    [page] = lines(pdf(asesmen(0, size)))
    assert any("Demikian hasil asesmen ini" in line.text and "Nota Dinas." in line.text for line in page)


def test_an_asesmen_with_room_has_more_above_a_section_than_between_its_paragraphs() -> None:
    frozen = asesmen(0, "F4")
    frozen["records"]["assessment"]["blanks"]["facts"] = "Satu baris.\nDua baris.\nTiga baris."
    [page] = lines(pdf(frozen))
    one, two, three, section = (_line(page, text).mm for text in ("Satu baris.", "Dua", "Tiga", "C. Analisis."))
    assert (three - section) - (two - three) >= 6 * 25.4 / 72 - 0.1
    assert one > two


def test_what_an_assessment_does_not_hold_takes_no_line() -> None:
    frozen = asesmen(0, "F4")
    assert "Kunjungan:" in said(pdf(frozen))
    frozen["records"]["assessment"]["blanks"]["visited"] = ""
    assert "Kunjungan:" not in said(pdf(frozen))


@pytest.mark.parametrize("end", sorted(WITHOUT_RECEIVER))
@OF_SIZES
def test_the_page_of_one_party_is_filled_from_the_top(size: str, end: str) -> None:
    first, _annex = lines(pdf(ended(end, size)))
    assert empty_below(first, size) < 1 / 3


@OF_SIZES
def test_initials_stand_under_the_signatures_and_need_no_second_sheet(size: str) -> None:
    for number in NUMBERS:
        records = {"nota_dinas": {"blanks": {"copies": "", **of_demo(number)}}, **PLAIN}
        frozen = content("nota_dinas", office={**LETTERHEAD, "size": size, "paraf": True}, records=records)
        [page] = lines(pdf(frozen))
        [initials] = [line for line in page if "PARAF HIERARKI" in line.text]
        assert initials.mm < _line(page, HEAD["name"]).mm, "in a row of their own"
        assert all(any(word in line.text for line in page) for word in ("Rehabilitasi,", "Perlindungan", "Tanggal"))


def _line(page: list[Line], text: str) -> Line:
    return next(line for line in reversed(page) if text in line.text)


def signed_unlike() -> Iterator[tuple[Content, str, str]]:
    """Papers whose signers have titles and names of unequal length, and how both names begin."""
    long = {**HEAD, "name": NAME, "title": POST, "pangkat": ""}
    for size in SIZES:
        office = {"size": size}
        approved = {**PLAIN, "approval": {**PLAIN["approval"], "by": long}}
        yield content("nota_dinas", office=office, records=approved), NAME[:20], UNIT_HEAD["name"]
        yield merged(ended("tidak_dihubungi", size), {"kepala_dinas": long}), NAME[:20], OFFICER["name"]


@pytest.mark.parametrize(("frozen", "one", "other"), list(signed_unlike()))
def test_signatures_are_level_under_titles_of_unequal_length(frozen: Content, one: str, other: str) -> None:
    page = lines(pdf(frozen))[0]
    name = _line(page, one)
    assert other in name.text
    [over] = [line for line in page if "MALANG," in line.text]
    assert len([part for part in over.text.split("\n") if part.strip().endswith(",")]) == 2, "titles end level as well"


@OF_SIZES
def test_a_kuasa_has_a_masked_nik_and_room_for_the_surat_kuasa(size: str) -> None:
    text = said(pdf(berita_acara(0, size, **KUASA)))
    assert words("NIK : 997301******0007") in text
    assert words("Selaku : Kuasa pengadu Surat Kuasa : Nomor …") in text
    unknown = merged(KUASA, {"persons": {"kuasa": {"nik": ""}}})
    assert words("NIK : belum tercatat") in said(pdf(berita_acara(0, size, **unknown)))
    assert "SuratKuasa" not in said(pdf(berita_acara(0, size)))


@pytest.mark.slow("prints a Berita Acara at twelve lengths")
@pytest.mark.parametrize("response", [RESPONSE, RESPONSE * 20, "\n".join([RESPONSE] * 4)])
@OF_SIZES
def test_a_sentence_that_leads_to_a_text_stays_on_its_page(size: str, response: str) -> None:
    parted = 0
    for count in range(4, 40, 3):
        told = "\n".join(f"Baris {number} yang disampaikan." for number in range(count))
        records = merged(NOTED["records"], {"berita_acara": {"blanks": {"told": told, "response": response}}})
        *before, _end = (words(flow(page)) for page in pages(pdf(berita_acara(0, size, records=records))))
        parted += any(words(RESPONSE[-30:]) in page for page in before[1:])
        assert not any(page.endswith(words("dengan catatan:")) for page in before), count
    assert parted, "pages did end there, else nothing was shown"


@OF_SIZES
def test_a_nota_dinas_that_misses_its_sheet_by_little_stands_closer_on_it(size: str) -> None:
    """Line by line longer: the first that needs a second sheet leaves little of the first one empty."""
    leads = set[float]()
    for count in range(8, 60):
        matter = "\n".join(["Satu baris pokok pengaduan."] * count)
        records = {"nota_dinas": {"blanks": {"copies": "", "matter": matter}}, **PLAIN}
        read = lines(pdf(content("nota_dinas", office={**LETTERHEAD, "size": size}, records=records)))
        if len(read) > 1:
            break
        first, second, *_ = (line.mm for line in read[0] if "Satu baris" in line.text)
        leads.add(round(first - second, 1))
        assert min(line.size for line in read[0]) >= 10
    assert len(leads) > 1, "the last ones stood closer"
    assert empty_below(read[0], size) < 0.19
    assert any("Satu baris" in line.text or "jawaban" in line.text for line in read[1])


def test_a_closer_sheet_keeps_its_frames_around_their_letters() -> None:
    """Where cells span rows, a table keeps the places of its cells as they were first measured."""
    by = {"by": {**HEAD, "name": NAME, "title": POST}}
    for count in range(1, 24):
        matter = "\n".join(["Satu baris pokok pengaduan."] * count)
        records = {"nota_dinas": {"blanks": {"copies": "", "matter": matter}}, "approval": {**PLAIN["approval"], **by}}
        printed = pdf(content("nota_dinas", office={**LETTERHEAD, "paraf": True}, records=records))
        [of_table] = [line for page in lines(printed) for line in page if "PARAF HIERARKI" in line.text]
        page = next(n for n, page in enumerate(lines(printed)) if of_table in page)
        tops = [y * 25.4 / 72 for (_, y), (_, end) in strokes(printed, page) if y == end]
        assert 2.5 < min(top - of_table.mm for top in tops if top > of_table.mm) < 4, count


def test_no_line_of_dots_stands_for_a_title() -> None:
    frozen = berita_acara(0, "F4")
    frozen["kepala_dinas"] = {}
    text = said(pdf(frozen))
    assert "…," not in text
    assert words("Mengetahui, KEPALA DINAS,") in text


def test_letters_have_at_least_ten_points() -> None:
    for kind in ("berkas_asesmen", "berita_acara", "nota_dinas"):
        drawn = sizes(pdf(content(kind, office={"size": "A4", "paraf": True})))
        assert not [size for size in drawn if 8 < size < 10], kind
