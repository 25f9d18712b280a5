"""The child process that judges PDFs that came back, with pyHanko; `python -m papers.signing.signature_worker`.

What the files hold is taken for hostile: limits of memory and time, no network, no secrets in the environment. One
process judges several, as its start takes longer than a file.
"""

import io
import json
import re
import resource
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.store import resource_limits
from papers.signing.file_structure import RefusedStructure, refuse_additions, signature_places
from papers.signing.page_comparison import ComparedPage, compare_pages, difference_sentence

MEMORY = 1 << 30  # bytes of address space
CPU_SECONDS, MOST_FILES = 20, 10  # for each file; of one request
MOST_REVISIONS, MOST_SIGNATURES = 60, 30
ENCRYPTED = "berkasnya terkunci kata sandi."
PADDED = "ada isi tambahan setelah tanda tangan terakhir."
CHANGED = "isinya diubah setelah dokumen diterbitkan."
TOO_MANY = "terlalu banyak revisi atau tanda tangan di dalamnya."
UNREADABLE = "susunan berkasnya rusak."
_ENDS = re.compile(rb"startxref\s+\d+\s+%%EOF")


class UnreadableSignature(ValueError):
    """The file cannot be judged, with the sentence why."""


@dataclass(frozen=True)
class FileToJudge:
    """A file that came back, and the paper as printed, with which it may begin."""

    original: bytes
    returned: bytes


def request(files: Sequence[FileToJudge], *, issuers: str) -> bytes:
    """The request as one line of JSON and the files; `issuers`: PEM of whom is trusted."""
    sizes, parts = [], []
    for each in files:
        begins = each.returned.startswith(each.original)
        sizes.append((len(each.original), len(each.returned), begins))
        parts += [b"" if begins else each.original, each.returned]
    return b"".join((json.dumps({"issuers": issuers, "sizes": sizes}).encode(), b"\n", *parts))


def _files_in(sizes: list[tuple[int, int, bool]], content: memoryview) -> Iterator[FileToJudge]:
    start = 0
    for original, returned, begins in sizes:
        came = start if begins else start + original
        yield FileToJudge(bytes(content[start : start + original]), bytes(content[came : came + returned]))
        start = came + returned


def answer(asked: bytes) -> bytes:
    """The reply to a `request`: a list of what `read` returns for each file, as JSON."""
    head, _, _ = asked.partition(b"\n")
    about, content = json.loads(head), memoryview(asked)[len(head) + 1 :]
    replies = []
    for file in _files_in(about["sizes"], content):
        spent = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
        resource.setrlimit(resource.RLIMIT_CPU, (int(spent) + CPU_SECONDS, CPU_SECONDS * MOST_FILES))
        replies.append(_reply(file, about["issuers"]))
    return json.dumps(replies).encode()


def _reply(file: FileToJudge, issuers: str) -> dict[str, object]:
    try:
        return read(file, issuers)
    except (UnreadableSignature, RefusedStructure) as why:
        return {"fault": str(why)}
    except MemoryError:
        return {"fault": TOO_MANY}
    except Exception:  # the parsers raise arbitrary exceptions for malformed files
        return {"fault": UNREADABLE}


def read(file: FileToJudge, issuers: str) -> dict[str, object]:
    """`fault`, a sentence if the file is more than the paper and signatures; the pages; and the signatures in order."""
    from pyhanko.pdf_utils.reader import PdfFileReader

    data = file.returned
    if not data.rstrip().endswith(b"%%EOF"):
        raise UnreadableSignature(PADDED)
    reader = PdfFileReader(io.BytesIO(data))
    if reader.encrypted:
        raise UnreadableSignature(ENCRYPTED)
    if reader.xrefs.total_revisions > MOST_REVISIONS or len(reader.embedded_signatures) > MOST_SIGNATURES:
        raise UnreadableSignature(TOO_MANY)
    issued = PdfFileReader(io.BytesIO(file.original))
    fault = _revision_fault(reader, data, issued) if data.startswith(file.original) else ""
    added, pages = _content_faults(file, issued, reader)
    return {
        "fault": difference_sentence(pages) or added or fault,
        "pages": [(page.number, page.change) for page in pages],
        "signatures": [
            _judged(each, _trust_at(each.self_reported_timestamp, issuers))
            for each in reader.embedded_regular_signatures
        ],
    }


