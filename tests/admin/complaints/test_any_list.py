"""Whatever is asked of a list, counted or not, met or gathered: its pages hold what the plain list holds."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask, g

from admin.complaints import search
from admin.door.flaskadmin import views_of
from admin.lists import listing, paging
from admin.lists.base import PanelView
from admin.lists.paging import encoded_place
from models.complaint import search as asking
from models.complaint import search_words as searching
from models.complaint.complaint import Complaint
from models.office.lists import Kelurahan
from models.office.people import User
from tests.office import COMMON, EMERGENCY, SECRET, Office, worked

WORDS = ("beras", "rt", "03", "é", "cafe", "café", "привет", "50%", "a_b", "d'or", '"kutip"', "siti", "4", "Ж")
ASKED = (*WORDS, "sama", "be", "zzz", "per", "081234567890")
TYPED = {"date": ("2026-10-05", "2026-10-06", "2030-01-01"), "number": ("1", "2026"), "text": ("a", "%", "_", "'", "é")}
SIZES, COUNTED, PORTIONS = (1, 2, 3, 7), (0, 1, 2, 5), ((1,), (2, 3), (5, 7, 20), (60,), (1, 1, 1, 100))
ALL = 10**6
QUESTIONS = 14  # that are asked of one seed
Asked = dict[str, str]
BY_NIGHT = pytest.mark.nightly(engine=["postgresql"])


@pytest.fixture(scope="module")
def begun(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Cases of every kind, many alike, some without what they are ordered by."""

    def work(office: Office) -> None:
        chance = random.Random(1)
        for number in range(10):
            category = chance.choice([COMMON, EMERGENCY, SECRET])
            [case] = office.receive(
                title=f"{chance.choice(['Sama', 'sama'])} {' '.join(chance.sample(WORDS, chance.randrange(4)))}",
                story=f"Cerita {' '.join(chance.sample(WORDS, 3))}",
                category=category,
                by=chance.choice(["petugas", "petugas2"]),
                persons={"pengadu": {"name": "Siti É", "phone": "081234567890" if number % 3 else ""}},
                **({"secrecy": "rahasia"} if category == SECRET else {}),
            )
            if number % 4 == 0:
                office.bring([case], chance.choice(["raise", "handle", "closed"]))
        places, first = [row.id for row in Kelurahan.select().limit(2)], Complaint.get_by_id(1)
        for case in Complaint.select():
            case.kelurahan = chance.choice([*places, None])
            case.row_due_at = chance.choice([case.row_due_at, None])
            case.received_at = chance.choice([case.received_at, first.received_at - timedelta(days=40)])
            case.save()

    return worked(template, tmp_path_factory.mktemp("begun"), work)


