"""A legal limit is changed knowingly: what follows is told first, a reason is recorded, a past day is asked about."""

from datetime import timedelta
from html import unescape

import pytest

from models.complaint.complaint import Complaint
from models.complaint.event import Event, bodies
from models.office.calendar import WorkHours
from models.office.people import today
from models.office.settings import LAW_CLASSES, OPTIONS, store_setting, values
from models.store.base import now
from models.workflow.moves import effect_of_limit, recompute
from tests.admin.forms import form_on, save, send
from tests.office import settings_changed

LIMITS = [key for key in OPTIONS if key.startswith("legal.")]
WHY = "Keputusan Kepala Dinas 5/2026"


def new(key):
    return f"/pengaturan/new/?key={key}"


def reviewed(visitor, key, **typed):
    """The page that tells what follows."""
    return unescape(save(visitor, new(key), reason=WHY, **typed).text)


@pytest.mark.parametrize("key", LIMITS)
def test_every_legal_limit_is_stored_only_after_what_follows_was_told(at, key):
    visitor, law = at("admin"), OPTIONS[key].default
    page = reviewed(visitor, key, value=str(law + 1))
    assert "Belum disimpan" in page
    assert f"<span>{law}</span>" in page
    assert f"<strong>{law + 1}</strong>" in page
    assert not settings_changed().exists()
    assert send(visitor, new(key), form_on(page).sent).status_code == 303
    assert values()[key] == law + 1


def test_another_value_than_the_one_that_was_told_about_is_told_about_first(at):
    visitor = at("admin")
    page = reviewed(visitor, "legal.informasi", value="6")
    answer = send(visitor, new("legal.informasi"), form_on(page).sent, value="7")
    assert "<strong>7</strong>" in answer.text
    assert not settings_changed().exists()


def test_the_reason_is_asked_for_and_stands_in_the_history_and_in_the_list(at):
    visitor = at("admin")
    answer = save(visitor, new("legal.informasi"), value="6")
    assert "wajib diisi" in answer.text
    assert form_on(answer.text).sent["value"] == "6"
    send(visitor, new("legal.informasi"), form_on(reviewed(visitor, "legal.informasi", value="6")).sent)
    [edit] = Event.select()
    body = bodies([edit], {})[edit.id]
    assert body["reason"] == WHY
    assert "dari 5 menjadi 6, berlaku sejak" in body["what"]
    assert f"Alasan: {WHY}" in visitor.text("/pengaturan/?sort=2&desc=1")


def test_a_past_day_is_saved_only_with_its_own_tick_and_nothing_typed_is_lost(at):
    visitor, past = at("admin"), str(today() - timedelta(days=30))
    page = reviewed(visitor, "legal.informasi", value="6", valid_from=past)
    assert "Tanggal ini sudah lewat" in page
    again = send(visitor, new("legal.informasi"), form_on(page).sent)
    assert "Tanggalnya sudah lewat. Centang" in again.text
    sent = form_on(again.text).sent
    assert (sent["value"], sent["valid_from"], sent["reason"]) == ("6", past, WHY)
    assert not settings_changed().exists()
    assert send(visitor, new("legal.informasi"), sent, retroactive="y").status_code == 303
    assert values(today() - timedelta(days=1))["legal.informasi"] == 6
    assert "retroactive" not in form_on(reviewed(visitor, "legal.informasi", value="7")).kinds


@pytest.mark.parametrize(("value", "words"), [("50", "melebihi batas"), ("2", "jauh lebih singkat"), ("5", "")])
def test_a_limit_far_from_the_law_s_is_warned_of(at, value, words):
    page = reviewed(at("admin"), "legal.informasi", value=value)
    assert ("Perhatian." in page) == bool(words)
    assert words in page


def test_a_limit_beyond_the_calendar_is_refused_in_a_sentence(at):
    WorkHours.update(valid_to=today() + timedelta(days=90)).execute()
    page = reviewed(at("admin"), "legal.berkadar", value="300")
    assert "tidak dapat dihitung" in page
    assert not settings_changed().exists()


@pytest.mark.parametrize("law_class", LAW_CLASSES)
def test_the_number_told_is_the_number_that_moves_for_each_class(office, law_class):
    cases = office.receive(3)
    office.receive(2)
    Complaint.update(law_class=law_class).where(Complaint.id.in_(cases)).execute()
    others = "berkadar" if law_class != "berkadar" else "informasi"
    Complaint.update(law_class=others).where(Complaint.id.not_in(cases)).execute()
    recompute(now())
    key, day = f"legal.{law_class}", Complaint.get_by_id(cases[0]).recorded_at.date()
    effect = effect_of_limit(key, 30, day, now())
    store_setting(key, 30, day)
    assert effect.moved == recompute(now()) == 3
    assert effect_of_limit(key, 31, today() + timedelta(days=1), now()).moved == 0


def test_a_limit_that_holds_from_today_moves_the_cases_of_today_when_it_is_saved(at, office):
    cases = office.receive(2)
    Complaint.update(law_class="informasi", recorded_at=now()).execute()
    recompute(now())
    before = [c.legal_due_at for c in Complaint.select().where(Complaint.id.in_(cases)).order_by(Complaint.id)]
    visitor = at("admin")
    page = reviewed(visitor, "legal.informasi", value="9")
    assert "Batas 2 pengaduan yang masih terbuka ikut berubah." in page
    send(visitor, new("legal.informasi"), form_on(page).sent)
    after = [c.legal_due_at for c in Complaint.select().where(Complaint.id.in_(cases)).order_by(Complaint.id)]
    assert all(then > was for was, then in zip(before, after, strict=True))
