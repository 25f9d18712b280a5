"""What a PDF from outside is: a paper as printed, the same with signatures after it, or something else."""

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from models.complaint.paper import Print
from models.store import resource_limits
from models.store.resource_limits import ChildFailed, Work
from papers.signing import signature_worker

SECONDS = 30.0  # wall clock for one file
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
class ReturnedPaper:
    """The print that a file begins with, the sentence about what was added besides signatures, and the signatures."""

    printed: Print
    fault: str
    signatures: tuple[Signature, ...]

    @property
    def is_as_printed(self) -> bool:
        return not self.fault and not self.signatures


def returned_paper(data: bytes, *, issuers: str) -> ReturnedPaper | None:
    """The paper that this file is, with the signatures that were added; None if it is none of the panel's prints.

    Hashed first: only what begins with a print of the panel is parsed, in a child process. AllSlotsTaken if no slot is
    free. `issuers`: whose certificates are trusted, as PEM.
    """
    printed = _print_at_its_beginning(data)
    if printed is None:
        return None
    if printed.size == len(data):
        return ReturnedPaper(printed=printed, fault="", signatures=())
    request = json.dumps({"original": printed.size, "issuers": issuers}).encode() + b"\n" + data
    try:
        reply = resource_limits.answer(signature_worker.__name__, request, seconds=SECONDS, work=Work.FILE)
    except ChildFailed:
        reply = json.dumps({"fault": HEAVY}).encode()
    judged = json.loads(reply)
    signatures = tuple(_signature(each) for each in judged.get("signatures", ()))
    return ReturnedPaper(printed=printed, fault=judged["fault"], signatures=signatures)


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
