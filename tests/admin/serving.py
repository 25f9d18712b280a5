"""The panel's own server in a thread of the test, told to end as the panel itself is."""

import threading

from flask import Flask
from waitress import wasyncore

from admin.server import server, shutdown
from admin.server.shutdown import Shutdown
from tests.patience import LONGEST


class ThreadedServer:
    """An app on the panel's server at a free port. Nothing but `finish` may end it: a trigger that the loop's own
    thunk closes can be closed while somebody still writes to it."""

    def __init__(self, app: Flask) -> None:
        self.server = server.open_server(app)
        self.end: Shutdown = app.extensions["ending"]
        self.port, self.left = int(app.config["PORT"]), list[int]()
        self.thread = threading.Thread(target=lambda: self.left.append(shutdown.run(self.end)))
        self.thread.start()

    def finish(self) -> int:
        """Told to end, and waited for: how many connections were left."""
        self.end.begin()
        self.thread.join(LONGEST)
        self.server.task_dispatcher.shutdown()
        wasyncore.close_all(self.end.sockets, ignore_all=True)
        return self.left[0]
