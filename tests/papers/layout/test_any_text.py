"""Whatever people type is printed whole and readable: every letter or ▯, no size under 9 pt, every font embedded."""

import unicodedata
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import Markup

from models.records.in_words import FORMAT
from papers.layout.formats import escape_of_format
from papers.layout.glyphs import font_with_arabic
from papers.printing.render import pdf
from tests.papers.contents import content
from tests.papers.reading import flow, fonts, pages, sizes, words

FURNITURE = {1.5, 2.0, 8.0}  # rules, the foot, the cutting line
PIECES = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="abcdefghijklmnopqrstuvwxyz .,;:!?()/–’0123456789", max_size=300),
    st.text(alphabet="xyz", min_size=60, max_size=400),  # words without end
    st.sampled_from(["<b>", "</p><pdf:nextpage>", "{{ 7*7 }}", "{% raw %}", "&amp;", "&#60;", "<!--", "<img src='x'>"]),
    st.text(alphabet="😀👨\u200d👩🏽🇮🇩☎️☑₂≤", max_size=12),
    st.text(alphabet="سلامשלום\u202e\u202c\u200f", max_size=20),
    st.text(alphabet="aeiou\u0301\u0308\u0327\u0331 ꦗꦮ漢字", max_size=30),
    st.sampled_from(["\n", "\r\n", "\n\n\n", "\t", "\x0b", "\x00", "\u2028", "\ufeff", "\u00a0", "\u3000", "\ud83d"]),
)
TEXTS = st.lists(PIECES, max_size=12).map("".join)
LONG = {
    "20,000 letters in one word": "x" * 20_000,
    "20,000 letters in one paragraph": ("kata demi kata " * 1_400)[:20_000],
    "400 lines": "\n".join(f"Baris {n} 😀 <i>miring</i> سلام" for n in range(400)),
    "400 empty lines and a word": "\n" * 400 + "akhir",
    "nested tags": "<div>" * 3_000,
    "marks on marks": "a" + "\u0301" * 500,
}
PLACES = {  # where free text stands, by kind of paper
    "form_pengaduan": ("complaint", "story"),
    "nota_dinas": ("nota_dinas", "matter"),
    "berkas_asesmen": ("assessment", "facts"),
    "berita_acara": ("berita_acara", "told"),
    "lembar_disposisi": ("disposition", "note"),
    "tanda_terima": ("complaint", "title"),
}


def printed_with(kind: str, text: str) -> bytes:
    part, blank = PLACES[kind]
    changes = {"complaint": {blank: text}} if part == "complaint" else {"records": {part: {"blanks": {blank: text}}}}
    return pdf(content(kind, **changes))  # raises on any warning of the printer


def expected(text: str) -> str:
    """What should be on the paper: what can be printed as it is or in words, the rest as ▯, the invisible left out."""
    return words(Markup(escape_of_format(FORMAT)(text)).striptags()).replace("\u200f", "")


def in_any_order(text: str) -> Counter[str]:
    """The letters of a text: lines with Arabic are read back in another order, brackets turned round."""
    return Counter(unicodedata.normalize("NFKC", text).translate(str.maketrans(")]}>", "([{<")))


def check(printed: bytes, text: str) -> None:
    wanted, found = expected(text), words("".join(map(flow, pages(printed))))
    arabic = any(font_with_arabic(character) == "arab" for character in text)
    # not in the assertion: pytest would compare the two letter by letter
    whole = in_any_order(wanted) <= in_any_order(found) if arabic else wanted in found
    assert whole, text[:300]
    assert ("hurufyangtidakdapatdicetak" in found) == ("▯" in wanted)
    assert min(sizes(printed) - FURNITURE) >= 9
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in fonts(printed))


@pytest.mark.slow("prints seventy papers of chance")
@pytest.mark.parametrize("kind", PLACES)
@settings(max_examples=12)
@given(text=TEXTS)
def test_any_text_is_printed_whole_and_readable(kind: str, text: str) -> None:
    short = text[:200] if kind == "tanda_terima" else text  # a title is no longer
    check(printed_with(kind, short), short)


@pytest.mark.slow("prints the longest papers")
@pytest.mark.parametrize("kind", ["form_pengaduan", "nota_dinas", "lembar_disposisi"])
@pytest.mark.parametrize("name", LONG)
def test_a_text_without_measure_is_printed_whole_and_readable(kind: str, name: str) -> None:
    check(printed_with(kind, LONG[name]), LONG[name])


def test_a_space_of_any_kind_separates_two_words_and_has_no_glyph() -> None:
    text = " ".join("".join(pages(printed_with("tanda_terima", "satu\u3000dua\u2009tiga\u2028empat\x0blima"))).split())
    assert "satu dua tiga empat lima" in text
    assert "▯" not in text