def _content_faults(file: FileToJudge, issued: Any, reader: Any) -> tuple[str, list[ComparedPage]]:
    """What the file holds besides pages and signatures, as a sentence; and how its pages differ."""
    try:
        refuse_additions(issued, reader)
    except RefusedStructure as why:
        return str(why), []
    own = signature_places(issued)
    signed = [place for place in signature_places(reader) if place.is_signed]
    places = [place for place in own if any(each.lies_in(place) for each in signed)] if own else signed
    return "", compare_pages(file.original, file.returned, places=places, are_own=bool(own))


def _revision_fault(reader: Any, data: bytes, issued: Any) -> str:
    """What the revisions after the paper's own do besides signing; "" if nothing. Of a paper without a form, to
    which the first signature adds one that the policy does not know, the comparison of contents decides alone."""
    from pyhanko.sign.diff_analysis import SuspiciousModification
    from pyhanko.sign.fields import MDPPerm

    if "/AcroForm" in issued.root:
        review = _policy().review_file(reader, issued.xrefs.total_revisions - 1, doc_mdp=MDPPerm.FILL_FORMS)
        if isinstance(review, SuspiciousModification):
            return CHANGED
    return PADDED if len(_ENDS.findall(data)) != reader.xrefs.total_revisions else ""


def _policy() -> Any:
    """pyHanko's policy for what may follow a signature, asked here of what may follow the print: the first to sign sets
    the flag of the form that says that there are signatures."""
    from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, FormUpdatingRule, StandardDiffPolicy

    usual: Any = DEFAULT_DIFF_POLICY.form_rule
    form = FormUpdatingRule(usual.field_rules, {*usual.ignored_acroform_keys, "/SigFlags"})
    return StandardDiffPolicy(DEFAULT_DIFF_POLICY.global_rules, form)


def _judged(signature: Any, trust: Any) -> dict[str, object]:
    """One signature: by whom, when according to the timestamp or else the signer, and whether it held then."""
    from pyhanko.sign.validation import validate_pdf_signature

    status = validate_pdf_signature(signature, trust)
    stamp = status.timestamp_validity
    stamped = stamp.timestamp if stamp and stamp.intact and stamp.valid else None
    moment, certificate = stamped or signature.self_reported_timestamp, signature.signer_cert
    return {
        "field": signature.field_name,
        "signer": _name_of(certificate.subject),
        "issuer": _name_of(certificate.issuer),
        "signed_at": moment.isoformat() if moment else "",
        "is_timestamped": stamped is not None,
        "valid_from": certificate.not_valid_before.isoformat(),
        "valid_until": certificate.not_valid_after.isoformat(),
        "is_intact": bool(status.intact and status.valid and (status.docmdp_ok or status.modification_level is None)),
        "is_trusted": bool(status.trusted),
        "holds": bool(status.bottom_line),
    }


def _name_of(subject: Any) -> str:
    return str(subject.native.get("common_name") or subject.human_friendly)


def _trust_at(moment: datetime | None, issuers: str) -> Any:
    """Whose certificates count, when they are judged; nothing is fetched."""
    from asn1crypto import pem, x509
    from pyhanko_certvalidator import ValidationContext

    blocks = pem.unarmor(issuers.encode(), multiple=True) if issuers else ()
    known = [x509.Certificate.load(block) for _, _, block in blocks]
    return ValidationContext(trust_roots=known, allow_fetching=False, moment=moment, best_signature_time=moment)


if __name__ == "__main__":
    resource_limits.serve_once(answer, memory=MEMORY, cpu_seconds=CPU_SECONDS * MOST_FILES)
