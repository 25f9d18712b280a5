"""The print worker process with limits on CPU and memory: contents on stdin, PDF bytes on stdout.

Runs as `python -m papers.printing.print_worker`.
"""

import io
import json
import os
import resource
import select
import struct
from typing import IO

from models.store import resource_limits
from papers.layout.formats import Content

CPU_SECONDS = 45  # for one paper
MEMORY = 768 << 20  # bytes of address space; a typical paper needs a sixth of it
NICENESS = 10  # below the panel: a page does not wait for papers, and papers still get a tenth of a busy core
IDLE_SECONDS = 60  # the worker process exits after so long without a request
DONE, FAILED = b"+", b"-"
_LENGTH = struct.Struct(">I")
HEAD = _LENGTH.size  # bytes of the length prefix of each message


def length(head: bytes | bytearray) -> int:
    return int(_LENGTH.unpack_from(head)[0])


def with_length_prefix(payload: bytes) -> bytes:
    """The message with its length prefix."""
    return _LENGTH.pack(len(payload)) + payload


def receive(pipe: io.FileIO) -> bytes:
    """Read one message; EOFError if the pipe is closed."""
    return _read_exactly(pipe, length(_read_exactly(pipe, HEAD)))


def _read_exactly(pipe: io.FileIO, count: int) -> bytes:
    data = b""
    while len(data) < count:
        part = pipe.read(count - len(data))
        if not part:
            raise EOFError
        data += part
    return data


def answer(content: Content) -> bytes:
    """The reply for one content: DONE and the PDF, or FAILED and a JSON list of sentence and detail."""
    from papers.printing.failure import PrintError
    from papers.printing.render import pdf  # imported here because it takes a third of a second

    try:
        return DONE + pdf(content)
    except PrintError as failed:
        return FAILED + json.dumps([str(failed), failed.detail]).encode()
    except Exception as broken:
        return FAILED + json.dumps(["Dokumen tidak dapat dicetak.", type(broken).__name__]).encode()


def serve(requests: io.FileIO, replies: IO[bytes]) -> None:
    """Answer requests until the pipe is closed or idle, or after a failure, which may have corrupted global state."""
    while select.select([requests], [], [], IDLE_SECONDS)[0]:
        try:
            content = json.loads(receive(requests))
        except EOFError:
            return
        _limit_cpu()
        message = answer(content)
        replies.write(with_length_prefix(message))
        replies.flush()
        if message[:1] == FAILED:
            return


def _limit_cpu() -> None:
    """Set the CPU limit for the next paper; beyond it the kernel kills this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + CPU_SECONDS, most))


def main() -> None:
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # output of libraries must not end up in the replies
    os.nice(NICENESS)
    resource_limits.ignore_stop_signals()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    serve(io.FileIO(0, closefd=False), replies)  # unbuffered, as `select` does not see buffered bytes


if __name__ == "__main__":
    main()
