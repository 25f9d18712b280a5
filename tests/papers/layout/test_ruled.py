"""Ruled tables: every word of thousands of rows, whole, at a size that can be read; full pages; no signature and no row
alone."""

import io
import json
import re
import unicodedata
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from pypdf import PdfReader
from reportlab.lib.units import mm
from reportlab.platypus.doctemplate import FrameBreak
from reportlab.platypus.flowables import Spacer

from models.reading import compliance_sheet, registerbook
from models.reading.compliance import REDRAWN
from models.reading.registerbook import COLUMNS
from papers.engine.table_positions import FrameRoom
from papers.layout import columns, ruled_tables
from papers.layout.glyphs import MISSING, width
from papers.layout.ruled_tables import RuledTable
from papers.printing.render import pdf
from sop.flow import current_procedure
from sop.vocabulary import CLOSED, vocabulary
from tests.papers.contents import content
from tests.papers.reading import fonts, last_box, lowest, pages, sizes, strokes, words
from tests.patience import cpu_within

ROW = [
    "1",
    "PGD/1/X/2026\n5 Oktober 2026",
    "Siti Maslikah\nLoket",
    "Bantuan tidak diterima",
    "Bansos",
    "Rehsos",
    "Selesai\n6 Oktober 2026",
    "400.9/1/35.73.403/2026\n400.9/1/BA/35.73.403/2026",
    "",
]
LONG = [
    "2000",
    "PGD/1234/VIII/2026\n30 September 2026",
    "Raden Ajeng Kusumaningsih Wiryodiprojo Sastroamidjojo Rahayuningsih\nKelurahan/Puskesos",
    "Bantuan sosial pangan untuk lansia yang hidup sendiri di rumah kontrakan terhenti sejak Januari tanpa kabar apa",
    "Penyelenggaraan kesejahteraan sosial bagi penyandang disabilitas",
    "Bidang Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk, dan Penyelenggaraan Keluarga",
    "Menunggu Nota Dinas dinaikkan",
    "400.9/123/BA/35.73.999/2026 (batal)",
    "BATAL: tidak berisi pengaduan",
]
APART = [place for place, column in enumerate(COLUMNS) if column.has_values]
HALF_RULES = 0.5  # points: half of the rule on either side
DATA = Path(registerbook.__file__).parents[1] / "data"


def named(file: str, *within: str) -> list[str]:
    names = json.loads((DATA / f"{file}.json").read_text(encoding="utf-8"))
    return [one["name"] for one in (names[within[0]] if within else names)]


SAID = (  # what stands in the columns without anybody's typing
    ["2000"],
    ["PGD/1234/VIII/2026\n30 September 2026"],
    ["Dirahasiakan", *(f"Kusumaningsih\n{medium}" for medium in named("media", "media"))],
    ["Penyelenggaraan"],
    named("categories", "leaves"),
    named("divisions"),
    [current_procedure().state_label(state) for state in (*vocabulary().transitions, CLOSED)],
    ["400.9/123/BA/35.73.999/2026"],
    ["Dicatat susulan", "Dibuka kembali (putaran 2)", "BATAL: tidak berisi pengaduan"],
)


def book(rows: list[list[str]], **office: Any) -> dict[str, Any]:
    frozen = content("nota_dinas", office=office)
    frozen = {key: value for key, value in frozen.items() if key != "complaint"}
    columns = [(column.head, column.least, column.is_number) for column in COLUMNS]
    return {
        **frozen,
        "paper": {**frozen["paper"], "key": "buku_register", "title": "Buku Register Pengaduan", "draft": False},
        "span": "5–6 Oktober 2026",
        "is_over": True,
        "ruled": {"columns": columns, "rows": rows, "repeated": 2, "numbered": True, "apart": APART},
        "skipped": [],
        "signers": [{"role": "penutup", "as": "Yang menandatangani buku", **frozen["signer"]}],
        "all": False,
    }


def numbered(count: int, row: list[str] = ROW) -> list[list[str]]:
    return [[str(n), f"PGD/{n}/X/2026\n5 Oktober 2026", *row[2:]] for n in range(1, count + 1)]


def checked(cases: list[int], detour: str = "", **office: Any) -> dict[str, Any]:
    """A compliance sheet of cases with so many rows each."""
    acts = "Rina Wulandari (Petugas Penanganan Pengaduan) mencatat pengaduan, 5 Oktober 2026 09.14"
    rows = []
    for no, count in enumerate(cases, 1):
        for place in range(count):
            begins = place == 0
            texts = [f"{place + 1}. Menindaklanjuti disposisi", detour or acts, "Berkas Asesmen", "sesuai standar", ""]
            rows.append([str(no) if begins else "", f"PGD/{no}/X/2026\nSelesai" if begins else "", *texts])
    frozen = book([], **office)
    return {
        **frozen,
        "paper": {**frozen["paper"], "key": "uji_kepatuhan", "title": "Lembar Uji Kepatuhan SOP"},
        "over_signer": "Mengetahui",
        "signers": [{**frozen["signers"][0], "role": "pengambil", "as": "Pengambil sampel"}],
        "seed": "7",
        "redrawn": REDRAWN,
        "drawn": str(len(cases)),
        "population": "80",
        "all": True,
        "has_secret": False,
        "tallies": [["1", "Menindaklanjuti disposisi", "1 jam", "6", "0", "0", "0,0", "0", "0"]] * 5,
        "late_rows": [],
        "steps_beside": [],
        "ruled": {
            "columns": compliance_sheet.COLUMNS,
            "rows": rows,
            "repeated": 2,
            "listed": compliance_sheet.LISTED,
            "whole": compliance_sheet.WHOLE,
        },
    }


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_each_row_of_the_sop_takes_one_line_of_the_table_of_sums(size: str) -> None:
    """So that the cases begin beneath it, and no word of a head is broken nor on the rule."""
    tallies = [[str(row.no), row.title, str(row.norm), "30", "3", "30", "100,0", "30", "30"] for row in current_rows()]
    first, *_ = pages(pdf({**checked([5] * 30, size=size), "tallies": tallies}))
    for row in current_rows():
        assert row.title in first
    heads = "Dijalankan Tidak dinilai Lewat standar Persen lewat Tidak berlaku Dokumen belum ditandatangani"
    assert heads in " ".join(first.split())


