"""The masters that a new database starts with, and the settings with their defaults and dates."""

from datetime import date, time, timedelta

import pytest

from models import digest
from models.office import settings
from models.office.calendar import Holiday, WorkHours, clock
from models.office.lists import GROUPS, Category, Kelurahan, Medium, Reason
from models.office.people import Acting, Division, Post, heads_by_unit, post_book
from models.office.settings import OPTIONS, Setting, letterhead, values
from models.records.base import ReasonField
from models.records.registry import RECORDS
from models.workflow import holidays, masters
from sop.access import SECRECY, URGENCY
from sop.vocabulary import vocabulary
from tests.office import MONDAY

KECAMATAN = {"Blimbing": 11, "Klojen": 11, "Kedungkandang": 12, "Sukun": 11, "Lowokwaru": 12}


def test_57_kelurahan_in_five_kecamatan(office):
    counted = {name: Kelurahan.select().where(Kelurahan.kecamatan == name).count() for name in KECAMATAN}
    assert counted == KECAMATAN
    assert Kelurahan.select().count() == 57


def test_media_are_in_the_sops_groups_each_with_its_own_reference(office):
    media = list(Medium.select())
    assert {medium.group for medium in media} == set(dict(GROUPS))
    assert all(medium.reference_label for medium in media)
    named = " ".join(medium.name for medium in media)
    for word in ("LAPOR", "SAMBAT", "WhatsApp", "Telepon", "Surat", "Instagram", "112", "SAPA 129", "Puskesos", "PPA"):
        assert word in named, word


def test_every_category_says_class_secrecy_and_urgency_that_the_panel_knows(office):
    for category in Category.select():
        assert category.law_class in settings.LAW_CLASSES
        assert category.secrecy in SECRECY
        assert category.urgency in URGENCY


@pytest.mark.parametrize("code", ["kdrt", "kekerasan_perempuan", "kekerasan_anak"])
def test_violence_is_secret_and_has_a_unit_on_call(office, code):
    category = Category.get(code=code)
    assert (category.secrecy, category.unit.code, category.emergency_unit.code) == ("rahasia", "PPA", "PPA")


@pytest.mark.parametrize("code", ["perilaku_petugas", "pungutan"])
def test_conduct_of_staff_is_secret_and_of_the_sixty_day_class(office, code):
    category = Category.get(code=code)
    assert (category.secrecy, category.law_class, category.unit.code) == ("rahasia", "berkadar", "SEKRETARIAT")


def test_reasons_are_listed_for_acts_that_ask_for_one(office):
    for key in {reason.transition for reason in Reason.select()}:
        model = RECORDS[vocabulary().transitions[key].record]
        assert any(isinstance(field, ReasonField) for field in model.blanks()), key


def test_an_instruction_of_a_category_is_one_that_can_be_ticked(office):
    words = next(f.words for f in RECORDS["disposition"].blanks() if f.name == "instructions")
    assert {c.instruction for c in Category.select() if c.instruction} <= set(words)


def test_hours_are_the_offices_own_with_one_ramadan_by_circular(office):
    assert {h.weekday for h in WorkHours.select()} == set(range(5))
    friday, fasting = clock().span(date(2026, 10, 9)), clock().span(date(2026, 3, 10))
    assert (friday[0].time(), friday[1].time()) == (time(7, 30), time(16, 30))
    assert (fasting[0].time(), fasting[1].time()) == (time(8), time(15))


def test_days_off_are_public_holidays_and_joint_leave(office):
    assert Holiday.get(day=date(2026, 8, 17)).kind == "libur"
    assert {h.kind for h in Holiday.select().where(Holiday.day.year == 2026)} == {"libur", "cuti"}


def test_holidays_that_are_there_stay_when_a_year_is_added(office):
    Holiday.update(name="Diganti").where(Holiday.day == date(2026, 8, 17)).execute()
    before = Holiday.select().count()
    holidays.add_holidays(range(2026, 2027))
    assert Holiday.select().count() == before
    assert Holiday.get(day=date(2026, 8, 17)).name == "Diganti"


