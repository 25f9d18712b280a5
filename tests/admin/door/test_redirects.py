"""Where a browser may be sent: a corpus of addresses that look like ours and are not, at every door that takes one."""

from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import pytest
from flask import Flask

from admin.door.rows import safe_target
from admin.server.rate_limits import ANONYMOUS_BODY
from tests.admin.doors import Visitor
from tests.office import PASSWORD, Office

pytestmark = pytest.mark.only("sqlite")  # about HTTP; the database has no part in it

HERE = "http://localhost"
EVIL = "evil.example"
CORPUS = [
    f"//{EVIL}",
    f"///{EVIL}",
    f"////{EVIL}/",
    f"/\\{EVIL}",
    f"\\\\{EVIL}",
    f"\\/{EVIL}",
    f"/\\/{EVIL}",
    f"http://{EVIL}",
    f"https:{EVIL}",
    f"https:/{EVIL}",
    f"https:///{EVIL}",
    f"HTTP://{EVIL}",
    f"ftp://{EVIL}",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "mailto:x@evil.example",
    *(f"/{c}/{EVIL}" for c in "\t\n\r\0\x01\x0b\x0c\x1f\x7f"),
    *(f"{c}//{EVIL}" for c in "\t\n\r\0 "),
    *(f"/{c}{EVIL}" for c in "\t\n\r\0"),
    f"/pengaduan/\t/{EVIL}",
    f"\t/{EVIL}",
    f" /{EVIL}",
    "/pengaduan/\n",
    f"//localhost@{EVIL}",
    f"//localhost:80@{EVIL}",
    f"http://localhost@{EVIL}",
    f"http://localhost.{EVIL}",
    f"//{EVIL}:80",
    f"//{EVIL}#",
    f"//{EVIL}?",
    f"//[{EVIL}",
    "//[",
    "//]",
    "http://[::1",
    f"//{EVIL}\\@localhost",
    f"/./{'/'}{EVIL}",
    f"/.//{EVIL}",
    f"/..//{EVIL}",
    f"/pengaduan/..//{EVIL}",
    f"/;//{EVIL}",
    f"/?x=//{EVIL}",
    f"／／{EVIL}",
    f"/／{EVIL}",
    f"/⁄{EVIL}",
    f"∕∕{EVIL}",
    f"/\u2028/{EVIL}",
    f"/\u200b/{EVIL}",
    f"/\xa0/{EVIL}",
    f"/\u3000{EVIL}",
    f"//{EVIL}。com",
    f"/\ufeff/{EVIL}",
    "/é",
    "/\ud800",
    "",
    " ",
    "pengaduan/",
    "?x",
    "#x",
    "*",
    f"/<script>//{EVIL}",
    "/" + "x" * 60_000,
    "/" * 60_000,
    "/" + "\\" * 60_000,
]
OURS = [
    "/",
    "/pengaduan/",
    "/pengaduan/?page=2&search=a+b",
    "/pengaduan/details/?id=1#waktu",
    "/@evil.example",
    "/%2f%2fevil.example",
    "/%5cevil.example",
    "/%09/evil.example",
    "/%00",
    "/:80/",
    "/~x",
    "/.evil.example",
    "/pengaduan/?url=%2F%2Fevil.example",
    "/javascript:alert(1)",
    "/<b>",
]


@pytest.mark.parametrize("target", CORPUS, ids=lambda t: ascii(t[:30]))
def test_nothing_that_could_leave_the_panel_is_followed(target: str) -> None:
    assert safe_target(target) is None
    assert safe_target(target, "/sop/") == "/sop/"


@pytest.mark.parametrize("target", OURS)
def test_a_page_of_ours_stays_where_it_is_for_a_browser_and_behind_a_proxy_that_decodes(target: str) -> None:
    assert safe_target(target) == target
    assert urlsplit(urljoin(f"{HERE}/masuk", target)).netloc == "localhost"


