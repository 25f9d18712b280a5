"""What a request may ask for: by which name, how long, how large, and how much costly work at one time."""

from flask import Flask, Response, current_app, g, request, session
from werkzeug.exceptions import BadRequest, RequestURITooLarge, SecurityError, TooManyRequests

from admin.web.room import Room
from models.import_.refused import MOST_BYTES

LONGEST_PATH = 2_000  # bytes, as are the next two
LONGEST_QUERY = 8_000
STRANGERS_BODY = 64 * 1024  # of whoever is not signed in: enough to sign in
TABLES = frozenset({"impor.taken", "impor.read_heads"})  # take a table from elsewhere, which is larger than evidence is
OF_TABLE = MOST_BYTES + 1024 * 1024  # bytes: what is a little too large is refused in the page's own words
# Doors that may take many seconds, and beside them all that print, stream or read very much.
LONG = frozenset({"export", "identity", "action_view", "check", "whole", "taken", "read_heads", "topics", "waiting"})
COSTLY = LONG | {"pdf", "draft", "blank", "sheet"}
SEARCHED = {"index_view": ("search",), "index": ("q",)}  # doors that cost as much as is typed into these
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})
SOON = 3  # seconds
FILES = "multipart/form-data"


def install(app: Flask) -> None:
    """Before anything else is done for a request, see whether it keeps within the limits."""
    app.extensions["costly"] = Room()
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


def _is_costly() -> bool:
    return _door() in COSTLY or any(request.args.get(blank) for blank in SEARCHED.get(_door(), ()))


def _door() -> str:
    return (request.endpoint or "").rpartition(".")[2]


def _take_seat() -> None:
    """A seat, waited for in line if need be; whoever gets none is asked to come again."""
    room: Room = current_app.extensions["costly"]
    seat = room.enter(_caller(), long=_door() in LONG)
    if seat is None:
        raise TooManyRequests(retry_after=SOON)
    g.seat = seat


def _caller() -> str:
    """Whose share it is: the person's, in however many browsers he has signed in; a stranger's address."""
    return str(session["_user_id"]).partition(".")[0] if is_known() else str(request.remote_addr)


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
