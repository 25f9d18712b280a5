"""The Kepala Dinas at his desk in a browser: forty approvals, twelve dispositions, by keyboard, without script."""

import io
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from models import intake, workflow
from models.base import now
from models.complaint import Category, Complaint, Medium, Reason
from models.people import User
from tests.browser.desk import NARROW, WIDE, Desk
from tests.browser.served import Served

ASSESSED = {"facts": "Data penerima diperiksa.", "action": "Nama diusulkan kembali.", "conclusion": "terbukti",
            "conclusion_text": "Nama terhapus.", "answer": "Usulan Saudara sudah kami kirim."}  # fmt: skip
LINE = (("raise", "petugas", {}), ("dispose", "kadis", {}), ("handle", "bidang.rehsos", ASSESSED),
        ("submit", "bidang.rehsos", {}))  # fmt: skip
Sit = Callable[..., Desk]


@pytest.fixture
def sit_at(panel: Served, chromium: Browser) -> Iterator[Sit]:
    """The Kepala Dinas at a screen of this size, with or without script."""
    opened: list[Desk] = []

    def down(size: dict[str, int], *, script: bool = True) -> Desk:
        context = chromium.new_context(viewport=size, locale="id-ID", timezone_id="Asia/Jakarta",
                                       java_script_enabled=script, has_touch=size is NARROW)  # fmt: skip
        opened.append(Desk.opened(panel, context))
        one = opened[-1]
        one.open("/masuk")
        form = one.page.locator("form.sheet")
        form.get_by_label("Nama pengguna").fill("kadis")
        form.get_by_label("Kata sandi").fill("kata sandi untuk uji peramban")
        form.get_by_role("button", name="Masuk").click()
        one.page.wait_for_selector("form.desk")
        return one

    yield down
    for one in opened:
        one.page.context.close()
    assert not [fault for one in opened for fault in one.faults]


def only(panel: Served, state: str, count: int) -> list[int]:
    """So many new complaints in a state, and none besides: what lay there is held back."""
    people = {u.username: u for u in User.select()}
    lying = [case.id for case in Complaint.select().where(Complaint.state == state)]
    assert not workflow.advance(lying, "hold", by=people["kadis"], reason=_reason("hold")).refused
    ids: list[int] = []
    for n in range(count):
        data = {"medium": Medium.get(code="loket").id, "category": Category.get(code="bansos_tidak_terima").id,
                "title": f"Bantuan terhenti {n + 1}", "story": f"Warga ke-{n + 1} tidak lagi dibantu."}  # fmt: skip
        ids += intake.receive(by=people["petugas"], data=data, persons={"pengadu": {"name": f"Warga {n + 1}"}},
                              opened_at=now() - timedelta(minutes=3)).done  # fmt: skip
    for key, username, blanks in LINE:
        if Complaint.get_by_id(ids[0]).state != state:
            assert workflow.advance(ids, key, by=people[username], **blanks).done == ids
    return ids


def _reason(key: str) -> str:
    return Reason.select().where(Reason.transition == key).order_by(Reason.id).first().text


def states(panel: Served, ids: list[int]) -> list[str]:
    with panel.its_database():
        return [c.state for c in Complaint.select().where(Complaint.id.in_(ids)).order_by(Complaint.id)]


