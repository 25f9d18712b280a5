"""Shared parts of the commands on the terminal: Indonesian help, translations, quiet logging."""

import gettext
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

OPTIONS = "[OPSI]"
HELP = "Menampilkan keterangan ini."
ROOMS = "panel"  # parent of the panel's loggers


def command(name: str, summary: str) -> Callable[[Callable[..., Any]], click.Command]:
    """A command of `flask --app app`; `summary` is the text of --help, the docstring is for developers."""
    help_option = click.help_option("--help", help=HELP)  # click caches its own in the first language
    return lambda call: click.command(name, help=summary, options_metavar=OPTIONS)(help_option(call))


def speak_from(folder: str) -> None:
    """Translate click's own messages by the catalogue `messages` in this folder, if LANGUAGE selects one."""
    gettext.bindtextdomain("messages", folder)


@contextmanager
def without_logging() -> Iterator[None]:
    """Suppress logging on an interactive terminal, where the command's output is enough; a journal gets both."""
    log, silent = logging.getLogger(ROOMS), logging.NullHandler()
    if sys.stderr.isatty():
        log.addHandler(silent)
    try:
        yield
    finally:
        log.removeHandler(silent)
