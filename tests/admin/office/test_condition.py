"""Pemeriksaan panel: what the last checks found, what to do about it, and checks at once."""

import sqlite3
import threading
from datetime import timedelta

import pytest

from admin.office import condition
from admin.server import background
from models.email import smtp
from models.email.queue import QueuedEmail
from models.office.people import User, today
from models.office.settings import BACKUP, MAIL_SENDER, store_setting
from models.operations import duties, failure_checks
from models.operations.checks import NEVER, UNKNOWN, UNSET, WELL, WRONG, Finding
from models.operations.duties import BY_NAME, DUTIES
from models.operations.failure_checks import KIND
from models.store.backups import KeySheet
from models.store.base import now
from sop.words import format_moment
from tests.patience import LONGEST

PAGE = "/pemeriksaan/"
FINE = {duty.name: Finding(WELL, "Baik.") for duty in DUTIES}


@pytest.fixture
def looking(panel, monkeypatch):
    """What each look at once finds from here on; the looker is one of this test's own."""
    found = dict(FINE)
    monkeypatch.setattr(duties, "check_duties", lambda place: found)
    monkeypatch.setitem(panel.extensions, "lookout", background.HealthCheckRunner(panel))
    return found


def found_at(at, **findings):
    duties.save_findings({**FINE, **findings}, at)


def test_before_the_first_look_the_page_says_so_and_offers_one(at, office):
    text = at("admin").text(PAGE)
    assert "Belum ada pemeriksaan." in text
    assert "Periksa sekarang" in text


def test_what_is_wrong_stands_first_with_what_to_do_where_and_since_when(at, office):
    sentence = "Sertifikat berakhir besok."
    found_at(now() - timedelta(hours=5), certificate=Finding(WRONG, sentence))
    found_at(now(), certificate=Finding(WRONG, sentence), emails=Finding(WRONG, "3 surel gagal."))
    found_at(
        now(), **{n: Finding(WRONG, sentence) for n in ("certificate", "letters")}, clock=Finding(UNKNOWN, "Entah.")
    )
    answer = at("admin").get(PAGE)
    text = at("admin").text(PAGE)
    assert "2 hal perlu ditangani" in text
    assert text.index("Surel ") < text.index("Jam server") < text.index("Cadangan teruji Baik.")
    assert BY_NAME["certificate"].cure in text
    assert f"Sejak {format_moment(duties.last_findings()['certificate'].since)}" in text
    assert 'href="/surel/"' in answer.text
    assert BY_NAME["clock"].cure not in text


def test_every_screen_that_it_leads_to_is_there(at, office):
    found_at(now(), **{duty.name: Finding(WRONG, "Buruk.") for duty in DUTIES})
    visitor = at("admin")
    with visitor.client.application.test_request_context():
        ways = {condition._remedy_link(duty.name)[0] for duty in DUTIES} - {""}
    assert len(ways) == 4
    assert {visitor.get(way).status_code for way in ways} == {200}


def test_other_roles_may_not_open_the_page(at, office):
    for who in ("petugas", "kadis", "bidang.rehsos", "pengawas"):
        assert at(who).get(PAGE).status_code == 403
        assert at(who).post(f"{PAGE}sekarang/").status_code == 403


def test_a_check_at_once_is_stored_and_reported(at, office, looking):
    store_setting(MAIL_SENDER, "panel@dinas.example", today())
    User.update(email="admin@contoh.go.id").where(User.username == "admin").execute()
    looking["disk"] = Finding(WRONG, "Hampir penuh.")
    smtp.install("smtp+plain://127.0.0.1:9")
    visitor = at("admin")
    answer = visitor.post(f"{PAGE}sekarang/")
    text = visitor.text(answer.location)
    smtp.install("")
    assert (answer.status_code, answer.location) == (303, PAGE)
    assert "Diperiksa. 1 hal perlu ditangani." in text
    assert "1 Pengelola Sistem dikabari lewat surel" in text
    assert [row.kind for row in QueuedEmail.select()] == [KIND]
    assert KeySheet.get_by_id("")  # the history was looked through for sheets of before


def test_a_look_that_fails_is_a_page_in_plain_words(at, office, looking, monkeypatch):
    monkeypatch.setattr(duties, "check_and_alert", lambda place: (_ for _ in ()).throw(sqlite3.OperationalError("x")))
    answer = at("admin").post(f"{PAGE}sekarang/")
    assert answer.status_code in (500, 503)
    assert "nomor rujukan" in answer.text


