"""A process that is stopped before it reads what it is asked: `python -m tests.models.store.stopped`."""

import os
import signal

os.kill(os.getpid(), signal.SIGSTOP)
