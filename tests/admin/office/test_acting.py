"""Plt. and Plh. on screen: registered with the decree's scan, seen by all who must know, in force by themselves."""

import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any

import pytest

from models.complaint.event import Event, bodies, verify
from models.office import decree
from models.office.people import Acting, DecreeScan, Division, User, today
from models.store import base
from sop.clock import WIB
from sop.words import format_span
from tests.admin.doors import words
from tests.admin.forms import form_on, save, scan, send
from tests.models.workflow.acting import registered

PATH = "/plt/new/"


def week() -> date:
    """Six days on."""
    return today() + timedelta(days=6)


def typed(office, username: str = "bidang.ppa", **changed: Any) -> dict[str, Any]:
    return {
        "kind": "Plh.",
        "user": office[username].id,
        "decree": "800/12/2026",
        "decree_date": str(today()),
        "valid_from": str(today()),
        "valid_to": str(week()),
        "scan": (BytesIO(scan()), "surat perintah.png"),
        **changed,
    }


@pytest.fixture
def clock(monkeypatch) -> Callable[[datetime], None]:
    """Turns the clock of the whole panel."""
    real, shown = base.now, {"at": base.now()}
    for module in list(sys.modules.values()):
        if getattr(module, "now", None) is real:
            monkeypatch.setattr(module, "now", lambda: shown["at"])
    return lambda moment: shown.update(at=moment)


def test_a_registration_is_seen_by_kadis_and_pengawas_and_stands_in_the_history_with_who_and_what(at, office):
    assert save(at("admin"), PATH, **typed(office)).status_code == 303
    row = Acting.get()
    assert (row.division, row.user.username, row.decree) == (None, "bidang.ppa", "800/12/2026")
    deed = f"mendaftarkan Plh. Kepala Dinas: Sri Handayani ({format_span(today(), week())}; surat perintah 800/12/2026"
    for username in ("kadis", "pengawas"):
        text = at(username).text("/")
        assert f"Selama {format_span(today(), week())} Plh. Kepala Dinas: Sri Handayani (800/12/2026)" in text
        assert f"Yusuf Maulana Pengelola Sistem {deed}" in at(username).text("/riwayat/").replace("  ", " ")
    [entry] = Event.select()
    assert (entry.user_id, entry.subject) == (office["admin"].id, f"acting:{row.id}")
    assert "Pindaian surat perintah" in bodies([entry], {})[entry.id]["touched"]
    assert verify() == (1, "")


def test_who_acts_is_seen_on_the_sop_and_the_screens_of_people_and_posts(at, office):
    registered(office, valid_from=today(), valid_to=week())
    assert f"Plh. Kepala Dinas Sri Handayani, {format_span(today(), week())} (800/12/2026)" in at("petugas").text(
        "/sop/"
    )
    assert "Plh. Kepala Dinas, Kepala UPT PPA" in at("admin").text("/pengguna/")
    assert "KEPALA DINAS Kepala Dinas Wicaksono Pradipta Plh. Sri Handayani" in at("admin").text("/jabatan/")


@pytest.mark.parametrize("username", ["admin", "pengawas", "petugas2"])
def test_neither_the_admin_himself_nor_who_has_no_account_that_acts_is_accepted(at, office, username):
    User.update(active=False).where(User.username == "petugas2").execute()
    answer = save(at("admin"), PATH, **typed(office, username))
    assert answer.status_code == 200
    assert 'class="error"' in answer.text
    assert not Acting.select().exists()


def test_two_for_one_post_on_one_day_are_refused_and_what_was_typed_stays(at, office):
    registered(office, "bidang.rehsos", valid_from=week(), valid_to=None, decree_date=today(), decree="800/9/2026")
    before = office.digest()
    answer = save(at("admin"), PATH, **typed(office))
    assert "Tanggalnya bertumpuk dengan Plh. Kepala Dinas: Bambang Hartono, sejak" in words(answer.text)
    assert form_on(answer.text).sent["decree"] == "800/12/2026"
    assert office.digest() == before
    assert save(at("admin"), PATH, **typed(office, valid_to=str(week() - timedelta(days=1)))).status_code == 303


@pytest.mark.parametrize(
    ("name", "data"),
    [("surat.png", b"<html><script>alert(1)</script>"), ("surat.exe", b"MZ" * 40), ("surat.pdf", b""), (None, None)],
)
def test_a_decree_without_a_scan_that_can_be_read_is_not_registered(at, office, name, data):
    given = typed(office)
    given["scan"] = (BytesIO(data), name) if name else None
    answer = save(at("admin"), PATH, **given)
    assert answer.status_code == 200
    assert 'id="scan-galat"' in answer.text
    assert form_on(answer.text).sent["decree"] == "800/12/2026"
    assert not Acting.select().exists()
    assert not DecreeScan.select().exists()


def test_a_scan_is_downloaded_only_by_those_who_read_the_masters(at, office, stranger):
    save(at("admin"), PATH, **typed(office))
    row = Acting.get()
    path = f"/plt/surat/?id={row.id}"
    for username in ("admin", "pengawas"):
        answer = at(username).get(path)
        assert answer.status_code == 200
        assert answer.data == decree.scan_bytes(DecreeScan.get())
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.mimetype == "image/png"
        assert path in at(username).get(f"/plt/details/?id={row.id}").text
    for username in ("kadis", "petugas", "bidang.ppa", "staf.rehsos"):
        assert at(username).get(path).status_code == 403
    assert stranger.get(path).status_code == 302
    assert at("admin").get("/plt/surat/?id=99").status_code == 404


