"""Lembar Disposisi: one half sheet whatever stands on it, and a signed Lampiran for what does not fit."""

import io
import re
from operator import itemgetter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from bench.variants import HUNDREDS, NAME, NAMED, NINE, POST, SEVEN, TITLE, with_long_names
from papers.layout import slips
from papers.layout.disposition_form import WRITING
from papers.layout.disposition_texts import addressees
from papers.layout.glyphs import width
from papers.layout.phrases import capitals, listed
from papers.layout.screen import sheet
from papers.printing.render import pdf
from tests.papers.chance import lists, texts
from tests.papers.contents import HEAD, UNITS, content
from tests.papers.reading import flow, pages, said, sizes, strokes, words

HEAD_HIGH = 10 * 0.72  # of the capitals of the name, pt
FURNITURE = {1.5, 2.0, 8.0}  # rules, the foot, the cutting line
MARKS = {
    "": "",
    "konsep": "KONSEPBelumterbitdanbelumberlakusebagaidokumendinas",
    "batal": "BATALDokumeninitidakberlakulagi",
}
OFFERED = listed("lembar_disposisi.instructions")  # by the panel
POST_OF = {  # as addressed, by unit; other units are addressed by their names
    UNITS[0]: "Sekretaris",
    UNITS[1]: "Kepala Bidang Rehabilitasi, Perlindungan dan Jaminan Sosial",
    UNITS[2]: "Kepala Bidang Pengendalian Penduduk dan Keluarga Berencana",
}
WIDTHS = [("half", "F4", 215), ("half", "A4", 210), ("full", "F4", 215), ("full", "A4", 210)]  # mm
SHEETS = {
    ("half", "F4"): (215, 165),
    ("half", "A4"): (210, 148),
    ("full", "F4"): (215, 330),
    ("full", "A4"): (210, 297),
}
MM = 72 / 25.4


def slip(
    *, units: list[str] = SEVEN, mark: str = "", full: bool = False, size: str = "F4", **parts: Any
) -> dict[str, Any]:
    """A disposition to the second unit; `parts` are its blanks, its title, and who signs."""
    return content(
        "lembar_disposisi",
        units=units,
        paper={"draft": mark == "konsep", "void": mark == "batal"},
        office={"disposition": "full" if full else "half", "size": size},
        complaint={
            "title": parts.pop("title", TITLE[:40]),
            "is_secret": parts.pop("secret", False),
            **parts.pop("letter", {}),
        },
        signer=parts.pop("signer", {}),
        wording={"lembar_disposisi.instructions": "\n".join(parts.pop("offered", OFFERED))},
        records={"disposition": {"blanks": {"unit": units[1], "others": [], **parts}}},
    )


def is_whole(frozen: dict[str, Any], printed: bytes, mark: str = "") -> None:
    """One slip, each page signed and with text of its own, nothing small, nothing lost."""
    signer = frozen["signer"]
    signed = [words("".join(capitals(signer["title"]))), words(signer["name"]), words(signer["nip"])]
    sheet = SHEETS[frozen["office"]["disposition"], frozen["office"]["size"]]
    for number, page in enumerate(PdfReader(io.BytesIO(printed)).pages, 1):
        text = page.extract_text()
        assert (round(float(page.mediabox.width) / 72 * 25.4), round(float(page.mediabox.height) / 72 * 25.4)) == sheet
        assert all(part in words(text) for part in signed), number
        assert words(frozen["complaint"]["number"]) in words(text), number
        assert words(flow(text)).replace(MARKS[mark], ""), number
        assert ("LAMPIRANLEMBARDISPOSISI" in words(text)) == (number > 1), number
        assert text.count("RAHASIA") == 2 * frozen["complaint"]["is_secret"], "at its head and foot"
    blanks, text = frozen["records"]["disposition"]["blanks"], "".join(words(flow(page)) for page in pages(printed))
    text = text.replace(MARKS[mark], "") if mark else text
    addressed = [POST_OF.get(unit, unit) for unit in (blanks["unit"], *blanks["others"])]
    chosen = [*addressed, *blanks["named"], *blanks["instructions"]]
    complaint = frozen["complaint"]
    untold = complaint["is_secret"] or any(word in complaint["medium_ref_label"].lower() for word in ("akun", "antre"))
    told = [] if untold else [complaint["medium_ref"]]
    lost = [one for one in (complaint["title"], *told, *chosen, *blanks["note"].split("\n")) if words(one) not in text]
    assert lost == []
    assert min(sizes(printed) - FURNITURE) >= 9


