"""Numbers follow the WIB year and the office's pattern, and are there from their act on."""

from datetime import UTC, date, timedelta

import pytest

from models.complaint import number
from models.complaint.complaint import Complaint
from models.complaint.number import Number, NumberSkip, Series
from models.office.lists import Category, Medium
from models.office.people import Division
from models.office.settings import Setting, values
from models.reading import registerbook
from models.store.base import database
from models.workflow import intake, workflow
from sop.flow import current_procedure
from sop.vocabulary import vocabulary
from tests.office import COMMON, MONDAY, SECRET, Office

NEW_YEARS_EVE = MONDAY.replace(month=12, day=31, hour=23, minute=59, second=59)


def test_the_sequence_restarts_with_the_year_on_the_offices_clock(office):
    [old] = office.receive(at=NEW_YEARS_EVE)
    [new] = office.receive(at=NEW_YEARS_EVE + timedelta(seconds=1))
    [again] = office.receive(at=NEW_YEARS_EVE + timedelta(seconds=2))
    numbers = [Complaint.get_by_id(case).number for case in (old, new, again)]
    assert numbers == ["PGD/1/XII/2026", "PGD/1/I/2027", "PGD/2/I/2027"]


@pytest.mark.parametrize("zone", [UTC, None])
def test_the_year_is_the_one_of_wib_for_a_moment_in_any_time_zone(office, zone):
    moment = NEW_YEARS_EVE + timedelta(seconds=1)
    with database.atomic():
        year, place = number.reserve("register", 1, moment.astimezone(zone) if zone else moment)
    assert (year, place) == (2027, 1)


def test_an_earlier_year_goes_on_where_it_was(office):
    office.receive(2, at=NEW_YEARS_EVE)
    office.receive(at=NEW_YEARS_EVE + timedelta(minutes=1))
    [late] = office.receive(at=NEW_YEARS_EVE)
    assert Complaint.get_by_id(late).number == "PGD/3/XII/2026"
    assert registerbook.verify() == ""


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
    assert number.formatted_number(series, 7, MONDAY, settings) == text


def test_without_a_unit_code_the_pattern_shows_no_gap(office):
    assert number.formatted_number("nota_dinas", 7, MONDAY, values()) == "400.9/7/35.73/2026"


def test_a_pattern_is_in_force_from_its_day_on(office):
    Setting.create(key="number.register", value="P-{urut}", valid_from=date(2026, 10, 6))
    [before] = office.receive()
    [after] = office.receive(at=MONDAY + timedelta(days=1))
    assert [Complaint.get_by_id(case).number for case in (before, after)] == ["PGD/1/X/2026", "P-2"]


@pytest.mark.parametrize("step", [t.key for t in current_procedure().main_line if t.series])
def test_a_number_is_there_from_its_act_on_and_not_before(office, step):
    series = vocabulary().transitions[step].series
    if step == current_procedure().receive.key:
        [case] = office.receive()
    else:
        [case] = office.receive()
        office.bring([case], step)
        assert series not in number.numbers_by_series([case])[case]
        office.do([case], step)
    assert number.numbers_by_series([case])[case][series].date == office.at.isoformat()


def test_a_number_may_name_the_unit_that_handles_the_complaint(office):
    Setting.create(key="number.nota_dinas", value="{urut}/{bidang}/{tahun}", valid_from=date(2026, 1, 1))
    plain, secret = office.receive(), office.receive(category=SECRET)
    for cases in (plain, secret):
        office.bring(cases, "approve")
    found = {n.complaint_id: n.text for n in Number.select().where(Number.series == "nota_dinas")}
    codes = {d.code: d.paper_code for d in Division.select()}
    assert found[plain[0]] == f"1/{codes['REHSOS']}/2026"
    assert found[secret[0]].endswith(f"/{codes['PPA']}/2026")


REGISTER = current_procedure().receive.series


def skipped(office: Office, first: int, last: int, series: str = REGISTER, year: int = 2026) -> NumberSkip:
    return NumberSkip.create(
        series=series, year=year, first=first, last=last, reason="Terpakai di buku", by=office["petugas"], at=office.at
    )


def places(series: str = REGISTER) -> list[int]:
    return [
        place for (place,) in Number.select(Number.place).where(Number.series == series).order_by(Number.id).tuples()
    ]


def register(office: Office, text: str) -> intake.Outcome:
    given = {
        "medium": Medium.get(code="loket").id,
        "category": Category.get(code=COMMON).id,
        "story": "Belum cair.",
        "book_number": text,
    }
    return intake.receive(by=office["petugas"], data=given, persons={"pengadu": {"name": "Siti"}}, at=office.tick())


