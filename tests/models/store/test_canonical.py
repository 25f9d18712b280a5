"""Canonical JSON by the quicker way is the same text: hashes and the history's chain hang on it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from models.complaint import event
from models.complaint.paper import Paper, content_of
from models.store.base import canonical, canonical_words
from tests.office import Office

TEXTS = st.text(st.characters(exclude_categories=()), max_size=20)  # half letters and signs of control too
WORDS = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(WORDS)
def test_the_quicker_way_writes_the_same_text(value: Any) -> None:
    assert canonical_words(value) == canonical(value)


@pytest.mark.parametrize(
    "value",
    [
        {"b": 1, "a": 2, "é": 3, "z": 4, "\U0001f642": 5, "\uffff": 6},
        '\x00\x08\x1f\x7f\u2028"\\/',
        2**63,
        -(2**64),
        "half a letter: \ud83d",
        {1: "one", 2: "two"},
        (1, [2, (3,)]),
        Markup("<b>tebal</b>"),
        datetime(2026, 10, 5, 9, 0, tzinfo=UTC),
        date(2026, 10, 5),
        Decimal("2.50"),
        {"a": [[]] * 3, "b": {}},
    ],
)
def test_what_is_no_word_is_written_alike_too(value: Any) -> None:
    assert canonical_words([value]) == canonical([value])


def fractions(value: Any) -> list[float]:
    """The fractions somewhere in it."""
    if isinstance(value, dict | list):
        return [one for inner in (value.values() if isinstance(value, dict) else value) for one in fractions(inner)]
    return [value] if isinstance(value, float) else []


def test_papers_and_the_history_store_every_number_as_words(office: Office) -> None:
    cases = office.receive(1)
    office.bring(cases, "closed")
    seals = event.open_seals(cases)
    papers = [content_of(paper, seals[paper.complaint_id]) for paper in Paper.select()]
    bodies = event.bodies(event.Event.select().where(event.Event.complaint.in_(cases)), seals)
    assert len(papers) > 3
    assert len(bodies) > 5
    assert fractions([papers, list(bodies.values())]) == []
