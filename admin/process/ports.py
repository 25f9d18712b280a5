"""The addresses that the process listens on, and the sentence for one that it cannot have."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

TAKEN = "Port {port} pada {host} sudah dipakai program lain. Hentikan program itu, atau ubah {name}, lalu mulai lagi."
SHUT = "Port {port} pada {host} tidak dapat dibuka. Ubah {name}, lalu mulai lagi."


@contextmanager
def taken_plainly(name: str, host: str, port: int) -> Iterator[None]:
    """ValueError in a sentence if the address cannot be had; `name` is the variable that says which."""
    try:
        yield
    except OSError as fault:
        sentence = TAKEN if fault.errno == errno.EADDRINUSE else SHUT
        raise ValueError(sentence.format(host=host, port=port, name=name)) from fault
