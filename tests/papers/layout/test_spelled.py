"""What no Latin letter says is said all the same: emoji and Javanese script in words, Arabic in its own letters."""

import unicodedata

import emoji
import pytest

from papers.layout.check import printed_records
from papers.layout.glyphs import (
    MISSING,
    emoji_in_words,
    has_missing_glyphs,
    missing_glyphs,
    print_note,
    printable_or_arabic,
)
from papers.layout.page import html
from papers.layout.screen import sheet
from papers.printing.render import pdf
from sop.vocabulary import vocabulary
from tests.papers.contents import content
from tests.papers.reading import fonts, pages

EMOJI = {
    "menangis 😭": "menangis [emoji: wajah menangis keras]",
    "sedih😭😭😭tolong": "sedih [emoji: wajah menangis keras ×3] tolong",
    "👍🏽 ya": "[emoji: jempol ke atas warna kulit sedang] ya",
    "👨‍👩‍👧‍👦": "[emoji: keluarga pria wanita anak perempuan anak laki-laki]",
    "🇮🇩": "[emoji: bendera Indonesia]",
    "1️⃣": "[emoji: tombol 1]",
    "🏴‍☠️😢": "[emoji: bendera Bajak Laut][emoji: wajah menangis]",
    "☎️ 0812 © ☑ ❤": "☎️ 0812 © ☑ ❤",  # in a font of ours
}
JAVANESE = {
    "ꦱꦸꦥꦂꦩꦶ": "suparmi",
    "ꦏꦺꦴꦠꦩꦭꦁ": "kotamalang",
    "ꦢꦶꦤꦱ꧀ ꦱꦺꦴꦱꦶꦪꦭ꧀": "dinas sosiyal",
    "ꦗꦺꦴꦒ꧀ꦗꦏꦂꦠ꧈": "jogjakarta,",
    "ꦥꦿꦧꦺꦴꦮꦺꦴ": "prabowo",
    "ꦥ꦳ꦻꦱꦭ꧀": "faisal",
    "ꦣꦲꦂ꧑꧒": "dahar12",
    "꧋": "hiasan",
}
GREETING = "السلام عليكم"


def paper(story: str, **more: object) -> dict:
    return {**content("form_pengaduan", complaint={"story": story}), **more}


@pytest.mark.parametrize("text", EMOJI)
def test_an_emoji_is_one_word_whatever_it_is_made_of(text: str) -> None:
    assert emoji_in_words(text) == EMOJI[text]


def test_every_emoji_that_has_a_name_is_printed() -> None:
    assert [sign for sign in emoji.EMOJI_DATA if missing_glyphs(emoji_in_words(sign))] == []


@pytest.mark.parametrize("script", JAVANESE)
def test_javanese_script_is_transliterated_to_latin(script: str) -> None:
    assert emoji_in_words(f"Nama {script}.") == f"Nama [aksara Jawa: {JAVANESE[script]}]."


def test_arabic_is_printed_joined_and_read_back_as_it_was_typed() -> None:
    """The greeting's glyphs are those of joined letters; what a reader copies are the letters themselves."""
    printed = pdf(paper(f"Beliau berkata: {GREETING} dan pulang."))
    read = unicodedata.normalize("NFKC", " ".join("".join(pages(printed)).split()))  # as a search does
    assert f"berkata: {GREETING}" in read
    arabic = [font for font in fonts(printed) if "NotoNaskhArabic" in str(font["/BaseFont"])]
    assert all("/FontFile2" in font["/FontDescriptor"].get_object() for font in arabic)
    assert arabic
    assert MISSING not in html(paper(GREETING))


def test_a_line_of_arabic_alone_has_its_full_stop_on_the_left() -> None:
    assert "\u200f" in printable_or_arabic(f"{GREETING}.")
    assert "\u200f" not in printable_or_arabic(f"Kata {GREETING}.")


def test_no_paper_carries_the_arabic_font_for_nothing() -> None:
    assert "NotoNaskhArabic" not in html(paper("Kata biasa."))
    assert "NotoNaskhArabic" in html(paper(GREETING))


def test_a_paper_of_a_format_before_says_what_it_said() -> None:
    page = html(paper(f"Sedih 😭 {GREETING}", format=3))
    assert (MISSING in page, "emoji" in page, GREETING in page) == (True, False, False)


def test_a_note_says_what_papers_print_in_other_words() -> None:
    assert print_note("Sedih 😭 漢, ꦱꦸꦥꦂꦩꦶ, السلام ☎ שלום") == (
        "Pada dokumen tercetak sebagai kata: [emoji: wajah menangis keras], [aksara Jawa: suparmi]. "
        "Tidak dapat dicetak dan menjadi ▯: 漢, ש, ל, ו, ם."
    )
    assert print_note("一二三四五六").endswith("一, 二, 三, 四, 五, dan lainnya.")
    assert print_note(f"Kata biasa, {GREETING}, ☎ [emoji: saya sendiri]") == ""


def test_no_character_is_lost_from_what_is_printed_in_words() -> None:
    lost = {text: has_missing_glyphs(text) for text in ("😭 ꦱꦸꦥꦂꦩꦶ السلام ☎ José – a\u0301", "漢", "שלום", "ﺍﻟﺴﻼﻡ")}
    assert list(lost.values()) == [False, True, True, False]


def test_the_printed_records_are_those_that_templates_name() -> None:
    """Of those that an act writes to issue a paper, and of attempts; of a remark or a handover no paper says a word."""
    assert {step.record for step in vocabulary().transitions.values() if step.papers and not step.amends} - {
        ""
    } <= printed_records()
    assert "attempt" in printed_records()
    assert printed_records().isdisjoint({"remark", "entrusting", "assignment", "tie", "alert"})


def test_a_preview_of_a_paper_says_what_a_box_is() -> None:
    previews = {blank: sheet(paper(f"Nama {blank}"), emblem="/lambang.png") for blank in ("漢", "Ani")}
    assert ["huruf yang tidak dapat dicetak" in page for page in previews.values()] == [True, False]
