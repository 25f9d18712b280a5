"""A prepared query gives what the query itself would, and is built anew when what it was built from has changed."""

from datetime import timedelta
from typing import Any

import pytest

from models.case.case import load
from models.complaint.complaint import Complaint, Run, withheld_secrets
from models.complaint.scope import shape, viewer, visible
from models.office.people import User
from models.store import prepared
from models.store.base import among, database, now, rows_of_tables
from sop.vocabulary import vocabulary
from tests.office import SECRET, Office

NIP = "197001011995031001"


@pytest.fixture
def some(office: Office) -> list[int]:
    return [*office.receive(3), *office.receive(2, category=SECRET)]


def named(name: str) -> User:
    user: User = User.get(User.username == name)
    return user


def readable(name: str, ids: list[int]) -> list[int]:
    """The ids, of these, of the complaints that the user of this name may read."""
    return readable_by(named(name), ids)


def readable_by(user: User, ids: list[int]) -> list[int]:
    who = viewer(user)

    def build() -> Any:
        return visible(who.user, Complaint, who).where(prepared.is_given(Complaint.id)).select(Complaint.id).tuples()

    return sorted(number for (number,) in prepared.run(("test", *shape(who)), build, ids))


def test_rows_come_as_the_query_itself_gives_them(some: list[int]) -> None:
    queries = {
        "instances": Complaint.select(),
        "tuples": Complaint.select(Complaint.id, Complaint.received_at).tuples(),
        "dicts": Complaint.select(Complaint.number, Complaint.emergency).dicts(),
    }
    for name, query in queries.items():
        given = query.where(prepared.is_given(Complaint.id)).order_by(Complaint.id)
        asked = query.where(Complaint.id.in_(some[:2])).order_by(Complaint.id)
        rows = prepared.run(("test", name), lambda given=given: given, some[:2])
        assert rows == list(asked)
        assert len(rows) == 2


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_however_many_ids_are_asked_for_their_rows_come(some: list[int], count: int) -> None:
    ids = some[:count]
    asked = [Complaint.get_by_id(number) for number in ids]

    def build() -> Any:
        before = Complaint.received_at < prepared.slot("before")  # a value on either side of the ids
        return (
            Complaint.select()
            .where(before & prepared.is_given(Complaint.id) & (Complaint.state != prepared.slot("not")))
            .order_by(Complaint.id)
        )

    later = Complaint.received_at.db_value(now() + timedelta(days=1))
    for given in (ids, [*ids, *ids]):
        assert prepared.run_fixed("test", build, given, before=later, **{"not": ""}) == asked
    assert list(Complaint.select().where(among(Complaint.id, [*ids, *ids])).order_by(Complaint.id)) == asked
    rows = rows_of_tables({Run: [Run.complaint, Run.row_key, Run.ended_at]}, "complaint_id", ids)
    assert {row["complaint"] for row in rows[Run]} == set(ids)


def test_a_single_id_is_no_part_of_the_statement_that_the_driver_has_prepared(
    some: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    statements, execute = [], type(database.obj).execute_sql

    def noted(owner: Any, sql: str, *values: Any, **more: Any) -> Any:
        statements.append(sql)
        return execute(owner, sql, *values, **more)

    who = named("petugas")
    load(some[:1], who, now())  # what is built and cached is so by now
    monkeypatch.setattr(type(database.obj), "execute_sql", noted)
    for number in some[:2]:
        load([number], who, now())
    half = len(statements) // 2
    assert statements[:half] == statements[half:]


def test_each_run_has_values_and_ids_of_its_own(some: list[int]) -> None:
    def build() -> Any:
        received = Complaint.received_at < prepared.slot("before")
        return Complaint.select(Complaint.id).where(received & prepared.is_given(Complaint.id)).tuples()

    def found(ids: list[int], moment: Any) -> list[int]:
        stored = Complaint.received_at.db_value(moment)
        return [number for (number,) in prepared.run(("test", "received"), build, ids, before=stored)]

    later = now() + timedelta(days=1)
    assert found(some[:2], later) == some[:2]
    assert found(some[2:3], later) == some[2:3]
    assert found(some[:2], later - timedelta(days=400)) == []
    assert found([], later) == []


def test_rights_that_change_change_the_query(some: list[int]) -> None:
    assert readable("petugas2", some) == some[:3]
    User.update(secret_registrar=True).where(User.username == "petugas2").execute()
    assert readable("petugas2", some) == some
    User.update(active=False).where(User.username == "petugas2").execute()
    assert readable("petugas2", some) == []


def test_what_is_withheld_is_not_read_by_a_query_of_before(some: list[int]) -> None:
    assert readable("kadis", some) == some
    with withheld_secrets():
        assert readable("kadis", some) == some[:3]
    assert readable("kadis", some) == some


def test_a_user_read_before_a_change_leaves_no_query_to_the_one_read_after_it(some: list[int]) -> None:
    """As in a request that began before the change, and whose page sees the master data of after it."""
    User.update(secret_registrar=True).where(User.username == "petugas2").execute()
    early = named("petugas2")
    User.update(secret_registrar=False).where(User.username == "petugas2").execute()
    readable_by(early, some)
    assert readable("petugas2", some) == some[:3]


def test_accounts_read_before_a_change_leave_no_query_to_those_read_after_it(office: Office) -> None:
    [case] = office.receive()
    office.bring([case], "approve")
    author = office.actor(vocabulary().transitions["submit"], case)
    User.update(nip=NIP).where(User.username.in_(("kadis", author.username))).execute()
    early = named("kadis")
    assert author in viewer(early).accounts
    User.update(nip="").where(User.id == author.id).execute()
    load([case], early, now())
    assert not load([case], named("kadis"), now())[case].is_author