DISPOSITIONS = st.fixed_dictionaries(
    {
        "units": lists(14, 2, 60),
        "title": texts(120),
        "named": lists(6, 0, 60),
        "instructions": lists(12, 0, 45),
        "note": st.one_of(texts(60), st.lists(texts(400), max_size=5).map("\n".join)),
        "letter": st.fixed_dictionaries({"medium_ref": texts(80), "medium_ref_label": texts(80)}),
        "signer": st.fixed_dictionaries({"name": texts(60), "title": texts(120)}),
        "secret": st.booleans(),
        "full": st.booleans(),
        "size": st.sampled_from(["F4", "A4"]),
        "mark": st.sampled_from([*MARKS]),
    }
)


@settings(max_examples=10)
@given(parts=DISPOSITIONS, others=st.integers(0, 12))
def test_any_disposition_is_one_slip_and_a_signed_lampiran(parts: dict[str, Any], others: int) -> None:
    drawn = slip(**parts, others=parts["units"][2:][:others])
    is_whole(drawn, pdf(drawn), parts["mark"])


@pytest.mark.soak
@settings(max_examples=600)
@given(parts=DISPOSITIONS, others=st.integers(0, 12))
def test_any_of_many_dispositions_is_one_slip_and_a_signed_lampiran(parts: dict[str, Any], others: int) -> None:
    drawn = slip(**parts, others=parts["units"][2:][:others])
    is_whole(drawn, pdf(drawn), parts["mark"])


@pytest.mark.parametrize("full", [False, True])
@pytest.mark.parametrize("count", [2, 5, 7, 14])
def test_the_grid_of_two_to_fourteen_units_stands_on_one_sheet(count: int, full: bool) -> None:
    units = [*SEVEN, *(f"{name} Wilayah II" for name in SEVEN)][:count]
    frozen = slip(units=units, others=units[:1], full=full, note="Mohon dikunjungi minggu ini dan dilaporkan hasilnya.")
    printed = pdf(frozen)
    is_whole(frozen, printed)
    assert len(pages(printed)) == 1
    posts = [POST_OF.get(name, name.replace("Sekretariat ", "Sekretaris ")) for name in units]
    assert [post for post in posts if words(post) not in said(printed)] == []
    assert said(printed).split("Diteruskankepada")[1].count("☑") == 4  # two units, two instructions


def test_a_unit_of_one_word_that_fits_on_no_line_leaves_the_signature_on_its_page() -> None:
    units = ["Permohonan Permohonan Permohonan Permohonan dan", "x" * 60, "0", "00"]
    short = {"title": "0", "named": ["0"], "instructions": [], "note": "0", "signer": {"name": "0", "title": "0"}}
    frozen = slip(units=units, letter={"medium_ref": "0", "medium_ref_label": "0"}, **short)
    is_whole(frozen, pdf(frozen))


@pytest.mark.parametrize("count", [0, 2, 9])
def test_every_unit_that_is_addressed_stands_on_the_disposition(count: int) -> None:
    units = [f"Unit kerja {n}" for n in range(20)]
    frozen = slip(units=[units[0], units[19], *units[1:19]], others=units[:count])
    text = said(pdf(frozen))
    assert text.count("☑Unitkerja") == count + 1
    assert text.count("Unitkerja") == 14


def test_names_of_sixty_and_titles_of_a_hundred_and_twenty_characters_fit_on_the_slip() -> None:
    assert (len(NAME), len(TITLE), len(POST)) == (60, 120, 120)
    frozen = slip(title=TITLE, named=[NAME], signer={"name": NAME, "title": POST}, note="Mohon dikunjungi minggu ini.")
    printed = pdf(frozen)
    is_whole(frozen, printed)
    assert len(pages(printed)) == 1


def test_what_is_as_long_as_the_panel_takes_it_still_stands_on_one_slip() -> None:
    signer = {"name": "W" * 100, "title": "W" * 200, "pangkat": "W" * 60}
    frozen = slip(title="W" * 200, note="Mohon dikunjungi. " * 60, signer=signer)
    is_whole(frozen, pdf(frozen))
    frozen = slip(note="Mohon dikunjungi. " * 60)
    frozen["complaint"]["number"] = f"PGD/{'9' * 50}/XI/2026"[:60]
    frozen["persons"]["pengadu"]["name"] = "Nama Pengadu yang Panjang Sekali " * 4
    is_whole(frozen, pdf(frozen))
    frozen["complaint"] |= {"medium_ref": "W" * 80, "medium_ref_label": "X" * 80, "title": "W" * 200}
    frozen["signer"] = {**HEAD, **signer}
    is_whole(frozen, printed := pdf(frozen))
    assert "W" * 80 in said(printed)


