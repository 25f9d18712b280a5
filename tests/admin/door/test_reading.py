"""Reading changes nothing: every rule and every link, with GET, HEAD and OPTIONS, as every role."""

from collections import Counter, deque
from html import unescape
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urlsplit

import lxml.html
import pytest
from flask import Flask

from sop.flow import current_procedure
from sop.vocabulary import CLOSED, vocabulary
from tests.admin.doors import Visitor, signed_in
from tests.admin.routes import TELLS_FAULTS, readable
from tests.office import EMERGENCY, PEOPLE, SECRET, Office

SEATED_TWICE = ["petugas2", "staf.rehsos", "bidang.ppa"]  # by day another of the same role reads for them
UNWRITING = ["bidang.rehsos", "pengawas"]  # by day who is asked most, who decides and who edits the masters read
CLICKED = ["petugas", "kadis", "bidang.rehsos", "admin"]  # by day Chromium follows their links, the digest being equal
SENT = f"action={current_procedure().first}&rowid=1&cases=1:1&do=perform&number=1&title=x&active=&password=x"
SENT += "&csrf_token=x&_method=POST"


@pytest.fixture
def busy(office: Office) -> int:
    """A complaint in every state of the main line, a secret one, an emergency; the first one's id."""
    for state in [t.key for t in current_procedure().main_line if not current_procedure().is_receive(t)] + [CLOSED]:
        office.bring(office.receive(), state)
    office.receive(category=SECRET)
    office.receive(category=EMERGENCY)
    return 1


def alike(address: str) -> str:
    parts = urlsplit(address)
    return parts.path + "?" + ",".join(sorted({name for name, _ in parse_qsl(parts.query) if name != "url"}))


def crawled(visitor: Visitor, most: int) -> list[str]:
    """The addresses of all pages that links lead to from the start page, so many of each shape."""
    waiting, known, taken, done = deque(["/"]), {"/"}, Counter[str](), []
    while waiting:
        address = waiting.popleft()
        if taken[alike(address)] >= most or urlsplit(address).path.endswith(".pdf"):
            continue
        taken[alike(address)] += 1
        answer = visitor.get(address)
        done.append(address)
        assert answer.status_code in (200, 409), (address, answer.status_code)
        if answer.mimetype == "text/html":
            for link in links(answer.text) - known:
                known.add(link)
                waiting.append(link)
        answer.get_data()
        answer.close()
    return done


def links(page: str) -> set[str]:
    """What can be followed: links, and what a search asks for."""
    html = lxml.html.fromstring(page)
    found = html.xpath("//a/@href") + html.xpath("//form[@role='search']/@action")
    return {urldefrag(unescape(one)).url for one in found if one.startswith("/")}


@pytest.mark.slow("walks the panel as everybody")
@pytest.mark.nightly(username=[*SEATED_TWICE, *CLICKED])
@pytest.mark.parametrize("username", PEOPLE)
@pytest.mark.parametrize("most", [1, pytest.param(2, marks=pytest.mark.soak)])
def test_following_every_link_changes_nothing(
    panel: Flask, office: Office, busy: int, username: str, most: int
) -> None:
    visitor = signed_in(panel, username)
    before = office.digest()
    assert len(crawled(visitor, most)) > 10
    assert office.digest() == before


@pytest.mark.slow("walks the panel as everybody")
@pytest.mark.nightly(username=[*SEATED_TWICE, *UNWRITING])
@pytest.mark.parametrize("username", [*PEOPLE, None])
def test_asking_every_rule_changes_nothing_whatever_the_address_says(
    panel: Flask, office: Office, busy: int, username: str | None
) -> None:
    visitor = signed_in(panel, username) if username else Visitor(panel)
    before, failed = office.digest(), []
    for rule, address in readable(panel, busy):
        mark = "&" if "?" in address else "?"
        for method in ("GET", "HEAD", "OPTIONS"):
            answer: Any = visitor.client.open(f"{address}{mark}{SENT}", method=method)
            fails = answer.status_code >= 500 and rule.endpoint != TELLS_FAULTS
            if fails or (method == "HEAD" and answer.data):
                failed.append((method, rule.rule, answer.status_code))
            answer.close()
    assert failed == []
    assert office.digest() == before


@pytest.mark.slow("walks the panel as every role")
@pytest.mark.parametrize("username", ["petugas", "kadis", "bidang.rehsos", "admin"])
def test_no_act_is_done_by_an_address(panel: Flask, office: Office, busy: int, username: str) -> None:
    visitor = signed_in(panel, username)
    before = office.digest()
    for rule in panel.url_map.iter_rules():
        if rule.endpoint.endswith(".action_view"):
            assert visitor.get(f"{rule.rule}?{SENT}").status_code == 405, rule.rule
    for key in vocabulary().transitions:
        assert visitor.get(f"/pengaduan/langkah/{key}/?id={busy}&{SENT}").status_code in (200, 400, 403, 404, 409)
    for path in ("/keluar", "/riwayat/periksa/"):
        assert visitor.get(path).status_code == 405
    assert office.digest() == before
