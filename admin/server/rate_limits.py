"""Rate limits: bounds on the length, body size and cost of requests, and a queue for costly ones.

Counted are seconds of the server, not requests: four tabs opened at once are no abuse. A second in which several
requests run is divided among them, so no user is charged for the work of others.
"""

import math
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, g, has_request_context, request, session
from werkzeug.exceptions import BadRequest, RequestURITooLarge, SecurityError, TooManyRequests

from admin.door.gate import READS, SHORT, SLOT_KINDS, SlotKind, cost_of
from models.imports.refused import MOST_BYTES
from models.sign_in.sign_in_attempts import place_of_address
from models.store import resource_limits
from models.store.resource_limits import AllSlotsTaken, UndeclaredWork, Work


@dataclass(frozen=True)
class Bounds:
    """Limits of a room. The server has eight threads: six for seated requests, two that wait or go on unseated."""

    seats: int = 6
    line: int = 2
    patience: float | None = None  # seconds in line, instead of the kind's own
    long: int = 3  # seats of one person for long work
    long_together: int = 4  # seats of all persons for long work: the others are for short work
    share: float = 15.0  # seconds of the server that one person may use within the window
    window: float = 60.0
    slowed: int = 2  # seats of a person above that share, who may not wait in line either


class Seat:
    """The seat of one request in a room; leaving twice does nothing."""

    def __init__(self, room: "Room", who: str, kind: SlotKind) -> None:
        self._room, self.who, self.kind = room, who, kind
        self.cost = 0.0

    def leave(self) -> None:
        self._room.give_up(self)


