"""The blank Form Pengaduan: one page and a slip, all that the panel asks for, room to write, no row parted."""

import io
import re
from itertools import pairwise
from typing import Any

import pytest
from pypdf import PdfReader

from models.case.clocks import CASE_CLOCKS
from models.complaint.complaint import Complaint, Person
from models.store.base import labels_of
from papers.layout.glyphs import width
from papers.layout.page import html
from papers.layout.slips import SIZES as SHEETS
from papers.layout.slips import label_width
from papers.printing.render import pdf
from tests.papers.layout.test_lists import made
from tests.papers.printing.test_form_pengaduan import drawn_by
from tests.papers.reading import last_box, lines, pages, strokes, words

LETTERHEAD = {
    "address": "Jalan Contoh Sejahtera Nomor 1",
    "phone": "(0341) 000000",
    "postcode": "00000",
    "web": "Laman dinas.example.com – Surel pengaduan@example.com",
}
GROUPS, CLOCKS = ["Langsung", "Media daring", "Lainnya"], [clock.ends for clock in CASE_CLOCKS]
SIZES = pytest.mark.parametrize("size", ["F4", "A4"])


def form(size: str) -> dict[str, Any]:
    frozen = made("formulir_kosong", "Form Pengaduan", size=size, groups=GROUPS, clocks=CLOCKS)
    return {**frozen, "office": {**frozen["office"], **LETTERHEAD}}


@SIZES
def test_it_has_one_page_and_a_receipt_and_asks_for_all_that_the_panel_asks_for(size: str) -> None:
    first, back, receipt = map(words, pages(pdf(form(size))))
    officer, others = first.split("B.Pengadu")
    assert "Kategori:" in officer
    assert "☐DaruratKesegeraan:☐Biasa☐Segera☐SangatsegeraKategori:" in officer
    assert "Kerahasiaan:☐Biasa☐Terbatas☐RahasiaKlasifikasi:" in officer
    subject, _ = back.split("Uraiankejadian(")
    of_kuasa, subject = subject.split("Yangbersangkutan(")
    assert "Namakuasa:NomorSuratKuasa:Tanggal:NIK:" in of_kuasa
    assert all(f"{words(label)}:" in of_kuasa for label in OF_KUASA)
    assert all(label in part for part in (others, subject) for label in ("Nama:", "NIK:", "Usia:", "Kelompokrentan:"))
    assert f"{words(labels_of(Person)['relation'])}:" in subject
    assert all(f"{words(label)}:" in first for label in ASKED)
    assert "untukkeduahalaman" in first, "what the pengadu states is of the back, too"
    assert all(
        f"{label}:" in receipt for label in ("Pengadu", "Perihal", "Buktiyangdiserahkan", "Jawabanpertamapalinglambat")
    )
    assert all(f"☐{words(name)}" in receipt for name in CLOCKS), "as the printed receipt says it"
    assert receipt.count("Petugas:") == receipt.count("FormPengaduan") == 0
    assert "TandaTerimaPengaduan–dicetak" in receipt
    assert [page.count("NIP.……") for page in (first, back, receipt)] == [1, 0, 1]
    assert "PENGADU/KUASA," in first
    assert "☐Janganditelepon" in first
    assert all(f"{label}:" in receipt for label in ("Melalui", "Kuasa"))
    assert "(pengaduanrahasia:barisPengadus.d.bataswaktudikosongkan)" in receipt
    assert "Pengaduanrahasia:petugashanyamenjawabpengadusendiriataukuasanya" in receipt
    assert "Pengadu,ataukuasayangbertindakuntuknya" in first, "whoever of the two signs"


OF_KUASA = ["Alamat", *(labels_of(Person)[name] for name in ("job", "phone", "kelurahan"))]
ASKED = [
    *(labels_of(Person)[name] for name in ("address", "domicile", "phone", "email", "job", "safe_contact")),
    *(labels_of(Complaint)[name] for name in ("title", "event_date", "event_place", "accused", "loss")),
    "Identitas dirahasiakan",
    "Bukti yang diserahkan",
]


@SIZES
def test_it_has_a_box_for_each_digit_of_a_nik(size: str) -> None:
    rows = [part.split("</table>")[0] for part in re.split(r'<table class="dots[ a-z]*">', html(form(size)))]
    assert [row.count('class="digit"') for row in rows if ">NIK<" in row] == [16, 16, 16]


@SIZES
def test_it_leaves_lines_for_what_happened_and_what_is_asked_and_most_of_its_back(size: str) -> None:
    front, back = html(form(size)).split("Uraian kejadian")[1:]
    story, asked = front.split("Yang diminta")
    assert story.count('class="line"') >= {"F4": 5, "A4": 3}[size]
    assert asked.split("Pernyataan")[0].count('class="line"') == 2
    assert back.split("<h1")[0].count('class="line"') >= {"F4": 23, "A4": 19}[size]


