"""An office whose rows are proven from the first on, as the panel's start leaves it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.workflow.proof import prove_existing_rows
from tests.office import copied, dropped, opened


@pytest.fixture(scope="session")
def begun(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = copied(template, tmp_path_factory.mktemp("proven"))
    with opened(path):
        prove_existing_rows()
    yield path
    dropped(path)