def led_to(answer: Any) -> str:
    """The host that an answer leads to, as a browser takes it: blanks in an address are dropped, "\\" is "/"."""
    location = "".join(c for c in answer.headers.get("Location", "/") if c not in "\t\r\n").replace("\\", "/")
    answer.close()
    return urlsplit(urljoin(f"{HERE}/masuk", location)).netloc


def wrong(answer: Any, target: str) -> bool:
    """Whether an answer fails, leads elsewhere, or offers the target as an address of its own."""
    offered = target and target not in OURS and any(f'{a}="{target}"' in answer.text for a in ("href", "value"))
    return answer.status_code >= 500 or bool(offered) or led_to(answer) != "localhost"


@pytest.mark.slow("signs in once for every address of a corpus")
def test_sign_in_never_leads_elsewhere(stranger: Visitor) -> None:
    failed, came_in = [], 0
    for target in map(sendable, [*CORPUS, *OURS]):
        stranger.client.delete_cookie("panel")
        page = stranger.client.get("/masuk", query_string={"next": target})
        data = {"csrf_token": stranger.token(), "username": "petugas", "password": PASSWORD, "next": target}
        answers = [
            page,
            stranger.client.post("/masuk", data=data),
            stranger.client.get("/masuk", query_string={"next": target}),
        ]
        came_in += answers[1].status_code == 303
        failed += [(target[:40], a.status_code) for a in answers if wrong(a, target)]
    assert failed == []
    assert came_in > len(CORPUS)  # all but what is too long to be sent


@pytest.mark.slow("walks the panel with every odd address")
def test_no_page_with_a_return_address_leads_elsewhere(at: Any, office: Office) -> None:
    visitor, reader, failed = at("admin"), at("petugas"), []
    [case] = office.receive()
    token = visitor.token()
    for target in map(sendable, [*CORPUS, *OURS]):
        asked = {"url": target, "id": 1, "next": target}
        answers = [visitor.client.get(path, query_string=asked) for path in ("/unit/edit/", "/media/new/")]
        answers.append(reader.client.get("/pengaduan/details/", query_string={**asked, "id": case}))
        assert {answer.status_code for answer in answers} == {414 if len(target) > ANONYMOUS_BODY / 2 else 200}
        sent = {"csrf_token": token, "url": target, "action": "merge"}
        answers += [visitor.client.post(path, data=sent) for path in ("/unit/action/", "/unit/edit/?id=1")]
        failed += [(target[:40], a.request.path, a.status_code) for a in answers if wrong(a, target)]
    assert failed == []


def test_no_action_on_chosen_rows_leads_elsewhere(at: Any) -> None:
    visitor = at("petugas")
    token = visitor.token()
    for target in map(sendable, [*CORPUS, *OURS]):
        sent = visitor.client.post("/dokumen/action/", data={"csrf_token": token, "url": target, "action": "merge"})
        assert not wrong(sent, target), target[:40]
        if target in OURS:
            assert unquote(sent.location) == unquote(target)


@pytest.mark.parametrize(
    "path",
    [
        f"//{EVIL}/sop",
        f"///{EVIL}",
        f"/sop//{EVIL}",
        f"/\\{EVIL}/..",
        f"/%2f%2f{EVIL}/sop",
        f"/%5c{EVIL}",
        f"//{EVIL}/%2e%2e",
        f"/%09/{EVIL}",
        f"/sop?//{EVIL}",
    ],
)
def test_the_addresses_that_routing_itself_mends_stay_here(panel: Flask, path: str) -> None:
    answer = Visitor(panel).client.get("/", environ_overrides={"PATH_INFO": path.partition("?")[0]})
    assert answer.status_code in (302, 308, 404)
    assert led_to(answer) == "localhost"


def test_the_page_that_one_came_from_is_never_asked(at: Any) -> None:
    visitor = at("admin")
    data, headers = {"csrf_token": visitor.token()}, {"Referer": f"http://{EVIL}/"}
    answer = visitor.client.post("/keluar", data=data, headers=headers)
    assert answer.status_code == 303
    assert led_to(answer) == "localhost"


def sendable(target: str) -> str:
    return target.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
