"""Ramadan's hours: one form, one saving, all weekdays; refused in a sentence at the field, what was typed stays."""

from datetime import date, time

import pytest

from models.complaint.event import Event
from models.office.calendar import WorkHours
from models.workflow import moves
from models.workflow.proof import broken_rows, prove_existing_rows
from sop.clock import HoursUnknown
from tests.admin.forms import form_on, save, send
from tests.models.behind import unguarded

PAGE = "/jam-kerja/ramadan/"
MONTH = {
    "valid_from": "2027-02-08",
    "valid_to": "2027-03-09",
    "opens": "08:00",
    "closes": "15:00",
    "friday_opens": "07:30",
    "friday_closes": "15:30",
}


def hours_of_ramadan() -> list[WorkHours]:
    return list(WorkHours.select().where(WorkHours.valid_to == date(2027, 3, 9)).order_by(WorkHours.weekday))


def test_one_saving_sets_the_hours_of_every_weekday_and_records_each(at, office):
    visitor = at("admin")
    assert f'href="{PAGE}"' in visitor.get("/jam-kerja/").text
    assert save(visitor, PAGE, **MONTH).status_code == 303
    assert "Jam Ramadan 8 Februari–9 Maret 2027 telah disimpan." in visitor.get("/jam-kerja/").text
    assert [row.weekday for row in hours_of_ramadan()] == [0, 1, 2, 3, 4]
    assert [row.opens for row in hours_of_ramadan()] == [time(8)] * 4 + [time(7, 30)]
    assert [row.closes for row in hours_of_ramadan()] == [time(15)] * 4 + [time(15, 30)]
    assert {row.valid_from for row in hours_of_ramadan()} == {date(2027, 2, 8)}
    assert [event.subject for event in Event.select()] == [f"work_hours:{row.id}" for row in hours_of_ramadan()]


def test_a_month_that_is_registered_is_changed_as_a_whole(at):
    """The last day is known only when the moon is seen."""
    visitor = at("admin")
    save(visitor, PAGE, **MONTH)
    assert {name: form_on(visitor.get(PAGE).text).sent[name] for name in MONTH} == MONTH
    before = [row.id for row in hours_of_ramadan()]
    assert save(visitor, PAGE, valid_to="2027-03-10", friday_opens="", friday_closes="").status_code == 303
    moved = list(WorkHours.select().where(WorkHours.valid_to == date(2027, 3, 10)).order_by(WorkHours.weekday))
    assert [row.id for row in moved] == before
    assert {row.closes for row in moved} == {time(15)}


def test_hours_changed_behind_the_panel_are_named_also_after_the_next_saving(at, office):
    visitor = at("admin")
    prove_existing_rows()
    save(visitor, PAGE, **MONTH)
    with unguarded(office.path) as raw:
        raw.execute(f"UPDATE work_hours SET closes = '23:00:00' WHERE id = {hours_of_ramadan()[0].id}")
    save(visitor, PAGE, closes="14:00")
    assert list(broken_rows()) == [f"Baris nomor {hours_of_ramadan()[0].id} pada tabel Jam kerja telah berubah."]


WRONG = [
    ("valid_from", "", "wajib diisi"),
    ("valid_from", "kemarin", "Tanggal"),
    ("valid_from", "2010-02-08", "Jam kerja biasa belum ada pada hari pertama"),
    ("valid_to", "2027-02-07", "Hari terakhir tidak boleh sebelum hari pertama."),
    ("valid_to", "2028-03-09", "paling lama 31 hari; periksa tanggal dan tahunnya"),
    ("opens", "", "wajib diisi"),
    ("opens", "pagi", "Jam tidak valid"),
    ("closes", "08:00", "Jam tutup harus sesudah jam buka."),
    ("friday_closes", "07:00", "Jam tutup harus sesudah jam buka."),
    ("friday_closes", "sore", "Jam tidak valid"),
    ("friday_opens", "pagi", "Jam tidak valid"),
    ("friday_opens", "16:00", "Jam buka harus sebelum jam tutup."),
]