def test_nine_instructions_stand_on_the_slip() -> None:
    frozen = slip(offered=NINE, instructions=NINE[:4], note="Mohon dikunjungi minggu ini dan dilaporkan hasilnya.")
    printed = pdf(frozen)
    is_whole(frozen, printed)
    assert len(pages(printed)) == 1


@pytest.mark.parametrize("mark", [*MARKS])
@pytest.mark.parametrize(("full", "size"), [(False, "F4"), (True, "F4"), (True, "A4")])
def test_a_long_note_goes_to_a_signed_lampiran_and_the_slip_says_so(full: bool, size: str, mark: str) -> None:
    frozen = slip(note="Mohon dikunjungi dan dilaporkan. " * 60, secret=True, full=full, size=size, mark=mark)
    first, *others = pages(pdf(frozen))
    assert "(lihat Lampiran)" in first
    assert len(others) == (1 if full else 2)
    for page in others:
        assert all(word in words(page) for word in ("LAMPIRANLEMBARDISPOSISI", "KEPALADINAS,", words(HEAD["name"])))
    assert words(frozen["records"]["disposition"]["blanks"]["note"]) in words("".join(map(flow, others))).replace(
        MARKS[mark], ""
    )


def test_the_preview_separates_the_lampiran_from_the_slip() -> None:
    drawn = sheet(slip(note="Mohon dikunjungi dan dilaporkan. " * 60), emblem="")
    assert drawn.index("(lihat Lampiran)") < drawn.index("LAMPIRAN LEMBAR DISPOSISI") < drawn.index("Mohon dikunjungi")
    assert "LAMPIRAN" not in sheet(slip(note="Mohon dikunjungi."), emblem="")


def heights(printed: bytes, page: int) -> dict[str, tuple[float, float]]:
    """What is drawn on a page: size and height above its foot (pt), the uppermost of equal ones."""
    drawn: dict[str, tuple[float, float]] = {}

    def hear(text: str, ctm: list[float], matrix: list[float], font: object, size: float) -> None:
        at = (size * matrix[3] * ctm[3], matrix[5] * ctm[3] + ctm[5])
        drawn[words(text)] = max(at, drawn.get(words(text), at), key=lambda place: place[1])

    PdfReader(io.BytesIO(printed)).pages[page].extract_text(visitor_text=hear)
    return drawn


@pytest.mark.parametrize("page", [0, 1])
def test_a_signature_has_25_mm_and_a_rahasia_slip_says_so_at_its_head(page: int) -> None:
    drawn = heights(pdf(slip(note="Mohon dikunjungi. " * 90, secret=True)), page)
    (_, title), (_, name), (size, high) = (drawn[one] for one in ("KEPALADINAS,", words(HEAD["name"]), "RAHASIA"))
    assert title - name - HEAD_HIGH >= 25 * MM
    assert size >= 12
    assert high > 165 * MM * 3 / 4


def grid(printed: bytes, page: int = 0) -> tuple[set[float], set[float]]:
    """Where the verticals of the slip's table stand (pt), and at which heights they begin and end."""
    drawn = strokes(printed, page)
    upright = {(round(a[0]), a[1], b[1]) for a, b in drawn if abs(a[0] - b[0]) < 0.1 and abs(a[1] - b[1]) > 1}
    heights = {round(y, 1) for _, *ends in upright for y in ends}
    return {x for x, *_ in upright}, heights


NOTE = "Mohon dikunjungi minggu ini dan dilaporkan hasilnya."
FOURTEEN = [*SEVEN, *(f"{name} Wilayah II" for name in SEVEN)]


@pytest.mark.parametrize(("paper", "size", "wide"), WIDTHS)
@pytest.mark.parametrize("units", [SEVEN[:2], SEVEN, FOURTEEN, [f"{name} bagi {TITLE}"[:100] for name in SEVEN]])
def test_at_no_height_do_more_than_three_verticals_part_the_slip_from_margin_to_margin(
    units: list[str], paper: str, size: str, wide: int
) -> None:
    printed = pdf(slip(units=units, full=paper == "full", size=size, note=NOTE))
    drawn = [(round(a[0]), *sorted((a[1], b[1]))) for a, b in strokes(printed) if abs(a[0] - b[0]) < 0.1]
    _, heights = grid(printed)
    for high in range(int(min(heights)) + 2, int(max(heights)) - 1):
        upright = {x for x, low, top in drawn if low < high < top}
        assert len(upright) in (2, 3)
        assert (min(upright), max(upright)) == (round(20 * MM), round((wide - 15) * MM))


