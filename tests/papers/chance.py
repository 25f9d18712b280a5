"""What chance writes on a paper: names, titles and notes as long as the panel takes them, and endless words."""

from hypothesis import strategies as st

from bench.variants import TITLE
from tests.papers.reading import words

CHARACTERS = st.text(alphabet="aeiourstnlkmgdpbWM ABCDEF.,()/-é☑₂0123456789", min_size=1)
WORDS = st.lists(st.sampled_from([*TITLE.split(), "i", "WWWWWWWWWW", "x" * 60]), min_size=1)


def texts(most: int) -> st.SearchStrategy[str]:
    return st.one_of(CHARACTERS, WORDS.map(" ".join)).map(lambda text: text[:most].strip() or "x")


def lists(most: int, least: int, longest: int) -> st.SearchStrategy[list[str]]:
    return st.lists(texts(longest), min_size=least, max_size=most, unique_by=words)


def notes(most: int) -> st.SearchStrategy[str]:
    """Of paragraphs; often none, or one short one."""
    return st.one_of(st.just(""), texts(60), st.lists(texts(400), max_size=most).map("\n".join))
