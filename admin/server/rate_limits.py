"""Rate limits: how long, large and costly a request may be, and who waits for a seat.

What is counted is seconds of the server, not requests: whoever opens four tabs at once has done no harm yet. A second
in which several are inside is shared among them, so nobody pays for what others ask.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask, Response, current_app, g, has_request_context, request, session
from werkzeug.exceptions import BadRequest, RequestURITooLarge, SecurityError, TooManyRequests

from admin.door.gate import READS, SEATS, SHORT, SeatKind, cost_of
from models.imports.refused import MOST_BYTES
from models.store import bounded
from models.store.bounded import Crowded, Undeclared, Work


@dataclass(frozen=True)
class Bounds:
    """How much fits in. The server has eight threads: six sit, and two wait for a seat or stand."""

    seats: int = 6
    line: int = 2
    patience: float | None = None  # seconds in line, in place of what its kind says
    long: int = 3  # places of one person for what may take long
    long_together: int = 4  # of all for it: the other seats are for what is short
    share: float = 15.0  # seconds of the server that one person may cost within the window
    window: float = 60.0
    slowed: int = 2  # places of whoever has cost more; he does not wait in line either


class Seat:
    """One person's place in the room, given up once."""

    def __init__(self, room: "Room", who: str, kind: SeatKind) -> None:
        self._room, self.who, self.kind = room, who, kind
        self.cost = 0.0

    def leave(self) -> None:
        self._room.give_up(self)


