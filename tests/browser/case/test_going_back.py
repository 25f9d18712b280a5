"""Back from what an act has brought: to the page it came from, and never to a page that would be sent once more."""

from datetime import timedelta

from playwright.sync_api import expect

from models.complaint.complaint import Complaint
from models.sign_in.session import Session
from models.store.base import now
from tests.browser.intake.test_drafts import NEW
from tests.browser.served import PASSWORD
from tests.browser.waiting import bring
from tests.browser.window import NARROW, Desk


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


def test_from_a_complaint_that_was_stopped_once_to_an_empty_form(desk: Desk) -> None:
    desk.sign_in("petugas").page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    desk.open(NEW)
    desk.fill(medium="Telepon", category="Belum dipilah")
    desk.fill(pengadu__name="Budi", story="Bantuan berhenti, HP saya 081200001234.")
    desk.press("Simpan")
    alert = desk.page.locator("[data-numbers-found][role=alert]")
    expect(alert.locator("strong")).to_be_in_viewport(ratio=1)
    alert.get_by_role("button", name="Pindahkan ke data pengadu").click()
    expect(alert).to_have_count(0)
    desk.press("Simpan")
    with desk.panel.its_database():
        before = Complaint.select().count()
    back = desk.page.go_back()
    assert back is not None
    assert (back.status, back.request.method, back.url.endswith(NEW)) == (200, "GET", True)
    assert (desk.value("story"), desk.page.get_by_role("dialog").count()) == ("", 0)
    with desk.panel.its_database():
        assert Complaint.select().count() == before


def test_a_number_in_the_text_is_reported_below_its_field_and_the_move_is_confirmed(desk: Desk) -> None:
    desk.sign_in("petugas").page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    desk.open(NEW)
    desk.page.locator("[name=pengadu-name]").type("Budi 081200001234")
    tap = desk.page.get_by_role("button", name="Pindahkan ke data pengadu")
    expect(tap).to_be_in_viewport(ratio=1)
    tap.click()
    said = desk.page.get_by_text("Dipindahkan ke data pengadu.")
    expect(said).to_be_focused()
    assert (desk.value("pengadu-name"), desk.value("pengadu-phone")) == ("Budi", "081200001234")


def test_loading_anew_a_form_that_was_refused_offers_what_was_typed(desk: Desk) -> None:
    with desk.panel.its_database():
        [case] = bring("handle", 1)
    desk.sign_in("bidang.rehsos").open(f"/pengaduan/langkah/hold/?id={case}")
    desk.blank("note").fill("Menunggu surat kelurahan.")
    desk.press("Tunda")
    assert desk.page.locator("[aria-invalid=true]").count()
    again = desk.page.reload()
    assert again is not None
    assert (again.status, again.request.method) == (200, "GET")
    desk.page.get_by_role("button", name="Lanjutkan konsep").click()
    assert desk.value("note") == "Menunggu surat kelurahan."
