"""Letters that wait, handed over beside the server: to which mail server, who composes those of each kind; and the
round that looks which of them staff are to get."""

import threading

from flask import Flask

from models.letters import sending, smtp, to_pengadu
from models.letters.queue import Kinds
from models.operations import duties as of_troubles
from models.reading import staff_letters
from models.reading import staff_letters as to_staff

KINDS: Kinds = {to_pengadu.KIND: to_pengadu.compose_told, **to_staff.KINDS, **of_troubles.KINDS}


def install(app: Flask) -> None:
    """From now on letters go to the server that the environment names."""
    smtp.install(app.config["MAIL_URL"])


def begin(stop: threading.Event) -> threading.Thread:
    """Queue what staff are to be told, and hand over what waits, until told to stop."""
    threading.Thread(target=staff_letters.follow, args=(stop,), name="notices", daemon=True).start()
    postman = threading.Thread(target=sending.follow, args=(KINDS, stop), name="post", daemon=True)
    postman.start()
    return postman
