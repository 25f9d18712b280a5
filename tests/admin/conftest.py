"""The panel for these tests: built over the office's database file; `at(username)` is that person's browser."""

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playhouse.pool import PooledDatabase

from models.base import database
from tests.admin.doors import Visitor, panel_on
from tests.office import Office


@pytest.fixture
def panel(office: Office) -> Iterator[Flask]:
    office_database = database.obj
    app = panel_on(office.path)
    yield app
    database.close()
    if isinstance(database.obj, PooledDatabase):
        database.obj.close_all()
    database.initialize(office_database)


@pytest.fixture
def stranger(panel: Flask) -> Visitor:
    return Visitor(panel)


@pytest.fixture
def at(panel: Flask) -> Callable[[str], Visitor]:
    def signed_in(username: str) -> Visitor:
        visitor = Visitor(panel)
        assert visitor.sign_in(username).status_code == 302
        return visitor

    return signed_in
