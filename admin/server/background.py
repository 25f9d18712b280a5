"""Background threads of the server: the print queue, health checks, a backup on demand, and e-mail delivery."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from flask import Flask

from admin.server import logs
from admin.server.logs import OFF
from models.email import sending, smtp, to_pengadu
from models.email.queue import Kinds
from models.office.long_work import Progress, running
from models.operations import duties
from models.operations.backup_making import BUSY, Source, make_backup, running_since
from models.operations.backup_schedule import NightPlan, plan_in_force
from models.operations.checks import EnvironmentContext, Finding
from models.reading import staff_emails
from models.release import HOUSE
from models.store import installation
from models.store.base import database, now
from models.store.outage import DATABASE_ERRORS
from papers.printing import press

QUIET = 10.0  # seconds without a request after which nobody is taken to be at work
BEGINS_WITHIN = 20  # tenths of a second that a request waits for a backup to begin
NO_BACKUP_PLACE = "Tempat cadangan belum diisi pada Pengaturan."
BACKED_UP = "Cadangan sudah dibuat dan diuji."
PATIENCE = 8.0  # seconds that a page waits for a health check: longer than its network timeouts


def surroundings_of(config: Mapping[str, Any]) -> EnvironmentContext:
    """Folders, addresses and database URL as configured, and the current time."""
    var, log_file, names = Path(config["VAR_DIR"]), str(config["REQUEST_LOG"]), config["TRUSTED_HOSTS"] or [""]
    return EnvironmentContext(
        var=var,
        url=config["DATABASE_URL"],
        at=now(),
        own_name=names[0] if int(config["PROXIES"]) else "",
        failures=None if log_file == OFF else (var / log_file).parent / logs.NAME,
        house=HOUSE,
    )


class HealthCheckRunner:
    """Runs one health check at a time for all requests; a request that times out finds the result stored later."""

    def __init__(self, app: Flask) -> None:
        self._app, self._lock = app, threading.Lock()
        self._running: Future[dict[str, Finding]] | None = None

    def is_done(self) -> bool:
        """Whether a check finished and was stored within PATIENCE seconds. Raises what the check raised."""
        try:
            self._start().result(PATIENCE)
        except TimeoutError:
            return False
        return True

    def _start(self) -> "Future[dict[str, Finding]]":
        with self._lock:
            if self._running is None or self._running.done():
                self._running = Future()
                arguments = (self._running, surroundings_of(self._app.config))
                threading.Thread(target=_run_check, args=arguments, name="lookout", daemon=True).start()
            return self._running


def _run_check(result: "Future[dict[str, Finding]]", place: EnvironmentContext) -> None:
    """Runs in a daemon thread: the process exits without waiting for it."""
    try:
        result.set_result(duties.check_and_alert(place))
    except Exception as fault:  # raised again where the result is read
        result.set_exception(fault)


def install_health_checks(app: Flask) -> None:
    app.extensions["lookout"] = HealthCheckRunner(app)


def source_of(app: Flask) -> Source:
    """Database and folders of the configured panel, as a backup needs them."""
    settings = app.config
    return Source(settings["DATABASE_URL"], settings["DATABASE_OWNER_URL"], Path(settings["VAR_DIR"]), HOUSE)


log = logging.getLogger("panel.backup")


def begin_backup(source: Source, registered: Callable[[], Progress]) -> str:
    """Make a backup in a thread; the sentence why none can begin, else "". Its row says how it ended, and
    `running_since` that it runs, in whichever process. `registered` makes the row of a work that begins."""
    plan = plan_in_force()
    if sentence := objection_to_backup(source, plan.place):
        return sentence
    begun = threading.Thread(target=_run_backup, args=(source, plan, registered()), name="backup-now", daemon=True)
    begun.start()
    for _ in range(BEGINS_WITHIN):  # so that the next page finds it running
        if running_since(source.var) or not begun.is_alive():
            break
        time.sleep(0.1)
    return ""


def objection_to_backup(source: Source, place: str) -> str:
    """Why no backup can be made now; "" if one can."""
    if running_since(source.var):
        return BUSY
    if installation.status(source.var) in installation.UNDECIDED:
        return installation.sentence(source.var)
    return "" if place else NO_BACKUP_PLACE


def _run_backup(source: Source, plan: NightPlan, progress: Progress) -> None:
    """Runs in a daemon thread: a backup that runs when the process exits is dropped, as by night."""
    try:
        with database.connection_context(), running(progress, BACKED_UP):
            if fault := make_backup(source, plan.place, plan.spans).fault:
                progress.fail(fault)
    except (OSError, ValueError, *DATABASE_ERRORS) as trouble:
        log.error("no backup could be begun: %s", type(trouble).__name__)


def start_health_checks(app: Flask, stop: threading.Event) -> None:
    """Check the panel every hour in a daemon thread; a check that runs when the process exits is dropped."""
    arguments = (lambda: surroundings_of(app.config), stop)
    threading.Thread(target=duties.run_health_checks, args=arguments, name="health", daemon=True).start()


def is_quiet(app: Flask) -> bool:
    """Whether nobody uses the panel, so that work that can wait may be done."""
    return bool(time.monotonic() - app.extensions["last_request"] >= QUIET)


def start_press(app: Flask, stop: threading.Event) -> threading.Thread:
    """Work the print queue until `stop` is set. A start counts as use: its first page is about to be opened."""
    app.extensions["last_request"] = time.monotonic()
    options = {"is_quiet": lambda: is_quiet(app)}
    printer = threading.Thread(target=press.run_print_queue, args=(stop,), kwargs=options, name="press", daemon=True)
    printer.start()
    return printer


KINDS: Kinds = {to_pengadu.KIND: to_pengadu.compose_act_email, **staff_emails.KINDS, **duties.KINDS}


def install_mail(app: Flask) -> None:
    """Configure the mail server that MAIL_URL names."""
    smtp.install(app.config["MAIL_URL"])


def start_mail_threads(stop: threading.Event) -> threading.Thread:
    """Queue notifications for staff and send queued e-mail until `stop` is set."""
    threading.Thread(target=staff_emails.run_staff_emails, args=(stop,), name="notices", daemon=True).start()
    mailer = threading.Thread(target=sending.run_email_queue, args=(KINDS, stop), name="post", daemon=True)
    mailer.start()
    return mailer
