"""Nothing changes without the token of the very session: every rule that takes an unsafe method, as every role."""

from typing import Any

import pytest
from flask import Flask

from admin.server import errors
from sop.flow import current_procedure
from tests.admin.doors import Visitor, signed_in
from tests.admin.routes import UNSAFE, writable
from tests.office import PEOPLE, Office

FORM = {
    "action": current_procedure().first,
    "rowid": "1",
    "cases": "1:1",
    "do": "perform",
    "username": "petugas",
    "name": "x",
}


def tokens_of_others(panel: Flask) -> dict[str, str | None]:
    """Tokens that are not this session's."""
    other = Visitor(panel)
    other.sign_in("petugas2")
    return {"none": None, "empty": "", "made up": "x" * 91, "of another session": other.token()}


@pytest.mark.slow("walks the panel as everybody")
# By day who writes, who administers, and no session: the token is checked before the session.
@pytest.mark.nightly(username=["petugas2", "kadis", "bidang.rehsos", "staf.rehsos", "bidang.ppa", "pengawas"])
@pytest.mark.parametrize("username", [*PEOPLE, None])
def test_every_unsafe_method_of_every_rule_wants_the_token_of_the_session(
    panel: Flask, office: Office, username: str | None
) -> None:
    [case] = office.receive()
    tokens = tokens_of_others(panel)
    visitor = signed_in(panel, username) if username else Visitor(panel)
    before, asked, let_in = office.digest(), 0, []
    for method, address in writable(panel, case):
        for kind, token in tokens.items():
            given = FORM if token is None else {**FORM, "csrf_token": token}
            answer = visitor.client.open(address, method=method, data=given)
            asked += 1
            if answer.status_code != 400 or errors.EXPIRED[0] not in answer.text:
                let_in.append((method, address, kind, answer.status_code))
    assert asked > 100
    assert let_in == []
    assert office.digest() == before


def test_the_token_counts_only_where_a_page_of_ours_puts_it(at: Any, office: Office) -> None:
    [case] = office.receive()
    visitor, before = at("petugas"), office.digest()
    token, cases = visitor.token(), {"cases": f"{case}:1", "do": "perform"}
    address = f"/pengaduan/langkah/{current_procedure().first}/"
    assert visitor.client.post(f"{address}?csrf_token={token}", data=cases).status_code == 400
    visitor.client.set_cookie("csrf_token", token)
    assert visitor.client.post(address, data=cases).status_code == 400
    assert visitor.client.post(address, json={**cases, "csrf_token": token}).status_code == 400
    assert office.digest() == before


def test_a_token_does_not_outlive_its_session(at: Any) -> None:
    visitor = at("petugas")
    token = visitor.token()
    visitor.post("/keluar")
    visitor.sign_in("petugas")
    assert visitor.client.post("/keluar", data={"csrf_token": token}).status_code == 400


def test_a_method_cannot_be_put_on_in_disguise(at: Any, office: Office) -> None:
    """No header or field turns a GET into something else."""
    [case] = office.receive()
    visitor, before = at("petugas"), office.digest()
    for name in ("X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"):
        visitor.get(
            f"/pengaduan/langkah/{current_procedure().first}/?cases={case}:1&do=perform&_method=POST",
            headers={name: "POST"},
        )
    assert office.digest() == before


def test_no_rule_and_no_view_is_exempt(panel: Flask) -> None:
    guard = panel.extensions["csrf"]
    assert not guard._exempt_views
    assert not guard._exempt_blueprints
    assert panel.config["WTF_CSRF_METHODS"] == UNSAFE
    assert panel.config["WTF_CSRF_CHECK_DEFAULT"]
