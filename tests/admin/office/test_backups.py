"""Cadangan for the administrator: what was tried, how old the last good one is, and the key on paper for the safe."""

import json
import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from admin.office import backups, checklist
from models.complaint.event import Event, bodies
from models.office.people import today
from models.office.settings import BACKUP, BACKUP_PLACE, store_setting
from models.operations import archive as keys
from models.operations import backup_location as bound
from models.operations.backup_location import ArchiveFolder
from models.operations.backup_making import program_archive_name
from models.release import version
from models.store import installation
from models.store.backups import Backup, record_missing_archives
from models.store.base import now
from models.store.installation import last_installation
from sop.words import format_date, format_long_moment, format_short_date
from tests.admin.doors import words
from tests.admin.forms import save
from tests.admin.office.test_settings import new
from tests.office import PASSWORD
from tests.papers.reading import said

SHEET, DECISION = "/cadangan/lembar-kunci.pdf", "/cadangan/kedudukan"


def tried(*, hours: float, fault: str = "", lacking: tuple[str, ...] = (), place: str = "/mnt/lain") -> Backup:
    at = now() - timedelta(hours=hours)
    return Backup.create(at=at, name="panel-x.cadangan", place=place, size=5_000, fault=fault, lacking=lacking)


def seen_by(visitor) -> str:
    """The installation on which the page asks to decide."""
    return "".join(re.findall(r'name="seen" value="([^"]*)"', visitor.get("/cadangan/").text)[:1])


def decide(visitor, choice: str, seen: str | None = None, password: str = PASSWORD) -> str:
    """What the page says after a choice was sent, as it stands now or as it stood when the page was opened."""
    seen = seen_by(visitor) if seen is None else seen
    answer = visitor.post(DECISION, choice=choice, password=password, seen=seen)
    assert answer.status_code == 303
    return visitor.text("/cadangan/")


def item_of(panel) -> checklist.Item:
    with panel.test_request_context():
        return next(item for item in checklist.checklist_items() if item.title == "Cadangan")


def test_a_note_about_backups_that_nobody_typed_stands_without_a_bracket(panel, office):
    store_setting(BACKUP, "Data contoh tidak dicadangkan", today())
    assert item_of(panel).summary == "Data contoh tidak dicadangkan"


def test_the_list_says_which_tries_succeeded_and_why_the_others_failed(at, office):
    tried(hours=30, lacking=("ab/cd",))
    tried(hours=3, fault="Folder cadangan /mnt/lain tidak ada.")
    text = at("admin").text("/cadangan/")
    assert "Teruji 1 berkas sudah hilang sebelumnya" in text
    assert "Gagal Folder cadangan /mnt/lain tidak ada." in text


def test_only_the_administrator_opens_the_page(at, office):
    for who in ("petugas", "kadis", "bidang.rehsos", "pengawas"):
        assert at(who).get("/cadangan/").status_code == 403
        assert at(who).post(SHEET, password=PASSWORD).status_code == 403
    assert not (office.path.parent / keys.FILE).exists()


def test_the_sheet_bears_the_key_and_the_history_says_who_had_it_printed(at, office):
    answer = at("admin").post(SHEET, password=PASSWORD)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert "no-store" in answer.headers["Cache-Control"]
    key = keys.key_from(office.path.parent)
    words = said(answer.data)
    assert [group for group in keys.key_groups(key) if group not in words] == []
    assert keys.key_fingerprint(key) in words
    assert f"PanelPengaduanversi{version()}denganbasisdataSQLite" in words
    assert "panelrestore" in words
    assert "".join(program_archive_name().split("-")) in words.replace("-", "")
    assert "flask" not in words
    last = Event.select().order_by(Event.id.desc()).first()
    assert bodies([last], {})[last.id]["what"] == f"mencetak Lembar Kunci Cadangan bertanda {keys.key_fingerprint(key)}"
    assert last.who.startswith("Yusuf Maulana")


def test_without_the_own_password_no_sheet_is_printed(at, office):
    visitor = at("admin")
    for typed in ("", "salah sama sekali"):
        answer = visitor.post(SHEET, password=typed)
        assert (answer.status_code, answer.location) == (303, "/cadangan/")
    assert "Kata sandi Anda tidak cocok. Lembar Kunci Cadangan tidak dicetak." in visitor.text("/cadangan/")
    assert Event.select().count() == 0


