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
from tests.browser.window import WIDE, Desk
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


def type_and_send(desk: Desk, nik: str = NIK) -> None:
    desk.page.get_by_label("NIK penanda tangan").fill(nik)
    desk.page.get_by_label("Passphrase", exact=True).fill(PASSPHRASE)
    desk.page.get_by_role("button", name=re.compile(r"Tanda tangani \d+ dokumen")).click()


def look(looker: Looker) -> None:
    """The page at both widths and in both colour schemes, then wide again."""
    assert looker.here()[0] == []
    looker.desk.page.set_viewport_size(WIDE)


def test_papers_are_signed_from_the_desk_and_the_page_tells_what_is_left(panel: Served, desk: Desk) -> None:
    desk.sign_in("kadis")
    looker, heading = Looker(desk), desk.page.get_by_role("heading", level=1)
    offer = unquote(desk.page.get_by_role("link", name=OFFER).get_attribute("href") or "")
    desk.open(f"/meja/tanda-tangan/?{'&'.join(re.findall(r'id=[0-9]+', offer)[:3])}")
    look(looker)
    type_and_send(desk, nik="357301")
    assert desk.page.locator("#nik:invalid").count() == 1
    assert desk.page.get_by_label("Passphrase", exact=True).input_value() == PASSPHRASE, "nothing was sent yet"
    desk.page.evaluate("document.querySelector('form.sheet').noValidate = true")  # as browsers without such checks
    type_and_send(desk, nik="357301")
    assert "NIK terdiri atas 16 angka." in desk.text()
    assert desk.page.get_by_label("Passphrase", exact=True).input_value() == ""
    look(looker)
    type_and_send(desk)
    expect(heading).to_have_text("2 dari 3 dokumen ditandatangani")
    assert "Passphrase ditolak" in desk.text()
    look(looker)
    desk.open(desk.page.get_by_role("link", name="Coba lagi yang tersisa").get_attribute("href") or "")
    type_and_send(desk)
    expect(heading).to_have_text("1 dokumen ditandatangani")
    look(looker)
    with panel.its_database():
        assert PaperCopy.select().count() == 3
