"""Pages by key: whatever the order, every row stands on one page, forwards and backwards, on both databases."""

from collections.abc import Sequence
from typing import Any

import peewee as pw
import pytest

from admin.complaints.complaints import EXPRESSIONS
from admin.lists.paging import MOST_KINDS, decoded_place, encoded_place, list_order
from bench.pages import counted
from models.complaint.complaint import Complaint
from models.complaint.event import Event
from models.complaint.paper import Paper
from models.office.calendar import Holiday
from models.office.people import Post
from models.office.settings import Setting
from models.store.keyset import OrderKey, Spread, present_values, read_places, row_ranges, sort_few, walk
from models.store.peewee_patches import has_index
from tests.office import Office

SIZE = 3
ORDERS = {  # of every kind: few and many values, none, the same ones, several keys
    "nothing": (Complaint, []),
    "number": (Complaint, [(Complaint.id, False)]),
    "title": (Complaint, [(Complaint.title, False)]),
    "state": (Complaint, [(Complaint.state, False)]),
    "due": (Complaint, [(Complaint.row_due_at, False)]),
    "received": (Complaint, [(Complaint.received_at, False)]),
    "the list's own": (Complaint, [(EXPRESSIONS["rank"], False), (Complaint.row_due_at, False), (Complaint.id, True)]),
    "due, then state": (Complaint, [(Complaint.row_due_at, False), (Complaint.state, True)]),
    "unit": (Complaint, [(Complaint.unit, False)]),
    "paper's kind": (Paper, [(Paper.kind, False)]),
    "history": (Event, [(Event.at, False)]),
}


@pytest.fixture
def filled(office: Office) -> Office:
    ids = office.receive(9)
    for title, case in zip(("b", "A", "a", "B", "ç", "", "a", "Z", "z"), ids, strict=True):
        Complaint.update(title=title).where(Complaint.id == case).execute()
    office.bring(ids[:2], "closed")
    office.bring(ids[2:4], "handle")
    office.bring(ids[4:5], "voided")
    office.receive(2, category="odgj", emergency=True)
    return office


def turned(columns: Sequence[tuple[Any, bool]], turn: bool) -> list[tuple[Any, bool]]:
    return [(column, down != turn) for column, down in columns]


def plainly(model: Any, keys: Sequence[OrderKey]) -> list[int]:
    """The rows as one plain select orders them."""
    own = model._meta.primary_key
    return [number for (number,) in model.select(own).order_by(*(key.sorted(False) for key in keys)).tuples()]


@pytest.mark.parametrize("turn", [False, True], ids=["up", "down"])
@pytest.mark.parametrize("name", ORDERS)
def test_pages_by_key_hold_every_row_once_both_ways(filled: Office, name: str, turn: bool) -> None:
    model, columns = ORDERS[name]
    keys = list_order(model, turned(columns, turn))
    rows = plainly(model, keys)
    assert len(rows) > 2 * SIZE
    assert pages(model, keys, back=False) == rows
    assert pages(model, keys, back=True) == rows[::-1]


def pages(model: Any, keys: Sequence[OrderKey], *, back: bool) -> list[int]:
    """All rows, page after page, each from the last place of the one before."""
    found: list[int] = []
    page = walk(model.select(), keys, SIZE, back=back)
    while page:
        found += [place[-1] for place in page]
        page = walk(model.select(), keys, SIZE, beyond=page[-1], back=back)
    return found


@pytest.mark.parametrize("name", ORDERS)
def test_few_rows_sorted_at_once_are_those_that_the_pages_hold(filled: Office, name: str) -> None:
    model, columns = ORDERS[name]
    keys, rows = list_order(model, columns), model.select()
    places = walk(rows, keys, 99)
    assert len(places) > 2 * SIZE
    for back in (False, True):
        assert read_places(keys, sort_few(rows, keys, back=back)) == walk(rows, keys, 99, back=back)
        for place in places:
            for beyond in (place, place[:1]):
                rest = read_places(keys, sort_few(rows, keys, beyond=beyond, back=back))
                assert rest == walk(rows, keys, 99, beyond=beyond, back=back)


