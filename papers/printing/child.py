"""The bounded child that prints: contents come in on stdin, PDF bytes go out; `python -m papers.printing.child`."""

import io
import json
import os
import resource
import select
import struct
from typing import IO

from models.store import bounded
from papers.layout.formats import Content

CPU_SECONDS = 45  # for one paper
MEMORY = 768 << 20  # bytes of address space; an ordinary paper needs a sixth of it
IDLE_SECONDS = 60  # without a paper for so long, the child goes home
DONE, FAILED = b"+", b"-"
_LENGTH = struct.Struct(">I")
HEAD = _LENGTH.size  # bytes before each message that tell its length


def length(head: bytes | bytearray) -> int:
    return int(_LENGTH.unpack_from(head)[0])


def framed(payload: bytes) -> bytes:
    """A message as it goes through the pipe: its length, then itself."""
    return _LENGTH.pack(len(payload)) + payload


def receive(pipe: io.FileIO) -> bytes:
    """One message; EOFError if the other side has gone."""
    return _exactly(pipe, length(_exactly(pipe, HEAD)))


def _exactly(pipe: io.FileIO, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = pipe.read(count - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def answer(content: Content) -> bytes:
    """The message for one content: done and the PDF, or failed and why."""
    from papers.printing.failure import PrintError
    from papers.printing.render import pdf  # a third of a second: only who prints waits for it

    try:
        return DONE + pdf(content)
    except PrintError as failed:
        return FAILED + json.dumps([str(failed), failed.detail]).encode()
    except Exception as broken:
        return FAILED + json.dumps(["Dokumen tidak dapat dicetak.", type(broken).__name__]).encode()


def serve(requests: io.FileIO, replies: IO[bytes]) -> None:
    """Print what comes until nobody asks any more, or until a failure: after one nothing in here is trusted."""
    while _asked(requests):
        try:
            content = json.loads(receive(requests))
        except EOFError:
            return
        _bound_cpu()
        message = answer(content)
        replies.write(framed(message))
        replies.flush()
        if message[:1] == FAILED:
            return


def _asked(requests: io.FileIO) -> bool:
    return bool(select.select([requests], [], [], IDLE_SECONDS)[0])


def _bound_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _bound_cpu() -> None:
    """The clock of the next paper: past it the system ends this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + CPU_SECONDS, most))


def main() -> None:
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not run into the PDF
    bounded.heed_no_signal()
    _bound_memory()
    serve(io.FileIO(0, closefd=False), replies)  # unbuffered: select must see all there is


if __name__ == "__main__":
    main()
