"""What is asked once a request: the first answer is kept beside the request and forgotten with it."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from flask import g

Answer = TypeVar("Answer")


def once_a_request(ask: Callable[[], Answer]) -> Callable[[], Answer]:
    """The function, asked once however often its answer is wanted while one request is served."""
    name = f"{ask.__module__}.{ask.__qualname__}"

    @wraps(ask)
    def answer() -> Answer:
        if name not in g:
            setattr(g, name, ask())
        kept: Answer = getattr(g, name)
        return kept

    return answer
