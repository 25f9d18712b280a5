"""The digest: equal for two databases that say the same, different as soon as any value says something else."""

import random
import time

import pytest
from peewee import sqlite3

from models import digest, event, seal
from models.base import all_models, database, insert_rows
from models.complaint import Complaint, Person
from models.event import Event
from models.people import User
from sop import flow
from tests.office import Office, copied, opened


def played(template, folder) -> str:
    """Some work on a fresh copy; its digest."""
    folder.mkdir()
    path = copied(template, folder)
    with opened(path):
        office = Office.at_work(path)
        [case] = office.receive(persons={"pengadu": {"name": "Siti", "nik": "3573010101010001", "phone": "0812"}})
        office.do([case], "correct", field="pengadu.phone", new_value="0813")
        office.bring([case], flow.CLOSED)
        return office.digest()


@pytest.fixture
def worked(office):
    office.bring(office.receive(2, persons={"pengadu": {"name": "Siti", "nik": "1", "phone": "0812"}}), "approve")
    return office


def test_the_same_work_under_other_nonces_and_case_keys_has_the_same_digest(template, tmp_path):
    assert played(template, tmp_path / "one") == played(template, tmp_path / "two")


def test_looking_leaves_the_digest_as_it_is(worked):
    before = worked.digest()
    assert worked.digest() == before
    from models.case import load
    from models.seen import note

    note(load([1], worked["kadis"], worked.at)[1])
    assert worked.digest() == before


@pytest.mark.parametrize("model", [m for m in all_models() if m.kept_by_digest], ids=lambda m: m._meta.table_name)
def test_any_changed_value_changes_it(worked, model):
    if not model.select().exists():
        pytest.skip("nothing there to change")
    before, raw = worked.digest(), sqlite3.connect(worked.path)
    raw.execute("PRAGMA foreign_keys = 0")
    for (name,) in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        raw.execute(f'DROP TRIGGER "{name}"')
    table, key = model._meta.table_name, model._meta.primary_key
    for field in model._meta.sorted_fields:
        if field is key or field.name in model.not_digested:
            continue
        column = field.column_name
        [row] = raw.execute(f'SELECT "{key.column_name}", "{column}" FROM "{table}" LIMIT 1')
        raw.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE "{key.column_name}" = ?', (other(row[1]), row[0]))
        raw.commit()
        assert worked.digest() != before, (table, column)
        raw.execute(f'UPDATE "{table}" SET "{column}" = ? WHERE "{key.column_name}" = ?', (row[1], row[0]))
        raw.commit()
    raw.execute(f'DELETE FROM "{table}" WHERE rowid = (SELECT MAX(rowid) FROM "{table}")')
    raw.commit()
    raw.close()
    assert worked.digest() != before


def other(value):
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1]) + value[1:]
    if isinstance(value, int):
        return value + 1_000_000
    return "lain" if value is None else f"{value}x"


def test_a_sealed_value_counts_by_what_it_says(worked):
    before = worked.digest()
    person = Person.get(complaint=1)
    sealed = event.open_seals([1])[1]
    Person.update(phone=sealed.close_text("pengadu.phone", "0812")).where(Person.id == person).execute()
    assert worked.digest() == before
    Person.update(phone=sealed.close_text("pengadu.phone", "0813")).where(Person.id == person).execute()
    assert worked.digest() != before


def test_a_password_is_no_part_of_it(worked):
    before = worked.digest()
    User.update(password_hash="x").where(User.username == "kadis").execute()
    assert worked.digest() == before
    User.update(name="x").where(User.username == "kadis").execute()
    assert worked.digest() != before


def test_under_another_key_it_is_another_one_and_not_an_error(worked):
    before = worked.digest()
    seal.install(bytes(32))
    assert worked.digest() != before


def test_twenty_thousand_entries_take_a_few_seconds(office):
    [case] = office.receive()
    row = {"at": office.at, "user": office["petugas"].id, "who": "Rina", "complaint": case, "act": "supplement",
           "body": {"blanks": {"Keterangan": "x" * 200}, "papers": [{"kind": "form", "public_id": "x"}]}}  # fmt: skip
    with database.atomic():
        event.append([row] * 20_000, event.open_seals([case]))
    begun = time.perf_counter()
    digest.digest()
    assert time.perf_counter() - begun < 5
    assert Event.select().count() == 20_001


def test_the_order_in_which_rows_lie_does_not_matter(worked):
    before, chance = worked.digest(), random.Random(1)
    rows = list(User.select().dicts())
    assert chance.random() < 1
    assert len(rows) == len(worked.people)
    assert insert_rows(User, []) is None
    assert Complaint.select().count() == 2
    assert worked.digest() == before
