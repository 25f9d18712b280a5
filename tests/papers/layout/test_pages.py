"""Where a page ends: no signature stands alone, no heading loses its text, no paragraph leaves one line behind."""

from collections.abc import Iterator

import pytest

from papers.printing.render import pdf
from sop.vocabulary import vocabulary
from tests.papers.contents import content
from tests.papers.reading import flow, pages, words
from tests.papers.reading import lines as lines_of

FILLING = [6, *range(20, 50, 3)]  # lines of text, so that the page ends at every part of the paper's end
SENTENCE = "Satu kalimat yang agak panjang supaya memakan beberapa baris penuh. "
LAST = "Paragraf terakhir sebelum tanda tangan, cukup panjang agar tidak tertukar dengan yang lain."
FREE = {  # the texts before the signatures by kind: what is made longer, and what stands last
    "nota_dinas": ("nota_dinas", "matter", "answer"),
    "berkas_asesmen": ("assessment", "facts", "answer"),
    "berita_acara": ("berita_acara", "told", "response"),
}
DECIDED = {"nota_dinas", "berita_acara"}  # below the signer the Kepala Dinas approves or takes note
CLOSING = {
    "nota_dinas": "Demikian kami laporkan, mohon persetujuan",
    "berkas_asesmen": "Demikian hasil asesmen ini",
    "berita_acara": "Demikian Berita Acara ini",
    "form_pengaduan": "Pengadu menyatakan bahwa keterangan",
}


def filled(kind: str, lines: int, size: str) -> list[str]:
    """The pages of a paper with so many lines of text, without blanks."""
    text = "\n".join(f"Baris {n} tentang kejadian di lapangan." for n in range(lines))
    key, free, last = FREE.get(kind, ("", "", ""))
    records = {key: {"blanks": {free: text, last: LAST}}, "approval": {"blanks": {"note": ""}}} if key else {}
    frozen = content(kind, complaint={"story": text} if not key else {}, records=records, office={"size": size})
    return [words(flow(page)) for page in pages(pdf(frozen))]


def ends(kind: str, size: str) -> Iterator[tuple[int, list[str]]]:
    for lines in FILLING:
        yield lines, filled(kind, lines, size)


@pytest.mark.slow("prints each paper at eleven lengths")
@pytest.mark.parametrize("size", ["F4", "A4"])
@pytest.mark.parametrize("kind", CLOSING)
def test_no_signature_stands_on_a_page_without_its_closing_sentence(kind: str, size: str) -> None:
    signer = words(content(kind)["signer"]["name"])
    parted = 0
    for lines, texts in ends(kind, size):
        with_closing = [page for page in texts if words(CLOSING[kind]) in page]
        assert len(with_closing) == 1, lines
        block = with_closing[0].split(words(CLOSING[kind]))[1]
        assert signer in block, lines
        assert kind not in DECIDED or words(content(kind)["kepala_dinas"]["name"]) in block, lines
        parted += with_closing[0] is not texts[0]
        if kind in FREE and kind != "berita_acara":  # whose sentence on the Lampiran stands between
            assert words(LAST) in with_closing[0], lines  # and the last paragraph came along
    assert parted > 3  # pages did end there, else nothing was shown


@pytest.mark.slow("prints each paper at eleven lengths")
@pytest.mark.parametrize("kind", CLOSING)
def test_no_heading_stands_at_the_foot_of_a_page(kind: str) -> None:
    headings = ("Pernyataan", "Kesimpulan", "Tindakan", "Analisis", "Tanggapan:Diterima", "(jamkerja)", "C.Pengaduan")
    made = list(ends(kind, "F4"))
    assert any(one in page for one in headings for _, texts in made for page in texts)
    for lines, texts in made:
        assert not any(page.endswith(headings) for page in texts), lines


