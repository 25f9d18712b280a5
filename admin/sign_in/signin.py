"""Sign-in: Argon2id, one sentence for every refusal; for sessions see `admin/door`."""

import logging
import secrets
import threading
from base64 import b64encode
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import peewee as pw
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION
from flask import Blueprint, Flask, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.local import LocalProxy

from admin.door import sessions
from admin.door.extensions import SessionOnly
from admin.door.gate import CHECKS_PASSWORD, READS, costs
from admin.door.rows import safe_target, signed_in
from admin.door.sessions import cached_per_request
from admin.server.headers import chosen_scheme
from admin.server.rate_limits import HASHING
from models.case.access_notes import whom_to_tell
from models.demo import demo
from models.office.people import User, decrees_on, place_of, today
from models.sign_in import factor_rules, sign_in_attempts
from models.sign_in.passwords import has_second_factor, shortest_for
from models.sign_in.session import LACKS_FACTOR, SHORT_PASSWORD
from models.store.outage import DATABASE_ERRORS, refuse_unless_full
from models.store.resource_limits import AllSlotsTaken, Work, begin
from sop.words import format_date

WRONG = "Nama pengguna atau kata sandi tidak cocok."
NO_ROOM = (
    "Tempat penyimpanan server penuh sehingga percobaan masuk dan kode yang sudah dipakai tidak dapat dicatat; demi "
    "keamanan pintu tetap tertutup. Peramban yang masih masuk tetap dapat membaca. Beri tahu pengelola sistem. Begitu "
    "ada ruang lagi, masuk pulih dengan sendirinya."
)
CROWDED = "Terlalu banyak yang masuk pada saat yang sama. Tunggu beberapa detik, lalu ketik kata sandi lagi."
SOON_DEMANDED = "Mulai {} faktor kedua wajib bagi peran Anda. Pasang sebelum tanggal itu pada Akun saya."
SOON = 5  # seconds
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip")

log = logging.getLogger(__name__)
door = Blueprint("signin", __name__)
_hasher = PasswordHasher()
_room = threading.BoundedSemaphore(HASHING)  # each hash takes 64 MiB


def _unmatchable_hash() -> str:
    """A random hash that no password matches, to compare at equal cost; hashing a real one would delay each start."""
    salt, digest = (
        b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (_hasher.salt_len, _hasher.hash_len)
    )
    cost = f"m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${cost}${salt}${digest}"


_dummy_hash = _unmatchable_hash()  # the passwords of unknown names are compared with it


def hash_password(password: str) -> str:
    """The Argon2id hash of the password with its own salt."""
    begin(Work.HASH)
    with _room:
        return _hasher.hash(password)


def check_password(user: User | None, password: str) -> bool:
    """Whether this is the user's password; an unknown name costs one hash, too."""
    begin(Work.HASH)
    stored = user.password_hash if user and user.password_hash and _is_own(user) else _dummy_hash
    with _room:
        try:
            return _hasher.verify(stored, password) and stored != _dummy_hash
        except (VerificationError, InvalidHashError):
            return False


def _is_own(user: User) -> bool:
    """Whether the panel set this password: one written directly into the database is rejected."""
    own = user.has_own_password()
    if not own:
        log.warning("the password of user %s was not set by the panel", user.id)
    return own


def install(app: Flask) -> None:
    """Install the sign-in: the user of a request, /masuk and /keluar, and the user's data for the frame."""
    manager = SessionOnly()
    manager.init_app(app, add_context_processor=False)
    manager.session_protection = None
    manager.user_loader(sessions.load)
    manager.unauthorized_handler(lambda: redirect("/masuk"))
    app.register_blueprint(door)
    # Both lazy: a page that does not use them must not query the database, which may be down.
    frame = {"current_user": current_user, "role_title": LocalProxy(_role_title), "chosen_scheme": chosen_scheme}
    app.context_processor(lambda: frame)


@cached_per_request
def _role_title() -> str:
    """The line under the user's name: unit or role, and the posts that the user acts for today."""
    user = signed_in()
    return ", ".join([place_of(user), *(row.post for row in decrees_on(today()) if row.user_id == user.id)])


