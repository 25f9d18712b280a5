"""What a request may ask for: by which name, how long, how large, and how much costly work at one time."""

import threading
from collections import Counter
from collections.abc import Iterable, Iterator

from flask import Flask, Response, current_app, g, request, session
from werkzeug.exceptions import BadRequest, RequestURITooLarge, SecurityError, TooManyRequests

LONGEST_PATH = 2_000  # bytes, as are the next two
LONGEST_QUERY = 8_000
STRANGERS_BODY = 64 * 1024  # of whoever is not signed in: enough to sign in
EACH, TOGETHER = 3, 6  # costly requests at one time: of one person, and of all; the server has eight threads
# Doors that print, stream or read very much.
COSTLY = frozenset({"export", "action_view", "pdf", "draft", "check", "blank", "sheet", "whole", "taken", "waiting"})
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
SOON = 3  # seconds
FILES = "multipart/form-data"


class Room:
    """How many are inside at one time, each person and all together."""

    def __init__(self, each: int, together: int) -> None:
        self.each, self.together = each, together
        self._inside: Counter[str] = Counter()
        self._lock = threading.Lock()

    def enter(self, who: str) -> bool:
        """Whether there was a seat; who got one must leave."""
        with self._lock:
            if self._inside[who] >= self.each or self._inside.total() >= self.together:
                return False
            self._inside[who] += 1
            return True

    def leave(self, who: str) -> None:
        with self._lock:
            self._inside[who] -= 1
            self._inside += Counter()  # whoever has no seat any more is forgotten

    def __len__(self) -> int:
        return self._inside.total()


class Seat:
    """One person's place in the room, given up once."""

    def __init__(self, room: Room, who: str) -> None:
        self._room, self._who, self._lock = room, who, threading.Lock()
        self._taken = True

    def leave(self) -> None:
        with self._lock:
            taken, self._taken = self._taken, False
        if taken:
            self._room.leave(self._who)

    def held_during(self, parts: Iterable[bytes | str]) -> Iterator[bytes | str]:
        try:
            yield from parts
        finally:
            self.leave()


def install(app: Flask) -> None:
    """Before anything else is done for a request, see whether it keeps within the limits."""
    app.extensions["costly"] = Room(EACH, TOGETHER)
    app.before_request(_refuse)
    app.after_request(_leave)
    app.teardown_request(lambda _: _left_over())


def _refuse() -> None:
    if isinstance(request.routing_exception, SecurityError):
        sentence = "Alamat %r ditolak. Bila memang alamat panel ini, tambahkan namanya pada TRUSTED_HOSTS."
        current_app.logger.warning(sentence, request.headers.get("Host", "")[:100])
        raise request.routing_exception
    if len(request.environ.get("PATH_INFO", "")) > LONGEST_PATH or len(request.query_string) > LONGEST_QUERY:
        raise RequestURITooLarge
    if request.method in UNSAFE:
        request.max_content_length = _longest_body()
    if _is_costly():
        _take_seat()


def _longest_body() -> int:
    """Files come as multipart only; text alone is never longer than what may be kept of a form in memory."""
    if not is_known():
        return STRANGERS_BODY
    files = request.mimetype == FILES
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


def _is_costly() -> bool:
    door = (request.endpoint or "").rpartition(".")[2]
    return door in COSTLY or (door == "index_view" and bool(request.args.get("search")))


def _take_seat() -> None:
    room, who = current_app.extensions["costly"], str(session.get("_user_id") or request.remote_addr)
    if not room.enter(who):
        raise TooManyRequests(retry_after=SOON)
    g.seat = Seat(room, who)


def _leave(answer: Response) -> Response:
    """Done, or done once the last part of a streamed answer has left."""
    seat = g.pop("seat", None)
    if seat and answer.is_streamed:
        parts = answer.response
        answer.response = seat.held_during(parts)
        answer.call_on_close(seat.leave)  # these two for a stream that is never begun, as to HEAD
        answer.call_on_close(getattr(parts, "close", seat.leave))
    elif seat:
        seat.leave()
    return answer


def _left_over() -> None:
    seat = g.pop("seat", None)
    if seat:
        seat.leave()
