"""The masters: who reads, who writes, what an edit leaves behind, and what a changed calendar moves."""

import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from markupsafe import escape

from admin.office import masters
from models.complaint.complaint import Complaint, Run
from models.complaint.event import Event, bodies
from models.office.calendar import Holiday, WorkHours, clock
from models.office.lists import Category, Medium, Reason, StandingTeam
from models.office.people import Acting, Division, Mandate, Post, today
from models.office.settings import EMBLEM, OPTIONS, Setting, values
from models.workflow import moves
from models.workflow.proof import prove_existing_rows, verified
from sop.access import PAGES
from sop.flow import current_procedure
from sop.procedure import PETUGAS
from sop.vocabulary import CLOSED, PAUSED
from tests.admin.forms import form_on, save, scan, send
from tests.office import first_norm, moment, settings_changed
from tests.papers.signers import pem_of, signer_named

NOUNS = [view.noun for view, *_ in masters.VIEWS]


@pytest.mark.parametrize("noun", NOUNS)
def test_a_master_is_read_by_admin_and_pengawas_and_written_by_the_admin(at, noun):
    """The places of the archive by the Petugas as well, who stands before the shelf."""
    readers, writers = PAGES[noun]
    assert writers - {PETUGAS} == {"admin"}
    assert readers - writers == {"pengawas"}
    for username in ("admin", "pengawas", "petugas", "kadis", "bidang.rehsos"):
        visitor = at(username)
        assert visitor.get(f"/{noun}/").status_code == (200 if username in readers else 403)
        if username not in writers:
            assert visitor.get(f"/{noun}/new/").status_code in (403, 404, 302)
            assert visitor.post(f"/{noun}/new/").status_code in (403, 404, 303)
            assert visitor.post(f"/{noun}/edit/?id=1").status_code in (403, 404)
    assert "/masuk" in at("admin").client.application.test_client().get(f"/{noun}/").location


@pytest.mark.parametrize("noun", NOUNS)
def test_nothing_is_deleted(at, noun):
    visitor = at("admin")
    assert visitor.post(f"/{noun}/delete/", id="1").status_code == 404
    assert visitor.post(f"/{noun}/action/", action="delete", rowid="1").status_code == 404


def given(office) -> dict[str, dict[str, str]]:
    """A good entry for each master."""
    unit, category = Division.get(code="PPA").id, Category.get(code="kdrt").id
    head, staff, inspector = (office[name].id for name in ("bidang.ppa", "staf.rehsos", "pengawas"))
    return {
        "unit": {"code": "BARU", "name": "Bidang Baru", "kind": "bidang", "valid_from": str(today())},
        "jabatan": {"division": unit, "title": "KEPALA UPT", "holder": head, "valid_from": str(today())},
        "plt": {
            "kind": "Plh.",
            "user": head,
            "decree": "1/2026",
            "decree_date": str(today()),
            "valid_from": str(today()),
            "scan": (BytesIO(scan()), "surat perintah.png"),
        },
        "surat-tugas": {"number": "700/1/2026", "user": inspector, "valid_from": str(today())},
        "tim-tetap": {"category": category, "user": staff, "valid_from": str(today())},
        "media": {"code": "radio", "name": "Radio", "group": "lainnya", "active": "y"},
        "kategori": {"code": "baru", "name": "Baru", "law_class": "informasi", "secrecy": "biasa", "urgency": "biasa"},
        "kelurahan": {"name": "Sukamaju", "kecamatan": "Barat", "code": "", "active": "y"},
        "alasan": {"transition": "hold", "text": "Menunggu surat", "active": "y"},
        "jam-kerja": {"weekday": "5", "opens": "08:00", "closes": "12:00", "valid_from": str(today())},
        "tempat-arsip": {"code": "R-01", "kind": "rak", "name": "Ruang arsip", "active": "y"},
        "jadwal-retensi": {
            "code": "400.9",
            "active_years": "2",
            "inactive_years": "3",
            "fate": "musnah",
            "valid_from": str(today()),
        },
        "hari-libur": {"day": "2027-03-03", "name": "Libur daerah", "kind": "libur", "active": "y"},
    }


WRITTEN = {view.noun: model for view, model, _ in masters.VIEWS if view.noun != "pengaturan"}


@pytest.mark.parametrize("noun", WRITTEN)
def test_what_the_admin_adds_and_changes_stands_in_the_history(at, office, noun):
    visitor, fields = at("admin"), given(office)[noun]
    prove_existing_rows()
    answer = visitor.post(f"/{noun}/new/", **fields)
    assert answer.status_code == 303, re.findall(r'class="error"[^>]*>([^<]*)', answer.text)
    row = WRITTEN[noun].select().order_by(WRITTEN[noun].id.desc()).get()
    events = list(Event.select().order_by(Event.id))
    assert [(e.act, e.subject, e.user_id) for e in events] == [
        ("edit", f"{WRITTEN[noun]._meta.table_name}:{row.id}", office["admin"].id)
    ]
    assert bodies(events, {})[events[0].id]["touched"]
    assert visitor.get(f"/{noun}/edit/?id={row.id}").status_code == 200
    assert verified()[1] == []


