"""What was sent and has changed something answers 303: going back or loading anew sends nothing once more."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests.admin.doors import Visitor
from tests.admin.routes import writable
from tests.admin.sending import NAMED, SHOWN_ONCE, is_named
from tests.office import Office

At = Callable[[str], Visitor]
APART = ("/keluar", "/masuk", "/buka")  # they end the session that the others are asked in


def test_what_is_named_is_a_route(panel: Flask) -> None:
    sent = {rule.endpoint for rule in panel.url_map.iter_rules() if "POST" in (rule.methods or ())}
    assert set(NAMED) <= sent


@pytest.mark.only("sqlite")
def test_every_other_route_answers_303_or_that_it_did_nothing(office: Office, panel: Flask, at: At) -> None:
    """With nothing in it, as a petugas and as who keeps the masters; that what has changed something is no page either
    is looked at whenever any test sends something."""
    [case] = office.receive()
    codes = set()
    routes = panel.url_map.bind("localhost")
    for visitor in (at("petugas"), at("admin")):
        token = visitor.token()
        for method, path in writable(panel, case):
            endpoint, _ = routes.match(path.partition("?")[0], method=method)
            if path in APART or is_named(endpoint):
                continue
            answer = visitor.client.open(path, method=method, data={"csrf_token": token})
            assert answer.status_code == 303 or 400 <= answer.status_code < 500, (path, answer.status_code)
            codes.add(answer.status_code)
    assert {303, 403, 404, 422} <= codes


def test_what_is_shown_once_is_cached_by_no_browser(at: At) -> None:
    admin = at("admin")
    for path in ("/pengguna/tautan/?id=1", "/akun/faktor/"):
        assert admin.post(path).headers["Cache-Control"] == "no-store"
    assert {"pengguna.password_link", "akun.factor"} <= set(SHOWN_ONCE)
