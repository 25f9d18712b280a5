"""Texts come as they were meant, and what was right stays as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from models.imports.tables import mended
from tests.made_lapor.making import read_as_cp1252

MEANT = "“Bantuan” untuk Ibu Aminah – 50 % belum cair… é"


@pytest.mark.parametrize(
    ("came", "meant"),
    [
        (read_as_cp1252(MEANT), MEANT),
        (read_as_cp1252(read_as_cp1252(MEANT)), MEANT),
        ("satu\\ndua\\r\\ntiga", "satu\ndua\ntiga"),
        ("satu\r\ndua\rtiga_x000D_\nempat", "satu\ndua\ntiga\nempat"),
        ("\uf0b7 satu\n\uf0a7dua", "• satu\n• dua"),
        ("a\u200bb\ufeffc\u202ed", "abcd"),
        ("a\xa0 b\t c\\td", "a b c d"),
        ("satu\n\n\n\n\ndua  \n", "satu\n\ndua"),
        ("e\u0301", "é"),
        ("-tes\x00\x07", "-tes"),
        ("😭 tolong", "😭 tolong"),
        ("ꦥꦔꦢꦸ", "ꦥꦔꦢꦸ"),
        ("شكوى", "شكوى"),
        ("&lt;b&gt;", "&lt;b&gt;"),
    ],
)
def test_a_text_comes_as_it_was_meant(came, meant):
    assert mended(came) == meant


def test_the_encoding_is_repaired_before_the_text_is_cleaned():
    assert mended(read_as_cp1252("“Lampu” padam\u200b")) == "“Lampu” padam"


SOUND = some.characters(exclude_categories=["Cs"], min_codepoint=0x250) | some.characters(max_codepoint=0x7F)


@given(some.text(SOUND))
def test_a_repaired_text_is_not_changed_again(text):
    once = mended(text)
    assert mended(once) == once
