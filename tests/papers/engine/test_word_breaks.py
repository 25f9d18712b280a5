"""Words that are wider than their line: parted behind a sign or between syllables, with a hyphen but in numbers."""

from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from papers.engine.word_parts import HYPHEN, parts_of
from papers.layout.glyphs import width
from papers.printing.render import pdf
from tests.papers.chance import CHARACTERS
from tests.papers.contents import content
from tests.papers.reading import pages, words

FONT = "LiberationSans-Regular"
WORDS = st.one_of(
    CHARACTERS.map(words),
    st.text(alphabet="xyz", min_size=1, max_size=200),
    st.lists(st.sampled_from(["kan", "dang", "/", ".", "@", "(", ")", "35", "–", "Ř", "ss"]), max_size=40).map("".join),
).filter(bool)


def parted(word: str, room: float) -> list[str]:
    """The lines of a word in a column of `room` (em)."""
    lines, start = list[str](), 0
    for end, mark in parts_of(word, [width(letter, FONT) for letter in word], room, width(HYPHEN, FONT)):
        lines.append(word[start:end] + mark)
        start = end
    return lines


@pytest.mark.parametrize(
    ("word", "room", "lines"),
    [
        ("Cemorokandang", 6.5, ["Cemorokan-", "dang"]),
        ("Cemorokandang", 5, ["Cemoro-", "kandang"]),
        ("Kelurahan/Kecamatan", 9.8, ["Kelurahan/", "Kecamatan"]),
        ("PEMBERDAYAAN", 6, ["PEMBERDA-", "YAAN"]),
        ("mempertanggungjawabkan", 6, ["mempertang-", "gungjawab-", "kan"]),
        ("(Kedungkandang)", 6, ["(Kedungkan-", "dang)"]),
        ("400.9/123/BA/35.73.999/2026", 8, ["400.9/123/BA/35.", "73.999/2026"]),
        ("3573041203800001", 6, ["3573041203", "800001"]),
        ("www.malangkota.go.id/pengaduan", 7, ["www.", "malangkota.go.", "id/pengaduan"]),
        ("slamet.riyadi@example.org", 9, ["slamet.riyadi@", "example.org"]),
    ],
)
def test_a_word_is_parted_where_a_reader_expects_it(word: str, room: float, lines: list[str]) -> None:
    assert parted(word, room) == lines


@given(word=WORDS, room=st.floats(1.5, 30))
@example(word="kan" * 30, room=1.5)
def test_any_word_is_parted_into_lines_that_fit_and_lose_nothing(word: str, room: float) -> None:
    lines, ends = parted(word, room), parts_of(word, [width(c, FONT) for c in word], room, width(HYPHEN, FONT))
    assert "".join(line.removesuffix(mark) for line, (_, mark) in zip(lines, ends, strict=True)) == word
    assert [line for line in lines if width(line, FONT) > room + 1e-9] == []
    joined = [f"{first} {second}" for first, second in pairwise(lines)]
    assert [line for line in joined if width(line, FONT) <= room] == []  # else both stood in one line, with a space
    for at, mark in ends[:-1]:
        before, after = word[at - 1], word[at]
        assert mark in ("", HYPHEN)
        assert not mark or (before.isalpha() and after.isalpha())
        assert mark or not (before.isalpha() and after.isalpha()) or "@" in word or any(c.isdigit() for c in word)


def test_on_paper_only_a_word_that_does_not_fit_is_parted() -> None:
    """Also where a page parts the paragraph."""
    word = "mempertanggungjawabkan" * 4
    frozen = content(
        "nota_dinas", records={"nota_dinas": {"blanks": {"subject": word, "matter": f"Warga {word}. " * 30}}}
    )
    lines = [line.rstrip() for page in pages(pdf(frozen)) for line in page.splitlines()]
    broken = [line for line in lines if line.endswith(HYPHEN) and line[-2].isalpha()]
    assert len(broken) == 31
    assert not any(HYPHEN in line[:-1] for line in broken)
    assert {words(line) for line in broken} == {
        "mempertanggungjawabkan" * 3 + "mempertang",
        "mempertanggungjawabkan" * 2 + "mempertanggungjawab",
    }
    assert lines.count("gungjawabkan. Warga") == 29
