"""The paper for signature counts all, and no two of them tell anything of the one rahasia case that sets them apart."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest

from models.complaint.complaint import Complaint
from models.complaint.number import Number
from models.complaint.scope import viewer
from models.office.lists import Category, Institution, Kelurahan, Medium
from models.office.people import Division
from models.office.settings import LAW_CLASSES
from models.reading.figures import PART_BY_KEY
from models.reading.period import Period
from models.reading.recap import recap
from models.reading.recap_paper import (
    FEWEST,
    OF_PARTS,
    DiscreetRecap,
    RecapPaper,
    always_in_rest,
    content_of_recap,
    discreet_recap,
    is_plain,
    issue,
    secret_categories,
)
from models.store.base import database, insert_rows, now
from models.store.seal import BrokenSeal
from models.workflow.proof import verified
from sop.access import LOGGED
from sop.vocabulary import DUPLICATED, VOIDED
from tests.models.reading.made import made_case, scatter
from tests.office import SECRET, Office, worked

DAYS = 300


@pytest.fixture(scope="module")
def begun(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return worked(template, tmp_path_factory.mktemp("recap"), lambda office: [*scatter(office, 40, 5)] and None)


def period() -> Period:
    day = now().date()
    return Period(day - timedelta(days=DAYS), day)


@contextmanager
def with_another(columns: dict[str, Any]) -> Iterator[None]:
    """For as long as this lasts there is one case more."""
    with database.atomic() as block:
        insert_rows(Complaint, [columns])
        yield
        block.rollback()


def recap_with(office: Office, at: Any, columns: dict[str, Any] | None = None) -> DiscreetRecap:
    who = viewer(office["kadis"])
    if columns is None:
        return discreet_recap(who, period(), at)
    with with_another(columns):
        return discreet_recap(who, period(), at)


def ids(model: Any, count: int) -> list[int]:
    return [row.id for row in model.select().order_by(model.id).limit(count)]


def ordinary_value(key: str) -> Any:
    """An ordinary value of a part that has no line of its own."""
    value = always_in_rest(PART_BY_KEY[key])
    column = PART_BY_KEY[key].column
    return None if not value else value if column.name == "law_class" else int(value)


def test_whatever_a_rahasia_case_is_about_an_ordinary_one_would_have_changed_the_paper_alike(office: Office) -> None:
    at, chance = now(), Random(3)
    plain = Category.select().where(Category.secrecy.not_in(sorted(LOGGED))).order_by(Category.id).first().id
    secret = Category.get(Category.code == SECRET).id
    pattern, before = Complaint.get_by_id(1), recap_with(office, at)
    kinds = ((secret, "rahasia"), (secret, "biasa"), (plain, "rahasia"))
    places = product(kinds, [None, *ids(Division, 2)], [None, *ids(Kelurahan, 1)], ids(Medium, 2))
    states = ("raise", "handle", "closed", "withdrawn")
    for (category, secrecy), unit, kelurahan, medium in places:
        moment = at - timedelta(days=chance.randrange(1, DAYS))
        base = {**made_case(pattern, office, chance, chance.choice(states), moment), "imported": False}
        hidden = {**base, "category": category, "secrecy": secrecy, "unit": unit, "kelurahan": kelurahan}
        ordinary = {**base, "secrecy": "biasa", "category": ordinary_value("kategori"), "unit": ordinary_value("unit")}
        ordinary |= {
            "kelurahan": ordinary_value("kelurahan"),
            "medium": ordinary_value("media"),
            "law_class": ordinary_value("klasifikasi"),
        }
        ordinary |= {"institution": ordinary_value("instansi")}
        after = recap_with(office, at, {**hidden, "medium": medium})
        assert after != before
        assert after == recap_with(office, at, ordinary)


@pytest.mark.parametrize("each", [5, pytest.param(1, marks=pytest.mark.soak)])  # by day one of five
def test_of_each_rahasia_case_the_paper_would_be_the_same_whatever_it_was_about(office: Office, each: int) -> None:
    at, before = now(), recap_with(office, now())
    secret = {row.id for row in Category.select().where(Category.secrecy.in_(sorted(LOGGED)))}
    cases = list(Complaint.select().where((Complaint.secrecy.in_(sorted(LOGGED))) | Complaint.category.in_(secret)))
    assert len({case.state for case in cases}) > 3
    for case in cases[::each]:
        about = {
            Complaint.unit: [None, *ids(Division, 9)],
            Complaint.kelurahan: [None, *ids(Kelurahan, 4)],
            Complaint.medium: ids(Medium, 9),
            Complaint.law_class: list(LAW_CLASSES),
            Complaint.institution: [None, *ids(Institution, 2)],
            Complaint.category: sorted(secret if case.secrecy not in LOGGED else ids(Category, 99)),
        }
        for column, values in about.items():
            for value in values:
                with database.atomic() as block:
                    Complaint.update({column: value}).where(Complaint.id == case.id).execute()
                    after = recap_with(office, at)
                    block.rollback()
                assert after == before, (case.state, column.name, value)


def test_it_counts_all_and_every_part_adds_up(office: Office) -> None:
    at, who = now(), viewer(office["kadis"])
    made, whole = discreet_recap(who, period(), at), recap(who, period(), at)
    assert made.lines == whole.lines
    sums = tuple(line.now for key in OF_PARTS for line in whole.lines if line.figure.key == key)
    for table in made.parts:
        every = [*(counts for _, counts in table.lines), table.rest]
        assert tuple(map(sum, zip(*every, strict=True))) == sums
        assert all(counts[0] + counts[OF_PARTS.index("lain")] >= 3 for _, counts in table.lines)
    assert any(table.lines for table in made.parts)


def test_the_last_line_of_a_breakdown_never_holds_the_rahasia_ones_alone_nor_beside_one_or_two(
    office: Office,
) -> None:
    """Where all others have a value the smallest line goes into it, also the only one."""
    at, who = now(), viewer(office["kadis"])
    plain = is_plain(secret_categories())
    places, division = ids(Kelurahan, 1), ids(Division, 1)[0]
    Complaint.update(unit=division, kelurahan=places[0], law_class=next(iter(LAW_CLASSES))).where(plain).execute()
    two = [case.id for case in Complaint.select(Complaint.id).where(plain).order_by(Complaint.id.desc()).limit(2)]
    for unknown in (two[:0], two[:1], two):
        Complaint.update(unit=None, kelurahan=None).where(Complaint.id.in_(unknown)).execute()
        made, whole = discreet_recap(who, period(), at), recap(who, period(), at)
        sums = {line.figure.key: line.now for line in whole.lines}
        secret = sums["masuk"] + sums["lain"] - plain_received(plain)
        assert secret
        for table in made.parts:
            assert received(table.rest) >= secret + FEWEST, table.part.key
    assert {table.part.key for table in made.parts if not table.lines} >= {"unit", "klasifikasi", "kelurahan"}
    assert any(table.lines for table in made.parts)


def received(counts: tuple[int, ...]) -> int:
    return counts[OF_PARTS.index("masuk")] + counts[OF_PARTS.index("lain")]


def in_range(of: Period) -> Any:
    came = (Complaint.received_at >= of.begins) & (Complaint.received_at < of.ends)
    return came & Complaint.state.not_in([DUPLICATED, VOIDED])


def plain_received(plain: Any) -> int:
    return int(Complaint.select().where(plain & in_range(period())).count())


def test_only_so_much_goes_into_the_last_line_as_it_lacks(office: Office) -> None:
    """The smallest line, and none where enough others are in it."""
    at, who = now(), viewer(office["kadis"])
    every, (first, second) = Period(at.date() - timedelta(days=3000), at.date()), ids(Division, 2)
    plain = is_plain(secret_categories()) & in_range(every)
    numbers = [case.id for case in Complaint.select(Complaint.id).where(plain).order_by(Complaint.id)]
    Complaint.update(unit=first).where(Complaint.id.in_(numbers)).execute()
    Complaint.update(unit=second).where(Complaint.id.in_(numbers[:4])).execute()

    def listed() -> list[str]:
        [of_unit] = (table for table in discreet_recap(who, every, at).parts if table.part.key == "unit")
        return [name for name, _ in of_unit.lines]

    assert listed() == [Division.get_by_id(first).name]
    Complaint.update(unit=None).where(Complaint.id.in_(numbers[-FEWEST:])).execute()
    assert listed() == [Division.get_by_id(first).name, Division.get_by_id(second).name]


def test_an_issued_one_has_its_number_and_the_head_of_the_history_and_never_changes(office: Office) -> None:
    first = issue(office["kadis"], period(), now(), demo=False)
    again = issue(office["kadis"], period(), now(), demo=False)
    assert first == again
    assert Number.select().where(Number.series == "rekapitulasi").count() == 1
    content = content_of_recap(first)
    assert content["paper"]["number"] == first.number.text
    assert len(content["history"]["head"]) == 32
    office.receive()
    other = issue(office["kadis"], period(), now(), demo=False)
    assert other.number.place == first.number.place + 1
    assert content_of_recap(other)["history"]["count"] > content["history"]["count"]
    assert content_of_recap(other)["follows"]["number"] == first.number.text
    assert content_of_recap(RecapPaper.get_by_id(first.id)) == content
    assert verified()[1] == []
    first.content += " "
    with pytest.raises(BrokenSeal):
        content_of_recap(first)


@pytest.mark.parametrize("username", ["petugas", "bidang.ppa", "pengawas", "admin"])
def test_only_the_kepala_dinas_issues_one(office: Office, username: str) -> None:
    with pytest.raises(ValueError, match="Kepala Dinas"):
        issue(office[username], period(), now(), demo=False)
    assert RecapPaper.select().count() == 0


def test_of_a_ofthat_is_ahead_there_is_none(office: Office) -> None:
    day = now().date() + timedelta(days=3)
    with pytest.raises(ValueError, match="belum dimulai"):
        issue(office["kadis"], Period(day, day), now(), demo=False)