def test_a_decree_is_said_to_be_recorded_by_its_post_and_person(at, office):
    visitor = at("admin")
    visitor.post("/plt/new/", **given(office)["plt"])
    assert f"{Acting.get()} telah dicatat." in visitor.text("/plt/")
    assert str(Acting.get()).startswith("Plh. ")


def test_an_edit_names_the_fields_in_the_order_of_their_columns(at):
    Holiday.create(day=date(2027, 3, 3), name="Libur daerah")
    row = Holiday.get(name="Libur daerah")
    answer = save(at("admin"), f"/hari-libur/edit/?id={row.id}", day="2027-03-04", name="Libur kota")
    assert answer.status_code == 303
    event = Event.select().order_by(Event.id.desc()).get()
    assert bodies([event], {})[event.id]["touched"] == ["Tanggal", "Nama"]


def test_an_edit_names_the_fields_that_changed_and_no_others(at):
    visitor, medium = at("admin"), Medium.get(code="loket")
    fields = {"name": "Loket utama", "group": medium.group, "reference_label": medium.reference_label, "active": "y"}
    assert save(visitor, f"/media/edit/?id={medium.id}", **fields).status_code == 303
    event = Event.get()
    assert bodies([event], {})[event.id]["touched"] == ["Media"]
    save(visitor, f"/media/edit/?id={medium.id}", **fields)
    assert Event.select().count() == 1


def test_a_code_is_set_once_and_stays(at):
    unit = Division.get(code="PPA")
    visitor = at("admin")
    assert 'name="code"' not in visitor.get(f"/unit/edit/?id={unit.id}").text
    save(visitor, f"/unit/edit/?id={unit.id}", code="LAIN", name="UPT", kind="upt", paper_code="X")
    assert Division.get_by_id(unit.id).code == "PPA"
    assert Division.get_by_id(unit.id).name == "UPT"


CODED = [("unit", "code"), ("unit", "paper_code"), ("media", "code"), ("kategori", "code")]


@pytest.mark.parametrize(("noun", "field"), CODED)
def test_what_is_no_code_is_refused_with_what_a_right_one_looks_like(at, office, noun, field):
    visitor, before = at("admin"), WRITTEN[noun].select().count()
    for code in (".403", "403.", "4..03", "40 3", "35/403"):
        answer = visitor.post(f"/{noun}/new/", **{**given(office)[noun], field: code})
        assert f"“{code}” bukan kode yang benar. Tulis huruf dan angka" in answer.text
        assert form_on(answer.text).sent[field] == code
    assert WRITTEN[noun].select().count() == before
    assert visitor.post(f"/{noun}/new/", **{**given(office)[noun], field: "35.73-B"}).status_code == 303


@pytest.mark.parametrize(("noun", "field"), [("jabatan", "holder"), ("plt", "user"), ("tim-tetap", "user")])
@pytest.mark.parametrize("username", ["admin", "pengawas"])
def test_neither_admin_nor_pengawas_gets_into_the_cases_by_a_master(at, office, noun, field, username):
    answer = at("admin").post(f"/{noun}/new/", **{**given(office)[noun], field: office[username].id})
    assert answer.status_code == 200
    assert 'class="error"' in answer.text
    counts = (Post, Acting, StandingTeam)
    assert not [m for m in counts if "user" in m._meta.fields and m.select().where(m.user == office[username]).exists()]
    assert not Post.select().where(Post.holder == office[username]).exists()


def test_a_surat_tugas_is_for_a_pengawas_only(at, office):
    before = Mandate.select().count()
    answer = at("admin").post("/surat-tugas/new/", **{**given(office)["surat-tugas"], "user": office["petugas"].id})
    assert answer.status_code == 200
    assert 'class="error"' in answer.text
    assert Mandate.select().count() == before


def test_an_end_before_the_beginning_is_refused_at_its_field(at, office):
    answer = at("admin").post("/plt/new/", **given(office)["plt"], valid_to="2020-01-01")
    assert "Tidak boleh sebelum tanggal mulai berlaku." in answer.text
    assert not Acting.select().exists()


@pytest.mark.parametrize("noun", ["tim-tetap", "jam-kerja", "surat-tugas", "jabatan", "unit"])
def test_what_is_in_force_from_a_day_on_is_offered_from_today(at, noun):
    assert re.search(f'<input[^>]*name="valid_from"[^>]*value="{today()}"', at("admin").get(f"/{noun}/new/").text)