@pytest.mark.parametrize("size", ["F4", "A4"])
@pytest.mark.parametrize("units", [SEVEN[:2], SEVEN, FOURTEEN, HUNDREDS])
def test_the_boxes_of_sifat_stand_on_one_line_wide_apart(units: list[str], size: str) -> None:
    printed = pdf(slip(units=units, size=size))
    [line] = [line for line in lines_of(printed) if "Sangat" in line]
    assert words("☐ Sangat segera ☑ Segera ☐ Rahasia") in words(line)
    text = pages(printed)[0].replace("\n", "")
    assert re.search(r"segera[ \xa0]{2,}☑[ \xa0]Segera[ \xa0]{2,}☐[ \xa0]Rahasia", text)


@pytest.mark.parametrize("mark", ["konsep", "batal"])
def test_the_mark_stands_six_millimetres_below_the_edge(mark: str) -> None:
    for page in (0, 1):
        _, y = heights(pdf(slip(mark=mark, note="Mohon dikunjungi. " * 90)), page)[mark.upper()]
        assert 165 * MM - (y + 12 * 0.72) >= 6 * MM


def test_the_title_of_a_rahasia_slip_stands_as_far_from_the_table() -> None:
    plain, secret = (pdf(slip(units=SEVEN, secret=secret)) for secret in (False, True))
    gaps = [heights(one, 0)["LEMBARDISPOSISI"][1] - max(grid(one)[1]) for one in (plain, secret)]
    assert gaps[0] == pytest.approx(gaps[1], abs=0.3)


def test_more_lines_stand_for_units_by_hand_where_there_is_room() -> None:
    assert said(pdf(slip(units=HUNDREDS[:12], others=HUNDREDS[:1]))).count("☐…") == 3


def test_no_line_parts_a_title_from_the_name_behind_it() -> None:
    printed = pdf(slip(units=SEVEN, named=[f"Prof. Dr. Hj. {NAME[14:52]}"] * 6))
    assert not [line for line in lines_of(printed) if line.rstrip().endswith(("Prof.", "Dr.", "Hj."))]


@pytest.mark.parametrize("parts", [{"units": SEVEN[:2]}, {"units": FOURTEEN}, {"title": TITLE, "named": [NAME]}])
def test_the_table_of_the_slip_reaches_down_to_its_foot(parts: dict[str, Any]) -> None:
    _, heights = grid(pdf(slip(**parts)))
    assert 20 * MM - 0.1 <= min(heights) <= 25 * MM


def positions(printed: bytes, page: int = 0) -> list[tuple[str, float, float]]:
    """The pieces of text of a page, and where each begins, from the lower left corner (pt)."""
    drawn: list[tuple[str, float, float]] = []

    def hear(text: str, ctm: list[float], matrix: list[float], font: object, size: float) -> None:
        if text.strip():
            drawn.append((text.strip(), matrix[4] * ctm[0] + ctm[4], matrix[5] * ctm[3] + ctm[5]))

    PdfReader(io.BytesIO(printed)).pages[page].extract_text(visitor_text=hear)
    return drawn


@pytest.mark.parametrize(("units", "size"), [(SEVEN, 10), (HUNDREDS[:5], 10)])
def test_wrapped_lines_hang_under_the_text_after_their_box_or_colon(units: list[str], size: float) -> None:
    printed = pdf(slip(units=units, title=f"{TITLE} {TITLE[:70]}", note=NOTE if units == SEVEN else ""))
    assert size in sizes(printed)
    places = [(text, x) for text, x, _ in positions(printed)]
    boxes, colons = ([x for text, x in places if text.startswith(sign)] for sign in ("☑", ": Permohonan"))
    [under_box] = [x for text, x in places if text.replace("\xa0", " ").endswith("(penanggung jawab)")]
    [under_colon] = [x for text, x in places if text.endswith(TITLE[60:70])]
    box = width("☑", "DejaVuSans") + width(" ", "LiberationSans-Regular")
    assert under_box - min(boxes) == pytest.approx(box * size, abs=0.1)
    assert under_colon - min(colons) == pytest.approx(width(": ", "LiberationSans-Regular") * size, abs=0.1)


