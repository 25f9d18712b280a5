"""The digest: equal for two databases that say the same, different as soon as any value says something else."""

import pytest

from models import digest
from models.case.access_notes import note
from models.case.case import load
from models.complaint import event
from models.complaint.complaint import Person
from models.complaint.event import Event
from models.office.people import User
from models.store import seal
from models.store.base import all_models, database
from sop.vocabulary import CLOSED, vocabulary
from tests.models.behind import another, unguarded
from tests.office import ENGINES, Office, build, copied, opened, outside
from tests.patience import cpu_within


def played(template, folder) -> str:
    """Some work on a fresh copy; its digest."""
    folder.mkdir()
    path = copied(template, folder)
    with opened(path):
        office = Office.at_work(path)
        [case] = office.receive(persons={"pengadu": {"name": "Siti", "nik": "9973010101010001", "phone": "0812"}})
        office.do([case], "correct", new_value={"pengadu.phone": "0813"})
        office.bring([case], CLOSED)
        return office.digest()


@pytest.fixture
def worked(office):
    office.bring(office.receive(2, persons={"pengadu": {"name": "Siti", "nik": "1", "phone": "0812"}}), "approve")
    return office


def test_the_same_work_under_other_nonces_and_case_keys_has_the_same_digest(template, tmp_path):
    assert played(template, tmp_path / "one") == played(template, tmp_path / "two")


@pytest.mark.slow("works on PostgreSQL, too")
def test_the_same_work_has_the_same_digest_on_both_databases(tmp_path):
    said = []
    for engine in ENGINES:
        (tmp_path / engine).mkdir()
        said.append(played(build(tmp_path / engine, engine), tmp_path / f"{engine} at work"))
    assert said[0] == said[1]


def test_reading_does_not_change_the_digest(worked):
    before = worked.digest()
    assert worked.digest() == before
    note(load([1], worked["kadis"], worked.at)[1])
    assert worked.digest() == before


@pytest.mark.slow("takes a digest for every value of every table")
def test_any_changed_value_of_any_row_changes_it(worked):
    for state, _ in vocabulary().states.items():
        worked.bring(worked.receive(), state)
    before, covered = worked.digest(), set()
    with unguarded(worked.path) as raw:
        for model in all_models():
            if model.in_digest and model.select().exists():
                covered.add(model._meta.table_name)
                for sql, values, back in changes(raw, model):
                    raw.execute(sql, values)
                    assert worked.digest() != before, (sql, values)
                    raw.execute(sql, back)
    assert worked.digest() == before
    assert {"complaint", "person", "run", "pause", "number", "event", "paper", "user", "holiday"} <= covered


def changes(raw, model):
    """For every digested column of a table's last row: an UPDATE, its values, and those that put it back."""
    table, key = model._meta.table_name, model._meta.primary_key
    for field in model._meta.sorted_fields:
        if field is not key and field.name not in model.not_digested:
            column, last = field.column_name, f'"{key.column_name}" DESC LIMIT 1'
            [(row, value)] = raw.execute(f'SELECT "{key.column_name}", "{column}" FROM "{table}" ORDER BY {last}')
            sql = f'UPDATE "{table}" SET "{column}" = ? WHERE "{key.column_name}" = ?'
            yield sql, (another(value, field), row), (value, row)


def test_a_row_less_changes_it(worked):
    before = worked.digest()
    with outside(worked.path) as raw:
        raw.execute("DELETE FROM holiday WHERE id = (SELECT max(id) FROM holiday)")
    assert worked.digest() != before


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


@pytest.mark.slow("is about many entries")
def test_twenty_thousand_entries_take_a_few_seconds(office):
    [case] = office.receive()
    row = {
        "at": office.at,
        "user": office["petugas"].id,
        "who": "Rina",
        "complaint": case,
        "act": "supplement",
        "body": {"blanks": {"Keterangan": "x" * 200}, "papers": [{"kind": "form", "public_id": "x"}]},
    }
    with database.atomic():
        event.append([row] * 20_000, event.open_seals([case]))
    with cpu_within(5):
        digest.digest()
    assert Event.select().count() == 20_001
