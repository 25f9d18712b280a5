"""No lost update on any form: a stale one is refused and shows both texts, and every edit is in the history."""

from datetime import date, timedelta
from html import unescape
from typing import Any

import peewee as pw
import pytest

from admin.office import masters
from admin.office.users import UserView
from models.case.attachments import digest_of
from models.complaint import event
from models.complaint.event import Event, bodies, verify
from models.office.lists import Category, StandingTeam
from models.office.people import Acting, Division, User, today
from models.office.settings import OPTIONS, values
from models.office.shelves import Retention, ShelfPlace
from sop.words import format_date
from tests.admin.doors import words
from tests.admin.forms import edit_views, form_on, save, send
from tests.office import PASSWORD_HASH, settings_changed

EDITED = {view.noun: model for view, model, _ in (*masters.VIEWS, (UserView, User, "")) if view.can_edit}
SWITCHED = [noun for noun, model in EDITED.items() if "active" in model._meta.fields]
TEXTS = ("text", "textarea", "time", "date")  # the kinds of input that are written in, the plainest first


@pytest.fixture
def two(at, office) -> tuple[Any, Any]:
    """Two admins at their screens, and something to edit in every master."""
    User.create(username="admin2", name="Endang Kusuma", role="admin", password_hash=PASSWORD_HASH)
    Acting.create(
        kind="Plh.",
        user=office["bidang.ppa"],
        decree="800/1/2026",
        decree_date=today(),
        valid_from=today() + timedelta(days=3),
        valid_to=today() + timedelta(days=9),
    )
    StandingTeam.create(category=Category.get(code="kdrt"), user=office["staf.rehsos"])
    ShelfPlace.create(code="R-01", kind="rak")
    Retention.create(code="400.9", active_years=2, inactive_years=3, fate="musnah")
    return at("admin"), at("admin2")


def written_in(form: Any) -> tuple[str, str, str]:
    """A field of a form that is written in, and two things to write there."""
    checked = ("nip", "instruction", "paper_code", "postcode")  # by rules of their own, or short
    name = next(n for kind in TEXTS for n in reversed(form.kinds) if form.kinds[n] == kind and n not in checked)
    if form.kinds[name] == "time":
        return name, "15:10", "15:20"
    if form.kinds[name] == "date":
        return name, "2031-01-02", "2031-01-03"
    return name, "Tulisan pertama", "Tulisan kedua"


def read(typed: str) -> str:
    """What was typed, as the page shows it."""
    if typed.startswith("20") and typed.count("-") == 2:
        return format_date(date.fromisoformat(typed))
    return typed.replace(":", ".") if len(typed) == 5 else typed


def label(form: Any, name: str) -> str:
    return form.labels[name].removesuffix("*").strip()


def body_of(entry: Event) -> dict[str, Any]:
    return bodies([entry], {})[entry.id]


def said(row: Any) -> str:
    """The digest of what a row says, worked out anew."""
    return digest_of({name: row.__data__.get(name) for name in row._meta.fields if name not in row.not_digested})


def test_every_edit_form_of_the_panel_is_among_those_that_are_tried(panel):
    assert {view.noun for view in edit_views(panel)} == set(EDITED)
    assert all("version" in model._meta.fields for model in EDITED.values())


@pytest.mark.parametrize("noun", EDITED)
def test_a_stale_form_is_refused_with_who_when_and_both_texts_and_can_be_saved_again(two, noun):
    first, second = two
    row = EDITED[noun].select().order_by(EDITED[noun].id).get()
    path = f"/{noun}/edit/?id={row.id}"
    mine, theirs = form_on(first.get(path).text), form_on(second.get(path).text)
    name, one, other = written_in(mine)
    assert send(first, path, mine.sent, **{name: one}).status_code == 303

    answer = send(second, path, theirs.sent, **{name: other})
    page, shown_form = words(answer.text), form_on(answer.text)
    assert answer.status_code == 409
    assert "sudah diubah oleh Yusuf Maulana (Pengelola Sistem) pada " in page
    assert shown_form.sent[name] == other
    assert other not in words(answer.text.partition("</h1>")[0])
    stored, typed = read(one), read(other)
    assert f"Isian Tersimpan sekarang Isian Anda {label(shown_form, name)} {stored} {typed}" in page
    assert answer.text.count('data-label="Tersimpan sekarang"') == 1
    assert Event.select().count() == 1

    assert send(second, path, shown_form.sent).status_code == 303
    now, entries = EDITED[noun].get_by_id(row.id), list(Event.select().order_by(Event.id))
    assert now.version == row.version + 2
    assert [(e.who, e.subject, e.version) for e in entries] == [
        (f"{who} (Pengelola Sistem)", f"{EDITED[noun]._meta.table_name}:{row.id}", row.version + n)
        for n, who in enumerate(("Yusuf Maulana", "Endang Kusuma"), 1)
    ]
    assert body_of(entries[1])["digest"] == said(now) != body_of(entries[0])["digest"]
    assert len(body_of(entries[1])["touched"]) == 1
    assert verify() == (2, "")


