"""Lists: no signature without rows of its list, no page with a row or two amid it, no row lost; their columns."""

import re
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bench.variants import NAME, POST, TITLE
from papers.layout.columns import list_room, list_widths
from papers.layout.glyphs import width
from papers.layout.phrases import with_degrees
from papers.printing.render import pdf
from tests.papers.contents import AT, HEAD, UNITS
from tests.papers.layout.test_blank_form import LETTERHEAD
from tests.papers.layout.test_lists import covering, index, made
from tests.papers.reading import last_box, pages, said, strokes, words

ROW = re.compile(r"PGD/(\d+)/VIII/2026")
LONG_SIGNER = {**HEAD, "name": NAME, "title": POST}
NOTE = "Disetujui dengan catatan: laporkan hasilnya kepada Kepala Dinas sebelum akhir bulan ini."
Content = dict[str, Any]


def numbered(row: Content, name: str, count: int) -> list[Content]:
    return [{**row, name: f"PGD/{number}/VIII/2026"} for number in range(1, count + 1)]


def brought(count: int, size: str, long: bool) -> Content:
    frozen = covering(1, size=size)
    giver, taker = frozen["signers"]
    taker = {**taker, "name": NAME, "title": POST} if long else taker
    return {**frozen, "rows": numbered(frozen["rows"][0], "register", count), "signers": [giver, taker]}


def approved(count: int, size: str, long: bool) -> Content:
    row = {"number": "400.9/123/ND/35.73.999/2026", "unit": UNITS[1], "date": AT, "at": AT}
    row["by"] = HEAD["name"]
    row |= {"title": TITLE, "decision": NOTE} if long else {"title": "Bantuan terhenti", "decision": "Disetujui"}
    rows = numbered(row, "register", count)
    signer = {**(LONG_SIGNER if long else HEAD), "role": "kepala_dinas", "as": "Kepala Dinas"}
    facts = {"day": AT, "kind": "Nota Dinas", "signers": [signer]}
    return made("daftar_disetujui", "Daftar Nota Dinas yang disetujui", size=size, rows=rows, **facts)


def indexed(count: int, size: str, long: bool) -> Content:
    frozen = index(1, size=size)
    row = {**frozen["papers"][0], "title": TITLE if long else "Nota Dinas"}
    return {**frozen, "register": "PGD", "papers": numbered(row, "number", count)}


def promised(count: int, size: str, long: bool) -> Content:
    row = {"day": AT, "caretaker": "Petugas Penanganan Pengaduan", "end": "Lewat tanggal"}
    rows = numbered({**row, "what": TITLE if long else "Kunjungan rumah"}, "register", count)
    return made("agenda_janji", "Agenda Janji", size=size, rows=rows, printer=HEAD)


def left_out(count: int, size: str, long: bool) -> Content:
    row = {"title": "Nota Dinas", "number": "", "why": TITLE if long else "Gagal dicetak."}
    rows = numbered(row, "register", count)
    facts = {
        "counted": f"{count} dari 201 dokumen yang dipilih",
        "among": "Kumpulan ini memuat satu dokumen.",
        "chooser": NAME,
    }
    return made("tidak_disertakan", "Dokumen yang Tidak Disertakan", size=size, rows=rows, **facts)


MADE = {
    "daftar_pengantar": (brought, "Dokumen di atas diserahkan"),
    "daftar_disetujui": (approved, "Daftar ini memuat"),
    "daftar_isi_berkas": (indexed, ""),
    "agenda_janji": (promised, ""),
    "tidak_disertakan": (left_out, ""),
}


def is_whole(kind: str, count: int, size: str, long: bool) -> None:
    make, closing = MADE[kind]
    texts = [words(page) for page in pages(pdf(make(count, size, long)))]
    rows = [[int(number) for number in ROW.findall(text)] for text in texts]
    assert [number for page in rows for number in page] == [*range(1, count + 1)]
    together = min(2, max(count - 1, 1))
    listed = [len(page) for page in rows if page]
    assert all(there >= together for there in listed), listed
    assert long or all(there > 3 for there in listed[1:-1]), listed
    if not closing:
        return
    [end] = [number for number, text in enumerate(texts) if words(closing) in text]
    assert end == len(texts) - 1
    assert len(rows[end]) >= together, listed
    assert "NIP." in texts[end].split(words(closing))[1]


@pytest.mark.parametrize("kind", MADE)
@settings(max_examples=3)
@given(count=st.integers(1, 200), size=st.sampled_from(["F4", "A4"]), long=st.booleans())
@example(count=1, size="A4", long=True)
@example(count=2, size="A4", long=True)
@example(count=30, size="F4", long=False)
def test_a_list_of_any_length_is_whole(kind: str, count: int, size: str, long: bool) -> None:
    is_whole(kind, count, size, long)


