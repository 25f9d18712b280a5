"""The panel as `python app.py start` serves it, without the threads that print papers, back up and send e-mail.

`python -m bench.peers.panel <database>` prints its port.
"""

import sys
from pathlib import Path

from peewee import sqlite3

from admin.server import logs, server, shutdown
from app import create_app
from bench.peers.serving import count_statements, telling_statements


def main() -> None:
    database = Path(sys.argv[1]).resolve()
    count_statements(sqlite3)
    app = create_app({"VAR_DIR": database.parent, "DATABASE_URL": f"sqlite:///{database}", "PORT": 0})
    app.wsgi_app = telling_statements(app.wsgi_app)  # type: ignore[method-assign]
    server.open_server(app)
    logs.open_request_log(app, app.config["REQUEST_LOG"])
    shutdown.handle_signals(app.extensions["ending"])
    print(app.config["PORT"], flush=True)
    shutdown.run(app.extensions["ending"])


if __name__ == "__main__":
    main()
