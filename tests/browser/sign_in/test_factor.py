"""The second factor in a browser: set up by the key's text, signed in with, and the proof asked for on a phone."""

import base64
from datetime import timedelta

from models.complaint.complaint import Complaint
from models.demo.demo import FLAG
from models.office.settings import Setting
from models.sign_in.factor import code_at, step_of
from models.sign_in.session import Session
from models.store.base import now
from tests.browser.looks.looked import Looker
from tests.browser.served import PASSWORD, Served
from tests.browser.waiting import bring
from tests.browser.window import NARROW, Desk

NOTE = "Sampaikan pula jadwal penyalurannya."


class App:
    """An authenticator app into which the key was typed; it waits for no new half minute, which the panel need not."""

    def __init__(self, key: str) -> None:
        self.key, self.last = base64.b32decode(key.replace(" ", "")), 0

    def code(self) -> str:
        self.last = max(step_of(now()), self.last + 1)
        return code_at(self.key, self.last)


def grow_stale(panel: Served) -> None:
    with panel.its_database():
        Session.update(proven=now() - timedelta(minutes=40)).execute()


def test_set_up_signed_in_with_and_asked_for_on_a_phone_before_an_approval(panel: Served, desk: Desk) -> None:
    with panel.its_database():
        Setting.delete().where(Setting.key == FLAG).execute()  # an office: in the demo there is none
        [case] = bring("approve", 1)
    page = desk.sign_in("kadis").page
    desk.open("/akun/")
    desk.press("Faktor kedua")
    page.get_by_label("Kata sandi Anda").fill(PASSWORD)
    desk.press("Mulai pasang")
    app = App(page.locator("#kunci").inner_text())
    assert page.locator("main svg").count() == 1
    page.get_by_label("Kode enam angka").fill(app.code())
    desk.press("Pasang")
    assert page.locator("main ol code").count() == 10
    desk.press("Sudah saya simpan")
    desk.press("Keluar")
    page.set_viewport_size(NARROW)
    desk.open("/masuk")
    page.get_by_label("Nama pengguna").fill("kadis")
    page.get_by_label("Kata sandi").fill(PASSWORD)
    desk.press("Masuk")
    page.get_by_label("Kode", exact=True).fill(app.code())
    desk.press("Masuk")
    desk.open(f"/pengaduan/langkah/approve/?id={case}")
    page.get_by_text("Dengan catatan", exact=True).click()
    desk.blank("note").fill(NOTE)
    grow_stale(panel)
    desk.press("Setujui dengan catatan")
    assert "Kiriman Anda tidak hilang" in desk.text()
    assert Looker(desk).here()[0] == []
    page.get_by_label("Kode aplikasi autentikator atau kata sandi").fill(PASSWORD)
    desk.press("Lanjutkan")
    with panel.its_database():
        assert Complaint.get_by_id(case).state == "deliver"