@pytest.mark.parametrize("mark", ["konsep", "batal"])
def test_the_mark_of_a_lampiran_does_not_cover_its_signature(mark: str) -> None:
    printed, images = pdf(slip(note="Mohon dikunjungi. " * 90, mark=mark)), list[tuple[float, float]]()

    def hear(operator: bytes, operands: list[Any], ctm: list[float], matrix: list[float]) -> None:
        if operator == b"Do":
            images.append((ctm[4], ctm[4] + ctm[0]))

    PdfReader(io.BytesIO(printed)).pages[1].extract_text(visitor_operand_before=hear)
    column = (20 + (215 - 20 - 15) / 2) * MM  # where that of the signature begins
    assert [right < column for left, right in images if right - left > 50 * MM] == [True]


LETTERS = [  # label and text of the medium's reference, then number and date on the slip
    ("Nomor dan tanggal surat", "470/112/2026 tanggal 19 November 2026", "470/112/2026", "19 November 2026"),
    ("Nomor dan tanggal surat", "B-7/XI/2026, tgl. 3-11-2026", "B-7/XI/2026", "3-11-2026"),
    ("Nomor dan tanggal surat", "470/112/2026", "470/112/2026", "–"),
    ("Nomor dan tanggal surat", "tanggal 19 November 2026", "–", "19 November 2026"),
    ("Nomor surat limpahan", "700/12/2026", "700/12/2026", "–"),
    ("Nomor agenda surat masuk", "512", "Agenda surat masuk 512", "–"),
    ("Nomor tiket LAPOR! (Tracking ID)", "10254761", "Tiket LAPOR! (Tracking ID) 10254761", "–"),
    (
        "Nomor dan tanggal surat",
        "Nomor 12/RT.03/XI/2026 tanggal 16 November 2026",
        "12/RT.03/XI/2026",
        "16 November 2026",
    ),
    ("Tanggal dan pukul pesan", "20 Nov 2026 pukul 07.45 WIB", "–", "20 Nov 2026 pukul 07.45 WIB"),
    ("Tanggal kotak dibuka", "20 November 2026", "–", "20 November 2026"),
    ("Nama akun dan tautan pesan", "@warga.contoh7", "–", "–"),
    ("Nomor antrean", "A-004", "–", "–"),
    ("Nomor antrean", "", "–", "–"),
]


@pytest.mark.parametrize("secret", [False, True])
@pytest.mark.parametrize(("label", "reference", "number", "date"), LETTERS)
def test_number_and_date_are_those_of_the_letter_and_no_others(
    label: str, reference: str, number: str, date: str, secret: bool
) -> None:
    frozen = slip(secret=secret)
    frozen["complaint"] |= {"medium_ref": reference, "medium_ref_label": label}
    text = said(pdf(frozen))
    if secret:  # where there is no letter, or no date of it, nothing is withheld
        assert not reference or words(reference) not in text
        known = "Dirahasiakan" if label.startswith(("Nomor surat", "Nomor dan tanggal surat")) else "–"
        number, date = (part if part == "–" else known for part in (number, date))
    assert words(f"No. Surat : {number} No. Agenda : PGD/12/XI/2026") in text
    assert words(f"Tgl. Surat : {date} Sifat") in text


def test_units_are_addressed_by_the_posts_that_head_them() -> None:
    units = ["Sekretariat", "UPTD Anak", "UPTD Panti", "UPTD Griya", "Puspaga"]
    titles = ("SEKRETARIS", "KEPALA UPTD ANAK", "KEPALA UPT", "KEPALA UPT")
    text = said(pdf({**slip(units=units), "posts": dict(zip(units, titles, strict=False))}))
    first = "☐ Sekretaris ☑ Kepala UPTD Anak (penanggung jawab)"
    others = "☐ Kepala UPT (UPTD Panti) ☐ Kepala UPT (UPTD Griya) ☐ Puspaga"
    assert words(f"Diteruskan kepada Yth.: {first} {others}") in text


def test_a_unit_without_a_known_post_is_addressed_by_whom_its_name_says() -> None:
    named = {
        "Bidang Pemberdayaan Sosial": "Kepala Bidang Pemberdayaan Sosial",
        "UPTD Griya": "Kepala UPTD Griya",
        "Sekretariat": "Sekretaris",
        "Puspaga": "Puspaga",
        "Bidangan": "Bidangan",
    }
    text = said(pdf({**slip(units=list(named)), "posts": {}}))
    assert words("☐ Sekretaris ☐ Puspaga") in text
    for unit, post in named.items():
        assert addressees([unit], {}) == {unit: post}


