"""Everybody has a page of his own: the password, his name as printed, what he may do and for whom he acts today."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from models.complaint.event import Event
from models.office.people import Acting, User, today
from sop.access import lanes
from sop.vocabulary import vocabulary
from tests.admin.doors import Visitor, words
from tests.office import PASSWORD, PEOPLE, Office

At = Callable[[str], Visitor]
NEW = "kata sandi yang baru"


def changed(visitor: Visitor, old: str = PASSWORD, new: str = NEW, again: str = NEW) -> object:
    return visitor.post("/akun/", old=old, password=new, repeat=again)


@pytest.mark.parametrize("username", PEOPLE)
def test_everybody_reaches_it_by_his_name_and_reads_what_he_may_do(office: Office, at: At, username: str) -> None:
    visitor, (name, role, *_) = at(username), PEOPLE[username]
    assert f'<a href="/akun/"><strong>{name}</strong></a>' in visitor.get("/akun/").text
    page = visitor.text("/akun/")
    for step in vocabulary().transitions.values():
        assert step.label in page or role not in lanes(step), step.key


def test_it_says_how_the_papers_name_him_and_by_which_decree_he_acts(office: Office, at: At) -> None:
    User.update(nip="199902022020011001", pangkat="Penata").where(User.username == "bidang.ppa").execute()
    Acting.create(
        kind="Plh.",
        division=None,
        user=office["bidang.ppa"],
        decree="800/7/2026",
        decree_date=today(),
        valid_to=today(),
    )
    page = at("bidang.ppa").text("/akun/")
    assert "Jabatan Plh. Kepala Dinas Nama Sri Handayani Pangkat Penata NIP 199902022020011001" in page
    assert "surat perintah 800/7/2026" in page
    assert "Pangkat belum diisi" in at("petugas").text("/akun/")
    Acting.update(valid_from=today() - timedelta(9), valid_to=today() - timedelta(1)).execute()
    assert "surat perintah 800/7/2026" not in at("bidang.ppa").text("/akun/")


def test_a_new_password_needs_the_old_one_and_ends_the_other_sessions(office: Office, at: At, panel) -> None:
    here, there = at("petugas"), Visitor(panel)
    there.sign_in("petugas")
    sent = changed(here)
    assert sent.status_code == 303
    assert "Kata sandi telah diganti" in here.text("/akun/")
    assert there.get("/akun/").status_code == 302
    event = Event.select().order_by(Event.id.desc()).get()
    assert (event.act, event.subject) == ("edit", f"user:{office['petugas'].id}")
    assert Visitor(panel).sign_in("petugas", NEW).status_code == 303
    assert "tidak cocok" in Visitor(panel).sign_in("petugas").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"old": "bukan kata sandinya"}, "Kata sandi Anda tidak cocok."),
        ({"old": ""}, "wajib diisi"),
        ({"new": "pendek", "again": "pendek"}, "12 sampai 128"),
        ({"again": "lain sama sekali"}, "Kedua isian kata sandi tidak sama."),
    ],
)
def test_what_does_not_fit_is_said_and_changes_nothing(
    office: Office, at: At, fields: dict[str, str], sentence: str
) -> None:
    password_hash, events = User.get(username="kadis").password_hash, Event.select().count()
    answer = changed(at("kadis"), **fields)
    assert answer.status_code == 422
    assert sentence.lower() in words(answer.text).lower()
    assert (User.get(username="kadis").password_hash, Event.select().count()) == (password_hash, events)
