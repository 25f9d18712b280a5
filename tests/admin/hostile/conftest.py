"""One office for the whole corpus: the grid of the access matrix, with papers that print at once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.store.base import database
from tests.admin.matrix.grid import Grid, built
from tests.office import copied, dropped, opened


@pytest.fixture(scope="module")
def grid(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grid]:
    path = copied(template, tmp_path_factory.mktemp("hostile"))
    with opened(path):
        mine = database.obj
        yield built(path)
        database.close_all()
        database.initialize(mine)
    dropped(path)
