"""Whatever chance puts into any address and any body of the panel, the panel answers and does not fail."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule

from tests.admin.hostile.asked import LONG, NUMBERS, ODD
from tests.admin.hostile.judge import KINDS, Judge
from tests.admin.matrix.grid import Grid, undone
from tests.admin.routes import TELLS_FAULTS

NAMES = (
    "id",
    "url",
    "next",
    "page",
    "sort",
    "desc",
    "search",
    "page_size",
    "flt0_0",
    "flt1_1",
    "flt2_2",
    "flt6_6",
    "key",
    "rowid",
    "action",
    "cases",
    "do",
    "version",
    "name",
    "code",
    "valid_from",
    "valid_to",
    "medium",
    "story",
    "unit",
    "pengadu-name",
    "username",
    "password",
    "evidence_files",
    "csrf_token",
    "original",
    "reason",
    "value",
)
RIGHT = (
    "1",
    "2",
    "7:1",
    "raise",
    "handle",
    "perform",
    "draft",
    "merge",
    "zip",
    "2026-10-05",
    "y",
    "biasa",
    "/",
    "petugas",
)
BLANK = re.compile("<[^>]+>")
EVERY_VALUE = [*RIGHT, *NUMBERS.values(), *ODD.values(), *LONG.values()]
values = st.one_of(st.sampled_from(EVERY_VALUE), st.text(max_size=40).map(lambda text: quote(text, errors="replace")))
pairs = st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=8)


def joined(chosen: list[tuple[str, str]]) -> str:
    return "&".join(f"{name}={value}" for name, value in chosen)


def address(rule: Rule, value: str) -> str:
    """The rule with something put into each of its blanks."""
    return BLANK.sub(lambda blank: value, rule.rule)


@pytest.mark.nightly(engine=["postgresql"])  # by day each field is typed into there
@pytest.mark.usefixtures("unprinted")
@given(data=st.data())
@settings(max_examples=100, derandomize=True)
def test_no_address_and_no_body_makes_the_panel_fail(grid: Grid, data: Any) -> None:
    rule = data.draw(st.sampled_from(sorted(grid.app.url_map.iter_rules(), key=str)))
    kind, value = data.draw(st.sampled_from(KINDS)), data.draw(values)
    method = data.draw(st.sampled_from(sorted(rule.methods or ())))
    path, query, body = address(rule, value), joined(data.draw(pairs)), joined(data.draw(pairs))
    if rule.endpoint == "signin.keluar":
        return  # a sign-out holds for all that follows
    judge = Judge(grid, kind)
    with undone():
        answer = judge.client.open(
            f"{path}?{query}",
            method=method,
            data=body.encode(),
            headers={"X-CSRFToken": judge.token},
            content_type="application/x-www-form-urlencoded",
        )
        answer.get_data()
    assert answer.status_code < 500 or rule.endpoint == TELLS_FAULTS, (kind, method, path, query, body)
