"""The application: create_app(config) and the server. `python app.py` serves the demo, `python app.py start` the
office's database."""

import gc

# With Python's 700 it took a sixth of a large page and a tenth of a start: so it is set before the imports.
gc.set_threshold(100_000)

import os
import sys
import time
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
from admin.door.sessions import cached_per_request
from admin.papers import returned
from admin.server import background, errors, headers, health, logs, rate_limits, server, shutdown, upgrade_commands
from admin.server.health import HIGHEST, whole_number
from admin.sign_in import locked, password_link_page, passwords, second_factor, signin
from admin.terminal import backup, commands
from admin.terminal import diagnose as diagnosis
from admin.terminal import first_administrator as firstlink
from models import drift, release, schema
from models.complaint import accesslog_reserve, shelf
from models.demo import demo
from models.office.settings import Settings, follow_zone, values
from models.operations import environment_checks
from models.operations.backup_making import Source
from models.sign_in import attempts_on_full_disk
from models.sign_in.session import forget_unwritten
from models.store import base, files, installation, keys, master_cache, seal
from models.store.base import database
from models.store.outage import DATABASE_ERRORS, outage_of, start_sentence
from models.workflow import former, moves
from models.workflow.proof import prove_existing_rows
from papers.layout import check as templates_check
from papers.signing import runs
from sop.table import stop_at

UPLOAD_LIMIT = 16 * 1024 * 1024
FORM_LIMIT = 2 * 1024 * 1024
COOKIE = {"HTTPONLY": True, "SAMESITE": "Lax", "NAME": "panel"}  # of the session
NUMBERS = {"PORT": HIGHEST, "PROXIES": 9}  # configured numbers and their maximum
LOCAL = ("localhost", "127.0.0.1")  # without [::1], as Werkzeug compares host names up to the first colon
DEMO, OFFICE = "demo", "panel"
INSTALLED = (  # in this order
    headers.install_assets,
    headers.install_language,
    errors.install,
    health.install,
    background.install_health_checks,
    signin.install,
    second_factor.install_code_page,
    passwords.install,
    locked.install,
    second_factor.install_proof,
    password_link_page.install,
    firstlink.install,
    panel.install,
    commands.install,
    backup.install,
    background.install_mail,
    diagnosis.install,
)
WITHOUT_DATABASE = ("live", "ready", "static")  # answered even while the database is down


def defaults() -> dict[str, Any]:
    """The configuration from environment variables, with defaults."""
    var = Path(os.environ.get("VAR_DIR", "var")).resolve()
    hosts = [host.strip() for host in os.environ.get("TRUSTED_HOSTS", "").split(",")]
    return {
        "VAR_DIR": var,
        "DATABASE_URL": os.environ.get("DATABASE_URL") or _default_url(var),
        "DATABASE_OWNER_URL": os.environ.get("DATABASE_OWNER_URL"),
        "SECRET_KEY": os.environ.get("SECRET_KEY"),
        "DEMO_PASSWORD": os.environ.get("PANEL_DEMO_PASSWORD"),
        "PORT": os.environ.get("PORT") or "8000",  # validated at the start; a diagnosis also runs with a wrong value
        "HOST": os.environ.get("HOST", "127.0.0.1"),
        "TRUSTED_HOSTS": [host for host in hosts if host] or None,
        "PROXIES": os.environ.get("PROXIES") or "0",
        "REQUEST_LOG": os.environ.get("REQUEST_LOG") or "log/permintaan.jsonl",
        "MIGRATE_WITHOUT_COPY": os.environ.get("MIGRATE_WITHOUT_COPY") == "1",
        "METRICS_HOST": os.environ.get("METRICS_HOST", "127.0.0.1"),
        "METRICS_PORT": os.environ.get("METRICS_PORT", ""),
        "MAIL_URL": os.environ.get("MAIL_URL", ""),
    }


def url_of(var: Path, name: str) -> str:
    return f"sqlite:///{var / name}.sqlite"