def current_rows() -> list[Any]:
    return [SimpleNamespace(no=no, title=row.title, norm=row.norm) for no, row in enumerate(vocabulary().rows, 1)]


def rows_on(page: str, count: int) -> list[int]:
    text = words(page)
    return [n for n in range(1, count + 1) if re.search(rf"PGD/{n}/X/2026", text)]


def laid_out(frozen: dict[str, Any]) -> tuple[Any, list[Any]]:
    """The table's sheet and its rows for the frame of the paper."""
    sheet = ruled_tables._Sheet(frozen["ruled"])
    high, wide = (297, 210) if frozen["office"]["size"] == "A4" else (330, 215)
    return sheet, sheet.lay_out((high - 35) * mm, (wide - 41) * mm)


@pytest.mark.parametrize("size", ["F4", "A4"])
@pytest.mark.parametrize("row", [ROW, LONG], ids=["short", "long"])
@pytest.mark.parametrize(
    "counts",
    [[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 60], pytest.param([*range(11, 201)], marks=pytest.mark.soak)],
    ids=["few", "many"],
)
def test_every_row_stands_once_and_neither_a_row_nor_the_signature_stands_alone(
    size: str, row: list[str], counts: list[int]
) -> None:
    for count in counts:
        sheets = pages(pdf(book(numbered(count, row), size=size)))
        rows = [rows_on(sheet, count) for sheet in sheets]
        assert [n for page in rows for n in page] == [*range(1, count + 1)]
        signed = [n for n, sheet in enumerate(sheets) if "NIP." in sheet]
        assert signed == [len(sheets) - 1]
        assert f"dengan{count}(" in words(sheets[-1])
        assert len(rows[-1]) >= min(2, count) or count <= 3  # else the first page would be empty
        assert all(len(page) >= 2 for page in rows[1:-1])
        assert len(rows[0]) >= min(2, count - 1)
        assert [f"- {n} -" in sheet for n, sheet in enumerate(sheets, 1)] == [n > 1 for n in range(1, len(sheets) + 1)]
        assert f"nomorregisterpada{len(sheets)}(" in words(sheets[-1])


@pytest.mark.parametrize("size", ["F4", "A4"])
@pytest.mark.parametrize("lines", [2, 3, 5])
def test_no_page_of_a_book_but_the_last_has_a_hole(size: str, lines: int) -> None:
    row = [*ROW[:4], "\n".join(["Bantuan"] * lines), *ROW[5:]]
    for count in (*range(3, 20), 60):
        most = 62 if count > 5 else 70  # so few rows cannot be that much higher
        assert max(lowest(pdf(book(numbered(count, row), size=size)))[:-1], default=0) < 28 + most, count


