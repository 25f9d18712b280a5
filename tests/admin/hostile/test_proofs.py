"""The corpus finds what it is for: with one protection taken away it fails, each time."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask_admin.helpers import get_form_data

from admin.door.flaskadmin import views_of
from models.case.case import Case
from models.office.people import Division
from models.store import master_cache
from tests.admin.hostile.corpus import CORPUS
from tests.admin.hostile.judge import LEAKS, Judge, without_random_tokens
from tests.admin.matrix.grid import Grid, undone

Patch = pytest.MonkeyPatch


@pytest.fixture(autouse=True)
def _nothing_cached() -> Iterator[None]:
    """No SQL of another test: it was built with what this one takes away, or without what that one took."""
    master_cache._values.clear()
    yield
    master_cache._values.clear()


def every_row(user: Any, model: Any, who: Any = None) -> Any:
    return model.select()


def without_scope_at_the_papers(grid: Grid, patch: Patch) -> None:
    patch.setattr("admin.papers.documents.visible", every_row)
    patch.setattr("admin.papers.documents.openable", lambda user, papers: list(papers))
    patch.setattr("admin.papers.documents.load", lambda ids, user, at: dict.fromkeys(ids))
    patch.setattr("models.case.access_notes.note", lambda case, what="": None)


def without_scope_at_lists(grid: Grid, patch: Patch) -> None:
    patch.setattr("models.complaint.scope.visible", every_row)
    patch.setattr("admin.door.rows.readable_parts", lambda who: [])


def without_tokens(grid: Grid, patch: Patch) -> None:
    patch.setitem(grid.app.config, "WTF_CSRF_ENABLED", False)


def without_versions_of_cases(grid: Grid, patch: Patch) -> None:
    whole = Case.facts
    patch.setattr(Case, "facts", lambda case, version=None: whole(case))


def without_versions_of_masters(grid: Grid, patch: Patch) -> None:
    patch.setattr("admin.lists.saving.Saving._version", lambda view, form: Division.get_by_id(1).version)


def without_escaping(grid: Grid, patch: Patch) -> None:
    patch.setattr(grid.app.jinja_env, "autoescape", False)
    patch.setattr(grid.app.jinja_env, "cache", {})


def with_every_field(grid: Grid, patch: Patch) -> None:
    view = next(v for v in views_of(grid.app) if v.endpoint == "unit")
    patch.setattr(type(view), "fixed", ())
    patch.setattr(view, "edit_form", lambda obj=None: view.get_edit_form()(get_form_data(), obj=obj))


def without_the_check_of_targets(grid: Grid, patch: Patch) -> None:
    patch.setattr("admin.door.rows.OWN_PAGE", re.compile(r"(?s).+"))


TAKEN_AWAY: dict[Callable[[Grid, Patch], None], tuple[str, str, str]] = {
    # what is taken away: (whose requests, of which kind, what must be found)
    without_scope_at_lists: ("B-", "foreign", "a foreign canary"),
    without_scope_at_the_papers: ("B-", "foreign", "a foreign"),
    without_tokens: ("P registrar", "forged", "something was written"),
    without_versions_of_cases: ("K", "stale", "something was written"),
    without_versions_of_masters: ("S", "stale", "something was written"),
    without_escaping: ("P registrar", "searches", "markup or template"),
    with_every_field: ("S", "unoffered", "something was written"),
    without_the_check_of_targets: ("S", "redirects", "leads"),
}


@pytest.mark.usefixtures("unprinted")
@pytest.mark.parametrize("taken", TAKEN_AWAY, ids=lambda taken: taken.__name__)
def test_the_corpus_fails_without(grid: Grid, monkeypatch: Patch, taken: Callable[[Grid, Patch], None]) -> None:
    kind, section, found = TAKEN_AWAY[taken]
    judge = Judge(grid, kind)
    taken(grid, monkeypatch)
    with undone():
        judge.hear(CORPUS[section])
    assert any(found in wrong for wrong in judge.wrong), judge.wrong


@pytest.mark.usefixtures("unprinted")
@pytest.mark.parametrize("section", sorted({section for _, section, _ in TAKEN_AWAY.values()}))
def test_and_with_all_of_them_it_passes(grid: Grid, section: str) -> None:
    kinds = sorted({kind for kind, one, _ in TAKEN_AWAY.values() if one == section})
    assert [wrong for kind in kinds for wrong in Judge(grid, kind).hear(CORPUS[section]).wrong] == []


def test_no_word_is_found_in_what_chance_has_made() -> None:
    page = (
        '<input value="IjYxZmxhc2tz.aXcDeF.flaskx7Ko1codecPq0-_inja2Qa"> <a href="/dokumen/eeweeG7hTq2LmZsqliteXw.pdf">'
    )
    assert [leak for leak in LEAKS if leak in page] == ["sqlite", "eewee", "inja2", "flask", "codec"]
    assert not [leak for leak in LEAKS if leak in without_random_tokens(page)]
    traceback = 'File "/usr/lib/python3/site-packages/flask/app.py", in werkzeug: peewee.OperationalErrorOfTheDatabase'
    assert without_random_tokens(traceback) == traceback