def test_the_short_letterhead_says_what_the_postcode_is() -> None:
    frozen = slip()
    frozen["office"] |= {"phone": "(0341) 000000", "address": "Jalan Contoh 1", "postcode": "00000"}
    assert words("Jalan Contoh 1, Telepon (0341) 000000, MALANG – Kode Pos 00000") in said(pdf(frozen))


def test_no_dots_stand_for_the_title_of_who_signs() -> None:
    frozen = slip(note="Mohon dikunjungi dan dilaporkan. " * 60, signer={"title": ""})
    frozen["office"] |= {"phone": "(0341) 000000", "address": "Jalan Contoh 1", "postcode": "00000"}
    for page in pages(pdf(frozen)):
        assert "…," not in page
        assert "KEPALA DINAS," in page


@pytest.mark.parametrize("web", ["", "dinsos.malangkota.go.id"])
@pytest.mark.parametrize("mark", [*MARKS])
def test_the_upper_right_corner_of_each_page_is_left_to_the_code(mark: str, web: str) -> None:
    frozen = slip(note="Mohon dikunjungi dan dilaporkan. " * 60, secret=True, mark=mark)
    frozen["office"]["web"] = web
    printed, down = pdf(frozen), slips.CODE_TOP + (slips.UNDER_CLEAR if mark else 0)
    left, lower = (
        (215 - slips.RIGHT - slips.CODE_SIDE - 2) * MM,
        (165 - down - slips.CODE_SIDE - 2) * MM,
    )  # 2 mm around it
    assert len(pages(printed)) > 1
    for number in range(len(pages(printed))):
        drawn = [y for _, end in strokes(printed, number) if end[0] > left for y in end[1:]]
        written = [y for _, x, y in positions(printed, number) if x > left]
        assert max([*drawn, *written]) < lower


def lines_of(printed: bytes, page: int = 0) -> list[str]:
    """The lines of a page from above, each with its pieces of text from the left."""
    rows: dict[float, list[tuple[float, str]]] = {}
    for text, x, y in positions(printed, page):
        beside = next((row for row in rows if abs(row - y) < 3), y)
        rows.setdefault(beside, []).append((x, text))
    return [" ".join(text for _, text in sorted(rows[y], key=itemgetter(0))) for y in sorted(rows, reverse=True)]


SIZED = pytest.mark.parametrize("size", ["F4", "A4"])
COUNTED = pytest.mark.parametrize("units", [SEVEN[:2], SEVEN, FOURTEEN])


@SIZED
@COUNTED
def test_the_deadline_stands_on_one_line_under_the_name_of_its_clock(units: list[str], size: str) -> None:
    text = "\n".join(lines_of(pdf(slip(units=units, size=size, note=NOTE)))).replace("\xa0", " ")
    assert "Batas peraturan: 11 Desember 2026" in text


@SIZED
@pytest.mark.parametrize("count", range(2, 15))
def test_sifat_stands_in_its_place_on_one_line_or_box_under_box(count: int, size: str) -> None:
    for units in (FOURTEEN, HUNDREDS):
        drawn = lines_of(pdf(slip(units=units[:count], size=size, note=NOTE)))
        [at] = [at for at, line in enumerate(drawn) if words("Tgl. Surat : – Sifat : ☐ Sangat segera") in words(line)]
        assert words("☐ Sangat segera ☑ Segera ☐ Rahasia") in words("".join(drawn[at : at + 3]))
        assert count > 10 or words("☑ Segera ☐ Rahasia") in words(drawn[at])


@SIZED
@pytest.mark.parametrize("units", [SEVEN[:2], SEVEN, HUNDREDS[:2]])
def test_under_the_heading_of_an_empty_note_are_two_lines_to_write_by_hand(units: list[str], size: str) -> None:
    printed = pdf(slip(units=units, size=size, note=""))
    [heading] = [(x, y) for text, x, y in positions(printed) if text == "Catatan:"]
    rules = [
        a[1] for a, b in strokes(printed) if abs(a[1] - b[1]) < 0.1 and a[0] <= heading[0] <= b[0] and a[1] < heading[1]
    ]
    written = [y for _, x, y in positions(printed) if abs(x - heading[0]) < 20 and y < heading[1]]
    assert heading[1] - max(rules) >= 12 * MM
    assert not [y for y in written if y > max(rules)]


