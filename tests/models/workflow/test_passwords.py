"""A password not set by the panel does not sign in and is reported; earlier ones count as set by it."""

import logging

import pytest

from admin.sign_in.passwords import save_password
from admin.sign_in.signin import check_password
from models import schema
from models.complaint.event import append_written
from models.office.people import User
from models.store.base import database
from models.store.rowhash import record_hashes_before_change
from models.workflow.proof import prove_existing_rows, verified
from tests.models.behind import unguarded
from tests.office import PASSWORD, Office, hash_quickly, owner_url_of, url_of

THIEF, NEW = "kata sandi si pencuri", "kuda biru makan awan"
pytestmark = pytest.mark.nightly(engine=("postgresql",))
SWAP = """UPDATE "user" SET password_hash = '{}' WHERE username = 'kadis'"""


@pytest.fixture
def proven(office: Office) -> Office:
    office.receive()
    prove_existing_rows()
    assert verified()[1] == []
    return office


def kadis() -> User:
    person: User = User.get(User.username == "kadis")
    return person


def swap(office: Office, hashed: str, more: str = "") -> None:
    with unguarded(office.path) as raw:
        raw.execute(SWAP.format(hashed))
        if more:
            raw.execute(more)


WAYS: dict[str, str] = {
    "the hash alone": "",
    "without a mark": """UPDATE "user" SET password_mark = '' WHERE username = 'kadis'""",
    "with another's mark": """UPDATE "user" SET password_mark = (SELECT u.password_mark FROM "user" u WHERE
        u.username = 'petugas') WHERE username = 'kadis'""",
}


@pytest.mark.nightly(way=("without a mark", "with another's mark"))
@pytest.mark.parametrize("way", WAYS)
def test_a_password_hash_written_into_the_database_does_not_sign_in_and_is_reported(
    proven: Office, caplog: pytest.LogCaptureFixture, way: str
) -> None:
    swap(proven, hash_quickly(THIEF), WAYS[way])
    with caplog.at_level(logging.WARNING):
        assert not check_password(kadis(), THIEF)
    assert f"the password of user {kadis().id} was not set by the panel" in caplog.text
    assert verified()[1] == [f"Baris nomor {kadis().id} pada tabel Pengguna telah berubah."]


def test_the_hash_and_mark_of_another_user_do_not_sign_in_either(proven: Office) -> None:
    """A user who knows one password of the office copies its hash to another account."""
    with unguarded(proven.path) as raw:
        raw.execute(
            """UPDATE "user" SET (password_hash, password_mark) = (SELECT u.password_hash, u.password_mark FROM "user" u
            WHERE u.username = 'petugas') WHERE username = 'kadis'"""
        )
    assert not check_password(kadis(), PASSWORD)
    assert verified()[1]


def test_a_password_set_again_by_the_panel_signs_in_and_is_intact(proven: Office) -> None:
    save_password(kadis(), hash_quickly(NEW), what="mengganti kata sandinya")
    assert check_password(kadis(), NEW)
    assert verified()[1] == []
    swap(proven, hash_quickly(THIEF))
    save_password(kadis(), hash_quickly(NEW), what="membuat kata sandinya lewat tautan")
    assert (check_password(kadis(), NEW), verified()[1]) == (True, [])


def test_what_stood_before_passwords_were_marked_counts_as_it_is(proven: Office) -> None:
    office = proven
    with database.atomic():
        record_hashes_before_change(User, [person.id for person in User.select()])
        User.update(password_mark="").execute()
        append_written()
    with unguarded(office.path) as raw:
        raw.execute("""ALTER TABLE "user" DROP COLUMN password_mark""")
        raw.execute("DELETE FROM migration WHERE name LIKE '0021%'")
    database.close()
    assert schema.prepare(url_of(office.path), owner_url=owner_url_of(office.path)) == ["0021_password_mark"]
    database.connect(reuse_if_open=True)
    assert verified()[1] == []
    assert check_password(kadis(), PASSWORD)
    swap(office, hash_quickly(THIEF))
    assert len(verified()[1]) == 1
