"""What a request may ask for: by which name, how long, how large, and how much costly work at one time."""

from collections.abc import Iterable, Iterator
from typing import Any

from flask import Flask, Response, current_app, g, has_request_context, request, session
from werkzeug.exceptions import BadRequest, RequestURITooLarge, SecurityError, TooManyRequests

from admin.door.cost import READS, SEATS, SHORT, SeatKind, cost_of
from admin.web.room import Bounds, Room, Seat
from models.imports.tables import MOST_BYTES
from models.store import bounded
from models.store.bounded import Crowded, Undeclared, Work

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