@door.route("/masuk", methods=("GET", "POST"), endpoint="masuk")
@costs(CHECKS_PASSWORD)
def enter() -> Any:
    """The sign-in page; redirects signed-in users to the panel and locked sessions to the lock page."""
    if request.method != "POST":
        if current_user.is_authenticated:
            return redirect(address_after_sign_in())
        return redirect(url_for("lock.buka", next=address_after_sign_in())) if sessions.is_waiting() else _signin_page()
    name = request.form.get("username", "").strip()
    try:
        begin(Work.HASH)  # before the attempt is counted
        return _let_in(name, request.form.get("password", ""))
    except AllSlotsTaken:
        return _signin_page(username=name[:60], wrong=CROWDED), 429, {"Retry-After": str(SOON)}
    except DATABASE_ERRORS as fault:
        refuse_unless_full(fault)
        return _signin_page(username=name[:60], wrong=NO_ROOM), 503, {"Retry-After": str(SOON)}


def run_password_check(objection: Callable[[], str]) -> str:
    """Run a password check outside the sign-in page; an attempt that gets no hashing seat is not counted."""
    try:
        begin(Work.HASH)
        return objection()
    except AllSlotsTaken:
        return CROWDED
    except DATABASE_ERRORS as fault:
        refuse_unless_full(fault)
        return NO_ROOM


def _let_in(name: str, password: str) -> Any:
    """Sign in with the password of an active user, else the page again with the same sentence for every reason."""
    if seconds := sign_in_attempts.begin_try(name, request.remote_addr):
        return (
            _signin_page(username=name[:60], wrong=sign_in_attempts.wait_sentence(seconds)),
            429,
            {"Retry-After": str(seconds)},
        )
    user = User.get_or_none(pw.fn.LOWER(User.username) == name.lower())
    if not check_password(user, password) or user is None or not user.active:
        sign_in_attempts.record_failure(user, name, request.remote_addr)
        return _signin_page(username=name[:60], wrong=WRONG)
    if has_second_factor(user):
        # counts as failed until the code is right, so that a password gives no free guesses of codes
        sessions.enter_half(user)
        return redirect(url_for("signin_code.page", next=address_after_sign_in()))
    return admit(user, confined=restriction_of(user, password))


def admit(user: User, *, confined: str = "") -> Any:
    """Start the session of an authenticated user, and flash news about the account."""
    sessions.start_session(user, confined=confined)
    news = [
        sign_in_attempts.record_sign_in(user, request.remote_addr),
        *factor_rules.news_for(user, whom_to_tell(user)),
        _reminder(user),
    ]
    for sentence in filter(None, news):
        flash(sentence, "warning")
    return redirect(address_after_sign_in())


def _reminder(user: User) -> str:
    """A reminder at each sign-in before the day on which a second factor becomes mandatory; "" otherwise."""
    since = factor_rules.demanded_since(user.role) if user.role in factor_rules.ASKED_FIRST else None
    if since is None or has_second_factor(user) or demo.is_demo():
        return ""
    return SOON_DEMANDED.format(format_date(since)) if since > today() else ""


def restriction_of(user: User, password: str) -> str:
    """What the user must do first: change a short password or set up a second factor; "" if neither, or in the demo."""
    short, demanded = len(password) < shortest_for(user), factor_rules.is_demanded(user) and not has_second_factor(user)
    if not (short or demanded) or demo.is_demo():
        return ""
    return SHORT_PASSWORD if short else LACKS_FACTOR


@door.post("/keluar", endpoint="keluar")
@costs(READS)
def leave() -> Any:
    """Sign out."""
    sessions.end_own_session()
    flash("Anda telah keluar.", "success")
    return redirect("/masuk")


def address_after_sign_in() -> str:
    return safe_target(request.values.get("next"), "/") or "/"


def _signin_page(**typed: str) -> Any:
    context = {"goal": address_after_sign_in(), "newcomers": [], "key": "", "is_new": not User.select().exists()}
    if is_open_demo():
        context |= {"newcomers": demo.sign_ins(), "key": current_app.config.get("DEMO_PASSWORD") or ""}
    return render_template("admin/sign_in/signin.html", **context, **typed)


def is_open_demo() -> bool:
    """Whether the page may show the demo's password: demo data, and a direct request from this computer."""
    is_local = request.remote_addr in LOOPBACK and urlsplit(f"//{request.host}").hostname in LOOPBACK
    return is_local and not any(name in request.headers for name in FORWARDED) and demo.is_demo()