class Room:
    """Who is inside, who waits, and what each has cost within the window."""

    def __init__(self, bounds: Bounds | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.bounds, self._clock = bounds or Bounds(), clock
        self._inside: list[Seat] = []
        self._line: list[Seat] = []
        self._done: deque[tuple[float, str, float]] = deque()  # when it ended, whose it was, what it cost
        self._counted, self._changed = clock(), threading.Condition()

    def enter(self, who: str, kind: SeatKind = SHORT) -> Seat | None:
        """A place, at once or after a short wait; None if there was none. Whoever got one must leave it."""
        seat = Seat(self, who, kind)
        with self._changed:
            self._count()
            if self._may_sit(seat):
                self._inside.append(seat)
            return seat if seat in self._inside or self._has_waited(seat) else None

    def give_up(self, seat: Seat) -> None:
        """The place is free again, or at once that of whoever stands first in line and may have it."""
        with self._changed:
            if seat not in self._inside:
                return
            self._count()
            self._inside.remove(seat)
            self._done.append((self._counted, seat.who, seat.cost))
            for one in [one for one in self._line if self._may_sit(one)][:1]:
                self._line.remove(one)
                self._inside.append(one)
                self._changed.notify_all()

    def spent(self, who: str) -> float:
        """Seconds of the server that the person has cost within the window, with what is still under way."""
        ended = sum(cost for _, whose, cost in self._done if whose == who)
        return ended + sum(seat.cost for seat in self._inside if seat.who == who)

    def __len__(self) -> int:
        return len(self._inside)

    @property
    def in_line(self) -> int:
        """How many wait for a place."""
        return len(self._line)

    def _count(self) -> None:
        """Share the time since the last count among those inside, and forget what is past the window."""
        last, self._counted = self._counted, self._clock()
        for seat in self._inside:
            seat.cost += (self._counted - last) / len(self._inside)
        while self._done and self._done[0][0] <= self._counted - self.bounds.window:
            self._done.popleft()

    def _has_waited(self, seat: Seat) -> bool:
        """Whether a wait in line leads in: to a seat, or for something short to a place to stand."""
        if self._is_line_full(seat) or self._is_slowed(seat.who):
            return False
        self._line.append(seat)
        patience = seat.kind.patience if self.bounds.patience is None else self.bounds.patience
        if self._changed.wait_for(lambda: seat in self._inside, patience):
            return True
        self._line.remove(seat)
        stands = not seat.kind.long and self._is_allowed(seat)
        if stands:
            self._count()
            self._inside.append(seat)
        return stands

    def _is_line_full(self, seat: Seat) -> bool:
        """Whether nobody more may wait for this; in a line of its own there is room for several people."""
        if seat.kind.line:
            alike = _alike(seat, self._line)
            return len(alike) >= seat.kind.line or _count_of(seat.who, alike) >= seat.kind.own
        common = [held for held in self._line if not held.kind.line]
        standing = max(0, len(self._inside) - self.bounds.seats)
        return len(common) + standing >= self.bounds.line

    def _may_sit(self, seat: Seat) -> bool:
        """Whether a seat is free, and the person may have it."""
        return len(self._inside) < self.bounds.seats and self._is_allowed(seat)

    def _is_allowed(self, seat: Seat) -> bool:
        """Whether the person may have one more place for work of this kind."""
        if _count_of(seat.who, self._inside) >= self.bounds.slowed and self._is_slowed(seat.who):
            return False
        alike = _alike(seat, self._inside)
        if len(alike) >= seat.kind.together or _count_of(seat.who, alike) >= seat.kind.own:
            return False
        if not seat.kind.long:
            return True
        long = [held for held in self._inside if held.kind.long]
        return len(long) < self.bounds.long_together and _count_of(seat.who, long) < self.bounds.long

    def _is_slowed(self, who: str) -> bool:
        return self.spent(who) >= self.bounds.share


def _alike(seat: Seat, among: list[Seat]) -> list[Seat]:
    """Those of the same kind."""
    return [held for held in among if held.kind is seat.kind]


def _count_of(who: str, seats: list[Seat]) -> int:
    return sum(held.who == who for held in seats)


LONGEST_PATH = 2_000  # bytes, as are the next two
LONGEST_QUERY = 8_000
STRANGERS_BODY = 64 * 1024  # of whoever is not signed in: enough to sign in
TABLES = frozenset({"impor.taken"})  # takes a table from elsewhere, which is larger than evidence is
OF_TABLE = MOST_BYTES + 1024 * 1024  # bytes: what is a little too large is refused in the page's own words
# At the door, where nobody knows yet who it is: places of all strangers together, however many addresses they have.
HASHING, WAITING = 2, 2
AT_THE_DOOR = Bounds(seats=HASHING, line=WAITING, patience=5.0, share=float("inf"))
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
SOON = 3  # seconds
FILES = "multipart/form-data"


def install(app: Flask) -> None:
    """Before anything else is done for a request, see whether it keeps within the limits."""
    empty_rooms(app)
    app.before_request(_refuse)
    app.after_request(_leave)
    app.teardown_request(_end)
    app.register_error_handler(Crowded, lambda _: app.handle_http_exception(TooManyRequests(retry_after=SOON)))


def empty_rooms(app: Flask) -> None:
    app.extensions["costly"], app.extensions["at_the_door"] = Room(), Room(AT_THE_DOOR)


def _refuse() -> None:
    if isinstance(request.routing_exception, SecurityError):
        sentence = "Alamat %r ditolak. Bila memang alamat panel ini, tambahkan namanya pada TRUSTED_HOSTS."
        current_app.logger.warning(sentence, request.headers.get("Host", "")[:100])
        raise request.routing_exception
    if len(request.environ.get("PATH_INFO", "")) > LONGEST_PATH or len(request.query_string) > LONGEST_QUERY:
        raise RequestURITooLarge
    if request.method in UNSAFE:
        request.max_content_length = _longest_body()
    cost = cost_of(current_app, request.endpoint) or READS
    g.works, g.seats = cost.works, {}
    bounded.ask_first(_begin)
    is_asked = not cost.asked_by or any(request.args.get(blank) for blank in cost.asked_by)
    if cost.seat and is_asked and not _takes(cost.seat):
        raise TooManyRequests(retry_after=SOON)


def _longest_body() -> int:
    """Files come as multipart only; text alone is never longer than what may be kept of a form in memory."""
    if not is_known():
        return STRANGERS_BODY
    files = request.mimetype == FILES
    if files and request.endpoint in TABLES:
        return OF_TABLE
    return int(current_app.config["MAX_CONTENT_LENGTH" if files else "MAX_FORM_MEMORY_SIZE"])


def refuse_nameless() -> None:
    """No browser sends a part without a name; whoever looks through the names would stumble over it.

    Reads the whole body, so it comes once the database is open: what is too large is told within the person's frame.
    """
    if request.method in UNSAFE and request.mimetype == FILES and (None in request.form or None in request.files):
        raise BadRequest


def is_known() -> bool:
    """Whether the cookie is of somebody who signed in. It may have been ended since: the panel asks that later."""
    return "_user_id" in session


def _begin(work: Work) -> None:
    """What this request declares is begun once it has a seat for it, which it keeps to its end. Whatever the thread
    does when the request is over is nobody's turn."""
    if not has_request_context():
        return
    if work not in g.works:
        raise Undeclared(f"{request.endpoint} does {work} and does not say so")
    kind = SEATS[work]
    is_seated = bool(g.seats) if kind is SHORT else kind.name in g.seats
    if not is_seated and not _takes(kind):
        raise Crowded(work)


def _takes(kind: SeatKind) -> bool:
    """Whether the request gets a seat, waited for in line if need be."""
    rooms = current_app.extensions
    if kind is SEATS[Work.HASH] and not is_known():
        seat = rooms["at_the_door"].enter(_caller())
    else:
        seat = rooms["costly"].enter(_caller(), kind)
    if seat:
        g.seats[kind.name] = seat
    return bool(seat)


def _caller() -> str:
    """Whose share it is: the person's, in however many browsers he has signed in; a stranger's address."""
    return str(session["_user_id"]).partition(".")[0] if is_known() else str(request.remote_addr)


def _leave(answer: Response) -> Response:
    """Done, or done once the last part of a streamed answer has left."""
    seats: list[Seat] = list(g.get("seats", {}).values())
    if seats and answer.is_streamed:
        g.is_streaming, parts = True, answer.response
        answer.response = _held_during(parts, seats)
        for seat in seats:
            answer.call_on_close(seat.leave)  # and this for a stream that is never begun, as to HEAD
        answer.call_on_close(getattr(parts, "close", seats[0].leave))
    else:
        _give_up_seats()
    return answer


def _held_during(parts: Iterable[Any], seats: list[Seat]) -> Iterator[Any]:
    try:
        yield from parts
    finally:
        for seat in seats:
            seat.leave()


def _end(_: BaseException | None) -> None:
    bounded.ask_first(None)
    if not g.get("is_streaming"):
        _give_up_seats()


def _give_up_seats() -> None:
    for seat in g.pop("seats", {}).values():
        seat.leave()