def test_a_look_that_takes_long_is_not_waited_for_and_never_begun_twice(at, office, looking, monkeypatch):
    gate, begun = threading.Event(), []

    def look(place):
        begun.append(place)
        gate.wait(LONGEST)
        return {}

    monkeypatch.setattr(duties, "check_and_alert", look)
    monkeypatch.setattr(background, "PATIENCE", 0.01)
    visitor = at("admin")
    for _ in range(3):
        visitor.post(f"{PAGE}sekarang/")
    assert "Pemeriksaan masih berjalan." in visitor.text(PAGE)
    assert len(begun) == 1
    gate.set()


def test_the_page_runs_no_check(at, office, looking, monkeypatch):
    monkeypatch.setattr(duties, "check_duties", lambda place: pytest.fail("looked"))
    found_at(now())
    assert at("admin").get(PAGE).status_code == 200
    assert at("admin").get("/").status_code == 200


def test_the_page_says_that_the_checks_have_not_run_for_hours(at, office):
    found_at(now() - timedelta(hours=4))
    assert "Sudah lama tidak ada pemeriksaan." in at("admin").text(PAGE)


@pytest.mark.parametrize(
    ("server", "words"), [("", "Surel belum diatur"), ("smtp+plain://127.0.0.1:9", "Tidak ada Pengelola")]
)
def test_where_no_email_can_be_sent_the_page_says_why(at, office, server, words):
    store_setting(MAIL_SENDER, "panel@dinas.example", today())
    smtp.install(server)
    text = at("admin").text(PAGE)
    smtp.install("")
    assert words in text


def test_only_the_start_page_of_the_pengelola_says_what_is_wrong(at, office):
    assert "perlu ditangani pada panel" not in at("admin").text("/")
    found_at(now(), disk=Finding(WRONG, "Hampir penuh."), clock=Finding(UNKNOWN, "Entah."))
    text = at("admin").text("/")
    assert "1 hal perlu ditangani pada panel" in text
    assert "Tempat penyimpanan. Hampir penuh." in text
    assert "Entah." not in text
    for who in ("petugas", "pengawas"):
        assert "Hampir penuh." not in at(who).text("/")


def test_the_heading_counts_what_is_not_set_and_what_was_never_checked(at, office):
    unset, never = Finding(UNSET, "Belum diatur."), Finding(NEVER, "Belum pernah.")
    found_at(now(), letters=unset, place=unset, chain=never, clock=Finding(UNKNOWN, "Entah."))
    text = at("admin").text(PAGE)
    assert "1 belum pernah diperiksa, 2 belum diatur, 1 tidak diperiksa panel" in text
    assert condition.ALL_CHECKED not in text
    found_at(now())
    assert condition.ALL_CHECKED in at("admin").text(PAGE)


@pytest.mark.parametrize(
    "look", [failure_checks.verified_backup, failure_checks.other_disk, failure_checks.printed_sheet]
)
def test_what_the_office_arranges_itself_is_not_called_well(panel, office, look):
    store_setting(BACKUP, "Disalin tiap Jumat", today())
    assert look(background.surroundings_of(panel.config)).state == UNKNOWN


def test_a_check_of_the_history_is_what_the_page_says_at_once(at, office):
    found_at(now(), chain=Finding(NEVER, duties.UNWALKED))
    visitor = at("admin")
    assert "belum pernah diperiksa" in visitor.text(PAGE)
    assert 'href="/riwayat/"' in visitor.get(PAGE).text
    visitor.post("/riwayat/periksa/")
    assert "Riwayat utuh pada pemeriksaan" in visitor.text(PAGE)
    assert duties.last_findings()["chain"].state == WELL


def test_who_reads_no_case_is_told_why_the_history_is_empty_and_what_he_may_see(at, office):
    visitor = at("admin")
    assert "Belum pernah diperiksa" in visitor.text("/riwayat/")
    visitor.post("/riwayat/periksa/")
    text = visitor.text("/riwayat/")
    assert "isi pengaduan bukan untuk Pengelola Sistem" in text
    assert "Utuh pada pemeriksaan" in text
    assert "bukan untuk Pengelola Sistem" not in at("kadis").text("/riwayat/")