def _default_url(var: Path) -> str:
    """The URL of the office's database, or of the demo's if only that is in use."""
    only_demo = os.path.exists(var / f"{DEMO}.sqlite") and not schema.in_use(url_of(var, OFFICE))
    return url_of(var, DEMO if only_demo else OFFICE)


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The panel on the configured database. Prepares its tables; connections are opened per request.

    UnfitTable, which ends the process with its sentence, if the SOP's table is invalid.
    """
    headers.speak_on_terminal()
    if config is None and diagnosis.is_asked_for():
        return diagnosis.bare_panel(defaults())
    stop_at(chain(former.faults(), templates_check.faults()))  # what sop/flow.py cannot check
    app = Flask(__name__, static_folder=str(release.HOUSE / "static"), template_folder=str(release.HOUSE / "templates"))
    app.config.update({**defaults(), **(config or {})})
    with _errors_as_sentences():
        _refuse_unsafe(app, config or {})
    var = Path(app.config["VAR_DIR"])
    app.config.update(
        TRUSTED_HOSTS=app.config["TRUSTED_HOSTS"] or [app.config["HOST"], *LOCAL],
        MAX_CONTENT_LENGTH=UPLOAD_LIMIT,
        MAX_FORM_MEMORY_SIZE=FORM_LIMIT,
        MAX_FORM_PARTS=2_000,
        WTF_CSRF_TIME_LIMIT=None,
        **{f"SESSION_COOKIE_{name}": value for name, value in COOKIE.items()},
    )
    with _errors_as_sentences():
        app.config["SECRET_KEY"] = app.config["SECRET_KEY"] or keys.key_in(var / keys.COOKIES).hex()
        seal.install(keys.key_in(var / keys.PANEL))  # a migration may have to encrypt
        _prepare(app)
        move_in(app)
        _fill_missing_values()
    _move_from_removed_states()
    if proxies := app.config["PROXIES"]:  # trust the forwarded headers of so many proxies, not those of other clients
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=0)  # type: ignore[method-assign]
    headers.install_headers(app)  # first: functions after a request run in reverse order, so these run last
    rate_limits.install(app)
    _connect(app)
    app.before_request(rate_limits.refuse_nameless_parts)  # before CSRFProtect reads the form
    CSRFProtect(app)
    for install in INSTALLED:
        install(app)
    return app


def _move_from_removed_states() -> None:
    """Move cases from removed states as FORMER says; UnfitTable, and no case is moved, if a state is in neither."""
    with database.connection_context(), database.atomic():
        former.migrate_former_keys(base.now())
        stop_at(former.unknown_stored_keys())


def _fill_missing_values() -> None:
    """Compute values that rows of older versions lack, and read the settings that processes cache."""
    with database.connection_context():
        follow_zone()
        moves.count_minutes()
        shelf.add_missing()
        prove_existing_rows()
        accesslog_reserve.move_reserve_to_log()


def _refuse_unsafe(app: Flask, wired: Iterable[str]) -> None:
    """ValueError with a sentence for each unsafe condition. Only the environment and its folder are checked, not what
    the caller of create_app configured explicitly (`wired`)."""
    app.config.update({name: whole_number(name, app.config[name], most=most) for name, most in NUMBERS.items()})
    var, url = Path(app.config["VAR_DIR"]), app.config["DATABASE_URL"]
    if "VAR_DIR" not in wired and (shut := environment_checks.refusal_of(var)):
        raise ValueError(shut)  # the folder's content cannot be checked
    dangers = [
        *environment_checks.unsafe_environment({name: value for name, value in os.environ.items() if name not in wired})
    ]
    if "VAR_DIR" not in wired:
        dangers += environment_checks.wrong_permissions(var)
    dangers += environment_checks.network_disk_fault(url)
    if not dangers and environment_checks.is_key_lost(var, url, app.config["DATABASE_OWNER_URL"]):
        dangers.append(environment_checks.KEYLESS.format(path=var / keys.PANEL))
    if dangers:
        raise ValueError("\n".join(dangers))


@contextmanager
def _errors_as_sentences() -> Iterator[None]:
    """Within a command, turn errors that stop a start into a ClickException with a sentence."""
    try:
        yield
    except (ValueError, *DATABASE_ERRORS) as fault:
        is_ours = isinstance(fault, ValueError)
        if click.get_current_context(silent=True) and (is_ours or outage_of(fault)):
            raise click.ClickException(str(fault) if is_ours else start_sentence(fault)) from fault
        raise


def _prepare(app: Flask) -> None:
    """Prepare the schema, after a copy of the database if it will change, and compare it with the models."""
    url, owner_url = app.config["DATABASE_URL"], app.config["DATABASE_OWNER_URL"]
    seal.refuse_changed_dictionaries()  # before a migration encrypts
    schema.prepare(url, owner_url=owner_url, first=backup.migration_copy_callback(app))
    drift.refuse_drift(url)


def move_in(app: Flask) -> None:
    """Open the database, key and files of the present configuration."""
    var = Path(app.config["VAR_DIR"])
    base.open_database(app.config["DATABASE_URL"])
    seal.install(keys.key_in(var / keys.PANEL))
    for module in (files, accesslog_reserve, attempts_on_full_disk, installation):
        module.install(var)
    forget_unwritten()


def _connect(app: Flask) -> None:
    """Open a database connection per request; add the variables that every template uses."""

    @app.before_request
    def open_connection() -> None:
        if request.endpoint not in WITHOUT_DATABASE:
            app.extensions["last_request"] = time.monotonic()  # of those that people make, see background.is_quiet
            database.connect(reuse_if_open=True)
            master_cache.begin_request()
            accesslog_reserve.move_reserve_to_log(at_once=request.method not in ("GET", "HEAD"))

    @app.teardown_request
    def close_connection(_: BaseException | None) -> None:
        master_cache.end_request()
        if not database.is_closed():
            database.close()
            app.extensions["last_request"] = time.monotonic()

    # Lazy: a page that does not use them must not query the database, which may be down.
    variables = {
        "demo": lambda: bool(_settings().get(demo.FLAG)),
        "office_name": lambda: str(_settings()["panel.office"]),
        "copy_word": installation.status,
    }
    app.context_processor(lambda: {name: LocalProxy(value) for name, value in variables.items()})


@cached_per_request
def _settings() -> Settings:
    """The settings in force, cached per request."""
    return values()


def serve(app: Flask, running: Any, *, office: bool) -> None:
    """Serve, with the print queue and other background threads, until a signal; then finish requests in progress."""
    end = app.extensions["ending"]
    logs.open_request_log(app, app.config["REQUEST_LOG"])
    shutdown.handle_signals(end)
    url = app.config["DATABASE_URL"]
    with base.engine(url).keep_connection_open(url):
        commands.print_address(app, office=office)
        printer = background.start_press(app, end.requested)
        backup.start_nightly_backups(app, end.requested)
        postman = background.start_mail_threads(end.requested)
        returned.begin_judging()  # what waited when the server stopped
        background.start_health_checks(app, end.requested)
        cut = shutdown.run(end)
    base.wake_all()
    runs.stop_runs(lambda: end.left(shutdown.WHOLE))
    printer.join(end.left(shutdown.WHOLE))
    postman.join(end.left(shutdown.WHOLE))  # an e-mail still being sent after that counts as unknown
    if cut or printer.is_alive():
        shutdown.leave(f"{cut} connections" if cut else "the press")
    running.task_dispatcher.shutdown()


def main(words: list[str]) -> int:
    """`python app.py` serves the demo, `python app.py start` the office's database; the exit code."""
    settings = defaults()
    office, apart = words[:1] == ["start"], bool(words) and words[0] in upgrade_commands.ACTS
    url = os.environ.get("DATABASE_URL") or url_of(settings["VAR_DIR"], OFFICE if office or apart else DEMO)
    if apart:
        source = Source(url, settings["DATABASE_OWNER_URL"], settings["VAR_DIR"])
        return upgrade_commands.perform(words, source, lambda: create_app({"DATABASE_URL": url}))
    try:
        commands.check_before_start(url, settings["DATABASE_OWNER_URL"], settings["VAR_DIR"], office=office)
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
