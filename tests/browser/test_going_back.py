"""Back from what an act has brought: to the page it came from, and never to a page that would be sent once more."""

from datetime import timedelta

from models.session.session import Session
from models.store.base import now
from tests.browser.desk import NARROW, Desk
from tests.browser.served import PASSWORD
from tests.browser.waiting import bring


def test_from_a_correction_to_its_form_although_its_preview_lay_between(desk: Desk) -> None:
    with desk.panel.its_database():
        [case] = bring("deliver", 1)
    form = f"/pengaduan/langkah/correct/?id={case}"
    desk.sign_in("petugas").page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    desk.open(form)
    desk.fill(event_place="Pasar Besar")
    desk.blank("reason").select_option(index=1)
    desk.press("Periksa akibatnya")
    desk.press("Simpan ralat")
    back = desk.page.go_back()
    assert back is not None
    assert (back.status, back.request.method, back.url.endswith(form)) == (200, "GET", True)
    assert desk.value("event_place") == "Pasar Besar"
    assert desk.page.get_by_role("dialog").count() == 0


def test_from_a_step_to_its_page_although_a_proof_of_self_was_asked_for(desk: Desk) -> None:
    with desk.panel.its_database():
        [case] = bring("approve", 1)
    page = f"/pengaduan/langkah/approve/?id={case}"
    desk.sign_in("kadis").page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    desk.open(page)
    with desk.panel.its_database():
        Session.update(proven=now() - timedelta(minutes=31)).where(Session.ended.is_null()).execute()
    desk.page.locator("main").get_by_role("button", name="Setujui", exact=True).click()
    desk.page.get_by_label("Kata sandi").fill(PASSWORD)
    desk.press("Lanjutkan")
    assert "telah disetujui" in desk.text()
    back = desk.page.go_back()
    assert back is not None
    assert (back.request.method, back.url.endswith(page)) == ("GET", True)
    assert "tidak dapat dilakukan" in desk.text()