class Room:
    """The running and the waiting requests, and what each person has used within the window."""

    def __init__(self, bounds: Bounds | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.bounds, self._clock = bounds or Bounds(), clock
        self._inside: list[Seat] = []
        self._line: list[Seat] = []
        self._done: deque[tuple[float, str, float]] = deque()  # end, person, cost of finished requests
        self._counted, self._changed = clock(), threading.Condition()

    def enter(self, who: str, kind: SlotKind = SHORT) -> Seat | None:
        """A seat, at once or after waiting in line; None if there was none. The caller must leave the seat."""
        seat = Seat(self, who, kind)
        with self._changed:
            self._count()
            if self._may_sit(seat):
                self._inside.append(seat)
            return seat if seat in self._inside or self._has_waited(seat) else None

    def give_up(self, seat: Seat) -> None:
        """Free the seat, or pass it to the first in line who may have it."""
        with self._changed:
            if seat not in self._inside:
                return
            self._count()
            self._inside.remove(seat)
            self._done.append((self._counted, seat.who, seat.cost))
            for waiting in [waiting for waiting in self._line if self._may_sit(waiting)][:1]:
                self._line.remove(waiting)
                self._inside.append(waiting)
                self._changed.notify_all()

    def spent(self, who: str) -> float:
        """Seconds of the server that the person has used within the window, running requests included."""
        ended = sum(cost for _, whose, cost in self._done if whose == who)
        return ended + sum(seat.cost for seat in self._inside if seat.who == who)

    def __len__(self) -> int:
        return len(self._inside)

    @property
    def in_line(self) -> int:
        """How many requests wait."""
        return len(self._line)

    def _count(self) -> None:
        """Divide the time since the last count among the running requests, and drop what is older than the window."""
        last, self._counted = self._counted, self._clock()
        for seat in self._inside:
            seat.cost += (self._counted - last) / len(self._inside)
        while self._done and self._done[0][0] <= self._counted - self.bounds.window:
            self._done.popleft()

    def _has_waited(self, seat: Seat) -> bool:
        """Wait in line; whether that led to a seat, or the work is short and may go on unseated."""
        if self._is_line_full(seat) or self._is_slowed(seat.who):
            return False
        self._line.append(seat)
        patience = seat.kind.patience if self.bounds.patience is None else self.bounds.patience
        if self._changed.wait_for(lambda: seat in self._inside, patience):
            return True
        self._line.remove(seat)
        may_go_on = not seat.kind.long and self._is_allowed(seat)
        if may_go_on:
            self._count()
            self._inside.append(seat)
        return may_go_on

    def _is_line_full(self, seat: Seat) -> bool:
        """Whether no further request may wait; kinds with a line of their own have their own limit."""
        if seat.kind.line:
            alike = _alike(seat, self._line)
            return len(alike) >= seat.kind.line or _count_of(seat.who, alike) >= seat.kind.own
        common = [waiting for waiting in self._line if not waiting.kind.line]
        unseated = max(0, len(self._inside) - self.bounds.seats)
        return len(common) + unseated >= self.bounds.line

    def _may_sit(self, seat: Seat) -> bool:
        """Whether a seat is free and the person may take it."""
        return len(self._inside) < self.bounds.seats and self._is_allowed(seat)

    def _is_allowed(self, seat: Seat) -> bool:
        """Whether the person may take one more seat for work of this kind."""
        if _count_of(seat.who, self._inside) >= self.bounds.slowed and self._is_slowed(seat.who):
            return False
        alike = _alike(seat, self._inside)
        if len(alike) >= seat.kind.together or _count_of(seat.who, alike) >= seat.kind.own:
            return False
        if not seat.kind.long:
            return True
        long = [taken for taken in self._inside if taken.kind.long]
        return len(long) < self.bounds.long_together and _count_of(seat.who, long) < self.bounds.long

    def _is_slowed(self, who: str) -> bool:
        return self.spent(who) >= self.bounds.share


class Quota:
    """How many requests each address has sent within the window, in this process: for pages without sign-in."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._sent: dict[str, deque[float]] = {}  # in the order of the latest request

    def seconds_left(self, who: str, most: int) -> int:
        """Seconds that the address must wait; 0 if it is answered, which is counted."""
        at = self._clock()
        with self._lock:
            self._forget(at - WINDOW)
            times = self._sent.pop(who, deque(maxlen=most))
            self._sent[who] = times
            if len(times) == most and times[0] > at - WINDOW:
                return math.ceil(times[0] + WINDOW - at)
            times.append(at)
            return 0

    def _forget(self, until: float) -> None:
        for who, times in list(self._sent.items()):
            if times[-1] > until and len(self._sent) <= MOST_ADDRESSES:
                break
            del self._sent[who]


def _alike(seat: Seat, among: list[Seat]) -> list[Seat]:
    """The seats of the same kind."""
    return [other for other in among if other.kind is seat.kind]


def _count_of(who: str, seats: list[Seat]) -> int:
    return sum(seat.who == who for seat in seats)


WINDOW, MOST_ADDRESSES = 60.0, 10_000  # of a quota: seconds, and addresses; only an attack has more
LONGEST_PATH = 2_000  # bytes, as are the next two
LONGEST_QUERY = 8_000
ANONYMOUS_BODY = 64 * 1024  # of requests that are not signed in: enough to sign in
TABLES = frozenset({"impor.taken"})  # imports a table, which may be larger than evidence
OF_TABLE = MOST_BYTES + 1024 * 1024  # bytes: a slightly larger file is refused by the page itself
# Sign-in: password hashes of all requests that are not signed in together, from any number of addresses.
HASHING, WAITING = 2, 2
SIGN_IN_BOUNDS = Bounds(seats=HASHING, line=WAITING, patience=5.0, share=float("inf"))
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
SOON = 3  # seconds
FILES = "multipart/form-data"


def install(app: Flask) -> None:
    """Check the limits before any other work is done for a request."""
    reset_rooms(app)
    app.before_request(_refuse)
    app.after_request(_leave)
    app.teardown_request(_end)
    app.register_error_handler(AllSlotsTaken, lambda _: app.handle_http_exception(TooManyRequests(retry_after=SOON)))


def reset_rooms(app: Flask) -> None:
    app.extensions["costly"], app.extensions["at_the_door"] = Room(), Room(SIGN_IN_BOUNDS)
    app.extensions["quota"] = Quota()


def _refuse() -> None:
    if isinstance(request.routing_exception, SecurityError):
        sentence = "Alamat %r ditolak. Bila memang alamat panel ini, tambahkan namanya pada TRUSTED_HOSTS."
        current_app.logger.warning(sentence, request.headers.get("Host", "")[:100])
        raise request.routing_exception
    if len(request.environ.get("PATH_INFO", "")) > LONGEST_PATH or len(request.query_string) > LONGEST_QUERY:
        raise RequestURITooLarge
    cost = cost_of(current_app, request.endpoint) or READS
    if request.method in UNSAFE:
        request.max_content_length = _longest_body(cost.most)
    if cost.rate:
        _refuse_beyond_quota(cost.rate)
    g.works, g.seats = cost.works, {}
    resource_limits.set_admission_rule(_begin)
    is_asked = not cost.asked_by or any(request.args.get(blank) for blank in cost.asked_by)
    if cost.seat and is_asked and not _takes_seat(cost.seat):
        raise TooManyRequests(retry_after=SOON)


def _refuse_beyond_quota(rate: int) -> None:
    """Refuse what an address asks of this page too often."""
    quota: Quota = current_app.extensions["quota"]
    who = f"{request.endpoint} {place_of_address(request.remote_addr)}"
    if seconds := quota.seconds_left(who, rate):
        raise TooManyRequests(retry_after=seconds)


def _longest_body(most_files: int) -> int:
    """Bytes that the body may have: files come as multipart only, other forms are parsed in memory."""
    files = request.mimetype == FILES
    if not is_known():
        return ANONYMOUS_BODY + most_files * files
    if files and request.endpoint in TABLES:
        return OF_TABLE
    usual = int(current_app.config["MAX_CONTENT_LENGTH" if files else "MAX_FORM_MEMORY_SIZE"])
    return max(usual, most_files) if files else usual


def refuse_nameless_parts() -> None:
    """Refuse multipart parts without a name: no browser sends them, and code that reads the names would fail.

    Reads the whole body, so it runs once the database is open: the page about a body that is too large then has the
    user's frame.
    """
    if request.method in UNSAFE and request.mimetype == FILES and (None in request.form or None in request.files):
        raise BadRequest


def is_known() -> bool:
    """Whether the cookie is of a signed-in user. Whether that session has ended is checked later."""
    return "_user_id" in session


def _begin(work: Work) -> None:
    """Take a seat for declared work before it begins; the request keeps it until it ends. Work outside a request needs
    none."""
    if not has_request_context():
        return
    if work not in g.works:
        raise UndeclaredWork(f"{request.endpoint} does {work} and does not say so")
    kind = SLOT_KINDS[work]
    is_seated = bool(g.seats) if kind is SHORT else kind.name in g.seats
    if not is_seated and not _takes_seat(kind):
        raise AllSlotsTaken(work)


def _takes_seat(kind: SlotKind) -> bool:
    """Whether the request got a seat, waiting in line if needed."""
    rooms = current_app.extensions
    if kind is SLOT_KINDS[Work.HASH] and not is_known():
        seat = rooms["at_the_door"].enter(_caller())
    else:
        seat = rooms["costly"].enter(_caller(), kind)
    if seat:
        g.seats[kind.name] = seat
    return bool(seat)


def _caller() -> str:
    """Whose share is charged: the user's id over all sessions, or the address of a request that is not signed in."""
    return str(session["_user_id"]).partition(".")[0] if is_known() else str(request.remote_addr)


def _leave(answer: Response) -> Response:
    """Give up the seats now, or after the last part of a streamed response."""
    seats: list[Seat] = list(g.get("seats", {}).values())
    if seats and answer.is_streamed:
        g.is_streaming, parts = True, answer.response
        answer.response = _seated_while_streaming(parts, seats)
        for seat in seats:
            answer.call_on_close(seat.leave)  # for a stream that never starts, as for HEAD
        answer.call_on_close(getattr(parts, "close", seats[0].leave))
    else:
        _give_up_seats()
    return answer


def _seated_while_streaming(parts: Iterable[Any], seats: list[Seat]) -> Iterator[Any]:
    try:
        yield from parts
    finally:
        for seat in seats:
            seat.leave()


def _end(_: BaseException | None) -> None:
    resource_limits.set_admission_rule(None)
    if not g.get("is_streaming"):
        _give_up_seats()


def _give_up_seats() -> None:
    for seat in g.pop("seats", {}).values():
        seat.leave()
