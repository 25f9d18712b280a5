"""The lock after a period of inactivity: the password unlocks the session, and a pending request is continued."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, g, make_response, redirect, render_template, request
from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import ImmutableMultiDict

from admin.door import sessions
from admin.door.gate import CHECKS_PASSWORD, OPEN, allow_work, costs
from admin.server.errors import wants_json
from admin.server.rate_limits import FILES, UNSAFE
from admin.sign_in import signin
from admin.sign_in.passwords import ANSWER, CODE_WANTED, own_objection, usable_passkeys
from models.office.people import User
from models.sign_in.session import WRITTEN_EVERY, Session, SessionStatus, record_use
from models.store.base import now
from models.store.resource_limits import Work

PASSWORD, CODE, STILL_HERE = "sandi_kunci", "kode_kunci", "masih"
TYPED = (PASSWORD, CODE, ANSWER)
NIK, PASSPHRASE = "nik_penanda_tangan", "passphrase"  # of an electronic certificate
SECRETS = ("old", "password", "repeat", "kode", NIK, PASSPHRASE)  # fields for passwords and codes
NOT_CARRIED = (*TYPED, sessions.TOKEN, *SECRETS)  # never put into a page; they are typed again
EMPTY = "Ketik kata sandi Anda."
GONE = "Sesi ini telah berakhir. Masuk lagi di tab baru, lalu kembali ke tab ini: yang Anda ketik tetap ada."
ASKED = "Sebelum menandatangani, buktikan bahwa ini Anda; setelah itu {} menit tidak ditanyakan lagi."
BECAUSE = {
    SessionStatus.LOCKED: "Panel lama tidak dipakai. Ketik kata sandi untuk melanjutkan.",
    SessionStatus.SPENT: "Anda sudah masuk sejak lebih dari delapan jam yang lalu. Ketik kata sandi untuk melanjutkan.",
}

lock = Blueprint("lock", __name__)


@dataclass(frozen=True)
class PendingRequest:
    """The request sent while the session was locked: address, fields, and files that must be chosen again."""

    address: str
    fields: list[tuple[str, str]]
    files: list[tuple[str, str]]  # field, names of the chosen files


def install(app: Flask) -> None:
    """Check the session before every request, before the rights, and give templates `lock_seconds`."""
    app.register_blueprint(lock)
    app.before_request(check_session)
    app.context_processor(lambda: {"lock_seconds": lock_seconds})


def check_session() -> Any:
    """Record the use of the session. A locked session gets the lock page for what it sends; its GET requests are
    redirected later, as requests without a session are to the sign-in."""
    if request.endpoint is None or request.endpoint in OPEN:
        return None
    row = sessions.session_row()
    status = row.status(now()) if row else SessionStatus.OVER
    if row and status is SessionStatus.OPEN:
        sessions.record_session_use(row, now())
    if row and status in sessions.WAITING and request.method in UNSAFE:
        return _unlock_or_ask(row)
    return None


def _unlock_or_ask(row: Session) -> Any:
    """None if the request has the right password and may go on, else the lock page."""
    allow_work(Work.HASH)
    sentence = unlock(row) if PASSWORD in request.form else ""
    if PASSWORD in request.form and not sentence:
        request.form = ImmutableMultiDict(item for item in request.form.items(multi=True) if item[0] not in TYPED)
        return None
    return _lock_page(row, sentence, 401, _pending_request())


@lock.route("/buka", methods=("GET", "POST"), endpoint="buka")
@costs(CHECKS_PASSWORD)
def opening() -> Any:
    """Unlocks a session, by the lock page or by the script of an open page."""
    row = sessions.session_row()
    if row is None or row.status(now()) is SessionStatus.OVER:
        return ({"sentence": GONE}, 403) if wants_json() else redirect("/masuk")
    if request.method == "GET":
        if wants_json():
            return _state()
        return _lock_page(row, "", 200) if sessions.is_waiting() else redirect(signin.address_after_sign_in())
    if STILL_HERE in request.form:
        # the script of an open page reports its use from time to time
        if row.status(now()) is not SessionStatus.OPEN:
            return {"sentence": BECAUSE[SessionStatus.LOCKED]}, 401
        record_use(row, now())
        return _state()
    sentence = unlock(row)
    if not sentence:
        return _state() if wants_json() else redirect(signin.address_after_sign_in())
    return ({"sentence": sentence}, 422) if wants_json() else _lock_page(row, sentence, 422)


def unlock(row: Session) -> str:
    """Unlock the session with the submitted password; the reason if that fails, else "". After the session's maximum
    age this is a new sign-in: it needs the code as well, and checks what is required by now."""
    password = request.form.get(PASSWORD, "")
    if not password:
        return EMPTY
    spent = row.status(now()) is SessionStatus.SPENT
    code = request.form.get(CODE, "") if spent else None
    sentence = own_objection(row.user, password, code=code)
    if sentence == CODE_WANTED:
        if CODE not in request.form:
            return GONE
        sessions.mark_password_verified(row)
    if not sentence:
        confined = signin.restriction_of(row.user, password) if spent else None
        sessions.replace_session(row.user, confined=confined, anew=spent)
    return sentence


def _state() -> Any:
    """Seconds until the lock, user id, and CSRF token of the session, as JSON."""
    row: Session = g.session_row
    return {"left": max(0, lock_seconds()), "who": str(row.user_id), sessions.TOKEN: generate_csrf()}


def lock_seconds() -> int:
    """Seconds until the session of the request locks, rounded up to whole minutes, since uses are recorded no more
    often and equal pages should be byte-equal; 0 if it is locked, or there is none."""
    row = sessions.session_row()
    if row is None or row.status(now()) is not SessionStatus.OPEN:
        return 0
    minutes = -(-row.left(now()) // WRITTEN_EVERY)  # rounded up
    return max(1, minutes) * int(WRITTEN_EVERY.total_seconds())


def _pending_request() -> PendingRequest:
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_CARRIED]
    chosen: dict[str, list[str]] = {}
    for name, file in request.files.items(multi=True):
        if file.filename:
            chosen.setdefault(name, []).append(file.filename)
    files = [(name, ", ".join(names)) for name, names in chosen.items()]
    return PendingRequest(request.full_path.rstrip("?"), fields, files)


def _lock_page(row: Session, sentence: str, code: int, sending: PendingRequest | None = None) -> Any:
    """The page that asks for the password; it has no content of the panel except the pending request."""
    status = row.status(now())
    because, asks_code = BECAUSE.get(status, ""), status is SessionStatus.SPENT
    return _page(row.user, sentence, code, sending, heading="Terkunci", because=because, code=asks_code and CODE)


def proof_page(person: User, sentence: str, *, minutes: int, with_code: bool) -> Any:
    """The same page before a signature: one field, then the pending request is continued."""
    label = "Kode aplikasi autentikator atau kata sandi" if with_code else "Kata sandi"
    because = ASKED.format(minutes)
    texts = {"heading": "Sebelum menandatangani", "because": because, "label": label, "button": "Lanjutkan"}
    return _page(person, sentence, 401, _pending_request(), **texts)


def _page(person: User, sentence: str, status: int, sending: PendingRequest | None, **texts: Any) -> Any:
    page = render_template(
        "admin/sign_in/locked.html",
        person=person.name,
        wrong=sentence,
        goal=signin.address_after_sign_in(),
        sending=sending,
        as_files=request.mimetype == FILES,
        password=PASSWORD,
        passkeys=usable_passkeys(person) if sessions.passkey_session() else [],
        **texts,
    )
    return make_response(page, status)