MM = 72 / 25.4


def room(printed: bytes, page: int, label: str) -> float:
    """How long (mm) the line behind a first label is, and behind the last of those alike."""
    *_, high = [line.mm for line in lines(printed)[page] if line.text.strip().startswith(label)]
    level = [(start, end) for start, end in strokes(printed, page) if abs(start[1] - end[1]) < 0.1]
    behind = [end[0] - start[0] for start, end in level if abs(start[1] / MM - high) < 3 and start[0] > 50 * MM]
    return behind[0] / MM


WRITTEN = {  # the letters of what one writes there, by page and label
    (0, "Tempat, tanggal lahir"): 20,
    (0, "Kelurahan/Kecamatan"): 18,
    (0, "Telepon/WhatsApp"): 13,
    (0, "Surel"): 24,
    (0, "Bukti yang diserahkan"): 24,
    (0, "Nama/rujukan media"): 24,
    (1, "Nama kuasa"): 24,
    (1, "Nama "): 24,
    (2, "Perihal"): 13,
}


@SIZES
def test_block_letters_of_five_millimetres_have_room(size: str) -> None:
    printed = pdf(form(size))
    rooms = {place: room(printed, *place) for place in WRITTEN}
    assert all(rooms[place] >= 5 * letters for place, letters in WRITTEN.items()), rooms


@SIZES
def test_each_address_has_its_kelurahan_kecamatan_and_rt_rw(size: str) -> None:
    asked = words("Kelurahan/Kecamatan : RT/RW :")
    first = words(pages(pdf(form(size)))[0])
    assert words(f"Alamat KTP : {asked} Alamat domisili : {asked} Telepon/WhatsApp :") in first


@SIZES
def test_the_letterhead_stands_eight_millimetres_below_the_upper_edge(size: str) -> None:
    first, *_ = lines(pdf(form(size)))[0]
    assert SHEETS[size][1] - first.mm - 0.72 * first.size / MM >= 8, "the capitals of its first line"


@SIZES
def test_the_lines_to_sign_on_are_forty_five_millimetres_wide(size: str) -> None:
    [names] = [line for line in lines(pdf(form(size)))[0] if re.fullmatch(r"…+\s+…+\s*", line.text)]
    for dots in names.text.split():
        assert len(dots) * width("…") * names.size / MM >= 44.9


@SIZES
@pytest.mark.parametrize("page", [0, 2])
def test_boxes_labels_and_colons_of_a_row_stand_level(page: int, size: str) -> None:
    drawn = drawn_by(pdf(form(size)), page)
    [end] = [high for high, _, _, text in drawn if text.startswith(("D. Pernyataan", "Perkembangan"))]
    levels = sorted({high for high, _, _, _ in drawn if high > end}, reverse=True)
    assert len(levels) > 10
    assert not [(above, below) for above, below in pairwise(levels) if 0.2 < above - below < 1], levels


@SIZES
def test_headings_have_no_colon(size: str) -> None:
    first = words(pages(pdf(form(size)))[0])
    assert all(words(heading) in first for heading in ("A. Register (petugas) ☐", "B. Pengadu ☐", "C. Pengaduan ("))


@SIZES
@pytest.mark.parametrize("page", [0, 1])
def test_the_boxes_of_a_nik_stand_clear_of_the_line_above(page: int, size: str) -> None:
    printed = pdf(form(size))
    level = [(start, end) for start, end in strokes(printed, page) if abs(start[1] - end[1]) < 0.1]
    top = max(start[1] for start, end in level if 4 * MM < end[0] - start[0] < 6 * MM)
    above = min(start[1] for start, end in level if start[1] > top and end[0] - start[0] > 20 * MM)
    assert above - top >= 3 * MM


def written_lines(printed: bytes, page: int) -> list[float]:
    """How high (mm) the dotted lines of a page stand, from above."""
    level = [(start, end) for start, end in strokes(printed, page) if abs(start[1] - end[1]) < 0.1]
    return sorted({round(start[1] / 72 * 25.4, 1) for start, end in level if end[0] - start[0] > 20}, reverse=True)


@SIZES
@pytest.mark.parametrize("page", [0, 1, 2])
def test_no_line_is_lower_than_eight_millimetres_for_a_hand(size: str, page: int) -> None:
    """On the front of A4 7.5 mm."""
    least = 7.4 if (size, page) == ("A4", 0) else 7.9
    heights = written_lines(pdf(form(size)), page)
    rules, foot = (0 if page == 1 else 2), 1  # under the letterhead, over the foot
    heights = heights[rules:-foot]
    assert len(heights) > (5 if page == 2 else 20)
    assert all(above - below >= least for above, below in pairwise(heights)), heights


