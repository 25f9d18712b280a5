"""What may not be is refused in a sentence, on the page, with everything typed still there."""

from collections.abc import Callable

import pytest

from models.complaint.complaint import Complaint
from models.office.people import User
from models.workflow import workflow
from sop.access import lanes
from sop.flow import current_procedure
from sop.vocabulary import vocabulary
from tests.browser.served import Served
from tests.browser.window import Desk

Sit = Callable[[str], Desk]
LINE = "x" * 10_000
WHO = {"petugas": "petugas", "kepala_dinas": "kadis", "bidang": "bidang.rehsos"}


def waiting(panel: Served, state: str, unit: str | None = None, *, skip: int = 0) -> tuple[int, str]:
    """A demo complaint that is not secret and waits in this state: (id, number)."""
    with panel.its_database():
        found = Complaint.select().where((Complaint.state == state) & (Complaint.secrecy != "rahasia"))
        if unit:
            found = [c for c in found if c.unit_id and c.unit.code == unit]
        case = list(found)[skip]
        return case.id, case.number


@pytest.fixture(scope="module", autouse=True)
def assessed(panel: Served) -> None:
    """The demo leaves nothing between assessment and Nota Dinas: one complaint is brought there."""
    case, _ = waiting(panel, "handle", "REHSOS", skip=1)
    with panel.its_database():
        outcome = workflow.advance(
            [case],
            "handle",
            by=User.get(username="bidang.rehsos"),
            blanks={
                "facts": "Data beku.",
                "action": "Data dibetulkan.",
                "conclusion": "terbukti",
                "conclusion_text": "Terbukti.",
                "answer": "Bantuan dicairkan.",
            },
        )
        assert not outcome.refused, outcome.refused


def step(desk: Desk, key: str, case: int) -> int:
    answer = desk.open(f"/pengaduan/langkah/{key}/?id={case}")
    return answer.status if answer else 0


def test_an_old_step_page_is_refused_and_keeps_what_was_typed(desk: Desk, sit: Sit) -> None:
    case, _ = waiting(desk.panel, "dispose")
    assert step(desk.sign_in("kadis"), "dispose", case) == 200
    desk.fill(note="Mohon ditangani minggu ini.")
    clerk = sit("petugas")
    step(clerk, "supplement", case)
    clerk.page.locator("form.sheet textarea").first.fill("Pengadu menyusulkan fotokopi kartu keluarga.")
    clerk.press("Tambah keterangan", within="form.sheet")
    assert "Keterangan telah ditambahkan." in clerk.text(".banner")
    before = desk.panel.digest()
    desk.press("Disposisikan", within="form.sheet")
    assert "telah diubah oleh" in desk.text(".banner.warning")
    assert desk.value("note") == "Mohon ditangani minggu ini."
    assert desk.panel.digest() == before


def test_after_reading_the_new_text_the_same_page_performs(desk: Desk) -> None:
    case, _ = waiting(desk.panel, "dispose", skip=1)
    step(desk.sign_in("kadis"), "dispose", case)
    with desk.panel.its_database():
        outcome = workflow.advance(
            [case],
            "supplement",
            by=User.get(username="petugas"),
            blanks={"source": "Pengadu", "statement": "Bukti tambahan."},
        )
        assert not outcome.refused, outcome.refused
    desk.press("Disposisikan", within="form.sheet")
    assert "telah diubah oleh" in desk.text(".banner.warning")
    desk.press("Disposisikan", within="form.sheet")
    assert desk.text(".marks .badge") == "Menunggu tindak lanjut"


BY_CLICKING = [key for key in current_procedure().awaited if key != "receive"]


@pytest.mark.nightly(key=BY_CLICKING[1:])  # by day the access matrix asks for every act's button and page
@pytest.mark.parametrize("key", BY_CLICKING)
def test_who_is_not_the_actor_gets_no_button_and_no_step_page(desk: Desk, key: str) -> None:
    transition = vocabulary().transitions[key]
    case, _ = waiting(desk.panel, key, "REHSOS" if key in ("handle", "submit", "approve") else None)
    for role, username in WHO.items():
        if role in lanes(transition):
            continue
        desk.sign_in(username)
        answer = desk.open(f"/pengaduan/details/?id={case}")
        assert answer.status in (200, 404), username
        assert not desk.has_button(transition.label), username
        assert step(desk, key, case) in (403, 404, 409), username
        assert not desk.page.locator("form.sheet").count(), username