def test_rows_of_any_heights_and_cases_of_any_length_are_parted_as_they_should(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However the rows fall: all of them in their order, the ending with two of them or the rest of a case, and full
    pages."""
    high = 480.0
    for seed in range(200):
        cases = [seed * 7 % 5 + 1 + n * seed % 9 for n in range(seed % 12 + 1)]
        sheet, rows = laid_out(checked(cases, detour="kata " * (seed * 13 % 150)))
        parts, rooms, top = [], list[float](), seed * 31 % 400
        story = [RuledTable(sheet, rows, [Spacer(1, 60 + seed % 90)])]
        while story:
            table = story.pop(0)
            room = FrameRoom(high, not top)
            monkeypatch.setattr(ruled_tables, "frame_of", lambda table, high, room=room: room)
            table.canv = None
            if table.wrap(800, high - top)[1] <= high - top:
                parts.append(table)
                rooms.append(high - top)
            else:
                made = table.split(800, high - top)
                assert made or top, "an empty page holds something"
                further = made[1:]
                assert not further or isinstance(further.pop(0), type(FrameBreak)), "a page has one head"
                parts += made[:1]
                for part in made[:1]:
                    part.canv = None
                    part.wrap(800, high - top)
                    rooms.append(high - top)
                story[:0] = further or ([] if made else [table])
            top = 0
        assert [line for part in parts for row in part.rows for line in row.cells[3]] == [
            line for row in rows for line in row.cells[3]
        ]
        assert len(parts[-1].rows) >= (1 if cases[-1] > 1 else min(2, len(rows)))
        assert all(part.height <= room for part, room in zip(parts, rooms, strict=True))
        for room, (before, after) in zip(rooms, pairwise(parts), strict=False):
            half_a_case = (sum(row.case == rows[-1].case for row in rows) + 1) // 2
            row, goes_with_ending = after.rows[0], after is parts[-1] and len(after.rows) <= max(2, half_a_case)
            assert before.height + row.height > room or goes_with_ending
            if row.case == before.rows[-1].case:
                assert " ".join(row.cells[1]) == f"PGD/{row.case + 1}/X/2026 (lanjutan)"


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_cases_begin_beneath_the_summary_and_one_that_goes_on_names_itself_again(size: str) -> None:
    acts = "Rina Wulandari (Petugas Penanganan Pengaduan) mencatat pengaduan, 5 Oktober 2026 09.14. " * 4
    first, *further = pages(pdf(checked([27], detour=acts, size=size)))
    assert "PGD/1/X/2026" in words(first)
    assert further
    assert all("(lanjutan)" in sheet for sheet in further)


def test_the_name_of_a_case_that_goes_on_makes_its_row_no_higher() -> None:
    frozen = checked([40])
    frozen["ruled"]["rows"][0][1] = "PGD/1/X/2026\nMenunggu persetujuan"
    sheet, rows = laid_out(frozen)
    assert sheet.named_again(rows[7]).cells[1] == ["PGD/1/X/2026", "(lanjutan)"]
    sheet.widths[1] *= 3
    assert sheet.named_again(rows[7]).cells[1] == ["PGD/1/X/2026 (lanjutan)"]


def test_a_case_that_goes_on_is_named_with_all_but_its_status() -> None:
    frozen = checked([40])
    frozen["ruled"]["rows"][0][1] = "PGD/1/X/2026\nRahasia\nMenunggu persetujuan"
    sheet, rows = laid_out(frozen)
    assert " ".join(sheet.named_again(rows[7]).cells[1]) == "PGD/1/X/2026 Rahasia (lanjutan)"
    assert len(sheet.head[0].cells[1]) == 2


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_a_time_stands_with_its_date_and_minutes_with_their_hours(size: str) -> None:
    spent = "Sejak 24 September 2026 09.32\n23 September 2026 13.12 s.d. 24 September 2026 09.28 (4 jam 46 menit)"
    acts = "Jatmika Danuwijaya, S.Sos., M.AP. (Kepala Bidang Pemberdayaan Sosial) menaikkan, 9 November 2026 13.17"
    parts = ("24 September 2026 09.32", "23 September 2026 13.12 s.d.", "24 September 2026 09.28", "(4 jam 46 menit)")
    frozen = checked([5, 5], detour=acts, size=size)
    for row in frozen["ruled"]["rows"]:
        row[5] = spent
    _, rows = laid_out(frozen)
    for row in rows:
        lines = "\n".join(row.cells[5])
        assert [part for part in parts if part not in lines] == []
        assert "9 November 2026 13.17" in "\n".join(row.cells[3])


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_what_stands_in_a_sample_is_clear_of_the_rules_and_of_the_foot(size: str) -> None:
    """Letters 1.2 mm beside the rules of their cell, the table 5 mm over the rule of the foot."""
    frozen = checked([9, 9, 9], size=size)
    for row in frozen["ruled"]["rows"]:
        row[5] = "24 September 2026 09.32–10.05"
    sheet, rows = laid_out(frozen)
    for row in rows:
        for lines, wide in zip(row.cells, sheet.widths, strict=True):
            for line in lines:
                assert columns.text_width(line, "text") * ruled_tables.SIZE < wide - 2 * 1.2 * mm - HALF_RULES
    printed = pdf(frozen)
    for number in range(len(pages(printed))):
        levels = sorted({left[1] for left, right in strokes(printed, number) if left[1] == right[1]})
        assert levels[1] - levels[0] > 5 * mm


def test_beside_the_one_who_took_the_sheet_the_examiner_signs_by_hand() -> None:
    for size in ("F4", "A4"):
        printed = pdf(checked([2], size=size))
        text = " ".join("\n".join(pages(printed)).split())
        assert text.count("NIP.") == 2
        assert "NIP. ……" in text
        left, _, right, _ = last_box(printed, "PEMERIKSA,", page=1)
        for by_hand in ("…" * 16, f"Pangkat {'…' * 12}", f"NIP. {'…' * 14}"):
            begins, _, ends, _ = last_box(printed, by_hand, page=1)
            assert abs((left + right) / 2 - (begins + ends) / 2) < 1, "as on a Daftar Pengantar"
        assert "dengan 1 (satu) pengaduan yang diuji, pada 2 (dua) halaman." in text
        assert len(pages(printed)) == 2
        assert re.search(r"Mengetahui, .* Malang, \d+ \w+ \d+ PEMERIKSA, ", text)
        assert len(PdfReader(io.BytesIO(printed)).get_fields() or {}) == 1


@pytest.mark.nightly(lines=[4, 9])
@pytest.mark.parametrize("size", ["F4", "A4"])
@pytest.mark.parametrize("lines", [4, 7, 9])
def test_no_row_of_a_sample_stands_alone_above_the_ending_and_no_page_before_has_a_hole(size: str, lines: int) -> None:
    """Of 4 cm, above the 24 mm of the foot."""
    for count in range(1, 16):
        printed = pdf(checked([5] * count, detour="Menindaklanjuti disposisi " * lines, size=size))
        assert words(pages(printed)[-1]).count("sesuaistandar") >= 2, count
        assert max(lowest(printed)[:-1], default=0) < 24 + 40, count


def test_the_lines_of_an_entry_that_goes_on_hang() -> None:
    """Of acts and of papers; what stands in the other columns begins at their edge."""
    frozen = checked(
        [2],
        detour="Rina Wulandari (Petugas Penanganan Pengaduan) menaikkan berkas, 5 Oktober 2026\nDr. X mendisposisikan",
    )
    for row in frozen["ruled"]["rows"]:
        row[4] = (
            "Form Pengaduan, belum ditandatangani\nTanda Terima Pengaduan, untuk pengadu, tanda tangan tidak diperiksa"
        )
        row[5] = "waktu mulainya tidak dicatat " * 4
    _, rows = laid_out(frozen)
    for row in rows:
        for place, begins in ((3, ("Rina", "Dr. X")), (4, ("Form", "Tanda Terima"))):
            assert len(row.cells[place]) > 2
            for line in row.cells[place]:
                assert line.startswith(begins) != line.startswith(columns.HANG)
        assert not any(line.startswith("\u00a0") for line in (*row.cells[2], *row.cells[5]))


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_the_status_of_a_paper_is_not_parted(size: str) -> None:
    for title in ("Form Pengaduan", "Berkas Asesmen / Penelaahan", "Nota Dinas", "Lembar Disposisi dan Lampiran"):
        frozen = checked([5], size=size)
        for place, row in enumerate(frozen["ruled"]["rows"]):
            row[4] = f"{title}, {compliance_sheet.WHOLE[place % 2]}"
        for row in laid_out(frozen)[1]:
            assert [line for line in row.cells[4] if re.search("belum$|ditandatangani|menunggu$|keputusan", line)]
            assert not [line for line in row.cells[4] if re.search("(belum|menunggu)$", line)]
        assert "belum ditandatangani" in pages(pdf(frozen))[-1]


def test_the_notes_tell_of_steps_beside_the_rows_where_there_are_any() -> None:
    """What led elsewhere, and what left the case where it was."""
    for beside in ([], ["Di luar alur baku"], ["Langkah lain"], ["Di luar alur baku", "Langkah lain"]):
        text = words("".join(pages(pdf({**checked([2]), "steps_beside": beside}))))
        for title in ("Di luar alur baku", "Langkah lain"):
            assert (words(f"“{title}” ialah") in text) == (title in beside)


@pytest.mark.parametrize("made", [book(numbered(30)), checked([5] * 8)], ids=["book", "sample"])
def test_it_is_the_same_file_twice_and_has_one_foot_on_all_sheets(made: dict[str, Any]) -> None:
    printed = pdf(made)
    assert printed == pdf(made)
    feet = []
    for page in PdfReader(io.BytesIO(printed)).pages:
        low: list[str] = []

        def hear(text: str, ctm: list[float], matrix: list[float], *_: Any, low: list[str] = low) -> None:
            if text.strip() and (matrix[5] * ctm[3] + ctm[5]) < 25 * mm:
                low.append(text.strip())

        page.extract_text(visitor_text=hear)
        feet.append(low)
    assert len({tuple(low) for low in feet}) == 1  # nothing but the foot is below the frame, where the code will be
    assert made["paper"]["title"] in " ".join(feet[0])


def test_text_is_of_nine_points_and_its_fonts_are_embedded() -> None:
    printed = pdf(book([ROW] * 3))
    assert min(sizes(printed)) >= 8  # the foot
    described = [font["/FontDescriptor"] for font in fonts(printed) if "/FontDescriptor" in font]
    assert described
    assert all("/FontFile2" in font for font in described)


def test_what_no_font_has_is_a_box_and_a_note_below_the_rows_says_so() -> None:
    [sheet] = pages(pdf(book([[*ROW[:3], "tanda ☑ senyum 😀 ibrani שלום", *ROW[4:]]])))
    assert "☑" in sheet
    assert "huruf yang tidak dapat dicetak" in sheet
    [sheet] = pages(pdf(book([ROW])))
    assert MISSING not in sheet


GREETING = "السلام عليكم ورحمة الله وبركاته"


def test_arabic_is_joined_and_read_back_as_it_was_typed_in_its_own_font() -> None:
    """As on the other papers: words in their order, in one column from the right, in the midst of Latin ones too."""
    printed = pdf(book([[*ROW[:2], "أحمد بن محمد", f"Salam: {GREETING}", *ROW[4:]], ROW]))
    read = unicodedata.normalize("NFKC", " ".join("".join(pages(printed)).split()))  # as a search does
    assert "أحمد بن محمد" in read
    assert "Salam: السلام عليكم ورحمة الله وبركاته" in read
    assert MISSING not in read
    naskh = [font for font in fonts(printed) if "NotoNaskhArabic" in str(font["/BaseFont"])]
    assert all("/FontFile2" in font["/FontDescriptor"] for font in naskh)
    assert naskh
    assert not [font for font in fonts(pdf(book([ROW]))) if "NotoNaskhArabic" in str(font["/BaseFont"])]


@pytest.mark.parametrize(("text", "first"), [("سلام.", "."), ("Kata سلام.", "Kata ")])
def test_a_line_of_arabic_alone_has_its_full_stop_on_the_left(
    text: str, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: list[str] = []
    table = RuledTable(*laid_out(book([[*[""] * 3, text, *[""] * 5]])), [])
    table.canv = SimpleNamespace(setFont=lambda *_: None, drawString=lambda x, y, words: drawn.append(words))
    for row in table.rows or []:
        table._draw_row(row, 100)
    assert drawn[0] == first


@pytest.mark.parametrize(
    "text", ["x" * 200, "kata " * 60, "a/b" * 40, "☑" * 50, "", " ", "satu\ndua", "W" * 5 + " i" * 80]
)
def test_no_line_is_wider_than_its_column_and_no_word_is_lost(text: str) -> None:
    room = 10.0
    lines = list(columns.cell_lines(text, room, "text"))
    assert [line for line in lines if columns.text_width(line, "text") > room] == []
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert width("W", "LiberationSans-Regular") < room


def broken(sheet: Any, rows: list[Any], texts: list[list[str]]) -> list[str]:
    """Words of these rows that are not whole on one line, but for a cut behind a slash or a hyphen."""
    lost = []
    for row, whole in zip(rows, texts, strict=True):
        for lines, text in zip(row.cells, whole, strict=True):
            shown = [*"\n".join(lines).split()]
            pieces = {piece for word in text.split() for piece in re.findall(r"[^/-]+[/-]*|[/-]+", word)}
            whole_pieces = {piece for word in shown for piece in re.findall(r"[^/-]+[/-]*|[/-]+", word)}
            lost += sorted(pieces - whole_pieces)
    return lost


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_no_word_is_broken_but_behind_a_slash_or_a_hyphen_and_no_number_but_in_its_halves(size: str) -> None:
    count = max(map(len, SAID))
    texts = [[column[n % len(column)] for column in SAID] for n in range(count)] + [LONG]
    sheet, rows = laid_out(book(texts, size=size))
    assert broken(sheet, rows, texts) == []
    for row, text in zip(rows, texts, strict=True):
        assert "\n".join(row.cells[1]) == text[1]
        halves = [half.strip() for half in columns.halves("400.9/123/BA/35.73.999/2026")]
        whole, halves = text[7].split(), [*halves, *text[7].split()[1:]]
        assert " ".join(row.cells[7]).split() in (whole, halves)
    assert round(sum(sheet.widths)) == round(((297 if size == "A4" else 330) - 35) * mm)


def test_columns_are_as_wide_as_what_they_hold() -> None:
    short, long = (laid_out(book([[*ROW[:3], text, *ROW[4:]]] * 20))[0].widths for text in ("Bantuan", LONG[3]))
    assert long[3] > 1.5 * short[3]
    nothing = laid_out(book([]))[0].widths
    assert nothing[0] < 30  # "No."
    assert max(nothing[1:]) < 200


def test_one_long_cell_among_many_short_ones_is_no_strip() -> None:
    void = [*ROW[:8], "BATAL: Pesan percobaan atau tidak berisi pengaduan"]
    for size in ("F4", "A4"):
        sheet, rows = laid_out(book([*numbered(79), void], size=size))
        assert sheet.widths[8] >= 66
        assert len(rows[-1].cells[8]) <= 5


def test_a_long_cell_is_measured_wherever_it_stands_in_a_thick_book() -> None:
    void = [*ROW[:8], "BATAL: Pesan percobaan atau tidak berisi pengaduan, dicatat ulang dengan nomor lain " * 3]
    widths = []
    for place in (0, 1, 311, 499):
        rows = numbered(500)
        rows[place] = void
        widths.append(laid_out(book(rows))[0].widths)
    assert widths == [widths[0]] * 4
    assert widths[0][8] > laid_out(book(numbered(500)))[0].widths[8]


def test_a_heading_is_not_broken_into_a_strip_over_empty_cells() -> None:
    sheet, _ = laid_out(book([[*ROW[:7], "–", ""]], size="A4"))
    assert max(map(len, sheet.head[0].cells)) <= 3


def test_a_date_stands_on_one_line_and_a_dash_ends_the_line_that_it_is_on() -> None:
    lines = list(columns.cell_lines("sejak 24 September 2026 09.42 – 25 September 2026 10.00 (lewat)", 9.2, "text"))
    assert lines == ["sejak", "24 September 2026", "09.42 –", "25 September 2026", "10.00 (lewat)"]
    _, rows = laid_out(book([[*ROW[:6], "Selesai\n30 September 2026", *ROW[7:]]] * 80, size="A4"))
    assert rows[0].cells[6] == ["Selesai", "30 September 2026"]


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_no_line_of_a_book_parts_a_term_or_leaves_its_last_word_alone(size: str) -> None:
    unit = "Bidang Rehabilitasi, Perlindungan dan Jaminan Sosial"
    row = [*ROW[:2], "Siti Maslikah\nUPT PPA/Puspaga", *ROW[3:5], unit, "Menunggu tindak lanjut", *ROW[7:]]
    others = [[*ROW[:3], LONG[3], LONG[4], *ROW[5:]]] * 40
    sheet, rows = laid_out(book([row, *others], size=size))
    cells = rows[0].cells
    assert cells[6] == ["Menunggu", "tindak lanjut"]
    assert sheet.head[0].cells[7] == ["Nota Dinas dan", "Berita Acara"]
    assert cells[2][1:] in (["UPT PPA/", "Puspaga"], ["UPT PPA/Puspaga"])
    assert "Sosial" not in cells[5]


@pytest.mark.parametrize(
    ("number", "halves"),
    [
        ("400.9/5/BA/35.73.999/2026", ["400.9/5/BA/", "35.73.999/2026"]),
        ("400.9/16/35.73.999/2026", ["400.9/16/", "35.73.999/2026"]),
        ("460/123/REHSOS/35.73.403/XI/2026", ["460/123/REHSOS/", "35.73.403/XI/2026"]),
        ("PGD/1234/VIII/2026", ["PGD/1234/VIII/2026"]),
        ("(PKH/BPNT)", ["(PKH/BPNT)"]),
    ],
)
def test_the_number_of_a_paper_has_two_halves_and_a_registers_none(number: str, halves: list[str]) -> None:
    """The second one hangs, as two numbers stand in one cell."""
    first, *second = halves
    assert columns.halves(number) == [first, *(f"{columns.HANG}{half}" for half in second)]


def test_numbers_are_whole_on_a4_too_and_parted_only_if_very_long_ones_leave_titles_a_strip() -> None:
    """Though every title has more than a hundred letters."""
    row = ["1", *LONG[1:2], "Rendra Kusumaningsih\nDatang langsung ke loket pengaduan", *LONG[3:4]]
    row += ["Bantuan sosial (PKH/BPNT) tidak diterima atau terhenti", "Bidang Rehabilitasi, Perlindungan dan Anak"]
    row += [f"Menunggu penyampaian\n{LONG[1][-17:]}", ROW[7], "Dibuka kembali (putaran 2)"]
    for size, of in (("F4", row), ("A4", row), ("A4", ROW)):
        _, rows = laid_out(book([of] * 20, size=size))
        assert rows[0].cells[7] == ROW[7].split()
        assert max(map(len, rows[0].cells)) <= 5
    numbers = ["460/1234/REHSOS/35.73.403/XII/2026", "460/1234/BA/35.73.403/XII/2026"]
    sheet, rows = laid_out(book([[*row[:7], "\n".join(numbers), row[8]]] * 20, size="A4"))
    assert rows[0].cells[7] == [half for number in numbers for half in columns.halves(number)]
    assert len(rows[0].cells[3]) <= 4
    assert len(sheet.head[0].cells[7]) == 2


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_numbers_of_a_year_are_whole_though_some_rows_would_be_a_line_lower(size: str) -> None:
    """Of titles of ninety letters, and of the reason of a void number."""
    further = (
        "Siti Maslikah\nKelurahan/Puskesos|Mesin perajang dan penggorengan bantuan disimpan di rumah ketua kelompok "
        "sejak lima bulan lalu|Bantuan usaha dan Kelompok Usaha Bersama (KUBE)|Bidang Pemberdayaan Sosial|Selesai\n9 "
        f"November 2026|{ROW[7]}|",
        "Tanpa nama\nSAMBAT Online|Pesan percobaan|Belum dipilah|–|Dibatalkan\n20 November 2026|–|BATAL: Pesan "
        "percobaan atau tidak berisi pengaduan",
        "Lestari Handayani\nTelepon|Keluhan nyeri perut dan perdarahan di luar haid setelah pemasangan IUD pada "
        "pelayanan KB gratis bulan lalu|Pelayanan keluarga berencana|Bidang Pengendalian Penduduk dan Keluarga "
        "Berencana|Menunggu tindak lanjut|–|",
        "Sumiatun\nInstagram|Anak mengamen di perempatan pada jam sekolah|Anak jalanan|Bidang Rehabilitasi, "
        f"Perlindungan dan Jaminan Sosial|Menunggu persetujuan|{ROW[7].split()[0]}|",
        "Dirahasiakan|Rahasia|Rahasia|Rahasia|Menunggu persetujuan|Rahasia|",
    )
    texts = [[str(n), f"PGD/{n}/XI/2026\n23 November 2026", *further[n % 5].split("|")] for n in range(1, 61)]
    sheet, rows = laid_out(book(texts, size=size))
    assert [row.cells[7] for row in rows] == [text[7].split() for text in texts]
    assert sheet.widths[8] > 59.9


def test_no_title_has_a_stub_of_a_line_above_its_last_words() -> None:
    """A very short word does not stand alone, a word of five letters does rather than that the line before is short."""
    set_in = columns.name_lines
    assert set_in("Mesin perajang bantuan rusak dan dipakai parkir", 10)[-2:] == ["bantuan rusak dan", "dipakai parkir"]
    assert set_in("Atap rumah bocor dan lansia belum dapat bantuan lagi", 12.5)[-1] == "bantuan lagi"
    for text in (LONG[3], LONG[4], LONG[5], "Kursi roda bantuan rusak dan tempatnya dipakai parkir warga lain"):
        for room in range(70, 160):
            *before, last = set_in(text, room / 10)
            if before and len(words := last.split()) == 2 and len(words[1]) <= 6:
                is_stub = columns.text_width(before[-1], "text") < room / 10 * 2 / 3
                assert not is_stub or columns.text_width(f"{before[-1]} {words[0]}", "text") > room / 10, (text, room)


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_each_value_of_a_check_has_a_line_and_its_rows_of_the_sop_few(size: str) -> None:
    """Where a row was not run yet its words alone make it high; they get room of the acts, whose rows are no higher."""
    petugas, head = (
        "Rahayu Candrawati, S.Sos. (Petugas Penanganan Pengaduan)",
        "Dr. Harsono Wibisana, M.Si. (Kepala Dinas)",
    )
    took = (
        "11 November 2026 15.02–15.42\nTerpakai 40 menit\nStandar 1 hari kerja\nTidak dinilai:\ndisposisi dikembalikan"
    )
    said = (
        (f"{petugas} mencatat pengaduan, 11 November 2026 15.02", "Form Pengaduan, belum ditandatangani", took),
        (
            f"{petugas} menaikkan berkas kepada Kepala Dinas, 11 November 2026 15.17\n{head} mendisposisikan "
            "pengaduan, 11 November 2026 15.42",
            "Lembar Disposisi, belum ditandatangani",
            took,
        ),
        ("–", "–", "Sejak 11 November 2026 15.42\nTerpakai 72 jam\nStandar 1 hari kerja\nLewat standar"),
        ("–", "–", "Belum dijalankan"),
        ("–", "Nota Dinas 400.9/4/BA/35.73.999/2026, belum ditandatangani", "Tidak berlaku:\npengaduan dibatalkan"),
    )
    headings = [f"{no}. {row.title}" for no, row in enumerate(current_procedure().rows, 1)]
    frozen = checked([len(said)] * 6, size=size)
    for place, row in enumerate(frozen["ruled"]["rows"]):
        row[2:6] = [headings[place % len(said)], *said[place % len(said)]]
    _, rows = laid_out(frozen)
    assert [row.cells[5] for row in rows[: len(said)]] == [measured.splitlines() for *_, measured in said]
    assert max(len(row.cells[2]) for row in rows) <= 4


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_no_head_of_a_book_has_three_lines(size: str) -> None:
    one = [*ROW[:2], "Siti Maslikah\nDatang langsung ke loket pengaduan", "PKH tidak cair dua tahap berturut-turut"]
    one += ["Bantuan sosial (PKH/BPNT) tidak diterima atau terhenti"]
    one += ["Bidang Rehabilitasi, Perlindungan dan Jaminan Sosial", "Menunggu kelengkapan", "–", ""]
    for rows in ([], [one], [one] * 3, numbered(30)):
        assert max(map(len, laid_out(book(rows, size=size))[0].head[0].cells)) <= 2


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_what_stands_in_a_book_is_clear_of_the_rules_and_of_the_foot(size: str) -> None:
    """Letters 1.2 mm beside the rules of their cell, the table 5 mm over the rule of the foot."""
    frozen = book(numbered(60), size=size)
    sheet, rows = laid_out(frozen)
    for row in [*sheet.head, *rows]:
        font = "bold" if row is sheet.head[0] else "text"
        for lines, wide in zip(row.cells, sheet.widths, strict=True):
            for line in lines:
                assert columns.text_width(line, font) * ruled_tables.SIZE < wide - 2 * 1.2 * mm - HALF_RULES
    printed = pdf(frozen)
    for number in range(len(pages(printed))):
        levels = sorted({left[1] for left, right in strokes(printed, number) if left[1] == right[1]})
        assert levels[1] - levels[0] > 5 * mm


def test_a_medium_stands_apart_from_the_name_above_it_and_level_with_the_date_beside_it() -> None:
    printed = pdf(book([[*ROW[:2], "Siti Maslikah\nSurat", *ROW[3:]]]))
    name, medium, date = (last_box(printed, text)[1] for text in ("Siti Maslikah", "Surat", "5 Oktober 2026"))
    assert name - medium > ruled_tables.LEADING + 1
    assert date == pytest.approx(medium, abs=0.2)


def test_a_long_name_is_one_value_however_many_lines_it_takes() -> None:
    _, [row] = laid_out(book([LONG]))
    assert [line for line in row.cells[2] if ruled_tables._is_another(line)] == ["Kelurahan/Puskesos"]


def test_no_medium_stands_in_a_strip_while_titles_have_room() -> None:
    numbers = "400.9/1/35.73.999/2026\n400.9/1/BA/35.73.999/2026"
    title = "Tiga kali saya mendaftar pelatihan menjahit untuk perempuan kepala keluarga, selalu dijawab kuotanya penuh"
    one = ["1", "PGD/1/X/2026\n27 Oktober 2026", "Wagiyem\nDatang langsung ke loket pengaduan"]
    one += ["PKH tidak cair dua tahap berturut-turut", "Bantuan sosial (PKH/BPNT) tidak diterima atau terhenti"]
    one += ["Bidang Rehabilitasi, Perlindungan dan Jaminan Sosial", "Menunggu kelengkapan", "–", ""]
    other = ["2", "PGD/2/XI/2026\n5 November 2026", "Binti Nur Rohmah\nInstagram", title]
    other += ["Pelatihan dan usaha perempuan", "Bidang Pemberdayaan Perempuan dan Perlindungan Anak"]
    _, rows = laid_out(book([one, [*other, "Selesai\n6 November 2026", numbers, ""]]))
    assert max(map(len, rows[0].cells)) <= 3


def test_what_makes_the_rows_of_a_book_high_gets_the_room_of_what_does_not() -> None:
    medium, title = "Datang langsung ke loket pengaduan", LONG[3].removesuffix(" kabar apa")
    texts = [[*ROW[:2], medium, title, "Anak jalanan", *ROW[5:]]] * 20
    _, rows = laid_out(book(texts))
    assert max(map(len, rows[0].cells)) == 2


def test_the_number_of_a_page_on_its_side_stands_where_printers_reach() -> None:
    for size, high in (("F4", 215), ("A4", 210)):
        edge = last_box(pdf(book(numbered(60), size=size)), "- 2 -", page=1)[3] / mm
        assert high - edge >= 8


def test_each_page_has_the_heads_their_numbers_and_the_same_columns() -> None:
    printed = pdf(book([*numbered(30), *numbered(30, LONG)]))
    assert all("Keterangan123456789" in words(sheet) for sheet in pages(printed))
    heads = ("Pengadu, media", "Judul pengaduan", "Kategori", "Unit kerja", "Keterangan")
    edges = set()
    for page in PdfReader(io.BytesIO(printed)).pages:
        known: dict[str, float] = {}

        def hear(text: str, ctm: list[float], matrix: list[float], *_: Any, known: dict[str, float] = known) -> None:
            known.setdefault(text.strip(), round(matrix[4] * ctm[0] + ctm[4], 1))

        page.extract_text(visitor_text=hear)
        edges.add(tuple(known[head] for head in heads))
    assert len(edges) == 1


def test_what_names_a_case_stands_in_one_cell_beside_all_its_rows() -> None:
    sheet, rows = laid_out(checked([5, 3]))
    drawn: list[tuple[float, ...]] = []
    table = RuledTable(sheet, rows, [])
    table.canv = SimpleNamespace(
        **dict.fromkeys(("setLineWidth", "setFillColor", "setFont", "drawString"), lambda *_: None),
        rect=lambda *_, **__: None,
        line=lambda *corners: drawn.append(corners),
    )
    table.wrap(sum(sheet.widths), 5000)
    table.draw()
    beginnings = [left for left, start, _, end in drawn if start == end]
    assert beginnings.count(0) == 1 + len(sheet.head) - 1 + 2 + 1  # above and below the heads, each case, the foot
    assert beginnings.count(sum(sheet.widths[:2])) == len(rows) - 2


def test_no_gap_parts_the_lines_of_a_text_that_is_drawn_in_pieces() -> None:
    sheet, rows = laid_out(checked([1], detour="\n".join(["kata"] * 40)))
    assert [row.continues for row in rows].count(True) > 1
    drawn: list[tuple[str, float]] = []
    table = RuledTable(sheet, rows, [])
    table.canv = SimpleNamespace(
        **dict.fromkeys(("setLineWidth", "setFillColor", "setFont", "rect", "line"), lambda *_, **__: None),
        drawString=lambda x, y, words: drawn.append((words, y)),
    )
    table.wrap(sum(sheet.widths), 5000)
    table.draw()
    levels = [y for words, y in drawn if words == "kata"]
    assert {round(above - below, 3) for above, below in pairwise(levels)} == {ruled_tables.LEADING}


def test_the_one_who_takes_the_book_closes_and_signs_it_below_its_last_row() -> None:
    [sheet] = pages(pdf(book(numbered(3))))
    assert "Mengetahui" not in sheet
    assert "Ditutup pada 24 November 2026 pukul" in sheet
    assert "dengan 3 (tiga) nomor register" in sheet
    assert sheet.index("PGD/3/X/2026") < sheet.index("Ditutup pada") < sheet.index("Malang, 24 November 2026")


def test_a_book_whose_range_goes_on_is_not_closed_but_tells_the_state_of_the_moment() -> None:
    [sheet] = pages(pdf({**book(numbered(3)), "is_over": False}))
    assert "Ditutup" not in sheet
    assert "Keadaan sampai dengan 24 November 2026 pukul" in sheet
    assert ": 3 (tiga) nomor register pada 1 (satu) halaman." in " ".join(sheet.split())


def test_every_row_is_set_once_however_many_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    fitted, sets = ruled_tables._Sheet.wrapped, list[list[str]]()
    monkeypatch.setattr(ruled_tables._Sheet, "wrapped", lambda *values: sets.append([*values[1]]) or fitted(*values))
    rows = numbered(100)
    pdf(book(rows))
    assert sets == [[column.head for column in COLUMNS], *rows]


@pytest.mark.soak
def test_two_thousand_rows_take_seconds_of_work() -> None:
    with cpu_within(30):
        printed = pdf(book([ROW] * 2000))
    assert len(pages(printed)) > 80
