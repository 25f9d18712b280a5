"""The addresses that the process listens on, and the sentence for one that it cannot have."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

HIGHEST = 65_535
NO_NUMBER = "{name} harus berupa angka dari 0 sampai {most}."
TAKEN = "Port {port} pada {host} sudah dipakai program lain. Hentikan program itu, atau ubah {name}, lalu mulai lagi."
SHUT = "Port {port} pada {host} tidak dapat dibuka. Ubah {name}, lalu mulai lagi."


def whole_number(name: str, word: object, *, most: int = HIGHEST) -> int:
    """What the environment says of a port, or of how many; ValueError in a sentence for what is none."""
    text = str(word).strip()
    if not (text.isascii() and text.isdecimal() and len(text) <= len(str(most)) and int(text) <= most):
        raise ValueError(NO_NUMBER.format(name=name, most=most))
    return int(text)


@contextmanager
def taken_plainly(name: str, host: str, port: int) -> Iterator[None]:
    """ValueError in a sentence if the address cannot be had; `name` is the variable that says which."""
    try:
        yield
    except OSError as fault:
        sentence = TAKEN if fault.errno == errno.EADDRINUSE else SHUT
        raise ValueError(sentence.format(host=host, port=port, name=name)) from fault