def test_the_clock_follows_a_changed_calendar_at_once(office):
    tuesday = MONDAY.date() + timedelta(days=1)
    assert clock().is_workday(tuesday)
    added = Holiday.create(day=tuesday, name="Libur daerah")
    assert not clock().is_workday(tuesday)
    Holiday.update(active=False).where(Holiday.id == added).execute()
    assert clock().is_workday(tuesday)
    WorkHours.update(closes=time(14)).where(WorkHours.weekday == 1).execute()
    assert clock().span(tuesday)[1].hour == 14


@pytest.mark.parametrize("key", OPTIONS)
def test_every_setting_has_a_name_and_a_working_default(office, key):
    assert OPTIONS[key].label
    assert values()[key] == masters.city_settings(masters.MALANG).get(key, OPTIONS[key].default)


def test_rule_like_numbers_are_settings_with_the_laws_defaults(office):
    settings = values()
    legal = ("informasi", "tidak_berkadar", "berkadar", "answer", "completion")
    assert [settings[f"legal.{name}"] for name in legal] == [
        5,
        14,
        60,
        14,
        30,
    ]
    assert settings["deliver.attempts"] == 3
    assert settings["submit.head_only"] is True


def test_a_setting_holds_from_its_day_and_earlier_values_stay(office):
    for day, text in ((date(2026, 1, 1), "Jalan Lama"), (date(2026, 7, 1), "Jalan Baru")):
        Setting.create(key="office.address", value=text, valid_from=day)
    addresses = [values(date(2026, month, 1))["office.address"] for month in (6, 7)]
    assert [values(date(2025, 12, 31))["office.address"], *addresses] == ["", "Jalan Lama", "Jalan Baru"]


def test_the_letterhead_shows_gaps_plainly(office):
    header = letterhead(values())
    assert header["name"] == [
        "DINAS SOSIAL, PEMBERDAYAAN PEREMPUAN, PERLINDUNGAN ANAK,",
        "PENGENDALIAN PENDUDUK DAN KELUARGA BERENCANA",
    ]
    assert header["address"] == ""


def test_an_acting_head_signs_before_the_holder_and_is_titled_so(office):
    Acting.create(
        kind="Plt.",
        user=office["bidang.ppa"],
        decree="1",
        decree_date=date(2026, 10, 1),
        valid_from=date(2026, 10, 1),
        valid_to=date(2026, 10, 31),
    )
    during, after = heads_by_unit(date(2026, 10, 5))[None], heads_by_unit(date(2026, 11, 1))[None]
    assert (during.name, during.title) == (office["bidang.ppa"].name, "Plt. KEPALA DINAS")
    assert (after.name, after.title) == (office["kadis"].name, "KEPALA DINAS")


def test_a_vacant_post_keeps_the_title_under_which_papers_are_addressed_to_it(office):
    unit, last = Division.get(code="REHSOS"), date(2026, 10, 4)
    title = Post.get(Post.division == unit).title
    Post.update(valid_to=last).where(Post.division == unit).execute()
    assert unit.id not in heads_by_unit(date(2026, 10, 5))
    assert post_book().titles_on(date(2026, 10, 5))[unit.id] == title


def test_units_have_their_codes_for_papers(office):
    units = list(Division.select())
    assert [d.code for d in units] == ["SEKRETARIAT", "REHSOS", "PPKB", "DAYASOS", "P3A", "PPA", "PUSPAGA"]
    assert len({d.paper_code for d in units} - {""}) == len(units)


def test_every_unit_has_categories_that_lead_to_it(office):
    led = {category.unit_id for category in Category.select().where(Category.active)}
    assert led >= {d.id for d in Division.select()}


def test_an_office_with_units_of_its_own_is_given_none(office):
    later = ("DAYASOS", "P3A")
    new = Division.select(Division.id).where(Division.code << later)
    Category.delete().where(Category.unit << new).execute()
    Division.delete().where(Division.code << later).execute()
    before = digest.digest()
    masters.seed(masters.MALANG)
    assert digest.digest() == before
    assert Division.select().count() == 5
