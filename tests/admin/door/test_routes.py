"""Every route of the panel declares which page of the access table it belongs to; an undeclared one is closed."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.routing import UnicodeConverter

from admin.door import gate
from models.store.resource_limits import Work
from sop.access import PAGES, PUBLIC
from tests.admin.doors import Visitor
from tests.admin.routes import readable, writable
from tests.office import Office

At = Callable[[str], Visitor]
WITHOUT_SIGN_IN = {
    "static",
    "admin.static",
    "live",
    "ready",
    "signin.masuk",
    "signin.keluar",
    "signin_code.page",
    "passkey.ask",
    "lock.buka",
    "newpassword.page",
    "newpassword.ask",
    "first.page",
    "verification.ask",
    "verification.answer",
    "verification.file",
}
OPEN_TO_ALL = {
    "/masuk",
    "/keluar",
    "/kata-sandi",
    "/kata-sandi/kunci",
    "/masuk/kode",
    "/masuk/kunci",
    "/pengelola-pertama",
    "/v/berkas/",
}


def test_every_route_declares_its_page(panel: Flask) -> None:
    declared = {rule.endpoint: gate.pages_of(panel, rule.endpoint) for rule in panel.url_map.iter_rules()}
    assert [endpoint for endpoint, pages in declared.items() if not pages] == []
    assert {page for pages in declared.values() for page in pages} <= {*PAGES, PUBLIC}
    assert {endpoint for endpoint, pages in declared.items() if PUBLIC in pages} == WITHOUT_SIGN_IN


def test_every_route_declares_what_it_may_cost(panel: Flask) -> None:
    rules = list(panel.url_map.iter_rules())
    assert [rule.endpoint for rule in rules if gate.cost_of(panel, rule.endpoint) is None] == []
    as_it_came = {"dokumen.returned_file"}
    handed_out = [rule.endpoint for rule in rules if rule.rule.endswith(".pdf") and rule.endpoint not in as_it_came]
    assert len(handed_out) >= 11
    assert [one for one in handed_out if Work.PRINT not in gate.cost_of(panel, one).works] == []


def test_every_page_of_the_table_has_a_route(panel: Flask) -> None:
    declared = {page for rule in panel.url_map.iter_rules() for page in gate.pages_of(panel, rule.endpoint)}
    assert set(PAGES) <= declared


def test_every_parameter_in_an_address_has_a_type_of_its_own(panel: Flask) -> None:
    loose = [
        rule.rule
        for rule in panel.url_map.iter_rules()
        for typed in rule._converters.values()
        if type(typed) is UnicodeConverter
    ]
    assert loose == []


def test_only_declared_routes_open_without_a_sign_in(office: Office, panel: Flask, stranger: Visitor) -> None:
    [case] = office.receive()
    for rule, path in readable(panel, case):
        if rule.endpoint not in WITHOUT_SIGN_IN:
            answer = stranger.get(path)
            assert answer.status_code == 302, path
            assert answer.headers["Location"].startswith("/masuk?next="), path
    before = office.digest()
    for method, path in writable(panel, case):
        if path not in OPEN_TO_ALL:
            answer = stranger.client.open(path, method=method, data={"csrf_token": stranger.token()})
            assert answer.status_code in (303, 405), (method, path)
            assert answer.status_code == 405 or answer.headers["Location"].startswith("/masuk"), (method, path)
    assert office.digest() == before


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("username", ["kadis", "petugas", "admin"])
def test_a_route_without_declared_pages_is_closed_to_everybody(office: Office, own_panel: Flask, username: str) -> None:
    own_panel.add_url_rule("/lupa/", "lupa", lambda: "isi")
    visitor = Visitor(own_panel)
    assert visitor.get("/lupa/").status_code == 302
    assert visitor.sign_in(username).status_code == 303
    assert visitor.get("/lupa/").status_code == 404
