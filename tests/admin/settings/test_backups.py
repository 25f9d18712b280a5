"""Cadangan for the administrator: what was tried, how old the last good one is, and the key on paper for the safe."""

import json
from datetime import timedelta

import pytest

from admin.settings import checklist
from models.backup import bound
from models.backup import key as keys
from models.backup.place import ArchiveFolder
from models.backup.program import name_of_program
from models.installation import standing
from models.installation.installation import last_installation
from models.office.people import today
from models.office.settings import BACKUP, BACKUP_PLACE, keep_value
from models.release import version
from models.store.base import now
from models.tables.backup import Backup, note_gone
from models.tables.event import Event, bodies
from sop.words import format_short_date
from tests.admin.forms import save
from tests.admin.settings.test_settings import new
from tests.office import PASSWORD
from tests.papers.reading import said

SHEET, DECISION = "/cadangan/lembar-kunci.pdf", "/cadangan/kedudukan"


def tried(*, hours: float, fault: str = "", lacking: tuple[str, ...] = ()) -> Backup:
    at = now() - timedelta(hours=hours)
    return Backup.create(at=at, name="panel-x.cadangan", place="/mnt/lain", size=5_000, fault=fault, lacking=lacking)


def item_of(panel) -> checklist.Item:
    with panel.test_request_context():
        return next(item for item in checklist.checklist_items() if item.title == "Cadangan")


def test_the_list_tells_which_tries_were_good_and_why_the_others_were_not(at, office):
    tried(hours=30, lacking=("ab/cd",))
    tried(hours=3, fault="Folder cadangan /mnt/lain tidak ada.")
    text = at("admin").text("/cadangan/")
    assert "Teruji 1 berkas sudah hilang sebelumnya" in text
    assert "Gagal Folder cadangan /mnt/lain tidak ada." in text


def test_nobody_but_the_administrator_comes_in(at, office):
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
    assert [group for group in keys.in_groups(key) if group not in words] == []
    assert keys.mark_of(key) in words
    assert f"panelversi{version()}denganbasisdataSQLite" in words
    assert "panelrestore" in words
    assert name_of_program() in words
    assert "flask" not in words
    last = Event.select().order_by(Event.id.desc()).first()
    assert bodies([last], {})[last.id]["what"] == f"mencetak Lembar Kunci Cadangan bertanda {keys.mark_of(key)}"
    assert last.who.startswith("Yusuf Maulana")


def test_without_the_own_password_no_sheet_is_printed(at, office):
    visitor = at("admin")
    for typed in ("", "salah sama sekali"):
        answer = visitor.post(SHEET, password=typed)
        assert (answer.status_code, answer.location) == (303, "/cadangan/")
    assert "Kata sandi Anda tidak cocok. Lembar Kunci Cadangan tidak dicetak." in visitor.text("/cadangan/")
    assert Event.select().count() == 0


def test_the_sheet_is_kept_nowhere(at, office):
    before = {path for path in office.path.parent.rglob("*") if path.is_file()}
    at("admin").post(SHEET, password=PASSWORD)
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
def test_the_start_page_tells_how_old_the_last_good_one_is(at, panel, office, hours, summary, late):
    keep_value(BACKUP_PLACE, "/mnt/lain", today())
    keep_value(BACKUP, "Lembar kunci di lemari besi", today())
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


def test_the_folder_of_the_panel_is_refused_and_another_disk_is_kept(at, office):
    visitor = at("admin")
    inside = save(visitor, new(BACKUP_PLACE), value=str(office.path.parent / "x"), valid_from=str(today()))
    assert "tidak boleh di dalam folder data panel" in inside.text
    assert save(visitor, new(BACKUP_PLACE), value="/mnt/lain", valid_from=str(today())).status_code == 303
    assert save(visitor, new(BACKUP_PLACE), value="", valid_from=str(today())).status_code == 303


@pytest.fixture
def copy(office):
    """The panel was brought back from a backup, and nobody has decided yet."""
    standing.mark_as(office.path.parent, standing.RESTORED)
    yield office.path.parent
    (office.path.parent / standing.NAME).unlink(missing_ok=True)


@pytest.mark.parametrize("who", ["petugas", "kadis", "admin"])
def test_a_copy_says_on_every_page_what_it_is_until_somebody_has_decided(at, copy, who):
    text = at(who).text("/")
    assert "SALINAN, BELUM DIPUTUSKAN" in text
    assert "Cadangan dan surel berhenti sampai Pengelola Sistem memutuskan" in text
    assert ("Putuskan: menggantikan server lama, atau untuk latihan" in text) == (who == "admin")


@pytest.mark.parametrize(
    ("choice", "noted", "word"),
    [
        ("takeover", "menyatakan server ini menggantikan server lama", ""),
        ("trial", "menyatakan server ini untuk latihan", standing.TRIAL),
    ],
)
def test_who_decides_types_his_password_and_the_history_says_so(at, office, copy, choice, noted, word):
    visitor = at("admin")
    assert "Panel ini dipulihkan dari cadangan" in visitor.text("/cadangan/")
    assert visitor.post(DECISION, choice=choice, password="salah").status_code == 303
    assert "Belum ada yang diputuskan." in visitor.text("/cadangan/")
    assert standing.standing(copy) == standing.RESTORED
    assert visitor.post(DECISION, choice=choice, password=PASSWORD).status_code == 303
    assert standing.standing(copy) == word
    last = Event.select().order_by(Event.id.desc()).first()
    assert bodies([last], {})[last.id]["what"] == noted
    assert ("PANEL LATIHAN" in visitor.text("/")) == bool(word)
    assert "SALINAN" not in visitor.text("/")


def test_nothing_is_decided_where_nothing_is_open_nor_by_anybody_else(at, office, copy):
    assert at("petugas").post(DECISION, choice="takeover", password=PASSWORD).status_code == 403
    assert at("admin").post(DECISION, choice="sesuatu", password=PASSWORD).status_code == 400
    (copy / standing.NAME).unlink()
    for choice in ("takeover", "trial"):
        assert at("admin").post(DECISION, choice=choice, password=PASSWORD).status_code == 400
    assert standing.standing(copy) == ""


def test_a_place_that_another_server_has_taken_is_taken_back_from_the_page(at, office, tmp_path):
    place = ArchiveFolder(str(tmp_path))
    keep_value(BACKUP_PLACE, place.url, today())
    key = keys.key_from(office.path.parent)
    lies = tmp_path / bound.NAME.format(keys.mark_of(key))
    lies.write_text(json.dumps({"id": "other", "machine": "another", "since": now().isoformat()}))
    tried(hours=1, fault=bound.OTHERS.format(place=place.url, since="01-11-2026 01.00"))
    visitor = at("admin")
    assert "Hanya satu server yang boleh menyimpan cadangannya di sana" in visitor.text("/cadangan/")
    with pytest.raises(ValueError, match="dipakai server lain sejak"):
        bound.claim(place, key, "", now())
    visitor.post(DECISION, choice="takeover", password=PASSWORD)
    bound.claim(place, key, "", now())
    assert bound.holder_of(place, key).mark == last_installation().mark


def test_the_list_marks_what_lies_in_its_place_no_more(at, office):
    tried(hours=30)
    note_gone("/mnt/lain", set(), now())
    assert f"Dihapus tidak ada lagi sejak {format_short_date(now())}" in at("admin").text("/cadangan/")
