"""What the commands on the terminal have in common: their words, and that each says by itself what has become of it."""

import gettext
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

OPTIONS = "[OPSI]"
HELP = "Menampilkan keterangan ini."
ROOMS = "panel"  # the loggers of the panel's rooms are named below it


def command(name: str, tells: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command of `flask --app app`, with what its --help tells: a docstring is for who reads the code."""
    shows_help = click.help_option("--help", help=HELP)  # click keeps its own as it was first asked for it
    return lambda call: click.command(name, help=tells, options_metavar=OPTIONS)(shows_help(call))


def speak_from(folder: str) -> None:
    """What click says by itself comes from the catalogue `messages` in our folder, where LANGUAGE asks for one."""
    gettext.bindtextdomain("messages", folder)


@contextmanager
def unlogged() -> Iterator[None]:
    """Whoever sits at the terminal reads what the command says, not the log beside it; a journal keeps both."""
    log, silent = logging.getLogger(ROOMS), logging.NullHandler()
    if sys.stderr.isatty():
        log.addHandler(silent)
    try:
        yield
    finally:
        log.removeHandler(silent)