def test_masters_stand_in_an_order_that_people_look_them_up_in(at):
    admin, year = at("admin"), today().year
    days = re.findall(r"\d{4}", " ".join(heads(admin.get("/hari-libur/?page_size=200").text)))
    assert days == sorted(days, key=lambda day: (int(day) < year, day))
    assert "Kepala Dinas" in admin.text("/jabatan/").partition("Sekretariat")[0]
    kinds = heads(admin.get("/kategori/?page_size=200").text)
    first = Category.get(name=kinds[0])
    assert first.parent_id is None
    assert Category.get(name=kinds[1]).parent_id in (first.id, None)


def heads(page):
    return [name.strip() for name in re.findall(r'<th scope="?row"?>(?:<a[^>]*>)?([^<]+)', page)]


def test_rights_by_decree_begin_today_unless_a_day_is_given(at):
    assert f'value="{today()}"' in at("admin").get("/plt/new/").text


def test_a_group_of_categories_is_no_category_of_its_own_group(at):
    group = Category.get(Category.parent.is_null() & ~Category.active)
    fields = {"name": "Lingkaran", "parent": group.id, "law_class": "informasi", "secrecy": "biasa", "urgency": "biasa"}
    answer = save(at("admin"), f"/kategori/edit/?id={group.id}", **fields)
    assert "kelompok bagi dirinya sendiri" in answer.text
    assert Category.get_by_id(group.id).name == group.name


def test_a_reason_belongs_to_a_step_that_asks_for_one(at):
    page = at("admin").get("/alasan/new/").text
    assert all(f'value="{row.transition}"' in page for row in Reason.select())
    assert 'value="raise"' not in page
    assert 'value="approve"' not in page


# The calendar


def dues(ids):
    return {
        c.id: (c.row_due_at, c.legal_due_at, c.answer_due_at) for c in Complaint.select().where(Complaint.id.in_(ids))
    }


def test_a_new_holiday_moves_the_due_times_of_open_complaints_only(at, office):
    half = first_norm() / 2  # on this side of Monday's end; the other half is left for the next day
    office.at = moment("16.00") - half
    [first] = office.receive(at=office.at)
    [ended] = office.receive(at=moment("09.00"))
    office.bring([ended], CLOSED)
    before = dues([first, ended])
    assert before[first][0] == moment("sel 07.30") + half
    answer = at("admin").post("/hari-libur/new/", day="2026-10-06", name="Libur daerah", kind="libur", active="y")
    assert answer.status_code == 303
    after = dues([first, ended])
    assert after[first][0] == moment("rab 07.30") + half
    assert after[first][1] == clock().legal_due(moment("16.00") - half, 14) > before[first][1]
    assert after[ended] == before[ended]
    assert Run.get((Run.complaint == first) & Run.ended_at.is_null()).due_at == moment("rab 07.30") + half


def test_a_holiday_that_is_withdrawn_is_a_working_day_again(at, office):
    [first] = office.receive(at=moment("15.30"))
    before = dues([first])
    at("admin").post("/hari-libur/new/", day="2026-10-06", name="Libur daerah", kind="libur", active="y")
    wrong = Holiday.get(Holiday.day == date(2026, 10, 6))
    assert dues([first]) != before
    save(at("admin"), f"/hari-libur/edit/?id={wrong.id}", active=None)
    assert dues([first]) == before


def test_shorter_hours_move_due_times_and_what_was_given_back_stays_given_back(at, office):
    """Begun at Mon 15.00, on hold from 15.10 until Tue 09.00: the norm and 140 minutes of working time on hold."""
    due = moment("sel 09.00") + first_norm() - timedelta(minutes=10)
    [case] = office.receive(at=moment("15.00"))
    office.do([case], "hold", at=moment("15.10"))
    office.do([case], "resume", at=moment("sel 09.00"))
    assert Complaint.get_by_id(case).row_due_at == due
    monday = WorkHours.get((WorkHours.weekday == 0) & WorkHours.valid_to.is_null())
    answer = save(at("admin"), f"/jam-kerja/edit/?id={monday.id}", closes="15:30")
    assert answer.status_code == 303
    assert Complaint.get_by_id(case).row_due_at == due
    tuesday = WorkHours.get((WorkHours.weekday == 1) & WorkHours.valid_to.is_null())
    save(at("admin"), f"/jam-kerja/edit/?id={tuesday.id}", closes=f"{due - timedelta(minutes=5):%H:%M}")
    assert Complaint.get_by_id(case).row_due_at == moment("rab 07.35")


def test_recomputing_without_a_change_changes_nothing(panel, office):
    for state in (*current_procedure().awaited, PAUSED):
        office.bring(office.receive(), state)
    [reopened] = office.receive()
    office.bring([reopened], CLOSED)
    office.do([reopened], "reopen", at=office.at + timedelta(days=9))
    before = office.digest()
    assert moves.recompute(office.at) == 0
    assert office.digest() == before