def test_the_count_goes_on_behind_what_was_skipped(office: Office) -> None:
    office.receive(2)
    skipped(office, 3, 6)
    skipped(office, 8, 8)
    office.receive(3)
    assert places() == [1, 2, 7, 9, 10]
    assert registerbook.verify() == ""


def test_many_numbers_at_once_pass_over_what_was_skipped(office: Office) -> None:
    skipped(office, 2, 3, "nota_dinas")
    skipped(office, 5, 900, "nota_dinas")
    ids = office.receive(5)
    office.bring(ids, "approve")
    assert sorted(places("nota_dinas")) == [1, 4, 901, 902, 903]
    assert registerbook.verify() == ""


def test_a_skipped_range_is_of_its_series_and_year_alone(office: Office) -> None:
    skipped(office, 1, 5, year=2027)
    skipped(office, 1, 5, "berita_acara")
    office.receive()
    office.receive(at=NEW_YEARS_EVE + timedelta(seconds=1))
    assert places() == [1, 6]


def test_a_missing_number_is_reported(office: Office) -> None:
    office.receive()
    Series.update(last=3).where(Series.name == REGISTER).execute()
    assert registerbook.verify() == "Nomor register tahun 2026: urutan 2, 3 hilang."
    skipped(office, 2, 3)
    assert registerbook.verify() == ""


def test_a_sequence_that_was_set_back_is_reported(office: Office) -> None:
    office.receive(3)
    Series.update(last=2).where(Series.name == REGISTER).execute()
    sentence = "Nomor register tahun 2026: hitungan baru sampai 2, padahal urutan 3 sudah diberikan."
    assert registerbook.verify() == sentence
    Series.delete().execute()
    assert registerbook.verify() == sentence.replace("sampai 2", "sampai 0")


@pytest.mark.parametrize(
    ("first", "last", "year", "sentence"),
    [
        (3, 2, 2026, registerbook.RANGE_BACKWARDS),
        (0, 2, 2026, registerbook.RANGE),
        (3, 1003, 2026, registerbook.RANGE),
        (3, 4, 2024, registerbook.YEARS),
        (3, 4, 2027, registerbook.YEARS),
        (2, 4, 2026, registerbook.GIVEN),
        (9, 12, 2026, "sudah tercatat dilewati"),
        (8, 10, 2026, "sudah tercatat dilewati"),
        (12, 14, 2026, "sudah tercatat dilewati"),
        (3, 8, 2026, ""),
        (3, 4, 2025, ""),
    ],
)
def test_only_what_was_not_given_yet_can_be_skipped(office: Office, first, last, year, sentence) -> None:
    office.receive(2)
    skipped(office, 10, 12)
    skip = NumberSkip(series=REGISTER, year=year, first=first, last=last, reason="x")
    objection = registerbook.skip_objection(skip, date(2026, 10, 6))
    assert sentence in objection
    assert bool(sentence) == bool(objection)


def test_a_number_from_the_offices_book_stands_outside_the_count(office: Office) -> None:
    [one] = office.receive()
    typed = register(office, " 470/88/BUKU/2026 ")
    assert typed.refused == {}
    [two] = office.receive()
    numbers = [Complaint.get_by_id(case).number for case in (one, *typed.done, two)]
    assert numbers == ["PGD/1/X/2026", "470/88/BUKU/2026", "PGD/2/X/2026"]
    assert places() == [1, -1, 2]
    assert registerbook.verify() == ""


@pytest.mark.parametrize("text", ["PGD/1/X/2026", "pgd/1/x/2026", "  PGD/1/X/2026 ", "PGD / 001 / X / 2026"])
def test_a_used_number_is_refused_with_a_sentence_and_nothing_is_registered(office: Office, text: str) -> None:
    office.receive()
    assert register(office, text).refused == {0: number.TAKEN.format(text.strip())}
    assert Complaint.select().count() == 1


@pytest.mark.parametrize("text", ["x" * 61, "1\t2", "\x07", "PGD／88／XI", "😀/1", "PGD/Ñ/1", "✓/1", "a\u202eb"])
def test_an_invalid_number_is_refused_with_a_sentence(office: Office, text: str) -> None:
    assert register(office, text).refused[0].startswith("Nomor ")


@pytest.mark.parametrize("text", ["PGD/2/X/2026", "pgd/2/x/2026", "PGD / 02 / X / 2026"])
def test_a_number_typed_before_its_turn_is_passed_over_when_the_count_comes_to_it(office: Office, text: str) -> None:
    office.receive()
    register(office, text)
    [late] = office.receive()
    assert Complaint.get_by_id(late).number == "PGD/3/X/2026"
    [skip] = NumberSkip.select()
    assert (skip.first, skip.last, skip.reason, skip.by) == (2, 2, number.TYPED, None)
    assert registerbook.verify() == ""


