"""A passkey in a browser that keeps one: added, signed in with, a prompt that is refused, shown before an approval."""

from dataclasses import replace

from playwright.sync_api import CDPSession, Page

from models.complaint.complaint import Complaint
from models.demo.demo import FLAG
from models.office.settings import Setting
from tests.browser.looks.looked import Looker
from tests.browser.served import PASSWORD, Served
from tests.browser.sign_in.test_factor import grow_stale
from tests.browser.waiting import bring
from tests.browser.window import NARROW, WIDE, Desk

DEVICE = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True}
SHOW = "Pakai kunci sandi"
COMES_BACK = """() => {
    const answer = document.querySelector("[name=kunci_sandi]");
    answer.value = "sent before";
    window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
    return answer.value;
}"""


class Fingers:
    """The browser's own device, whose owner lets it see his finger or not."""

    def __init__(self, page: Page) -> None:
        self.cdp: CDPSession = page.context.new_cdp_session(page)
        self.cdp.send("WebAuthn.enable")
        made = self.cdp.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
        self.device = made["authenticatorId"]

    def refuse(self, *, refused: bool = True) -> None:
        self.cdp.send("WebAuthn.setUserVerified", {"authenticatorId": self.device, "isUserVerified": not refused})


def test_added_signed_in_with_and_shown_before_an_approval_on_a_phone(panel: Served, desk: Desk) -> None:
    with panel.its_database():
        Setting.delete().where(Setting.key == FLAG).execute()  # an office: in the demo there is none
        [case] = bring("approve", 1)
    desk.panel = replace(panel, address=panel.address.replace("127.0.0.1", "localhost"))  # a name that needs no https
    page, fingers, looker = desk.page, Fingers(desk.page), Looker(desk)
    desk.sign_in("kadis").open("/akun/faktor/")
    page.get_by_text("Tambah kunci sandi").click()
    page.get_by_label("Nama, agar").fill("Ponsel saya")
    page.locator("#key-sandi").fill(PASSWORD)
    desk.press("Lanjutkan")
    assert looker.here()[0] == []
    page.set_viewport_size(WIDE)
    page.get_by_role("button", name="Simpan pada perangkat").click()
    page.wait_for_selector("main ol code")
    assert page.locator("main ol code").count() == 10
    assert looker.at("/akun/faktor/")[0] == []
    assert "Ponsel saya" in desk.text()
    page.set_viewport_size(WIDE)
    desk.open("/akun/")
    desk.press("Keluar")
    page.set_viewport_size(NARROW)
    desk.open("/masuk")
    page.get_by_label("Nama pengguna").fill("kadis")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    desk.press("Masuk")
    fingers.refuse()
    page.get_by_role("button", name=SHOW).click()
    page.get_by_text("Dibatalkan, atau waktunya habis").wait_for()
    assert looker.here()[0] == []
    page.context.set_offline(True)
    page.get_by_role("button", name=SHOW).click()
    page.get_by_text("Panel tidak dapat dihubungi").wait_for()
    page.context.set_offline(False)
    assert page.evaluate(COMES_BACK) == ""
    fingers.refuse(refused=False)
    page.get_by_role("button", name=SHOW).click()
    page.wait_for_selector(".who", state="attached")
    desk.open(f"/pengaduan/langkah/approve/?id={case}")
    page.get_by_text("Dengan catatan", exact=True).click()
    desk.blank("note").fill("Sampaikan pula jadwalnya.")
    grow_stale(panel)
    desk.press("Setujui dengan catatan")
    assert "Kiriman Anda tidak hilang" in desk.text()
    assert looker.here()[0] == []
    with page.expect_navigation():
        page.get_by_role("button", name=SHOW).click()
    with panel.its_database():
        assert Complaint.get_by_id(case).state == "deliver"