def test_once_begun_only_the_end_is_asked_for_and_only_brought_forward(at, office):
    row = registered(office, valid_from=today(), decree_date=today(), valid_to=week())
    visitor, path = at("admin"), f"/plt/edit/?id={row.id}"
    form = form_on(visitor.get(path).text)
    assert set(form.kinds) - {"csrf_token", "version"} == {"valid_to", "scan"}
    answer = send(visitor, path, form.sent, valid_to=str(week() + timedelta(days=1)))
    assert "daftarkan surat perintah yang baru" in words(answer.text)
    assert (
        send(
            visitor,
            path,
            form.sent,
            valid_to=str(today()),
            decree="palsu",
            user=office["petugas"].id,
            valid_from="2020-01-01",
        ).status_code
        == 303
    )
    now = Acting.get_by_id(row.id)
    assert (now.valid_to, now.decree, now.user_id, now.valid_from) == (today(), row.decree, row.user_id, today())
    [entry] = Event.select()
    assert bodies([entry], {})[entry.id]["what"].startswith("memajukan akhir tugas Plh. Kepala Dinas: Sri Handayani")


def test_a_missing_scan_is_added_once_and_then_asked_for_no_more(at, office):
    row = registered(office, valid_from=today(), decree_date=today(), valid_to=week())
    visitor, path = at("admin"), f"/plt/edit/?id={row.id}"
    old = form_on(visitor.get(path).text).sent
    assert save(visitor, path, scan=(BytesIO(scan()), "surat.png")).status_code == 303
    assert DecreeScan.get().acting_id == row.id
    assert Event.select().count() == 1
    assert "scan" not in form_on(visitor.get(path).text).kinds
    assert send(visitor, path, old, valid_to=str(today())).status_code == 409


def test_what_has_ended_opens_for_reading_only(at, office):
    row = registered(
        office,
        valid_from=today() - timedelta(days=9),
        decree_date=today() - timedelta(days=9),
        valid_to=today() - timedelta(days=1),
    )
    visitor = at("admin")
    assert visitor.get(f"/plt/edit/?id={row.id}").status_code == 404
    assert visitor.get(f"/plt/details/?id={row.id}").status_code == 200
    assert f"/plt/edit/?id={row.id}" not in visitor.get("/plt/").text


def test_menu_title_and_start_page_change_at_midnight_by_themselves(at, office, clock):
    registered(office)
    office.bring(office.receive(category="kekerasan_perempuan"), "handle")
    moments = {(2, 23, 59, 59): False, (3, 0, 0, 0): True, (7, 23, 59, 59): True, (8, 0, 0, 0): False}
    for moment, acts in moments.items():
        clock(datetime(2026, 11, *moment, tzinfo=WIB))
        visitor, kadis = at("bidang.ppa"), at("kadis")  # no session lasts for days
        page = visitor.get("/").text
        assert ("Plh. Kepala Dinas" in words(page)) is acts
        assert ("Meja Persetujuan" in page) is acts
        assert ("Selama 3–7 November 2026 Plh. Kepala Dinas" in kadis.text("/")) is (moment[0] < 8)
        assert (visitor.get("/pengaduan/").text.count('name="action" value="approve"') > 0) is acts


def test_what_an_acting_official_may_not_decide_is_shown_as_waiting_for_the_holder(at, office):
    registered(office, valid_from=today(), valid_to=week())
    office.bring(office.receive(2, category="kekerasan_perempuan"), "approve")
    plain = office.receive(3)
    office.bring(plain, "approve")
    page = at("bidang.ppa").get("/").text
    assert "2 menunggu Wicaksono Pradipta (pemegang jabatan): Anda ikut menyusunnya" in words(page)
    assert page.count('name="case"') == len(plain)
    assert "menunggu Wicaksono" not in at("kadis").text("/")
    registered(office, "kadis", kind="Plt.", division=Division.get(code="PPA"), valid_from=today(), valid_to=week())
    assert "2 menunggu pejabat lain" in at("kadis").text("/")


@pytest.mark.only("sqlite")
def test_the_picker_shows_rank_and_nip_and_leaves_out_the_holder_of_the_post(at, office):
    """Also under another account of the same person; where a unit was picked, of that unit's post."""
    User.update(nip="19770724 199602 1 001", pangkat="Pembina").where(User.username == "kadis").execute()
    User.update(nip="197707241996021001").where(User.username == "petugas2").execute()
    User.update(nip="19800101 200501 2 002", pangkat="Penata").where(User.username == "bidang.ppa").execute()
    visitor, ppa = at("admin"), Division.get(code="PPA").id
    assert _offered(visitor.get(PATH).text) == {"bidang.ppa", "bidang.rehsos", "petugas", "staf.rehsos"}
    assert "Sri Handayani · Penata (III/c) · NIP 19800101 200501 2 002" in words(visitor.get(PATH).text)
    assert "Dewi Lestari · pangkat belum diisi · NIP belum diisi" in words(visitor.get(PATH).text)
    refused = save(visitor, PATH, **typed(office, division=ppa))
    assert _offered(refused.text) == {"kadis", "petugas2", "bidang.rehsos", "petugas", "staf.rehsos"}
    for username, division in (("bidang.ppa", ppa), ("kadis", ""), ("petugas2", "")):
        save(visitor, PATH, **typed(office, username, division=division))
    assert not Acting.select().exists()
    assert save(visitor, PATH, **typed(office, "kadis", division=ppa)).status_code == 303


def _offered(page: str) -> set[str]:
    ids = {str(user.id): user.username for user in User.select()}
    return {ids[key] for key in form_on(page).choices["user"] if key}
