"""Serves a peer with waitress as the panel is served, and counts the statements that SQLite is sent."""

import sqlite3
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import waitress

THREADS = 8  # as many as the panel has
STATEMENTS = "X-Statements"  # response header: how many the process has sent so far
ACTOR, READER = "kadis", "pengawas"  # both see every row; only the first is offered the action
COLUMNS = (
    *("number", "title", "emergency", "urgency", "secrecy", "category"),
    *("pengadu", "state", "unit", "row_due_at", "received_at"),
)
STATES = (
    *("raise", "dispose", "handle", "submit", "approve", "deliver", "resume"),
    *("closed", "forwarded", "duplicated", "withdrawn", "voided", "settled_outside"),
)
UNCOUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA", "--")
OF_THE_INDEX = "case_text_find_"  # tables of the full-text index, which SQLite reads by statements of its own
Application = Callable[..., Iterable[bytes]]
sent = 0


def count(sql: str) -> None:
    """Count a statement unless it is of a transaction, of the connection's setup or of SQLite itself."""
    global sent
    sql = sql.removeprefix("-- ")  # how SQLite marks one that begins while another one is open
    sent += not sql.startswith(UNCOUNTED) and OF_THE_INDEX not in sql


def count_statements(driver: Any) -> None:
    """Count on all connections that are opened from now on."""
    connect = driver.connect

    def connect_counted(*args: Any, **kwargs: Any) -> Any:
        connection = connect(*args, **kwargs)
        connection.set_trace_callback(count)
        return connection

    driver.connect = connect_counted


def telling_statements(app: Application) -> Application:
    """The WSGI application with the header."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            return start_response(status, [*headers, (STATEMENTS, str(sent))], *rest)

        return app(environ, start)

    return answer


def arguments() -> tuple[Path, str]:
    """The database file and the password of both users, from the command line."""
    database, password = sys.argv[1:]
    return Path(database), password


def serve(app: Application) -> None:
    """Serve on a free port of loopback, which is printed, until the process is ended."""
    server = waitress.create_server(telling_statements(app), host="127.0.0.1", port=0, threads=THREADS)
    print(server.effective_port, flush=True)
    server.run()


for driver in (sqlite3, sqlite3.dbapi2):  # Peewee opens connections by the one, Django and SQLAlchemy by the other
    count_statements(driver)
