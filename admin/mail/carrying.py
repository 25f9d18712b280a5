"""Letters that wait, handed over beside the server: to which mail server, and who composes those of each kind."""

import threading

from flask import Flask

from models.mail import outbox
from models.post import sending
from models.post.kinds import Kinds
from models.telling import letters

KINDS: Kinds = {letters.KIND: letters.compose_told}


def install(app: Flask) -> None:
    """From now on letters go to the server that the environment names."""
    outbox.install(app.config["MAIL_URL"])


def begin(stop: threading.Event) -> threading.Thread:
    """Hand over what waits until told to stop."""
    postman = threading.Thread(target=sending.follow, args=(KINDS, stop), name="post", daemon=True)
    postman.start()
    return postman
