"""The demo says the same on both databases, to the last digest."""

import pytest

from models import digest, schema
from models.demo import demo
from tests.models.demo import made
from tests.office import ENGINES, dropped, empty, opened, owner_url_of, url_of


@pytest.mark.soak
def test_the_same_seed_and_moment_have_the_same_digest_on_both_databases(tmp_path):
    said = {}
    for engine in ENGINES:
        (tmp_path / engine).mkdir()
        path = empty(tmp_path / engine, engine)
        schema.prepare(url_of(path), owner_url=owner_url_of(path))
        with opened(path):
            demo.make_demo(password_hash="x", complaints=10, seed=3, at=made.TUESDAY)
            said[engine] = digest.digest()
        dropped(path)
    assert said["sqlite"] == said["postgresql"]
