"""A session that nobody has used for a while: its password opens it, and what was sent meanwhile goes on its way."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Flask, g, make_response, redirect, render_template, request
from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import ImmutableMultiDict

from admin.door import sessions
from admin.door.gate import CHECKS_PASSWORD, OPEN, costs, may_do
from admin.door.rows import safe_target
from admin.server.errors import wants_words
from admin.server.rate_limits import FILES, UNSAFE
from admin.sign_in import signin
from admin.sign_in.passwords import ANSWER, CODE_WANTED, own_objection, usable_passkeys
from models.office.people import User
from models.sign_in.session import NOTED_EVERY, Session, Standing, note_use
from models.store.base import now
from models.store.bounded import Work

PASSWORD, CODE, STILL_HERE = "sandi_kunci", "kode_kunci", "masih"
TYPED = (PASSWORD, CODE, ANSWER)
SECRETS = ("old", "password", "repeat", "kode")  # fields in which passwords and codes are typed
NOT_CARRIED = (*TYPED, sessions.TOKEN, *SECRETS)  # a page that lies open holds none of them; they are typed once more
EMPTY = "Ketik kata sandi Anda."
GONE = "Sesi ini telah berakhir. Masuk lagi di tab baru, lalu kembali ke tab ini: yang Anda ketik tetap ada."
ASKED = "Sebelum menandatangani, tunjukkan sekali bahwa ini Anda; setelah itu {} menit tidak ditanyakan lagi."
BECAUSE = {
    Standing.LOCKED: "Panel lama tidak dipakai. Ketik kata sandi untuk melanjutkan.",
    Standing.SPENT: "Anda sudah masuk sejak lebih dari delapan jam yang lalu. Ketik kata sandi untuk melanjutkan.",
}

lock = Blueprint("lock", __name__)


@dataclass(frozen=True)
class Sending:
    """What was sent while the session was locked: where to, its fields, and the files that must be chosen again."""

    address: str
    fields: list[tuple[str, str]]
    files: list[tuple[str, str]]  # field, the names of what was chosen there


def install(app: Flask) -> None:
    """Ask before every request, ahead of the question whose page it is; lend the frame what its script needs."""
    app.register_blueprint(lock)
    app.before_request(check_session)
    app.context_processor(lambda: {"lock_seconds": lock_seconds})


def check_session() -> Any:
    """Note that the panel is used. What is sent by a locked session waits for the password; who only looks is led to
    it, as any stranger is to the sign-in."""
    if request.endpoint is None or request.endpoint in OPEN:
        return None
    row = sessions.session_row()
    standing = row.standing(now()) if row else Standing.OVER
    if row and standing is Standing.OPEN:
        sessions.note_request(row, now())
    if row and standing in sessions.WAITING and request.method in UNSAFE:
        return _opened_or_asked(row)
    return None


def _opened_or_asked(row: Session) -> Any:
    """None, and the request goes on, once its password has come along."""
    may_do(Work.HASH)
    sentence = unlock(row) if PASSWORD in request.form else ""
    if PASSWORD in request.form and not sentence:
        request.form = ImmutableMultiDict(item for item in request.form.items(multi=True) if item[0] not in TYPED)
        return None
    return _lock_page(row, sentence, 401, _sending())


@lock.route("/buka", methods=("GET", "POST"), endpoint="buka")
@costs(CHECKS_PASSWORD)
def opening() -> Any:
    """Where a locked session is opened, by its page or by the script of an open page."""
    row = sessions.session_row()
    if row is None or row.standing(now()) is Standing.OVER:
        return ({"sentence": GONE}, 403) if wants_words() else redirect("/masuk")
    if request.method == "GET":
        return _state_or_page(row)
    if STILL_HERE in request.form:
        return _noted(row)
    sentence = unlock(row)
    if not sentence:
        return _state() if wants_words() else redirect(_goal())
    return ({"sentence": sentence}, 422) if wants_words() else _lock_page(row, sentence, 422)


def unlock(row: Session) -> str:
    """Open the session with the password that was sent; else why not, in a sentence. The next session after a whole day
    is a sign-in: it takes the code as well, and what is demanded by now."""
    password = request.form.get(PASSWORD, "")
    if not password:
        return EMPTY
    spent = row.standing(now()) is Standing.SPENT
    code = request.form.get(CODE, "") if spent else None
    sentence = own_objection(row.user, password, code=code)
    if sentence == CODE_WANTED:
        if CODE not in request.form:
            return GONE
        sessions.note_known(row)
    if not sentence:
        confined = signin.confinement_of(row.user, password) if spent else None
        sessions.go_on(row.user, confined=confined, anew=spent)
    return sentence


def _noted(row: Session) -> Any:
    """Somebody types, or reads with a hand on the mouse: the script says so now and then."""
    if row.standing(now()) is not Standing.OPEN:
        return {"sentence": BECAUSE[Standing.LOCKED]}, 401
    note_use(row, now())
    return _state()


def _state_or_page(row: Session) -> Any:
    if wants_words():
        return _state()
    return _lock_page(row, "", 200) if sessions.is_waiting() else redirect(_goal())


def _state() -> Any:
    """How long until the session locks, whose it is, and the token that its forms carry."""
    row: Session = g.session_row
    return {"left": max(0, lock_seconds()), "who": str(row.user_id), sessions.TOKEN: generate_csrf()}


def lock_seconds() -> int:
    """How long until the session of the request locks, in whole minutes, since uses are written no more often and two
    answers should differ by what they tell alone; 0 if it is locked, or there is none."""
    row = sessions.session_row()
    if row is None or row.standing(now()) is not Standing.OPEN:
        return 0
    minutes = -(-row.left(now()) // NOTED_EVERY)  # rounded up
    return max(1, minutes) * int(NOTED_EVERY.total_seconds())


def _goal() -> str:
    return safe_target(request.values.get("next"), "/") or "/"


def _sending() -> Sending:
    fields = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_CARRIED]
    chosen: dict[str, list[str]] = {}
    for name, file in request.files.items(multi=True):
        if file.filename:
            chosen.setdefault(name, []).append(file.filename)
    files = [(name, ", ".join(names)) for name, names in chosen.items()]
    return Sending(request.full_path.rstrip("?"), fields, files)


def _lock_page(row: Session, sentence: str, code: int, sending: Sending | None = None) -> Any:
    """The page that asks for the password; it holds nothing of the panel but what was just sent to it."""
    standing = row.standing(now())
    because, asks_code = BECAUSE.get(standing, ""), standing is Standing.SPENT
    return _page(row.user, sentence, code, sending, heading="Terkunci", because=because, code=asks_code and CODE)


def proof_page(person: User, sentence: str, *, lasts: int, with_code: bool) -> Any:
    """The same page before something is signed: one field, and what was sent goes on with it."""
    label = "Kode aplikasi autentikator atau kata sandi" if with_code else "Kata sandi"
    texts = {"heading": "Sebelum menandatangani", "because": ASKED.format(lasts), "label": label, "button": "Lanjutkan"}
    return _page(person, sentence, 401, _sending(), **texts)


def _page(person: User, sentence: str, status: int, sending: Sending | None, **texts: Any) -> Any:
    page = render_template(
        "admin/sign_in/locked.html",
        person=person.name,
        wrong=sentence,
        goal=_goal(),
        sending=sending,
        as_files=request.mimetype == FILES,
        password=PASSWORD,
        passkeys=usable_passkeys(person) if sessions.askable() else [],
        **texts,
    )
    return make_response(page, status)