@pytest.mark.slow("prints each paper at ten lengths")
@pytest.mark.parametrize("kind", ["nota_dinas", "form_pengaduan"])
def test_no_page_begins_with_the_last_line_of_a_paragraph(kind: str) -> None:
    for start in range(0, 10):
        text = "\n".join(["Pendek."] * start + [SENTENCE * 5 + "Tamat."] * 14)
        key = FREE.get(kind, ("", "", ""))
        frozen = content(
            kind, complaint={"story": text}, records={key[0]: {"blanks": {key[1]: text}}} if key[0] else {}
        )
        _, *later = map(flow, pages(pdf(frozen)))
        assert "Tamat." in "".join(later)
        for page in later:
            first = next(line for line in page.splitlines() if line.strip())
            assert not first.rstrip().endswith("Tamat."), (start, first)


@pytest.mark.parametrize("kind", vocabulary().papers)
def test_only_the_first_page_bears_the_letterhead_and_the_others_their_number(kind: str) -> None:
    text = "\n".join(["Catatan panjang yang memerlukan lembar kedua."] * 90)
    blanks = {"note": text, "matter": text, "facts": text, "told": text}
    frozen = content(
        kind,
        complaint={"story": text},
        records={
            key: {"blanks": {name: text for name in blanks if name in record["blanks"]}}
            for key, record in content(kind)["records"].items()
        },
    )
    first, *others = pages(pdf(frozen))
    assert "PEMERINTAH KOTA MALANG" in first
    assert "- 1 -" not in first
    for number, page in enumerate(others, 2):
        assert f"- {number} -" in page
        assert "PEMERINTAH KOTA MALANG" not in page


LED_IN = "Berikut hasil pemeriksaan petugas di lapangan:"


@pytest.mark.slow("prints each paper at fifteen lengths")
@pytest.mark.parametrize("kind", FREE)
def test_no_page_ends_with_what_leads_in_to_a_text(kind: str) -> None:
    key, free, last = FREE[kind]
    ended = 0
    for count in range(8, 23):
        typed = "\n".join([LED_IN, SENTENCE * (count % 4 + 1)] * count)
        outcome = {
            "blanks": {free: typed, last: f"{LED_IN}\n{SENTENCE}"},
            "codes": {"outcome": "diterima_catatan"},
        }
        texts = pages(pdf(content(kind, records={key: outcome})))
        ended += len(texts)
        feet = [flow(page).strip().splitlines()[-1] for page in texts]
        assert [line for line in feet if line.rstrip().endswith(":")] == [], count
    assert ended > 30


def test_a_long_text_after_what_leads_in_to_it_begins_on_the_same_page() -> None:
    """Only what leads in moves to the next page, and only where no two lines of the text have room."""
    typed = "\n".join([LED_IN, SENTENCE * 60])
    first, second = (
        flow(page) for page in pages(pdf(content("nota_dinas", records={"nota_dinas": {"blanks": {"matter": typed}}})))
    )
    assert LED_IN in first
    assert words(SENTENCE * 5) in words(first)
    assert words(SENTENCE) in words(second)


@pytest.mark.parametrize("size", ["F4", "A4"])
@pytest.mark.parametrize("mark", ["draft", "void"])
def test_the_mark_stands_at_one_height_on_every_page_where_a_printer_reaches(mark: str, size: str) -> None:
    height = {"F4": 330, "A4": 297}[size]
    frozen = content(
        "nota_dinas",
        paper={mark: True},
        complaint={"is_secret": True},
        records={"nota_dinas": {"blanks": {"matter": SENTENCE * 60}}},
        office={"size": size},
    )
    word = "KONSEP" if mark == "draft" else "BATAL"
    tops = [[height - one.mm for one in page if one.text.strip() == word] for page in lines_of(pdf(frozen))]
    assert len(tops) > 1
    assert {len(of) for of in tops} == {1}
    assert min(tops) == max(tops)
    assert min(tops)[0] > 8 + 3  # of 12 pt: the letters stand 3 mm above their line
