"""Text without a blank, as long as its column takes it, makes no page wider than its window and no column thin."""

from datetime import timedelta
from typing import Any

import pytest

from models.case.blanks import record_of
from models.complaint.complaint import Complaint
from models.office.lists import Category, Medium
from models.office.people import User
from models.records.base import pw
from models.store.base import now
from models.store.uploads import outside
from models.workflow import intake, workflow
from sop.flow import current_procedure
from sop.vocabulary import CLOSED, vocabulary
from tests.browser.looks.looked import OVER, UNFOLD
from tests.browser.served import Served
from tests.browser.window import NARROW, WIDE, Desk

LINK = "https://www.lapor.go.id/laporan/detil/bantuan-sosial-tidak-tersalurkan-123456789"
WIDTHS = (WIDE, {"width": 1024, "height": 900}, NARROW)
BLANKS_TYPED = {
    "title": "W" * 200,
    "story": "Z" * 3000,
    "asks": "L" * 500,
    "medium_ref": LINK[:80],
    "event_date": "T" * 80,
    "event_place": "Q" * 200,
    "accused": "K" * 200,
    "loss": "R" * 200,
    "evidence": "B" * 300,
}
PERSON = {
    "name": "M" * 120,
    "birth": "N" * 120,
    "age": "U" * 20,
    "job": "P" * 80,
    "relation": "H" * 120,
    "group": "G" * 80,
    "safe_contact": "S" * 200,
    "email": f"{'e' * 100}@x.id",
    "address": "J" * 300,
    "phone": "0" * 60,
    "nik": "9" * 60,
}
WHO = {
    "raise": "petugas",
    "dispose": "kadis",
    "handle": "bidang.rehsos",
    "submit": "bidang.rehsos",
    "approve": "kadis",
    "deliver": "petugas",
}
LISTS = ("/pengaduan/", "/disposisi/", "/asesmen/", "/nota-dinas/", "/berita-acara/", "/dokumen/", "/riwayat/")
ASKED = ("/", *LISTS, *(f"{one}?search={'a' * 100}" for one in LISTS), f"/riwayat/?flt3_3={'a' * 200}")
OWN = {
    "petugas": ("/pengaduan/tercatat/{raise}/",),
    "kadis": (
        "/meja/dispose/",
        "/meja/approve/",
        "/meja/approve/daftar/",
        "/disposisi/new/",
        "/pengaduan/langkah/dispose/?id={dispose}&id={approve}",
    ),
    "bidang.rehsos": (),
    "pengawas": (),
}

THIN = """() => [...document.querySelectorAll('.list th[scope=col]')].filter((e) => e.checkVisibility()
  && e.innerText.length > 3 && e.getBoundingClientRect().width < 70).map((e) => `thin: ${e.innerText}`)"""


@pytest.fixture(scope="module")
def long(panel: Served) -> dict[str, int]:
    """By state, a case of long words that stands there: each state of the main line, and the end."""
    with panel.its_database():
        return {state: brought(state, n) for n, state in enumerate((*current_procedure().awaited, CLOSED))}


def brought(state: str, n: int) -> int:
    people = {u.username: u for u in User.select()}
    data = {
        **BLANKS_TYPED,
        "medium": Medium.get(code="loket").id,
        "emergency": True,
        "book_number": f"{'A' * 58}{n}",
        "category": Category.get(code="bansos_tidak_terima").id,
    }
    persons, pieces = {"pengadu": PERSON, "yang_bersangkutan": PERSON}, [outside("F" * 160, "D" * 200)]
    done = intake.receive(
        by=people["petugas"], data=data, persons=persons, pieces=pieces, opened_at=now() - timedelta(minutes=3)
    )
    assert not done.refused, done.refused
    while (awaited := Complaint.get_by_id(done.done[0]).state) != state:
        number = f"{'A' * 55}{n}{awaited[:4]}" if vocabulary().transitions[awaited].series else ""
        moved = workflow.advance(
            done.done, awaited, by=people[WHO[awaited]], book_number=number, blanks=written(awaited)
        )
        assert not moved.refused, moved.refused
    return done.done[0]


def written(key: str) -> dict[str, Any]:
    """A long word in each text of an act; where something is to be picked, the second: the first has no remarks."""
    model = record_of(vocabulary().transitions[key])
    blanks = model.blanks() if model else []
    texts = {
        f.name: "Y" * (getattr(f, "max_length", None) or 600)
        for f in blanks
        if type(f) in (pw.CharField, pw.TextField) and not f.choices
    }
    return texts | {f.name: f.choices[1][0] for f in blanks if f.choices and f.name not in ("urgency", "secrecy")}


@pytest.mark.nightly(username=["pengawas", "bidang.rehsos", "kadis"])  # by day who writes and reads most
@pytest.mark.parametrize("username", OWN)
def test_no_page_is_wider_than_its_window(desk: Desk, long: dict[str, int], username: str) -> None:
    desk.sign_in(username)
    steps = [f"/pengaduan/langkah/{key}/?id={long[key]}" for key, who in WHO.items() if who == username]
    pages = [
        *ASKED,
        *(one.format(**long) for one in OWN[username]),
        *steps,
        *(f"/pengaduan/details/?id={one}" for one in long.values()),
    ]
    wrong = {address: over for address in pages if (over := too_wide(desk, address))}
    assert not wrong, "\n".join(f"{address[:60]} {over}" for address, over in wrong.items())


def too_wide(desk: Desk, address: str) -> list[Any]:
    """At which widths, by how many pixels and with what a page is too wide, folded and unfolded; which columns of a
    table are too thin for words."""
    desk.page.set_viewport_size(WIDE)
    answer = desk.open(address)
    found = [] if answer is not None and answer.status in (200, 404) else [answer and answer.status]
    for unfold in ("() => 0", UNFOLD):
        desk.page.evaluate(unfold)
        for size in WIDTHS:
            desk.page.set_viewport_size(size)
            over, what = desk.page.evaluate(OVER)
            found += [(size["width"], over, what)] if over > 0 else []
            found += desk.page.evaluate(THIN)
    return found