def fits(desk: Desk) -> bool:
    return bool(desk.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def bar(desk: Desk) -> str:
    return desk.text("[data-go]")


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
def test_forty_are_approved_and_the_one_edited_meanwhile_is_read_again(
    panel: Served, sit_at: Sit, size: dict[str, int]
) -> None:
    with panel.its_database():
        ids = only(panel, "approve", 40)
    desk = sit_at(size)
    desk.follow("Nota Dinas", within=".piles")
    assert desk.text(".piles [aria-current]") == "Nota Dinas 40"
    for page in range(2):
        desk.press("Pilih semua", within="form.desk")
        assert bar(desk) == "Setujui 20"
        assert fits(desk)
        if not page:
            with panel.its_database():
                edited(int(desk.page.locator("input[name=case]").nth(3).input_value().partition(":")[0]))
        desk.page.locator("[data-go]").click()
        desk.page.wait_for_selector(".page-head .badges")
        assert fits(desk)
        if not page:
            assert "19 pengaduan selesai diproses" in desk.text("h1")
            assert "telah diubah oleh" in desk.text(".slips")
            assert "Jawaban yang diganti." in desk.text(".slips .news")
            papers(desk, 19)
            assert bar(desk) == "Setujui"
            desk.page.locator("input[name=case]").check()
            assert bar(desk) == "Setujui 1"
            desk.page.locator("[data-go]").click()
            desk.page.wait_for_url("**/meja/approve/")
            assert "1 pengaduan selesai diproses" in desk.text("h1")
            desk.follow("Ke Meja Persetujuan")
    assert states(panel, ids) == ["deliver"] * 40


def edited(case: int) -> None:
    """Pulled back by the unit, written anew, submitted once more."""
    head = User.get(username="bidang.rehsos")
    assert workflow.advance([case], "recall", by=head, reason=_reason("recall")).done
    assert workflow.advance([case], "submit", by=head, answer="Jawaban yang diganti.").done


def papers(desk: Desk, count: int) -> None:
    """One PDF of exactly the papers just issued."""
    with desk.page.expect_download(timeout=90_000) as merged:
        desk.page.get_by_role("button", name="Gabungkan jadi satu PDF").click(timeout=90_000)
    outline = PdfReader(io.BytesIO(merged.value.path().read_bytes())).outline
    assert len(outline) == count
    assert all(str(mark["/Title"]).startswith("Nota Dinas") for mark in outline)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1280", "390"])
def test_twelve_are_disposed_as_proposed(panel: Served, sit_at: Sit, size: dict[str, int]) -> None:
    with panel.its_database():
        ids = only(panel, "dispose", 12)
    desk = sit_at(size)
    assert desk.text(".piles [aria-current]") == "Disposisi 12"
    desk.press("Pilih semua", within="form.desk")
    assert bar(desk) == "Disposisikan 12"
    desk.page.locator("[data-go]").click()
    desk.page.wait_for_selector(".page-head .badges")
    assert "12 pengaduan selesai diproses" in desk.text("h1")
    assert "12 dokumen baru terbit" in desk.text()
    assert states(panel, ids) == ["handle"] * 12


def test_in_place_one_goes_back_one_gets_a_note_and_one_another_unit(panel: Served, sit_at: Sit) -> None:
    with panel.its_database():
        ids = only(panel, "dispose", 3)
    desk = sit_at(NARROW)
    first, second, third = (desk.page.locator(".slips > li").nth(n) for n in range(3))
    desk.press("Pilih semua", within="form.desk")
    first.get_by_role("button", name="Kembalikan").click()
    assert bar(desk) == "Disposisikan 2 · kembalikan 1"
    first.get_by_label("Alasan").select_option(label="Berkas belum lengkap")
    second.get_by_role("button", name="Ubah").click()
    assert second.get_by_label("Tindak lanjuti sesuai ketentuan").is_checked()
    second.get_by_label("Diteruskan kepada").select_option(label="Sekretariat")
    third.get_by_role("button", name="Kembalikan").click()
    assert bar(desk) == "Disposisikan 1 · kembalikan 2"
    third.locator("label").first.click()
    assert bar(desk) == "Disposisikan 2 · kembalikan 1"
    assert fits(desk)
    desk.page.locator("[data-go]").click()
    desk.page.wait_for_selector(".page-head .badges")
    assert states(panel, ids) == ["raise", "handle", "handle"]
    with panel.its_database():
        assert str(Complaint.get_by_id(ids[1]).unit) == "Sekretariat"


def test_by_keyboard_alone(panel: Served, sit_at: Sit) -> None:
    with panel.its_database():
        ids = only(panel, "approve", 12)
    desk = sit_at(WIDE)
    keys = desk.page.keyboard
    tab_to(desk, "e => e.matches('.piles a') && e.textContent.startsWith('Nota')")
    keys.press("Enter")
    desk.page.wait_for_url("**/meja/approve/")
    tab_to(desk, "e => e.name === 'case'")
    keys.press("Enter")  # a tick box sends nothing
    assert desk.page.url.endswith("/meja/approve/")
    assert states(panel, ids) == ["approve"] * 12
    tab_to(desk, "e => e.textContent === 'Kembalikan'")
    keys.press("Enter")
    assert desk.page.evaluate("document.activeElement.name.endsWith('-reason')")
    keys.press("ArrowDown")
    tab_to(desk, "e => 'whole' in e.dataset")
    assert desk.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    keys.press("Space")
    assert bar(desk) == "Setujui 11 · kembalikan 1"
    tab_to(desk, "e => 'go' in e.dataset")
    keys.press("Enter")
    desk.page.wait_for_selector(".page-head .badges")
    assert sorted(states(panel, ids)) == ["deliver"] * 11 + ["handle"]


def tab_to(desk: Desk, wanted: str, most: int = 120) -> None:
    """Tab until what has the focus is what is wanted."""
    for _ in range(most):
        desk.page.keyboard.press("Tab")
        if desk.page.evaluate(f"({wanted})(document.activeElement)"):
            return
    raise AssertionError(wanted)


def test_without_script(panel: Served, sit_at: Sit) -> None:
    with panel.its_database():
        ids = only(panel, "dispose", 12)
    desk = sit_at(NARROW, script=False)
    desk.press("Pilih semua", within="form.desk")
    assert desk.page.locator("input[name=case]:checked").count() == 12
    first = desk.page.locator(".slips > li").first
    first.get_by_role("button", name="Kembalikan").click()
    assert bar(desk) == "Disposisikan yang dipilih · kembalikan 1"
    assert desk.page.locator("input[name=case]:checked").count() == 11
    desk.press("Batal", within=".slips > li")  # although no reason was picked
    assert desk.page.locator(".laid").count() == 0
    desk.page.locator(".slips > li").first.get_by_role("button", name="Kembalikan").click()
    desk.page.locator(".slips > li").first.get_by_label("Alasan").select_option(label="Berkas belum lengkap")
    desk.page.locator("[data-go]").click()
    assert "12 pengaduan selesai diproses" in desk.text("h1")
    assert states(panel, ids) == ["raise"] + ["handle"] * 11