@pytest.fixture
def listed(office: Office, panel: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The panel, in which one may look up as many numbers as one likes."""
    monkeypatch.setattr("models.complaint.lookup.MOST", ALL)
    return panel


@contextmanager
def counting(monkeypatch: pytest.MonkeyPatch, counted: int, portions: tuple[int, ...]) -> Iterator[None]:
    """So many rows are counted, and the rest looked at in such portions."""
    with monkeypatch.context() as patch:
        for module in (listing, searching, asking, search):
            patch.setattr(module, "COUNTED", counted)
        patch.setattr(search, "MANY", counted + 2)
        patch.setattr(paging, "PORTIONS", portions)
        patch.setattr(listing, "TO_COUNT", portions)
        yield


class AskedList:
    """A list as one person asks for it by an address."""

    def __init__(self, panel: Flask, view: Any, person: User, query: Asked) -> None:
        self.panel, self.view, self.person, self.query = panel, view, person, query

    @contextmanager
    def address(self, **more: str) -> Iterator[Any]:
        with self.panel.test_request_context(f"{self.view.url}/?{urlencode({**self.query, **more})}"):
            g._login_user = User.get_by_id(self.person.id)
            yield self.view.list_args()

    def page(self, size: int, **more: str) -> tuple[Any, int]:
        with self.address(**more) as args:
            column = self.view.listing.sorting_column(args.sort)
            count, _ = self.view.get_list(args.page, column, args.sort_desc, args.search, args.filters, page_size=size)
            return g.queried_page, count

    def walked(self, size: int, *, back: bool = False) -> list[int]:
        rows: list[int] = []
        more = {"sebelum": "akhir"} if back else {}
        for _ in range(500):
            page, _ = self.page(size, **more)
            rows = [*page.ids, *rows] if back else [*rows, *page.ids]
            if not page.ids or not (page.before if back else page.behind):
                return rows
            more = {"sebelum" if back else "setelah": encoded_place(page.keys, page.places[0 if back else -1])}
        raise AssertionError(f"the pages of {self.view.url} do not end")

    def chosen(self, most: int) -> list[int]:
        with self.address() as args:
            return list(self.view.listing.first_ids(args, most)[0])

    def exported(self) -> list[int]:
        with self.address() as args:
            return list(self.view.exports.keys(args))


def lists(panel: Flask) -> list[Any]:
    return [view for view in views_of(panel) if isinstance(view, PanelView)]


def some_question(chance: random.Random, panel: Flask, view: Any, person: User) -> AskedList:
    """An order, filters and words, as chance has it."""
    query: Asked = {}
    with AskedList(panel, view, person, {}).address():
        names = [name for name, _ in view.get_list_columns()]
        sortable = [place for place, name in enumerate(names) if name in view.get_sortable_columns()]
        if sortable and chance.random() < 0.7:
            query |= {"sort": str(chance.choice(sortable)), **chance.choice([{}, {"desc": "1"}])}
        offered = list(enumerate(view.offered_filters))
        for index, item in chance.sample(offered, min(len(offered), chance.choice([0, 1, 1, 2, 3]))):
            values = [value for value, _ in item.choices()] if item.control == "select" else TYPED[item.control]
            query |= {f"flt{index}_{index}": chance.choice(values)} if values else {}
        if view.listing.searched and chance.random() < 0.6:
            query["search"] = " ".join(chance.sample(ASKED, chance.choice([1, 1, 2])))
    return AskedList(panel, view, person, query)


def check(chance: random.Random, monkeypatch: pytest.MonkeyPatch, asked: AskedList) -> None:
    with counting(monkeypatch, ALL, (60, 90, 250)), monkeypatch.context() as patch:
        patch.setattr(listing, "BY_COLUMN", ())
        found, count = asked.page(ALL)
    plain, size, page = found.ids, chance.choice(SIZES), chance.randrange(4)
    assert count == len(plain) == len({*plain})
    counted = chance.choice(COUNTED)
    with counting(monkeypatch, counted, chance.choice(PORTIONS)):
        assert asked.walked(size) == plain
        assert asked.walked(size, back=True) == plain
        by_number, few = asked.page(size, page=str(page))
        assert by_number.ids == plain[page * size : (page + 1) * size]
        assert few == len(plain) or min(few, len(plain)) > counted
        assert asked.chosen(5) == plain[:5]
        assert not asked.view.can_export or asked.exported() == plain


@BY_NIGHT
@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 12))])
def test_pages_forwards_backwards_chosen_and_exported_hold_what_the_plain_list_holds(
    office: Office, listed: Flask, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    chance, views = random.Random(seed), lists(listed)
    [cases] = [view for view in views if view.endpoint == "pengaduan"]
    for number in range(QUESTIONS):
        view = cases if number % 4 else chance.choice(views)
        asked = some_question(chance, listed, view, office[chance.choice(list(office.people))])
        try:
            check(chance, monkeypatch, asked)
        except Exception as fault:
            fault.add_note(f"{view.url} as {asked.person.username}: {asked.query}")
            raise


@BY_NIGHT
def test_every_list_goes_on_behind_its_first_page_in_its_own_order(office: Office, listed: Flask) -> None:
    for view in lists(listed):
        for person in ("kadis", "admin"):
            asked = AskedList(listed, view, office[person], {})
            first, count = asked.page(2)
            if first.behind:
                behind, _ = asked.page(2, setelah=encoded_place(first.keys, first.places[-1]))
                assert not {*behind.ids} & {*first.ids}, view.url
                assert behind.start == 2 < count, view.url


def some_values(item: Any) -> tuple[str, str]:
    """A value that the filter offers and may find something by, and one that no row has."""
    offered = [value for value, _ in item.choices()]
    none = {"date": "2001-02-03", "number": "987654", "text": "tidakada", "select": "tidakada"}
    return (offered or TYPED.get(item.control, ["tidakada"]))[0], none[item.control]


ONE_A_ROLE = ("petugas", "kadis", "bidang.rehsos", "pengawas", "admin")


@pytest.mark.parametrize("people", [ONE_A_ROLE, pytest.param((), marks=pytest.mark.soak, id="everybody")])
@BY_NIGHT
def test_every_filter_of_every_list_finds_and_exports_as_each_role(
    office: Office, listed: Flask, people: tuple[str, ...]
) -> None:
    asked = 0
    for view in lists(listed):
        for person in people or office.people:
            with AskedList(listed, view, office[person], {}).address():
                values = [
                    (f"flt{index}_{index}", value)
                    for index, item in enumerate(view.offered_filters if view.is_accessible() else ())
                    for value in some_values(item)
                ]
            for arg, value in values:
                query = AskedList(listed, view, office[person], {arg: value})
                try:
                    query.page(1)
                    assert not view.can_export or query.exported() is not None
                except Exception as fault:
                    fault.add_note(f"{view.url} as {person}: {query.query}")
                    raise
                asked += 1
    assert asked > 500
