"""What the administrator sets going by a click: a backup in the background, a test e-mail; and what they lack."""

import threading
from pathlib import Path

import pytest

from admin.office.emails import NO_ADDRESS, OFF_SENDER, OFF_SERVER
from admin.server import background
from models.email import smtp
from models.email.message import TEST_SUBJECT
from models.office.people import User, today
from models.office.settings import BACKUP_PLACE, MAIL_SENDER, store_setting
from models.operations.backup_making import BUSY, LOCK, running_since, work_folder
from models.store.backups import Backup
from models.store.base import now
from tests.models.email.taker import Taker, taking
from tests.patience import LONGEST

NOW, PROGRESS, TRY = "/cadangan/sekarang/", "/cadangan/berjalan/", "/surel/uji/"
SENDER, TO = "panel@dinas.example", "yusuf@contoh.go.id"


@pytest.fixture
def slow_backup(panel, tmp_path, monkeypatch):
    """A place, and a backup that ends only once it is told to."""
    store_setting(BACKUP_PLACE, str(tmp_path), today())
    told, ended = threading.Event(), threading.Event()

    def made(source, place, spans):
        with work_folder(source.var):
            told.wait(LONGEST)
            row = Backup.create(at=now(), name="panel-x.cadangan", place=place, size=5_000, seconds=7)
        ended.set()
        return row

    monkeypatch.setattr(background, "make_backup", made)
    yield told, ended
    told.set()


def test_a_backup_runs_in_the_background_and_its_page_says_since_when_and_how_it_ended(at, office, slow_backup):
    told, ended = slow_backup
    visitor = at("admin")
    answer = visitor.post(NOW)
    assert (answer.status_code, answer.location) == (303, PROGRESS)
    for _ in range(2):  # also loaded anew
        assert "Cadangan sedang dibuat Berjalan sejak" in visitor.text(PROGRESS)
    assert "Lihat kemajuannya" in visitor.text("/cadangan/")
    assert "Lihat kemajuannya" in visitor.text("/pemeriksaan/")
    visitor.post(NOW)
    assert BUSY in visitor.text(PROGRESS)
    told.set()
    assert ended.wait(LONGEST)
    assert "Cadangan selesai" in visitor.text(PROGRESS)
    assert Backup.select().count() == 1


def test_without_a_place_none_begins_and_the_setting_is_one_click_away(at, office):
    visitor = at("admin")
    assert "Isi tempat cadangan" in visitor.text("/pemeriksaan/")
    assert visitor.post(NOW).status_code == 303
    assert background.NO_BACKUP_PLACE in visitor.text(PROGRESS)
    assert not Backup.select().exists()


def test_a_backup_whose_process_was_killed_is_not_running(tmp_path: Path):
    assert running_since(tmp_path) is None
    with work_folder(tmp_path):
        assert running_since(tmp_path) is not None
        with pytest.raises(ValueError, match="Pencadangan lain"), work_folder(tmp_path):
            pass
        assert running_since(tmp_path) is not None
    assert running_since(tmp_path) is None
    (tmp_path / LOCK).write_text(now().isoformat())  # left by one that was killed
    assert running_since(tmp_path) is None


def test_a_test_email_goes_to_the_own_address_and_its_fate_is_told(at, panel, office):
    visitor = at("admin")
    User.update(email=TO).where(User.username == "admin").execute()
    store_setting(MAIL_SENDER, SENDER, today())
    with taking(Taker()) as taker:
        panel.config["MAIL_URL"] = f"smtp+plain://127.0.0.1:{taker.port}"
        smtp.install(panel.config["MAIL_URL"])
        assert f"Surel menyala Surel dikirim dari {SENDER} lewat server 127.0.0.1" in visitor.text("/surel/")
        assert visitor.post(TRY).location == "/surel/"
        said = visitor.text("/surel/")
        smtp.install("")
    assert f"Surel uji kepada {TO}: {smtp.TAKEN}" in said
    assert (taker.read()["Subject"], taker.read()["To"]) == (TEST_SUBJECT, TO)


def test_what_is_lacking_for_e_mail_is_said_with_the_way_to_it(at, panel, office):
    visitor = at("admin")
    assert OFF_SERVER in visitor.text("/pemeriksaan/")
    visitor.post(TRY)
    assert OFF_SERVER in visitor.text("/surel/")
    panel.config["MAIL_URL"] = "smtp+plain://127.0.0.1:9"
    smtp.install(panel.config["MAIL_URL"])
    assert OFF_SENDER in visitor.text("/surel/")
    assert "key=mail.sender" in visitor.get("/surel/").text
    store_setting(MAIL_SENDER, SENDER, today())
    User.update(email="").where(User.username == "admin").execute()
    visitor.post(TRY)
    text = visitor.text("/surel/")
    smtp.install("")
    assert NO_ADDRESS in text


def test_other_roles_set_nothing_going(at, office):
    for who in ("petugas", "kadis", "bidang.rehsos", "pengawas"):
        for address in (NOW, TRY):
            assert at(who).post(address).status_code == 403
        assert at(who).get(PROGRESS).status_code == 403
