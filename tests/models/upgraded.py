"""An office as an older version left it, brought up by the migrations since."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from models import schema
from models.store.base import database
from tests.office import Office, opened, outside, owner_url_of, url_of


@contextmanager
def upgraded(office: Office, older: Iterable[str]) -> Iterator[list[str]]:
    """The office's database open again, after these statements have made it an older one and it was migrated; names of
    the migrations that did so."""
    its_own = database.obj
    database.close_all()
    with outside(office.path) as raw:
        for statement in older:
            raw.execute(statement)
    names = schema.prepare(url_of(office.path), owner_url=owner_url_of(office.path))
    with opened(office.path):
        yield names
    database.initialize(its_own)
    database.connect(reuse_if_open=True)