@pytest.mark.parametrize(
    "step", [t.key for t in current_procedure().main_line if t.series and not current_procedure().is_receive(t)]
)
def test_every_numbered_step_takes_a_number_from_the_offices_book(office: Office, step: str) -> None:
    cases = office.receive(2)
    office.bring(cases, step)
    one, other = cases
    series = vocabulary().transitions[step].series
    office.do([one], step, book_number="B-17")
    assert number.numbers_by_series([one])[one][series].text == "B-17"
    who = office.actor(vocabulary().transitions[step], other)
    blanks = office.blanks(other, step, who)
    refused = workflow.advance([other], step, by=who, at=office.tick(), book_number="b-17", blanks=blanks)
    assert refused.refused == {other: number.TAKEN.format("b-17")}
    office.do([other], step)
    assert places(series) == [-1, 1]


def test_a_number_is_compared_with_those_of_its_own_kind_of_paper_alone(office: Office) -> None:
    """Else a user who types one would learn of papers, and by their numbers of units, that he may not open."""
    Setting.create(key="number.nota_dinas", value="{urut}/{bidang}/{tahun}", valid_from=date(2026, 1, 1))
    secret, other = office.receive(2, category=SECRET)
    office.bring([secret], "approve")
    [existing] = [n.text for n in Number.select().where(Number.series == "nota_dinas")]
    assert number.typed_objection("nota_dinas", existing) == number.TAKEN.format(existing)
    assert register(office, existing).refused == {}
    assert register(office, existing.replace("1/", "2/")).refused == {}
    office.bring([other], "approve")
    assert places("nota_dinas") == [1, 2]
    assert not NumberSkip.select().exists()


def test_the_sequence_skips_typed_numbers_and_each_number_has_its_own_unit(office: Office) -> None:
    Setting.create(key="number.nota_dinas", value="{urut}/{bidang}/{tahun}", valid_from=date(2026, 1, 1))
    codes = {d.code: d.paper_code for d in Division.select()}
    typed, plain = office.receive(2)
    [secret] = office.receive(category=SECRET)
    office.bring([typed], "submit")
    office.do([typed], "submit", book_number=f"1/{codes['PPA']}/2026".lower())
    for case in (plain, secret):
        office.bring([case], "approve")
    found = {n.complaint_id: n.text for n in Number.select().where(Number.series == "nota_dinas")}
    assert found[plain] == f"1/{codes['REHSOS']}/2026"
    assert found[secret] == f"2/{codes['PPA']}/2026"


def test_one_number_is_for_one_paper(office: Office) -> None:
    cases = office.receive(2)
    office.bring(cases, "submit")
    who = office["bidang.rehsos"]
    blanks = office.blanks(cases[0], "submit", who)
    outcome = workflow.advance(cases, "submit", by=who, at=office.tick(), book_number="B-17", blanks=blanks)
    assert set(outcome.refused) == set(cases)
    assert "satu dokumen saja" in outcome.refused[cases[0]]


def test_behind_a_skipped_place_each_number_still_bears_its_own_units_code(office):
    settings = {**values(), "number.nota_dinas": "{urut}/{bidang}/{tahun}"}
    NumberSkip.create(series="nota_dinas", year=MONDAY.year, first=2, last=2, reason="Buku", at=MONDAY)
    drawn = number.draw("nota_dinas", 4, MONDAY, settings, ["A", "B", "C", "D"])
    assert [one.text for one in drawn] == [f"{place}/2026" for place in ("1/A", "3/B", "4/C", "5/D")]


@pytest.mark.parametrize("years", [1, 2])
def test_a_number_typed_in_december_is_not_given_again_in_january(office, years):
    """A pattern without the year says the same in both; what was typed before the last year is another book's."""
    settings = {**values(), "number.nota_dinas": "ND-{urut}"}
    typed = number.typed_number("nota_dinas", "ND-1", NEW_YEARS_EVE)
    number.bind("nota_dinas", [typed], [(office.receive()[0], 1)], NEW_YEARS_EVE)
    later = NEW_YEARS_EVE.replace(year=NEW_YEARS_EVE.year + years, month=1, day=1)
    drawn = number.draw("nota_dinas", 2, later, settings)
    assert [one.text for one in drawn] == (["ND-2", "ND-3"] if years == 1 else ["ND-1", "ND-2"])


def test_a_number_may_have_sixty_letters_and_not_one_more(office):
    assert number.typed_objection("nota_dinas", "1" * number.LONGEST) == ""
    assert str(number.LONGEST) in number.typed_objection("nota_dinas", "1" * (number.LONGEST + 1))
    assert number.LONGEST == 60 < Number.text.max_length
