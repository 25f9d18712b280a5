"""What no line of a paper parts; papers of before part it as they did."""

import re

import pytest
from markupsafe import Markup

from papers.engine.word_parts import hyphenated
from papers.layout.glyphs import SPACE, whole_phrases
from papers.layout.phrases import say, wording
from papers.layout.slips import line_count
from papers.printing.render import pdf
from tests.papers.contents import content
from tests.papers.reading import pages

WHOLE = (
    "pukul 14.20 WIB",
    "24 November",
    "Nomor 400.9/8/2026",
    "register PGD/12/XI/2026",
    "Rp 1.500.000",
    "Pasal 5",
    "ayat (2)",
    "No. 7",
    "10 menit",
    "Suryanata, M.AP.",
    "Wiranegara, S.H., M.H.",
)
PARTED = ("nomor register", "pukul berapa", "Pasal berikut", "Malang, Jl. Merdeka", "datang, 5", "menit 10")


@pytest.mark.parametrize("phrase", WHOLE)
def test_these_stand_on_one_line(phrase: str) -> None:
    whole = phrase.replace(" ", SPACE)
    assert whole_phrases(Markup(f"Ia datang {phrase} lalu pulang")) == f"Ia datang {whole} lalu pulang"


@pytest.mark.parametrize("phrase", PARTED)
def test_these_may_be_parted(phrase: str) -> None:
    assert whole_phrases(Markup(phrase)) == phrase


def test_of_many_degrees_the_first_stays_with_the_name_and_the_last_is_not_alone() -> None:
    assert whole_phrases(Markup("Siti Aminah, S.H., M.Kn., M.H., Ph.D.")) == (
        f"Siti Aminah,{SPACE}S.H., M.Kn., M.H.,{SPACE}Ph.D."
    )


def test_a_standing_text_stays_with_the_number_that_is_put_into_it() -> None:
    for number, space in ((5, SPACE), (4, " ")):
        with wording({"format": number, "wording": {"nota_dinas.opening": "Nomor {nomor} pukul {media}"}}):
            assert say("nota_dinas.opening", nomor="12/A", media="09.14") == f"Nomor{space}12/A pukul{space}09.14"


def test_a_narrow_column_is_measured_as_it_is_printed() -> None:
    with hyphenated(True):
        for count in range(1, 18):
            text = f"{'x' * count} pukul 14.20 WIB"
            assert line_count(text, 100, 10) == 1 + (count > 4)


@pytest.mark.parametrize("count", range(0, 40, 3))
def test_no_line_of_a_printed_paper_ends_before_its_number(count: int) -> None:
    matter = " ".join(["kata"] * count + ["diterima pukul 14.20 WIB menurut Pasal 5 dengan Nomor 12/A"] * 9)
    [page] = pages(pdf(content("nota_dinas", records={"nota_dinas": {"blanks": {"matter": matter}}})))
    ends = {words[-1] for words in map(str.split, page.splitlines()) if len(words) > 1}
    assert not {"pukul", "Pasal", "Nomor", "14.20"} & ends


@pytest.mark.parametrize("key", ["nota_dinas.opening", "berita_acara.told_absent"])
def test_sebagai_berikut_is_whole_and_no_more_is_tied_to_it(key: str) -> None:
    """What is longer leaves the line before it short."""
    assert re.search(rf" sebagai{SPACE}berikut:?$", say(key))
