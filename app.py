"""The door: create_app(config) wires the floors; `python app.py` serves the demo, `python app.py start` the office."""

import gc
import os
import secrets
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any

import click
from flask import Flask, request
from flask_wtf import CSRFProtect
from werkzeug.local import LocalProxy
from werkzeug.middleware.proxy_fix import ProxyFix

from admin import panel
from admin.door.sessions import once_a_request
from admin.server import background, ending, errors, headers, logs, metrics, rate_limits, server, upgrading
from admin.server.metrics import HIGHEST, whole_number
from admin.sign_in import locked, newpassword, passwords, second_factor, signin
from admin.terminal import backup, commands
from admin.terminal import diagnose as diagnosis
from admin.terminal import first as firstlink
from models import drift, release, schema
from models.complaint import reserve
from models.demo import demo
from models.office.settings import Settings, follow_zone, values
from models.operations import surroundings
from models.operations.making import Source
from models.sign_in import tries_on_full_disk
from models.sign_in.session import forget_unwritten
from models.store import base, files, installation, seal
from models.store.base import database
from models.store.outage import DATABASE_ERRORS, outage_of, start_sentence
from models.workflow import former, moves
from models.workflow.proof import prove_what_stood
from papers.layout import check as templates_check
from papers.printing import press
from sop.table import stop_at

UPLOAD_LIMIT = 16 * 1024 * 1024
FORM_LIMIT = 2 * 1024 * 1024
COLLECT_AFTER = 100_000  # objects made and not yet gone: at Python's 700 a sixth of a large page was looking for rings
COOKIE = {"HTTPONLY": True, "SAMESITE": "Lax", "NAME": "panel"}  # of the session
NUMBERS = {"PORT": HIGHEST, "PROXIES": 9}  # the most that each may say
LOCAL = ("localhost", "127.0.0.1")  # no [::1]: Werkzeug compares names up to their first colon
DEMO, OFFICE = "demo", "panel"
INSTALLED = (  # in this order
    headers.install_assets,
    headers.install_language,
    errors.install,
    metrics.install,
    background.install_lookout,
    signin.install,
    second_factor.install_code_page,
    passwords.install,
    locked.install,
    second_factor.install_proof,
    newpassword.install,
    firstlink.install,
    panel.install,
    commands.install,
    backup.install,
    background.install_mail,
    diagnosis.install,
)
WITHOUT_DATABASE = ("live", "ready", "static")  # answered even while the database is down


def defaults() -> dict[str, Any]:
    """What the environment says, with working defaults."""
    var = Path(os.environ.get("VAR_DIR", "var")).resolve()
    return {
        "VAR_DIR": var,
        "DATABASE_URL": os.environ.get("DATABASE_URL") or _kept_url(var),
        "DATABASE_OWNER_URL": os.environ.get("DATABASE_OWNER_URL"),
        "SECRET_KEY": os.environ.get("SECRET_KEY"),
        "DEMO_PASSWORD": os.environ.get("PANEL_DEMO_PASSWORD"),
        "PORT": os.environ.get("PORT") or "8000",  # what is no number is told at the start, not to a diagnosis
        "HOST": os.environ.get("HOST", "127.0.0.1"),
        "TRUSTED_HOSTS": _words_of(os.environ.get("TRUSTED_HOSTS", "")),
        "PROXIES": os.environ.get("PROXIES") or "0",
        "REQUEST_LOG": os.environ.get("REQUEST_LOG") or "log/permintaan.jsonl",
        "MIGRATE_WITHOUT_COPY": os.environ.get("MIGRATE_WITHOUT_COPY") == "1",
        "METRICS_HOST": os.environ.get("METRICS_HOST", "127.0.0.1"),
        "METRICS_PORT": os.environ.get("METRICS_PORT", ""),
        "MAIL_URL": os.environ.get("MAIL_URL", ""),
    }


def _words_of(words: str) -> list[str] | None:
    return [word.strip() for word in words.split(",") if word.strip()] or None


def url_of(var: Path, name: str) -> str:
    return f"sqlite:///{var / name}.sqlite"


