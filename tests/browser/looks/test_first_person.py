"""The first administrator comes in by clicking; his page, to which no link leads, is as every page should be."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from models.sign_in.password_links import NAME, make_first_link
from tests.browser.looks.looked import Looker
from tests.browser.served import served
from tests.browser.window import NARROW, Desk

pytestmark = [pytest.mark.soak]
PASSWORD = "kuda biru makan awan"


def test_from_the_link_to_what_must_be_filled_in(tmp_path: Path, chromium: Browser) -> None:
    tmp_path.chmod(0o700)
    token = make_first_link(tmp_path)
    with served(tmp_path, "start") as panel, chromium.new_context(locale="id-ID") as context:
        newcomer = Desk.opened(panel, context)
        newcomer.open("/pengelola-pertama?kode=lain")
        assert "Tautan ini tidak berlaku" in newcomer.text()
        assert Looker(newcomer).here()[0] == []
        newcomer.open(f"/pengelola-pertama?kode={token}")
        assert newcomer.page.url == f"{panel.address}/pengelola-pertama"
        assert Looker(newcomer).here()[0] == []
        newcomer.fill(name="Budi Santoso", username="B", password=PASSWORD, repeat=PASSWORD)
        newcomer.press("Simpan dan masuk")
        assert "sedikitnya 3, tanpa spasi" in newcomer.text()
        assert Looker(newcomer).here()[0] == []
        newcomer.page.set_viewport_size(NARROW)
        newcomer.fill(username="budi", password=PASSWORD, repeat=PASSWORD)
        newcomer.press("Simpan dan masuk")
        newcomer.page.wait_for_selector("#wajib-judul")
        assert not (tmp_path / NAME).exists()
        assert not newcomer.faults
