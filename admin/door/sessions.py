"""The session of a request, and answers kept for its length."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar

from flask import flash, g, request, session
from flask_login import current_user

from admin.door.extensions import serve_as
from models.office.people import User
from models.sign_in import session as results
from models.sign_in.factor import has_factor
from models.sign_in.session import (
    CODE_TYPED,
    FACTOR_CHANGED,
    REOPENED,
    SIGNED_IN_ANEW,
    SIGNED_OUT,
    Session,
    Standing,
    begin,
    device_words,
    end,
    find,
    is_fresh,
    note_proof,
    note_use,
    open_sessions,
)
from models.store.base import now
from models.store.outage import DATABASE_ERRORS, refuse_unless_full

Answer = TypeVar("Answer")


def once_a_request(ask: Callable[[], Answer]) -> Callable[[], Answer]:
    """The function, asked once however often its answer is wanted while one request is served."""
    name = f"{ask.__module__}.{ask.__qualname__}"

    @wraps(ask)
    def answer() -> Answer:
        if name not in g:
            setattr(g, name, ask())
        kept: Answer = getattr(g, name)
        return kept

    return answer


READ_ONLY = (
    "Tempat penyimpanan server penuh: untuk sementara panel hanya dapat dibaca, dan yang dikirim tidak tersimpan. Beri "
    "tahu pengelola sistem; panel pulih dengan sendirinya."
)
GONE = (
    "Hasil itu tidak ditampilkan lagi: hanya terbuka bagi yang melakukannya, selama ia masih masuk dan paling lama "
    "sehari. Yang sudah dilakukan tercatat dalam riwayat pengaduannya."
)
HELD, TOKEN = "_user_id", "csrf_token"  # where Flask-Login and Flask-WTF keep theirs in the cookie
HALF = "half_open"  # where a session is held whose code is still asked for: nothing else looks there
KNOWN = "known"  # the spent session whose password was right, and whose code is still asked for
WAITING = (Standing.LOCKED, Standing.SPENT)  # a password away from going on
# What a page asks for by itself while it lies open, or as it is scrolled: nobody need sit before it.
ASKED_BY_PAGES = frozenset({"sheets", "letterhead_sheet", "small"})
WORDS_OF_PAGES = frozenset({"likely", "title"})  # of the button that nobody has pressed


def load(held: str) -> User | None:
    """Who is served by this cookie: nobody while its session is locked, and nobody once it is over."""
    row = find(str(held))
    standing = row.standing(now()) if row else Standing.OVER
    g.session_row = None if standing is Standing.HALF else row  # which is held elsewhere, and is nobody's here
    return row.user if row and standing is Standing.OPEN else None


def session_row() -> Session | None:
    """The session that came with the request, in whatever standing; None for a stranger."""
    known = current_user.is_authenticated or "session_row" in g  # it is looked for when somebody asks who one is
    row: Session | None = g.get("session_row") if known else None
    return row


def is_waiting() -> bool:
    """Whether the session that came with the request wants its password."""
    row = session_row()
    return row is not None and row.standing(now()) in WAITING


def enter(user: User, *, confined: str = "") -> None:
    """Somebody has signed in: nothing of what the browser held before is left, and its session is over."""
    _give_up(user, SIGNED_IN_ANEW)
    half = half_open()
    if half is not None:
        _end(half, user, CODE_TYPED)
    session.clear()
    _hold(user, confined)


def enter_half(user: User) -> None:
    """The password was right, and a code is still asked for: nobody is signed in, nor is who was before."""
    _give_up(user, SIGNED_IN_ANEW)
    session.clear()
    session[HALF], _ = _begin(user, half=True)


def half_open() -> Session | None:
    """The session of this browser that waits for a code, as long as it may."""
    held = session.get(HALF)
    row = find(str(held)) if held else None
    return row if row and row.standing(now()) is Standing.HALF else None


def askable() -> Session | None:
    """The session whose person has shown the password, and may be asked for a passkey."""
    row, at = half_open() or session_row(), now()
    if row is None or row.standing(at) is Standing.LOCKED or row.standing(at) is Standing.OVER:
        return None
    return row if row.standing(at) is not Standing.SPENT or session.get(KNOWN) == row.digest else None


def note_known(row: Session) -> None:
    """The password of a spent session was right, and its code is still asked for."""
    session[KNOWN] = row.digest


def go_on(user: User, *, confined: str | None = None, anew: bool = False) -> None:
    """The same person at the same pages, who has just typed or changed the password: under a new session. It is
    confined as the one before was, if nothing else is said. Beside a second factor the password alone makes it no
    younger, else whoever has both password and cookie is never asked for a code; `anew` says that all was shown."""
    row = session_row()
    since = row.begun if row and not anew and has_factor(user) else None
    _give_up(user, REOPENED)
    _hold(user, (row.confined if row else "") if confined is None else confined, since=since)
    if row and g.session_row.id is not None:
        results.hand_on_results(row.digest, g.session_row.digest)


def confinement() -> str:
    """To what the session of the request is confined; "" for all that its person may."""
    row = session_row()
    return str(row.confined) if row else ""


def end_others(user: User, *, by: User) -> None:
    """The person's factor has changed: sessions elsewhere began under other terms."""
    this, at = session_row(), now()
    others = [row for row in open_sessions(user, at) if this is None or row.id != this.id]
    end(others, by=by, why=FACTOR_CHANGED, at=at)


def keep_result(what: str, content: object) -> str:
    """Keep what an act has brought for the page that comes after it, in the act's transaction; its public id."""
    row: Session = g.session_row
    return results.keep_result(row.digest, what, content, now())


def kept_result(what: str, public_id: str) -> Any:
    """What was kept; None where it is not this session's, not this page's, or no longer there."""
    row = session_row()
    return results.result_of(row.digest, what, public_id, now()) if row else None


def has_proven(lasts: timedelta) -> bool:
    """Whether the person has shown so lately who he is, in this very session."""
    row = session_row()
    return row is not None and is_fresh(row, now(), lasts)


def note_proven() -> None:
    """He has just done so once more."""
    row = session_row()
    if row is not None:
        note_proof(row, now())


def leave() -> None:
    """Somebody signs out."""
    row = session_row()
    if row is not None:
        _end(row, row.user, SIGNED_OUT)
    session.clear()


def note_request(row: Session, at: datetime) -> None:
    """A request is a use, unless the page has made it by itself."""
    if not _is_by_page():
        note_use(row, at)


def _is_by_page() -> bool:
    door = (request.endpoint or "").rpartition(".")[2]
    return door in ASKED_BY_PAGES or request.form.get("do") in WORDS_OF_PAGES


def _give_up(user: User, why: str) -> None:
    row = session_row()
    if row is not None:
        _end(row, user, why)


def _end(row: Session, by: User, why: str) -> None:
    """It is over, on a full disk as well: nobody is kept in, nor out, because that cannot be written."""
    try:
        end([row], by=by, why=why, at=now())
    except DATABASE_ERRORS as fault:
        refuse_unless_full(fault)


def _hold(user: User, confined: str, since: datetime | None = None) -> None:
    session[HELD], g.session_row = _begin(user, confined=confined, since=since)
    if g.session_row.id is None:
        flash(READ_ONLY, "warning")
    serve_as(user)


def _begin(user: User, *, half: bool = False, confined: str = "", since: datetime | None = None) -> tuple[str, Session]:
    device, address = device_words(request.user_agent.string), request.remote_addr or ""
    return begin(user, device=device, address=address, at=now(), half=half, confined=confined, since=since)
