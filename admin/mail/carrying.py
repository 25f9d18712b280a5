"""Letters that wait, handed over beside the server: to which mail server, who composes those of each kind; and the
round that looks which of them staff are to get."""

import threading

from flask import Flask

from models.health import letters as of_troubles
from models.mail import outbox
from models.notices import letters as to_staff
from models.notices import rounds
from models.post import sending
from models.post.kinds import Kinds
from models.telling import letters

KINDS: Kinds = {letters.KIND: letters.compose_told, **to_staff.KINDS, **of_troubles.KINDS}


def install(app: Flask) -> None:
    """From now on letters go to the server that the environment names."""
    outbox.install(app.config["MAIL_URL"])


def begin(stop: threading.Event) -> threading.Thread:
    """Queue what staff are to be told, and hand over what waits, until told to stop."""
    threading.Thread(target=rounds.follow, args=(stop,), name="notices", daemon=True).start()
    postman = threading.Thread(target=sending.follow, args=(KINDS, stop), name="post", daemon=True)
    postman.start()
    return postman
