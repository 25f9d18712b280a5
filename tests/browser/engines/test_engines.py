"""The phone of a Kepala Dinas and the desk of a Petugas in WebKit and Firefox, beside Chromium: the same facts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.complaint.complaint import Complaint
from models.demo.demo import FLAG
from models.office.settings import Setting
from tests.browser.engines.engine import NEEDS, WIDTH, started
from tests.browser.engines.phone import Phone
from tests.browser.looks.looked import AXE, JUDGE
from tests.browser.served import PASSWORD, Served
from tests.browser.waiting import bring, only, states

pytestmark = [
    pytest.mark.soak,
    pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning"),  # selenium's own, of WebKitGTK
]
SCHEMES = {"light": False, "dark": True}
STORY = "Suami saya mabuk lalu memukul saya, anak kami menangis."
KDRT = "Kekerasan dalam rumah tangga (KDRT)"
FITS = """() => {
  const over = document.documentElement.scrollWidth - innerWidth;
  return {width: innerWidth, over, dark: matchMedia('(prefers-color-scheme: dark)').matches};
}"""
MAGNIFIER = (
    "() => performance.getEntriesByType('resource').some((one) => one.name.includes('/static/icons/search.svg'))"
)
TURNED = "(words) => document.querySelector('.reader-head h4')?.innerText === words"


@pytest.fixture(params=NEEDS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=SCHEMES)
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def phone(panel: Served, name: str, scheme: str, tmp_path: Path) -> Iterator[Phone]:
    """A window in which no script may have failed when it is closed."""
    with started(name, tmp_path / "engine", dark=scheme == "dark") as engine:
        yield Phone(engine, panel.address)
        assert engine.faults() == []


def looks_right(phone: Phone, scheme: str) -> None:
    """Nothing is wider than the screen, the scheme is the phone's, and axe finds nothing."""
    seen: dict[str, Any] = phone.engine.script(FITS)
    assert (seen["width"], seen["over"], seen["dark"]) == (WIDTH, 0, scheme == "dark")
    phone.engine.script(f"() => {{ {AXE}; }}")
    assert phone.engine.script(f"() => ({JUDGE})()") in ([], None)


def turned(phone: Phone, words: str) -> None:
    phone.until(TURNED, words)


def test_a_pile_is_opened_turned_signed_sent_back_and_ends(panel: Served, phone: Phone, scheme: str) -> None:
    with panel.its_database():
        ids = only(panel, "approve", 3)
    phone.sign_in("kadis")
    phone.tap(".desk-tabs a", "Nota Dinas 3")
    phone.waits_for(".desk-tabs [aria-current]", "Nota Dinas 3")
    phone.until(MAGNIFIER)
    looks_right(phone, scheme)
    phone.tap(".desk-cards h3 button")
    turned(phone, "1 dari 3")
    assert "Usulan Saudara sudah kami kirim." in phone.text(".reader .naskah")
    looks_right(phone, scheme)
    phone.engine.swipe(1)
    turned(phone, "2 dari 3")
    phone.engine.swipe(-1)
    turned(phone, "1 dari 3")
    for left in (2, 1):
        phone.tap(".reader-bar button", "Setujui")
        turned(phone, f"1 dari {left}")
    phone.tap(".reader-bar button", "Kembalikan")
    phone.write(".laid.back select", "Per")
    assert phone.engine.script("() => document.querySelector('.laid.back select').value")
    phone.tap(".laid.back button", "Kembalikan untuk perbaikan")
    phone.waits_for("[data-month]", "Nota Dinas diputus")
    assert sorted(states(panel, ids)) == ["deliver", "deliver", "handle"]
    looks_right(phone, scheme)


def test_a_complaint_is_typed_its_category_proposed_and_saved(panel: Served, phone: Phone, scheme: str) -> None:
    phone.sign_in("petugas")
    phone.open("/pengaduan/new/")
    phone.write("[name=medium]", "Telepon")
    phone.write("[name=pengadu-name]", "Siti Maslikah")
    phone.write("[name=story]", STORY)
    phone.until("() => document.querySelectorAll('[data-pick]').length === 3")
    looks_right(phone, scheme)
    phone.tap("[data-pick]")
    phone.until("(words) => document.querySelector('[name=category]').selectedOptions[0].text === words", KDRT)
    phone.tap(".bar button", "Simpan")
    phone.waits_for("h1", "Pengaduan tercatat")
    with panel.its_database():
        case = Complaint.select().order_by(Complaint.id.desc()).first()
        assert (case.story, case.category.name) == (STORY, KDRT)


def test_a_case_is_read_with_all_that_is_folded(panel: Served, phone: Phone, scheme: str) -> None:
    with panel.its_database():
        [case] = bring("deliver", 1)
    phone.sign_in("kadis")
    phone.open(f"/pengaduan/details/?id={case}")
    phone.waits_for("main", "Warga ke-1 tidak lagi dibantu.")
    phone.engine.script("() => document.querySelectorAll('details').forEach((e) => { e.open = true; })")
    looks_right(phone, scheme)


def test_without_a_passkey_a_browser_says_so_and_the_code_stays(panel: Served, phone: Phone, scheme: str) -> None:
    """WebKitGTK knows no passkey; the two others offer the button."""
    with panel.its_database():
        Setting.delete().where(Setting.key == FLAG).execute()  # an office: in the demo there is none
    phone.address = phone.address.replace("127.0.0.1", "localhost")  # a name that needs no https
    phone.sign_in("kadis")
    phone.open("/akun/faktor/")
    phone.tap("summary", "Tambah kunci sandi")
    phone.write("#nama", "Ponsel saya")
    phone.write("#key-sandi", PASSWORD)
    phone.tap("button", "Lanjutkan")
    phone.until("() => document.querySelector('[data-passkey-none]') && document.readyState === 'complete'")
    if phone.engine.script("() => !!window.PublicKeyCredential"):
        phone.waits_for("main", "Simpan pada perangkat")
    else:
        phone.waits_for("main", "Peramban ini tidak dapat menyimpan kunci sandi")
    looks_right(phone, scheme)
    phone.open("/akun/faktor/")
    phone.waits_for("main", "Mulai pasang")