@pytest.mark.parametrize(("name", "typed", "sentence"), WRONG)
def test_a_wrong_value_is_refused_at_its_field_and_the_rest_stays(at, name, typed, sentence):
    visitor, before = at("admin"), WorkHours.select().count()
    answer = save(visitor, PAGE, **{**MONTH, name: typed})
    form = form_on(answer.text)
    assert answer.status_code == 200
    assert sentence in answer.text.partition(f'id="{name}-galat"')[2].partition("</p>")[0]
    assert form.labels[name].removesuffix(" *") in answer.text.partition('role="alert"')[2].partition("</div>")[0]
    assert {one: form.sent[one] for one in MONTH} == {**MONTH, name: typed}
    assert (WorkHours.select().count(), Event.select().count()) == (before, 0)


@pytest.mark.parametrize("day", ["2027-02-19", "2027-12-24"])
def test_hours_of_one_day_are_no_month(at, day):
    """An afternoon off by a circular, within the month or after it, is neither filled in nor changed here."""
    visitor, friday = at("admin"), date.fromisoformat(day)
    WorkHours.create(weekday=4, opens=time(8), closes=time(11), valid_from=friday, valid_to=friday, version=1)
    assert form_on(visitor.get(PAGE).text).sent["valid_from"] == ""
    assert save(visitor, PAGE, **MONTH).status_code == 303
    assert form_on(visitor.get(PAGE).text).sent["valid_from"] == MONTH["valid_from"]
    assert WorkHours.select().where((WorkHours.valid_to == friday) & (WorkHours.closes == time(11))).count() == 1


PAST = {**MONTH, "valid_from": "2026-02-18", "valid_to": "2026-03-19"}


def test_a_month_that_is_over_is_registered_once(at):
    """Who registers it late finds it in the list afterwards: a second saving would double its rows."""
    visitor = at("admin")
    WorkHours.delete().where(WorkHours.valid_to.is_null(False)).execute()
    assert save(visitor, PAGE, **PAST).status_code == 303
    count = WorkHours.select().count()
    for typed in (PAST, {**PAST, "valid_from": "2026-03-19", "valid_to": "2026-04-10"}):
        answer = save(visitor, PAGE, **typed)
        error = answer.text.partition('id="valid_to-galat"')[2].partition("</p>")[0]
        assert "Jam sementara untuk 18 Februari–19 Maret 2026 sudah tercatat" in error
        assert {one: form_on(answer.text).sent[one] for one in typed} == typed
    assert WorkHours.select().count() == count


def test_who_opened_it_earlier_sees_what_was_saved_meanwhile(at):
    visitor = at("admin")
    early = form_on(visitor.get(PAGE).text).sent
    save(visitor, PAGE, **MONTH)
    answer = send(visitor, PAGE, early, **{**MONTH, "closes": "14:00"})
    assert (answer.status_code, "Jam Ramadan sudah diubah oleh Yusuf Maulana" in answer.text) == (409, True)
    assert hours_of_ramadan()[0].closes == time(15)
    assert send(visitor, PAGE, form_on(answer.text).sent).status_code == 303
    assert {row.closes for row in hours_of_ramadan()[:4]} == {time(14)}


def test_all_of_it_is_stored_or_nothing(at, office, monkeypatch):
    def fails(moment):
        raise HoursUnknown("Jam kerja belum diisi untuk tanggal ini.")

    visitor, before = at("admin"), office.digest()
    monkeypatch.setattr(moves, "recompute", fails)
    assert "Tidak ada yang disimpan." in save(visitor, PAGE, **MONTH).text
    assert office.digest() == before


def test_only_the_admin_sets_them(at):
    for username, code in (("pengawas", 404), ("petugas", 403)):
        assert at(username).get(PAGE).status_code == code
        assert at(username).post(PAGE, **MONTH).status_code == code
    assert PAGE not in at("pengawas").get("/jam-kerja/").text
