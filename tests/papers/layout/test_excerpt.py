"""Kutipan Berita Acara: what the pengadu of a rahasia case takes home tells whoever reads it nothing of the matter."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from bench.variants import NAME, POST
from models.records.main_line import WITHOUT_RECEIVER
from papers.layout.slips import CODE_SIDE, RIGHT, SIZES
from papers.printing.render import pdf
from tests.papers.contents import HEAD, STAFF, STORY, UNIT_HEAD, UNITS, content, merged, person
from tests.papers.reading import last_box, lines, pages, said, strokes, words

KIND = "kutipan_berita_acara"


def kutipan(**changes: Any) -> dict[str, Any]:
    kuasa = person(kind="Kuasa", name="Dewi Lestari, S.H.")
    return content(KIND, complaint={"is_secret": True}, persons={"kuasa": kuasa}, **changes)


@pytest.mark.parametrize("size", ["F4", "A4"])
@pytest.mark.parametrize("outcome", ["diterima", "keberatan", *sorted(WITHOUT_RECEIVER)])
def test_it_says_numbers_date_and_that_the_handling_is_done_and_names_its_officer_once(outcome: str, size: str) -> None:
    records = {"berita_acara": {"codes": {"outcome": outcome}, "moments": {"told_at": "2026-11-21T09:45:00+07:00"}}}
    text = said(pdf(kutipan(records=records, office={"size": size})))
    numbers = "Nomor register PGD/12/XI/2026 Nomor Berita Acara 400.9/8/BA/35.73.403/2026"
    day = 24 if outcome == "anonim" else 21  # when it was issued: there was nobody to tell
    assert words(f"{numbers} Tanggal Berita Acara {day} November 2026 Isi") in text
    assert text.count(words("Rina Wulandari")) == 1  # under his signature
    assert words("enanganan pengaduan dengan nomor register tersebut telah") in text
    assert (words("telah selesai") in text) == (outcome != "keberatan")  # it may go on
    assert (words("telah disampaikan") in text) == (outcome not in WITHOUT_RECEIVER)
    assert "keberatan" not in text.lower()


@pytest.mark.parametrize("nameless", [True, False])
def test_only_of_who_has_a_name_it_says_that_he_is_asked_for_it(nameless: bool) -> None:
    text = said(pdf(merged(kutipan(), {"complaint": {"anonymous": nameless}})))
    assert words("dengan menyebut nomor register di atas") in text
    assert (words("Petugas hanya memberikannya kepada pengadu sendiri") in text) == (not nameless)


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_its_letterhead_has_the_lines_of_other_half_sheets_and_no_line_ends_in_a_dash(size: str) -> None:
    web = "Laman dinas.example.com – Surel pengaduan@example.com"
    office = {"size": size, "web": web, "phone": "(0341) 000000", "address": "Jalan Contoh 1", "postcode": "65100"}
    [page] = lines(pdf(kutipan(office=office)))
    texts = [line.text.strip() for line in page]
    assert [words(text) for text in texts if "Kode Pos" in text] == [
        words("Jalan Contoh 1, Telepon (0341) 000000, MALANG – Kode Pos 65100")
    ]
    assert not [text for text in texts if text.endswith("–")]


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_the_names_in_its_letterhead_are_larger_than_the_address(size: str) -> None:
    names = ["DINAS SOSIAL, PEMBERDAYAAN PEREMPUAN, PERLINDUNGAN ANAK,", "PENGENDALIAN PENDUDUK DAN KELUARGA BERENCANA"]
    [page] = lines(pdf(kutipan(office={"size": size, "name": names, "postcode": "65100"})))
    [name] = [line for line in page if names[1] in line.text]
    [city] = [line for line in page if "Kode Pos" in line.text]
    assert name.size - city.size >= 1


FULL = {"address": "Jalan Contoh Sejahtera Nomor 1", "phone": "(0341) 000000", "postcode": "00000"}  # fills a line


@pytest.mark.parametrize("size", ["F4", "A4"])
@pytest.mark.parametrize("kind", [KIND, "tanda_terima", "lembar_disposisi"])
def test_the_letterhead_of_a_half_sheet_stands_clear_of_its_code(kind: str, size: str) -> None:
    frozen = content(kind, office={**FULL, "size": size})
    printed, code = pdf(frozen), SIZES[size][0] - RIGHT - CODE_SIDE
    for text in (*frozen["office"]["name"], FULL["address"], FULL["postcode"]):
        assert code - last_box(printed, text)[2] * 25.4 / 72 >= 3.2, text


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_the_letterhead_of_a_draft_which_has_no_code_stands_amid_its_text(size: str) -> None:
    printed = pdf(kutipan(office={**FULL, "size": size}, paper={"draft": True}))
    texts = (kutipan()["office"]["government"], "KUTIPAN BERITA ACARA PENYELESAIAN PENANGANAN PENGADUAN")
    kop, title = (sum(last_box(printed, text)[::2]) / 2 for text in texts)
    assert abs(kop - title) < 1


@pytest.mark.parametrize("mark", [{"draft": True}, {"void": True}])
@pytest.mark.parametrize("size", ["F4", "A4"])
def test_a_mark_stands_clear_of_the_edge_and_of_the_letterhead(size: str, mark: dict[str, bool]) -> None:
    printed = pdf(kutipan(paper=mark, office={"size": size}))
    high = float(PdfReader(io.BytesIO(printed)).pages[0].mediabox.height)
    _, lower, _, upper = last_box(printed, "KONSEP" if "draft" in mark else "BATAL")
    assert (high - upper) * 25.4 / 72 >= 6
    assert (lower - last_box(printed, kutipan()["office"]["government"])[3]) * 25.4 / 72 >= 3


def test_a_long_name_is_parted_into_lines_of_about_one_length() -> None:
    first, second = (last_box(pdf(kutipan(signer={"name": NAME})), word) for word in ("Prof. Dr.", "Wiranegara, M.H."))
    assert words("Kusumaningtyas Wiranegara, M.H.") in said(pdf(kutipan(signer={"name": NAME})))
    assert first[1] > second[3]
    kusuma = last_box(pdf(kutipan(signer={"name": NAME})), "Kusumaningtyas")
    assert abs(kusuma[1] - second[1]) < 4


def test_on_a4_no_third_of_its_room_stays_empty_above_the_foot() -> None:
    """Which begins 17 mm above the lower edge; its text ended 29 mm above it."""
    web = {"web": "Laman dinsos.example.com", "phone": "(0341) 1"}
    [page] = lines(pdf(kutipan(office={"size": "A4", **web})))
    assert 17 < min(line.mm for line in page) < 26


def test_it_is_an_excerpt_that_an_officer_certifies_and_says_where_the_original_is() -> None:
    text = said(pdf(kutipan()))
    assert words("KUTIPAN BERITA ACARA PENYELESAIAN PENANGANAN PENGADUAN") in text
    place, post = "Malang, 24 November 2026", "PETUGAS PENANGANAN PENGADUAN, Rina Wulandari"
    certified = f"{place} Dikutip dari Berita Acara yang asli, {post}"
    assert words(certified) in text
    assert words("Berita Acara yang asli disimpan di kantor.") in text
    whom = "kepada pengadu sendiri atau kuasanya setelah"
    assert words(f"Petugas hanya memberikannya {whom}") in text


@pytest.mark.parametrize("size", ["F4", "A4"])
def test_its_title_stands_amid_its_text_as_on_the_other_half_sheets(size: str) -> None:
    printed = pdf(kutipan(office={"size": size}))
    left, _, right, _ = last_box(printed, "KUTIPAN BERITA ACARA PENYELESAIAN PENANGANAN PENGADUAN")
    ends = [x for (start, y), (end, other) in strokes(printed) if y == other for x in (start, end)]
    assert abs((left + right) - (min(ends) + max(ends))) / 2 < 2


def test_it_says_the_same_of_who_may_ask_whoever_was_told() -> None:
    """Whoever reads it at home does not learn from it who came."""
    texts = set()
    for capacity, receiver in (("pengadu", ""), ("keluarga", "Sri Wahyuni"), ("kuasa", "Dewi Lestari, S.H.")):
        act = {"codes": {"capacity": capacity}, "blanks": {"receiver": receiver}}
        texts.add(said(pdf(kutipan(records={"berita_acara": act}))))
    assert len(texts) == 1


@pytest.mark.parametrize("name", [NAME, "Rina Wulandari"])
@pytest.mark.parametrize("size", ["F4", "A4"])
def test_each_row_has_room_over_and_under_its_text(size: str, name: str) -> None:
    """At least 1.2 mm from a rule to the capitals below it, and from the letters under the line to the next rule."""
    office = {"web": "Laman dinsos.example.com", "phone": "(0341) 1", "size": size}
    printed = pdf(kutipan(signer={"name": name}, office=office))
    rules = sorted({y for (_, y), (_, other) in strokes(printed) if y == other})
    for text in ("Nomor register", "Nomor Berita Acara", "Tanggal Berita Acara", "Isi"):
        _, lower, _, upper = last_box(printed, text)
        above = min(y for y in rules if y > upper) - upper
        assert above * 25.4 / 72 >= 1.2, text
        if text != "Isi":  # whose cell is as high as the sentence beside it
            assert (lower - max(y for y in rules if y < lower)) * 25.4 / 72 >= 1.2, text


@pytest.mark.parametrize("name", [NAME, "Rina Wulandari"])
def test_it_has_room_on_half_a_sheet_of_a4(name: str) -> None:
    """Of 148 mm, whose foot begins 17 mm above the lower edge."""
    office = {"web": "Laman dinsos.example.com", "phone": "(0341) 1", "size": "A4"}
    printed = pdf(kutipan(signer={"name": name}, office=office))
    high = float(PdfReader(io.BytesIO(printed)).pages[0].mediabox.height) * 25.4 / 72
    [page] = lines(printed)
    assert high - min(line.mm for line in page) < 148 - 17


def test_it_names_neither_matter_nor_person_nor_unit() -> None:
    frozen = kutipan()
    matter, told = frozen["complaint"], frozen["records"]["berita_acara"]["blanks"]
    signed = {"signer": {"title": STAFF["title"]}}
    text = said(pdf(kutipan(**signed))).lower()
    secrets = [matter["title"], matter["category"], matter["medium"], told["told"], told["place"], "RAHASIA"]
    secrets += [who["name"] for who in frozen["persons"].values()] + [
        STORY[:30],
        *UNITS,
        HEAD["name"],
        UNIT_HEAD["name"],
    ]
    secrets += [
        number["text"] for series, number in frozen["numbers"].items() if series not in ("register", "berita_acara")
    ]
    assert [secret for secret in secrets if words(secret).lower() in text] == []


@pytest.mark.parametrize("paper", ["half", "full"])
def test_it_stands_on_half_a_sheet(paper: str) -> None:
    frozen = kutipan(signer={"name": NAME, "title": POST}, office={"disposition": paper})
    assert len(pages(pdf(frozen))) == 1
    assert ("potongdisini" in said(pdf(frozen))) == (paper == "full")