@pytest.mark.parametrize("username", ["pengawas", "admin"])
def test_who_only_looks_on_finds_no_act_anywhere(desk: Desk, username: str) -> None:
    case, _ = waiting(desk.panel, "raise")
    desk.sign_in(username)
    desk.open("/pengaduan/")
    takes_along = ("semua", "merge", "zip", "cover")  # chooses, and hands out what he reads
    others = "".join(f":not([value={one}])" for one in takes_along)
    assert not desk.page.locator(f"form.bulk button{others}").count()
    desk.open(f"/pengaduan/details/?id={case}")
    assert not desk.has_button("Naikkan ke Kepala Dinas")
    assert step(desk, "raise", case) in (403, 404, 409)


def test_an_act_out_of_turn_is_answered_409_with_its_sentence(desk: Desk) -> None:
    case, _ = waiting(desk.panel, "dispose")
    desk.sign_in("kadis")
    assert step(desk, "approve", case) == 409
    assert "Belum dapat dilakukan" in desk.text(".banner.warning")


def test_a_bad_intake_names_each_field_and_keeps_what_was_typed(desk: Desk) -> None:
    desk.sign_in("petugas").press("Catat pengaduan")
    desk.fill(title=LINE, asks="Bantuan disalurkan.", pengadu__phone="0812")
    before = desk.panel.digest()
    desk.press("Simpan")
    assert "perlu diperbaiki" in desk.text(".banner.danger")
    for name in ("medium", "story", "category", "pengadu-name", "title"):
        assert desk.error(name).endswith("."), name
    assert desk.value("title") == LINE
    assert desk.value("asks") == "Bantuan disalurkan."
    assert desk.value("pengadu-phone") == "0812"
    assert desk.panel.digest() == before


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "2099-12-31T08:00", "31-12-2026", "kemarin"])
def test_an_odd_date_of_receipt_is_refused_at_its_field(desk: Desk, moment: str) -> None:
    desk.sign_in("petugas").press("Catat pengaduan")
    desk.fill(medium="Datang langsung ke loket pengaduan", story="Bantuan terhenti.", pengadu__name="Warga")
    desk.blank("received_at").evaluate("(e, v) => { e.type = 'text'; e.value = v; }", moment)
    before = desk.panel.digest()
    desk.press("Simpan")
    assert desk.error("received_at").endswith(".")
    assert desk.value("story") == "Bantuan terhenti."
    assert desk.panel.digest() == before


def test_a_bad_step_form_names_each_field_and_keeps_what_was_typed(desk: Desk) -> None:
    case, _ = waiting(desk.panel, "handle", "REHSOS")
    step(desk.sign_in("bidang.rehsos"), "handle", case)
    desk.page.get_by_text("Isian lain").click()
    desk.blank("visited").evaluate("e => e.removeAttribute('maxlength')")
    desk.fill(visited=LINE, facts="", action="Data dibetulkan.")
    before = desk.panel.digest()
    desk.press("Selesaikan asesmen", within="form.sheet")
    assert desk.error("visited").endswith(".")
    assert desk.error("facts").endswith(".")
    assert desk.value("visited") == LINE
    assert desk.value("action") == "Data dibetulkan."
    assert desk.panel.digest() == before


def test_an_attempt_in_the_future_is_refused_with_its_sentence(desk: Desk) -> None:
    case, _ = waiting(desk.panel, "deliver")
    step(desk.sign_in("petugas"), "attempt", case)
    desk.fill(medium="Telepon", outcome="Tidak tersambung", tried_at="2099-01-01T08:00", note="Nomor tidak aktif.")
    before = desk.panel.digest()
    desk.press("Catat upaya penyampaian", within="form.sheet")
    assert "masa depan" in desk.text()
    assert desk.value("note") == "Nomor tidak aktif."
    assert desk.panel.digest() == before
