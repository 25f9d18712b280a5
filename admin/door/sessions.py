"""The session of a request, and values cached per request."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, TypeVar

from flask import flash, g, request, session
from flask_login import current_user

from admin.door.extensions import set_current_user
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
    SessionStatus,
    begin,
    device_words,
    end,
    find,
    is_fresh,
    open_sessions,
    record_proof,
    record_use,
)
from models.store.base import now
from models.store.outage import DATABASE_ERRORS, refuse_unless_full

Answer = TypeVar("Answer")


def cached_per_request(ask: Callable[[], Answer]) -> Callable[[], Answer]:
    """Cache the function's result for the length of the request."""
    name = f"{ask.__module__}.{ask.__qualname__}"

    @wraps(ask)
    def cached() -> Answer:
        if name not in g:
            setattr(g, name, ask())
        value: Answer = getattr(g, name)
        return value

    return cached


READ_ONLY = (
    "Tempat penyimpanan server penuh: untuk sementara panel hanya dapat dibaca, dan yang dikirim tidak tersimpan. Beri "
    "tahu pengelola sistem; panel pulih dengan sendirinya."
)
GONE = (
    "Hasil itu tidak ditampilkan lagi: hanya terbuka bagi yang melakukannya, selama ia masih masuk dan paling lama "
    "sehari. Yang sudah dilakukan tercatat dalam riwayat pengaduannya."
)
SESSION_ID, TOKEN = "_user_id", "csrf_token"  # cookie keys of Flask-Login and Flask-WTF
HALF = "half_open"  # cookie key of a session that still needs its code; nothing else reads it
KNOWN = "known"  # cookie key: digest of an expired session whose password was verified and whose code is pending
WAITING = (SessionStatus.LOCKED, SessionStatus.SPENT)  # continues after the password
# Requests that an open page makes by itself or on scrolling; they are no sign of an active user.
ASKED_BY_PAGES = frozenset({"sheets", "letterhead_sheet", "small", "work_state"})
WORDS_OF_PAGES = frozenset({"likely", "title"})  # values of `do` that scripts submit


def load(session_id: str) -> User | None:
    """Flask-Login's user loader: the user of an open session, else None; sets `g.session_row`."""
    row = find(str(session_id))
    status = row.status(now()) if row else SessionStatus.OVER
    g.session_row = None if status is SessionStatus.HALF else row  # a half-open session is read from its own key
    return row.user if row and status is SessionStatus.OPEN else None


def session_row() -> Session | None:
    """The session of the request, of any status; None without one."""
    known = current_user.is_authenticated or "session_row" in g  # `is_authenticated` runs the user loader
    row: Session | None = g.get("session_row") if known else None
    return row


def is_waiting() -> bool:
    """Whether the session of the request needs the password to continue."""
    row = session_row()
    return row is not None and row.status(now()) in WAITING


def start_session(user: User, *, confined: str = "") -> None:
    """Start a session after sign-in: the browser's former session ends and the cookie is cleared."""
    _give_up(user, SIGNED_IN_ANEW)
    half = half_open()
    if half is not None:
        _end(half, user, CODE_TYPED)
    session.clear()
    _start(user, confined)


def enter_half(user: User) -> None:
    """Start a half-open session after the password, until the code; any former session ends, no user is signed in."""
    _give_up(user, SIGNED_IN_ANEW)
    session.clear()
    session[HALF], _ = _begin(user, half=True)


def half_open() -> Session | None:
    """The half-open session of this browser, if it has not expired."""
    session_id = session.get(HALF)
    row = find(str(session_id)) if session_id else None
    return row if row and row.status(now()) is SessionStatus.HALF else None


def passkey_session() -> Session | None:
    """The session whose password was verified, so that a passkey may be requested."""
    row, at = half_open() or session_row(), now()
    if row is None or row.status(at) is SessionStatus.LOCKED or row.status(at) is SessionStatus.OVER:
        return None
    return row if row.status(at) is not SessionStatus.SPENT or session.get(KNOWN) == row.digest else None


def mark_password_verified(row: Session) -> None:
    """Remember in the cookie that the password of an expired session was verified; its code is pending."""
    session[KNOWN] = row.digest


def replace_session(user: User, *, confined: str | None = None, anew: bool = False) -> None:
    """Replace the session by a new one after the password was typed or changed. `confined` is inherited by default.
    With a second factor the start time is inherited too, else password and cookie alone could extend a session for
    ever without a code; `anew`: all factors were verified."""
    row = session_row()
    since = row.begun if row and not anew and has_factor(user) else None
    _give_up(user, REOPENED)
    _start(user, (row.confined if row else "") if confined is None else confined, since=since)
    if row and g.session_row.id is not None:
        results.move_results(row.digest, g.session_row.digest)


def confinement() -> str:
    """The confinement of the session; "" if it is not confined."""
    row = session_row()
    return str(row.confined) if row else ""


def end_others(user: User, *, by: User) -> None:
    """End the user's other sessions after a change of the second factor."""
    this, at = session_row(), now()
    others = [row for row in open_sessions(user, at) if this is None or row.id != this.id]
    end(others, by=by, why=FACTOR_CHANGED, at=at)


def store_result(what: str, content: object) -> str:
    """Store the result of an act for the page after it, in the act's transaction; returns its public id."""
    row: Session = g.session_row
    return results.store_result(row.digest, what, content, now())


def result_of_session(what: str, public_id: str) -> Any:
    """A stored result; None if it belongs to another session or page, or is deleted."""
    row = session_row()
    return results.result_of(row.digest, what, public_id, now()) if row else None


def is_reauthenticated(lasts: timedelta) -> bool:
    """Whether the user re-authenticated in this session within the last `lasts`."""
    row = session_row()
    return row is not None and is_fresh(row, now(), lasts)


def record_reauthentication() -> None:
    """Record a re-authentication."""
    row = session_row()
    if row is not None:
        record_proof(row, now())


def end_own_session() -> None:
    """Sign out."""
    row = session_row()
    if row is not None:
        _end(row, row.user, SIGNED_OUT)
    session.clear()


def record_session_use(row: Session, at: datetime) -> None:
    """Record the time of use, unless the request was made by a script of the page."""
    route = (request.endpoint or "").rpartition(".")[2]
    if route not in ASKED_BY_PAGES and request.form.get("do") not in WORDS_OF_PAGES:
        record_use(row, at)


def _give_up(user: User, why: str) -> None:
    row = session_row()
    if row is not None:
        _end(row, user, why)


def _end(row: Session, by: User, why: str) -> None:
    """End the session; on a full disk continue without the record, so that sign-in and sign-out still work."""
    try:
        end([row], by=by, why=why, at=now())
    except DATABASE_ERRORS as fault:
        refuse_unless_full(fault)


def _start(user: User, confined: str, since: datetime | None = None) -> None:
    session[SESSION_ID], g.session_row = _begin(user, confined=confined, since=since)
    if g.session_row.id is None:
        flash(READ_ONLY, "warning")
    set_current_user(user)


def _begin(user: User, *, half: bool = False, confined: str = "", since: datetime | None = None) -> tuple[str, Session]:
    device, address = device_words(request.user_agent.string), request.remote_addr or ""
    return begin(user, device=device, address=address, at=now(), half=half, confined=confined, since=since)