def test_a_complaint_on_hold_has_no_due_time_before_or_after(at, office):
    [case] = office.receive()
    office.do([case], "hold")
    at("admin").post("/hari-libur/new/", day="2026-10-06", name="Libur daerah", kind="libur", active="y")
    assert Holiday.select().where(Holiday.name == "Libur daerah").exists()
    assert Complaint.get_by_id(case).row_due_at is None


@pytest.mark.parametrize("waiting", [True, False])
def test_a_calendar_without_working_days_is_refused_whole(at, office, waiting):
    if waiting:
        office.receive()
    WorkHours.delete().where(WorkHours.weekday != 0).execute()
    last = WorkHours.get((WorkHours.weekday == 0) & WorkHours.valid_to.is_null())
    before = office.digest()
    answer = save(at("admin"), f"/jam-kerja/edit/?id={last.id}", valid_to="2020-12-31")
    assert answer.status_code == 200
    assert "Tidak ada yang disimpan." in answer.text
    assert office.digest() == before


def test_closing_before_opening_is_refused_at_its_field(at):
    fields = {"weekday": "0", "opens": "16:00", "closes": "08:00", "valid_from": str(today())}
    assert "Harus sesudah jam buka." in at("admin").post("/jam-kerja/new/", **fields).text


# The settings


@pytest.mark.slow("opens and saves every setting there is")
def test_every_setting_can_be_opened_and_saved_as_it_is(at, unprinted):
    visitor = at("admin")
    of_their_own = {
        "emergency.units": "PPA 0341 000 111",
        "backup.place": "/mnt/cadangan",
        "mail.sender": "panel@dinas.example",
        "paper.code_address": "https://panel.dinas.example/periksa/",
        "signature.issuers": pem_of(signer_named("Penerbit Contoh")),
    }
    for key, value in values().items():
        page = visitor.get(f"/pengaturan/new/?key={key}").text
        assert escape(OPTIONS[key].label) in page
        filled_in = of_their_own.get(key, "diisi") if value == "" else str(value)
        typed = {"value": "y" if value is True else filled_in}
        chosen = {"builtin": "y"} if key == EMBLEM else typed
        path = f"/pengaturan/new/?key={key}"
        answer = save(visitor, path, valid_from=str(today()), **chosen)
        if key.startswith("legal."):  # what follows is told first
            answer = send(visitor, path, form_on(answer.text).sent, reason="diisi")
            answer = send(visitor, path, form_on(answer.text).sent)
        assert answer.status_code == 303, key
        assert type(values()[key]) is type(OPTIONS[key].default), key


def test_a_setting_is_in_force_from_its_day_and_a_second_value_of_the_day_replaces_the_first(at, unprinted):
    visitor = at("admin")
    prove_existing_rows()
    for words in ("Jalan Satu 1", "Jalan Dua 2"):
        save(visitor, "/pengaturan/new/?key=office.address", value=words, valid_from=str(today()))
    assert values()["office.address"] == "Jalan Dua 2"
    assert values(today() - timedelta(days=1))["office.address"] == ""
    assert settings_changed().count() == 1
    assert "Jalan Dua 2" in visitor.get("/pengaturan/perihal/kop/").text
    assert Event.select().count() == 2
    assert verified()[1] == []
    Setting.update(value="Jalan Tiga 3").where(Setting.key == "office.address").execute()
    assert verified()[1] == [f"Baris nomor {settings_changed().get().id} pada tabel Pengaturan telah berubah."]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("legal.berkadar", "0"),
        ("legal.berkadar", "enam"),
        ("number.register", "PGD/{urut}"),
        ("paper.size", "A5"),
        ("office.name", "  "),
        ("office.unit_code", "x" * 500),
    ],
)
def test_a_setting_that_would_break_the_papers_is_refused_at_its_field(at, key, value):
    answer = save(at("admin"), f"/pengaturan/new/?key={key}", value=value, valid_from=str(today()))
    assert answer.status_code == 200
    assert 'class="error"' in answer.text
    assert not settings_changed().exists()


@pytest.mark.parametrize("key", ["", "site.demo", "lain", "office.name&key=x"])
def test_only_named_settings_are_set(at, key):
    answer = at("admin").post(f"/pengaturan/new/?key={key}", value="x", valid_from=str(today()))
    assert (answer.status_code, answer.location) in ((303, "/pengaturan/"), (409, None))
    assert not Setting.select().where(Setting.key.not_in(list(OPTIONS))).exists()


def test_the_panel_s_own_marks_are_no_settings(at):
    Setting.create(key="site.other", value=True, valid_from=date(2020, 1, 1))
    assert "site.other" not in at("admin").page("/pengaturan/")
