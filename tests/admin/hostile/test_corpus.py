"""Hundreds of hostile requests, as everybody: nothing fails, waits, leaks, leads away or is written."""

import pytest

from tests.admin.hostile.corpus import CORPUS, share
from tests.admin.hostile.judge import KINDS, Judge
from tests.admin.matrix.grid import Grid

LEAST = 120  # requests of each person


def test_the_corpus_is_large_and_no_request_stands_in_it_twice() -> None:
    asks = [ask for section in CORPUS.values() for ask in section]
    assert len(asks) > 500
    assert len({repr(ask) for ask in asks}) == len(asks)
    assert {repr(ask) for place in map(KINDS.index, ("P registrar", "K")) for ask in share(place)} == {
        repr(ask) for ask in asks
    }


@pytest.mark.usefixtures("unprinted")
@pytest.mark.nightly(engine=["postgresql"])  # by day each field is typed into there
# By day those ask who write most, decide, edit the masters, or have no session; together they send every request.
@pytest.mark.nightly(kind=["B kepala", "B2 kepala", "B-", "W", "W berakhir"])
@pytest.mark.parametrize("kind", KINDS)
def test_no_hostile_request_gets_anything(grid: Grid, kind: str) -> None:
    before = grid.office.digest()
    judge = Judge(grid, kind).hear(share(KINDS.index(kind)))
    assert judge.wrong == [], "\n" + "\n".join(judge.wrong)
    assert grid.office.digest() == before
    assert judge.asked > LEAST