def test_the_longest_names_leave_room_on_a_slip_of_a4_for_a_note_by_hand() -> None:
    frozen = with_long_names(slip(size="A4", title=TITLE, note=""))
    printed = pdf(frozen)
    is_whole(frozen, printed)
    [heading] = [y for text, _, y in positions(printed) if text == "Catatan:"]
    assert heading - min(grid(printed)[1]) >= WRITING + 2 * MM
    assert "☐…" in said(printed)


@SIZED
def test_the_name_of_a_unit_stands_on_one_line_where_the_signature_needs_no_more_room(size: str) -> None:
    text = "\n".join(lines_of(pdf(slip(size=size, note="")))).replace("\xa0", " ")
    assert POST_OF[UNITS[2]] in text
    assert "Kepala Bidang Pemberdayaan Perempuan dan Perlindungan Anak" in text


@SIZED
@pytest.mark.parametrize("named", [[NAME], [NAME[:30], NAME], NAMED])
def test_no_line_parts_the_name_of_who_is_named(named: list[str], size: str) -> None:
    text = "\n".join(lines_of(pdf(slip(named=named, size=size)))).replace("\xa0", " ")
    assert not [name for name in named if name not in text]


@SIZED
def test_the_signature_of_a_lampiran_stands_5_mm_above_the_rule_of_the_foot(size: str) -> None:
    printed = pdf(slip(note="Mohon dikunjungi. " * 90, size=size))
    lowest_line = min(y for text, _, y in positions(printed, page=1) if text.startswith("NIP."))
    assert lowest_line >= (slips.FOOT + 5) * MM


@SIZED
def test_a_kuasa_is_named_with_the_pengadu_who_is_named(size: str) -> None:
    def sent(**changes: Any) -> str:
        frozen = slip(size=size, **changes)
        frozen["persons"]["kuasa"] = {"name": "Dewi Lestari, S.H."}
        return said(pdf(frozen))

    assert words("Slamet Riyadi (kuasa: Dewi Lestari, S.H.)") in sent()
    assert "Dewi" not in sent(secret=True)


@SIZED
@pytest.mark.parametrize("count", range(2, 15))
def test_no_line_parts_what_a_unit_is_there_for(count: int, size: str) -> None:
    text = "\n".join(lines_of(pdf(slip(units=HUNDREDS[:count], size=size)))).replace("\xa0", " ")
    assert "(penanggung jawab)" in text


@SIZED
def test_no_short_word_of_a_unit_stands_alone_on_its_line(size: str) -> None:
    for count in range(7, 15):
        drawn = lines_of(pdf(slip(units=FOURTEEN[:count], size=size, note=NOTE)))
        assert not {"II", "Anak"} & {words(line) for line in drawn}, count


def test_the_deadlines_stand_on_one_line_under_the_title() -> None:
    drawn = lines_of(pdf(slip(units=SEVEN, note="")))
    [title] = [at for at, line in enumerate(drawn) if line.startswith("Hal")]
    assert words("Batas peraturan: 11 Desember 2026; waktu SOP langkah berikutnya: 1 hari kerja") == words(
        drawn[title + 1]
    )


@SIZED
def test_a_disposition_of_the_offices_seven_units_says_all_of_them_on_one_slip(size: str) -> None:
    for mark in MARKS:
        printed = pdf(slip(units=SEVEN, size=size, mark=mark, note=NOTE))
        assert len(pages(printed)) == 1
        assert "(lihat Lampiran)" not in pages(printed)[0]
        assert said(printed).split("Diteruskankepada")[1].count("☐") + 3 == len(SEVEN) + len(OFFERED)


@SIZED
def test_the_longest_names_and_titles_leave_everything_on_the_slip(size: str) -> None:
    printed = pdf(slip(title=TITLE, named=[NAME], signer={"name": NAME, "title": POST}, note=NOTE, size=size))
    assert len(pages(printed)) == 1
    assert "(lihat Lampiran)" not in pages(printed)[0]


@SIZED
def test_the_widest_name_and_title_leave_room_for_a_hand(size: str) -> None:
    frozen = slip(signer={"name": "W" * 120, "title": "W" * 200, "pangkat": "Pembina"}, note=NOTE, size=size)
    printed = pdf(frozen)
    is_whole(frozen, printed)
    rows = [(text, y) for text, _, y in positions(printed) if text.startswith("W")]
    [title] = [at for at, (text, _) in enumerate(rows) if text.endswith(",")]
    assert rows[title][1] - rows[title + 1][1] - HEAD_HIGH > 12 * MM


