"""The gist that a Nota Dinas proposes: whole sentences of the story, short, and no number of a person among them."""

import re
from itertools import accumulate

import pytest

from models.demo.texts import WORDS
from models.entry.gist import MOST, gist_of
from models.entry.informative import informative_sentences
from tests.made_texts.making import made_texts

LONG = "Bantuan saya berhenti sejak Januari. " * 40
CLAUSES = "bantuan saya berhenti sejak awal tahun, padahal saya masih terdaftar, " * 20
OF_A_PERSON = re.compile(r"(?<!\d)\d{16}(?!\d)|(?<!\d)(?:\+?62|0)8\d{7,}|@\w+\.")
STORIES = [text.story for text in made_texts(1_500).texts] + [text["story"] for text in WORDS["complaints"]]


def letters(text: str) -> str:
    return "".join(text.lower().split())


def test_no_gist_of_a_made_story_is_long_or_names_anybody_by_a_number() -> None:
    gists = [gist_of(story) for story in STORIES]
    assert max(map(len, gists)) <= MOST
    assert not [gist for gist in gists if OF_A_PERSON.search(gist)]
    assert any(OF_A_PERSON.search(story) for story in STORIES)
    assert all(gist or not re.search(r"[^\W\d_]", story) for gist, story in zip(gists, STORIES, strict=True))


def test_every_gist_is_the_first_sentences_of_its_story_and_ends_where_one_of_them_ends() -> None:
    shortened = 0
    for story in STORIES:
        gist, sentences = gist_of(story), informative_sentences(story)
        ends = list(accumulate(map(letters, sentences), initial=""))
        if gist.endswith(" …"):
            assert len(sentences[0]) > MOST
            assert ends[1].startswith(letters(gist.removesuffix(" …")))
        else:
            assert letters(gist) in ends
            shortened += letters(gist) != ends[-1]
        assert all(word.lower() in story.lower() for word in re.findall(r"\w+", gist))
    assert shortened > 5


def test_a_long_story_is_told_in_as_many_whole_sentences_as_fit() -> None:
    sentence = LONG[: LONG.index(".") + 1]
    assert gist_of(LONG) == " ".join([sentence] * ((MOST + 1) // (len(sentence) + 1)))


def test_a_greeting_and_who_speaks_are_no_matter() -> None:
    who = "Nama saya Sari, NIK 9971014101900001, ingin melaporkan bahwa"
    assert gist_of(f"Selamat pagi. {who} bantuan saya berhenti. Mohon dicek.") == "Bantuan saya berhenti. Mohon dicek."


def test_one_sentence_without_end_stops_at_a_clause_a_word_or_anywhere_and_says_so() -> None:
    assert gist_of(CLAUSES).endswith(("awal tahun …", "masih terdaftar …"))
    assert gist_of("kata " * 400).endswith("kata …")
    assert gist_of("x" * 900).endswith("x …")
    assert all(MOST / 2 < len(gist_of(text)) <= MOST for text in (CLAUSES, "kata " * 400, "x" * 900))


def test_lines_stay_lines_and_one_that_was_broken_while_typing_is_not_the_end() -> None:
    assert gist_of("Bantuan berhenti\nMohon dicek") == "Bantuan berhenti\nMohon dicek"
    typed = "\n".join(["Bantuan saya berhenti sejak", "Januari tahun ini. Mohon dicek di", "kelurahan."] * 12)
    assert len(typed) > MOST
    assert gist_of(typed).endswith(".")


@pytest.mark.parametrize("story", ["", " \n ", "0812-3456-7890"])
def test_of_nothing_there_is_no_gist(story: str) -> None:
    assert gist_of(story) == ""
