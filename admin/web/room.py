"""The room of costly work: its seats, the short line before it, and what each person has cost of late.

What is counted is seconds of the server, not requests: whoever opens four tabs at once has done no harm yet. A second
in which several are inside is shared among them, so nobody pays for what others ask.
"""

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from admin.door.cost import SHORT, SeatKind


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
