"""Every page of everyone is valid HTML, as the W3C's checker reads it; `make soak`, since Java takes its time."""

from pathlib import Path

import lxml.html
import pytest

from tests.browser.crawl import PEOPLE, is_file, walk
from tests.browser.looks import vnu
from tests.browser.window import Desk

pytestmark = pytest.mark.soak


@pytest.mark.parametrize("username", PEOPLE)
def test_every_page_is_valid_html(desk: Desk, username: str, tmp_path: Path) -> None:
    desk.sign_in(username)
    read = dict[str, str]()

    def visit(address: str) -> list[str]:
        page = desk.fetch(address).text()
        name = f"{len(read)}.html"
        read[name] = address
        (tmp_path / name).write_text(page, encoding="utf-8")
        return [str(link) for link in lxml.html.fromstring(page).xpath("//a/@href")] if page else []

    pages = [address for address in walk(f"{desk.panel.address}/", visit) if not is_file(address)]
    print(f"{username}: {len(pages)} pages")
    assert len(pages) > 10
    wrong = vnu.errors(tmp_path)
    assert not wrong, "\n".join(wrong)


def test_what_is_wrong_is_found(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text('<!doctype html><html lang="id"><title>x</title><p aria-label="kosong">–</p>')
    assert len(vnu.errors(tmp_path)) == 1