def test_the_sheet_is_stored_nowhere(at, office):
    before = {path for path in office.path.parent.rglob("*") if path.is_file()}
    assert at("admin").post(SHEET, password=PASSWORD).mimetype == "application/pdf"
    left = {path.name for path in office.path.parent.rglob("*") if path.is_file() and path not in before}
    assert left <= {keys.FILE, "panel.key", "panel.sqlite-wal", "panel.sqlite-shm"}


@pytest.mark.parametrize(
    ("hours", "summary", "late"),
    [
        (None, "Belum ada cadangan yang teruji.", ["Cadangan yang teruji belum ada"]),
        (0.5, "Cadangan terakhir yang teruji dibuat kurang dari sejam yang lalu.", []),
        (5, "Cadangan terakhir yang teruji dibuat 5 jam yang lalu.", []),
        (26.5, "Cadangan terakhir yang teruji dibuat 26 jam yang lalu.", ["Cadangan terakhir sudah 26 jam yang lalu"]),
        (73, "Cadangan terakhir yang teruji dibuat 3 hari yang lalu.", ["Cadangan terakhir sudah 3 hari yang lalu"]),
    ],
)
def test_the_start_page_says_how_old_the_last_good_one_is(at, panel, office, hours, summary, late):
    store_setting(BACKUP_PLACE, "/mnt/lain", today())
    store_setting(BACKUP, "Lembar kunci di lemari besi", today())
    if hours is not None:
        tried(hours=hours)
    tried(hours=1, fault="Folder cadangan /mnt/lain tidak ada.")
    item = item_of(panel)
    assert (item.summary, [words for words, _ in item.lacking]) == (summary, late)
    assert summary in at("admin").text("/")


def test_without_a_place_the_checklist_asks_for_one(at, panel, office):
    assert [words for words, _ in item_of(panel).lacking] == ["Tempat cadangan", "Cadangan data"]
    assert new(BACKUP_PLACE) in at("admin").get("/").text


@pytest.mark.parametrize("place", ["cadangan", "ftp://server/x", "s3://kunci:rahasia@ember/x"])
def test_a_place_that_will_not_do_is_refused_with_a_sentence(at, office, place):
    answer = save(at("admin"), new(BACKUP_PLACE), value=place, valid_from=str(today()))
    assert answer.status_code == 200
    assert "Tempat cadangan ditulis lengkap" in answer.text or "Kata sandi tidak ditulis" in answer.text


def test_the_folder_of_the_panel_is_refused_and_another_disk_is_stored(at, office):
    visitor = at("admin")
    inside = save(visitor, new(BACKUP_PLACE), value=str(office.path.parent / "x"), valid_from=str(today()))
    assert "tidak boleh di dalam folder data panel" in inside.text
    assert save(visitor, new(BACKUP_PLACE), value="/mnt/lain", valid_from=str(today())).status_code == 303
    assert save(visitor, new(BACKUP_PLACE), value="", valid_from=str(today())).status_code == 303


def test_a_missing_folder_and_a_past_day_are_stored_with_a_warning(at, office, tmp_path_factory):
    visitor, yesterday = at("admin"), str(today() - timedelta(days=1))

    def answer_to(place: str, since: str = str(today())) -> str:
        answer = save(visitor, new(BACKUP_PLACE), value=place, valid_from=since)
        assert answer.status_code == 303
        return words(visitor.get(answer.location).text)

    absent = answer_to("/tidak/ada")
    assert "Folder cadangan /tidak/ada tidak ada. Buat foldernya, atau periksa apakah diskanya terpasang." in absent
    assert "Tempat cadangan telah disimpan." in absent
    for place in (str(tmp_path_factory.mktemp("lain")), "sftp://cadangan.example/panel", ""):
        assert "Perhatian" not in answer_to(place)
    assert f"berlaku sejak {format_date(today())}" in answer_to("sftp://lain.example/panel", yesterday)


@pytest.fixture
def copy(office):
    """The panel was brought back from a backup, and its role is not decided yet."""
    installation.mark_as(office.path.parent, installation.RESTORED)
    yield office.path.parent
    (office.path.parent / installation.STATUS_FILE).unlink(missing_ok=True)


@pytest.mark.parametrize("who", ["petugas", "kadis", "admin"])
def test_a_copy_says_on_every_page_what_it_is_until_somebody_has_decided(at, copy, who):
    text = at(who).text("/")
    assert "SALINAN, BELUM DIPUTUSKAN" in text
    assert "Cadangan dan surel berhenti sampai Pengelola Sistem memutuskan" in text
    assert ("Putuskan: menggantikan server lama, atau untuk latihan" in text) == (who == "admin")


