"""What a PDF from outside is: a paper as printed, the same with signatures after it, the same written anew by another
program, or something else.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any

from models.complaint.paper import Print
from models.store import resource_limits
from models.store.resource_limits import ChildFailed, Work
from papers.signing import signature_worker
from papers.signing.page_comparison import ComparedPage, PageChange
from papers.signing.signature_worker import MOST_FILES, FileToJudge

SECONDS = 30.0  # wall clock for one file
MOST_BYTES = 32 << 20  # of the files that one child process is asked about, if more than one
REWRITTEN = "isi sama, berkas ditulis ulang"
MOST_ENDS = 100  # places where the paper as printed may end
HEAVY = "berkasnya terlalu rumit untuk diperiksa."
_END = re.compile(rb"%%EOF(?:\r\n|\n|\r)?")


@dataclass(frozen=True, kw_only=True)
class Signature:
    """An electronic signature in a file. It `holds` if nothing that it covers was changed and a trusted issuer has
    made out the certificate, at the moment that the signer or the timestamp states."""

    field: str
    signer: str
    issuer: str
    signed_at: datetime | None
    is_timestamped: bool
    valid_from: datetime
    valid_until: datetime
    is_intact: bool
    is_trusted: bool
    holds: bool


@dataclass(frozen=True, kw_only=True)
class JudgedFile:
    """How a file differs from the paper as printed: a sentence about what is not the paper's nor a signature, what
    became of each page, as far as it was compared, and the signatures. A signature over a file that was written anew
    covers that file's bytes, not those of the print."""

    fault: str
    pages: tuple[ComparedPage, ...] = ()
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ReturnedPaper(JudgedFile):
    """The print that a file begins with, and what was added to it."""

    printed: Print

    @property
    def is_as_printed(self) -> bool:
        return not self.fault and not self.signatures


def returned_paper(data: bytes, *, issuers: str) -> ReturnedPaper | None:
    """The paper that this file is, with the signatures that were added; None if it is none of the panel's prints.

    Hashed first: only what begins with a print of the panel is parsed, in a child process. AllSlotsTaken if no slot is
    free. `issuers`: whose certificates are trusted, as PEM.
    """
    return next(returned_papers([data], issuers=issuers))


def returned_papers(files: Iterable[bytes], *, issuers: str) -> Iterator[ReturnedPaper | None]:
    """What `returned_paper` says of each file, in order. Several are judged in one child process, ten or 32 MB at most;
    if one of them ends it, that file alone is at fault."""
    waiting: list[tuple[bytes, Print | None]] = []
    for data in files:
        if waiting and (len(waiting) == MOST_FILES or sum(len(one) for one, _ in waiting) + len(data) > MOST_BYTES):
            yield from _returned(waiting, issuers)
            waiting = []
        waiting.append((data, _print_at_its_beginning(data)))
    yield from _returned(waiting, issuers)


def rewritten_paper(data: bytes, printed_original: bytes, *, issuers: str) -> JudgedFile:
    """The file as compared with the print of a paper that it does not begin with: without a fault it has the same pages
    and nothing but signatures besides (`REWRITTEN`). AllSlotsTaken if no slot is free."""
    return _judged_file(next(_judged([FileToJudge(printed_original, data)], issuers)))


def _returned(waiting: Sequence[tuple[bytes, Print | None]], issuers: str) -> Iterator[ReturnedPaper | None]:
    asked = [FileToJudge(data[: row.size], data) for data, row in waiting if row and row.size < len(data)]
    judged = _judged(asked, issuers)
    for data, row in waiting:
        if row is None:
            yield None
        elif row.size == len(data):
            yield ReturnedPaper(printed=row, fault="")
        else:
            file = _judged_file(next(judged))
            yield ReturnedPaper(printed=row, fault=file.fault, pages=file.pages, signatures=file.signatures)


def _judged(asked: Sequence[FileToJudge], issuers: str) -> Iterator[Mapping[str, Any]]:
    """The child's reply about each file; if it dies of several, each is asked about alone."""
    if not asked:
        return iter(())
    request = signature_worker.request(asked, issuers=issuers)
    try:
        reply = resource_limits.answer(signature_worker.__name__, request, seconds=SECONDS * len(asked), work=Work.FILE)
    except ChildFailed:
        if len(asked) == 1:
            return iter([{"fault": HEAVY}])
        return chain.from_iterable(_judged([each], issuers) for each in asked)
    return iter(json.loads(reply))


def _judged_file(reply: Mapping[str, Any]) -> JudgedFile:
    return JudgedFile(
        fault=reply["fault"],
        pages=tuple(ComparedPage(number, PageChange(change)) for number, change in reply.get("pages", ())),
        signatures=tuple(_signature(each) for each in reply.get("signatures", ())),
    )


def _print_at_its_beginning(data: bytes) -> Print | None:
    """The longest print that the file begins with."""
    by_hash = {digest: size for size, digest in _beginnings(data)}
    known = Print.select().where(Print.sha256.in_(list(by_hash))) if by_hash else ()
    fitting = [row for row in known if row.size == by_hash[row.sha256]]
    return max(fitting, key=lambda row: row.size, default=None)


def _beginnings(data: bytes) -> Iterator[tuple[int, str]]:
    """Size and SHA-256 of each beginning of the file that could be a PDF of its own."""
    running, hashed = hashlib.sha256(), 0
    for _, end in zip(range(MOST_ENDS), _END.finditer(data), strict=False):
        for size in sorted({end.start() + len(b"%%EOF"), end.end()}):
            running.update(data[hashed:size])
            hashed = size
            yield size, running.copy().hexdigest()


def _signature(judged: dict[str, str | bool]) -> Signature:
    moments = {name: judged[name] for name in ("signed_at", "valid_from", "valid_until")}
    read = {name: datetime.fromisoformat(str(text)) if text else None for name, text in moments.items()}
    return Signature(**{**judged, **read})  # type: ignore[arg-type]
