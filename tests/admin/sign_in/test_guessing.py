"""A password is guessed: in one process or in four, the guesser waits, others come in, and its owner reads of it."""

import multiprocessing
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from admin.sign_in import signin
from models.sign_in import sign_in_attempts
from models.sign_in.sign_in_attempts import ANY_NAME_AT_PLACE, NAME_AT_PLACE, wait_sentence
from models.store import sqlite
from models.store.base import database, now
from tests.admin.doors import Visitor, panel_on, words
from tests.office import PASSWORD
from tests.patience import LONGEST

DESK, AWAY = "192.0.2.7", "198.51.100.9"
WORKERS, THREADS, EACH = 4, 4, 50  # no more threads than may stand at the door at one time
SPAWN = multiprocessing.get_context("spawn")


class Counting:
    """Counts the hashes that it computes."""

    def __init__(self) -> None:
        self.count, self._verify = 0, signin._hasher.verify

    def verify(self, *pair: str) -> bool:
        self.count += 1
        return self._verify(*pair)


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> Counting:
    counting = Counting()
    monkeypatch.setattr(signin, "_hasher", counting)
    return counting


def test_a_guessed_password_is_reported_to_its_owner_at_sign_in(at, panel, hashes, monkeypatch):
    """The story: somebody tries at night from elsewhere; in the morning the owner comes in at his desk and reads it."""
    owner, thief = Visitor(panel, REMOTE_ADDR=DESK), Visitor(panel, REMOTE_ADDR=AWAY)
    assert owner.sign_in("petugas").status_code == 303
    owner.post("/keluar")
    hashes.count = 0
    answers = [thief.sign_in("petugas", f"tebakan {n}") for n in range(20)]
    assert [answer.status_code for answer in answers] == [200] * NAME_AT_PLACE.free + [429] * (20 - NAME_AT_PLACE.free)
    assert hashes.count == NAME_AT_PLACE.free
    refused = answers[-1]
    assert wait_sentence(int(refused.headers["Retry-After"])) in words(refused.text)
    assert 'value="petugas"' in refused.text
    assert "tebakan" not in refused.text
    assert thief.sign_in("petugas", PASSWORD).status_code == 429  # even the right one waits
    assert owner.sign_in("petugas").status_code == 303
    assert f"{NAME_AT_PLACE.free} kali gagal masuk dengan nama pengguna Anda sejak " in owner.text("/")
    assert "kali gagal masuk" not in owner.text("/")
    later = now() + timedelta(seconds=int(refused.headers["Retry-After"]) + 1)
    monkeypatch.setattr(sign_in_attempts, "now", lambda: later)
    assert thief.sign_in("petugas", PASSWORD).status_code == 303  # a right one after a short wait


def test_an_unknown_name_waits_like_a_known_one(panel, hashes):
    """Neither the answers nor the hashes show who is on the staff."""
    seen = {}
    for name, address in (("petugas", AWAY), ("tidak.ada", DESK)):
        visitor, hashes.count = Visitor(panel, REMOTE_ADDR=address), 0
        answers = [visitor.sign_in(name, "salah sekali") for _ in range(8)]
        bodies = [words(answer.text).replace(name, "") for answer in answers]
        seen[name] = [(answer.status_code, body) for answer, body in zip(answers, bodies, strict=True)], hashes.count
    counted = {hashed for _, hashed in seen.values()}
    assert counted == {NAME_AT_PLACE.free}
    codes = [[code for code, _ in answers] for answers, _ in seen.values()]
    assert codes[0] == codes[1]
    assert seen["petugas"][0][0] == seen["tidak.ada"][0][0]


def test_the_old_password_on_one_s_own_page_is_guessed_no_faster(at, hashes):
    visitor, new = at("kadis"), "kuda biru makan awan"
    hashes.count = 0
    answers = [visitor.post("/akun/", old=f"tebakan {n}", password=new, repeat=new) for n in range(12)]
    assert {answer.status_code for answer in answers} == {422}
    assert hashes.count == NAME_AT_PLACE.free
    assert "Tunggu " in words(answers[-1].text)


def fill_disk() -> None:
    """From now on this process can only read its database."""
    connect = sqlite.GuardedSqlite._connect

    def connected(of: sqlite.GuardedSqlite) -> Any:
        connection = connect(of)
        connection.set_authorizer(None)
        connection.execute("PRAGMA query_only = 1")
        return connection

    sqlite.GuardedSqlite._connect = connected


def guesser(path: Path, spread: bool, full: bool, at: datetime, number: int, gate: Any, results: Any) -> None:
    """One worker of the panel with four threads, each of which tries as fast as it is answered.

    Its clock stands: on a busy machine no wait is over before all have tried.
    """
    sign_in_attempts.now = lambda: at
    sqlite.PATIENCE = LONGEST
    hashes = signin._hasher = Counting()
    app = panel_on(path)
    if full:
        fill_disk()
    visitors = [(one, one.token()) for one in (Visitor(app, REMOTE_ADDR=AWAY) for _ in range(THREADS))]
    gate.wait()

    def knock(thread: int) -> list[int]:
        visitor, token = visitors[thread]
        codes = []
        for n in range(thread, EACH, THREADS):
            name = f"nama{number}.{n}" if spread else "petugas"
            sent = {"csrf_token": token, "username": name, "password": f"tebakan {n}"}
            codes.append(visitor.client.post("/masuk", data=sent).status_code)
        return codes

    with ThreadPoolExecutor(THREADS) as threads:
        codes = [code for each in threads.map(knock, range(THREADS)) for code in each]
    others = [Visitor(app, REMOTE_ADDR=DESK).sign_in(name).status_code for name in ("petugas", "kadis")]
    results.put((hashes.count - len(others), Counter(codes), others))


@pytest.mark.parametrize("spread", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["one name", "many names"])
def test_two_hundred_tries_at_four_workers_at_once_cost_ten_hashes_and_others_come_in(office, spread):
    cost_of_two_hundred_tries(office, spread)


@pytest.mark.soak
@pytest.mark.only("sqlite")
@pytest.mark.parametrize("spread", [False, True], ids=["one name", "many names"])
def test_they_cost_no_more_on_a_full_disk(office, spread):
    cost_of_two_hundred_tries(office, spread, full=True)


def cost_of_two_hundred_tries(office, spread, *, full=False):
    gate, results = SPAWN.Barrier(WORKERS), SPAWN.Queue()
    database.close_all()
    arguments = (office.path, spread, full, now())
    people = [SPAWN.Process(target=guesser, args=(*arguments, n, gate, results)) for n in range(WORKERS)]
    for one in people:
        one.start()
    outcomes = [results.get(timeout=LONGEST) for _ in people]
    for one in people:
        one.join(timeout=LONGEST)
    database.connect()
    codes = sum((counted for _, counted, _ in outcomes), Counter())
    most = ANY_NAME_AT_PLACE.free if spread else NAME_AT_PLACE.free
    assert [others for *_, others in outcomes] == [[303, 303]] * WORKERS
    assert codes == {200: most, 429: WORKERS * EACH - most}
    assert sum(hashed for hashed, _, _ in outcomes) == most <= 10
    results.close()
    results.join_thread()