def test_no_degree_stands_alone_under_a_name() -> None:
    for wide in range(40, 61, 2):
        name = f"{'Kusumaningtyas Wiranegara ' * 3}"[:wide].strip() + ", M.H."
        assert not [line for line in lines_of(pdf(slip(units=SEVEN, signer={"name": name}))) if line == "M.H."]


@SIZED
@pytest.mark.parametrize("mark", ["konsep", "batal"])
def test_the_picture_of_a_mark_stands_clear_of_the_foot(mark: str, size: str) -> None:
    printed, lowest = pdf(slip(note="Mohon dikunjungi. " * 90, mark=mark, size=size)), list[float]()

    def hear(operator: bytes, operands: list[Any], ctm: list[float], matrix: list[float]) -> None:
        if operator == b"Do" and ctm[0] > 50 * MM:
            lowest.append(ctm[5])

    for page in PdfReader(io.BytesIO(printed)).pages:
        page.extract_text(visitor_operand_before=hear)
    assert len(lowest) == len(pages(printed)) > 1
    assert min(lowest) >= slips.FOOT * MM - 0.1


@SIZED
@COUNTED
def test_the_foot_of_the_table_stands_3_mm_above_the_rule_of_the_foot(units: list[str], size: str) -> None:
    _, heights = grid(pdf(slip(units=units, size=size, note=NOTE)))
    assert min(heights) >= (slips.FOOT + 3) * MM - 0.1


@SIZED
@pytest.mark.parametrize("count", range(2, 15))
def test_no_line_parts_an_instruction_a_post_from_its_task_or_a_number_from_its_name(count: int, size: str) -> None:
    units, named = FOURTEEN[:count], [f"{number}. {NAME[:40]}" for number in range(1, 7)]
    drawn = lines_of(pdf(slip(units=units, size=size, named=named[: count // 2])))
    text = "\n".join(drawn).replace("\xa0", " ")
    assert "Koordinasi/konfirmasikan" in text
    assert "(penanggung jawab)" in text
    assert not [line for line in drawn if line.rstrip().endswith(tuple(f" {number}." for number in range(1, 7)))]


def test_a_line_stays_for_a_unit_by_hand_where_some_are_left_out() -> None:
    units = [f"Unit kerja {n}" for n in range(20)]
    assert "☐" + "…" * 14 in said(pdf(slip(units=units)))
    assert "☐…" not in said(pdf(slip(units=units[:14])))


ORDINARY = {
    "plain": {},
    "note": {"note": NOTE},
    "two": {"units": SEVEN[:2]},
    "five": {"units": SEVEN[:5]},
    "named": {"named": [NAME[:30]]},
    "rahasia": {"secret": True},
    "title": {"title": TITLE},
    "full": {"full": True},
}


def arrangement(printed: bytes) -> dict[bool, list[str]]:
    """The headings of the lower table from above, of its left column (False) and of the others."""
    parts = ("Diteruskan kepada", "Dengan hormat harap", "Catatan:", "Malang, ")
    drawn = [(-y, x, part) for text, x, y in positions(printed) for part in parts if text.startswith(part)]
    left = min(x for _, x, _ in drawn) + 1
    return {right: [part for _, x, part in sorted(drawn) if (x > left) == right] for right in (False, True)}


@SIZED
@pytest.mark.parametrize("mark", ["konsep", "batal"])
@pytest.mark.parametrize("parts", ORDINARY.values(), ids=ORDINARY)
def test_a_marked_slip_is_arranged_as_the_issued_one(parts: dict[str, Any], mark: str, size: str) -> None:
    issued, marked = (pdf(slip(**{"note": "", **parts, "size": size, "mark": one})) for one in ("", mark))
    assert arrangement(marked) == arrangement(issued)


def cell_of_note(printed: bytes) -> float:
    """The height (pt) between the rules over and under the heading of the note."""
    [(left, foot)] = [(x, y) for text, x, y in positions(printed) if text == "Catatan:"]
    rules = [a[1] for a, b in strokes(printed) if abs(a[1] - b[1]) < 0.1 and min(a[0], b[0]) <= left <= max(a[0], b[0])]
    return min(y for y in rules if y > foot) - max(y for y in rules if y < foot)


@SIZED
@pytest.mark.parametrize("secret", [False, True])
def test_an_ordinary_slip_is_of_10_pt_and_has_25_mm_for_the_note(secret: bool, size: str) -> None:
    printed = pdf(slip(units=SEVEN, size=size, secret=secret, note=""))
    assert cell_of_note(printed) >= 25 * MM
    assert 10 in sizes(printed)
