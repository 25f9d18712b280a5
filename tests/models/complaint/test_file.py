"""The reserve: a file that never grows, returns its records in order, and is emptied as a whole."""

import threading
from pathlib import Path

import pytest

from models.complaint.accesslog_reserve import TOKEN, Reserve, ReserveFull
from tests.patience import LONGEST


@pytest.fixture
def reserve(tmp_path: Path) -> Reserve:
    return Reserve(tmp_path / "reserve", size=4096)


def test_records_are_read_in_order_also_by_the_next_process(reserve: Reserve) -> None:
    records = [bytes([n]) * (n * 7 + 1) for n in range(20)]
    for record in records:
        reserve.put(record)
    assert reserve.records() == records
    assert Reserve(reserve.path).records() == records


def test_the_file_is_preallocated_and_never_grows(reserve: Reserve) -> None:
    assert reserve.path.stat().st_blocks * 512 >= reserve.size
    most = (reserve.size - TOKEN - 4) // 104
    for _ in range(most):
        reserve.put(b"x" * 100)
    with pytest.raises(ReserveFull):
        reserve.put(b"x" * 100)
    assert reserve.path.stat().st_size == reserve.size
    assert len(reserve.records()) == most
    reserve.put(b"x")  # less still fits


def test_emptying_renews_the_token(reserve: Reserve) -> None:
    reserve.put(b"before" * 50)
    token = reserve.token
    reserve.empty()
    assert (reserve.records(), reserve.token == token) == ([], False)
    reserve.put(b"after")
    assert reserve.records() == [b"after"]


def test_an_interrupted_emptying_leaves_no_token_under_which_later_records_would_count_as_moved(
    reserve: Reserve, monkeypatch: pytest.MonkeyPatch
) -> None:
    reserve.put(b"before")
    token = reserve.token
    with monkeypatch.context() as killed:
        killed.setattr(
            "models.complaint.accesslog_reserve.secrets.token_bytes",
            lambda _: (_ for _ in ()).throw(KeyboardInterrupt()),
        )
        with pytest.raises(KeyboardInterrupt):
            reserve.empty()
    again = Reserve(reserve.path)
    again.put(b"after")
    assert (again.records(), again.token == token) == ([b"after"], False)


def test_the_file_is_readable_by_its_owner_alone(reserve: Reserve) -> None:
    assert reserve.path.stat().st_mode & 0o077 == 0


def test_a_locked_file_makes_other_processes_wait(reserve: Reserve) -> None:
    other = threading.Thread(target=reserve.put, args=(b"later",))
    with reserve.locked():
        other.start()
        assert reserve.records() == []
        reserve.put(b"first")
    other.join(LONGEST)
    assert reserve.records() == [b"first", b"later"]


def test_without_space_there_is_no_file_and_nothing_can_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.posix_fallocate", full)
    none = Reserve(tmp_path / "reserve")
    assert (none.records(), [*tmp_path.iterdir()]) == ([], [])
    with pytest.raises(ReserveFull):
        none.put(b"x")