@pytest.mark.slow("prints each list at sixteen lengths")
@pytest.mark.parametrize("kind", MADE)
def test_a_list_is_whole_wherever_its_page_ends(kind: str) -> None:
    for count in range(1, 32, 2):
        is_whole(kind, count, "A4" if count % 3 == 0 else "F4", long=count % 4 == 1)


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_a_long_register_number_stands_whole_among_what_is_left_out(size: str) -> None:
    frozen = left_out(1, size, long=True)
    frozen["rows"][0]["register"] = "PGD/1234/VIII/2026"
    [text] = pages(pdf(frozen))
    assert "PGD/1234/VIII/2026" in [line.strip() for line in text.splitlines()]


# Their columns: numbers and dates whole, no word broken, the room filled


FACE = "LiberationSans-Regular"
HEADS = ["No.", "Nomor", "Judul pengaduan", "Unit kerja", "Paraf"]
KINDS = ["whole", "whole", "text", "text", 20]
NUMBER = "400.9/123/BA/35.73.999/2026"


def lines_in(text: str, wide: float) -> float:
    return width(text, FACE) / list_room(wide)


@given(count=st.integers(1, 30), title=st.integers(1, 20), unit=st.integers(1, 20))
def test_they_fill_the_room_and_numbers_and_heads_stand_whole(count: int, title: int, unit: int) -> None:
    rows = [[str(n), NUMBER, "kata " * title, "bidang " * unit, ""] for n in range(1, count + 1)]
    widths = list_widths(HEADS, rows, 165, KINDS)
    assert sum(widths) == pytest.approx(165)
    assert width(NUMBER, FACE) < list_room(widths[1])
    assert all(width(word) < list_room(wide) for head, wide in zip(HEADS, widths, strict=True) for word in head.split())
    assert widths[4] >= 20


def test_what_makes_the_rows_high_gets_the_room() -> None:
    rows = [["1", NUMBER, "Bantuan", "Bidang Rehabilitasi, Perlindungan dan Jaminan Sosial", ""]] * 5
    widths = list_widths(HEADS, rows, 165, KINDS)
    assert lines_in(rows[0][3], widths[3]) < 3
    assert widths[3] > widths[2]


def test_without_rows_they_fill_the_room_too() -> None:
    assert sum(list_widths(HEADS, [], 165, KINDS)) == pytest.approx(165)


def test_numbers_longer_than_the_room_share_it() -> None:
    widths = list_widths(["A", "B", "C", "D"], [["9" * 300] * 4], 165, ["whole"] * 4)
    assert sum(widths) == pytest.approx(165)


def test_a_degree_stays_with_the_name_before_it() -> None:
    assert with_degrees("Dr. Harsono Wibisana, M.Si.") == "Dr. Harsono Wibisana,\xa0M.Si."
    assert with_degrees("Siti, S.Sos., M.AP.") == "Siti,\xa0S.Sos.,\xa0M.AP."
    assert with_degrees("Bidang Rehabilitasi, Perlindungan") == "Bidang Rehabilitasi, Perlindungan"


def test_a_reason_stands_whole_and_a_document_gets_the_rest() -> None:
    why = "Gagal dicetak: melewati batas waktu."
    rows = [["1", f"Berita Acara Penyelesaian Penanganan Pengaduan {NUMBER}", why]] * 20
    for room in (165, 160):
        widths = list_widths(["No.", "Dokumen", "Sebab"], rows, room, ["whole", "text", "reason"])
        assert width(why, FACE) < list_room(widths[2])
        assert sum(widths) == pytest.approx(room)


def test_a_title_has_more_room_than_a_remark() -> None:
    heads = ["No.", "Uraian", "Nomor dan tanggal", "Halaman", "Keterangan"]
    for remark in ("–", "Ditandatangani oleh siapa pun " * 8):
        rows = [["1", "Berita Acara Penyelesaian", NUMBER, "7–8", remark]] * 5
        widths = list_widths(heads, rows, 160, ["whole", "text", "whole", "whole", "note"], 48)
        assert widths[1] >= 46
        assert sum(widths) == pytest.approx(160)


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_an_agenda_names_its_caretakers_in_two_lines_at_most(size: str) -> None:
    days = [f"2026-11-{day}T00:00:00+07:00" for day in (24, 25)]
    row = {"caretaker": "Petugas Penanganan Pengaduan", "end": "Lewat tanggal", "what": "Kunjungan rumah " * 12}
    rows = [{**row, "day": day, "register": "PGD/123/XI/2026"} for day in days]
    [text] = pages(pdf(made("agenda_janji", "Agenda Janji", size=size, rows=rows, printer=HEAD)))
    assert "Yang menangani" in text
    assert text.count("Petugas Penanganan") == 2


