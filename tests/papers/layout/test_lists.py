"""Daftar Pengantar and Daftar Isi Berkas: numbers that stand whole, one head a page, both hands in one line."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from bench.variants import POST, TITLE, UNIT
from papers.layout.columns import balanced, cell_lines
from papers.layout.glyphs import width
from papers.layout.page import html
from papers.layout.phrases import parted
from papers.printing.render import pdf
from tests.papers.contents import AT, HEAD, OFFICER, UNITS, content
from tests.papers.reading import last_box, lowest, pages, sizes, strokes, words

NUMBER, REGISTER = "400.9/123/BA/35.73.999/2026", "PGD/123/VIII/2026"
COVER = {
    "subject": "Bantuan",
    "category": "Bansos",
    "unit": "Sekretariat",
    "code": "400.9",
    "holds": "7 dokumen, 2 bukti, 12 halaman",
    "places": "",
    "taker": "Rina Wulandari",
}
SIZES = pytest.mark.parametrize("size", ["F4", "A4"])


def made(key: str, title: str, **parts: Any) -> dict[str, Any]:
    common = ("format", "sop", "office", "demo", "paper")
    frame = {name: value for name, value in content("nota_dinas").items() if name in common}
    paper = {**frame["paper"], "key": key, "title": title, "number": ""}
    return {**frame, "paper": paper, "office": {**frame["office"], "size": parts.pop("size", "F4")}, **parts}


def covering(rows: int, **parts: Any) -> dict[str, Any]:
    row = {
        "title": "Berita Acara Penyelesaian Penanganan Pengaduan",
        "number": NUMBER,
        "date": AT,
        "register": REGISTER,
    }
    giver = {**OFFICER, "role": "menyerahkan", "as": "Yang menyerahkan"}
    taker = {**HEAD, "role": "menerima", "as": "Yang menerima"}
    facts = {"closed": False, "lane": "", "signers": [giver, taker], "rows": [row] * rows, **parts}
    return made("daftar_pengantar", "Daftar Pengantar", **facts)


def index(rows: int, **parts: Any) -> dict[str, Any]:
    row = {
        "title": "Berita Acara Penyelesaian Penanganan Pengaduan",
        "number": NUMBER,
        "date": AT,
        "pages": "100–101",
        "note": "",
    }
    return made(
        "daftar_isi_berkas",
        "Daftar Isi Berkas",
        papers=[row] * rows,
        evidence=[],
        outside=[],
        handed="",
        ran_under=["01/SKT/2023"],
        register=REGISTER,
        subject="Bantuan",
        category="Bansos",
        state="Selesai",
        ended_at="",
        blank=0,
        secrecy="Biasa",
        period="sejak 24 November 2026",
        rounds=1,
        cover={**COVER, **parts.pop("cover", {})},
        **parts,
    )


@SIZES
def test_the_numbers_of_a_covering_list_stand_whole_in_one_line(size: str) -> None:
    [text] = pages(pdf(covering(3, size=size)))
    assert text.splitlines().count(NUMBER) == text.splitlines().count(REGISTER) == 3


@SIZES
def test_a_cover_with_all_that_it_can_say_is_one_page(size: str) -> None:
    said = {"unit": UNIT, "category": TITLE[:80], "subject": TITLE, "places": "Lemari arsip, rak 2; " * 8}
    holds = "12 dokumen, 8 bukti, 17 halaman berisi, 13 halaman kosong; 1 dokumen dan 1 bukti tidak disertakan"
    frozen = index(1, size=size, cover={**said, "holds": holds})
    end = "Diteruskan kepada Dinas Pendidikan dan Kebudayaan Kota Malang, Bidang Pembinaan Pendidikan Dasar"
    frozen |= {"state": end, "ended_at": AT, "rounds": 2, "ran_under": ["01/SKT/2023", "02/SKT/2026, revisi 1"]}
    cover, text = pages(pdf(frozen))
    assert "Diambil oleh" in cover
    assert "DAFTAR ISI BERKAS" in text


@SIZES
def test_a_cover_stands_closer_only_if_its_facts_would_not_fit(size: str) -> None:
    holds = "5 dokumen, 3 bukti, 11 halaman berisi, 7 halaman kosong; 1\u00a0dokumen tidak disertakan"
    facts = {"category": "Bantuan sosial (PKH/BPNT) tidak diterima atau terhenti", "unit": UNITS[1]}
    for more, is_close in (({"holds": holds}, False), ({"holds": holds, "places": TITLE, "subject": TITLE}, True)):
        frozen = index(1, size=size, cover={**facts, **more}) | {"ended_at": AT}
        page = html(frozen)
        assert ('class="cover close"' in page) is is_close
        assert "1&nbsp;dokumen" in page, "a count stays with what it counts"


@SIZES
def test_an_index_with_remarks_keeps_its_numbers_and_heads_whole(size: str) -> None:
    frozen = index(2, size=size)
    frozen["papers"][0] |= {"note": "Tertutup: identitas lengkap di dalamnya hanya dibuka petugas dan pelaksana."}
    _, text = pages(pdf(frozen))
    read = [line.strip() for line in text.splitlines()]
    assert {NUMBER, "Halaman", "Keterangan"} <= set(read)


@SIZES
def test_the_numbers_of_an_index_stand_whole_and_its_dates_are_long(size: str) -> None:
    _, text = pages(pdf(index(3, size=size)))
    read = [line.strip() for line in text.splitlines()]
    assert read.count(NUMBER) == read.count("24 November 2026") == read.count("100–101") == 3
    assert "No." in read


def test_a_number_is_parted_behind_a_slash_or_not_at_all() -> None:
    assert parted(NUMBER, 40) == [NUMBER]
    assert parted("x" * 80, 10) == ["x" * 80]
    assert parted("", 10) == [""]
    for room in range(3, 14):
        assert "".join(parted(NUMBER, room)) == NUMBER
        assert all(line.endswith("/") for line in parted(NUMBER, room)[:-1])


@pytest.mark.parametrize(("made", "head"), [(covering, "Nomor dan tanggal\n"), (index, "Keterangan\n")])
def test_every_page_of_a_long_list_has_its_head_once(made: Any, head: str) -> None:
    texts = [page for page in pages(pdf(made(130))) if "35.73.999" in page]
    assert len(texts) > 5
    assert {page.count(head) for page in texts} == {1}


@SIZES
@pytest.mark.parametrize("made", [covering, index])
def test_a_list_that_goes_on_begins_under_the_letterhead_and_has_ten_points(made: Any, size: str) -> None:
    printed = pdf(made(22, size=size))
    first, *others = [page.count("35.73.999") for page in pages(printed)][made is index :]  # behind its cover
    assert first > 5
    assert sum(others) == 22 - first > 0
    assert not [drawn for drawn in sizes(printed) if 8 < drawn < 10]


def test_the_index_of_a_rahasia_case_says_so_on_every_page() -> None:
    assert {"RAHASIA" in page for page in pages(pdf(index(30, secret=True)))} == {True}
    assert not any("RAHASIA" in page for page in pages(pdf(index(1, secret=False))))


@SIZES
@pytest.mark.parametrize("title", ["Kepala Dinas", POST])
def test_both_hands_of_a_covering_list_begin_level_and_their_names_are_level(size: str, title: str) -> None:
    heights: dict[str, int] = {}

    def hear(text: str, ctm: list[float], matrix: list[float], font: object, size: float) -> None:
        heights.setdefault(text.strip(), round(ctm[5] + matrix[5]))

    frozen = covering(1, size=size)
    giver, taker = frozen["signers"]
    printed = pdf({**frozen, "signers": [giver, {**taker, "title": title}]})
    PdfReader(io.BytesIO(printed)).pages[0].extract_text(visitor_text=hear)
    begins = heights[f"Diterima tanggal {'…' * 10}"]
    assert heights["Malang, 24 November 2026"] == begins > heights["Yang menerima,"] == heights["Yang menyerahkan,"]
    assert heights["Yang menerima,"] > heights["PETUGAS PENANGANAN PENGADUAN,"]
    assert heights[giver["name"]] == heights[taker["name"]]


@SIZES
def test_the_title_over_a_hand_leaves_no_word_alone(size: str) -> None:
    frozen = covering(1, size=size)
    giver, taker = frozen["signers"]
    title = "Kepala Bidang Pemberdayaan Sosial"
    [text] = pages(pdf({**frozen, "signers": [giver, {**taker, "title": title}]}))
    assert "SOSIAL," not in [line.strip() for line in text.splitlines()]


def test_a_closed_list_says_whose_part_it_is_and_has_lines_for_all_that_is_written_by_hand() -> None:
    frozen = covering(1, closed=True, lane="Kepala unit kerja")
    giver, taker = frozen["signers"]
    blank = dict.fromkeys(("name", "title", "pangkat", "nip"), "")
    [text] = pages(pdf({**frozen, "signers": [giver, {**taker, **blank}]}))
    read = [line.strip() for line in text.splitlines()]
    assert {"Untuk ditandatangani oleh", "Kepala unit kerja (nama pada amplop)", "KEPALA UNIT KERJA,"} <= {*read}
    assert "Rahasia – dalam amplop tertutup" in read
    dots = {"…" * 16, "Pangkat " + "…" * 12, "NIP. " + "…" * 14}
    assert dots <= {*read}
    assert max(map(face_width, dots)) - min(map(face_width, dots)) < 0.3  # em: they end at the same place


def test_the_lines_for_a_name_and_a_nip_by_hand_are_of_one_weight() -> None:
    frozen = covering(1, closed=True, lane="Kepala unit kerja")
    giver, taker = frozen["signers"]
    weights = set[str]()

    def hear(text: str, ctm: list[float], matrix: list[float], font: Any, size: float) -> None:
        if "…" * 10 in text:
            weights.add(font["/BaseFont"].partition("+")[2])

    blank = dict.fromkeys(("name", "title", "pangkat", "nip"), "")
    printed = pdf({**frozen, "signers": [giver, {**taker, **blank}]})
    PdfReader(io.BytesIO(printed)).pages[0].extract_text(visitor_text=hear)
    assert len(weights) == 1


def face_width(line: str) -> float:
    return width(line, "LiberationSans-Regular")


def test_a_closed_list_of_the_kepala_dinas_names_him_with_his_block() -> None:
    [text] = pages(pdf(covering(1, closed=True, lane="Kepala Dinas")))
    read = [line.strip() for line in text.splitlines()]
    assert {f"{HEAD['name']}, Kepala Dinas", "KEPALA DINAS,", f"NIP. {HEAD['nip']}"} <= {*read}
    assert "nama pada amplop" not in text


def test_a_paper_numbered_by_the_register_bears_its_number_once() -> None:
    frozen = covering(1)
    [text] = pages(pdf({**frozen, "rows": [{**frozen["rows"][0], "number": REGISTER}]}))
    assert text.count(REGISTER) == 1
    assert "Kembali tanggal" not in text


@SIZES
def test_all_covering_lists_have_the_same_columns(size: str) -> None:
    frozen = covering(1, size=size)
    short = {"title": "Nota Dinas", "number": "PGD/1/I/2026", "register": "PGD/1/I/2026"}
    assert columns_of(frozen) == columns_of({**frozen, "rows": [{**frozen["rows"][0], **short}] * 3})


def columns_of(frozen: dict[str, Any]) -> set[float]:
    """Where the vertical lines of the list are."""
    edges: set[float] = set()

    def watch(operator: bytes, operands: list[Any], matrix: list[float], _: object) -> None:
        if operator in (b"m", b"l"):
            edges.add(round(float(operands[0]) * matrix[0] + matrix[4], 1))

    PdfReader(io.BytesIO(pdf(frozen))).pages[0].extract_text(visitor_operand_before=watch)
    return edges


def test_a_number_that_is_withheld_is_called_so_and_what_has_none_says_so_above_its_date() -> None:
    frozen = covering(1, closed=True, lane="Kepala unit kerja")
    row = {**frozen["rows"][0], "number": "Rahasia"}
    [text] = pages(pdf({**frozen, "rows": [row, {**row, "number": REGISTER}]}))
    read = [line.strip() for line in text.splitlines()]
    assert (read.count("Nomor dirahasiakan"), read.count("Rahasia"), read.count("24 November 2026")) == (1, 0, 2)
    assert read[read.index("Tanpa nomor") + 1] == "24 November 2026"
    assert "Tanpa nomor" not in pages(pdf(covering(1)))[0]


@SIZES
@pytest.mark.parametrize(("made", "head"), [("covering", "Paraf"), ("decided", "Pukul")])
def test_the_heads_of_a_list_stand_in_the_middle_of_their_cells(made: str, head: str, size: str) -> None:
    printed = pdf(covering(2, size=size) if made == "covering" else decided("Rina Wulandari", size=size))
    _, foot, _, top = last_box(printed, head)
    edges = {start[1] for start, end in strokes(printed) if start[1] == end[1]}
    below, above = max(edge for edge in edges if edge < foot), min(edge for edge in edges if edge > top)
    assert abs((foot - below) - (above - top)) < 1, "points"


@pytest.mark.nightly(size=["F4"])
@SIZES
@pytest.mark.parametrize("kind", ["covering", "decided"])
def test_no_page_of_a_signed_list_but_the_last_has_a_hole(size: str, kind: str) -> None:
    one = covering(1, size=size) if kind == "covering" else decided("Dr. Harsono Wibisana, M.Si.", size=size)
    for count in (*range(3, 24), 60):
        printed = pdf({**one, "rows": one["rows"] * count})
        assert max(lowest(printed)[:-1], default=0) < 28 + 60 + 6, count  # of text in the middle of its row
        assert "NIP." in pages(printed)[-1]
        assert not [drawn for drawn in sizes(printed) if 8 < drawn < (10 if kind == "covering" else 9.5)], count


@SIZES
def test_a_list_of_eight_stands_on_one_page(size: str) -> None:
    frozen = covering(8, size=size)
    rows = [{**row, "title": "Nota Dinas" if place else row["title"]} for place, row in enumerate(frozen["rows"])]
    assert len(pages(pdf({**frozen, "rows": rows}))) == 1


def test_who_receives_writes_the_day_and_a_nip_that_is_not_known() -> None:
    frozen = covering(1)
    giver, taker = frozen["signers"]
    [text] = pages(pdf({**frozen, "signers": [giver, {**taker, "nip": ""}]}))
    assert f"Diterima tanggal {'…' * 10}" in text
    assert f"NIP. {'…' * 12}" in text


def decided(*by: str, size: str = "F4") -> dict[str, Any]:
    row = {
        "number": NUMBER,
        "date": "2026-11-20T10:00:00+07:00",
        "register": REGISTER,
        "unit": "Sekretariat",
        "at": AT,
        "title": "Bantuan terhenti",
    }
    rows = [{**row, "decision": "Disetujui", "by": name} for name in by]
    signer = {**HEAD, "role": "kepala_dinas", "as": "Kepala Dinas"}
    facts = {"day": AT, "kind": "Nota Dinas", "signers": [signer], "rows": rows, "size": size}
    return made("daftar_disetujui", "Daftar Nota Dinas yang disetujui", **facts)


def test_who_decided_all_of_a_day_is_named_once_above_and_otherwise_in_each_row() -> None:
    [text] = pages(pdf(decided("Dr. Harsono Wibisana, M.Si.", "Dr. Harsono Wibisana, M.Si.")))
    assert text.count("Wibisana") == 1
    assert "Diputuskan oleh" not in text
    [text] = pages(pdf(decided("Dr. Harsono Wibisana, M.Si.", "Dra. Endang Sulistyowati, M.AP.")))
    assert (text.count("Wibisana"), text.count("Diputuskan oleh")) == (1, 1)


@SIZES
def test_the_list_of_a_day_names_the_date_of_each_nota_dinas_under_its_number(size: str) -> None:
    [text] = pages(pdf(decided(*["Rina Wulandari"] * 3, size=size)))
    read = [line.strip() for line in text.splitlines()]
    assert [read[at + 1] for at, line in enumerate(read) if line == NUMBER] == ["20 November 2026"] * 3
    assert read[read.index("Nomor dan tanggal") + 1] == "Nota Dinas"


@pytest.mark.parametrize("name", ["Dr. Harsono Wibisana, M.Si.", "Dra. Endang Sulistyowati, M.AP."])
def test_no_line_of_a_list_holds_a_degree_alone(name: str) -> None:
    for other in ("A", "Kusumaningtyas Wiranegara"):
        [text] = pages(pdf(decided(name, other)))
        assert name.rpartition(" ")[2] not in [line.strip() for line in text.splitlines()]


def test_the_list_of_a_day_says_of_which_day_and_by_whom_and_says_it_once() -> None:
    [text] = pages(pdf(decided("Dr. Harsono Wibisana, M.Si.")))
    read = " ".join(text.split())
    assert "Disetujui oleh Dr. Harsono Wibisana, M.Si., pada hari Selasa, 24 November 2026 No." in read
    assert "Daftar ini memuat 1 (satu) Nota Dinas pada 1 (satu) halaman." in read
    assert read.lower().count("disetujui") == 3  # title, sentence, the row's decision
    [text] = pages(pdf(decided("Dr. Harsono Wibisana, M.Si.", "Dra. Endang Sulistyowati, M.AP.")))
    assert "Disetujui pada hari Selasa, 24 November 2026 No." in " ".join(text.split())


def test_the_list_of_a_day_counts_its_pages_where_it_ends_and_a_name_without_a_degree_needs_no_comma() -> None:
    frozen = decided(*["Rina Wulandari"] * 60)
    *others, last = pages(pdf(frozen))
    assert f"Daftar ini memuat 60 (enam puluh) Nota Dinas pada {len(others) + 1} (" in " ".join(last.split())
    assert "memuat" not in "".join(others)
    assert "oleh Rina Wulandari pada hari" in " ".join(others[0].split())


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_no_cell_of_a_days_list_ends_with_a_word_alone(size: str) -> None:
    frozen = decided("Dr. Harsono Wibisana, M.Si.")
    row = {**frozen["rows"][0], "title": "BPJS PBI nonaktif, padahal harus cuci darah setiap dua kali sepekan"}
    row["unit"] = "Bidang Rehabilitasi, Perlindungan dan Jaminan Sosial"
    [text] = pages(pdf({**frozen, "rows": [row] * 3, "office": {**frozen["office"], "size": size}}))
    assert not {"Sosial", "sepekan"} & {line.strip() for line in text.splitlines()}


@given(
    st.lists(st.sampled_from(["Bidang", "Pemberdayaan", "dan", "KELUARGA", "a/b-c", "x" * 60]), max_size=14), st.data()
)
def test_balanced_lines_hold_the_same_words_in_no_more_lines(words: list[str], drawn: st.DataObject) -> None:
    text, room = " ".join(words), drawn.draw(st.floats(6, 60))
    lines = balanced(text, room)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert len(lines) == len(list(cell_lines(text, room, "text")))


KEY = [f"{n:05d}" for n in range(13)]
FAR = f"sftp://{'cadangan.' * 12}go.id/panel"


@SIZES
@pytest.mark.parametrize("place", ["/mnt/cadangan/panel", FAR])
def test_the_key_sheet_is_one_page_and_no_stop_follows_what_is_typed(size: str, place: str) -> None:
    facts = {"key_mark": "00000000", "place": place, "database": "SQLite", "version": "10.11.12", "printer": HEAD}
    printed = pages(pdf(made("lembar_kunci_cadangan", "Lembar Kunci Cadangan", size=size, groups=KEY, **facts)))
    [read] = [[line.strip() for line in page.splitlines()] for page in printed]
    assert words("Buka (ekstrak) program itu") in words(printed[0])
    assert words("untuk pemindai tanpa jaringan, bukan ponsel") in words(printed[0])
    assert "disusun" not in printed[0], "one word for when it was printed"
    assert "SOP" not in printed[0], "it belongs to no step"
    typed = ("panel-(tanggal).cadangan", "panel-program-10.11.12.tar.gz", "docs/panduan/pasang.md")
    assert [line for line in read if line in typed] == list(typed)
    assert words(f"Tempat cadangan: {place} 1.") in words(printed[0])
    assert words("Huruf I dan L dibaca 1, O dibaca 0; huruf U tidak dipakai.") in words(printed[0])


@SIZES
def test_the_key_sheet_has_a_place_to_fill_in_who_keeps_it_and_no_empty_cell(size: str) -> None:
    facts = {"key_mark": "00000000", "place": "", "database": "SQLite", "version": "10.11.12", "printer": HEAD}
    frozen = made("lembar_kunci_cadangan", "Lembar Kunci Cadangan", size=size, groups=KEY, **facts)
    [text] = pages(pdf(frozen))
    assert words("Diterima tanggal ……") in words(text)
    assert words("Jabatan: ……") in words(text)
    assert words(text).count("NIP.……") == 1
    assert words(f"{KEY[-1]} – akhir kunci –") in words(text)


@SIZES
def test_a_group_of_the_key_is_large_and_its_0_is_no_o(size: str) -> None:
    facts = {"key_mark": "00000000", "place": "", "database": "SQLite", "version": "10.11.12", "printer": HEAD}
    printed = pdf(made("lembar_kunci_cadangan", "Lembar Kunci Cadangan", size=size, groups=KEY, **facts))
    heard: list[tuple[str, float]] = []

    def hear(text: str, ctm: list[float], matrix: list[float], font: Any, size: float) -> None:
        if text.strip() in KEY:
            heard.append((font["/BaseFont"], size))

    PdfReader(io.BytesIO(printed)).pages[0].extract_text(visitor_text=hear)
    assert len(heard) == len(KEY)
    assert all("DejaVuSansMono" in font and size >= 16 for font, size in heard), heard