@SIZES
def test_its_front_is_filled_to_the_foot(size: str) -> None:
    first = lines(pdf(form(size)))[0]
    assert first[-1].text.startswith("NIP.")
    assert 15 < first[-1].mm < 24


@SIZES
def test_who_signs_has_twenty_five_millimetres(size: str) -> None:
    for page in (0, 2):
        read = lines(pdf(form(size)))[page]
        title = next(line for line in read if "PETUGAS PENANGANAN PENGADUAN," in line.text)
        name, number = read[-2:]
        assert number.text.startswith("NIP.")
        assert title.mm - name.mm >= 27.5, "between the feet of their letters"


@SIZES
def test_headings_stand_apart_from_the_line_above(size: str) -> None:
    printed = pdf(form(size))
    for page, heading in ((0, "C. Pengaduan"), (1, "Yang bersangkutan"), (1, "Uraian kejadian")):
        [high] = [line.mm for line in lines(printed)[page] if line.text.startswith(heading)]
        above = min(line for line in written_lines(printed, page) if line > high)
        assert above - high >= 3 + 2.5, f"{heading}: capitals of 2.5 mm"


@SIZES
def test_the_statement_stands_apart_from_the_last_line_to_write_on(size: str) -> None:
    printed = pdf(form(size))
    [high] = [line.mm for line in lines(printed)[0] if line.text.startswith("D. Pernyataan")]
    above = min(line for line in written_lines(printed, 0) if line > high)
    assert above - high >= {"F4": 3, "A4": 2.6}[size] + 2.5, "capitals of 2.5 mm"


@SIZES
def test_second_labels_begin_at_three_places_and_end_alike_before_their_colons(size: str) -> None:
    places, blanks = set(), set()
    for row in re.split(r'<table class="dots[ a-z]*">', html(form(size)))[1:]:
        before, beside, rest = row.partition('<td class="beside')
        if beside:
            places.add(sum(map(float, re.findall(r'width="([\d.]+)mm"', before))))
            wide, label = re.findall(r'width="([\d.]+)mm">([^<]+)', rest)[0]
            blanks.add(round(float(wide) - label_width(label, 10), 1))
    assert (len(places), len(blanks)) == (3, 1)


@SIZES
def test_limits_have_their_colons_close_and_room_for_a_date(size: str) -> None:
    printed = pdf(form(size))
    [level, *_] = [high for high, _, _, text in drawn_by(printed, 2) if text.endswith("paling lambat")]
    colons = sorted(left for high, left, _, text in drawn_by(printed, 2) if text == ":" and abs(high - level) < 1)
    for clock, colon in zip(CLOCKS, colons, strict=True):
        assert colon - last_box(printed, clock, page=2)[2] < 2.5 * MM
    lines_on = sorted(end[0] - begin[0] for begin, end in strokes(printed, 2) if level - 9 < begin[1] < level)
    assert lines_on[0] > 35.5 * MM


@SIZES
def test_dots_for_a_name_are_as_light_as_those_for_a_nip(size: str) -> None:
    kinds = set()

    def hear(text: str, _: object, __: object, font: dict, ___: float) -> None:
        if "……" in text:
            kinds.add(str(font["/BaseFont"]).partition("+")[2])

    for page in PdfReader(io.BytesIO(pdf(form(size)))).pages:
        page.extract_text(visitor_text=hear)
    assert kinds == {"LiberationSans"}


@SIZES
def test_the_statement_is_no_strip(size: str) -> None:
    stated = [line for line in lines(pdf(form(size)))[0] if line.mm < 52]
    assert len(stated) <= 9


@pytest.mark.parametrize(("web", "name"), [("", 1), ("", 2), (LETTERHEAD["web"], 3)])
def test_its_front_is_one_page_under_any_letterhead(web: str, name: int) -> None:
    for size in ("F4", "A4"):
        frozen = form(size)
        frozen["office"] |= {"web": web, "name": [*frozen["office"]["name"], "KOTA MALANG"][:name]}
        assert len(pages(pdf(frozen))) == 3


def test_with_the_longest_statement_the_slip_still_begins_a_sheet() -> None:
    texts = pages(pdf({**form("A4"), "wording": {"formulir_kosong.statement": "Pernyataan yang panjang. " * 24}}))
    assert "TANDA TERIMA" in texts[-1]
    assert len(texts) % 2 == 1


@SIZES
def test_no_page_parts_a_label_from_its_line(size: str) -> None:
    tables = re.split(r'<table class="dots[ a-z]*">', html(form(size)))[1:]
    assert {table.split("</table>")[0].count("<tr>") for table in tables} == {1}
