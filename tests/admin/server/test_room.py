"""The room of costly work: no ordinary user is refused, one who floods is, and the others do not notice."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask, request, session

from admin.door import gate as cost
from admin.server import rate_limits
from admin.server.rate_limits import Bounds, Room
from tests.admin.serving import ThreadedServer
from tests.patience import LONGEST, wait_until

pytestmark = pytest.mark.only("sqlite")  # about threads; the database has no part in it

AT_ONCE = Bounds(patience=0.0)
SHORT, LONG = "/?search=x", "/export"
Ask = Callable[[str, str], int]


class Clock:
    """Time that passes when the test says so."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_six_sit_two_stand_and_no_more_fit_in() -> None:
    room = Room(AT_ONCE)
    seats = [room.enter(f"orang {n}") for n in range(9)]
    assert [bool(seat) for seat in seats] == [True] * 8 + [False]
    for seat in seats[:8]:
        seat.leave()
        seat.leave()  # twice is once
    assert len(room) == 0


def test_what_takes_long_leaves_seats_for_what_is_short() -> None:
    room = Room(AT_ONCE)
    asked = [*["a"] * 4, "b", "b"]
    assert [bool(room.enter(who, cost.LONG)) for who in asked] == [True, True, True, False, True, False]
    assert room.enter("c")
    assert room.enter("a")


def test_a_second_in_which_several_are_inside_is_shared_among_them() -> None:
    clock = Clock()
    room = Room(clock=clock)
    one = room.enter("a")
    clock.seconds = 2.0
    other = room.enter("b")
    clock.seconds = 6.0
    one.leave()
    clock.seconds = 7.0
    other.leave()
    assert (room.spent("a"), room.spent("b")) == (4.0, 3.0)


def test_a_person_above_the_share_has_two_seats_until_the_window_ends() -> None:
    clock, bounds = Clock(), Bounds(patience=0.0)
    room = Room(bounds, clock)
    seat = room.enter("a")
    clock.seconds = bounds.share
    seat.leave()
    assert [bool(room.enter("a")) for _ in range(3)] == [True, True, False]
    assert [bool(room.enter("b")) for _ in range(4)] == [True] * 4
    clock.seconds += bounds.window
    assert room.enter("c")  # counts anew
    assert room.spent("a") == pytest.approx(bounds.window * 2 / 6)  # of the two that are still inside, of six


def test_what_still_runs_counts_as_well() -> None:
    clock, bounds = Clock(), Bounds()
    room = Room(bounds, clock)
    room.enter("a")
    clock.seconds = bounds.share
    assert room.enter("a")
    assert not room.enter("a")


def test_who_waits_gets_the_first_seat_that_is_given_up_before_any_newcomer() -> None:
    room = Room(Bounds(patience=LONGEST))
    seats = [room.enter("a") for _ in range(6)]
    got: list[object] = []
    thread = threading.Thread(target=lambda: got.append(room.enter("b")))
    thread.start()
    wait_until(lambda: room._line)
    seats[0].leave()
    assert len(room) == 6
    thread.join(LONGEST)
    assert got[0]


# With the server itself


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Flask, Ask]]:
    """A small app behind the panel's limits on the panel's server; asks as somebody for an address."""
    app = Flask("small")
    app.config.update(SECRET_KEY="for tests only", HOST="127.0.0.1", PORT=0, MAX_CONTENT_LENGTH=1_000, VAR_DIR=tmp_path)
    app.before_request(lambda: session.update(_user_id=request.headers["X-Who"]))
    rate_limits.install(app)
    for address, costly in (("/", cost.SEARCHES), (LONG, cost.READS_MUCH)):
        app.add_url_rule(address, address, cost.costs(costly)(lambda: time.sleep(0.01) or "done"))
    running = ThreadedServer(app)

    def ask(who: str, address: str) -> int:
        line = http.client.HTTPConnection("127.0.0.1", app.config["PORT"], timeout=LONGEST)
        line.request("GET", address, headers={"X-Who": who})
        code = line.getresponse().status
        line.close()
        return code

    yield app, ask
    assert running.finish() == 0


def at_once(ask: Ask, people: list[str]) -> Counter[int]:
    """Each of these asks at the same moment."""
    gate = threading.Barrier(len(people))

    def go(who: str) -> int:
        gate.wait(LONGEST)
        return ask(who, SHORT)

    with ThreadPoolExecutor(len(people)) as threads:
        return Counter(threads.map(go, people))


def test_eight_people_who_search_three_times_at_once_are_all_answered(served: tuple[Flask, Ask]) -> None:
    _, ask = served
    assert at_once(ask, [f"orang {n}" for n in range(8)] * 3) == {200: 24}


def test_four_tabs_of_one_person_are_all_answered(served: tuple[Flask, Ask]) -> None:
    _, ask = served
    assert at_once(ask, ["orang"] * 12) == {200: 12}


@pytest.mark.parametrize("address", [SHORT, LONG])
def test_a_person_who_floods_is_refused_and_a_colleague_is_not(served: tuple[Flask, Ask], address: str) -> None:
    app, ask = served
    app.extensions["costly"] = Room(Bounds(share=0.05))
    ended, codes = threading.Event(), Counter[int]()

    def flood() -> None:
        while not ended.is_set():
            codes[ask("banjir", address)] += 1

    with ThreadPoolExecutor(12) as threads:
        floods = [threads.submit(flood) for _ in range(12)]
        wait_until(lambda: codes[429] > 12)
        colleague = {ask("rekan", address) for address in (SHORT, LONG) * 5}
        ended.set()
        for one in floods:
            one.result()
    assert colleague == {200}
