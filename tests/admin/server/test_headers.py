"""The headers of every answer, the session's cookie, and how long a browser may cache it."""

import re
from typing import Any

import pytest
from flask import Flask

from admin.door import gate
from admin.server import headers
from models.complaint.paper import Paper
from tests.admin.doors import Visitor, panel_on, signed_in
from tests.admin.routes import readable
from tests.office import Office

pytestmark = pytest.mark.only("sqlite")  # about HTTP; the database has no part in it

NONCE = re.compile(r"'nonce-([\w-]{20,})'")
FIXED = headers.HEADERS


def policy(answer: Any) -> str:
    """The policy without what differs from answer to answer."""
    return NONCE.sub("'nonce'", answer.headers["Content-Security-Policy"])


def wrong(answer: Any, expected: str) -> list[str]:
    """What an answer lacks."""
    found = [name for name, value in FIXED.items() if answer.headers.get(name) != value]
    found += ["Content-Security-Policy"] if policy(answer) != expected else []
    cache_control = answer.headers["Cache-Control"]
    if cache_control != "no-store" and "/static/css" not in answer.request.path:
        found.append(f"Cache-Control: {cache_control}")
    answer.close()
    return found


def test_the_policy_lets_run_only_what_carries_its_nonce(stranger: Visitor) -> None:
    said = stranger.get("/masuk").headers["Content-Security-Policy"]
    parts = dict(part.strip().split(" ", 1) for part in said.split(";"))
    assert parts["default-src"] == "'none'"
    assert NONCE.fullmatch(parts["script-src"])
    assert parts["style-src"] == "'self'"
    assert parts["frame-ancestors"] == parts["base-uri"] == parts["object-src"] == "'none'"
    assert "unsafe" not in said


def read_whole(answer: Any) -> Any:
    """A streamed answer holds its request until its end; two that lie open end in the wrong order."""
    answer.get_data()
    return answer


@pytest.mark.slow("walks the panel as every role")
@pytest.mark.nightly(username=["kadis"])
@pytest.mark.parametrize("username", ["petugas", "kadis", "admin", None])
def test_every_route_answers_with_the_same_headers(panel: Flask, office: Office, username: str | None) -> None:
    [case] = office.receive()
    expected = policy(Visitor(panel).get("/masuk"))
    client = (signed_in(panel, username) if username else Visitor(panel)).client
    answers = [read_whole(client.get(address)) for _, address in readable(panel, case)]
    answers += [client.get("/tidak-ada"), client.get("/keluar"), client.post("/keluar"), client.get("/sop")]
    assert {answer.status_code for answer in answers} >= {200, 308, 400, 404, 405}
    assert {answer.request.path: found for answer in answers if (found := wrong(answer, expected))} == {}


def test_a_paper_itself_carries_them(office: Office, at: Any) -> None:
    office.receive()
    visitor = at("petugas")
    answer = visitor.get(f"/dokumen/{Paper.select().order_by(Paper.id).first().public_id}.pdf")
    assert answer.mimetype == "application/pdf"
    assert wrong(answer, policy(visitor.get("/sop/"))) == []


def test_a_nonce_is_used_once_and_every_script_carries_it(office: Office, at: Any) -> None:
    [case] = office.receive()
    visitor, seen = at("petugas"), set()
    for path in ("/", "/pengaduan/", f"/pengaduan/details/?id={case}", "/masuk", "/tidak-ada"):
        page = visitor.get(path, follow_redirects=True)
        [nonce] = NONCE.findall(page.headers["Content-Security-Policy"])
        scripts = re.findall(r"<script[^>]*>", page.text)
        assert scripts
        assert all(f'nonce="{nonce}"' in script for script in scripts), path
        assert not re.search(r"<[^>]+\s(style|on\w+)\s*=", page.text), path
        seen.add(nonce)
    assert len(seen) == 5


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """The routes that a test adds are open to everybody."""
    monkeypatch.setattr(gate, "OPEN", gate.OPEN | {"unduh", "simpan"})


@pytest.mark.usefixtures("declared")
def test_a_stricter_policy_of_a_route_stays(own_panel: Flask) -> None:
    own = {"Content-Security-Policy": "sandbox; default-src 'none'", "Cache-Control": "no-store, private"}
    own_panel.add_url_rule("/unduh", "unduh", lambda: ("isi", own))
    answer = Visitor(own_panel).get("/unduh")
    assert {name: answer.headers[name] for name in own} == own
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.usefixtures("declared")
def test_a_route_cannot_let_browsers_cache_an_answer(own_panel: Flask) -> None:
    own_panel.add_url_rule("/simpan", "simpan", lambda: ("isi", {"Cache-Control": "public, max-age=60"}))
    assert Visitor(own_panel).get("/simpan").headers["Cache-Control"] == "no-store"


@pytest.fixture
def over_https(panel: Flask, office: Office) -> Visitor:
    """A browser that reaches the panel through a proxy with TLS."""
    return Visitor(panel_on(office.path, PROXIES=1), HTTP_X_FORWARDED_PROTO="https")


def test_over_https_the_cookie_is_bound_to_this_host_and_browsers_stay_with_https(over_https: Visitor) -> None:
    answer = over_https.get("/masuk")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-panel=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_forms_pass_over_https_without_a_referer(over_https: Visitor) -> None:
    assert over_https.sign_in("petugas").status_code == 303
    assert over_https.get("/").status_code == 200
    assert over_https.post("/keluar").location == "/masuk"


def test_over_https_a_cookie_without_the_host_prefix_signs_no_user_in(panel: Flask, over_https: Visitor) -> None:
    plain = Visitor(panel)
    plain.sign_in("petugas")
    over_https.client.set_cookie("panel", plain.client.get_cookie("panel").value)
    assert over_https.get("/").location.startswith("/masuk")


def test_without_https_nothing_speaks_of_it(stranger: Visitor) -> None:
    answer = stranger.get("/masuk")
    assert "Strict-Transport-Security" not in answer.headers
    assert answer.headers["Set-Cookie"].startswith("panel=")
    assert "HttpOnly" in answer.headers["Set-Cookie"]
    assert "SameSite=Lax" in answer.headers["Set-Cookie"]


def test_our_own_files_are_cached_for_ever_only_with_their_version_in_the_address(stranger: Visitor) -> None:
    files = re.findall(r'(?:src|href)="(/static/[^"]+)"', stranger.get("/masuk").text)
    assert len(files) >= 3
    for address in files:
        answer = stranger.get(address)
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable", address
        assert "Cookie" not in answer.headers.get("Vary", "")
        answer.close()
    for address in ("/static/css/panel.css", "/static/css/panel.css?v=000000000000"):
        answer = stranger.get(address)
        assert answer.headers["Cache-Control"] == "no-cache"
        answer.close()
    assert stranger.get("/static/none.css?v=000000000000").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(("proxies", "secure"), [(0, False), (1, True)])
def test_what_is_forwarded_is_believed_only_of_as_many_proxies_as_there_are(
    panel: Flask, office: Office, proxies: int, secure: bool
) -> None:
    visitor = Visitor(panel_on(office.path, PROXIES=proxies))
    forwarded = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"}
    answer = visitor.get("/sop", headers=forwarded)
    assert answer.location == ("https" if secure else "http") + "://localhost/sop/"
    assert ("Strict-Transport-Security" in answer.headers) == secure