def _kept_url(var: Path) -> str:
    """The office's database, or the demo's as long as the office's holds nothing."""
    only_demo = os.path.exists(var / f"{DEMO}.sqlite") and not schema.in_use(url_of(var, OFFICE))
    return url_of(var, DEMO if only_demo else OFFICE)


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The panel on the database that `config` names; prepares its tables, opens nothing until the first request.

    UnfitTable, which ends the process with its sentence, if the table of the SOP holds a word that does not exist.
    """
    headers.speak_on_terminal()
    if config is None and diagnosis.is_asked_for():
        return diagnosis.bare_panel(defaults())
    gc.set_threshold(COLLECT_AFTER)
    stop_at(chain(former.faults(), templates_check.faults()))  # sop/flow.py has asked what sop knows by itself
    app = Flask(__name__, static_folder=str(release.HOUSE / "static"), template_folder=str(release.HOUSE / "templates"))
    app.config.update({**defaults(), **(config or {})})
    with _said_plainly():
        _refuse_unsafe(app, config or {})
    var = Path(app.config["VAR_DIR"])
    app.config.update(
        SECRET_KEY=app.config["SECRET_KEY"] or _kept_secret(var),
        TRUSTED_HOSTS=app.config["TRUSTED_HOSTS"] or [app.config["HOST"], *LOCAL],
        MAX_CONTENT_LENGTH=UPLOAD_LIMIT,
        MAX_FORM_MEMORY_SIZE=FORM_LIMIT,
        MAX_FORM_PARTS=2_000,
        WTF_CSRF_TIME_LIMIT=None,
        **{f"SESSION_COOKIE_{name}": value for name, value in COOKIE.items()},
    )
    seal.install(seal.key_from(var))  # a migration may have to seal
    with _said_plainly():
        _prepare(app)
        move_in(app)
        _fill_in()
    _follow_table()
    _behind(app, app.config["PROXIES"])
    headers.install_headers(app)  # first: what is to be done after a request is done in reverse, so these come last
    rate_limits.install(app)
    _connect(app)
    app.before_request(rate_limits.refuse_nameless)  # before the token is looked for among the names
    CSRFProtect(app)
    for install in INSTALLED:
        install(app)
    return app


def _follow_table() -> None:
    """Cases that name what the table no longer has go on as it says; UnfitTable, and none has moved, if it says nothing
    of some."""
    with database.connection_context(), database.atomic():
        former.follow_table(base.now())
        stop_at(former.strangers())


def _fill_in() -> None:
    """What columns of a later version hold is worked out for the rows of before."""
    with database.connection_context():
        follow_zone()
        moves.count_minutes()
        prove_what_stood()
        reserve.move_if_there_is_room()


def _refuse_unsafe(app: Flask, wired: Iterable[str]) -> None:
    """ValueError with a sentence for each thing that nobody must work with. Whoever wires the panel by hand answers for
    what he wires: the environment and its folder are looked at, not a key or a folder in `wired`."""
    app.config.update({name: whole_number(name, app.config[name], most=most) for name, most in NUMBERS.items()})
    var, url = Path(app.config["VAR_DIR"]), app.config["DATABASE_URL"]
    if "VAR_DIR" not in wired and (shut := surroundings.refusal_of(var)):
        raise ValueError(shut)  # and nothing in it can be looked at
    dangers = [*surroundings.dangers_of({name: value for name, value in os.environ.items() if name not in wired})]
    if "VAR_DIR" not in wired:
        dangers += surroundings.exposures_of(var)
    dangers += surroundings.distance_of(url)
    if not dangers and surroundings.is_key_lost(var, url, app.config["DATABASE_OWNER_URL"]):
        dangers.append(surroundings.KEYLESS.format(path=var / seal.KEY))
    if dangers:
        raise ValueError("\n".join(dangers))


@contextmanager
def _said_plainly() -> Iterator[None]:
    """What stops a start, in a sentence: a command says it and ends."""
    try:
        yield
    except (ValueError, *DATABASE_ERRORS) as fault:
        is_ours = isinstance(fault, ValueError)
        if click.get_current_context(silent=True) and (is_ours or outage_of(fault)):
            raise click.ClickException(str(fault) if is_ours else start_sentence(fault)) from fault
        raise


def _prepare(app: Flask) -> None:
    """The tables, a copy of them first if they are to change, and whether they are those of the models."""
    url, owner_url = app.config["DATABASE_URL"], app.config["DATABASE_OWNER_URL"]
    seal.refuse_changed_dictionaries()  # a migration may seal
    schema.prepare(url, owner_url=owner_url, first=backup.copying_first(app))
    drift.refuse_drift(url)


def move_in(app: Flask) -> None:
    """The panel works on the database, the key and the files that its configuration names by now."""
    var = Path(app.config["VAR_DIR"])
    base.open_database(app.config["DATABASE_URL"])
    seal.install(seal.key_from(var))
    for kept in (files, reserve, tries_on_full_disk, installation):
        kept.install(var)
    forget_unwritten()


def _kept_secret(var: Path) -> str:
    """The key of the session cookies, made on the first start and kept under VAR_DIR."""
    path = var / "secret.key"
    var.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text().strip()


def _behind(app: Flask, proxies: int) -> None:
    """Believe what the last so many proxies say of the caller; what anybody else says of himself counts for nothing."""
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)  # type: ignore[method-assign]


def _connect(app: Flask) -> None:
    """A connection for the length of a request; what the templates ask for on every page."""

    @app.before_request
    def open_connection() -> None:
        if request.endpoint not in WITHOUT_DATABASE:
            database.connect(reuse_if_open=True)
            reserve.move_if_there_is_room(at_once=request.method not in ("GET", "HEAD"))

    @app.teardown_request
    def close_connection(_: BaseException | None) -> None:
        if not database.is_closed():
            database.close()

    # Lazy: a page that does not ask must not touch the database, which may be what is down.
    asked = {"demo": _is_demo, "office_name": _office_name, "copy_word": installation.standing}
    app.context_processor(lambda: {name: LocalProxy(ask) for name, ask in asked.items()})


def _is_demo() -> bool:
    return bool(_settings().get(demo.FLAG))


def _office_name() -> str:
    return str(_settings()["panel.office"])


@once_a_request
def _settings() -> Settings:
    """The settings in force."""
    return values()


def serve(app: Flask, running: Any, *, office: bool) -> None:
    """Serve until told to end, with the press printing beside it; then what is under way is done, and no more."""
    end = app.extensions["ending"]
    printer = threading.Thread(target=press.follow, args=(end.told,), name="press", daemon=True)
    logs.open_request_log(app, app.config["REQUEST_LOG"])
    ending.heed_signals(end)
    url = app.config["DATABASE_URL"]
    with base.engine(url).kept_open(url):
        commands.say_address(app, office=office)
        printer.start()
        backup.begin_copying(app, end.told)
        postman = background.begin_mail(end.told)
        background.begin_lookout(app, end.told)
        cut = ending.run(end)
    printer.join(end.left(ending.WHOLE))
    postman.join(end.left(ending.WHOLE))  # what a slow server has in hand after that counts as not known
    if cut or printer.is_alive():
        ending.leave(f"{cut} connections" if cut else "the press")
    running.task_dispatcher.shutdown()


def main(words: list[str]) -> int:
    """`python app.py` → the demo; `python app.py start` → the office's own database."""
    settings = defaults()
    office, apart = words[:1] == ["start"], bool(words) and words[0] in upgrading.ACTS
    url = os.environ.get("DATABASE_URL") or url_of(settings["VAR_DIR"], OFFICE if office or apart else DEMO)
    if apart:
        source = Source(url, settings["DATABASE_OWNER_URL"], settings["VAR_DIR"])
        return upgrading.perform(words, source, lambda: create_app({"DATABASE_URL": url}))
    try:
        commands.look_first(url, settings["DATABASE_OWNER_URL"], settings["VAR_DIR"], office=office)
        app = create_app({"DATABASE_URL": url})
        sentence = commands.prepare_office(app) if office else commands.prepare_demo(app)
        running = None if sentence else server.open_server(app)
    except (ValueError, *DATABASE_ERRORS) as fault:
        sentence = str(fault) if isinstance(fault, ValueError) else start_sentence(fault)
    if sentence:
        print(sentence, file=sys.stderr)
        return 1
    serve(app, running, office=office)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
