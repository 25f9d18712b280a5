"""A link is handed over and used by clicking; its three pages, which no link leads to, are as every page should be."""

from playwright.sync_api import Browser

from models.office.people import User
from tests.browser.looks.looked import Looker
from tests.browser.served import Served
from tests.browser.window import Desk

NEW = "kuda biru makan awan"


def test_a_link_is_handed_over_and_the_person_sets_the_password(panel: Served, desk: Desk, chromium: Browser) -> None:
    with panel.its_database():
        User.create(username="arsiparis", name="Wening Palupi", role="petugas")
        number = User.get(username="arsiparis").id
    desk.sign_in("admin").open(f"/pengguna/edit/?id={number}")
    desk.press("Buat tautan kata sandi")
    desk.press("Buat tautan kata sandi")
    link = desk.page.inner_text("#tautan")
    assert desk.page.locator("main svg").count() == 1
    desk.page.evaluate("document.querySelector('#tautan').textContent = 'Tautan'")  # chance may spell an English word
    assert Looker(desk).here()[0] == []
    with chromium.new_context(locale="id-ID") as context:
        newcomer = Desk.opened(panel, context)
        newcomer.open(link)
        assert newcomer.page.url == f"{panel.address}/kata-sandi"
        assert Looker(newcomer).here()[0] == []
        newcomer.page.locator("#password").fill(NEW)
        newcomer.page.locator("#repeat").fill(NEW)
        newcomer.press("Simpan kata sandi")
        newcomer.open(link)
        assert "Tautan tidak berlaku" in newcomer.text()
        assert Looker(newcomer).here()[0] == []
        newcomer.open("/masuk")
        newcomer.page.fill("#username", "arsiparis")
        newcomer.page.fill("#password", NEW)
        newcomer.press("Masuk", within="form.sheet")
        newcomer.page.wait_for_selector(".who", state="attached")  # on a phone it lies in the menu
        assert not newcomer.faults