@pytest.mark.parametrize(
    ("choice", "history_text", "word"),
    [
        ("takeover", "menyatakan server ini menggantikan server lama", ""),
        ("trial", "menyatakan server ini untuk latihan", installation.TRIAL),
    ],
)
def test_who_decides_types_his_password_and_the_history_says_so(at, office, copy, choice, history_text, word):
    visitor = at("admin")
    assert "Panel ini dipulihkan dari cadangan" in visitor.text("/cadangan/")
    assert "Belum ada yang diputuskan." in decide(visitor, choice, password="salah")
    assert installation.status(copy) == installation.RESTORED
    decide(visitor, choice)
    assert installation.status(copy) == word
    last = Event.select().order_by(Event.id.desc()).first()
    assert bodies([last], {})[last.id]["what"] == history_text
    assert ("PANEL LATIHAN" in visitor.text("/")) == bool(word)
    assert "SALINAN" not in visitor.text("/")


def test_enter_after_the_password_decides_nothing_where_there_is_a_choice(at, office, copy):
    page = at("admin").get("/cadangan/").text
    form = page[page.index(DECISION) :].partition("</form>")[0]
    assert form.count('name="choice"') == form.count("required") - 1 == 2  # each must be chosen, and the password typed
    assert "checked" not in form
    assert form.count("<button") == 1
    assert "Pilih salah satu. Belum ada yang diputuskan." in decide(at("admin"), "")
    assert installation.status(copy) == installation.RESTORED


def test_nothing_is_decided_where_nothing_is_open_nor_by_anybody_else(at, office, copy):
    assert at("petugas").post(DECISION, choice="takeover", password=PASSWORD).status_code == 403
    assert at("admin").post(DECISION, choice="sesuatu", password=PASSWORD).status_code == 400
    (copy / installation.STATUS_FILE).unlink()
    for choice in ("takeover", "trial"):
        assert "Sudah diputuskan: server ini panel kantor." in decide(at("admin"), choice, seen="")
    assert (installation.status(copy), Event.select().count()) == ("", 0)


@pytest.mark.parametrize("second", ["takeover", "trial"])
def test_what_a_second_tab_sends_after_a_decision_is_answered_by_what_stands(at, copy, second):
    visitor = at("admin")
    seen = seen_by(visitor)
    decide(visitor, "takeover", seen)
    said = decide(visitor, second, seen)
    stands = f"Sudah diputuskan: sejak {format_long_moment(last_installation().at)} server ini panel kantor."
    assert stands in said
    assert "Berhasil" not in said
    assert (installation.status(copy), Event.select().count()) == ("", 1)


def test_of_two_choices_sent_at_once_one_counts_and_the_other_reads_what_was_decided(at, copy):
    two = [at("admin"), at("admin")]
    seen = seen_by(two[0])
    sent = [
        {"csrf_token": one.token(), "choice": choice, "password": PASSWORD, "seen": seen}
        for one, choice in zip(two, ("takeover", "trial"), strict=True)
    ]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one, fields: one.client.post(DECISION, data=fields), two, sent))
    said = [one.text("/cadangan/") for one in two]
    assert sorted(("Berhasil" in text, "Sudah diputuskan" in text) for text in said) == [(False, True), (True, False)]
    assert Event.select().count() == 1
    assert last_installation().id == int(seen or 0) + 1


def test_a_panel_for_practice_may_become_the_office_s(at, copy):
    visitor = at("admin")
    assert "Jadikan panel kantor" in decide(visitor, "trial")
    assert "Sudah diputuskan" in decide(visitor, "trial")
    assert "Server ini sekarang panel kantor" in decide(visitor, "takeover")
    assert installation.status(copy) == ""


def test_a_takeover_by_mistake_is_taken_back_for_a_month(at, copy, monkeypatch):
    installation.check_installation(copy, now())
    visitor = at("admin")
    said = decide(visitor, "takeover")
    assert "Bila itu keliru dan server lain yang tetap dipakai, nyatakan server ini untuk latihan" in said
    assert "Menggantikan server lama" not in said.partition("Keliru menjadi panel kantor?")[2]
    with monkeypatch.context() as later:
        later.setattr(backups, "now", lambda: now() + timedelta(days=31))
        assert "Keliru menjadi panel kantor?" not in visitor.text("/cadangan/")
    assert "Server ini sekarang untuk latihan" in decide(visitor, "trial")
    assert installation.status(copy) == installation.TRIAL