def test_paging_goes_on_both_ways_from_a_deleted_row(filled: Office) -> None:
    keys = list_order(Complaint, [(Complaint.title, False)])
    rows = walk(Complaint.select(), keys, 99)
    place = rows[4]
    others = Complaint.select().where(Complaint.id != place[-1])
    assert walk(others, keys, 99, beyond=place) == rows[5:]
    assert walk(others, keys, 99, beyond=place, back=True) == rows[:4][::-1]


def test_rows_with_a_value_that_is_no_choice_are_looked_for_only_if_there_are_some(filled: Office) -> None:
    for field in (Complaint.state, Paper.kind, Event.complaint):
        assert has_index(field)
        stored = {value for (value,) in field.model.select(field).distinct().tuples() if value is not None}
        assert present_values(field) == stored
    order = [(Complaint.state, False)]
    known = len(row_ranges(list_order(Complaint, order)))
    Complaint.update(state="usang").where(Complaint.id == 3).execute()
    keys = list_order(Complaint, order)
    assert len(row_ranges(keys)) == known + 1
    assert pages(Complaint, keys, back=False) == plainly(Complaint, keys)
    assert pages(Complaint, keys, back=False)[-1] == 3


def test_a_column_of_very_many_choices_ranks_its_rows_and_asks_for_them_once(office: Office) -> None:
    keys = list_order(Setting, [(Setting.key, False)])
    known = [key for key, _ in Setting.key.choices]
    assert len(known) > MOST_KINDS >= len(Complaint.state.choices or ())
    keys_by_id = {row.id: row.key for row in Setting.select()}
    rows = [keys_by_id[number] for number in pages(Setting, keys, back=False)]
    assert len(rows) == len(keys_by_id) > SIZE
    assert [key for key in rows if key in known] == sorted((key for key in rows if key in known), key=known.index)
    assert [keys_by_id[number] for number in pages(Setting, keys, back=True)] == rows[::-1]
    with counted() as sent:
        walk(Setting.select(), keys, SIZE)
    assert max(sql.count("UNION ALL") for sql in sent) < SIZE


def test_a_place_of_fewer_keys_is_before_and_after_all_equal_rows(filled: Office) -> None:
    keys = list_order(Complaint, [(Complaint.received_at, True)])
    rows = walk(Complaint.select(), keys, 99)
    late, early = rows[0][0], rows[-1][0]
    assert late > early
    assert walk(Complaint.select(), keys, 99, beyond=(late,)) == [place for place in rows if place[0] < late]
    assert walk(Complaint.select(), keys, 99, beyond=(early,), back=True)[::-1] == [p for p in rows if p[0] > early]


TYPED = ("5", "true", "1.5", "NaN", "-1", '"x"', '"\\ud800"', '"2026-10-05"', '"2026-10-05 09:00:00"', '"0001-01-01"')
ASKED = {
    "text": (Complaint, Complaint.title),
    "moment": (Complaint, Complaint.received_at),
    "key": (Complaint, Complaint.id),
    "day": (Holiday, Holiday.day),
    "function": (Post, pw.fn.COALESCE(Post.division, 0)),
}


@pytest.mark.parametrize("name", ASKED)
def test_a_place_that_anybody_types_is_none_or_can_be_asked_for(office: Office, name: str) -> None:
    model, column = ASKED[name]
    keys = list_order(model, [(column, False)])
    read = [decoded_place(keys, f"[{one}{rest}]") for one in TYPED for rest in ("", ",3")]
    assert any(read)
    for place in filter(None, read):
        walk(model.select(), keys, SIZE, beyond=place)
        walk(model.select(), keys, SIZE, beyond=place, back=True)


def test_a_place_is_read_as_it_was_written(office: Office) -> None:
    office.receive(2)
    for column in (Complaint.title, Complaint.received_at, Complaint.row_due_at, Complaint.state):
        keys = list_order(Complaint, [(column, False)])
        places = [*walk(Complaint.select(), keys, 99)]
        assert len(places) == 2
        for place in places:
            assert decoded_place(keys, encoded_place(keys, place)) == place


def test_a_key_that_is_not_the_tables_own_never_ends_an_order() -> None:
    assert [key.column for key in list_order(Complaint, [])] == [Complaint.id]
    [*_, last] = list_order(Complaint, [(pw.fn.LOWER(Complaint.title), True)])
    assert isinstance(last, Spread)
    assert (last.column, last.down) == (Complaint.id, True)
