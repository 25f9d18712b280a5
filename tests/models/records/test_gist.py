"""The summary that a Nota Dinas proposes: whole sentences of the story, short, without personal numbers."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.demo.texts import WORDS
from models.records.story_summary import MOST, gist_of, informative_sentences
from tests.made_texts.making import made_texts

LONG = "Bantuan saya berhenti sejak Januari. " * 40
CLAUSES = "bantuan saya berhenti sejak awal tahun, padahal saya masih terdaftar, " * 20
OF_A_PERSON = re.compile(r"(?<!\d)\d{16}(?!\d)|(?<!\d)(?:\+?62|0)8\d{7,}|@\w+\.")
STORIES = [text.story for text in made_texts(1_500).texts] + [text["story"] for text in WORDS["complaints"]]


LINE_END = r"[^\S\n]*(?:\n\s*)+"


def is_excerpt_of(gist: str, story: str) -> bool:
    """Whether every word of the story is in the summary, in its order and on its line, except where there is "…" and
    what the story opens with: so its first letter may be a capital."""
    patterns = [_pattern(part.strip()) for part in gist.split("…")]
    if gist and gist[0] != "…":
        patterns[0] = rf"(?s:.*?)(?i:{_pattern(gist[0])}){_pattern(gist.split('…')[0].strip()[1:])}"
    return bool(re.fullmatch(r"\s*" + r"(?s:.*?)".join(patterns) + r"\s*", "\n".join(story.splitlines())))


def _pattern(part: str) -> str:
    """A pattern of a part of a summary in the story: with more blanks, but with no line end where there is none."""
    blanks = (
        (LINE_END if "\n" in one else r"[^\S\n]+") if one.isspace() else _words(one) for one in _PARTS.findall(part)
    )
    return "".join(blanks)


_PARTS = re.compile(r"\s+|\S+")


def _words(text: str) -> str:
    return "".join(rf"[^\S\n]*{re.escape(sign)}" if sign in ",.!?" else re.escape(sign) for sign in text)


def test_a_summary_omits_text_only_where_it_is_marked() -> None:
    lost = [story for story in STORIES[::6] if not is_excerpt_of(gist_of(story), story)]
    assert not lost, lost[0]
    assert not is_excerpt_of("Satu. Dua.", "Satu.\nDua.")
    assert not is_excerpt_of("Satu. Tiga.", "Satu. Dua. Tiga.")


@given(st.text(alphabet="ab .,!?:\n–…", max_size=60) | st.text(alphabet="Kronologi: lapor.\n0812 ", max_size=80))
@settings(max_examples=60)
def test_the_same_for_any_typed_text(story: str) -> None:
    for times in (1, 30):
        assert not gist_of(story * times) or is_excerpt_of(gist_of(story * times), story * times)


def test_a_heading_and_lines_stay_and_what_is_left_out_is_marked() -> None:
    story = "Kronologi:\nTanggal 3 Mei anak dipukul.\nTanggal 5 Mei ia dibawa ke Puskesmas."
    assert gist_of(story) == story
    assert gist_of(f"Selamat pagi.\n{story}") == story
    assert gist_of(f"{story}\nHubungi 0812-3456-7890 sore hari.") == f"{story}\nHubungi … sore hari."
    assert gist_of(f"{story}\n" * 20).endswith(("Puskesmas. …", "dipukul. …"))


def test_no_summary_of_an_invented_story_is_long_or_contains_a_personal_number() -> None:
    gists = [gist_of(story) for story in STORIES]
    assert max(map(len, gists)) <= MOST
    assert not [gist for gist in gists if OF_A_PERSON.search(gist)]
    assert any(OF_A_PERSON.search(story) for story in STORIES)
    assert all(gist or not re.search(r"[^\W\d_]", story) for gist, story in zip(gists, STORIES, strict=True))


def test_a_shortened_summary_ends_where_a_sentence_ends() -> None:
    shortened = [(gist, story) for story in STORIES if (gist := gist_of(story)).endswith(" …")]
    assert len(shortened) > 5
    for gist, story in shortened:
        assert gist.removesuffix(" …")[-1] in '.!?”")' or len(informative_sentences(story)[0]) > MOST - 4, gist


def test_the_summary_of_a_long_story_has_as_many_whole_sentences_as_fit() -> None:
    sentence = LONG[: LONG.index(".") + 1]
    assert gist_of(LONG) == " ".join([sentence] * ((MOST - 1) // (len(sentence) + 1))) + " …"


def test_no_summary_of_an_invented_story_opens_with_a_mark_or_within_a_sentence() -> None:
    opened = [(gist_of(story), story) for story in STORIES if "\\n" not in story]  # some were typed with it
    assert not [gist for gist, story in opened if gist and not story.startswith(gist[0]) and not gist[0].isupper()]


def test_greeting_and_introduction_are_left_out() -> None:
    who = "Nama saya Sari, NIK 9971014101900001, ingin melaporkan bahwa"
    assert gist_of(f"Selamat pagi. {who} bantuan saya berhenti. Mohon dicek.") == "Bantuan saya berhenti. Mohon dicek."


def test_an_endless_sentence_is_cut_at_a_clause_a_word_or_anywhere_and_marked() -> None:
    assert gist_of(CLAUSES).endswith(("awal tahun …", "masih terdaftar …"))
    assert gist_of("kata " * 400).endswith("kata …")
    assert gist_of("x" * 900).endswith("x …")
    assert all(MOST / 2 < len(gist_of(text)) <= MOST for text in (CLAUSES, "kata " * 400, "x" * 900))


def test_lines_stay_lines_and_one_that_was_broken_while_typing_is_not_the_end() -> None:
    assert gist_of("Bantuan berhenti\nMohon dicek") == "Bantuan berhenti\nMohon dicek"
    typed = "\n".join(["Bantuan saya berhenti sejak", "Januari tahun ini. Mohon dicek di", "kelurahan."] * 12)
    assert len(typed) > MOST
    assert gist_of(typed).endswith(". …")


@pytest.mark.parametrize("story", ["", " \n ", "0812-3456-7890"])
def test_an_empty_story_has_no_summary(story: str) -> None:
    assert gist_of(story) == ""
