"""What an act has brought is its own session's, lies sealed, and is gone after a day or with the session."""

from datetime import timedelta

import pytest

from models.sign_in import session
from models.sign_in.session import BY_ONESELF, REOPENED, SessionResult, end, result_of, store_result
from models.store.base import now
from tests.models.sign_in.test_session import begun
from tests.office import Office

CONTENT = [["approve-7-note", "Segera sampaikan ke keluarga."]]


def test_only_its_own_session_and_its_own_page_are_given_it_and_it_lies_sealed(office: Office) -> None:
    (_, mine), (_, other) = begun(office), begun(office)
    public_id = store_result(mine.digest, "meja/approve", CONTENT, now())
    assert result_of(mine.digest, "meja/approve", public_id, now()) == CONTENT
    assert result_of(other.digest, "meja/approve", public_id, now()) is None
    assert result_of(mine.digest, "meja/dispose", public_id, now()) is None
    assert result_of(mine.digest, "meja/approve", "lain", now()) is None
    assert b"keluarga" not in bytes(SessionResult.get().content)


def test_it_is_gone_after_a_day_and_the_next_one_clears_it_away(office: Office) -> None:
    _, row = begun(office)
    public_id, at = store_result(row.digest, "meja/approve", CONTENT, now()), now()
    assert (
        result_of(row.digest, "meja/approve", public_id, at + session.RESULT_RETENTION - timedelta(minutes=1))
        == CONTENT
    )
    assert result_of(row.digest, "meja/approve", public_id, at + session.RESULT_RETENTION) is None
    store_result(row.digest, "meja/approve", CONTENT, at + session.RESULT_RETENTION)
    assert SessionResult.select().where(SessionResult.public_id == public_id).count() == 0


@pytest.mark.parametrize(("why", "left"), [(BY_ONESELF, 0), (REOPENED, 1)])
def test_it_goes_with_its_session_but_not_with_one_that_its_person_opens_again(
    office: Office, why: str, left: int
) -> None:
    _, row = begun(office)
    public_id = store_result(row.digest, "meja/approve", CONTENT, now())
    end([row], by=office["petugas"], why=why, at=now())
    assert SessionResult.select().count() == left
    session.move_results(row.digest, "next")
    assert (result_of("next", "meja/approve", public_id, now()) == CONTENT) is bool(left)