@pytest.mark.parametrize("noun", EDITED)
def test_an_edit_whose_entry_cannot_be_written_is_none(two, office, noun, monkeypatch):
    row = EDITED[noun].select().order_by(EDITED[noun].id).get()
    path = f"/{noun}/edit/?id={row.id}"
    form = form_on(two[0].get(path).text)
    before = office.digest()

    def fail(*_: object) -> None:
        raise pw.OperationalError("database is locked")

    monkeypatch.setattr(event, "append", fail)
    name, one, _ = written_in(form)
    assert "sedang sibuk" in words(send(two[0], path, form.sent, **{name: one}).text)
    assert office.digest() == before


@pytest.mark.parametrize("noun", SWITCHED)
def test_what_was_switched_off_is_not_switched_on_again_by_an_old_form(two, noun):
    first, second = two
    model = EDITED[noun]
    row = model.select().where(model.active).order_by(model.id).get()
    path = f"/{noun}/edit/?id={row.id}"
    old = form_on(second.get(path).text).sent
    assert save(first, path, active=None).status_code == 303
    assert body_of(Event.get())["touched"] == [str(model.active.verbose_name)]
    answer = send(second, path, old, **{written_in(form_on(second.get(path).text))[0]: "Tulisan lain"})
    assert answer.status_code == 409
    assert not model.get_by_id(row.id).active


def test_a_form_without_a_version_saves_nothing(two):
    for noun, model in EDITED.items():
        row = model.select().order_by(model.id).get()
        path = f"/{noun}/edit/?id={row.id}"
        form = form_on(two[0].get(path).text)
        name, one, _ = written_in(form)
        for version in ("", "0", "-1", "x", "9" * 30, None):
            assert send(two[0], path, form.sent, **{name: one, "version": version}).status_code == 409, noun
    assert not Event.select().exists()


@pytest.mark.parametrize("key", ["office.city", "return.days", "submit.head_only"])
def test_a_setting_sent_without_its_version_is_taken_for_an_old_one(two, key):
    path = f"/pengaturan/new/?key={key}"
    assert save(two[1], path).status_code == 303
    for version in ("", "x", None):
        answer = save(two[0], path, version=version)
        assert answer.status_code == 409, version
        assert "sudah diubah oleh" in words(answer.text)
    assert [row.version for row in settings_changed()] == [1]


@pytest.mark.parametrize("key", ["office.address", "return.days", "submit.head_only"])
@pytest.mark.parametrize("days", [0, 5], ids=["same day", "another day"])
def test_a_setting_that_was_set_meanwhile_is_set_again_only_deliberately(two, key, days):
    first, second = two
    path = f"/pengaturan/new/?key={key}"
    old = form_on(second.get(path).text).sent
    one, other = {
        "office.address": ("Jalan Satu", "Jalan Dua"),
        "return.days": ("7", "9"),
        "submit.head_only": (None, None),
    }[key]
    assert save(first, path, value=one).status_code == 303
    answer = send(second, path, old, value=other, valid_from=str(today() + timedelta(days=days)))
    assert answer.status_code == 409
    assert "Pengaturan ini sudah diubah oleh Yusuf Maulana" in words(answer.text)
    assert one is None or (one in words(answer.text) and form_on(answer.text).sent["value"] == other)
    assert Event.select().count() == 1
    assert send(second, path, form_on(answer.text).sent).status_code == 303
    assert str(values(today() + timedelta(days=days))[key]) == (other or "False")
    assert {row.key for row in settings_changed()} == {key} <= set(OPTIONS)
    assert verify() == (2, "")


def test_a_stale_draft_comes_back_with_who_did_what_and_both_texts(office, at):
    [case] = office.receive()
    office.bring([case], "handle")
    head, staff = at("bidang.rehsos"), at("staf.rehsos")
    path = f"/pengaduan/langkah/handle/?id={case}"
    form = form_on(staff.get(path).text).sent
    post = "/pengaduan/langkah/handle/"
    assert save_draft(head, path, post, facts="Fakta kepala bidang.").status_code == 303
    answer = send(staff, post, form, do="draft", facts="Fakta staf.")
    page = words(answer.text)
    assert answer.status_code == 409
    assert "telah diubah oleh Bambang Hartono (Kepala Bidang Rehabilitasi)" in page
    assert "menyimpan konsep (" in page
    assert "Fakta yang memengaruhi Fakta kepala bidang. Fakta staf." in page
    again = form_on(answer.text).sent
    assert again["facts"] == "Fakta staf."
    assert send(staff, post, again, do="draft").status_code == 303
    assert "Fakta staf." in unescape(head.get(path).text)


def test_a_draft_written_while_the_head_submits_stays_on_the_page_of_who_wrote_it(office, at):
    [case] = office.receive()
    office.bring([case], "submit")
    Acting.create(
        kind="Plh.",
        division=Division.get(code="REHSOS"),
        user=office["staf.rehsos"],
        decree="1",
        decree_date=today(),
        valid_from=today(),
    )
    staff, post = at("staf.rehsos"), "/pengaduan/langkah/submit/"
    form = form_on(staff.get(f"{post}?id={case}").text).sent
    office.do([case], "submit", subject="Hal kepala bidang")
    answer = send(staff, post, form, do="draft", subject="Hal staf")
    assert answer.status_code == 409
    assert "menaikkan Nota Dinas (" in words(answer.text)
    assert "Hal Hal kepala bidang Hal staf" in words(answer.text)
    assert form_on(answer.text).sent["subject"] == "Hal staf"


def save_draft(visitor: Any, path: str, post: str, **changed: str) -> Any:
    return send(visitor, post, form_on(visitor.get(path).text).sent, do="draft", **changed)
