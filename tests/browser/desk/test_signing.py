"""The Kepala Dinas has papers signed electronically by clicking, from the desk, and what is left once more."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from playwright.sync_api import expect

from models.complaint.returned import PaperCopy
from models.office.people import today
from models.office.settings import ISSUERS, store_setting
from models.operations import signing_settings
from tests.browser.looks.looked import Looker
from tests.browser.served import Served, copy_of, served
from tests.browser.window import NARROW, WIDE, Desk
from tests.papers.signers import pem_of, signer_named
from tests.papers.signing import service
from tests.papers.signing.test_service import in_turn, signs

OFFER = re.compile(r"Tanda tangani secara elektronik \(\d+ dokumen\)")
NIK, PASSPHRASE = "3573014101800077", "frasa sandi Kadis yang rahasia #7"


@pytest.fixture(scope="module")
def panel(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A panel with a signing service, which refuses its third request as a wrong passphrase."""
    official = signer_named("Kepala Dinas Contoh")
    signing = signs(official)
    answer = in_turn(signing, signing, lambda handler, form: service.refuse(handler, 2031), signing)
    with service.served(answer) as played, pytest.MonkeyPatch.context() as environment:
        environment.setenv(signing_settings.URL, played.url)
        with served(copy_of(demo, tmp_path_factory.mktemp("panel"))) as running:
            running.open_quickly()
            with running.its_database():
                store_setting(ISSUERS, pem_of(official), today() - timedelta(days=1))
            yield running


def type_and_send(desk: Desk) -> None:
    desk.page.get_by_label("NIK penanda tangan").fill(NIK)
    desk.page.get_by_label("Passphrase").fill(PASSPHRASE)
    desk.page.get_by_role("button", name=re.compile(r"Tanda tangani \d+ dokumen")).click()


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_papers_are_signed_from_the_desk_and_the_page_tells_how_far_it_is(
    panel: Served, desk: Desk, size: dict[str, int]
) -> None:
    desk.page.set_viewport_size(size)
    desk.sign_in("kadis")
    looker = Looker(desk)
    offer = unquote(desk.page.get_by_role("link", name=OFFER).get_attribute("href") or "")
    desk.open(f"/meja/tanda-tangan/?{'&'.join(re.findall(r'id=[0-9]+', offer)[:3])}")
    assert looker.here()[0] == []
    desk.page.get_by_label("NIK penanda tangan").fill("357301")
    desk.page.get_by_label("Passphrase").fill(PASSPHRASE)
    desk.page.get_by_role("button", name=re.compile(r"Tanda tangani \d+ dokumen")).click()
    assert "NIK terdiri atas 16 angka." in desk.text()
    assert desk.page.get_by_label("Passphrase").input_value() == ""
    assert looker.here()[0] == []
    type_and_send(desk)
    assert "tanda tangan" in desk.text().lower()
    assert looker.here()[0] == []
    heading = desk.page.get_by_role("heading", level=1)
    if size is WIDE:
        expect(heading).to_have_text("2 dari 3 dokumen ditandatangani")
        assert "Passphrase ditolak" in desk.text()
        assert looker.here()[0] == []
        desk.press("Coba lagi yang tersisa")
        type_and_send(desk)
        expect(heading).to_have_text("1 dokumen ditandatangani")
    else:
        expect(heading).to_have_text("3 dokumen ditandatangani")
    assert looker.here()[0] == []
    with panel.its_database():
        assert PaperCopy.select().exists()