@pytest.mark.parametrize("size", ["F4", "A4"])
@pytest.mark.parametrize("days", [1, 3])
def test_twelve_promises_stand_on_one_sheet_of_an_agenda(days: int, size: str) -> None:
    row = {"caretaker": "Bidang Rehabilitasi, Perlindungan dan Jaminan Sosial", "end": "Lewat tanggal"}
    row["what"] = "Penyampaian desil yang baru setelah DTSEN dimutakhirkan"
    rows = [
        {**row, "day": f"2026-11-{23 + number * days // 12}T00:00:00+07:00", "register": f"PGD/1{number}/XI/2026"}
        for number in range(12)
    ]
    frozen = made("agenda_janji", "Agenda Janji", size=size, rows=rows, printer=HEAD)
    assert len(pages(pdf({**frozen, "office": {**frozen["office"], **LETTERHEAD}}))) == 1


PROMISES = (  # what is promised, and who sees to it
    ("Kabar pencairan bantuan tahap berikutnya", "Bidang Rehabilitasi, Perlindungan dan Jaminan Sosial"),
    ("Penyampaian desil yang baru setelah DTSEN dimutakhirkan", "Petugas Penanganan Pengaduan"),
    ("Pertemuan konseling yang kedua", "Pusat Pembelajaran Keluarga (Puspaga)"),
    ("Kabar hasil penanganan pengaduan", "Sekretariat"),
    ("Rahasia", "Rahasia"),
)


def sixty_promises(days: int, size: str) -> bytes:
    texts = [dict(zip(("what", "caretaker"), PROMISES[number % 5], strict=True)) for number in range(60)]
    rows = [
        {
            **of,
            "day": f"2026-12-{7 + number * days // 60:02}T00:00:00+07:00",
            "end": "Menunggu",
            "register": f"PGD/{number}",
        }
        for number, of in enumerate(texts)
    ]
    frozen = made("agenda_janji", "Agenda Janji", size=size, rows=rows, printer=HEAD)
    return pdf({**frozen, "office": {**frozen["office"], **LETTERHEAD}})


@pytest.mark.parametrize("size", ["F4", "A4"])
@pytest.mark.parametrize("days", [1, 15])
def test_sixty_promises_stand_on_four_sheets_well_above_their_foot(days: int, size: str) -> None:
    printed = sixty_promises(days, size)
    assert len(pages(printed)) == 4
    for page in range(4):
        foot, table, *_ = sorted({round(a[1], 1) for a, b in strokes(printed, page) if abs(a[1] - b[1]) < 0.1})
        assert (table - foot) * 25.4 / 72 >= 4


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_each_later_page_of_an_agenda_names_its_day_or_days(size: str) -> None:
    for days, named in ((1, ""), (15, " sampai Senin, 21 Desember 2026")):
        first, *later = pages(sixty_promises(days, size))
        assert words(f"Senin, 7 Desember 2026{named}: 60 (enam puluh) janji") in words(first)
        for number, page in enumerate(later, 2):
            head = [line.strip() for line in page.splitlines() if line.strip()]
            at = next(place for place, line in enumerate(head) if "lanjutan" in line)
            assert head[at - 1] == f"- {number} -", "alone on the axis"
            assert head[at] == f"Agenda Janji, Senin, 7 Desember 2026{named} (lanjutan)"


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_no_line_of_an_agenda_of_one_day_is_parted_that_has_the_room(size: str) -> None:
    """The two columns of texts share it: what neither fills is the other's."""
    row = {"day": "2026-11-24T00:00:00+07:00", "end": "Lewat tanggal", "register": "PGD/1/X/2026"}
    alone = dict(zip(("what", "caretaker"), PROMISES[0], strict=True))
    whole = [[alone]] if size == "A4" else [[alone], [{**alone, "what": PROMISES[1][0]}, alone]]
    for texts in whole:
        frozen = made("agenda_janji", "Agenda Janji", size=size, rows=[{**row, **of} for of in texts], printer=HEAD)
        [page] = pages(pdf(frozen))
        for of in texts:
            assert of["what"] in page
            assert of["caretaker"] in page


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_a_day_of_an_agenda_stands_on_one_line(size: str) -> None:
    first = pages(sixty_promises(15, size))[0].splitlines()
    assert sum(line.strip().startswith("Senin, 7 Desember 2026") for line in first) >= 4


@pytest.mark.parametrize("kind", ["agenda_janji", "daftar_isi_berkas"])
def test_a_foot_says_once_when_a_list_was_made(kind: str) -> None:
    text = said(pdf(MADE[kind][0](2, "A4", False)))
    assert text.rpartition("SOPNomor")[2].count("pukul") == 1
    assert "disusun" not in text


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_a_later_page_of_an_agenda_has_air_around_its_number_and_what_it_goes_on_from(size: str) -> None:
    printed = pdf(promised(60, size, long=False))
    high = {"F4": 215, "A4": 210}[size]
    number, title = (last_box(printed, text, page=1) for text in ("- 2 -", "(lanjutan)"))
    table = max(a[1] for a, b in strokes(printed, page=1) if abs(a[1] - b[1]) < 0.1)
    mm = 25.4 / 72
    assert high - number[3] * mm >= 9.5
    assert (number[1] - title[3]) * mm >= 2
    assert (title[1] - table) * mm >= 2.5