@pytest.mark.parametrize("choice", ["takeover", "trial"])
def test_where_the_decision_cannot_be_written_nothing_changes_and_the_history_is_silent(at, copy, choice):
    (copy / f"{installation.STATUS_FILE}.baru").mkdir()
    visitor, last = at("admin"), last_installation()
    said = decide(visitor, choice)
    (copy / f"{installation.STATUS_FILE}.baru").rmdir()
    assert "Folder data panel tidak dapat ditulisi" in said
    assert [word for word in ("Errno", ".baru", "Is a directory", "Berhasil") if word in said] == []
    assert (installation.status(copy), last_installation(), Event.select().count()) == (
        installation.RESTORED,
        last,
        0,
    )


@pytest.fixture
def taken(office, tmp_path) -> ArchiveFolder:
    """The place of backups bears the mark of another server, as the last try has found."""
    installation.check_installation(office.path.parent, now() - timedelta(hours=2))
    place = ArchiveFolder(str(tmp_path / "lain"))
    Path(place.url).mkdir()
    store_setting(BACKUP_PLACE, place.url, today())
    lies = Path(place.url) / bound.BOUND_FILE.format(keys.key_fingerprint(keys.key_from(office.path.parent)))
    lies.write_text(json.dumps({"id": "other", "machine": "another", "since": now().isoformat()}))
    tried(hours=1, fault=bound.OTHERS.format(place=place.url, since="01-11-2026 01.00"), place=place.url)
    return place


def test_a_place_that_another_server_has_taken_is_taken_back_from_the_page(at, office, taken):
    key, visitor = keys.key_from(office.path.parent), at("admin")
    before = visitor.text("/cadangan/")
    assert "Hanya satu server yang boleh menyimpan cadangannya di sana" in before
    assert before.count(bound.TAKE_BACK) == 2  # in the fault, and as a choice
    assert "Menggantikan server lama" not in before
    with pytest.raises(ValueError, match="dipakai server lain sejak"):
        bound.claim(taken, key, "", now())
    after = decide(visitor, "takeover")
    assert "Server ini panel kantor, dan mengambil alih tempat cadangan itu" in after
    assert "Hanya satu server yang boleh" not in after
    bound.claim(taken, key, "", now())
    assert bound.holder_of(taken, key).mark == last_installation().mark


def test_the_start_page_says_at_once_that_the_place_is_another_servers(at, office, taken):
    tried(hours=0.6, place=taken.url)
    tried(hours=0.5, fault=bound.OTHERS.format(place=taken.url, since="01-11-2026 01.00"), place=taken.url)
    said = at("admin").text("/")
    assert f"Tempat cadangan {taken.url} dipakai server lain sejak 01-11-2026 01.00" in said
    assert "kurang dari sejam yang lalu" not in said


def test_a_place_that_cannot_be_read_is_explained_and_nothing_is_decided(at, taken):
    lies = Path(next(Path(taken.url).glob("*.pemasangan")))
    lies.unlink()
    lies.mkdir()
    said = decide(at("admin"), "takeover")
    assert "Tempat cadangan tidak dapat dibaca: panel tidak berhak membuka foldernya" in said
    assert "Errno" not in said
    shutil.rmtree(taken.url)
    assert f"Folder cadangan {taken.url} tidak ada" in decide(at("admin"), "takeover")
    assert Event.select().count() == 0


def test_a_fault_of_another_place_asks_nothing(at, taken):
    store_setting(BACKUP_PLACE, "/mnt/lain", today())
    assert "Hanya satu server yang boleh" not in at("admin").text("/cadangan/")


def test_a_copy_without_backups_does_not_promise_one(at, copy):
    store_setting(BACKUP_PLACE, "/mnt/lain", today())
    visitor = at("admin")
    assert "Tidak ada yang dibuat sebelum diputuskan" in visitor.text("/cadangan/")
    assert "panel latihan tidak membuatnya sendiri" in decide(visitor, "trial")
    said = decide(visitor, "takeover")
    assert "beberapa menit setelah tempatnya diisi" in said
    assert "Isi Tempat cadangan" not in said


def test_the_list_marks_what_lies_in_its_place_no_more(at, office):
    tried(hours=30)
    record_missing_archives("/mnt/lain", set(), now())
    assert f"Dihapus tidak ada lagi sejak {format_short_date(now())}" in at("admin").text("/cadangan/")
