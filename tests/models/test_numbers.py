"""Numbers follow the WIB year and the office's pattern, and are there from their act on."""

from datetime import UTC, date, timedelta

import pytest

from models import number
from models.base import database
from models.complaint import Complaint
from models.number import Number
from models.people import Division
from models.settings import Setting, values
from sop import flow
from tests.office import MONDAY, SECRET

NEW_YEARS_EVE = MONDAY.replace(month=12, day=31, hour=23, minute=59, second=59)


def test_the_count_begins_anew_with_the_year_on_the_offices_clock(office):
    [old] = office.receive(at=NEW_YEARS_EVE)
    [new] = office.receive(at=NEW_YEARS_EVE + timedelta(seconds=1))
    [again] = office.receive(at=NEW_YEARS_EVE + timedelta(seconds=2))
    told = [Complaint.get_by_id(case).number for case in (old, new, again)]
    assert told == ["PGD/1/XII/2026", "PGD/1/I/2027", "PGD/2/I/2027"]


@pytest.mark.parametrize("zone", [UTC, None])
def test_the_year_is_the_one_of_wib_whatever_zone_the_moment_is_told_in(office, zone):
    moment = NEW_YEARS_EVE + timedelta(seconds=1)
    with database.atomic():
        year, place = number.reserve("register", 1, moment.astimezone(zone) if zone else moment)
    assert (year, place) == (2027, 1)


def test_an_earlier_year_goes_on_where_it_was(office):
    office.receive(2, at=NEW_YEARS_EVE)
    office.receive(at=NEW_YEARS_EVE + timedelta(minutes=1))
    [late] = office.receive(at=NEW_YEARS_EVE)
    assert Complaint.get_by_id(late).number == "PGD/3/XII/2026"


PATTERNS = [
    ("number.register", "PGD/{urut}/{bulan_romawi}/{tahun}", "register", "PGD/7/X/2026"),
    ("number.nota_dinas", "{klas}/{urut}/35.73{unit}/{tahun}", "nota_dinas", "400.9/7/35.73.403/2026"),
    ("number.berita_acara", "{klas}/{urut}/BA/35.73{unit}/{tahun}", "berita_acara", "400.9/7/BA/35.73.403/2026"),
    ("number.other", "{klas}/{urut}/{seri}/35.73{unit}/{tahun}", "rekapitulasi_bulan", "400.9/7/RB/35.73.403/2026"),
    ("number.nota_dinas", "ND-{urut}-{tahun}", "nota_dinas", "ND-7-2026"),
]


@pytest.mark.parametrize(("key", "pattern", "series", "text"), PATTERNS)
def test_a_number_is_written_by_the_offices_pattern(office, key, pattern, series, text):
    settings = {**values(), "office.unit_code": "403", key: pattern}
    assert number.written(series, 7, MONDAY, settings) == text


def test_without_a_unit_code_the_pattern_shows_no_gap(office):
    assert number.written("nota_dinas", 7, MONDAY, values()) == "400.9/7/35.73/2026"


def test_a_pattern_holds_from_its_day_on(office):
    Setting.create(key="number.register", value="P-{urut}", valid_from=date(2026, 10, 6))
    [before] = office.receive()
    [after] = office.receive(at=MONDAY + timedelta(days=1))
    assert [Complaint.get_by_id(case).number for case in (before, after)] == ["PGD/1/X/2026", "P-2"]


@pytest.mark.parametrize("step", [t.key for t in flow.MAIN_LINE if t.series])
def test_a_number_is_there_from_its_act_on_and_not_before(office, step):
    series = flow.TRANSITIONS[step].series
    if step == flow.RECEIVE.key:
        [case] = office.receive()
    else:
        [case] = office.receive()
        office.bring([case], step)
        assert series not in number.given([case])[case]
        office.do([case], step)
    assert number.given([case])[case][series]["date"] == office.at.isoformat()


def test_a_number_may_name_the_unit_that_handles_the_complaint(office):
    Setting.create(key="number.nota_dinas", value="{urut}/{bidang}/{tahun}", valid_from=date(2026, 1, 1))
    plain, secret = office.receive(), office.receive(category=SECRET)
    for cases in (plain, secret):
        office.bring(cases, "approve")
    found = {n.complaint_id: n.text for n in Number.select().where(Number.series == "nota_dinas")}
    codes = {d.code: d.paper_code for d in Division.select()}
    assert found[plain[0]] == f"1/{codes['REHSOS']}/2026"
    assert found[secret[0]].endswith(f"/{codes['PPA']}/2026")
